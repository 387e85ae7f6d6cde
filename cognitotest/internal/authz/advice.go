package authz

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/cognitotest/cognito/fake"
)

// adviceCases are tokens that no attacker gains by, or that the standards leave to the verifier.
func adviceCases() []Case {
	return []Case{
		{Name: "kid", Rule: "refuse a token without kid, or with a kid that the JWKS does not have, before trying any key", Cost: "trying every key costs a verification each; the signature is good", make: func(k *kit) {
			k.forge("header kid is missing, signed by the pool", func(f *fake.Forgery) { delete(f.Header, "kid") })
			k.header("kid", "unknown")
		}},
		{Name: "encoding", Rule: "refuse all but base64url without padding (RFC 7515 section 2)", Cost: "a token then has several spellings, which matters to who lists or caches tokens as texts", make: spellings},
		{Name: "blanks", Rule: "refuse blanks and line breaks around and in a token", Cost: "a token then has several spellings, which matters to who lists or caches tokens as texts", make: func(k *kit) {
			k.raw("a blank before", " "+k.good)
			k.raw("a line break after", k.good+"\n")
			k.raw("a line break in the signature", k.good[:len(k.good)-8]+"\n"+k.good[len(k.good)-8:])
			k.raw("a blank in the header", k.good[:4]+" "+k.good[4:])
		}},
		{Name: "nested", Rule: "refuse a token whose payload is a token", Cost: "RFC 7519 section 7.2 allows to verify both; pools write no such tokens", make: func(k *kit) {
			good := k.good
			k.forge("the payload is a good token, and so cty says", func(f *fake.Forgery) { f.Header["cty"], f.RawClaims = "JWT", []byte(good) })
		}},
		{Name: "trailing", Rule: "refuse a header or payload with something after it", Cost: "RFC 7519 section 7.2 wants one object and no more; the signature covers what follows as well", make: func(k *kit) {
			k.forge("an object follows the header", func(f *fake.Forgery) { f.RawHeader = []byte(encoded(f.Header) + "{}") })
			k.forge("an object follows the payload", func(f *fake.Forgery) { f.RawClaims = []byte(encoded(f.Claims) + "{}") })
		}},
		{Name: "last-twice", Rule: "refuse claims that stand twice", Cost: "RFC 7519 section 4 allows to take the last, which is right here; other readers of the token may take the first", make: func(k *kit) {
			k.forge("exp stands twice, the last of them right", func(f *fake.Forgery) {
				f.RawClaims = []byte(`{"exp":1,` + strings.TrimPrefix(encoded(f.Claims), "{"))
			})
		}},
		{Name: "claim-case", Rule: "take names of claims as they are written (package encoding/json does not)", Cost: "pools write no such claims; a trigger could", make: func(k *kit) {
			k.forge("claim exp is missing, EXP is there", func(f *fake.Forgery) {
				f.Claims["EXP"] = f.Claims["exp"]
				delete(f.Claims, "exp")
			})
		}},
		{Name: "exp-text", Rule: "refuse an exp that is a text of digits", Cost: "pools write no such claims", make: func(k *kit) {
			k.forge("claim exp is a text", func(f *fake.Forgery) { f.Claims["exp"] = encoded(f.Claims["exp"]) })
		}},
		{Name: "future", Rule: "refuse a token that was issued in the future", Cost: "RFC 7519 does not ask for it; it shows a clock that is wrong", make: func(k *kit) {
			k.claim("iat", k.Server.Now().Add(k.Leeway+time.Hour).Unix())
		}},
	}
}

func spellings(k *kit) {
	k.forge("parts in base64url with padding", func(f *fake.Forgery) { f.Encoding = base64.URLEncoding })
	k.forge("parts in plain base64", func(f *fake.Forgery) { f.Encoding = base64.StdEncoding })
	k.raw("padding after the signature", k.good+"==")
}
