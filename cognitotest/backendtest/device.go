package backendtest

import (
	"encoding/base64"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// always is a pool that remembers every device, each in place of a second factor.
func always() cognitotest.Option {
	return tracking(types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true})
}

// optIn is a pool that remembers the devices that users want it to remember.
func optIn() cognitotest.Option {
	return tracking(types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true})
}

func tracking(c types.DeviceConfigurationType) cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{DeviceConfiguration: &c})
}

// fromNewDevice signs a user in by SRP. Pairs of names and values replace responses.
func fromNewDevice(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, replace ...string) *types.AuthenticationResultType {
	t.Helper()
	s, err := beginSRP(p, u.Username)
	need(t, err)
	out, err := s.answer(t, u.Password, replace...)
	wantTokens(t, out, err)
	return out.AuthenticationResult
}

// confirmDevice confirms the new device of a sign-in, without remembering its password.
func confirmDevice(p *cognitotest.Provider, r *types.AuthenticationResultType, edit ...func(*cip.ConfirmDeviceInput)) (*cip.ConfirmDeviceOutput, error) {
	in := &cip.ConfirmDeviceInput{AccessToken: r.AccessToken, DeviceKey: aws.String("us-east-1_00000000-0000-4000-8000-000000000000")}
	if r.NewDeviceMetadata != nil {
		in.DeviceKey = r.NewDeviceMetadata.DeviceKey
	}
	salt, verifier := srpclient.DeviceVerifier("-a1B2c3D4", *in.DeviceKey, "password")
	in.DeviceSecretVerifierConfig = &types.DeviceSecretVerifierConfigType{Salt: &salt, PasswordVerifier: &verifier}
	for _, f := range edit {
		f(in)
	}
	return p.Client().ConfirmDevice(ctx, in)
}

// unconfirmed checks that the device of a sign-in cannot be confirmed.
func unconfirmed(t *testing.T, p *cognitotest.Provider, r *types.AuthenticationResultType) {
	t.Helper()
	wantError(t, fail(confirmDevice(p, r)), "InvalidParameterException", "Invalid device key given.")
}

var newDevices = []Behaviour{
	{"a sign-in from an unknown device gets a new device key, and the user's device group key", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		first, second := fromNewDevice(t, p, u), fromNewDevice(t, p, u)
		key, group := *first.NewDeviceMetadata.DeviceKey, *first.NewDeviceMetadata.DeviceGroupKey
		if !regexp.MustCompile(`^` + p.Region + `_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(key) {
			t.Errorf("device key = %q, want %s_<uuid>", key, p.Region)
		}
		if !regexp.MustCompile(`^-[0-9A-Za-z]{8}$`).MatchString(group) {
			t.Errorf("device group key = %q, want one like -v7w9UcY6", group)
		}
		if *second.NewDeviceMetadata.DeviceKey == key || *second.NewDeviceMetadata.DeviceGroupKey != group {
			t.Errorf("second device: %+v, want another key in the group %s", second.NewDeviceMetadata, group)
		}
	}},
	{"a sign-in by password gets a new device key too, with and without an administrator", func(t *testing.T, start Start) {
		p := start(t, optIn())
		u := p.NewUser(t)
		public, err := signIn(p, u.Username, u.Password)
		need(t, err)
		admin, err := adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password})
		need(t, err)
		if public.AuthenticationResult.NewDeviceMetadata == nil || admin.AuthenticationResult.NewDeviceMetadata == nil {
			t.Error("no new device")
		}
	}},
	{"the access token names the device, the ID token does not", func(t *testing.T, start Start) {
		p := start(t, always())
		r := fromNewDevice(t, p, p.NewUser(t))
		wantClaims(t, claims(t, *r.AccessToken), map[string]any{"device_key": *r.NewDeviceMetadata.DeviceKey})
		wantClaims(t, claims(t, *r.IdToken), map[string]any{"device_key": nil})
	}},
	{"a pool that does not track devices gives no device key, and passes over one that is sent", func(t *testing.T, start Start) {
		p := start(t)
		r := fromNewDevice(t, p, p.NewUser(t), "DEVICE_KEY", "us-east-1_00000000-0000-4000-8000-000000000000")
		if r.NewDeviceMetadata != nil {
			t.Errorf("new device: %+v, want none", r.NewDeviceMetadata)
		}
		wantClaims(t, claims(t, *r.AccessToken), map[string]any{"device_key": nil})
	}},
}

var deviceConfirmations = []Behaviour{
	{"the user is to be asked about a confirmed device where remembering is the user's choice", func(t *testing.T, start Start) {
		for _, test := range []struct {
			pool cognitotest.Option
			want bool
		}{{always(), false}, {optIn(), true}} {
			p := start(t, test.pool)
			out, err := confirmDevice(p, fromNewDevice(t, p, p.NewUser(t)))
			need(t, err)
			if out.UserConfirmationNecessary != test.want {
				t.Errorf("UserConfirmationNecessary = %t, want %t", out.UserConfirmationNecessary, test.want)
			}
		}
	}},
	{"only the device of the access token's own sign-in can be confirmed", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		r, other := fromNewDevice(t, p, u), fromNewDevice(t, p, u)
		r.NewDeviceMetadata = other.NewDeviceMetadata
		unconfirmed(t, p, r)
		r.NewDeviceMetadata = nil
		unconfirmed(t, p, r)
	}},
	{"a sign-in by password lets a device be confirmed where an administrator makes it", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		out, err := adminInitiate(p, types.AuthFlowTypeAdminUserPasswordAuth, "", map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password})
		need(t, err)
		need(t, fail(confirmDevice(p, out.AuthenticationResult)))
	}},
	{"a sign-in by password does not let a device be confirmed where the user makes it", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		unconfirmed(t, p, out.AuthenticationResult)
	}},
	{"an answer under an alias does not let a device be confirmed", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(cip.CreateUserPoolInput{
			AliasAttributes:     []types.AliasAttributeType{types.AliasAttributeTypeEmail},
			DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true},
		}), withTOTP("OPTIONAL"))
		u := p.NewUser(t, cognitotest.Email("ann@example.com"))
		unconfirmed(t, p, fromNewDevice(t, p, u, "USERNAME", "ann@example.com"))
		s, err := beginSRP(p, "ann@example.com") // an alias there does no harm
		need(t, err)
		out, err := s.answer(t, u.Password)
		wantTokens(t, out, err)
		need(t, fail(confirmDevice(p, out.AuthenticationResult)))

		bob := p.NewUser(t, cognitotest.Email("bob@example.com"), cognitotest.TOTP())
		for _, name := range []string{"bob@example.com", bob.Username} {
			s, err := beginSRP(p, bob.Username)
			need(t, err)
			out, err := s.answer(t, bob.Password)
			need(t, err)
			out, err = reply(p, totpMFA, out.Session, name, "SOFTWARE_TOKEN_MFA_CODE", bob.TOTPCode(t))
			wantTokens(t, out, err)
			if name == bob.Username {
				need(t, fail(confirmDevice(p, out.AuthenticationResult)))
			} else {
				unconfirmed(t, p, out.AuthenticationResult)
			}
		}
	}},
	{"a device can be confirmed after a sign-in by SRP that set a new password", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t, cognitotest.TemporaryPassword())
		s, err := beginSRP(p, u.Username)
		need(t, err)
		out, err := s.answer(t, u.Password)
		need(t, err)
		out, err = respond(p, out.Session, u.Username, newPassword)
		wantTokens(t, out, err)
		need(t, fail(confirmDevice(p, out.AuthenticationResult)))
	}},
	{"a device is confirmed once", func(t *testing.T, start Start) {
		p := start(t, always())
		r := fromNewDevice(t, p, p.NewUser(t))
		need(t, fail(confirmDevice(p, r)))
		wantCode(t, fail(confirmDevice(p, r)), "DeviceKeyExistsException")
	}},
	{"a device is confirmed with a salt and a verifier that are positive numbers in base64", func(t *testing.T, start Start) {
		p := start(t, always())
		r := fromNewDevice(t, p, p.NewUser(t))
		negative, positive := "/////w==", "AP////8="
		for _, c := range []*types.DeviceSecretVerifierConfigType{
			nil, {}, {Salt: &positive}, {PasswordVerifier: &positive},
			{Salt: &negative, PasswordVerifier: &positive},
			{Salt: &positive, PasswordVerifier: &negative},
			{Salt: aws.String("*"), PasswordVerifier: &positive},
			{Salt: &positive, PasswordVerifier: aws.String("AA==")},
		} {
			_, err := confirmDevice(p, r, func(in *cip.ConfirmDeviceInput) { in.DeviceSecretVerifierConfig = c })
			wantCode(t, err, "InvalidParameterException")
		}
		unpadded := base64.RawStdEncoding.EncodeToString([]byte("MyVerifierString")) // as examples of the service have it
		_, err := confirmDevice(p, r, func(in *cip.ConfirmDeviceInput) {
			in.DeviceSecretVerifierConfig = &types.DeviceSecretVerifierConfigType{Salt: &unpadded, PasswordVerifier: &unpadded}
		})
		need(t, err)
	}},
	{"a pool that does not track devices refuses every operation on them", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t)
		token, key := u.AccessToken(t), aws.String("us-east-1_00000000-0000-4000-8000-000000000000")
		c := p.Client()
		for name, err := range map[string]error{
			"ConfirmDevice":           fail(confirmDevice(p, &types.AuthenticationResultType{AccessToken: &token})),
			"GetDevice":               fail(c.GetDevice(ctx, &cip.GetDeviceInput{AccessToken: &token, DeviceKey: key})),
			"ListDevices":             fail(c.ListDevices(ctx, &cip.ListDevicesInput{AccessToken: &token})),
			"UpdateDeviceStatus":      fail(c.UpdateDeviceStatus(ctx, &cip.UpdateDeviceStatusInput{AccessToken: &token, DeviceKey: key})),
			"ForgetDevice":            fail(c.ForgetDevice(ctx, &cip.ForgetDeviceInput{AccessToken: &token, DeviceKey: key})),
			"AdminGetDevice":          fail(c.AdminGetDevice(ctx, &cip.AdminGetDeviceInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: key})),
			"AdminListDevices":        fail(c.AdminListDevices(ctx, &cip.AdminListDevicesInput{UserPoolId: &p.PoolID, Username: &u.Username})),
			"AdminUpdateDeviceStatus": fail(c.AdminUpdateDeviceStatus(ctx, &cip.AdminUpdateDeviceStatusInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: key})),
			"AdminForgetDevice":       fail(c.AdminForgetDevice(ctx, &cip.AdminForgetDeviceInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: key})),
		} {
			t.Log(name)
			wantError(t, err, "InvalidUserPoolConfigurationException", "Device tracking not currently enabled for this pool.")
		}
	}},
}
