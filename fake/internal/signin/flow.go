package signin

import (
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// move takes a sign-in one step further. It runs under the pool's lock.
type move func(step) (outcome, error)

// flow describes one way to begin a sign-in.
type flow struct {
	admin, public bool         // which of the two operations may use it
	disabled      func() error // the answer where the client does not allow it
	required      []string     // AuthParameters
	// begin does what needs no lock, such as decrypting, and returns the first move.
	begin func(*Engine, Initiation) (move, error)
}

// flowOf returns the flow of a name and whether there is one.
func flowOf(name types.AuthFlowType) (flow, bool) {
	switch name {
	case types.AuthFlowTypeUserPasswordAuth:
		return flow{public: true, disabled: userPasswordDisabled, required: []string{"USERNAME", "PASSWORD"}, begin: (*Engine).beginPassword}, true
	case types.AuthFlowTypeAdminUserPasswordAuth, types.AuthFlowTypeAdminNoSrpAuth:
		return flow{admin: true, disabled: adminDisabled, required: []string{"USERNAME", "PASSWORD"}, begin: (*Engine).beginPassword}, true
	case types.AuthFlowTypeRefreshToken, types.AuthFlowTypeRefreshTokenAuth:
		return flow{admin: true, public: true, disabled: refreshDisabled, required: []string{"REFRESH_TOKEN"}, begin: (*Engine).beginRefresh}, true
	case types.AuthFlowTypeUserSrpAuth:
		return flow{admin: true, public: true, disabled: srpDisabled, required: []string{"USERNAME", "SRP_A"}, begin: (*Engine).beginSRP}, true
	case types.AuthFlowTypeCustomAuth:
		return flow{admin: true, public: true, disabled: customDisabled, required: []string{"USERNAME"}, begin: (*Engine).beginCustom}, true
	case types.AuthFlowTypeUserAuth:
		return flow{admin: true, public: true, disabled: userAuthDisabled, required: []string{"USERNAME"}, begin: (*Engine).beginChoice}, true
	}
	return flow{}, false
}

// admit checks that the operation, the client and the parameters fit the flow.
func (e *Engine) admit(in Initiation) (flow, error) {
	in.Pool.Lock()
	defer in.Pool.Unlock()
	c, err := in.Pool.ClientLocked(in.ClientID)
	if err != nil {
		return flow{}, err
	}
	f, ok := flowOf(in.Flow)
	if !ok || in.Admin && !f.admin || !in.Admin && !f.public {
		return flow{}, methodNotSupported()
	}
	if in.Hosted == nil && !pool.FlowAllowed(c.Settings, in.Flow) {
		return flow{}, f.disabled()
	}
	for _, name := range f.required {
		if in.Parameters[name] == "" {
			return flow{}, missingParameter(name)
		}
	}
	return f, nil
}

// secretMismatch is the error for a wrong SECRET_HASH: the service words it differently for
// InitiateAuth and for AdminInitiateAuth.
func (in Initiation) secretMismatch() func(string) error {
	if in.Admin {
		return pool.SecretHashUnverified
	}
	return pool.SecretHashMismatch
}
