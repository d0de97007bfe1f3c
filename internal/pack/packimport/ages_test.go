package packimport

import (
	"testing"

	"yike/internal/pack"
)

func TestAges(t *testing.T) {
	t.Parallel()
	to := func(n int) *int { return &n }
	for _, c := range []struct {
		name   string
		band   pack.Band
		zh, en string
	}{
		{"all", pack.Band{ID: "all", Widest: true}, "全部年龄", "of all ages"},
		{"an id that names other ages", pack.Band{ID: "70+", From: 60}, "60 岁及以上", "aged 60 and over"},
		{"widest from an age", pack.Band{ID: "all", From: 20, Widest: true}, "20 岁及以上", "aged 20 and over"},
		{"from birth", pack.Band{ID: "minors", To: to(17)}, "0–17 岁", "aged 0 to 17"},
		{"between", pack.Band{ID: "x", From: 60, To: to(69)}, "60–69 岁", "aged 60 to 69"},
		{"one year", pack.Band{ID: "x", From: 6, To: to(6)}, "6 岁", "aged 6"},
	} {
		if got := Ages(c.band); got.ZH != c.zh || got.EN != c.en {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
