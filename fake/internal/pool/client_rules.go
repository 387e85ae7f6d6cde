package pool

import (
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func (j judgement) checkAuthFlows() error {
	allow := 0
	for _, flow := range j.client.ExplicitAuthFlows {
		if strings.HasPrefix(string(flow), "ALLOW_") {
			allow++
		}
	}
	if allow > 0 && allow < len(j.client.ExplicitAuthFlows) {
		return InvalidParameter(mixedAuthFlows)
	}
	return nil
}

func (j judgement) checkRotation() error {
	switch {
	case !RotatesRefreshTokens(j.client):
		return nil
	case j.Pool.UserPoolTier == types.UserPoolTierTypeLite:
		return tierLacks(j.Pool.UserPoolTier, featureRotation)
	case slices.Contains(j.client.ExplicitAuthFlows, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth):
		return InvalidParameter(rotationWithRefresh)
	}
	return nil
}

// Ranges of token validity in seconds: access and ID tokens five minutes to a day, refresh tokens
// an hour to ten years.
const (
	minValidity        = 5 * 60
	maxValidity        = 24 * 60 * 60
	minRefreshValidity = 60 * 60
	maxRefreshValidity = 10 * 365 * maxValidity
)

func (j judgement) checkValidity() error {
	access, id, refresh := accessSeconds(j.client), idSeconds(j.client), refreshSeconds(j.client)
	for _, v := range []int64{access, id} {
		if v < minValidity || v > maxValidity {
			return InvalidParameter(validityRange)
		}
	}
	switch {
	case refresh < minRefreshValidity, refresh > maxRefreshValidity:
		return InvalidParameter(validityRange)
	case max(access, id) > refresh:
		return InvalidParameter(validityOrder)
	}
	return nil
}

func (j judgement) checkAttributes() error {
	for _, name := range j.client.ReadAttributes {
		if !j.Schema.Has(name) {
			return invalidReadAttributes(j.verb)
		}
	}
	for _, name := range j.client.WriteAttributes {
		if !j.Schema.Has(name) || setByService(name) {
			return invalidWriteAttributes(j.verb)
		}
	}
	return nil
}

func (j judgement) checkContext() error {
	if *j.client.EnablePropagateAdditionalUserContextData && !j.confidential {
		return InvalidParameter(propagateWithoutSecret)
	}
	return nil
}

func (j judgement) checkProviders() error {
	for _, name := range j.client.SupportedIdentityProviders {
		if name != nativeClients && !has(j.Catalog.HasProvider, name) {
			return unknownProvider(name, aws.ToString(j.Pool.Id))
		}
	}
	return nil
}

func (j judgement) checkURLs() error {
	for _, u := range j.client.CallbackURLs {
		if strings.Contains(u, "#") {
			return fragmentInURL(u)
		}
	}
	for _, u := range slices.Concat(j.client.CallbackURLs, j.client.LogoutURLs) {
		if insecure(u) {
			return plainHTTP(u)
		}
	}
	redirect := j.client.DefaultRedirectURI
	if redirect != nil && !slices.Contains(j.client.CallbackURLs, *redirect) {
		return redirectNotCallback(*redirect)
	}
	return nil
}

// insecure reports whether a URL has the scheme http and leads off the user's own machine. Schemes
// of apps are right.
func insecure(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" {
		return err != nil && strings.HasPrefix(strings.ToLower(s), "http:")
	}
	return !slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

func (j judgement) checkOAuthFlows() error {
	flows := j.client.AllowedOAuthFlows
	redirects := slices.Contains(flows, types.OAuthFlowTypeCode) || slices.Contains(flows, types.OAuthFlowTypeImplicit)
	credentials := slices.Contains(flows, types.OAuthFlowTypeClientCredentials)
	incomplete := len(flows) == 0 || len(j.client.AllowedOAuthScopes) == 0
	switch {
	case *j.client.AllowedOAuthFlowsUserPoolClient && incomplete:
		return InvalidParameter(oauthIncomplete)
	case credentials && redirects:
		return InvalidParameter(credentialsFlowMixed)
	case credentials && !j.confidential:
		return InvalidParameter(credentialsFlowPublic)
	case redirects && len(j.client.CallbackURLs) == 0:
		return InvalidParameter(callbacksMissing)
	}
	return nil
}

func (j judgement) checkScopes() error {
	for _, scope := range j.client.AllowedOAuthScopes {
		if !standardScope(scope) && !has(j.Catalog.HasScope, scope) {
			return unknownScope(scope)
		}
	}
	return nil
}

// standardScope reports whether every pool has a scope.
func standardScope(scope string) bool {
	return slices.Contains([]string{"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"}, scope)
}

func has(lookup func(string) bool, name string) bool { return lookup != nil && lookup(name) }

// checkAnalytics accepts an application by its ARN alone, or by its id with a role. Pinpoint
// projects stand in the pool's region or, by the developer guide, in us-east-1.
func (j judgement) checkAnalytics() error {
	a := j.client.AnalyticsConfiguration
	if a == nil {
		return nil
	}
	byARN, byID := a.ApplicationArn != nil, a.ApplicationId != nil
	rest := a.RoleArn != nil || a.ExternalId != nil
	if byARN == byID || byARN && rest || byID && a.RoleArn == nil {
		return InvalidParameter(invalidAnalytics)
	}
	poolRegion, _, _ := strings.Cut(aws.ToString(j.Pool.Id), "_")
	if app, ok := parseARN(a.ApplicationArn); ok && app.Region != poolRegion && app.Region != "us-east-1" {
		return pinpointRegion(app.Region)
	}
	return nil
}
