package backendtest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// setRemembered is AdminUpdateDeviceStatus.
func setRemembered(p *cognitotest.Provider, u *cognitotest.User, key string, status types.DeviceRememberedStatusType) error {
	return fail(p.Client().AdminUpdateDeviceStatus(ctx, &cip.AdminUpdateDeviceStatusInput{
		UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: &key, DeviceRememberedStatus: status,
	}))
}

// forgetDevice is AdminForgetDevice.
func forgetDevice(p *cognitotest.Provider, u *cognitotest.User, key string) error {
	return fail(p.Client().AdminForgetDevice(ctx, &cip.AdminForgetDeviceInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: &key}))
}

func keysOf(devices []types.DeviceType) []string {
	keys := []string{}
	for _, d := range devices {
		keys = append(keys, *d.DeviceKey)
	}
	return keys
}

// wantDevices checks the keys that the user and an administrator are shown.
func wantDevices(t *testing.T, p *cognitotest.Provider, u *cognitotest.User, own, admin []string) {
	t.Helper()
	token := u.AccessToken(t)
	got, err := p.Client().ListDevices(ctx, &cip.ListDevicesInput{AccessToken: &token})
	need(t, err)
	if diff := cmp.Diff(sorted(own), sorted(keysOf(got.Devices))); diff != "" {
		t.Errorf("the user's devices (-want +got):\n%s", diff)
	}
	all, err := p.Client().AdminListDevices(ctx, &cip.AdminListDevicesInput{UserPoolId: &p.PoolID, Username: &u.Username})
	need(t, err)
	if diff := cmp.Diff(sorted(admin), sorted(keysOf(all.Devices))); diff != "" {
		t.Errorf("the administrator's devices (-want +got):\n%s", diff)
	}
}

var deviceLists = []Behaviour{
	{"users see their devices, or those they want remembered where that is their choice", func(t *testing.T, start Start) {
		for _, test := range []struct {
			pool    cognitotest.Option
			without int // how many the user sees once the first is not remembered
		}{{always(), 2}, {optIn(), 1}} {
			p := start(t, test.pool)
			u := p.NewUser(t)
			wantDevices(t, p, u, nil, nil)
			fromNewDevice(t, p, u) // is not confirmed
			first, second := u.RememberDevice(t).Key, u.RememberDevice(t).Key
			wantDevices(t, p, u, []string{first, second}, []string{first, second})
			need(t, setRemembered(p, u, first, "not_remembered"))
			wantDevices(t, p, u, []string{second, first}[:test.without], []string{first, second})
		}
	}},
	{"a device shows its status, name and dates, and to administrators more", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		before := time.Now().Add(-time.Minute)
		r := fromNewDevice(t, p, u)
		_, err := confirmDevice(p, r, func(in *cip.ConfirmDeviceInput) { in.DeviceName = aws.String("MyDevice") })
		need(t, err)
		key := r.NewDeviceMetadata.DeviceKey
		got, err := p.Client().GetDevice(ctx, &cip.GetDeviceInput{AccessToken: r.AccessToken, DeviceKey: key})
		need(t, err)
		own := values(got.Device.DeviceAttributes)
		if diff := cmp.Diff(map[string]string{"device_status": "valid", "device_name": "MyDevice", "last_ip_used": own["last_ip_used"]}, own); diff != "" || own["last_ip_used"] == "" {
			t.Errorf("attributes for the user (-want +got):\n%s", diff)
		}
		admin, err := p.Client().AdminGetDevice(ctx, &cip.AdminGetDeviceInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: key})
		need(t, err)
		owner := u.Username + "." + p.PoolID
		all := values(admin.Device.DeviceAttributes)
		if diff := cmp.Diff(map[string]string{
			"device_status": "valid", "device_name": "MyDevice", "last_ip_used": own["last_ip_used"],
			"dev:device_arn":   "arn:aws:cognito-idp:" + p.Region + ":" + accountOf(t, p) + ":owner/" + owner + "/device/" + *key,
			"dev:device_owner": owner, "dev:device_remembered_status": "remembered", "dev:device_sdk": all["dev:device_sdk"],
		}, all); diff != "" || all["dev:device_sdk"] == "" {
			t.Errorf("attributes for administrators (-want +got):\n%s", diff)
		}
		d := got.Device
		if d.DeviceCreateDate.Before(before) || d.DeviceLastModifiedDate.Before(before) || d.DeviceLastAuthenticatedDate.Before(before) || d.DeviceLastAuthenticatedDate.Nanosecond() != 0 {
			t.Errorf("dates %v, %v, %v; want now, the last one a whole second", d.DeviceCreateDate, d.DeviceLastModifiedDate, d.DeviceLastAuthenticatedDate)
		}
	}},
	{"a device remembers its last sign-in and its last change", func(t *testing.T, start Start) {
		p := start(t, always())
		fake := needFake(t, p, slow)
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		look := func() *types.DeviceType {
			out, err := p.Client().AdminGetDevice(ctx, &cip.AdminGetDeviceInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: &d.Key})
			need(t, err)
			return out.Device
		}
		made := look()
		fake.Advance(time.Hour)
		d.SignIn(t)
		fake.Advance(time.Hour)
		need(t, setRemembered(p, u, d.Key, "not_remembered"))
		now := look()
		if !now.DeviceCreateDate.Equal(*made.DeviceCreateDate) {
			t.Errorf("created %v, then %v", made.DeviceCreateDate, now.DeviceCreateDate)
		}
		if got := now.DeviceLastAuthenticatedDate.Sub(*made.DeviceLastAuthenticatedDate).Round(time.Hour); got != time.Hour {
			t.Errorf("signed in %v later, want an hour", got)
		}
		if got := now.DeviceLastModifiedDate.Sub(*made.DeviceLastModifiedDate).Round(time.Hour); got != 2*time.Hour {
			t.Errorf("modified %v later, want two hours", got)
		}
		if got := attribute(now.DeviceAttributes, "dev:device_remembered_status"); got != "not_remembered" {
			t.Errorf("status = %q, want not_remembered", got)
		}
	}},
	{"lists of devices have pages", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		var want []string
		for range 5 {
			r := fromNewDevice(t, p, u)
			need(t, fail(confirmDevice(p, r)))
			want = append(want, *r.NewDeviceMetadata.DeviceKey)
		}
		token := u.AccessToken(t)
		own := allPages(t, 2, func(next *string) ([]string, *string) {
			out, err := p.Client().ListDevices(ctx, &cip.ListDevicesInput{AccessToken: &token, Limit: aws.Int32(2), PaginationToken: next})
			need(t, err)
			return keysOf(out.Devices), out.PaginationToken
		})
		admin := allPages(t, 2, func(next *string) ([]string, *string) {
			out, err := p.Client().AdminListDevices(ctx, &cip.AdminListDevicesInput{UserPoolId: &p.PoolID, Username: &u.Username, Limit: aws.Int32(2), PaginationToken: next})
			need(t, err)
			return keysOf(out.Devices), out.PaginationToken
		})
		if diff := cmp.Diff(sorted(want), sorted(own)); diff != "" {
			t.Errorf("the user's devices (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(sorted(want), sorted(admin)); diff != "" {
			t.Errorf("the administrator's devices (-want +got):\n%s", diff)
		}
		_, err := p.Client().ListDevices(ctx, &cip.ListDevicesInput{AccessToken: &token, PaginationToken: aws.String("none")})
		wantCode(t, err, "InvalidParameterException")
	}},
	{"users remember and forget their devices, and so do administrators", func(t *testing.T, start Start) {
		p := start(t, optIn())
		u := p.NewUser(t)
		first, second := u.RememberDevice(t).Key, u.RememberDevice(t).Key
		token := u.AccessToken(t)
		need(t, fail(p.Client().UpdateDeviceStatus(ctx, &cip.UpdateDeviceStatusInput{AccessToken: &token, DeviceKey: &first, DeviceRememberedStatus: "not_remembered"})))
		wantDevices(t, p, u, []string{second}, []string{first, second})
		need(t, fail(p.Client().ForgetDevice(ctx, &cip.ForgetDeviceInput{AccessToken: &token, DeviceKey: &first})))
		wantDevices(t, p, u, []string{second}, []string{second})
		need(t, forgetDevice(p, u, second))
		wantDevices(t, p, u, nil, nil)
	}},
	{"a device that the user does not have is not found", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		key := p.NewUser(t).RememberDevice(t).Key // somebody else's
		token := u.AccessToken(t)
		c := p.Client()
		for name, err := range map[string]error{
			"GetDevice":               fail(c.GetDevice(ctx, &cip.GetDeviceInput{AccessToken: &token, DeviceKey: &key})),
			"UpdateDeviceStatus":      fail(c.UpdateDeviceStatus(ctx, &cip.UpdateDeviceStatusInput{AccessToken: &token, DeviceKey: &key, DeviceRememberedStatus: "remembered"})),
			"ForgetDevice":            fail(c.ForgetDevice(ctx, &cip.ForgetDeviceInput{AccessToken: &token, DeviceKey: &key})),
			"AdminGetDevice":          fail(c.AdminGetDevice(ctx, &cip.AdminGetDeviceInput{UserPoolId: &p.PoolID, Username: &u.Username, DeviceKey: &key})),
			"AdminUpdateDeviceStatus": setRemembered(p, u, key, "remembered"),
			"AdminForgetDevice":       forgetDevice(p, u, key),
		} {
			t.Log(name)
			wantError(t, err, "ResourceNotFoundException", deviceGone)
		}
	}},
	{"the operations on devices find no unknown user, and need a good access token", func(t *testing.T, start Start) {
		p := start(t, always())
		nobody := &cognitotest.User{Username: "nobody"}
		key := "us-east-1_00000000-0000-4000-8000-000000000000"
		wantError(t, setRemembered(p, nobody, key, "remembered"), "UserNotFoundException", "User does not exist.")
		wantError(t, forgetDevice(p, nobody, key), "UserNotFoundException", "User does not exist.")
		_, err := p.Client().ListDevices(ctx, &cip.ListDevicesInput{AccessToken: aws.String("invalidtoken")})
		wantError(t, err, "NotAuthorizedException", badSignature)
	}},
	{"a user's devices go with the user", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		need(t, fail(p.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})))
		again := p.NewUser(t, cognitotest.Username(u.Username))
		wantDevices(t, p, again, nil, nil)
		s, err := beginSRP(p, again.Username)
		need(t, err)
		_, err = s.answer(t, again.Password, "DEVICE_KEY", d.Key)
		wantError(t, err, "ResourceNotFoundException", deviceGone)
	}},
}

// refreshFrom refreshes tokens by REFRESH_TOKEN_AUTH, with a DEVICE_KEY unless it is "".
func refreshFrom(p *cognitotest.Provider, token, key string) (*types.AuthenticationResultType, error) {
	params := map[string]string{"REFRESH_TOKEN": token}
	if key != "" {
		params["DEVICE_KEY"] = key
	}
	out, err := initiate(p, types.AuthFlowTypeRefreshTokenAuth, "", params)
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

// exchangeFrom is refreshFrom by GetTokensFromRefreshToken.
func exchangeFrom(p *cognitotest.Provider, token, key string) (*types.AuthenticationResultType, error) {
	out, err := p.Client().GetTokensFromRefreshToken(ctx, &cip.GetTokensFromRefreshTokenInput{
		ClientId: &p.ClientID, RefreshToken: &token, DeviceKey: given(key),
	})
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

// notRefreshable checks that both ways to refresh refuse a token from a device.
func notRefreshable(t *testing.T, p *cognitotest.Provider, token, key string) {
	t.Helper()
	wantError(t, fail(refreshFrom(p, token, key)), "NotAuthorizedException", "Invalid Refresh Token")
	wantError(t, fail(exchangeFrom(p, token, key)), "NotAuthorizedException", "Invalid Refresh Token.")
}

var deviceRefreshes = []Behaviour{
	{"with devices a refresh needs the key of the sign-in's own, confirmed device", func(t *testing.T, start Start) {
		for _, pool := range []cognitotest.Option{always(), optIn()} {
			p := start(t, pool)
			u := p.NewUser(t)
			r := fromNewDevice(t, p, u)
			token, key := *r.RefreshToken, *r.NewDeviceMetadata.DeviceKey
			notRefreshable(t, p, token, key) // not confirmed
			need(t, fail(confirmDevice(p, r)))
			notRefreshable(t, p, token, "")
			notRefreshable(t, p, token, u.RememberDevice(t).Key) // another device
			for _, by := range []func(*cognitotest.Provider, string, string) (*types.AuthenticationResultType, error){refreshFrom, exchangeFrom} {
				got, err := by(p, token, key)
				need(t, err)
				if got.RefreshToken != nil || got.NewDeviceMetadata != nil {
					t.Errorf("result = %+v, want access and ID tokens alone", got)
				}
				wantClaims(t, claims(t, *got.AccessToken), map[string]any{"device_key": key})
			}
		}
	}},
	{"with devices a sign-in by password cannot be refreshed", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		out, err := signIn(p, u.Username, u.Password)
		need(t, err)
		r := out.AuthenticationResult
		notRefreshable(t, p, *r.RefreshToken, "")
		notRefreshable(t, p, *r.RefreshToken, *r.NewDeviceMetadata.DeviceKey)
	}},
	{"a sign-in from a remembered device is refreshed from there, until the device is forgotten", func(t *testing.T, start Start) {
		p := start(t, always())
		u := p.NewUser(t)
		d := u.RememberDevice(t)
		token := d.SignIn(t).RefreshToken
		need(t, fail(refreshFrom(p, token, d.Key)))
		need(t, forgetDevice(p, u, d.Key))
		notRefreshable(t, p, token, d.Key)
	}},
	{"rotation goes on from the same device", func(t *testing.T, start Start) {
		p := start(t, always(), rotating(0))
		d := p.NewUser(t).RememberDevice(t)
		first := d.SignIn(t).RefreshToken
		wantError(t, fail(exchangeFrom(p, first, "")), "NotAuthorizedException", "Invalid Refresh Token.") // and is not used up
		second, err := exchangeFrom(p, first, d.Key)
		need(t, err)
		need(t, fail(exchangeFrom(p, *second.RefreshToken, d.Key)))
		wantCode(t, fail(exchangeFrom(p, first, d.Key)), "RefreshTokenReuseException")
	}},
	{"a user's access token renews itself by a new sign-in where it cannot be refreshed", func(t *testing.T, start Start) {
		p := start(t, always())
		fake := needFake(t, p, slow)
		u := p.NewUser(t)
		first := u.AccessToken(t)
		fake.Advance(time.Hour)
		if second := u.AccessToken(t); second == first {
			t.Error("the same token, want a new one")
		}
	}},
}
