package lineage

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How long those who tell of their work wait for the server: for one answer, and in all. After that, or after one refusal, it
// is told nothing more.
const (
	answerWithin = 2 * time.Second
	allWithin    = 10 * time.Second
)

// Config says where events are sent.
type Config struct {
	URL    string // of the server: http://marquez:5000
	APIKey string // sent as a bearer token; empty: none
	// Mask takes out of a text what must not be sent.
	Mask func(string) string
	// Warn is told once why no more events are sent.
	Warn func(context.Context, error)
}

// Client sends events to one server. It may be used from several goroutines.
type Client struct {
	config Config
	http   *http.Client

	mu    sync.Mutex
	spent time.Duration
	gone  bool
}

// NewClient makes a client. It calls nobody.
func NewClient(c Config) *Client {
	return &Client{config: c, http: &http.Client{Timeout: answerWithin, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a key is not carried elsewhere
	}}}
}

// Send sends an event, though its sender's own work be cancelled. It waits for a short time only, and never fails.
func (c *Client) Send(ctx context.Context, e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return
	}
	began := time.Now()
	err := c.post(context.WithoutCancel(ctx), e)
	if c.spent += time.Since(began); err == nil && c.spent > allWithin {
		err = fmt.Errorf("it took %s to answer so far", c.spent.Round(time.Millisecond))
	}
	if err != nil {
		c.gone = true
		c.config.Warn(ctx, fmt.Errorf("tell the OpenLineage server of %s %s: %w; it is told nothing more", e.Job.Name, e.Type, err))
	}
}

func (c *Client) post(ctx context.Context, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.config.URL, "/")+"/api/v1/lineage",
		strings.NewReader(c.config.Mask(string(body))))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.config.APIKey != "" {
		request.Header.Set("Authorization", "Bearer "+c.config.APIKey)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	said, err := io.ReadAll(io.LimitReader(response.Body, 500))
	err = errors.Join(err, response.Body.Close())
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("it answers %s: %s", response.Status, bytes.TrimSpace(said))
	}
	return err
}

// Close frees the connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }
