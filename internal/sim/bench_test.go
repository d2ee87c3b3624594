package sim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
)

// BenchmarkJobPages is the cost of serving a day in pages, without that of sending it anywhere. It bounds what an extraction
// in the same process can reach.
func BenchmarkJobPages(b *testing.B) {
	config := scenario.Default()
	config.Days, config.PerDay = 2, 10_000
	centre, err := sim.New(sim.Config{Scenario: config})
	if err != nil {
		b.Fatal(err)
	}
	handler := centre.Handler()
	send := func(method, path, token, body, encoding string) (int, string) {
		r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept-Encoding", encoding)
		r.Header.Set("Authorization", token)
		if token == "" {
			r.SetBasicAuth("trunkline", "simulated")
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := &tail{header: http.Header{}}
		handler.ServeHTTP(w, r)
		return w.n, string(w.last)
	}
	between := func(text, before, after string) string {
		_, text, _ = strings.Cut(text, before)
		text, _, _ = strings.Cut(text, after)
		return text
	}
	_, login := send(http.MethodPost, "/oauth/token", "", "grant_type=client_credentials", "")
	token := "Bearer " + between(login, `"access_token":"`, `"`)
	for _, encoding := range []string{"identity", "gzip"} {
		b.Run(encoding, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, job := send(http.MethodPost, details+"/jobs", token, fmt.Sprintf(`{"interval":%q}`, span(config.Start, config.Start.AddDate(0, 0, 1))), "")
				path := details + "/jobs/" + between(job, `"jobId":"`, `"`) + "/results?pageSize=1000"
				total := 0
				for range 10 {
					n, _ := send(http.MethodGet, path, token, "", encoding)
					total += n
				}
				b.SetBytes(int64(total))
			}
		})
	}
}

// tail keeps the end of an answer.
type tail struct {
	header http.Header
	n      int
	last   []byte
}

func (t *tail) Header() http.Header { return t.header }
func (t *tail) WriteHeader(int)     {}
func (t *tail) Write(p []byte) (int, error) {
	t.n += len(p)
	t.last = append(t.last[:0], p[max(0, len(p)-500):]...)
	return len(p), nil
}

var _ io.Writer = (*tail)(nil)
