package fake_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// openDomain is a server with a pool whose app client may do everything at its domain, with users in every state
// that a login page knows.
func openDomain(f *testing.F) (s *fake.Server, clientID string) {
	f.Helper()
	s = fake.NewServer(fake.Config{Seed: 1})
	f.Cleanup(func() { s.Close() })
	must := func(err error) {
		f.Helper()
		if err != nil {
			f.Fatal(err)
		}
	}
	s.PinIDs("us-east-1_Fuzzed000", "fuzzedclient00000000000000")
	p, err := s.API().CreateUserPool(f.Context(), &cip.CreateUserPoolInput{
		PoolName: aws.String("fuzzed"), AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		Schema: []types.SchemaAttributeType{{Name: aws.String("name"), Required: aws.Bool(true)}},
	})
	must(err)
	id := p.UserPool.Id
	_, err = s.API().CreateUserPoolDomain(f.Context(), &cip.CreateUserPoolDomainInput{UserPoolId: id, Domain: aws.String("demo")})
	must(err)
	_, err = s.API().SetUserPoolMfaConfig(f.Context(), &cip.SetUserPoolMfaConfigInput{
		UserPoolId: id, MfaConfiguration: types.UserPoolMfaTypeOn,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	})
	must(err)
	c, err := s.API().CreateUserPoolClient(f.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: id, ClientName: aws.String("fuzzed"), AllowedOAuthFlowsUserPoolClient: true,
		AllowedOAuthFlows:  []types.OAuthFlowType{types.OAuthFlowTypeCode, types.OAuthFlowTypeImplicit},
		AllowedOAuthScopes: []string{"openid", "email"}, SupportedIdentityProviders: []string{"COGNITO"},
		CallbackURLs: []string{stageCallback, "myapp://callback"}, LogoutURLs: []string{"https://app.example.com/bye"},
	})
	must(err)
	for _, name := range []string{"ann", "bob"} {
		_, err = s.API().AdminCreateUser(f.Context(), &cip.AdminCreateUserInput{
			UserPoolId: id, Username: &name, TemporaryPassword: aws.String(password), MessageAction: types.MessageActionTypeSuppress,
			UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String(name + "@example.com")}, {Name: aws.String("email_verified"), Value: aws.String("true")}},
		})
		must(err)
	}
	_, err = s.API().AdminSetUserPassword(f.Context(), &cip.AdminSetUserPasswordInput{UserPoolId: id, Username: aws.String("bob"), Password: aws.String(password), Permanent: true})
	must(err)
	return s, *c.UserPoolClient.ClientId
}

// markup is what stands in the place of XSS in the inputs of a fuzzer: no page may contain it as it is.
const markup = `"'><zqx onload=a>`

// request is what a fuzzer makes of a request to a domain. The form is one that a page has sent, unless it says
// otherwise; the challenge is what the browser keeps of a sign-in.
type request struct {
	method, path, query, form, challenge, authorization string
}

func (in request) http() (*http.Request, error) {
	r, err := http.NewRequest(in.method, visitedDomain+"/", strings.NewReader("_csrf=genuine&"+marked(in.form, url.QueryEscape)))
	if err != nil {
		return nil, err
	}
	r.URL.Path, r.URL.RawQuery = in.path, marked(in.query, url.QueryEscape)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", in.authorization)
	escape := func(s string) string {
		text, _ := json.Marshal(s) // a text can be encoded
		return string(text[1 : len(text)-1])
	}
	cookie := base64.RawURLEncoding.EncodeToString([]byte(marked(in.challenge, escape)))
	r.Header.Set("Cookie", "XSRF-TOKEN=genuine; cognito-challenge="+cookie)
	return r, nil
}

func marked(s string, escape func(string) string) string {
	return strings.ReplaceAll(s, "XSS", escape(markup))
}

var link = regexp.MustCompile(`(?:href|action|formaction)="([^"]*)"`)

// checkLocation refuses a redirection that leads neither to the domain nor to a URL of the application.
func checkLocation(t *testing.T, to string) {
	t.Helper()
	if strings.ContainsAny(to, "\r\n") {
		t.Errorf("a header is broken: %q", to)
	}
	if strings.HasPrefix(to, visitedDomain+"/") || to == "https://app.example.com/bye" {
		return
	}
	for _, callback := range []string{stageCallback, "myapp://callback"} {
		if rest, ok := strings.CutPrefix(to, callback); ok && (rest == "" || rest[0] == '?' || rest[0] == '#') {
			return
		}
	}
	t.Errorf("the browser is sent to %q", to)
}

// checkPage refuses a page with markup of a stranger's, or with a link that leads elsewhere.
func checkPage(t *testing.T, page string) {
	t.Helper()
	if strings.Contains(page, "<zqx") || strings.Contains(page, `"'>`) {
		t.Errorf("markup on a page: %s", page)
	}
	for _, match := range link.FindAllStringSubmatch(page, -1) {
		to := html.UnescapeString(match[1])
		if icon := to == "data:,"; !icon && !strings.HasPrefix(to, visitedDomain+"/") && !strings.HasPrefix(to, "otpauth://totp/") {
			t.Errorf("a link to %q", to)
		}
	}
}

func FuzzDomain(f *testing.F) {
	s, clientID := openDomain(f)
	query := "client_id=" + clientID + "&response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback&scope=openid&state=XSS"
	for _, seed := range seeds(f, s, query) {
		f.Add(seed.method, seed.path, seed.query, seed.form, seed.challenge, seed.authorization)
	}
	f.Fuzz(func(t *testing.T, method, path, query, form, challenge, authorization string) {
		r, err := request{method, path, query, form, challenge, authorization}.http()
		if err != nil {
			t.Skip("no request")
		}
		answer, err := s.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode >= 500 {
			t.Errorf("status %d: %s", answer.StatusCode, body)
		}
		if to := answer.Header.Get("Location"); to != "" {
			checkLocation(t, to)
		}
		switch kind := answer.Header.Get("Content-Type"); {
		case strings.HasPrefix(kind, "text/html"):
			checkPage(t, string(body))
		case strings.HasPrefix(kind, "application/json") && !json.Valid(body):
			t.Errorf("no JSON: %q", body)
		}
	})
}

// seeds are requests that come far.
func seeds(f *testing.F, s *fake.Server, query string) []request {
	post := func(path, form, challenge string) request { return request{"POST", path, query, form, challenge, ""} }
	begun := func(username string) string { // what the browser has after a password
		r, err := post("/login", "username="+username+"&password="+password, "").http()
		if err != nil {
			f.Fatal(err)
		}
		answer, err := s.RoundTrip(r)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range answer.Cookies() {
			if text, err := base64.RawURLEncoding.DecodeString(c.Value); c.Name == "cognito-challenge" && err == nil {
				return string(text)
			}
		}
		f.Fatalf("the login page leads %s to %q", username, answer.Header.Get("Location"))
		return ""
	}
	return []request{
		{"GET", "/oauth2/authorize", query, "", "", ""}, {"GET", "/oauth2/authorize", strings.Replace(query, "code", "token", 1) + "&prompt=none", "", "", ""},
		{"GET", "/oauth2/authorize", strings.Replace(query, "https%3A%2F%2Fapp.example.com%2Fcallback", "myapp%3A%2F%2Fcallback", 1) + "&scope=XSS", "", "", ""},
		{"GET", "/oauth2/authorize", query + "&identity_provider=XSS&prompt=login", "", "", ""},
		{"GET", "/oauth2/userInfo", "", "", "", "Bearer a.b.c"}, {"OPTIONS", "/oauth2/token", "", "", "", ""}, {"PUT", "/login", query, "", "", ""},
		{"GET", "/logout", query + "&logout_uri=https%3A%2F%2Fapp.example.com%2Fbye", "", "", ""}, {"GET", "/logout", query + "&logout_uri=//evil.example.com", "", "", ""},
		{"GET", "/error", "error=XSS", "", "", ""}, {"GET", "/login", query + "&login_hint=XSS", "", "", ""},
		{"GET", "/confirmUser", query + "&user_name=ann&confirmation_code=XSS", "", "", ""},
		{"GET", "/confirmUser", query, "", `{"Name":"ConfirmSignUp","Username":"XSS","Parameters":{"CODE_DELIVERY_DESTINATION":"XSS"}}`, ""},
		{"GET", "/mfa", query, "", `{"Name":"SELECT_MFA_TYPE","Parameters":{"MFAS_CAN_CHOOSE":"[\"XSS\",\"SMS_MFA\"]"}}`, ""},
		{"GET", "/mfa", query, "", `{"Name":"MFA_SETUP","Username":"XSS","Parameters":{"SECRET_CODE":"XSS"}}`, ""},
		{"GET", "/changePassword", query, "", `{"Name":"NEW_PASSWORD_REQUIRED","Username":"ann","Parameters":{"requiredAttributes":"[\"userAttributes.XSS\",\"\"]"}}`, ""},
		post("/oauth2/token", "grant_type=authorization_code&client_id=a&code=b&redirect_uri=c&code_verifier=d", ""),
		post("/oauth2/token", "grant_type=client_credentials&scope=XSS&aws_client_metadata={}", ""), post("/oauth2/revoke", "token=XSS", ""),
		post("/login", "username=XSS&password=XSS", ""), post("/login", "username=bob&password="+password, ""), post("/login", "_csrf=forged", ""),
		post("/signup", "username=carl&password="+password+"&requiredAttributes[name]=XSS&requiredAttributes[email]=carl%40example.com", ""),
		post("/confirmUser", "username=carl&code=123456&destination=XSS", ""), post("/resendcode", "username=carl", ""),
		post("/forgotPassword", "username=bob", ""), post("/confirmforgotPassword", "username=bob&code=123456&password=XSS&confirmPassword=XSS", ""),
		post("/changePassword", "new_password=Another-Horse-8&requiredAttributes[name]=XSS", begun("ann")),
		post("/mfa", "authentication_code=123456", begun("bob")), post("/mfa", "authentication_code=XSS", `{"Name":"SMS_MFA","Session":"XSS","Username":"bob"}`),
	}
}
