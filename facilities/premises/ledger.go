package premises

import (
	"errors"

	"yike/internal/record"
)

// What is not there, or cannot be done.
var (
	ErrNotFound        = errors.New("台账里没有这处用房 / no such room in the ledger")
	ErrNoRectification = errors.New("没有这项整改 / no such rectification")
	// ErrInspected says that a room cannot be removed because somebody inspected it.
	ErrInspected = errors.New("已有检查记录，不能删除 / it was inspected and cannot be removed")
)

// Masked stands for a contact that the reader may not see.
const Masked = "***"

// Item is a room of the ledger with what stands beside it, as a person may see it.
type Item struct {
	Room                    // KeyContact is Masked where the reader may not see it
	MayWrite bool           // the reader keeps the ledger there
	Open     *Rectification // the one that is not closed; nil for none
	Facility string         // name of the facility that works there; "" for none
}

// Filter says which rooms are asked for; what is empty asks for nothing.
type Filter struct {
	Use      Use // approved, as a whole or in a part
	Present  Use
	State    State  // withdrawn rooms come only where this asks for them
	Division string // with all below it
	Text     string // in a name, an address, the owner or the key-holder, in any case
	Facility string // id of the facility that works there
	Misused  bool   // used for something else, or with a misuse that is not closed
	Overdue  bool   // with a misuse that was to be put right before Today
	Lacking  bool   // the ledger does not know every fact
	Today    record.Day
}

// After is where a page of the ledger begins: behind a room, by its division, name and
// id.
type After struct{ Division, Name, ID string }
