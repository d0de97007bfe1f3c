package estates

import (
	"strings"

	"yike/facilities/premises"
)

// Floors are the storeys that a room is on.
type Floors struct {
	Lowest, Highest int // storeys; below ground they are negative, and 0 is none
	Mezzanine       bool
}

// ParseFloors reads storeys as the ledger does (premises.Floors), and a mezzanine (夹层) or
// half a basement (半地下) besides. A half basement is below ground for every rule. False for
// what says no storey.
func ParseFloors(text string) (Floors, bool) {
	var f Floors
	if strings.Contains(text, "夹") {
		f.Mezzanine = true
		text = strings.ReplaceAll(strings.ReplaceAll(text, "夹层", ""), "夹", "")
		if strings.TrimSpace(text) == "" {
			return f, true
		}
	}
	switch text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "第"), "地上")); strings.TrimSuffix(text, "层") {
	case "半地下", "地下室", "地下":
		text = "-1"
	}
	var ok bool
	if f.Lowest, f.Highest, ok = premises.Floors(text); !ok {
		return Floors{}, false
	}
	return f, true
}
