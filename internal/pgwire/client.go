package pgwire

import (
	"encoding/binary"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// client is the connection to a client, encrypted or not.
type client struct {
	net.Conn

	// raw is the connection below the encryption.
	raw net.Conn
	// turn is for calls of the engine.
	turn turn
	// patience is how long it may take to read what it is sent; 0 is forever.
	patience time.Duration
}

// send writes messages.
func (c *client) send(messages []byte) error {
	if c.patience > 0 {
		if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
			return err
		}
	}
	_, err := c.Write(messages)
	return err
}

// farewell is how long a client has to hear that the server stops.
const farewell = time.Second

// end makes the session hear that the server stops: reading fails, and soon writing too.
func (c *client) end() {
	_ = c.raw.SetReadDeadline(time.Now())
	time.AfterFunc(farewell, func() { _ = c.raw.Close() })
}

// writer collects messages to a client.
type writer struct {
	to []byte
}

// flushAt is how many bytes are collected while rows are sent.
const flushAt = 64 << 10

// add appends a message. Ours are all well-formed: they have no error.
func (w *writer) add(m pgproto3.BackendMessage) {
	if to, err := m.Encode(w.to); err == nil {
		w.to = to
	}
}

// fail appends an error.
func (w *writer) fail(severity string, e *Error) {
	w.add(&pgproto3.ErrorResponse{Severity: severity, SeverityUnlocalized: severity, Code: e.Code, Message: e.Message, Hint: e.Hint, Position: e.Position})
}

// take gives what was collected, and begins anew.
func (w *writer) take() []byte {
	messages := w.to
	if w.to = messages[len(messages):]; cap(w.to) < flushAt {
		w.to = nil
	}
	return messages
}

// row begins a row of so many cells; done ends it.
func (w *writer) row(cells int) (start int) {
	start = len(w.to)
	w.to = append(w.to, 'D', 0, 0, 0, 0)
	w.to = binary.BigEndian.AppendUint16(w.to, uint16(cells))
	return start
}

// done writes the length of a row that began at start.
func (w *writer) done(start int) {
	binary.BigEndian.PutUint32(w.to[start+1:], uint32(len(w.to)-start-1))
}
