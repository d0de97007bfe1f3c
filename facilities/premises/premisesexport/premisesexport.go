// Package premisesexport writes the ledger of public premises to files: a list of rooms
// as CSV or as a workbook, which has the sums by place besides. It owns the columns,
// which are those that a list of rooms is imported by; it knows nothing of where rooms
// come from and shows whom to call for a key to nobody who may not see it, since they
// come to it masked.
package premisesexport

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/xlsx"
)

// File is the ledger at one moment.
type File struct {
	Items   []premises.Item
	Summary premises.Summary
	Places  []divisions.Division // for the names of places
	English bool
	Made    record.Day
	Notices []premises.Text // what must be said of the data

	byCode map[string]divisions.Division // of Places, once a file is written
}

// indexed is the file with its places at hand by their codes.
func (f File) indexed() File {
	f.byCode = make(map[string]divisions.Division, len(f.Places))
	for _, d := range f.Places {
		f.byCode[d.Code] = d
	}
	return f
}

// say gives the words in the language of the file.
func (f File) say(zh, en string) string {
	if f.English {
		return en
	}
	return zh
}

func (f File) word(list []premises.Code, code string) string {
	if code == "" {
		return ""
	}
	return f.say(premises.Words(list, code))
}

func (f File) use(u premises.Use) string { return f.say(premises.UseWords(u)) }

// column is a column of the list.
type column struct {
	zh, en string
	kind   xlsx.Kind
	width  float64
	value  func(f File, i premises.Item) any
}

// columns are those of the list, in order. The parts of a room are one text, as
// 社区服务 300（社区综合服务用房）；养老服务 100（养老服务用房）.
func columns() []column {
	day := func(of func(premises.Item) record.Day) func(File, premises.Item) any {
		return func(_ File, i premises.Item) any { return xlsx.Day(of(i)) }
	}
	text := func(of func(premises.Item) string) func(File, premises.Item) any {
		return func(_ File, i premises.Item) any { return of(i) }
	}
	area := func(of func(premises.Item) premises.Area) func(File, premises.Item) any {
		return func(_ File, i premises.Item) any { return known(of(i)) }
	}
	return []column{
		{"名称", "name", xlsx.Text, 28, text(func(i premises.Item) string { return i.Name })},
		{"街镇", "subdistrict", xlsx.Text, 14, func(f File, i premises.Item) any { return f.place(i.DivisionCode, divisions.Subdistrict) }},
		{"村居", "community", xlsx.Text, 16, func(f File, i premises.Item) any { return f.place(i.DivisionCode, divisions.Community) }},
		{"辖区编码", "division code", xlsx.Text, 14, text(func(i premises.Item) string { return i.DivisionCode })},
		{"小区", "estate", xlsx.Text, 16, text(func(i premises.Item) string { return i.Estate })},
		{"楼栋", "building", xlsx.Text, 8, text(func(i premises.Item) string { return i.Building })},
		{"楼层", "floor", xlsx.Text, 8, text(func(i premises.Item) string { return i.Floor })},
		{"房号", "room number", xlsx.Text, 8, text(func(i premises.Item) string { return i.RoomNo })},
		{"地址", "address", xlsx.Text, 28, text(func(i premises.Item) string { return i.Address })},
		{"产权单位", "owner", xlsx.Text, 18, text(func(i premises.Item) string { return i.Owner })},
		{"产权状况", "title", xlsx.Text, 14, func(f File, i premises.Item) any { return f.word(premises.Titles(), string(i.Title)) }},
		{"取得方式", "obtained by", xlsx.Text, 10, func(f File, i premises.Item) any { return f.word(premises.Ways(), string(i.ObtainedBy)) }},
		{"批准用途", "approved use", xlsx.Text, 14, func(f File, i premises.Item) any { return f.use(i.ApprovedUse) }},
		{"现用途", "present use", xlsx.Text, 14, func(f File, i premises.Item) any {
			if i.Misused() {
				return xlsx.Toned{Value: f.use(i.PresentUse), Tone: xlsx.Bad}
			}
			return f.use(i.PresentUse)
		}},
		{"建筑面积（㎡）", "floor area (m²)", xlsx.Number, 14, area(func(i premises.Item) premises.Area { return i.Area })},
		{"分用途", "split by use", xlsx.Text, 36, func(f File, i premises.Item) any { return f.parts(i.Parts) }},
		{"土地分摊（㎡）", "share of the land (m²)", xlsx.Number, 14, area(func(i premises.Item) premises.Area { return i.LandShare })},
		{"移交状态", "hand-over", xlsx.Text, 10, func(f File, i premises.Item) any { return f.word(premises.States(), string(i.State)) }},
		{"规划批准日期", "planned on", xlsx.Date, 12, day(func(i premises.Item) record.Day { return i.PlannedOn })},
		{"建成日期", "built on", xlsx.Date, 12, day(func(i premises.Item) record.Day { return i.BuiltOn })},
		{"验收日期", "accepted on", xlsx.Date, 12, day(func(i premises.Item) record.Day { return i.AcceptedOn })},
		{"移交日期", "handed over on", xlsx.Date, 12, day(func(i premises.Item) record.Day { return i.HandedOverOn })},
		{"退出日期", "withdrawn on", xlsx.Date, 12, day(func(i premises.Item) record.Day { return i.WithdrawnOn })},
		{"钥匙保管", "key-holder", xlsx.Text, 18, text(func(i premises.Item) string { return i.KeyHolder })},
		{"保管人联系方式", "contact of the key-holder", xlsx.Text, 16, text(func(i premises.Item) string { return i.KeyContact })},
		{"经度", "longitude", xlsx.Number, 12, func(_ File, i premises.Item) any { return coordinate(i, 0) }},
		{"纬度", "latitude", xlsx.Number, 12, func(_ File, i premises.Item) any { return coordinate(i, 1) }},
		{"文件依据", "documents", xlsx.Text, 24, text(func(i premises.Item) string { return strings.Join(i.Documents, "；") })},
		{"备注", "note", xlsx.Text, 24, text(func(i premises.Item) string { return i.Note })},
		{"入驻设施", "facility in it", xlsx.Text, 20, text(func(i premises.Item) string { return i.Facility })},
		{"上次检查", "last inspected", xlsx.Date, 12, day(func(i premises.Item) record.Day { return i.InspectedOn })},
		{"整改期限", "to be put right by", xlsx.Date, 12, func(f File, i premises.Item) any {
			if i.Open == nil {
				return nil
			}
			if i.Open.Overdue(f.Made) {
				return xlsx.Toned{Value: xlsx.Day(i.Open.Order.Deadline), Tone: xlsx.Bad}
			}
			return xlsx.Day(i.Open.Order.Deadline)
		}},
		{"台账缺项", "facts missing", xlsx.Text, 20, func(f File, i premises.Item) any { return f.missing(i) }},
	}
}

func known(a premises.Area) any {
	if a == 0 {
		return nil
	}
	return a.M2()
}

func coordinate(i premises.Item, axis int) any {
	if !i.Placed {
		return nil
	}
	return i.Point[axis]
}

// place is the name of what holds a division at a level; "" for none.
func (f File) place(code string, level divisions.Level) string {
	for steps := 0; code != "" && steps <= len(f.Places); steps++ {
		d := f.byCode[code]
		if d.Level == level {
			return f.name(d)
		}
		code = d.ParentCode
	}
	return ""
}

func (f File) name(d divisions.Division) string {
	if f.English && d.NameEN != "" {
		return d.NameEN
	}
	return d.NameZH
}

func (f File) parts(list []premises.Part) string {
	var out []string
	for _, p := range list {
		s := f.use(p.Use) + " " + p.Area.String()
		if p.CountsFor != premises.NoNorm {
			s += "（" + f.word(premises.Norms(), string(p.CountsFor)) + "）"
		}
		out = append(out, s)
	}
	return strings.Join(out, "；")
}

func (f File) missing(i premises.Item) string {
	var out []string
	for _, fact := range i.Missing() {
		out = append(out, f.say(fact.ZH, fact.EN))
	}
	return strings.Join(out, f.say("、", ", "))
}

// WriteCSV writes the list of rooms, with a byte order mark, which Excel needs to read
// Chinese. Text that a spreadsheet would take for a formula is preceded by an apostrophe.
func (f File) WriteCSV(w io.Writer) error {
	f = f.indexed()
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	cols := columns()
	head := make([]string, len(cols))
	for n, c := range cols {
		head[n] = f.say(c.zh, c.en)
	}
	rows := [][]string{head}
	for _, i := range f.Items {
		row := make([]string, len(cols))
		for n, c := range cols {
			row[n] = plain(c.value(f, i))
		}
		rows = append(rows, row)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the ledger: %w", err)
	}
	return nil
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case xlsx.Toned:
		return plain(v.Value)
	case xlsx.Day:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return safe(fmt.Sprint(v))
}

// safe keeps a spreadsheet from running text of the data as a formula. Some take the
// full-width forms for the plain signs.
func safe(s string) string {
	for _, sign := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"} {
		if strings.HasPrefix(s, sign) {
			return "'" + s
		}
	}
	return s
}
