package pool

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestMapped(t *testing.T) {
	for _, test := range []struct {
		why             string
		mapping, claims map[string]string
		subject         string
		attributes      []Attribute
	}{
		{"the subject and attributes, ordered by name", map[string]string{"username": "sub", "name": "full", "custom:org": "org"},
			map[string]string{"sub": "1", "full": "Ann", "org": "a", "other": "b"}, "1", []Attribute{{"custom:org", "a"}, {"name", "Ann"}}},
		{"another claim can be the subject", map[string]string{"username": "mail"}, map[string]string{"sub": "1", "mail": "a@example.com"}, "a@example.com", nil},
		{"what is missing or empty maps to nothing", map[string]string{"username": "sub", "name": "full", "nickname": "nick"}, map[string]string{"full": ""}, "", nil},
		{"one claim for two attributes", map[string]string{"name": "full", "nickname": "full"}, map[string]string{"full": "Ann"}, "", []Attribute{{"name", "Ann"}, {"nickname", "Ann"}}},
		{"an address is unverified unless it is said to be verified", map[string]string{"email": "email", "phone_number": "tel", "phone_number_verified": "known"},
			map[string]string{"email": "a@example.com", "tel": "+1", "known": "true"}, "",
			[]Attribute{{"email", "a@example.com"}, {"email_verified", "false"}, {"phone_number", "+1"}, {"phone_number_verified", "true"}}},
	} {
		t.Run(test.why, func(t *testing.T) {
			subject, attributes := Mapped(test.mapping, test.claims)
			if diff := cmp.Diff(attributes, test.attributes); diff != "" || subject != test.subject {
				t.Errorf("subject %q, want %q; attributes (-got +want):\n%s", subject, test.subject, diff)
			}
		})
	}
}

func TestClaimTexts(t *testing.T) {
	got := ClaimTexts(map[string]any{
		"text": "a", "true": true, "number": 12.0, "list": []any{"a", 1.0}, "object": map[string]any{"formatted": "b"}, "null": nil,
	})
	want := map[string]string{"text": "a", "true": "true", "number": "12", "list": "[a, 1]", "object": `{"formatted":"b"}`}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("texts (-got +want):\n%s", diff)
	}
}

// federation is a pool with the provider Partner, which maps email and the attributes that are named.
type federation struct {
	*Pool
	t   *testing.T
	s   *types.IdentityProviderType
	now time.Time
}

func newFederation(t *testing.T, edit func(*types.UserPoolType), attributes ...types.SchemaAttributeType) federation {
	t.Helper()
	p := newTestPool(t, edit)
	p.Schema = mustSchema(t, attributes...)
	in := providerRequest("Partner", types.IdentityProviderTypeTypeOidc, oidcDetails(nil))
	in.AttributeMapping = map[string]string{"email": "email", "email_verified": "known"}
	for _, a := range attributes {
		name := *a.Name
		if !p.Schema.Has(name) {
			name = customPrefix + name
		}
		in.AttributeMapping[name] = *a.Name
	}
	s, err := NewProvider(in, p.Schema)
	wantError(t, err, "")
	wantError(t, p.AddProviderLocked(s), "")
	return federation{p, t, s, time.Unix(1000, 0)}
}

// guest is somebody with claims, which are given as name and value.
func (f federation) guest(claims ...string) Guest {
	g := Guest{Provider: f.s, Claims: map[string]string{}}
	for i := 0; i < len(claims); i += 2 {
		g.Claims[claims[i]] = claims[i+1]
	}
	g.Subject, g.Attributes = Mapped(f.s.AttributeMapping, g.Claims)
	return g
}

// signIn signs somebody in, without triggers.
func (f federation) signIn(g Guest) (*User, error) {
	if u := f.GuestLocked(g); u != nil {
		return u, f.ReturnLocked(u, g, f.now)
	}
	u, err := f.NewGuestLocked(g, "sub of "+g.Subject, f.now)
	if err != nil {
		return nil, err
	}
	return u, f.AddGuestLocked(u, g, f.now)
}

// must is signIn for who is let in.
func (f federation) must(claims ...string) *User {
	f.t.Helper()
	u, err := f.signIn(f.guest(claims...))
	wantError(f.t, err, "")
	return u
}

func (f federation) native(name string) *User {
	f.t.Helper()
	u, err := f.NewUserLocked(name, "sub of "+name, nil, f.now)
	wantError(f.t, err, "")
	u.Status, u.Password = types.UserStatusTypeConfirmed, "Correct-Horse-7"
	f.AddUserLocked(u)
	return u
}

func (f federation) link(attribute, value, to string) {
	f.t.Helper()
	wantError(f.t, f.LinkLocked(Account{"Partner", attribute, value}, Account{Native, "", to}, f.now), "")
}

func (f federation) wantAttributes(u *User, want ...Attribute) {
	f.t.Helper()
	if diff := cmp.Diff(u.attributes, want); diff != "" {
		f.t.Errorf("attributes (-got +want):\n%s", diff)
	}
}

func TestAGuestGetsAUser(t *testing.T) {
	f := newFederation(t, nil)
	u := f.must("sub", "1", "email", "a@example.com")
	if u.Username != "Partner_1" || u.Status != types.UserStatusTypeExternalProvider || u.Password != "" {
		t.Errorf("made %s in %s with the password %q", u.Username, u.Status, u.Password)
	}
	f.wantAttributes(u, Attribute{"email", "a@example.com"}, Attribute{"email_verified", "false"})
	want := `[{"userId":"1","providerName":"Partner","providerType":"OIDC","issuer":null,"primary":true,"dateCreated":1000000}]`
	if got := u.Attribute("identities"); got != want {
		t.Errorf("identities = %s, want %s", got, want)
	}
	if got, want := u.groups, []string{f.ID + "_Partner"}; !cmp.Equal(got, want) {
		t.Errorf("groups = %v, want %v", got, want)
	}
	if again := f.must("sub", "1", "email", "a@example.com"); again != u || f.UserCountLocked() != 1 {
		t.Errorf("the next sign-in is of %s, one of %d users", again.Username, f.UserCountLocked())
	}
}

func TestNamesOfGuestsAreSmallWhereCaseIsIgnored(t *testing.T) {
	f := newFederation(t, func(in *types.UserPoolType) {
		in.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: new(bool)}
	})
	if got, want := f.must("sub", "Ann@Example.com").Username, "partner_ann@example.com"; got != want {
		t.Errorf("username = %s, want %s", got, want)
	}
}

func TestAttributesOfGuestsFollowTheProvider(t *testing.T) {
	f := newFederation(t, nil, declared("org", str))
	u := f.must("sub", "1", "email", "a@example.com", "known", "true", "org", "first")
	f.must("sub", "1", "email", "b@example.com", "org", "second")
	f.wantAttributes(u, Attribute{"custom:org", "second"}, Attribute{"email", "b@example.com"}, Attribute{"email_verified", "false"})
	f.must("sub", "1", "email", "b@example.com", "known", "true")
	f.wantAttributes(u, Attribute{"custom:org", "second"}, Attribute{"email", "b@example.com"}, Attribute{"email_verified", "true"})
}

func TestGuestsWhoAreRefused(t *testing.T) {
	required, fixed := declared("name", str), declared("fixed", str)
	required.Required, fixed.Mutable = new(true), new(false)
	for _, test := range []struct {
		why    string
		schema types.SchemaAttributeType
		before func(federation)
		claims []string
		want   string
	}{
		{"a required attribute is missing", required, nil, []string{"sub", "1"}, "InvalidParameterException: attributes required: [name]"},
		{"a required attribute is there from before", required, func(f federation) { f.must("sub", "1", "name", "Ann") }, []string{"sub", "1"}, ""},
		{"an attribute that cannot change is set once", fixed, nil, []string{"sub", "1", "fixed", "x"}, ""},
		{"an attribute that cannot change comes again", fixed, func(f federation) { f.must("sub", "1", "fixed", "x") }, []string{"sub", "1", "fixed", "x"},
			"InvalidParameterException: user.custom:fixed: Attribute cannot be updated.\n"},
		{"an address that is none", fixed, nil, []string{"sub", "1", "email", "x"}, "InvalidParameterException: Invalid email address format."},
		{"a name that a user of the pool has", fixed, func(f federation) { f.native("Partner_1") }, []string{"sub", "1"}, "UsernameExistsException: Already found an entry for username Partner_1"},
	} {
		t.Run(test.why, func(t *testing.T) {
			f := newFederation(t, nil, test.schema)
			if test.before != nil {
				test.before(f)
			}
			_, err := f.signIn(f.guest(test.claims...))
			wantError(t, err, test.want)
		})
	}
}

func TestLinkedGuestsAreTheUser(t *testing.T) {
	for _, test := range []struct{ why, attribute, value string }{
		{"by the subject", Subject, "1"},
		{"by an attribute that is mapped", "email", "a@example.com"},
		{"by a claim that is not mapped", "employee", "e1"},
	} {
		t.Run(test.why, func(t *testing.T) {
			f := newFederation(t, nil)
			ann := f.native("ann")
			f.link(test.attribute, test.value, "ann")
			for range 2 {
				if u := f.must("sub", "1", "email", "a@example.com", "employee", "e1"); u != ann {
					t.Fatalf("the guest is %s, want ann", u.Username)
				}
			}
			if ann.Status != types.UserStatusTypeConfirmed || ann.Password == "" || len(ann.groups) > 0 || ann.Attribute("email") != "a@example.com" {
				t.Errorf("status %s, password %q, groups %v, email %s", ann.Status, ann.Password, ann.groups, ann.Attribute("email"))
			}
			want := []Identity{{Provider: "Partner", Type: "OIDC", Attribute: Subject, Value: "1", Created: f.now}}
			if diff := cmp.Diff(ann.Identities(), want); diff != "" {
				t.Errorf("identities (-got +want):\n%s", diff)
			}
			if u := f.must("sub", "1"); u != ann {
				t.Errorf("the guest without other claims is %s, want ann", u.Username)
			}
			if test.attribute != Subject {
				wantError(t, f.UnlinkLocked(Account{"Partner", test.attribute, test.value}, f.now), "UserNotFoundException: User does not exist.")
			}
			wantError(t, f.UnlinkLocked(Account{"Partner", Subject, "1"}, f.now), "")
			if u := f.must("sub", "1"); u.Username != "Partner_1" {
				t.Errorf("once the link is gone, the guest is %s", u.Username)
			}
		})
	}
}

func TestAGuestAndAUserShareAnAddress(t *testing.T) {
	f := newFederation(t, func(in *types.UserPoolType) { in.UsernameAttributes = []types.UsernameAttributeType{"email"} })
	ann := f.native("ann@example.com")
	guest := f.must("sub", "1", "email", "ann@example.com", "known", "true")
	if guest == ann || guest.Username != "Partner_1" {
		t.Errorf("the guest is %s", guest.Username)
	}
	if u, err := f.UserLocked("ann@example.com"); u != ann || err != nil {
		t.Errorf("the address names %v, %v; want the user of the pool", u, err)
	}
	f.must("sub", "2") // has no address at all
}

func TestAProviderIsNamedOrIdentified(t *testing.T) {
	f := newFederation(t, nil)
	s := Clone(f.s)
	s.IdpIdentifiers = []string{"example.com"}
	wantError(t, f.ReplaceProviderLocked(s), "")
	for _, test := range []struct{ name, identifier, want string }{
		{"Partner", "", ""},
		{"", "example.com", ""},
		{"", "Partner", "ResourceNotFoundException: Identity provider Partner does not exist."},
		{"example.com", "", "ResourceNotFoundException: Identity provider example.com does not exist."},
	} {
		_, err := f.ProviderForLocked(test.name, test.identifier)
		wantError(t, err, test.want)
	}
}

func TestTheGroupOfAProviderIsMadeOnce(t *testing.T) {
	f := newFederation(t, nil)
	first := f.must("sub", "1")
	g, err := f.ProviderGroupLocked(f.s, f.now)
	wantError(t, err, "")
	f.RemoveGroupLocked(g)
	second := f.must("sub", "2")
	if len(first.groups) != 0 || len(second.groups) != 1 || !strings.HasSuffix(second.groups[0], "_Partner") {
		t.Errorf("groups %v and %v", first.groups, second.groups)
	}
}

func TestCopiesLinkForThemselves(t *testing.T) {
	f := newFederation(t, nil)
	f.native("ann")
	f.link(Subject, "1", "ann")
	copied := federation{f.Copy(), t, f.s, f.now}
	f.link(Subject, "2", "ann")
	wantError(t, copied.UnlinkLocked(Account{"Partner", Subject, "1"}, f.now), "")
	for _, test := range []struct {
		of       federation
		one, two bool
	}{{f, true, true}, {copied, false, false}} {
		one, two := test.of.AccountOwnerLocked(Account{"Partner", Subject, "1"}), test.of.AccountOwnerLocked(Account{"Partner", Subject, "2"})
		if (one != nil) != test.one || (two != nil) != test.two {
			t.Errorf("owners %v and %v, want %v and %v", one, two, test.one, test.two)
		}
	}
}
