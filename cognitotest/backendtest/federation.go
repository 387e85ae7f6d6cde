package backendtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// hosts leads each request to the provider whose domain it is for.
type hosts map[string]http.RoundTripper

func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) { return h[r.URL.Host].RoundTrip(r) }

// federation is an application whose users sign in at another pool.
type federation struct {
	*application
	staff *application // of the other pool: the app client that the pool is there
}

// A pool of this process is a provider that only a fake can reach.
const localProvider = "its identity provider is in this process"

// newFederation makes an application of a pool whose identity provider Staff is another pool.
func newFederation(t *testing.T, start Start, edit ...func(*cip.CreateIdentityProviderInput)) *federation {
	t.Helper()
	other := cognitotest.New(t, cognitotest.InMemory())
	p := start(t, cognitotest.WithIdPClient(other.HTTPClient()))
	needFake(t, p, localProvider)
	domain := p.Domain(t)
	staff := newApplication(t, other, func(in *cip.CreateUserPoolClientInput) {
		in.GenerateSecret, in.CallbackURLs = true, []string{strings.Replace(domain, "http://127.0.0.1", "http://localhost", 1) + "/oauth2/idpresponse", domain + "/oauth2/idpresponse"}
	})
	in := cip.CreateIdentityProviderInput{
		UserPoolId: &p.PoolID, ProviderName: aws.String("Staff"), ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: map[string]string{
			"client_id": staff.ID, "client_secret": staff.Secret, "authorize_scopes": "openid email profile",
			"oidc_issuer": other.Issuer, "attributes_request_method": "GET",
		},
		AttributeMapping: map[string]string{"email": "email", "email_verified": "email_verified", "given_name": "given_name"},
		IdpIdentifiers:   []string{"example.com"},
	}
	for _, change := range edit {
		change(&in)
	}
	need(t, fail(p.Client().CreateIdentityProvider(ctx, &in)))
	settings := applicationSettings()
	settings.SupportedIdentityProviders = []string{"COGNITO", "Staff"}
	return &federation{&application{p.NewAppClient(t, cognitotest.ClientSettings(settings)), p, domain}, staff}
}

// newBrowser returns a browser that reaches both pools.
func (f *federation) newBrowser(t *testing.T) *browser {
	t.Helper()
	b := f.application.newBrowser(t)
	b.Transport = hosts{hostOf(t, f.domain): f.provider.HTTPClient().Transport, hostOf(t, f.staff.domain): f.staff.provider.HTTPClient().Transport}
	return b
}

func hostOf(t *testing.T, text string) string {
	t.Helper()
	u, err := url.Parse(text)
	need(t, err)
	return u.Host
}

// request is that of an application which wants its users to sign in at the other pool.
func (f *federation) request(namesAndValues ...string) url.Values {
	return f.application.request(append([]string{"identity_provider", "Staff"}, namesAndValues...)...)
}

// visit signs a user of the other pool in there, and returns where that leads in the end.
func (f *federation) visit(b *browser, u *cognitotest.User) webAnswer {
	b.t.Helper()
	return b.open(f.leave(b, u).location.String(), nil)
}

// leave signs a user of the other pool in there, and returns where that leads: back to the pool.
func (f *federation) leave(b *browser, u *cognitotest.User) webAnswer {
	b.t.Helper()
	away := b.open("/oauth2/authorize", f.request())
	if away.location == nil || away.location.Host != hostOf(b.t, f.staff.domain) {
		b.t.Fatalf("authorize leads to %v (status %d): %s", away.location, away.status, away.body)
	}
	page := b.open(away.location.String(), nil)
	if page.location.Path == "/login" {
		page = b.fill(page.location.String(), url.Values{"username": {u.Username}, "password": {u.Password}})
	}
	if page.location == nil || !strings.HasPrefix(page.location.String(), f.domain+"/oauth2/idpresponse?") {
		b.t.Fatalf("the provider leads to %v (status %d): %s", page.location, page.status, page.body)
	}
	return page
}

// arrive signs a user of the other pool in, and returns the tokens that the application gets.
func (f *federation) arrive(b *browser, u *cognitotest.User) map[string]any {
	b.t.Helper()
	back := f.visit(b, u)
	if back.location == nil || back.location.Query().Get("code") == "" {
		b.t.Fatalf("the sign-in leads to %v (status %d): %s", back.location, back.status, back.body)
	}
	return b.redeem(back.location.Query().Get("code")).object(b.t)
}

func (f *federation) member(t *testing.T) *cognitotest.User {
	t.Helper()
	return f.staff.provider.NewUser(t, cognitotest.Email("ann@example.com"), cognitotest.Attribute("given_name", "Ann"))
}

// guest returns the user that was made for a member.
func (f *federation) guest(t *testing.T, member *cognitotest.User) *cip.AdminGetUserOutput {
	t.Helper()
	out, err := f.provider.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &f.provider.PoolID, Username: aws.String("Staff_" + member.Sub)})
	need(t, err)
	return out
}

var federations = []Behaviour{
	{"who signs in at an identity provider becomes a user, with a group and an identity", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		tokens := f.arrive(f.newBrowser(t), ann)
		u := f.guest(t, ann)
		wantSame(t, "status", u.UserStatus, types.UserStatusTypeExternalProvider)
		wantSame(t, "given_name", attribute(u.UserAttributes, "given_name"), "Ann")
		wantSame(t, "email", attribute(u.UserAttributes, "email"), "ann@example.com")
		group := f.provider.PoolID + "_Staff"
		id, access := claims(t, tokens["id_token"].(string)), claims(t, tokens["access_token"].(string))
		wantSome(t, "access", access, fields{"cognito:groups": []any{group}, "username": "Staff_" + ann.Sub, "version": 2.0})
		wantSome(t, "ID", id, fields{"cognito:groups": []any{group}, "cognito:username": "Staff_" + ann.Sub, "email": "ann@example.com"})
		identity := id["identities"].([]any)[0].(map[string]any)
		if !regexp.MustCompile(`^\d{13}$`).MatchString(identity["dateCreated"].(string)) {
			t.Errorf("dateCreated = %v", identity["dateCreated"])
		}
		delete(identity, "dateCreated")
		wantSame(t, "identity", identity, map[string]any{"userId": ann.Sub, "providerName": "Staff", "providerType": "OIDC", "issuer": nil, "primary": "true"})
		var shown []map[string]any
		need(t, json.Unmarshal([]byte(attribute(u.UserAttributes, "identities")), &shown))
		wantSame(t, "primary", shown[0]["primary"], any(true))
	}},
	{"who comes back is the same user, with what the provider now tells", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		first := claims(t, f.arrive(f.newBrowser(t), ann)["access_token"].(string))
		need(t, fail(f.staff.provider.Client().AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
			UserPoolId: &f.staff.provider.PoolID, Username: &ann.Username,
			UserAttributes: []types.AttributeType{{Name: aws.String("given_name"), Value: aws.String("Anna")}},
		})))
		again := claims(t, f.arrive(f.newBrowser(t), ann)["access_token"].(string))
		wantSame(t, "sub", again["sub"], first["sub"])
		wantSame(t, "given_name", attribute(f.guest(t, ann).UserAttributes, "given_name"), "Anna")
	}},
	{"a linked account signs in as its user", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann, own := f.member(t), f.provider.NewUser(t)
		need(t, f.link(own, ann))
		wantSome(t, "access", claims(t, f.arrive(f.newBrowser(t), ann)["access_token"].(string)), fields{"sub": own.Sub, "username": own.Username})
		wantNobody(t, f.provider, "Staff_"+ann.Sub)
	}},
	{"a browser that is signed in does not leave again", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		b := f.newBrowser(t)
		f.arrive(b, f.member(t))
		back := b.open("/oauth2/authorize", f.request())
		if back.location == nil || back.location.Query().Get("code") == "" {
			t.Errorf("back to %v", back.location)
		}
	}},
	{"a provider is named by an identifier, by a button, or is the only one", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		b := f.newBrowser(t)
		settings := applicationSettings()
		settings.SupportedIdentityProviders = []string{"Staff"}
		only := f.provider.NewAppClient(t, cognitotest.ClientSettings(settings))
		page := b.open("/login", f.application.request())
		button := regexp.MustCompile(`href="([^"]+identity_provider=Staff[^"]*)"`).FindStringSubmatch(page.body)
		if button == nil {
			t.Fatalf("no button in %s", page.body)
		}
		for _, way := range []webAnswer{
			b.open("/oauth2/authorize", f.application.request("idp_identifier", "example.com")),
			b.open(strings.ReplaceAll(button[1], "&amp;", "&"), nil),
			b.open("/oauth2/authorize", f.application.request("client_id", only.ID)),
		} {
			if way.location == nil || way.location.Host != hostOf(t, f.staff.domain) {
				t.Errorf("answer = %d to %v", way.status, way.location)
			}
		}
	}},
	{"the provider is asked for a code with what its details say", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		away := f.newBrowser(t).open("/oauth2/authorize", f.request("login_hint", "ann", "prompt", "login"))
		query := away.location.Query()
		state := query.Get("state")
		query.Del("state")
		wantSame(t, "query", query, url.Values{
			"client_id": {f.staff.ID}, "redirect_uri": {f.domain + "/oauth2/idpresponse"}, "response_type": {"code"},
			"scope": {"openid email profile"}, "login_hint": {"ann"}, "prompt": {"login"},
		})
		if len(state) < 40 {
			t.Errorf("state = %q", state)
		}
	}},
	{"a state that is another browser's, used or unknown is invalid", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		b := f.newBrowser(t)
		back := f.leave(b, f.member(t)).location.String()
		wantInvalidState := func(got webAnswer) {
			t.Helper()
			if got.location == nil || got.location.Path != "/error" || got.location.Query().Get("error") != "Invalid state" {
				t.Fatalf("answer = %d to %v", got.status, got.location)
			}
			wantPage(t, b.open(got.location.String(), nil), 400, "Invalid state")
		}
		wantInvalidState(f.newBrowser(t).open(back, nil))
		if got := b.open(back, nil); got.location.Query().Get("code") == "" {
			t.Errorf("answer = %d to %v", got.status, got.location)
		}
		wantInvalidState(b.open(back, nil))
		wantInvalidState(b.open(f.domain+"/oauth2/idpresponse?code=c&state="+url.QueryEscape("no state"), nil))
	}},
	{"a code that the provider does not know is an error of the provider", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		b := f.newBrowser(t)
		back := f.leave(b, f.member(t)).location
		query := back.Query()
		query.Set("code", "00000000-0000-4000-8000-000000000000")
		back.RawQuery = query.Encode()
		wantRedirect(t, b.open(back.String(), nil), callback+"?error_description=Staff+Error+-+400+error+getting+token&state=a+state&error=invalid_request")
	}},
	{"a disabled user does not come back", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		f.arrive(f.newBrowser(t), ann)
		need(t, fail(f.provider.Client().AdminDisableUser(ctx, &cip.AdminDisableUserInput{UserPoolId: &f.provider.PoolID, Username: aws.String("Staff_" + ann.Sub)})))
		got := f.visit(f.newBrowser(t), ann)
		wantSame(t, "query", got.location.Query(), url.Values{"error": {"invalid_request"}, "error_description": {"User is disabled."}, "state": {"a state"}})
	}},
}

var federationTriggers = []Behaviour{
	{"the first sign-in at a provider and later ones ask their triggers in order", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		for _, source := range []fake.TriggerSource{
			fake.InboundFederation, fake.PreSignUp, fake.PostConfirmation, fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGeneration,
			fake.UserMigration, fake.CustomMessage, fake.DefineAuthChallenge,
		} {
			onTrigger(t, f.provider, source, echo)
		}
		f.arrive(f.newBrowser(t), ann)
		first := []string{"InboundFederation_ExternalProvider", "PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp", "TokenGeneration_HostedAuth"}
		wantSources(t, f.provider, first...)
		f.arrive(f.newBrowser(t), ann)
		wantSources(t, f.provider, append(first,
			"InboundFederation_ExternalProvider", "PreAuthentication_Authentication", "PostAuthentication_Authentication", "TokenGeneration_HostedAuth")...)
	}},
	{"inbound federation is told all that the provider tells, and replaces it", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		onTrigger(t, f.provider, fake.InboundFederation, func(e event) (event, error) {
			request := e.part("request")
			wantSame(t, "provider", []any{request["providerName"], request["providerType"]}, []any{"Staff", "OIDC"})
			told := request["attributes"].(map[string]any)
			for part, member := range map[string]string{"tokenResponse": "access_token", "idToken": "sub", "userInfo": "email"} {
				if _, text := told[part].(map[string]any)[member].(string); !text {
					t.Errorf("%s = %v", part, told[part])
				}
			}
			return replying("userAttributesToMap", fields{"sub": ann.Sub, "email": "ANN@example.com"})(e)
		})
		f.arrive(f.newBrowser(t), ann)
		u := f.guest(t, ann)
		wantSame(t, "email", attribute(u.UserAttributes, "email"), "ANN@example.com")
		wantSame(t, "given_name", attribute(u.UserAttributes, "given_name"), "")
	}},
	{"inbound federation that answers an empty object keeps all", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		onTrigger(t, f.provider, fake.InboundFederation, replying("userAttributesToMap", fields{}))
		f.arrive(f.newBrowser(t), ann)
		wantSame(t, "given_name", attribute(f.guest(t, ann).UserAttributes, "given_name"), "Ann")
	}},
	{"inbound federation that links the account signs in its user", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann, own := f.member(t), f.provider.NewUser(t)
		onTrigger(t, f.provider, fake.InboundFederation, func(e event) (event, error) { return e, f.link(own, ann) })
		wantSome(t, "access", claims(t, f.arrive(f.newBrowser(t), ann)["access_token"].(string)), fields{"sub": own.Sub})
	}},
	{"pre sign-up sees who comes from a provider, and vouches for the address", func(t *testing.T, start Start) {
		f := newFederation(t, start, func(in *cip.CreateIdentityProviderInput) { delete(in.AttributeMapping, "email_verified") })
		ann := f.member(t)
		onTrigger(t, f.provider, fake.PreSignUp, func(e event) (event, error) {
			wantSame(t, "userName", e["userName"], any("Staff_"+ann.Sub))
			wantSame(t, "validationData", e.part("request")["validationData"], any(map[string]any{}))
			wantSame(t, "email_verified", e.attribute("email_verified"), "false")
			return replying("autoVerifyEmail", true, "autoConfirmUser", true)(e)
		})
		f.arrive(f.newBrowser(t), ann)
		u := f.guest(t, ann)
		wantSame(t, "email_verified", attribute(u.UserAttributes, "email_verified"), "true")
		wantSame(t, "status", u.UserStatus, types.UserStatusTypeExternalProvider)
	}},
	{"a trigger that refuses a newcomer tells the application, and makes no user", func(t *testing.T, start Start) {
		for _, refuses := range []struct {
			source fake.TriggerSource
			name   string
		}{{fake.PreSignUp, "PreSignUp"}, {fake.InboundFederation, "InboundFederation"}} {
			f := newFederation(t, start)
			ann := f.member(t)
			onTrigger(t, f.provider, refuses.source, refusing("not here"))
			wantRedirect(t, f.visit(f.newBrowser(t), ann),
				callback+"?error_description="+refuses.name+"+failed+with+error+not+here.+&state=a+state&error=invalid_request")
			wantNobody(t, f.provider, "Staff_"+ann.Sub)
		}
	}},
	{"a pre sign-up that links the account fails the sign-in once", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann, own := f.member(t), f.provider.NewUser(t)
		onTrigger(t, f.provider, fake.PreSignUp, func(e event) (event, error) { return e, f.link(own, ann) })
		got := f.visit(f.newBrowser(t), ann)
		wantSame(t, "query", got.location.Query(), url.Values{
			"error": {"invalid_request"}, "error_description": {"Already found an entry for username Staff_" + ann.Sub}, "state": {"a state"},
		})
		wantSome(t, "access", claims(t, f.arrive(f.newBrowser(t), ann)["access_token"].(string)), fields{"sub": own.Sub})
	}},
	{"a post confirmation that fails tells the application, and leaves the user", func(t *testing.T, start Start) {
		f := newFederation(t, start)
		ann := f.member(t)
		onTrigger(t, f.provider, fake.PostConfirmation, refusing("too late"))
		wantRedirect(t, f.visit(f.newBrowser(t), ann),
			callback+"?error_description=PostConfirmation+failed+with+error+too+late.+&state=a+state&error=invalid_request")
		f.guest(t, ann)
	}},
}

// link links the account of a member to a user of the pool.
func (f *federation) link(own, member *cognitotest.User) error {
	return fail(f.provider.Client().AdminLinkProviderForUser(ctx, &cip.AdminLinkProviderForUserInput{
		UserPoolId:      &f.provider.PoolID,
		DestinationUser: &types.ProviderUserIdentifierType{ProviderName: aws.String("Cognito"), ProviderAttributeValue: &own.Username},
		SourceUser:      &types.ProviderUserIdentifierType{ProviderName: aws.String("Staff"), ProviderAttributeName: aws.String("Cognito_Subject"), ProviderAttributeValue: &member.Sub},
	}))
}
