package imports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities"
)

// Place reads the coordinates of a row, y "" where x has both, and gives them in WGS 84.
// What it cannot read it explains.
type Place func(x, y string) (p orb.Point, zh, en string, ok bool)

// Reader reads the rows of one file by its mapping. It keeps what it learnt of words that
// come again, so one goroutine at a time reads; another may decide beside it.
type Reader struct {
	*Language
	columns []column
	o       Options
	names   Divisions
	place   Place
	found   map[string]division // by level, what is known from elsewhere, and word
}

// column is a column that is taken.
type column struct {
	at     int
	header string
	target Target
	steps  map[Step]bool // nil for the usual ones
	words  map[string]string
}

// NewReader makes a reader of files with this mapping, which has no faults. names are the
// divisions of the authority.
func NewReader(l *Language, m Mapping, o Options, names Divisions, place Place) *Reader {
	r := &Reader{Language: l, o: o, names: names, place: place, found: map[string]division{}}
	for i, c := range m.Columns {
		j := slices.IndexFunc(l.targets, func(t Target) bool { return t.Field == c.Field })
		if j < 0 {
			continue
		}
		r.columns = append(r.columns, column{at: i, header: c.Header, target: l.targets[j], steps: stepsOf(c), words: plainWords(c.Words)})
	}
	// What a type's field means is known when the type is, so the type is read first.
	slices.SortStableFunc(r.columns, func(a, b column) int { return before(a) - before(b) })
	return r
}

// before puts columns that others are read by in front.
func before(c column) int {
	switch c.target.Field {
	case "type":
		return 0
	case FieldSubdistrict:
		return 1
	case FieldCommunity, FieldDivision:
		return 2
	}
	return 3
}

func stepsOf(c Column) map[Step]bool {
	if len(c.Steps) == 0 {
		return nil
	}
	out := map[Step]bool{}
	for _, s := range c.Steps {
		out[s] = true
	}
	return out
}

func plainWords(dictionary map[string]string) map[string]string {
	if len(dictionary) == 0 {
		return nil
	}
	out := map[string]string{}
	for from, to := range dictionary {
		out[plain(from)] = to
	}
	return out
}

// Read reads one row: number is what the file counts it as, and cells are all of its
// columns, also those that are not taken.
func (r *Reader) Read(number int, cells []string) Draft {
	row := &rowReader{Reader: r, d: Draft{Row: number, Patch: facilities.Patch{Fields: map[string]any{}}}}
	if r.o.Type != "" {
		row.kind = r.o.Type
		row.d.Patch.Type = &row.kind
	}
	for i := range r.columns {
		c := &r.columns[i]
		if c.at < len(cells) {
			row.cell(c, cells[c.at])
		}
	}
	row.settle()
	row.d.print = row.d.Print()
	return row.d
}

// rowReader is a row while it is read.
type rowReader struct {
	*Reader
	d           Draft
	kind        facilities.Type
	x, y        string
	xAt, yAt    *column
	subdistrict string
}

func (r *rowReader) fault(c *column, value, code, zh, en, hintZH, hintEN string) {
	f := Fault{Value: clip(value), Code: code, ZH: zh, EN: en, HintZH: hintZH, HintEN: hintEN}
	if c != nil {
		f.Column, f.Field = c.header, c.target.Field
	}
	r.d.Faults = append(r.d.Faults, f)
}

func (r *rowReader) warn(c *column, value, code, zh, en string) {
	r.fault(c, value, code, zh, en, "", "")
	r.d.Faults[len(r.d.Faults)-1].Warning = true
}

// cell takes one cell in.
func (r *rowReader) cell(c *column, raw string) {
	text := raw
	if !c.steps[KeepRaw] && (c.steps == nil || c.steps[StepTrim]) {
		text = Tidy(text)
	}
	if c.words != nil && (c.steps == nil || c.steps[StepWords]) {
		if to, ok := c.words[plain(text)]; ok {
			text = to
		}
	}
	if isBlank(text, c.target.Kind) {
		r.blank(c)
		return
	}
	t := c.target
	if strings.HasPrefix(t.Field, facilities.FieldPrefix) {
		own, ok := r.ofType[r.kind][t.Field]
		switch {
		case !ok && r.kind != "":
			r.warn(c, text, "no_such_field", "该类型设施没有这一项，未导入", "facilities of this type have no such field; left out")
			return
		case ok:
			t = own
		}
	}
	r.take(c, t, text)
}

// isBlank knows what people write for nothing.
func isBlank(s string, kind Kind) bool {
	switch strings.ToLower(s) {
	case "", "/", "\\", "-", "--", "—", "——", "－", "n/a", "na", "null", "暂无", "不详", "未知", "待定", "(空)", "（空）":
		return true
	case "无":
		return kind != KindBoolean && kind != KindChoice && kind != KindText
	}
	return false
}

// blank is an empty cell: it says nothing, or that there is nothing.
func (r *rowReader) blank(c *column) {
	if r.o.Blank != BlankClear {
		return
	}
	p := &r.d.Patch
	none := ""
	switch f := c.target.Field; f {
	case "name_en":
		p.NameEN = &none
	case "address":
		p.Address = &none
	case "capacity":
		p.Capacity = new(int)
	case "serves":
		p.Serves = &[]string{}
	case "uscc":
		p.USCC = &none
	case "institution_code":
		p.InstitutionCode = &none
	case "bureau_no":
		p.BureauNo = &none
	case "verified_on":
		r.setDay(c.target.Field, "")
	default:
		if name, ok := strings.CutPrefix(f, facilities.FieldPrefix); ok {
			p.Fields[name] = nil
		}
	}
}

// take reads a cell that says something.
func (r *rowReader) take(c *column, t Target, text string) {
	switch t.Kind {
	case KindText, KindHours:
		if r.narrows(c) {
			text = halfLetters(text)
		}
		r.setText(t.Field, text)
	case KindCode, KindPhone:
		if r.narrows(c) {
			text = Half(text)
		}
		r.takeCode(c, t, text)
	case KindInteger, KindNumber, KindYear:
		r.takeNumber(c, t, text)
	case KindDay:
		r.takeDay(c, t, text)
	case KindBoolean:
		yes, ok := r.yesNo[plain(text)]
		if !ok {
			r.fault(c, text, "bad_boolean", "应为“是”或“否”", "must be yes or no", "改为 是 或 否", "Write 是 or 否")
			return
		}
		r.setField(t.Field, yes)
	case KindChoice:
		if value, ok := r.choice(c, t, text); ok {
			r.setField(t.Field, value)
		}
	case KindChoices:
		r.takeChoices(c, t, text)
	case KindType:
		r.takeType(c, text)
	case KindStatus:
		r.takeStatus(c, text)
	case KindDivision:
		r.takeDivision(c, text)
	case KindCommunities:
		r.takeCommunities(c, text)
	case KindCoordinate:
		r.takeCoordinate(c, text)
	}
}

func (r *rowReader) narrows(c *column) bool {
	return !c.steps[KeepRaw] && (c.steps == nil || c.steps[StepHalf])
}

// settle ends a row: what several cells say together.
func (r *rowReader) settle() {
	p := &r.d.Patch
	if r.xAt != nil || r.yAt != nil {
		r.locate()
	}
	if p.NameZH == nil && r.o.Mode != ModeUpdate {
		r.fault(r.columnOf("name_zh"), "", "missing_name", "没有名称", "there is no name", "补上名称，或删去这一行", "Write the name, or take the row out")
	}
	if r.kind == "" && r.o.Mode != ModeUpdate && !r.faulty("type") {
		r.fault(r.columnOf("type"), "", "missing_type", "没有设施类型", "there is no type of facility", "补上类型，或在导入时统一指定", "Write the type, or choose one for the whole file")
	}
	if r.d.Division == "" {
		r.d.Division = r.subdistrict
	}
	if r.d.Division != "" {
		code := r.d.Division
		p.DivisionCode = &code
	}
}

func (r *rowReader) faulty(field string) bool {
	return slices.ContainsFunc(r.d.Faults, func(f Fault) bool { return f.Field == field && !f.Warning })
}

func (r *rowReader) columnOf(field string) *column {
	for i := range r.columns {
		if r.columns[i].target.Field == field {
			return &r.columns[i]
		}
	}
	return nil
}

// locate reads the coordinates of the row, which are two cells or one.
func (r *rowReader) locate() {
	at := r.xAt
	if at == nil {
		at = r.yAt
	}
	if at.target.Field != FieldLonLat && (r.xAt == nil || r.yAt == nil) {
		r.fault(at, r.x+r.y, "half_coordinate", "只有经度或只有纬度", "one of the two coordinates is missing", "两格都填，或都留空", "Fill both cells, or neither")
		return
	}
	p, zh, en, ok := r.place(r.x, r.y)
	if !ok {
		r.fault(at, strings.TrimSpace(r.x+" "+r.y), "bad_coordinate", zh, en, "核对坐标，或留空后在地图上落点", "Mend the coordinates, or leave them out and place it on the map")
		return
	}
	r.d.Place = &p
	lon, lat := p.Lon(), p.Lat()
	given := facilities.PlacedGiven
	r.d.Patch.Lon, r.d.Patch.Lat, r.d.Patch.PlacedBy = &lon, &lat, &given
}

// Mine turns a fault that the rules of records found into one of this file's cells.
func (r *Reader) Mine(field, value, zh, en string) Fault {
	f := Fault{Field: field, Value: clip(value), Code: "invalid", ZH: zh, EN: en}
	for i := range r.columns {
		c := &r.columns[i]
		if c.target.Field == field || c.target.Field == FieldLonLat && (field == FieldLon || field == FieldLat) {
			f.Column = c.header
			break
		}
	}
	if f.Column == "" && field != "" {
		f.ZH, f.EN = fmt.Sprintf("%s：%s", field, zh), fmt.Sprintf("%s: %s", field, en)
	}
	return f
}

// PhoneOf is the telephone number that a row says, to compare it by.
func (d Draft) PhoneOf() string {
	phone, _ := d.Patch.Fields["contact_phone"].(string)
	return phone
}
