package cognitotest_test

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// model says which answer must come next for one user of one pool. It is written from the
// documentation of the service and shares nothing with the fake: time is a duration, a session is
// what it waits for, and an answer is a text: "tokens", a challenge, or an error.
type model struct {
	mfa types.UserPoolMfaType
	now time.Duration

	temporary bool // the password is
	expires   time.Duration
	disabled  bool
	phone     bool // the user can get SMS

	totp      bool // an authenticator is verified
	used      map[int64]bool
	enabled   []types.ChallengeNameType
	preferred types.ChallengeNameType

	failures     int
	last, locked time.Duration

	devices *types.DeviceConfigurationType // nil where the pool tracks none
	grants  []*grant
}

// device is a confirmed device.
type device struct{ remembered, forgotten bool }

// trail is what a sign-in has shown of its device.
type trail struct {
	device  *device
	unknown bool // a DEVICE_KEY that is nobody's
	trusted bool // a proof by SRP was given, or an administrator gave the password
}

// known is the device of an earlier request, if it is one still.
func (t trail) known() *device {
	if t.device == nil || t.device.forgotten {
		return nil
	}
	return t.device
}

// session is a sign-in that waits for an answer.
type session struct {
	waits types.ChallengeNameType
	until time.Duration
	spent bool
	first bool // no factor has been passed
	trail trail
}

// grant is a sign-in that has come to tokens.
type grant struct {
	until   time.Duration
	revoked bool
	device  *device // nil while it is new
	trusted bool
}

// The answers of the model.
const (
	isTokens       = "tokens"
	isDisabled     = "NotAuthorizedException: User is disabled."
	isIncorrect    = "NotAuthorizedException: Incorrect username or password."
	isLocked       = "NotAuthorizedException: Password attempts exceeded"
	isTooOld       = "NotAuthorizedException: Temporary password has expired and must be reset by an administrator."
	isExpired      = "NotAuthorizedException: Invalid session for the user, session is expired."
	isSpent        = "NotAuthorizedException: Invalid session for the user, session can only be used once."
	isInvalid      = "NotAuthorizedException: Invalid session for the user."
	isMismatch     = "CodeMismatchException: Invalid code or auth state for the user."
	isWrongTOTP    = "CodeMismatchException: Invalid code received for user"
	isUsedTOTP     = "ExpiredCodeException: Your software token has already been used once."
	isNoTOTP       = "SoftwareTokenMFANotFoundException: Software Token MFA does not exist for the user."
	isWeak         = "InvalidPasswordException"
	isNotOffered   = "InvalidParameterException"
	isUndelivered  = "InvalidParameterException: User does not have delivery config set to turn on "
	isRevoked      = "NotAuthorizedException: Refresh Token has been revoked"
	isRefreshOld   = "NotAuthorizedException: Refresh Token has expired"
	isNoDevice     = "ResourceNotFoundException: Device does not exist."
	isNoDeviceKey  = "InvalidParameterException: Invalid device key given."
	isNoRefresh    = "NotAuthorizedException: Invalid Refresh Token"
	isNoTOTPHere   = "SoftwareTokenMFANotFoundException: Software Token MFA has not been enabled by the userPool"
	isTOTPMismatch = "EnableSoftwareTokenMFAException: Code mismatch"
)

const (
	sessionLife   = 3 * time.Minute
	temporaryLife = 7 * 24 * time.Hour
	refreshLife   = 30 * 24 * time.Hour
)

// admit is the answer to a user whose state allows no sign-in, or "".
func (m *model) admit() string {
	switch {
	case m.disabled:
		return isDisabled
	case m.temporary && m.now >= m.expires:
		return isTooOld
	}
	return ""
}

// password judges a password or a proof of it.
func (m *model) password(right bool, t trail) string {
	if refused := m.admit(); refused != "" {
		return refused
	}
	if m.now < m.locked {
		m.last = m.now
		return isLocked
	}
	if right {
		m.failures = 0
		return m.next(t)
	}
	if m.now-m.last >= 15*time.Minute {
		m.failures = 0
	}
	m.failures++
	m.last = m.now
	if m.failures >= 5 {
		m.locked = m.now + min(time.Second<<min(m.failures-5, 12), 15*time.Minute)
	}
	return isIncorrect
}

// next is what follows a password.
func (m *model) next(t trail) string {
	switch {
	case m.temporary:
		return string(types.ChallengeNameTypeNewPasswordRequired)
	case m.devices != nil && (t.unknown || t.device != nil && t.device.forgotten):
		return isNoDevice
	}
	return m.second(t)
}

// second is what follows a password that need not be changed.
func (m *model) second(t trail) string {
	switch due := m.due(); {
	case m.replaces(t.device, len(due) > 0 || m.mfa == types.UserPoolMfaTypeOn):
		return string(types.ChallengeNameTypeDeviceSrpAuth)
	case len(due) > 1:
		return string(types.ChallengeNameTypeSelectMfaType)
	case len(due) == 1:
		return string(due[0])
	case m.mfa == types.UserPoolMfaTypeOn:
		return string(types.ChallengeNameTypeMfaSetup)
	}
	return m.signedIn(t)
}

// replaces reports whether a device proves itself in place of a second factor, or of none.
func (m *model) replaces(d *device, factor bool) bool {
	return m.devices != nil && d != nil && !d.forgotten && d.remembered && (!factor || m.devices.ChallengeRequiredOnNewDevice)
}

func (m *model) signedIn(t trail) string {
	g := &grant{until: m.now + refreshLife, trusted: t.trusted}
	if t.device != nil && !t.device.forgotten {
		g.device = t.device
	}
	m.grants = append(m.grants, g)
	return isTokens
}

// confirm judges the registration of the new device of a sign-in.
func (m *model) confirm(g *grant) string {
	if !g.trusted || g.device != nil {
		return isNoDeviceKey
	}
	g.device = &device{remembered: !m.devices.DeviceOnlyRememberedOnUserPrompt}
	return isTokens
}

// deviceProof judges a device's proof of its password.
func (m *model) deviceProof(s *session, right bool) string {
	if m.now >= s.until || s.spent || !right {
		return isIncorrect
	}
	if refused := m.admit(); refused != "" {
		return refused
	}
	if s.trail.device.forgotten {
		return isNoDevice
	}
	s.spent = true
	return m.signedIn(s.trail)
}

// due is the second factors among which the user has to choose.
func (m *model) due() []types.ChallengeNameType {
	if m.mfa == types.UserPoolMfaTypeOff {
		return nil
	}
	var can, wants []types.ChallengeNameType
	for _, f := range []types.ChallengeNameType{smsMFA, totpMFA} {
		if f == smsMFA && m.phone || f == totpMFA && m.totp {
			can = append(can, f)
			if slices.Contains(m.enabled, f) {
				wants = append(wants, f)
			}
		}
	}
	switch {
	case slices.Contains(can, m.preferred):
		return []types.ChallengeNameType{m.preferred}
	case len(wants) == 0 && m.mfa == types.UserPoolMfaTypeOn:
		return can
	}
	return wants
}

// begin is what a session begins with that was asked for by an answer.
func (m *model) begin(challenge string, first bool, t trail) *session {
	return &session{waits: types.ChallengeNameType(challenge), until: m.now + sessionLife, first: first, trail: t}
}

// resume is the answer to a session that cannot be gone on with, or "".
func (m *model) resume(s *session, as types.ChallengeNameType) string {
	switch {
	case m.now >= s.until:
		return isExpired
	case s.spent:
		return isSpent
	case as == totpMFA && !m.totp:
		return isNoTOTP
	case as != s.waits:
		return isInvalid
	}
	return m.admit()
}

// factor judges a code of a second factor.
func (m *model) factor(s *session, right bool, step int64) string {
	switch {
	case s.waits == totpMFA && !right:
		return isWrongTOTP
	case s.waits == totpMFA && m.used[step]:
		return isUsedTOTP
	case !right:
		return isMismatch
	}
	if s.waits == totpMFA {
		m.used[step] = true
	}
	if m.mfa == types.UserPoolMfaTypeOn && !slices.Contains(m.enabled, s.waits) {
		m.enabled = append(m.enabled, s.waits)
	}
	s.spent = true
	return m.signedIn(s.trail)
}

// choose judges the choice among several second factors.
func (m *model) choose(s *session, f types.ChallengeNameType) string {
	if !slices.Contains(m.due(), f) {
		return isNotOffered
	}
	s.spent = true
	return string(f)
}

// newPassword judges a new password in place of the temporary one.
func (m *model) newPassword(s *session, good bool) string {
	switch {
	case !m.temporary:
		return isInvalid
	case !good:
		return isWeak
	}
	s.spent, m.temporary = true, false
	return m.second(s.trail)
}

// firstFactors is what a choice-based sign-in offers.
func (m *model) firstFactors() []types.ChallengeNameType {
	factors := []types.ChallengeNameType{types.ChallengeNameTypePasswordSrp, types.ChallengeNameTypePassword}
	if !m.temporary && len(m.due()) == 0 && m.mfa != types.UserPoolMfaTypeOn {
		factors = append(factors, types.ChallengeNameTypeEmailOtp)
	}
	return factors
}

// chooseFirst judges the choice of a first factor.
func (m *model) chooseFirst(s *session, f types.ChallengeNameType, right bool) string {
	if !slices.Contains(m.firstFactors(), f) {
		return isNotOffered
	}
	answer := string(f)
	if f == types.ChallengeNameTypePassword {
		answer = m.password(right, trail{device: s.trail.known()})
	}
	s.spent = !strings.Contains(answer, ":")
	return answer
}

// oneTime judges a code that is the first factor, and the only one: it must be one still.
func (m *model) oneTime(s *session, right bool) string {
	switch {
	case !right:
		return isMismatch
	case !slices.Contains(m.firstFactors(), types.ChallengeNameTypeEmailOtp):
		return isInvalid
	}
	s.spent = true
	return m.signedIn(s.trail)
}

// register is the registration of an authenticator during sign-in.
func (m *model) register(step int64) {
	m.totp, m.used = true, map[int64]bool{step: true}
	if m.mfa == types.UserPoolMfaTypeOn && !slices.Contains(m.enabled, totpMFA) {
		m.enabled = append(m.enabled, totpMFA)
	}
}

// prefer judges the setting of a second factor.
func (m *model) prefer(f types.ChallengeNameType, on, preferred bool) string {
	if on && (f == smsMFA && !m.phone || f == totpMFA && !m.totp) {
		return isUndelivered + string(f)
	}
	m.enabled = slices.DeleteFunc(m.enabled, func(other types.ChallengeNameType) bool { return other == f })
	if on {
		m.enabled = append(m.enabled, f)
	}
	if m.preferred == f {
		m.preferred = ""
	}
	if preferred {
		m.preferred = f
	}
	return ""
}

// refresh judges a refresh token that comes with a DEVICE_KEY, or nil.
func (m *model) refresh(g *grant, from *device) string {
	switch {
	case m.disabled:
		return isDisabled
	case m.now >= g.until:
		return isRefreshOld
	case g.revoked:
		return isRevoked
	case m.devices != nil && (from == nil || from != g.device || from.forgotten):
		return isNoRefresh
	}
	return isTokens
}

// revoke ends every sign-in.
func (m *model) revoke() {
	for _, g := range m.grants {
		g.revoked = true
	}
}
