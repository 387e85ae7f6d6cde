package fake_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// newDomain is a bench whose pool has a domain, at which ann signs in and the app client stands for itself too.
func newDomain(t *testing.T) (*bench, *visitor) {
	t.Helper()
	b := newBench(t, false)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := b.API().CreateUserPoolDomain(t.Context(), &cip.CreateUserPoolDomainInput{UserPoolId: &b.poolID, Domain: aws.String("demo")})
	must(err)
	_, err = b.API().CreateResourceServer(t.Context(), &cip.CreateResourceServerInput{
		UserPoolId: &b.poolID, Identifier: aws.String("api"), Name: aws.String("api"),
		Scopes: []types.ResourceServerScopeType{{ScopeName: aws.String("read"), ScopeDescription: aws.String("reads")}},
	})
	must(err)
	newClient := func(flow types.OAuthFlowType, scope string) url.Values {
		c, err := b.API().CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
			UserPoolId: &b.poolID, ClientName: aws.String(scope), GenerateSecret: flow == types.OAuthFlowTypeClientCredentials,
			AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{flow}, AllowedOAuthScopes: []string{scope},
			CallbackURLs: []string{stageCallback}, SupportedIdentityProviders: []string{"COGNITO"},
		})
		must(err)
		form := url.Values{"client_id": {*c.UserPoolClient.ClientId}}
		if c.UserPoolClient.ClientSecret != nil {
			form.Set("client_secret", *c.UserPoolClient.ClientSecret)
		}
		return form
	}
	jar, err := cookiejar.New(nil)
	must(err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b, &visitor{
		Client: &http.Client{Transport: b.Server, Jar: jar, CheckRedirect: stay}, t: t,
		machine: newClient(types.OAuthFlowTypeClientCredentials, "api/read"), application: newClient(types.OAuthFlowTypeCode, "openid"),
	}
}

// visitor is the browser of a user, and an application's way to the token endpoint.
type visitor struct {
	*http.Client
	t                    *testing.T
	machine, application url.Values // how app clients call themselves
}

// post returns the status of an answer, and its body or where it leads.
func (v *visitor) post(target string, forms ...url.Values) (status int, answer string, err error) {
	form := url.Values{}
	for _, f := range forms {
		for name, values := range f {
			form[name] = values
		}
	}
	r, err := v.PostForm(target, form)
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if to := r.Header.Get("Location"); to != "" {
		return r.StatusCode, to, err
	}
	return r.StatusCode, string(body), err
}

// token asks for tokens.
func (v *visitor) token(forms ...url.Values) (int, string, error) {
	return v.post(visitedDomain+"/oauth2/token", forms...)
}

// visitedDomain is the domain of newDomain.
const visitedDomain = "https://demo.auth.us-east-1.amazoncognito.com"

// asItself asks for a token of the app client's own, and returns the status.
func (v *visitor) asItself() int {
	v.t.Helper()
	status, _, err := v.token(v.machine, url.Values{"grant_type": {"client_credentials"}})
	if err != nil {
		v.t.Fatal(err)
	}
	return status
}

// signIn sends the login page in.
func (v *visitor) signIn(username, with string) (int, string) {
	v.t.Helper()
	query := url.Values{"response_type": {"code"}, "redirect_uri": {stageCallback}, "client_id": v.application["client_id"]}
	page := visitedDomain + "/login?" + query.Encode()
	shown, err := v.Get(page)
	if err != nil {
		v.t.Fatal(err)
	}
	defer shown.Body.Close()
	form, err := io.ReadAll(shown.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	status, answer, err := v.post(page, url.Values{"_csrf": {csrf.FindStringSubmatch(string(form))[1]}, "username": {username}, "password": {with}})
	if err != nil {
		v.t.Fatal(err)
	}
	return status, answer
}

// code returns what the application gets of a sign-in, as a form for the token endpoint.
func (v *visitor) code() url.Values {
	v.t.Helper()
	_, back := v.signIn("ann", password)
	u, err := url.Parse(back)
	if err != nil || u.Query().Get("code") == "" {
		v.t.Fatalf("the login page leads to %q", back)
	}
	return url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {stageCallback}, "code": {u.Query().Get("code")}}
}

func TestThrottleAtADomain(t *testing.T) {
	b, v := newDomain(t)
	b.Freeze(b.Now())
	for category, rate := range map[fake.Category]float64{fake.ClientAuthentication: 2, fake.UserAuthentication: 1} {
		if err := b.Throttle(category, rate); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]int{200, 200, 429}, []int{v.asItself(), v.asItself(), v.asItself()}); diff != "" {
		t.Errorf("tokens of an app client's own (-want +got):\n%s", diff)
	}
	code := v.code()
	if status, page := v.signIn("ann", password); status != http.StatusTooManyRequests {
		t.Errorf("a second sign-in: %d %s", status, page)
	}
	if status, body, _ := v.token(v.application, code); status != http.StatusOK {
		t.Errorf("a code, whose rate is its own: %d %s", status, body)
	}
	status, body, _ := v.token(v.application, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"any"}})
	if want := `{"error":"too_many_requests","error_description":"Rate exceeded"}`; status != http.StatusTooManyRequests || body != want {
		t.Errorf("a refresh: %d %s, want 429 %s", status, body, want)
	}
	b.Advance(time.Second)
	if got := v.asItself(); got != http.StatusOK {
		t.Errorf("a second later: %d", got)
	}
	v.code()
}

func TestFaultsAtADomain(t *testing.T) {
	for _, test := range []struct {
		reason string
		fault  fake.Fault
		status int
		body   string
		cut    bool
		spent  bool // whether the code has been redeemed
	}{
		{"a status is the answer", fake.Fault{Err: fake.HTTPStatus(503)}, 503, `{"error":"server_error"}`, false, false},
		{"500 too", fake.Fault{Err: fake.HTTPStatus(500)}, 500, `{"error":"server_error"}`, false, false},
		{"any error is one of the service", fake.Fault{Err: errors.New("full")}, 500, `{"error":"server_error","error_description":"full"}`, false, false},
		{"an error of the service is one of OAuth", fake.Fault{Err: fake.RateExceeded()}, 429, `{"error":"too_many_requests","error_description":"Rate exceeded"}`, false, false},
		{"nothing has happened", fake.Fault{Err: fake.CutBefore}, 0, "", true, false},
		{"all has happened", fake.Fault{Err: fake.CutAfter}, 0, "", true, true},
	} {
		t.Run(test.reason, func(t *testing.T) {
			b, v := newDomain(t)
			code := v.code()
			test.fault.Operations, test.fault.Times = []string{"/oauth2/token"}, 1
			b.Inject(test.fault)
			status, body, err := v.token(v.application, code)
			if status != test.status || body != test.body || test.cut != errors.Is(err, io.EOF) {
				t.Errorf("answer = %d %s, %v; want %d %s", status, body, err, test.status, test.body)
			}
			if status, body, _ := v.token(v.application, code); (status == http.StatusOK) == test.spent {
				t.Errorf("the code again: %d %s", status, body)
			}
			if calls := b.Calls("/oauth2/token"); len(calls) != 2 || calls[0].Err == nil {
				t.Errorf("calls = %v", calls)
			}
		})
	}
}

func TestDelaysAtADomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, v := newDomain(t)
		b.Inject(fake.Fault{Operations: []string{"/login"}, Delay: time.Minute, Match: func(c fake.Call) bool { return c.Username == "ann" }})
		began := time.Now()
		v.code()
		if got := time.Since(began); got != time.Minute {
			t.Errorf("the sign-in took %v, want a minute", got)
		}
	})
}

func TestCallsAtADomainNameTheStoredUser(t *testing.T) {
	b, v := newDomain(t)
	b.Inject(fake.Fault{Operations: []string{"/login"}, Username: "ann", Err: fake.HTTPStatus(503)})
	if status, page := v.signIn("ann@example.com", password); status != http.StatusServiceUnavailable {
		t.Errorf("answer = %d %s", status, page)
	}
	if calls := b.Calls("/login"); len(calls) != 2 || calls[1].Username != "ann" || calls[1].UserPoolID != b.poolID {
		t.Errorf("calls = %v", calls)
	}
}
