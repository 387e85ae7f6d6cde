package cognitotest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// UserOption changes what [Provider.NewUser] makes.
type UserOption func(*newUser)

// newUser is what options decide.
type newUser struct {
	username, password, email, phone string
	attributes                       []types.AttributeType
	groups                           []string
	unconfirmed, temporary, totp     bool
}

// Username sets the username, which otherwise is unique and random. In a pool with username
// attributes it is an email address or phone number.
func Username(name string) UserOption { return func(u *newUser) { u.username = name } }

// Password sets the password, which otherwise is random and meets the pool's policy.
func Password(password string) UserOption { return func(u *newUser) { u.password = password } }

// Email sets the email attribute, verified unless the user is [Unconfirmed].
func Email(address string) UserOption {
	return func(u *newUser) {
		u.email = address
		u.set("email", address)
		u.set("email_verified", "true")
	}
}

// Phone sets the phone_number attribute, verified unless the user is [Unconfirmed]; the number is in
// E.164 form, as +12065550100.
func Phone(number string) UserOption {
	return func(u *newUser) {
		u.phone = number
		u.set("phone_number", number)
		u.set("phone_number_verified", "true")
	}
}

// Attribute sets an attribute, such as name or custom:tenant.
func Attribute(name, value string) UserOption { return func(u *newUser) { u.set(name, value) } }

// Groups makes the user a member of groups, which are created where the pool does not have them, and
// then stay as long as the pool.
func Groups(names ...string) UserOption {
	return func(u *newUser) { u.groups = append(u.groups, names...) }
}

// Unconfirmed makes a user who has signed up through the pool's app client but not confirmed: status
// UNCONFIRMED. Where the pool verifies an address or number that is given (AutoVerifiedAttributes),
// a code is sent to it: [User.Code].
func Unconfirmed() UserOption { return func(u *newUser) { u.unconfirmed = true } }

// TemporaryPassword makes a user who must set a new password at the first sign-in: status
// FORCE_CHANGE_PASSWORD.
func TemporaryPassword() UserOption { return func(u *newUser) { u.temporary = true } }

// TOTP makes a user with an authenticator app, enabled and preferred as a second factor: Tokens,
// AccessToken and SignInSRP answer SOFTWARE_TOKEN_MFA by themselves, and [User.TOTPCode] is the app.
// The pool must allow such apps: see [WithMFA]. It does not go with Unconfirmed or TemporaryPassword.
func TOTP() UserOption { return func(u *newUser) { u.totp = true } }

func (u *newUser) set(name, value string) {
	u.attributes = append(u.attributes, types.AttributeType{Name: &name, Value: &value})
}

// NewUser makes a confirmed user with a unique name and a password, deleted at the end of t. No
// message is sent, except to a user who is [Unconfirmed].
func (p *Provider) NewUser(t TB, opts ...UserOption) *User {
	t.Helper()
	var n newUser
	for _, o := range opts {
		o(&n)
	}
	p.complete(&n)
	if p.rules.guest() && !p.rules.marked(n.username) {
		t.Skipf("cognitotest: NewUser: a user %q in pool %s could not be told from those of others; leave the name to NewUser, or run this test in a pool of its own", n.username, p.PoolID)
	}
	u, err := p.makeUser(context.Background(), n)
	if u != nil { // also one that was only half made
		p.deleteAtEnd(t, u)
	}
	if err != nil {
		t.Fatalf("cognitotest: NewUser: %v", p.rules.explain(err))
	}
	return u
}

// User returns a handle on a user that the code under test made, by username or alias, and deletes
// the user at the end of t. Nobody tells the password: set the handle's Password to sign in with it. A
// user of a [Fixture] stays, and the handle has the password.
// In a pool that is not the tests' own, only users who bear a mark are deleted: see [Provider.NewUsername].
func (p *Provider) User(t TB, username string) *User {
	t.Helper()
	out, err := p.client.AdminGetUser(context.Background(), &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &username})
	if err != nil {
		t.Fatalf("cognitotest: User(%q): %v", username, p.rules.explain(err))
	}
	u := p.handle(*out.Username, out.UserAttributes)
	if p.remember(u, username) {
		return u
	}
	if p.rules.guest() && !p.rules.marked(u.Username) && !p.rules.marked(u.Email) {
		t.Logf("cognitotest: User(%q): the user bears no mark of the tests and stays", username)
		return u
	}
	p.deleteAtEnd(t, u)
	return u
}

// NewUsername returns a name that no user has, for code under test that signs users up by itself: in a
// pool with username attributes an email address or a phone number. Give the user to [Provider.User] to have
// it deleted at the end.
func (p *Provider) NewUsername() string { return p.uniqueName(&newUser{}) }

func (p *Provider) deleteAtEnd(t TB, u *User) {
	p.cleanup(t, &chore{
		what: "user " + u.Username, command: p.deletion("admin-delete-user", "username", u.Username),
		remove: func(ctx context.Context) error {
			_, err := p.client.AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &p.PoolID, Username: &u.Username})
			return err
		},
	})
}

// complete chooses what the options left open.
func (p *Provider) complete(n *newUser) {
	if n.username == "" {
		n.username = p.uniqueName(n)
	}
	if n.password == "" {
		n.password = p.uniquePassword()
	}
}

func (p *Provider) uniqueName(n *newUser) string {
	names := p.pool.UsernameAttributes
	switch {
	case len(names) == 0:
		return p.rules.mark("user-" + randomHex(6))
	case slices.Contains(names, types.UsernameAttributeTypeEmail):
		if n.email == "" {
			Email(p.rules.mark("user-"+randomHex(6)) + "@example.com")(n)
		}
		return n.email
	default:
		if n.phone == "" {
			Phone("+1206" + randomDigits(7))(n)
		}
		return n.phone
	}
}

// uniquePassword has all character classes and at least the length that the pool wants.
func (p *Provider) uniquePassword() string {
	password := "Aa1!" + randomHex(10)
	if policy := p.pool.Policies; policy != nil && policy.PasswordPolicy != nil {
		if more := int(aws.ToInt32(policy.PasswordPolicy.MinimumLength)) - len(password); more > 0 {
			password += strings.Repeat("x", more)
		}
	}
	return password
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: see crypto/rand
	return hex.EncodeToString(b)
}

func randomDigits(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b)
}

// makeUser creates the user in the state that is asked for, and the memberships. Beside an error it
// returns the user where there is one already.
func (p *Provider) makeUser(ctx context.Context, n newUser) (*User, error) {
	if n.totp && (n.unconfirmed || n.temporary) {
		return nil, errors.New("TOTP does not go with Unconfirmed or TemporaryPassword: the user must sign in first")
	}
	create := p.adminCreate
	if n.unconfirmed {
		create = p.signUp
	}
	u, err := create(ctx, n)
	if err != nil {
		return u, err
	}
	for _, g := range n.groups {
		if err := p.join(ctx, u, g); err != nil {
			return u, fmt.Errorf("group %q: %w", g, err)
		}
	}
	if n.totp {
		return u, u.registerTOTP(ctx)
	}
	return u, nil
}

func (p *Provider) adminCreate(ctx context.Context, n newUser) (*User, error) {
	out, err := p.client.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &p.PoolID, Username: &n.username, TemporaryPassword: &n.password,
		UserAttributes: n.attributes, MessageAction: types.MessageActionTypeSuppress,
	})
	var made *types.UserType
	if err == nil {
		made = out.User
	} else if made, err = p.existing(ctx, n.username, err); err != nil {
		return nil, err
	}
	u := p.handle(*made.Username, made.Attributes)
	u.Password = n.password
	if n.temporary {
		return u, nil
	}
	_, err = p.client.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &p.PoolID, Username: &u.Username, Password: &n.password, Permanent: true,
	})
	return u, err
}

func (p *Provider) signUp(ctx context.Context, n newUser) (*User, error) {
	in := &cip.SignUpInput{ClientId: &p.ClientID, Username: &n.username, Password: &n.password}
	for _, a := range n.attributes {
		if !strings.HasSuffix(*a.Name, "_verified") { // a client may not say so
			in.UserAttributes = append(in.UserAttributes, a)
		}
	}
	if p.ClientSecret != "" {
		in.SecretHash = aws.String(p.SecretHash(n.username))
	}
	out, err := p.client.SignUp(ctx, in)
	if err != nil {
		made, err := p.existing(ctx, n.username, err)
		if err != nil {
			return nil, err
		}
		u := p.handle(*made.Username, made.Attributes)
		u.Password = n.password
		return u, nil
	}
	u := p.handle(n.username, in.UserAttributes)
	u.Sub, u.Password = *out.UserSub, n.password
	if len(p.pool.UsernameAttributes) > 0 {
		u.Username = u.Sub
	}
	return u, nil
}

// join makes a user a member of a group and creates the group where the pool has none of the name.
func (p *Provider) join(ctx context.Context, u *User, group string) error {
	in := &cip.AdminAddUserToGroupInput{UserPoolId: &p.PoolID, Username: &u.Username, GroupName: &group}
	_, err := p.client.AdminAddUserToGroup(ctx, in)
	if !errors.As(err, new(*types.ResourceNotFoundException)) {
		return err
	}
	err = p.makeGroup(ctx, group)
	if err != nil && !errors.As(err, new(*types.GroupExistsException)) {
		return err
	}
	if err == nil && p.rules.guest() {
		p.chores.add(p.groupChore(group)) // where the pool goes, its groups do
	}
	_, err = p.client.AdminAddUserToGroup(ctx, in)
	return err
}

// makeGroup creates a group, whose description is a mark where one is needed.
func (p *Provider) makeGroup(ctx context.Context, name string) error {
	in := &cip.CreateGroupInput{UserPoolId: &p.PoolID, GroupName: &name}
	if mark := p.rules.mark(""); mark != "" {
		in.Description = &mark
	}
	_, err := p.client.CreateGroup(ctx, in)
	if in.Description == nil || !errors.As(err, new(*types.GroupExistsException)) {
		return err
	}
	// An earlier sending of this call may have made it.
	got, missing := p.client.GetGroup(ctx, &cip.GetGroupInput{UserPoolId: &p.PoolID, GroupName: &name})
	if missing == nil && aws.ToString(got.Group.Description) == *in.Description {
		return nil
	}
	return err
}

func (p *Provider) groupChore(name string) *chore {
	return &chore{
		what: "group " + name, command: p.deletion("delete-group", "group-name", name),
		remove: func(ctx context.Context) error {
			got, err := p.client.GetGroup(ctx, &cip.GetGroupInput{UserPoolId: &p.PoolID, GroupName: &name})
			if err != nil || !p.rules.marked(aws.ToString(got.Group.Description)) {
				return err // somebody else has made another
			}
			_, err = p.client.DeleteGroup(ctx, &cip.DeleteGroupInput{UserPoolId: &p.PoolID, GroupName: &name})
			return err
		},
	}
}

// handle makes a User from what the service says of it.
func (p *Provider) handle(username string, attributes []types.AttributeType) *User {
	u := &User{Username: username, provider: p}
	for _, a := range attributes {
		switch *a.Name {
		case "sub":
			u.Sub = *a.Value
		case "email":
			u.Email = *a.Value
		case "phone_number":
			u.Phone = *a.Value
		}
	}
	return u
}

// NewGroup makes a group, deleted at the end of t.
func (p *Provider) NewGroup(t TB, name string) {
	t.Helper()
	if err := p.makeGroup(context.Background(), name); err != nil {
		t.Fatalf("cognitotest: NewGroup(%q): %v", name, p.rules.explain(err))
	}
	p.cleanup(t, p.groupChore(name))
}
