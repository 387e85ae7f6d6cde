package signin

import (
	"math/big"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/srp"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// A pool that tracks devices gives each sign-in a device: the one whose DEVICE_KEY came along, which
// proves itself by DEVICE_SRP_AUTH if it is remembered, or a new one, which the user may confirm.

// trail is what the requests of a sign-in have shown of its device so far, and its entry in the user's
// history. It goes from challenge to challenge.
type trail struct {
	Device      string `json:",omitempty"` // the DEVICE_KEY that came
	Confirmable bool   `json:",omitempty"` // whether a new device may be confirmed after this sign-in

	Event string `json:",omitempty"` // the id of the entry; "" where the pool keeps no history

	Hosted *Hosted `json:",omitempty"` // what a sign-in at the pool's domain is for; nil in the API

	Named bool `json:"-"` // whether the request at hand has the DEVICE_KEY
}

// follow returns the trail after another request.
func (t trail) follow(parameters map[string]string) trail {
	key := parameters["DEVICE_KEY"]
	t.Named = key != ""
	if t.Named {
		t.Device = key[:min(len(key), maxDeviceKey)]
	}
	return t
}

// maxDeviceKey is the length of a DEVICE_KEY (API reference). A longer one is nobody's, and would not
// fit into a session.
const maxDeviceKey = 55

// trusted returns the trail after a password that lets a new device be confirmed: one proven by SRP,
// or handed over by an administrator, as in the examples that AWS publishes. One that the user sent
// does not (seen by users of the service).
func (t trail) trusted() trail {
	t.Confirmable = true
	return t
}

// answeredBy returns the trail after an answer of a user: one that calls the user by an alias keeps
// the device from being confirmed.
func (t trail) answeredBy(u *pool.User, responses map[string]string) trail {
	t.Confirmable = t.Confirmable && responses["USERNAME"] == u.Username
	return t
}

// device returns the confirmed device that the user signs in from, or nil.
func (s step) device(u *pool.User) *pool.Device {
	if !s.pool.TracksDevices() {
		return nil
	}
	return u.DeviceLocked(s.trail.Device)
}

// checkDevice refuses an unknown DEVICE_KEY in the request that completes the password. One of an
// earlier request is passed over: clients that are refused go on from there without it.
func (s step) checkDevice(u *pool.User) error {
	if s.pool.TracksDevices() && s.trail.Named && s.device(u) == nil {
		return pool.DeviceNotFound()
	}
	return nil
}

// bindDevice gives a grant its device, and returns the names of a new one where none is known.
func (s step) bindDevice(u *pool.User, g *pool.Grant) *types.NewDeviceMetadataType {
	if !s.pool.TracksDevices() || g.OAuth {
		return nil
	}
	if d := s.device(u); d != nil {
		d.Authenticated, g.Device = s.now, d.Key
		return nil
	}
	g.Device, g.Confirmable = s.store.Random.DeviceKey(s.pool.Region), s.trail.Confirmable
	return &types.NewDeviceMetadataType{DeviceKey: aws.String(g.Device), DeviceGroupKey: aws.String(s.pool.DeviceGroupKey(u))}
}

// boundTo reports whether a sign-in can be refreshed from a device. A pool that tracks devices wants
// the sign-in's own, and wants it confirmed (knowledge base of the service, on "Invalid Refresh
// Token").
func (s step) boundTo(u *pool.User, g *pool.Grant, deviceKey string) bool {
	return !s.pool.TracksDevices() || deviceKey == g.Device && u.DeviceLocked(deviceKey) != nil
}

// askDevice asks a remembered device to prove itself.
func (s step) askDevice(u *pool.User, d *pool.Device) outcome {
	out := s.challenge(types.ChallengeNameTypeDeviceSrpAuth, u, map[string]string{})
	d.AwaitLocked(pool.Awaited{Session: out.state.ID, Client: s.client.ID, Expires: out.state.Expires}, s.now)
	return out
}

// beginDevice takes the answer to DEVICE_SRP_AUTH. The arithmetic is done here, without the lock.
func (e *Engine) beginDevice(in Answer) move {
	login, known := in.Pool.DeviceLogin(in.Responses["USERNAME"], in.Responses["DEVICE_KEY"])
	B, x, err := answerDevice(login, in.Responses["SRP_A"])
	return func(s step) (outcome, error) {
		if err := s.checkParameters(in, "DEVICE_KEY", "SRP_A"); err != nil {
			return outcome{}, err
		}
		if err != nil {
			return outcome{}, err
		}
		st, u, err := s.awaitingDevice(in)
		if err != nil {
			return outcome{}, err
		}
		if !known { // confirmed at this very moment
			return outcome{}, pool.DeviceNotFound()
		}
		s.trail = st.Trail
		next := s.newState(types.ChallengeNameTypeDevicePasswordVerifier, u)
		next.SRP = &exchange{Realm: login.GroupKey, User: login.Key, Exchange: x}
		return s.spending(st)(s.deviceVerifier(next, login, B))
	}
}

// answerDevice answers a device's public number; that of an unknown device is looked at only.
func answerDevice(login pool.DeviceLogin, hex string) (B *big.Int, x srp.Exchange, err error) {
	A, err := publicNumber(hex)
	if err != nil || login.Verifier == nil {
		return nil, x, err
	}
	if B, x, err = srp.Answer(A, login.Verifier, secretNumber()); err != nil {
		return nil, x, invalidSRP()
	}
	return B, x, nil
}

// awaitingDevice finds the sign-in that waits for a device. Clients were seen to answer without the
// Session, as they may to PASSWORD_VERIFIER: then it is the one that asked the device last, of those that
// wait still.
func (s step) awaitingDevice(in Answer) (st state, u *pool.User, err error) {
	u, err = s.pool.UserLocked(in.Responses["USERNAME"])
	if err != nil {
		return st, nil, sessionInvalid()
	}
	d := u.DeviceLocked(in.Responses["DEVICE_KEY"])
	if d == nil {
		return st, nil, pool.DeviceNotFound()
	}
	if st, err = s.deviceSession(in.Session, u, d); err != nil {
		return st, nil, err
	}
	if st.Trail.Device != d.Key {
		return st, nil, sessionInvalid()
	}
	u, err = s.resume(st, in)
	return st, u, err
}

func (s step) deviceSession(session string, u *pool.User, d *pool.Device) (state, error) {
	switch {
	case session != "":
		return s.sessions.open(session)
	case len(d.Awaited) == 0:
		return state{}, missingParameter("Session")
	}
	a := s.newestAwaited(d)
	st := s.newState(types.ChallengeNameTypeDeviceSrpAuth, u)
	st.ID, st.Client, st.Expires, st.Trail.Device = a.Session, a.Client, a.Expires, d.Key
	return st, nil
}

// newestAwaited returns the newest sign-in that waits for a device, or the newest at all where none
// waits any more.
func (s step) newestAwaited(d *pool.Device) pool.Awaited {
	for _, a := range slices.Backward(d.Awaited) {
		if !s.pool.SessionSpentLocked(a.Session) {
			return a
		}
	}
	return d.Awaited[len(d.Awaited)-1]
}

// deviceVerifier asks for the proof of the device's password. Its state travels in SECRET_BLOCK; the
// Session is for clients that send one along.
func (s step) deviceVerifier(st state, login pool.DeviceLogin, B *big.Int) (outcome, error) {
	block, err := s.sessions.sealBlock(st)
	st.SRP = nil
	return outcome{challenge: st.Challenge, state: st, params: map[string]string{
		"SALT":         login.Salt.Text(16),
		"SRP_B":        B.Text(16),
		"SECRET_BLOCK": block,
		"USERNAME":     login.Username,
		"DEVICE_KEY":   login.Key,
	}}, err
}

// deviceProven ends the sign-in where the device's proof was right. That a wrong one does not count
// for the lockout of passwords, and that the tokens come from the same device only, is inferred.
func (s step) deviceProven(st state, in Answer, proven bool) (outcome, error) {
	if in.Responses["DEVICE_KEY"] == "" {
		return outcome{}, missingParameter("DEVICE_KEY")
	}
	u, err := s.pool.UserLocked(in.Responses["USERNAME"])
	if err != nil || u.Sub != st.Sub || in.Responses["DEVICE_KEY"] != st.Trail.Device || !proven {
		return outcome{}, pool.IncorrectCredentials()
	}
	if err := s.admissible(u); err != nil {
		return outcome{}, err
	}
	if s.trail = st.Trail; s.device(u) == nil {
		return outcome{}, pool.DeviceNotFound()
	}
	s.source = trigger.TokensAuthenticateDevice
	return s.tokens(u), nil
}
