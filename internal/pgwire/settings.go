package pgwire

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are those of PostgreSQL that clients read and set. Few of them mean something here.
type settings struct {
	now map[string]setting // by the name in lower case
}

// setting is one of them.
type setting struct {
	name, value string
	reported    bool // told to the client at the beginning
	// fixed: setting it to anything else would change what results mean, and is refused. With warned it is only said that it
	// does not change, as clients set it without being asked.
	fixed, warned bool
}

// newSettings gives what they are at the beginning.
func newSettings(role string) *settings {
	s := &settings{now: map[string]setting{}}
	for _, one := range []setting{
		{name: "server_version", value: version, reported: true, fixed: true},
		{name: "server_version_num", value: versionNum, fixed: true},
		{name: "server_encoding", value: "UTF8", reported: true, fixed: true},
		{name: "client_encoding", value: "UTF8", reported: true, fixed: true},
		{name: "DateStyle", value: "ISO, MDY", reported: true},
		{name: "TimeZone", value: "UTC", reported: true, fixed: true, warned: true},
		{name: "IntervalStyle", value: "postgres", reported: true},
		{name: "integer_datetimes", value: "on", reported: true, fixed: true},
		{name: "standard_conforming_strings", value: "on", reported: true, fixed: true},
		{name: "is_superuser", value: "off", reported: true, fixed: true},
		{name: "session_authorization", value: role, reported: true, fixed: true},
		{name: "default_transaction_read_only", value: "on", reported: true, fixed: true, warned: true},
		{name: "in_hot_standby", value: "off", reported: true, fixed: true},
		{name: "transaction_read_only", value: "on", fixed: true, warned: true},
		{name: "transaction_isolation", value: "repeatable read"},
		{name: "default_transaction_isolation", value: "repeatable read"},
		{name: "transaction_deferrable", value: "off"},
		{name: "statement_timeout", value: "0"},
		{name: "search_path", value: "main"},
		{name: "application_name", reported: true},
	} {
		s.now[strings.ToLower(one.name)] = one
	}
	for name, value := range map[string]string{
		"extra_float_digits": "1", "client_min_messages": "notice", "bytea_output": "hex", "lock_timeout": "0", "row_security": "on",
		"idle_in_transaction_session_timeout": "0", "idle_session_timeout": "0", "max_identifier_length": "63", "work_mem": "4MB",
		"jit": "off", "geqo": "on", "cursor_tuple_fraction": "1", "enable_seqscan": "on", "escape_string_warning": "on",
		"synchronize_seqscans": "on", "default_tablespace": "", "lc_collate": "C.UTF-8", "lc_ctype": "C.UTF-8", "lc_monetary": "C", "lc_numeric": "C",
		"lc_messages": "C", "lc_time": "C", "quote_all_identifiers": "off", "tcp_keepalives_idle": "0", "max_parallel_workers_per_gather": "0",
		"plan_cache_mode": "auto", "default_text_search_config": "pg_catalog.simple", "xmloption": "content", "check_function_bodies": "on",
		"password_encryption": "scram-sha-256", "block_size": "8192", "wal_level": "minimal", "shared_preload_libraries": "", "session_replication_role": "origin",
	} {
		s.now[name] = setting{name: name, value: value}
	}
	return s
}

// reported gives what a client is told at the beginning.
func (s *settings) reported() [][2]string {
	var all [][2]string
	for _, key := range slices.Sorted(maps.Keys(s.now)) {
		if one := s.now[key]; one.reported {
			all = append(all, [2]string{one.name, one.value})
		}
	}
	return all
}

// set changes a setting. It tells what the client should be warned of.
func (s *session) set(name, value string) (warning string, err error) {
	one, known := s.settings.now[strings.ToLower(name)]
	if !known {
		if strings.Contains(name, ".") { // of somebody's own
			s.settings.now[strings.ToLower(name)] = setting{name: name, value: value}
			return "", nil
		}
		return "", unrecognized(name)
	}
	switch one.name {
	case "client_encoding":
		if !isUTF8(value) && !strings.EqualFold(value, "default") {
			return "", unknownEncoding(value)
		}
		return "", nil
	case "DateStyle":
		if !strings.HasPrefix(strings.ToUpper(value), "ISO") && !strings.EqualFold(value, "default") {
			return "", &Error{Code: "0A000", Message: "dates are always written as ISO, not as " + value}
		}
		return "", nil
	case "IntervalStyle":
		if !strings.EqualFold(value, "postgres") && !strings.EqualFold(value, "default") {
			return "", &Error{Code: "0A000", Message: "intervals are always written in the style postgres, not " + value}
		}
		return "", nil
	case "statement_timeout":
		if err := s.setTimeout(value); err != nil {
			return "", err
		}
	}
	if one.fixed {
		switch same := strings.EqualFold(value, one.value) || strings.EqualFold(value, "default"); {
		case same:
			return "", nil
		case one.warned:
			return one.name + " stays " + one.value, nil
		default:
			return "", &Error{Code: "55P02", Message: fmt.Sprintf("parameter %q cannot be changed", one.name)}
		}
	}
	one.value = value
	s.settings.now[strings.ToLower(name)] = one
	return "", nil
}

// setTimeout sets how long a query may take, never longer than the server allows.
func (s *session) setTimeout(value string) error {
	limit := s.server.config.Timeout
	s.timeout = limit
	if strings.EqualFold(value, "default") {
		return nil
	}
	asked, err := duration(value)
	if err != nil {
		return &Error{Code: "22023", Message: fmt.Sprintf("statement_timeout is a number of milliseconds, or one with a unit such as 30s, not %q", value)}
	}
	if asked > 0 {
		s.timeout = min(limit, asked)
	}
	return nil
}

// duration reads 5000, 5000ms, 5s, 1min or 1h.
func duration(text string) (time.Duration, error) {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no duration", text)
	}
	unit, known := map[string]time.Duration{"": time.Millisecond, "ms": time.Millisecond, "s": time.Second, "min": time.Minute, "h": time.Hour}[strings.TrimSpace(text[len(number):])]
	if !known {
		return 0, fmt.Errorf("%q is no duration", text)
	}
	return time.Duration(n) * unit, nil
}

func isUTF8(encoding string) bool {
	switch strings.ReplaceAll(strings.ToLower(strings.Trim(encoding, `'"`)), "-", "") {
	case "utf8", "unicode", "":
		return true
	default:
		return false
	}
}

func unknownEncoding(encoding string) *Error {
	return &Error{Code: "0A000", Message: "texts are in UTF-8 only, not in " + encoding, Hint: "Set client_encoding to UTF8."}
}

func unrecognized(name string) *Error {
	return &Error{Code: "42704", Message: fmt.Sprintf("unrecognized configuration parameter %q", name)}
}
