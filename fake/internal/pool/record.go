package pool

import (
	"math/big"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Record is a pool as plain data, with everything that outlives the server's keys: see
// [Pool.RecordLocked]. Sign-ins and their sessions, which the keys protect, are not in it.
type Record struct {
	ID, Name, Region  string
	Created, Modified time.Time

	Settings         *cip.CreateUserPoolInput // without PoolName; Schema has the standard attributes that were declared anew
	CustomAttributes []types.SchemaAttributeType
	MFA              *cip.SetUserPoolMfaConfigInput // without UserPoolId and MfaConfiguration, which is of Settings; nil in a pool that never had one

	Domains           []Domain
	ResourceServers   []ResourceServer
	IdentityProviders []ProviderRecord
	Clients           []ClientRecord
	Groups            []GroupRecord
	Users             []UserRecord // in the order of their usernames
}

// ProviderRecord is an identity provider as plain data.
type ProviderRecord struct {
	Name              string
	Created, Modified time.Time
	Settings          *cip.CreateIdentityProviderInput // without UserPoolId and ProviderName
}

// ClientRecord is an app client as plain data.
type ClientRecord struct {
	ID, Name          string
	Created, Modified time.Time
	Secrets           []ClientSecret
	Settings          *cip.CreateUserPoolClientInput // without UserPoolId, ClientName and secret
}

// GroupRecord is a group as plain data.
type GroupRecord struct {
	Name              string
	Description       *string
	RoleArn           *string
	Precedence        *int32
	Created, Modified time.Time
}

// UserRecord is a user as plain data.
type UserRecord struct {
	Username, Sub     string
	Status            types.UserStatusType
	Disabled          bool
	Created, Modified time.Time
	SignedOut         time.Time
	Attributes        []Attribute // without sub
	Groups            []string
	Identities        []Identity // in the order in which they came

	Password                 string
	TemporaryPasswordExpires time.Time
	PastPasswords            []string
	Lockout                  Lockout

	Codes    []Code
	Attempts map[Attempted]Attempts

	EnabledFactors  []Factor
	PreferredFactor Factor
	TOTP            *Authenticator
	NewTOTP         *Authenticator

	Passkeys      []Passkey
	PasskeySerial int
	NewPasskey    *Registration
	Devices       []DeviceRecord
	Events        []Event // the oldest first
}

// DeviceRecord is a device as plain data.
type DeviceRecord struct {
	Key, Name         string
	Remembered        bool
	Created, Modified time.Time
	Authenticated     time.Time
	Salt, Verifier    []byte // positive numbers, big-endian
}

// RecordLocked returns the pool as plain data that shares nothing with it but what never changes.
func (p *Pool) RecordLocked() Record {
	r := Record{
		ID: p.ID, Name: aws.ToString(p.Settings.Name), Region: p.Region,
		Created: aws.ToTime(p.Settings.CreationDate), Modified: aws.ToTime(p.Settings.LastModifiedDate),
		Settings: p.settingsRecord(), CustomAttributes: p.Schema.custom(), MFA: p.MFA.record(),
	}
	r.Domains = cloned(p.domains)
	r.ResourceServers = slices.Collect(p.ResourceServersLocked(""))
	for s := range p.ProvidersLocked("") {
		r.IdentityProviders = append(r.IdentityProviders, providerRecord(s))
	}
	for c := range p.ClientsLocked("") {
		r.Clients = append(r.Clients, c.record())
	}
	for g := range p.GroupsLocked("") {
		r.Groups = append(r.Groups, GroupRecord{g.Name, g.Description, g.RoleArn, g.Precedence, g.Created, g.Modified})
	}
	for u := range p.UsersLocked(Filter{}, "") {
		r.Users = append(r.Users, u.record())
	}
	return r
}

// settingsRecord leaves out the UnusedAccountValidityDays, which completed settings have beside an
// equal TemporaryPasswordValidityDays, and requests may not.
func (p *Pool) settingsRecord() *cip.CreateUserPoolInput {
	in := &cip.CreateUserPoolInput{}
	assign(in, p.Settings)
	in.AdminCreateUserConfig.UnusedAccountValidityDays = 0
	in.Schema = p.Schema.declared()
	return in
}

func (c MFAConfig) record() *cip.SetUserPoolMfaConfigInput {
	if c == (MFAConfig{}) {
		return nil
	}
	in := &cip.SetUserPoolMfaConfigInput{
		SoftwareTokenMfaConfiguration: Clone(c.SoftwareToken), EmailMfaConfiguration: Clone(c.Email), WebAuthnConfiguration: Clone(c.WebAuthn),
	}
	if !c.WithoutSMS {
		in.SmsMfaConfiguration = &types.SmsMfaConfigType{}
	}
	return in
}

func providerRecord(s *types.IdentityProviderType) ProviderRecord {
	in := &cip.CreateIdentityProviderInput{}
	assign(in, s)
	in.ProviderName, in.UserPoolId = nil, nil
	return ProviderRecord{Name: *s.ProviderName, Created: *s.CreationDate, Modified: *s.LastModifiedDate, Settings: in}
}

func (c *Client) record() ClientRecord {
	in := &cip.CreateUserPoolClientInput{}
	assign(in, c.Settings)
	in.ClientName, in.UserPoolId = nil, nil
	in.AllowedOAuthFlowsUserPoolClient = aws.ToBool(c.Settings.AllowedOAuthFlowsUserPoolClient)
	return ClientRecord{
		ID: c.ID, Name: aws.ToString(c.Settings.ClientName), Settings: in, Secrets: Clone(c.Secrets),
		Created: aws.ToTime(c.Settings.CreationDate), Modified: aws.ToTime(c.Settings.LastModifiedDate),
	}
}

func (u *User) record() UserRecord {
	r := UserRecord{
		Username: u.Username, Sub: u.Sub, Status: u.Status, Disabled: u.Disabled,
		Created: u.Created, Modified: u.Modified, SignedOut: u.signedOut, Attributes: cloned(u.attributes), Groups: cloned(u.groups),
		Identities: cloned(u.identities),
		Password:   u.Password, TemporaryPasswordExpires: u.TempExpires, PastPasswords: cloned(u.PastPassword), Lockout: u.lockout,
		Codes: cloned(u.codes), Attempts: Clone(u.attempts),
		EnabledFactors: cloned(u.factors), PreferredFactor: u.preferred, TOTP: Clone(u.totp), NewTOTP: Clone(u.newTOTP),
		Passkeys: Clone(u.passkeys), PasskeySerial: u.passkeySerial, NewPasskey: Clone(u.newPasskey), Events: Clone(u.events),
	}
	for _, d := range u.devices {
		r.Devices = append(r.Devices, d.record())
	}
	return r
}

func (d *Device) record() DeviceRecord {
	return DeviceRecord{
		Key: d.Key, Name: d.Name, Remembered: d.Remembered, Created: d.Created, Modified: d.Modified, Authenticated: d.Authenticated,
		Salt: d.salt.Bytes(), Verifier: d.verifier.Bytes(),
	}
}

// cloned copies a list; an empty one becomes nil.
func cloned[T any](list []T) []T { return append([]T(nil), list...) }

// UserOf makes a user of a record that has all that a user must have, for [Pool.AddUserLocked]. The
// groups are not joined.
func (p *Pool) UserOf(r UserRecord) *User {
	u := &User{
		Username: r.Username, Sub: r.Sub, Status: r.Status, Disabled: r.Disabled,
		Created: r.Created, Modified: r.Modified, signedOut: r.SignedOut,
		Password: r.Password, TempExpires: r.TemporaryPasswordExpires, PastPassword: cloned(r.PastPasswords), lockout: r.Lockout,
		codes: cloned(r.Codes), attempts: Clone(r.Attempts),
		factors: cloned(r.EnabledFactors), preferred: r.PreferredFactor, totp: Clone(r.TOTP), newTOTP: Clone(r.NewTOTP),
		passkeys: Clone(r.Passkeys), passkeySerial: r.PasskeySerial, newPasskey: Clone(r.NewPasskey), events: Clone(r.Events),
		attributes: make([]Attribute, 0, len(r.Attributes)), identities: cloned(r.Identities),
	}
	for _, a := range r.Attributes {
		p.store(u, a)
	}
	for _, d := range r.Devices {
		u.devices = append(u.devices, d.device())
	}
	return u
}

func (r DeviceRecord) device() *Device {
	return &Device{
		Key: r.Key, Name: r.Name, Remembered: r.Remembered, Created: r.Created, Modified: r.Modified, Authenticated: r.Authenticated,
		salt: new(big.Int).SetBytes(r.Salt), verifier: new(big.Int).SetBytes(r.Verifier),
	}
}
