package unify_test

import (
	"strings"
	"testing"

	"trunkline/transforms/unify"
)

// TestARunWithoutTheCRMJoinsWithWhatIsKnownOfIt holds that the mirror of an earlier run serves one that reads conversations
// only: else it would make every customer of thirty days an unknown one.
func TestARunWithoutTheCRMJoinsWithWhatIsKnownOfIt(t *testing.T) {
	n := 0
	for _, in := range unify.New(unify.Config{}).Reads() {
		if !strings.HasPrefix(in.Kind, "crm_") {
			continue
		}
		if n++; !in.Last {
			t.Errorf("%s is read of this run only", in.Kind)
		}
	}
	if n == 0 {
		t.Error("no table of the CRM is read")
	}
}
