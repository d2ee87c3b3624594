package main

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
)

// TestNoSecretIsEverWritten runs a night, good and refused, at the most talkative setting, and searches everything that
// came out of it: both streams, the result file, and every file of the run store.
func TestNoSecretIsEverWritten(t *testing.T) {
	const wrong = "hunter2/wrong+secret"
	world := scenario.Default()
	world.PerDay, world.Days, world.Location = 30, 2, time.UTC
	world.Start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	centre, err := sim.New(sim.Config{Scenario: world})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	defer server.Close()
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("CENTRE", server.URL)
	config := `version: 1
genesys: {base_url: "${CENTRE}", client_id: trunkline, client_secret: "${SECRET}", requests_per_minute: 100000}
salesforce: {login_url: "${CENTRE}", client_id: trunkline, client_secret: "${SECRET}"}
warehouse: {duckdb: {}}
`
	if err := os.WriteFile("trunkline.yaml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	command := func(secret string, want int, args ...string) {
		t.Setenv("SECRET", secret)
		if code := run(t.Context(), args, &out, &out); code != want {
			t.Errorf("trunkline %s: exit code %d, want %d\n%s", strings.Join(args, " "), code, want, &out)
		}
	}
	for _, format := range []string{"text", "json"} {
		command(wrong, exitDenied, "extract", "--date", "2026-01-05", "-v", "--again", "--log-format", format, "--result-file", "refused.json")
		command("simulated", exitOK, "extract", "--date", "2026-01-05", "-v", "--again", "--log-format", format, "--result-file", "result.json")
		command(wrong, exitDenied, "doctor", "-v", "--log-format", format)
		command(wrong, exitOK, "config", "show")
	}
	for _, secret := range []string{
		wrong, url.QueryEscape(wrong), url.PathEscape(wrong), base64.StdEncoding.EncodeToString([]byte("trunkline:" + wrong)),
		`secret=simulated`, base64.StdEncoding.EncodeToString([]byte("trunkline:simulated")),
	} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the streams show %q", secret)
		}
		for name, text := range everyFile(t, dir) {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

// everyFile gives the text of every file below a folder, uncompressed.
func everyFile(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	unzip, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unzip.Close()
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil && strings.HasSuffix(name, ".zst") {
			text, err = unzip.DecodeAll(text, nil)
		}
		all[name] = text
		return err
	})
	if err != nil || len(all) < 10 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}
