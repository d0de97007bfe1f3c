package namelist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/internal/record"
	"yike/placenames"
)

// Shelf finds which record of the register a row means. It is of one goroutine.
type Shelf struct {
	byID   map[string]int
	byText map[string][]int
	all    []placenames.Name
	rows   map[string]int // rows of the list by the record that they mean, or would make
}

// NewShelf learns the records that a list may mean: those with the ids and the names in it.
func NewShelf(all []placenames.Name) *Shelf {
	s := &Shelf{byID: map[string]int{}, byText: map[string][]int{}, all: all, rows: map[string]int{}}
	for i, n := range all {
		s.byID[n.ID] = i
		s.byText[n.Text] = append(s.byText[n.Text], i)
	}
	return s
}

// Meant is what a row means.
type Meant struct {
	Before placenames.Name
	Known  bool          // the register has it
	Like   []string      // ids of other records of the same name that are not at their end
	Fault  *record.Fault // it cannot be told, or another row means the same
}

// Find tells which record a row means: the one of its id, else the one of its name and kind that
// shares a division with it.
func (s *Shelf) Find(row Row) Meant {
	var m Meant
	n := row.Name
	if n.ID != "" {
		i, ok := s.byID[n.ID]
		if !ok {
			m.Fault = &record.Fault{Field: "id", Value: n.ID, ZH: "没有这个标识的地名；新登记的请留空", EN: "no place name has this id; leave it out for a new one"}
			return m
		}
		m.Before, m.Known = s.all[i], true
		return s.claim(m, row, n.ID)
	}
	var found []placenames.Name
	for _, i := range s.byText[n.Text] {
		other := s.all[i]
		switch {
		case other.Kind == n.Kind && together(other.Divisions, n.Divisions) && other.State.Ended() == n.State.Ended():
			found = append(found, other)
		case !other.State.Ended():
			m.Like = append(m.Like, other.ID)
		}
	}
	if len(found) > 1 {
		m.Fault = &record.Fault{Field: "text", Value: n.Text, ZH: "登记中有多条同名同类的，请填写标识", EN: "there are several records of this name and kind; give the id"}
		return m
	}
	key := n.Text + "\x00" + n.Kind + "\x00" + first(n.Divisions)
	if len(found) == 1 {
		m.Before, m.Known, key = found[0], true, found[0].ID
	}
	return s.claim(m, row, key)
}

// claim gives a record to one row only.
func (s *Shelf) claim(m Meant, row Row, key string) Meant {
	if other, taken := s.rows[key]; taken {
		m.Fault = &record.Fault{
			Field: "text", Value: row.Name.Text, ZH: fmt.Sprintf("与第 %d 行是同一条地名", other), EN: fmt.Sprintf("is the same name as row %d", other),
		}
		return m
	}
	s.rows[key] = row.Number
	return m
}

func first(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}

// together reports whether two places share a division, or one lies in a division of the other. A
// row that names none is anywhere.
func together(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return strings.HasPrefix(x, y) || strings.HasPrefix(y, x) })
	})
}

// Apply gives a record as a row has it: what the row does not say stays. Of a record that is there
// its name, its state, its document and its former names stay, too, since those change by
// decisions only; kept says that the row says otherwise of one of them.
func (r Row) Apply(before placenames.Name, known bool) (after placenames.Name, kept bool) {
	if !known {
		n := r.Name
		n.ID = ""
		return n, false
	}
	n, said := before, r.Name
	for _, f := range []struct {
		field    string
		to, from *string
	}{
		{"roman", &n.Roman, &said.Roman},
		{"built_up_area", &n.BuiltUpArea, &said.BuiltUpArea},
		{"from", &n.Extent.From, &said.Extent.From},
		{"to", &n.Extent.To, &said.Extent.To},
		{"via", &n.Extent.Via, &said.Extent.Via},
		{"position", &n.Extent.Position, &said.Extent.Position},
		{"meaning", &n.Meaning, &said.Meaning},
		{"origin", &n.Origin, &said.Origin},
		{"note", &n.Note, &said.Note},
	} {
		if r.Said[f.field] {
			*f.to = *f.from
		}
	}
	for _, f := range []struct {
		field    string
		to, from *float64
	}{
		{"length_m", &n.Size.LengthM, &said.Size.LengthM},
		{"width_m", &n.Size.WidthM, &said.Size.WidthM},
		{"site_m2", &n.Size.SiteM2, &said.Size.SiteM2},
		{"floor_m2", &n.Size.FloorM2, &said.Size.FloorM2},
		{"height_m", &n.Size.HeightM, &said.Size.HeightM},
	} {
		if r.Said[f.field] {
			*f.to = *f.from
		}
	}
	if r.Said["floors"] {
		n.Size.Floors = said.Size.Floors
	}
	if r.Said["divisions"] && !together(n.Divisions[:min(len(n.Divisions), 1)], said.Divisions) {
		n.Divisions = said.Divisions
	}
	if r.Said["parts"] && said.Text == n.Text {
		n.Parts = said.Parts
	}
	if r.Said["aliases"] {
		n.Aliases = joined(n, said.Aliases)
	}
	if r.Said["geometry"] && drawnBetter(n.Geometry, said.Geometry) {
		n.Geometry = said.Geometry
	}
	return n, r.otherwise(before)
}

// joined are the aliases of a record with those of a row that it has not.
func joined(n placenames.Name, more []placenames.Alias) []placenames.Alias {
	out := slices.Clone(n.Aliases)
	for _, a := range more {
		if !slices.ContainsFunc(out, func(b placenames.Alias) bool { return a.Text == b.Text }) {
			out = append(out, a)
		}
	}
	return out
}

// otherwise reports whether a row says otherwise of what stays.
func (r Row) otherwise(before placenames.Name) bool {
	d := r.Name.Decision
	if r.Name.Text != before.Text || r.Said["number"] && d.Number != before.Decision.Number && d.Kind != placenames.Observed {
		return true
	}
	return slices.ContainsFunc(r.Name.Former, func(f placenames.Former) bool {
		return !slices.ContainsFunc(before.Former, func(g placenames.Former) bool { return f.Text == g.Text })
	})
}

// drawnBetter reports whether a place is to be drawn as a row has it: a point never takes the place
// of a line or an area, and none that is nearly the same.
func drawnBetter(before, said orb.Geometry) bool {
	at, point := said.(orb.Point)
	if before == nil || !point {
		return before == nil || !orb.Equal(before, said)
	}
	was, ok := before.(orb.Point)
	const near = 5e-7 // degrees: what a spreadsheet loses
	if !ok {
		return false
	}
	dx, dy := at[0]-was[0], at[1]-was[1]
	return dx*dx+dy*dy >= near*near
}

// Remark is what a person should know of a row and is no fault; of the list where Row is 0.
type Remark struct {
	Sheet  string
	Row    int
	ZH, EN string
}

// TakenRow is what becomes of a row.
type TakenRow struct {
	Sheet   string
	Row     int
	Text    string
	NameID  string // none of one that is new and was only tried
	Outcome lists.Outcome
	Changes []record.Difference // of one that is there
}

// Taken is what became of a list, or would become of it. Rows are those that are new or change
// something, and like Remarks at most MostTold; the counts are of all.
type Taken struct {
	Total, Created, Updated, Unchanged, Faulty int

	Rows    []TakenRow
	Faults  []lists.Fault
	Remarks []Remark
	// Remarked counts all remarks.
	Remarked int
}

// MostTold is how many rows and remarks are told one by one.
const MostTold = 500

// Tell counts a row, and keeps it where it changes something.
func (t *Taken) Tell(row TakenRow) {
	t.Total++
	switch row.Outcome {
	case lists.Created:
		t.Created++
	case lists.Updated:
		t.Updated++
	case lists.Unchanged:
		t.Unchanged++
	case lists.Faulty:
		t.Faulty++
	}
	if (row.Outcome == lists.Created || row.Outcome == lists.Updated) && len(t.Rows) < MostTold {
		t.Rows = append(t.Rows, row)
	}
}

// Remark tells something of a row.
func (t *Taken) Remark(sheet string, row int, zh, en string) {
	if t.Remarked++; len(t.Remarks) < MostTold {
		t.Remarks = append(t.Remarks, Remark{sheet, row, zh, en})
	}
}

// Spelled holds the spelling of a row against the one of the rules; "" where they agree, or where
// one of them is not there. Spaces, capitals and apostrophes count: they are the rules.
func Spelled(row Row, rule string, certain bool) (zh, en string) {
	said := row.Name.Roman
	if said == "" || rule == "" || said == rule {
		return "", ""
	}
	if letters(said) == letters(rule) {
		return fmt.Sprintf("“%s”的拼写为“%s”，分写、大写或隔音符号与规则不同：%s", row.Name.Text, said, rule),
			fmt.Sprintf("%s is spelled “%s”; by the rules its words, capitals or apostrophes are: %s", row.Name.Text, said, rule)
	}
	if !certain {
		return fmt.Sprintf("“%s”的拼写为“%s”，按规则推定为“%s”（含多音字，请核对）", row.Name.Text, said, rule),
			fmt.Sprintf("%s is spelled “%s”; the rules suggest “%s”, of characters with several readings", row.Name.Text, said, rule)
	}
	return fmt.Sprintf("“%s”的拼写为“%s”，与规则不同：%s", row.Name.Text, said, rule), fmt.Sprintf("%s is spelled “%s”; by the rules it is %s", row.Name.Text, said, rule)
}

// letters are the letters of a spelling alone, small, with ü as v is written for it.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ü' || r == 'v':
			return 'v'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// Alike are rows of a list that sound the same without tones: by their spelling, of one class.
type Alike struct {
	seen map[string]int // the first row
	text map[string]string
}

// NewAlike has heard nothing yet.
func NewAlike() *Alike { return &Alike{map[string]int{}, map[string]string{}} }

// Hear takes the spelling of a new name, and gives an earlier row of another name that sounds the
// same; 0 for none.
func (a *Alike) Hear(row int, text, class, roman string) (other int, otherText string) {
	key := letters(roman)
	if key == "" {
		return 0, ""
	}
	key = class + " " + key
	if before, ok := a.seen[key]; ok {
		if a.text[key] == text {
			return 0, ""
		}
		return before, a.text[key]
	}
	a.seen[key], a.text[key] = row, text
	return 0, ""
}
