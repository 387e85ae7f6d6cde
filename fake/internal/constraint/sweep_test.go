package constraint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/constraint/constrainttest"
)

// TestSweep breaks every constraint of every operation once.
func TestSweep(t *testing.T) {
	cases := 0
	names := map[string]bool{}
	reasons := map[string]int{}
	for _, operation := range constraint.Operations() {
		t.Run(operation, func(t *testing.T) {
			if err := constraint.Check(operation, constrainttest.Valid(operation)); err != nil {
				t.Errorf("valid input: %v", err)
			}
			violations, impossible := constrainttest.Violations(operation)
			cases += len(violations)
			for _, i := range impossible {
				reasons[i.Reason]++
			}
			for _, c := range violations {
				if names[operation+c.Name] {
					t.Errorf("two cases have the name %q", c.Name)
				}
				names[operation+c.Name] = true
				t.Run(c.Name, func(t *testing.T) {
					if d := cmp.Diff(c.Want, check(t, operation, c.Input)); d != "" {
						t.Errorf("message (-want +got):\n%s", d)
					}
				})
			}
		})
	}
	t.Logf("%d operations, %d violations; constraints that no value breaks alone: %v",
		len(constraint.Operations()), cases, reasons)
	if cases < 1000 {
		t.Errorf("%d violations, want at least 1000: is the table complete?", cases)
	}
}
