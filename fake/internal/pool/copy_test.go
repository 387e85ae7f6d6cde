package pool

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/btree"
)

// sharedFields are the fields whose memory a pool and its copy have in common, each with the reason why
// neither sees a change of the other.
var sharedFields = map[string]string{
	"contents.Settings":       "replaced as a whole",
	"contents.Schema":         "replaced as a whole",
	"MFAConfig.SoftwareToken": "replaced as a whole",
	"MFAConfig.Email":         "replaced as a whole",
	"MFAConfig.WebAuthn":      "replaced as a whole",
	"Client.Settings":         "replaced as a whole",
	"Group.Description":       "replaced as a whole",
	"Group.RoleArn":           "replaced as a whole",
	"Group.Precedence":        "replaced as a whole",
	"User.id":                 "never changes",
	"entry.who":               "never changes",
	"User.newPasskey":         "replaced as a whole",
	"Passkey.PublicKey":       "never changes",
	"Passkey.Transports":      "never changes",
	"Device.salt":             "never changes",
	"Device.verifier":         "never changes",
	"Event.Challenges":        "never changes",
	"Event.Feedback":          "replaced as a whole",
	"Custom.Private":          "never changes",
	"Custom.Metadata":         "never changes",
	"Round.Metadata":          "never changes",
	"Authorization.Tokens":    "never changes",
}

// explorer goes through everything that a value leads to.
type explorer struct {
	memory map[unsafe.Pointer]string // what can be changed, by the path to it
	met    map[string]bool           // the shared fields that were passed over
}

func explore(v any) explorer {
	x := explorer{map[unsafe.Pointer]string{}, map[string]bool{}}
	x.visit("", reflect.ValueOf(v))
	return x
}

func (x explorer) visit(path string, v reflect.Value) {
	v = open(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && x.keep(v.UnsafePointer(), path) {
			x.visit(path, v.Elem())
		}
	case reflect.Slice:
		if v.Cap() > 0 && x.keep(v.UnsafePointer(), path) {
			for i := range v.Len() {
				x.visit(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		}
	case reflect.Map:
		if !v.IsNil() && x.keep(v.UnsafePointer(), path) {
			for key, value := range v.Seq2() {
				held := reflect.New(value.Type())
				held.Elem().Set(value)
				x.visit(fmt.Sprintf("%s[%v]", path, key), held.Elem())
			}
		}
	case reflect.Struct:
		x.visitStruct(path, v)
	case reflect.Interface, reflect.Chan, reflect.Func:
		panic("nobody knows how to copy " + path)
	}
}

// open makes a field accessible that is not exported.
func open(v reflect.Value) reflect.Value {
	if !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

func (x explorer) keep(p unsafe.Pointer, path string) (first bool) {
	_, known := x.memory[p]
	x.memory[p] = path
	return !known
}

func (x explorer) visitStruct(path string, v reflect.Value) {
	switch tree := v.Addr().Interface().(type) {
	case *time.Time, *sync.Mutex:
	case *btree.BTreeG[entry]: // whose nodes are copied as they change
		x.visit(path, reflect.ValueOf(new(tree.Items())))
	case *btree.Map[string, *Client]:
		x.visit(path, reflect.ValueOf(new(tree.Values())))
	case *btree.Map[string, *Group]:
		x.visit(path, reflect.ValueOf(new(tree.Values())))
	case *btree.Map[string, struct{}], *btree.Map[string, string], *btree.Map[string, *types.IdentityProviderType]: // whose values never change
	default:
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			if _, shared := sharedFields[name]; shared {
				x.met[name] = true
				continue
			}
			x.visit(path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}

// fillAll gives every field that a value leads to a value of its own.
func fillAll(v reflect.Value) {
	v = open(v)
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAll(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 2))
		fillAll(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillAll(key)
		fillAll(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Name() + "." + v.Type().Field(i).Name; v.Type() != reflect.TypeFor[time.Time]() && sharedFields[name] == "" {
				fillAll(v.Field(i))
			}
		}
	}
}

// filled returns a value all of whose fields have a value.
func filled[T any]() *T {
	v := new(T)
	fillAll(reflect.ValueOf(v).Elem())
	return v
}

// crowdedPool returns a pool in which nothing is nil or empty.
func crowdedPool(t *testing.T) *Pool {
	t.Helper()
	p := newTestPool(t, nil)
	p.clients.Set("client", filled[Client]())
	g := &Group{Name: "text"}
	g.members.Set("text", struct{}{})
	p.identityProviders.Set("text", filled[types.IdentityProviderType]())
	p.groups.Set("text", g)
	p.usedSessions = *filled[expiring[time.Time]]()
	p.custom = *filled[expiring[*Custom]]()
	p.authorizations = *filled[expiring[Authorization]]()
	p.browsers = *filled[expiring[Browser]]()
	p.departures = *filled[expiring[Departure]]()
	p.AddUserLocked(filled[User]())
	gone := &User{Username: "gone"}
	p.AddUserLocked(gone)
	p.RemoveUserLocked(gone)
	return p
}

// users returns every user of a pool.
func users(p *Pool) []*User { return slices.Collect(p.UsersLocked(Filter{}, "")) }

func TestCopySharesNothingThatChanges(t *testing.T) {
	p := crowdedPool(t)
	c := p.Copy()
	users(p) // which each pool makes its own thereby
	users(c)
	original, copied := explore(p), explore(c)
	for memory, path := range copied.memory {
		if at, shared := original.memory[memory]; shared {
			t.Errorf("%s of the copy is %s of the original: copy it in copy.go, or list it in sharedFields", path, at)
		}
	}
	for name := range sharedFields {
		if !original.met[name] {
			t.Errorf("there is no field %s; take it off the list", name)
		}
	}
	if diff := cmp.Diff(len(copied.memory), len(original.memory)); diff != "" {
		t.Errorf("the copy leads to as much as the original (-got +want):\n%s", diff)
	}
}

func TestUsersAreCopiedOnceTheyAreFound(t *testing.T) {
	p := crowdedPool(t)
	u := p.UserNamedLocked("text")
	if p.UserNamedLocked("text") != u {
		t.Error("a pool without a copy copies its users")
	}
	c := p.Copy()
	if got := p.UserNamedLocked("text"); got == u || got != p.UserNamedLocked("text") {
		t.Error("a pool with a copy does not have users of its own, always the same")
	}
	if got := c.UserNamedLocked("text"); got == u || got != c.UserNamedLocked("text") {
		t.Error("a copy does not have users of its own, always the same")
	}
}

func TestUsersThatWereKeptAreRefused(t *testing.T) {
	p := crowdedPool(t)
	kept := p.UserNamedLocked("text")
	p.Copy()
	defer func() {
		if recover() == nil {
			t.Error("a user who was found before the pool was copied was changed")
		}
	}()
	p.ChangeLocked(kept, time.Now(), func(*User) {})
}

// directory is what a test knows of the users of a pool: their e-mail addresses.
type directory map[string]string

// change changes something in a pool and in the directory.
func (d directory) change(p *Pool, r *rand.Rand) {
	p.Lock()
	defer p.Unlock()
	name, email := fmt.Sprint("user", r.IntN(60)), fmt.Sprint(r.IntN(9), "@example.com")
	g, _ := p.GroupLocked("group")
	switch u := p.UserNamedLocked(name); {
	case u == nil:
		u = &User{Username: name, Sub: name}
		u.SetAttribute("email", email)
		p.AddUserLocked(u)
		g.AddLocked(u)
		d[name] = email
	case r.IntN(4) == 0:
		p.RemoveUserLocked(u)
		delete(d, name)
	default:
		p.ChangeLocked(u, time.Time{}, func(u *User) { u.SetAttribute("email", email) })
		d[name] = email
	}
}

// check compares a pool with the directory: as a whole, by an index, and as members of a group.
func (d directory) check(t *testing.T, p *Pool) {
	t.Helper()
	p.Lock()
	defer p.Unlock()
	got, found, members := directory{}, directory{}, directory{}
	for _, u := range users(p) {
		got[u.Username] = u.Attribute("email")
	}
	for i := range 9 {
		for u := range p.UsersLocked(Filter{Name: "email", Value: fmt.Sprint(i, "@example.com")}, "") {
			found[u.Username] = u.Attribute("email")
		}
	}
	g, _ := p.GroupLocked("group")
	for u := range p.MembersLocked(g, "") {
		members[u.Username] = u.Attribute("email")
	}
	for what, got := range map[string]directory{"all users": got, "users by email": found, "members": members} {
		if diff := cmp.Diff(got, d); diff != "" {
			t.Errorf("%s (-got +want):\n%s", what, diff)
		}
	}
}

// TestCopiesOfCopies changes a pool, its copies and theirs at the same time.
func TestCopiesOfCopies(t *testing.T) {
	var wg sync.WaitGroup
	var live func(p *Pool, d directory, seed uint64)
	live = func(p *Pool, d directory, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		for i := range 300 {
			d.change(p, r)
			if i%100 == 50 && seed < 50 {
				c, known := p.Copy(), maps.Clone(d)
				wg.Go(func() { live(c, known, 10*seed+uint64(i)/100) })
			}
		}
		d.check(t, p)
	}
	p := newTestPool(t, nil)
	wantError(t, p.AddGroupLocked(&Group{Name: "group"}), "")
	live(p, directory{}, 1)
	wg.Wait()
}

func TestCopyKeepsTheName(t *testing.T) {
	p := New(Name{ID: "us-east-1_a", Region: "us-east-1", ARN: "arn"}, &types.UserPoolType{}, nil)
	if got, want := p.Copy(), (Name{p.ID, p.Region, p.ARN}); (Name{got.ID, got.Region, got.ARN}) != want || got.Settings != p.Settings {
		t.Errorf("copy of %+v = %+v", want, got)
	}
}
