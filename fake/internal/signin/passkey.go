package signin

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// passkeyTimeout is how long the options leave to the user, in milliseconds.
const passkeyTimeout = 60000

// algorithms are the COSE algorithms of passkeys that the service takes, ES256 first.
func algorithms() []protocol.CredentialParameter {
	return []protocol.CredentialParameter{
		{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
		{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
	}
}

// CreationOptions returns PublicKeyCredentialCreationOptionsJSON: what an authenticator needs to make a
// passkey of a user. The names of the relying party and of the user are inferred. The pool's lock must be
// held.
func CreationOptions(u *pool.User, c pool.Ceremony) map[string]any {
	params := []any{}
	for _, a := range algorithms() {
		params = append(params, map[string]any{"type": string(a.Type), "alg": int(a.Algorithm)})
	}
	registered := []any{}
	for k := range u.PasskeysLocked(0) {
		registered = append(registered, descriptor(k))
	}
	return map[string]any{
		"rp":                 map[string]any{"id": c.RelyingParty, "name": c.RelyingParty},
		"user":               map[string]any{"id": encoded([]byte(u.Sub)), "name": u.Username, "displayName": u.Username},
		"challenge":          c.Challenge,
		"pubKeyCredParams":   params,
		"timeout":            passkeyTimeout,
		"excludeCredentials": registered,
		"authenticatorSelection": map[string]any{
			"requireResidentKey": true, "residentKey": "required", "userVerification": userVerification(c),
		},
	}
}

// requestOptions returns PublicKeyCredentialRequestOptionsJSON: what an authenticator needs to answer
// for one of the passkeys.
func requestOptions(c pool.Ceremony, allowed []pool.Passkey) map[string]any {
	credentials := []any{}
	for _, k := range allowed {
		credentials = append(credentials, descriptor(k))
	}
	return map[string]any{
		"challenge": c.Challenge, "rpId": c.RelyingParty, "timeout": passkeyTimeout,
		"allowCredentials": credentials, "userVerification": userVerification(c),
	}
}

func descriptor(k pool.Passkey) map[string]any {
	transports := []any{}
	for _, t := range k.Transports {
		transports = append(transports, t)
	}
	return map[string]any{"type": "public-key", "id": k.ID, "transports": transports}
}

// encoded is binary data as WebAuthn writes it in JSON.
func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func userVerification(c pool.Ceremony) string {
	if c.VerifyUser {
		return string(protocol.VerificationRequired)
	}
	return string(protocol.VerificationPreferred)
}

// VerifyRegistration checks a RegistrationResponseJSON against the ceremony that asked for it, and
// returns the passkey in it. A statement about the authenticator's maker, which nobody asked for, must be
// right too; its certificates are judged by the machine's clock. It costs arithmetic: no lock may be held.
func VerifyRegistration(c pool.Ceremony, credential []byte) (pool.Passkey, error) {
	in, err := protocol.ParseCredentialCreationResponseBytes(credential)
	if err != nil {
		return pool.Passkey{}, pool.CredentialInvalid()
	}
	origin, data := in.Response.CollectedClientData.Origin, in.Response.AttestationObject.AuthData
	switch {
	case !originAllowed(origin, c.RelyingParty):
		return pool.Passkey{}, pool.OriginNotAllowed()
	case !madeFor(data, c.RelyingParty):
		return pool.Passkey{}, pool.RelyingPartyMismatch()
	case !supported(data.AttData.CredentialPublicKey):
		return pool.Passkey{}, pool.CredentialNotSupported()
	}
	_, err = in.Verify(c.Challenge, c.RelyingParty, []string{origin}, nil, nil, protocol.TopOriginExplicitVerificationMode,
		false, c.VerifyUser, true, nil, algorithms(), protocol.AttestationPolicy{}, protocol.SignaturePolicy{})
	if err != nil {
		return pool.Passkey{}, pool.CredentialInvalid()
	}
	return newPasskey(c, in), nil
}

func newPasskey(c pool.Ceremony, in *protocol.ParsedCredentialCreationData) pool.Passkey {
	data := in.Response.AttestationObject.AuthData
	transports := []string{}
	for _, t := range in.Response.Transports {
		transports = append(transports, string(t))
	}
	return pool.Passkey{
		ID:             encoded(in.RawID),
		PublicKey:      data.AttData.CredentialPublicKey,
		RelyingParty:   c.RelyingParty,
		Attachment:     string(in.AuthenticatorAttachment),
		Transports:     transports,
		BackupEligible: data.Flags.HasBackupEligible(),
		SignCount:      data.Counter,
	}
}

// originAllowed reports whether a page, or an app, may make and use passkeys of a relying party: over
// https on its host or on one below it, whatever the port. That http will do on localhost, and that apps
// for Android are taken whatever the relying party says of them, is inferred.
func originAllowed(origin, relyingParty string) bool {
	if strings.HasPrefix(origin, "android:apk-key-hash:") {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	host, party := strings.ToLower(u.Hostname()), strings.ToLower(relyingParty)
	secure := u.Scheme == "https" || u.Scheme == "http" && party == "localhost"
	return secure && (host == party || strings.HasSuffix(host, "."+party))
}

// madeFor reports whether an authenticator had the relying party in view.
func madeFor(data protocol.AuthenticatorData, relyingParty string) bool {
	hash := sha256.Sum256([]byte(relyingParty))
	return bytes.Equal(data.RPIDHash, hash[:])
}

// supported reports whether a public key is a good one of the algorithms that were asked for.
func supported(key []byte) bool {
	var k webauthncose.PublicKeyData
	if webauthncbor.Unmarshal(key, &k) != nil {
		return false
	}
	for _, a := range algorithms() {
		if k.Algorithm == int64(a.Algorithm) {
			_, err := webauthncose.ParsePublicKey(key)
			return err == nil
		}
	}
	return false
}

// askPasskey asks for a passkey as the first factor.
func (s step) askPasskey(u *pool.User) outcome {
	c := s.pool.PasskeyCeremony(s.store.Random.Challenge())
	out := s.firstChallenge(types.ChallengeNameTypeWebAuthn, u)
	out.params["CREDENTIAL_REQUEST_OPTIONS"] = jsonText(requestOptions(c, s.pool.UsablePasskeys(u)))
	out.state.Passkey = &c
	return out
}

// beginPasskey takes the answer to WEB_AUTHN: a signature, which is verified here, without the lock. A
// bad one leaves the session as it is (inferred). A good one ends the sign-in: users of whom more is due
// are not asked for passkeys.
func (e *Engine) beginPasskey(in Answer) move {
	used, err := e.verifyAssertion(in)
	return inSession(func(s step, r reply) (outcome, error) {
		if _, err := r.get("CREDENTIAL"); err != nil {
			return outcome{}, err
		}
		if err != nil {
			return outcome{}, err
		}
		if err := s.checkOffered(r.user, in.Challenge); err != nil {
			return outcome{}, err
		}
		if err := r.user.UsePasskeyLocked(used.id, used.signCount); err != nil {
			return outcome{}, err
		}
		return s.tokens(r.user), nil
	})(e, in)
}

// assertion is a good signature by a passkey.
type assertion struct {
	id        string
	signCount uint32
}

// verifyAssertion checks an AuthenticationResponseJSON against the ceremony of its session. The code of
// what cannot be read is that of registration; that a bad signature is answered like a wrong password is
// inferred.
func (e *Engine) verifyAssertion(in Answer) (assertion, error) {
	st, err := e.sessions.open(in.Session)
	if err != nil || st.Passkey == nil {
		return assertion{}, sessionInvalid()
	}
	credential, err := protocol.ParseCredentialRequestResponseBytes([]byte(in.Responses["CREDENTIAL"]))
	if err != nil {
		return assertion{}, pool.CredentialInvalid()
	}
	k, known := in.Pool.PasskeyOf(st.Sub, encoded(credential.RawID))
	if !known || !signed(*st.Passkey, k, credential) || !owned(credential.Response.UserHandle, st.Sub) {
		return assertion{}, pool.IncorrectCredentials()
	}
	return assertion{k.ID, credential.Response.AuthenticatorData.Counter}, nil
}

// signed reports whether a passkey has signed what a ceremony asked for, on a page that may ask for it.
func signed(c pool.Ceremony, k pool.Passkey, in *protocol.ParsedCredentialAssertionData) bool {
	origin, data := in.Response.CollectedClientData.Origin, in.Response.AuthenticatorData
	if !originAllowed(origin, c.RelyingParty) || data.Flags.HasBackupEligible() != k.BackupEligible {
		return false
	}
	return in.Verify(c.Challenge, c.RelyingParty, "", []string{origin}, nil, nil, protocol.TopOriginExplicitVerificationMode,
		false, c.VerifyUser, true, k.PublicKey, protocol.SignaturePolicy{}) == nil
}

// owned reports whether an authenticator means the user of a sub; it need not say whom it means.
func owned(userHandle []byte, sub string) bool {
	return len(userHandle) == 0 || string(userHandle) == sub
}
