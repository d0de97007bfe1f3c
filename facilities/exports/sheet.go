package exports

import (
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities"
)

// Column is a column of a file to be written.
type Column struct {
	Head string
	Code string // of its field; "" for a constant
	Kind Kind
}

// Line is a facility as it is written.
type Line struct {
	Values []any      // by column
	Point  *orb.Point // nil where the position is not known
}

// Sheet writes facilities in columns.
type Sheet struct {
	ground  Ground
	columns []sheetColumn
	days    DayForm
}

type sheetColumn struct {
	Column
	field   Field
	fixed   bool
	profile ProfileColumn
	codes   map[string]string
}

// NewSheet writes in the columns of fields.
func NewSheet(g Ground, fields []Field) Sheet {
	s := Sheet{ground: g, days: DayISO}
	for _, f := range fields {
		s.columns = append(s.columns, sheetColumn{Column: Column{Head: f.Head(g.Words), Code: f.Code, Kind: f.Kind}, field: f})
	}
	return s
}

// ProfileSheet writes as a profile says. A field that an installation no longer has gives
// an empty column: the return keeps its shape.
func ProfileSheet(g Ground, p Profile, fields []Field) Sheet {
	s := Sheet{ground: g, days: p.Days}
	for _, c := range p.Columns {
		col := sheetColumn{Column: Column{Head: c.Head, Code: c.Field, Kind: Text}, profile: c, fixed: true, codes: map[string]string{}}
		if i := slices.IndexFunc(fields, func(f Field) bool { return f.Code == c.Field }); i >= 0 && c.Field != "" {
			col.field, col.fixed, col.Kind = fields[i], false, fields[i].Kind
		}
		for _, code := range c.Codes {
			col.codes[code.From] = code.To
		}
		switch plainDay := p.Days == DayISO || p.Days == ""; {
		case len(c.Codes) > 0, c.Default != "" && col.Kind != Lon && col.Kind != Lat, col.Kind == Day && !plainDay:
			col.Kind = Text // a mixture of kinds is text
		}
		s.columns = append(s.columns, col)
	}
	return s
}

// Columns are those of the file.
func (s Sheet) Columns() []Column {
	out := make([]Column, len(s.columns))
	for i, c := range s.columns {
		out[i] = c.Column
	}
	return out
}

// Line is what is written of a facility.
func (s Sheet) Line(f facilities.Facility) Line {
	line := Line{Values: make([]any, len(s.columns))}
	if !f.Unplaced {
		p := f.Point
		line.Point = &p
	}
	for i, c := range s.columns {
		line.Values[i] = s.value(f, c)
	}
	return line
}

func (s Sheet) value(f facilities.Facility, c sheetColumn) any {
	switch {
	case c.fixed && c.profile.Field == "":
		return known(c.profile.Constant)
	case c.fixed:
		return known(c.profile.Default)
	case c.Kind == Lon, c.Kind == Lat:
		return nil
	}
	v := s.ground.Value(f, c.field)
	if len(c.codes) > 0 {
		v = s.recoded(f, c, v)
	}
	if day, ok := v.(string); ok && c.field.Kind == Day {
		v = s.days.Write(day)
	}
	if v == nil {
		v = known(c.profile.Default)
	}
	if c.Kind == Text {
		return asText(v)
	}
	return v
}

// recoded is a value under the name that the other system has for it: by our code word
// first, else by the text that would stand here. Of several values each is renamed.
func (s Sheet) recoded(f facilities.Facility, c sheetColumn, v any) any {
	plain := s.ground
	plain.Words = Codes
	raw, shown := asText(plain.Value(f, c.field)), asText(v)
	if raw == nil || shown == nil {
		return v
	}
	if !c.field.Several && c.field.Code != "serves" {
		return renamed(c.codes, raw.(string), shown.(string)) //nolint:forcetypeassert // asText gives a string or nil
	}
	codes := strings.Split(raw.(string), separator(Codes))            //nolint:forcetypeassert // see above
	words := strings.Split(shown.(string), separator(s.ground.Words)) //nolint:forcetypeassert // see above
	if len(codes) != len(words) {
		words = codes
	}
	for i := range codes {
		words[i] = renamed(c.codes, codes[i], words[i])
	}
	return strings.Join(words, separator(s.ground.Words))
}

func renamed(codes map[string]string, raw, shown string) string {
	if to, ok := codes[raw]; ok {
		return to
	}
	if to, ok := codes[shown]; ok {
		return to
	}
	return shown
}

// asText is a value as text; nil stays nil.
func asText(v any) any {
	switch x := v.(type) {
	case nil:
		return nil
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		if x {
			return "是"
		}
		return "否"
	}
	return v
}
