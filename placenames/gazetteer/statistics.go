package gazetteer

import (
	"cmp"
	"maps"
	"slices"

	"yike/geo/divisions"
	"yike/placenames"
)

// Figures count records. What they lack is counted of names in use only: of a proposal or of
// a name that ended it is no gap.
type Figures struct {
	Names      int // records in every state
	InUse      int
	Protected  int // in use and on a list of protected names
	NoSpelling int // in use, and nobody confirmed how it is spelled
	NoGeometry int // in use, and nobody drew it
	NoDocument int // in use, without a document or a source
}

func (f *Figures) add(e Entry) {
	f.Names++
	if !e.State.InUse() {
		return
	}
	f.InUse++
	for n, is := range map[*int]bool{
		&f.Protected: e.Heritage != nil, &f.NoSpelling: e.Roman == "", &f.NoGeometry: e.Geometry == nil, &f.NoDocument: !e.Decision.Known(),
	} {
		if is {
			*n++
		}
	}
}

// ClassLine are the figures of a class, and its records by state.
type ClassLine struct {
	Class  placenames.Code
	States map[placenames.State]int // those that have some
	Figures
}

// StateLine is how many records are in a state.
type StateLine struct {
	State placenames.Code
	Names int
}

// DivisionLine are the figures of what lies in a division or in one below it.
type DivisionLine struct {
	Division divisions.Division // the zero value for what lies in none that is known
	Figures
}

// YearLine is how many records were decided as they are by documents of a year.
type YearLine struct {
	Year  string // 2026; "" for documents without a day
	Kinds map[placenames.DecisionKind]int
	Names int
}

// Statistics are figures of the register.
type Statistics struct {
	Total     Figures
	Classes   []ClassLine    // every class, in the order of the regulations
	States    []StateLine    // every state, in the order of a life
	Divisions []DivisionLine // those of the list given that have names, in its order
	Years     []YearLine     // by the decision in force of each record, the latest first
}

// Count counts records by class, state, division and year. A record that lies in several
// divisions counts in each and once in what holds them, so that the lines of divisions come to
// more than the total. O(records × divisions of each).
func Count(list []Entry, c *placenames.Catalogue, places []divisions.Division) Statistics {
	var out Statistics
	classes := map[string]*ClassLine{}
	states := map[placenames.State]int{}
	for _, e := range list {
		out.Total.add(e)
		line := classes[e.Class]
		if line == nil {
			line = &ClassLine{Class: placenames.Code{Code: e.Class, ZH: e.Class, EN: e.Class}, States: map[placenames.State]int{}}
			classes[e.Class] = line
		}
		line.add(e)
		line.States[e.State]++
		states[e.State]++
	}
	for _, class := range c.Classes {
		line := ClassLine{States: map[placenames.State]int{}}
		if found := classes[class.Code.Code]; found != nil {
			line = *found
		}
		line.Class = class.Code
		out.Classes = append(out.Classes, line)
		delete(classes, class.Code.Code)
	}
	for _, code := range slices.Sorted(maps.Keys(classes)) {
		out.Classes = append(out.Classes, *classes[code])
	}
	for _, s := range placenames.States() {
		out.States = append(out.States, StateLine{s, states[placenames.State(s.Code)]})
	}
	out.Divisions = byDivision(list, places)
	out.Years = byYear(list)
	return out
}

func byDivision(list []Entry, places []divisions.Division) []DivisionLine {
	of := map[string]divisions.Division{}
	for _, d := range places {
		of[d.Code] = d
	}
	lines := map[string]*Figures{}
	for _, e := range list {
		in := map[string]bool{}
		for _, code := range e.Divisions {
			// A division that was marked already has all that hold it marked, too.
			for d, there := of[code]; there && !in[d.Code]; d, there = of[d.ParentCode] {
				in[d.Code] = true
			}
		}
		if len(in) == 0 {
			in[""] = true
		}
		for code := range in {
			if lines[code] == nil {
				lines[code] = &Figures{}
			}
			lines[code].add(e)
		}
	}
	var out []DivisionLine
	for _, d := range append(slices.Clone(places), divisions.Division{}) {
		if f := lines[d.Code]; f != nil {
			out = append(out, DivisionLine{d, *f})
			delete(lines, d.Code)
		}
	}
	return out
}

func byYear(list []Entry) []YearLine {
	lines := map[string]*YearLine{}
	for _, e := range list {
		if e.Decision.Kind == "" {
			continue
		}
		year := ""
		if len(e.Decision.Day) >= 4 {
			year = string(e.Decision.Day[:4])
		}
		if lines[year] == nil {
			lines[year] = &YearLine{Year: year, Kinds: map[placenames.DecisionKind]int{}}
		}
		lines[year].Names++
		lines[year].Kinds[e.Decision.Kind]++
	}
	var out []YearLine
	for _, l := range lines {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b YearLine) int { return cmp.Compare(b.Year, a.Year) })
	return out
}
