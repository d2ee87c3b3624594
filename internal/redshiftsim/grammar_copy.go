package redshiftsim

import (
	"regexp"
	"slices"
)

// copyCommand is a COPY that was understood (r_COPY).
type copyCommand struct {
	table   string // as PostgreSQL writes it
	label   string // as people do
	columns []string
	bucket  string
	key     string
	role    string
	region  string
	parquet bool

	manifest, fillRecord, invalidChars            bool
	gzip, emptyAsNull, truncateColumns, blankNull bool
	quote, delimiter                              byte
	null                                          string
	skip                                          string // header lines
}

var (
	s3URL   = regexp.MustCompile(`^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.+)$`)
	roleARN = regexp.MustCompile(`^arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:role/[\w+=,.@/-]+(,arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:role/[\w+=,.@/-]+)*$`)
)

// columnar are the parameters that COPY takes with Parquet (copy-usage_notes-copy-from-columnar). The others are refused.
var columnar = []string{"manifest", "fillrecord", "acceptinvchars", "statupdate"}

// delimited are those that it takes with CSV, and that are simulated.
var delimited = []string{
	"manifest", "fillrecord", "acceptinvchars", "statupdate", "region", "delimiter", "null", "gzip", "timeformat", "dateformat",
	"ignoreheader", "emptyasnull", "blanksasnull", "truncatecolumns", "compupdate",
}

func (p *parser) copy() statement {
	p.need("copy")
	c := &copyCommand{delimiter: ',', quote: '"', null: `\N`}
	schema, table := p.target()
	c.table, c.label = tableName(schema, table), table
	if p.is("(") {
		c.columns = p.identifiers()
	}
	p.need("from")
	at := p.peek().pos
	url := s3URL.FindStringSubmatch(p.text())
	if url == nil {
		panic(refuseAt("42601", "COPY source must be s3://bucket/key", at))
	}
	c.bucket, c.key = url[1], url[2]
	format := false
	for p.peek().kind != end && !p.is(";") {
		switch {
		case p.take("iam_role"):
			p.iamRole(c)
		case !format && (p.is("format") || p.is("parquet") || p.is("csv")):
			format = true
			p.format(c)
		default:
			p.copyParameter(c)
		}
	}
	switch {
	case c.role == "":
		panic(refuse("0A000", "Must specify credentials to access S3: 'aws_iam_role'"))
	case !format:
		panic(refuse("0A000", "COPY without FORMAT is not simulated"))
	}
	p.checkParameters(c)
	return statement{tag: "COPY", copy: c}
}

func (p *parser) iamRole(c *copyCommand) {
	if p.take("default") {
		c.role = "default"
		return
	}
	at := p.peek().pos
	if c.role = p.text(); !roleARN.MatchString(c.role) {
		panic(refuseAt("42601", "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'", at))
	}
}

// format: copy-parameters-data-format.
func (p *parser) format(c *copyCommand) {
	if p.take("format") {
		p.take("as")
	}
	switch {
	case p.take("parquet"):
		c.parquet = true
	case p.take("csv"):
		if p.take("quote") {
			p.take("as")
			c.quote = p.oneByte()
		}
	default:
		p.unexpected()
	}
}

// oneByte reads a text of one character.
func (p *parser) oneByte() byte {
	at := p.peek().pos
	s := p.text()
	if len(s) != 1 {
		panic(refuseAt("42601", "COPY quote and delimiter must be a single ASCII character", at))
	}
	return s[0]
}

// checkParameters refuses those that do not go with the format. They are looked at again in the order of the statement, so that
// the format may follow them.
func (p *parser) checkParameters(c *copyCommand) {
	allowed, what := delimited, "CSV"
	if c.parquet {
		allowed, what = columnar, "PARQUET"
	}
	for i := p.at - 1; !(p.all[i].kind == word && p.all[i].val == "from"); i-- {
		t := p.all[i]
		if t.kind == word && slices.Contains(delimited, t.val) && !slices.Contains(allowed, t.val) {
			panic(refuseAt("0A000", t.val+" argument is not supported for "+what+" based COPY", t.pos))
		}
	}
}

// copyParameter: copy-parameters-data-conversion, copy-parameters-data-load.
func (p *parser) copyParameter(c *copyCommand) {
	switch t := p.peek(); p.takeOne(delimited...) {
	case "manifest":
		c.manifest = true
	case "fillrecord":
		c.fillRecord = true
	case "acceptinvchars":
		c.invalidChars = true
	case "statupdate", "compupdate":
		p.takeOne("on", "off", "true", "false", "preset")
	case "region":
		p.take("as")
		c.region = p.text()
	case "delimiter":
		p.take("as")
		c.delimiter = p.oneByte()
	case "null":
		p.take("as")
		c.null = p.text()
	case "gzip":
		c.gzip = true
	case "timeformat", "dateformat":
		p.take("as")
		if p.text() != "auto" {
			panic(refuseAt("0A000", "only "+t.val+" 'auto' is simulated", t.pos))
		}
	case "ignoreheader":
		p.take("as")
		c.skip = p.integer()
	case "emptyasnull":
		c.emptyAsNull = true
	case "blanksasnull":
		c.blankNull = true
	case "truncatecolumns":
		c.truncateColumns = true
	default:
		p.unexpected()
	}
}
