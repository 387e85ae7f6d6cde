package fake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

func TestCallsAreTyped(t *testing.T) {
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	bothWays(t, func(t *testing.T, b *bench) {
		b.Freeze(moment)
		token, err := b.signIn(t.Context(), "ann@example.com")
		if err != nil {
			t.Fatal(err)
		}
		got := b.Calls("InitiateAuth")
		want := []fake.Call{{
			Operation: "InitiateAuth", Region: "us-east-1", UserPoolID: b.poolID, ClientID: b.clientID, Username: "ann", At: moment,
			Input: &cip.InitiateAuthInput{
				ClientId: &b.clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
				AuthParameters: map[string]string{"USERNAME": "ann@example.com", "PASSWORD": password},
			},
			Output: got[0].Output, // which is random
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		if out := got[0].Output.(*cip.InitiateAuthOutput); *out.AuthenticationResult.AccessToken != token {
			t.Errorf("the output has another access token: %v", out)
		}
	})
}

func TestWhoCallsAndWhatCameOfIt(t *testing.T) {
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	bothWays(t, func(t *testing.T, b *bench) {
		b.Freeze(moment)
		ctx := t.Context()
		token, _ := b.signIn(ctx, "ann")
		expired := &cip.GetUserInput{AccessToken: &token}
		b.Advance(25 * time.Hour)
		b.Freeze(moment)
		admin := &cip.AdminDeleteUserInput{UserPoolId: &b.poolID, Username: aws.String("ann")}
		nobody := &cip.AdminGetUserInput{UserPoolId: aws.String("us-east-1_Nowhere11"), Username: aws.String("ann")}
		invalid := &cip.AdminGetUserInput{UserPoolId: aws.String("no-pool-id"), Username: aws.String("ann")}
		b.sdk.AdminDeleteUser(ctx, admin)
		b.sdk.GetUser(ctx, expired)
		b.sdk.AdminGetUser(ctx, nobody)
		b.sdk.AdminGetUser(ctx, invalid)
		b.jwks()
		b.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 1, Err: fake.CutAfter})
		b.signUp(ctx, "bob")

		base := fake.Call{Region: "us-east-1", UserPoolID: b.poolID, At: moment}
		of := func(edit func(*fake.Call)) fake.Call {
			c := base
			edit(&c)
			return c
		}
		want := []fake.Call{
			of(func(c *fake.Call) {
				c.Operation, c.Username, c.AccessKeyID = "AdminDeleteUser", "ann", "AKID"
				c.Input, c.Output = admin, &cip.AdminDeleteUserOutput{}
			}),
			of(func(c *fake.Call) { // the token of a user who is gone says who it was
				c.Operation, c.Username, c.ClientID = "GetUser", "ann", b.clientID
				c.Input, c.Err = expired, &types.UserNotFoundException{Message: aws.String("User does not exist.")}
			}),
			of(func(c *fake.Call) {
				c.Operation, c.Username, c.AccessKeyID, c.UserPoolID = "AdminGetUser", "ann", "AKID", *nobody.UserPoolId
				c.Input, c.Err = nobody, &types.ResourceNotFoundException{Message: aws.String("User pool us-east-1_Nowhere11 does not exist.")}
			}),
			of(func(c *fake.Call) {
				c.Operation, c.Username, c.AccessKeyID, c.UserPoolID = "AdminGetUser", "ann", "AKID", "no-pool-id"
				c.Input, c.Err = invalid, &types.InvalidParameterException{Message: aws.String(`1 validation error detected: Value 'no-pool-id' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+`)}
			}),
			of(func(c *fake.Call) { c.Operation = fake.JWKS }),
		}
		got := b.Calls()[1:]
		for i, w := range want {
			if diff := cmp.Diff(w, got[i]); diff != "" {
				t.Errorf("call %d (-want +got):\n%s", i+1, diff)
			}
		}
		signUps := b.Calls("SignUp")
		if len(signUps) != 2 || signUps[0].Err != fake.CutAfter || signUps[0].Output == nil || codeOf(signUps[1].Err) != "UsernameExistsException" || signUps[1].Output != nil {
			t.Errorf("sign-ups = %v; want one that was cut after its effect, and one that was refused", signUps)
		}
	})
}

func TestUnreadCallsHaveNoInput(t *testing.T) {
	b := newBench(t, false)
	call(t, b.Server, "ListUserPools", `{"MaxResults":1}`)
	call(t, b.Server, "ListUserPools", `no JSON`, "Authorization", signature)
	call(t, b.Server, "NoSuchOperation", `{}`)
	got := b.Calls()
	if len(got) != 2 || got[0].Input != nil || codeOf(got[0].Err) != "MissingAuthenticationTokenException" ||
		got[1].Input != nil || codeOf(got[1].Err) != "SerializationException" || got[1].AccessKeyID != "AKID" || got[1].Region != "eu-west-1" {
		t.Errorf("calls = %v; want one without a signature and one without JSON", got)
	}
}

func TestEqualCalls(t *testing.T) {
	one := fake.Call{Operation: "SignUp", At: time.Now(), Input: &cip.SignUpInput{Username: aws.String("ann")}, Err: &types.CodeDeliveryFailureException{}}
	same := one
	same.At = one.At.Round(0).In(time.FixedZone("", 3600))
	same.Input, same.Err = &cip.SignUpInput{Username: aws.String("ann")}, &types.CodeDeliveryFailureException{}
	if !one.Equal(same) {
		t.Errorf("%v is not %v", one, same)
	}
	for name, edit := range map[string]func(*fake.Call){
		"operation": func(c *fake.Call) { c.Operation = "ConfirmSignUp" },
		"time":      func(c *fake.Call) { c.At = c.At.Add(1) },
		"input":     func(c *fake.Call) { c.Input = &cip.SignUpInput{Username: aws.String("bob")} },
		"output":    func(c *fake.Call) { c.Output = &cip.SignUpOutput{} },
		"error":     func(c *fake.Call) { c.Err = errors.New("other") },
	} {
		other := one
		edit(&other)
		if one.Equal(other) {
			t.Errorf("%s: %v is %v", name, one, other)
		}
	}
}

func TestNoSecretIsPrinted(t *testing.T) {
	b := newBench(t, false)
	ctx := t.Context()
	token, err := b.signIn(ctx, "ann")
	if err != nil {
		t.Fatal(err)
	}
	session, code := strings.Repeat("TheSession", 3), "135790"
	b.signUp(ctx, "bob")
	b.sdk.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: &b.clientID, Username: aws.String("bob"), ConfirmationCode: &code, SecretHash: aws.String("TheHash")})
	b.sdk.ChangePassword(ctx, &cip.ChangePasswordInput{AccessToken: &token, PreviousPassword: aws.String("ThePrevious1!"), ProposedPassword: aws.String("TheProposed1!")})
	b.sdk.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: &b.poolID, Username: aws.String("cat"), TemporaryPassword: aws.String("TheTemporary1!")})
	b.sdk.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{AccessToken: &token, UserCode: &code})
	b.sdk.RevokeToken(ctx, &cip.RevokeTokenInput{ClientId: &b.clientID, Token: aws.String("TheRefreshToken"), ClientSecret: aws.String("TheClientSecret")})
	b.sdk.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &b.poolID, ClientName: aws.String("c"), GenerateSecret: true})
	made := b.Calls("CreateUserPoolClient")[0].Output.(*cip.CreateUserPoolClientOutput)
	secrets := []string{password, token, session, code, "TheHash", "ThePrevious1!", "TheProposed1!", "TheTemporary1!", "TheRefreshToken", "TheClientSecret", *made.UserPoolClient.ClientSecret}
	for _, name := range []string{"PASSWORD", "NEW_PASSWORD", "SMS_MFA_CODE", "EMAIL_OTP_CODE", "SMS_OTP_CODE", "SOFTWARE_TOKEN_MFA_CODE", "ANSWER", "CREDENTIAL", "SECRET_HASH", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "REFRESH_TOKEN"} {
		secrets = append(secrets, "The-"+name)
		b.sdk.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
			ClientId: &b.clientID, ChallengeName: types.ChallengeNameTypeSmsMfa, Session: &session,
			ChallengeResponses: map[string]string{"USERNAME": "ann", name: "The-" + name},
		})
	}
	calls := b.Calls()
	printed := fmt.Sprintf("%v %+v %#v %s %q", calls, calls, calls, calls, calls) + cmp.Diff(calls, nil)
	for _, secret := range secrets {
		if strings.Contains(printed, secret) {
			t.Errorf("%s is printed", secret)
		}
	}
}

func TestPrintedCalls(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 6e6, time.UTC)
	for _, test := range []struct {
		reason string
		call   fake.Call
		want   string
	}{
		{"masked by the name of a member or a parameter", fake.Call{
			Operation: "InitiateAuth", Username: "ann", At: at,
			Input:  &cip.InitiateAuthInput{AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "x"}},
			Output: &cip.InitiateAuthOutput{AuthenticationResult: &types.AuthenticationResultType{AccessToken: aws.String("x"), ExpiresIn: 3600}},
		}, `2030-01-02T03:04:05.006Z InitiateAuth by ann {"AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"PASSWORD":"***","USERNAME":"ann"}} -> {"AuthenticationResult":{"AccessToken":"***","ExpiresIn":3600}}`},
		{"whoever signed, and the error", fake.Call{
			Operation: "AdminGetUser", Username: "ann", AccessKeyID: "AKID", At: at,
			Input: &cip.AdminGetUserInput{Username: aws.String("ann")}, Err: &types.UserNotFoundException{Message: aws.String("User does not exist.")},
		}, `2030-01-02T03:04:05.006Z AdminGetUser by AKID {"Username":"ann"} -> UserNotFoundException: User does not exist.`},
		{"a document", fake.Call{Operation: fake.JWKS, At: at}, "2030-01-02T03:04:05.006Z JWKS"},
	} {
		if got := test.call.String(); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.reason, got, test.want)
		}
	}
}
