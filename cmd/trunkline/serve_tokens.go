package main

import (
	"io"
	"os"
	"strings"

	"trunkline/dashboards/web"
)

// leastToken is how long a token must be: nobody tries out so many.
const leastToken = 16

// readSecrets reads a file that not everybody on the machine may read. An error begins with what was being done; cure is for a file that
// is not there.
func readSecrets(path, doing, cure string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, misuse(cure, "%s: %v", doing, err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, misuse("", "%s: %v", doing, err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, misuse("Run: chmod 600 "+path, "%s: everybody on this machine can read %s", doing, path)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, misuse("", "%s: %v", doing, err)
	}
	return text, nil
}

// readTokens reads lines role=token. Empty ones and those that begin with # are left out.
func readTokens(file string, files map[string]web.File) (map[string]string, error) {
	text, err := readSecrets(file, "read the tokens", "It holds lines role=token, for example: supervisor=$(openssl rand -hex 24)")
	if err != nil {
		return nil, err
	}
	tokens := map[string]string{}
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		role, token, found := strings.Cut(line, "=")
		name, token := strings.TrimSpace(role), strings.TrimSpace(token)
		role = name
		if name == wholeRole {
			role = ""
		}
		_, known := files[role]
		switch {
		case !found:
			return nil, misuse("", "%s:%d: a line is role=token", file, n+1)
		case !known && name != web.MetricsRole:
			return nil, misuse("Set warehouse.duckdb.roles in the configuration, then publish", "%s:%d: no file is published for a role %q", file, n+1, name)
		case len(token) < leastToken:
			return nil, misuse("Make one with: openssl rand -hex 24", "%s:%d: the token of %s is shorter than %d characters", file, n+1, name, leastToken)
		}
		if _, twice := tokens[token]; twice {
			return nil, misuse("Give each role a token of its own", "%s:%d: the token is that of another line", file, n+1)
		}
		tokens[token] = role
	}
	if len(tokens) == 0 {
		return nil, misuse("Write a line: admin=$(openssl rand -hex 24)", "read the tokens: %s holds none", file)
	}
	return tokens, nil
}
