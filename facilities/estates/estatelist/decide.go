package estatelist

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/lists"
	"yike/internal/record"
)

// Lists are the rows of a file, or of several sheets of one.
type Lists struct {
	Estates []Row[estates.Estate]
	Rooms   []Row[estates.Room]
	// Placed gives a fault of a sheet's row the column that it stands in.
	Placed func(sheet string, row int, f record.Fault) lists.Fault
}

// TakenRow is what became of a row.
type TakenRow struct {
	Sheet    string
	Row      int
	Room     bool   // it is of a room, else of an estate
	Name     string // of the estate or of the room
	Estate   string // the name of the room's estate
	EstateID string // "" for one that is new and has none yet
	Outcome  lists.Outcome
	Changes  []record.Difference // of lists.Updated
}

// Remark is what a person should know of a row, or of a file where Row is 0.
type Remark struct {
	Sheet  string
	Row    int
	ZH, EN string
}

// Tally counts rows by what became of them.
type Tally struct{ Rows, Created, Updated, Unchanged, Faulty int }

func (t *Tally) add(o lists.Outcome) {
	t.Rows++
	switch o {
	case lists.Created:
		t.Created++
	case lists.Updated:
		t.Updated++
	case lists.Unchanged:
		t.Unchanged++
	case lists.Faulty:
		t.Faulty++
	}
}

// Changes is how many rows change something.
func (t Tally) Changes() int { return t.Created + t.Updated }

// Taken is what became of a file. One with faults is not taken at all.
type Taken struct {
	Estates, Rooms Tally
	Rows           []TakenRow
	Faults         []lists.Fault
	Remarks        []Remark
}

// Brief keeps of the rows those that change something, at most so many.
func (t Taken) Brief(most int) Taken {
	rows := []TakenRow{}
	for _, r := range t.Rows {
		if len(rows) < most && (r.Outcome == lists.Created || r.Outcome == lists.Updated) {
			rows = append(rows, r)
		}
	}
	t.Rows = rows
	return t
}

// Draft is an estate that rows of a file are about.
type Draft struct {
	Before, After estates.Estate // Before is zero of one that is new

	own   int   // index into Lists.Estates of the row that is of the estate itself; -1 for none
	rooms []int // index into Lists.Rooms of the row that each room of After is of; -1 for none
}

// New reports whether the estate is not there yet.
func (d *Draft) New() bool { return d.Before.ID == "" }

// Drafts are the estates that a file is about.
type Drafts struct {
	All []*Draft

	lists   Lists
	ofRow   []*Draft           // of each row of Lists.Estates; nil for one of no estate
	ofRoom  []*Draft           // of each row of Lists.Rooms
	at      []int              // of each row of Lists.Rooms: the room of After
	wrong   [2][][]lists.Fault // of each row of estates, of rooms
	remarks []Remark
	byID    map[string]*Draft
	byName  map[string][]*Draft // of those there and those of the file
}

// Decide finds the estates and rooms that the rows of a file mean among those that are there,
// and says what they would come to be. An estate is known by its id, else by its name and
// division; a room by its id, else by building, floor and room number, one that has no number
// by its name besides. Rooms that no row names stay as they are. O(estates + rows).
func Decide(have []estates.Estate, l Lists) *Drafts {
	d := &Drafts{
		lists: l, ofRow: make([]*Draft, len(l.Estates)), ofRoom: make([]*Draft, len(l.Rooms)), at: make([]int, len(l.Rooms)),
		wrong: [2][][]lists.Fault{make([][]lists.Fault, len(l.Estates)), make([][]lists.Fault, len(l.Rooms))},
		byID:  map[string]*Draft{}, byName: map[string][]*Draft{},
	}
	for _, e := range have {
		it := &Draft{Before: e, After: e, own: -1}
		d.byID[e.ID] = it
		d.enter(it)
	}
	for i, row := range l.Estates {
		d.estate(i, row)
	}
	all := map[*Draft]*seats{}
	for i, row := range l.Rooms {
		d.room(i, row, all)
	}
	for _, it := range d.All {
		it.After = estates.Clean(it.After)
	}
	return d
}

func (d *Drafts) enter(it *Draft) {
	key := lists.Key(it.After.Name)
	d.byName[key] = append(d.byName[key], it)
}

// touch takes an estate among those that the file is about.
func (d *Drafts) touch(it *Draft) {
	if it.rooms == nil {
		it.rooms = make([]int, len(it.After.Rooms))
		for i := range it.rooms {
			it.rooms[i] = -1
		}
		d.All = append(d.All, it)
	}
}

func (d *Drafts) faultOf(rooms bool, i int, f record.Fault) {
	kind, sheet, row := 0, "", 0
	if rooms {
		kind, sheet, row = 1, d.lists.Rooms[i].Sheet, d.lists.Rooms[i].Row
	} else {
		sheet, row = d.lists.Estates[i].Sheet, d.lists.Estates[i].Row
	}
	d.wrong[kind][i] = append(d.wrong[kind][i], d.lists.Placed(sheet, row, f))
}

// estate decides about a row of a list of estates.
func (d *Drafts) estate(i int, row Row[estates.Estate]) {
	said := estates.Clean(row.Apply(estates.Estate{}))
	it, fault := d.find(row.EstateID, "name", said.Name, row.Code)
	switch {
	case fault != nil:
		d.faultOf(false, i, *fault)
		return
	case it != nil && it.own >= 0:
		other := d.lists.Estates[it.own]
		d.faultOf(false, i, record.Fault{
			Field: "name", Value: said.Name, ZH: fmt.Sprintf("与%s是同一个小区", rowZH(other.Sheet, other.Row)), EN: fmt.Sprintf("is the estate of %s, too", rowEN(other.Sheet, other.Row)),
		})
		return
	case it == nil:
		it = &Draft{own: i}
		d.namesake(row, said)
	}
	it.own = i
	after := estates.Clean(row.Apply(it.Before))
	switch {
	case row.Code != "" && strings.HasPrefix(it.Before.DivisionCode, row.Code): // it is known more closely
	case row.Code != "":
		after.DivisionCode = row.Code
	case row.Drawn && !sameBoundary(it.Before, after):
		after.DivisionCode = "" // where the boundary lies
	}
	if it.New() && after.Kind == "" {
		after.Kind = estates.New
	}
	it.After = after
	if it.New() || lists.Key(after.Name) != lists.Key(it.Before.Name) {
		d.enter(it)
	}
	d.touch(it)
	d.ofRow[i] = it
}

func sameBoundary(a, b estates.Estate) bool {
	return slices.EqualFunc(a.Boundary, b.Boundary, slices.Equal)
}

// namesake remarks that there is an estate of the name elsewhere.
func (d *Drafts) namesake(row Row[estates.Estate], said estates.Estate) {
	for _, other := range d.byName[lists.Key(said.Name)] {
		if !other.New() {
			d.remarks = append(d.remarks, Remark{
				row.Sheet, row.Row, fmt.Sprintf("“%s”在辖区 %s 已有一个同名小区，这一行按另一个新小区登记", said.Name, other.Before.DivisionCode),
				fmt.Sprintf("there is an estate “%s” in the division %s already; this row is taken for another, new one", said.Name, other.Before.DivisionCode),
			})
			return
		}
	}
}

func rowZH(sheet string, row int) string {
	if sheet != "" {
		return fmt.Sprintf("“%s”第 %d 行", sheet, row)
	}
	return fmt.Sprintf("第 %d 行", row)
}

func rowEN(sheet string, row int) string {
	if sheet != "" {
		return fmt.Sprintf("row %d of “%s”", row, sheet)
	}
	return fmt.Sprintf("row %d", row)
}

// room decides about a row of a list of rooms.
func (d *Drafts) room(i int, row Row[estates.Room], all map[*Draft]*seats) {
	it, fault := d.find(row.EstateID, "estate", row.Estate, row.Code)
	if it == nil && fault == nil {
		fault = &record.Fault{
			Field: "estate", Value: row.Estate, ZH: "没有这个小区：请先登记，或写进同一份文件的小区表", EN: "there is no such estate: enter it first, or in the list of estates of the same file",
		}
	}
	if fault != nil {
		d.faultOf(true, i, *fault)
		return
	}
	d.touch(it)
	d.ofRoom[i] = it
	if all[it] == nil {
		all[it] = newSeats(it.After.Rooms)
		it.After.Rooms = slices.Clone(it.After.Rooms)
	}
	said := row.Apply(estates.Room{})
	at, fault := all[it].find(row.RoomID, said)
	switch {
	case fault != nil:
		d.faultOf(true, i, *fault)
		return
	case at < 0 && said.Name == "" && said.Use == "" && len(row.Faults) == 0:
		d.faultOf(true, i, record.Fault{Field: "name", ZH: "请填写用房名称或用途", EN: "the name or the use of the room is needed"})
		return
	case at >= 0 && it.rooms[at] >= 0:
		other := d.lists.Rooms[it.rooms[at]]
		d.faultOf(true, i, record.Fault{
			Field: "room_no", Value: said.RoomNo, ZH: fmt.Sprintf("与%s是同一处用房：同一小区、楼栋、楼层的同一房号或名称", rowZH(other.Sheet, other.Row)),
			EN: fmt.Sprintf("is the room of %s: of the same estate, building, floor and number or name", rowEN(other.Sheet, other.Row)),
		})
		return
	case at < 0:
		at = len(it.After.Rooms)
		it.After.Rooms, it.rooms = append(it.After.Rooms, estates.Room{}), append(it.rooms, -1)
		all[it].sit(said, at)
	}
	it.After.Rooms[at], it.rooms[at] = row.Apply(it.After.Rooms[at]), i
	d.at[i] = at
}

// Blame says of a fault of a draft which row it is of: that of the room, else that of the
// estate, else that of the first of its rooms, which then names what the fault is of.
func (d *Drafts) Blame(it *Draft, f record.Fault) {
	if i, field, ok := it.roomOf(f.Field); ok {
		if it.rooms[i] >= 0 {
			f.Field = field
			d.faultOf(true, it.rooms[i], f)
			return
		}
		called := it.After.Rooms[i].Called()
		f.ZH, f.EN = "用房“"+called+"”："+f.ZH, "room “"+called+"”: "+f.EN
	}
	if it.own >= 0 {
		d.faultOf(false, it.own, f)
		return
	}
	if i := slices.Index(d.ofRoom, it); i >= 0 {
		f.ZH, f.EN = "小区“"+it.After.Name+"”："+f.ZH, "estate “"+it.After.Name+"”: "+f.EN
		d.faultOf(true, i, f)
	}
}

// roomOf gives the room that a pointer is in, and the field of it.
func (d *Draft) roomOf(pointer string) (room int, field string, ok bool) {
	rest, in := strings.CutPrefix(pointer, "rooms/")
	number, field, deeper := strings.Cut(rest, "/")
	i, err := strconv.Atoi(number)
	return i, field, in && deeper && err == nil && i >= 0 && i < len(d.rooms)
}

// Told gives what becomes of each row, with all that was found wrong.
func (d *Drafts) Told() Taken {
	out := Taken{Remarks: d.remarks}
	for i, row := range d.lists.Estates {
		line := TakenRow{Sheet: row.Sheet, Row: row.Row, Name: row.Apply(estates.Estate{}).Name, Outcome: lists.Faulty}
		if it := d.ofRow[i]; it != nil {
			line.Name, line.EstateID = it.After.Name, it.After.ID
			line.Outcome, line.Changes = outcome(it.New(), withoutRooms(estates.Differences(it.Before, it.After)))
		}
		out.add(line, row.Faults, d.wrong[0][i])
	}
	for i, row := range d.lists.Rooms {
		line := TakenRow{Sheet: row.Sheet, Row: row.Row, Room: true, Name: row.Apply(estates.Room{}).Name, Estate: row.Estate, Outcome: lists.Faulty}
		if it := d.ofRoom[i]; it != nil {
			line.Estate, line.EstateID = it.After.Name, it.After.ID
			if len(d.wrong[1][i]) == 0 {
				line.Name = it.After.Rooms[d.at[i]].Name
				line.Outcome, line.Changes = d.roomOutcome(it, d.at[i])
			}
		}
		out.add(line, row.Faults, d.wrong[1][i])
	}
	return out
}

func (d *Drafts) roomOutcome(it *Draft, at int) (lists.Outcome, []record.Difference) {
	if at >= len(it.Before.Rooms) {
		return lists.Created, nil
	}
	return outcome(false, estates.RoomDifferences(it.Before.Rooms[at], it.After.Rooms[at]))
}

func outcome(isNew bool, changes []record.Difference) (lists.Outcome, []record.Difference) {
	switch {
	case isNew:
		return lists.Created, nil
	case len(changes) == 0:
		return lists.Unchanged, nil
	}
	return lists.Updated, changes
}

func (t *Taken) add(line TakenRow, unread, wrong []lists.Fault) {
	told := lists.Tell(unread, wrong)
	for i := range told {
		told[i].Sheet = line.Sheet
	}
	if len(told) > 0 {
		line.Outcome, line.Changes = lists.Faulty, nil
	}
	t.Faults = append(t.Faults, told...)
	t.Rows = append(t.Rows, line)
	tally := &t.Estates
	if line.Room {
		tally = &t.Rooms
	}
	tally.add(line.Outcome)
}

func withoutRooms(list []record.Difference) []record.Difference {
	return slices.DeleteFunc(list, func(d record.Difference) bool { return d.Field == "rooms" })
}
