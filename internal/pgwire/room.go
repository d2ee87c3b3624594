package pgwire

import (
	"net"
	"slices"
	"sync"
)

// room is where clients are who have not yet logged in, in the order in which they came. They take no place of those who have. When it is
// full, a client who comes takes the place of the one who has been in it longest, of the address that has most: silence keeps nobody out.
type room struct {
	most int

	mu sync.Mutex
	in []*client
}

// enter lets a client in. Who has to go for it is disconnected.
func (r *room) enter(c *client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.in) >= r.most {
		i := r.tooMany()
		_ = r.in[i].raw.Close() // its goroutine is reading, or writing: it ends
		r.in = slices.Delete(r.in, i, i+1)
	}
	r.in = append(r.in, c)
}

// tooMany gives the first of the address that has most in the room.
func (r *room) tooMany() int {
	first, count := map[string]int{}, map[string]int{}
	found := 0
	for i, c := range r.in {
		from := host(c)
		if count[from]++; count[from] == 1 {
			first[from] = i
		}
	}
	for from, i := range first {
		if most := count[host(r.in[found])]; count[from] > most || count[from] == most && i < found {
			found = i
		}
	}
	return found
}

// leave is for who has logged in, or gives up.
func (r *room) leave(c *client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.in, c); i >= 0 {
		r.in = slices.Delete(r.in, i, i+1)
	}
}

// host is the machine that a client is on.
func host(c *client) string {
	at := address(c)
	if machine, _, err := net.SplitHostPort(at); err == nil {
		return machine
	}
	return at
}
