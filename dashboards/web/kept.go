package web

import "sync"

// kept are pages of one published file, by what was asked: the file does not change, and neither does a page of it. Only so many are
// kept, since an address can be written in any number of ways.
type kept struct {
	mu  sync.Mutex
	all map[string][]byte
}

// mostKept pages of some 50 kB are a few megabytes.
const mostKept = 128

// get gives a page that was made before; nil if it was not.
func (k *kept) get(key string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all[key]
}

// put keeps a page, in the place of any other where there are many.
func (k *kept) put(key string, page []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[string][]byte{}
	}
	for other := range k.all {
		if len(k.all) < mostKept {
			break
		}
		delete(k.all, other)
	}
	k.all[key] = page
}
