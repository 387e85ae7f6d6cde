package fake

import (
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// find tells the test's author of something that strict tests must not use, once.
func (s *Server) find(finding string) {
	s.mu.Lock()
	known := s.noticed[finding]
	s.noticed[finding] = true
	s.mu.Unlock()
	switch {
	case known:
	case s.config.Strictf != nil:
		s.config.Strictf("%s", finding)
	default:
		s.config.Logf("%s", finding)
	}
}

// notice finds that a setting is stored but not simulated.
func (s *Server) notice(feature string) {
	s.find("cognitotest: " + feature + " is stored but not simulated")
}

// findDeprecated tells a strict test what a request has that AWS calls deprecated, legacy or no longer
// supported.
func (s *Server) findDeprecated(in any) {
	if s.config.Strictf == nil {
		return
	}
	if old := deprecatedIn(in); old.what != "" {
		s.find("cognitotest: " + old.what + " is deprecated: use " + old.instead)
	}
}

// deprecation is something that AWS advises against.
type deprecation struct{ what, instead string }

// deprecatedIn returns what is deprecated of a request (API reference), the zero value for nothing.
func deprecatedIn(in any) deprecation {
	switch in := in.(type) {
	case *cip.SetUserSettingsInput:
		return deprecation{"SetUserSettings", "SetUserMFAPreference"}
	case *cip.AdminSetUserSettingsInput:
		return deprecation{"AdminSetUserSettings", "AdminSetUserMFAPreference"}
	case *cip.AdminInitiateAuthInput:
		if in.AuthFlow == types.AuthFlowTypeAdminNoSrpAuth {
			return deprecation{"AuthFlow ADMIN_NO_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH"}
		}
	case *cip.CreateUserPoolClientInput:
		return deprecatedFlow(in.ExplicitAuthFlows)
	case *cip.UpdateUserPoolClientInput:
		return deprecatedFlow(in.ExplicitAuthFlows)
	case *cip.CreateUserPoolInput:
		return deprecatedInvitation(in.AdminCreateUserConfig)
	case *cip.UpdateUserPoolInput:
		return deprecatedInvitation(in.AdminCreateUserConfig)
	}
	return deprecation{}
}

// successors are the flows of app clients that took the place of the first three.
var successors = map[types.ExplicitAuthFlowsType]types.ExplicitAuthFlowsType{
	types.ExplicitAuthFlowsTypeAdminNoSrpAuth:     types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
	types.ExplicitAuthFlowsTypeCustomAuthFlowOnly: types.ExplicitAuthFlowsTypeAllowCustomAuth,
	types.ExplicitAuthFlowsTypeUserPasswordAuth:   types.ExplicitAuthFlowsTypeAllowUserPasswordAuth,
}

func deprecatedFlow(flows []types.ExplicitAuthFlowsType) deprecation {
	i := slices.IndexFunc(flows, func(f types.ExplicitAuthFlowsType) bool { return successors[f] != "" })
	if i < 0 {
		return deprecation{}
	}
	return deprecation{"ExplicitAuthFlows " + string(flows[i]), string(successors[flows[i]])}
}

func deprecatedInvitation(c *types.AdminCreateUserConfigType) deprecation {
	if c == nil || c.UnusedAccountValidityDays == 0 {
		return deprecation{}
	}
	return deprecation{"UnusedAccountValidityDays", "TemporaryPasswordValidityDays of the password policy"}
}
