package api

import (
	"context"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// ConfirmDevice begins to track the device that the user of an access token signed in from. The user
// is to be asked whether to remember it where the pool says so.
func (a *API) ConfirmDevice(ctx context.Context, in *cip.ConfirmDeviceInput, _ ...options) (*cip.ConfirmDeviceOutput, error) {
	out := &cip.ConfirmDeviceOutput{}
	err := a.withOwnDevices(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		d := &pool.Device{Key: aws.ToString(in.DeviceKey), Name: aws.ToString(in.DeviceName)}
		if err := d.SetVerifier(in.DeviceSecretVerifierConfig); err != nil {
			return err
		}
		out.UserConfirmationNecessary = c.pool.AsksToRemember()
		return c.pool.ConfirmDeviceLocked(u, c.grant, d, c.now)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// GetDevice answers one of the user's devices.
func (a *API) GetDevice(ctx context.Context, in *cip.GetDeviceInput, _ ...options) (*cip.GetDeviceOutput, error) {
	out := &cip.GetDeviceOutput{}
	err := a.withOwnDevices(ctx, in.AccessToken, func(_ *call, u *pool.User) (err error) {
		out.Device, err = deviceOf(u, in.DeviceKey, deviceOut)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// AdminGetDevice answers one of a user's devices with what only administrators see.
func (a *API) AdminGetDevice(ctx context.Context, in *cip.AdminGetDeviceInput, _ ...options) (*cip.AdminGetDeviceOutput, error) {
	out := &cip.AdminGetDeviceOutput{}
	err := a.withDevicesOf(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) (err error) {
		out.Device, err = deviceOf(u, in.DeviceKey, a.adminView(c.pool, u))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ListDevices answers a page of the user's devices: in a pool that leaves it to users whether a device
// is remembered, the remembered ones. They are ordered by key (inferred).
func (a *API) ListDevices(ctx context.Context, in *cip.ListDevicesInput, _ ...options) (*cip.ListDevicesOutput, error) {
	out := &cip.ListDevicesOutput{}
	err := a.withOwnDevices(ctx, in.AccessToken, func(c *call, u *pool.User) (err error) {
		l := deviceList{"ListDevices " + u.Sub, in.PaginationToken, in.Limit}
		out.Devices, out.PaginationToken, err = a.devicePage(l, deviceOut, func(after string) iter.Seq[*pool.Device] {
			return c.pool.OwnDevicesLocked(u, after)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// AdminListDevices answers a page of a user's devices, remembered or not.
func (a *API) AdminListDevices(ctx context.Context, in *cip.AdminListDevicesInput, _ ...options) (*cip.AdminListDevicesOutput, error) {
	out := &cip.AdminListDevicesOutput{}
	err := a.withDevicesOf(ctx, in.UserPoolId, in.Username, func(c *call, u *pool.User) (err error) {
		l := deviceList{"AdminListDevices " + u.Sub, in.PaginationToken, in.Limit}
		out.Devices, out.PaginationToken, err = a.devicePage(l, a.adminView(c.pool, u), u.DevicesLocked)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateDeviceStatus remembers one of the user's devices, or remembers it no more.
func (a *API) UpdateDeviceStatus(ctx context.Context, in *cip.UpdateDeviceStatusInput, _ ...options) (*cip.UpdateDeviceStatusOutput, error) {
	return done[cip.UpdateDeviceStatusOutput](a.withOwnDevices(ctx, in.AccessToken, func(c *call, u *pool.User) error {
		return u.RememberDeviceLocked(aws.ToString(in.DeviceKey), in.DeviceRememberedStatus, c.now)
	}))
}

// AdminUpdateDeviceStatus is UpdateDeviceStatus by an administrator.
func (a *API) AdminUpdateDeviceStatus(ctx context.Context, in *cip.AdminUpdateDeviceStatusInput, _ ...options) (*cip.AdminUpdateDeviceStatusOutput, error) {
	return done[cip.AdminUpdateDeviceStatusOutput](a.withDevicesOf(ctx, in.UserPoolId, in.Username, func(_ *call, u *pool.User) error {
		return u.RememberDeviceLocked(aws.ToString(in.DeviceKey), in.DeviceRememberedStatus, a.store.Clock.Now())
	}))
}

// ForgetDevice ends the tracking of one of the user's devices.
func (a *API) ForgetDevice(ctx context.Context, in *cip.ForgetDeviceInput, _ ...options) (*cip.ForgetDeviceOutput, error) {
	return done[cip.ForgetDeviceOutput](a.withOwnDevices(ctx, in.AccessToken, func(_ *call, u *pool.User) error {
		return u.ForgetDeviceLocked(aws.ToString(in.DeviceKey))
	}))
}

// AdminForgetDevice is ForgetDevice by an administrator.
func (a *API) AdminForgetDevice(ctx context.Context, in *cip.AdminForgetDeviceInput, _ ...options) (*cip.AdminForgetDeviceOutput, error) {
	return done[cip.AdminForgetDeviceOutput](a.withDevicesOf(ctx, in.UserPoolId, in.Username, func(_ *call, u *pool.User) error {
		return u.ForgetDeviceLocked(aws.ToString(in.DeviceKey))
	}))
}

// withOwnDevices is withToken in a pool that tracks devices.
func (a *API) withOwnDevices(ctx context.Context, accessToken *string, do func(*call, *pool.User) error) error {
	return a.withToken(ctx, accessToken, func(c *call, u *pool.User) error {
		if err := c.pool.CheckTracksDevices(); err != nil {
			return err
		}
		return do(c, u)
	})
}

// withDevicesOf is withUser in a pool that tracks devices.
func (a *API) withDevicesOf(ctx context.Context, poolID, username *string, do func(*call, *pool.User) error) error {
	return a.withUser(ctx, poolID, username, func(c *call, u *pool.User) error {
		if err := c.pool.CheckTracksDevices(); err != nil {
			return err
		}
		return do(c, u)
	})
}

// deviceList says which page of which list of devices is wanted.
type deviceList struct {
	kind  string
	token *string
	limit *int32
}

// devicePage answers a page of devices and the token of the next one.
func (a *API) devicePage(l deviceList, view func(*pool.Device) types.DeviceType, list func(after string) iter.Seq[*pool.Device]) ([]types.DeviceType, *string, error) {
	after, err := a.pageAfter(l.kind, l.token)
	if err != nil {
		return nil, nil, err
	}
	devices, more := page(list(after), pageLimit(l.limit))
	out := make([]types.DeviceType, len(devices))
	for i, d := range devices {
		out[i] = view(d)
	}
	if !more {
		return out, nil, nil
	}
	return out, a.pageToken(l.kind, devices[len(devices)-1].Key), nil
}

// deviceOf returns a view of a user's device.
func deviceOf(u *pool.User, key *string, view func(*pool.Device) types.DeviceType) (*types.DeviceType, error) {
	d := u.DeviceLocked(aws.ToString(key))
	if d == nil {
		return nil, pool.DeviceNotFound()
	}
	out := view(d)
	return &out, nil
}

// lastIP is the address of every client, as far as the fake can tell.
const lastIP = "127.0.0.1"

// deviceOut tells of a device what its user sees. The date of the last authentication is a whole
// second, as in CLI transcripts.
func deviceOut(d *pool.Device) types.DeviceType {
	attributes := []types.AttributeType{attributeOut("device_status", "valid")}
	if d.Name != "" {
		attributes = append(attributes, attributeOut("device_name", d.Name))
	}
	return types.DeviceType{
		DeviceKey: aws.String(d.Key), DeviceAttributes: append(attributes, attributeOut("last_ip_used", lastIP)),
		DeviceCreateDate: aws.Time(d.Created), DeviceLastModifiedDate: aws.Time(d.Modified),
		DeviceLastAuthenticatedDate: aws.Time(d.Authenticated.Truncate(time.Second)),
	}
}

// adminView tells of a user's device what administrators see (CLI transcripts).
func (a *API) adminView(p *pool.Pool, u *pool.User) func(*pool.Device) types.DeviceType {
	owner := u.Username + "." + p.ID
	return func(d *pool.Device) types.DeviceType {
		status := types.DeviceRememberedStatusTypeNotRemembered
		if d.Remembered {
			status = types.DeviceRememberedStatusTypeRemembered
		}
		out := deviceOut(d)
		out.DeviceAttributes = append(out.DeviceAttributes,
			attributeOut("dev:device_arn", "arn:aws:cognito-idp:"+p.Region+":"+a.store.AccountID+":owner/"+owner+"/device/"+d.Key),
			attributeOut("dev:device_owner", owner),
			attributeOut("dev:device_remembered_status", string(status)),
			attributeOut("dev:device_sdk", "aws-sdk"),
		)
		return out
	}
}

func attributeOut(name, value string) types.AttributeType {
	return types.AttributeType{Name: &name, Value: &value}
}
