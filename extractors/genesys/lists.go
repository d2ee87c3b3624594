package genesys

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"trunkline/pipeline"
)

// list is a small collection that is read end to end.
type list struct {
	stream, path string
	size         int
	query        string
}

// lists are the collections read. Without state=any those who left would be missing, without deleted=true the flows that are
// gone.
var lists = []list{
	{stream: "users", path: "/users", size: 500, query: "&state=any"},
	{stream: "queues", path: "/routing/queues", size: 500},
	{stream: "wrapupcodes", path: "/routing/wrapupcodes", size: 500},
	{stream: "divisions", path: "/authorization/divisions", size: 100},
	{stream: "flows", path: "/flows", size: 100, query: "&deleted=true"},
}

// pagePrefix marks the cursors of lists: a number alone could be anything.
const pagePrefix = "page:"

// list reads a collection page by page, until a page brings nothing new: totals are not to be trusted.
func (x *Extractor) list(ctx context.Context, l list, cursor string, emit func([]pipeline.Record, string) error) error {
	number := 1
	if text, ok := strings.CutPrefix(cursor, pagePrefix); ok {
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			number = n
		}
	}
	known := map[string]bool{}
	for {
		path := fmt.Sprintf("%s?pageSize=%d&pageNumber=%d%s", l.path, l.size, number, l.query)
		var result page
		if err := x.get(ctx, path, func(body []byte) error { return result.read(body, shape{list: "entities", key: "id"}) }); err != nil {
			return explain("read page "+strconv.Itoa(number)+" of the "+l.stream, err)
		}
		before := len(known)
		for _, r := range result.records {
			known[r.Key] = true
		}
		if len(known) == before {
			return nil
		}
		number++
		if err := emit(result.records, pagePrefix+strconv.Itoa(number)); err != nil {
			return err
		}
		if result.texts["nextUri"] == "" && len(result.records) < l.size {
			return nil
		}
	}
}
