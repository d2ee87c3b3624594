package warehouse

import (
	"errors"
	"os"
)

// Scratch gives a file that goes when it is closed by done, or with the process: it has no name, where a system lets go of the name of
// an open file. It lies in the folder for temporary files.
func Scratch() (f *os.File, done func() error, err error) {
	if f, err = os.CreateTemp("", "trunkline-staged-*"); err != nil {
		return nil, nil, err
	}
	if os.Remove(f.Name()) == nil {
		return f, f.Close, nil
	}
	return f, func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }, nil
}
