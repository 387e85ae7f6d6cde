package backendtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// discovery is the discovery document of an issuer that has keys alone to tell of.
func discovery(issuer string) map[string]any {
	return map[string]any{"issuer": issuer, "jwks_uri": issuer + "/keys"}
}

var socialProviders = []Behaviour{
	{"Google tells of an account in its ID token, and of what else is mapped by its people API", func(t *testing.T, start Start) {
		const google = "https://accounts.google.com"
		s := newStranger(map[string]any{
			"GET accounts.google.com/.well-known/openid-configuration": discovery(google),
			"GET accounts.google.com/keys":                             strangerKey().Set(),
			"POST www.googleapis.com/oauth2/v4/token":                  fields{"access_token": "t-1", "id_token": signed(google, jwt.MapClaims{"email": "ann@example.com", "email_verified": true})},
			"GET people.googleapis.com/v1/people/me":                   fields{"names": []fields{{"displayName": "Ann"}}},
		})
		a := guests(t, start, s, mapping(social(types.IdentityProviderTypeTypeGoogle, socialDetails()), details{"email": "email", "email_verified": "email_verified", "name": "names", "nickname": "names"}))
		b := a.newBrowser(t)
		away := b.depart()
		if len(s.asked) > 0 {
			t.Errorf("the provider was asked before anybody has come back: %v", s.asked)
		}
		wantSame(t, "away", away.Scheme+"://"+away.Host+away.Path, "https://accounts.google.com/o/oauth2/v2/auth")
		wantCallback(t, b.open("/oauth2/idpresponse", comeBack(away, "code", "c-1")))
		s.wantAsked(t, "/oauth2/v4/token", "", a.codeRequest("client_secret", "secret"))
		s.wantAsked(t, "/v1/people/me", "Bearer t-1", url.Values{"personFields": {"names"}})
		a.wantGuest(t, "Google_123", details{"email": "ann@example.com", "email_verified": "true", "name": `[{"displayName":"Ann"}]`})
	}},
	{"Google's people API is asked for nothing where nothing of it is mapped", func(t *testing.T, start Start) {
		const google = "https://accounts.google.com"
		s := newStranger(map[string]any{
			"GET accounts.google.com/.well-known/openid-configuration": discovery(google),
			"GET accounts.google.com/keys":                             strangerKey().Set(),
			"POST www.googleapis.com/oauth2/v4/token":                  fields{"access_token": "t-1", "id_token": signed(google, nil)},
		})
		b := guests(t, start, s, social(types.IdentityProviderTypeTypeGoogle, socialDetails())).newBrowser(t)
		wantCallback(t, b.open("/oauth2/idpresponse", comeBack(b.depart(), "code", "c-1")))
	}},
	{"Facebook gives its token by a GET and no ID token, and tells what its URL asks for", func(t *testing.T, start Start) {
		s := newStranger(map[string]any{
			"GET graph.facebook.com/v17.0/oauth/access_token": fields{"access_token": "t-1", "token_type": "bearer", "expires_in": 5183944},
			"GET graph.facebook.com/v17.0/me":                 fields{"id": "9", "name": "Ann", "email": "ann@example.com"},
		})
		a := guests(t, start, s, mapping(social(types.IdentityProviderTypeTypeFacebook, socialDetails()), details{"email": "email", "name": "name", "picture": "picture.width(100)"}))
		var told event
		onTrigger(t, a.provider, fake.InboundFederation, remembering(&told))
		b := a.newBrowser(t)
		away := b.depart()
		wantSame(t, "away", away.Host+away.Path, "www.facebook.com/v17.0/dialog/oauth")
		wantCallback(t, b.open("/oauth2/idpresponse", comeBack(away, "code", "c-1")))
		s.wantAsked(t, "/v17.0/oauth/access_token", "", a.codeRequest("client_secret", "secret"))
		s.wantAsked(t, "/v17.0/me", "Bearer t-1", url.Values{"fields": {"email,id,name,picture.width(100)"}})
		a.wantGuest(t, "Facebook_9", details{"name": "Ann", "email": "ann@example.com", "email_verified": "false"})
		wantSame(t, "userName", told["userName"], any("9"))
		wantSame(t, "request", told.part("request"), fields{"providerName": "Facebook", "providerType": "Facebook", "attributes": fields{
			"tokenResponse": fields{"access_token": "t-1", "token_type": "bearer", "expires_in": "5183944"},
			"userInfo":      fields{"id": "9", "name": "Ann", "email": "ann@example.com"},
		}})
	}},
	{"Amazon tells of an account by its profile", func(t *testing.T, start Start) {
		s := newStranger(map[string]any{
			"POST api.amazon.com/auth/o2/token": fields{"access_token": "t-1"},
			"GET api.amazon.com/user/profile":   fields{"user_id": "amzn1.account.K2", "name": "Ann", "postal_code": "98101"},
		})
		a := guests(t, start, s, mapping(social(types.IdentityProviderTypeTypeLoginWithAmazon, socialDetails()), details{"name": "name", "zoneinfo": "postal_code"}))
		b := a.newBrowser(t)
		away := b.depart()
		wantSame(t, "away", away.Host+away.Path, "www.amazon.com/ap/oa")
		wantCallback(t, b.open("/oauth2/idpresponse", comeBack(away, "code", "c-1")))
		s.wantAsked(t, "/auth/o2/token", "", a.codeRequest("client_secret", "secret"))
		s.wantAsked(t, "/user/profile", "Bearer t-1", url.Values{})
		a.wantGuest(t, "LoginWithAmazon_amzn1.account.K2", details{"name": "Ann", "zoneinfo": "98101"})
	}},
	{"Apple sends a form, wants a secret that the app client signs, and tells the name once", func(t *testing.T, start Start) {
		for _, spelling := range []func([]byte) string{
			func(der []byte) string {
				return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
			},
			base64.StdEncoding.EncodeToString,
		} {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			need(t, err)
			der, err := x509.MarshalPKCS8PrivateKey(key)
			need(t, err)
			s, a := apple(t, start, spelling(der))
			b := a.newBrowser(t)
			away := b.depart()
			wantSame(t, "away", away.Host+away.Path+" "+away.Query().Get("response_mode"), "appleid.apple.com/auth/authorize form_post")
			wantCallback(t, b.send("/oauth2/idpresponse", comeBack(away, "code", "c-1", "user", `{"name":{"firstName":"Ann","lastName":"Lee"},"email":"x@example.com"}`)))
			secret := s.asked["/auth/token"].Form.Get("client_secret")
			s.wantAsked(t, "/auth/token", "", a.codeRequest("client_secret", secret))
			wantAppleSecret(t, secret, &key.PublicKey)
			want := details{"email": "ann@privaterelay.example.com", "given_name": "Ann", "family_name": "Lee"}
			a.wantGuest(t, "SignInWithApple_123", want)
			again := a.newBrowser(t)
			wantCallback(t, again.send("/oauth2/idpresponse", comeBack(again.depart(), "code", "c-2")))
			a.wantGuest(t, "SignInWithApple_123", want)
		}
	}},
	{"the cookie of a sign-in at a provider comes back with forms from elsewhere", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why   string
			opts  []cognitotest.Option
			want  string
			other string
		}{
			{"over https it says so", []cognitotest.Option{cognitotest.InMemory()}, "SameSite=None", "SameSite=Lax"},
			{"without https browsers refuse that", nil, "csrf-state=", "SameSite"},
		} {
			_, a := apple(t, func(t *testing.T, opts ...cognitotest.Option) *cognitotest.Provider {
				return start(t, append(opts, row.opts...)...)
			}, "")
			cookies := strings.Join(a.newBrowser(t).open("/oauth2/authorize", a.request()).header["Set-Cookie"], "\n")
			if !strings.Contains(cookies, row.want) || strings.Contains(cookies, row.other) {
				t.Errorf("%s: cookies = %s", row.why, cookies)
			}
		}
	}},
	{"a private key with which nothing can be signed is told to the application", func(t *testing.T, start Start) {
		for _, key := range []string{"p", "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"} {
			_, a := apple(t, start, key)
			b := a.newBrowser(t)
			back := b.send("/oauth2/idpresponse", comeBack(b.depart(), "code", "c-1"))
			if back.location == nil || back.location.Query().Get("error") != "invalid_request" {
				t.Errorf("key %q: answer = %d to %v", key, back.status, back.location)
			}
		}
	}},
}

// apple makes an application whose users come from Apple; an empty key is one of another kind.
func apple(t *testing.T, start Start, key string) (*stranger, *application) {
	t.Helper()
	const issuer = "https://appleid.apple.com"
	if key == "" {
		key = base64.StdEncoding.EncodeToString([]byte("no key"))
	}
	s := newStranger(map[string]any{
		"GET appleid.apple.com/.well-known/openid-configuration": discovery(issuer),
		"GET appleid.apple.com/keys":                             strangerKey().Set(),
		"POST appleid.apple.com/auth/token":                      fields{"access_token": "t-1", "id_token": signed(issuer, jwt.MapClaims{"email": "ann@privaterelay.example.com"})},
	})
	return s, guests(t, start, s, mapping(social(types.IdentityProviderTypeTypeSignInWithApple, details{"client_id": "app", "team_id": "team", "key_id": "k-1", "private_key": key, "authorize_scopes": "name email"}), details{"email": "email", "given_name": "firstName", "family_name": "lastName"}))
}

// wantAppleSecret checks what Apple checks of a client secret.
func wantAppleSecret(t *testing.T, secret string, key *ecdsa.PublicKey) {
	t.Helper()
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(secret, claims, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"ES256"}),
		jwt.WithIssuer("team"), jwt.WithSubject("app"), jwt.WithAudience("https://appleid.apple.com"), jwt.WithExpirationRequired())
	need(t, err)
	wantSame(t, "kid", token.Header["kid"], any("k-1"))
	issued, err := claims.GetIssuedAt()
	need(t, err)
	expires, err := claims.GetExpirationTime()
	need(t, err)
	if expires.Sub(issued.Time) > 180*24*time.Hour {
		t.Errorf("the secret is good until %v, longer than six months", expires)
	}
}
