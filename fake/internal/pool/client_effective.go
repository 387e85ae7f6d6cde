package pool

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Defaults of app clients, in hours, days and minutes.
const (
	defaultTokenValidity         = 1
	defaultRefreshValidity       = 30
	defaultSessionMinutes  int32 = 3
)

// AccessTokenValidity returns how long an app client's access tokens are valid.
func AccessTokenValidity(c *types.UserPoolClientType) time.Duration {
	return time.Duration(accessSeconds(c)) * time.Second
}

// IDTokenValidity returns how long an app client's ID tokens are valid.
func IDTokenValidity(c *types.UserPoolClientType) time.Duration {
	return time.Duration(idSeconds(c)) * time.Second
}

// RefreshTokenValidity returns how long an app client's refresh tokens are valid.
func RefreshTokenValidity(c *types.UserPoolClientType) time.Duration {
	return time.Duration(refreshSeconds(c)) * time.Second
}

// AuthSessionValidity returns how long a challenge of an app client can be answered.
func AuthSessionValidity(c *types.UserPoolClientType) time.Duration {
	return time.Duration(cmp.Or(aws.ToInt32(c.AuthSessionValidity), defaultSessionMinutes)) * time.Minute
}

// An omitted validity counts as the number of the default in the declared unit, so that minutes
// without a number are one minute, which is out of range (seen in public reports).

func accessSeconds(c *types.UserPoolClientType) int64 {
	return seconds(cmp.Or(aws.ToInt32(c.AccessTokenValidity), defaultTokenValidity), cmp.Or(units(c).AccessToken, types.TimeUnitsTypeHours))
}

func idSeconds(c *types.UserPoolClientType) int64 {
	return seconds(cmp.Or(aws.ToInt32(c.IdTokenValidity), defaultTokenValidity), cmp.Or(units(c).IdToken, types.TimeUnitsTypeHours))
}

func refreshSeconds(c *types.UserPoolClientType) int64 {
	return seconds(cmp.Or(c.RefreshTokenValidity, defaultRefreshValidity), cmp.Or(units(c).RefreshToken, types.TimeUnitsTypeDays))
}

func units(c *types.UserPoolClientType) types.TokenValidityUnitsType {
	if c.TokenValidityUnits == nil {
		return types.TokenValidityUnitsType{}
	}
	return *c.TokenValidityUnits
}

func seconds(n int32, unit types.TimeUnitsType) int64 {
	switch unit {
	case types.TimeUnitsTypeMinutes:
		return int64(n) * 60
	case types.TimeUnitsTypeHours:
		return int64(n) * 60 * 60
	case types.TimeUnitsTypeDays:
		return int64(n) * 24 * 60 * 60
	default:
		return int64(n)
	}
}

// FlowAllowed reports whether an app client may start an authentication flow. A client without
// ExplicitAuthFlows may use SRP, custom authentication and refresh; the older password settings
// include these three. A client that rotates refresh tokens may not use the refresh flow.
func FlowAllowed(c *types.UserPoolClientType, flow types.AuthFlowType) bool {
	if isRefresh(flow) && RotatesRefreshTokens(c) {
		return false
	}
	explicit := c.ExplicitAuthFlows
	if len(explicit) == 0 {
		explicit = []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth,
			types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
			types.ExplicitAuthFlowsTypeAllowCustomAuth,
		}
	}
	return slices.ContainsFunc(explicit, func(setting types.ExplicitAuthFlowsType) bool { return slices.Contains(allows(setting), flow) })
}

func isRefresh(flow types.AuthFlowType) bool {
	return flow == types.AuthFlowTypeRefreshToken || flow == types.AuthFlowTypeRefreshTokenAuth
}

// allows returns the flows that one of ExplicitAuthFlows stands for.
func allows(setting types.ExplicitAuthFlowsType) []types.AuthFlowType {
	adminPassword := []types.AuthFlowType{types.AuthFlowTypeAdminUserPasswordAuth, types.AuthFlowTypeAdminNoSrpAuth}
	refresh := []types.AuthFlowType{types.AuthFlowTypeRefreshToken, types.AuthFlowTypeRefreshTokenAuth}
	legacy := append([]types.AuthFlowType{types.AuthFlowTypeUserSrpAuth, types.AuthFlowTypeCustomAuth}, refresh...)
	switch setting {
	case types.ExplicitAuthFlowsTypeAllowUserPasswordAuth:
		return []types.AuthFlowType{types.AuthFlowTypeUserPasswordAuth}
	case types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth:
		return adminPassword
	case types.ExplicitAuthFlowsTypeAllowUserSrpAuth:
		return []types.AuthFlowType{types.AuthFlowTypeUserSrpAuth}
	case types.ExplicitAuthFlowsTypeAllowCustomAuth:
		return []types.AuthFlowType{types.AuthFlowTypeCustomAuth}
	case types.ExplicitAuthFlowsTypeAllowUserAuth:
		return []types.AuthFlowType{types.AuthFlowTypeUserAuth}
	case types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth:
		return refresh
	case types.ExplicitAuthFlowsTypeUserPasswordAuth:
		return append(legacy, types.AuthFlowTypeUserPasswordAuth)
	case types.ExplicitAuthFlowsTypeAdminNoSrpAuth:
		return append(legacy, adminPassword...)
	case types.ExplicitAuthFlowsTypeCustomAuthFlowOnly:
		return append(refresh, types.AuthFlowTypeCustomAuth)
	}
	return nil
}

// RotatesRefreshTokens reports whether every refresh gives the user a new refresh token.
func RotatesRefreshTokens(c *types.UserPoolClientType) bool {
	return c.RefreshTokenRotation != nil && c.RefreshTokenRotation.Feature == types.FeatureTypeEnabled
}

// RotationGrace returns how long a refresh token is good after it was rotated.
func RotationGrace(c *types.UserPoolClientType) time.Duration {
	return time.Duration(aws.ToInt32(c.RefreshTokenRotation.RetryGracePeriodSeconds)) * time.Second
}

// HidesUserExistence reports whether answers must not tell unknown users from wrong passwords.
func HidesUserExistence(c *types.UserPoolClientType) bool {
	return c.PreventUserExistenceErrors == types.PreventUserExistenceErrorTypesEnabled
}

// RevocationEnabled reports whether tokens can be revoked; tokens then carry jti and origin_jti.
func RevocationEnabled(c *types.UserPoolClientType) bool {
	return c.EnableTokenRevocation == nil || *c.EnableTokenRevocation
}

// CanRead reports whether an app client shows an attribute to its users. A list is exact: the flags
// email_verified and phone_number_verified must be in it by themselves. Without a list every
// attribute is readable, custom ones too (sources differ about these). The identities always are (inferred).
func CanRead(c *types.UserPoolClientType, attribute string) bool {
	return len(c.ReadAttributes) == 0 || attribute == identitiesAttribute || slices.Contains(c.ReadAttributes, attribute)
}

// CanWrite reports whether users may set an attribute through an app client. A list is exact.
// Without one every attribute is writable, custom ones too (sources differ about these), but for
// those that only the service or an administrator sets.
func CanWrite(c *types.UserPoolClientType, attribute string) bool {
	if len(c.WriteAttributes) > 0 {
		return slices.Contains(c.WriteAttributes, attribute)
	}
	return !setByService(attribute) && !strings.HasPrefix(attribute, developerPrefix)
}
