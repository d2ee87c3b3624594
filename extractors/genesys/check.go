package genesys

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"trunkline/pipeline"
)

// Finding is one thing that was looked at before a run.
type Finding struct {
	Name   string // what was tried
	OK     bool
	Detail string // what came of it
	Cure   string // what to do, if it is not well
	Kind   pipeline.Kind
}

const (
	probePatience = 15 * time.Second // of one probe
	oneAttempt    = time.Nanosecond  // of one call with its retries: no second attempt
	nobody        = "00000000-0000-0000-0000-000000000000"
)

// Check tries the credentials and every permission that a run with this configuration needs. It reads next to nothing and
// changes nothing. Each call is tried once: who asks wants to know what is wrong now.
func Check(ctx context.Context, c Config) []Finding {
	x, err := newExtractor(c, oneAttempt)
	if err != nil {
		return []Finding{finding("configuration", "", err)}
	}
	login := probe(ctx, "token", func(ctx context.Context) (string, error) {
		return "from " + loginHost(x.config.BaseURL), explain("log in", x.api.Connect(ctx))
	})
	if !login.OK {
		return []Finding{login}
	}
	findings := []Finding{login}
	for _, p := range x.probes() {
		if ctx.Err() != nil {
			return nil
		}
		findings = append(findings, probe(ctx, p.name, p.try))
	}
	return findings
}

// attempt is something to try.
type attempt struct {
	name string
	try  func(context.Context) (string, error)
}

// probes are what is tried with a token.
func (x *Extractor) probes() []attempt {
	probes := []attempt{
		{"organisation", x.organisation},
		{"data availability", x.lag},
		{"details job", x.reads(jobsPath + "/" + nobody)}, // submitting one costs; whether one may be read is told without
	}
	for _, l := range lists {
		probes = append(probes, attempt{l.stream, x.reads(l.path + "?pageSize=1")})
	}
	for _, j := range judgements {
		probes = append(probes, attempt{"late " + j.name, func(ctx context.Context) (string, error) {
			_, err := x.judgedBy(ctx, j, pipeline.Window{From: time.Now().Add(-time.Hour), To: time.Now()})
			return "allowed", err
		}})
	}
	if x.config.Aggregates {
		probes = append(probes, attempt{"aggregates", func(ctx context.Context) (string, error) {
			_, err := x.aggregatesOf(ctx, time.Now().Add(-time.Hour), time.Now())
			return "allowed", err
		}})
	}
	if x.config.Intraday {
		probes = append(probes, attempt{"synchronous query", func(ctx context.Context) (string, error) {
			_, err := x.query(ctx, sweep{part: part{From: time.Now().Add(-time.Minute), To: time.Now()}, order: "asc"}, 1, 1)
			return "allowed", explain("query conversations", err)
		}}, attempt{"conversation service", x.reads("/conversations/" + nobody)})
	}
	return probes
}

func probe(ctx context.Context, name string, try func(context.Context) (string, error)) Finding {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	detail, err := try(ctx)
	return finding(name, detail, err)
}

func finding(name, detail string, err error) Finding {
	f := Finding{Name: name, OK: err == nil, Detail: detail}
	var known *pipeline.Error
	switch {
	case errors.As(err, &known):
		short := *known
		short.Cure = ""
		f.Detail, f.Cure, f.Kind = short.Error(), known.Cure, known.Kind
	case errors.Is(err, context.DeadlineExceeded):
		f.Detail, f.Cure, f.Kind = "no answer in "+probePatience.String(), "Check base_url, proxy and firewall", pipeline.Upstream
	case err != nil:
		f.Detail = err.Error()
	}
	return f
}

// reads tries a path. That nothing is there is an answer too.
func (x *Extractor) reads(path string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		err := x.get(ctx, path, whole)
		if hasStatus(err, http.StatusNotFound) {
			err = nil
		}
		return "allowed", explain("read "+path, err)
	}
}

func (x *Extractor) organisation(ctx context.Context) (string, error) {
	var org struct {
		Name string `json:"name"`
		ID   string `json:"id"`
	}
	err := x.get(ctx, "/organizations/me", into(&org))
	return org.Name + " (" + org.ID + ")", explain("read the organisation", err)
}

func (x *Extractor) lag(ctx context.Context) (string, error) {
	complete, err := x.availability(ctx)
	return fmt.Sprintf("complete up to %s, %s ago", stamp(complete), time.Since(complete).Round(time.Minute)), err
}
