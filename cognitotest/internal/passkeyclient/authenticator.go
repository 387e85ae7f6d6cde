// Package passkeyclient is a virtual maker and keeper of passkeys, as a phone or a security key is one,
// together with the browser around it: JSON of WebAuthn in, JSON of WebAuthn out. It makes keys of ES256
// (or RS256), attests nothing, and verifies its user without asking anybody.
package passkeyclient

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Authenticator keeps passkeys. The zero value works; its fields make it misbehave, for tests of those
// who have to notice.
type Authenticator struct {
	Origin       string // of the page; https and the relying party id by default
	RelyingParty string // signed instead of the one in the options
	Unverified   bool   // does not verify the user
	Stuck        bool   // never counts on
	Algorithm    int    // of new keys: ES256 by default, RS256, or one that a key of ES256 pretends to

	mu       sync.Mutex // guards passkeys
	passkeys []*passkey // the newest last
}

// passkey is a key pair that was made for a user of a relying party.
type passkey struct {
	id, user     []byte
	relyingParty string
	key          key
	count        uint32 // of signatures
}

// bytes is binary data, base64url without padding in JSON.
type bytes []byte

// MarshalJSON encodes the data.
func (b bytes) MarshalJSON() ([]byte, error) {
	return json.Marshal(base64.RawURLEncoding.EncodeToString(b))
}

// UnmarshalJSON decodes the data.
func (b *bytes) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	decoded, err := base64.RawURLEncoding.DecodeString(s)
	*b = decoded
	return err
}

// descriptor names a passkey.
type descriptor struct {
	Type string `json:"type"`
	ID   bytes  `json:"id"`
}

// creationOptions is what Create reads of PublicKeyCredentialCreationOptionsJSON.
type creationOptions struct {
	RP struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID bytes `json:"id"`
	} `json:"user"`
	Challenge        string `json:"challenge"`
	PubKeyCredParams []struct {
		Alg int `json:"alg"`
	} `json:"pubKeyCredParams"`
	ExcludeCredentials []descriptor `json:"excludeCredentials"`
}

// requestOptions is what Get reads of PublicKeyCredentialRequestOptionsJSON.
type requestOptions struct {
	Challenge        string       `json:"challenge"`
	RPID             string       `json:"rpId"`
	AllowCredentials []descriptor `json:"allowCredentials"`
}

// credential is RegistrationResponseJSON and AuthenticationResponseJSON.
type credential struct {
	ID                     bytes    `json:"id"`
	RawID                  bytes    `json:"rawId"`
	Type                   string   `json:"type"`
	Attachment             string   `json:"authenticatorAttachment"`
	ClientExtensionResults struct{} `json:"clientExtensionResults"`
	Response               response `json:"response"`
}

type response struct {
	ClientDataJSON    bytes    `json:"clientDataJSON"`
	AttestationObject bytes    `json:"attestationObject,omitempty"`
	PublicKey         bytes    `json:"publicKey,omitempty"` // in DER
	Algorithm         int      `json:"publicKeyAlgorithm,omitempty"`
	Transports        []string `json:"transports,omitempty"`
	AuthenticatorData bytes    `json:"authenticatorData,omitempty"`
	Signature         bytes    `json:"signature,omitempty"`
	UserHandle        bytes    `json:"userHandle,omitempty"`
}

// Create makes a passkey, as navigator.credentials.create does: options is the JSON of
// PublicKeyCredentialCreationOptions, the answer that of the credential.
func (a *Authenticator) Create(options []byte) ([]byte, error) {
	var in creationOptions
	if err := json.Unmarshal(options, &in); err != nil {
		return nil, fmt.Errorf("options of a passkey: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.find(in.RP.ID, in.ExcludeCredentials) != nil {
		return nil, errors.New("the authenticator has a passkey of this user already")
	}
	k, err := a.newPasskey(in)
	if err != nil {
		return nil, err
	}
	made, err := a.attest(k, in)
	if err != nil {
		return nil, err
	}
	a.passkeys = append(a.passkeys, k)
	return k.credential(made)
}

// attest tells the relying party of a new passkey.
func (a *Authenticator) attest(k *passkey, in creationOptions) (response, error) {
	client, err := a.clientData("webauthn.create", in.Challenge, in.RP.ID)
	if err != nil {
		return response{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(k.key.signer.Public())
	if err != nil {
		return response{}, err
	}
	data := a.data(k, k.key.attested(k.id))
	object, err := attestationObject(data)
	return response{
		ClientDataJSON: client, AttestationObject: object, AuthenticatorData: data,
		PublicKey: public, Algorithm: k.key.algorithm, Transports: []string{"internal"},
	}, err
}

func (a *Authenticator) newPasskey(in creationOptions) (*passkey, error) {
	wanted := a.Algorithm
	for _, p := range in.PubKeyCredParams { // in the order of preference
		if wanted == 0 && (p.Alg == ES256 || p.Alg == RS256) {
			wanted = p.Alg
		}
	}
	made, err := newKey(wanted)
	if err != nil {
		return nil, err
	}
	id := make([]byte, 32)
	rand.Read(id) // never fails: see crypto/rand
	return &passkey{id: id, user: in.User.ID, relyingParty: in.RP.ID, key: made}, nil
}

// Get answers for a passkey that the options allow, the newest, as navigator.credentials.get does:
// options is the JSON of PublicKeyCredentialRequestOptions, the answer that of the credential.
func (a *Authenticator) Get(options []byte) ([]byte, error) {
	var in requestOptions
	if err := json.Unmarshal(options, &in); err != nil {
		return nil, fmt.Errorf("options of a sign-in: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	k := a.find(in.RPID, in.AllowCredentials)
	if len(in.AllowCredentials) == 0 {
		k = a.newest(in.RPID)
	}
	if k == nil {
		return nil, fmt.Errorf("the authenticator has none of the passkeys that %s asks for", in.RPID)
	}
	client, err := a.clientData("webauthn.get", in.Challenge, in.RPID)
	if err != nil {
		return nil, err
	}
	data, hash := a.data(k, nil), sha256.Sum256(client)
	signature, err := k.key.sign(slices.Concat(data, hash[:]))
	if err != nil {
		return nil, err
	}
	return k.credential(response{ClientDataJSON: client, AuthenticatorData: data, Signature: signature, UserHandle: k.user})
}

// find returns the newest passkey of a relying party that is on a list, or nil.
func (a *Authenticator) find(relyingParty string, list []descriptor) *passkey {
	for _, k := range slices.Backward(a.passkeys) {
		listed := func(d descriptor) bool { return string(d.ID) == string(k.id) }
		if k.relyingParty == relyingParty && slices.ContainsFunc(list, listed) {
			return k
		}
	}
	return nil
}

func (a *Authenticator) newest(relyingParty string) *passkey {
	for _, k := range slices.Backward(a.passkeys) {
		if k.relyingParty == relyingParty {
			return k
		}
	}
	return nil
}

// clientData is what the browser says of the page.
func (a *Authenticator) clientData(ceremony, challenge, relyingParty string) ([]byte, error) {
	origin := a.Origin
	if origin == "" {
		origin = "https://" + relyingParty
	}
	return json.Marshal(struct {
		Type        string `json:"type"`
		Challenge   string `json:"challenge"`
		Origin      string `json:"origin"`
		CrossOrigin bool   `json:"crossOrigin"`
	}{ceremony, challenge, origin, false})
}

func (k *passkey) credential(r response) ([]byte, error) {
	return json.Marshal(credential{ID: k.id, RawID: k.id, Type: "public-key", Attachment: "platform", Response: r})
}
