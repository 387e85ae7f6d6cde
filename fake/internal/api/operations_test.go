package api

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// sdkOperations returns the operations of the SDK's client with their types, without the receiver.
func sdkOperations() map[string]reflect.Type {
	client := reflect.TypeFor[*cip.Client]()
	found := map[string]reflect.Type{}
	for i := range client.NumMethod() {
		if m := client.Method(i); m.Name != "Options" { // the client's own
			found[m.Name] = withoutReceiver(m.Type)
		}
	}
	return found
}

func withoutReceiver(method reflect.Type) reflect.Type {
	var in, out []reflect.Type
	for i := 1; i < method.NumIn(); i++ {
		in = append(in, method.In(i))
	}
	for i := range method.NumOut() {
		out = append(out, method.Out(i))
	}
	return reflect.FuncOf(in, out, method.IsVariadic())
}

func TestTheTableIsTheSDKsClient(t *testing.T) {
	sdk := sdkOperations()
	for name := range sdk {
		if _, ok := Lookup(name); !ok {
			t.Errorf("%s is not in the table", name)
		}
	}
	for name := range operations {
		if _, ok := sdk[name]; !ok {
			t.Errorf("%s is in the table; the SDK's client does not have it", name)
		}
	}
}

func TestEveryMethodHasTheSDKsSignature(t *testing.T) {
	fake := reflect.TypeFor[*API]()
	for name, want := range sdkOperations() {
		m, ok := fake.MethodByName(name)
		if !ok {
			t.Errorf("API has no method %s", name)
			continue
		}
		if got := withoutReceiver(m.Type); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// TestEveryLineCallsItsMethod tells a line that names the method of another operation.
func TestEveryLineCallsItsMethod(t *testing.T) {
	for name, o := range operations {
		want := "*cognitoidentityprovider." + name + "Input"
		if got := fmt.Sprintf("%T", o.NewInput()); got != want {
			t.Errorf("the input of %s is %s, want %s", name, got, want)
		}
	}
}

// unsigned are the operations that the API's model marks as needing no signature.
const unsigned = `AssociateSoftwareToken ChangePassword CompleteWebAuthnRegistration ConfirmDevice
	ConfirmForgotPassword ConfirmSignUp DeleteUser DeleteUserAttributes DeleteWebAuthnCredential
	ForgetDevice ForgotPassword GetDevice GetTokensFromRefreshToken GetUser
	GetUserAttributeVerificationCode GetUserAuthFactors GlobalSignOut InitiateAuth ListDevices
	ListWebAuthnCredentials ResendConfirmationCode RespondToAuthChallenge RevokeToken
	SetUserMFAPreference SetUserSettings SignUp StartWebAuthnRegistration UpdateAuthEventFeedback
	UpdateDeviceStatus UpdateUserAttributes VerifySoftwareToken VerifyUserAttribute`

func TestSignedOperations(t *testing.T) {
	want := map[string]bool{}
	for _, name := range strings.Fields(unsigned) {
		want[name] = true
	}
	got := map[string]bool{}
	for name, o := range operations {
		if !o.Signed {
			got[name] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unsigned operations (-want +got):\n%s", diff)
	}
}

// TestMissingOperationsSaySo calls every operation with an empty input: those marked missing, and
// no others, answer that they are not simulated, by name.
func TestMissingOperationsSaySo(t *testing.T) {
	a := newAPI(t)
	for name, o := range operations {
		t.Run(name, func(t *testing.T) {
			_, err := o.call(a, context.Background(), o.NewInput())
			var missing *pool.NotSimulated
			switch found := errors.As(err, &missing); {
			case found == o.Simulated:
				t.Errorf("error = %v; marked missing: %t", err, !o.Simulated)
			case found && missing.What != name:
				t.Errorf("the error names %s", missing.What)
			}
		})
	}
}

// TestNoMemberIsNeededToGoOn calls every operation with all combinations of the members that lead
// to a pool, a client, a group and a user, and no others, as Go code can that skips HTTP: whatever
// the answer is, it is no panic. What deletes something needs all of them, and comes last.
func TestNoMemberIsNeededToGoOn(t *testing.T) {
	for name, o := range operations {
		if !o.Simulated {
			continue
		}
		t.Run(name, func(t *testing.T) {
			a, members := populated(t)
			for _, in := range combinations(o, members) {
				func() {
					defer func() {
						if failure := recover(); failure != nil {
							t.Errorf("input %+v: panic: %v", reflect.Indirect(reflect.ValueOf(in)), failure)
						}
					}()
					o.call(a, context.Background(), in)
				}()
			}
		})
	}
}

// combinations returns inputs of an operation with every subset of some members, the empty one
// first and the whole last.
func combinations(o Operation, members map[string]*string) []any {
	inputs := []any{o.NewInput()}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(o.NewInput()).Elem()) {
		value, known := members[field.Name]
		if !known {
			continue
		}
		for _, in := range slices.Clone(inputs) {
			more := reflect.New(reflect.TypeOf(in).Elem())
			more.Elem().Set(reflect.ValueOf(in).Elem())
			more.Elem().FieldByIndex(field.Index).Set(reflect.ValueOf(value))
			inputs = append(inputs, more.Interface())
		}
	}
	return inputs
}

// populated returns an API with a pool, a client, a group and a user who has signed in, and the
// members of inputs that lead to them.
func populated(t *testing.T) (*API, map[string]*string) {
	a, ctx := newAPI(t), context.Background()
	p, err := a.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("p")})
	must(t, err)
	id := p.UserPool.Id
	c, err := a.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: id, ClientName: aws.String("c"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth}})
	must(t, err)
	name, password := aws.String("ann"), aws.String("Correct-Horse-7")
	_, err = a.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: id, GroupName: aws.String("g")})
	must(t, err)
	_, err = a.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: id, Username: name, TemporaryPassword: password, MessageAction: types.MessageActionTypeSuppress})
	must(t, err)
	_, err = a.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: id, Username: name, Password: password, Permanent: true})
	must(t, err)
	signedIn, err := a.AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{UserPoolId: id, ClientId: c.UserPoolClient.ClientId,
		AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": *name, "PASSWORD": *password}})
	must(t, err)
	return a, map[string]*string{
		"UserPoolId": id, "ClientId": c.UserPoolClient.ClientId, "Username": name, "GroupName": aws.String("g"),
		"ResourceArn": p.UserPool.Arn, "AccessToken": signedIn.AuthenticationResult.AccessToken,
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
