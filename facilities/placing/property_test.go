package placing_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities/placing"
	"yike/geo"
)

// words are pieces that queries are put together of.
func words(w *world) []string {
	out := []string{
		"西青区", "河西区", "旁", "对面", "附近", "院内", "东侧", "交叉口", "与", "12号", "3号楼", "8栋", "2单元", "501", "一楼", "（原居委会）", "，", "A座", "居委会", "村委会", "待定",
	}
	for _, d := range w.list {
		out = append(out, d.NameZH)
	}
	for _, e := range w.entries {
		out = append(out, e.Name)
	}
	return out
}

// centroids are what must never be given as a position: the middles of divisions and of
// whole roads.
func centroids(w *world) []orb.Point {
	var out []orb.Point
	for _, d := range w.list {
		out = append(out, d.Boundary.Bound().Center())
	}
	for name, y := range eastward {
		_ = name
		out = append(out, w.at(2000, y))
	}
	for name, x := range northward {
		_ = name
		out = append(out, w.at(x, 1000))
	}
	return out
}

// TestEveryPositionIsOfSomething draws queries of any pieces, sensible or not: a position
// is always one that the gazetteer has, or on a road between two that it has, or where two
// roads meet; roads and divisions have none; and what is kept is never the middle of a
// division or a road.
func TestEveryPositionIsOfSomething(t *testing.T) {
	t.Parallel()
	w := newWorld()
	pieces := words(w)
	middles := centroids(w)
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(rt, "text"), "")
		name := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 2).Draw(rt, "name"), "")
		division := ""
		if rapid.Bool().Draw(rt, "with division") {
			division = rapid.SampledFrom(w.list).Draw(rt, "division").Code
		}
		r := w.gaz.Place(placing.Query{Text: text, Name: name, Division: division, Limit: 20})
		for _, c := range r.Candidates {
			if c.Placed == (c.Kind == placing.Road || c.Kind == placing.Division) {
				rt.Fatalf("%s: %+v", text, c)
			}
			if !c.Placed {
				if c.Point != (orb.Point{}) || c.Confidence >= placing.Accept {
					rt.Fatalf("%s: %+v", text, c)
				}
				continue
			}
			if !w.grounded(c) {
				rt.Fatalf("%s: %s at %v, which nothing has: %s", text, c.Kind, c.Point, c.ZH)
			}
		}
		if best, kept := r.Best(); kept {
			for _, m := range middles {
				if geo.Distance(m, best.Point) < 0.5 {
					rt.Fatalf("%s: kept the middle of something: %+v", text, best)
				}
			}
		}
	})
}

// grounded reports whether a candidate's point is one of an entry, or on a road.
func (w *world) grounded(c placing.Candidate) bool {
	onRoad := math.Inf(1)
	for _, e := range w.entries {
		if e.Kind != placing.Road && e.Point == c.Point {
			return true
		}
		for i := 1; i < len(e.Line); i++ {
			f := geo.Frame(c.Point)
			a, b := f.To(e.Line[i-1]), f.To(e.Line[i])
			onRoad = min(onRoad, fromOrigin(a, b))
		}
	}
	return (c.Kind == placing.Between || c.Kind == placing.Crossing) && onRoad < 10
}

// fromOrigin is how far the origin is from a stretch of road.
func fromOrigin(a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	along := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		along = min(1, max(0, -(a[0]*dx+a[1]*dy)/l))
	}
	return math.Hypot(a[0]+along*dx, a[1]+along*dy)
}

// oracle looks an address up by going through every entry: the door or the building whose
// name and number are written, letter by letter.
func (w *world) oracle(name, number string) (orb.Point, int) {
	var at orb.Point
	n := 0
	for _, e := range w.entries {
		if e.Kind == placing.Door && e.Name == name && e.Number == number || e.Kind == placing.Building && e.Name == name+number+"号楼" || e.Kind == placing.Facility && e.Address == name+number+"号" {
			at = e.Point
			n++
		}
	}
	return at, n
}

// TestOracle holds clean addresses to a look at every entry.
func TestOracle(t *testing.T) {
	t.Parallel()
	w := newWorld()
	found := 0
	for _, name := range []string{"解放路", "友谊路", "石桥一路", "嘉枫苑", "怀湖花园", "永莲里", "润丰新村", "康乐家园"} {
		for n := 1; n <= 64; n++ {
			text := fmt.Sprintf("%s%d号", name, n)
			if !strings.HasSuffix(name, "路") {
				text += "楼"
			}
			at, count := w.oracle(name, fmt.Sprint(n))
			best, kept := w.gaz.Place(placing.Query{Text: text}).Best()
			if kept != (count == 1) || kept && geo.Distance(best.Point, at) > 1 {
				t.Errorf("%s: kept %v at %v (%s); the entries have it %d times, at %v", text, kept, best.Point, best.ZH, count, at)
			}
			if kept {
				found++
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d found", found)
	}
}

// messy writes an address as somebody might: some parts left out, other widths and
// numerals, a wrong number, something behind it.
func messy(w *world, e placing.Entry, r *rand.Rand) (text string, q placing.Query) {
	division := w.divisionOf(e.Point)
	switch e.Kind {
	case placing.Door:
		text = e.Name + e.Number + []string{"号", "#", "号一楼", "号院内", "号底商"}[r.IntN(5)]
	case placing.Building:
		text = e.Name
		if r.IntN(3) == 0 {
			text = strings.Replace(text, "号楼", []string{"栋", "幢", "#楼", "号楼2单元101"}[r.IntN(4)], 1)
		}
	default:
		text = e.Name + []string{"", "旁", "对面", "一楼"}[r.IntN(4)]
	}
	if r.IntN(4) == 0 {
		text = strings.NewReplacer("1", "１", "2", "２", "3", "３", "8", "８").Replace(text)
	}
	if r.IntN(8) == 0 {
		text = strings.NewReplacer("嘉", "家", "莲", "连", "湖", "胡", "放", "方").Replace(text)
	}
	prefix := ""
	if r.IntN(2) == 0 {
		prefix = "西青区"
	}
	switch r.IntN(4) {
	case 0:
		prefix += w.name(division[:9])
	case 1:
		prefix += w.name(division[:9]) + w.name(division)
	case 2:
		q.Division = division
	}
	if r.IntN(12) == 0 { // the neighbour's community
		other := w.list[r.IntN(len(w.list))]
		if len(other.Code) == 12 {
			q.Division = other.Code
		}
	}
	if r.IntN(15) == 0 { // a number that there is not
		text = strings.NewReplacer("2", "97", "3", "88", "4", "79").Replace(text)
	}
	q.Text = prefix + text
	return text, q
}

func (w *world) divisionOf(p orb.Point) string {
	for _, d := range w.list {
		if len(d.Code) == 12 && d.Boundary.Bound().Contains(p) {
			return d.Code
		}
	}
	return w.list[2].Code
}

func (w *world) name(code string) string {
	for _, d := range w.list {
		if d.Code == code {
			return d.NameZH
		}
	}
	return ""
}

// TestMessyAddresses prints how many of 3,000 messy addresses are kept, shown with the right
// place among the candidates, or left to a click, and holds what is kept to being right.
func TestMessyAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld()
	r := rand.New(rand.NewPCG(5, 5))
	var sources []placing.Entry
	for _, e := range w.entries {
		if e.Kind != placing.Road && e.Name != "" && e.Name != "12" && e.Name != "武华苑" {
			sources = append(sources, e)
		}
	}
	const n = 3000
	kept, wrong, shown := 0, 0, 0
	for range n {
		e := sources[r.IntN(len(sources))]
		_, q := messy(w, e, r)
		result := w.gaz.Place(q)
		if best, ok := result.Best(); ok {
			kept++
			// A number that was changed may be that of another door.
			if geo.Distance(best.Point, e.Point) > 100 && strings.Contains(q.Text, strings.TrimSuffix(e.Number, "号")) && !changed(q.Text) {
				wrong++
				t.Logf("%+v: %s; it was %s %s", q, best.ZH, e.Name, e.Number)
			}
			continue
		}
		for _, c := range result.Candidates {
			if c.Placed && geo.Distance(c.Point, e.Point) < 100 {
				shown++
				break
			}
		}
	}
	t.Logf("%d addresses: %d kept (%.1f %%), %d of them wrong (%.2f %%); the right place among the choices for %d others", n, kept, 100*float64(kept)/n, wrong, 100*float64(wrong)/float64(kept), shown)
	if kept < n/2 || wrong*1000 > kept {
		t.Error("too few are kept, or too many of them wrong")
	}
}

func changed(text string) bool {
	return strings.ContainsAny(text, "97") && strings.Contains(text, "97") || strings.Contains(text, "88") || strings.Contains(text, "79")
}

func FuzzPlace(f *testing.F) {
	w := newWorld()
	for _, text := range []string{"解放路12号", "康乐家园2号楼", "解放路与中山街交叉口", "杨柳青镇友谊社区", "(((", "号楼号楼"} {
		f.Add(text, "嘉枫苑老人家食堂", maple)
	}
	f.Fuzz(func(t *testing.T, text, name, division string) {
		r := w.gaz.Place(placing.Query{Text: text, Name: name, Division: division})
		for _, c := range r.Candidates {
			if c.Confidence < 1 || c.Confidence > 97 || c.Placed && math.IsNaN(c.Point[0]) {
				t.Errorf("%q: %+v", text, c)
			}
		}
	})
}

func BenchmarkPlace(b *testing.B) {
	w := newWorld()
	texts := []string{
		"天津市西青区西营门街道友谊社区解放路12号", "嘉枫苑3号楼2单元101室", "杨柳青镇周家营村村委会旁", "友谊路15号", "解放路与中山街交叉口", "康乐家园2号楼", "友谊小学对面", "待定",
	}
	i := 0
	for b.Loop() {
		w.gaz.Place(placing.Query{Text: texts[i%len(texts)]})
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
