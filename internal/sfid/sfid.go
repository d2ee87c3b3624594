// Package sfid knows the ids of Salesforce: their two lengths, the checksum that tells them apart from typing errors, and
// the prefix that names the object.
//
// A 15-character id is case-sensitive. The 18-character form appends three characters that record which letters are upper
// case, so it survives systems that fold case, and can be repaired after them. Salesforce's own answers always have 18.
package sfid

import "strings"

// The prefixes of the standard objects that trunkline reads.
const (
	Account     = "001"
	User        = "005"
	Opportunity = "006"
	Case        = "500"
)

// Status says what a text was that should have been an id.
type Status string

// The statuses.
const (
	OK        Status = "ok"
	Missing   Status = "missing"   // nothing, or white space only
	Malformed Status = "malformed" // not 15 or 18 ASCII letters and digits, or a checksum that cannot be
)

const (
	short = 15
	long  = 18
	group = 5 // characters that one character of the checksum stands for
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

// Normalize gives the 18-character form of an id of any object, with the case of its letters restored where it was lost.
// The id is empty unless the status is OK. A 15-character id whose case was lost cannot be told from a good one: it becomes
// the id of another record, or of none.
func Normalize(text string) (id string, status Status) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", Missing
	case !alphanumeric(text):
		return "", Malformed
	case len(text) == short:
		return text + checksum(text), OK
	case len(text) == long:
		return repair(text)
	default:
		return "", Malformed
	}
}

// NormalizeAs is Normalize for an id that must be of the object with that prefix; an id of another object is Malformed.
func NormalizeAs(prefix, text string) (id string, status Status) {
	id, status = Normalize(text)
	if status == OK && Prefix(id) != prefix {
		return "", Malformed
	}
	return id, status
}

// Prefix gives the first three characters of a normalised id, which name its object.
func Prefix(id string) string {
	if len(id) < 3 {
		return ""
	}
	return id[:3]
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isUpper(c) && !isLower(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// checksum gives three characters; bit j of each says whether character j of its group is upper case.
func checksum(id string) string {
	var sum [short / group]byte
	for g := range sum {
		bits := 0
		for j := range group {
			if isUpper(id[g*group+j]) {
				bits |= 1 << j
			}
		}
		sum[g] = alphabet[bits]
	}
	return string(sum[:])
}

// repair gives the letters of an 18-character id the case that its checksum records.
func repair(text string) (string, Status) {
	id := []byte(strings.ToLower(text[:short]) + strings.ToUpper(text[short:]))
	for g, c := range id[short:] {
		bits := strings.IndexByte(alphabet, c)
		if bits < 0 {
			return "", Malformed
		}
		for j := range group {
			if bits&(1<<j) == 0 {
				continue
			}
			letter := &id[g*group+j]
			if !isLower(*letter) {
				return "", Malformed
			}
			*letter -= 'a' - 'A'
		}
	}
	return string(id), OK
}
