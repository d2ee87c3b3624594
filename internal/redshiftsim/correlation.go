package redshiftsim

// block is one SELECT while it is read, for the rules on subqueries that refer to the queries around them. Only columns that name
// their table can be followed.
type block struct {
	tables map[string]bool // what FROM calls its tables
	refs   []reference
	window bool // it has a window function
	on     bool // the condition of an outer join is being read
}

// reference is a column of a table, as seen from a block.
type reference struct {
	table string
	depth int  // how many blocks further in it stands
	on    bool // in the condition of an outer join
	below bool // a window function
}

// refer notes that a column names its table.
func (p *parser) refer(table string) {
	if p.block != nil {
		p.block.refs = append(p.block.refs, reference{table: table})
	}
}

// callTable notes what FROM calls a table.
func (p *parser) callTable(id string) {
	if p.block != nil {
		p.block.tables[id] = true
	}
}

// inBlock reads a SELECT, and refuses the correlated subqueries in it that cannot be decorrelated (r_correlated_subqueries): those that skip a
// block, those in the condition of an outer join and those with a window function. The others belong to the block around.
func (p *parser) inBlock(read func() string) string {
	around := p.block
	p.block = &block{tables: map[string]bool{}}
	out := read()
	inner := p.block
	p.block = around
	for _, r := range inner.refs {
		if inner.tables[r.table] {
			if r.depth > 1 || r.depth == 1 && (r.on || r.below) {
				panic(refuse("0A000", "This type of correlated subquery pattern is not supported yet"))
			}
			continue
		}
		if around != nil {
			around.refs = append(around.refs, reference{
				table: r.table, depth: r.depth + 1, on: r.on || around.on, below: r.below || r.depth == 0 && inner.window,
			})
		}
	}
	return out
}
