package cognitotest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// Device is a remembered device of a user, made by [User.RememberDevice]: what an app stores to sign
// in from it again.
type Device struct {
	Key      string // DEVICE_KEY: the region, an underscore, a UUID
	GroupKey string // DeviceGroupKey: takes the place of the pool's name in the device's SRP
	Password string // base64 of 40 random bytes, of which the service knows a verifier only

	user *User
}

// RememberDevice signs the user in by SRP from a new device, confirms the device and has it
// remembered, also where the pool leaves that to the user. The pool needs a DeviceConfiguration in
// [WithPool], the app client the flow of [User.SignInSRP]. Where the pool asks for a second factor,
// the user needs [TOTP].
func (u *User) RememberDevice(t TB) *Device {
	t.Helper()
	d, err := u.rememberDevice(context.Background())
	if err != nil {
		t.Fatalf("cognitotest: remembering a device of %s: %v", u.Username, err)
	}
	return d
}

func (u *User) rememberDevice(ctx context.Context) (*Device, error) {
	at, err := u.proveSRP(ctx, nil)
	if err != nil {
		return nil, err
	}
	if at, err = u.secondFactor(ctx, at); err != nil {
		return nil, err
	}
	if _, err := at.tokens(); err != nil {
		return nil, err
	}
	made := at.result.NewDeviceMetadata
	if made == nil {
		return nil, errors.New("the pool tracks no devices; set DeviceConfiguration in WithPool")
	}
	d := &Device{Key: *made.DeviceKey, GroupKey: *made.DeviceGroupKey, Password: devicePassword(), user: u}
	return d, d.confirm(ctx, at.result.AccessToken)
}

func devicePassword() string {
	var b [40]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return base64.StdEncoding.EncodeToString(b[:])
}

// confirm gives the service the verifier of the device's password, and has the device remembered.
func (d *Device) confirm(ctx context.Context, accessToken *string) error {
	c := d.user.provider.client
	salt, verifier := srpclient.DeviceVerifier(d.GroupKey, d.Key, d.Password)
	out, err := c.ConfirmDevice(ctx, &cip.ConfirmDeviceInput{
		AccessToken: accessToken, DeviceKey: &d.Key, DeviceName: aws.String("cognitotest"),
		DeviceSecretVerifierConfig: &types.DeviceSecretVerifierConfigType{Salt: &salt, PasswordVerifier: &verifier},
	})
	if err != nil || !out.UserConfirmationNecessary {
		return err
	}
	_, err = c.UpdateDeviceStatus(ctx, &cip.UpdateDeviceStatusInput{
		AccessToken: accessToken, DeviceKey: &d.Key, DeviceRememberedStatus: types.DeviceRememberedStatusTypeRemembered,
	})
	return err
}

// SignIn signs the user in from the device: by USER_SRP_AUTH with DEVICE_KEY, and by DEVICE_SRP_AUTH
// and DEVICE_PASSWORD_VERIFIER in place of a second factor. Where the pool asks for the second factor
// all the same (ChallengeRequiredOnNewDevice is false, or the device is not remembered any more), the
// user's authenticator answers. To refresh the tokens send the device's Key as DEVICE_KEY.
func (d *Device) SignIn(t TB) Tokens {
	t.Helper()
	tokens, err := d.signIn(context.Background())
	if err != nil {
		t.Fatalf("cognitotest: signing in %s from a device: %v", d.user.Username, err)
	}
	return tokens
}

func (d *Device) signIn(ctx context.Context) (Tokens, error) {
	at, err := d.user.proveSRP(ctx, d)
	if err != nil {
		return Tokens{}, err
	}
	if at.challenge != types.ChallengeNameTypeDeviceSrpAuth {
		return d.user.finish(ctx, at)
	}
	srp := srpclient.NewDevice(d.GroupKey)
	at, err = d.user.provider.answer(ctx, at, d.name(map[string]string{"USERNAME": d.user.Username, "SRP_A": srp.Public()}))
	if err != nil {
		return Tokens{}, err
	}
	if at.challenge != types.ChallengeNameTypeDevicePasswordVerifier {
		return Tokens{}, fmt.Errorf("the pool asks for %s, want DEVICE_PASSWORD_VERIFIER", at.challenge)
	}
	proof, err := srp.AnswerDevice(d.name(at.params), d.Password, d.user.provider.now())
	if err != nil {
		return Tokens{}, err
	}
	last, err := d.user.provider.answer(ctx, at, proof)
	if err != nil {
		return Tokens{}, err
	}
	return last.tokens()
}

// name adds the device to parameters; no device adds nothing.
func (d *Device) name(params map[string]string) map[string]string {
	if d != nil {
		params["DEVICE_KEY"] = d.Key
	}
	return params
}
