package authz

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/cognitotest/cognito/fake"
)

// parts are the three parts of a good token.
func (k *kit) parts() (header, payload, signature string) {
	p := strings.Split(k.good, ".")
	return p[0], p[1], p[2]
}

// join adds tokens of such parts.
func (k *kit) join(what string, parts ...string) { k.raw(what, strings.Join(parts, ".")) }

func encodePart(text []byte) string { return base64.RawURLEncoding.EncodeToString(text) }

func signatureCases() []Case {
	const rule = "verify the signature over the header and payload as they came"
	return []Case{
		{Name: "payload-changed", Rule: rule, Cost: "every user writes any claim into a token", make: changedPayload},
		{Name: "header-changed", Rule: rule, Cost: "attackers choose what the header says", make: changedHeader},
		{Name: "signature-changed", Rule: rule, Cost: anybody, make: changedSignature},
		{Name: "signature-moved", Rule: rule, Cost: "who has one token writes any other", make: func(k *kit) {
			header, payload, _ := k.parts()
			other := k.Stranged[k.use]
			k.join("the signature of another token of the same key", header, payload, other[strings.LastIndexByte(other, '.')+1:])
		}},
		{Name: "signature-empty", Rule: "refuse a token without a signature, whatever its alg says", Cost: anybody + ", without any key", make: func(k *kit) {
			header, payload, _ := k.parts()
			k.join("an empty signature", header, payload, "")
			k.join("a signature of one byte", header, payload, "AA")
		}},
	}
}

func changedPayload(k *kit) {
	header, payload, signature := k.parts()
	for _, name := range []string{"sub", "username"} {
		forged, err := k.Server.Forge(k.good, func(f *fake.Forgery) { f.Claims[name] = "administrator" })
		if err != nil {
			k.err = err
			return
		}
		k.join("claim "+name+" is changed after signing", header, strings.Split(forged, ".")[1], signature)
	}
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		k.err = err
	}
	k.join("a blank is added to the payload after signing", header, encodePart(append([]byte("{ "), text[1:]...)), signature)
}

func changedHeader(k *kit) {
	_, payload, signature := k.parts()
	k.join("header has typ, added after signing", encodePart([]byte("{"+member("kid", k.key(k.good).id)+`,"alg":"RS256","typ":"JWT"}`)), payload, signature)
}

func changedSignature(k *kit) {
	header, payload, text := k.parts()
	signature, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		k.err = err
		return
	}
	for i, which := range []string{"first", "middle", "last"} {
		changed := slices.Clone(signature)
		changed[i*(len(signature)-1)/2] ^= 1
		k.join("the "+which+" byte of the signature is changed", header, payload, encodePart(changed))
	}
	k.join("the capitals of the signature are small, the small letters capitals", header, payload, swapCase(text))
	k.join("the signature is all zeros", header, payload, encodePart(make([]byte, len(signature))))
	k.join("the signature is cut in half", header, payload, encodePart(signature[:len(signature)/2]))
	k.join("the signature is followed by a byte", header, payload, encodePart(append(slices.Clip(signature), 0)))
}

func swapCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

func shapeCases() []Case {
	const cost = "two readers of one text see two tokens, and one of them is not signed"
	return []Case{
		{Name: "segments-missing", Rule: "require three parts", Cost: anybody + ", without any key", make: func(k *kit) {
			header, payload, signature := k.parts()
			k.join("header and payload alone", header, payload)
			k.join("payload and signature alone", payload, signature)
			k.join("the header alone", header)
			k.join("the payload alone", payload)
		}},
		{Name: "segments-extra", Rule: "refuse more than three parts", Cost: cost, make: func(k *kit) {
			header, payload, signature := k.parts()
			k.join("a dot too many", k.good, "")
			k.join("a fourth part", k.good, payload)
			k.join("a dot before", "", k.good)
			k.join("five parts, as a JWE has", header, payload, signature, signature, signature)
		}},
		{Name: "segments-empty", Rule: "refuse empty parts", Cost: anybody, make: func(k *kit) {
			header, payload, signature := k.parts()
			k.join("two dots", "", "", "")
			k.join("no header", "", payload, signature)
			k.join("no payload", header, "", signature)
			k.join("the header and two dots", header, "", "")
		}},
		{Name: "base64-garbage", Rule: "refuse what is no base64url (RFC 7515 section 5.2)", Cost: "one token has many spellings, and a list of revoked ones misses most", make: garbage},
		{Name: "huge", Rule: "refuse what is too large for a token, at once", Cost: "one request takes the service down", make: huge},
		{Name: "header-malformed", Rule: "refuse a header that is no JSON object", Cost: "one token takes the service down", make: func(k *kit) {
			for _, text := range []string{"", "{", "null", "[]", `"RS256"`, "256", "\xff\xfe"} {
				k.forge("the header is "+shown(text), func(f *fake.Forgery) { f.RawHeader = []byte(text) })
			}
		}},
	}
}

func garbage(k *kit) {
	header, payload, signature := k.parts()
	half := len(signature) / 2
	k.join("! within the signature", header, payload, signature[:half]+"!"+signature[half:])
	k.join("% after the payload", header, payload+"%", signature)
	k.join("a NUL after the signature", header, payload, signature+"\x00")
}

func huge(k *kit) {
	header, payload, signature := k.parts()
	k.raw("200,000 times A", strings.Repeat("A", 200_000))
	k.raw("200,000 dots", strings.Repeat(".", 200_000))
	k.join("a signature of 200,000 letters", header, payload, strings.Repeat("A", 200_000))
	k.join("a header of 20,000 brackets", encodePart([]byte(strings.Repeat("[", 20_000))), payload, signature)
	k.join("a payload of 20,000 brackets", header, encodePart([]byte(strings.Repeat(`{"a":`, 20_000))), signature)
}

func payloadCases() []Case {
	const cost = "claims that are looked for in what has none are not found, and not checked"
	return []Case{
		{Name: "payload-no-object", Rule: "refuse a payload that is no JSON object (RFC 7519 section 7.2)", Cost: cost, make: func(k *kit) {
			k.payload("null", "true", "7", `"text"`, "[]")
			k.forge("payload is a list of the claims", func(f *fake.Forgery) { f.RawClaims = []byte("[" + encoded(f.Claims) + "]") })
		}},
		{Name: "payload-malformed", Rule: "refuse a payload that is no JSON (RFC 7519 section 7.2)", Cost: cost, make: func(k *kit) {
			k.payload("", "{", "claims", "\x00")
			k.forge("payload ends too early", func(f *fake.Forgery) { f.RawClaims = []byte(strings.TrimSuffix(encoded(f.Claims), "}")) })
		}},
		{Name: "payload-nested", Rule: "look for claims in the payload itself, not in what is in it", Cost: cost, make: nested},
		{Name: "payload-empty", Rule: "require claims", Cost: cost, make: func(k *kit) { k.payload("{}") }},
		{Name: "claims-twice", Rule: "refuse claims that stand twice, or take the last (RFC 7519 section 4)", Cost: "two readers of one token see two users", make: claimsTwice},
	}
}

func nested(k *kit) {
	good := k.good
	k.forge("the claims stand in a claim", func(f *fake.Forgery) { f.Claims = map[string]any{"claims": f.Claims, "payload": f.Claims} })
	k.forge("the payload is a good token in quotes", func(f *fake.Forgery) { f.Header["cty"], f.RawClaims = "JWT", []byte(encoded(good)) })
	k.attack("an attacker's token around a good one", func(f *fake.Forgery) { f.Header["cty"], f.RawClaims = "JWT", []byte(good) })
}

// claimsTwice adds a token in which the last of each pair is wrong in every respect, so that only who takes the
// first accepts it.
func claimsTwice(k *kit) {
	k.forge("exp, iss, token_use and the app client stand twice, the last of them wrong", func(f *fake.Forgery) {
		wrong := []string{
			member("exp", k.Server.Now().Add(-k.Leeway-24*time.Hour).Unix()), member("iss", k.Other.Issuer),
			member("token_use", "none"), member(k.clientClaim(), k.Stranger),
		}
		f.RawClaims = []byte(strings.TrimSuffix(encoded(f.Claims), "}") + "," + strings.Join(wrong, ",") + "}")
	})
}
