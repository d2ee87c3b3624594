package pgwire

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"
)

// parameter makes a text of a parameter, which the engine casts to its type; nil is NULL.
func (s *session) parameter(value []byte, oid uint32, format int16) (*string, error) {
	if value == nil {
		return nil, nil
	}
	text := string(value)
	if format == pgtype.BinaryFormatCode && !isText(oid) {
		var err error
		if text, err = s.asText(value, oid); err != nil {
			return nil, err
		}
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, errors.New("it is not a text in UTF-8")
	}
	switch oid {
	case pgtype.NumericOID:
		if _, after, _ := strings.Cut(text, "."); len(strings.TrimRight(after, "0")) > numericScale {
			return nil, fmt.Errorf("%.60s has more than %d digits after the point", text, numericScale)
		}
	case pgtype.ByteaOID:
		text = bytesText(text)
	default:
		if strings.HasSuffix(castTo(oid), "[]") {
			return s.listText(value, oid, format)
		}
	}
	return &text, nil
}

// numericScale is how many digits a NUMERIC parameter may have after the point.
const numericScale = 9

// isText tells whether a type's binary form is the text itself.
func isText(oid uint32) bool {
	switch oid {
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.JSONOID, pgtype.UnknownOID:
		return true
	default:
		return false
	}
}

// asText makes a text of a value's binary form.
func (s *session) asText(value []byte, oid uint32) (string, error) {
	t, known := s.encoder.types.TypeForOID(oid)
	if !known {
		return "", fmt.Errorf("the binary form of the type %d is not known", oid)
	}
	v, err := t.Codec.DecodeValue(s.encoder.types, oid, pgtype.BinaryFormatCode, value)
	if err != nil {
		return "", err
	}
	text, err := s.encoder.types.Encode(oid, pgtype.TextFormatCode, v, nil)
	return string(text), err
}

// bytesText writes \x0102 as the engine's \x01\x02.
func bytesText(text string) string {
	hex, ok := strings.CutPrefix(text, `\x`)
	if !ok {
		return text
	}
	var b strings.Builder
	for i := 0; i+1 < len(hex); i += 2 {
		b.WriteString(`\x` + hex[i:i+2])
	}
	return b.String()
}

// listText writes an array of one dimension as the engine's list.
func (s *session) listText(value []byte, oid uint32, format int16) (*string, error) {
	var items []*string
	if err := s.encoder.types.Scan(oid, format, value, &items); err != nil {
		var numbers []*int64
		if s.encoder.types.Scan(oid, format, value, &numbers) != nil {
			return nil, err
		}
		for _, n := range numbers {
			if n == nil {
				items = append(items, nil)
				continue
			}
			text := fmt.Sprint(*n)
			items = append(items, &text)
		}
	}
	quoted := make([]string, len(items))
	for i, item := range items {
		if item == nil {
			quoted[i] = "NULL"
			continue
		}
		quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(*item) + `"`
	}
	text := "[" + strings.Join(quoted, ", ") + "]"
	return &text, nil
}
