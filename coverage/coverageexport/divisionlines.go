package coverageexport

import (
	"yike/coverage"
)

// divisionLine is one division of the comparison's level for one band, today and in every
// option.
type divisionLine struct {
	at         int32 // index; -1 for the people in no division of the level
	band       int
	code, name string
	whole      bool
	count      coverage.Count    // today
	changes    []coverage.Change // per option
}

// divisionLines are the divisions of the level and, where there are any, the people in
// none of them: together they are everybody.
func (d *Dossier) divisionLines(band int) []divisionLine {
	c := d.Comparison
	h, today := c.Baseline.Ground.Hierarchy, c.Baseline.Summary
	rows := map[int32]coverage.DivisionRow{}
	for _, row := range c.Divisions {
		rows[row.Division] = row
	}
	var out []divisionLine
	rest := divisionLine{at: -1, band: band, name: d.say("不在该级任何辖区内", "In no division of this level"), whole: true, count: today.Total[band]}
	for at := range int32(h.Len()) { //nolint:gosec // fewer than 2^31
		if h.Level(at) != c.Level {
			continue
		}
		l := divisionLine{at: at, band: band, code: d.Divisions[at].Code, name: d.division(at), whole: d.Divisions[at].Complete, count: today.Divisions[at][band]}
		for i := range c.Options {
			change := coverage.Change{}
			if row, ok := rows[at]; ok {
				change = row.Options[i].Bands[band]
			}
			l.changes = append(l.changes, change)
		}
		rest.count = less(rest.count, l.count)
		out = append(out, l)
	}
	for i := range c.Options {
		rest.changes = append(rest.changes, c.Rest[i][band])
	}
	if rest.count.Population != 0 {
		out = append(out, rest)
	}
	return out
}

func less(a, b coverage.Count) coverage.Count {
	return coverage.Count{
		Population: a.Population - b.Population, Covered: a.Covered - b.Covered,
		Uncovered: a.Uncovered - b.Uncovered, Unsnapped: a.Unsnapped - b.Unsnapped,
	}
}
