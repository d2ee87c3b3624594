package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"trunkline/pipeline"
)

const lockName = ".lock"

// lockNote is what the lock holds. A lock that was given back stays, free.
type lockNote struct {
	Owner   string        `json:"owner,omitempty"`
	Since   time.Time     `json:"since,omitzero"`
	Token   string        `json:"token,omitempty"` // of this tenure, which no other has
	Renewed int64         `json:"renewed,omitempty"`
	Until   time.Time     `json:"until,omitzero"` // by the holder's clock
	Lease   time.Duration `json:"lease_ns,omitempty"`
}

func (n lockNote) free() bool { return n.Token == "" }

// String tells people who holds it.
func (n lockNote) String() string {
	if n.free() {
		return "which has just ended"
	}
	return n.Owner + ", since " + n.Since.Format(time.RFC3339)
}

// expired tells whether the lock's time is up by the clock of this machine. One that is to last longer than any is worth no more.
func (n lockNote) expired(now time.Time) bool {
	return now.After(n.Until) || n.Until.After(now.Add(2*n.Lease))
}

// Lock makes the caller the only writer of the store until it is released. Meanwhile a goroutine renews the lock; the release ends it.
// The lock of a holder that died is free after two leases at the latest; whoever comes in the second waits here for its end.
func (s *Store) Lock(ctx context.Context, owner string) (release func() error, err error) {
	note, version, err := s.readLock(ctx)
	if err != nil {
		return nil, err
	}
	if !note.free() {
		if version, err = s.outlive(ctx, note, version); err != nil {
			return nil, err
		}
	}
	t := &tenure{
		store: s, version: version, lost: make(chan struct{}), stop: make(chan struct{}), stopped: make(chan struct{}),
		note: lockNote{Owner: owner, Since: time.Now().UTC(), Token: rand.Text(), Lease: s.lease},
	}
	if err := t.begin(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.held = t
	s.mu.Unlock()
	go t.hold()
	return func() error { return s.release(t) }, nil
}

// outlive gives the version of a lock whose holder is dead: its time is up, and it stays as it is for as long as a living holder
// would believe in it.
func (s *Store) outlive(ctx context.Context, note lockNote, version string) (string, error) {
	if note.expired(time.Now()) {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(note.Lease):
		}
		now, changed, err := s.readLock(ctx)
		if err != nil || changed == version || now.free() {
			return changed, err
		}
		note = now
	}
	return "", pipeline.AtWork(s.bucket.URI(""), note.String())
}

// Holder tells who holds the store's lock now; nil if nobody does.
func (s *Store) Holder(ctx context.Context) (*pipeline.Holder, error) {
	note, _, err := s.readLock(ctx)
	if err != nil || note.free() || note.expired(time.Now()) {
		return nil, err
	}
	return &pipeline.Holder{Owner: note.Owner, Since: note.Since}, nil
}

// readLock reads the lock; one that was never taken has no version.
func (s *Store) readLock(ctx context.Context) (note lockNote, version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	o, err := s.bucket.Get(ctx, lockName, "")
	if errors.Is(err, fs.ErrNotExist) {
		return note, "", nil
	}
	if err != nil {
		return note, "", fmt.Errorf("read the lock of the run store: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(o.Body, 1<<16))
	if err = errors.Join(err, o.Body.Close()); err != nil {
		return note, "", fmt.Errorf("read the lock of the run store: %w", err)
	}
	if err := json.Unmarshal(text, &note); err != nil {
		return note, "", fmt.Errorf("read the lock of the run store, %s: %w", s.bucket.URI(lockName), err)
	}
	return note, o.Version, nil
}

// release ends a tenure and frees the lock, unless another has it.
func (s *Store) release(t *tenure) error {
	select {
	case <-t.stop:
		return nil // was released before
	default:
	}
	close(t.stop)
	<-t.stopped
	select {
	case <-t.lost:
	default:
		close(t.lost)
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.lease)
	defer cancel()
	ours := t.note.Token
	t.note = lockNote{}
	_, err := t.write(ctx)
	if errors.Is(err, ErrConflict) { // perhaps the last renewal was done, and its answer got lost
		now, version, lookErr := s.readLock(ctx)
		if lookErr == nil && now.Token == ours {
			t.version = version
			_, err = t.write(ctx)
		}
	}
	if errors.Is(err, ErrConflict) {
		return nil // another has taken it over: a write that was refused has told of it
	}
	if err != nil {
		return fmt.Errorf("free the lock of the run store: %w", err)
	}
	return nil
}

// tenure is the time in which a store holds its lock.
type tenure struct {
	store   *Store
	note    lockNote
	version string        // of the lock as it was written last
	lost    chan struct{} // closed when it is another's, or may be, or nobody's
	stop    chan struct{} // closed by the release
	stopped chan struct{} // closed when hold has ended

	mu    sync.Mutex
	until time.Time // with the monotonic clock
}

var errLost = errors.New("another process has taken it over, or it could not be renewed in time")

// begin takes the lock.
func (t *tenure) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := t.renew(ctx)
	if !errors.Is(err, errLost) {
		return err
	}
	now, _, err := t.store.readLock(ctx)
	if err != nil {
		return err
	}
	return pipeline.AtWork(t.store.bucket.URI(""), now.String())
}

// hold renews the lock until it is released or lost.
func (t *tenure) hold() {
	defer close(t.stopped)
	every := t.note.Lease / 3
	for {
		select {
		case <-t.stop:
			return
		case <-time.After(every):
		}
		ctx, cancel := context.WithDeadline(context.Background(), t.until)
		err := t.renew(ctx)
		cancel()
		if errors.Is(err, errLost) || t.over() {
			close(t.lost)
			return
		}
		every = t.note.Lease / 3
		if err != nil {
			every = t.note.Lease / 15 // the service does not answer: there may be time for another attempt
		}
	}
}

// over tells whether the lease has run out: by the clock that never jumps, or by the one that goes on while a machine sleeps.
func (t *tenure) over() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	return now.After(t.until) || now.Round(0).After(t.until.Round(0))
}

// renew writes the lock anew; errLost tells that it is another's. That a condition does not hold may also be because the service did it,
// its answer got lost, and it was asked again: then it is done once more, because only the beginning of a write that is known to have
// come after it is a time from which a lease counts.
func (t *tenure) renew(ctx context.Context) error {
	for {
		began := time.Now()
		t.note.Renewed++
		t.note.Until = began.Add(t.note.Lease).UTC()
		version, err := t.write(ctx)
		if err == nil {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.version, t.until = version, began.Add(t.note.Lease)
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("hold the lock of the run store: %w", err)
		}
		now, version, err := t.store.readLock(ctx)
		if err != nil {
			return err
		}
		if now.Token != t.note.Token {
			return errLost
		}
		t.version = version
	}
}

func (t *tenure) write(ctx context.Context) (version string, err error) {
	text, err := json.Marshal(t.note)
	if err != nil {
		return "", err
	}
	over := Condition{Version: t.version, Nothing: t.version == ""}
	return t.store.bucket.Put(ctx, lockName, io.NewSectionReader(bytes.NewReader(text), 0, int64(len(text))), over)
}

// while does something as long as the lock is held, and breaks it off when it is lost.
func (t *tenure) while(ctx context.Context, do func(context.Context) (string, error)) (string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-t.lost:
			cancel(errLost)
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(nil); <-done }()
	select {
	case <-t.lost:
		return "", t.gone()
	default:
		if t.over() {
			return "", t.gone()
		}
	}
	version, err := do(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errLost) {
		return "", t.gone()
	}
	return version, err
}

func (t *tenure) gone() error {
	return &pipeline.Error{
		Code: "TL2002", Kind: pipeline.Locked, What: "the lock of " + t.store.bucket.URI("") + " was lost", Err: errLost,
		Cure: "Nothing was written since. Run the same command again",
	}
}
