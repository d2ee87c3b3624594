package pgwire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgproto3"
)

// frames reads what a client sends, message by message, and never keeps more of one than it may.
type frames struct {
	in    *bufio.Reader
	limit int
	body  []byte
}

func newFrames(in io.Reader, limit int) *frames {
	return &frames{in: bufio.NewReader(in), limit: limit}
}

// kept is the largest buffer that stays with a connection between messages.
const kept = 64 << 10

// tooLong is a message that was passed over because of its length.
type tooLong struct{ length, limit int }

// Error says how long the message was.
func (e tooLong) Error() string {
	return fmt.Sprintf("a message of %d bytes is more than the %d that are taken", e.length, e.limit)
}

// errForeign is what no client of PostgreSQL would send.
var errForeign = errors.New("this is not PostgreSQL's protocol")

// next reads a message. It is good until the next call. After a tooLong the connection goes on.
func (f *frames) next() (pgproto3.FrontendMessage, error) {
	m, length, err := f.head()
	if err != nil {
		return nil, err
	}
	if length > int64(f.limit) {
		if _, err := io.CopyN(io.Discard, f.in, length); err != nil {
			return nil, err
		}
		return m, tooLong{int(length), f.limit}
	}
	if cap(f.body) < int(length) || cap(f.body) > kept {
		f.body = make([]byte, max(int(length), 4<<10))
	}
	body := f.body[:length]
	if _, err := io.ReadFull(f.in, body); err != nil {
		return nil, err
	}
	if err := m.Decode(body); err != nil {
		return nil, errForeign
	}
	return m, nil
}

// head reads the kind of a message and how long the rest of it is.
func (f *frames) head() (pgproto3.FrontendMessage, int64, error) {
	var head [5]byte
	if _, err := io.ReadFull(f.in, head[:]); err != nil {
		return nil, 0, err
	}
	length := int64(binary.BigEndian.Uint32(head[1:]))
	m := message(head[0])
	if m == nil || length < 4 || length > 1<<31-1 {
		return nil, 0, errForeign
	}
	return m, length - 4, nil
}

// message gives an empty message of a kind; nil if there is no such kind.
func message(kind byte) pgproto3.FrontendMessage {
	if empty := messages[kind]; empty != nil {
		return empty()
	}
	return nil
}

var messages = map[byte]func() pgproto3.FrontendMessage{
	'Q': func() pgproto3.FrontendMessage { return &pgproto3.Query{} },
	'P': func() pgproto3.FrontendMessage { return &pgproto3.Parse{} },
	'B': func() pgproto3.FrontendMessage { return &pgproto3.Bind{} },
	'D': func() pgproto3.FrontendMessage { return &pgproto3.Describe{} },
	'E': func() pgproto3.FrontendMessage { return &pgproto3.Execute{} },
	'C': func() pgproto3.FrontendMessage { return &pgproto3.Close{} },
	'H': func() pgproto3.FrontendMessage { return &pgproto3.Flush{} },
	'S': func() pgproto3.FrontendMessage { return &pgproto3.Sync{} },
	'X': func() pgproto3.FrontendMessage { return &pgproto3.Terminate{} },
	'F': func() pgproto3.FrontendMessage { return &pgproto3.FunctionCall{} },
	'd': func() pgproto3.FrontendMessage { return &pgproto3.CopyData{} },
	'c': func() pgproto3.FrontendMessage { return &pgproto3.CopyDone{} },
	'f': func() pgproto3.FrontendMessage { return &pgproto3.CopyFail{} },
}

// The protocol has no room for a longer first message, nor do real clients need one.
const startupLimit = 10_000

// Codes of first messages that begin no session.
const (
	codeCancel = 80877102
	codeTLS    = 80877103
	codeGSS    = 80877104
)

// startup reads the first message of a connection, which has no kind: a request for encryption, to cancel, or to begin.
func readStartup(in io.Reader) (pgproto3.FrontendMessage, error) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(head[:4])
	if length < 8 || length > startupLimit {
		return nil, errForeign
	}
	body := make([]byte, length-4)
	copy(body, head[4:])
	if _, err := io.ReadFull(in, body[4:]); err != nil {
		return nil, err
	}
	var m pgproto3.FrontendMessage
	switch code := binary.BigEndian.Uint32(body); {
	case code == codeCancel:
		m = &pgproto3.CancelRequest{}
	case code == codeTLS:
		m = &pgproto3.SSLRequest{}
	case code == codeGSS:
		m = &pgproto3.GSSEncRequest{}
	case code>>16 == 3:
		binary.BigEndian.PutUint32(body, pgproto3.ProtocolVersion30) // a later minor version is negotiated down
		m = &pgproto3.StartupMessage{}
	default:
		return nil, errForeign
	}
	if err := m.Decode(body); err != nil {
		return nil, errForeign
	}
	return m, nil
}

// readPassword reads an answer to a question of the log-in.
func readPassword(in io.Reader) ([]byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(head[1:])
	if head[0] != 'p' || length < 4 || length > startupLimit {
		return nil, errForeign
	}
	body := make([]byte, length-4)
	_, err := io.ReadFull(in, body)
	return body, err
}

// gone tells whether an error says no more than that the client went.
func gone(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
