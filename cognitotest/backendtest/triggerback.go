package backendtest

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// callingBack is a function that reads the pool and changes it, as far as fires no trigger, before it does
// what f does.
func callingBack(p *cognitotest.Provider, f func(event) (event, error)) func(event) (event, error) {
	return func(e event) (event, error) {
		if err := fail(p.Client().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &p.PoolID})); err != nil {
			return nil, err
		}
		if err := update(p, "witness", "nickname", fmt.Sprint(e["triggerSource"])); err != nil {
			return nil, err
		}
		return f(e)
	}
}

// backCallers is a function for each trigger, and what fires it.
var backCallers = []struct {
	source fake.TriggerSource
	last   string // the triggerSource
	answer func(event) (event, error)
	fire   func(t *testing.T, p *cognitotest.Provider) error
}{
	{fake.PreSignUp, "PreSignUp_SignUp", replying("autoConfirmUser", true), signsUp},
	{fake.PostConfirmation, "PostConfirmation_ConfirmSignUp", replying(), func(t *testing.T, p *cognitotest.Provider) error {
		return confirm(p, "ann", newcomer(t, p, "ann"))
	}},
	{fake.CustomMessage, "CustomMessage_SignUp", replying("emailMessage", "Take {####}"), signsUp},
	{fake.CustomEmailSender, "CustomEmailSender_SignUp", replying(), signsUp},
	{fake.CustomSMSSender, "CustomSMSSender_SignUp", replying(), func(_ *testing.T, p *cognitotest.Provider) error {
		return fail(signUp(p, "ann", "phone_number", "+12065550134"))
	}},
	{fake.PreAuthentication, "PreAuthentication_Authentication", replying(), signsIn},
	{fake.PostAuthentication, "PostAuthentication_Authentication", replying(), signsIn},
	{fake.PreTokenGeneration, "TokenGeneration_Authentication", replying(), signsIn},
	{fake.PreTokenGenerationV2, "TokenGeneration_Authentication", replying(), signsIn},
	{fake.PreTokenGenerationV3, "TokenGeneration_Authentication", replying(), signsIn},
	{fake.UserMigration, "UserMigration_Authentication", legacy("ann", goodPassword, "finalUserStatus", "CONFIRMED"),
		func(_ *testing.T, p *cognitotest.Provider) error { return fail(signIn(p, "ann", goodPassword)) }},
	{fake.DefineAuthChallenge, "DefineAuthChallenge_Authentication", replying("issueTokens", true), answersRiddle},
	{fake.CreateAuthChallenge, "CreateAuthChallenge_Authentication", replying(), answersRiddle},
	{fake.VerifyAuthChallengeResponse, "VerifyAuthChallengeResponse_Authentication", replying("answerCorrect", true), answersRiddle},
}

func signsUp(_ *testing.T, p *cognitotest.Provider) error {
	return fail(signUp(p, "ann", "email", "ann@example.com"))
}

func signsIn(_ *testing.T, p *cognitotest.Provider) error {
	return fail(signIn(p, "witness", goodPassword))
}

// answersRiddle begins a custom sign-in, and answers where something is asked.
func answersRiddle(_ *testing.T, p *cognitotest.Provider) error {
	out, err := beginCustom(p, "witness")
	if err == nil && out.ChallengeName == customChallenge {
		_, err = reply(p, customChallenge, out.Session, "witness", "ANSWER", "one")
	}
	return err
}

var callsBack = []Behaviour{
	{"a function of every trigger may call the pool that calls it, over a socket and in memory", func(t *testing.T, start Start) {
		for _, row := range backCallers {
			for way, opts := range map[string][]cognitotest.Option{"socket": nil, "memory": {cognitotest.InMemory()}} {
				part(t, string(row.source)+" "+way, func(t *testing.T) {
					p := startFake(t, start, local, append(opts, cognitotest.WithPool(mailing(autoEmail, autoPhone)))...)
					p.NewUser(t, cognitotest.Username("witness"), cognitotest.Password(goodPassword))
					riddles(t, p)
					onTrigger(t, p, row.source, callingBack(p, row.answer))
					need(t, row.fire(t, p))
					if got := attribute(look(t, p, "witness").UserAttributes, "nickname"); got != row.last {
						t.Errorf("the function called back for %q, want %q", got, row.last)
					}
				})
			}
		}
	}},
	{"a function may sign somebody in, and the calls are listed as they began", func(t *testing.T, start Start) {
		p := start(t)
		bob := p.NewUser(t)
		onTrigger(t, p, fake.PostAuthentication, func(e event) (event, error) {
			if e["userName"] == bob.Username {
				return e, nil
			}
			return e, fail(signIn(p, bob.Username, bob.Password))
		})
		every(t, p, fake.PreAuthentication)
		ann := p.NewUser(t)
		need(t, fail(signIn(p, ann.Username, ann.Password)))
		var got []string
		for _, i := range needFake(t, p, local).Invocations() {
			got = append(got, i.Source.Trigger()+" of "+i.Username)
		}
		wantSame(t, "the calls", got, []string{
			"PreAuthentication of " + ann.Username, "PostAuthentication of " + ann.Username,
			"PreAuthentication of " + bob.Username, "PostAuthentication of " + bob.Username,
		})
	}},
	{"a function may change which functions the pool calls", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, func(e event) (event, error) {
			if err := needFake(t, p, local).HandleTrigger(p.PoolID, fake.PostConfirmation, handlerFunc(func(b []byte) ([]byte, error) { return b, nil })); err != nil {
				return nil, err
			}
			return replying("autoConfirmUser", true)(e)
		})
		need(t, fail(signUp(p, "ann")))
		wantSources(t, p, "PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp")
		onTrigger(t, p, fake.PreSignUp, func(e event) (event, error) {
			return e, updatePool(p, cip.UpdateUserPoolInput{})
		})
		need(t, fail(signUp(p, "bob")))
		wantStatus(t, p, "bob", types.UserStatusTypeUnconfirmed)
		need(t, fail(signUp(p, "eve")))
		wantSources(t, p, "PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp", "PreSignUp_SignUp")
	}},
	{"a custom sign-in whose functions a function takes away cannot go on", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		out, err := beginCustom(p, u.Username)
		need(t, err)
		onTrigger(t, p, fake.VerifyAuthChallengeResponse, func(e event) (event, error) {
			return e, updatePool(p, cip.UpdateUserPoolInput{})
		})
		_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
		wantCode(t, err, "InvalidParameterException")
	}},
	{"nobody is signed in whom a function has disabled or deleted in the meantime", func(t *testing.T, start Start) {
		remove := func(p *cognitotest.Provider, name string) error {
			return fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &name}))
		}
		for _, row := range []struct {
			why     string
			source  fake.TriggerSource
			change  func(*cognitotest.Provider, string) error
			code    string
			message string
		}{
			{"disabled before", fake.PreAuthentication, disable, "NotAuthorizedException", "User is disabled."},
			{"disabled by who issues tokens", fake.DefineAuthChallenge, disable, "NotAuthorizedException", "User is disabled."},
			{"deleted by who issues tokens", fake.DefineAuthChallenge, remove, "UserNotFoundException", "User does not exist."},
			{"disabled by who judges", fake.VerifyAuthChallengeResponse, disable, "NotAuthorizedException", "User is disabled."},
			{"deleted by who judges", fake.VerifyAuthChallengeResponse, remove, "UserNotFoundException", "User does not exist."},
			{"disabled by who asks", fake.CreateAuthChallenge, disable, "NotAuthorizedException", "User is disabled."},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t)
				p.NewUser(t, cognitotest.Username("witness"))
				riddles(t, p)
				onTrigger(t, p, row.source, func(e event) (event, error) {
					name, _ := e["userName"].(string)
					return e, row.change(p, name)
				})
				if row.source == fake.DefineAuthChallenge {
					onTrigger(t, p, row.source, func(e event) (event, error) {
						if err := row.change(p, "witness"); err != nil {
							return nil, err
						}
						return replying("issueTokens", true)(e)
					})
				}
				wantError(t, answersRiddle(t, p), row.code, row.message)
			})
		}
	}},
	{"an operation ends whose pool or client a function deletes", func(t *testing.T, start Start) {
		deletePool := func(p *cognitotest.Provider) error {
			return fail(p.Client().DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &p.PoolID}))
		}
		deleteClient := func(p *cognitotest.Provider) error {
			return fail(p.Client().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &p.ClientID}))
		}
		for _, row := range []struct {
			why    string
			remove func(*cognitotest.Provider) error
			call   func(*testing.T, *cognitotest.Provider) error
		}{
			{"the pool of a sign-up", deletePool, signsUp},
			{"the pool of a sign-in", deletePool, signsIn},
			{"the pool of an administrator", deletePool, func(_ *testing.T, p *cognitotest.Provider) error { return fail(create(p, "ann")) }},
			{"the client of a sign-up", deleteClient, signsUp},
			{"the client of a sign-in", deleteClient, signsIn},
		} {
			part(t, row.why, func(t *testing.T) {
				p := start(t)
				need(t, fail(create(p, "witness")))
				need(t, setPassword(p, "witness", goodPassword, true))
				for _, source := range []fake.TriggerSource{fake.PreSignUp, fake.PreAuthentication} {
					onTrigger(t, p, source, func(e event) (event, error) { return e, row.remove(p) })
				}
				wantCode(t, row.call(t, p), "ResourceNotFoundException")
			})
		}
	}},
}

// crowdsAtFunctions is what happens where many call at once, or functions answer much.
var crowdsAtFunctions = []Behaviour{
	{"of several answers to one custom challenge at once, one goes on", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		out, err := beginCustom(p, u.Username)
		need(t, err)
		errs := atOnce(8, func(int) error { return fail(reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")) })
		passed := 0
		for _, err := range errs {
			if err == nil {
				passed++
			} else {
				wantError(t, err, "NotAuthorizedException", sessionIsSpent)
			}
		}
		if passed != 1 {
			t.Errorf("%d answers went on, want 1", passed)
		}
	}},
	{"of several sign-ups by one name at once, one succeeds, whatever the functions do", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		every(t, p, fake.PostConfirmation)
		var passed atomic.Int32
		for _, err := range atOnce(8, func(int) error { return fail(signUp(p, "ann")) }) {
			if err == nil {
				passed.Add(1)
			} else {
				wantError(t, err, "UsernameExistsException", "User already exists")
			}
		}
		if passed.Load() != 1 {
			t.Errorf("%d sign-ups succeeded, want 1", passed.Load())
		}
		for i, err := range atOnce(24, func(i int) error { return fail(signUp(p, fmt.Sprint("user", i))) }) {
			if err != nil {
				t.Errorf("sign-up %d: %v", i, err)
			}
		}
	}},
	{"the functions of a pool may change while they are called", func(t *testing.T, start Start) {
		p := start(t)
		s := needFake(t, p, local)
		u := p.NewUser(t)
		works := []func(i int) error{
			func(int) error { return updatePool(p, cip.UpdateUserPoolInput{}) },
			func(int) error {
				return s.HandleTrigger(p.PoolID, fake.PreSignUp, handlerFunc(func(b []byte) ([]byte, error) { s.Invocations(); return b, nil }))
			},
			func(int) error {
				return s.HandleTrigger(p.PoolID, fake.PreTokenGenerationV2, handlerFunc(func(b []byte) ([]byte, error) { return b, nil }))
			},
			func(i int) error { return fail(signUp(p, fmt.Sprint("user", i))) },
			func(int) error { return fail(signIn(p, u.Username, u.Password)) },
		}
		for i, err := range atOnce(50, func(i int) error { return works[i%len(works)](i) }) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
	}},
	{"several first sign-ins of a user of another directory at once migrate the user once, and all succeed", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.UserMigration, legacy("ann", goodPassword, "finalUserStatus", "CONFIRMED"))
		for _, err := range atOnce(8, func(int) error { return fail(signIn(p, "ann", goodPassword)) }) {
			need(t, err)
		}
	}},
	{"a function may make the user itself whom it is asked to migrate", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		onTrigger(t, p, fake.UserMigration, func(e event) (event, error) {
			name, _ := e["userName"].(string)
			if err := fail(create(p, name, with("email", "made@example.com", "email_verified", "true"))); err != nil {
				return nil, err
			}
			if err := setPassword(p, name, goodPassword, true); err != nil {
				return nil, err
			}
			return legacy(name, goodPassword, "finalUserStatus", "CONFIRMED")(e)
		})
		need(t, fail(signIn(p, "ann", goodPassword)))
		need(t, forgotten(p, "bob"))
		wantAttributes(t, p, "bob", "email", "made@example.com", "email_verified", "true")
	}},
	{"functions may answer much, and a session is none the longer", func(t *testing.T, start Start) {
		p := start(t)
		much := strings.Repeat("x", 1<<20)
		riddles(t, p)
		onTrigger(t, p, fake.CreateAuthChallenge, replying("publicChallengeParameters", map[string]string{"hint": much},
			"privateChallengeParameters", map[string]string{"answer": "one", "more": much}, "challengeMetadata", much))
		name := strings.Repeat("ü", 128)
		p.NewUser(t, cognitotest.Username(name))
		out, err := beginCustom(p, name)
		need(t, err)
		next, err := reply(p, customChallenge, out.Session, name, "ANSWER", "one")
		need(t, err)
		hidden := start(t, hiding)
		riddles(t, hidden)
		nobody, err := beginCustom(hidden, longName, "DEVICE_KEY", longName)
		need(t, err)
		for _, session := range []*string{out.Session, next.Session, nobody.Session} {
			if n := len(aws.ToString(session)); n < 20 || n > 2048 {
				t.Errorf("a session has %d characters, want 20 to 2048", n)
			}
		}
		if got := len(next.ChallengeParameters["hint"]); got != len(much) {
			t.Errorf("hint of %d characters, want %d", got, len(much))
		}
	}},
}

// atOnce runs f so many times at the same time.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errs
}
