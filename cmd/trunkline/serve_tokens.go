package main

import (
	"os"
	"strings"

	"trunkline/dashboards/web"
)

// leastToken is how long a token must be: nobody tries out so many.
const leastToken = 16

// readTokens reads lines role=token. Empty ones and those that begin with # are left out.
func readTokens(file string, files map[string]web.File) (map[string]string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, misuse("It holds lines role=token, for example: supervisor=$(openssl rand -hex 24)", "read the tokens: %v", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, misuse("Run: chmod 600 "+file, "read the tokens: everybody on this machine can read %s", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, misuse("", "read the tokens: %v", err)
	}
	tokens := map[string]string{}
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		role, token, found := strings.Cut(line, "=")
		role, token = strings.TrimSpace(role), strings.TrimSpace(token)
		if role == wholeRole {
			role = ""
		}
		switch _, known := files[role]; {
		case !found:
			return nil, misuse("", "%s:%d: a line is role=token", file, n+1)
		case !known:
			return nil, misuse("Set warehouse.duckdb.roles in the configuration, then publish", "%s:%d: no file is published for a role %q", file, n+1, role)
		case len(token) < leastToken:
			return nil, misuse("Make one with: openssl rand -hex 24", "%s:%d: the token of %s is shorter than %d characters", file, n+1, role, leastToken)
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
