package bigquery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"
)

// jobs runs jobs under ids that we choose.
type jobs struct {
	client   *bigquery.Client
	location string
	patience time.Duration // how long a limit or an outage is waited for
	pause    time.Duration // the first one between two tries
}

// order is a job to be run.
type order struct {
	// id begins the job's id; it says what is done with what, and is the same whenever that is. The number of the attempt ends it: a
	// job that failed keeps its id for good.
	id     string
	submit func(context.Context, bigquery.JobIDConfig) (*bigquery.Job, error)
	// upload is how many bytes submitting sends.
	upload int64
	// same tells whether a job that was found does what is ordered.
	same func(bigquery.JobConfig) bool
	// fresh says that nobody else can have made a job of the id.
	fresh bool
	// done is asked before an attempt that is not the first: another may have brought it about after all. It may be nil.
	done func(context.Context) (bool, error)
}

const mostAttempts = 1000

// slowestLine is how many bytes a second an upload sends at least that is not given up.
const slowestLine = 128 << 10

// errAlready says that an order was carried out by an attempt of which it was not known.
var errAlready = errors.New("it was done before")

// run runs a job to its end. Limits and outages are waited for as long as patience lasts. A job of the same id that another process
// made is waited for, so that the two are never at work at once, and what came of it is not relied on: it may be older than the tables.
func (j jobs) run(ctx context.Context, o order) (*bigquery.Job, error) {
	until, pause := time.Now().Add(j.patience), j.pause
	var last error
	for attempt := 1; attempt <= mostAttempts; attempt++ {
		id := bigquery.JobIDConfig{JobID: fmt.Sprintf("%s_%d", o.id, attempt), Location: j.location}
		var other *bigquery.Job
		if !o.fresh {
			var err error
			if other, err = j.find(ctx, id); err != nil {
				return nil, err
			}
		}
		if attempt > 1 && o.done != nil {
			if done, err := o.done(ctx); done || err != nil {
				return nil, errors.Join(err, already(done))
			}
		}
		if other != nil {
			began := time.Now()
			if err := j.wait(ctx, other); ctx.Err() != nil {
				return nil, errors.Join(ctx.Err(), err)
			}
			until = until.Add(time.Since(began)) // a job at work is no outage
			continue
		}
		job, err := j.submit(ctx, id, o, until)
		if err == nil {
			began := time.Now()
			err = j.wait(ctx, job)
			until = until.Add(time.Since(began))
		}
		if err == nil {
			return job, nil
		}
		last = telling(ctx, last, err)
		if !passes(err) || time.Now().Add(pause).After(until) {
			return nil, last
		}
		if err := sleep(ctx, &pause); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("job %s was tried %d times", o.id, mostAttempts)
}

func already(done bool) error {
	if done {
		return errAlready
	}
	return nil
}

// submit makes a job. When it is not known whether it was made, it is looked for; only if it is not there is it made again, under the
// same id.
func (j jobs) submit(ctx context.Context, id bigquery.JobIDConfig, o order, until time.Time) (*bigquery.Job, error) {
	until = until.Add(time.Duration(o.upload) * time.Second / slowestLine)
	var last error
	for pause := j.pause; ; {
		limited, cancel := context.WithDeadline(ctx, until) // the library itself goes on for as long as it may
		job, err := o.submit(limited, id)
		cancel()
		if err == nil {
			return job, nil
		}
		if inDoubt(err) {
			found, lookErr := j.look(ctx, id, o)
			if found != nil || lookErr != nil {
				return found, lookErr
			}
		}
		last = telling(ctx, last, err)
		switch {
		case ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), err)
		case !passes(err) || time.Now().Add(pause).After(until):
			return nil, last
		}
		if err := sleep(ctx, &pause); err != nil {
			return nil, err
		}
	}
}

// telling gives the error that tells more: that our patience ended says nothing of what went wrong before.
func telling(ctx context.Context, last, err error) error {
	if last != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && tell(err) == (told{}) {
		return last
	}
	return err
}

// look finds a job of ours of which it is in doubt whether it was made; nil if it was not. Where the context has ended, such a job is
// told to stop: what becomes of it the ledger knows.
func (j jobs) look(ctx context.Context, id bigquery.JobIDConfig, o order) (*bigquery.Job, error) {
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), j.patience)
	defer cancel()
	found, err := j.find(asking, id)
	if err != nil || found == nil {
		return nil, errors.Join(ctx.Err(), err)
	}
	if ended := ctx.Err(); ended != nil {
		return nil, errors.Join(ended, found.Cancel(asking))
	}
	has, err := found.Config()
	if err != nil {
		return nil, fmt.Errorf("read the job %s: %w", id.JobID, err)
	}
	if !o.same(has) {
		return nil, &foreignError{id.JobID}
	}
	return found, nil
}

// foreignError says that a job with an id of ours does something else.
type foreignError struct{ id string }

func (e *foreignError) Error() string { return "the job " + e.id + " does something else" }

// find gives a job by its id; nil if there is none.
func (j jobs) find(ctx context.Context, id bigquery.JobIDConfig) (*bigquery.Job, error) {
	limited, cancel := context.WithTimeout(ctx, j.patience)
	defer cancel()
	job, err := j.client.JobFromIDLocation(limited, id.JobID, id.Location)
	switch {
	case isReason(err, "notFound"):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look for the job %s: %w", id.JobID, err)
	}
	return job, nil
}

// slowest is the longest pause between two looks at a job.
const slowest = 5 * time.Second

// wait waits for a job's end, and gives the error with which it ended. We ask for its status and not for its results, as the library's
// own Wait does, because that takes some errors of a job for those of the question and asks forever. A job that is waited for no
// longer is told to stop.
func (j jobs) wait(ctx context.Context, job *bigquery.Job) error {
	for pause := j.pause / 4; ; pause = min(2*pause, slowest) {
		if status := job.LastStatus(); status != nil && status.Done() {
			return status.Err()
		}
		if err := rest(ctx, pause); err != nil {
			asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), j.patience)
			defer cancel()
			return errors.Join(err, job.Cancel(asking))
		}
		limited, cancel := context.WithTimeout(ctx, j.patience)
		_, err := job.Status(limited)
		cancel()
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("look after the job %s: %w", job.ID(), err)
		}
	}
}

// sleep waits before another try, and longer each time.
func sleep(ctx context.Context, pause *time.Duration) error {
	now := *pause/2 + rand.N(*pause/2+1)
	*pause = min(2**pause, 32*time.Second)
	return rest(ctx, now)
}

func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// plainID makes of a text one of the characters that a job's id and a table's name may have.
func plainID(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, text)
}

// labels mark a job by the run and the step that it is made for.
func labels(run, step string) map[string]string {
	plain := func(text string) string {
		text = strings.ToLower(plainID(text))
		return text[:min(len(text), 63)]
	}
	return map[string]string{"trunkline_run": plain(run), stepLabel: plain(step)}
}

const stepLabel = "trunkline_step"
