package cognitotest

import (
	"reflect"
	"strings"

	"github.com/cognitotest/cognito/fake"
)

// Fork makes a copy of the provider that is t's alone, with a server of its own that is gone at the end of t:
// what changes in one of the two, the other never sees. Users, groups, app clients, triggers, codes, messages
// and the clock are there as they stand; the pool has the same ids and the same keys. It costs less than a
// millisecond, however many users there are, so that a package prepares once and each of its tests begins
// there:
//
//	var prepared *cognitotest.Provider // made by TestMain, with Start
//
//	func TestLeaving(t *testing.T) {
//		cog := prepared.Fork(t)
//		ann := cog.User(t, "ann")
//
// The way in is the same: in memory, or a loopback port of its own, and then another Issuer too, so that
// tokens of before are refused. Functions of triggers are called by all copies. Calls, invocations and faults
// begin anew. In a testing/synctest bubble the clock is the bubble's, and what was prepared outside is dated
// in its future: prepare there what is to expire.
//
// On a real pool Fork skips the test.
func (p *Provider) Fork(t TB) *Provider {
	t.Helper()
	source, log := p.Fake(t), &testLog{t: t}
	strictf := log.Errorf
	if p.strictf == nil {
		strictf = nil
	}
	b := &fakeBackend{source.Fork(func(c *fake.Config) { c.Logf, c.Strictf = log.Logf, strictf })}
	if err := b.listen(&config{inMemory: p.URL == "", tls: strings.HasPrefix(p.URL, "https:")}); err != nil {
		b.server.Close()
		t.Fatalf("cognitotest: Fork: %v", err)
	}
	f := &Provider{
		PoolID: p.PoolID, ClientID: p.ClientID, ClientSecret: p.ClientSecret,
		pool: p.pool, flows: p.flows, known: p.known, strictf: strictf, end: t,
	}
	f.connect(b)
	f.locate()
	f.closeAtEnd(t, log)
	return f
}

// endsWith reports whether the provider is gone at the end of t with all that is in it.
func (p *Provider) endsWith(t TB) bool {
	return p.end != nil && reflect.ValueOf(t).Comparable() && reflect.ValueOf(p.end).Comparable() && p.end == t
}

// In returns a handle on the same user of another provider, such as a [Provider.Fork]: with the password, the
// authenticator and the passkey that this handle has by now. It signs in anew.
func (u *User) In(p *Provider) *User {
	c := &User{Username: u.Username, Password: u.Password, Sub: u.Sub, Email: u.Email, Phone: u.Phone, provider: p, passkey: u.keeper()}
	u.totp.mu.Lock()
	defer u.totp.mu.Unlock()
	c.totp.secret, c.totp.after = u.totp.secret, u.totp.after
	return c
}

// In returns the device in the hands of the same user of another provider: see [User.In].
func (d *Device) In(p *Provider) *Device {
	return &Device{Key: d.Key, GroupKey: d.GroupKey, Password: d.Password, user: d.user.In(p)}
}
