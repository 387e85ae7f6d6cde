package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/fake/cmd/fakecognito/internal/inspector"
)

// createGroup makes a group in the pool that a program has announced.
func createGroup(exports map[string]string, name string) error {
	_, err := client(exports).CreateGroup(context.Background(), &cip.CreateGroupInput{
		UserPoolId: aws.String(exports["COGNITO_USER_POOL_ID"]), GroupName: &name,
	}, func(o *cip.Options) { o.RetryMaxAttempts = 1 })
	return err
}

func TestStateOutlivesTheProgram(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	var first map[string]string
	t.Run("first", func(t *testing.T) {
		first = start(t, io.Discard, "-data", file, "-user-pool", "demo", "-client-secret")
		if err := createGroup(first, "admins"); err != nil {
			t.Fatal(err)
		}
	})
	second := start(t, io.Discard, "-data", file, "-user-pool", "demo", "-client-secret")
	for _, name := range []string{"COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "COGNITO_CLIENT_SECRET"} {
		if got, want := second[name], first[name]; got != want || got == "" {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if err := createGroup(second, "admins"); err == nil || !strings.Contains(err.Error(), "GroupExistsException") {
		t.Errorf("the group again: %v, want GroupExistsException", err)
	}
}

func TestTheFileHoldsAChangeBeforeItsAnswer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	exports := start(t, io.Discard, "-data", file, "-user-pool", "demo")
	if err := createGroup(exports, "admins"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), `"name": "admins"`) {
		t.Errorf("the file: %s, %v; want the group in it", text, err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v, %v; want that nobody else can read passwords", info.Mode(), err)
	}
}

// serveKept serves a server that keeps its state in a file, without a save at the end. The result is a client
// of it.
func serveKept(t *testing.T, server *fake.Server, file string) *cip.Client {
	t.Helper()
	k, err := keep(server, file, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(k.handler(handler(server, inspector.Options{})))
	t.Cleanup(func() {
		web.Close()
		k.lock.Close()
	})
	return cip.New(cip.Options{Region: "us-east-1", BaseEndpoint: &web.URL, RetryMaxAttempts: 1, Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
		})})
}

// pooled is a server with a pool.
func pooled(t *testing.T) (server *fake.Server, poolID string) {
	t.Helper()
	server = fake.NewServer(fake.Config{})
	t.Cleanup(func() { server.Close() })
	made, err := server.API().CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("demo")})
	if err != nil {
		t.Fatal(err)
	}
	return server, *made.UserPool.Id
}

func TestWhatFaultsLeaveIsSaved(t *testing.T) {
	for _, test := range []struct {
		fault error
		saved bool
	}{
		{fake.CutBefore, false}, {fake.RateExceeded(), false}, {fake.HTTPStatus(503), false}, {fake.CutAfter, true}, {fake.CutHalfway, true},
	} {
		server, pool := pooled(t)
		file := filepath.Join(t.TempDir(), "state.json")
		c := serveKept(t, server, file)
		server.Inject(fake.Fault{Operations: []string{"CreateGroup"}, Err: test.fault})
		_, err := c.CreateGroup(context.Background(), &cip.CreateGroupInput{UserPoolId: &pool, GroupName: aws.String("admins")})
		text, errRead := os.ReadFile(file)
		if got := strings.Contains(string(text), `"name": "admins"`); err == nil || errRead != nil || got != test.saved {
			t.Errorf("%v: the call ends with %v; the group is saved: %v, want %v", test.fault, err, got, test.saved)
		}
	}
}

func TestLinksLeadToTheFile(t *testing.T) {
	for _, before := range []string{"", `{"version": 1}`} {
		dir := t.TempDir()
		file, link := filepath.Join(dir, "real", "state.json"), filepath.Join(dir, "link.json")
		if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o700), os.Symlink(filepath.Join("real", "state.json"), link)); err != nil {
			t.Fatal(err)
		}
		if before != "" {
			if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		server, pool := pooled(t)
		serveKept(t, server, link)
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), pool) {
			t.Errorf("the file: %s, %v; want the pool in it", text, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is %v, %v; want it as it was", info, err)
		}
	}
}

func TestFormsAreSaved(t *testing.T) {
	server, _ := pooled(t)
	file := filepath.Join(t.TempDir(), "state.json")
	k, err := keep(server, file, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	r := httptest.NewRequest(http.MethodPost, "http://localhost"+inspector.Path+"clock", strings.NewReader("action=set&moment=2030-01-02T03:04:05"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.GetUser") // which is not asked
	w := httptest.NewRecorder()
	k.handler(handler(server, inspector.Options{})).ServeHTTP(w, r)
	text, err := os.ReadFile(file)
	if w.Code != http.StatusSeeOther || err != nil || !strings.Contains(string(text), `"offset"`) {
		t.Errorf("status %d, the file: %s, %v; want the clock in it", w.Code, text, err)
	}
}

func TestAChangeThatCannotBeSavedFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var log syncBuffer
	exports := start(t, &log, "-data", filepath.Join(dir, "state.json"), "-user-pool", "demo")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := createGroup(exports, "admins"); err == nil || !strings.Contains(err.Error(), "InternalErrorException: -data: the state could not be saved") {
		t.Errorf("got %v, want that the state could not be saved", err)
	}
	if !strings.Contains(log.String(), "the state could not be saved") {
		t.Errorf("log: %s", log.String())
	}
	if _, err := client(exports).ListGroups(context.Background(), &cip.ListGroupsInput{UserPoolId: aws.String(exports["COGNITO_USER_POOL_ID"])}); err != nil {
		t.Errorf("reading: %v, want that it works still", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := createGroup(exports, "others"); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

func TestDataFilesThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	damaged := filepath.Join(dir, "damaged.json")
	const text = "{\n  \"version\": 1,\n  \"pools\": [}\n"
	if err := os.WriteFile(damaged, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	inUse := filepath.Join(dir, "used.json")
	start(t, io.Discard, "-data", inUse)
	for name, test := range map[string]struct{ path, want string }{
		"damaged":          {damaged, "line 3, column 13: invalid character '}' looking for beginning of value; mend the file, or move it away"},
		"a folder":         {dir, "is a directory"},
		"in no folder":     {filepath.Join(dir, "none", "state.json"), "no such file"},
		"in use elsewhere": {inUse, "another fakecognito keeps its state there"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(context.Background(), []string{"-addr", "127.0.0.1:0", "-data", test.path}, io.Discard, io.Discard)
			if _, ok := err.(unusable); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it unusable: %s", err, test.want)
			}
		})
	}
	if got, err := os.ReadFile(damaged); err != nil || string(got) != text {
		t.Errorf("the damaged file is %q, %v; want it untouched", got, err)
	}
}

func TestSchemaIsPrinted(t *testing.T) {
	var out strings.Builder
	if err := run(context.Background(), []string{"-schema"}, &out, io.Discard); err != nil || !strings.HasPrefix(out.String(), "{\n  \"$defs\"") {
		t.Errorf("got %.40q, %v; want the schema", out.String(), err)
	}
}

const cidsDevice = "eu-west-1_00000000-0000-4000-8000-000000000009"

// TestReadingChangesNothing calls every operation that is taken for one that reads, on a server that has
// everything: nothing of its state may change, since nobody saves it.
func TestReadingChangesNothing(t *testing.T) {
	state, err := os.ReadFile("../../testdata/full.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	server := fake.NewServer(fake.Config{Region: "eu-west-1"})
	t.Cleanup(func() { server.Close() })
	with := fmt.Sprintf(`"username": "cid", "devices": [{"key": %q, "salt": "AQ==", "verifier": "AQ=="}],`, cidsDevice)
	if err := server.Import(strings.NewReader(strings.Replace(string(state), `"username": "cid",`, with, 1))); err != nil {
		t.Fatal(err)
	}
	c := sdk(server, "eu-west-1")
	names := known(t, c)
	answered := 0
	for m := range reflect.TypeOf(c).Methods() {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+m.Name)
		if !reads(r) || m.Type.NumIn() < 3 {
			continue
		}
		before := export(t, server)
		in := reflect.New(m.Type.In(2).Elem())
		for name, value := range names {
			if f := in.Elem().FieldByName(name); f.IsValid() && f.Type() == reflect.TypeOf(value) {
				f.Set(reflect.ValueOf(value))
			}
		}
		out := reflect.ValueOf(c).MethodByName(m.Name).Call([]reflect.Value{reflect.ValueOf(context.Background()), in})
		if out[1].IsNil() {
			answered++
		} else if text := fmt.Sprint(out[1]); !strings.Contains(text, "not simulated") {
			t.Errorf("%s: %s; give it what it needs", m.Name, text)
		}
		if after := export(t, server); after != before {
			t.Errorf("%s has changed\n%s\nto\n%s", m.Name, before, after)
		}
	}
	if answered < 20 {
		t.Errorf("%d operations answered, want at least 20", answered)
	}
}

// known returns members of inputs by name, with values that the server of TestReadingChangesNothing knows.
func known(t *testing.T, c *cip.Client) map[string]any {
	t.Helper()
	ctx, pool, cid, password := context.Background(), aws.String("eu-west-1_Full00001"), aws.String("cid"), aws.String("Correct-Horse-7")
	app, errApp := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: pool, ClientName: aws.String("reader"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	_, errPassword := c.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: pool, Username: cid, Password: password, Permanent: true})
	if err := errors.Join(errApp, errPassword); err != nil {
		t.Fatal(err)
	}
	out, err := c.InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: app.UserPoolClient.ClientId, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": *cid, "PASSWORD": *password},
	})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]any{
		"UserPoolId": pool, "ClientId": app.UserPoolClient.ClientId, "Username": cid, "GroupName": aws.String("admins"),
		"AccessToken": out.AuthenticationResult.AccessToken, "DeviceKey": aws.String(cidsDevice), "MaxResults": aws.Int32(1),
		"ResourceArn": aws.String("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/" + *pool),
	}
	names["Identifier"], names["Domain"] = aws.String("orders"), aws.String("full")
	for _, name := range []string{"ManagedLoginBrandingId", "TermsId"} {
		names[name] = aws.String("00000000-0000-4000-8000-000000000009") // of operations that are not simulated
	}
	names["ProviderName"], names["IdpIdentifier"], names["JobId"] = aws.String("Example"), aws.String("example.com"), aws.String("import-nothing")
	return names
}

func export(t *testing.T, server *fake.Server) string {
	t.Helper()
	var b strings.Builder
	if err := server.Export(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
