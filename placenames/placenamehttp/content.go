package placenamehttp

import (
	"yike/internal/record"
	"yike/placenames"
)

// Name reads what a person wrote of a record, with the faults of what cannot be read: for those
// who ask something of a record that nobody saved.
func (c PlaceNameContent) Name() (placenames.Name, []record.Fault) { return c.name() }
