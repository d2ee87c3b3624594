// Package pgconfig makes the configuration of a connection to a PostgreSQL server, and reads the codes of what it refuses: encrypted and verified unless told otherwise, and
// of what it is given. Of the environment only what nobody should need to set has a say (PGSERVICE and the like), never host, user or
// password.
package pgconfig

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/secret"
)

// Login is where a database is and who comes.
type Login struct {
	Host     string // a name, an address, or the folder of a Unix socket
	Port     int
	Database string
	User     string
	Password secret.Secret
}

// TLS is how a connection is encrypted. The zero value checks the server's certificate against the machine's own authorities and
// the host's name.
type TLS struct {
	Off        bool
	ServerName string         // the name in the certificate, if it is not the host
	Roots      *x509.CertPool // who may sign it; nil is the machine's own
}

// Roots reads a file of certificates (PEM); nil of no file.
func Roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // the machine's own
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read ca_file: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("ca_file " + file + " holds no certificate (PEM)")
	}
	return roots, nil
}

// Code gives the SQLSTATE of an error, if the server sent it.
func Code(err error) string {
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		return told.Code
	}
	return ""
}

// connectWithin is how long a connection may take.
const connectWithin = 15 * time.Second

// New makes the configuration of a connection in UTC.
func New(l Login, t TLS) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig("host=localhost sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("prepare a connection: %w", err)
	}
	if l.Port < 1 || l.Port > 65535 {
		return nil, fmt.Errorf("port is between 1 and 65535, not %d", l.Port)
	}
	c.Host, c.Port, c.Database, c.User, c.Password = l.Host, uint16(l.Port), l.Database, l.User, l.Password.Reveal()
	c.TLSConfig, c.Fallbacks, c.ConnectTimeout = t.config(l.Host), nil, connectWithin
	c.RuntimeParams = map[string]string{"application_name": "trunkline", "TimeZone": "UTC"}
	c.OnNotice = nil
	return c, nil
}

func (t TLS) config(host string) *tls.Config {
	if t.Off || strings.HasPrefix(host, "/") { // a Unix socket has no TLS
		return nil
	}
	name := host
	if t.ServerName != "" {
		name = t.ServerName
	}
	return &tls.Config{ServerName: name, RootCAs: t.Roots, MinVersion: tls.VersionTLS12}
}
