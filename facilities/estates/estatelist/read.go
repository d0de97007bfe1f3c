package estatelist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/lists"
	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/record"
)

// MostRows is how many rows a list of estates or of rooms may have.
const MostRows = 20_000

// Row is what a row of a list says of an estate or of a room.
type Row[T any] struct {
	Sheet    string
	Row      int
	EstateID string // of the estate that it means or that its room is of; "" where it does not say
	RoomID   string
	Estate   string // of a room: the name of its estate
	Code     string // of the division that it names; "" for none
	Drawn    bool   // it says where the record lies
	Faults   []lists.Fault

	sets []func(*T)
}

// Apply gives t with what the row says.
func (l Row[T]) Apply(t T) T {
	for _, set := range l.sets {
		set(&t)
	}
	return t
}

// Converted is a column whose cells were read in another unit than the one of its field, and
// how many.
type Converted struct {
	Column, Unit string
	Own          bool // the cells name the unit, not the heading
	Area         bool // of square metres, else of things that are counted
	Times        float64
	Cells        int
}

// Reader reads the rows of one list of estates or of rooms.
type Reader[T any] struct {
	lists.Heads
	columns map[string]column[T]
	places  lists.Places
	crs     geo.CRS
	changed map[Converted]int
}

// EstateReader reads lists of estates.
type EstateReader = Reader[estates.Estate]

// RoomReader reads lists of rooms.
type RoomReader = Reader[estates.Room]

// NewEstateReader learns which columns a list of estates has from its headings. Shapes and
// positions are in crs. The faults are those of the list as a whole.
func NewEstateReader(heads []string, places lists.Places, crs geo.CRS) (*EstateReader, []lists.Fault) {
	r, faults := newReader(heads, estateColumns(), places, crs)
	if r.Of("name") == "" && r.Of("estate_id") == "" {
		faults = append(faults, lists.Fault{Fault: record.Fault{
			Field: "name", ZH: "没有“小区名称”一列：导入按名称和村居认出每个小区。请用模板，或给这一列加上标题",
			EN: "there is no column “name”, by which each estate is known with its community; use the template, or name that column so",
		}})
	}
	return r, faults
}

// NewRoomReader does so for a list of rooms.
func NewRoomReader(heads []string, places lists.Places, crs geo.CRS) (*RoomReader, []lists.Fault) {
	r, faults := newReader(heads, roomColumns(), places, crs)
	if r.Of("estate") == "" && r.Of("estate_id") == "" {
		faults = append(faults, lists.Fault{Fault: record.Fault{
			Field: "estate", ZH: "没有“小区名称”一列，看不出用房属于哪个小区", EN: "there is no column “estate”, so nobody knows which estate the rooms are of",
		}})
	}
	return r, faults
}

func newReader[T any](heads []string, columns []column[T], places lists.Places, crs geo.CRS) (*Reader[T], []lists.Fault) {
	r := &Reader[T]{columns: map[string]column[T]{}, places: places, crs: crs, changed: map[Converted]int{}}
	var all []lists.Column
	for _, c := range columns {
		r.columns[c.Code] = c
		all = append(all, c.Column.Column)
	}
	var faults []lists.Fault
	r.Heads, faults = lists.ReadHeads(heads, all, derivedHeads())
	return r, faults
}

// Converted are the columns that were read in another unit, in the order of the headings.
func (r *Reader[T]) Converted() []Converted {
	var out []Converted
	for c, n := range r.changed {
		c.Cells = n
		out = append(out, c)
	}
	at := func(c Converted) int {
		for i := range r.Len() {
			if r.Text(i) == c.Column {
				return i
			}
		}
		return r.Len()
	}
	slices.SortFunc(out, func(a, b Converted) int {
		if d := at(a) - at(b); d != 0 {
			return d
		}
		return strings.Compare(a.Unit, b.Unit)
	})
	return out
}

// Read reads the cells of a row, in the order of the headings, and its shape: the boundary of
// an estate, the place of a room; nil for none.
func (r *Reader[T]) Read(row int, cells []string, shape orb.Geometry) Row[T] {
	l := listing[T]{Reader: r, out: Row[T]{Row: row}, names: map[string]string{}}
	for i := range min(r.Len(), len(cells)) {
		c, ok := r.columns[r.Field(i)]
		if cell := strings.TrimSpace(cells[i]); ok && cell != "" {
			l.column, l.unit = r.Text(i), r.Unit(i)
			l.cell(c, cell)
		}
	}
	l.division()
	if shape != nil {
		l.shape(shape)
	} else {
		l.degrees()
	}
	l.out.Estate, l.out.EstateID, l.out.RoomID = l.names["estate"], l.names["estate_id"], l.names["room_id"]
	return l.out
}

// listing is a row that is being read.
type listing[T any] struct {
	*Reader[T]
	out          Row[T]
	names        map[string]string // of the division and of the estate, by column
	column, unit string            // of the cell that is read
}

func (l *listing[T]) fault(code, value, zh, en string) {
	l.out.Faults = append(l.out.Faults, l.Placed(l.out.Row, record.Fault{Field: code, Value: value, ZH: zh, EN: en}))
}

func put[T, V any](l *listing[T], c column[T], v V) {
	l.out.sets = append(l.out.sets, func(t *T) {
		if field, ok := c.at(t).(*V); ok {
			*field = v
		}
	})
}

// cell reads one cell that is not empty.
func (l *listing[T]) cell(c column[T], cell string) {
	if cell == lists.Cleared {
		if c.Needed || c.Kind == AsID || c.Kind == AsPlace || c.Code == "kind" {
			l.fault(c.Code, cell, "不能清空", "cannot be emptied")
			return
		}
		cell = ""
	}
	switch c.Kind {
	case AsText:
		put(l, c, cell)
	case AsID, AsPlace, AsDegrees:
		l.names[c.Code] = cell
		if c.Kind == AsDegrees && cell == "" {
			l.names[c.Code] = lists.Cleared
		}
	case AsChoice:
		l.choice(c, cell)
	case AsDay:
		l.day(c, cell)
	case AsArea, AsCount, AsNumber:
		l.number(c, cell)
	case AsTruth:
		l.truth(c, cell)
	case AsParts:
		parts, fault := premises.ReadParts(cell)
		l.list(c, fault, func() { put(l, c, parts) })
	case AsPhases:
		phases, fault := ReadPhases(cell)
		l.list(c, fault, func() { put(l, c, phases) })
	case AsElements:
		l.elements(c, cell)
	}
}

func (l *listing[T]) list(c column[T], fault *record.Fault, set func()) {
	if fault != nil {
		l.fault(c.Code, fault.Value, fault.ZH, fault.EN)
		return
	}
	set()
}

func (l *listing[T]) choice(c column[T], cell string) {
	code := ""
	if cell != "" {
		found, ok := premises.ReadCode(c.Choices, cell)
		if !ok {
			zh, en := premises.CodeWords(c.Choices)
			l.fault(c.Code, cell, "应为："+zh, "must be one of: "+en)
			return
		}
		code = found
	}
	if c.Code == "kind" {
		put(l, c, estates.Kind(code))
		return
	}
	put(l, c, premises.Use(code))
}

func (l *listing[T]) day(c column[T], cell string) {
	day, fit := lists.Day(cell)
	switch {
	case cell == "" || fit == lists.WholeDay:
		put(l, c, day)
	case fit == lists.MonthOnly:
		l.fault(c.Code, cell, "只写到月份，请写到日，如 2026-11-27", "names a month only; write the day, such as 2026-11-27")
	case fit == lists.ShortYear:
		l.fault(c.Code, cell, "年份只有两位，请写四位，如 2026-11-27", "the year has two digits only; write all four, such as 2026-11-27")
	case fit == lists.ImpossibleDay:
		l.fault(c.Code, cell, "没有这一天", "there is no such day")
	default:
		l.fault(c.Code, cell, "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	}
}

func (l *listing[T]) number(c column[T], cell string) {
	switch {
	case cell == "" && c.Kind == AsArea:
		put(l, c, premises.Area(0))
	case cell == "":
		put(l, c, 0)
	case c.Kind == AsArea:
		l.area(c, cell)
	case c.Kind == AsNumber:
		n, ok := lists.Ordinal(cell)
		if !ok {
			l.fault(c.Code, cell, "应为第几期，如 1 或 一期", "must be the number of a phase, such as 1")
			return
		}
		put(l, c, n)
	default:
		m, ok := lists.Count(cell, l.unit)
		if n := int(m.Value); !ok || float64(n) != m.Value || n < 0 || m.Value > 1e9 {
			l.fault(c.Code, cell, "应为一个不小于 0 的整数", "must be a whole number, not below 0")
			return
		}
		put(l, c, int(m.Value))
		l.said(m, false)
	}
}

func (l *listing[T]) area(c column[T], cell string) {
	m, ok := lists.Area(cell, l.unit)
	area, fine := estates.FloorOf(m.Value)
	switch {
	case !ok:
		l.fault(c.Code, cell, "应为一个面积，如 1200.5、1.2万㎡、3.5公顷", "must be an area, such as 1200.5, 1.2万㎡ or 3.5 ha")
	case !fine:
		l.fault(c.Code, cell, fmt.Sprintf("应为 0 至 %s 平方米，最多两位小数", estates.MostFloor), fmt.Sprintf("must be from 0 to %s m², to a hundredth", estates.MostFloor))
	default:
		put(l, c, area)
		l.said(m, true)
	}
}

// said counts a cell that was read in another unit.
func (l *listing[T]) said(m lists.Measure, area bool) {
	if m.Times != 1 {
		l.changed[Converted{Column: l.column, Unit: m.Unit, Own: m.Own, Area: area, Times: m.Times}]++
	}
}

func (l *listing[T]) truth(c column[T], cell string) {
	yes, ok := lists.Truth(cell)
	if cell != "" && !ok {
		l.fault(c.Code, cell, "应为“是”或“否”；不知道就留空", "must be yes or no; leave it empty where nobody knows")
		return
	}
	var v *bool
	if cell != "" {
		v = &yes
	}
	put(l, c, v)
}

func (l *listing[T]) elements(c column[T], cell string) {
	var out []estates.Element
	for _, text := range lists.Texts(strings.ReplaceAll(cell, "、", "；")) {
		code, ok := premises.ReadCode(c.Choices, text)
		if !ok {
			zh, en := premises.CodeWords(c.Choices)
			l.fault(c.Code, text, "应为："+zh, "must be one of: "+en)
			return
		}
		out = append(out, estates.Element(code))
	}
	put(l, c, out)
}

// division finds the division that the row names.
func (l *listing[T]) division() {
	code, fault := l.places.Find(l.names[lists.DivisionCode], l.names[lists.Subdistrict], l.names[lists.Community])
	if fault != nil {
		l.fault(fault.Field, fault.Value, fault.ZH, fault.EN)
		return
	}
	l.out.Code = code
}

// ListsRooms reports whether headings are those of a list of rooms rather than of estates:
// more of them mean something of a room.
func ListsRooms(heads []string) bool {
	rooms, _ := newReader(heads, roomColumns(), lists.Places{}, geo.CRS{})
	whole, _ := newReader(heads, estateColumns(), lists.Places{}, geo.CRS{})
	return rooms.Fields() > whole.Fields()
}
