package pgwire

import (
	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/jackc/pgx/v5/pgtype"
)

// column is a column of a result, as the client is told of it.
type column struct {
	name string
	oid  uint32
	// modifier is PostgreSQL's type modifier: of a NUMERIC its precision and scale; -1 is none.
	modifier int32
	// kind and scale are how the engine keeps it.
	kind  bindings.Type
	scale uint8
}

// noModifier is the modifier of a type that has none.
const noModifier = -1

// oidOf gives PostgreSQL's type for one of the engine. A type that is not here is shown as text.
func oidOf(kind bindings.Type) (oid uint32, known bool) {
	if oid, known = typeOIDs[kind]; known {
		return oid, true
	}
	return pgtype.TextOID, false
}

var typeOIDs = map[bindings.Type]uint32{
	bindings.TypeBoolean:     pgtype.BoolOID,
	bindings.TypeTinyInt:     pgtype.Int2OID,
	bindings.TypeSmallInt:    pgtype.Int2OID,
	bindings.TypeUTinyInt:    pgtype.Int2OID,
	bindings.TypeInteger:     pgtype.Int4OID,
	bindings.TypeUSmallInt:   pgtype.Int4OID,
	bindings.TypeBigInt:      pgtype.Int8OID,
	bindings.TypeUInteger:    pgtype.Int8OID,
	bindings.TypeUBigInt:     pgtype.NumericOID,
	bindings.TypeHugeInt:     pgtype.NumericOID,
	bindings.TypeDecimal:     pgtype.NumericOID,
	bindings.TypeFloat:       pgtype.Float4OID,
	bindings.TypeDouble:      pgtype.Float8OID,
	bindings.TypeVarchar:     pgtype.TextOID,
	bindings.TypeSQLNull:     pgtype.TextOID,
	bindings.TypeBlob:        pgtype.ByteaOID,
	bindings.TypeDate:        pgtype.DateOID,
	bindings.TypeTime:        pgtype.TimeOID,
	bindings.TypeTimestamp:   pgtype.TimestampOID,
	bindings.TypeTimestampS:  pgtype.TimestampOID,
	bindings.TypeTimestampMS: pgtype.TimestampOID,
	bindings.TypeTimestampNS: pgtype.TimestampOID,
	bindings.TypeTimestampTZ: pgtype.TimestamptzOID,
	bindings.TypeInterval:    pgtype.IntervalOID,
	bindings.TypeUUID:        pgtype.UUIDOID,
}

// width is the size of a type's values in bytes; -1 if they differ in it.
func width(oid uint32) int16 {
	switch oid {
	case pgtype.BoolOID:
		return 1
	case pgtype.Int2OID:
		return 2
	case pgtype.Int4OID, pgtype.Float4OID, pgtype.DateOID:
		return 4
	case pgtype.Int8OID, pgtype.Float8OID, pgtype.TimeOID, pgtype.TimestampOID, pgtype.TimestamptzOID:
		return 8
	case pgtype.IntervalOID, pgtype.UUIDOID:
		return 16
	default:
		return -1
	}
}

// castTo is the engine's type for one of PostgreSQL's that a parameter is declared to be; none: it is given as it is.
func castTo(oid uint32) string { return engineTypes[oid] }

var engineTypes = map[uint32]string{
	pgtype.BoolOID:         "boolean",
	pgtype.Int2OID:         "smallint",
	pgtype.Int4OID:         "integer",
	pgtype.Int8OID:         "bigint",
	pgtype.OIDOID:          "bigint",
	pgtype.Float4OID:       "float",
	pgtype.Float8OID:       "double",
	pgtype.NumericOID:      "decimal(38, 9)",
	pgtype.DateOID:         "date",
	pgtype.TimeOID:         "time",
	pgtype.TimestampOID:    "timestamp",
	pgtype.TimestamptzOID:  "timestamptz",
	pgtype.IntervalOID:     "interval",
	pgtype.UUIDOID:         "uuid",
	pgtype.ByteaOID:        "blob",
	pgtype.TextArrayOID:    "varchar[]",
	pgtype.VarcharArrayOID: "varchar[]",
	pgtype.NameArrayOID:    "varchar[]",
	pgtype.Int2ArrayOID:    "bigint[]",
	pgtype.Int4ArrayOID:    "bigint[]",
	pgtype.Int8ArrayOID:    "bigint[]",
	pgtype.OIDArrayOID:     "bigint[]",
	pgtype.TextOID:         "varchar",
	pgtype.VarcharOID:      "varchar",
	pgtype.BPCharOID:       "varchar",
	pgtype.NameOID:         "varchar",
	pgtype.JSONOID:         "varchar",
	pgtype.JSONBOID:        "varchar",
}

// columns gives the columns of a statement, and whether each of them is of a type that has to be made text first.
func (p *prepared) columns() (all []column, nested []bool) {
	n := int(bindings.PreparedStatementColumnCount(p.statement))
	for i := range n {
		kind := bindings.PreparedStatementColumnLogicalType(p.statement, bindings.IdxT(i))
		c := column{
			name: bindings.PreparedStatementColumnName(p.statement, bindings.IdxT(i)),
			kind: bindings.GetTypeId(kind), modifier: noModifier,
		}
		oid, known := oidOf(c.kind)
		c.oid = oid
		if c.kind == bindings.TypeDecimal {
			c.scale = bindings.DecimalScale(kind)
			c.modifier = int32(bindings.DecimalWidth(kind))<<16 | int32(c.scale) + 4
			c.kind = bindings.DecimalInternalType(kind)
		}
		if c.kind == bindings.TypeList {
			c.oid = arrayOf(kind)
		}
		bindings.DestroyLogicalType(&kind)
		all, nested = append(all, c), append(nested, !known)
	}
	return all, nested
}

// parameters gives PostgreSQL's types of a statement's parameters; 0 is one that the engine cannot tell.
func (p *prepared) parameters() []uint32 {
	all := make([]uint32, bindings.NParams(p.statement))
	for i := range all {
		kind := bindings.ParamType(p.statement, bindings.IdxT(i+1))
		if kind == bindings.TypeInvalid {
			continue
		}
		if oid, known := oidOf(kind); known {
			all[i] = oid
		} else if kind == bindings.TypeList {
			all[i] = p.listParameter(i + 1)
		}
	}
	return all
}

// arrayOf gives PostgreSQL's array for a list; one of anything but texts and whole numbers is shown as a text.
func arrayOf(list bindings.LogicalType) uint32 {
	item := bindings.ListTypeChildType(list)
	defer bindings.DestroyLogicalType(&item)
	switch bindings.GetTypeId(item) {
	case bindings.TypeTinyInt, bindings.TypeSmallInt, bindings.TypeInteger, bindings.TypeBigInt:
		return pgtype.Int8ArrayOID
	case bindings.TypeVarchar:
		return pgtype.TextArrayOID
	default:
		return pgtype.TextOID
	}
}

// castText writes a column, of a type that clients do not know, as a text.
func castText(c column, name string) string {
	switch c.oid {
	case pgtype.Int8ArrayOID:
		return "'{' || array_to_string(list_transform(" + name + ", lambda x : coalesce(cast(x as varchar), 'NULL')), ',') || '}'"
	case pgtype.TextArrayOID:
		return "'{' || array_to_string(list_transform(" + name +
			`, lambda x : coalesce('"' || replace(replace(x, '\', '\\'), '"', '\"') || '"', 'NULL')), ',') || '}'`
	}
	switch c.kind {
	case bindings.TypeList, bindings.TypeStruct, bindings.TypeMap, bindings.TypeArray, bindings.TypeUnion:
		return "cast(to_json(" + name + ") as varchar)"
	default:
		return "cast(" + name + " as varchar)"
	}
}

// listParameter gives PostgreSQL's array for a parameter that is a list.
func (p *prepared) listParameter(at int) uint32 {
	list := bindings.ParamLogicalType(p.statement, bindings.IdxT(at))
	defer bindings.DestroyLogicalType(&list)
	if arrayOf(list) == pgtype.Int8ArrayOID {
		return pgtype.Int8ArrayOID
	}
	return pgtype.TextArrayOID
}
