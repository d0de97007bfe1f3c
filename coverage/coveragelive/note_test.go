package coveragelive

import (
	"strings"
	"testing"

	"yike/coverage"
	"yike/facilities"
	"yike/geo/divisions"
)

// A note belongs to the measures other than walking, and its Chinese has full-width
// brackets.
func TestNotes(t *testing.T) {
	t.Parallel()
	s := &State{Hierarchy: coverage.NewHierarchy([]divisions.Division{{Code: "990101001001", Level: divisions.Community}})}
	for measure, want := range map[facilities.Measure]bool{facilities.Walk: false, facilities.Presence: true, facilities.Drive: true} {
		note := s.noteOn(facilities.TypeInfo{ZH: "救助站", EN: "rescue stations", Measure: measure})
		if (note != nil) != want {
			t.Errorf("%s: note %v; want one: %v", measure, note, want)
			continue
		}
		if want && (strings.ContainsAny(note.ZH, "()") || !strings.Contains(note.ZH, "救助站") || !strings.Contains(note.EN, "rescue stations")) {
			t.Errorf("%s: %+v", measure, note)
		}
	}
}
