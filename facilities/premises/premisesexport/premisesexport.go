// Package premisesexport writes the ledger of public premises to files: a list of rooms
// as CSV or as a workbook, which has the sums by place besides. It owns the columns,
// which are those that a list of rooms is imported by; it knows nothing of where rooms
// come from and shows whom to call for a key to nobody who may not see it, since they
// come to it masked.
package premisesexport

import (
	"cmp"
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

// columns are those of the list, in order: those that it is read back by, and what
// follows from them. The parts of a room are one text, as
// 社区服务 300（社区综合服务用房）；养老服务 100（养老服务用房）.
func columns() []column {
	widths := map[string]float64{
		"ledger_no": 12, "name": 28, "subdistrict": 14, "community": 16, "division_code": 14, "estate": 16, "address": 28, "owner": 18, "title": 14, "obtained_by": 10,
		"approved_use": 14, "present_use": 14, "parts": 36, "state": 10, "key_holder": 18, "key_contact": 16, "documents": 24, "note": 24,
		"building": 8, "floor": 8, "room_no": 8, "area_m2": 14, "land_share_m2": 14,
	}
	values := values()
	var out []column
	for _, c := range premises.ListColumns() {
		out = append(out, column{zh: c.ZH, en: c.EN, kind: kindOf(c.Kind), width: cmp.Or(widths[c.Code], 12), value: values[c.Code]})
	}
	return append(out, derived()...)
}

func kindOf(k premises.ListKind) xlsx.Kind {
	switch k {
	case premises.ListDay:
		return xlsx.Date
	case premises.ListArea, premises.ListDegrees:
		return xlsx.Number
	}
	return xlsx.Text
}

// values are what stands in the columns of a list, by their codes.
func values() map[string]func(File, premises.Item) any {
	day := func(of func(premises.Item) record.Day) func(File, premises.Item) any {
		return func(_ File, i premises.Item) any { return xlsx.Day(of(i)) }
	}
	text := func(of func(premises.Item) string) func(File, premises.Item) any {
		return func(_ File, i premises.Item) any { return of(i) }
	}
	area := func(of func(premises.Item) premises.Area) func(File, premises.Item) any {
		return func(_ File, i premises.Item) any { return known(of(i)) }
	}
	return map[string]func(File, premises.Item) any{
		"ledger_no":     text(func(i premises.Item) string { return i.LedgerNo }),
		"name":          text(func(i premises.Item) string { return i.Name }),
		"subdistrict":   func(f File, i premises.Item) any { return f.place(i.DivisionCode, divisions.Subdistrict) },
		"community":     func(f File, i premises.Item) any { return f.place(i.DivisionCode, divisions.Community) },
		"division_code": text(func(i premises.Item) string { return i.DivisionCode }),
		"estate":        text(func(i premises.Item) string { return i.Estate }),
		"building":      text(func(i premises.Item) string { return i.Building }),
		"floor":         text(func(i premises.Item) string { return i.Floor }),
		"room_no":       text(func(i premises.Item) string { return i.RoomNo }),
		"address":       text(func(i premises.Item) string { return i.Address }),
		"owner":         text(func(i premises.Item) string { return i.Owner }),
		"title":         func(f File, i premises.Item) any { return f.word(premises.Titles(), string(i.Title)) },
		"obtained_by":   func(f File, i premises.Item) any { return f.word(premises.Ways(), string(i.ObtainedBy)) },
		"approved_use":  func(f File, i premises.Item) any { return f.use(i.ApprovedUse) },
		"present_use": func(f File, i premises.Item) any {
			if i.Misused() {
				return xlsx.Toned{Value: f.use(i.PresentUse), Tone: xlsx.Bad}
			}
			return f.use(i.PresentUse)
		},
		"area_m2":        area(func(i premises.Item) premises.Area { return i.Area }),
		"parts":          func(f File, i premises.Item) any { return f.parts(i.Parts) },
		"land_share_m2":  area(func(i premises.Item) premises.Area { return i.LandShare }),
		"state":          func(f File, i premises.Item) any { return f.word(premises.States(), string(i.State)) },
		"planned_on":     day(func(i premises.Item) record.Day { return i.PlannedOn }),
		"built_on":       day(func(i premises.Item) record.Day { return i.BuiltOn }),
		"accepted_on":    day(func(i premises.Item) record.Day { return i.AcceptedOn }),
		"handed_over_on": day(func(i premises.Item) record.Day { return i.HandedOverOn }),
		"withdrawn_on":   day(func(i premises.Item) record.Day { return i.WithdrawnOn }),
		"key_holder":     text(func(i premises.Item) string { return i.KeyHolder }),
		"key_contact":    text(func(i premises.Item) string { return i.KeyContact }),
		"lon":            func(_ File, i premises.Item) any { return coordinate(i, 0) },
		"lat":            func(_ File, i premises.Item) any { return coordinate(i, 1) },
		"documents":      text(func(i premises.Item) string { return strings.Join(i.Documents, "；") }),
		"note":           text(func(i premises.Item) string { return i.Note }),
	}
}

// derived are the columns that say what follows from others: a list is not read back by
// them.
func derived() []column {
	return []column{
		{"入驻设施", "facility in it", xlsx.Text, 20, func(_ File, i premises.Item) any { return i.Facility }},
		{"上次检查", "last inspected", xlsx.Date, 12, func(_ File, i premises.Item) any { return xlsx.Day(i.InspectedOn) }},
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
