package bigquery

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"

	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

// liveWarehouse is a pair of datasets of a real project.
type liveWarehouse struct{ config Config }

func (w liveWarehouse) Open(ctx context.Context) (pipeline.Loader, error) {
	l, err := Open(ctx, w.config, "test")
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func (liveWarehouse) Rows(ctx context.Context, l pipeline.Loader, table string) (all []map[string]any, err error) {
	err = l.(*Loader).each(ctx, question{step: "test", text: "select *\nfrom " + table}, func(s bigquery.Schema, row []bigquery.Value) error {
		made := map[string]any{}
		for i, c := range s {
			made[c.Name] = any(row[i])
			if at, ok := row[i].(time.Time); ok {
				made[c.Name] = at.UTC()
			}
		}
		all = append(all, made)
		return nil
	})
	return all, err
}

// The promises of every loader, on a real project.
func TestLive(t *testing.T) {
	project := os.Getenv("TRUNKLINE_TEST_BIGQUERY_PROJECT")
	if project == "" {
		t.Skip("set TRUNKLINE_TEST_BIGQUERY_PROJECT to a project in which datasets may be made and dropped, TRUNKLINE_TEST_BIGQUERY_LOCATION to where (US), and have Google's default credentials")
	}
	loadertest.Run(t, func(t *testing.T) loadertest.Warehouse {
		c := Config{
			Project: project, Dataset: "trunkline_test_" + strings.ToLower(rand.Text()[:10]), Location: cmp.Or(os.Getenv("TRUNKLINE_TEST_BIGQUERY_LOCATION"), "US"),
			MaxBytesBilled: 10 << 30,
		}
		t.Cleanup(func() {
			l, err := connect(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{l.config.Dataset, l.config.Staging} {
				err = errors.Join(err, l.client.Dataset(name).DeleteWithContents(context.Background()))
			}
			if err := errors.Join(err, l.client.Close()); err != nil {
				t.Error(err)
			}
		})
		return liveWarehouse{c}
	})
}
