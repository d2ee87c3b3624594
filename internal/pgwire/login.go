package pgwire

import (
	"crypto/rand"
	"errors"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/xdg-go/scram"
)

// mechanism is how passwords are proven: neither side sends one.
const mechanism = "SCRAM-SHA-256"

// iterations is PostgreSQL's own default.
const iterations = 4096

// logins knows who may come in.
type logins struct {
	known map[string]*scram.StoredCredentials // nil: no password is asked
	// nobody stands for users that there are not: they fail as a wrong password does, and as late.
	nobody scram.StoredCredentials
	// open tells that no role has a password, so that there is nothing to hide of who exists.
	open bool
}

func newLogins(roles []Role) (*logins, error) {
	l := &logins{known: map[string]*scram.StoredCredentials{}, open: true}
	var err error
	if l.nobody, err = credentials(rand.Text()); err != nil {
		return nil, err
	}
	for _, r := range roles {
		l.known[r.Name] = nil
		if r.Password.Reveal() == "" {
			continue
		}
		l.open = false
		c, err := credentials(r.Password.Reveal())
		if err != nil {
			return nil, errors.New("the password of the role " + r.Name + " cannot be used: it contains characters that no password may")
		}
		l.known[r.Name] = &c
	}
	for _, r := range roles {
		if l.known[r.Name] == nil && !l.open {
			return nil, errors.New("the role " + r.Name + " has no password, and others have one: whoever has none would come in as it")
		}
	}
	return l, nil
}

// credentials gives what proves a password without being one.
func credentials(password string) (scram.StoredCredentials, error) {
	client, err := scram.SHA256.NewClient("", password, "")
	if err != nil {
		return scram.StoredCredentials{}, err
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return scram.StoredCredentials{}, err
	}
	return client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: iterations})
}

// check asks a client to prove who it is.
func (l *logins) check(c *client, user string) error {
	kept, known := l.known[user]
	if known && kept == nil {
		return nil
	}
	wrong := &Error{
		Code: "28P01", Message: "password authentication failed for user \"" + user + "\"",
		Hint: "The user name is a role; each has a password of its own.",
	}
	if !known && l.open {
		return &Error{Code: "28000", Message: "role \"" + user + "\" does not exist", Hint: "The user name is a role: it says which file is read."}
	}
	if !known {
		kept = &l.nobody
	}
	err := prove(c, *kept)
	if _, told := errors.AsType[*Error](err); err != nil && (told || gone(err) || errors.Is(err, errForeign)) {
		return err
	}
	if err != nil || !known {
		return wrong
	}
	return nil
}

// prove has a client show that it knows a password.
func prove(c *client, kept scram.StoredCredentials) error {
	server, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) { return kept, nil })
	if err != nil {
		return err
	}
	var out writer
	out.add(&pgproto3.AuthenticationSASL{AuthMechanisms: []string{mechanism}})
	if err := c.send(out.take()); err != nil {
		return err
	}
	body, err := readPassword(c)
	if err != nil {
		return err
	}
	var first pgproto3.SASLInitialResponse
	if first.Decode(body) != nil {
		return errForeign
	}
	if first.AuthMechanism != mechanism {
		return &Error{Code: "28000", Message: "passwords are proven by " + mechanism + " only", Hint: "Use a driver that knows it: libpq 10, Npgsql 4, pgJDBC 42.2 or newer."}
	}
	talk := server.NewConversation()
	answer, err := talk.Step(string(first.Data))
	if err != nil {
		return err
	}
	out.add(&pgproto3.AuthenticationSASLContinue{Data: []byte(answer)})
	if err := c.send(out.take()); err != nil {
		return err
	}
	if body, err = readPassword(c); err != nil {
		return err
	}
	if answer, err = talk.Step(string(body)); err != nil {
		return err
	}
	out.add(&pgproto3.AuthenticationSASLFinal{Data: []byte(answer)})
	return c.send(out.take())
}
