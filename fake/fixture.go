package fake

import (
	_ "embed" // for the schema
	"fmt"
	"io"

	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/fake/internal/fixture"
)

// Export writes the state of the server as JSON, in the format of [Server.Import]: pools with app
// clients, groups and users, the messages of the outbox, and how the clock was moved. Equal states are
// equal texts. The document holds passwords, secrets and codes in clear.
//
// Keys are never written. The tokens of before are of no use in a server that imports the state, and
// sign-ins have ended there as after a GlobalSignOut; so have those that wait for the answer to a
// challenge. Nor are functions of triggers written, whose ARNs are.
func (s *Server) Export(w io.Writer) error {
	document, err := fixture.Encode(s.state())
	if err != nil {
		return fmt.Errorf("cognitotest: export: %w", err)
	}
	_, err = w.Write(document)
	return err
}

//go:embed fixture.schema.json
var fixtureSchema string

// FixtureSchema returns the JSON Schema (draft 2020-12) of the format of [Server.Import], for editors and
// for validators. It says which members there are, and what they mean. Import checks more: that the service
// could be in that state. A null, which Import takes for a member that is missing, is not in the schema.
func FixtureSchema() string { return fixtureSchema }

// state returns the state of the server.
func (s *Server) state() *fixture.Document {
	d := &fixture.Document{Version: fixture.Version, Clock: s.clock.State()}
	for _, p := range s.store.Pools("", "") {
		p.Lock()
		d.Pools = append(d.Pools, p.RecordLocked())
		p.Unlock()
	}
	d.Messages = s.outbox.Messages()
	return d
}

// Import adds what a document holds to the server: pools, with the ids that the document gives them,
// and messages. It moves the clock where the document says so. What the document leaves out has the
// service's default, or is random where that is an id, a sub or a secret:
//
//	{
//	  "version": 1,
//	  "pools": [{
//	    "settings": {"AutoVerifiedAttributes": ["email"]},
//	    "groups": [{"name": "admins"}],
//	    "users": [{"username": "ann", "password": "Correct-Horse-7", "groups": ["admins"]}]
//	  }]
//	}
//
// The members of the format are in [FixtureSchema]. A document that the service would not have let
// anybody make is refused, and then nothing has changed; the error begins with the place, such as
// pools[0].users[3].groups[1]. Passwords need not fit the policy.
func (s *Server) Import(r io.Reader) error {
	if err := s.load(r); err != nil {
		return fmt.Errorf("cognitotest: import: %w", err)
	}
	return nil
}

func (s *Server) load(r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, fixture.MaxSize+1))
	if err != nil {
		return err
	}
	d, err := fixture.Decode(data)
	if err != nil {
		return err
	}
	pools, err := d.Build(s.store, s.config.Region)
	if err != nil {
		return err
	}
	if err := s.store.AddPools(pools); err != nil {
		return fmt.Errorf("pools: %w", err) // since another call has made one of them by now
	}
	s.outbox.Add(d.Messages)
	if d.Clock != (clock.State{}) {
		s.clock.Restore(d.Clock)
	}
	api.Adopt(s.api, pools)
	return nil
}
