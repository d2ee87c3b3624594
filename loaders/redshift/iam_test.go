package redshift

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
	"trunkline/pipeline"
	"trunkline/schema"
)

// passwords answers as AWS does that is asked for a password: of a cluster in XML, of a workgroup in JSON.
func passwords(t *testing.T, user, password string, asked *[]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*asked = append(*asked, r.Header.Get("X-Amz-Target")+string(body))
		if strings.Contains(string(body), "refused") {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`)
			return
		}
		if r.Header.Get("X-Amz-Target") != "" {
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			_, _ = fmt.Fprintf(w, `{"dbUser": %q, "dbPassword": %q}`, user, password)
			return
		}
		action := "GetClusterCredentials"
		if strings.Contains(string(body), "WithIAM") {
			action += "WithIAM"
		}
		_, _ = fmt.Fprintf(w, `<%[1]sResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><%[1]sResult><DbUser>%[2]s</DbUser><DbPassword>%[3]s</DbPassword></%[1]sResult></%[1]sResponse>`,
			action, user, password)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// AWS gives out user and password for each connection, as the kind of the warehouse has it.
func TestIAMGivesThePassword(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	for name, c := range map[string]struct {
		user string
		iam  IAM
		asks string
	}{
		"cluster":           {"", IAM{Cluster: "analytics"}, "Action=GetClusterCredentialsWithIAM"},
		"user of a cluster": {"loader", IAM{Cluster: "analytics"}, "DbUser=loader"},
		"workgroup":         {"", IAM{Workgroup: "analytics"}, `"workgroupName":"analytics"`},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			config := a.config("iam_" + strings.ReplaceAll(name, " ", "_"))
			config.User, config.Password, config.IAM = c.user, secret.Secret{}, &c.iam
			config.IAM.Region, config.IAM.Endpoint = "eu-central-1", passwords(t, a.User, a.Password, &asked)
			openWith(t, config, schema.Queues)
			if len(asked) != 1 || !strings.Contains(asked[0], c.asks) || !strings.Contains(asked[0], "900") {
				t.Errorf("AWS was asked %q, want once for %q", asked, c.asks)
			}
		})
	}
	refused := a.config("refused")
	var asked []string
	refused.IAM = &IAM{Cluster: "refused", Region: "eu-central-1", Endpoint: passwords(t, a.User, a.Password, &asked)}
	_, err := Open(t.Context(), refused, "test")
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Kind != pipeline.Denied || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v, want it denied", err)
	}
}
