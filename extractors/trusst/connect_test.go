package trusst_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"trunkline/extractors/trusst"
	"trunkline/internal/pgtest"
	"trunkline/internal/secret"
	"trunkline/pipeline"
)

// logTo gives what the extractors of a world say.
func logTo(w *world) *bytes.Buffer {
	log := &bytes.Buffer{}
	w.config.Log = slog.New(slog.NewTextHandler(log, nil))
	return log
}

// passwords that no text may show.
const (
	oldPassword = "hunter2-old-Pa55"
	newPassword = "hunter2-new-Pa55"
)

// vault is AWS Secrets Manager, with one secret.
type vault struct {
	secret map[string]any
	asked  int
}

func (v *vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.asked++
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if v.secret == nil || r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"__type":"ResourceNotFoundException","message":"no such secret"}`))
		return
	}
	text, _ := json.Marshal(v.secret)
	_ = json.NewEncoder(w).Encode(map[string]string{"Name": "trusst/acme/db-readonly-user", "SecretString": string(text)})
}

// secured is a server with passwords and TLS, whose certificate is for localhost.
func secured(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, pgtest.Start(t, pgtest.Options{Scram: true, TLS: []string{"localhost"}}))
	w.contact("c1", "10:00")
	w.exec("alter role reader password '" + oldPassword + "'")
	w.config.Host, w.config.CAFile, w.config.Password = "localhost", w.server.CA, secret.New(oldPassword)
	return w
}

func refused(t *testing.T, w *world, code string) {
	t.Helper()
	log := logTo(w)
	_, err := w.tryFollow(w.extractor())
	known, ok := errors.AsType[*pipeline.Error](err)
	if !ok || known.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
	for _, shown := range []string{log.String(), errText(err), string(w.note)} {
		if strings.Contains(shown, "Pa55") {
			t.Errorf("a password is shown: %s", shown)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestConnection(t *testing.T) {
	w := secured(t)
	good := w.config
	given(t, w.follow(), "c1")

	w.config.Host = "127.0.0.1" // its certificate is for localhost
	refused(t, w, "TL3005")
	w.config.ServerName = "localhost"
	w.note = nil
	given(t, w.follow(), "c1")

	w.config = good
	w.config.CAFile = "" // signed by nobody this machine knows
	refused(t, w, "TL3005")
	w.config.Plain = true // the server takes nobody without TLS
	refused(t, w, "TL3002")

	w.config = good
	w.config.Password = secret.New(newPassword)
	refused(t, w, "TL3002")

	w.config = good
	w.config.CAFile = "testdata/schema.sql"
	if _, err := trusst.New(w.config); err == nil || !strings.Contains(err.Error(), "no certificate") {
		t.Errorf("got %v", err)
	}
}

// TestSession: the server sees a session that can only read and that it ends if it is forgotten.
func TestSession(t *testing.T) {
	w := secured(t)
	for _, p := range trusst.Check(t.Context(), w.config) {
		if p.Err != nil || p.Detail == "" {
			t.Errorf("%s: %v %q", p.Name, p.Err, p.Detail)
		}
	}
	w.exec("create function spy() returns text language sql as $$ select concat_ws(' ', current_setting('application_name'), " +
		"current_setting('default_transaction_read_only'), current_setting('statement_timeout'), " +
		"current_setting('idle_in_transaction_session_timeout'), current_setting('timezone'), (select ssl from pg_stat_ssl where pid = pg_backend_pid())) $$")
	w.exec("alter table streams rename to streams_really")
	w.exec("create view streams as select stream_id, spy()::varchar as name, stream_type from streams_really")
	w.exec("grant select on streams to reader")
	w.follow()
	if !strings.Contains(w.state["c1"], `"stream_name":"trunkline on 1min 30s UTC t"`) {
		t.Error(w.state["c1"])
	}
}

func TestSecretsManager(t *testing.T) {
	w := secured(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	v := &vault{}
	aws := httptest.NewServer(v)
	t.Cleanup(aws.Close)
	database := w.config.Database
	w.config = trusst.Config{
		CAFile: w.server.CA, ServerName: "localhost",
		Secret: &trusst.AWSSecret{Name: "trusst/acme/db-readonly-user", Region: "eu-central-1", Endpoint: aws.URL},
	}
	refused(t, w, "TL3004") // there is no such secret
	guide := map[string]any{"username": "reader", "password": oldPassword, "host": "localhost", "port": w.server.Port, "database": database}
	rds := map[string]any{"username": "reader", "password": oldPassword, "host": "localhost", "port": strconv.Itoa(w.server.Port), "dbname": database}
	for _, s := range []map[string]any{guide, rds} {
		v.secret, w.note = s, nil
		given(t, w.follow(), "c1")
	}
	for _, key := range []string{"username", "password", "host", "database"} {
		v.secret = map[string]any{}
		for k, value := range guide {
			if k != key {
				v.secret[k] = value
			}
		}
		fails(t, w, "TL3004", "it has no "+key)
	}

	// Rotated while an extractor lives: the secret is asked for once more, and once only.
	v.secret, v.asked, w.note = guide, 0, nil
	x := w.extractor()
	if _, err := w.tryFollow(x); err != nil || v.asked != 1 {
		t.Fatalf("asked %d times, %v", v.asked, err)
	}
	w.exec("alter role reader password '" + newPassword + "'")
	_, err := w.tryFollow(x)
	if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL3002" || v.asked != 2 {
		t.Errorf("asked %d times, %v", v.asked, err)
	}
	guide["password"] = newPassword
	if _, err := w.tryFollow(x); err != nil || v.asked != 3 {
		t.Errorf("asked %d times, %v", v.asked, err)
	}
}
