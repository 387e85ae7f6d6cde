package fake_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// prepared is a server with a pool, an app client, a group and two users.
type prepared struct {
	*fake.Server
	pool, client string
}

const annsPassword = "Correct-Horse-7"

func prepare(t *testing.T, c fake.Config) prepared {
	t.Helper()
	s := prepared{Server: newServer(t, c)}
	api, ctx := s.API(), context.Background()
	made, err := api.CreateUserPool(ctx, &cip.CreateUserPoolInput{
		PoolName: aws.String("people"), AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		DeviceConfiguration: &types.DeviceConfigurationType{},
	})
	must(t, err)
	s.pool = *made.UserPool.Id
	app, err := api.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &s.pool, ClientName: aws.String("app"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
	})
	must(t, err)
	s.client = *app.UserPoolClient.ClientId
	_, err = api.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &s.pool, GroupName: aws.String("staff")})
	must(t, err)
	for _, name := range []string{"ann", "bob"} {
		must(t, s.makeUser(name))
	}
	_, err = api.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &s.pool, Username: aws.String("ann"), Password: aws.String(annsPassword), Permanent: true})
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s prepared) makeUser(name string) error {
	_, err := s.API().AdminCreateUser(context.Background(), &cip.AdminCreateUserInput{
		UserPoolId: &s.pool, Username: &name, MessageAction: types.MessageActionTypeSuppress, TemporaryPassword: aws.String(annsPassword),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String(name + "@example.com")}, {Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	return err
}

// on is the same pool in another server.
func (s prepared) on(other *fake.Server) prepared { return prepared{other, s.pool, s.client} }

// fork returns the same pool in a fork that is closed at the end of the test.
func (s prepared) fork(t *testing.T, edit ...func(*fake.Config)) prepared {
	t.Helper()
	f := s.Fork(edit...)
	t.Cleanup(func() { f.Close() })
	return s.on(f)
}

// signIn signs a user in with the password that all have.
func (s prepared) signIn(name string) (*cip.InitiateAuthOutput, error) {
	return s.API().InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &s.client, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": annsPassword},
	})
}

func (s prepared) tokens(t *testing.T) *types.AuthenticationResultType {
	t.Helper()
	out, err := s.signIn("ann")
	must(t, err)
	return out.AuthenticationResult
}

func (s prepared) getUser(token *string) error {
	_, err := s.API().GetUser(context.Background(), &cip.GetUserInput{AccessToken: token})
	return err
}

func keysOf(t *testing.T, s prepared) string {
	t.Helper()
	r, err := (&http.Client{Transport: s}).Get("https://any.host/" + s.pool + "/.well-known/jwks.json")
	must(t, err)
	return bodyOf(t, r)
}

func wantSame(t *testing.T, what, got, want string) {
	t.Helper()
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("%s (-got +want):\n%s", what, diff)
	}
}

func TestForkIsInTheSameState(t *testing.T) {
	s := prepare(t, fake.Config{})
	s.Freeze(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	_, err := s.API().ForgotPassword(context.Background(), &cip.ForgotPasswordInput{ClientId: &s.client, Username: aws.String("ann")})
	must(t, err)
	f := s.fork(t)
	wantSame(t, "state", exported(t, f.Server), exported(t, s.Server))
	wantSame(t, "keys", keysOf(t, f), keysOf(t, s))
	wantSame(t, "issuer", f.Issuer(s.pool), s.Issuer(s.pool))
	wantSame(t, "key of custom senders", string(f.SenderKey()), string(s.SenderKey()))
	if got, want := f.Now(), s.Now(); got != want {
		t.Errorf("the clock of the fork stands at %v, want %v", got, want)
	}
	if got := f.Messages(); len(got) != 1 || got[0].Code == "" {
		t.Errorf("messages of the fork: %v, want the code that was sent", got)
	}
}

// TestForkGoesOn begins something in a server and goes on with it in two forks.
func TestForkGoesOn(t *testing.T) {
	ctx := context.Background()
	s := prepare(t, fake.Config{})
	tokens := s.tokens(t)
	challenge, err := s.signIn("bob")
	must(t, err)
	page, err := s.API().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &s.pool, Limit: aws.Int32(1)})
	must(t, err)
	_, err = s.API().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &s.client, Username: aws.String("ann")})
	must(t, err)
	code := s.Messages()[0].Code
	for _, f := range []prepared{s.fork(t), s.fork(t), s} { // the source last: nothing is spent there by then
		for what, do := range map[string]func() error{
			"an access token": func() error { return f.getUser(tokens.AccessToken) },
			"a session": func() error {
				_, err := f.API().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
					ClientId: &s.client, ChallengeName: challenge.ChallengeName, Session: challenge.Session,
					ChallengeResponses: map[string]string{"USERNAME": "bob", "NEW_PASSWORD": "Another-Horse-8"},
				})
				return err
			},
			"a page token": func() error {
				next, err := f.API().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &s.pool, PaginationToken: page.PaginationToken})
				if err == nil && *next.Users[0].Username != "bob" {
					err = fmt.Errorf("the page begins with %s", *next.Users[0].Username)
				}
				return err
			},
			"a code": func() error {
				_, err := f.API().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
					ClientId: &s.client, Username: aws.String("ann"), ConfirmationCode: &code, Password: aws.String("Another-Horse-8"),
				})
				return err
			},
		} {
			if err := do(); err != nil {
				t.Errorf("%s of before: %v", what, err)
			}
		}
	}
}

func TestForksChangeForThemselves(t *testing.T) {
	ctx := context.Background()
	ann := aws.String("ann")
	for name, change := range map[string]func(prepared) error{
		"user pools": func(s prepared) error {
			_, err := s.API().UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: &s.pool, UserPoolTags: map[string]string{"a": "b"}})
			return err
		},
		"another user pool": func(s prepared) error {
			_, err := s.API().CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("other")})
			return err
		},
		"no user pool": func(s prepared) error {
			_, err := s.API().DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &s.pool})
			return err
		},
		"the schema": func(s prepared) error {
			_, err := s.API().AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{UserPoolId: &s.pool, CustomAttributes: []types.SchemaAttributeType{
				{Name: aws.String("tenant"), AttributeDataType: types.AttributeDataTypeString},
			}})
			return err
		},
		"MFA": func(s prepared) error {
			_, err := s.API().SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{
				UserPoolId: &s.pool, MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
			})
			return err
		},
		"app clients": func(s prepared) error {
			_, err := s.API().UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: &s.pool, ClientId: &s.client, ClientName: aws.String("other")})
			return err
		},
		"a secret": func(s prepared) error {
			_, err := s.API().CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &s.pool, ClientName: aws.String("c"), GenerateSecret: true})
			return err
		},
		"groups": func(s prepared) error {
			_, err := s.API().UpdateGroup(ctx, &cip.UpdateGroupInput{UserPoolId: &s.pool, GroupName: aws.String("staff"), Precedence: aws.Int32(1)})
			return err
		},
		"identity providers": func(s prepared) error {
			_, err := s.API().CreateIdentityProvider(ctx, &cip.CreateIdentityProviderInput{
				UserPoolId: &s.pool, ProviderName: aws.String("Google"), ProviderType: types.IdentityProviderTypeTypeGoogle,
				ProviderDetails: map[string]string{"client_id": "a", "client_secret": "b", "authorize_scopes": "email"},
			})
			return err
		},
		"memberships": func(s prepared) error {
			_, err := s.API().AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &s.pool, GroupName: aws.String("staff"), Username: ann})
			return err
		},
		"users":   func(s prepared) error { return s.makeUser("cat") },
		"no user": func(s prepared) error { return s.deleteUser("bob") },
		"attributes": func(s prepared) error {
			_, err := s.API().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{UserPoolId: &s.pool, Username: ann, UserAttributes: []types.AttributeType{
				{Name: aws.String("email"), Value: aws.String("other@example.com")},
			}})
			return err
		},
		"the state of a user": func(s prepared) error {
			_, err := s.API().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &s.pool, Username: ann})
			return err
		},
		"passwords": func(s prepared) error {
			_, err := s.API().AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &s.pool, Username: ann, Password: aws.String("Another-Horse-8")})
			return err
		},
		"codes": func(s prepared) error {
			_, err := s.API().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &s.client, Username: ann})
			return err
		},
		"sign-up": func(s prepared) error {
			_, err := s.API().SignUp(ctx, &cip.SignUpInput{ClientId: &s.client, Username: aws.String("cat"), Password: aws.String(annsPassword)})
			return err
		},
		"lockouts": func(s prepared) error {
			_, err := s.API().InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: &s.client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
				AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "wrong"}})
			if err == nil {
				return fmt.Errorf("signed in with a wrong password")
			}
			return nil
		},
		"sign-out": func(s prepared) error {
			_, err := s.API().AdminUserGlobalSignOut(ctx, &cip.AdminUserGlobalSignOutInput{UserPoolId: &s.pool, Username: ann})
			return err
		},
		"triggers": func(s prepared) error { return s.HandleTrigger(s.pool, fake.PreSignUp, nil) },
		"the clock": func(s prepared) error {
			s.Advance(time.Hour)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			source := prepare(t, fake.Config{})
			first, second := source.fork(t), source.fork(t)
			before := exported(t, source.Server)
			must(t, change(first))
			wantSame(t, "the source after a change of a fork", exported(t, source.Server), before)
			must(t, change(source))
			wantSame(t, "another fork after a change of the source", exported(t, second.Server), before)
			if exported(t, first.Server) == before || exported(t, source.Server) == before {
				t.Error("a change changed nothing")
			}
		})
	}
}

func (s prepared) deleteUser(name string) error {
	_, err := s.API().AdminDeleteUser(context.Background(), &cip.AdminDeleteUserInput{UserPoolId: &s.pool, Username: &name})
	return err
}

func TestSignInsEndForThemselves(t *testing.T) {
	s := prepare(t, fake.Config{})
	token := s.tokens(t).AccessToken
	f := s.fork(t)
	_, err := f.API().GlobalSignOut(context.Background(), &cip.GlobalSignOutInput{AccessToken: token})
	must(t, err)
	if err := f.getUser(token); err == nil {
		t.Error("the token is good in the fork that signed the user out")
	}
	must(t, s.getUser(token))
	late := s.tokens(t).AccessToken
	if err := f.getUser(late); err == nil {
		t.Error("a sign-in after the fork is known there")
	}
}

func TestForkBeginsWithoutWhatTheTestArranged(t *testing.T) {
	s := prepare(t, fake.Config{Region: "eu-west-1"})
	s.Inject(fake.Fault{Err: fake.RateExceeded()})
	must(t, s.Throttle(fake.UserAuthentication, 0))
	s.PinIDs("eu-west-1_Pinned", "pinned")
	call(t, s.Server, "ListUserPools", `{"MaxResults":1}`).Body.Close()
	f := s.fork(t)
	if got := f.Calls(); len(got) != 0 {
		t.Errorf("calls: %v", got)
	}
	if got := f.UnusedFaults(); len(got) != 0 {
		t.Errorf("faults: %v", got)
	}
	for range 2 {
		r := call(t, f.Server, "InitiateAuth", fmt.Sprintf(`{"ClientId":%q,"AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"ann","PASSWORD":%q}}`, s.client, annsPassword))
		if body := bodyOf(t, r); r.StatusCode != http.StatusOK {
			t.Errorf("signing in: %s", body)
		}
	}
	made, err := f.API().CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("p")})
	if err != nil || *made.UserPool.Id == "eu-west-1_Pinned" {
		t.Errorf("CreateUserPool = %v, %v", made, err)
	}
}

func TestRandomNumbersOfForks(t *testing.T) {
	newID := func(s prepared) string {
		out, err := s.API().CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("p")})
		must(t, err)
		return *out.UserPool.Id
	}
	for _, test := range []struct {
		why  string
		seed uint64
		edit func(*fake.Config)
		same bool
	}{
		{"a seed fixes them in a fork too", 7, func(*fake.Config) {}, true},
		{"another seed begins another sequence", 7, func(c *fake.Config) { c.Seed = 8 }, false},
		{"without a seed two worlds have nothing in common", 0, func(*fake.Config) {}, false},
	} {
		t.Run(test.why, func(t *testing.T) {
			s := prepare(t, fake.Config{Seed: test.seed})
			f, before := s.fork(t, test.edit), s.Snapshot()
			first := newID(s)
			if got := newID(f) == first; got != test.same {
				t.Errorf("the ids of source and fork are equal: %v, want %v", got, test.same)
			}
			s.Restore(before)
			if got, want := newID(s) == first, test.seed != 0; got != want {
				t.Errorf("the ids after Restore are equal: %v, want %v", got, want)
			}
		})
	}
}

func TestRestore(t *testing.T) {
	ctx := context.Background()
	s := prepare(t, fake.Config{})
	tokens, keys := s.tokens(t), keysOf(t, s)
	snapshot, before := s.Snapshot(), exported(t, s.Server)
	for name, change := range map[string]func(prepared) error{
		"a pool was deleted": func(s prepared) error {
			_, err := s.API().DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &s.pool})
			return err
		},
		"a pool was made": func(s prepared) error {
			_, err := s.API().CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("other")})
			return err
		},
		"an app client was deleted": func(s prepared) error {
			_, err := s.API().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &s.pool, ClientId: &s.client})
			return err
		},
		"users came and went": func(s prepared) error {
			if err := s.makeUser("cat"); err != nil {
				return err
			}
			return s.deleteUser("ann")
		},
		"a message was sent": func(s prepared) error {
			_, err := s.API().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &s.client, Username: aws.String("ann")})
			return err
		},
		"time passed": func(s prepared) error {
			s.Advance(365 * 24 * time.Hour)
			return nil
		},
		"the clock stopped": func(s prepared) error {
			s.Freeze(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
			return nil
		},
	} {
		must(t, change(s))
		if exported(t, s.Server) == before {
			t.Errorf("%s: nothing has changed", name)
		}
		s.Restore(snapshot)
		wantSame(t, name+", and the state was restored", exported(t, s.Server), before)
		wantSame(t, name+", and the keys were restored", keysOf(t, s), keys)
		if err := s.getUser(tokens.AccessToken); err != nil {
			t.Errorf("%s: a token of before: %v", name, err)
		}
		if _, err := s.signIn("ann"); err != nil {
			t.Errorf("%s: signing in: %v", name, err)
		}
	}
}

func TestRestoreOfAFork(t *testing.T) {
	s := prepare(t, fake.Config{})
	f := s.fork(t)
	must(t, f.makeUser("cat"))
	token := f.tokens(t).AccessToken
	s.Restore(f.Snapshot())
	wantSame(t, "the state of a fork in the source", exported(t, s.Server), exported(t, f.Server))
	must(t, s.getUser(token))
}

func TestFunctionsOfForks(t *testing.T) {
	s := prepare(t, fake.Config{Logf: t.Logf})
	answer := func(code string) fake.Trigger {
		return fake.TriggerFunc(func(context.Context, any) (any, error) { return nil, fmt.Errorf("%s", code) })
	}
	says := func(s prepared) string {
		_, err := s.signIn("ann")
		return fmt.Sprint(err)
	}
	must(t, s.HandleTrigger(s.pool, fake.PreAuthentication, answer("first")))
	before, f := s.Snapshot(), s.fork(t)
	must(t, s.HandleTrigger(s.pool, fake.PreAuthentication, answer("second")))
	for _, test := range []struct {
		why, want string
		got       string
	}{
		{"the source calls the function that it has now", "second", says(s)},
		{"a fork calls the one of before", "first", says(f)},
		{"so does the source once it is restored", "first", func() string { s.Restore(before); return says(s) }()},
	} {
		if !strings.Contains(test.got, "failed with error "+test.want) {
			t.Errorf("%s: got %q, want it from %q", test.why, test.got, test.want)
		}
	}
	if got := f.Invocations(); len(got) != 1 {
		t.Errorf("%d invocations in the fork, want its own", len(got))
	}
}

// TestFunctionsMayForkAndRestore has a function of a sign-in do so in its midst.
func TestFunctionsMayForkAndRestore(t *testing.T) {
	s := prepare(t, fake.Config{Logf: t.Logf})
	var before *fake.Snapshot
	again := fake.TriggerFunc(func(_ context.Context, e map[string]any) (map[string]any, error) {
		f := s.fork(t)
		s.Restore(before)
		return e, f.deleteUser("ann")
	})
	for _, source := range []fake.TriggerSource{fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration} {
		must(t, s.HandleTrigger(s.pool, source, again))
	}
	before = s.Snapshot()
	token := s.tokens(t).AccessToken
	if err := s.getUser(token); err == nil {
		t.Error("the token is good of a sign-in whose state was restored before its end")
	}
	if got := len(s.Invocations()); got != 3 {
		t.Errorf("%d functions were called, want 3", got)
	}
}

func TestRestoreWakesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := prepare(t, fake.Config{})
		f := s.fork(t)
		_, err := f.API().ForgotPassword(t.Context(), &cip.ForgotPasswordInput{ClientId: &s.client, Username: aws.String("ann")})
		must(t, err)
		go func() {
			synctest.Wait()
			s.Restore(f.Snapshot())
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if m, err := s.WaitForMessage(ctx); err != nil || m.Username != "ann" {
			t.Errorf("WaitForMessage = %+v, %v", m, err)
		}
	})
}

// TestForksOfABubble forks a server that was made outside, and one of the bubble.
func TestForksOfABubble(t *testing.T) {
	outside := prepare(t, fake.Config{})
	outside.tokens(t)
	synctest.Test(t, func(t *testing.T) {
		for _, s := range []prepared{outside, prepare(t, fake.Config{})} {
			f := s.fork(t)
			token := f.tokens(t).AccessToken
			must(t, f.getUser(token))
			time.Sleep(2 * time.Hour)
			if err := f.getUser(token); err == nil {
				t.Error("the token is good two hours later, in the bubble's time")
			}
		}
	})
}

// TestRestoreWhileCalled restores and forks a server while it is called. No call fails: the pool is there
// before and after.
func TestRestoreWhileCalled(t *testing.T) {
	ctx := context.Background()
	s := prepare(t, fake.Config{})
	snapshot := s.Snapshot()
	var wg sync.WaitGroup
	for what, do := range map[string]func() error{
		"restore": func() error {
			s.Restore(snapshot)
			return nil
		},
		"fork": func() error {
			f := s.on(snapshot.Fork())
			defer f.Close()
			_, err := f.signIn("ann")
			return err
		},
		"snapshot": func() error {
			f := s.on(s.Snapshot().Fork())
			defer f.Close()
			return f.deleteUser("ann")
		},
		"sign in": func() error {
			_, err := s.signIn("ann")
			return err
		},
		"list": func() error {
			_, err := s.API().ListUsers(ctx, &cip.ListUsersInput{UserPoolId: &s.pool})
			return err
		},
		"change": func() error {
			_, err := s.API().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
				UserPoolId: &s.pool, Username: aws.String("ann"), UserAttributes: []types.AttributeType{{Name: aws.String("name"), Value: aws.String("Ann")}},
			})
			return err
		},
	} {
		wg.Go(func() {
			for range 40 {
				if err := do(); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestKeysOfForks(t *testing.T) {
	s := prepare(t, fake.Config{})
	keys, snapshot := keysOf(t, s), s.Snapshot()
	f := s.Fork()
	s.Close()
	wantSame(t, "keys of a fork whose source is closed", keysOf(t, s.on(f)), keys)
	other := prepare(t, fake.Config{})
	if strings.Contains(keysOf(t, other), keys[20:200]) {
		t.Error("another pool has the keys of a fork")
	}
	f.Close()
	late := s.on(snapshot.Fork())
	defer late.Close()
	if keysOf(t, late) == keys {
		t.Error("a fork has keys that went back to the stock")
	}
	if _, err := late.signIn("ann"); err != nil {
		t.Errorf("signing in with other keys: %v", err)
	}
}

func TestForkHasTheCertificateOfItsSource(t *testing.T) {
	s := prepare(t, fake.Config{})
	_, err := s.ListenTLS("127.0.0.1:0")
	must(t, err)
	f := s.fork(t)
	_, err = f.ListenTLS("127.0.0.1:0")
	must(t, err)
	wantSame(t, "certificate", string(f.CACert()), string(s.CACert()))
	r, err := trusting(t, s.Server).Get(f.URL() + "/" + s.pool + "/.well-known/jwks.json")
	must(t, err)
	wantSame(t, "keys", bodyOf(t, r), keysOf(t, s))
}
