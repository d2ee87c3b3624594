package duckdb

import (
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"trunkline/pipeline"
)

// single refuses a text of several statements, of which all but the last would be done unseen. What DuckDB cannot read is
// left to it to say. Its own parser counts, in a database of no content.
func single(query string) error {
	var db mapping.Database
	if mapping.Open(":memory:", &db) == mapping.StateError {
		return errors.New("read the query: no database to read it with")
	}
	defer mapping.Close(&db)
	var conn mapping.Connection
	if mapping.Connect(db, &conn) == mapping.StateError {
		return errors.New("read the query: no connection to read it with")
	}
	defer mapping.Disconnect(&conn)
	var found mapping.ExtractedStatements
	n := mapping.ExtractStatements(conn, query, &found)
	mapping.DestroyExtracted(&found)
	if n <= 1 {
		return nil
	}
	return &pipeline.Error{
		Code: "TL1009", Kind: pipeline.Misuse, What: fmt.Sprintf("query: one statement is expected, here are %d", n),
		Cure: "Ask them one by one",
	}
}
