package cognitotest_test

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// part goes on in three ways from here: in the server, in a fork of it by turns, and in the server after it
// was restored. None of them may see what happened in another.
func (w *world) part(seed uint64) {
	w.t.Helper()
	w.stays = true
	snapshot := w.server.Snapshot()
	fork, back := w.copy(snapshot.Fork()), w.copy(w.server)
	defer fork.server.Close()
	for range 10 {
		w.run(seed, 1)
		fork.run(seed, 1)
	}
	w.server.Restore(snapshot)
	back.run(seed, 10)
}

// copy returns the same world on a server in the same state, with choices of its own.
func (w *world) copy(server *fake.Server) *world {
	c := *w
	c.Rand = rand.New(rand.NewPCG(w.Uint64(), 2))
	c.server, c.api = server, server.API()
	c.trace = slices.Clip(w.trace)
	c.m.used, c.m.enabled = maps.Clone(w.m.used), slices.Clone(w.m.enabled)

	devices, grants := copies[device]{}, copies[grant]{}
	c.devices = map[*device]cognitotest.Device{}
	for d, secret := range w.devices {
		c.devices[devices.of(d)] = secret
	}
	c.m.grants = nil
	for _, g := range w.m.grants {
		g = grants.of(g)
		g.device = devices.of(g.device)
		c.m.grants = append(c.m.grants, g)
	}
	c.refresh = nil
	for _, r := range w.refresh {
		also := *r
		also.grant = grants.of(r.grant)
		c.refresh = append(c.refresh, &also)
	}
	c.sessions = nil
	for _, o := range w.sessions {
		also, session := *o, *o.session
		session.trail.device = devices.of(session.trail.device)
		also.session, also.proofs = &session, maps.Clone(o.proofs)
		c.sessions = append(c.sessions, &also)
	}
	return &c
}

// copies are one of each.
type copies[T any] map[*T]*T

// of returns the copy of something, always the same; nil for nil.
func (c copies[T]) of(v *T) *T {
	if v == nil {
		return nil
	}
	if c[v] == nil {
		also := *v
		c[v] = &also
	}
	return c[v]
}
