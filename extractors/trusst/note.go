package trusst

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zeebo/xxh3"

	"trunkline/pipeline"
)

// noteVersion is the form of a note. One of another form is not understood.
const noteVersion = 1

// note is what a run leaves for the next one.
type note struct {
	Version int `json:"version"`
	// Watermark is the newest change seen, on the database's clock; zero before the first load.
	Watermark time.Time `json:"watermark,omitzero"`
	// Universal is the universal questions, each with a digest of what its answers say of it.
	Universal map[string]digest `json:"universal"`
	// Contacts are those that are pending, or young enough to be reconciled.
	Contacts map[string]known `json:"contacts"`
}

// known is what is known of a contact.
type known struct {
	Created int64  `json:"c"` // Unix µs, on the database's clock
	Content digest `json:"h"` // of what was given out last
	Print   digest `json:"f"` // the database's fingerprint, not younger than Content
	// Pending is since when it is known not to be completed, Unix s; 0 when it is.
	Pending int64 `json:"p,omitzero"`
	Expired bool  `json:"x,omitzero"` // pending for too long, and reported
}

// waits tells whether the contact is to be looked at again until it is completed.
func (k known) waits() bool { return k.Pending != 0 && !k.Expired }

// digest is a hash that is written as hexadecimal digits.
type digest [16]byte

func digestOf(text []byte) digest { return xxh3.Hash128(text).Bytes() }

// MarshalText writes the digits.
func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads the digits.
func (d *digest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return errors.New("a digest has 32 hexadecimal digits")
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// newNote is the note before the first load: which questions were universal is not known.
func newNote() *note { return &note{Version: noteVersion, Contacts: map[string]known{}} }

// parseNote reads a note; nothing is the note before the first load.
func parseNote(text []byte) (*note, error) {
	if text == nil {
		return newNote(), nil
	}
	n := &note{}
	err := json.Unmarshal(text, n)
	if err == nil && n.Version != noteVersion {
		err = fmt.Errorf("it has version %d, this trunkline writes %d", n.Version, noteVersion)
	}
	if err == nil && (n.Contacts == nil || n.Universal == nil) {
		err = errors.New("it lacks contacts or questions")
	}
	if err != nil {
		return nil, &pipeline.Error{
			Code: "TL3204", Kind: pipeline.Misuse, What: "trusst: read the note of the run before", Err: err,
			Cure: "Use the trunkline that wrote it, or remove the note's run folder from the store to read everything again",
		}
	}
	return n, nil
}

func (n *note) encode() ([]byte, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("trusst: write note: %w", err)
	}
	return text, nil
}
