package main

import (
	"testing"

	"trunkline/internal/salesforce"
)

// What config show prints is what the client would take by itself.
func TestSalesforceDefaultsAreTheClients(t *testing.T) {
	var s SalesforceConfig
	s.setDefaults()
	if "v"+s.APIVersion != salesforce.DefaultVersion {
		t.Errorf("api_version %s, the client's is %s", s.APIVersion, salesforce.DefaultVersion)
	}
}
