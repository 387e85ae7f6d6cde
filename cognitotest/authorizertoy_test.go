package cognitotest

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cognitotest/cognito/jwks"
)

// toy is a verifier written by hand, which is right unless it has a bug. Its bugs have names.
type toy struct {
	bug      string
	p        *Provider
	other    string // the JWKS of another pool
	rules    toyRules
	made     time.Time
	failures atomic.Int64

	mu       sync.Mutex // guards all below
	flight   sync.Mutex // is held during a fetch
	set      *jwks.Set
	fetched  time.Time
	verified map[string]bool // signatures, and whatever else is remembered
	newest   *toyToken
	fetches  int

	fetchedSets map[string]*jwks.Set // of others, by URLs
}

// toyRules are what a toy wants besides a good token of the app client.
type toyRules struct{ groupAndScope, session bool }

var errToy = errors.New("refused")

func newToy(p *Provider, otherPool, bug string, rules toyRules) func(string) error {
	other := strings.TrimSuffix(p.Issuer, p.PoolID) + otherPool + "/.well-known/jwks.json"
	v := &toy{bug: bug, p: p, other: other, rules: rules, made: time.Now(), verified: map[string]bool{}, fetchedSets: map[string]*jwks.Set{}}
	if v.has("shares keys between pools", "checks one kid and takes another") {
		v.fetchedKey(v.other, "")
	}
	if v.has("fetches when it is made") {
		v.keys("")
	}
	return v.verify
}

func (v *toy) has(bugs ...string) bool { return slices.Contains(bugs, v.bug) }

type toyToken struct {
	input, last    string
	header, claims map[string]any
	signature      []byte
}

func (v *toy) verify(token string) error {
	if v.shortcut(token) {
		return nil
	}
	if v.has("remembers tokens") && v.remembered(token) || v.has("remembers tokens in small letters") && v.remembered(strings.ToLower(token)) {
		return nil
	}
	t, err := v.parse(token)
	if err != nil {
		return err
	}
	if v.banned() {
		return errToy
	}
	if err := v.checkSignature(t); err != nil {
		return err
	}
	if err := v.checkClaims(v.mixedUp(t), token); err != nil {
		return err
	}
	v.remember(token, strings.ToLower(token))
	return nil
}

func (v *toy) banned() bool { return v.has("bans users") && v.failures.Load() > 10 }

// mixedUp returns the newest token in place of one, after a while.
func (v *toy) mixedUp(t *toyToken) *toyToken {
	if !v.has("mixes up requests") {
		return t
	}
	v.mu.Lock()
	v.newest = t
	v.mu.Unlock()
	time.Sleep(time.Millisecond)
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.newest
}

// shortcut accepts what a verifier must not even parse.
func (v *toy) shortcut(token string) bool {
	switch v.bug {
	case "waits for ever":
		if strings.HasPrefix(token, "AYABe") {
			select {}
		}
	case "panics at large tokens":
		_ = make([]byte, 150_000)[:len(token)]
	case "takes nobody for a guest":
		return token == ""
	case "trusts what is encrypted":
		return strings.Count(token, ".") == 4 && !strings.Contains(token, "eyJraWQ") && strings.Contains(token, "eyJjdHki")
	case "trusts sessions":
		return strings.HasPrefix(token, "AYABe")
	case "trusts unsecured tokens of two parts":
		return strings.Count(token, ".") == 1 && strings.HasPrefix(token, "eyJ")
	}
	return false
}

func (v *toy) parse(token string) (*toyToken, error) {
	if v.has("cuts what is too much") {
		token = strings.Join(strings.SplitN(token, ".", 5)[:min(3, strings.Count(token, ".")+1)], ".")
	}
	if v.has("is lenient with base64") {
		token = regexp.MustCompile(`[^A-Za-z0-9_.-]`).ReplaceAllString(token, "")
	}
	parts := strings.SplitN(token, ".", 4)
	if len(parts) != 3 || strings.ContainsAny(token, "\r\n") {
		return nil, errToy
	}
	if v.has("panics at an empty header") {
		_ = parts[0][0]
	}
	var texts [3][]byte
	for i, part := range parts {
		text, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	t := &toyToken{input: parts[0] + "." + parts[1], last: parts[2], signature: texts[2]}
	if err := v.decode(texts[0], &t.header); err != nil {
		return nil, err
	}
	t.input = v.written(parts, texts)
	return t, v.decodeClaims(t, texts[1])
}

// written is what the signature is taken to be of.
func (v *toy) written(parts []string, texts [3][]byte) string {
	switch v.bug {
	case "encodes the header anew":
		var header struct {
			Alg any `json:"alg"`
			Kid any `json:"kid"`
		}
		json.Unmarshal(texts[0], &header)
		if text, err := json.Marshal(header); err == nil {
			return base64.RawURLEncoding.EncodeToString(text) + "." + parts[1]
		}
	case "compacts the payload":
		var text bytes.Buffer
		if json.Compact(&text, texts[1]) == nil {
			return parts[0] + "." + base64.RawURLEncoding.EncodeToString(text.Bytes())
		}
	}
	return parts[0] + "." + parts[1]
}

func (v *toy) decode(text []byte, into *map[string]any) error {
	if v.has("reads the first object") {
		return cmp.Or(json.NewDecoder(bytes.NewReader(text)).Decode(into), errIf(*into == nil))
	}
	if err := json.Unmarshal(text, into); err != nil {
		return err
	}
	if *into == nil {
		return errToy
	}
	return nil
}

func (v *toy) decodeClaims(t *toyToken, text []byte) error {
	switch v.bug {
	case "repairs JSON":
		text = append(bytes.TrimSuffix(text, []byte("}")), '}')
	case "unwraps lists":
		text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("[")), []byte("]"))
	case "takes the first of two claims":
		if i := bytes.Index(text[min(8, len(text)):], []byte(`,"exp":`)); bytes.Count(text, []byte(`"exp":`)) == 2 && i >= 0 {
			text = append(text[:bytes.LastIndex(text, []byte(`,"exp":`)):len(text)], '}')
		}
	}
	if err := v.decode(text, &t.claims); err != nil {
		return err
	}
	if inner, ok := t.claims["claims"].(map[string]any); ok && v.has("unwraps claims") {
		t.claims = inner
	}
	return nil
}

// checkSignature finds the key and verifies with it.
func (v *toy) checkSignature(t *toyToken) error {
	if _, ok := t.header["crit"]; ok && !v.has("ignores crit") {
		return errToy
	}
	alg, err := v.algorithm(t)
	if err != nil {
		return err
	}
	key, err := v.key(t)
	if err != nil || key == nil {
		return err // no key and no error is a bug
	}
	if alg == "none" || v.has("ignores signatures") || v.has("takes no signature for a good one") && len(t.signature) == 0 {
		return nil
	}
	if v.remembered(v.memory(t)) {
		return nil
	}
	if err := v.checkBytes(alg, key, t); err != nil {
		v.failures.Add(1)
		return err
	}
	v.remember(v.memory(t))
	return nil
}

// memory is what stands for a token whose signature was verified.
func (v *toy) memory(t *toyToken) string {
	switch v.bug {
	case "remembers signatures":
		return t.last
	case "remembers payloads":
		_, payload, _ := strings.Cut(t.input, ".")
		return payload
	case "remembers jti":
		return fmt.Sprint(t.claims["jti"])
	}
	return ""
}

func (v *toy) remembered(text string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.verified[text]
}

func (v *toy) remember(texts ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, text := range texts {
		v.verified[text] = text != ""
	}
}

// algorithm returns the algorithm to verify with.
func (v *toy) algorithm(t *toyToken) (string, error) {
	if v.has("asserts the type of alg") {
		_ = t.header["alg"].(string)
	}
	alg, isText := t.header["alg"].(string)
	switch {
	case v.has("takes any type of alg") && t.header["alg"] != nil && !isText, v.has("alg is optional") && t.header["alg"] == nil:
		return "RS256", nil
	case v.has("ignores the case of alg"):
		alg = strings.ToUpper(strings.TrimSpace(alg))
	case v.has("accepts none") && strings.EqualFold(alg, "none"), v.has("refuses none in small letters alone") && alg != "none" && strings.EqualFold(alg, "none"):
		return "none", nil
	case strings.HasPrefix(v.bug, "HS256 ") && (alg == "HS256" || alg == "HS512"),
		v.has("accepts RS384") && alg == "RS384", v.has("accepts RS512") && alg == "RS512", v.has("accepts PS256") && alg == "PS256",
		v.has("accepts ES256 of zeros") && alg == "ES256":
		return alg, nil
	case v.has("reads files", "asks a database") && alg == "HS256":
		return alg, nil
	}
	if alg != "RS256" {
		return "", errToy
	}
	return alg, nil
}

// key returns the key that a token is to be verified with: an RSA key, or a secret.
func (v *toy) key(t *toyToken) (any, error) {
	kid, isText := t.header["kid"].(string)
	if found, err := v.badKey(t, kid); found != nil || err != nil {
		return found, err
	}
	switch {
	case v.has("asserts the type of kid"):
		kid = t.header["kid"].(string)
	case v.has("trusts tokens without kid") && t.header["kid"] == nil:
		return nil, nil
	case v.has("trusts any type of kid") && t.header["kid"] != nil && !isText:
		return nil, nil
	}
	key, err := v.lookUp(kid)
	if err != nil && v.has("trusts everybody while there are no keys") && v.set != nil && len(v.set.Keys) == 0 {
		return nil, nil
	}
	if err != nil && (v.has("fails open") && !errors.Is(err, jwks.ErrUnknownKey) || v.has("leaves unknown keys to the pool", "trusts kids of nobody")) {
		return nil, nil
	}
	return key, err
}

// badKey finds keys where none should be looked for.
func (v *toy) badKey(t *toyToken, kid string) (any, error) {
	switch v.bug {
	case "panics at long kids":
		_ = make([]byte, 1024)[:len(kid)]
	case "reads files":
		if strings.HasSuffix(kid, "/dev/null") {
			return []byte{}, nil
		}
	case "asks a database":
		if _, secret, ok := strings.Cut(kid, "UNION SELECT '"); ok {
			return []byte(strings.SplitN(secret, "'", 2)[0]), nil
		}
	case "fetches kid":
		if strings.HasPrefix(kid, "http") {
			v.get(kid)
		}
	case "checks one kid and takes another":
		return v.otherKid(t, kid)
	case "shares keys between pools":
		return optional(v.fetchedKey(v.other, kid))
	case "takes keys from the issuer":
		iss, _ := t.claims["iss"].(string)
		key := v.fetchedKey(iss+"/.well-known/jwks.json", kid)
		return key, errIf(key == nil)
	case "takes jku":
		url, _ := t.header["jku"].(string)
		return optional(v.fetchedKey(url, kid))
	case "takes x5u":
		url, _ := t.header["x5u"].(string)
		return optional(certified(v.get(url)))
	case "takes x5c":
		chain, _ := t.header["x5c"].([]any)
		der, _ := base64.StdEncoding.DecodeString(fmt.Sprint(append(chain, "")[0]))
		return optional(certified(der))
	case "takes jwk":
		return optional(embedded(t.header["jwk"]))
	}
	return nil, nil
}

// optional is a key where there is one.
func optional(key *rsa.PublicKey) (any, error) {
	if key == nil {
		return nil, nil
	}
	return key, nil
}

func (v *toy) otherKid(t *toyToken, kid string) (any, error) {
	header, _, _ := strings.Cut(t.input, ".")
	text, _ := base64.RawURLEncoding.DecodeString(header)
	first := regexp.MustCompile(`"kid":"([^"]*)"`).FindSubmatch(text)
	if len(first) < 2 {
		return nil, errToy
	}
	if _, err := v.lookUp(string(first[1])); err != nil {
		return nil, err
	}
	if key := v.fetchedKey(v.other, kid); key != nil {
		return key, nil
	}
	return nil, nil
}

// get fetches a document.
func (v *toy) get(url string) []byte {
	if !strings.HasPrefix(url, "http") {
		return nil
	}
	resp, err := v.p.HTTPClient().Get(url)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return body
}

// fetchedKey returns a key of another set, which is fetched once.
func (v *toy) fetchedKey(url, kid string) *rsa.PublicKey {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.fetchedSets[url] == nil {
		set, err := jwks.Parse(v.get(url))
		if err != nil {
			return nil
		}
		v.fetchedSets[url] = set
	}
	key, _ := v.fetchedSets[url].Key(kid)
	return key
}

func certified(der []byte) *rsa.PublicKey {
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	key, _ := c.PublicKey.(*rsa.PublicKey)
	return key
}

func embedded(jwk any) *rsa.PublicKey {
	k, ok := jwk.(map[string]any)
	if !ok {
		return nil
	}
	n, _ := base64.RawURLEncoding.DecodeString(k["n"].(string))
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
}

// toyInterval is how long unknown kids do not make the toy fetch again.
const toyInterval = 10 * time.Second

// lookUp finds a key of the pool, and fetches the set if it must.
func (v *toy) lookUp(kid string) (*rsa.PublicKey, error) {
	set, err := v.keys(kid)
	if err != nil {
		return nil, err
	}
	if key, ok := set.Key(kid); ok {
		return key, nil
	}
	return nil, jwks.ErrUnknownKey
}

func (v *toy) keys(kid string) (*jwks.Set, error) {
	if !v.has("fetches at the same time", "fetches for every token", "has no patience") {
		v.flight.Lock()
		defer v.flight.Unlock()
	}
	v.mu.Lock()
	set, fresh := v.set, time.Since(v.fetched) < toyInterval
	v.mu.Unlock()
	_, known := set.Key(kid)
	switch {
	case v.has("fetches for every token"), set == nil:
	case v.has("fetches once"):
		return set, nil
	case v.has("may fetch ten times a minute") && !known && v.fetches < 10:
	case known, fresh && !v.has("fetches for every unknown kid", "forgets keys in an outage", "forgets keys for whatever comes"), v.has("forgets keys in an outage") && kid == "":
		return set, nil
	}
	return v.fetch(set)
}

func (v *toy) fetch(had *jwks.Set) (*jwks.Set, error) {
	ctx, cancel := context.WithTimeout(context.Background(), v.fetchTime())
	defer cancel()
	began := time.Now()
	set, err := v.fetchSet(ctx)
	if v.has("has no patience") && time.Since(began) > impatience {
		err = context.DeadlineExceeded // however late that was noticed
	}
	if err != nil && (v.has("forgets keys in an outage") || v.has("forgets keys for whatever comes") && strings.Contains(err.Error(), "malformed")) {
		had = nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.fetched = time.Now()
	v.fetches++
	v.set = had
	if err == nil {
		v.set = set
	}
	return v.set, cmp.Or(err, errIf(v.set == nil))
}

func errIf(failed bool) error {
	if failed {
		return errToy
	}
	return nil
}

// impatience is less than a slow key service takes.
const impatience = 100 * time.Millisecond

func (v *toy) fetchTime() time.Duration {
	if v.has("has no patience") {
		return impatience
	}
	return 5 * time.Second
}

func (v *toy) fetchSet(ctx context.Context) (*jwks.Set, error) {
	if v.has("knows keys of unknown kinds not") {
		var document struct{ Keys []struct{ Kty string } }
		if err := json.Unmarshal(v.get(v.p.JWKSURL), &document); err != nil || slices.ContainsFunc(document.Keys, func(k struct{ Kty string }) bool { return k.Kty != "RSA" }) {
			return nil, errToy
		}
	}
	if v.has("wants JSON of the key service") {
		resp, err := v.p.HTTPClient().Get(v.p.JWKSURL)
		if err != nil || resp.Header.Get("Content-Type") != "application/json" {
			return nil, errToy
		}
		resp.Body.Close()
	}
	return jwks.Fetch(ctx, v.p.HTTPClient(), v.p.JWKSURL)
}

func (v *toy) checkBytes(alg string, key any, t *toyToken) error {
	public, _ := key.(*rsa.PublicKey)
	digest := sha256.Sum256([]byte(t.input))
	var err error
	switch alg {
	case "RS256":
		err = rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], t.signature)
	case "RS384":
		digest := sha512.Sum384([]byte(t.input))
		err = rsa.VerifyPKCS1v15(public, crypto.SHA384, digest[:], t.signature)
	case "RS512":
		digest := sha512.Sum512([]byte(t.input))
		err = rsa.VerifyPKCS1v15(public, crypto.SHA512, digest[:], t.signature)
	case "PS256":
		err = rsa.VerifyPSS(public, crypto.SHA256, digest[:], t.signature, nil)
	case "ES256":
		err = errIf(!bytes.Equal(t.signature, make([]byte, 64)))
	case "HS256":
		err = errIf(!slices.ContainsFunc(v.secrets(key, t), func(secret []byte) bool {
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(t.input))
			return hmac.Equal(mac.Sum(nil), t.signature)
		}))
	default:
		err = errToy
	}
	return err
}

// secrets are what HS256 is keyed with.
func (v *toy) secrets(key any, t *toyToken) [][]byte {
	if secret, ok := key.([]byte); ok {
		return [][]byte{secret}
	}
	public := key.(*rsa.PublicKey)
	spki, _ := x509.MarshalPKIXPublicKey(public)
	switch v.bug {
	case "HS256 in PEM":
		return [][]byte{pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})}
	case "HS256 in DER":
		return [][]byte{spki}
	case "HS256 by the JWK":
		return [][]byte{public.N.Bytes()}
	case "HS256 by a weak secret":
		return [][]byte{{}, []byte("secret")}
	}
	return nil
}
