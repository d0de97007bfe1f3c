package crsguess

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/crsfit"
)

// evidence is what tells the shifts of one projection from one another.
type evidence struct {
	log     [3]float64 // likelihoods by shift, in nats; only differences count
	reasons [3][]Reason
	told    bool // something spoke at all
}

// The strengths of evidence in nats. One kind of evidence never outweighs two others,
// since each may be wrong in its own way: a row may name a wrong community, and a
// heading may have been copied from another file.
const (
	strongest  = 8.0
	hinted     = 6.0
	agreed     = 2.2   // a row that lies where it says: nine of ten are right
	inside     = 2.2   // a row that lies in the district
	anchorM    = 80.0  // how well a place that is known otherwise is known
	roadsStand = 1.5   // as crsfit: a fit so many times the best by chance
	builtBar   = 3.0   // standard deviations above chance
	farM       = 2_000 // anchors farther than this speak of something else
)

// weigh gathers the evidence about a projection's shifts. places are those of the
// selection, by shift.
func (g *guesser) weigh(r reading, rows []row) evidence {
	var e evidence
	places := make([][3]orb.Point, 0, len(rows))
	kept := rows[:0:0]
	for _, row := range rows {
		p, ok := g.fits(r, row)
		if !ok {
			continue
		}
		places = append(places, [3]orb.Point{unshifted: p, gcj02: geo.GCJ02ToWGS84(p), bd09: geo.GCJ02ToWGS84(geo.BD09ToGCJ02(p))})
		kept = append(kept, row)
	}
	e.hints(g.area.Hints)
	e.anchors(kept, places, g.area.Anchors)
	e.agreement(kept, places, g.area.Agrees)
	e.holding(places, g.area.Holds)
	e.building(places, g.area.Built)
	e.roads(places, g.area.Roads)
	return e
}

func (e *evidence) add(s shift, nats float64, zh, en string) {
	e.log[s] += nats
	e.told = true
	e.reasons[s] = append(e.reasons[s], Reason{zh, en})
}

// hints looks for the names of systems in the words of the file.
func (e *evidence) hints(words []string) {
	for _, s := range []shift{unshifted, gcj02, bd09} {
		for _, text := range words {
			if word := hintOf(s, text); word != "" {
				e.add(s, hinted, fmt.Sprintf("表里写有“%s”", word), fmt.Sprintf("the file says “%s”", word))
				break
			}
		}
	}
}

func hintOf(s shift, text string) string {
	lower := strings.ToLower(text)
	names := [...][]string{
		unshifted: {"wgs", "gps", "cgcs", "国家2000", "2000国家", "大地2000", "2000坐标", "天地图", "4326", "4490"},
		gcj02:     {"gcj", "高德", "腾讯", "火星", "amap", "gaode", "tencent", "国测局"},
		bd09:      {"bd09", "bd-09", "bd_09", "百度", "baidu"},
	}[s]
	for _, name := range names {
		if strings.Contains(lower, name) {
			return name
		}
	}
	return ""
}

// anchors compares with places that are known otherwise: a Cauchy density, since some of
// them are quite wrong.
func (e *evidence) anchors(rows []row, places [][3]orb.Point, known map[int]orb.Point) {
	var distances [3][]float64
	for i, row := range rows {
		at, ok := known[row.i]
		if !ok || geo.Distance(at, places[i][unshifted]) > farM {
			continue
		}
		for s := range distances {
			distances[s] = append(distances[s], geo.Distance(at, places[i][s]))
		}
	}
	if len(distances[0]) == 0 {
		return
	}
	var log [3]float64
	for s := range distances {
		for _, d := range distances[s] {
			log[s] -= math.Log1p(d * d / (anchorM * anchorM))
		}
		slices.Sort(distances[s])
	}
	e.apart(log, func(s shift) Reason {
		n, median := len(distances[s]), distances[s][len(distances[s])/2]
		return Reason{
			fmt.Sprintf("有 %d 行的位置另有记载，按此换算后与之相距约 %.0f 米", n, median),
			fmt.Sprintf("the place of %d rows is known otherwise; read like this they lie some %.0f m from it", n, median),
		}
	})
}

// apart adds log-likelihoods, bounded, with a reason for each shift.
func (e *evidence) apart(log [3]float64, say func(shift) Reason) {
	best := slices.Max(log[:])
	for s := range log {
		r := say(shift(s))
		e.add(shift(s), max(log[s]-best, -strongest), r.ZH, r.EN)
	}
}

// agreement counts rows that lie where they say, e.g. in the community they name.
func (e *evidence) agreement(rows []row, places [][3]orb.Point, agrees func(int, orb.Point) (bool, bool)) {
	if agrees == nil {
		return
	}
	var right [3]int
	var log [3]float64
	n := 0
	for i, row := range rows {
		var yes [3]bool
		known := false
		for s := range yes {
			yes[s], known = agrees(row.i, places[i][s])
			if !known {
				break
			}
			if yes[s] {
				right[s]++
			}
		}
		if !known {
			continue
		}
		n++
		for s := range yes {
			if !yes[s] && slices.Contains(yes[:], true) {
				log[s] -= agreed
			}
		}
	}
	if n == 0 {
		return
	}
	e.apart(log, func(s shift) Reason {
		return Reason{
			fmt.Sprintf("写明所属村居的 %d 行中，%d 行落在所写的村居内", n, right[s]),
			fmt.Sprintf("of %d rows that name their community, %d lie in it", n, right[s]),
		}
	})
}

// holding counts rows inside the district: facilities of a district are in it.
func (e *evidence) holding(places [][3]orb.Point, holds func(orb.Point) bool) {
	if holds == nil {
		return
	}
	var in [3]int
	var log [3]float64
	for _, p := range places {
		var yes [3]bool
		for s := range yes {
			if yes[s] = holds(p[s]); yes[s] {
				in[s]++
			}
		}
		for s := range yes {
			if !yes[s] && slices.Contains(yes[:], true) {
				log[s] -= inside
			}
		}
	}
	if in[0] == in[1] && in[1] == in[2] {
		return
	}
	e.apart(log, func(s shift) Reason {
		return Reason{
			fmt.Sprintf("%d 个位置中 %d 个在辖区内", len(places), in[s]),
			fmt.Sprintf("%d of %d places lie inside the district", in[s], len(places)),
		}
	})
}

// building counts places on buildings against what chance gives: places moved as far as
// the shifts would move them, in other directions.
func (e *evidence) building(places [][3]orb.Point, built func(orb.Point) bool) {
	const fewest = 10
	if built == nil || len(places) < fewest {
		return
	}
	var on [3]int
	chance := 0
	const directions = 8
	for _, p := range places {
		for s := range on {
			if built(p[s]) {
				on[s]++
			}
		}
		f := geo.Frame(p[unshifted])
		for d := range directions {
			sin, cos := math.Sincos(2 * math.Pi * float64(d) / directions)
			if built(f.From(orb.Point{700 * sin, 700 * cos})) {
				chance++
			}
		}
	}
	n := float64(len(places))
	by := min(max(float64(chance)/n/directions, 1/n), 0.95)
	var log [3]float64
	stands := false
	for s := range on {
		z := (float64(on[s]) - n*by) / math.Sqrt(n*by*(1-by))
		log[s] = max(z, 0) * max(z, 0) / 2
		stands = stands || z >= builtBar
	}
	if !stands {
		return
	}
	e.apart(log, func(s shift) Reason {
		return Reason{
			fmt.Sprintf("%d 个位置中 %d 个在建筑上（随机约为 %.0f 个）", len(places), on[s], n*by),
			fmt.Sprintf("%d of %d places are on a building; by chance it would be about %.0f", on[s], len(places), n*by),
		}
	})
}

// roads asks crsfit, which needs some 30 places near roads.
func (e *evidence) roads(places [][3]orb.Point, roads []orb.LineString) {
	if len(roads) == 0 {
		return
	}
	points := make([]orb.Point, len(places))
	for i, p := range places {
		points[i] = p[unshifted]
	}
	v := crsfit.Check(points, roads)
	switch {
	case v.TooFew:
	case v.Best == crsfit.GCJ02Points || v.Best == crsfit.BD09Points:
		s := gcj02
		if v.Best == crsfit.BD09Points {
			s = bd09
		}
		e.add(s, strongest, fmt.Sprintf("按此换算后，位置与道路的关系才正常（换算前整体偏了约 %.0f 米）", v.ShiftM),
			fmt.Sprintf("read like this the places keep to the roads; unconverted they lie some %.0f m off", v.ShiftM))
	case v.Best == crsfit.Declared && v.FitDeclared > roadsStand*v.FitChance && v.FitDeclared > 0:
		e.add(unshifted, strongest, "不换算时，位置与道路的关系正常", "unconverted, the places keep to the roads as buildings do")
	}
}

// posterior turns the evidence into shares that add up to one.
func (e *evidence) posterior(shifts []shift) []float64 {
	best := math.Inf(-1)
	for _, s := range shifts {
		best = max(best, e.log[s])
	}
	out := make([]float64, len(shifts))
	var sum float64
	for i, s := range shifts {
		out[i] = math.Exp(e.log[s] - best)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// best is the likeliest of shares.
func likeliest(shares []float64) int {
	return slices.Index(shares, slices.MaxFunc(shares, cmp.Compare[float64]))
}
