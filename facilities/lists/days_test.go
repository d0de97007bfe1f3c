package lists_test

import (
	"testing"

	"yike/facilities/lists"
	"yike/internal/record"
)

func TestDaysAsPeopleAndSpreadsheetsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		day record.Day
		fit lists.DayFit
	}{
		"2024-5-6": {"2024-05-06", lists.WholeDay}, "2024/05/06": {"2024-05-06", lists.WholeDay}, "2024.5.6": {"2024-05-06", lists.WholeDay},
		"20240506": {"2024-05-06", lists.WholeDay}, "2024年5月6日": {"2024-05-06", lists.WholeDay}, "２０２４年５月６日": {"2024-05-06", lists.WholeDay},
		"2024-05-06 10:30:00": {"2024-05-06", lists.WholeDay}, "2024-05-06T10:30:00Z": {"2024-05-06", lists.WholeDay},
		"45418": {"2024-05-06", lists.WholeDay}, "2024年5月": {"2024-05-01", lists.MonthOnly}, "202405": {"2024-05-01", lists.MonthOnly},
	} {
		if day, fit := lists.Day(text); day != want.day || fit != want.fit {
			t.Errorf("%q is %q, %d; want %q, %d", text, day, fit, want.day, want.fit)
		}
	}
	for text, want := range map[string]lists.DayFit{"": lists.NoDay, "去年": lists.NoDay, "12": lists.NoDay, "2024-04-31": lists.ImpossibleDay, "20240431": lists.ImpossibleDay} {
		if day, fit := lists.Day(text); fit != want {
			t.Errorf("%q is %q, %d; want %d", text, day, fit, want)
		}
	}
}

func FuzzDay(f *testing.F) {
	for _, text := range []string{"2024-5-6", "20240506", "45418", "2024年5月", "24/5/6", "99999999", "2024-02-30 1:2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, fit := lists.Day(text)
		if fit == lists.WholeDay || fit == lists.MonthOnly {
			if _, ok := record.ParseDay(string(day)); !ok {
				t.Errorf("%q is %q, which is no day", text, day)
			}
		}
	})
}
