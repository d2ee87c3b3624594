package warehouse

import (
	"errors"
	"os"

	"trunkline/pipeline"
	"trunkline/schema"
)

// WithFile opens a file of this machine for as long as do takes.
func WithFile(path string, do func(file *os.File, size int64) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	about, err := file.Stat()
	if err != nil {
		return err
	}
	return do(file, about.Size())
}

// WithRows opens a batch's file of a table for as long as do takes to read its rows.
func WithRows(t *schema.Table, f pipeline.File, do func(*schema.RowReader) error) error {
	return WithFile(f.URI, func(file *os.File, size int64) (err error) {
		rows, err := t.NewReader(file, size)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		return do(rows)
	})
}
