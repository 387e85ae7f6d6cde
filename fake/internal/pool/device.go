package pool

import (
	"cmp"
	"encoding/base64"
	"iter"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Device is a device that its user has confirmed. Its pool's lock guards every field.
type Device struct {
	Key           string
	Name          string // "" where it was given none
	Remembered    bool
	Created       time.Time
	Modified      time.Time
	Authenticated time.Time // the last sign-in from it

	Awaited []Awaited // the oldest first

	salt, verifier *big.Int
}

// Awaited is a sign-in that waits for a device to prove itself, or has waited.
type Awaited struct {
	Session string // its id
	Client  string
	Expires time.Time
}

// AwaitLocked remembers a sign-in that waits for the device, and forgets those that have expired.
func (d *Device) AwaitLocked(a Awaited, now time.Time) {
	d.Awaited = slices.DeleteFunc(d.Awaited, func(old Awaited) bool { return !now.Before(old.Expires) })
	d.Awaited = append(d.Awaited, a)
}

// TracksDevices reports whether sign-ins to the pool have devices: whether it has a
// DeviceConfiguration, with whatever values (API reference).
func (p *Pool) TracksDevices() bool { return p.Settings.DeviceConfiguration != nil }

// CheckTracksDevices refuses the operations on devices in a pool that does not track them.
func (p *Pool) CheckTracksDevices() error {
	if !p.TracksDevices() {
		return DevicesNotTracked()
	}
	return nil
}

// AsksToRemember reports whether confirmed devices are remembered only where the user wants it. The
// pool must track devices.
func (p *Pool) AsksToRemember() bool {
	return p.Settings.DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt
}

// DeviceDue reports whether a device has to prove itself in place of a second factor, or where there
// is none to ask for.
//
// With ChallengeRequiredOnNewDevice a remembered device replaces the second factor (API reference).
// Without it the second factor is asked for all the same, as users of the service report; that the
// device need not prove itself besides is inferred.
func (p *Pool) DeviceDue(d *Device, factorDue bool) bool {
	return d.Remembered && (!factorDue || p.Settings.DeviceConfiguration.ChallengeRequiredOnNewDevice)
}

// DeviceGroupKey returns what takes the place of the pool's name in the SRP of a user's devices: a
// hyphen and eight letters and digits, the same for all of them.
func (p *Pool) DeviceGroupKey(u *User) string {
	return "-" + spell(p.disguise("device group " + u.Sub)[:8], alphanumeric)
}

// DeviceLocked returns the confirmed device of a key, or nil.
func (u *User) DeviceLocked(key string) *Device {
	if i, ok := u.deviceAt(key); ok {
		return u.devices[i]
	}
	return nil
}

func (u *User) deviceAt(key string) (int, bool) {
	return slices.BinarySearchFunc(u.devices, key, func(d *Device, key string) int { return cmp.Compare(d.Key, key) })
}

// DevicesLocked yields the confirmed devices whose keys come after one, in their order.
func (u *User) DevicesLocked(after string) iter.Seq[*Device] {
	return func(yield func(*Device) bool) {
		for _, d := range u.devices {
			if d.Key > after && !yield(d) {
				return
			}
		}
	}
}

// OwnDevicesLocked yields the devices that the pool shows to their user: where remembering is the
// user's choice, the remembered ones.
func (p *Pool) OwnDevicesLocked(u *User, after string) iter.Seq[*Device] {
	return func(yield func(*Device) bool) {
		for d := range u.DevicesLocked(after) {
			if (d.Remembered || !p.AsksToRemember()) && !yield(d) {
				return
			}
		}
	}
}

// ConfirmDeviceLocked begins to track the new device of a sign-in. It is remembered at once, unless
// the pool leaves that to the user.
func (p *Pool) ConfirmDeviceLocked(u *User, g *Grant, d *Device, now time.Time) error {
	if g == nil || !g.Confirmable || g.Device != d.Key {
		return DeviceKeyInvalid()
	}
	i, known := u.deviceAt(d.Key)
	if known {
		return DeviceKeyExists()
	}
	d.Remembered = !p.AsksToRemember()
	d.Created, d.Modified, d.Authenticated = now, now, g.AuthTime
	u.devices = slices.Insert(u.devices, i, d)
	return nil
}

// RememberDeviceLocked changes whether a device is remembered. An empty status changes nothing
// (inferred).
func (u *User) RememberDeviceLocked(key string, status types.DeviceRememberedStatusType, now time.Time) error {
	d := u.DeviceLocked(key)
	if d == nil {
		return DeviceNotFound()
	}
	if status != "" {
		d.Remembered = status == types.DeviceRememberedStatusTypeRemembered
	}
	d.Modified = now
	return nil
}

// ForgetDeviceLocked ends the tracking of a device. Sign-ins from it cannot be refreshed any more.
func (u *User) ForgetDeviceLocked(key string) error {
	i, ok := u.deviceAt(key)
	if !ok {
		return DeviceNotFound()
	}
	u.devices = slices.Delete(u.devices, i, i+1)
	return nil
}

// SetVerifier gives a new device what its password is checked with: positive numbers, as base64 of
// their bytes in two's complement.
func (d *Device) SetVerifier(c *types.DeviceSecretVerifierConfigType) (err error) {
	if c == nil {
		c = &types.DeviceSecretVerifierConfigType{}
	}
	if d.salt, err = positive(c.Salt); err != nil {
		return err
	}
	d.verifier, err = positive(c.PasswordVerifier)
	return err
}

// positive decodes a number. Padding of the base64 is optional, as in examples of the service.
func positive(text *string) (*big.Int, error) {
	if text == nil {
		return nil, VerifierNotPositive()
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(*text, "="))
	n := new(big.Int).SetBytes(b)
	if err != nil || n.Sign() == 0 || b[0]&0x80 != 0 {
		return nil, VerifierNotPositive()
	}
	return n, nil
}

// DeviceLogin is what the server's side of SRP knows of a device.
type DeviceLogin struct {
	Username       string // the stored one
	Key, GroupKey  string
	Salt, Verifier *big.Int
}

// DeviceLogin returns the SRP login of a user's device, if the user has it. It takes the pool's lock.
func (p *Pool) DeviceLogin(username, key string) (login DeviceLogin, known bool) {
	p.Lock()
	defer p.Unlock()
	u, err := p.UserLocked(username)
	if err != nil {
		return login, false
	}
	d := u.DeviceLocked(key)
	if d == nil {
		return login, false
	}
	return DeviceLogin{Username: u.Username, Key: key, GroupKey: p.DeviceGroupKey(u), Salt: d.salt, Verifier: d.verifier}, true
}
