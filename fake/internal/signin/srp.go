package signin

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"math/big"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/srp"
)

// exchange is what the server must remember of an SRP exchange until the client's proof comes.
type exchange struct {
	Realm string // the pool's, or the device's group key
	User  string // USER_ID_FOR_SRP, or the device's key
	Salt  string `json:",omitempty"` // of the user's password; another password has another one
	srp.Exchange
}

// beginSRP begins USER_SRP_AUTH.
func (e *Engine) beginSRP(in Initiation) (move, error) {
	o, err := offerTo(in.Pool, in.Parameters["USERNAME"], in.Parameters["SRP_A"])
	if err != nil {
		return nil, err
	}
	return func(s step) (outcome, error) {
		return s.arrive(in, func(s step, u *pool.User) (outcome, error) {
			return s.verifierChallenge(o, s.newState(types.ChallengeNameTypePasswordVerifier, u))
		})
	}, nil
}

// offer is the server's first half of an SRP exchange.
type offer struct {
	login pool.SRPLogin
	exchange
	B *big.Int // the server's public number
}

// offerTo computes an offer, for a user who is unknown too: it then looks like any other, and the
// same for the same name. No lock may be held.
func offerTo(p *pool.Pool, name, hex string) (*offer, error) {
	A, err := publicNumber(hex)
	if err != nil {
		return nil, err
	}
	login := p.SRPLogin(name)
	verifier := srp.Verifier(login.Salt, realm(p), login.UserID, login.Password)
	B, x, err := srp.Answer(A, verifier, secretNumber())
	if err != nil {
		return nil, invalidSRP()
	}
	return &offer{login: login, B: B, exchange: exchange{realm(p), login.UserID, login.Salt.Text(16), x}}, nil
}

// verifierChallenge asks for the proof of a password. Its state travels in SECRET_BLOCK, and in some
// sign-ins in a Session besides.
func (s step) verifierChallenge(o *offer, st state) (outcome, error) {
	out := outcome{challenge: st.Challenge}
	if st.hasSession() {
		out.state = st
	}
	st.SRP = &o.exchange
	block, err := s.sessions.sealBlock(st)
	out.params = map[string]string{
		"SALT":            o.login.Salt.Text(16),
		"SRP_B":           o.B.Text(16),
		"SECRET_BLOCK":    block,
		"USERNAME":        o.login.UserID,
		"USER_ID_FOR_SRP": o.login.UserID,
	}
	return out, err
}

// timestampLayout is how a client writes the moment of its proof: English, UTC, the day without a
// leading zero.
const timestampLayout = "Mon Jan 2 15:04:05 UTC 2006"

// inBlock makes a responder of a move that goes on after a proof of a password, the user's or the
// device's, which is checked here without the lock. What waits for the proof is in the SECRET_BLOCK.
func inBlock(respond func(step, state, Answer, bool) (outcome, error)) responder {
	return func(e *Engine, in Answer) move {
		st, block, err := e.sessions.openBlock(in.Responses["PASSWORD_CLAIM_SECRET_BLOCK"])
		good := err == nil && st.SRP != nil && st.Challenge == in.Challenge
		proven := good && st.SRP.proves(block, in.Responses)
		return func(s step) (outcome, error) {
			if err := s.checkProof(in); err != nil {
				return outcome{}, err
			}
			if !good || s.usable(st) != nil {
				return outcome{}, pool.IncorrectCredentials()
			}
			if err := s.checkCompanion(st, in.Session); err != nil {
				return outcome{}, err
			}
			return s.spending(st)(respond(s, st, in, proven))
		}
	}
}

// checkProof checks the form of an answer that proves a password.
func (s step) checkProof(in Answer) error {
	if err := s.checkParameters(in, "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"); err != nil {
		return err
	}
	if _, err := time.Parse(timestampLayout, in.Responses["TIMESTAMP"]); err != nil {
		return invalidTimestamp()
	}
	return nil
}

// checkCompanion checks that the Session that went along with a SECRET_BLOCK comes back.
func (s step) checkCompanion(block state, session string) error {
	if !block.hasSession() {
		return nil
	}
	if session == "" {
		return missingParameter("Session")
	}
	st, err := s.sessions.open(session)
	if err == nil && st.ID != block.ID {
		err = sessionInvalid()
	}
	return err
}

// proven goes on where the proof was right, and counts a failure where it was not, or where the
// password was changed meanwhile (inferred).
func (s step) proven(st state, in Answer, proven bool) (outcome, error) {
	u, err := s.pool.UserLocked(in.Responses["USERNAME"])
	if err != nil || u.Sub != st.Sub {
		return outcome{}, pool.IncorrectCredentials()
	}
	if err := s.admissible(u); err != nil {
		return outcome{}, err
	}
	current := st.SRP.Salt == s.pool.SaltLocked(u).Text(16)
	if err := s.checkAttempt(u, proven && current); err != nil {
		return outcome{}, err
	}
	s.trail = st.Trail.follow(in.Responses).trusted().answeredBy(u, in.Responses)
	if st.Custom {
		return s.resumeCustom(u, st)
	}
	return s.next(u)
}

// proves checks the client's signature of the secret block. It must be of the timestamp as the service
// writes it: one with a zero before the day proves nothing (reported by users of the service).
func (x *exchange) proves(block []byte, responses map[string]string) bool {
	signature, err := base64.StdEncoding.DecodeString(responses["PASSWORD_CLAIM_SIGNATURE"])
	if err != nil {
		return false
	}
	at, err := time.Parse(timestampLayout, responses["TIMESTAMP"])
	if err != nil {
		return false
	}
	key, err := x.Key()
	return err == nil && hmac.Equal(signature, srp.Signature(key, x.Realm, x.User, block, at.Format(timestampLayout)))
}

// publicNumber reads the client's public number, SRP_A.
func publicNumber(hex string) (*big.Int, error) {
	A, ok := new(big.Int).SetString(hex, 16)
	if !ok || A.Sign() < 0 || srp.CheckPublic(A) != nil {
		return nil, invalidSRP()
	}
	return A, nil
}

// realm is the name of a pool in SRP: its id without the region.
func realm(p *pool.Pool) string { return p.ID[strings.IndexByte(p.ID, '_')+1:] }

// secretNumber returns 256 random bits. It is a key: no seed fixes it.
func secretNumber() *big.Int {
	var b [32]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return new(big.Int).SetBytes(b[:])
}
