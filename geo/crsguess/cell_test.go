package crsguess

import (
	"math"
	"testing"
)

func TestReadCell(t *testing.T) {
	t.Parallel()
	const lon = 117 + 5.0/60 + 12.3/3600
	for _, tc := range []struct {
		text string
		want float64
		mark mark
	}{
		{"117.0867", 117.0867, unmarked},
		{" １１７．０８６７　", 117.0867, unmarked},
		{"1.170867e2", 117.0867, unmarked},
		{"1.170867E+02", 117.0867, unmarked},
		{"-12.5", -12.5, unmarked},
		{"4,338,468.97", 4338468.97, unmarked},
		{"4338468.97米", 4338468.97, unmarked},
		{"500123.4 m", 500123.4, unmarked},
		{"117.0867°", 117.0867, unmarked},
		{"117.0867度", 117.0867, unmarked},
		{"E117.0867", 117.0867, longitude},
		{"117.0867E", 117.0867, longitude},
		{"39.1N", 39.1, latitude},
		{"东经117.0867", 117.0867, longitude},
		{"北纬：39.1", 39.1, latitude},
		{"lng=117.0867", 117.0867, longitude},
		{"X=4338468.97", 4338468.97, unmarked},
		{"117°05′12.3″", lon, unmarked},
		{"117° 05′ 12.3″", lon, unmarked},
		{"117°5'12.3''E", lon, longitude},
		{"117度5分12.3秒", lon, unmarked},
		{"东经117度5分12.3秒", lon, longitude},
		{"117 05 12.3", lon, unmarked},
		{"117-05-12.3", lon, unmarked},
		{"117:05:12.3", lon, unmarked},
		{"117º05ʹ12.3", math.NaN(), unmarked}, // a prime that nobody's keyboard has
		{"117°5.205′", lon, unmarked},
		{"117d05m12.3s", lon, unmarked},
		{"W117°05′12.3″", -lon, longitude},
		{"", math.NaN(), unmarked},
		{"无", math.NaN(), unmarked},
		{"117 05", math.NaN(), unmarked},
		{"117°65′", math.NaN(), unmarked},
		{"117°05′60″", math.NaN(), unmarked},
		{"117.5°05′", math.NaN(), unmarked},
		{"4,33,468", math.NaN(), unmarked},
		{"0x75", math.NaN(), unmarked},
		{"inf", math.NaN(), unmarked},
		{"1_1", math.NaN(), unmarked},
		{"12号", math.NaN(), unmarked},
		{"1 2 3 4", math.NaN(), unmarked},
	} {
		c, ok := readCell(tc.text)
		if ok == math.IsNaN(tc.want) || ok && (math.Abs(c.v-tc.want) > 1e-9 || c.mark != tc.mark) {
			t.Errorf("%q: %v %+v; want %v, mark %d", tc.text, ok, c, tc.want, tc.mark)
		}
	}
}

func TestSplitPair(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		x, y float64
	}{
		{"117.1,39.2", 117.1, 39.2},
		{"117.1，39.2", 117.1, 39.2},
		{"(117.1, 39.2)", 117.1, 39.2},
		{"117.1 39.2", 117.1, 39.2},
		{"117.1;39.2", 117.1, 39.2},
		{"117.1/39.2", 117.1, 39.2},
		{"39.2、117.1", 39.2, 117.1},
		{"POINT (117.1 39.2)", 117.1, 39.2},
		{"[117.1,39.2]", 117.1, 39.2},
		{"东经117.1 北纬39.2", 117.1, 39.2},
		{"东经117.1北纬39.2", 117.1, 39.2},
		{"117.1E39.2N", 117.1, 39.2},
		{"117°06′00″, 39°12′00″", 117.1, 39.2},
		{"117°06′00″ 39°12′00″", 117.1, 39.2},
		{"117 06 00 39 12 00", 117.1, 39.2},
		{"4338468.97,500123.4", 4338468.97, 500123.4},
		{"X:117.1 Y:39.2", 117.1, 39.2},
		{"", 0, 0},
		{"117.1", 0, 0},
		{"解放路12号", 0, 0},
		{"117.1,", 0, 0},
	} {
		x, y, ok := splitPair(tc.text)
		if ok != (tc.x != 0) {
			t.Errorf("%q: %v", tc.text, ok)
			continue
		}
		if !ok {
			continue
		}
		a, okA := readCell(x)
		b, okB := readCell(y)
		if !okA || !okB || math.Abs(a.v-tc.x) > 1e-9 || math.Abs(b.v-tc.y) > 1e-9 {
			t.Errorf("%q: %q, %q", tc.text, x, y)
		}
	}
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]float64{
		117.0512: 117 + 5.0/60 + 12.0/3600, 117.051234: 117 + 5.0/60 + 12.34/3600, 39: 39, 117.65: -1, 117.0565: -1, -1: -1,
	} {
		got, ok := unpack(v)
		if ok != (want >= 0) || ok && math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: %v, %v; want %v", v, got, ok, want)
		}
	}
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"117.1", "东经117°05′12.3″", "117.1,39.2", "POINT(117.1 39.2)", "4,338,468.97", "117d05m12s", "°'\"", "E", "北纬"} {
		f.Add(s, "39.1")
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		if c, ok := readCell(x); ok && math.IsNaN(c.v) {
			t.Errorf("%q is NaN", x)
		}
		for _, c := range Guess([]string{x}, []string{y}, Area{}) {
			if p, err := c.Apply(x, y); err == nil && (math.IsNaN(p[0]) || math.IsNaN(p[1])) {
				t.Errorf("%s of %q, %q: %v", c.Key, x, y, p)
			}
			if again, ok := ParseKey(c.Key); !ok || again.Key != c.Key {
				t.Errorf("%q is no key", c.Key)
			}
		}
	})
}
