package premises

import (
	"strconv"
	"strings"
)

// Need says what kind of room somebody looks for, such as one for a new facility. What is
// zero asks for nothing.
type Need struct {
	Use     Use  // approved, as a whole or in a part
	MinArea Area // of the parts of Use, or of the whole room where Use is not asked for
	Floor   int  // 1 is at street level, −1 below it; 0 for any
	Free    bool // handed over, empty, and no facility works there
}

// Unfit is why a room is not what is looked for; "" where it is.
type Unfit string

// The reasons, in the order in which they are looked for.
const (
	UnfitUse        Unfit = "use"           // approved for something else
	UnfitUnplaced   Unfit = "unplaced"      // nobody knows where it is
	UnfitAreaKnown  Unfit = "area_unknown"  // nobody knows how large it is
	UnfitArea       Unfit = "area"          // too small
	UnfitFloorKnown Unfit = "floor_unknown" // the floor is not written so that it can be read
	UnfitFloor      Unfit = "floor"         // on another floor
	UnfitState      Unfit = "state"         // not handed over, disputed or withdrawn
	UnfitUsed       Unfit = "used"          // in use
	UnfitUseKnown   Unfit = "use_unknown"   // nobody looked what it is used for
)

// Unfit gives the first reason why a room does not meet the need. What the ledger does not
// know never passes for fit.
func (n Need) Unfit(r Room) Unfit {
	if n.Use != "" && !r.allowed(n.Use) {
		return UnfitUse
	}
	if !r.Placed {
		return UnfitUnplaced
	}
	if n.MinArea > 0 {
		switch area := n.area(r); {
		case area == 0:
			return UnfitAreaKnown
		case area < n.MinArea:
			return UnfitArea
		}
	}
	if n.Floor != 0 {
		low, high, ok := Floors(r.Floor)
		switch {
		case !ok:
			return UnfitFloorKnown
		case n.Floor < low || n.Floor > high:
			return UnfitFloor
		}
	}
	return n.unfree(r)
}

// area is what the room has for the use that is asked for.
func (n Need) area(r Room) Area {
	if n.Use == "" || len(r.Parts) == 0 {
		return r.Area
	}
	var sum Area
	for _, p := range r.Parts {
		if p.Use == n.Use {
			sum += p.Area
		}
	}
	return sum
}

func (n Need) unfree(r Room) Unfit {
	switch {
	case r.State == Withdrawn:
		return UnfitState
	case !n.Free:
		return ""
	case r.State != HandedOver:
		return UnfitState
	case r.FacilityID != "" || r.PresentUse != "" && r.PresentUse != Vacant:
		return UnfitUsed
	case r.PresentUse == "":
		return UnfitUseKnown
	}
	return ""
}

// Floors reads a floor as people write it: 1, -1, 1–2, 3F, B1, 一层, 地下一层, 首层. It
// gives the lowest and the highest, of which none is 0; false where the text says
// something else.
func Floors(text string) (low, high int, ok bool) {
	text = strings.NewReplacer(" ", "", "　", "", "楼", "", "层", "", "Ｆ", "", "F", "", "f", "", "L", "", "~", "–", "～", "–", "—", "–", "至", "–", "到", "–").Replace(strings.TrimSpace(text))
	first, second, ranged := strings.Cut(text, "–")
	if !ranged {
		// A hyphen parts two floors or is the sign of one below the street.
		unsigned := strings.TrimPrefix(text, "-")
		if lower, upper, hyphen := strings.Cut(unsigned, "-"); hyphen {
			first, second, ranged = text[:len(text)-len(unsigned)]+lower, upper, true
		}
	}
	if low, ok = floor(first); !ok {
		return 0, 0, false
	}
	if !ranged {
		return low, low, true
	}
	if high, ok = floor(second); !ok || high < low {
		return 0, 0, false
	}
	return low, high, true
}

const mostFloor = 200

func floor(text string) (int, bool) {
	sign := 1
	for _, below := range []string{"地下", "负", "B", "b", "-"} {
		if rest, cut := strings.CutPrefix(text, below); cut {
			text, sign = rest, -1
			break
		}
	}
	if text == "首" {
		return 1, sign > 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		n = chineseNumber(text)
	}
	if n < 1 || n > mostFloor || strings.ContainsAny(text, "+-") {
		return 0, false
	}
	return sign * n, true
}

// chineseNumber reads 一 to 九十九; 0 for anything else.
func chineseNumber(text string) int {
	digit := func(s string) int {
		for i, d := range []string{"一", "二", "三", "四", "五", "六", "七", "八", "九"} {
			if s == d {
				return i + 1
			}
		}
		return 0
	}
	tens, ones, ten := strings.Cut(text, "十")
	switch {
	case !ten:
		return digit(text)
	case tens != "" && digit(tens) == 0 || ones != "" && digit(ones) == 0:
		return 0
	}
	return max(digit(tens), 1)*10 + digit(ones)
}
