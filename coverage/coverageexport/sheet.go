// Package coverageexport writes coverage answers to files: CSV for a spreadsheet and
// GeoJSON for a map. It owns the columns and properties of these files; it knows
// nothing of how answers are made.
package coverageexport

import (
	"slices"
	"strconv"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Sheet is one answer with what a reader of the file must be told.
type Sheet struct {
	Type       facilities.Type
	TypeName   coverage.Text
	Version    string // of the data
	Note       *coverage.Text
	Asked      Asked
	Report     *coverage.Report
	Facilities []facilities.Facility // parallel to Report.Sites
}

// Asked is what of the question does not follow from the report. The zero Asked is
// anybody, at any time of day, by time, to facilities of any tier.
type Asked struct {
	Metres int // a distance instead of limit and speed; 0 for none
	Walker coverage.Walker
	Hour   walknet.Hour
	Tier   facilities.Tier
}

// judgedBy is how people are covered: by walks or by division.
func (s Sheet) judgedBy() string {
	if s.Report.Result.Params.Mode == coverage.ByDivision {
		return "division"
	}
	return "walk"
}

// walker is who walks, "" where nobody does.
func (s Sheet) walker() string {
	switch {
	case s.judgedBy() != "walk":
		return ""
	case s.Asked.Walker == coverage.Anybody:
		return "plain"
	}
	return string(s.Asked.Walker)
}

// limit and pace are the seconds and the metres per second that were asked for, "" where a
// distance was or nobody walks.
func (s Sheet) limit() string {
	if s.Asked.Metres > 0 || s.judgedBy() != "walk" {
		return ""
	}
	return strconv.Itoa(int(s.Report.Result.Params.Limit / 1000))
}

func (s Sheet) pace() string {
	if s.Asked.Metres > 0 || s.judgedBy() != "walk" {
		return ""
	}
	return strconv.FormatFloat(float64(s.Report.Result.Params.Speed)/1000, 'f', -1, 64)
}

func aboveZero(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
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
	overlaps            []coverage.Overlap // per band; nil where they are not counted
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
			counts: r.Summary.Divisions[i], units: r.Summary.Units[i], overlaps: overlapsOf(r, i),
		})
	}
	for _, rest := range r.Summary.Rest {
		if empty(rest.Counts) {
			continue
		}
		out = append(out, line{
			level: "outside_" + string(rest.Level), complete: true, counts: rest.Counts, overlaps: restOf(r, rest.Level),
			nameZH: "不在该级任何区划内", nameEN: "In no division of this level",
		})
	}
	return append(out, line{
		level: "total", nameZH: "合计", nameEN: "Total", complete: true,
		counts: r.Summary.Total, units: r.Summary.AllUnits, overlaps: overlapsOf(r, -1),
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

// overlapsOf is the overlap in a division, or of all for -1; nil where it is not counted.
func overlapsOf(r *coverage.Report, division int) []coverage.Overlap {
	switch {
	case r.Overlaps == nil:
		return nil
	case division < 0:
		return r.Overlaps.Total
	}
	return r.Overlaps.Divisions[division]
}

// restOf is the overlap among the people in no division of a level.
func restOf(r *coverage.Report, level divisions.Level) []coverage.Overlap {
	if r.Overlaps == nil {
		return nil
	}
	out := slices.Clone(r.Overlaps.Total)
	for i, d := range r.Divisions {
		if d.Level != level {
			continue
		}
		for k, o := range r.Overlaps.Divisions[i] {
			out[k].One -= o.One
			out[k].Several -= o.Several
		}
	}
	return out
}
