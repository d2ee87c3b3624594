package trusst

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgconfig"
	"trunkline/pipeline"
)

func misuse(what string) error {
	return &pipeline.Error{Code: "TL3001", Kind: pipeline.Misuse, What: "trusst: " + what, Cure: "Correct the trusst part of the configuration"}
}

// isCertificate tells whether the server's certificate is not to be trusted.
func isCertificate(err error) bool {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	return verification || name || authority || noTLS
}

// isEnd tells whether a connection ended in mid-answer.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// explain turns an error of the database into one a person can act on. What the caller did, and what is explained already, stays.
func explain(doing string, err error) error {
	if _, known := errors.AsType[*pipeline.Error](err); err == nil || known ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && pgconfig.Code(err) == "" && !isNetwork(err) {
		return err
	}
	r := remedyFor(err)
	return &pipeline.Error{Code: r.code, Kind: r.kind, What: "trusst: " + doing, Err: err, Cure: r.cure}
}

// remedy is what an error is to a person.
type remedy struct {
	code string
	kind pipeline.Kind
	cure string
}

func remedyFor(err error) remedy {
	if isCertificate(err) {
		return remedy{"TL3005", pipeline.Denied, "Use the endpoint's real name as host, and give its authority's certificates as ca_file"}
	}
	switch pgconfig.Code(err) {
	case badPassword, badLogin:
		return remedy{"TL3002", pipeline.Denied, "Check user, password and database, and that the user may connect from here"}
	case forbidden:
		return remedy{"TL3003", pipeline.Denied, "Ask Trusst to grant select on questions, inferences, contacts, s3_conversations and streams"}
	case noColumn, noTable:
		return remedy{"TL3101", pipeline.Misuse, "Run: trunkline doctor; it compares the tables with what is expected"}
	case cancelled:
		return remedy{"TL3202", pipeline.Upstream, "Run again at a quieter hour, or raise statement_timeout; ask Trusst for an index on inferences (created_at)"}
	case conflict:
		return remedy{"TL3203", pipeline.Upstream, "Run again later; ask Trusst to raise the replica's max_standby_streaming_delay"}
	default:
		return remedy{"TL3201", pipeline.Upstream, "Run again later; nothing of the run before is lost"}
	}
}
