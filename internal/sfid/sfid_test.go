package sfid_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"trunkline/internal/sfid"
)

func TestNormalize(t *testing.T) {
	for _, c := range []struct {
		name, text string
		id         string
		status     sfid.Status
	}{
		{"18 characters stay", "003ak00000luKU1AAM", "003ak00000luKU1AAM", sfid.OK},
		{"15 characters get their checksum", "003ak00000luKU1", "003ak00000luKU1AAM", sfid.OK},
		{"lower-cased 18 is repaired", "003ak00000luku1aam", "003ak00000luKU1AAM", sfid.OK},
		{"upper-cased 18 is repaired", "003AK00000LUKU1AAM", "003ak00000luKU1AAM", sfid.OK},
		{"only the checksum lower-cased", "750ak000009AVi5aag", "750ak000009AVi5AAG", sfid.OK},
		{"all digits", "001000000000001", "001000000000001AAA", sfid.OK},
		{"all upper case", "ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555", sfid.OK},
		{"white space around", "\t 003ak00000luKU1AAM \r\n", "003ak00000luKU1AAM", sfid.OK},
		{"nothing", "", "", sfid.Missing},
		{"white space only", " \t\n", "", sfid.Missing},
		{"14 characters", "003ak00000luKU", "", sfid.Malformed},
		{"16 characters", "003ak00000luKU1A", "", sfid.Malformed},
		{"17 characters", "003ak00000luKU1AA", "", sfid.Malformed},
		{"19 characters", "003ak00000luKU1AAMx", "", sfid.Malformed},
		{"a dash", "003ak-0000luKU1", "", sfid.Malformed},
		{"white space inside", "003ak 0000luKU1", "", sfid.Malformed},
		{"a letter that is not ASCII", "003ak00000luKUé", "", sfid.Malformed},
		{"a checksum character outside the alphabet", "003ak00000luKU1AA6", "", sfid.Malformed},
		{"a checksum that makes a digit upper case", "001000000000001BAA", "", sfid.Malformed},
		{"a word", "null", "", sfid.Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, status := sfid.Normalize(c.text)
			if id != c.id || status != c.status {
				t.Errorf("Normalize(%q) = %q, %q; want %q, %q", c.text, id, status, c.id, c.status)
			}
		})
	}
}

func TestNormalizeAs(t *testing.T) {
	if id, status := sfid.NormalizeAs(sfid.Account, "001000000000001"); id != "001000000000001AAA" || status != sfid.OK {
		t.Errorf("an account: %q, %q", id, status)
	}
	if id, status := sfid.NormalizeAs(sfid.Account, "500000000000001AAA"); id != "" || status != sfid.Malformed {
		t.Errorf("a case where an account should be: %q, %q", id, status)
	}
	if id, status := sfid.NormalizeAs(sfid.Case, " "); id != "" || status != sfid.Missing {
		t.Errorf("nothing: %q, %q", id, status)
	}
}

func TestPrefix(t *testing.T) {
	for id, want := range map[string]string{"": "", "00": "", "001000000000001AAA": sfid.Account, "500000000000001AAA": sfid.Case} {
		if got := sfid.Prefix(id); got != want {
			t.Errorf("Prefix(%q) = %q, want %q", id, got, want)
		}
	}
}

// TestEveryFormOfAnIDIsOneID takes ids through what happens to them on the way: cut to 15, lower-cased, upper-cased.
func TestEveryFormOfAnIDIsOneID(t *testing.T) {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	random := rand.New(rand.NewPCG(1, 2))
	for range 99 {
		body := make([]byte, 15)
		for i := range body {
			body[i] = letters[random.IntN(len(letters))]
		}
		id, status := sfid.Normalize(string(body))
		if status != sfid.OK || len(id) != 18 || !strings.HasPrefix(id, string(body)) {
			t.Fatalf("Normalize(%q) = %q, %q", body, id, status)
		}
		for _, form := range []string{id, strings.ToLower(id), strings.ToUpper(id), " " + id} {
			if got, status := sfid.Normalize(form); got != id || status != sfid.OK {
				t.Errorf("Normalize(%q) = %q, %q; want %q", form, got, status, id)
			}
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"003ak00000luKU1AAM", "003ak00000luKU1", "003AK00000LUKU1aam", "001000000000001BAA", " ", "x\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, status := sfid.Normalize(text)
		if (status == sfid.OK) != (id != "") {
			t.Fatalf("Normalize(%q) = %q, %q", text, id, status)
		}
		if status != sfid.OK {
			return
		}
		again, status := sfid.Normalize(id)
		if again != id || status != sfid.OK || len(id) != 18 {
			t.Fatalf("Normalize(%q) = %q, but Normalize of that is %q, %q", text, id, again, status)
		}
		if !strings.EqualFold(id[:15], strings.TrimSpace(text)[:15]) {
			t.Fatalf("Normalize(%q) = %q is another id", text, id)
		}
		if short, _ := sfid.Normalize(id[:15]); short != id {
			t.Fatalf("the 15 characters of %q give %q", id, short)
		}
	})
}
