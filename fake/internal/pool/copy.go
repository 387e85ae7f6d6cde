package pool

import (
	"maps"
	"slices"
	"time"
)

// Copy returns a pool in the same state, which from then on changes for itself. It takes the pool's lock.
//
// What never changes is shared: settings, the schema, keys of passkeys. Users are shared too until one of
// the two pools finds them, so that a copy costs little however many there are.
func (p *Pool) Copy() *Pool {
	p.Lock()
	defer p.Unlock()
	return p.copyLocked()
}

func (p *Pool) copyLocked() *Pool {
	return &Pool{ID: p.ID, Region: p.Region, ARN: p.ARN, contents: p.contents.copy()}
}

func (c *contents) copy() contents {
	d := *c
	d.clients, d.groups, d.resourceServers = *c.clients.Copy(), *c.groups.Copy(), *c.resourceServers.Copy()
	d.identityProviders, d.accounts = *c.identityProviders.Copy(), *c.accounts.Copy()
	for id, client := range following(&c.clients, "") {
		d.clients.Set(id, client.copy())
	}
	for name, group := range following(&c.groups, "") {
		d.groups.Set(name, group.copy())
	}
	d.users = c.users.copy()
	d.usedSessions = c.usedSessions.copy(func(t time.Time) time.Time { return t })
	d.custom = c.custom.copy((*Custom).copy)
	d.authorizations = c.authorizations.copy(func(a Authorization) Authorization { return a })
	d.browsers = c.browsers.copy(func(b Browser) Browser { return b })
	d.departures = c.departures.copy(func(d Departure) Departure { return d })
	return d
}

func (c *Client) copy() *Client {
	d := *c
	d.Secrets = slices.Clone(c.Secrets)
	return &d
}

func (g *Group) copy() *Group {
	d := *g
	d.members = *g.members.Copy()
	return &d
}

func (c *Custom) copy() *Custom {
	d := *c
	d.Rounds = slices.Clone(c.Rounds)
	return &d
}

// copy returns a user of the same identity who belongs to another.
func (u *User) copy(to *owner) *User {
	c := *u
	c.owner = to
	c.PastPassword = slices.Clone(u.PastPassword)
	c.attributes = slices.Clone(u.attributes)
	c.groups = slices.Clone(u.groups)
	c.identities = slices.Clone(u.identities)
	c.codes = slices.Clone(u.codes)
	c.attempts = maps.Clone(u.attempts)
	c.factors = slices.Clone(u.factors)
	c.totp, c.newTOTP = u.totp.copy(), u.newTOTP.copy()
	c.passkeys = slices.Clone(u.passkeys)
	c.events = slices.Clone(u.events)
	if u.grants != nil {
		grants := u.grants.copy(copied)
		c.grants = &grants
	}
	c.devices = slices.Clone(u.devices)
	for i, d := range c.devices {
		c.devices[i] = d.copy()
	}
	return &c
}

func (a *Authenticator) copy() *Authenticator {
	if a == nil {
		return nil
	}
	c := *a
	c.Used = slices.Clone(a.Used)
	return &c
}

func (d *Device) copy() *Device {
	c := *d
	c.Awaited = slices.Clone(d.Awaited)
	return &c
}

// copied copies what a pointer leads to, and nothing further.
func copied[T any](v *T) *T {
	c := *v
	return &c
}
