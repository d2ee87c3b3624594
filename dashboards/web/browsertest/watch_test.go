package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch is what was seen of a tab. It is safe for concurrent use.
type watch struct {
	mu       sync.Mutex
	requests []string // addresses
	faults   []string // what the console says, which is where a breach of the content security policy stands, and what did not load
	bytes    float64  // as they came: compressed, with headers
}

// see takes an event of the tab.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fault := func(format string, args ...any) { w.faults = append(w.faults, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	case *network.EventLoadingFinished:
		w.bytes += e.EncodedDataLength
	case *network.EventLoadingFailed:
		fault("%s did not load: %s %s", e.Type, e.ErrorText, e.BlockedReason)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			fault("%d: %s", e.Response.Status, e.Response.URL)
		}
	case *runtime.EventExceptionThrown:
		fault("exception: %s %s", e.ExceptionDetails.Text, spoken([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *runtime.EventConsoleAPICalled:
		if slices.Contains([]runtime.ConsoleAPICalledType{"error", "warning", "assert"}, e.Type) {
			fault("console: %s %s", e.Type, spoken(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			fault("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	}
}

// spoken gives values as the console shows them.
func spoken(values []*runtime.RemoteObject) string {
	var words []string
	for _, v := range values {
		switch {
		case v == nil:
		case v.Description != "":
			words = append(words, v.Description)
		default:
			words = append(words, string(v.Value))
		}
	}
	return strings.Join(words, " ")
}

// wrong gives what went wrong, and who was asked that does not live at an address.
func (w *watch) wrong(base string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	wrong := slices.Clone(w.faults)
	for _, url := range w.requests {
		if !strings.HasPrefix(url, base) && !strings.HasPrefix(url, "data:") { // as the browser draws its own controls
			wrong = append(wrong, "asked somebody else: "+url)
		}
	}
	return wrong
}

// weight gives how many bytes came.
func (w *watch) weight() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int(w.bytes)
}

// asked tells whether an address with a text in it was asked for.
func (w *watch) asked(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.requests, func(url string) bool { return strings.Contains(url, text) })
}
