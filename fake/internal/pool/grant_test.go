package pool

import (
	"fmt"
	"testing"
	"time"
)

func TestGrantsAreForgottenOnceNoTokenIsValid(t *testing.T) {
	u := &User{}
	u.AddGrantLocked(&Grant{ID: "first", Expires: start.Add(time.Hour)}, start)
	longest := start.Add(time.Hour + 24*time.Hour) // an access token of a last refresh lasts a day at most
	for i := range 100 {
		u.AddGrantLocked(&Grant{ID: fmt.Sprint("before ", i), Expires: start.Add(time.Hour)}, longest)
	}
	if u.GrantLocked("first") == nil {
		t.Error("the sign-in is forgotten while a token of it may be valid")
	}
	for i := range 1000 {
		u.AddGrantLocked(&Grant{ID: fmt.Sprint("after ", i), Expires: longest}, longest.Add(time.Second))
	}
	if u.GrantLocked("first") != nil {
		t.Error("the sign-in is remembered though no token of it can be valid")
	}
}

func TestRevokeEndsEverySignIn(t *testing.T) {
	u := &User{}
	u.RevokeLocked() // nothing to end
	for _, id := range []string{"a", "b"} {
		u.AddGrantLocked(&Grant{ID: id, Expires: start.Add(time.Hour)}, start)
	}
	u.RevokeLocked()
	u.AddGrantLocked(&Grant{ID: "c", Expires: start.Add(time.Hour)}, start)
	for id, want := range map[string]bool{"a": true, "b": true, "c": false} {
		if got := u.GrantLocked(id).Revoked; got != want {
			t.Errorf("sign-in %s: Revoked = %t, want %t", id, got, want)
		}
	}
	if u.GrantLocked("d") != nil {
		t.Error("a sign-in that never was is found")
	}
}
