package main

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trunkline/internal/pgwire"
	"trunkline/internal/secret"
	"trunkline/pipeline"
	"trunkline/schema"
)

// pgFlags say how the published files are served over PostgreSQL's protocol.
type pgFlags struct {
	address       string
	roles         []string // all that have a file, if empty
	passwords     string
	cert, key     string // as for the page
	connections   int
	timeout       time.Duration
	memory        string
	queryMegaByte int
}

// wholeRole is the user who reads the published file itself.
const wholeRole = "admin"

// pgDatabase is the name of the one database there is.
const pgDatabase = "trunkline"

// pgPassword is the beginning of the variables with passwords; the role follows in capitals.
const pgPassword = "TRUNKLINE_PG_PASSWORD_"

func (f *pgFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.address, "pg", "", "`address` to serve PostgreSQL's protocol on; port 0 takes a free one")
	flags.StringVar(&f.passwords, "pg-password-file", "", "`file` with a line role:password for each role; also "+pgPassword+"<ROLE>")
	flags.IntVar(&f.connections, "pg-connections", 50, "clients that may be connected at once")
	flags.DurationVar(&f.timeout, "pg-timeout", 2*time.Minute, "how long a query may take")
	flags.StringVar(&f.memory, "pg-memory", "1GB", "memory that the queries of a role may use together; long texts that they make come on top")
	flags.IntVar(&f.queryMegaByte, "pg-query-size", 1, "megabytes that a query may be long")
}

// servePostgres serves the published files until the context ends, which is no error.
func (a *app) servePostgres(ctx context.Context, c *Config, f *pgFlags) error {
	config, err := a.pgConfig(c, f)
	if err != nil {
		return err
	}
	address, err := net.ResolveTCPAddr("tcp", f.address)
	if err != nil {
		return misuse("Give an address such as 127.0.0.1:5439", "--pg %s: %v", f.address, err)
	}
	if fault := config.Exposed(address); fault != "" {
		return &pipeline.Error{
			Code: "TL1031", Kind: pipeline.Misuse, What: "serve PostgreSQL's protocol: " + fault,
			Cure: "Give --tls-cert and --tls-key, and a password of at least 16 characters for each role (openssl rand -base64 24) by " + pgPassword + "<ROLE> or --pg-password-file; or serve on 127.0.0.1",
		}
	}
	server, err := pgwire.New(config)
	if err != nil {
		return misuse("", "%v", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.address)
	if err != nil {
		return misuse("Choose another with --pg; port 0 takes a free one", "listen on %s: %v", f.address, err)
	}
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	var roles []string
	for _, r := range config.Roles {
		a.print("psql \"host=%s port=%s user=%s dbname=%s\"\n", host, port, r.Name, pgDatabase)
		roles = append(roles, r.Name)
	}
	a.log.InfoContext(ctx, "PostgreSQL's protocol is served", "address", listener.Addr().String(), "roles", strings.Join(roles, ","), "encrypted", config.TLS != nil)
	return server.Serve(ctx, listener)
}

// pgConfig makes of the flags what is to be served.
func (a *app) pgConfig(c *Config, f *pgFlags) (pgwire.Config, error) {
	if f.connections < 1 || f.timeout <= 0 || f.queryMegaByte < 1 {
		return pgwire.Config{}, misuse("", "--pg-connections, --pg-timeout and --pg-query-size are above 0")
	}
	config := pgwire.Config{
		Database: pgDatabase, Connections: f.connections, Timeout: f.timeout, Memory: f.memory, QueryBytes: f.queryMegaByte << 20, Log: a.log,
		Keys: map[string][]string{},
	}
	for _, t := range schema.All() {
		config.Keys[t.Name] = t.Keys()
	}
	var err error
	if config.TLS, err = f.encryption(); err != nil {
		return config, err
	}
	passwords, err := a.pgPasswords(f)
	if err != nil {
		return config, err
	}
	all, err := pgRoles(c, f.roles, passwords)
	if err != nil {
		return config, err
	}
	var open []string
	if config.Roles, open, err = closed(all, f.roles, passwords); err != nil {
		return config, err
	}
	if len(open) > 0 {
		a.log.Warn("roles without a password are not served, as others have one", "roles", strings.Join(open, ","))
	}
	return config, nil
}

// closed leaves out the roles without a password if there is one for any role: who sets one means to be asked for it. A role that was
// named is not left out but refused.
func closed(all []pgwire.Role, named []string, passwords map[string]secret.Secret) (roles []pgwire.Role, open []string, err error) {
	if len(passwords) == 0 {
		return all, nil, nil
	}
	for _, r := range all {
		if _, ok := passwords[r.Name]; ok {
			roles = append(roles, r)
			continue
		}
		if open = append(open, r.Name); slices.Contains(named, r.Name) {
			return nil, nil, misuse("Set "+pgPassword+strings.ToUpper(r.Name)+", or give its line in --pg-password-file",
				"--role %s: the role has no password, and others have one", r.Name)
		}
	}
	if len(roles) == 0 {
		return nil, nil, misuse("Give a password to one of: "+strings.Join(open, ", "), "serve --pg: no role that has a password has a file")
	}
	return roles, open, nil
}

// encryption reads the certificate; nil is none.
func (f *pgFlags) encryption() (*tls.Config, error) {
	if f.cert == "" && f.key == "" {
		return nil, nil
	}
	if f.cert == "" || f.key == "" {
		return nil, misuse("Give both", "--tls-cert and --tls-key belong together")
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, misuse("Give a certificate and its key, both as PEM", "--tls-cert %s, --tls-key %s: %v", f.cert, f.key, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// pgPasswords gives the passwords by role: those of the environment before those of the file.
func (a *app) pgPasswords(f *pgFlags) (map[string]secret.Secret, error) {
	passwords := map[string]secret.Secret{}
	if f.passwords != "" {
		if err := readPasswords(f.passwords, passwords); err != nil {
			return nil, err
		}
	}
	for role := range maps.Keys(pgFiles(nil)) {
		if text, ok := a.env(pgPassword + strings.ToUpper(role)); ok && text != "" {
			passwords[role] = secret.New(text)
		}
	}
	return passwords, nil
}

// readPasswords reads lines role:password. Empty lines and those that begin with # say nothing.
func readPasswords(path string, into map[string]secret.Secret) error {
	text, err := readSecrets(path, "--pg-password-file", "Name a file that can be read")
	if err != nil {
		return err
	}
	known := pgFiles(nil)
	n := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		n++
		line = strings.TrimRight(line, "\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		role, password, ok := strings.Cut(line, ":")
		if !ok || password == "" {
			return misuse("Write role:password", "--pg-password-file %s: line %d is not role:password", path, n)
		}
		if _, ok := known[role]; !ok {
			return misuse("", "--pg-password-file %s: line %d: there is no role %q%s", path, n, role, suggestion(role, slices.Sorted(maps.Keys(known))))
		}
		into[role] = secret.New(password)
	}
	return nil
}

// pgFiles gives the file of each role there is; an empty one is not configured. Without a configuration none is.
func pgFiles(c *Config) map[string]string {
	files := map[string]string{wholeRole: "", "supervisor": "", "finance": ""}
	if c == nil {
		return files
	}
	d := duckdbConfig(c)
	files[wholeRole] = d.Published
	maps.Copy(files, d.Roles)
	return files
}

// pgRoles gives the roles that are served: those that were named, or all that have a file.
func pgRoles(c *Config, named []string, passwords map[string]secret.Secret) ([]pgwire.Role, error) {
	if !hasDuckDB(c) {
		return nil, misuse("Connect the tool to the warehouse itself", "serve --pg is for the embedded warehouse, and none is configured (warehouse.duckdb)")
	}
	files := pgFiles(c)
	known := slices.Sorted(maps.Keys(files)) // the whole file first
	if len(named) == 0 {
		for _, name := range known {
			if files[name] != "" {
				named = append(named, name)
			}
		}
	}
	var roles []pgwire.Role
	for _, name := range named {
		path, ok := files[name]
		if !ok {
			return nil, misuse("", "--role: there is no role %q%s", name, suggestion(name, known))
		}
		if path == "" {
			return nil, misuse("Set warehouse.duckdb.roles."+name+" to a file, and publish", "--role %s: the role has no file", name)
		}
		roles = append(roles, pgwire.Role{Name: name, Path: path, Password: passwords[name]})
	}
	return roles, nil
}
