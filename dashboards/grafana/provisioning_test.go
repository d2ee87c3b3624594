package grafana

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// source is a data source as it is provisioned.
type source struct {
	Name, UID, Type, Access, URL, User string
	JSONData                           map[string]any    `yaml:"jsonData"`
	SecureJSONData                     map[string]string `yaml:"secureJsonData"`
	Editable                           bool
}

// provisioned reads a YAML file of which every key is known.
func provisioned(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// sources reads the data sources by the name of their warehouse.
func sources(t *testing.T) map[string]source {
	t.Helper()
	all := map[string]source{}
	for _, w := range warehouses() {
		var f struct {
			APIVersion  int `yaml:"apiVersion"`
			Datasources []source
		}
		provisioned(t, "provisioning/datasources/"+w.name()+".yaml", &f)
		if f.APIVersion != 1 || len(f.Datasources) != 1 {
			t.Fatalf("%s: version %d, %d data sources", w.name(), f.APIVersion, len(f.Datasources))
		}
		all[w.name()] = f.Datasources[0]
	}
	return all
}

// TestSourcesHoldNoSecrets: what is secret, and what differs from place to place, is an environment variable, which docs/grafana.md lists.
func TestSourcesHoldNoSecrets(t *testing.T) {
	manual, err := os.ReadFile("../../docs/grafana.md")
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`\$\{TRUNKLINE_[A-Z_]+\}`)
	for name, s := range sources(t) {
		for key, value := range s.SecureJSONData {
			if variable.FindString(value) != value {
				t.Errorf("%s: %s is %q, no environment variable", name, key, value)
			}
		}
		for _, key := range []string{"password", "secretKey", "accessKey", "privateKey", "token"} {
			if _, open := s.JSONData[key]; open {
				t.Errorf("%s: %s lies in jsonData, for everybody to read", name, key)
			}
		}
		found := variable.FindAllString(fmt.Sprint(s, s.JSONData, s.SecureJSONData), -1)
		if len(found) == 0 || s.Editable || s.Access != "proxy" {
			t.Errorf("%s: %d variables, editable %v, access %q", name, len(found), s.Editable, s.Access)
		}
		for _, v := range found {
			if !strings.Contains(string(manual), "`"+strings.Trim(v, "${}")+"`") {
				t.Errorf("docs/grafana.md does not tell of %s", v)
			}
		}
	}
}

// TestAlertRulesAreWhole: by the words of Grafana's provisioning (docs: file provisioning of alert rules).
func TestAlertRulesAreWhole(t *testing.T) {
	type data struct {
		RefID             string                 `yaml:"refId"`
		RelativeTimeRange struct{ From, To int } `yaml:"relativeTimeRange"`
		DatasourceUID     string                 `yaml:"datasourceUid"`
		Model             map[string]any
	}
	type alert struct {
		UID, Title, Condition string
		Data                  []data
		For                   string
		NoDataState           string `yaml:"noDataState"`
		ExecErrState          string `yaml:"execErrState"`
		Labels, Annotations   map[string]string
	}
	uids := map[string]bool{}
	for name, s := range sources(t) {
		var f struct {
			APIVersion int `yaml:"apiVersion"`
			Groups     []struct {
				OrgID                  int `yaml:"orgId"`
				Name, Folder, Interval string
				Rules                  []alert
			}
		}
		provisioned(t, "provisioning/alerting/"+name+".yaml", &f)
		if f.APIVersion != 1 || len(f.Groups) != 1 || f.Groups[0].Folder == "" || f.Groups[0].Interval != "10m" || len(f.Groups[0].Rules) != 4 {
			t.Fatalf("%s: %+v", name, f)
		}
		for _, r := range f.Groups[0].Rules {
			if uids[r.UID] || len(r.UID) > 40 || r.Title == "" || r.For != "10m" {
				t.Errorf("%s: rule %q %q for %q", name, r.UID, r.Title, r.For)
			}
			uids[r.UID] = true
			if len(r.Data) != 2 || r.Data[0].DatasourceUID != s.UID || r.Data[1].DatasourceUID != "__expr__" || r.Condition != r.Data[1].RefID ||
				r.Data[1].Model["expression"] != r.Data[0].RefID || r.Data[1].Model["type"] != "threshold" {
				t.Errorf("%s: %s asks %+v, condition %s", name, r.UID, r.Data, r.Condition)
			}
			for _, d := range r.Data {
				if d.Model["refId"] != d.RefID || d.RelativeTimeRange.From != 30*3600 || d.RelativeTimeRange.To != 0 {
					t.Errorf("%s: %s: %+v", name, r.UID, d)
				}
			}
			if r.Annotations["summary"] == "" || r.Annotations["description"] == "" || r.Labels["severity"] == "" {
				t.Errorf("%s: %s has annotations %v, labels %v", name, r.UID, r.Annotations, r.Labels)
			}
			if strings.Contains(fmt.Sprint(r.Annotations, r.Labels, r.Title), "$") { // some versions take it for an environment variable
				t.Errorf("%s: %s has a $ in its texts", name, r.UID)
			}
			if (r.NoDataState != "OK" && r.NoDataState != "Alerting") || r.ExecErrState != "Error" {
				t.Errorf("%s: %s: no data is %q, an error %q", name, r.UID, r.NoDataState, r.ExecErrState)
			}
		}
	}
}

// TestProvidersFindTheDashboards: each looks into the folder of its warehouse.
func TestProvidersFindTheDashboards(t *testing.T) {
	for _, w := range warehouses() {
		var f struct {
			APIVersion int `yaml:"apiVersion"`
			Providers  []struct {
				Name, Folder, Type string
				AllowUIUpdates     bool `yaml:"allowUiUpdates"`
				Options            struct{ Path string }
			}
		}
		provisioned(t, "provisioning/dashboards/"+w.name()+".yaml", &f)
		if len(f.Providers) != 1 || f.Providers[0].Type != "file" {
			t.Fatalf("%s: %+v", w.name(), f)
		}
		dir := strings.Replace(f.Providers[0].Options.Path, "${TRUNKLINE_DASHBOARDS}", "dashboards", 1)
		if found, err := filepath.Glob(dir + "/*.json"); err != nil || len(found) != 3 {
			t.Errorf("%s: %d dashboards in %s: %v", w.name(), len(found), dir, err)
		}
	}
}
