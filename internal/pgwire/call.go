package pgwire

import (
	"context"
	"sync"
	"time"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// The engine stops between two pieces of work. A constant that it works out while it plans is one piece, and so is a row of an
// expression: either may outlive any limit. Such a call is left to itself. Its client is answered; what the call needs is kept until it
// ends, and so is the client's turn, so that there are never more calls than clients may be connected.

// grace is how long a call that was told to stop has to end, before it is left to itself.
const grace = time.Second

// again is how often a running call is told to stop: the engine forgets it when a statement starts.
const again = 10 * time.Millisecond

// errUnended is a query whose turn did not come in its time.
var errUnended = &Error{
	Code: "57014", Message: "canceling statement due to statement timeout: what this client asked before has not ended yet",
	Hint: "Connect once more to ask meanwhile.",
}

// turn lets a client have one call at a time.
type turn chan struct{}

// owned is a thing of the engine's. Nothing may be done with it after free, nor while a call uses it.
type owned interface{ free() }

// answer is how a call ended. Without an error its value is owned by the caller.
type answer[T owned] struct {
	value T
	err   error
}

// free frees what a call has made.
func (a answer[T]) free() {
	if a.err == nil {
		a.value.free()
	}
}

// call does a call of the engine on a connection, at the client's turn. It ends soon after the context does, with the cause of that,
// whether the call has ended or not.
func call[T owned](ctx context.Context, l *link, do func() (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return none, errUnended
	}
	ended := make(chan answer[T], 1)
	go func() {
		value, err := do()
		ended <- answer[T]{value, err}
	}()
	select {
	case a := <-ended:
		<-l.turn
		return a.value, a.err
	case <-ctx.Done():
	}
	if a, ok := stopped(l, ended, time.After(grace)); ok {
		<-l.turn
		a.free()
		return none, context.Cause(ctx)
	}
	l.lend()
	go func() {
		a, _ := stopped(l, ended, nil)
		l.back(a)
		<-l.turn
	}()
	return none, context.Cause(ctx)
}

// stopped tells a call to stop until it has ended, or the time is over.
func stopped[T owned](l *link, ended <-chan answer[T], over <-chan time.Time) (a answer[T], ok bool) {
	for {
		bindings.Interrupt(l.conn)
		select {
		case a := <-ended:
			return a, true
		case <-over:
			return a, false
		case <-time.After(again):
		}
	}
}

// lending is what a connection keeps while a call that was left to itself has it.
type lending struct {
	mu    sync.Mutex
	lent  bool
	after []owned // what is freed when the call has ended, in this order
}

func (l *lending) lend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lent = true
}

// isLent tells whether a call that was left to itself has the connection.
func (l *lending) isLent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lent
}

// back takes the connection back, and frees what nobody waits for any more.
func (l *lending) back(made owned) {
	l.mu.Lock()
	defer l.mu.Unlock()
	made.free()
	for _, one := range l.after {
		one.free()
	}
	l.lent, l.after = false, nil
}

// give frees a thing of the connection's, or the connection itself, as soon as no call uses it.
func (l *lending) give(one owned) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lent {
		l.after = append(l.after, one)
		return
	}
	one.free()
}
