package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// KindNote is the kind of the file that holds a Rememberer's note.
const KindNote = "note"

// maxNote is how large a note may be when it is decompressed: a damaged one must not take all memory.
const maxNote = 2 << 30

// remember extracts by the note that the newest loaded run left, and keeps the one to leave with the step's files.
func (r *Run) remember(ctx context.Context, step Step, e *extraction, extract func(note []byte) ([]byte, error)) error {
	note, err := r.lastNote(step)
	if err != nil {
		return err
	}
	next, err := extract(note)
	if err = errors.Join(err, ctx.Err()); err != nil || next == nil {
		return err
	}
	if err := e.end(false); err != nil { // records first: a note promises them
		return err
	}
	e.note, err = writeNote(r.store, e.dir+"/note.zst", next)
	return err
}

// lastNote gives the note of the other run that asked the source last, among those whose rows of this stream are in the
// warehouse. A run that is done again goes by the note of another one: its own told what is to be replaced.
func (r *Run) lastNote(step Step) ([]byte, error) {
	ids, err := Runs(r.store, r.flow.Name)
	if err != nil {
		return nil, err
	}
	var last *Manifest
	for _, id := range ids {
		if id == r.id {
			continue
		}
		m, err := r.loadedExtract(id, step.Name)
		if err != nil {
			return nil, err
		}
		if m != nil && noteOf(m) != nil && (last == nil || m.Observed.After(last.Observed)) {
			last = m
		}
	}
	if last == nil {
		return nil, nil
	}
	f := noteOf(last)
	note, err := readNote(r.store, *f)
	if err != nil {
		return nil, &Error{
			Code: "TL2022", Kind: Failure, What: "read " + f.Name, Err: err,
			Cure: "Restore the file, or do " + step.Name + " of run " + last.Run + " with --again, then its later steps",
		}
	}
	return note, nil
}

// noteOf finds the note among a step's files; nil if it left none.
func noteOf(m *Manifest) *File {
	for i := range m.Files {
		if m.Files[i].Kind == KindNote {
			return &m.Files[i]
		}
	}
	return nil
}

// loadedExtract gives the manifest of a run's extract if its rows are in the warehouse: if each transform that reads the stream
// was made of this very extract, and the load of this very transform. nil if it is not so.
func (r *Run) loadedExtract(run, extract string) (*Manifest, error) {
	_, load, err := hashedManifest(r.store, run, LoadStep)
	if err != nil || load == nil {
		return nil, err
	}
	made, m, err := hashedManifest(r.store, run, extract)
	if err != nil || m == nil {
		return nil, err
	}
	read := false
	for _, step := range r.steps {
		if step.Stage != StageTransform || !slices.Contains(step.Needs, extract) {
			continue
		}
		hash, t, err := hashedManifest(r.store, run, step.Name)
		if err != nil || t == nil || !slices.Contains(t.Inputs, made) || !slices.Contains(load.Inputs, hash) {
			return nil, err
		}
		read = true
	}
	if !read {
		return nil, nil
	}
	return m, nil
}

// hashedManifest gives a step's manifest and its hash, as the steps behind it name it; nil if it is not done.
func hashedManifest(s Store, run, step string) (string, *Manifest, error) {
	text, m, err := readManifestText(s, run, step)
	if errors.Is(err, fs.ErrNotExist) || err == nil && m.Void {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), &m, nil
}

func writeNote(s Store, name string, note []byte) (File, error) {
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return File{}, fmt.Errorf("compress %s: %w", name, err)
	}
	packed := zip.EncodeAll(note, nil)
	if err := WriteFile(s, name, packed); err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(packed)
	return File{Name: name, Kind: KindNote, Bytes: int64(len(packed)), SHA256: hex.EncodeToString(sum[:])}, nil
}

func readNote(s Store, f File) ([]byte, error) {
	packed, err := ReadFile(s, f.Name)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(packed); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, errors.New("it is not what its manifest says")
	}
	unzip, err := zstd.NewReader(bytes.NewReader(nil), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxNote))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	defer unzip.Close()
	return unzip.DecodeAll(packed, []byte{})
}
