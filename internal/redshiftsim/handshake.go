package redshiftsim

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// statuses are what Redshift tells of itself. It has no standard_conforming_strings, and calls UTF-8 UNICODE.
var statuses = [][2]string{
	{"server_version", "8.0.2"},
	{"server_encoding", "UNICODE"},
	{"client_encoding", "UNICODE"},
	{"DateStyle", "ISO, MDY"},
	{"TimeZone", "UTC"},
	{"integer_datetimes", "on"},
	{"is_superuser", "off"},
}

// serve talks with one client until either goes.
func (s *Server) serve(client net.Conn) {
	conn, backend, start, err := s.greet(client)
	if err != nil || start == nil {
		return
	}
	if _, encrypted := conn.(*tls.Conn); s.tls != nil && !encrypted {
		backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "28000", Message: "SSL connection required"})
		_ = backend.Flush()
		return
	}
	upstream, refused := s.login(backend, start)
	if refused != nil {
		backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: refused.code, Message: refused.message})
		_ = backend.Flush()
		return
	}
	if upstream == nil {
		return
	}
	defer func() { _ = upstream.Conn.Close() }()
	backend.Send(&pgproto3.AuthenticationOk{})
	for _, p := range statuses {
		backend.Send(&pgproto3.ParameterStatus{Name: p[0], Value: p[1]})
	}
	backend.Send(&pgproto3.ParameterStatus{Name: "session_authorization", Value: start.Parameters["user"]})
	backend.Send(&pgproto3.BackendKeyData{ProcessID: upstream.PID, SecretKey: upstream.SecretKey})
	backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if backend.Flush() != nil {
		return
	}
	one := newSession(s, conn, backend, upstream, start.Parameters["user"])
	s.mu.Lock()
	s.sessions[upstream.PID] = one.stop
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.sessions, upstream.PID)
	}()
	one.run()
}

// greet answers requests for encryption until the client says who it is; no start: it wanted to cancel something.
func (s *Server) greet(client net.Conn) (net.Conn, *pgproto3.Backend, *pgproto3.StartupMessage, error) {
	conn := client
	backend := pgproto3.NewBackend(conn, conn)
	for {
		m, err := backend.ReceiveStartupMessage()
		if err != nil {
			return nil, nil, nil, err
		}
		switch m := m.(type) {
		case *pgproto3.SSLRequest:
			if s.tls == nil {
				_, err = conn.Write([]byte("N"))
				break
			}
			if _, err = conn.Write([]byte("S")); err == nil {
				conn = tls.Server(conn, s.tls)
				backend = pgproto3.NewBackend(conn, conn)
			}
		case *pgproto3.GSSEncRequest:
			_, err = conn.Write([]byte("N"))
		case *pgproto3.CancelRequest:
			return nil, nil, nil, s.cancel(m)
		case *pgproto3.StartupMessage:
			return conn, backend, m, nil
		default:
			err = errors.New("unknown greeting")
		}
		if err != nil {
			return nil, nil, nil, err
		}
	}
}

// cancel ends what a session does: what the front does for it, and what PostgreSQL does, whose key is the session's.
func (s *Server) cancel(m *pgproto3.CancelRequest) error {
	s.mu.Lock()
	if stop := s.sessions[m.ProcessID]; stop != nil {
		select {
		case stop <- struct{}{}:
		default:
		}
	}
	s.mu.Unlock()
	var d net.Dialer
	conn, err := d.DialContext(context.Background(), "tcp", s.address())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	raw, err := m.Encode(nil)
	if err != nil {
		return err
	}
	_, err = conn.Write(raw)
	return err
}

func (s *Server) address() string {
	return net.JoinHostPort(s.postgres.Host, strconv.Itoa(s.postgres.Port))
}

// login asks for the password and opens the session's connection to PostgreSQL with it, which checks it.
func (s *Server) login(backend *pgproto3.Backend, start *pgproto3.StartupMessage) (*pgconn.HijackedConn, *refusal) {
	backend.Send(&pgproto3.AuthenticationCleartextPassword{})
	if err := backend.SetAuthType(pgproto3.AuthTypeCleartextPassword); err != nil || backend.Flush() != nil {
		return nil, nil
	}
	m, err := backend.Receive()
	if err != nil {
		return nil, nil
	}
	password, ok := m.(*pgproto3.PasswordMessage)
	if !ok {
		return nil, refuse("08P01", "expected password response")
	}
	config, err := pgconn.ParseConfig(fmt.Sprintf("host=%s port=%d sslmode=disable", s.postgres.Host, s.postgres.Port))
	if err != nil {
		return nil, refuse("XX000", "%s", err.Error())
	}
	config.User, config.Password, config.Database = start.Parameters["user"], password.Password, start.Parameters["database"]
	if config.Database == "" {
		config.Database = config.User
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	conn, err := pgconn.ConnectConfig(ctx, config)
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		return nil, &refusal{code: told.Code, message: told.Message}
	}
	if err != nil {
		return nil, refuse("57P03", "the database system is not available")
	}
	upstream, err := conn.Hijack()
	if err != nil {
		return nil, refuse("XX000", "%s", err.Error())
	}
	return upstream, nil
}

// newTLS makes an authority and the certificate of a host that it signed.
func newTLS(host string) (*tls.Config, []byte, error) {
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redshiftsim authority"}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, NotBefore: ca.NotBefore,
		NotAfter: ca.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, nil, err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &leafKey.PublicKey, caKey)
	if err != nil {
		return nil, nil, err
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{leafDER}, PrivateKey: leafKey}}}
	var text strings.Builder
	err = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: caDER})
	return c, []byte(text.String()), err
}
