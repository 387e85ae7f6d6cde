package fake

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/constraint"
)

// TestCategoriesOfOperations shows which operations the table leaves to its last line.
func TestCategoriesOfOperations(t *testing.T) {
	members := map[Category]int{}
	var rest []string
	for _, operation := range constraint.Operations() {
		c := CategoryOf(operation)
		members[c]++
		if c == UserPoolResourceUpdate {
			rest = append(rest, operation)
		}
		reads := strings.HasPrefix(operation, "Get") || strings.HasPrefix(operation, "List") || strings.HasPrefix(operation, "Describe")
		if reads && (strings.HasSuffix(string(c), "Update") || strings.HasSuffix(string(c), "Creation")) {
			t.Errorf("%s reads, and counts as %s", operation, c)
		}
	}
	for _, c := range Categories() {
		if members[c] == 0 && c != ClientAuthentication {
			t.Errorf("%s has no member", c)
		}
	}
	want := []string{
		"AddCustomAttributes", "CreateGroup", "CreateIdentityProvider", "CreateManagedLoginBranding", "CreateResourceServer",
		"CreateTerms", "CreateUserImportJob", "CreateUserPoolDomain", "DeleteGroup",
		"DeleteIdentityProvider", "DeleteManagedLoginBranding", "DeleteResourceServer", "DeleteTerms", "DeleteUserPoolDomain",
		"SetLogDeliveryConfiguration", "SetRiskConfiguration", "SetUICustomization",
		"SetUserPoolMfaConfig", "StartUserImportJob", "StopUserImportJob", "TagResource", "UntagResource", "UpdateGroup",
		"UpdateIdentityProvider", "UpdateManagedLoginBranding", "UpdateResourceServer", "UpdateTerms", "UpdateUserPoolDomain",
	}
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(rest))); diff != "" {
		t.Errorf("operations of %s (-want +got):\n%s", UserPoolResourceUpdate, diff)
	}
}

func TestTheNewestCallsAreKept(t *testing.T) {
	var s Server
	for n := range 3*maxCalls + 1 {
		s.calls.add(Call{Operation: "SignUp", Username: string(rune(n))})
	}
	got := s.Calls()
	if len(got) != maxCalls || got[0].Username != string(rune(2*maxCalls+1)) || got[maxCalls-1].Username != string(rune(3*maxCalls)) {
		t.Errorf("%d calls are kept, want the newest %d", len(got), maxCalls)
	}
	if held := len(s.calls.calls); held >= 2*maxCalls {
		t.Errorf("%d calls are held", held)
	}
}
