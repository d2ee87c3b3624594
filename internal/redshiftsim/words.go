package redshiftsim

import "strings"

// reserved are the words that are identifiers only in double quotes (r_pg_keywords; PIVOT, QUALIFY and UNPIVOT came later).
var reserved = set(`aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross current_date current_time
current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc disable distinct do else
emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze from full globaldict256 globaldict64k
grant group gzip having identity ignore ilike in initially inner intersect interval into is isnull join language leading left like
limit localtime localtimestamp lun luns lzo lzop minus mostly13 mostly16 mostly32 mostly8 natural new not notnull null nulls off
offline offset oid old on only open or order outer overlaps parallel partition percent permissions pivot placing primary qualify
raw readratio recover references rejectlog resort respect restore right select session_user similar snapshot some sysdate system
table tag tdes text255 text32k then timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose
wallet when where with without`)

// clauses are words that begin something after an expression or a table: none of them is an alias without AS.
var clauses = set(`conflict connect escape fetch filter for lateral over range returning rows set start tablesample values window within`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
