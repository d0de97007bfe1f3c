package imports

import (
	"slices"
	"strings"
)

// How much of a file a profile keeps.
const (
	PreviewRows = 20
	mostSamples = 3
	mostValues  = 40 // different values of a column, to say what each means
	mostColumns = 200
)

// Profile is what is in a file, before anybody said what it means.
type Profile struct {
	Columns []Filled     `json:"columns"`
	Rows    []PreviewRow `json:"rows"`
	Count   int          `json:"count"`  // rows
	Faulty  int          `json:"faulty"` // rows that cannot be read at all
}

// Filled is a column with what is in it.
type Filled struct {
	Source
	// Values are the different values with how often each is there, the most frequent
	// first; nil where there are too many to list.
	Values []ValueCount `json:"values"`
}

// ValueCount is one value of a column.
type ValueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// PreviewRow is a row as the file has it.
type PreviewRow struct {
	Number int      `json:"number"`
	Cells  []string `json:"cells"`
}

// Profiler gathers a profile row by row.
type Profiler struct {
	profile Profile
	counts  []map[string]int // nil where there are too many
}

// NewProfiler begins a profile of a file with these columns; codes are those that the file
// itself gives them, in the same order, or nil.
func NewProfiler(columns, codes []string) *Profiler {
	p := &Profiler{counts: make([]map[string]int, len(columns))}
	for i, name := range columns {
		s := Source{Header: name}
		if i < len(codes) {
			s.Code = codes[i]
		}
		p.profile.Columns = append(p.profile.Columns, Filled{Source: s})
		p.counts[i] = map[string]int{}
	}
	return p
}

// Add takes one row in.
func (p *Profiler) Add(number int, cells []string) {
	p.profile.Count++
	if len(p.profile.Rows) < PreviewRows {
		row := PreviewRow{Number: number, Cells: make([]string, len(cells))}
		for i, c := range cells {
			row.Cells[i] = clip(c)
		}
		p.profile.Rows = append(p.profile.Rows, row)
	}
	for i := range p.profile.Columns {
		if i < len(cells) {
			p.cell(i, cells[i])
		}
	}
}

func (p *Profiler) cell(i int, raw string) {
	v := clip(Tidy(raw))
	if v == "" {
		return
	}
	c := &p.profile.Columns[i]
	c.Filled++
	if len(c.Samples) < mostSamples && !slices.Contains(c.Samples, v) {
		c.Samples = append(c.Samples, v)
	}
	if p.counts[i] == nil {
		return
	}
	p.counts[i][v]++
	if len(p.counts[i]) > mostValues {
		p.counts[i] = nil
	}
}

// Bad counts a row that cannot be read.
func (p *Profiler) Bad() {
	p.profile.Count++
	p.profile.Faulty++
}

// Profile ends the profile.
func (p *Profiler) Profile() Profile {
	out := p.profile
	for i := range out.Columns {
		c := &out.Columns[i]
		if c.Samples == nil {
			c.Samples = []string{}
		}
		if p.counts[i] == nil {
			continue
		}
		c.Values = []ValueCount{}
		for v, n := range p.counts[i] {
			c.Values = append(c.Values, ValueCount{v, n})
		}
		slices.SortFunc(c.Values, func(a, b ValueCount) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return strings.Compare(a.Value, b.Value)
		})
	}
	if out.Rows == nil {
		out.Rows = []PreviewRow{}
	}
	return out
}

// Sources are the columns of a profile, to suggest what they mean.
func (p Profile) Sources() []Source {
	out := make([]Source, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = c.Source
	}
	return out
}

// Names are the headings.
func (p Profile) Names() []string {
	out := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = c.Header
	}
	return out
}
