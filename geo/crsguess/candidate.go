package crsguess

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// The marks that confidence is made of.
const (
	certain    = 0.9  // a share of the evidence from which nobody has to choose
	rival      = 0.1  // of the best share: less is no rival
	mostTied   = 60   // confidence of a guess that is tied
	mostAnyway = 99   // nothing is certain
	noDistrict = 0.7  // what is left of a confidence where nobody knows the district
	elsewhere  = 0.25 // and where the places lie outside it
)

// candidates gives the guesses of one projection: one for each shift that it may have.
func (g *guesser) candidates(f family, all []family, outside bool) []Candidate {
	shifts := []shift{unshifted}
	switch {
	case f.packed:
	case f.crs.Geographic():
		shifts = append(shifts, gcj02, bd09)
	case f.crs == crs("EPSG:3857"):
		shifts = append(shifts, gcj02)
	}
	there := *g
	if outside {
		there.area, there.reach = Area{Hints: g.area.Hints}, orb.Bound{}
	}
	e := there.weigh(f.reading, g.selection(mostEvidence))
	shares := e.posterior(shifts)
	top := shares[likeliest(shares)]
	misfits := g.misfits(f, all, outside)
	contested := contested(f, all, len(g.rows))
	out := make([]Candidate, 0, len(shifts))
	for i, s := range shifts {
		c := newCandidate(f.withShift(s))
		c.Rows, c.Fits, c.Misfits = len(g.rows), f.fits, misfits
		c.Ask = outside || contested || top < certain && shares[i] >= rival*top
		c.Confidence = g.confidence(f, all, shares[i], outside, c.Ask)
		c.Reasons = append(g.numbers(f, all, outside), e.reasons[s]...)
		if len(shifts) > 1 && top < certain {
			c.Reasons = append(c.Reasons, tied(e.told, f.crs.Geographic()))
		}
		if f.grid() {
			c.Reasons = append(c.Reasons, olderGrids())
		}
		c.Preview = g.preview(c.reading, there)
		out = append(out, c)
	}
	return out
}

func newCandidate(r reading) Candidate {
	c := Candidate{Key: r.key(), Convertible: r.refused == "", reading: r}
	c.ZH, c.EN = r.name()
	return c
}

// ParseKey gives the candidate of a key, to be applied; without confidence, reasons and
// rows. It is false for a key that Guess would not give.
func ParseKey(key string) (Candidate, bool) {
	r, ok := parseKey(key)
	if !ok {
		return Candidate{}, false
	}
	return newCandidate(r), true
}

// contested reports whether another projection places the same rows as well.
func contested(f family, all []family, rows int) bool {
	return slices.ContainsFunc(all, func(o family) bool {
		return o.reading != f.reading && 10*o.fits >= 9*f.fits && f.fits+o.fits > rows && !o.packed && !f.packed
	})
}

// confidence is the share of the rows that fit, shared among projections that fit the
// same rows, times what the evidence gives to the shift.
func (g *guesser) confidence(f family, all []family, share float64, outside, ask bool) int {
	fits := 0
	for _, o := range all {
		fits += o.fits
	}
	v := float64(f.fits) / float64(max(fits, len(g.rows))) * share
	if packed := slices.ContainsFunc(all, func(o family) bool { return o.packed }); packed {
		v = float64(f.fits) / float64(len(g.rows)) * share
		if !f.packed {
			v *= rival
		}
	}
	if f.grid() && g.olderHinted() {
		v *= rival
	}
	if !g.known() {
		v *= noDistrict
	}
	if outside {
		v *= elsewhere
	}
	most := mostAnyway
	if ask {
		most = mostTied
	}
	return min(max(int(math.Round(100*v)), 1), most)
}

// preview places up to MostPreview rows, evenly over the table.
func (g *guesser) preview(r reading, there guesser) []Preview {
	var out []Preview
	for _, row := range g.selection(MostPreview) {
		if p, ok := there.fits(r, row); ok {
			out = append(out, Preview{row.i, p})
		}
	}
	return out
}

// misfits lists the rows that a projection does not place, with what else they look like.
func (g *guesser) misfits(f family, all []family, outside bool) []Misfit {
	there := *g
	if outside {
		there.area, there.reach = Area{}, orb.Bound{}
	}
	var out []Misfit
	for _, row := range g.rows {
		p, ok := there.fits(f.reading, row)
		if ok {
			continue
		}
		if len(out) == MostMisfits {
			break
		}
		why := g.why(f.reading, row, p)
		if other, found := g.looksLike(f, all, row); found {
			why = Reason{"像是" + other.ZH, "it looks like " + other.EN}
		}
		out = append(out, Misfit{Row: row.i, X: row.x, Y: row.y, ZH: why.ZH, EN: why.EN})
	}
	return out
}

// why says what is wrong with a row.
func (g *guesser) why(r reading, row row, p orb.Point) Reason {
	err := row.err
	if err == nil {
		p, err = r.place(row.a, row.b)
	}
	if err != nil {
		e, ok := err.(*RowError) //nolint:errorlint // cells gives it as it is
		if !ok {
			e = rowError(err, r.crs.Geographic(), row.x, row.y)
		}
		return Reason{e.ZH, e.EN}
	}
	if g.reach.IsZero() {
		return Reason{"不在中国境内", "it is not in China"}
	}
	km := geo.Distance(p, clamp(p, g.area.Bounds)) / 1000
	return Reason{fmt.Sprintf("落在辖区以外约 %.0f 公里", km), fmt.Sprintf("it lies some %.0f km outside the district", km)}
}

func clamp(p orb.Point, b orb.Bound) orb.Point {
	return orb.Point{min(max(p[0], b.Min[0]), b.Max[0]), min(max(p[1], b.Min[1]), b.Max[1])}
}

// looksLike finds another reading that places a row in the district: of those that fit
// other rows, or the same with the axes exchanged.
func (g *guesser) looksLike(f family, all []family, row row) (Reason, bool) {
	exchanged := f.reading
	exchanged.swapped = !exchanged.swapped
	if _, ok := g.fits(exchanged, row); ok && g.known() {
		return Reason{"两个坐标写反了", "the two coordinates exchanged"}, true
	}
	degrees := reading{pair: f.pair}
	for _, o := range append(slices.Clone(all), family{reading: degrees}) {
		if _, ok := g.fits(o.reading, row); ok && o.reading != f.reading && g.known() {
			zh, en := o.name()
			return Reason{zh, en}, true
		}
	}
	return Reason{}, false
}

// recognised gives the systems that are only named: the older datums wherever the numbers
// are of a grid, and a local system where metres fit no grid.
func (g *guesser) recognised(families []family) []Candidate {
	for _, f := range families {
		if !f.grid() {
			continue
		}
		var out []Candidate
		for _, r := range []refusal{xian80, beijing54} {
			c := newCandidate(reading{refused: r})
			c.Rows, c.Fits, c.Confidence = len(g.rows), f.fits, 3
			if word, ok := r.hint(g.area.Hints); ok {
				c.Confidence = 90
				c.Reasons = append(c.Reasons, Reason{fmt.Sprintf("表里写有“%s”", word), fmt.Sprintf("the file says “%s”", word)})
			}
			zh, en := r.advice()
			c.Reasons = append(c.Reasons, olderGrids(), Reason{zh, en})
			out = append(out, c)
		}
		return out
	}
	metres := 0
	for _, row := range g.rows {
		if row.err == nil && math.Abs(row.a.v) > 1000 && math.Abs(row.b.v) > 1000 {
			metres++
		}
	}
	if len(families) > 0 || 2*metres < g.read {
		return nil
	}
	c := newCandidate(reading{refused: local})
	c.Rows, c.Fits, c.Confidence, c.Ask = len(g.rows), metres, 50, true
	zh, en := local.advice()
	c.Reasons = []Reason{{
		"数值以米计，但不是 CGCS2000 的 3 度带、6 度带，也不是 Web 墨卡托",
		"the numbers are metres, but neither of CGCS2000's 3- and 6-degree zones nor of Web Mercator",
	}, {zh, en}}
	return []Candidate{c}
}

// olderHinted reports whether the words of the file name an older datum.
func (g *guesser) olderHinted() bool {
	_, eighty := xian80.hint(g.area.Hints)
	_, fiftyFour := beijing54.hint(g.area.Hints)
	return eighty || fiftyFour
}
