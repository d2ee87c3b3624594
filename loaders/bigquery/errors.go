package bigquery

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/googleapi"

	"trunkline/pipeline"
	statements "trunkline/sql"
)

// told is what BigQuery says of an error; the zero value if it is not BigQuery's.
type told struct {
	code            int // of HTTP; 0 of a job that failed
	reason, message string
}

func tell(err error) told {
	if e, ok := errors.AsType[*googleapi.Error](err); ok {
		t := told{code: e.Code, message: e.Message}
		if len(e.Errors) > 0 {
			t.reason = e.Errors[0].Reason
		}
		return t
	}
	if e, ok := errors.AsType[*bigquery.Error](err); ok {
		return told{reason: e.Reason, message: e.Message}
	}
	return told{}
}

func isReason(err error, reason string) bool { return err != nil && tell(err).reason == reason }

// passing are the reasons that go away by themselves, limits those of them that are a limit of the project.
var (
	limits  = []string{"rateLimitExceeded", "jobRateLimitExceeded", "quotaExceeded", "resourcesExceeded"}
	passing = append([]string{"backendError", "internalError", "jobBackendError", "jobInternalError", "stopped"}, limits[:3]...)
)

// passes tells whether trying again may help.
func passes(err error) bool {
	if _, foreign := errors.AsType[*foreignError](err); err == nil || foreign || errors.Is(err, context.Canceled) {
		return false
	}
	t := tell(err)
	switch {
	case t == told{}: // the way to BigQuery
		return !strings.Contains(err.Error(), "invalid_grant") && !strings.Contains(err.Error(), "x509:")
	case slices.Contains(passing, t.reason), t.code >= http.StatusInternalServerError:
		return true
	default:
		return interfered(t.message)
	}
}

// interfered tells whether a transaction was given up because another one wrote to the same table.
func interfered(message string) bool {
	return strings.Contains(message, "due to concurrent update") || strings.Contains(message, "Could not serialize access")
}

// inDoubt tells whether a job may have been made although making it gave an error.
func inDoubt(err error) bool {
	t := tell(err)
	return t.code == 0 || t.code >= http.StatusInternalServerError || t.code == http.StatusConflict
}

// noDataset is the error that a dataset is missing and we could not make it.
func (c Config) noDataset(name string, err error) error {
	return &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Denied, What: fmt.Sprintf("open the warehouse %s: there is no dataset %s, and it cannot be made", c.where(), name),
		Cure: fmt.Sprintf("Let an administrator run: bq mk --location=%s --dataset %s:%s", c.Location, c.Project, name), Err: err,
	}
}

// explain turns an error of BigQuery into one a person can act on; what is explained already stays.
func (c Config) explain(doing string, err error) error {
	if _, known := errors.AsType[*pipeline.Error](err); err == nil || known || errors.Is(err, context.Canceled) {
		return err
	}
	e := &pipeline.Error{Code: "TL6004", Kind: pipeline.Failure, What: doing, Err: err, Cure: "Look at the project and the way to it; then run again"}
	t := tell(err)
	switch {
	case slices.Contains(limits, t.reason):
		e.Code, e.Kind = "TL6020", pipeline.Upstream
		e.Cure = "It was waited for. Run again later, or let an administrator raise the quota that is named: IAM & Admin, Quotas, BigQuery API"
	case slices.Contains(passing, t.reason), t.code >= http.StatusInternalServerError:
		e.Code, e.Kind, e.Cure = "TL6020", pipeline.Upstream, "BigQuery does not answer as it should; look at https://status.cloud.google.com and run again later"
	case t.reason == "accessDenied", t.code == http.StatusForbidden, t.code == http.StatusUnauthorized:
		e.Kind, e.Cure = pipeline.Denied, "Let an administrator run: "+strings.Join(Grants(c), "; ")
	case t.reason == "notFound":
		e.Kind = pipeline.Misuse
		e.Cure = "Check project, dataset and location; the next run makes datasets and tables that are missing, if it may"
	case t.reason == "bytesBilledLimitExceeded":
		e.Kind, e.Cure = pipeline.Misuse, "Raise warehouse.bigquery.maximum_bytes_billed"
	case interfered(t.message):
		e.Kind, e.Cure = pipeline.Locked, "Something else writes to the tables; let it finish, and run again"
	case strings.HasPrefix(t.reason, "invalid"):
		e.Kind, e.Cure = pipeline.Misuse, "Look at the job, whose id is in the message: bq show --job; then report it with its text"
	}
	if _, foreign := errors.AsType[*foreignError](err); foreign {
		e.Code, e.Kind, e.Cure = "TL6021", pipeline.Misuse, "Something else makes jobs of our names in the project; look at it with: bq show --job"
	}
	return e
}

// stopped finds what a script of ours said when it stopped; empty if it did not.
func stopped(err error) string {
	for _, said := range []string{statements.LeaseLost, statements.RowsMissing, statements.KeysDoubled, statements.RowsUnplanned, statements.ParentsMissing} {
		if strings.Contains(tell(err).message, said) {
			return said
		}
	}
	return ""
}

// held finds who holds the lease that we were refused.
var held = regexp.MustCompile(`trunkline: held by «(.*)» until (\S+)`)

// sameLocation compares the names of locations, in which case says nothing.
func sameLocation(a, b string) bool { return strings.EqualFold(a, b) }

// missing tells whether a message is about a table or view of a name.
func missing(message, name string) bool {
	return slices.Contains(strings.FieldsFunc(message, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}), name)
}
