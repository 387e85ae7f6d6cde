package inspector

import (
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// userPage is a user with what belongs to them.
type userPage struct {
	*cip.AdminGetUserOutput
	Pool, Name string
	Groups     []types.GroupType
	Devices    []types.DeviceType
	Passkeys   []types.WebAuthnCredentialDescription
	Events     []types.AuthEventType
	NoDevices  string // why there are none to list
	NoEvents   string
	Messages   []fake.Message
	Calls      []call
}

// Unconfirmed reports whether the user has signed up, and not yet proved anything.
func (u userPage) Unconfirmed() bool { return u.UserStatus == types.UserStatusTypeUnconfirmed }

// Buttons are the actions that need no more than a button.
func (u userPage) Buttons() []string {
	return []string{"confirmed", "enabled", "disabled", "signedout"}
}

// user shows a user.
func (i *inspector) user(r *http.Request) (view, error) {
	id, name := r.FormValue("pool"), r.FormValue("name")
	out, err := i.server.API().AdminGetUser(r.Context(), &cip.AdminGetUserInput{UserPoolId: &id, Username: &name})
	if err != nil {
		return view{}, err
	}
	u := &userPage{AdminGetUserOutput: out, Pool: id, Name: aws.ToString(out.Username)}
	if err := i.addBelongings(r, u); err != nil {
		return view{}, err
	}
	i.addEvents(r, u)
	u.Messages = last(i.server.Messages(fake.ToUser(id, u.Name)), recent)
	u.Calls = described(last(slices.DeleteFunc(i.server.Calls(), func(c fake.Call) bool { return c.UserPoolID != id || c.Username != u.Name }), recent))
	trail, err := i.trailTo(r.Context(), id)
	return view{name: "user", title: u.Name, trail: trail, data: u}, err
}

// addBelongings adds the groups, devices and passkeys of a user. A pool that tracks no devices says so.
func (i *inspector) addBelongings(r *http.Request, u *userPage) error {
	groups, err := i.server.API().AdminListGroupsForUser(r.Context(), &cip.AdminListGroupsForUserInput{UserPoolId: &u.Pool, Username: &u.Name})
	if err != nil {
		return err
	}
	u.Groups = groups.Groups
	devices, err := i.server.API().AdminListDevices(r.Context(), &cip.AdminListDevicesInput{UserPoolId: &u.Pool, Username: &u.Name})
	if err != nil {
		u.NoDevices = said(err)
	} else {
		u.Devices = devices.Devices
	}
	u.Passkeys, err = i.server.Passkeys(u.Pool, u.Name)
	return err
}

// addEvents adds the newest sign-ins of a user, or why the service tells none.
func (i *inspector) addEvents(r *http.Request, u *userPage) {
	events, err := i.server.API().AdminListUserAuthEvents(r.Context(), &cip.AdminListUserAuthEventsInput{UserPoolId: &u.Pool, Username: &u.Name, MaxResults: aws.Int32(10)})
	if err != nil {
		u.NoEvents = said(err)
		return
	}
	u.Events = events.AuthEvents
}

// changeUser does to a user what a button says. Errors stand at the button, or at the password.
func (i *inspector) changeUser(r *http.Request) (string, error) {
	pool, name, done := r.PostFormValue("pool"), r.PostFormValue("name"), r.PostFormValue("action")
	var err error
	switch done {
	case "confirmed":
		_, err = i.server.API().AdminConfirmSignUp(r.Context(), &cip.AdminConfirmSignUpInput{UserPoolId: &pool, Username: &name})
	case "enabled":
		_, err = i.server.API().AdminEnableUser(r.Context(), &cip.AdminEnableUserInput{UserPoolId: &pool, Username: &name})
	case "disabled":
		_, err = i.server.API().AdminDisableUser(r.Context(), &cip.AdminDisableUserInput{UserPoolId: &pool, Username: &name})
	case "signedout":
		_, err = i.server.API().AdminUserGlobalSignOut(r.Context(), &cip.AdminUserGlobalSignOutInput{UserPoolId: &pool, Username: &name})
	case "reset":
		_, err = i.server.API().AdminResetUserPassword(r.Context(), &cip.AdminResetUserPasswordInput{UserPoolId: &pool, Username: &name})
	case "password":
		_, err = i.server.API().AdminSetUserPassword(r.Context(), &cip.AdminSetUserPasswordInput{
			UserPoolId: &pool, Username: &name, Password: aws.String(r.PostFormValue("password")), Permanent: r.PostFormValue("permanent") != "",
		})
	case "deleted":
		_, err = i.server.API().AdminDeleteUser(r.Context(), &cip.AdminDeleteUserInput{UserPoolId: &pool, Username: &name})
		return link("pool", "id", pool, "done", done), at(done, err)
	default:
		return "", errNoPage
	}
	return link("user", "pool", pool, "name", name, "done", done), at(done, err)
}
