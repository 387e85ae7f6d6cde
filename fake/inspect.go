package fake

import (
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/clock"
	"github.com/cognitotest/cognito/jwks"
)

// ClockReading is what the clock of a server shows at one moment: Now is the server's time, Base that of
// [Config.Now] or [time.Now], both in UTC; Frozen says whether [Server.Freeze] has stopped it.
type ClockReading = clock.Reading

// ReadClock returns the server's time beside the time that it follows.
func (s *Server) ReadClock() ClockReading { return s.clock.Read() }

// Operations returns the names of all operations of the JSON API in alphabetical order, simulated or not.
func Operations() []string { return api.Names() }

// Keys returns the public keys of a pool, as its [JWKS] document has them, without a call. The error is
// the service's for a pool that does not exist.
func (s *Server) Keys(poolID string) (*jwks.Set, error) {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return nil, err
	}
	return s.tokens.Keys(p).JWKS(), nil
}

// Passkeys returns the passkeys of a user, whom a username or an alias names, the oldest first: the
// service tells only users of theirs.
func (s *Server) Passkeys(poolID, username string) ([]types.WebAuthnCredentialDescription, error) {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return nil, err
	}
	return api.Passkeys(p, username)
}
