package addressdb

import (
	"fmt"
	"strings"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/addresses"
)

// inRow says which address of a batch has a fault.
func inRow(i int, f record.Fault) record.Fault {
	f.Field = fmt.Sprintf("addresses/%d/%s", i, f.Field)
	return f
}

// cutRow takes the row off the field of a fault of a batch.
func cutRow(field string) (row, rest string, ok bool) {
	after, ok := strings.CutPrefix(field, "addresses/")
	if !ok {
		return "", field, false
	}
	return strings.Cut(after, "/")
}

func isLevel(l addresses.Level) func(placenames.Code) bool {
	return func(c placenames.Code) bool { return c.Code == string(l) }
}
