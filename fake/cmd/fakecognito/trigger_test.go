package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/fake/internal/envelope"
)

// emulator serves a function that confirms ann and refuses everybody else, as the Lambda runtime
// interface emulator does, and returns its URL.
func emulator(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+invokePath, func(w http.ResponseWriter, r *http.Request) {
		event, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if !strings.Contains(string(event), `"userName":"ann"`) {
			io.WriteString(w, `{"errorMessage":"you are not ann","errorType":"Error"}`)
			return
		}
		io.WriteString(w, strings.Replace(string(event), `"autoConfirmUser":false`, `"autoConfirmUser":true`, 1))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + invokePath
}

// signUp signs somebody up and returns whether that confirmed the user, or the error.
func signUp(c *cip.Client, clientID, username string) string {
	out, err := c.SignUp(context.Background(), &cip.SignUpInput{ClientId: &clientID, Username: &username, Password: aws.String("Correct-Horse-7")})
	switch {
	case err != nil:
		return err.Error()
	case out.UserConfirmed:
		return "confirmed"
	}
	return "unconfirmed"
}

// wantConfirmer checks that a client's pool calls the function of emulator.
func wantConfirmer(t *testing.T, c *cip.Client, clientID string) {
	t.Helper()
	if got := signUp(c, clientID, "ann"); got != "confirmed" {
		t.Errorf("ann: %s, want confirmed", got)
	}
	if got, want := signUp(c, clientID, "bob"), "UserLambdaValidationException: PreSignUp failed with error you are not ann."; !strings.HasSuffix(got, want) {
		t.Errorf("bob: %s, want %s", got, want)
	}
}

func TestTriggersOfThePool(t *testing.T) {
	url := emulator(t)
	exports := start(t, io.Discard, "-trigger", "PreSignUp="+url, "-trigger", "PostConfirmation="+url, "-user-pool", "demo")
	wantConfirmer(t, client(exports), exports["COGNITO_CLIENT_ID"])
}

func TestEveryTriggerHasAFlag(t *testing.T) {
	flags := []string{"-user-pool", "demo"}
	want := 0
	for _, source := range []fake.TriggerSource{
		fake.PreSignUp, fake.PostConfirmation, fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGenerationV3, fake.DefineAuthChallenge,
		fake.CreateAuthChallenge, fake.VerifyAuthChallengeResponse, fake.UserMigration, fake.CustomMessage, fake.CustomEmailSender,
		fake.CustomSMSSender, fake.InboundFederation,
	} {
		flags = append(flags, "-trigger", string(source)+"=http://127.0.0.1:9001"+invokePath)
		want++
	}
	exports := start(t, io.Discard, flags...)
	out, err := client(exports).DescribeUserPool(context.Background(), &cip.DescribeUserPoolInput{UserPoolId: aws.String(exports["COGNITO_USER_POOL_ID"])})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(out.UserPool.LambdaConfig)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(text), `"arn:aws:lambda:`); got != want+1 { // pre token generation has two members
		t.Errorf("LambdaConfig names %d functions, want %d: %s", got, want+1, text)
	}
}

func TestFunctionsOfARNs(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:123456789012:function:sign-up"
	c, ctx := client(start(t, io.Discard, "-function", arn+"="+emulator(t))), context.Background()
	pool, err := c.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("demo"), LambdaConfig: &types.LambdaConfigType{PreSignUp: aws.String(arn)}})
	if err != nil {
		t.Fatal(err)
	}
	app, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: pool.UserPool.Id, ClientName: aws.String("demo")})
	if err != nil {
		t.Fatal(err)
	}
	wantConfirmer(t, c, *app.UserPoolClient.ClientId)
}

func TestTriggersThatCannotBe(t *testing.T) {
	const url = "http://127.0.0.1:9001" + invokePath
	for _, test := range []struct {
		name, want string
		args       []string
	}{
		{"unknown name", "no trigger is called \"PreSignup\"; the triggers are [PreSignUp PostConfirmation", []string{"-user-pool", "demo", "-trigger", "PreSignup=" + url}},
		{"no pool", "add -user-pool NAME", []string{"-trigger", "PreSignUp=" + url}},
		{"no URL", "want NAME=URL", []string{"-user-pool", "demo", "-trigger", "PreSignUp"}},
		{"no name", "want NAME=URL", []string{"-user-pool", "demo", "-trigger", "=" + url}},
		{"twice", "PreSignUp has a function already", []string{"-user-pool", "demo", "-trigger", "PreSignUp=" + url, "-trigger", "PreSignUp=" + url}},
		{"no scheme", "such as " + url, []string{"-user-pool", "demo", "-trigger", "PreSignUp=127.0.0.1:9001"}},
		{"a socket", "such as " + url, []string{"-function", "arn=unix:///tmp/socket"}},
		{"no host", "such as " + url, []string{"-function", "arn=http:///"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := run(context.Background(), append([]string{"-addr", "127.0.0.1:0"}, test.args...), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestSendersDecryptByTheExportedKey(t *testing.T) {
	codes := make(chan string, 1)
	sender := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var event struct {
			Request struct{ Code string }
		}
		if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
			t.Error(err)
		}
		codes <- event.Request.Code
	}))
	t.Cleanup(sender.Close)
	exports := start(t, io.Discard, "-user-pool", "demo", "-trigger", "CustomEmailSender="+sender.URL+invokePath)
	_, err := client(exports).AdminCreateUser(context.Background(), &cip.AdminCreateUserInput{
		UserPoolId: aws.String(exports["COGNITO_USER_POOL_ID"]), Username: aws.String("ann"), TemporaryPassword: aws.String("Temporary-1"),
		UserAttributes:         []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ann@example.com")}},
		DesiredDeliveryMediums: []types.DeliveryMediumType{types.DeliveryMediumTypeEmail},
	})
	if err != nil {
		t.Fatal(err)
	}
	key, errKey := base64.StdEncoding.DecodeString(exports["COGNITO_SENDER_KEY"])
	code, errCode := base64.StdEncoding.DecodeString(<-codes)
	if err := errors.Join(errKey, errCode); err != nil || len(key) != 32 {
		t.Fatalf("a key of %d bytes, %v; want 32", len(key), err)
	}
	text, _, err := envelope.Key{Namespace: fake.SenderKeyNamespace, Name: fake.SenderKeyName, Secret: [32]byte(key)}.Open(code)
	if err != nil || string(text) != "Temporary-1" {
		t.Errorf("the sender got %q, %v; want Temporary-1", text, err)
	}
}
