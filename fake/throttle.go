package fake

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"sync"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Category is a group of operations that share a request rate, which the service limits for an account in
// a region (developer guide, quotas).
type Category string

// The categories. ClientAuthentication has no operation of the JSON API: it is that of app clients which stand for
// themselves at the token endpoint of a domain.
const (
	ClientAuthentication   Category = "ClientAuthentication"
	UserAuthentication     Category = "UserAuthentication"
	UserCreation           Category = "UserCreation"
	UserAccountRecovery    Category = "UserAccountRecovery"
	UserRead               Category = "UserRead"
	UserUpdate             Category = "UserUpdate"
	UserToken              Category = "UserToken"
	UserResourceRead       Category = "UserResourceRead"
	UserResourceUpdate     Category = "UserResourceUpdate"
	UserList               Category = "UserList"
	UserPoolRead           Category = "UserPoolRead"
	UserPoolUpdate         Category = "UserPoolUpdate"
	UserPoolResourceRead   Category = "UserPoolResourceRead"
	UserPoolResourceUpdate Category = "UserPoolResourceUpdate"
	UserPoolClientRead     Category = "UserPoolClientRead"
	UserPoolClientUpdate   Category = "UserPoolClientUpdate"
)

// Categories returns every category.
func Categories() []Category {
	return []Category{
		UserAuthentication, ClientAuthentication, UserCreation, UserAccountRecovery, UserRead, UserUpdate, UserToken,
		UserResourceRead, UserResourceUpdate, UserList, UserPoolRead, UserPoolUpdate,
		UserPoolResourceRead, UserPoolResourceUpdate, UserPoolClientRead, UserPoolClientUpdate,
	}
}

// CategoryOf returns the category of an operation of the JSON API. Which the developer guide names only by
// their kind, such as "branding", and GetUserAuthFactors and the replicas of pools, which are later, are
// inferred.
func CategoryOf(operation string) Category {
	switch operation {
	case "InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge",
		"GetTokensFromRefreshToken":
		return UserAuthentication
	case "SignUp", "ConfirmSignUp", "AdminCreateUser", "AdminConfirmSignUp":
		return UserCreation
	case "ChangePassword", "ForgotPassword", "ConfirmForgotPassword", "AdminResetUserPassword", "AdminSetUserPassword":
		return UserAccountRecovery
	case "AdminGetUser", "GetUser", "GetUserAuthFactors":
		return UserRead
	case "AdminAddUserToGroup", "AdminDeleteUser", "AdminDeleteUserAttributes", "AdminDisableProviderForUser",
		"AdminDisableUser", "AdminEnableUser", "AdminLinkProviderForUser", "AdminRemoveUserFromGroup",
		"AdminUpdateUserAttributes", "AdminUserGlobalSignOut", "DeleteUser", "DeleteUserAttributes", "GlobalSignOut",
		"UpdateUserAttributes", "VerifyUserAttribute", "AdminUpdateAuthEventFeedback", "UpdateAuthEventFeedback":
		return UserUpdate
	case "RevokeToken":
		return UserToken
	case "AdminGetDevice", "AdminListDevices", "GetDevice", "ListDevices", "AdminListGroupsForUser",
		"GetUserAttributeVerificationCode", "ResendConfirmationCode", "AdminListUserAuthEvents", "ListWebAuthnCredentials":
		return UserResourceRead
	case "AdminSetUserMFAPreference", "AdminSetUserSettings", "SetUserMFAPreference", "SetUserSettings",
		"AdminForgetDevice", "AdminUpdateDeviceStatus", "ConfirmDevice", "ForgetDevice", "UpdateDeviceStatus",
		"AssociateSoftwareToken", "VerifySoftwareToken",
		"StartWebAuthnRegistration", "CompleteWebAuthnRegistration", "DeleteWebAuthnCredential":
		return UserResourceUpdate
	case "ListUsers", "ListUsersInGroup":
		return UserList
	case "DescribeUserPool", "ListUserPools":
		return UserPoolRead
	case "CreateUserPool", "UpdateUserPool", "DeleteUserPool":
		return UserPoolUpdate
	case "DescribeUserPoolClient", "ListUserPoolClients", "ListUserPoolClientSecrets":
		return UserPoolClientRead
	case "CreateUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient",
		"AddUserPoolClientSecret", "DeleteUserPoolClientSecret":
		return UserPoolClientUpdate
	case "DescribeIdentityProvider", "DescribeManagedLoginBranding", "DescribeManagedLoginBrandingByClient",
		"DescribeResourceServer", "DescribeRiskConfiguration", "DescribeTerms", "DescribeUserImportJob",
		"DescribeUserPoolDomain", "GetCSVHeader", "GetGroup", "GetIdentityProviderByIdentifier",
		"GetLogDeliveryConfiguration", "GetSigningCertificate", "GetUICustomization", "GetUserPoolMfaConfig", "ListGroups",
		"ListIdentityProviders", "ListResourceServers", "ListTagsForResource", "ListTerms", "ListUserImportJobs",
		"ListUserPoolReplicas":
		return UserPoolResourceRead
	}
	return UserPoolResourceUpdate // everything else that changes a pool's resources
}

// quota is what a call counts against.
type quota struct {
	category Category
	share    share
	region   string
}

// share is a part of a category's operations that has a rate for itself.
type share string

const (
	shareAnswers share = "answers" // to challenges, three times the rate of sign-in
	shareCodes   share = "codes"   // redeemed at the token endpoint, the rate of sign-in
)

// quotaOf returns what a call counts against: its operation's category, but the new password of
// NEW_PASSWORD_REQUIRED counts as account recovery.
func quotaOf(c Call) quota {
	q := quota{category: CategoryOf(c.Operation), region: c.Region}
	var challenge types.ChallengeNameType
	switch in := c.Input.(type) {
	case *cip.RespondToAuthChallengeInput:
		q.share, challenge = shareAnswers, in.ChallengeName
	case *cip.AdminRespondToAuthChallengeInput:
		q.share, challenge = shareAnswers, in.ChallengeName
	}
	if challenge == types.ChallengeNameTypeNewPasswordRequired {
		q.category, q.share = UserAccountRecovery, ""
	}
	return q
}

// quotaAt returns what a request to a domain counts against: what its form does, as an operation of the JSON API
// would, or nothing where it brings none (inferred but for sign-in, second factors and tokens).
func quotaAt(c Call, form url.Values) (q quota, counts bool) {
	q.region = c.Region
	switch c.Operation {
	case "/login", "/mfa":
		q.category = UserAuthentication
	case "/signup", "/confirmUser":
		q.category = UserCreation
	case "/changePassword", "/forgotPassword", "/confirmforgotPassword":
		q.category = UserAccountRecovery
	case "/resendcode":
		q.category = UserResourceRead
	case "/oauth2/revoke":
		q.category = UserToken
	case "/oauth2/token":
		q.category = UserAuthentication
		switch form.Get("grant_type") {
		case "client_credentials":
			q.category = ClientAuthentication
		case "authorization_code":
			q.share = shareCodes
		}
	}
	return q, q.category != "" && len(form) > 0
}

// throttle limits request rates, as far as it was told to.
type throttle struct {
	mu    sync.Mutex // guards everything below
	rates map[Category]float64
	due   map[quota]time.Time // when the calls so far would have come at an even pace
}

// Throttle limits the calls over HTTP to a category's operations to so many a second of the server's
// clock, in each region: at once as many as that is in whole numbers, at least one, and then at an even pace.
// Calls beyond are answered with [RateExceeded] and do not count; at a domain that is a page or JSON of status 429
// (inferred). Answers to challenges have three times the rate of UserAuthentication for themselves, codes at the token
// endpoint once that rate. Pages count when they are sent in. 0 refuses all calls; math.Inf(1) lifts the limit, and is
// the default: no rate of the service's is enforced unasked.
//
// Errors are a category that does not exist and a rate that is no number from 0 on.
func (s *Server) Throttle(c Category, perSecond float64) error {
	if !slices.Contains(Categories(), c) {
		return fmt.Errorf("cognitotest: no category of request rates is called %q; the categories are %v", c, Categories())
	}
	if math.IsNaN(perSecond) || perSecond < 0 {
		return fmt.Errorf("cognitotest: %v calls a second are no rate; it must be 0 or more", perSecond)
	}
	s.throttle.mu.Lock()
	defer s.throttle.mu.Unlock()
	s.throttle.rates[c] = perSecond
	for q := range s.throttle.due {
		if q.category == c {
			delete(s.throttle.due, q)
		}
	}
	return nil
}

// take counts a call that comes now, or refuses it.
func (t *throttle) take(q quota, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	rate, limited := t.rates[q.category]
	if q.share == shareAnswers {
		rate *= 3
	}
	switch {
	case !limited || math.IsInf(rate, 1):
		return nil
	case rate == 0:
		return RateExceeded()
	}
	pace := time.Duration(min(float64(time.Second)/rate, float64(longest)))
	atOnce := time.Duration(max(1, math.Floor(rate))) * pace
	ahead := t.due[q].Sub(now)
	if ahead < 0 || ahead > atOnce { // calls of long ago, or a clock that went back
		ahead = 0
	}
	if ahead+pace > atOnce {
		return RateExceeded()
	}
	t.due[q] = now.Add(ahead + pace)
	return nil
}

// longest is the longest time between two calls that a rate can mean.
const longest = 100 * 365 * 24 * time.Hour
