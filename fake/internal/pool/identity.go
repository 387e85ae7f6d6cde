package pool

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Identity is an account at an identity provider that a user signs in with.
type Identity struct {
	Provider  string
	Type      types.IdentityProviderTypeType
	Issuer    string // of a SAML provider; "" where it is not known
	Attribute string // [Subject], or the attribute by which the account is known until it signs in
	Value     string // of the attribute
	Primary   bool   // whether the user was made for it
	Created   time.Time
}

// Subject is the name by which the identifier of an account at its provider goes.
const Subject = "Cognito_Subject"

// identitiesAttribute is the attribute that shows the identities of a user.
const identitiesAttribute = "identities"

// key returns where an index has the identity.
func (i Identity) key() string { return Account{i.Provider, i.Attribute, i.Value}.key() }

// Account names an account: at an identity provider, by an attribute there, or as a user of the pool.
type Account struct{ Provider, Attribute, Value string }

func (a Account) key() string { return a.Provider + "\x00" + a.Attribute + "\x00" + a.Value }

// Identities returns a copy of the user's accounts at identity providers, in the order in which they came.
func (u *User) Identities() []Identity { return slices.Clone(u.identities) }

// Federated reports whether the user was made for an account at an identity provider, rather than in the pool.
func (u *User) Federated() bool {
	return slices.ContainsFunc(u.identities, func(i Identity) bool { return i.Primary })
}

// identitiesText returns the attribute that shows the identities, as JSON.
func (u *User) identitiesText() string {
	type shown struct {
		UserID   string  `json:"userId"`
		Provider string  `json:"providerName"`
		Type     string  `json:"providerType"`
		Issuer   *string `json:"issuer"`
		Primary  bool    `json:"primary"`
		Created  int64   `json:"dateCreated"` // in milliseconds
	}
	list := make([]shown, len(u.identities))
	for n, i := range u.identities {
		list[n] = shown{i.Value, i.Provider, string(i.Type), nil, i.Primary, i.Created.UnixMilli()}
		if i.Issuer != "" {
			list[n].Issuer = text(i.Issuer)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(list) // such a list can always be encoded
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// AccountOwnerLocked returns the user who signs in with an account, or nil.
func (p *Pool) AccountOwnerLocked(a Account) *User {
	username, ok := p.accounts.Get(a.key())
	if !ok {
		return nil
	}
	return p.UserNamedLocked(username)
}

// setIdentitiesLocked gives a user of the pool other identities.
func (p *Pool) setIdentitiesLocked(u *User, identities []Identity, now time.Time) {
	p.dropAccountsLocked(u)
	p.ChangeLocked(u, now, func(u *User) { u.identities = identities })
	p.addAccountsLocked(u)
}

func (p *Pool) addAccountsLocked(u *User) {
	for _, i := range u.identities {
		p.accounts.Set(i.key(), u.Username)
	}
}

func (p *Pool) dropAccountsLocked(u *User) {
	for _, i := range u.identities {
		p.accounts.Delete(i.key())
	}
}
