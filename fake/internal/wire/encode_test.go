package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	smithydocument "github.com/aws/smithy-go/document"

	"github.com/cognitotest/cognito/fake/internal/wire"
)

// bigNumber has more digits than any Go number keeps.
const bigNumber = smithydocument.Number("12345678901234567890.5")

func TestEncode(t *testing.T) {
	tests := []struct {
		reason string
		out    any
		want   string
	}{
		{"nothing to say", &cip.DeleteUserOutput{}, `{}`},
		{"no output at all", (*cip.DeleteUserOutput)(nil), `{}`},
		{"nil and empty enums are dropped, empty maps are not",
			&cip.InitiateAuthOutput{ChallengeParameters: map[string]string{}}, `{"ChallengeParameters":{}}`},
		{"members without an absent form are always sent, map keys are sorted",
			&cip.SignUpOutput{UserSub: aws.String("s")}, `{"UserConfirmed":false,"UserSub":"s"}`},
		{"map keys are sorted", &cip.ListTagsForResourceOutput{Tags: map[string]string{"b": "2", "a": "1", "c": "3"}},
			`{"Tags":{"a":"1","b":"2","c":"3"}}`},
		{"empty lists are kept", &cip.ListUsersOutput{Users: []types.UserType{}}, `{"Users":[]}`},
		{"a pointer to nothing is something", &cip.ListUsersOutput{PaginationToken: aws.String("")}, `{"PaginationToken":""}`},
		{"times have milliseconds", &types.GroupType{CreationDate: aws.Time(time.Unix(1715100742, 22_999_999))}, `{"CreationDate":1715100742.022}`},
		{"times have a fraction on the full second", &types.GroupType{CreationDate: aws.Time(time.Unix(1715100742, 0))}, `{"CreationDate":1715100742.0}`},
		{"times have no exponent", &types.GroupType{CreationDate: aws.Time(time.Unix(0, 1e6))}, `{"CreationDate":0.001}`},
		{"times before 1970", &types.GroupType{CreationDate: aws.Time(time.UnixMilli(-1500))}, `{"CreationDate":-1.5}`},
		{"blobs are base64", &cip.SetUICustomizationInput{ImageFile: []byte{0, 1, 2, 255}}, `{"ImageFile":"AAEC/w=="}`},
		{"documents keep exact numbers", &cip.StartWebAuthnRegistrationOutput{CredentialCreationOptions: document.NewLazyDocument(bigNumber)},
			`{"CredentialCreationOptions":12345678901234567890.5}`},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			got, err := wire.Encode(tt.out)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("Encode = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestEncodeError(t *testing.T) {
	doc := document.NewLazyDocument(map[string]any{"": "an empty key"})
	_, err := wire.Encode(&cip.StartWebAuthnRegistrationOutput{CredentialCreationOptions: doc})
	var want *smithydocument.InvalidMarshalError
	if !errors.As(err, &want) {
		t.Errorf("Encode = %v, want the document's own error", err)
	}
}

func BenchmarkEncode(b *testing.B) {
	out := &cip.InitiateAuthOutput{
		AuthenticationResult: &types.AuthenticationResultType{
			AccessToken:  aws.String(strings.Repeat("a", 1000)),
			IdToken:      aws.String(strings.Repeat("i", 1000)),
			RefreshToken: aws.String(strings.Repeat("r", 1500)),
			TokenType:    aws.String("Bearer"),
			ExpiresIn:    3600,
		},
		ChallengeParameters: map[string]string{},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.Encode(out); err != nil {
			b.Fatal(err)
		}
	}
}
