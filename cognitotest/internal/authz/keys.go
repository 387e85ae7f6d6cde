package authz

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

const anybody = "anybody writes tokens for any user"

func algorithmCases() []Case {
	const noGain = "who lets tokens choose how they are verified leaves the choice to attackers"
	return []Case{
		{
			Name: "alg-none", Rule: "accept RS256 alone; a token without a signature proves nothing", Cost: anybody + ", without any key",
			make: func(k *kit) {
				for _, alg := range []string{"none", "None", "NONE", "nOnE", ""} {
					k.swap("header alg is "+shown(alg)+", no signature", alg, jwt.SigningMethodNone, nil)
				}
				algTwice(k)
			},
		}, {
			Name: "alg-missing", Rule: "require alg (RFC 7515 section 4.1.1)", Cost: noGain,
			make: func(k *kit) {
				k.forge("header alg is missing", func(f *fake.Forgery) { delete(f.Header, "alg") })
				k.header("alg", nil)
			},
		}, {
			Name: "alg-type", Rule: "refuse an alg that is no text", Cost: noGain,
			make: func(k *kit) { k.header("alg", 256, true, []string{"RS256"}, map[string]any{"RS256": true}) },
		}, {
			Name: "alg-case", Rule: "compare alg byte by byte (RFC 7515 section 4.1.1)", Cost: noGain,
			make: func(k *kit) { k.header("alg", "rs256", "Rs256", "RS256 ") },
		},
		swapped("rs384", jwt.SigningMethodRS384), swapped("rs512", jwt.SigningMethodRS512), swapped("ps256", jwt.SigningMethodPS256),
		{
			Name: "es256", Rule: "accept RS256 alone, as the keys of the JWKS say", Cost: anybody + ", with a key of another kind",
			make: curve,
		},
	}
}

// swapped is a case for tokens that the pool's key signs by another algorithm.
func swapped(name string, method jwt.SigningMethod) Case {
	return Case{
		Name: name, Rule: "accept RS256 alone: the keys of the JWKS say alg RS256", Cost: "a key that is used by two algorithms is as strong as the weaker one",
		make: func(k *kit) { k.swap("header alg is "+method.Alg(), method.Alg(), method, k.key(k.good).private) },
	}
}

// swap adds a token of another algorithm and key.
func (k *kit) swap(what, alg string, method jwt.SigningMethod, key any) {
	k.forge(what, func(f *fake.Forgery) { f.Header["alg"], f.Method, f.Key = alg, method, key })
}

func curve(k *kit) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		k.err = err
		return
	}
	k.swap("header alg is ES256, signed by an attacker's key", "ES256", jwt.SigningMethodES256, key)
	k.swap("header alg is ES256, signature of zeros", "ES256", constant(make([]byte, 64)), nil)
}

// constant is a signing method whose signature is always the same.
type constant []byte

func (c constant) Verify(string, []byte, any) error { return jwt.ErrSignatureInvalid }
func (c constant) Sign(string, any) ([]byte, error) { return c, nil }
func (c constant) Alg() string                      { return "constant" }

func secretCases() []Case {
	const rule = "accept RS256 alone: with HS256 the key is a secret, and the pool's key is public"
	const cost = anybody + ": the public key is there for all to fetch"
	return []Case{
		{Name: "hs256-pem", Rule: rule, Cost: cost, make: func(k *kit) { k.shared(pemForms) }},
		{Name: "hs256-der", Rule: rule, Cost: cost, make: func(k *kit) { k.shared(derForms) }},
		{Name: "hs256-jwk", Rule: rule, Cost: cost, make: func(k *kit) { k.shared(jwkForms) }},
		{Name: "hs256-guessed", Rule: rule, Cost: anybody + ": the key is no secret", make: func(k *kit) {
			id := k.key(k.good).id
			k.shared(func(jwks.Key) map[string][]byte {
				return map[string][]byte{"nothing": {}, `"secret"`: []byte("secret"), "the kid": []byte(id), "the app client's id": []byte(k.Clients[0])}
			})
		}},
	}
}

// shared adds tokens signed by HMAC with forms of the public key.
func (k *kit) shared(forms func(jwks.Key) map[string][]byte) {
	key := k.key(k.good)
	if k.err != nil {
		return
	}
	secrets := forms(jwks.Key{ID: key.id, Public: &key.private.PublicKey})
	for _, form := range slices.Sorted(maps.Keys(secrets)) {
		secret := secrets[form]
		k.swap("header alg is HS256, keyed with "+form, "HS256", jwt.SigningMethodHS256, secret)
		k.swap("header alg is HS512, keyed with "+form, "HS512", jwt.SigningMethodHS512, secret)
	}
}

func pemForms(key jwks.Key) map[string][]byte {
	spki := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki(key)})
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key.Public)})
	return map[string][]byte{
		"the public key in PEM": spki, "the public key in PEM without the last line break": spki[:len(spki)-1],
		"the public key in PKCS #1 PEM": pkcs1, "the public key in PKCS #1 PEM without the last line break": pkcs1[:len(pkcs1)-1],
	}
}

func derForms(key jwks.Key) map[string][]byte {
	return map[string][]byte{"the public key in DER": spki(key), "the public key in PKCS #1 DER": x509.MarshalPKCS1PublicKey(key.Public)}
}

// spki returns a key in the form that certificates have it in.
func spki(key jwks.Key) []byte {
	der, err := x509.MarshalPKIXPublicKey(key.Public)
	if err != nil {
		panic(fmt.Sprintf("cognitotest: internal error: an RSA key cannot be encoded: %v", err))
	}
	return der
}

func jwkForms(key jwks.Key) map[string][]byte {
	set := jwks.Set{Keys: []jwks.Key{key}}
	document, _ := json.Marshal(set) // a set with a key can be encoded
	one := strings.TrimSuffix(strings.TrimPrefix(string(document), `{"keys":[`), "]}")
	modulus := key.Public.N.Bytes()
	return map[string][]byte{
		"the JWK": []byte(one), "the modulus of the JWK": modulus,
		"n of the JWK": []byte(base64.RawURLEncoding.EncodeToString(modulus)),
	}
}

func keyIDCases() []Case {
	return []Case{
		{
			Name: "kid-forged", Rule: "verify the signature with the key that kid names", Cost: anybody + ": a kid is there for all to read",
			make: func(k *kit) { k.attack("the pool's kid, an attacker's key", func(*fake.Forgery) {}) },
		}, {
			Name: "kid-unknown", Rule: "refuse a kid that the JWKS does not have", Cost: anybody,
			make: func(k *kit) { k.kid("AttackersOwnKeyAttackersOwnKeyAttackersOwnK=", k.unpadded()) },
		}, {
			Name: "kid-missing", Rule: "verify the signature, also of a token without kid", Cost: anybody,
			make: func(k *kit) {
				k.attack("header kid is missing, an attacker's key", func(f *fake.Forgery) { delete(f.Header, "kid") })
				k.kid(nil, "")
			},
		}, {
			Name: "kid-type", Rule: "refuse a kid that is no text", Cost: "one token takes the service down, or " + anybody,
			make: func(k *kit) {
				k.kid(7, true, []any{}, []string{k.key(k.good).id}, map[string]any{}, map[string]any{"$ne": ""})
			},
		}, {
			Name: "kid-twice", Rule: "refuse a header that says a thing twice, or take the last (RFC 7515 section 4)", Cost: "two readers of one token see two keys: " + anybody,
			make: kidTwice,
		}, {
			Name: "kid-path", Rule: "look kid up among the keys of the JWKS; it is not the name of a file", Cost: anybody + ", with a file whose content is known",
			make: func(k *kit) { k.hostileKid("../../../../../../dev/null", "/dev/null", `..\..\x`, "file:///dev/null") },
		}, {
			Name: "kid-url", Rule: "look kid up among the keys of the JWKS; it is no address", Cost: "attackers publish the keys themselves, and reach addresses inside your network", calm: true,
			make: func(k *kit) { k.hostileKid(k.Other.JWKSURL) },
		}, {
			Name: "kid-sql", Rule: "look kid up among the keys of the JWKS; where it reaches a query, pass it as a parameter", Cost: "attackers read the database, or choose the key",
			make: func(k *kit) { k.hostileKid("x' UNION SELECT 'attacker'; --", `" OR "1"="1`, "$(id)", "%s%n", "x\x00y") },
		}, {
			Name: "kid-long", Rule: "refuse a kid of any length", Cost: "one token takes the service down",
			make: func(k *kit) { k.kid(strings.Repeat("k", 100_000)) },
		},
	}
}

// kid adds tokens with such key ids, signed by an attacker.
func (k *kit) kid(ids ...any) {
	for _, id := range ids {
		k.attack("header kid is "+shown(id)+", an attacker's key", func(f *fake.Forgery) { f.Header["kid"] = id })
	}
}

// hostileKid adds tokens with such key ids, signed by an attacker and with keys that such an id could lead to.
func (k *kit) hostileKid(ids ...string) {
	for _, id := range ids {
		k.kid(id)
		for _, secret := range []string{"", "attacker"} {
			k.forge("header kid is "+shown(id)+", alg is HS256, keyed with "+shown(secret), func(f *fake.Forgery) {
				f.Header["kid"], f.Header["alg"], f.Method, f.Key = id, "HS256", jwt.SigningMethodHS256, []byte(secret)
			})
		}
	}
}

// unpadded is the pool's kid as a lenient reader of base64 would still take it.
func (k *kit) unpadded() string { return strings.TrimRight(k.key(k.good).id, "=") }

func kidTwice(k *kit) {
	right := k.key(k.good).id
	wrong := k.key(k.Other.Tokens[k.use]).id
	for _, ids := range [][2]string{{right, wrong}, {wrong, right}} {
		k.attack("header has kid twice, an attacker's key", func(f *fake.Forgery) {
			f.RawHeader = []byte("{" + member("kid", ids[0]) + `,"alg":"RS256",` + member("kid", ids[1]) + "}")
		})
	}
}

// algTwice adds tokens whose alg is none to some readers.
func algTwice(k *kit) {
	kid := member("kid", k.key(k.good).id)
	for _, algs := range [][2]string{{"none", "RS256"}, {"RS256", "none"}} {
		k.forge("header has alg twice, none among them, no signature", func(f *fake.Forgery) {
			f.RawHeader = []byte("{" + kid + "," + member("alg", algs[0]) + "," + member("alg", algs[1]) + "}")
			f.Method = jwt.SigningMethodNone
		})
	}
}

func embeddedCases() []Case {
	const rule = "never verify with a key that the token itself brings or points to"
	return []Case{
		{Name: "header-jwk", Rule: rule, Cost: anybody + ": the attacker sends the key along", make: embeddedJWK},
		{Name: "header-jku", Rule: rule, Cost: anybody + ", and makes the service fetch any address", calm: true, make: func(k *kit) {
			k.pointer("jku", k.Other.JWKSURL)
		}},
		{Name: "header-x5u", Rule: rule, Cost: anybody + ", and makes the service fetch any address", calm: true, make: func(k *kit) {
			k.pointer("x5u", k.Other.Issuer+"/.well-known/openid-configuration")
		}},
		{Name: "header-x5c", Rule: rule, Cost: anybody + ": the attacker sends a certificate along", make: embeddedCertificate},
		{
			Name: "header-crit", Rule: "refuse a token whose crit names what the verifier does not understand (RFC 7515 section 4.1.11)",
			Cost: "a condition that the issuer puts on a token is passed over",
			make: func(k *kit) {
				k.forge("header crit names an extension", func(f *fake.Forgery) {
					f.Header["crit"], f.Header["https://example.com/only-for"] = []string{"https://example.com/only-for"}, "another service"
				})
			},
		},
	}
}

// pointer adds tokens that name where an attacker's key is.
func (k *kit) pointer(name, url string) {
	id := k.key(k.Other.Tokens[k.use]).id
	k.attack("header "+name+" is an attacker's URL, with the attacker's kid", func(f *fake.Forgery) { f.Header[name], f.Header["kid"] = url, id })
	k.attack("header "+name+" is an attacker's URL, with the pool's kid", func(f *fake.Forgery) { f.Header[name] = url })
}

func embeddedJWK(k *kit) {
	for _, kid := range []string{k.key(k.good).id, "attacker"} {
		k.attack("header jwk is an attacker's key, and kid "+shown(kid), func(f *fake.Forgery) {
			public := f.Key.(*rsa.PrivateKey).PublicKey
			f.Header["kid"] = kid
			f.Header["jwk"] = map[string]string{
				"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
				"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
			}
		})
	}
}

func embeddedCertificate(k *kit) {
	k.attack("header x5c is an attacker's certificate", func(f *fake.Forgery) {
		der, err := certificate(f.Key.(*rsa.PrivateKey))
		if err != nil {
			k.err = err
		}
		f.Header["x5c"] = []string{base64.StdEncoding.EncodeToString(der)}
	})
}

// certificate returns a certificate that a key signs for itself, in DER.
func certificate(key *rsa.PrivateKey) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cognito-idp.us-east-1.amazonaws.com"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	return x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
}

// Certificate returns a certificate of the other pool's key for access tokens, in DER.
func Certificate(w *World) ([]byte, error) {
	k := &kit{World: w}
	key := k.key(w.Other.Tokens[Access])
	if k.err != nil {
		return nil, k.err
	}
	return certificate(key.private)
}
