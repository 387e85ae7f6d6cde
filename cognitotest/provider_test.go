package cognitotest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
)

// recorder is a test that keeps what it is told. Fatalf and Skipf end the goroutine, as in testing.
type recorder struct {
	testing.TB
	cleanups []func()
	ended    bool
	failure  string   // the last
	errors   []string // all that do not end the test
	skip     string
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Logf(string, ...any) {
	if r.ended {
		panic("Log after the test has ended")
	}
}
func (r *recorder) Errorf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	r.errors = append(r.errors, r.failure)
}
func (r *recorder) Fatalf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
func (r *recorder) Skipf(format string, args ...any) {
	r.skip = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// record runs a test function to its end, clean-up included, and returns what it told the test.
func record(t *testing.T, test func(cognitotest.TB)) *recorder {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(r)
	}()
	<-done
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	r.ended = true
	return r
}

func TestMessagesSayWhatToDo(t *testing.T) {
	p := cognitotest.New(t)
	for _, test := range []struct {
		name string
		run  func(cognitotest.TB)
		want string
	}{
		{"a pool setting that the service refuses", func(t cognitotest.TB) {
			cognitotest.New(t, cognitotest.WithPool(cip.CreateUserPoolInput{
				AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypePhoneNumber},
			}))
		}, "creating the user pool: .*SMS configuration is required when phone_number is selected for auto verification"},
		{"a client that allows no password", func(t cognitotest.TB) {
			cognitotest.New(t, cognitotest.WithAppClient(cip.CreateUserPoolClientInput{
				ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserSrpAuth},
			})).NewUser(t).Tokens(t)
		}, "add ALLOW_ADMIN_USER_PASSWORD_AUTH to ExplicitAuthFlows in WithAppClient"},
		{"a user who must change the password", func(t cognitotest.TB) {
			p.NewUser(t, cognitotest.TemporaryPassword()).AccessToken(t)
		}, "the pool asks for NEW_PASSWORD_REQUIRED first; answer it through Client"},
		{"a weak password", func(t cognitotest.TB) { p.NewUser(t, cognitotest.Password("short")) }, "Password not long enough"},
		{"a user whose password nobody told", func(t cognitotest.TB) { p.User(t, p.NewUser(t).Username).Tokens(t) }, "set the Password field of the handle"},
		{"a user that nobody made", func(t cognitotest.TB) { p.User(t, "nobody") }, `User\("nobody"\): .*User does not exist`},
		{"no message", func(t cognitotest.TB) { p.NewUser(t).Code(t) }, "no code was delivered to .*AutoVerifiedAttributes"},
		{"a group that exists", func(t cognitotest.TB) { p.NewGroup(t, "g"); p.NewGroup(t, "g") }, `NewGroup\("g"\): .*GroupExistsException`},
		{"no address", func(t cognitotest.TB) {
			cognitotest.New(t, cognitotest.InMemory()).Setenv(struct {
				cognitotest.TB
				setenv
			}{TB: t})
		}, `leave out cognitotest.InMemory\(\)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := record(t, test.run).failure
			if !regexp.MustCompile(`^cognitotest: .*` + test.want).MatchString(got) {
				t.Errorf("failure = %q, want %s", got, test.want)
			}
		})
	}
}

type setenv struct{}

func (setenv) Setenv(string, string) {}

func TestLoopbackInABubbleIsRefusedWithTheRemedy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := cognitotest.Start(context.Background())
		if err == nil || !strings.Contains(err.Error(), "pass cognitotest.InMemory()") {
			t.Errorf("error = %v, want one that names InMemory", err)
		}
	})
}

// backend is a foreign backend: the fake of another provider, as a real pool would look.
type backend struct{ p *cognitotest.Provider }

func (b backend) AWSConfig() aws.Config       { return b.p.AWSConfig() }
func (b backend) Issuer(poolID string) string { return "https://issuer.test/" + poolID }
func (b backend) Close(context.Context) error { return nil }

func TestForeignBackendIsCleanedUpAndHasNoFake(t *testing.T) {
	home := cognitotest.New(t)
	var id string
	r := record(t, func(t cognitotest.TB) {
		p := cognitotest.New(t, cognitotest.WithBackend(backend{home}))
		id = p.PoolID
		if want := "https://issuer.test/" + id; p.Issuer != want {
			t.Errorf("issuer = %s, want %s", p.Issuer, want)
		}
		p.NewUser(t).Tokens(t)
		p.Fake(t)
	})
	if r.skip == "" || r.failure != "" {
		t.Errorf("skip, failure = %q, %q; want a skip and no failure", r.skip, r.failure)
	}
	_, err := home.Client().DescribeUserPool(context.Background(), &cip.DescribeUserPoolInput{UserPoolId: &id})
	if err == nil {
		t.Errorf("the pool %s is still there", id)
	}
}

func TestSubtestsUsersAreGoneWhenTheyEnd(t *testing.T) {
	p := cognitotest.New(t)
	ctx := context.Background()
	var username, client string
	t.Run("subtest", func(t *testing.T) {
		username = p.NewUser(t, cognitotest.Groups("admins")).Username
		client = p.NewAppClient(t).ID
		p.NewGroup(t, "testers")
	})
	if _, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &username}); err == nil {
		t.Error("the user is still there")
	}
	if _, err := p.Client().DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &client}); err == nil {
		t.Error("the app client is still there")
	}
	groups, err := p.Client().ListGroups(ctx, &cip.ListGroupsInput{UserPoolId: &p.PoolID})
	if err != nil || len(groups.Groups) != 1 {
		t.Errorf("groups = %v, %v; want admins alone, which Groups made for the pool", groups, err)
	}
}

func TestHalfMadeUserIsGoneAtTheEnd(t *testing.T) {
	p := cognitotest.New(t)
	r := record(t, func(t cognitotest.TB) { p.NewUser(t, cognitotest.Username("ann"), cognitotest.Groups("")) })
	if !strings.Contains(r.failure, "groupName") {
		t.Errorf("failure = %q, want one about the group", r.failure)
	}
	if _, err := p.Client().AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann")}); err == nil {
		t.Error("the user is still there")
	}
}

// TestOptionsCanBeShared passes options that have room behind them, where parallel tests would meet.
func TestOptionsCanBeShared(t *testing.T) {
	shared := append(make([]cognitotest.Option, 0, 2), cognitotest.InMemory())
	cognitotest.New(t, shared...)
	if behind := shared[:2][1]; behind != nil {
		t.Errorf("New wrote %v behind its options", behind)
	}
}

func TestClientOptionsGoInAnyOrder(t *testing.T) {
	p := cognitotest.New(t)
	settings := cognitotest.ClientSettings(cip.CreateUserPoolClientInput{ClientName: aws.String("mine")})
	for _, opts := range [][]cognitotest.ClientOption{{settings, cognitotest.ClientSecret()}, {cognitotest.ClientSecret(), settings}} {
		c := p.NewAppClient(t, opts...)
		out, err := p.Client().DescribeUserPoolClient(context.Background(), &cip.DescribeUserPoolClientInput{UserPoolId: &p.PoolID, ClientId: &c.ID})
		if err != nil || c.Secret == "" || *out.UserPoolClient.ClientName != "mine" {
			t.Errorf("secret %q, client %+v, %v; want a secret and the name", c.Secret, out, err)
		}
	}
}

func TestHandleSignsInOnceItsPasswordIsSet(t *testing.T) {
	p := cognitotest.New(t)
	u := p.User(t, p.NewUser(t, cognitotest.Password("Correct-Horse-7")).Username)
	u.Password = "Correct-Horse-7"
	if u.AccessToken(t) == "" {
		t.Error("no token")
	}
}

func TestDeletedByTheCodeUnderTestIsNoFinding(t *testing.T) {
	p := cognitotest.New(t)
	r := record(t, func(t cognitotest.TB) {
		u := p.NewUser(t)
		if _, err := p.Client().AdminDeleteUser(context.Background(), &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username}); err != nil {
			t.Errorf("deleting: %v", err)
		}
	})
	if r.failure != "" {
		t.Errorf("failure = %q", r.failure)
	}
}

func TestSetenvLeadsTheDefaultConfigurationToThePool(t *testing.T) {
	for name, opts := range map[string][]cognitotest.Option{"plain": nil, "in another region": {cognitotest.WithRegion("eu-central-1")}} {
		t.Run(name, func(t *testing.T) {
			p := cognitotest.New(t, opts...)
			p.Setenv(t)
			c, err := config.LoadDefaultConfig(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			out, err := cip.NewFromConfig(c).DescribeUserPool(context.Background(), &cip.DescribeUserPoolInput{UserPoolId: aws.String(os.Getenv("COGNITO_USER_POOL_ID"))})
			if err != nil || *out.UserPool.Id != p.PoolID {
				t.Errorf("DescribeUserPool: %v, %v", out, err)
			}
		})
	}
}

func TestAccessTokenIsKeptUntilItIsAboutToExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := cognitotest.New(t, cognitotest.InMemory(), cognitotest.WithClientSecret()).NewUser(t)
		first := u.AccessToken(t)
		time.Sleep(58 * time.Minute)
		if u.AccessToken(t) != first {
			t.Error("another token before the first was about to expire")
		}
		time.Sleep(time.Minute)
		if u.AccessToken(t) == first {
			t.Error("the same token a minute before its end")
		}
		time.Sleep(31 * 24 * time.Hour) // the refresh token has expired too
		if u.AccessToken(t) == "" || u.IDToken(t) == "" {
			t.Error("no token after a month")
		}
	})
}

func TestTokensSignsInAnew(t *testing.T) {
	u := cognitotest.New(t).NewUser(t)
	if a, b := u.Tokens(t), u.Tokens(t); a.AccessToken == b.AccessToken || a.RefreshToken == b.RefreshToken || a.ExpiresIn != time.Hour {
		t.Errorf("tokens of two sign-ins: %+v, %+v", a, b)
	}
}

func TestPinnedIDsAndRegion(t *testing.T) {
	p := cognitotest.New(t, cognitotest.WithPoolID("eu-west-1_Pinned123"), cognitotest.WithClientID("pinnedclient"), cognitotest.AWSIssuer())
	if p.PoolID != "eu-west-1_Pinned123" || p.ClientID != "pinnedclient" || p.Region != "eu-west-1" {
		t.Errorf("pool, client, region = %s, %s, %s", p.PoolID, p.ClientID, p.Region)
	}
	if want := "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pinned123"; p.Issuer != want {
		t.Errorf("issuer = %s, want %s", p.Issuer, want)
	}
	if _, err := claims(t, p, p.NewUser(t).AccessToken(t)); err != nil {
		t.Errorf("verifying through HTTPClient: %v", err)
	}
}

func TestIDsLookLikeTheServices(t *testing.T) {
	p := cognitotest.New(t, cognitotest.WithClientSecret())
	for name, test := range map[string][2]string{
		"pool":   {p.PoolID, `^us-east-1_[0-9A-Za-z]{9}$`},
		"client": {p.ClientID, `^[0-9a-z]{26}$`},
		"secret": {p.ClientSecret, `^[0-9a-z]{24,64}$`},
		"sub":    {p.NewUser(t).Sub, `^[0-9a-f]{8}-[0-9a-f]{3}1-70[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{12}$`},
	} {
		if !regexp.MustCompile(test[1]).MatchString(test[0]) {
			t.Errorf("%s = %s, want %s", name, test[0], test[1])
		}
	}
}

func TestUserOptions(t *testing.T) {
	p := cognitotest.New(t)
	u := p.NewUser(t, cognitotest.Username("ann"), cognitotest.Password("Correct-Horse-7"),
		cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550100"), cognitotest.Attribute("name", "Ann"))
	out, err := p.Client().AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann")})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range out.UserAttributes {
		got[*a.Name] = *a.Value
	}
	for name, want := range map[string]string{
		"sub": u.Sub, "name": "Ann", "email": u.Email, "email_verified": "true", "phone_number": u.Phone, "phone_number_verified": "true",
	} {
		if got[name] != want || want == "" {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
	if u.Password != "Correct-Horse-7" || u.Tokens(t).AccessToken == "" {
		t.Errorf("password = %q", u.Password)
	}
}

func TestFreshKeysAreNobodyElses(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		t.Run("one after the other", func(t *testing.T) {
			p := cognitotest.New(t, cognitotest.FreshKeys())
			r, err := p.HTTPClient().Get(p.JWKSURL)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			var set struct{ Keys []struct{ N string } }
			if err := json.NewDecoder(r.Body).Decode(&set); err != nil || len(set.Keys) != 2 {
				t.Fatalf("%d keys, %v; want 2", len(set.Keys), err)
			}
			for _, k := range set.Keys {
				if seen[k.N] {
					t.Errorf("the key %.20s… was published before", k.N)
				}
				seen[k.N] = true
			}
		})
	}
}

func TestTLS(t *testing.T) {
	p := cognitotest.New(t, cognitotest.TLS())
	if !strings.HasPrefix(p.URL, "https://127.0.0.1:") || !strings.HasPrefix(p.Issuer, p.URL) {
		t.Errorf("URL, issuer = %s, %s", p.URL, p.Issuer)
	}
	r, err := p.HTTPClient().Get(p.JWKSURL)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("GET %s: %v, %v", p.JWKSURL, r, err)
	}
}

// TestThousandProviders runs a thousand parallel tests, each with a provider of its own.
func TestThousandProviders(t *testing.T) {
	for i := range 1000 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			p := cognitotest.New(t)
			u := p.NewUser(t, cognitotest.Username("ann"))
			c, err := claims(t, p, u.AccessToken(t))
			if err != nil || c["sub"] != u.Sub || c["iss"] != p.Issuer {
				t.Errorf("claims = %v, %v", c, err)
			}
		})
	}
}
