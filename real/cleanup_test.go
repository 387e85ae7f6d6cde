package real_test

import (
	"context"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/real"
)

// TestCleanUp sees that nothing is left however a test ends, in a pool of its own and as a guest.
func TestCleanUp(t *testing.T) {
	ends := []struct {
		why string
		end func(cognitotest.TB)
	}{
		{"passes", func(cognitotest.TB) {}},
		{"fails", func(t cognitotest.TB) { t.Errorf("failed") }},
		{"ends early", func(t cognitotest.TB) { t.Fatalf("failed") }},
		{"is skipped", func(t cognitotest.TB) { t.Skipf("skipped") }},
		{"panics", func(cognitotest.TB) { panic("broken") }},
	}
	a := newAccount(t)
	hosts := map[string]cognitotest.Option{"in a pool of its own": a.backend(t), "as a guest": a.backend(t, guest(a.theirPool(t), ""))}
	before := a.state(t)
	for where, host := range hosts {
		for _, test := range ends {
			play(t, func(t cognitotest.TB) {
				cog := cognitotest.New(t, host)
				cog.NewUser(t, cognitotest.Groups("testers"))
				cog.NewGroup(t, "others")
				cog.NewAppClient(t)
				test.end(t)
			})
			if diff := cmp.Diff(before, a.state(t)); diff != "" {
				t.Errorf("after a test that %s %s, the account (-before +after):\n%s", test.why, where, diff)
			}
		}
	}
}

// TestReverseOrder sees that what was made last goes first.
func TestReverseOrder(t *testing.T) {
	a := newAccount(t)
	host := a.backend(t, guest(a.theirPool(t), ""))
	play(t, func(t cognitotest.TB) {
		cog := cognitotest.New(t, host)
		cog.NewAppClient(t)
		cog.NewGroup(t, "testers")
		cog.NewUser(t)
	})
	var got []string
	for _, c := range a.Calls() {
		if strings.Contains(c.Operation, "Delete") {
			got = append(got, c.Operation)
		}
	}
	want := []string{"AdminDeleteUser", "DeleteGroup", "DeleteUserPoolClient", "DeleteUserPoolClient"} // the provider's own last
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("removals (-want +got):\n%s", diff)
	}
}

// TestKeepOnFailure sees that what a failed test made is left, with the commands that remove it.
func TestKeepOnFailure(t *testing.T) {
	a := newAccount(t)
	host := a.backend(t, func(c *real.Config) { c.KeepOnFailure = true })
	passed := play(t, func(t cognitotest.TB) { cognitotest.New(t, host).NewUser(t) })
	if n := a.pools(t); n != 0 || len(passed.told) > 0 {
		t.Errorf("after a test that passed: %d pools are left, told %q", n, passed.told)
	}
	var cog *cognitotest.Provider
	var ann *cognitotest.User
	failed := play(t, func(t cognitotest.TB) {
		cog = cognitotest.New(t, host)
		ann = cog.NewUser(t)
		t.Errorf("failed")
	})
	if _, err := a.API().AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: &cog.PoolID, Username: &ann.Username}); err != nil {
		t.Errorf("the user is not left: %v", err)
	}
	told := strings.Join(failed.told, "\n")
	for _, command := range []string{
		"aws cognito-idp admin-delete-user --region " + cog.Region + " --user-pool-id " + cog.PoolID + " --username '" + ann.Username + "'",
		"aws cognito-idp delete-user-pool --region " + cog.Region + " --user-pool-id " + cog.PoolID,
	} {
		if !strings.Contains(told, command) {
			t.Errorf("told %s\nwant the command %s", told, command)
		}
	}
}

// TestWhatOnlyTheFakeDoes sees that tests which need the fake are skipped.
func TestWhatOnlyTheFakeDoes(t *testing.T) {
	a := newAccount(t)
	host := a.backend(t)
	before := a.state(t)
	confirm := fake.TriggerFunc(func(_ context.Context, e map[string]any) (map[string]any, error) { return e, nil })
	const needsFake = "needs the fake, and runs on a real pool"
	for _, test := range []struct {
		want string
		do   func(cognitotest.TB)
	}{
		{"WithTrigger: a real pool", func(t cognitotest.TB) { cognitotest.New(t, host, cognitotest.WithTrigger(fake.PreSignUp, confirm)) }},
		{"WithFunction: a real pool", func(t cognitotest.TB) {
			cognitotest.New(t, host, cognitotest.WithFunction("arn:aws:lambda:a", confirm))
		}},
		{"a real pool takes no Fixture", func(t cognitotest.TB) {
			cognitotest.New(t, host, cognitotest.Fixture("../examples/fixtures/testdata/office.json"))
		}},
		{needsFake, func(t cognitotest.TB) { cognitotest.New(t, host).Fake(t) }},
		{"Code: the service shows nobody the codes of a real pool", func(t cognitotest.TB) { cognitotest.New(t, host).NewUser(t).Code(t) }},
		{needsFake, func(t cognitotest.TB) { cognitotest.New(t, host).Fork(t) }},
	} {
		got := play(t, test.do)
		if told := strings.Join(got.told, "\n"); got.failed || !got.skipped || !strings.Contains(told, test.want) {
			t.Errorf("failed %t, skipped %t, told %s; want to be skipped with %q", got.failed, got.skipped, told, test.want)
		}
	}
	if diff := cmp.Diff(before, a.state(t)); diff != "" {
		t.Errorf("the account (-before +after):\n%s", diff)
	}
}

// limited is a scene whose process is to end at a moment.
type limited struct {
	*scene
	deadline time.Time
}

func (l limited) Deadline() (time.Time, bool) { return l.deadline, true }

// TestTimeout sees that everything is removed before go test ends a process that takes too long.
func TestTimeout(t *testing.T) {
	a := newAccount(t)
	host := a.backend(t)
	ended := play(t, func(tb cognitotest.TB) {
		cog := cognitotest.New(limited{tb.(*scene), time.Now().Add(15*time.Second + 500*time.Millisecond)}, host)
		cog.NewUser(tb)
		for a.pools(t) > 0 { // the test hangs
			time.Sleep(10 * time.Millisecond)
		}
	})
	if ended.failed {
		t.Errorf("told %q, want no failure", ended.told)
	}
}

// TestGuests sees what guests may not do, and that what is others' stays.
func TestGuests(t *testing.T) {
	a := newAccount(t)
	poolID := a.theirPool(t)
	bob := "bob"
	if _, err := a.API().AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{UserPoolId: &poolID, Username: &bob}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.API().CreateGroup(t.Context(), &cip.CreateGroupInput{UserPoolId: &poolID, GroupName: aws.String("admins")}); err != nil {
		t.Fatal(err)
	}
	host := a.backend(t, guest(poolID, ""))
	before := a.state(t)
	for _, test := range []struct {
		why     string
		do      func(cognitotest.TB)
		skipped string // "" where the test runs
	}{
		{"settings of the pool", func(t cognitotest.TB) {
			cognitotest.New(t, host, cognitotest.WithPool(cip.CreateUserPoolInput{MfaConfiguration: types.UserPoolMfaTypeOptional}))
		}, "WithPool: tests are guests in pool " + poolID},
		{"settings of MFA", func(t cognitotest.TB) {
			cognitotest.New(t, host, cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{}))
		}, "WithMFA: tests are guests"},
		{"passkeys", func(t cognitotest.TB) { cognitotest.New(t, host, cognitotest.WithPasskeys("example.com")) }, "WithPasskeys: tests are guests"},
		{"a domain", func(t cognitotest.TB) { cognitotest.New(t, host).Domain(t) }, "Domain: tests are guests in pool " + poolID + ", which has no domain"},
		{"a user of a chosen name", func(t cognitotest.TB) {
			cognitotest.New(t, host).NewUser(t, cognitotest.Username("ann"))
		}, `a user "ann" in pool ` + poolID + " could not be told from those of others"},
		{"a user of others", func(t cognitotest.TB) { cognitotest.New(t, host).User(t, "bob") }, ""},
		{"a member of a group of others", func(t cognitotest.TB) {
			cognitotest.New(t, host).NewUser(t, cognitotest.Groups("admins")).AccessToken(t)
		}, ""},
		{"an app client with settings", func(t cognitotest.TB) {
			cognitotest.New(t, host, cognitotest.WithClientSecret()).NewUser(t).AccessToken(t)
		}, ""},
		{"a user who signs up", func(t cognitotest.TB) {
			cog := cognitotest.New(t, host)
			name := cog.NewUsername()
			_, err := cog.Client().SignUp(context.Background(), &cip.SignUpInput{ClientId: &cog.ClientID, Username: &name, Password: aws.String("Correct-Horse-7")})
			if err != nil {
				t.Errorf("SignUp: %v", err)
			}
			cog.User(t, name)
		}, ""},
	} {
		got := play(t, test.do)
		told := strings.Join(got.told, "\n")
		if got.failed || got.skipped != (test.skipped != "") || !strings.Contains(told, test.skipped) {
			t.Errorf("%s: failed %t, skipped %t, told %s\nwant to be skipped with %q", test.why, got.failed, got.skipped, told, test.skipped)
		}
		if diff := cmp.Diff(before, a.state(t)); diff != "" {
			t.Errorf("%s: the account (-before +after):\n%s", test.why, diff)
		}
	}
}

// TestFailingChild is a test that fails in as many ways as it can.
func TestFailingChild(t *testing.T) {
	if os.Getenv("REAL_TEST_CHILD") != "failing" {
		t.Skip("is run by TestNoSecretIsTold, in a process of its own")
	}
	cog := cognitotest.New(t, real.FromEnv(), cognitotest.WithClientSecret())
	ann := cog.NewUser(t, cognitotest.Email("ann@example.com"))
	tokens := ann.Tokens(t)
	_, err := cog.Client().GetUser(t.Context(), &cip.GetUserInput{AccessToken: aws.String(tokens.AccessToken + "x")})
	t.Errorf("GetUser: %v", err)
	t.Run("wrong password", func(t *testing.T) {
		ann.Password += "x"
		ann.Tokens(t)
	})
	t.Run("taken name", func(t *testing.T) {
		cog.NewUser(t, cognitotest.Username(ann.Username), cognitotest.Password("Taken-Passw0rd-1"))
	})
	t.Run("weak password", func(t *testing.T) { cog.NewUser(t, cognitotest.Password("weak-password")) })
	t.Run("unconfirmed", func(t *testing.T) { cog.NewUser(t, cognitotest.Unconfirmed()).Tokens(t) })
	t.Run("temporary", func(t *testing.T) { cog.NewUser(t, cognitotest.TemporaryPassword()).Tokens(t) })
}

// TestNoSecretIsTold looks for every secret that a failing run has sent or got in its whole output.
func TestNoSecretIsTold(t *testing.T) {
	a := newAccount(t)
	a.deny("AdminDeleteUser", "") // so that clean-up fails too
	const key = "aws-secret-access-key-of-the-child"
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "REAL_TEST_CHILD=failing", "COGNITOTEST_REAL=1", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+*a.config.BaseEndpoint,
		"AWS_REGION="+a.config.Region, "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY="+key, "AWS_SESSION_TOKEN=")
	out, err := child.CombinedOutput()
	if err == nil || strings.Count(string(out), "--- FAIL") < 6 {
		t.Fatalf("the run has not failed as it should: %v\n%s", err, out)
	}
	secrets := map[string]bool{key: true}
	for _, c := range a.Calls() {
		collect(secrets, reflect.ValueOf(c.Input))
		collect(secrets, reflect.ValueOf(c.Output))
	}
	for _, m := range a.Messages() {
		secrets[m.Code] = true
	}
	delete(secrets, "")
	if len(secrets) < 10 {
		t.Fatalf("only %d secrets were looked for", len(secrets))
	}
	for secret := range secrets {
		if strings.Contains(string(out), secret) {
			t.Errorf("the output of the run has the secret %q:\n%s", secret, out)
		}
	}
}

// collect finds the secrets in a typed input or output by the names of its members.
func collect(secrets map[string]bool, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collect(secrets, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f, name := v.Field(i), v.Type().Field(i); name.IsExported() && name.Name != "ResultMetadata" {
				collectNamed(secrets, name.Name, f)
			}
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			if key.Kind() == reflect.String {
				collectNamed(secrets, key.String(), value)
			}
		}
	}
}

func collectNamed(secrets map[string]bool, name string, v reflect.Value) {
	upper := strings.ToUpper(name)
	secret := strings.Contains(upper, "PASSWORD") || strings.Contains(upper, "TOKEN") || strings.Contains(upper, "SECRET") ||
		strings.Contains(upper, "SESSION") || strings.Contains(upper, "CODE")
	text := reflect.Indirect(v)
	if text.Kind() != reflect.String {
		collect(secrets, v)
		return
	}
	if secret && upper != "TOKENTYPE" && upper != "ENCODEDDATA" {
		secrets[text.String()] = true
	}
}
