package pool

import (
	"cmp"
	"iter"
	"strings"
)

// Filter is the parsed filter of ListUsers: a searchable name, a value, and whether the value need
// only be a prefix. The zero Filter matches every user.
type Filter struct {
	Name   string
	Value  string
	Prefix bool
}

// ParseFilter reads `name = "value"` or `name ^= "value"`. Blanks around the parts are free, the
// name may stand in quotes, a quote or backslash in the value is escaped by a backslash, and an
// empty text matches every user. Errors are the service's InvalidParameterException.
func ParseFilter(text string) (Filter, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Filter{}, nil
	}
	name, rest, ok := filterName(text)
	if !ok {
		return Filter{}, FilterUnparsable()
	}
	f := Filter{Name: name}
	rest = strings.TrimSpace(rest)
	rest, f.Prefix = strings.CutPrefix(rest, "^")
	rest, ok = strings.CutPrefix(rest, "=")
	if !ok {
		return Filter{}, FilterUnparsable()
	}
	f.Value, rest, ok = quoted(strings.TrimSpace(rest))
	if !ok || strings.TrimSpace(rest) != "" {
		return Filter{}, FilterUnparsable()
	}
	if !Searchable(name) {
		return Filter{}, FilterNotSearchable(name)
	}
	return f, nil
}

// filterName cuts the attribute's name off the front, bare or quoted.
func filterName(text string) (name, rest string, ok bool) {
	if strings.HasPrefix(text, `"`) {
		return quoted(text)
	}
	end := strings.IndexAny(text, " \t\r\n=^\"")
	if end <= 0 {
		return "", "", false
	}
	return text[:end], text[end:], true
}

// quoted cuts a quoted string off the front of text and undoes its escapes.
func quoted(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// matches reports whether a user's value satisfies the filter, given that its folded form does.
func (f Filter) matches(value string) bool {
	switch {
	case !caseSensitiveFilter(f.Name):
		return true
	case f.Prefix:
		return strings.HasPrefix(value, f.Value)
	}
	return value == f.Value
}

// placeSeparator stands between the key and the username of a place. Usernames have no control
// characters (API reference).
const placeSeparator = "\x00"

// Place returns where a user stands among the users that the filter matches, to list those after.
func (f Filter) Place(u *User) string {
	return fold(f.index(), u.key(f.index())) + placeSeparator + u.Username
}

// index returns the name of the index that the filter looks at.
func (f Filter) index() string { return cmp.Or(f.Name, byUsername) }

// UsersLocked yields the users that a filter matches and that come after a place, or all where
// after is "", ordered by the filter's attribute and then by username.
func (p *Pool) UsersLocked(f Filter, after string) iter.Seq[*User] {
	key := fold(f.index(), f.Value)
	start := entry{key: key}
	if i := strings.LastIndex(after, placeSeparator); i >= 0 {
		start = entry{after[:i], &identity{username: after[i+1:]}}
	}
	exact := f.Name != "" && !f.Prefix
	return func(yield func(*User) bool) {
		for k, u := range p.users.from(f.index(), start) {
			if !strings.HasPrefix(k, key) || exact && k != key {
				return
			}
			if f.Place(u) != after && f.matches(u.key(f.index())) && !yield(u) {
				return
			}
		}
	}
}
