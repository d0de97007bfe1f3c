package facilities_test

import (
	"testing"
	"time"

	"yike/facilities"
)

func TestHoursOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		day  time.Weekday
		want string // "closed", "?" for what cannot be told
	}{
		{"08:30-17:00", time.Sunday, "08:30-17:00"},
		{"每天 08:30-17:00", time.Sunday, "08:30-17:00"},
		{"周一至周五 08:30-11:30、14:00-17:00", time.Wednesday, "08:30-11:30、14:00-17:00"},
		{"周一至周五 08:30-11:30、14:00-17:00", time.Saturday, "closed"},
		{"周一至周五 08:30-17:00；周六 09:00-12:00", time.Saturday, "09:00-12:00"},
		{"周六、周日 09:00-12:00", time.Sunday, "09:00-12:00"},
		{"周六至周一 09:00-12:00", time.Sunday, "09:00-12:00"},
		{"周六至周一 09:00-12:00", time.Tuesday, "closed"},
		{"08:00-18:00；周日休息", time.Sunday, "closed"},
		{"08:00-18:00；周日休息", time.Monday, "08:00-18:00"},
		{"午餐 11:00-13:00；晚餐 17:00-18:30", time.Friday, "午餐 11:00-13:00；晚餐 17:00-18:30"},
		{"周一至周五午餐 11:00-13:00", time.Friday, "午餐 11:00-13:00"},
		{"工作日 09:00-17:00", time.Saturday, "closed"},
		{"周末 09:00-17:00", time.Saturday, "09:00-17:00"},
		{"星期一至星期日 09:00-17:00", time.Sunday, "09:00-17:00"},
		{"Mon-Fri 08:30-17:00; Sat 09:00-12:00", time.Thursday, "08:30-17:00"},
		{"Mon-Fri 08:30-17:00; Sat 09:00-12:00", time.Saturday, "09:00-12:00"},
		{"Mon-Fri 08:30-17:00; Sat 09:00-12:00", time.Sunday, "closed"},
		{"全天", time.Sunday, "全天"},
		{"周一至周五 08:30-17:00；法定节假日休息", time.Monday, "?"},
		{"夏季 08:30-18:00；冬季 08:30-17:00", time.Monday, "?"},
		{"每周二 08:30-18:00", time.Monday, "?"},
		{"预约", time.Monday, "?"},
		{"休息", time.Monday, "?"},
	} {
		parts, err := facilities.ParseHours(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		today, known := facilities.HoursOn(parts, c.day)
		got := facilities.WriteHours(today)
		switch {
		case !known:
			got = "?"
		case len(today) == 0:
			got = "closed"
		}
		if got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.text, c.day, got, c.want)
		}
	}
	if today, known := facilities.HoursOn(nil, time.Monday); known || len(today) != 0 {
		t.Error("no hours tell something")
	}
}
