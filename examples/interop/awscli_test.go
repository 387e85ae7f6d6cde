package interop

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/cognitotest"
)

// cli runs aws cognito-idp and decodes what it prints.
type cli struct {
	t    *testing.T
	p    *cognitotest.Provider
	path string
}

func newCLI(t *testing.T, p *cognitotest.Provider) cli {
	return cli{t, p, need(t, "aws", "install the AWS CLI")}
}

func (c cli) try(args ...string) (string, error) {
	c.t.Helper()
	return run(c.t, c.p, c.path, append([]string{"--output", "json", "cognito-idp"}, args...)...)
}

func (c cli) must(args ...string) string {
	c.t.Helper()
	out, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("aws cognito-idp %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// wantError checks the line that the AWS CLI prints for a service's error.
func (c cli) wantError(err error, want string) {
	c.t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		c.t.Errorf("error = %v, want %s", err, want)
	}
}

// authAnswer is what admin-initiate-auth and admin-respond-to-auth-challenge print.
type authAnswer struct {
	ChallengeName        string
	Session              string
	ChallengeParameters  map[string]string
	AuthenticationResult *struct {
		AccessToken, RefreshToken, IdToken, TokenType string
		ExpiresIn                                     int
	}
}

func (a authAnswer) wantTokens(t *testing.T) {
	t.Helper()
	r := a.AuthenticationResult
	if r == nil || r.AccessToken == "" || r.RefreshToken == "" || r.IdToken == "" || r.TokenType != "Bearer" || r.ExpiresIn != 3600 {
		t.Errorf("AuthenticationResult = %+v, want three tokens, Bearer, 3600", r)
	}
	if a.ChallengeParameters == nil || len(a.ChallengeParameters) != 0 || a.ChallengeName != "" || a.Session != "" {
		t.Errorf("answer = %+v, want empty ChallengeParameters, no challenge and no session", a)
	}
}

func TestCLIUserCreatedByAnAdministrator(t *testing.T) {
	p := cognitotest.New(t, cognitotest.WithPool(cip.CreateUserPoolInput{
		UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
	}))
	aws := newCLI(t, p)
	aws.must("admin-create-user", "--user-pool-id", p.PoolID, "--username", "ann@example.com", "--temporary-password", "Temporary-1",
		"--message-action", "SUPPRESS", "--user-attributes", "Name=email,Value=ann@example.com", "Name=email_verified,Value=true")
	signIn := func() authAnswer {
		return decode[authAnswer](t, aws.must("admin-initiate-auth", "--user-pool-id", p.PoolID, "--client-id", p.ClientID,
			"--auth-flow", "ADMIN_USER_PASSWORD_AUTH", "--auth-parameters", "USERNAME=ann@example.com,PASSWORD=Temporary-1"))
	}
	respond := func(session string) (string, error) {
		return aws.try("admin-respond-to-auth-challenge", "--user-pool-id", p.PoolID, "--client-id", p.ClientID,
			"--challenge-name", "NEW_PASSWORD_REQUIRED", "--session", session, "--challenge-responses", "USERNAME=ann@example.com,NEW_PASSWORD=Permanent-1")
	}

	first := signIn()
	if first.ChallengeName != "NEW_PASSWORD_REQUIRED" || len(first.Session) < 900 || first.AuthenticationResult != nil {
		t.Errorf("challenge %q with a session of %d characters, want NEW_PASSWORD_REQUIRED and a long one", first.ChallengeName, len(first.Session))
	}
	uuid := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	if got := first.ChallengeParameters["USER_ID_FOR_SRP"]; !uuid.MatchString(got) {
		t.Errorf("USER_ID_FOR_SRP = %q, want a UUID", got)
	}
	if got := first.ChallengeParameters["requiredAttributes"]; got != "[]" {
		t.Errorf("requiredAttributes = %q, want []", got)
	}
	attributes := decode[map[string]string](t, first.ChallengeParameters["userAttributes"])
	if len(attributes) != 2 || attributes["email"] != "ann@example.com" || attributes["email_verified"] != "true" {
		t.Errorf("userAttributes = %v, want email and email_verified", attributes)
	}

	stale := signIn().Session
	out, err := respond(first.Session)
	if err != nil {
		t.Fatal(err)
	}
	decode[authAnswer](t, out).wantTokens(t)

	p.Fake(t).Advance(4 * time.Minute)
	_, err = respond(stale)
	aws.wantError(err, "(NotAuthorizedException) when calling the AdminRespondToAuthChallenge operation: Invalid session for the user, session is expired.")
}

func TestCLIUserSignedUp(t *testing.T) {
	p := cognitotest.New(t)
	aws := newCLI(t, p)
	poolID := decode[struct{ UserPool struct{ Id string } }](t, aws.must("create-user-pool", "--pool-name", "demo")).UserPool.Id
	clientID := decode[struct{ UserPoolClient struct{ ClientId string } }](t,
		aws.must("create-user-pool-client", "--user-pool-id", poolID, "--client-name", "demo")).UserPoolClient.ClientId
	signedUp := decode[struct {
		UserConfirmed bool
		UserSub       string
	}](t, aws.must("sign-up", "--client-id", clientID, "--username", "ann", "--password", "Correct-Horse-7"))
	if signedUp.UserConfirmed || signedUp.UserSub == "" {
		t.Errorf("sign-up = %+v, want an unconfirmed user with a sub", signedUp)
	}
	signIn := func(flow string) (string, error) {
		return aws.try("admin-initiate-auth", "--user-pool-id", poolID, "--client-id", clientID,
			"--auth-flow", flow, "--auth-parameters", "USERNAME=ann,PASSWORD=Correct-Horse-7")
	}

	for _, flow := range []string{"ADMIN_NO_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH"} {
		_, err := signIn(flow)
		aws.wantError(err, "(InvalidParameterException) when calling the AdminInitiateAuth operation: Auth flow not enabled for this client")
	}
	aws.must("update-user-pool-client", "--user-pool-id", poolID, "--client-id", clientID,
		"--explicit-auth-flows", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
	_, err := signIn("ADMIN_USER_PASSWORD_AUTH")
	aws.wantError(err, "(UserNotConfirmedException) when calling the AdminInitiateAuth operation: User is not confirmed.")

	aws.must("admin-confirm-sign-up", "--user-pool-id", poolID, "--username", "ann")
	out, err := signIn("ADMIN_USER_PASSWORD_AUTH")
	if err != nil {
		t.Fatal(err)
	}
	tokens := decode[authAnswer](t, out)
	tokens.wantTokens(t)

	user := decode[struct {
		Username       string
		UserAttributes []struct{ Name, Value string }
	}](t, aws.must("get-user", "--access-token", tokens.AuthenticationResult.AccessToken))
	if user.Username != "ann" || len(user.UserAttributes) != 1 || user.UserAttributes[0].Name != "sub" || user.UserAttributes[0].Value != signedUp.UserSub {
		t.Errorf("get-user = %+v, want ann with sub %s", user, signedUp.UserSub)
	}
}
