package cognitotest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// absent reports whether a claim is passed over because it is not there.
func (v *toy) absent(t *toyToken, claim, bug string) bool {
	return (t.claims[claim] == nil || t.claims[claim] == "") && v.has(bug, "checks what is there")
}

func (v *toy) checkClaims(t *toyToken, token string) error {
	if v.has("trusts who claims nothing") && len(t.claims) == 0 {
		return nil
	}
	checks := []func(*toyToken) error{v.checkLifetime, v.checkIssuer, v.checkUse, v.checkClient, v.checkOddities}
	if v.rules.groupAndScope {
		checks = append(checks, v.checkGroups, v.checkScope)
	}
	for _, check := range checks {
		if err := check(t); err != nil {
			return err
		}
	}
	if !v.rules.session || v.has("asks nobody") {
		return nil
	}
	_, err := v.p.Client().GetUser(context.Background(), &cip.GetUserInput{AccessToken: &token})
	if errors.As(err, new(*types.ForbiddenException)) && v.has("takes trouble for a yes") {
		return nil
	}
	return err
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

func (v *toy) checkLifetime(t *toyToken) error {
	now := time.Now()
	if v.has("stops the clock") {
		now = v.made
	}
	if nbf, ok := t.claims["nbf"].(float64); ok && now.Before(time.Unix(int64(nbf), 0)) && !v.has("ignores nbf") {
		return errToy
	}
	exp, isNumber := t.claims["exp"].(float64)
	switch {
	case v.has("ignores exp") && isNumber, v.has("exp is optional", "checks what is there") && t.claims["exp"] == nil, v.has("takes exp 0 for never") && isNumber && exp <= 0,
		v.has("takes any type of exp") && t.claims["exp"] != nil && !isNumber:
		return nil
	case v.has("has leeway"):
		exp += 60
	case v.has("counts whole seconds"):
		return errIf(!isNumber || now.Unix() > int64(exp))
	case v.has("counts in milliseconds") && exp > 0:
		exp *= 1000
	case v.has("counts the time from iat") && exp > 0:
		iat, _ := t.claims["iat"].(float64)
		return errIf(now.Unix() >= int64(iat)+2*60*60)
	}
	return errIf(!isNumber || now.Unix() >= int64(exp))
}

func (v *toy) checkIssuer(t *toyToken) error {
	iss, isText := t.claims["iss"].(string)
	want := v.p.Issuer
	switch v.bug {
	case "ignores iss", "takes keys from the issuer":
		return nil
	case "iss is optional", "checks what is there":
		if v.absent(t, "iss", v.bug) {
			return nil
		}
	case "takes any type of iss":
		if t.claims["iss"] != nil && !isText {
			return nil
		}
	case "compares the beginning of iss":
		return errIf(!strings.HasPrefix(iss, want))
	case "compares the end of iss":
		return errIf(!strings.HasSuffix(iss, v.p.PoolID))
	case "takes iss for a pattern":
		return errIf(!regexp.MustCompile("^" + want + "$").MatchString(iss))
	case "normalises iss":
		u, err := url.Parse(iss)
		return cmp.Or(err, errIf(err != nil || u.Scheme+"://"+u.Host+path.Clean(u.Path) != want))
	case "ignores the scheme of iss":
		return errIf(strings.TrimPrefix(iss, "http:") != strings.TrimPrefix(want, "https:") && iss != want)
	case "compares iss without slashes":
		return errIf(strings.TrimRight(iss, "/") != want)
	case "ignores the case of iss":
		return errIf(!strings.EqualFold(iss, want))
	case "ignores the region of iss":
		region := regexp.MustCompile(`[a-z]+-[a-z]+-\d`)
		return errIf(region.ReplaceAllString(iss, "") != region.ReplaceAllString(want, ""))
	case "compares the host of iss":
		return errIf(!strings.HasPrefix(iss, strings.TrimSuffix(want, v.p.PoolID)) || len(iss) != len(want) || strings.EqualFold(iss, want) && iss != want || strings.Contains(iss, "eu-south"))
	}
	return errIf(iss != want)
}

func (v *toy) checkUse(t *toyToken) error {
	use, isText := t.claims["token_use"].(string)
	switch {
	case v.has("ignores token_use"), v.absent(t, "token_use", "token_use is optional"), v.has("accepts both kinds") && use == "id",
		v.has("compares token_use loosely") && isText && strings.Contains(strings.ToLower(use), "access"):
		return nil
	}
	return errIf(use != "access")
}

func (v *toy) checkClient(t *toyToken) error {
	claim := "client_id"
	if v.has("accepts both kinds") && t.claims["token_use"] == "id" {
		claim = "aud"
	}
	id, isText := t.claims[claim].(string)
	switch {
	case v.has("ignores the app client"), v.absent(t, claim, "the app client is optional"), v.has("takes any type of app client") && t.claims[claim] != nil && !isText,
		v.has("takes any list of app clients") && len(listOf(t.claims[claim])) > 0,
		v.has("compares the beginning of the app client") && strings.HasPrefix(id, v.p.ClientID),
		v.has("looks for the app client anywhere") && t.claims["aud"] == v.p.ClientID:
		return nil
	}
	return errIf(id != v.p.ClientID && (id != "more1" || v.has("knows one app client")))
}

func (v *toy) checkGroups(t *toyToken) error {
	list, isList := t.claims["cognito:groups"].([]any)
	switch {
	case v.has("ignores groups"), v.has("takes any type of groups") && !isList && strings.Contains(fmt.Sprint(t.claims["cognito:groups"]), "admins"),
		v.has("looks for groups anywhere") && fmt.Sprint(t.claims["groups"]) == "[admins]",
		v.has("looks for the group in a text") && isList && strings.Contains(fmt.Sprint(list), "admins"):
		return nil
	case v.has("looks at the first group"):
		list = list[:min(1, len(list))]
	}
	return errIf(!slices.Contains(list, any("admins")))
}

func (v *toy) checkScope(t *toyToken) error {
	scope, _ := t.claims["scope"].(string)
	switch {
	case v.has("ignores scope"), v.has("looks for the scope in a text") && strings.Contains(scope, "orders/read"),
		v.has("looks for scopes anywhere") && fmt.Sprint(t.claims["scp"]) == "[orders/read]":
		return nil
	case v.has("takes scopes for patterns"):
		return errIf(!slices.ContainsFunc(strings.Fields(scope), func(s string) bool { ok, _ := path.Match(s, "orders/read"); return ok }))
	case v.has("compares scope as a whole"):
		return errIf(scope != "aws.cognito.signin.user.admin orders/read")
	}
	return errIf(!slices.Contains(strings.Fields(scope), "orders/read"))
}

// checkOddities refuses good tokens.
func (v *toy) checkOddities(t *toyToken) error {
	age := func(claim string) time.Duration {
		at, _ := t.claims[claim].(float64)
		return time.Since(time.Unix(int64(at), 0))
	}
	switch v.bug {
	case "wants groups":
		return errIf(t.claims["cognito:groups"] == nil)
	case "wants a jti":
		return errIf(t.claims["jti"] == nil)
	case "takes auth_time for the age":
		return errIf(age("auth_time") > 24*time.Hour)
	case "wants a minute to live":
		return errIf(age("exp") > -time.Minute)
	case "has a small buffer":
		return errIf(len(t.input) > 4096)
	case "knows ASCII alone":
		text, _ := json.Marshal(t.claims)
		return errIf(strings.ContainsFunc(string(text), func(r rune) bool { return r > 127 }))
	case "wants no NUL":
		return errIf(strings.Contains(fmt.Sprint(t.claims), "\x00"))
	case "wants two members in the header":
		return errIf(len(t.header) != 2)
	case "wants to be in the past":
		return errIf(age("iat") < 0 || age("auth_time") < 0)
	case "has a buffer of 8 KB":
		return errIf(len(t.input)+len(t.last) > 8<<10)
	case "knows all claims":
		return errIf(t.claims["limits"] != nil)
	case "wants typ":
		return errIf(t.header["typ"] == nil)
	case "pins the newest keys":
		set, err := v.keys("")
		if err != nil {
			return err
		}
		return errIf(t.header["kid"] != set.Keys[0].ID && t.header["kid"] != set.Keys[1].ID)
	case "pins the key of access tokens":
		set, err := v.keys("")
		if err != nil {
			return err
		}
		return errIf(t.header["kid"] != set.Keys[1].ID && t.header["kid"] != set.Keys[len(set.Keys)-1].ID)
	}
	return nil
}
