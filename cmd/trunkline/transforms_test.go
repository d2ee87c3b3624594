package main

import (
	"testing"

	"trunkline/internal/secret"
	"trunkline/schema"
)

// Rows of earlier runs follow the CRM in the warehouse, by load/reenrich, and Trusst's answers by the join; an intraday run lets
// them be.
func TestEarlierRowsFollow(t *testing.T) {
	withAnswers := defaultConfig()
	withAnswers.Trusst = &TrusstConfig{}
	for _, try := range []struct {
		c        *Config
		intraday bool
		joins    bool
	}{{defaultConfig(), false, false}, {withAnswers, false, true}, {withAnswers, true, false}} {
		for _, in := range transforms(try.c, try.intraday)["unify"].Reads() {
			if in.Kind == schema.UnifiedInteractions.Name && (in.Back != 0) != try.joins {
				t.Errorf("intraday %v, Trusst %v: the join reads its rows of the last %v", try.intraday, try.c.Trusst != nil, in.Back)
			}
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
