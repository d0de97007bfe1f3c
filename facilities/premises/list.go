package premises

import (
	"fmt"
	"slices"
	"strings"

	"yike/geo/divisions"
	"yike/internal/hanzi"
	"yike/internal/record"
)

// MostListed is how many rooms a list may have.
const MostListed = 5000

// Cleared is what a cell says to empty a field; an empty cell leaves it as it is.
const Cleared = "清空"

// ListFault is what is wrong with a cell of a list, or with the row where Column is "".
type ListFault struct {
	Row    int    // as people count in the file; 0 for the file as a whole
	Column string // the heading in the file
	record.Fault
}

// Listed is what a row of a list says of a room.
type Listed struct {
	Row    int
	Patch  Patch
	Faults []ListFault
}

// ListReader reads the rows of one list.
type ListReader struct {
	heads   []string
	columns []*ListColumn // of each heading; nil for one that is passed over
	places  []listPlace
	// Ignored are the headings that nothing is known of.
	Ignored []string
}

// NewListReader learns which columns a list has from its headings. The faults are those of
// the list as a whole: a heading that stands there twice, or none for the number by which
// rooms are told apart.
func NewListReader(heads []string, places []divisions.Division) (ListReader, []ListFault) {
	r := ListReader{heads: heads, columns: make([]*ListColumn, len(heads)), places: listPlaces(places)}
	byHead := map[string]*ListColumn{}
	all := ListColumns()
	for i := range all {
		c := &all[i]
		for _, head := range append([]string{c.ZH, c.EN, c.Code}, c.Also...) {
			byHead[headKey(head)] = c
		}
	}
	passed := map[string]bool{}
	for _, head := range derived() {
		passed[headKey(head)] = true
	}
	var faults []ListFault
	for i, head := range heads {
		c := byHead[headKey(head)]
		switch {
		case c == nil:
			if !passed[headKey(head)] && !strings.HasPrefix(head, "#") {
				r.Ignored = append(r.Ignored, head)
			}
		case slices.Contains(r.columns, c):
			faults = append(faults, ListFault{Column: head, Fault: record.Fault{
				Field: c.Code, ZH: fmt.Sprintf("与另一列都是%s，请只留一列", c.ZH), EN: fmt.Sprintf("is the %s, as another column is; keep one", c.EN),
			}})
		default:
			r.columns[i] = c
		}
	}
	if r.head("ledger_no") == "" {
		faults = append(faults, ListFault{Fault: record.Fault{
			Field: "ledger_no", ZH: "没有“台账编号”一列：导入按编号认出每处用房。请用模板，或给这一列加上标题",
			EN: "there is no column “ledger number”, by which each room is known; use the template, or name that column so",
		}})
	}
	return r, faults
}

// head is the heading of a field's column; "" where there is none.
func (r ListReader) head(code string) string {
	i := slices.IndexFunc(r.columns, func(c *ListColumn) bool { return c != nil && c.Code == code })
	if i < 0 {
		return ""
	}
	return r.heads[i]
}

// Placed gives a fault of a field the column that it stands in. What is at fault with a
// division, whichever column named it, stands in that one.
func (r ListReader) Placed(row int, f record.Fault) ListFault {
	code, _, _ := strings.Cut(f.Field, "/")
	out := ListFault{Row: row, Column: r.head(code), Fault: f}
	for _, other := range []string{"community", "subdistrict"} {
		if code == "division_code" && out.Column == "" {
			out.Column = r.head(other)
		}
	}
	if out.Column == "" {
		for _, c := range ListColumns() {
			if c.Code == code {
				out.ZH, out.EN = c.ZH+"："+out.ZH, c.EN+": "+out.EN
			}
		}
	}
	return out
}

// Read reads the cells of a row, in the order of the headings.
func (r ListReader) Read(row int, cells []string) Listed {
	l := listing{ListReader: r, out: Listed{Row: row}, names: map[string]string{}}
	for i, c := range r.columns {
		if c == nil || i >= len(cells) {
			continue
		}
		cell := strings.TrimSpace(cells[i])
		if cell == "" {
			continue
		}
		l.cell(*c, cell)
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
}

func (l *listing) fault(code, value, zh, en string) {
	l.out.Faults = append(l.out.Faults, l.Placed(l.out.Row, record.Fault{Field: code, Value: value, ZH: zh, EN: en}))
}

// cell reads one cell that is not empty.
func (l *listing) cell(c ListColumn, cell string) {
	if cell == Cleared {
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
		list := splitTexts(cell)
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
		i := slices.IndexFunc(c.Choices, func(w Code) bool { return says(w, cell) })
		if i < 0 {
			zh, en := choiceWords(c.Choices)
			l.fault(c.Code, cell, "应为："+zh, "must be one of: "+en)
			return
		}
		code = c.Choices[i].Code
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

func choiceWords(list []Code) (zh, en string) {
	var inZH, inEN []string
	for _, c := range list {
		inZH, inEN = append(inZH, c.ZH), append(inEN, c.EN)
	}
	return strings.Join(inZH, "、"), strings.Join(inEN, ", ")
}

func (l *listing) day(c ListColumn, cell string) {
	day, ok := listDay(cell)
	if !ok {
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
	if cell != "" {
		v, ok = listNumber(cell)
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
	list := []Part{}
	for _, text := range splitTexts(cell) {
		part, ok := listPart(text)
		if !ok {
			l.fault(c.Code, text, "应为“用途 面积（计入的指标）”，以分号隔开，如：社区服务 300（社区综合服务用房）；养老服务 100",
				"must be use, area and the norm in brackets, with semicolons between them, such as: community service 300（community premises）；elderly service 100")
			return
		}
		list = append(list, part)
	}
	l.out.Patch.Parts = &list
}

// listPlace is a division with the names of what it lies in, as they are compared.
type listPlace struct {
	divisions.Division
	names map[divisions.Level][]string // its own name is among them
}

func listPlaces(list []divisions.Division) []listPlace {
	byCode := map[string]divisions.Division{}
	for _, d := range list {
		byCode[d.Code] = d
	}
	out := make([]listPlace, len(list))
	for i, d := range list {
		out[i] = listPlace{Division: d, names: map[divisions.Level][]string{}}
		for steps := 0; d.Code != "" && steps <= len(list); steps++ {
			out[i].names[d.Level] = []string{hanzi.Fold(d.NameZH), hanzi.Fold(d.NameEN)}
			d = byCode[d.ParentCode]
		}
	}
	return out
}

// in reports whether a place lies in one of a level that has a name; "" is any.
func (p listPlace) in(level divisions.Level, name string) bool {
	return name == "" || slices.Contains(p.names[level], hanzi.Fold(name))
}

// division finds the division that a row names, by its code, its community or its
// subdistrict. Where names and a code are there they must agree: somebody who changes a
// name in a list that was written here means it.
func (l *listing) division() {
	code, subdistrict, community := l.names["division_code"], l.names["subdistrict"], l.names["community"]
	column, value, level := "community", community, divisions.Community
	switch {
	case community == "" && subdistrict != "":
		column, value, level = "subdistrict", subdistrict, divisions.Subdistrict
	case community == "":
		column, value = "division_code", code
	}
	if value == "" || len(l.places) == 0 {
		return
	}
	var found []listPlace
	coded := ""
	for _, p := range l.places {
		if p.Code == code {
			coded = p.NameZH
		}
		named := p.in(divisions.Community, community) && p.in(divisions.Subdistrict, subdistrict)
		if named && (p.Code == code || code == "" && p.Level == level) {
			found = append(found, p)
		}
	}
	switch {
	case len(found) == 1:
		l.out.Patch.DivisionCode = &found[0].Code
	case len(found) > 1:
		l.fault(column, value, "有多个同名的，请填写街镇或辖区编码", "there are several of this name; give the subdistrict or the division code")
	case code != "" && coded == "":
		l.fault("division_code", code, "没有这个编码的辖区", "no division has this code")
	case code != "":
		l.fault(column, value, fmt.Sprintf("与辖区编码 %s（%s）不符；改了村居就请清除编码一格", code, coded),
			fmt.Sprintf("does not go with the division code %s; empty that cell if the community was changed", code))
	default:
		l.fault(column, value, "辖区内没有这个名称的街镇或村居", "no subdistrict or community here has this name")
	}
}
