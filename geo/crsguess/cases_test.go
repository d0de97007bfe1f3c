package crsguess_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
	"yike/geo/crsguess"
)

var xiqing = orb.Bound{Min: orb.Point{116.85, 38.85}, Max: orb.Point{117.35, 39.2}}

// column writes the same coordinate for many rows, a little apart.
func column(n int, from, step float64, format string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(format, from+step*float64(i))
	}
	return out
}

func guess(t *testing.T, xs, ys []string, area crsguess.Area) crsguess.Candidate {
	t.Helper()
	list := crsguess.Guess(xs, ys, area)
	if len(list) == 0 {
		t.Fatal("no guess")
	}
	if !slices.IsSortedFunc(list, func(a, b crsguess.Candidate) int { return b.Confidence - a.Confidence }) {
		t.Error("the guesses are not in the order of confidence")
	}
	for _, c := range list {
		if c.Confidence < 1 || c.Confidence > 99 || c.ZH == "" || c.EN == "" || len(c.Reasons) == 0 {
			t.Errorf("%+v", c)
		}
	}
	return list[0]
}

func TestNothingToGuess(t *testing.T) {
	t.Parallel()
	for _, tc := range [][2][]string{{}, {{"", "　"}, {"", "-"}}, {{"友谊路"}, {"12号"}}, {{"1"}, nil}} {
		if list := crsguess.Guess(tc[0], tc[1], crsguess.Area{Bounds: xiqing}); len(list) > 0 {
			t.Errorf("%q: %+v", tc, list)
		}
	}
}

func TestDegreesAloneAsk(t *testing.T) {
	t.Parallel()
	list := crsguess.Guess([]string{"117.1"}, []string{"39.1"}, crsguess.Area{Bounds: xiqing})
	if len(list) != 3 {
		t.Fatalf("%d guesses", len(list))
	}
	for i, key := range []string{"EPSG:4326", "GCJ-02", "BD-09"} {
		c := list[i]
		if c.Key != key || !c.Ask || c.Confidence > 34 || len(c.Preview) != 1 {
			t.Errorf("%+v", c)
		}
		if last := c.Reasons[len(c.Reasons)-1]; !strings.Contains(last.ZH, "数字本身分不出") {
			t.Error(last)
		}
	}
}

func TestMixedColumns(t *testing.T) {
	t.Parallel()
	xs, ys := column(30, 117.0, 0.002, "%.5f"), column(30, 39.0, 0.002, "%.5f")
	for i := range 6 { // exchanged
		xs[5*i], ys[5*i] = ys[5*i], xs[5*i]
	}
	xs[1], ys[1] = "0", "0"
	xs[2], ys[2] = "121.47", "31.23" // Shanghai
	xs[3] = "待定"
	ys[4] = ""
	x, err := crsOf(t, "EPSG:4527").FromWGS84(orb.Point{117.05, 39.05})
	if err != nil {
		t.Fatal(err)
	}
	xs[6], ys[6] = fmt.Sprint(x[0]), fmt.Sprint(x[1])
	c := guess(t, xs, ys, crsguess.Area{Bounds: xiqing, Hints: []string{"WGS84"}})
	if c.Key != "EPSG:4326" || c.Ask || c.Rows != 30 || c.Fits != 30-6-5 || len(c.Misfits) != 11 {
		t.Fatalf("%+v", c)
	}
	var says []string
	for _, m := range c.Misfits {
		says = append(says, fmt.Sprintf("%d %s", m.Row, m.ZH))
	}
	all := strings.Join(says, "\n")
	for _, want := range []string{
		"0 像是两个坐标写反了", "1 坐标为 0", "2 落在辖区以外约 ", "3 不是坐标", "4 坐标没有填写", "6 数值像是以米为单位的平面坐标",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said:\n%s", want, all)
		}
	}
	mixed := slices.ContainsFunc(c.Reasons, func(r crsguess.Reason) bool { return strings.Contains(r.ZH, "可能混写了两种坐标") })
	if !mixed {
		t.Errorf("%v", c.Reasons)
	}
}

func crsOf(t *testing.T, name string) geo.CRS {
	t.Helper()
	c, err := geo.ParseCRS(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMisfitsSayWhatTheyLookLike(t *testing.T) {
	t.Parallel()
	xs, ys := column(20, 117.0, 0.002, "%.5f"), column(20, 39.0, 0.002, "%.5f")
	for i := range 5 {
		p, err := crsOf(t, "EPSG:3857").FromWGS84(orb.Point{117.1, 39.0 + 0.01*float64(i)})
		if err != nil {
			t.Fatal(err)
		}
		xs[i], ys[i] = fmt.Sprint(p[0]), fmt.Sprint(p[1])
	}
	c := guess(t, xs, ys, crsguess.Area{Bounds: xiqing})
	for _, m := range c.Misfits {
		if !strings.Contains(m.ZH, "像是Web 墨卡托") && !strings.Contains(m.ZH, "像是 Web 墨卡托") {
			t.Error(m)
		}
	}
	if len(c.Misfits) != 5 {
		t.Errorf("%d misfits", len(c.Misfits))
	}
}

func TestOlderDatumsAreNamedAndNotConverted(t *testing.T) {
	t.Parallel()
	var xs, ys []string
	for i := range 10 {
		p, err := crsOf(t, "EPSG:4548").FromWGS84(orb.Point{117.0 + 0.01*float64(i), 39.05})
		if err != nil {
			t.Fatal(err)
		}
		xs, ys = append(xs, fmt.Sprintf("%.3f", p[1])), append(ys, fmt.Sprintf("%.3f", p[0]))
	}
	c := guess(t, xs, ys, crsguess.Area{Bounds: xiqing})
	if c.Key != "EPSG:4548 swapped" || c.Ask || c.Confidence < 90 {
		t.Errorf("%+v", c)
	}
	if last := c.Reasons[len(c.Reasons)-1]; !strings.Contains(last.ZH, "北京54、西安80") {
		t.Error(last)
	}
	for hint, key := range map[string]string{"西安80坐标 X": "Xian1980", "北京54 y": "Beijing1954"} {
		c := guess(t, xs, ys, crsguess.Area{Bounds: xiqing, Hints: []string{hint}})
		_, err := c.Apply(xs[0], ys[0])
		var row *crsguess.RowError
		if c.Key != key || c.Convertible || !errors.As(err, &row) || !strings.Contains(row.ZH, "测绘部门") || len(c.Preview) > 0 {
			t.Errorf("%s: %+v, %v", hint, c, err)
		}
	}
}

func TestLocalSystem(t *testing.T) {
	t.Parallel()
	c := guess(t, column(10, 98_000, 100, "%.2f"), column(10, 287_000, 100, "%.2f"), crsguess.Area{Bounds: xiqing})
	if c.Key != "local" || c.Convertible || !c.Ask {
		t.Errorf("%+v", c)
	}
}

func TestAnotherDistrict(t *testing.T) {
	t.Parallel()
	c := guess(t, column(20, 121.4, 0.001, "%.4f"), column(20, 31.2, 0.001, "%.4f"), crsguess.Area{Bounds: xiqing})
	if c.Key != "EPSG:4326" || !c.Ask || c.Confidence > 20 || !strings.Contains(c.Reasons[0].ZH, "都不在辖区") || len(c.Preview) != 20 {
		t.Errorf("%+v", c)
	}
}

func TestWithoutTheDistrictEveryMeridianIsAsked(t *testing.T) {
	t.Parallel()
	list := crsguess.Guess(column(5, 510_000, 100, "%.2f"), column(5, 4_330_000, 100, "%.2f"), crsguess.Area{})
	asked := 0
	for _, c := range list {
		if c.Ask && c.Convertible {
			asked++
		}
	}
	if asked != 21 {
		t.Errorf("%d of %d ask", asked, len(list))
	}
}

func TestHintsThatContradict(t *testing.T) {
	t.Parallel()
	area := crsguess.Area{Bounds: xiqing, Hints: []string{"高德经度", "WGS84纬度"}}
	c := guess(t, column(5, 117, 0.01, "%.4f"), column(5, 39, 0.01, "%.4f"), area)
	if !c.Ask || !slices.ContainsFunc(c.Reasons, func(r crsguess.Reason) bool { return strings.Contains(r.ZH, "现有依据不足以分辨") }) {
		t.Errorf("%+v", c)
	}
}

func TestPreviewIsBoundedAndEven(t *testing.T) {
	t.Parallel()
	c := guess(t, column(5000, 117, 0.00001, "%.6f"), column(5000, 39, 0.00001, "%.6f"), crsguess.Area{Bounds: xiqing})
	if len(c.Preview) != crsguess.MostPreview || c.Preview[0].Row != 0 || c.Preview[199].Row < 4950 {
		t.Errorf("%d points, from %d to %d", len(c.Preview), c.Preview[0].Row, c.Preview[len(c.Preview)-1].Row)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "EPSG:2437", "GCJ-02 turned", "EPSG:4326 swapped swapped", "GCJ02", "swapped", "EPSG:4326+GCJ-02x"} {
		if c, ok := crsguess.ParseKey(key); ok {
			t.Errorf("%q is a key: %+v", key, c)
		}
	}
	for _, key := range []string{"EPSG:4326", "GCJ-02 swapped pair", "EPSG:3857+GCJ-02", "EPSG:4548 swapped", "EPSG:4326 packed", "Xian1980", "local"} {
		c, ok := crsguess.ParseKey(key)
		if !ok || c.Key != key || c.Convertible != !slices.Contains([]string{"Xian1980", "local"}, key) {
			t.Errorf("%q: %+v, %v", key, c, ok)
		}
	}
}

func TestApplyNamesTheColumn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ key, x, y, column, zh string }{
		{"EPSG:4326", "", "39.1", "x", "没有填写"},
		{"EPSG:4326", "117.1", "北纬", "y", "不是坐标"},
		{"EPSG:4326", "117.1", "391", "y", "纬度应在"},
		{"EPSG:4326 swapped", "391", "117.1", "x", "纬度应在"},
		{"EPSG:4326", "39.1N", "117.1E", "", "相反"},
		{"EPSG:4326", "0", "0", "", "坐标为 0"},
		{"EPSG:4326 pair", "117.1", "", "", "两个坐标"},
		{"EPSG:4326 packed", "117.75", "39.10", "", "小于 60"},
		{"EPSG:4548", "117.1", "39.1", "x", "经纬度"},
	} {
		c, ok := crsguess.ParseKey(tc.key)
		if !ok {
			t.Fatal(tc.key)
		}
		_, err := c.Apply(tc.x, tc.y)
		var row *crsguess.RowError
		if !errors.As(err, &row) || row.Column != tc.column || !strings.Contains(row.ZH, tc.zh) || row.EN == "" || row.Error() != row.EN {
			t.Errorf("%+v: %+v", tc, row)
		}
	}
}

// TestApplyUndoesWriting writes a place in every system and reads it back.
func TestApplyUndoesWriting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		at := orb.Point{rapid.Float64Range(80, 130).Draw(rt, "lon"), rapid.Float64Range(19, 50).Draw(rt, "lat")}
		name := rapid.SampledFrom([]string{"EPSG:4326", "GCJ-02", "BD-09", "EPSG:3857", "EPSG:4548", "EPSG:4527"}).Draw(rt, "system")
		q, err := crsOf(t, name).FromWGS84(at)
		if err != nil {
			return // out of the zone
		}
		texts := []string{fmt.Sprint(q[0]), fmt.Sprint(q[1])}
		key := name
		if rapid.Bool().Draw(rt, "swapped") {
			key += " swapped"
			slices.Reverse(texts)
		}
		if rapid.Bool().Draw(rt, "pair") {
			key += " pair"
			texts = []string{strings.Join(texts, ","), ""}
		}
		c, ok := crsguess.ParseKey(key)
		if !ok {
			rt.Fatal(key)
		}
		got, err := c.Apply(texts[0], texts[1])
		if err != nil || math.Abs(got[0]-at[0]) > 1e-8 || math.Abs(got[1]-at[1]) > 1e-8 {
			rt.Fatalf("%s of %q: %v, %v; want %v", key, texts, got, err, at)
		}
	})
}

func BenchmarkGuess(b *testing.B) {
	const rows = 100_000
	xs, ys := column(rows, 117, 0.000001, "%.7f"), column(rows, 39, 0.000001, "%.7f")
	for b.Loop() {
		crsguess.Guess(xs, ys, crsguess.Area{Bounds: xiqing})
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}
