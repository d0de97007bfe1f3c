package premises

import (
	"strings"

	"yike/facilities/lists"
	"yike/geo/divisions"
	"yike/internal/record"
)

// MostListed is how many rooms a list may have.
const MostListed = 5000

// Listed is what a row of a list says of a room.
type Listed struct {
	Row    int
	Patch  Patch
	Faults []lists.Fault
}

// ListReader reads the rows of one list.
type ListReader struct {
	lists.Heads
	columns map[string]ListColumn
	places  lists.Places
}

// NewListReader learns which columns a list has from its headings. The faults are those of
// the list as a whole: a heading that stands there twice, or none for the number by which
// rooms are told apart.
func NewListReader(heads []string, places []divisions.Division) (ListReader, []lists.Fault) {
	r := ListReader{columns: map[string]ListColumn{}, places: lists.NewPlaces(places)}
	var named []lists.Column
	for _, c := range ListColumns() {
		r.columns[c.Code] = c
		named = append(named, lists.Column{Code: c.Code, ZH: c.ZH, EN: c.EN, Also: c.Also})
	}
	var faults []lists.Fault
	r.Heads, faults = lists.ReadHeads(heads, named, derived())
	if r.Of("ledger_no") == "" {
		faults = append(faults, lists.Fault{Fault: record.Fault{
			Field: "ledger_no", ZH: "没有“台账编号”一列：导入按编号认出每处用房。请用模板，或给这一列加上标题",
			EN: "there is no column “ledger number”, by which each room is known; use the template, or name that column so",
		}})
	}
	return r, faults
}

// Read reads the cells of a row, in the order of the headings.
func (r ListReader) Read(row int, cells []string) Listed {
	l := listing{ListReader: r, out: Listed{Row: row}, names: map[string]string{}}
	for i := range min(r.Len(), len(cells)) {
		c, ok := r.columns[r.Field(i)]
		if cell := strings.TrimSpace(cells[i]); ok && cell != "" {
			l.unit = r.Unit(i)
			l.cell(c, cell)
		}
	}
	l.division()
	if p := &l.out.Patch; (p.Lon == nil) != (p.Lat == nil) && !p.Unplace {
		l.fault("lon", "", "经度和纬度应一并填写", "longitude and latitude go together")
		p.Lon, p.Lat = nil, nil
	}
	if n := l.out.Patch.LedgerNo; (n == nil || *n == "") && len(l.out.Faults) == 0 {
		l.fault("ledger_no", "", "请填写台账编号：导入按编号认出每处用房", "is needed: each room is known by its number")
	}
	return l.out
}

// listing is a row that is being read.
type listing struct {
	ListReader
	out   Listed
	names map[string]string // of the division, by column
	unit  string            // of the column that is read
}

func (l *listing) fault(code, value, zh, en string) {
	l.out.Faults = append(l.out.Faults, l.Placed(l.out.Row, record.Fault{Field: code, Value: value, ZH: zh, EN: en}))
}

// cell reads one cell that is not empty.
func (l *listing) cell(c ListColumn, cell string) {
	if cell == lists.Cleared {
		if c.Needed {
			l.fault(c.Code, cell, "不能清空", "cannot be emptied")
			return
		}
		cell = ""
	}
	switch c.Kind {
	case ListText:
		l.text(c, cell)
	case ListChoice:
		l.choice(c, cell)
	case ListDay:
		l.day(c, cell)
	case ListArea, ListDegrees:
		l.number(c, cell)
	case ListTexts:
		list := lists.Texts(cell)
		l.out.Patch.Documents = &list
	case ListParts:
		l.parts(c, cell)
	}
}

func (l *listing) text(c ListColumn, cell string) {
	p := &l.out.Patch
	switch c.Code {
	case "subdistrict", "community", "division_code":
		l.names[c.Code] = cell
	case "key_contact":
		if cell != Masked { // it came masked and goes back as it came
			p.KeyContact = &cell
		}
	default:
		for code, field := range map[string]**string{
			"ledger_no": &p.LedgerNo, "name": &p.Name, "estate": &p.Estate, "building": &p.Building, "floor": &p.Floor, "room_no": &p.RoomNo,
			"address": &p.Address, "owner": &p.Owner, "key_holder": &p.KeyHolder, "note": &p.Note,
		} {
			if code == c.Code {
				*field = &cell
			}
		}
	}
}

func (l *listing) choice(c ListColumn, cell string) {
	code := ""
	if cell != "" {
		found, ok := ReadCode(c.Choices, cell)
		if !ok {
			zh, en := CodeWords(c.Choices)
			l.fault(c.Code, cell, "应为："+zh, "must be one of: "+en)
			return
		}
		code = found
	}
	p := &l.out.Patch
	switch c.Code {
	case "title":
		p.Title = ptr(Title(code))
	case "obtained_by":
		p.ObtainedBy = ptr(Obtained(code))
	case "approved_use":
		p.ApprovedUse = ptr(Use(code))
	case "present_use":
		p.PresentUse = ptr(Use(code))
	case "state":
		p.State = ptr(State(code))
	}
}

func ptr[T any](v T) *T { return &v }

func (l *listing) day(c ListColumn, cell string) {
	day, fit := lists.Day(cell)
	if cell != "" && fit != lists.WholeDay {
		l.fault(c.Code, cell, "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
		return
	}
	p := &l.out.Patch
	for code, field := range map[string]**record.Day{
		"planned_on": &p.PlannedOn, "built_on": &p.BuiltOn, "accepted_on": &p.AcceptedOn, "handed_over_on": &p.HandedOverOn, "withdrawn_on": &p.WithdrawnOn,
	} {
		if code == c.Code {
			*field = &day
		}
	}
}

func (l *listing) number(c ListColumn, cell string) {
	p := &l.out.Patch
	if cell == "" && c.Kind == ListDegrees {
		p.Unplace = true
		return
	}
	v, ok := 0.0, true
	switch {
	case cell == "":
	case c.Kind == ListArea:
		var m lists.Measure
		m, ok = lists.Area(cell, l.unit)
		v = m.Value
	default:
		v, ok = lists.Degrees(cell)
	}
	area, fine := AreaOf(v)
	switch {
	case !ok:
		l.fault(c.Code, cell, "应为一个数", "must be a number")
	case c.Kind == ListArea && !fine:
		l.fault(c.Code, cell, "应为 0 至 1000000 平方米，最多两位小数", "must be from 0 to 1000000 m², to a hundredth")
	case c.Code == "area_m2":
		p.Area = &area
	case c.Code == "land_share_m2":
		p.LandShare = &area
	case c.Code == "lon":
		p.Lon = &v
	default:
		p.Lat = &v
	}
}

func (l *listing) parts(c ListColumn, cell string) {
	list, fault := ReadParts(cell)
	if fault != nil {
		l.fault(c.Code, fault.Value, fault.ZH, fault.EN)
		return
	}
	l.out.Patch.Parts = &list
}

// division finds the division that a row names.
func (l *listing) division() {
	code, fault := l.places.Find(l.names[lists.DivisionCode], l.names[lists.Subdistrict], l.names[lists.Community])
	switch {
	case fault != nil:
		l.fault(fault.Field, fault.Value, fault.ZH, fault.EN)
	case code != "":
		l.out.Patch.DivisionCode = &code
	}
}
