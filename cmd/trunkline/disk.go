package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"trunkline/pipeline"
)

// leastFree is the space below which a disk is as good as full: a night's files and the copy for publication need room.
const leastFree = 1 << 30

// tryFolders looks at each place that runs write to: whether one may write there, and how much room is left.
func tryFolders(c *Config) []finding {
	places := []struct{ name, path string }{{"store", c.abs(c.Store.Path)}}
	if c.Store.shared() {
		places[0].name, places[0].path = "scratch", cmp.Or(c.abs(c.Store.Scratch), os.TempDir())
	}
	if d := c.Warehouse.DuckDB; d != nil {
		places = append(places, struct{ name, path string }{"warehouse", filepath.Dir(c.abs(d.Path))},
			struct{ name, path string }{"published", filepath.Dir(c.abs(d.Published))})
	}
	var findings []finding
	for _, p := range places {
		detail, err := tryFolder(p.path)
		findings = append(findings, of("disk", p.name+" "+p.path, err, detail))
	}
	return findings
}

// tryFolder writes to a folder, or to the nearest one above it where it is not made yet. It leaves nothing behind.
func tryFolder(path string) (string, error) {
	for {
		_, err := os.Stat(path)
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			break
		}
		path = filepath.Dir(path)
	}
	f, err := os.CreateTemp(path, ".trunkline-doctor-*")
	if err != nil {
		return "", cannotWrite(path, err)
	}
	_, err = f.WriteString("trunkline doctor\n")
	if err := errors.Join(err, f.Close(), os.Remove(f.Name())); err != nil {
		return "", cannotWrite(path, err)
	}
	free, known := freeSpace(path)
	switch {
	case !known:
		return "writable", nil
	case free < leastFree:
		return "", &pipeline.Error{
			Code: "TL1020", What: fmt.Sprintf("%.1f GB are free, %.1f GB are needed at least", gigabytes(free), gigabytes(leastFree)),
			Cure: "Free some space, or choose another disk",
		}
	default:
		return fmt.Sprintf("writable, %.1f GB free", gigabytes(free)), nil
	}
}

func gigabytes(n uint64) float64 { return float64(n) / 1e9 }

func cannotWrite(path string, err error) error {
	return &pipeline.Error{
		Code: "TL1020", Kind: pipeline.Misuse, What: "write to " + path, Err: err,
		Cure: "Let this user write to the folder, or choose another",
	}
}
