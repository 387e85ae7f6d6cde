package fake_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/constraint/constrainttest"
	"github.com/cognitotest/cognito/fake/internal/wire"
)

// TestEveryConstraintIsCheckedOverHTTP breaks each constraint of each simulated operation once, in
// a call to an empty server: nothing is looked up before constraints are checked.
func TestEveryConstraintIsCheckedOverHTTP(t *testing.T) {
	server := fake.NewServer(fake.Config{Logf: t.Logf})
	t.Cleanup(func() { server.Close() })
	cases, impossible := 0, map[string]int{}
	for _, operation := range constraint.Operations() {
		if o, known := api.Lookup(operation); !known || !o.Simulated {
			continue
		}
		violations, unbroken := constrainttest.Violations(operation)
		cases += len(violations)
		for _, i := range unbroken {
			impossible[i.Reason]++
		}
		t.Run(operation, func(t *testing.T) {
			for _, c := range violations {
				t.Run(c.Name, func(t *testing.T) {
					want := answer{http.StatusBadRequest, "InvalidParameterException", c.Want}
					if diff := cmp.Diff(want, refused(t, server, operation, c.Input)); diff != "" {
						t.Errorf("answer (-want +got):\n%s", diff)
					}
				})
			}
		})
	}
	t.Logf("%d cases", cases)
	for _, reason := range slices.Sorted(maps.Keys(impossible)) {
		t.Logf("%d more that no value breaks alone: %s", impossible[reason], reason)
	}
}

// answer is what a refused call answers.
type answer struct {
	Status        int
	Code, Message string
}

// refused sends an operation with a signature of nobody, and returns the answer.
func refused(t *testing.T, server *fake.Server, operation string, in any) answer {
	t.Helper()
	body, err := wire.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, "https://cognito-idp.us-east-1.amazonaws.com/", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", wire.ContentType)
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00")
	response, err := server.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type    string `json:"__type"`
		Message string
	}
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, got.Type, got.Message}
}
