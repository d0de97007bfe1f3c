package premises

import (
	"fmt"
	"math"

	"yike/facilities/lists"
	"yike/internal/record"
)

// TakenRow is what became of a row.
type TakenRow struct {
	Row            int
	LedgerNo, Name string
	RoomID         string // "" for one that is new and was only tried
	Outcome        lists.Outcome
	Changes        []record.Difference // of lists.Updated
}

// Taken is what became of a list. One with faults is not taken at all.
type Taken struct {
	Rows   []TakenRow
	Faults []lists.Fault
}

// Count gives how many rows had an outcome.
func (t Taken) Count(o lists.Outcome) int {
	n := 0
	for _, r := range t.Rows {
		if r.Outcome == o {
			n++
		}
	}
	return n
}

// Shelf knows the rooms of the ledger again by what a list says of them, and which row of
// the list has claimed what.
type Shelf struct {
	byNo    map[string]Room
	byPlace map[spot]Room
	rows    map[string]int // of numbers
	taken   map[spot]int   // of places
}

// spot is where a room is in its estate: no two rooms that stand have the same.
type spot struct{ division, estate, building, floor, room string }

// spotOf is where a room is; false where it has no room number, or stands no more.
func spotOf(r Room) (spot, bool) {
	return spot{r.DivisionCode, r.Estate, r.Building, r.Floor, r.RoomNo}, r.RoomNo != "" && r.State != Withdrawn
}

// NewShelf puts the rooms of a ledger where they are found.
func NewShelf(rooms []Room) *Shelf {
	s := &Shelf{byNo: map[string]Room{}, byPlace: map[spot]Room{}, rows: map[string]int{}, taken: map[spot]int{}}
	for _, r := range rooms {
		if r.LedgerNo != "" {
			s.byNo[r.LedgerNo] = r
		}
		if at, ok := spotOf(r); ok {
			s.byPlace[at] = r
		}
	}
	return s
}

// Find gives the room that a patch means: that of its number, else one that has no number
// yet and is where the patch says.
func (s *Shelf) Find(p Patch) (Room, bool) {
	if p.LedgerNo != nil {
		if r, ok := s.byNo[*p.LedgerNo]; ok {
			return r, true
		}
	}
	at, ok := spotOf(p.Apply(Room{}))
	if r, there := s.byPlace[at]; ok && there && r.LedgerNo == "" {
		return r, true
	}
	return Room{}, false
}

// Claim takes the number and the place of a room for a row, and says who has them already.
func (s *Shelf) Claim(row int, r Room) []record.Fault {
	var f faults
	if first := s.rows[r.LedgerNo]; first > 0 {
		f.add("ledger_no", r.LedgerNo, fmt.Sprintf("与第 %d 行重复", first), fmt.Sprintf("is that of row %d, too", first))
	}
	at, ok := spotOf(r)
	other, there := s.byPlace[at]
	switch {
	case !ok:
	case s.taken[at] > 0:
		f.add("room_no", r.RoomNo, fmt.Sprintf("与第 %d 行是同一处：同一村居、小区、楼栋、楼层的同一房号", s.taken[at]),
			fmt.Sprintf("is the room of row %d: of the same community, estate, building and floor", s.taken[at]))
	case there && other.ID != r.ID:
		f.add("room_no", r.RoomNo, fmt.Sprintf("同一村居、小区、楼栋、楼层的这个房号已在台账中：%s %s", other.LedgerNo, other.Name),
			fmt.Sprintf("this room of the same community, estate, building and floor is in the ledger already: %s %s", other.LedgerNo, other.Name))
	}
	if len(f) == 0 {
		s.rows[r.LedgerNo] = row
		if ok {
			s.taken[at] = row
		}
	}
	return f
}

// Steady gives a patch without a position that is the one r has, up to what a spreadsheet
// loses of it: some centimetres.
func (p Patch) Steady(r Room) Patch {
	const close = 5e-7
	if r.Placed && p.Lon != nil && p.Lat != nil && math.Abs(*p.Lon-r.Point.Lon()) < close && math.Abs(*p.Lat-r.Point.Lat()) < close {
		p.Lon, p.Lat = nil, nil
	}
	return p
}
