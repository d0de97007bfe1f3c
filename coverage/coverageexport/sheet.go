// Package coverageexport writes coverage answers to files: CSV for a spreadsheet and
// GeoJSON for a map. It owns the columns and properties of these files; it knows
// nothing of how answers are made.
package coverageexport

import (
	"yike/coverage"
	"yike/facilities"
)

// Sheet is one answer with what a reader of the file must be told.
type Sheet struct {
	Type       facilities.Type
	TypeName   coverage.Text
	Version    string // of the data
	Note       *coverage.Text
	Report     *coverage.Report
	Facilities []facilities.Facility // parallel to Report.Sites
}

// Notice must go with the data into every file.
type Notice struct{ ZH, EN, URL, Licence string }

// line is one division, or a total, with the words it is shown under.
type line struct {
	level, code, parent string
	nameZH, nameEN      string
	setting             string
	complete            bool
	counts              []coverage.Count
	units               coverage.Units
}

// lines lists the divisions, per level the people in none of its divisions where
// there are any, and the total.
func (s Sheet) lines() []line {
	r := s.Report
	out := make([]line, 0, len(r.Divisions)+4)
	for i, d := range r.Divisions {
		en := d.NameEN
		if en == "" {
			en = d.Pinyin
		}
		out = append(out, line{
			level: string(d.Level), code: d.Code, parent: d.ParentCode, nameZH: d.NameZH, nameEN: en,
			setting: string(d.Setting), complete: d.Complete,
			counts: r.Summary.Divisions[i], units: r.Summary.Units[i],
		})
	}
	for _, rest := range r.Summary.Rest {
		if empty(rest.Counts) {
			continue
		}
		out = append(out, line{
			level: "outside_" + string(rest.Level), complete: true, counts: rest.Counts,
			nameZH: "不在该级任何区划内", nameEN: "In no division of this level",
		})
	}
	return append(out, line{
		level: "total", nameZH: "合计", nameEN: "Total", complete: true,
		counts: r.Summary.Total, units: r.Summary.AllUnits,
	})
}

func empty(counts []coverage.Count) bool {
	for _, c := range counts {
		if c.Population != 0 {
			return false
		}
	}
	return true
}
