package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake"
)

// BenchmarkWriteCall is a call that changes a pool, without and with a data file.
func BenchmarkWriteCall(b *testing.B) {
	for _, users := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("users=%d/memory", users), func(b *testing.B) { benchmarkWrites(b, users, "") })
		b.Run(fmt.Sprintf("users=%d/file", users), func(b *testing.B) {
			benchmarkWrites(b, users, filepath.Join(b.TempDir(), "state.json"))
		})
	}
}

// BenchmarkReadCall is one that changes nothing.
func BenchmarkReadCall(b *testing.B) {
	for name, file := range map[string]string{"memory": "", "file": filepath.Join(b.TempDir(), "state.json")} {
		b.Run(name, func(b *testing.B) {
			c := kept(b, 1000, file)
			for b.Loop() {
				if _, err := c.AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: aws.String(crowded), Username: aws.String("user-0")}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchmarkWrites(b *testing.B, users int, file string) {
	c := kept(b, users, file)
	n := 0
	for b.Loop() {
		n++
		_, err := c.TagResource(context.Background(), &cip.TagResourceInput{
			ResourceArn: aws.String("arn:aws:cognito-idp:us-east-1:123456789012:userpool/" + crowded), Tags: map[string]string{"number": fmt.Sprint(n)},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

const crowded = "us-east-1_Crowded01"

// kept returns a client of a server with a pool of so many users, whose state a file keeps.
func kept(b *testing.B, users int, file string) *cip.Client {
	b.Helper()
	server := fake.NewServer(fake.Config{})
	b.Cleanup(func() { server.Close() })
	all := make([]string, users)
	for i := range all {
		all[i] = fmt.Sprintf(`{"username": "user-%d", "password": "Correct-Horse-7", "attributes": {"email": "user-%[1]d@example.com"}}`, i)
	}
	document := fmt.Sprintf(`{"version": 1, "pools": [{"id": %q, "users": [%s]}]}`, crowded, strings.Join(all, ","))
	if err := server.Import(strings.NewReader(document)); err != nil {
		b.Fatal(err)
	}
	k, err := keep(server, file, log.New(io.Discard, "", 0).Printf)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { k.Close() })
	web := httptest.NewServer(k.handler(server))
	b.Cleanup(web.Close)
	c := sdk(server, "us-east-1")
	return cip.New(c.Options(), func(o *cip.Options) { o.BaseEndpoint, o.HTTPClient = &web.URL, http.DefaultClient })
}
