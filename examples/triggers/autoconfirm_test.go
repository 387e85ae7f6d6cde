package triggers_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/examples/triggers"
	"github.com/cognitotest/cognito/fake"
)

const password = "Correct-Horse-7"

// signUp signs somebody up and reports whether that confirmed the user.
func signUp(cog *cognitotest.Provider, username, email string) (confirmed bool, err error) {
	out, err := cog.Client().SignUp(context.Background(), &cip.SignUpInput{
		ClientId: &cog.ClientID, Username: &username, Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	return err == nil && out.UserConfirmed, err
}

func TestPeopleOfTheCompanySignUpWithoutACode(t *testing.T) {
	company := triggers.AutoConfirm{Domains: []string{"example.com", "example.net"}}
	cog := cognitotest.New(t, cognitotest.WithTrigger(fake.PreSignUp, fake.TriggerFunc(company.PreSignUp)))

	for _, test := range []struct {
		username, reason, email, refusal string
	}{
		{"ann", "an address of the company", "ann@example.com", ""},
		{"bob", "the other domain, in capitals", "Bob@EXAMPLE.NET", ""},
		{"eve", "another domain", "eve@example.org", "PreSignUp failed with error sign up with the address of your company."},
		{"mal", "another domain that ends the same", "mal@notexample.com", "PreSignUp failed with error"},
		{"sub", "a domain below the company's", "sub@mail.example.com", "PreSignUp failed with error"},
	} {
		confirmed, err := signUp(cog, test.username, test.email)
		if refused := test.refusal != ""; confirmed == refused || (err != nil) != refused || refused && !strings.Contains(err.Error(), test.refusal) {
			t.Errorf("%s: confirmed = %t, error = %v; want the refusal %q", test.reason, confirmed, err, test.refusal)
		}
	}
	cog.NewUser(t, cognitotest.Email("guest@example.org")) // an administrator may
}

func TestWhatTheFunctionWasTold(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.WithTrigger(fake.PreSignUp, fake.TriggerFunc(triggers.AutoConfirm{}.PreSignUp)))
	signUp(cog, "ann", "ann@example.com") // is refused: the company has no domain

	calls := cog.Fake(t).Invocations(fake.OfTrigger(fake.PreSignUp), fake.OfUser(cog.PoolID, "ann"))
	if len(calls) != 1 || calls[0].Err == nil {
		t.Fatalf("invocations = %+v, want one that failed", calls)
	}
	var event events.CognitoEventUserPoolsPreSignup
	if err := calls[0].Decode(&event); err != nil {
		t.Fatal(err)
	}
	if got := event.Request.UserAttributes["email"]; event.CallerContext.ClientID != cog.ClientID || got != "ann@example.com" {
		t.Errorf("client %s, e-mail %s; want %s, ann@example.com", event.CallerContext.ClientID, got, cog.ClientID)
	}
}
