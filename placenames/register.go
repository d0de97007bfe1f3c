package placenames

import (
	"errors"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"yike/internal/record"
)

// What a register refuses besides faults of a record.
var (
	// ErrNotFound says that there is no record with the id.
	ErrNotFound = errors.New("没有这条地名 / no such place name")
	// ErrNotPlanned says that the plan has no name with the id.
	ErrNotPlanned = errors.New("地名规划中没有这个名称 / no such name of the plan")
	// ErrStays says that a record is no draft, or that others refer to it, so that it only
	// ends and is never removed.
	ErrStays = errors.New("地名已不是草稿或已被引用，不能删除 / the record only ends, it is not removed")
	// ErrTaken says that a record took a reserved name, so that the reservation stays.
	ErrTaken = errors.New("预留名称已被采用 / the reserved name was taken")
)

// Item is a record as a reader sees it.
type Item struct {
	Name
	Class    string // that its kind is of
	MayWrite bool   // the reader keeps it
}

// Row is a record as a list shows it.
type Row struct {
	ID, Text, Roman, Kind, Class string
	Initial                      string // A to Z, under which it stands in a gazetteer; "" for none
	Version                      int
	State                        State
	Divisions                    []string
	Position                     orb.Point // inside of it
	Placed                       bool
	Heritage                     bool
	Decision                     Decision
	ParentID                     string
	ValidFrom                    record.Day
	MayWrite                     bool
}

// Filter is which records are asked for; what is empty asks for all.
type Filter struct {
	Classes, Kinds []string
	States         []State
	Initial        string   // A to Z
	Within         []string // codes of divisions: in one of these
	Heritage       *bool
	Text           string // a part of the name, of an alias or of a former name, or pinyin of the name
}

// Page is a part of the list, by pinyin.
type Page struct {
	Rows []Row
	More bool // there are further ones
}

// PlannedItem is a reserved name of the plan as a reader sees it.
type PlannedItem struct {
	Planned
	Version   int
	ValidFrom record.Day
	MayWrite  bool // the reader keeps it
}

// PlannedFilter is which reserved names are asked for; what is empty asks for all.
type PlannedFilter struct {
	Plan, Text string // Text is a part of the name
	Kinds      []string
	Within     []string   // codes of divisions: in one of these
	Free       *bool      // whether a record may still take it on Day
	Day        record.Day // today
}

// Count is how many records of a class are in a state.
type Count struct {
	Class string
	State State
	N     int
}

// Clean takes away what nobody means to write: space around words, and empty lists. The parts
// of a name that nobody confirmed are those that the catalogue works out. The lists of n are
// not changed.
func (c *Catalogue) Clean(n Name) Name {
	n.Divisions, n.Aliases, n.Former, n.Readings = slices.Clone(n.Divisions), slices.Clone(n.Aliases), slices.Clone(n.Former), slices.Clone(n.Readings)
	for _, t := range []*string{
		&n.Text, &n.Parts.Specific, &n.Parts.Modifier, &n.Parts.Generic, &n.Roman, &n.Kind, &n.BuiltUpArea, &n.Extent.From, &n.Extent.To, &n.Extent.Via,
		&n.Extent.Position, &n.Origin, &n.Meaning, &n.Note,
	} {
		*t = strings.TrimSpace(*t)
	}
	tidy(&n.Decision)
	for i := range n.Divisions {
		n.Divisions[i] = strings.TrimSpace(n.Divisions[i])
	}
	for i := range n.Readings {
		n.Readings[i] = strings.TrimSpace(n.Readings[i])
	}
	for i := range n.Aliases {
		a := &n.Aliases[i]
		a.Text, a.Note = strings.TrimSpace(a.Text), strings.TrimSpace(a.Note)
	}
	for i := range n.Former {
		o := &n.Former[i]
		o.Text, o.Roman = strings.TrimSpace(o.Text), strings.TrimSpace(o.Roman)
		tidy(&o.Decision)
	}
	for _, id := range []*string{&n.Planned, &n.ParentID, &n.HostID, &n.SuccessorID} {
		*id = strings.ToLower(strings.TrimSpace(*id))
	}
	if n.Reuses != nil {
		n.Reuses = &Reuse{strings.ToLower(strings.TrimSpace(n.Reuses.ID)), strings.TrimSpace(n.Reuses.Reason)}
	}
	if !n.Parts.Confirmed {
		n.Parts, _ = c.PartsOf(n)
	}
	n.Divisions, n.Readings, n.Aliases, n.Former = kept(n.Divisions), kept(n.Readings), kept(n.Aliases), kept(n.Former)
	return n
}

func tidy(d *Decision) {
	d.Number, d.Body, d.Title = strings.TrimSpace(d.Number), strings.TrimSpace(d.Body), strings.TrimSpace(d.Title)
}

func kept[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// ValidateChange is Validate of a record that was before otherwise, with what a change may
// not touch: the state changes by moves only, and the name, its decisions and its former names
// of a record that was decided on, by a decision or where they were written wrongly.
func ValidateChange(before, after Name, correction bool, k Known) []record.Fault {
	f := faults(Validate(after, k))
	if after.State != before.State {
		f.add("state", string(after.State), "状态只能通过办理来改变", "the state changes by a move only")
	}
	if after.SuccessorID != before.SuccessorID {
		f.add("successor_id", after.SuccessorID, "接续的地名只能在注销、并入时指明", "the successor is named by a move only")
	}
	decided := before.State.InUse() || before.State.Ended()
	if !decided || correction {
		return f
	}
	if after.Text != before.Text {
		f.add("text", after.Text, "已审定或在用的名称应办理更名；原来就登记错误的，请用更正", "a name that is in use, or was, is changed by a renaming; if it was entered wrongly, make it a correction")
	}
	if after.Decision != before.Decision {
		f.add("decision", after.Decision.Number, "决定文件随命名、更名、注销而变；原来就登记错误的，请用更正", "the document changes with a decision only; if it was entered wrongly, make it a correction")
	}
	if !slices.Equal(after.Former, before.Former) {
		f.add("former", "", "曾用名随更名而变；原来就登记错误或遗漏的，请用更正", "former names come with a renaming only; if they were entered wrongly, make it a correction")
	}
	return f
}

// Differences gives the fields in which after is not before, in the order in which people are
// shown them. Ids and versions are no content.
func Differences(before, after Name) []record.Difference {
	return record.Differing(content(before), content(after))
}

// content lists what a record is, as Before.
func content(n Name) []record.Difference {
	shape := ""
	if n.Geometry != nil {
		shape = wkt.MarshalString(n.Geometry)
	}
	var out []record.Difference
	for _, d := range []struct {
		field string
		value any
	}{
		{"text", n.Text},
		{"specific", n.Parts.Specific},
		{"modifier", n.Parts.Modifier},
		{"generic", n.Parts.Generic},
		{"parts_confirmed", n.Parts.Confirmed},
		{"roman", n.Roman},
		{"readings", strings.Join(n.Readings, " ")},
		{"kind", n.Kind},
		{"state", string(n.State)},
		{"divisions", strings.Join(n.Divisions, " ")},
		{"built_up_area", n.BuiltUpArea},
		{"famous", said(n.Famous)},
		{"important", said(n.Important)},
		{"geometry", shape},
		{"extent", n.Extent},
		{"size", n.Size},
		{"origin", n.Origin},
		{"meaning", n.Meaning},
		{"aliases", kept(n.Aliases)},
		{"former", kept(n.Former)},
		{"decision", n.Decision},
		{"heritage", n.Heritage},
		{"planned", n.Planned},
		{"parent_id", n.ParentID},
		{"host_id", n.HostID},
		{"successor_id", n.SuccessorID},
		{"reuses", n.Reuses},
		{"note", n.Note},
	} {
		out = append(out, record.Difference{Field: d.field, Before: d.value})
	}
	return out
}

// said is a value that nobody may have said, as it is compared and shown.
func said[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// Kin is a record among those that it belongs with.
type Kin struct {
	Row
	Relation Relation
	Depth    int // of a member: below the record at the top; else 0
}

// Relation says what a record is to another.
type Relation string

// The relations.
const (
	Member      Relation = "member"      // the record at the top of a road or river, and all its parts; the record asked for is among them
	Host        Relation = "host"        // it gave the place its name
	Hosted      Relation = "hosted"      // it has its name from the place
	Successor   Relation = "successor"   // it has the place of the record that ended
	Predecessor Relation = "predecessor" // the record has its place
	Reused      Relation = "reused"      // the retired record whose characters were taken again
	Reuser      Relation = "reuser"      // it took the characters again
)

// Drawn is a record on the map.
type Drawn struct {
	ID, Text, Kind, Class string
	State                 State
	GeoJSON               []byte // its geometry as it can be seen at the scale asked for
}
