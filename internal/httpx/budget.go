package httpx

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Budget is the number of calls an account may make, shared by all who make them. A nil budget is unlimited.
type Budget struct {
	limiter *rate.Limiter
	resume  atomic.Int64 // nobody calls before this time, in Unix nanoseconds
}

// NewBudget allows perMinute calls a minute, and burst at once. A perMinute of zero or less is unlimited.
func NewBudget(perMinute, burst int) *Budget {
	limit := rate.Inf
	if perMinute > 0 {
		limit = rate.Limit(float64(perMinute) / 60)
	}
	return &Budget{limiter: rate.NewLimiter(limit, max(burst, 1))}
}

// take waits until a call may be made and tells how long that was.
func (b *Budget) take(ctx context.Context) (time.Duration, error) {
	if b == nil {
		return 0, ctx.Err()
	}
	began := time.Now()
	for {
		left := time.Until(time.Unix(0, b.resume.Load()))
		if left <= 0 {
			break
		}
		if err := sleep(ctx, left); err != nil {
			return time.Since(began), err
		}
	}
	turn := b.limiter.Reserve()
	if err := sleep(ctx, turn.Delay()); err != nil {
		turn.Cancel()
		return time.Since(began), err
	}
	return time.Since(began), nil
}

// pause keeps everybody from calling for a while.
func (b *Budget) pause(d time.Duration) {
	if b == nil {
		return
	}
	until := time.Now().Add(d).UnixNano()
	for {
		old := b.resume.Load()
		if old >= until || b.resume.CompareAndSwap(old, until) {
			return
		}
	}
}
