package fake_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

const signature = "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00"

// call sends a raw call of the JSON API. Headers are pairs of names and values that replace the
// usual ones; a value of "" removes one.
func call(t *testing.T, s *fake.Server, target, body string, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("POST", "https://cognito-idp.eu-west-1.amazonaws.com/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+target)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w, err := (&http.Client{Transport: s}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func newServer(t *testing.T, c fake.Config) *fake.Server {
	s := fake.NewServer(c)
	t.Cleanup(func() { s.Close() })
	return s
}

func TestAnswersToMalformedCalls(t *testing.T) {
	s := newServer(t, fake.Config{Logf: t.Logf})
	for _, test := range []struct {
		name, reason string
		target, body string
		headers      []string
		status       int
		want         string
	}{
		{"not JSON", "no message, seen in a raw reply", "InitiateAuth", "hello", nil, 400, `{"__type":"SerializationException"}`},
		{"empty", "the same", "InitiateAuth", "", nil, 400, `{"__type":"SerializationException"}`},
		{"array", "text inferred", "InitiateAuth", "[]", nil, 400, `{"__type":"SerializationException","message":"Start of list found where not expected"}`},
		{"unknown operation", "no message", "NoSuchOperation", "{}", nil, 400, `{"__type":"UnknownOperationException"}`},
		{"wrong case", "targets are exact", "initiateauth", "{}", nil, 400, `{"__type":"UnknownOperationException"}`},
		{"no prefix", "targets are exact", "", "{}", []string{"X-Amz-Target", "InitiateAuth"}, 400, `{"__type":"UnknownOperationException"}`},
		{"no target", "targets are exact", "", "{}", []string{"X-Amz-Target", ""}, 400, `{"__type":"UnknownOperationException"}`},
		{"no content type", "the front end routes by it", "InitiateAuth", "{}", []string{"Content-Type", ""}, 404, "<UnknownOperationException/>"},
		{"another content type", "the front end routes by it", "InitiateAuth", "{}", []string{"Content-Type", "application/json"}, 404, "<UnknownOperationException/>"},
		{"unsigned", "a signed operation", "ListUserPools", "{}", nil, 400, `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
		{"half a signature", "a scope without region", "ListUserPools", "{}", []string{"Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101//cognito-idp/aws4_request"}, 400,
			`{"__type":"IncompleteSignatureException","message":"Authorization header requires a signature of the form AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..."}`},
		{"another service", "signed for it", "ListUserPools", "{}", []string{"Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=00"}, 400,
			`{"__type":"InvalidSignatureException","message":"Credential should be scoped to correct service: 'cognito-idp'. "}`},
		{"unsigned and malformed", "the signature is checked before the body", "ListUserPools", "hello", nil, 400, `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
		{"signature ignored", "an unsigned operation", "GetUser", `{"AccessToken":"a.b.c"}`, []string{"Authorization", "garbage"}, 400, `{"__type":"NotAuthorizedException","message":"Could not verify signature for Access Token"}`},
		{"constraint before lookup", "unknown pool and bad name at once", "AdminGetUser", `{"UserPoolId":"no-pool-id","Username":"ann"}`, []string{"Authorization", signature}, 400,
			`{"__type":"InvalidParameterException","message":"1 validation error detected: Value 'no-pool-id' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := call(t, s, test.target, test.body, test.headers...)
			if got := bodyOf(t, w); got != test.want || w.StatusCode != test.status {
				t.Errorf("%s: %d %s\nwant %d %s", test.reason, w.StatusCode, got, test.status, test.want)
			}
		})
	}
}

func TestHeadersOfAnswers(t *testing.T) {
	s := newServer(t, fake.Config{})
	w := call(t, s, "ListUserPools", `{"MaxResults":1}`, "Authorization", signature)
	if got, want := bodyOf(t, w), `{"UserPools":[]}`; got != want {
		t.Errorf("body = %s, want %s", got, want)
	}
	for name, want := range map[string]string{
		"Content-Type":                  `^application/x-amz-json-1\.1$`,
		"X-Amzn-Requestid":              `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		"Access-Control-Allow-Origin":   `^\*$`,
		"Access-Control-Expose-Headers": `^x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date$`,
	} {
		if got := w.Header.Get(name); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s = %q, want %s", name, got, want)
		}
	}
	failed := call(t, s, "ListUserPools", `{"MaxResults":1}`)
	if got, want := failed.Header.Get("X-Amzn-Errortype"), "MissingAuthenticationTokenException:"; got != want {
		t.Errorf("x-amzn-ErrorType = %q, want %q", got, want)
	}
	if got, want := failed.Header.Get("X-Amzn-Errormessage"), "Missing Authentication Token"; got != want {
		t.Errorf("x-amzn-ErrorMessage = %q, want %q", got, want)
	}
}

// client returns an SDK client of a region that reaches the server.
func client(s *fake.Server, region string) *cip.Client {
	return cip.New(cip.Options{
		Region:     region,
		HTTPClient: &http.Client{Transport: s},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "any"}, nil
		}),
	})
}

func TestOneServerHasPoolsInManyRegions(t *testing.T) {
	s := newServer(t, fake.Config{})
	ctx := context.Background()
	made := map[string]string{}
	for _, region := range []string{"us-east-1", "ap-northeast-1"} {
		out, err := client(s, region).CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("demo")})
		if err != nil {
			t.Fatal(err)
		}
		made[region] = *out.UserPool.Id
		if want := regexp.MustCompile("^" + region + "_[0-9A-Za-z]{9}$"); !want.MatchString(made[region]) {
			t.Errorf("pool id %s, want %s", made[region], want)
		}
		if want := "arn:aws:cognito-idp:" + region + ":123456789012:userpool/" + made[region]; *out.UserPool.Arn != want {
			t.Errorf("ARN %s, want %s", *out.UserPool.Arn, want)
		}
	}
	_, err := client(s, "us-east-1").DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: aws.String(made["ap-northeast-1"])})
	if want := "User pool " + made["ap-northeast-1"] + " does not exist."; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the pool of another region: %v, want %s", err, want)
	}
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	return r.StatusCode, bodyOf(t, r)
}

func newPool(t *testing.T, s *fake.Server) string {
	t.Helper()
	out, err := s.API().CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("demo")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.UserPool.Id
}

func TestDiscoveryNamesTheIssuerOfTheTokens(t *testing.T) {
	for name, test := range map[string]struct {
		config fake.Config
		listen bool
		want   string // of the issuer, before the pool's id
	}{
		"in memory":      {fake.Config{}, false, `^https://cognito-idp\.us-east-1\.amazonaws\.com/`},
		"on any port":    {fake.Config{}, true, `^http://127\.0\.0\.1:[0-9]+/`},
		"as the service": {fake.Config{AWSIssuer: true}, true, `^https://cognito-idp\.us-east-1\.amazonaws\.com/`},
		"behind a proxy": {fake.Config{Issuer: "https://cognito.test"}, true, `^https://cognito\.test/`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.config)
			if test.listen {
				if _, err := s.Listen("127.0.0.1:0"); err != nil {
					t.Fatal(err)
				}
			}
			id := newPool(t, s)
			_, text := get(t, &http.Client{Transport: s}, "https://any.host/"+id+"/.well-known/openid-configuration")
			var got struct {
				Issuer string `json:"issuer"`
				Keys   string `json:"jwks_uri"`
			}
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if want := regexp.MustCompile(test.want + id + "$"); !want.MatchString(got.Issuer) {
				t.Errorf("issuer = %s, want %s", got.Issuer, want)
			}
			if got.Issuer != s.Issuer(id) || got.Keys != got.Issuer+"/.well-known/jwks.json" {
				t.Errorf("issuer, jwks_uri = %s, %s; Issuer says %s", got.Issuer, got.Keys, s.Issuer(id))
			}
		})
	}
}

func TestKeysAreTwoAndThePoolsOwn(t *testing.T) {
	s := newServer(t, fake.Config{})
	type key struct{ Alg, E, Kid, Kty, N, Use string }
	seen := map[string]bool{}
	for range 2 {
		status, text := get(t, &http.Client{Transport: s}, "https://any.host/"+newPool(t, s)+"/.well-known/jwks.json")
		var set struct{ Keys []key }
		if err := json.Unmarshal([]byte(text), &set); err != nil || status != 200 || len(set.Keys) != 2 {
			t.Fatalf("%d %s: %v; want two keys", status, text, err)
		}
		for _, k := range set.Keys {
			if diff := cmp.Diff(key{"RS256", "AQAB", k.Kid, "RSA", k.N, "sig"}, k); diff != "" {
				t.Errorf("key (-want +got):\n%s", diff)
			}
			if seen[k.N] || seen[k.Kid] || len(k.Kid) != 44 || len(k.N) != 342 {
				t.Errorf("key %s… is used twice or has an odd kid %q or length %d", k.N[:8], k.Kid, len(k.N))
			}
			seen[k.N], seen[k.Kid] = true, true
		}
	}
}

func TestUnhandledRequestsAreAnsweredAndLogged(t *testing.T) {
	var log bytes.Buffer
	s := newServer(t, fake.Config{Logf: func(format string, args ...any) { log.WriteString(strings.TrimSpace(format) + "\n") }})
	c := &http.Client{Transport: s}
	for _, url := range []string{"https://h/", "https://h/oauth2/token", "https://h/us-east-1_none/.well-known/jwks.json", "https://h/" + newPool(t, s) + "/.well-known/other"} {
		before := log.Len()
		if status, _ := get(t, c, url); status < 400 {
			t.Errorf("GET %s: status %d", url, status)
		}
		if !strings.HasSuffix(url, "other") && log.Len() == before {
			t.Errorf("GET %s was not logged", url)
		}
	}
}

func TestCORSPreflight(t *testing.T) {
	s := newServer(t, fake.Config{})
	r, _ := http.NewRequest("OPTIONS", "https://h/", nil)
	w, err := s.RoundTrip(r)
	if err != nil || w.StatusCode != 200 || w.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight: %v %v", w, err)
	}
}

func TestTLSIsTrustedThroughCACert(t *testing.T) {
	s := newServer(t, fake.Config{})
	url, err := s.ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if status, text := get(t, trusting(t, s), url+"/"+newPool(t, s)+"/.well-known/jwks.json"); status != 200 {
		t.Errorf("%d %s", status, text)
	}
}

// trusting returns a client that trusts the certificate of a server.
func trusting(t *testing.T, s *fake.Server) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(s.CACert()) {
		t.Fatal("CACert is no PEM certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestListenOnce(t *testing.T) {
	s := newServer(t, fake.Config{})
	if _, err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Listen("127.0.0.1:0"); err == nil {
		t.Error("a second Listen succeeded")
	}
	if _, err := s.ListenTLS("127.0.0.1:0"); err == nil || s.CACert() != nil {
		t.Errorf("ListenTLS: %v, certificate %s; want an error and none", err, s.CACert())
	}
}

func TestRoundTripHonoursTheContext(t *testing.T) {
	s := newServer(t, fake.Config{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", "https://h/", nil)
	if _, err := s.RoundTrip(r); err != context.Canceled {
		t.Errorf("error = %v, want %v", err, context.Canceled)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		s := fake.NewServer(fake.Config{})
		url, err := s.Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		transport := &http.Transport{}
		get(t, &http.Client{Transport: transport}, url+"/"+newPool(t, s)+"/.well-known/jwks.json")
		transport.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 { // connections end on their own shortly after
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

func TestServerMadeOutsideABubbleWorksInside(t *testing.T) {
	s := newServer(t, fake.Config{})
	id := newPool(t, s)
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			before := s.Now()
			time.Sleep(time.Hour)
			if got := s.Now().Sub(before); got != time.Hour {
				t.Errorf("an hour in the bubble took %v of the server's time", got)
			}
			if status, text := get(t, &http.Client{Transport: s}, "https://h/"+id+"/.well-known/jwks.json"); status != 200 {
				t.Errorf("%d %s", status, text)
			}
		})
	}
}

func TestSeedRepeatsIDs(t *testing.T) {
	one, two, other := newServer(t, fake.Config{Seed: 7}), newServer(t, fake.Config{Seed: 7}), newServer(t, fake.Config{Seed: 8})
	if a, b := newPool(t, one), newPool(t, two); a != b {
		t.Errorf("the same seed made %s and %s", a, b)
	}
	if a, b := newPool(t, one), newPool(t, other); a == b {
		t.Errorf("different seeds made %s", a)
	}
}

func TestPinnedIDs(t *testing.T) {
	s := newServer(t, fake.Config{})
	s.PinIDs("us-east-1_Pinned123", "pinnedclient")
	id := newPool(t, s)
	c, err := s.API().CreateUserPoolClient(context.Background(), &cip.CreateUserPoolClientInput{UserPoolId: &id, ClientName: aws.String("c")})
	if err != nil || id != "us-east-1_Pinned123" || *c.UserPoolClient.ClientId != "pinnedclient" {
		t.Errorf("ids = %s, %v, %v", id, c, err)
	}
}

// endpoint returns where clients reach the server, on a socket or in memory.
func endpoint(s *fake.Server) string {
	if s.URL() == "" {
		return "https://any.host"
	}
	return s.URL()
}

// stamped makes a pool over HTTP and returns when the service says that was.
func stamped(t *testing.T, s *fake.Server, c *http.Client) time.Time {
	t.Helper()
	sdk := cip.New(cip.Options{Region: "us-east-1", HTTPClient: c, Credentials: client(s, "us-east-1").Options().Credentials, BaseEndpoint: aws.String(endpoint(s))})
	out, err := sdk.CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: aws.String("demo")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.UserPool.CreationDate
}

func TestFrozenTimeStandsInAnswers(t *testing.T) {
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	s := newServer(t, fake.Config{})
	if _, err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*http.Client{"socket": http.DefaultClient, "in memory": {Transport: s}} {
		s.Freeze(moment)
		if got := stamped(t, s, c); !got.Equal(moment) {
			t.Errorf("%s: frozen: created at %v, want %v", name, got, moment)
		}
		s.Advance(time.Hour)
		if got, want := stamped(t, s, c), moment.Add(time.Hour); !got.Equal(want) {
			t.Errorf("%s: frozen and advanced: created at %v, want %v", name, got, want)
		}
	}
}

func TestFrozenAndSetTimeInABubble(t *testing.T) {
	moment := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, fake.Config{})
		s.Freeze(moment)
		time.Sleep(time.Hour)
		if got := stamped(t, s, &http.Client{Transport: s}); !got.Equal(moment) {
			t.Errorf("frozen: created at %v, want %v", got, moment)
		}
		s.SetTime(moment)
		time.Sleep(time.Hour)
		if got, want := stamped(t, s, &http.Client{Transport: s}), moment.Add(time.Hour); !got.Equal(want) {
			t.Errorf("set: created at %v, want %v", got, want)
		}
	})
}
