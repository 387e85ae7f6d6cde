package backendtest_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// exporting checks, whenever a behaviour deletes a user and when it ends, that a server which imports what
// the provider's server exports exports the same: whatever the contract can make survives a data file.
func exporting(t *testing.T, p *cognitotest.Provider) *cognitotest.Provider {
	check := func() {
		if err := roundTrip(p.Fake(t)); err != nil {
			t.Errorf("export and import: %v", err)
		}
	}
	p.Fake(t).Inject(fake.Fault{Operations: []string{"AdminDeleteUser"}, Match: func(fake.Call) bool {
		check()
		return false
	}})
	t.Cleanup(check)
	return p
}

func roundTrip(s *fake.Server) error {
	var first, second bytes.Buffer
	if err := s.Export(&first); err != nil {
		return err
	}
	other := fake.NewServer(fake.Config{Region: s.Region()})
	defer other.Close()
	if err := other.Import(bytes.NewReader(first.Bytes())); err != nil {
		return err
	}
	if err := other.Export(&second); err != nil {
		return err
	}
	if d := cmp.Diff(first.String(), second.String()); d != "" {
		return fmt.Errorf("the imported state is another (-first +second):\n%s", d)
	}
	return nil
}
