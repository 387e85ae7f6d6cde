package pool

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

const (
	maxPasskeys         = 20              // of a user (developer guide, quotas)
	passkeyRegistration = 5 * time.Minute // from the options to the credential; inferred
)

// Passkey is a WebAuthn credential of a user, as far as the server knows it.
type Passkey struct {
	ID             string // base64url without padding
	PublicKey      []byte // a COSE key; never changes
	RelyingParty   string
	Attachment     string   // "platform", "cross-platform", or "" where the authenticator did not say
	Transports     []string // never nil
	BackupEligible bool
	SignCount      uint32 // of the last use; 0 from authenticators that do not count
	Created        time.Time

	Serial int // counts the user's registrations from 1
}

// FriendlyName returns the name that lists show. The one of roaming authenticators was seen in CLI
// transcripts, the other is inferred.
func (k Passkey) FriendlyName() string {
	if k.Attachment == "platform" {
		return "Platform passkey"
	}
	return "Roaming passkey"
}

// Ceremony is what the server asks of an authenticator, and remembers until the answer comes: in a
// registration and in a sign-in alike.
type Ceremony struct {
	Challenge    string // base64url without padding
	RelyingParty string
	VerifyUser   bool // whether the user has to be verified, by a PIN or a finger; preferred otherwise
}

// Registration is a ceremony of a user who registers a passkey.
type Registration struct {
	Ceremony
	Client  string // the app client through which it was begun
	Expires time.Time
}

// relyingParty returns the id by which passkeys know the pool: the one that is set, or else the pool's domain, its
// own before a prefix (API reference), or "".
func (p *Pool) relyingParty() string {
	if p.MFA.WebAuthn != nil && p.MFA.WebAuthn.RelyingPartyId != nil {
		return *p.MFA.WebAuthn.RelyingPartyId
	}
	if len(p.domains) == 0 {
		return ""
	}
	return p.domains[0].Host(p.Region)
}

// verifiesUsers reports whether passkeys have to verify their users: because the pool wants that, or
// because they count as two factors.
func (p *Pool) verifiesUsers() bool {
	c := p.MFA.WebAuthn
	return c != nil && c.UserVerification == types.UserVerificationTypeRequired || p.MFA.passkeysAreMFA()
}

// PasskeyCeremony begins a ceremony with a random challenge.
func (p *Pool) PasskeyCeremony(challenge string) Ceremony {
	return Ceremony{Challenge: challenge, RelyingParty: p.relyingParty(), VerifyUser: p.verifiesUsers()}
}

// checkPasskeys refuses passkeys in a pool that is not set up for them, and more than a user may have.
func (p *Pool) checkPasskeys(u *User) error {
	switch {
	case !p.allowsPasskeys():
		return PasskeysNotEnabled()
	case p.relyingParty() == "":
		return RelyingPartyMissing()
	case len(u.passkeys) >= maxPasskeys:
		return TooManyResources("passkeys")
	}
	return nil
}

func (p *Pool) allowsPasskeys() bool { return p.allowsFirst(types.AuthFactorTypeWebAuthn) }

// BeginPasskeyLocked begins to register a passkey through an app client. It replaces a registration
// that was begun before (inferred).
func (p *Pool) BeginPasskeyLocked(u *User, client, challenge string, now time.Time) (Ceremony, error) {
	if err := p.checkPasskeys(u); err != nil {
		return Ceremony{}, err
	}
	c := p.PasskeyCeremony(challenge)
	u.newPasskey = &Registration{c, client, now.Add(passkeyRegistration)}
	return c, nil
}

// PendingPasskeyLocked returns the ceremony that the user has begun through the app client.
func (p *Pool) PendingPasskeyLocked(u *User, client string, now time.Time) (Ceremony, error) {
	if err := p.checkPasskeys(u); err != nil {
		return Ceremony{}, err
	}
	r := u.newPasskey
	switch {
	case r == nil || !now.Before(r.Expires):
		return Ceremony{}, PasskeyChallengeNotFound()
	case r.Client != client:
		return Ceremony{}, PasskeyClientMismatch()
	}
	return r.Ceremony, nil
}

// AddPasskeyLocked ends a ceremony, whose challenge is spent thereby, with its passkey. That a
// credential cannot be registered again is inferred.
func (p *Pool) AddPasskeyLocked(u *User, c Ceremony, k Passkey, now time.Time) error {
	if err := p.checkPasskeys(u); err != nil {
		return err
	}
	if u.newPasskey == nil || u.newPasskey.Ceremony != c {
		return PasskeyChallengeNotFound()
	}
	if _, taken := u.passkey(k.ID); taken {
		return CredentialInvalid()
	}
	u.newPasskey = nil
	u.passkeySerial++
	k.Serial, k.Created = u.passkeySerial, now
	u.passkeys = append(u.passkeys, k)
	return nil
}

// RemovePasskeyLocked deletes a passkey.
func (u *User) RemovePasskeyLocked(id string) error {
	i := u.passkeyIndex(id)
	if i < 0 {
		return PasskeyNotFound()
	}
	u.passkeys = slices.Delete(u.passkeys, i, i+1)
	return nil
}

// PasskeyOf returns a passkey by the sub of its user and its id, and whether there is one.
func (p *Pool) PasskeyOf(sub, id string) (Passkey, bool) {
	p.Lock()
	defer p.Unlock()
	u := p.UserOfSubLocked(sub)
	if u == nil {
		return Passkey{}, false
	}
	return u.passkey(id)
}

func (u *User) passkey(id string) (Passkey, bool) {
	i := u.passkeyIndex(id)
	if i < 0 {
		return Passkey{}, false
	}
	return u.passkeys[i], true
}

func (u *User) passkeyIndex(id string) int {
	return slices.IndexFunc(u.passkeys, func(k Passkey) bool { return k.ID == id })
}

// PasskeysLocked yields the user's passkeys whose Serial is above after, the oldest first.
func (u *User) PasskeysLocked(after int) iter.Seq[Passkey] {
	return func(yield func(Passkey) bool) {
		for _, k := range u.passkeys {
			if k.Serial > after && !yield(k) {
				return
			}
		}
	}
}

// UsablePasskeys returns the passkeys of a user that know the pool by its relying party of today
// (inferred).
func (p *Pool) UsablePasskeys(u *User) []Passkey {
	return slices.DeleteFunc(slices.Clone(u.passkeys), func(k Passkey) bool {
		return !strings.EqualFold(k.RelyingParty, p.relyingParty())
	})
}

// offersPasskey reports whether WEB_AUTHN is among the first factors of a user: the pool allows it,
// the user has a passkey, and no second factor is due after it. To users of whom one is due the pool
// offers it where it takes passkeys for two factors and the user has enabled that (API reference);
// that others are left to the password is inferred.
func (p *Pool) offersPasskey(u *User) bool {
	if !p.allowsPasskeys() || len(p.UsablePasskeys(u)) == 0 {
		return false
	}
	due, required := p.DueFactors(u)
	if len(due) == 0 && !required {
		return true
	}
	return p.MFA.passkeysAreMFA() && u.enabled(FactorPasskey)
}

// UsePasskeyLocked records the use of a passkey at sign-in, with the counter of its authenticator. A
// counter that has not grown is that of a copy, and refused (inferred); one that stays 0 is none.
func (u *User) UsePasskeyLocked(id string, signCount uint32) error {
	i := u.passkeyIndex(id)
	if i < 0 {
		return IncorrectCredentials()
	}
	k := &u.passkeys[i]
	if (signCount > 0 || k.SignCount > 0) && signCount <= k.SignCount {
		return IncorrectCredentials()
	}
	k.SignCount = signCount
	return nil
}
