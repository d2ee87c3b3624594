package main

import (
	"testing"

	"trunkline/internal/secret"
	"trunkline/schema"
)

// Rows of earlier runs follow the CRM in the warehouse, by load/reenrich; an intraday run lets them be.
func TestNoTransformJoinsEarlierRows(t *testing.T) {
	for _, in := range transforms(defaultConfig())["unify"].Reads() {
		if in.Kind == schema.UnifiedInteractions.Name && in.Back != 0 {
			t.Errorf("the join reads its rows of the last %v", in.Back)
		}
	}
	c := defaultConfig()
	c.Salesforce = &SalesforceConfig{LoginURL: "https://acme.my.salesforce.com", ClientID: "x", ClientSecret: secret.New("x")}
	c.Salesforce.setDefaults()
	for intraday, want := range map[bool]bool{true: false, false: true} {
		f, err := c.flow(intraday)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Reenrich > 0; got != want {
			t.Errorf("intraday %v: rows follow the CRM: %v", intraday, got)
		}
	}
}
