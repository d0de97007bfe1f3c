package addresses

import (
	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Item is an address as the register shows it to somebody.
type Item struct {
	Address
	Name     string // the place name that it stands on, as it is now
	Within   int    // live addresses directly within it
	MayWrite bool   // the reader may change it
}

// Entry is an address to be made, among others that are made with it: they may refer to one
// another before any of them has an id.
type Entry struct {
	Address
	Ref       string // what others of the batch call it; "" for nothing
	ParentRef string // the one of the batch that it is within, in place of ParentID
	MainRef   string // the one of the batch that is its main one, in place of MainID
}

// Filter is which addresses are asked for. What is empty does not matter.
type Filter struct {
	NameID   string
	Within   []string // codes of divisions; nil for all
	States   []State
	Levels   []Level
	ParentID string
	Custody  Custody
	Unplaced bool   // without a position
	Text     string // words that the text, a former text or a code has
	At       record.Day
}

// Page is a page of the register.
type Page struct {
	Rows []Item
	More bool
}

// Count is how many addresses of a level are in a state.
type Count struct {
	Level Level
	State State
	N     int
}

// Drawn is an address on the map.
type Drawn struct {
	ID, Short, Number string
	Level             Level
	State             State
	Main              bool
	Point             orb.Point // lon/lat WGS 84
}
