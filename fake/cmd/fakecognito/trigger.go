package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/cognitotest/cognito/fake"
)

// invokePath is where the Lambda runtime interface emulator serves its function.
const invokePath = "/2015-03-31/functions/function/invocations"

// function is the URL of a Lambda function, and the trigger or the ARN that it answers for.
type function struct{ name, url string }

// addTo returns what reads a flag NAME=URL into a list.
func addTo(list *[]function) func(string) error {
	return func(value string) error {
		name, address, ok := strings.Cut(value, "=")
		if !ok || name == "" {
			return errors.New("want NAME=URL")
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("%q is no URL of a function, such as http://127.0.0.1:9001%s", address, invokePath)
		}
		if slices.ContainsFunc(*list, func(f function) bool { return f.name == name }) {
			return fmt.Errorf("%s has a function already", name)
		}
		*list = append(*list, function{name, address})
		return nil
	}
}

// callFunctions makes a pool call functions for triggers.
func callFunctions(server *fake.Server, poolID string, triggers []function) error {
	for _, f := range triggers {
		if err := server.HandleTrigger(poolID, fake.TriggerSource(f.name), fake.LambdaEndpoint(f.url, nil)); err != nil {
			return fmt.Errorf("-trigger: %w", err)
		}
	}
	return nil
}
