package wire_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/wire"
)

func TestDecode(t *testing.T) {
	tests := []struct {
		reason string
		body   string
		want   any
	}{
		{"an empty object has no members", `{}`, &cip.InitiateAuthInput{}},
		{"space around the object is nothing", " \n{ } \r\n\t", &cip.InitiateAuthInput{}},
		{"null is absence", `{"ClientId":null,"AuthFlow":null,"AuthParameters":null}`, &cip.InitiateAuthInput{}},
		{"null is absence for members without an absent form", `{"Permanent":null}`, &cip.AdminSetUserPasswordInput{}},
		{"null in a map is absence", `{"AuthParameters":{"A":null,"B":"b"}}`,
			&cip.InitiateAuthInput{AuthParameters: map[string]string{"B": "b"}}},
		{"null in a list is absence", `{"TagKeys":["a",null,"b"]}`, &cip.UntagResourceInput{TagKeys: []string{"a", "b"}}},
		{"empty is not absent", `{"ClientId":"","AuthParameters":{}}`,
			&cip.InitiateAuthInput{ClientId: aws.String(""), AuthParameters: map[string]string{}}},
		{"an empty list is not absent", `{"TagKeys":[]}`, &cip.UntagResourceInput{TagKeys: []string{}}},
		{"an empty blob is not absent", `{"ImageFile":""}`, &cip.SetUICustomizationInput{ImageFile: []byte{}}},
		{"unknown members are ignored", `{"Unknown":[{}],"ClientId":"c"}`, &cip.InitiateAuthInput{ClientId: aws.String("c")}},
		{"names have one case", `{"clientId":"c","CLIENTID":"c"}`, &cip.InitiateAuthInput{}},
		{"the last of several wins", `{"ClientId":"a","ClientId":"b"}`, &cip.InitiateAuthInput{ClientId: aws.String("b")}},
		{"only HttpHeader has lower-case names", `{"ContextData":{"HttpHeaders":[{"headerName":"n","HeaderValue":"v"}]}}`,
			&cip.AdminInitiateAuthInput{ContextData: &types.ContextDataType{HttpHeaders: []types.HttpHeader{{HeaderName: aws.String("n")}}}}},
		{"an integral value may be written as a fraction or with an exponent", `{"MaxResults":5.0}`, &cip.ListUserPoolsInput{MaxResults: aws.Int32(5)}},
		{"an exponent is a number too", `{"MaxResults":-1e1}`, &cip.ListUserPoolsInput{MaxResults: aws.Int32(-10)}},
		{"blobs are base64", `{"ImageFile":"AAEC/w=="}`, &cip.SetUICustomizationInput{ImageFile: []byte{0, 1, 2, 255}}},
		{"times are seconds with a fraction", `{"User":{"UserCreateDate":1715100742.022}}`,
			&cip.AdminCreateUserOutput{User: &types.UserType{UserCreateDate: aws.Time(time.UnixMilli(1715100742022).UTC())}}},
		{"times may have an exponent", `{"User":{"UserCreateDate":1.667864578676E9}}`,
			&cip.AdminCreateUserOutput{User: &types.UserType{UserCreateDate: aws.Time(time.UnixMilli(1667864578676).UTC())}}},
		{"documents keep any value and exact numbers", `{"Settings":{"a":[1,12345678901234567890.5,null,{}]}}`,
			&cip.CreateManagedLoginBrandingInput{Settings: document.NewLazyDocument(map[string]any{
				"a": []any{1, bigNumber, nil, map[string]any{}}})}},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			got := reflect.New(reflect.TypeOf(tt.want).Elem()).Interface()
			if err := wire.Decode([]byte(tt.body), got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got, sameShape); d != "" {
				t.Errorf("Decode(%s) (-want +got):\n%s", tt.body, d)
			}
		})
	}
}

func TestDecodeErrors(t *testing.T) {
	const (
		list      = "Start of list found where not expected"
		structure = "Start of structure or map found where not expected"
		field     = "Unexpected field type"
	)
	tests := []struct {
		reason string
		into   any
		body   string
		want   wire.SerializationError
	}{
		{"empty body", &cip.InitiateAuthInput{}, ``, wire.SerializationError{}},
		{"no JSON", &cip.InitiateAuthInput{}, `ClientId=1`, wire.SerializationError{}},
		{"null is no object", &cip.InitiateAuthInput{}, `null`, wire.SerializationError{}},
		{"a scalar is no object", &cip.InitiateAuthInput{}, `"text"`, wire.SerializationError{}},
		{"trailing comma", &cip.InitiateAuthInput{}, `{"ClientId":"a",}`, wire.SerializationError{}},
		{"something after the object", &cip.InitiateAuthInput{}, `{} {}`, wire.SerializationError{}},
		{"a brace too many", &cip.InitiateAuthInput{}, `{}}`, wire.SerializationError{}},
		{"an unfinished object", &cip.InitiateAuthInput{}, `{"ClientId":"a"`, wire.SerializationError{}},
		{"nested too deep to be read", &cip.InitiateAuthInput{}, `{"A":` + strings.Repeat("[", 20000), wire.SerializationError{}},
		{"list as body", &cip.InitiateAuthInput{}, `[{}]`, wire.SerializationError{Message: list}},

		{"number for a string", &cip.InitiateAuthInput{}, `{"ClientId":1}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to String", Member: "ClientId"}},
		{"fraction for a string", &cip.InitiateAuthInput{}, `{"ClientId":1.5}`, wire.SerializationError{Message: "DECIMAL_VALUE cannot be converted to String", Member: "ClientId"}},
		{"boolean for an enum", &cip.InitiateAuthInput{}, `{"AuthFlow":true}`, wire.SerializationError{Message: "TRUE_VALUE cannot be converted to String", Member: "AuthFlow"}},
		{"list for a string", &cip.InitiateAuthInput{}, `{"ClientId":[]}`, wire.SerializationError{Message: list, Member: "ClientId"}},
		{"object for a string", &cip.InitiateAuthInput{}, `{"ClientId":{}}`, wire.SerializationError{Message: structure, Member: "ClientId"}},
		{"string for a boolean", &cip.AdminSetUserPasswordInput{}, `{"Permanent":"true"}`, wire.SerializationError{Message: "STRING_VALUE cannot be converted to Boolean", Member: "Permanent"}},
		{"string for an integer", &cip.ListUserPoolsInput{}, `{"MaxResults":"5"}`, wire.SerializationError{Message: "STRING_VALUE cannot be converted to Integer", Member: "MaxResults"}},
		{"boolean for an integer", &cip.ListUserPoolsInput{}, `{"MaxResults":false}`, wire.SerializationError{Message: "FALSE_VALUE cannot be converted to Integer", Member: "MaxResults"}},
		{"fraction for an integer", &cip.ListUserPoolsInput{}, `{"MaxResults":5.5}`, wire.SerializationError{Message: "DECIMAL_VALUE cannot be converted to Integer", Member: "MaxResults"}},
		{"integer beyond 32 bits", &cip.ListUserPoolsInput{}, `{"MaxResults":2147483648}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to Integer", Member: "MaxResults"}},
		{"integer beyond a float", &cip.ListUserPoolsInput{}, `{"MaxResults":1e400}`, wire.SerializationError{Message: "DECIMAL_VALUE cannot be converted to Integer", Member: "MaxResults"}},
		{"integer beyond 64 bits", &types.UserImportJobType{}, `{"FailedUsers":-9223372036854775809}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to Long", Member: "FailedUsers"}},
		{"string for a blob that is no base64", &cip.SetUICustomizationInput{}, `{"ImageFile":"a"}`, wire.SerializationError{Message: "STRING_VALUE cannot be converted to Blob", Member: "ImageFile"}},
		{"number for a blob", &cip.SetUICustomizationInput{}, `{"ImageFile":1}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to Blob", Member: "ImageFile"}},
		{"string for a time", &types.UserType{}, `{"UserCreateDate":"2024-05-07T00:00:00Z"}`, wire.SerializationError{Message: "STRING_VALUE cannot be converted to Timestamp", Member: "UserCreateDate"}},
		{"time beyond milliseconds", &types.UserType{}, `{"UserCreateDate":1e300}`, wire.SerializationError{Message: "DECIMAL_VALUE cannot be converted to Timestamp", Member: "UserCreateDate"}},
		{"scalar for a list", &cip.UntagResourceInput{}, `{"TagKeys":"a"}`, wire.SerializationError{Message: field, Member: "TagKeys"}},
		{"object for a list", &cip.UntagResourceInput{}, `{"TagKeys":{}}`, wire.SerializationError{Message: structure, Member: "TagKeys"}},
		{"list for a map", &cip.InitiateAuthInput{}, `{"AuthParameters":[]}`, wire.SerializationError{Message: list, Member: "AuthParameters"}},
		{"scalar for a map", &cip.InitiateAuthInput{}, `{"AuthParameters":""}`, wire.SerializationError{Message: field, Member: "AuthParameters"}},
		{"number in a map", &cip.InitiateAuthInput{}, `{"AuthParameters":{"USERNAME":1}}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to String", Member: "AuthParameters.USERNAME"}},
		{"list for a structure", &cip.AdminInitiateAuthInput{}, `{"ContextData":[]}`, wire.SerializationError{Message: list, Member: "ContextData"}},
		{"deep member", &cip.AdminCreateUserInput{}, `{"UserAttributes":[{"Name":"a"},{"Name":2}]}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to String", Member: "UserAttributes[1].Name"}},
		{"of several problems the first member's", &cip.InitiateAuthInput{}, `{"UserContextData":1,"Session":2,"ClientId":3}`, wire.SerializationError{Message: "NUMBER_VALUE cannot be converted to String", Member: "ClientId"}},
		{"document that cannot be written again", &cip.CreateManagedLoginBrandingInput{}, `{"Settings":{"":1}}`, wire.SerializationError{Message: structure, Member: "Settings"}},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			var got *wire.SerializationError
			if err := wire.Decode([]byte(tt.body), tt.into); !errors.As(err, &got) {
				t.Fatalf("Decode(%s) = %v, want a *SerializationError", tt.body, err)
			}
			if d := cmp.Diff(&tt.want, got); d != "" {
				t.Errorf("Decode(%s) (-want +got):\n%s", tt.body, d)
			}
		})
	}
}

// FuzzDecode wants Decode never to panic, and what it decodes to encode again and
// decode to the same value.
func FuzzDecode(f *testing.F) {
	inputs := []any{
		cip.InitiateAuthInput{}, cip.AdminInitiateAuthInput{}, cip.AdminCreateUserInput{}, cip.CreateUserPoolInput{},
		cip.CreateUserPoolClientInput{}, cip.SetUICustomizationInput{}, cip.CreateManagedLoginBrandingInput{},
		cip.CompleteWebAuthnRegistrationInput{}, cip.DescribeUserImportJobOutput{},
	}
	for i, in := range inputs {
		body, err := wire.Encode(filled(reflect.TypeOf(in)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, uint8(i))
	}
	f.Add([]byte(`{"RefreshTokenValidity":1e400}`), uint8(4))
	f.Add([]byte(`{"Settings":[1e400,-0,"\ud800",{"a":{}}]}`), uint8(6))
	f.Add([]byte(`{"UserImportJob":{"CreationDate":-1.0005,"FailedUsers":9e18}}`), uint8(8))
	f.Fuzz(func(t *testing.T, body []byte, n uint8) {
		kind := reflect.TypeOf(inputs[int(n)%len(inputs)])
		first := reflect.New(kind).Interface()
		if wire.Decode(body, first) != nil {
			return
		}
		again, err := wire.Encode(first)
		if err != nil {
			t.Fatalf("Encode: %v", err)
		}
		second := reflect.New(kind).Interface()
		if err := wire.Decode(again, second); err != nil {
			t.Fatalf("Decode(%s): %v", again, err)
		}
		if d := cmp.Diff(first, second, sameShape); d != "" {
			t.Errorf("after a second round trip (-first +second):\n%s", d)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"38fjsnc484p94kpqsnet7mpld0",` +
		`"AuthParameters":{"USERNAME":"ann@example.com","PASSWORD":"Passw0rd!","SECRET_HASH":"bm90IGEgcmVhbCBoYXNoLCBvbmx5IGFzIGxvbmc="},` +
		`"ClientMetadata":{"source":"test"},"UserContextData":{"IpAddress":"192.0.2.1"}}`)
	b.ReportAllocs()
	for b.Loop() {
		var in cip.InitiateAuthInput
		if err := wire.Decode(body, &in); err != nil {
			b.Fatal(err)
		}
	}
}
