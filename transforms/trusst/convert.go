package trusst

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"trunkline/schema"
)

var timeType = reflect.TypeFor[time.Time]()

// How a result fits its type.
const (
	statusOK          = "ok"
	statusEmpty       = "empty"        // no result, or white space only
	statusNotANumber  = "not_a_number" // of a Rating: 8/10, N/A
	statusNotWhole    = "not_whole"    // of a Rating: 7.5
	statusOutOfRange  = "out_of_range" // of a Rating: 0, 11
	statusNotBoolean  = "not_boolean"  // of a Boolean: yes, 1
	statusUnknownType = "unknown_type"
)

// The bounds of a Rating.
const lowest, highest = 1, 10

// convert fills number, truth and conversion_status of an answer whose result_type and result are given. It is strict: what
// would need a guess has no value and a status.
func convert(row *schema.TrusstAnswer) {
	if row.Result == nil || strings.TrimSpace(*row.Result) == "" {
		row.ConversionStatus = statusEmpty
		return
	}
	row.ConversionStatus = statusOK
	switch word(row.ResultType) {
	case "Boolean":
		row.Truth, row.ConversionStatus = truth(*row.Result)
	case "Rating":
		row.Number, row.ConversionStatus = rating(*row.Result)
	case "Paragraph", "Summary", "Label":
	default:
		row.ConversionStatus = statusUnknownType
	}
}

func word(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// truth reads true and false in any case.
func truth(result string) (*bool, string) {
	switch strings.ToLower(strings.TrimSpace(result)) {
	case "true":
		return new(true), statusOK
	case "false":
		return new(false), statusOK
	default:
		return nil, statusNotBoolean
	}
}

// rating reads a whole number from 1 to 10; 8.0 is 8.
func rating(result string) (*int64, string) {
	text := strings.TrimSpace(result)
	if strings.Trim(text, "+-.0123456789") != "" { // ParseFloat reads 0x1p3, 1e1 and 1_0 too: nobody rates so
		return nil, statusNotANumber
	}
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return nil, statusNotANumber
	case f < lowest || f > highest:
		return nil, statusOutOfRange
	case f != math.Trunc(f):
		return nil, statusNotWhole
	default:
		return new(int64(f)), statusOK
	}
}
