package bigquery

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"cloud.google.com/go/bigquery"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

//go:embed lease.sql
var leaseText string

// takeLease makes us the one who may write. No lock tells whether an earlier holder still lives, so that its lease has to be given back,
// or to end.
func (l *Loader) takeLease(ctx context.Context, owner string) error {
	rows, err := l.ask(ctx, question{
		text: leaseText, run: owner, step: "lease",
		parameters: []bigquery.QueryParameter{{Name: "owner", Value: owner}, {Name: "seconds", Value: int64(warehouse.LeaseFor.Seconds())}},
	})
	if err != nil {
		if who := held.FindStringSubmatch(tell(err).message); who != nil {
			return &pipeline.Error{
				Code: "TL6001", Kind: pipeline.Locked, What: fmt.Sprintf("open the warehouse %s: %s is writing to it", l.config.where(), who[1]),
				Cure: "Wait for the other run; if its process is dead, its lease ends at " + who[2],
			}
		}
		return fmt.Errorf("take the lease on the warehouse: %w", err)
	}
	if len(rows) != 1 {
		return fmt.Errorf("take the lease on the warehouse: %d tokens", len(rows))
	}
	token, ok := rows[0][0].(int64)
	if !ok || token < 1 {
		return fmt.Errorf("take the lease on the warehouse: %v is no token", rows[0][0])
	}
	l.token = token
	return nil
}

// renewLease renews the lease, if it is still ours: from the time, by BigQuery's clock, when it is done, whenever it was sent.
const renewLease = `update etl_leases
set expires_at = timestamp_add(current_timestamp(), interval @seconds second)
where resource = 'warehouse'
    and token = @token`

// writing begins a transaction that writes: it renews the lease, and ends if it is no longer ours.
func writing(then ...string) string {
	begin := []string{"begin transaction", renewLease, "assert @@row_count = 1 as '" + statements.LeaseLost + "'"}
	return strings.Join(append(append(begin, then...), "commit transaction"), ";\n\n") + ";\n"
}

// lease gives the parameters of a script that writes.
func (l *Loader) lease() []bigquery.QueryParameter {
	return []bigquery.QueryParameter{
		{Name: "token", Value: l.token},
		{Name: "seconds", Value: int64(warehouse.LeaseFor.Seconds())},
	}
}

// lost tells who has the lease now.
func (l *Loader) lost(ctx context.Context) error {
	rows, err := l.ask(ctx, question{text: "select max(owner) as owner\nfrom etl_leases\nwhere resource = 'warehouse'", step: "owner"})
	owner := "somebody"
	if err == nil && len(rows) == 1 && rows[0][0] != nil {
		owner = fmt.Sprint(rows[0][0])
	}
	return warehouse.TakenOver(owner)
}

// giveLease lets the lease expire, so that the next one need not wait for it.
func (l *Loader) giveLease(ctx context.Context) error {
	if l.token == 0 {
		return nil
	}
	parameters := l.lease()
	parameters[1].Value = int64(0)
	_, err := l.ask(ctx, question{text: renewLease, step: "release", parameters: parameters})
	l.token = 0
	return err
}
