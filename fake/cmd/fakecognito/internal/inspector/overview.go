package inspector

import (
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// recent is how many messages and calls other pages show.
const recent = 5

// overview shows the pools, and what happened last.
func (i *inspector) overview(r *http.Request) (view, error) {
	in := &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)}
	if after := r.FormValue("after"); after != "" {
		in.NextToken = &after
	}
	out, err := i.server.API().ListUserPools(r.Context(), in)
	if err != nil {
		return view{}, err
	}
	messages, calls := i.server.Messages(), i.server.Calls()
	data := struct {
		URL             string
		Pools           []types.UserPoolDescriptionType
		More            string
		Messages        []fake.Message
		Calls           []call
		MessageN, CallN int
		FaultN          int
	}{
		i.URL, out.UserPools, with(r, "after", out.NextToken), last(messages, recent), described(last(calls, recent)),
		len(messages), len(calls), i.faults.active() + i.limits.active(),
	}
	return view{name: "overview", title: "Overview", data: data}, nil
}

// last returns the last items of a list, the newest first.
func last[T any](list []T, n int) []T {
	list = slices.Clone(list[max(0, len(list)-n):])
	slices.Reverse(list)
	return list
}
