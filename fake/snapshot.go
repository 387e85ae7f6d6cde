package fake

import (
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/token"
)

// Snapshot is the state of a [Server] at one moment: everything that the service keeps. That is the pools
// with all that is in them (settings, app clients, groups, users, sign-ins and their sessions, codes,
// devices, passkeys, lockouts), their keys, the functions that are bound to triggers, the messages that were
// sent, how the clock was moved, and how far the random numbers of a [Config.Seed] have come.
//
// What a test has observed or arranged besides is no state: calls, invocations, faults, request rates and
// pinned ids.
//
// A Snapshot never changes. It can be restored and forked as often as wanted, by several goroutines too. It
// costs a copy of each app client and group; users are shared until somebody needs them.
type Snapshot struct {
	config    Config
	secrets   secrets
	cert      *certificate
	store     *pool.State
	keys      map[string]token.Ring
	functions map[string]Trigger
	messages  []Message
}

// Snapshot returns the present state. It waits for operations that are changing a pool; one that calls
// functions of triggers in between is caught as it then is.
func (s *Server) Snapshot() *Snapshot {
	s.mu.Lock()
	cert := s.cert
	s.mu.Unlock()
	return &Snapshot{
		config: s.config, secrets: s.secrets, cert: cert,
		store: s.store.State(), keys: s.tokens.Rings(), functions: s.functions.Bound(), messages: s.outbox.Shared(),
	}
}

// Restore brings the server back to a state of its own or of a fork: pools that were made since are gone,
// and those that were deleted are there again. An operation that runs meanwhile works on the old state or on
// the new one. Random numbers without a seed do not repeat themselves.
//
//	before := server.Snapshot()
//	defer server.Restore(before)
//
// A Server that shares no past with the snapshot takes it too, but knows neither the sessions of sign-ins in
// it nor page tokens: see [Snapshot.Fork]. Keys of servers that are all closed are replaced by others, so
// that tokens of before are not good any more.
func (s *Server) Restore(to *Snapshot) {
	s.tokens.Restore(to.keys)
	s.functions.Rebind(to.functions)
	s.store.Restore(to.store)
	s.outbox.Restore(to.messages)
}

// Fork returns a new server in the state of this one, which from then on goes its own way:
// a [Server.Snapshot] and [Snapshot.Fork] in one.
func (s *Server) Fork(edit ...func(*Config)) *Server { return s.Snapshot().Fork(edit...) }

// Fork returns a new server in the state of the snapshot, with the Config of its server as the edits leave
// it. Its pools are the same pools: their ids, app clients and keys are the same. So are the issuers of
// tokens, and tokens of before are good, unless the address of a listener is in them: a fork does not listen
// by itself. Where Config.Seed is edited the sequence of that seed begins. Close it when done, as any other
// server: keys can be used again once all servers that have them are closed.
//
//	fork := server.Fork(func(c *fake.Config) { c.Logf = t.Logf })
//
// Functions that are bound to triggers are called by all forks. Calls, invocations, faults, request rates and
// pinned ids begin anew.
func (s *Snapshot) Fork(edit ...func(*Config)) *Server {
	c := s.config
	for _, change := range edit {
		change(&c)
	}
	f := newServer(c, s.secrets)
	f.cert = s.cert
	f.Restore(s)
	return f
}
