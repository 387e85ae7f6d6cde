package backendtest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// challenged signs in a user with a temporary password and returns the challenge.
func challenged(t *testing.T, p *cognitotest.Provider, u *cognitotest.User) *cip.InitiateAuthOutput {
	t.Helper()
	out, err := signIn(p, u.Username, u.Password)
	need(t, err)
	if out.ChallengeName != types.ChallengeNameTypeNewPasswordRequired || out.AuthenticationResult != nil {
		t.Fatalf("challenge = %q, result = %v; want NEW_PASSWORD_REQUIRED and no tokens", out.ChallengeName, out.AuthenticationResult)
	}
	return out
}

// respond answers NEW_PASSWORD_REQUIRED. Pairs of names and values are further responses.
func respond(p *cognitotest.Provider, session *string, username, password string, more ...string) (*cip.RespondToAuthChallengeOutput, error) {
	responses := map[string]string{"USERNAME": username, "NEW_PASSWORD": password}
	for i := 0; i < len(more); i += 2 {
		responses[more[i]] = more[i+1]
	}
	return p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: types.ChallengeNameTypeNewPasswordRequired, Session: session,
		ChallengeResponses: hashed(responses, p.SecretHash(username)),
	})
}

const newPassword = "New-Horse-77"

// requiring is a pool that asks its users for these attributes.
func requiring(names ...string) cognitotest.Option {
	var schema []types.SchemaAttributeType
	for _, name := range names {
		schema = append(schema, types.SchemaAttributeType{Name: &name, Required: aws.Bool(true), Mutable: aws.Bool(true)})
	}
	return cognitotest.WithPool(cip.CreateUserPoolInput{Schema: schema})
}

var newPasswordRequired = []Behaviour{
	{"the challenge carries the user's attributes and the missing ones as JSON in strings", func(t *testing.T, start Start) {
		p := start(t, requiring("email", "name"))
		u := p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Email("ann@example.com"))
		out := challenged(t, p, u)
		var attributes map[string]string
		need(t, json.Unmarshal([]byte(out.ChallengeParameters["userAttributes"]), &attributes))
		if diff := cmp.Diff(map[string]string{"email": "ann@example.com", "email_verified": "true"}, attributes); diff != "" {
			t.Errorf("userAttributes (-want +got):\n%s", diff)
		}
		if got, want := out.ChallengeParameters["requiredAttributes"], `["userAttributes.name"]`; got != want {
			t.Errorf("requiredAttributes = %s, want %s", got, want)
		}
		if got := out.ChallengeParameters["USER_ID_FOR_SRP"]; got != u.Username {
			t.Errorf("USER_ID_FOR_SRP = %s, want %s", got, u.Username)
		}
	}},
	{"where nothing is missing the list of required attributes is an empty JSON array", func(t *testing.T, start Start) {
		p := start(t)
		out := challenged(t, p, p.NewUser(t, cognitotest.TemporaryPassword()))
		if got := out.ChallengeParameters["requiredAttributes"]; got != "[]" {
			t.Errorf("requiredAttributes = %q, want []", got)
		}
	}},
	{"the answer confirms the user and gives tokens; the new password may equal the temporary one", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		out, err := respond(p, challenged(t, p, u).Session, u.Username, u.Password)
		need(t, err)
		if out.AuthenticationResult == nil || out.AuthenticationResult.RefreshToken == nil {
			t.Errorf("result = %+v, want three tokens", out.AuthenticationResult)
		}
		got, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		if got.UserStatus != types.UserStatusTypeConfirmed {
			t.Errorf("status = %s, want CONFIRMED", got.UserStatus)
		}
	}},
	{"an administrator answers the challenge too", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		first, err := adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, p.SecretHash(u.Username), map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password})
		need(t, err)
		out, err := p.Client().AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, ChallengeName: first.ChallengeName, Session: first.Session,
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "NEW_PASSWORD": newPassword, "SECRET_HASH": p.SecretHash(u.Username)},
		})
		need(t, err)
		if out.AuthenticationResult == nil || out.ChallengeName != "" || len(out.ChallengeParameters) != 0 {
			t.Errorf("answer = %+v, want tokens", out)
		}
	}},
	{"required attributes must come with the answer, and are named where they do not", func(t *testing.T, start Start) {
		p := start(t, requiring("name", "address"))
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		session := challenged(t, p, u).Session
		_, err := respond(p, session, u.Username, newPassword)
		wantError(t, err, "InvalidParameterException", "Invalid attributes given, name and address is missing")
		_, err = respond(p, session, u.Username, newPassword, "userAttributes.name", "Ann")
		wantError(t, err, "InvalidParameterException", "Invalid attributes given, address is missing")
		_, err = respond(p, session, u.Username, newPassword, "userAttributes.name", "Ann", "userAttributes.address", "1 Main St")
		need(t, err)
		got, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		if name := attribute(got.UserAttributes, "name"); name != "Ann" {
			t.Errorf("name = %q, want Ann", name)
		}
	}},
	{"other writable attributes may come with the answer", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		_, err := respond(p, challenged(t, p, u).Session, u.Username, newPassword, "userAttributes.nickname", "Annie")
		need(t, err)
		got, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
		need(t, err)
		if name := attribute(got.UserAttributes, "nickname"); name != "Annie" {
			t.Errorf("nickname = %q, want Annie", name)
		}
	}},
	{"an attribute that has a value already is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Email("ann@example.com"))
		_, err := respond(p, challenged(t, p, u).Session, u.Username, newPassword, "userAttributes.email", "ann@example.com")
		wantError(t, err, "NotAuthorizedException", "Cannot modify an already provided email")
	}},
	{"an address that is somebody else's username is refused, and the sign-in can go on", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail, types.UsernameAttributeTypePhoneNumber},
		}))
		p.NewUser(t, cognitotest.Username("ann@example.com"), cognitotest.Email("ann@example.com"))
		u := p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Username("+12065550100"), cognitotest.Phone("+12065550100"))
		session := challenged(t, p, u).Session
		_, err := respond(p, session, u.Username, newPassword, "userAttributes.email", "ann@example.com")
		wantError(t, err, "AliasExistsException", "An account with the given email already exists.")
		_, err = respond(p, session, u.Username, newPassword, "userAttributes.email", "bob@example.com")
		need(t, err)
	}},
	{"email_verified sent back is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword(), cognitotest.Email("ann@example.com"))
		_, err := respond(p, challenged(t, p, u).Session, u.Username, newPassword, "userAttributes.email_verified", "true")
		if err == nil {
			t.Error("no error")
		}
	}},
	{"a weak password is refused in the words of this path, and can be corrected in the same session", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		session := challenged(t, p, u).Session
		_, err := respond(p, session, u.Username, "short")
		wantError(t, err, "InvalidPasswordException", "Password does not conform to policy: Password not long enough")
		_, err = respond(p, session, u.Username, newPassword)
		need(t, err)
	}},
	{"a password longer than 256 characters is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		_, err := respond(p, challenged(t, p, u).Session, u.Username, newPassword+strings.Repeat("x", 256))
		if err == nil {
			t.Error("no error")
		}
	}},
	{"the answer needs its parameters", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		session := challenged(t, p, u).Session
		for _, test := range []struct {
			missing   string
			session   *string
			responses map[string]string
		}{
			{"Session", nil, map[string]string{"USERNAME": u.Username, "NEW_PASSWORD": newPassword}},
			{"USERNAME", session, map[string]string{"NEW_PASSWORD": newPassword}},
			{"NEW_PASSWORD", session, map[string]string{"USERNAME": u.Username}},
		} {
			_, err := p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
				ClientId: &p.ClientID, ChallengeName: types.ChallengeNameTypeNewPasswordRequired, Session: test.session, ChallengeResponses: test.responses,
			})
			wantError(t, err, "InvalidParameterException", "Missing required parameter "+test.missing)
		}
	}},
	{"the answer to a client with a secret needs SECRET_HASH again", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		in := &cip.RespondToAuthChallengeInput{
			ClientId: &p.ClientID, ChallengeName: types.ChallengeNameTypeNewPasswordRequired, Session: challenged(t, p, u).Session,
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "NEW_PASSWORD": newPassword},
		}
		_, err := p.Client().RespondToAuthChallenge(ctx, in)
		wantError(t, err, "NotAuthorizedException", "Client "+p.ClientID+" is configured with secret but SECRET_HASH was not received")
		in.ChallengeResponses["SECRET_HASH"] = p.SecretHash("somebody else")
		_, err = p.Client().RespondToAuthChallenge(ctx, in)
		wantError(t, err, "NotAuthorizedException", "Unable to verify secret hash for client "+p.ClientID)
	}},
}

var sessions = []Behaviour{
	{"a session is a long opaque text", func(t *testing.T, start Start) {
		p := start(t)
		session := aws.ToString(challenged(t, p, p.NewUser(t, cognitotest.TemporaryPassword())).Session)
		if !strings.HasPrefix(session, "AYABe") || len(session) < 900 || len(session) > 1600 {
			t.Errorf("session of %d characters: %.20s…; want 900 to 1600, beginning AYABe", len(session), session)
		}
	}},
	{"a session can be used once", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		session := challenged(t, p, u).Session
		_, err := respond(p, session, u.Username, newPassword)
		need(t, err)
		_, err = respond(p, session, u.Username, newPassword)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
	}},
	{"a session lives for three minutes, or as long as the client says", func(t *testing.T, start Start) {
		longer := cognitotest.WithAppClient(cip.CreateUserPoolClientInput{AuthSessionValidity: aws.Int32(15)})
		for life, opts := range map[time.Duration][]cognitotest.Option{3 * time.Minute: nil, 15 * time.Minute: {longer}} {
			p := start(t, opts...)
			s := needFake(t, p, slow)
			u := p.NewUser(t, cognitotest.TemporaryPassword())
			stale, fresh := challenged(t, p, u).Session, challenged(t, p, u).Session
			s.Advance(life - time.Second*20)
			_, err := respond(p, fresh, u.Username, "short")
			wantCode(t, err, "InvalidPasswordException")
			s.Advance(time.Second * 20)
			_, err = respond(p, stale, u.Username, newPassword)
			wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session is expired.")
		}
	}},
	{"a session cannot change a password that was set in the meantime", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why string
			set func(p *cognitotest.Provider, session *string, u *cognitotest.User) error
		}{
			{"in another session", func(p *cognitotest.Provider, session *string, u *cognitotest.User) error {
				return fail(respond(p, session, u.Username, newPassword))
			}},
			{"by an administrator", func(p *cognitotest.Provider, _ *string, u *cognitotest.User) error {
				return setPassword(p, u.Username, newPassword, true)
			}},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t)
				u := p.NewUser(t, cognitotest.TemporaryPassword())
				late, soon := challenged(t, p, u).Session, challenged(t, p, u).Session
				need(t, row.set(p, soon, u))
				_, err := respond(p, late, u.Username, "Other-Horse-99")
				wantCode(t, err, "NotAuthorizedException")
				_, err = signIn(p, u.Username, newPassword)
				need(t, err)
			})
		}
	}},
	{"a session of another user is invalid", func(t *testing.T, start Start) {
		p := start(t)
		ann, bob := p.NewUser(t, cognitotest.TemporaryPassword()), p.NewUser(t, cognitotest.TemporaryPassword())
		_, err := respond(p, challenged(t, p, ann).Session, bob.Username, newPassword)
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
	}},
	{"a text that is no session of the service is refused", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		real := aws.ToString(challenged(t, p, u).Session)
		for _, forged := range []string{"AYABe" + strings.Repeat("A", 900), strings.Repeat("x", 100), real[:len(real)-10] + strings.Repeat("A", 10)} {
			_, err := respond(p, &forged, u.Username, newPassword)
			wantError(t, err, "CodeMismatchException", "Invalid session provided")
		}
	}},
}
