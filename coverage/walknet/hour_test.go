package walknet_test

import (
	"errors"
	"testing"

	"yike/coverage/walknet"
)

func TestHoursAsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]walknet.Hour{
		"": walknet.AnyHour, "always": walknet.AllHours, "00:00": walknet.AtMinute(0), "08:05": walknet.AtMinute(485), "23:59": walknet.AtMinute(1439),
	} {
		if got, err := walknet.ParseHour(text); err != nil || got != want || got.String() != text {
			t.Errorf("%q: %d %q, %v", text, got, got, err)
		}
	}
	for _, text := range []string{"8:05", "24:00", "12:60", "12-30", "1a:00", "00:0:", "Always", "noon ", " 8:00"} {
		if _, err := walknet.ParseHour(text); !errors.Is(err, walknet.ErrHour) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
