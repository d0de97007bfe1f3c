// Package matrix owns the table that has a line for each community (一村居一行配置一览表):
// which facilities of each type a community has, shares, will have or lacks, what its
// premises are per 100 households, and the three levels of the elderly-care network
// (一区一中心、一街道一阵地、一居一场所).
//
// The package is pure. A facility counts once, where it stands; a community that it
// serves shares it, and nothing that is unknown is made up.
package matrix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/record"
)

// Text is a sentence for people in both languages.
type Text struct{ ZH, EN string }

// State is what a community has of a column.
type State string

// The states, from the best.
const (
	Own           State = "own"            // an open facility stands in it
	Shared        State = "shared"         // one that stands elsewhere is assigned to serve it
	Planned       State = "planned"        // neither, but one is planned or being built
	None          State = "none"           // nothing
	NotApplicable State = "not_applicable" // and nothing is asked of it
)

// Ref is a facility as a cell names it.
type Ref struct {
	ID      string
	Name    Text
	Code    string   // division where it stands
	Area    string   // name of the service area (片区) by which it serves; "" for none
	Year    int      // in which a planned one opens; 0 unknown
	FloorM2 *float64 // nil where unknown
	Point   orb.Point
	Placed  bool // Point is known; else it is zero
	Example bool // placed by rule, not a real place
}

// Cell is what a community has of a column.
type Cell struct {
	State     State
	Own       []Ref
	Shared    []Ref
	Planned   []Ref // those that will stand in it or serve it
	Suspended []Ref // that stand in it and serve nobody at present
}

// Column is a type of facility, or several of which any will do.
type Column struct {
	ID    string // code word of the type, or of the set
	Types []facilities.Type
	Name  Text
	Unit  divisions.Level // which division is to have one: community, subdistrict or district
	// Asked says that a text asks for one in each unit, of the setting where one is given.
	// Of others a community may have none without lacking anything.
	Asked   bool
	Setting divisions.Setting
	Source  Text   // the text that asks for it, or says how far one serves; empty where none does
	Grade   string // of that text, as rules.Grade has it
}

// Row is the line of one community.
type Row struct {
	Division divisions.Division // without its boundary
	Bounds   orb.Bound          // of the boundary; the zero value where none is known
	Cells    []Cell             // one for each column
	Premises Premises
}

// Sum is what a column comes to in a wider division.
type Sum struct {
	Facilities int // open ones that stand there, each once
	Planned    int // planned ones that will stand there, each once
	Suspended  int
	// Communities by what they have; those outside of every community are no line.
	Own, Shared, PlannedOnly, None, NotApplicable int
	State                                         State // of the wider division itself, where it is the column's unit; else ""
}

// Group is a subdistrict with its communities. The last may be those of no subdistrict,
// with a division without a code.
type Group struct {
	Division divisions.Division
	Rows     []Row
	Rest     Row // facilities that stand in no community of it; all cells without a state
	HasRest  bool
	Sums     []Sum
	Premises Total
}

// Matrix is the whole table.
type Matrix struct {
	Columns  []Column
	Groups   []Group
	Sums     []Sum
	Premises Total
	Levels   Levels
	Norms    []Norm // that apply here, in the order of their numbers
}

// ServiceArea is a named set of communities.
type ServiceArea struct {
	Name        Text
	Communities []string
}

// Input is what a table is made from.
type Input struct {
	AdCode     string // of the district
	Day        record.Day
	Divisions  []divisions.Division // in the order of levels and codes
	Types      []facilities.TypeInfo
	Columns    []string              // ids; nil for the usual ones
	Facilities []facilities.Facility // those that are not published, or were replaced, are left out
	Areas      []ServiceArea
	Households map[string]divisions.Households
	Ledger     map[string]LedgerArea // of communities with rooms in the ledger of premises
}

// LedgerArea is what the ledger of premises has for community premises in a community.
type LedgerArea struct {
	Rooms     int     // rooms that count for it, or will
	CountedM2 float64 // of those handed over and not misused
}

// Build makes the table. It fails only where the rules that come with the program are
// damaged. O(facilities × (communities served + areas) + communities × columns).
func Build(in Input) (*Matrix, error) {
	norms, err := newNorms(in.AdCode, in.Day)
	if err != nil {
		return nil, err
	}
	b := &builder{in: in, norms: norms, byCode: map[string]divisions.Division{}, bounds: map[string]orb.Bound{}, columns: pick(in.Types, in.Columns)}
	for _, d := range in.Divisions {
		if d.Level == divisions.Community && len(d.Boundary) > 0 {
			b.bounds[d.Code] = d.Boundary.Bound()
		}
		d.Boundary, d.People = nil, nil
		b.byCode[d.Code] = d
	}
	b.sort()
	m := &Matrix{Columns: b.columns, Groups: b.groups(), Norms: norms.list()}
	m.Sums = b.total(m.Groups)
	m.Premises = b.totalPremises(m.Groups)
	m.Levels = b.levels(m)
	return m, nil
}

type builder struct {
	in      Input
	norms   *norms
	byCode  map[string]divisions.Division
	bounds  map[string]orb.Bound // of communities
	columns []Column
	live    []placed            // published, in the order of names
	near    map[string][]placed // by community: those that stand in it or serve it
}

// placed is a facility with where it stands.
type placed struct {
	facilities.Facility
	ref                    Ref
	community, subdistrict string // "" for none
	serves                 map[string]bool
	areas                  map[string]string // name of the area by community served
}

// sort finds the place of each facility that counts.
func (b *builder) sort() {
	for _, f := range b.in.Facilities {
		if f.Stage != facilities.Published && f.Stage != "" || f.Tombstone() || f.Status == facilities.Closed {
			continue
		}
		p := placed{Facility: f, serves: map[string]bool{}}
		p.community, p.subdistrict = b.placeOf(f.DivisionCode)
		for _, code := range f.Serves {
			if code != p.community && b.byCode[code].Level == divisions.Community {
				p.serves[code] = true
			}
		}
		p.areas = b.areasOf(p)
		p.ref = Ref{
			ID: f.ID, Name: Text{f.NameZH, cmp.Or(f.NameEN, f.NameZH)}, Code: f.DivisionCode, Year: yearOf(f), FloorM2: floorOf(f, b.in.Types),
			Point: f.Point, Placed: !f.Unplaced, Example: f.Example,
		}
		b.live = append(b.live, p)
	}
	slices.SortFunc(b.live, func(x, y placed) int {
		return cmp.Or(cmp.Compare(x.NameZH, y.NameZH), cmp.Compare(x.ID, y.ID))
	})
	b.near = map[string][]placed{}
	for _, p := range b.live {
		if p.community != "" {
			b.near[p.community] = append(b.near[p.community], p)
		}
		for code := range p.serves {
			b.near[code] = append(b.near[code], p)
		}
	}
}

// placeOf climbs from a division to the community and the subdistrict that hold it.
func (b *builder) placeOf(code string) (community, subdistrict string) {
	for steps := 0; code != "" && steps <= len(b.byCode); steps++ {
		d := b.byCode[code]
		switch d.Level {
		case divisions.Community:
			community = code
		case divisions.Subdistrict:
			return community, code
		}
		code = d.ParentCode
	}
	return community, ""
}

// areasOf names the service area by which a facility serves a community: one of which it
// serves every community, its own among them.
func (b *builder) areasOf(p placed) map[string]string {
	out := map[string]string{}
	for _, a := range b.in.Areas {
		whole := len(a.Communities) > 1 && !slices.ContainsFunc(a.Communities, func(code string) bool { return !p.serves[code] && code != p.community })
		for _, code := range a.Communities {
			if _, named := out[code]; whole && !named {
				out[code] = a.Name.ZH
			}
		}
	}
	return out
}

// yearOf is the year in which a planned facility opens: what its record says of it.
func yearOf(f facilities.Facility) int {
	if f.Status != facilities.Planned && f.Status != facilities.Building {
		return 0
	}
	if year, ok := f.Fields["opens_year"].(float64); ok {
		return int(year)
	}
	if day, ok := f.Fields["opened_on"].(string); ok {
		if _, ok := record.ParseDay(day); ok {
			return record.Day(day).Year()
		}
	}
	return 0
}

// floorOf is the floor area of a facility: its field, or its capacity where that is one.
func floorOf(f facilities.Facility, types []facilities.TypeInfo) *float64 {
	if v, ok := f.Fields["floor_area"].(float64); ok && v > 0 {
		return &v
	}
	i := slices.IndexFunc(types, func(t facilities.TypeInfo) bool { return t.Type == f.Type })
	if i < 0 || types[i].CapacityUnit != "m2" || f.Capacity <= 0 {
		return nil
	}
	v := float64(f.Capacity)
	return &v
}

func (p placed) isOf(c Column) bool { return slices.Contains(c.Types, p.Type) }

func (p placed) willOpen() bool {
	return p.Status == facilities.Planned || p.Status == facilities.Building
}

// groups makes the lines, by subdistrict.
func (b *builder) groups() []Group {
	var out []Group
	for _, d := range b.in.Divisions {
		if d.Level == divisions.Subdistrict {
			out = append(out, b.group(b.byCode[d.Code]))
		}
	}
	if none := b.group(divisions.Division{}); len(none.Rows) > 0 || none.HasRest {
		out = append(out, none)
	}
	return out
}

func (b *builder) group(of divisions.Division) Group {
	g := Group{Division: of, Rows: []Row{}}
	for _, d := range b.in.Divisions {
		if d.Level != divisions.Community {
			continue
		}
		if _, subdistrict := b.placeOf(d.Code); subdistrict == of.Code {
			g.Rows = append(g.Rows, b.row(b.byCode[d.Code]))
		}
	}
	g.Rest.Cells = make([]Cell, len(b.columns))
	for i, c := range b.columns {
		for _, p := range b.live {
			if p.isOf(c) && p.community == "" && p.subdistrict == of.Code {
				p.put(&g.Rest.Cells[i])
				g.HasRest = true
			}
		}
	}
	g.Sums = b.sums(g)
	g.Premises = totalOf(g.Rows)
	return g
}

// put files a facility where it stands.
func (p placed) put(c *Cell) {
	switch {
	case p.Status == facilities.Open:
		c.Own = append(c.Own, p.ref)
	case p.willOpen():
		c.Planned = append(c.Planned, p.ref)
	case p.Status == facilities.Suspended:
		c.Suspended = append(c.Suspended, p.ref)
	}
}

func (b *builder) row(d divisions.Division) Row {
	r := Row{Division: d, Bounds: b.bounds[d.Code], Cells: make([]Cell, len(b.columns))}
	for i, c := range b.columns {
		r.Cells[i] = b.cell(d, c)
	}
	r.Premises = b.premises(d)
	return r
}

func (b *builder) cell(d divisions.Division, c Column) Cell {
	var out Cell
	for _, p := range b.near[d.Code] {
		if !p.isOf(c) {
			continue
		}
		if p.community == d.Code {
			p.put(&out)
			continue
		}
		ref := p.ref
		ref.Area = p.areas[d.Code]
		switch {
		case p.Status == facilities.Open:
			out.Shared = append(out.Shared, ref)
		case p.willOpen():
			out.Planned = append(out.Planned, ref)
		}
	}
	switch {
	case len(out.Own) > 0:
		out.State = Own
	case len(out.Shared) > 0:
		out.State = Shared
	case len(out.Planned) > 0:
		out.State = Planned
	case c.Unit != divisions.Community || c.Setting != "" && d.Setting != "" && d.Setting != c.Setting:
		out.State = NotApplicable
	default:
		out.State = None
	}
	return out
}

// sums adds up what a subdistrict has, with what stands in none of its communities.
func (b *builder) sums(g Group) []Sum {
	out := make([]Sum, len(b.columns))
	for i, c := range b.columns {
		s := &out[i]
		s.add(g.Rest.Cells[i], false, g.Division.Code, b)
		for _, r := range g.Rows {
			s.add(r.Cells[i], true, r.Division.Code, b)
		}
		if c.Unit == divisions.Subdistrict && g.Division.Code != "" {
			s.State = stateOf(*s)
		}
	}
	return out
}

// add counts a cell. Planned facilities count where they will stand, not where they will
// serve.
func (s *Sum) add(c Cell, community bool, code string, b *builder) {
	s.Facilities += len(c.Own)
	s.Suspended += len(c.Suspended)
	for _, p := range c.Planned {
		if at, _ := b.placeOf(p.Code); !community || at == code {
			s.Planned++
		}
	}
	if !community {
		return
	}
	switch c.State {
	case Own:
		s.Own++
	case Shared:
		s.Shared++
	case Planned:
		s.PlannedOnly++
	case None:
		s.None++
	case NotApplicable:
		s.NotApplicable++
	}
}

// stateOf is what a wider division has as a whole.
func stateOf(s Sum) State {
	switch {
	case s.Facilities > 0:
		return Own
	case s.Shared > 0:
		return Shared
	case s.Planned > 0:
		return Planned
	}
	return None
}

// total adds the groups up for the district.
func (b *builder) total(groups []Group) []Sum {
	out := make([]Sum, len(b.columns))
	for i, c := range b.columns {
		t := &out[i]
		for _, g := range groups {
			s := g.Sums[i]
			t.Facilities += s.Facilities
			t.Planned += s.Planned
			t.Suspended += s.Suspended
			t.Own += s.Own
			t.Shared += s.Shared
			t.PlannedOnly += s.PlannedOnly
			t.None += s.None
			t.NotApplicable += s.NotApplicable
		}
		if c.Unit == divisions.District {
			t.State = stateOf(*t)
		}
	}
	return out
}

// Gap reports whether something is lacking in a line: nothing where a text asks for one,
// or premises that are too small. The columns are those of the line's table.
func (r Row) Gap(columns []Column) bool {
	for i, c := range r.Cells {
		if c.State == None && columns[i].Asked {
			return true
		}
	}
	return r.Premises.Short()
}

// Coverage is the share of communities that have one or share one, of those that are to;
// false where none is.
func (s Sum) Coverage() (float64, bool) {
	of := s.Own + s.Shared + s.PlannedOnly + s.None
	if of == 0 {
		return 0, false
	}
	return float64(s.Own+s.Shared) / float64(of), true
}

// isPlan reports whether a grade is of one of the plans.
func isPlan(grade string) bool { return strings.HasPrefix(grade, "S") }
