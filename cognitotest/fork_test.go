package cognitotest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// startPool starts a provider without a test, as TestMain does, and closes it at the end of t.
func startPool(t *testing.T, opts ...cognitotest.Option) *cognitotest.Provider {
	t.Helper()
	p, err := cognitotest.Start(context.Background(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// addUser makes a confirmed user through the SDK, as TestMain does, which has no test to give to NewUser.
func addUser(t *testing.T, p *cognitotest.Provider, name string) {
	t.Helper()
	ctx, c := context.Background(), p.Client()
	_, errMade := c.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: &p.PoolID, Username: &name, MessageAction: types.MessageActionTypeSuppress})
	_, errSet := c.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &p.PoolID, Username: &name, Password: aws.String(password), Permanent: true})
	if err := errors.Join(errMade, errSet); err != nil {
		t.Fatal(err)
	}
}

const password = "Correct-Horse-7"

func has(p *cognitotest.Provider, username string) bool {
	_, err := p.Client().AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &username})
	return err == nil
}

// TestForksAreReachedAsTheirSource forks each kind of provider, and verifies a token of the fork.
func TestForksAreReachedAsTheirSource(t *testing.T) {
	for _, test := range []struct {
		why        string
		opts       []cognitotest.Option
		url        string
		sameIssuer bool // so that tokens of before are good
	}{
		{"a port of its own", nil, "^http://127", false},
		{"https with a port of its own", []cognitotest.Option{cognitotest.TLS()}, "^https://127", false},
		{"a port, and the issuer of AWS", []cognitotest.Option{cognitotest.AWSIssuer()}, "^http://127", true},
		{"in memory", []cognitotest.Option{cognitotest.InMemory()}, "^$", true},
		{"with a client secret, elsewhere", []cognitotest.Option{cognitotest.WithClientSecret(), cognitotest.WithRegion("eu-west-1"), cognitotest.InMemory()}, "^$", true},
	} {
		t.Run(test.why, func(t *testing.T) {
			source := startPool(t, test.opts...)
			addUser(t, source, "ann")
			fork := source.Fork(t)
			got, want := []string{fork.PoolID, fork.ClientID, fork.ClientSecret, fork.Region}, []string{source.PoolID, source.ClientID, source.ClientSecret, source.Region}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("pool, client, secret, region (-got +want):\n%s", diff)
			}
			if !regexp.MustCompile(test.url).MatchString(fork.URL) || fork.URL != "" && fork.URL == source.URL {
				t.Errorf("URL = %q beside %q, want %s", fork.URL, source.URL, test.url)
			}
			if got := fork.Issuer == source.Issuer; got != test.sameIssuer {
				t.Errorf("issuer %s of the fork beside %s", fork.Issuer, source.Issuer)
			}
			before := source.User(t, "ann")
			before.Password = password
			token := before.AccessToken(t)
			ann := before.In(source.Fork(t))
			if _, err := claims(t, fork, before.In(fork).AccessToken(t)); err != nil {
				t.Errorf("a token of the fork: %v", err)
			}
			_, err := source.Fork(t).Client().GetUser(context.Background(), &cip.GetUserInput{AccessToken: &token})
			if (err == nil) != test.sameIssuer {
				t.Errorf("GetUser in a fork with a token of before: %v", err)
			}
			if ann.AccessToken(t) == token {
				t.Error("the handle on the user of a fork has the token of another provider")
			}
		})
	}
}

func TestForkIsPrivate(t *testing.T) {
	source := startPool(t)
	addUser(t, source, "ann")
	for i := range 20 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			cog := source.Fork(t)
			ann := cog.User(t, "ann")
			ann.Password = password
			ann.Tokens(t)
			if bob := cog.NewUser(t, cognitotest.Username("bob"), cognitotest.Groups("admins")); has(source, "bob") {
				t.Errorf("%s is in the source", bob.Username)
			}
			_, err := cog.Client().AdminDeleteUser(t.Context(), &cip.AdminDeleteUserInput{UserPoolId: &cog.PoolID, Username: aws.String("ann")})
			if err != nil || has(cog, "ann") || !has(source, "ann") {
				t.Errorf("AdminDeleteUser: %v; ann in the fork: %v, in the source: %v; want her in the source alone", err, has(cog, "ann"), has(source, "ann"))
			}
		})
	}
}

func TestForkEndsWithItsTest(t *testing.T) {
	source := startPool(t)
	addUser(t, source, "ann")
	var fork *cognitotest.Provider
	r := record(t, func(test cognitotest.TB) {
		fork = source.Fork(test)
		fork.User(test, "ann")
		fork.NewUser(test)
		record(t, func(subtest cognitotest.TB) { fork.NewUser(subtest, cognitotest.Username("bob")) })
		if has(fork, "bob") {
			t.Error("a user of a subtest is there after it")
		}
	})
	if r.failure != "" {
		t.Error(r.failure)
	}
	if got := len(fork.Fake(t).Calls("AdminDeleteUser")); got != 1 {
		t.Errorf("%d users were deleted, want that of the subtest: the others go with the fork", got)
	}
	if _, err := http.Get(fork.JWKSURL); err == nil {
		t.Error("the fork listens after the end of its test")
	}
	if !has(source, "ann") {
		t.Error("the user of the source is gone with the fork")
	}
}

func TestUsersTakeWhatTheyHave(t *testing.T) {
	source := startPool(t, cognitotest.WithPasskeys("example.com"), cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
		MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	}))
	ann, bob := source.NewUser(t, cognitotest.TOTP(), cognitotest.Email("ann@example.com")), source.NewUser(t)
	bob.RegisterPasskey(t)
	for range 2 {
		fork := source.Fork(t)
		also := ann.In(fork)
		got, want := []string{also.Username, also.Sub, also.Password, also.Email}, []string{ann.Username, ann.Sub, ann.Password, ann.Email}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("username, sub, password, email (-got +want):\n%s", diff)
		}
		also.Tokens(t) // by a code of the authenticator, each of which is good once
		bob.In(fork).SignInPasskey(t)
	}
	ann.Tokens(t)
	bob.SignInPasskey(t)
}

func TestDevicesAreTakenAlong(t *testing.T) {
	source := startPool(t, withDevices)
	phone := source.NewUser(t).RememberDevice(t)
	for range 2 {
		phone.In(source.Fork(t)).SignIn(t)
	}
	phone.SignIn(t)
}

func TestTriggersOfForks(t *testing.T) {
	calls := make(chan string, 9)
	source := startPool(t, cognitotest.WithTrigger(fake.PreSignUp, fake.TriggerFunc(func(_ context.Context, e map[string]any) (map[string]any, error) {
		calls <- e["userName"].(string)
		return e, nil
	})))
	fork := source.Fork(t)
	name := fork.NewUser(t).Username
	if got := <-calls; got != name {
		t.Errorf("the function was called for %s, want %s", got, name)
	}
	if got := len(fork.Fake(t).Invocations()); got != 1 {
		t.Errorf("%d invocations in the fork, want its own", got)
	}
}

func TestFindingsOfForks(t *testing.T) {
	strict, lenient := startPool(t, cognitotest.Strict()), startPool(t)
	use := func(p *cognitotest.Provider) []string {
		return record(t, func(test cognitotest.TB) {
			p.Fork(test).Fake(t).Inject(fake.Fault{Operations: []string{"SignUp"}, Err: fake.RateExceeded()})
		}).errors
	}
	if got := use(strict); len(got) != 1 || !strings.Contains(got[0], "no call met") {
		t.Errorf("findings of a strict fork: %q, want the unused fault", got)
	}
	if got := use(lenient); len(got) != 0 {
		t.Errorf("findings of a fork that is not strict: %q", got)
	}
}

func TestForkInABubble(t *testing.T) {
	source, listening := startPool(t, cognitotest.InMemory()), startPool(t)
	addUser(t, source, "ann")
	synctest.Test(t, func(t *testing.T) {
		cog := source.Fork(t)
		ann := cog.User(t, "ann")
		ann.Password = password
		token := ann.AccessToken(t)
		if _, err := claims(t, cog, token); err != nil {
			t.Errorf("in the bubble's time: %v", err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := claims(t, cog, token); err == nil {
			t.Error("the token is good two hours later")
		}
		if got := record(t, func(t cognitotest.TB) { listening.Fork(t) }).failure; !strings.Contains(got, "pass cognitotest.InMemory()") {
			t.Errorf("forking a pool with a socket: %q, want the remedy", got)
		}
	})
}

func TestForkOfAForeignBackend(t *testing.T) {
	home := cognitotest.New(t)
	r := record(t, func(t cognitotest.TB) { cognitotest.New(t, cognitotest.WithBackend(backend{home})).Fork(t) })
	if !strings.Contains(r.skip, "needs the fake") || r.failure != "" {
		t.Errorf("skipped: %q, failure %q; want to be skipped", r.skip, r.failure)
	}
}

// TestForkOfManyUsers counts what a fork allocates, which must not grow with the users.
func TestForkOfManyUsers(t *testing.T) {
	allocations := func(users int) float64 {
		p := startPool(t, cognitotest.InMemory())
		for i := range users {
			addUser(t, p, fmt.Sprint("user-", i))
		}
		p.NewUser(t).Tokens(t) // so that the keys are made
		s := p.Fake(t)
		return testing.AllocsPerRun(20, func() { s.Fork().Close() })
	}
	if few, many := allocations(10), allocations(1000); many > few+20 {
		t.Errorf("a fork of 10 users takes %v allocations, one of 1000 takes %v", few, many)
	}
}
