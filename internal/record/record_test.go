package record_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"yike/internal/record"
)

const today = record.Day("2026-11-27")

func fields(faults []record.Fault) string {
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			return "a fault without words"
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestDays(t *testing.T) {
	t.Parallel()
	// A quarter past midnight in Shanghai is the evening before in Greenwich.
	if d := record.DayOf(time.Date(2026, 11, 26, 16, 15, 0, 0, time.UTC)); d != today {
		t.Errorf("got %s", d)
	}
	if d := record.DayOf(time.Date(2026, 11, 27, 15, 59, 59, 0, time.UTC)); d != today {
		t.Errorf("got %s", d)
	}
	for text, want := range map[string]bool{
		"2026-11-27": true, "2024-02-29": true, "2026-02-29": false, "2026-11-7": false, "27.11.2026": false, "": false, "0000-01-01": false, "infinity": false,
	} {
		if d, ok := record.ParseDay(text); ok != want || ok && string(d) != text {
			t.Errorf("%q is a day: %v", text, ok)
		}
	}
}

func TestFirstVersion(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change record.Change
		from   record.Day
		faults string
	}{
		{"from today", record.Change{Reason: "新建"}, today, ""},
		{"from a day before", record.Change{Reason: "新建", ValidFrom: "2020-01-01"}, "2020-01-01", ""},
		{"from tomorrow", record.Change{Reason: "新建", ValidFrom: "2026-11-28"}, "2026-11-28", "valid_from"},
		{"from no day", record.Change{Reason: "新建", ValidFrom: "soon"}, "soon", "valid_from"},
		{"no reason", record.Change{Reason: " \n"}, today, "reason"},
		{"a long reason", record.Change{Reason: strings.Repeat("因", record.LongestReason+1)}, today, "reason"},
		{"a correction of nothing", record.Change{Reason: "新建", Correction: true}, today, "correction"},
	} {
		from, faults := tc.change.Check(today)
		if from != tc.from || fields(faults) != tc.faults {
			t.Errorf("%s: from %s, faults in %q", tc.name, from, fields(faults))
		}
	}
}

func TestLaterVersion(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		present record.Day
		change  record.Change
		from    record.Day
		faults  string
	}{
		{"from today", "2026-01-01", record.Change{Reason: "改"}, today, ""},
		{"twice on a day", today, record.Change{Reason: "改"}, today, ""},
		{"of a version from ever", "", record.Change{Reason: "改", ValidFrom: "1999-12-31"}, "1999-12-31", ""},
		{"from the same day", "2026-01-01", record.Change{Reason: "改", ValidFrom: "2026-01-01"}, "2026-01-01", ""},
		{"from before the present version", "2026-01-01", record.Change{Reason: "改", ValidFrom: "2025-12-31"}, "2025-12-31", "valid_from"},
		{"from tomorrow", "2026-01-01", record.Change{Reason: "改", ValidFrom: "2026-11-28"}, "2026-11-28", "valid_from"},
		{"a correction", "2026-01-01", record.Change{Reason: "改", Correction: true}, "2026-01-01", ""},
		{"a correction of what held for ever", "", record.Change{Reason: "改", Correction: true}, "", ""},
		{"a correction from a day", "2026-01-01", record.Change{Reason: "改", Correction: true, ValidFrom: "2026-03-01"}, "2026-03-01", "valid_from"},
		{"no reason", "", record.Change{}, today, "reason"},
	} {
		from, faults := tc.change.CheckAfter(tc.present, today)
		if from != tc.from || fields(faults) != tc.faults {
			t.Errorf("%s: from %s, faults in %q", tc.name, from, fields(faults))
		}
	}
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	if err := record.Invalid(nil); err != nil {
		t.Errorf("no faults: %v", err)
	}
	err := record.Invalid([]record.Fault{{Field: "reason", ZH: "请写明理由", EN: "say why"}})
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) || !strings.Contains(err.Error(), "reason: say why") {
		t.Errorf("got %v", err)
	}
}
