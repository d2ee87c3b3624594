// Package sim is a simulated contact centre and its customers' CRM on one port: Genesys Cloud and Salesforce over a scenario,
// or over recorded conversations. It is what trunkline is tried and tested against without a single credential.
package sim

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/salesforceapi"
	"trunkline/internal/sim/scenario"
)

// Config says what the centre is like. Its zero value is the default scenario, its days just over, served without delay,
// limit or fault.
type Config struct {
	Scenario      scenario.Config
	Replay        string           // a folder of recorded conversations that are served instead of the scenario's
	Now           func() time.Time // when it is in the centre; nil is the end of the scenario, from where time goes on
	Wall          func() time.Time // by which tokens expire, calls are limited and jobs take their time; nil is now
	Lag           time.Duration    // how far the data lake of the details jobs is behind
	Latency       time.Duration    // of every answer
	RatePerMinute int              // calls that a token of Genesys may make in a minute; 0 is any number
	TokenTTL      time.Duration    // 0 is a day for Genesys and two hours for Salesforce
	JobDelay      time.Duration    // how long a job takes
	Divisions     []string         // of Genesys, that the client may see; none is all
	Faults        FaultPlan
	Log           *slog.Logger // nil is none
}

// FaultPlan says what goes wrong, and when. The zero plan is a good day.
type FaultPlan struct {
	Seed       uint64 // of what happens by chance
	Genesys    []genesysapi.Fault
	Jobs       genesysapi.JobFaults
	Salesforce []salesforceapi.Fault
}

// BadDay is a plan that a patient client gets over: each share of the calls of Genesys goes wrong in one of the ways in which
// calls do, the tokens are revoked a few times, a job fails and the results of another vanish.
func BadDay(seed uint64, share float64) FaultPlan {
	plan := FaultPlan{
		Seed:    seed,
		Genesys: []genesysapi.Fault{{Kind: genesysapi.Revoked, Path: "/api/v2/", Calls: []int{10, 100, 1_000, 10_000}}},
		Jobs:    genesysapi.JobFaults{Fail: []int{1}, Expire: map[int]int{2: 1}},
	}
	for _, kind := range []genesysapi.FaultKind{
		genesysapi.Unavailable, genesysapi.TimedOut, genesysapi.BadGateway, genesysapi.Truncated, genesysapi.Throttled,
	} {
		plan.Genesys = append(plan.Genesys, genesysapi.Fault{Kind: kind, Path: "/api/v2/", Share: share})
	}
	return plan
}

// Centre is a running contact centre. It is safe for concurrent use.
type Centre struct {
	world   *scenario.World
	latency time.Duration
	mux     *http.ServeMux
	stats   *counter
}

// New makes a centre.
func New(c Config) (*Centre, error) {
	if c.Scenario == (scenario.Config{}) {
		c.Scenario = scenario.Default()
	}
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	if c.Wall == nil {
		c.Wall = time.Now
	}
	world := scenario.New(c.Scenario)
	var source genesysapi.Source = worldSource{world}
	begin := c.Scenario.Start.AddDate(0, 0, c.Scenario.Days)
	if c.Replay != "" {
		recorded, err := loadRecorded(c.Replay)
		if err != nil {
			return nil, err
		}
		c.Log.Info("replay", "dir", c.Replay, "files", recorded.files, "records", len(recorded.all),
			"passed_over_files", recorded.otherFiles, "passed_over_items", recorded.otherItems)
		source, begin = recorded, recorded.newest.Add(c.Lag+time.Hour)
	}
	if c.Now == nil {
		c.Now = NewClock(begin, 1).Now
	} else if c.Replay != "" {
		c.Now = notBefore(begin, c.Now)
	}
	centre := &Centre{world: world, latency: c.Latency, mux: http.NewServeMux(), stats: newCounter()}
	genesys := genesysapi.New(source, genesysapi.Options{
		TokenTTL: c.TokenTTL, RatePerMinute: c.RatePerMinute, Lag: c.Lag, JobDelay: c.JobDelay, Divisions: c.Divisions,
		Now: c.Now, Wall: c.Wall, Seed: c.Faults.Seed, Faults: c.Faults.Genesys, Jobs: c.Faults.Jobs,
	})
	centre.mux.Handle("/", genesys)
	centre.mux.Handle("/services/", salesforceapi.New(world, salesforceapi.Options{
		SessionTTL: c.TokenTTL, JobDelay: c.JobDelay, Now: c.Now, Faults: c.Faults.Salesforce,
	}))
	return centre, nil
}

// notBefore is a clock that never shows less than a moment.
func notBefore(begin time.Time, now func() time.Time) func() time.Time {
	return func() time.Time {
		if t := now(); t.After(begin) {
			return t
		}
		return begin
	}
}

// Handler serves Genesys Cloud under /oauth/token and /api/v2/, Salesforce under /services/.
func (c *Centre) Handler() http.Handler {
	return c.stats.count(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(c.latency)
		c.mux.ServeHTTP(w, r)
	}))
}

// World is what is served, with its ledger. In a replay it is only the CRM.
func (c *Centre) World() *scenario.World { return c.world }

// Stats gives the counts so far.
func (c *Centre) Stats() Stats { return c.stats.snapshot() }
