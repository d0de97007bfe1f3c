package coverage

import "yike/geo/divisions"

// Line is the people of one division, of those in no division of a level, or of all,
// with the words that a table shows them under.
type Line struct {
	Level          string // of the division; "outside_" and a level; "total"
	Code, Parent   string // "" where the line is no division
	NameZH, NameEN string
	Setting        string
	Complete       bool
	Counts         []Count // per band
	Units          Units
}

// TotalLevel is the level of the line that counts everybody.
const TotalLevel = "total"

// Lines gives a summary as the lines of a table: every division in the caller's order,
// per level the people in none of its divisions where there are any, and the total.
// ds are the divisions that the summary's hierarchy was made from.
func (s Summary) Lines(ds []divisions.Division) []Line {
	out := make([]Line, 0, len(ds)+len(s.Rest)+1)
	for i, d := range ds {
		en := d.NameEN
		if en == "" {
			en = d.Pinyin
		}
		out = append(out, Line{
			Level: string(d.Level), Code: d.Code, Parent: d.ParentCode, NameZH: d.NameZH, NameEN: en,
			Setting: string(d.Setting), Complete: d.Complete, Counts: s.Divisions[i], Units: s.Units[i],
		})
	}
	for _, rest := range s.Rest {
		if nobody(rest.Counts) {
			continue
		}
		out = append(out, Line{
			Level: "outside_" + string(rest.Level), Complete: true, Counts: rest.Counts,
			NameZH: "不在该级任何辖区内", NameEN: "In no division of this level",
		})
	}
	return append(out, Line{
		Level: TotalLevel, NameZH: "合计", NameEN: "Total", Complete: true, Counts: s.Total, Units: s.AllUnits,
	})
}

func nobody(counts []Count) bool {
	for _, c := range counts {
		if c.Population != 0 {
			return false
		}
	}
	return true
}
