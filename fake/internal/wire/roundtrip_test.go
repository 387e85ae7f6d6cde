package wire_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/wire"
)

// TestRoundTrip proves the codec against the SDK's own serialisers, member by
// member, for every operation of the SDK client.
func TestRoundTrip(t *testing.T) {
	n := 0
	for op := range operations() {
		n++
		t.Run(op.name, func(t *testing.T) {
			sent := filled(op.input)
			answer := filled(op.output)
			client := newClient(func(w http.ResponseWriter, r *http.Request) {
				name, ok := wire.Operation(r.Header.Get("X-Amz-Target"))
				if name != op.name || !ok {
					t.Errorf("Operation = %q, %t, want %q, true", name, ok, op.name)
				}
				got := reflect.New(op.input).Interface()
				if err := wire.Decode(readBody(r), got); err != nil {
					t.Errorf("Decode: %v", err)
				}
				if d := cmp.Diff(sent, got, sameShape); d != "" {
					t.Errorf("decoded input (-sent +decoded):\n%s", d)
				}
				body, err := wire.Encode(answer)
				if err != nil {
					t.Errorf("Encode: %v", err)
				}
				wire.WriteOutput(w, "id", body)
			})
			got, err := op.call(client, sent)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(answer, got, sameShape); d != "" {
				t.Errorf("output that the SDK client decodes (-encoded +decoded):\n%s", d)
			}
		})
	}
	if n < 126 {
		t.Errorf("the SDK client has %d operations, want at least 126: are methods still found?", n)
	}
}

// TestRoundTripEmpty answers with empty outputs: absence survives the wire too.
func TestRoundTripEmpty(t *testing.T) {
	for op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			client := newClient(func(w http.ResponseWriter, r *http.Request) {
				body, err := wire.Encode(reflect.New(op.output).Interface())
				if err != nil {
					t.Errorf("Encode: %v", err)
				}
				wire.WriteOutput(w, "id", body)
			})
			got, err := op.call(client, filled(op.input))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(reflect.New(op.output).Interface(), got, sameShape); d != "" {
				t.Errorf("empty output that the SDK client decodes (-encoded +decoded):\n%s", d)
			}
		})
	}
}

// typedErrors holds one error of every type of the SDK.
var typedErrors = []smithy.APIError{
	new(types.AccessDeniedException),
	new(types.AliasExistsException),
	new(types.CodeDeliveryFailureException),
	new(types.CodeMismatchException),
	new(types.ConcurrentModificationException),
	new(types.DeviceKeyExistsException),
	new(types.DuplicateProviderException),
	new(types.EnableSoftwareTokenMFAException),
	new(types.ExpiredCodeException),
	new(types.FeatureUnavailableInTierException),
	new(types.ForbiddenException),
	new(types.GroupExistsException),
	new(types.InternalErrorException),
	new(types.InternalServerException),
	new(types.InvalidEmailRoleAccessPolicyException),
	new(types.InvalidLambdaResponseException),
	new(types.InvalidOAuthFlowException),
	new(types.InvalidParameterException),
	new(types.InvalidPasswordException),
	new(types.InvalidSmsRoleAccessPolicyException),
	new(types.InvalidSmsRoleTrustRelationshipException),
	new(types.InvalidUserPoolConfigurationException),
	new(types.LimitExceededException),
	new(types.ManagedLoginBrandingExistsException),
	new(types.MFAMethodNotFoundException),
	new(types.NotAuthorizedException),
	new(types.OperationNotEnabledException),
	new(types.PasswordHistoryPolicyViolationException),
	new(types.PasswordResetRequiredException),
	new(types.PreconditionNotMetException),
	new(types.RefreshTokenReuseException),
	new(types.ResourceNotFoundException),
	new(types.ScopeDoesNotExistException),
	new(types.SoftwareTokenMFANotFoundException),
	new(types.TermsExistsException),
	new(types.TierChangeNotAllowedException),
	new(types.TooManyFailedAttemptsException),
	new(types.TooManyRequestsException),
	new(types.UnauthorizedException),
	new(types.UnexpectedLambdaException),
	new(types.UnsupportedIdentityProviderException),
	new(types.UnsupportedOperationException),
	new(types.UnsupportedTokenTypeException),
	new(types.UnsupportedUserStateException),
	new(types.UserImportInProgressException),
	new(types.UserLambdaValidationException),
	new(types.UsernameExistsException),
	new(types.UserNotConfirmedException),
	new(types.UserNotFoundException),
	new(types.UserPoolAddOnNotEnabledException),
	new(types.UserPoolTaggingException),
	new(types.WebAuthnChallengeNotFoundException),
	new(types.WebAuthnClientMismatchException),
	new(types.WebAuthnConfigurationMissingException),
	new(types.WebAuthnCredentialNotSupportedException),
	new(types.WebAuthnNotEnabledException),
	new(types.WebAuthnOriginNotAllowedException),
	new(types.WebAuthnRelyingPartyMismatchException),
}

// TestTypedErrors gives every error of the SDK to WriteError and wants the SDK
// client to return the same type with the same text.
func TestTypedErrors(t *testing.T) {
	ops := slices.Collect(operations())
	for _, e := range typedErrors {
		t.Run(e.ErrorCode(), func(t *testing.T) {
			want := reflect.New(reflect.TypeOf(e).Elem())
			want.Elem().FieldByName("Message").Set(reflect.ValueOf(aws.String("the text of " + e.ErrorCode())))
			if reason := want.Elem().FieldByName("ReasonCode"); reason.IsValid() {
				reason.Set(reflect.ValueOf(aws.String("the reason")))
			}
			client := newClient(func(w http.ResponseWriter, r *http.Request) {
				wire.WriteError(w, "id", want.Interface().(error))
			})
			got := reflect.New(want.Type())
			// The SDK knows an error only in the operations that declare it.
			declared := slices.ContainsFunc(ops, func(op operation) bool {
				_, err := op.call(client, filled(op.input))
				return errors.As(err, got.Interface())
			})
			if !declared {
				t.Fatalf("no operation of the SDK client returned a %s", want.Type())
			}
			if d := cmp.Diff(want.Interface(), got.Elem().Interface(), sameShape); d != "" {
				t.Errorf("error that the SDK client decodes (-written +decoded):\n%s", d)
			}
		})
	}
}

// TestTypedErrorsComplete compares typedErrors with the SDK's source.
func TestTypedErrorsComplete(t *testing.T) {
	var want []string
	for _, decl := range parseFile(t, sourceOf((*types.AliasExistsException).Error)).Decls {
		if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			want = append(want, g.Specs[0].(*ast.TypeSpec).Name.Name)
		}
	}
	var got []string
	for _, e := range typedErrors {
		got = append(got, reflect.TypeOf(e).Elem().Name())
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("errors of the SDK (-SDK +typedErrors):\n%s", d)
	}
}

// sourceOf returns the file that a method is compiled from.
func sourceOf(method any) string {
	pc := reflect.ValueOf(method).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	return file
}

func parseFile(t *testing.T, name string) *ast.File {
	if _, err := os.Stat(name); err != nil && !strings.HasPrefix(name, "/") {
		t.Skip("built with -trimpath: the SDK's source cannot be found")
	}
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
