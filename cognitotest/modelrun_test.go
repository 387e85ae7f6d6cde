package cognitotest_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/pquerna/otp/hotp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
	"github.com/cognitotest/cognito/fake"
)

var (
	modelSeed      = flag.Uint64("seed", 0, "run one sequence of TestModel")
	modelSequences = flag.Uint64("sequences", 200, "how many sequences TestModel runs")
)

const (
	smsMFA  = types.ChallengeNameTypeSmsMfa
	totpMFA = types.ChallengeNameTypeSoftwareTokenMfa
)

// TestModel drives random sequences of sign-ins, answers right and wrong, and changes of the user, against
// the fake, and compares each answer with that of the model: some each time, thousands with
// -sequences 4000. A failure names its seed: go test ./cognitotest -run TestModel -seed N.
func TestModel(t *testing.T) {
	if *modelSeed != 0 {
		drive(t, *modelSeed)
		return
	}
	const groups = 20
	sequences := *modelSequences / groups
	for g := range uint64(groups) {
		t.Run(fmt.Sprint(g), func(t *testing.T) {
			t.Parallel()
			for i := range uint64(sequences) {
				drive(t, 1+g*sequences+i)
			}
		})
	}
}

// drive runs one sequence. Some begin with a device, which they would seldom come to.
func drive(t *testing.T, seed uint64) {
	w := newWorld(t, seed)
	defer func() { w.server.Close() }() // whichever it is by then
	if w.m.devices != nil && w.IntN(3) == 0 {
		for _, a := range []action{{"sign in by SRP", 0, (*world).signInBySRP}, {"prove", 0, (*world).proveLast}, {"confirm", 0, (*world).confirmDevice}} {
			w.step(seed, a)
		}
	}
	w.run(seed, 20)
	if w.IntN(4) == 0 {
		w.part(seed)
	}
}

// run does so many things.
func (w *world) run(seed uint64, steps int) {
	for range steps {
		w.step(seed, w.pick())
	}
}

// step does one thing, and compares.
func (w *world) step(seed uint64, a action) {
	w.t.Helper()
	got, want := a.do(w)
	w.trace = append(w.trace, fmt.Sprintf("%s %s -> %s", w.m.now, a.name, got))
	if got != want && (want == "" || strings.Contains(want, ":") || !strings.HasPrefix(got, want+": ")) {
		w.t.Fatalf("seed %d: got %q, want %q, after:\n%s", seed, got, want, strings.Join(w.trace, "\n"))
	}
}

// world is a pool with one user, and the model of them.
type world struct {
	*rand.Rand
	seed     uint64
	stays    bool // with its server
	t        *testing.T
	m        model
	server   *fake.Server
	api      *fake.API
	trace    []string
	pool     string
	client   string
	name     string
	password string
	secret   string // of the authenticator
	sessions []*open
	refresh  []*refreshable
	devices  map[*device]cognitotest.Device
}

// open is a session as the client sees it, beside that of the model.
type open struct {
	*session
	token *string
	code  string // what was sent
	block map[string]string
	srp   *srpclient.Client
	from  string // DEVICE_KEY

	proofs map[bool]map[string]string // right and wrong, once made
}

type refreshable struct {
	*grant
	token  string
	access string
	until  time.Duration // of access
	made   *types.NewDeviceMetadataType
}

var began = time.Date(2026, 3, 1, 12, 0, 15, 0, time.UTC)

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		Rand: rand.New(rand.NewPCG(seed, 1)), t: t, name: "ann", password: "Correct-Horse-7",
		devices: map[*device]cognitotest.Device{},
		seed:    seed,
	}
	w.begin()
	w.m = model{mfa: one(w, types.UserPoolMfaTypeOff, types.UserPoolMfaTypeOptional, types.UserPoolMfaTypeOn), used: map[int64]bool{}, phone: w.IntN(3) == 0}
	w.m.devices = one(w, nil, nil, &types.DeviceConfigurationType{
		ChallengeRequiredOnNewDevice: w.IntN(3) > 0, DeviceOnlyRememberedOnUserPrompt: w.IntN(2) == 0,
	})
	w.makePool()
	w.makeUser()
	return w
}

// begin makes a server.
func (w *world) begin() {
	w.server = fake.NewServer(fake.Config{Seed: w.seed, Now: func() time.Time { return began }})
	w.api = w.server.API()
}

// one picks one of several.
func one[T any](w *world, among ...T) T { return among[w.IntN(len(among))] }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) makePool() {
	sms := &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")}
	in := &cip.CreateUserPoolInput{PoolName: aws.String("model"), SmsConfiguration: sms, DeviceConfiguration: w.m.devices}
	if w.m.mfa != types.UserPoolMfaTypeOn {
		in.Policies = &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{
			AllowedFirstAuthFactors: []types.AuthFactorType{types.AuthFactorTypePassword, types.AuthFactorTypeEmailOtp},
		}}
	}
	p, err := w.api.CreateUserPool(context.Background(), in)
	w.must(err)
	w.pool = *p.UserPool.Id
	if w.m.mfa != types.UserPoolMfaTypeOff {
		_, err = w.api.SetUserPoolMfaConfig(context.Background(), &cip.SetUserPoolMfaConfigInput{
			UserPoolId: &w.pool, MfaConfiguration: w.m.mfa,
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
			SmsMfaConfiguration:           &types.SmsMfaConfigType{SmsConfiguration: sms},
		})
		w.must(err)
	}
	c, err := w.api.CreateUserPoolClient(context.Background(), &cip.CreateUserPoolClientInput{
		UserPoolId: &w.pool, ClientName: aws.String("model"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
			types.ExplicitAuthFlowsTypeAllowUserSrpAuth, types.ExplicitAuthFlowsTypeAllowUserAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth,
		},
	})
	w.must(err)
	w.client = *c.UserPoolClient.ClientId
}

func (w *world) makeUser() {
	attributes := []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ann@example.com")}}
	if w.m.phone {
		attributes = append(attributes, types.AttributeType{Name: aws.String("phone_number"), Value: aws.String("+12065550134")})
	}
	_, err := w.api.AdminCreateUser(context.Background(), &cip.AdminCreateUserInput{
		UserPoolId: &w.pool, Username: &w.name, MessageAction: types.MessageActionTypeSuppress, UserAttributes: attributes, TemporaryPassword: &w.password,
	})
	w.must(err)
	w.m.temporary, w.m.expires = true, temporaryLife
	if w.IntN(4) > 0 {
		w.setPassword(true)
	}
}

// move goes on with a server that imports the state of this one: sign-ins and sessions have ended there, and
// nothing else is different.
func (w *world) move() (string, string) {
	if w.stays {
		return "", ""
	}
	var state bytes.Buffer
	w.must(w.server.Export(&state))
	w.must(w.server.Close())
	w.seed += 1 << 32 // of other ids
	w.begin()
	w.must(w.server.Import(&state))
	w.m.revoke()
	w.sessions, w.refresh = nil, nil
	return "", ""
}

// setPassword sets the same password anew, for good or as a temporary one.
func (w *world) setPassword(permanent bool) {
	_, err := w.api.AdminSetUserPassword(context.Background(), &cip.AdminSetUserPasswordInput{
		UserPoolId: &w.pool, Username: &w.name, Password: &w.password, Permanent: permanent,
	})
	w.must(err)
	w.m.temporary, w.m.expires = !permanent, w.m.now+temporaryLife
}

// action is something that happens: it returns what the fake answers and what the model does.
type action struct {
	name   string
	weight int
	do     func(*world) (got, want string)
}

func (w *world) pick() action {
	actions := []action{
		{"sign in by password", 24, (*world).signInByPassword},
		{"sign in by choice", 12, (*world).signInByChoice},
		{"sign in by SRP", 2, (*world).signInBySRP},
		{"answer", 50, (*world).answer},
		{"pass time", 12, (*world).passTime},
		{"disable or enable", 5, (*world).disable},
		{"sign out", 3, (*world).signOut},
		{"set a password", 4, (*world).resetPassword},
		{"prefer a factor", 10, (*world).preferFactor},
		{"register an authenticator", 8, (*world).register},
		{"refresh", 6, (*world).refreshTokens},
		{"confirm a device", 6, (*world).confirmDevice},
		{"remember or forget a device", 3, (*world).changeDevice},
		{"move to another server", 2, (*world).move},
	}
	total := 0
	for _, a := range actions {
		total += a.weight
	}
	n := w.IntN(total)
	for _, a := range actions {
		if n -= a.weight; n < 0 {
			return a
		}
	}
	panic("unreachable")
}

// told is an answer of the fake in the words of the model.
func told(challenge types.ChallengeNameType, err error) string {
	var e smithy.APIError
	switch {
	case errors.As(err, &e):
		return e.ErrorCode() + ": " + e.ErrorMessage()
	case err != nil:
		return err.Error()
	case challenge == "":
		return isTokens
	}
	return string(challenge)
}

// answered is what any operation of sign-in answers.
type answered struct {
	challenge types.ChallengeNameType
	params    map[string]string
	session   *string
	tokens    *types.AuthenticationResultType
}

// keep remembers what can be answered or refreshed next.
func (w *world) keep(a answered, first bool, t trail) *open {
	if a.tokens != nil && a.tokens.RefreshToken != nil && len(w.m.grants) > 0 {
		w.refresh = append(w.refresh, &refreshable{
			w.m.grants[len(w.m.grants)-1], *a.tokens.RefreshToken, *a.tokens.AccessToken, w.m.now + time.Hour, a.tokens.NewDeviceMetadata,
		})
	}
	if a.challenge == "" {
		return nil
	}
	o := &open{session: w.m.begin(string(a.challenge), first, t), token: a.session, block: a.params}
	if a.challenge == smsMFA || a.challenge == types.ChallengeNameTypeEmailOtp {
		sent := w.server.Messages()
		o.code = sent[len(sent)-1].Code
	}
	w.sessions = append(w.sessions, o)
	return o
}

func (w *world) initiate(flow types.AuthFlowType, params map[string]string) (answered, error) {
	params["USERNAME"] = w.name
	out, err := w.api.InitiateAuth(context.Background(), &cip.InitiateAuthInput{ClientId: &w.client, AuthFlow: flow, AuthParameters: params})
	if err != nil {
		return answered{}, err
	}
	return answered{out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, nil
}

func (w *world) respond(o *open, as types.ChallengeNameType, responses map[string]string) (answered, error) {
	responses["USERNAME"] = w.name
	out, err := w.api.RespondToAuthChallenge(context.Background(), &cip.RespondToAuthChallengeInput{
		ClientId: &w.client, ChallengeName: as, Session: o.token, ChallengeResponses: responses,
	})
	if err != nil {
		return answered{}, err
	}
	return answered{out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, nil
}

// given is the password, right or wrong.
func (w *world) given(right bool) string {
	if right {
		return w.password
	}
	return "Wrong-1234"
}

// from is the DEVICE_KEY that a sign-in sends along: of a device that was confirmed once, of none, or "".
func (w *world) from() (key string, t trail) {
	switch w.IntN(12) {
	case 0:
		return "us-east-1_00000000-0000-4000-8000-000000000000", trail{unknown: true}
	case 1, 2, 3, 4, 5, 6:
		for d, secret := range w.devices { // the only one, mostly
			return secret.Key, trail{device: d}
		}
	}
	return "", trail{}
}

func (w *world) signInByPassword() (string, string) {
	right := w.IntN(4) > 0
	from, t := w.from()
	t.trusted = w.IntN(3) == 0
	want := w.m.password(right, t)
	params := map[string]string{"USERNAME": w.name, "PASSWORD": w.given(right), "DEVICE_KEY": from}
	if t.trusted {
		out, err := w.api.AdminInitiateAuth(context.Background(), &cip.AdminInitiateAuthInput{
			UserPoolId: &w.pool, ClientId: &w.client, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth, AuthParameters: params,
		})
		if err != nil {
			return told("", err), want
		}
		w.keep(answered{out.ChallengeName, out.ChallengeParameters, out.Session, out.AuthenticationResult}, false, t)
		return told(out.ChallengeName, nil), want
	}
	a, err := w.initiate(types.AuthFlowTypeUserPasswordAuth, params)
	w.keep(a, false, t)
	return told(a.challenge, err), want
}

func (w *world) signInByChoice() (string, string) {
	preferred := one(w, "", types.ChallengeNameTypePassword, types.ChallengeNameTypeEmailOtp)
	right := w.IntN(4) > 0
	from, t := w.from()
	want := w.m.admit()
	first := preferred != types.ChallengeNameTypePassword
	switch {
	case want != "":
	case preferred == types.ChallengeNameTypePassword:
		want = w.m.password(right, t)
	case preferred != "" && contains(w.m.firstFactors(), preferred):
		want = string(preferred)
	default:
		want = string(types.ChallengeNameTypeSelectChallenge)
	}
	a, err := w.initiate(types.AuthFlowTypeUserAuth, map[string]string{
		"PREFERRED_CHALLENGE": string(preferred), "PASSWORD": w.given(right), "DEVICE_KEY": from,
	})
	w.keep(a, first, t)
	return told(a.challenge, err), want
}

func contains(list []types.ChallengeNameType, f types.ChallengeNameType) bool {
	for _, other := range list {
		if other == f {
			return true
		}
	}
	return false
}

func (w *world) signInBySRP() (string, string) {
	srp := srpclient.New(w.pool)
	from, t := w.from()
	t.trusted = true
	a, err := w.initiate(types.AuthFlowTypeUserSrpAuth, map[string]string{"SRP_A": srp.Public(), "DEVICE_KEY": from})
	if o := w.keep(a, false, t); o != nil {
		o.srp, o.from, o.proofs = srp, from, map[bool]map[string]string{}
	}
	return told(a.challenge, err), string(types.ChallengeNameTypePasswordVerifier)
}

func (w *world) passTime() (string, string) {
	d := one(w, time.Second, 10*time.Second, 30*time.Second, time.Minute, 3*time.Minute, 20*time.Minute, 4*24*time.Hour, 16*24*time.Hour)
	w.server.Advance(d)
	w.m.now += d
	return "", ""
}

func (w *world) disable() (string, string) {
	if w.m.disabled {
		_, err := w.api.AdminEnableUser(context.Background(), &cip.AdminEnableUserInput{UserPoolId: &w.pool, Username: &w.name})
		w.must(err)
	} else {
		_, err := w.api.AdminDisableUser(context.Background(), &cip.AdminDisableUserInput{UserPoolId: &w.pool, Username: &w.name})
		w.must(err)
		w.m.revoke()
	}
	w.m.disabled = !w.m.disabled
	return "", ""
}

func (w *world) signOut() (string, string) {
	_, err := w.api.AdminUserGlobalSignOut(context.Background(), &cip.AdminUserGlobalSignOutInput{UserPoolId: &w.pool, Username: &w.name})
	w.must(err)
	w.m.revoke()
	return "", ""
}

func (w *world) resetPassword() (string, string) {
	w.setPassword(w.IntN(3) > 0)
	return "", ""
}

func (w *world) preferFactor() (string, string) {
	f, on := one(w, smsMFA, totpMFA), w.IntN(3) > 0
	preferred := on && w.IntN(2) == 0
	in := &cip.AdminSetUserMFAPreferenceInput{UserPoolId: &w.pool, Username: &w.name}
	if f == smsMFA {
		in.SMSMfaSettings = &types.SMSMfaSettingsType{Enabled: on, PreferredMfa: preferred}
	} else {
		in.SoftwareTokenMfaSettings = &types.SoftwareTokenMfaSettingsType{Enabled: on, PreferredMfa: preferred}
	}
	want := w.m.prefer(f, on, preferred)
	_, err := w.api.AdminSetUserMFAPreference(context.Background(), in)
	if err == nil {
		return "", want
	}
	return told("", err), want
}

func (w *world) refreshTokens() (string, string) {
	if len(w.refresh) == 0 {
		return "", ""
	}
	r := one(w, w.refresh...)
	from := r.device
	if w.IntN(4) == 0 {
		from = nil
	}
	want := w.m.refresh(r.grant, from)
	a, err := w.initiate(types.AuthFlowTypeRefreshTokenAuth, map[string]string{"REFRESH_TOKEN": r.token, "DEVICE_KEY": w.devices[from].Key})
	return told(a.challenge, err), want
}

// answer answers one of the sessions, a recent one more likely.
func (w *world) answer() (string, string) {
	if len(w.sessions) == 0 {
		return "", ""
	}
	o := w.sessions[len(w.sessions)-1]
	if w.IntN(3) == 0 {
		o = one(w, w.sessions...)
	}
	right := w.IntN(3) > 0
	switch o.waits {
	case types.ChallengeNameTypePasswordVerifier:
		return w.prove(o, right)
	case types.ChallengeNameTypeMfaSetup:
		return w.setUp(o, right)
	case types.ChallengeNameTypeDeviceSrpAuth:
		return w.nameDevice(o)
	case types.ChallengeNameTypeDevicePasswordVerifier:
		return w.proveDevice(o, right)
	}
	as := o.waits
	if w.IntN(10) == 0 {
		as = one(w, smsMFA, totpMFA, types.ChallengeNameTypeNewPasswordRequired, types.ChallengeNameTypeSelectChallenge)
	}
	responses, judge := w.answerTo(o, as, right)
	want := w.m.resume(o.session, as)
	if want == "" {
		want = judge()
	}
	a, err := w.respond(o, as, responses)
	w.keep(a, o.first && as == types.ChallengeNameTypeSelectChallenge, o.trail)
	return told(a.challenge, err), want
}

// answerTo returns the responses to a challenge and how the model judges them.
func (w *world) answerTo(o *open, as types.ChallengeNameType, right bool) (map[string]string, func() string) {
	switch as {
	case smsMFA:
		return map[string]string{"SMS_MFA_CODE": w.code(o, right)}, func() string { return w.m.factor(o.session, right, 0) }
	case totpMFA:
		step := w.halfMinute()
		return map[string]string{"SOFTWARE_TOKEN_MFA_CODE": w.totp(step, right)}, func() string { return w.m.factor(o.session, right, step) }
	case types.ChallengeNameTypeSelectMfaType:
		f := one(w, smsMFA, totpMFA)
		return map[string]string{"ANSWER": string(f)}, func() string { return w.m.choose(o.session, f) }
	case types.ChallengeNameTypeNewPasswordRequired:
		password := "weak"
		if right {
			password = w.password
		}
		return map[string]string{"NEW_PASSWORD": password}, func() string { return w.m.newPassword(o.session, right) }
	case types.ChallengeNameTypeSelectChallenge:
		f := one(w, types.ChallengeNameTypePassword, types.ChallengeNameTypeEmailOtp, types.ChallengeNameTypeWebAuthn)
		return map[string]string{"ANSWER": string(f), "PASSWORD": w.given(right)}, func() string { return w.m.chooseFirst(o.session, f, right) }
	case types.ChallengeNameTypeEmailOtp:
		return map[string]string{"EMAIL_OTP_CODE": w.code(o, right)}, func() string { return w.m.oneTime(o.session, right) }
	}
	w.t.Fatalf("nobody knows how to answer %s", as)
	return nil, nil
}

// code is what was sent for a session, or not.
func (w *world) code(o *open, right bool) string {
	if right {
		return o.code
	}
	return "x" + o.code
}

// halfMinute is the current step of authenticators.
func (w *world) halfMinute() int64 { return began.Add(w.m.now).Unix() / 30 }

// totp is the code of a step, or one of no step near.
func (w *world) totp(step int64, right bool) string {
	if !right {
		step += 1000
	}
	code, err := hotp.GenerateCode(w.secret, uint64(step))
	w.must(err)
	return code
}

func (w *world) proveLast() (string, string) { return w.prove(w.sessions[len(w.sessions)-1], true) }

// prove answers PASSWORD_VERIFIER. Whatever is wrong with its block is answered like a wrong proof.
func (w *world) prove(o *open, right bool) (string, string) {
	want := isIncorrect
	if w.m.now < o.until && !o.spent {
		want = w.m.password(right, o.trail)
		o.spent = !strings.Contains(want, ":")
	}
	if o.proofs[right] == nil {
		var err error
		o.proofs[right], err = o.srp.Answer(o.block, w.given(right), began.Add(w.m.now))
		w.must(err)
		o.proofs[right]["DEVICE_KEY"] = o.from
	}
	a, err := w.respond(o, o.waits, o.proofs[right])
	w.keep(a, false, o.trail)
	return told(a.challenge, err), want
}

// setUp registers an authenticator in a session of MFA_SETUP and answers that.
func (w *world) setUp(o *open, right bool) (string, string) {
	want := w.m.resume(o.session, o.waits)
	made, err := w.api.AssociateSoftwareToken(context.Background(), &cip.AssociateSoftwareTokenInput{Session: o.token})
	if err != nil || want != "" {
		return told("", err), want
	}
	o.spent = true
	old, step := w.secret, w.halfMinute()
	w.secret = *made.SecretCode
	next := w.keep(answered{challenge: o.waits, session: made.Session}, false, o.trail)
	verified, err := w.api.VerifySoftwareToken(context.Background(), &cip.VerifySoftwareTokenInput{Session: made.Session, UserCode: aws.String(w.totp(step, right))})
	if !right {
		w.secret = old
		return told("", err), isTOTPMismatch
	}
	w.must(err)
	next.spent = true
	w.m.register(step)
	a, err := w.respond(&open{token: verified.Session}, o.waits, map[string]string{})
	want = w.m.signedIn(o.trail)
	w.keep(a, false, o.trail)
	return told(a.challenge, err), want
}

// register registers an authenticator by an access token that is still good, if there is one.
func (w *world) register() (string, string) {
	for _, r := range w.refresh {
		if r.revoked || w.m.now >= r.until || w.m.disabled {
			continue
		}
		made, err := w.api.AssociateSoftwareToken(context.Background(), &cip.AssociateSoftwareTokenInput{AccessToken: &r.access})
		if w.m.mfa == types.UserPoolMfaTypeOff {
			return told("", err), isNoTOTPHere
		}
		w.must(err)
		w.secret = *made.SecretCode
		_, err = w.api.VerifySoftwareToken(context.Background(), &cip.VerifySoftwareTokenInput{AccessToken: &r.access, UserCode: aws.String(w.totp(w.halfMinute(), true))})
		w.m.totp, w.m.used = true, map[int64]bool{w.halfMinute(): true}
		return told("", err), isTokens
	}
	return "", ""
}

// confirmDevice confirms the new device of a sign-in whose access token is still good, if there is one.
func (w *world) confirmDevice() (string, string) {
	for _, r := range w.refresh {
		if r.made == nil || r.device != nil || r.revoked || w.m.now >= r.until || w.m.disabled {
			continue
		}
		d := cognitotest.Device{Key: *r.made.DeviceKey, GroupKey: *r.made.DeviceGroupKey, Password: "device password"}
		salt, verifier := srpclient.DeviceVerifier(d.GroupKey, d.Key, d.Password)
		_, err := w.api.ConfirmDevice(context.Background(), &cip.ConfirmDeviceInput{
			AccessToken: &r.access, DeviceKey: &d.Key,
			DeviceSecretVerifierConfig: &types.DeviceSecretVerifierConfigType{Salt: &salt, PasswordVerifier: &verifier},
		})
		want := w.m.confirm(r.grant)
		if r.device != nil {
			w.devices[r.device] = d
		}
		return told("", err), want
	}
	return "", ""
}

// changeDevice remembers a device, remembers it no more, or forgets it.
func (w *world) changeDevice() (string, string) {
	for d, secret := range w.devices {
		if d.forgotten {
			continue
		}
		if w.IntN(3) == 0 {
			_, err := w.api.AdminForgetDevice(context.Background(), &cip.AdminForgetDeviceInput{UserPoolId: &w.pool, Username: &w.name, DeviceKey: &secret.Key})
			d.forgotten = true
			return told("", err), isTokens
		}
		d.remembered = !d.remembered
		status := types.DeviceRememberedStatusTypeNotRemembered
		if d.remembered {
			status = types.DeviceRememberedStatusTypeRemembered
		}
		_, err := w.api.AdminUpdateDeviceStatus(context.Background(), &cip.AdminUpdateDeviceStatusInput{
			UserPoolId: &w.pool, Username: &w.name, DeviceKey: &secret.Key, DeviceRememberedStatus: status,
		})
		return told("", err), isTokens
	}
	return "", ""
}

// nameDevice answers DEVICE_SRP_AUTH.
func (w *world) nameDevice(o *open) (string, string) {
	secret := w.devices[o.trail.device]
	srp := srpclient.NewDevice(secret.GroupKey)
	want := isNoDevice
	if !o.trail.device.forgotten {
		want = w.m.resume(o.session, o.waits)
	}
	if want == "" {
		o.spent, want = true, string(types.ChallengeNameTypeDevicePasswordVerifier)
	}
	a, err := w.respond(o, o.waits, map[string]string{"DEVICE_KEY": secret.Key, "SRP_A": srp.Public()})
	if next := w.keep(a, false, o.trail); next != nil {
		next.srp = srp
	}
	return told(a.challenge, err), want
}

// proveDevice answers DEVICE_PASSWORD_VERIFIER.
func (w *world) proveDevice(o *open, right bool) (string, string) {
	password := w.devices[o.trail.device].Password
	if !right {
		password = "another"
	}
	proof, err := o.srp.AnswerDevice(o.block, password, began.Add(w.m.now))
	w.must(err)
	want := w.m.deviceProof(o.session, right)
	a, err := w.respond(o, o.waits, proof)
	w.keep(a, false, o.trail)
	return told(a.challenge, err), want
}
