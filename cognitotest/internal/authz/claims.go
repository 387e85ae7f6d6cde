package authz

import (
	"slices"
	"strings"
	"time"

	"github.com/cognitotest/cognito/fake"
)

const hour = time.Hour

func lifetimeCases() []Case {
	return []Case{
		{
			Name: "expired", Rule: "refuse a token from its exp on", Cost: "a token that leaked once is good for ever",
			make: func(k *kit) { k.expired(hour) },
		}, {
			Name: "expired-by-seconds", Rule: "refuse a token from its exp on, with no more leeway than is declared (AcceptLeeway)",
			Cost: "tokens live longer than the pool says, each after its end",
			make: func(k *kit) { k.expired(3 * time.Second) },
		}, {
			Name: "exp-ancient", Rule: "take every number for a date: exp 0 is 1970, not \"never\"", Cost: "a token whose exp was never set is good for ever",
			make: func(k *kit) { k.claim("exp", 0, -1) },
		}, {
			Name: "exp-missing", Rule: "require exp, which every token of a pool has", Cost: "a token without an end is good for ever",
			make: func(k *kit) { k.without("exp"); k.claim("exp", nil) },
		}, {
			Name: "exp-type", Rule: "refuse an exp that is no number", Cost: "a comparison with what is no number passes, and the token is good for ever",
			make: func(k *kit) { k.claim("exp", "never", "", true, []int{}, map[string]any{}) },
		}, {
			Name: "not-yet-valid", Rule: "refuse a token before its nbf (RFC 7519 section 4.1.5)", Cost: "a token that is meant for later is used now",
			make: func(k *kit) {
				k.claims("nbf is in "+(k.Leeway+hour).String(), map[string]any{"nbf": k.Server.Now().Add(k.Leeway + hour).Unix()})
			},
		},
	}
}

// expired adds a token that was good for an hour and ended some time before the leeway.
func (k *kit) expired(ago time.Duration) {
	end := k.Server.Now().Add(-k.Leeway - ago)
	k.claims("exp was "+(k.Leeway+ago).String()+" ago", lifetimeUntil(end))
}

// lifetimeUntil are the claims of a token that is good for an hour until then.
func lifetimeUntil(end time.Time) map[string]any {
	begin := end.Add(-hour).Unix()
	return map[string]any{"exp": end.Unix(), "iat": begin, "auth_time": begin}
}

const (
	owner   = "who runs a user pool of their own, as anybody may, writes tokens for any user"
	anyPool = "once keys of several pools are at hand, " + owner
)

func issuerCases() []Case {
	return []Case{
		{
			Name: "issuer-other-pool", Rule: "compare iss with the pool's issuer", Cost: anyPool,
			make: func(k *kit) { k.claim("iss", k.Other.Issuer) },
		}, {
			Name: "issuer-other-region", Rule: "compare the whole iss: the region is part of it, and of the pool's id", Cost: anyPool,
			make: otherRegion,
		}, {
			Name: "issuer-look-alike", Rule: "compare the whole iss for equality: no prefix, suffix or pattern", Cost: anyPool + ", at a host whose name contains the right one",
			make: lookAlike,
		}, {
			Name: "issuer-trailing-slash", Rule: "compare iss byte by byte (OpenID Connect Core section 3.1.3.7): the service writes no final slash", Cost: "two texts for one issuer are two users for whoever keys by iss and sub",
			make: func(k *kit) { k.claim("iss", k.Issuer+"/") },
		}, {
			Name: "issuer-case", Rule: "compare iss byte by byte: pool ids differ in case", Cost: "us-east-1_aBc is another pool than us-east-1_AbC: " + anyPool,
			make: issuerCase,
		}, {
			Name: "issuer-spelling", Rule: "compare iss byte by byte (OpenID Connect Core section 3.1.3.7): normalise nothing", Cost: "two texts for one issuer are two users for whoever keys by iss and sub; with http, whoever is on the way writes keys",
			make: issuerSpelling,
		}, {
			Name: "issuer-missing", Rule: "require iss", Cost: anyPool,
			make: func(k *kit) { k.without("iss"); k.claim("iss", nil, "") },
		}, {
			Name: "issuer-type", Rule: "refuse an iss that is no text", Cost: "a comparison with what is no text passes: " + anyPool,
			make: func(k *kit) { k.claim("iss", true, 0, []string{}, map[string]any{"iss": k.Issuer}) },
		},
	}
}

func otherRegion(k *kit) {
	other := "eu-south-2"
	region, name, _ := strings.Cut(k.PoolID, "_")
	k.claim("iss", "https://cognito-idp."+other+".amazonaws.com/"+other+"_"+name, strings.ReplaceAll(k.Issuer, k.PoolID, other+"_"+name))
	if moved := strings.ReplaceAll(k.Issuer, region, other); moved != strings.ReplaceAll(k.Issuer, k.PoolID, other+"_"+name) {
		k.claim("iss", moved)
	}
}

func lookAlike(k *kit) {
	scheme, rest, _ := strings.Cut(k.Issuer, "://")
	host, path, _ := strings.Cut(rest, "/")
	k.claim("iss",
		scheme+"://"+host+".attacker.example/"+path, scheme+"://"+host+"@attacker.example/"+path, "https://attacker.example/"+path,
		"https://attacker.example/?"+k.Issuer, k.Issuer+".attacker.example", k.Issuer+"x", k.Issuer[:len(k.Issuer)-1], strings.ReplaceAll(k.Issuer, ".", "x"), rest, " "+k.Issuer, k.PoolID)
}

func issuerSpelling(k *kit) {
	scheme, rest, _ := strings.Cut(k.Issuer, "://")
	host, path, _ := strings.Cut(rest, "/")
	other := map[string]string{"https": "http", "http": "https"}[scheme]
	k.claim("iss", k.Issuer+"?", k.Issuer+"#keys", scheme+"://"+host+"//"+path, scheme+"://"+host+"/./"+path,
		strings.Replace(k.Issuer, "_", "%5F", 1), other+"://"+rest, scheme+"://user@"+rest)
}

func issuerCase(k *kit) {
	region, name, _ := strings.Cut(k.PoolID, "_")
	for _, other := range []string{strings.ToUpper(name), strings.ToLower(name)} {
		if other != name {
			k.claim("iss", strings.TrimSuffix(k.Issuer, k.PoolID)+region+"_"+other)
		}
	}
	k.claim("iss", strings.ToUpper(k.Issuer))
}

const anyApp = "a token that a user gave to another app, of whatever quality and trust, opens this one"

func clientCases() []Case {
	oneClient := func(w *World) bool { return !w.AnyClient }
	return []Case{
		{
			Name: "client-other", Rule: "compare the app client: aud of ID tokens, client_id of access tokens", Cost: anyApp, needs: oneClient,
			make: func(k *kit) { k.claim(k.clientClaim(), k.Stranger) },
		}, {
			Name: "client-missing", Rule: "require aud of ID tokens, client_id of access tokens", Cost: anyApp, needs: oneClient,
			make: func(k *kit) { k.without(k.clientClaim()); k.claim(k.clientClaim(), nil, "") },
		}, {
			Name: "client-similar", Rule: "compare app client ids for equality", Cost: anyApp, needs: oneClient, make: similarClients,
		}, {
			Name: "client-type", Rule: "refuse an app client id that is no text", Cost: "a comparison with what is no text passes: " + anyApp, needs: oneClient,
			make: func(k *kit) {
				k.claim(k.clientClaim(), true, 0, []string{}, []string{k.Stranger}, map[string]any{k.Clients[0]: true})
			},
		}, {
			Name: "client-elsewhere", Rule: "look for the app client in its own claim: aud of ID tokens, client_id of access tokens", Cost: "a trigger of the pool can add claims of other names: " + anyApp,
			needs: oneClient, make: clientElsewhere,
		},
	}
}

func similarClients(k *kit) {
	id := k.Clients[0]
	k.claim(k.clientClaim(), id+"x", "x"+id, id[:len(id)-1], " "+id, id+" "+k.Stranger, k.Stranger+","+id)
	if upper := strings.ToUpper(id); upper != id {
		k.claim(k.clientClaim(), upper)
	}
}

func clientElsewhere(k *kit) {
	claims := map[string]any{"aud": k.Clients[0], "client_id": k.Clients[0], "azp": k.Clients[0], "custom:client_id": k.Clients[0]}
	claims[k.clientClaim()] = k.Stranger
	k.claims("the right app client in other claims, a wrong one in "+k.clientClaim(), claims)
}

const mixedUp = "an ID token, which apps pass around to show who a user is, opens an API; an access token signs somebody in"

func useCases() []Case {
	return []Case{
		{
			Name: "other-kind", Rule: "accept one kind of token: access tokens for an API, ID tokens to learn who has signed in", Cost: mixedUp,
			needs: func(w *World) bool { return len(w.Uses) == 1 }, make: otherKind,
		}, {
			Name: "token-use", Rule: "compare token_use", Cost: mixedUp,
			make: func(k *kit) {
				for _, use := range []string{Access, ID} {
					if !k.Accepts(use) {
						k.claim("token_use", use)
					}
				}
				k.claim("token_use", "refresh", "m2m")
			},
		}, {
			Name: "token-use-missing", Rule: "require token_use, which every token of a pool has", Cost: mixedUp,
			make: func(k *kit) { k.without("token_use"); k.claim("token_use", nil, "") },
		}, {
			Name: "token-use-similar", Rule: "compare token_use for equality", Cost: mixedUp,
			make: func(k *kit) {
				use := k.use
				k.claim("token_use", strings.ToUpper(use), use+" ", "x"+use, use+",refresh", []string{use}, map[string]any{use: true}, true)
			},
		},
	}
}

func otherKind(k *kit) {
	for use, token := range k.Genuine {
		if !k.Accepts(use) {
			k.raw("a genuine "+nameOf(use), token)
		}
	}
}

const noMember = "who is not in the group does what is meant for its members"

func policyCases() []Case {
	group := func(w *World) bool { return w.Group != "" }
	scope := func(w *World) bool { return w.Scope != "" }
	const noScope = "an app does what its user did not allow it"
	return []Case{
		{Name: "group-missing", Rule: "require the group in cognito:groups", Cost: noMember, needs: group, make: func(k *kit) {
			k.without("cognito:groups")
			k.claim("cognito:groups", []string{}, []string{"everybody"}, nil)
		}},
		{Name: "group-similar", Rule: "compare each group for equality: names may hold commas, brackets and other names", Cost: noMember, needs: group, make: similarGroups},
		{Name: "group-type", Rule: "refuse cognito:groups that are no list", Cost: noMember, needs: group, make: func(k *kit) {
			k.claim("cognito:groups", "x"+k.Group+"x", "x,"+k.Group, map[string]any{k.Group: false}, true)
		}},
		{Name: "group-elsewhere", Rule: "look for groups in cognito:groups alone", Cost: "users write attributes such as custom:groups themselves: " + noMember, needs: group, make: func(k *kit) {
			k.claims("the group in claims of other names", map[string]any{
				"cognito:groups": []string{"everybody"}, "groups": []string{k.Group}, "custom:groups": k.Group, "roles": []string{k.Group}, "cognito:roles": []string{k.Group},
			})
		}},
		{Name: "scope-missing", Rule: "require the scope in scope", Cost: noScope, use: Access, needs: scope, make: func(k *kit) {
			k.without("scope")
			k.claim("scope", "", "openid", nil)
		}},
		{Name: "scope-similar", Rule: "compare each word of scope for equality", Cost: noScope, use: Access, needs: scope, make: similarScopes},
		{Name: "scope-elsewhere", Rule: "look for scopes in scope alone", Cost: noScope, use: Access, needs: scope, make: func(k *kit) {
			k.claims("the scope in claims of other names", map[string]any{"scope": "openid", "scp": []string{k.Scope}, "scopes": k.Scope, "custom:scope": k.Scope})
		}},
	}
}

func similarGroups(k *kit) {
	g := k.Group
	others := []string{g + "s", "x" + g, "x," + g, g + ",x", "[" + g + "]", "x " + g, `x","` + g, strings.ToUpper(g), strings.ToLower(g), g[:len(g)-1]}
	for _, other := range others {
		if other != g && other != "" {
			k.claim("cognito:groups", []string{other})
		}
	}
}

func similarScopes(k *kit) {
	s := k.Scope
	for _, other := range []string{s + "s", "x" + s, s + ":write", "openid," + s, strings.ToUpper(s), strings.ToLower(s), s[:len(s)-1]} {
		if other != s && other != "" {
			k.claim("scope", "openid "+other)
		}
	}
	if server, _, found := strings.Cut(s, "/"); found {
		k.claim("scope", "openid *", "openid "+server+"/*")
	}
}

func onlineCases() []Case {
	return []Case{{
		Name: "revoked", Rule: "ask the pool whether the session is still good, for each token", Cost: "a user who was removed, or has signed out everywhere, goes on until the token expires",
		needs: func(w *World) bool { return w.Online }, make: func(k *kit) {
			for _, e := range k.Ended {
				if slices.Contains(e.Uses, k.use) {
					k.raw(e.How, e.Tokens[k.use])
				}
			}
		},
	}}
}

func foreignCases() []Case {
	return []Case{
		{
			Name: "foreign-pool", Rule: "take keys from the pool's own JWKS, never from the issuer that a token names", Cost: owner, calm: true,
			make: func(k *kit) {
				k.raw("a genuine token of another pool", k.Other.Tokens[k.use])
				k.attack("a token of another pool, for this pool's app client", func(f *fake.Forgery) {
					f.Header["kid"], f.Claims["iss"] = k.key(k.Other.Tokens[k.use]).id, k.Other.Issuer
				})
			},
		}, {
			Name: "foreign-key", Rule: "take keys from the pool's own JWKS, never from a store that pools share", Cost: owner,
			make: func(k *kit) {
				key := k.key(k.Other.Tokens[k.use])
				k.attack("signed by another pool, with that pool's kid and this pool's iss", func(f *fake.Forgery) { f.Header["kid"] = key.id })
			},
		}, {
			Name: "refresh-token", Rule: "refuse refresh tokens, which are encrypted and for the pool alone", Cost: "who accepts what it cannot read accepts anything",
			make: func(k *kit) { k.raw("a refresh token (JWE)", k.Refresh) },
		}, {
			Name: "session", Rule: "refuse the Session of an unfinished sign-in", Cost: "the password of a user is enough where the pool asks for more",
			make: func(k *kit) { k.raw("the Session of a challenge", k.Session) },
		}, {
			Name: "no-token", Rule: "refuse what is no token", Cost: "anybody gets in, or is whoever they say they are",
			make: func(k *kit) {
				for _, text := range []string{"", " ", "null", "undefined", "Bearer", k.Clients[0], k.subject()} {
					k.raw("the text "+shown(text), text)
				}
			},
		},
	}
}

// subject is the sub of the good token.
func (k *kit) subject() (sub string) {
	if k.err == nil {
		_, k.err = k.Server.Forge(k.good, func(f *fake.Forgery) { sub, _ = f.Claims["sub"].(string) })
	}
	return sub
}
