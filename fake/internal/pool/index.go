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
type userIndex struct {
	trees map[string]*btree.BTreeG[entry]
}

// entry orders users of one index by key, then by username. A nil user comes before all users of
// the same key, which makes it the place to start from.
type entry struct {
	key  string
	user *User
}

func (a entry) less(b entry) bool {
	if a.key != b.key {
		return a.key < b.key
	}
	if a.user == nil || b.user == nil {
		return a.user == nil && b.user != nil
	}
	return a.user.Username < b.user.Username
}

func newUserIndex() userIndex {
	ix := userIndex{trees: make(map[string]*btree.BTreeG[entry], len(searchable))}
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

func (ix userIndex) insert(u *User) {
	for name, tree := range ix.trees {
		if key := u.key(name); key != "" {
			tree.Set(entry{fold(name, key), u})
		}
	}
}

func (ix userIndex) remove(u *User) {
	for name, tree := range ix.trees {
		if key := u.key(name); key != "" {
			tree.Delete(entry{fold(name, key), u})
		}
	}
}

// reindex runs change and moves the user in the indexes whose key it has changed.
func (ix userIndex) reindex(u *User, change func()) {
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
			ix.trees[name].Delete(entry{fold(name, before[i]), u})
		}
		if after != "" {
			ix.trees[name].Set(entry{fold(name, after), u})
		}
	}
}

func (ix userIndex) count() int { return ix.trees[byUsername].Len() }

// from yields the users of an index in order, beginning at the first whose key is at least start.
func (ix userIndex) from(name string, start entry) iter.Seq2[string, *User] {
	return func(yield func(string, *User) bool) {
		ix.trees[name].Ascend(start, func(e entry) bool { return yield(e.key, e.user) })
	}
}

// equal yields the users whose folded key is the folded value.
func (ix userIndex) equal(name, value string) iter.Seq[*User] {
	key := fold(name, value)
	return func(yield func(*User) bool) {
		for k, u := range ix.from(name, entry{key: key}) {
			if k != key || !yield(u) {
				return
			}
		}
	}
}
