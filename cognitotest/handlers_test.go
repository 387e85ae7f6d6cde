package cognitotest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// Handlers with the types of aws-lambda-go answer zero values where they leave a response alone: false, "",
// null, and empty objects. These tests are what the service makes of those.

// handler is a function that edits an event, as lambda.Start takes it.
func handler[E any](edit func(*E)) fake.Trigger {
	return lambda.NewHandler(func(_ context.Context, e E) (E, error) {
		edit(&e)
		return e, nil
	})
}

// untouched is a handler that returns its event.
func untouched[E any]() fake.Trigger { return handler(func(*E) {}) }

// on makes a provider whose pool calls handlers, by trigger.
func on(t *testing.T, handlers map[fake.TriggerSource]fake.Trigger, opts ...cognitotest.Option) *cognitotest.Provider {
	t.Helper()
	for source, h := range handlers {
		opts = append(opts, cognitotest.WithTrigger(source, h))
	}
	return cognitotest.New(t, opts...)
}

func codeOf(err error) string {
	var e smithy.APIError
	if !errors.As(err, &e) {
		return ""
	}
	return e.ErrorCode()
}

func TestHandlersThatReturnTheirEventChangeNothing(t *testing.T) {
	cog := on(t, map[fake.TriggerSource]fake.Trigger{
		fake.PreSignUp:          untouched[events.CognitoEventUserPoolsPreSignup](),
		fake.PostConfirmation:   untouched[events.CognitoEventUserPoolsPostConfirmation](),
		fake.CustomMessage:      untouched[events.CognitoEventUserPoolsCustomMessage](),
		fake.PreAuthentication:  untouched[events.CognitoEventUserPoolsPreAuthentication](),
		fake.PostAuthentication: untouched[events.CognitoEventUserPoolsPostAuthentication](),
	}, cognitotest.WithPool(cip.CreateUserPoolInput{AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail}}))
	ann := cog.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Email("ann@example.com"))
	sent := cog.Fake(t).Messages(fake.ToUser(cog.PoolID, ann.Username))
	if len(sent) != 1 || sent[0].Subject != "Your verification code" {
		t.Fatalf("sent = %+v, want the pool's own words", sent)
	}
	_, err := cog.Client().ConfirmSignUp(t.Context(), &cip.ConfirmSignUpInput{ClientId: &cog.ClientID, Username: &ann.Username, ConfirmationCode: &sent[0].Code})
	if err != nil {
		t.Fatal(err)
	}
	ann.Tokens(t)
	if got := len(cog.Fake(t).Invocations()); got != 5 {
		t.Errorf("%d functions were called, want 5", got)
	}
}

// wantRefused checks that a user cannot sign in by password, for a reason.
func wantRefused(t *testing.T, cog *cognitotest.Provider, username, code string) {
	t.Helper()
	_, err := cog.Client().InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": username, "PASSWORD": "Correct-Horse-7"},
	})
	if codeOf(err) != code {
		t.Errorf("error = %v, want %q", err, code)
	}
}

func TestMigrationsOfGoHandlers(t *testing.T) {
	type migrate = events.CognitoEventUserPoolsMigrateUser
	ann := map[string]string{"email": "ann@example.com", "email_verified": "true"}
	for _, test := range []struct {
		reason string
		edit   func(*migrate)
		code   string // of the sign-in's error
	}{
		{"an answer without attributes is unusable", func(*migrate) {}, "InvalidLambdaResponseException"},
		{"a status of \"\" is none, so that the password has to be reset", func(e *migrate) { e.UserAttributes = ann }, "PasswordResetRequiredException"},
		{"no mediums, no action, no alias that moves", func(e *migrate) { e.UserAttributes, e.FinalUserStatus = ann, "CONFIRMED" }, ""},
		{"no attributes are some", func(e *migrate) { e.UserAttributes, e.FinalUserStatus = map[string]string{}, "CONFIRMED" }, ""},
	} {
		t.Run(test.reason, func(t *testing.T) {
			cog := on(t, map[fake.TriggerSource]fake.Trigger{fake.UserMigration: handler(test.edit)})
			wantRefused(t, cog, "ann", test.code)
		})
	}
}

func TestTokensOfGoHandlers(t *testing.T) {
	type (
		v1 = events.CognitoEventUserPoolsPreTokenGen
		//lint:ignore SA1019 handlers that are deployed still use it
		old = events.CognitoEventUserPoolsPreTokenGenV2
		v2  = events.CognitoEventUserPoolsPreTokenGenV2_0
	)
	const own = "aws.cognito.signin.user.admin"
	staff := []any{"staff"}
	for _, test := range []struct {
		reason     string
		source     fake.TriggerSource
		handler    fake.Trigger
		id, access map[string]any // some claims; nil where there is none
	}{
		{"V1 has an object of groups always: untouched it takes them away", fake.PreTokenGeneration, untouched[v1](),
			map[string]any{"email": "ann@example.com", "cognito:groups": nil}, map[string]any{"cognito:groups": nil, "scope": own}},
		{"V1 keeps the groups that it passes on", fake.PreTokenGeneration, handler(func(e *v1) {
			e.Response.ClaimsOverrideDetails.GroupOverrideDetails = e.Request.GroupConfiguration
		}), map[string]any{"email": "ann@example.com", "cognito:groups": staff}, map[string]any{"cognito:groups": staff}},
		{"V1 sets claims, and unset GroupOverrideDetails takes the groups away", fake.PreTokenGeneration, handler(func(e *v1) {
			e.Response.ClaimsOverrideDetails.ClaimsToAddOrOverride = map[string]string{"tenant": "acme"}
		}), map[string]any{"tenant": "acme", "cognito:groups": nil}, map[string]any{"cognito:groups": nil}},
		{"V2 untouched takes the groups away, and leaves claims and scopes", fake.PreTokenGenerationV2, untouched[v2](),
			map[string]any{"email": "ann@example.com", "cognito:groups": nil}, map[string]any{"cognito:groups": nil, "scope": own}},
		{"so does V2 by its first type", fake.PreTokenGenerationV2, untouched[old](),
			map[string]any{"email": "ann@example.com", "cognito:groups": nil}, map[string]any{"cognito:groups": nil, "scope": own}},
		{"V3 uses the type of V2", fake.PreTokenGenerationV3, handler(func(e *v2) {
			e.Response.ClaimsAndScopeOverrideDetails.GroupOverrideDetails = e.Request.GroupConfiguration
			e.Response.ClaimsAndScopeOverrideDetails.AccessTokenGeneration = events.AccessTokenGenerationV2_0{
				ClaimsToAddOrOverride: map[string]any{"limits": []int{1, 2}}, ScopesToAdd: append(e.Request.Scopes, "orders.read"),
			}
		}), map[string]any{"limits": nil, "cognito:groups": staff}, map[string]any{"limits": []any{1.0, 2.0}, "scope": own + " orders.read", "cognito:groups": staff}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			cog := on(t, map[fake.TriggerSource]fake.Trigger{test.source: test.handler})
			tokens := cog.NewUser(t, cognitotest.Groups("staff"), cognitotest.Email("ann@example.com")).Tokens(t)
			wantClaims(t, tokens.IDToken, test.id)
			wantClaims(t, tokens.AccessToken, test.access)
		})
	}
}

// wantClaims compares some claims of a token; nil stands for none.
func wantClaims(t *testing.T, token string, want map[string]any) {
	t.Helper()
	var all jwt.MapClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &all); err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for name := range want {
		got[name] = all[name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims of the %s token (-want +got):\n%s", all["token_use"], diff)
	}
}

func TestMessagesOfGoHandlers(t *testing.T) {
	type custom = events.CognitoEventUserPoolsCustomMessage
	cog := on(t, map[fake.TriggerSource]fake.Trigger{fake.CustomMessage: handler(func(e *custom) {
		e.Response.SMSMessage = e.Request.UserAttributes["name"].(string) + ", " + e.Request.CodeParameter
	})}, cognitotest.WithPool(cip.CreateUserPoolInput{
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail, types.VerifiedAttributeTypePhoneNumber},
		SmsConfiguration:       &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")},
	}))
	for _, test := range []struct {
		reason, want string
		contact      cognitotest.UserOption
	}{
		{"the text for SMS is the handler's", "Ann, ", cognitotest.Phone("+12065550134")},
		{"texts of \"\" leave an e-mail alone", "Your verification code is ", cognitotest.Email("ann@example.com")},
	} {
		ann := cog.NewUser(t, cognitotest.Unconfirmed(), cognitotest.Attribute("name", "Ann"), test.contact)
		m := cog.Fake(t).Messages(fake.ToUser(cog.PoolID, ann.Username))[0]
		if got := m.Body; len(got) < len(test.want) || got[:len(test.want)] != test.want {
			t.Errorf("%s: body = %q, want %q and the code", test.reason, got, test.want)
		}
	}
}

type (
	define = events.CognitoEventUserPoolsDefineAuthChallenge
	ask    = events.CognitoEventUserPoolsCreateAuthChallenge
	judge  = events.CognitoEventUserPoolsVerifyAuthChallenge
)

// asking is functions of a custom authentication that asks until the answer is right.
func asking(edit func(*define), create func(*ask), verify func(*judge)) map[fake.TriggerSource]fake.Trigger {
	return map[fake.TriggerSource]fake.Trigger{
		fake.DefineAuthChallenge: handler(edit), fake.CreateAuthChallenge: handler(create), fake.VerifyAuthChallengeResponse: handler(verify),
	}
}

// untilRight issues tokens once the last answer was right. The name of the challenge stays "" then.
func untilRight(e *define) {
	rounds := e.Request.Session
	e.Response.IssueTokens = len(rounds) > 0 && rounds[len(rounds)-1].ChallengeResult
	if !e.Response.IssueTokens {
		e.Response.ChallengeName = "CUSTOM_CHALLENGE"
	}
}

func TestCustomAuthenticationOfGoHandlers(t *testing.T) {
	seen := []string{}
	cog := on(t, asking(untilRight, func(e *ask) { // both maps stay null, and the metadata ""
		for _, r := range e.Request.Session {
			seen = append(seen, r.ChallengeName+" "+r.ChallengeMetadata)
		}
	}, func(e *judge) {
		if e.Request.ChallengeAnswer == "seven" {
			e.Response.AnswerCorrect = true
		}
	}))
	ann := cog.NewUser(t)
	first, err := cog.Client().InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": ann.Username},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"USERNAME": ann.Username}, first.ChallengeParameters); diff != "" {
		t.Errorf("parameters of a challenge without any (-want +got):\n%s", diff)
	}
	again, err := answer(t, cog, ann, first.Session, "eight")
	if err != nil || again.ChallengeName != types.ChallengeNameTypeCustomChallenge {
		t.Fatalf("an answer that the zero response judges: %+v, %v; want another challenge", again, err)
	}
	last, err := answer(t, cog, ann, again.Session, "seven")
	if err != nil || last.AuthenticationResult == nil {
		t.Errorf("tokens with no challenge's name: %+v, %v; want tokens", last, err)
	}
	if diff := cmp.Diff([]string{"CUSTOM_CHALLENGE "}, seen); diff != "" {
		t.Errorf("rounds that were seen (-want +got):\n%s", diff)
	}
}

func answer(t *testing.T, cog *cognitotest.Provider, u *cognitotest.User, session *string, text string) (*cip.RespondToAuthChallengeOutput, error) {
	return cog.Client().RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: &cog.ClientID, ChallengeName: types.ChallengeNameTypeCustomChallenge, Session: session,
		ChallengeResponses: map[string]string{"USERNAME": u.Username, "ANSWER": text},
	})
}

func TestDefineAuthChallengeOfGoHandlers(t *testing.T) {
	for _, test := range []struct {
		reason string
		edit   func(*define)
		code   string
	}{
		{"no decision is unusable", func(*define) {}, "InvalidLambdaResponseException"},
		{"tokens at once", func(e *define) { e.Response.IssueTokens = true }, ""},
		{"the end", func(e *define) { e.Response.FailAuthentication = true }, "NotAuthorizedException"},
		{"the end counts, whatever else", func(e *define) {
			e.Response = events.CognitoEventUserPoolsDefineAuthChallengeResponse{ChallengeName: "CUSTOM_CHALLENGE", IssueTokens: true, FailAuthentication: true}
		}, "NotAuthorizedException"},
		{"a challenge that nobody knows", func(e *define) { e.Response.ChallengeName = "RIDDLE" }, "InvalidLambdaResponseException"},
	} {
		cog := on(t, asking(test.edit, func(*ask) {}, func(*judge) {}))
		ann := cog.NewUser(t)
		_, err := cog.Client().InitiateAuth(t.Context(), &cip.InitiateAuthInput{
			ClientId: &cog.ClientID, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": ann.Username},
		})
		if codeOf(err) != test.code {
			t.Errorf("%s: error = %v, want %q", test.reason, err, test.code)
		}
	}
}

func TestErrorsOfGoHandlers(t *testing.T) {
	type event = events.CognitoEventUserPoolsPreSignup
	for reason, h := range map[string]fake.Trigger{
		"lambda.NewHandler": lambda.NewHandler(func(_ context.Context, e event) (event, error) { return e, errors.New("not you") }),
		"TriggerFunc":       fake.TriggerFunc(func(_ context.Context, e event) (event, error) { return e, errors.New("not you") }),
		"without a context": lambda.NewHandler(func(e event) (event, error) { return e, errors.New("not you") }),
	} {
		err := signUpOnce(on(t, map[fake.TriggerSource]fake.Trigger{fake.PreSignUp: h}))
		var refused *types.UserLambdaValidationException
		if !errors.As(err, &refused) || refused.ErrorMessage() != "PreSignUp failed with error not you." {
			t.Errorf("%s: error = %v, want PreSignUp failed with error not you.", reason, err)
		}
	}
}
