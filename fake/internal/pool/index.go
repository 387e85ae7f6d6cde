package pool

import (
	"iter"
	"slices"
	"strings"

	"github.com/tidwall/btree"
)

// Names under which users are indexed besides their attributes, as in the filter of ListUsers.
const (
	byUsername   = "username"
	byUserStatus = "cognito:user_status"
	byStatus     = "status"
)

// searchable are the names that ListUsers can filter by (developer guide), in no order.
var searchable = [...]string{
	byUsername, byUserStatus, byStatus, "sub",
	"email", "phone_number", "name", "given_name", "family_name", "preferred_username",
}

// Searchable reports whether ListUsers can filter by a name.
func Searchable(name string) bool { return slices.Contains(searchable[:], name) }

// caseSensitiveFilter reports whether the filter of a name distinguishes case.
func caseSensitiveFilter(name string) bool { return name == byUsername || name == byStatus }

// fold returns the form in which an index keeps a value: without case, where case can be ignored.
// States are kept as the SDK spells them, so that users of one state share the text.
func fold(name, value string) string {
	switch name {
	case byUserStatus:
		return strings.ToUpper(value)
	case byStatus:
		return value
	}
	return strings.ToLower(value)
}

// userIndex keeps users ordered by each searchable name. Keys are folded; whoever wants the exact
// case compares again.
//
// Two indexes may share their users, as a copy does with its original: who finds a user in one of them
// makes the user its own.
type userIndex struct {
	trees map[string]*btree.BTreeG[entry]
	slots []*User // by the slot of their identity; nil where nobody is
	free  []int   // slots where nobody is
	owner *owner
}

// owner tells the users that an index has for itself from those that it shares.
type owner struct{ _ byte } // not empty, so that each has an address of its own

// identity is what all copies of a user have in common. It never changes.
type identity struct {
	username string
	slot     int
}

// entry orders users of one index by key, then by username. A nil identity comes before all users of
// the same key, which makes it the place to start from.
type entry struct {
	key string
	who *identity
}

func (a entry) less(b entry) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	if a.who == nil || b.who == nil {
		return a.who == nil && b.who != nil
	}
	return a.who.username < b.who.username
}

func newUserIndex() userIndex {
	ix := userIndex{trees: make(map[string]*btree.BTreeG[entry], len(searchable)), owner: new(owner)}
	for _, name := range searchable {
		ix.trees[name] = btree.NewBTreeGOptions(entry.less, btree.Options{NoLocks: true})
	}
	return ix
}

// key returns the value by which a user stands in an index, or "" where the user has none.
func (u *User) key(name string) string {
	switch name {
	case byUsername:
		return u.Username
	case byUserStatus:
		return string(u.Status)
	case byStatus:
		if u.Disabled {
			return "Disabled"
		}
		return "Enabled"
	default:
		return u.Attribute(name)
	}
}

// copy returns an index of the same users. Neither index may change them from now on; both make copies
// of their own as they come upon them, and of the trees' nodes likewise.
func (ix *userIndex) copy() userIndex {
	c := userIndex{
		trees: make(map[string]*btree.BTreeG[entry], len(ix.trees)),
		slots: slices.Clone(ix.slots), free: slices.Clone(ix.free), owner: new(owner),
	}
	for name, tree := range ix.trees {
		c.trees[name] = tree.Copy()
	}
	ix.owner = new(owner)
	return c
}

// user returns the index's own user of an identity.
func (ix *userIndex) user(who *identity) *User {
	u := ix.slots[who.slot]
	if u.owner != ix.owner {
		u = u.copy(ix.owner)
		ix.slots[who.slot] = u
	}
	return u
}

func (ix *userIndex) insert(u *User) {
	u.id, u.owner = &identity{u.Username, ix.newSlot()}, ix.owner
	ix.slots[u.id.slot] = u
	for name, tree := range ix.trees {
		if key := u.key(name); key != "" {
			tree.Set(entry{fold(name, key), u.id})
		}
	}
}

// newSlot returns a slot where nobody is.
func (ix *userIndex) newSlot() int {
	if last := len(ix.free) - 1; last >= 0 {
		slot := ix.free[last]
		ix.free = ix.free[:last]
		return slot
	}
	ix.slots = append(ix.slots, nil)
	return len(ix.slots) - 1
}

func (ix *userIndex) remove(u *User) {
	ix.check(u)
	for name, tree := range ix.trees {
		if key := u.key(name); key != "" {
			tree.Delete(entry{fold(name, key), u.id})
		}
	}
	ix.slots[u.id.slot] = nil
	ix.free = append(ix.free, u.id.slot)
}

// check finds out whoever keeps a user beyond the lock under which the user was found.
func (ix *userIndex) check(u *User) {
	if u.owner != ix.owner || ix.slots[u.id.slot] != u {
		panic(Broken("user %s is not the pool's own", u.Username))
	}
}

// reindex runs change and moves the user in the indexes whose key it has changed.
func (ix *userIndex) reindex(u *User, change func()) {
	ix.check(u)
	var before [len(searchable)]string
	for i, name := range searchable {
		before[i] = u.key(name)
	}
	change()
	for i, name := range searchable {
		after := u.key(name)
		if after == before[i] {
			continue
		}
		if before[i] != "" {
			ix.trees[name].Delete(entry{fold(name, before[i]), u.id})
		}
		if after != "" {
			ix.trees[name].Set(entry{fold(name, after), u.id})
		}
	}
}

func (ix *userIndex) count() int { return ix.trees[byUsername].Len() }

// from yields the users of an index in order, beginning at the first whose key is at least start.
func (ix *userIndex) from(name string, start entry) iter.Seq2[string, *User] {
	return func(yield func(string, *User) bool) {
		ix.trees[name].Ascend(start, func(e entry) bool { return yield(e.key, ix.user(e.who)) })
	}
}

// equal yields the users whose folded key is the folded value.
func (ix *userIndex) equal(name, value string) iter.Seq[*User] {
	key := fold(name, value)
	return func(yield func(*User) bool) {
		for k, u := range ix.from(name, entry{key: key}) {
			if k != key || !yield(u) {
				return
			}
		}
	}
}
