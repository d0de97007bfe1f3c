package doors

import (
	"cmp"
	"slices"
)

// Miss is how often a code that is nobody's was asked for within one hour. It says nothing of who
// asked.
type Miss struct {
	Code  string
	Hour  int64 // hours since 1970
	Scans int
}

// Suspicion is what reports of the public say of one plate that points to a fake: that it is
// covered, or looks like none of the authority's.
type Suspicion struct {
	Code     string
	Division string // where the plate is; "" unknown
	Hour     int64
	Reports  int  // folded ones with it
	Real     bool // a plate of the authority has the code
}

// AlarmRule says from when on something is an alarm. All of a rule's numbers must be reached.
type AlarmRule struct {
	Window  int64 // hours back that are looked at
	Hours   int   // different hours in which one unknown code was asked for
	Days    int   // different days of them
	Scans   int   // times in all
	Reports int   // reports of one plate
	Plates  int   // plates of one division that are reported as covered or fake
}

// UsualAlarms is the rule of the program: a code typed wrongly is asked for once or a few times
// within an hour, a plate on a wall again and again on several days.
func UsualAlarms() AlarmRule {
	return AlarmRule{Window: 14 * 24, Hours: 3, Days: 2, Scans: 4, Reports: 2, Plates: 3}
}

// AlarmKind says what an alarm follows from.
type AlarmKind string

// The kinds of alarms.
const (
	AlarmUnknownCode AlarmKind = "unknown_code" // one code that is nobody's, again and again
	AlarmPlate       AlarmKind = "plate"        // one plate that several people suspect
	AlarmArea        AlarmKind = "area"         // several plates of one division
)

// Alarm is something that looks like plates somebody faked or pasted over.
type Alarm struct {
	Kind        AlarmKind
	Code        string // of the plate; "" for an area
	Division    string // "" where nobody said
	Codes       []string
	First, Last int64 // hours since 1970
	Hours, Days int
	Scans       int
	Reports     int
}

// Alarms finds what looks like fakes in the window before now, the most asked for first. It sorts
// what it is given: O(n log n) in misses and suspicions.
func Alarms(misses []Miss, suspected []Suspicion, now int64, rule AlarmRule) []Alarm {
	out := unknownCodes(misses, now, rule)
	out = append(out, suspectedPlates(suspected, now, rule)...)
	out = append(out, suspectedAreas(suspected, now, rule)...)
	slices.SortStableFunc(out, func(a, b Alarm) int {
		return cmp.Or(cmp.Compare(b.Reports, a.Reports), cmp.Compare(b.Scans, a.Scans), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Division, b.Division))
	})
	return out
}

const hoursADay = 24

func unknownCodes(misses []Miss, now int64, rule AlarmRule) []Alarm {
	seen := slices.Clone(misses)
	slices.SortFunc(seen, func(a, b Miss) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Hour, b.Hour)) })
	var out []Alarm
	for i := 0; i < len(seen); {
		a := Alarm{Kind: AlarmUnknownCode, Code: seen[i].Code}
		hour, day := int64(-1), int64(-1)
		for ; i < len(seen) && seen[i].Code == a.Code; i++ {
			m := seen[i]
			if m.Hour > now || m.Hour <= now-rule.Window || m.Scans <= 0 {
				continue
			}
			if a.Scans == 0 {
				a.First = m.Hour
			}
			a.Last, a.Scans = m.Hour, a.Scans+m.Scans
			if m.Hour != hour {
				a.Hours, hour = a.Hours+1, m.Hour
			}
			if m.Hour/hoursADay != day {
				a.Days, day = a.Days+1, m.Hour/hoursADay
			}
		}
		if a.Hours >= rule.Hours && a.Days >= rule.Days && a.Scans >= rule.Scans {
			out = append(out, a)
		}
	}
	return out
}

// suspectedPlates are those of one code; of an unknown code one report is enough, since somebody
// stands before it.
func suspectedPlates(suspected []Suspicion, now int64, rule AlarmRule) []Alarm {
	by := map[string]*Alarm{}
	known := map[string]bool{}
	for _, s := range suspected {
		if s.Code == "" || s.Hour > now || s.Hour <= now-rule.Window {
			continue
		}
		a := by[s.Code]
		if a == nil {
			a = &Alarm{Kind: AlarmPlate, Code: s.Code, First: s.Hour, Last: s.Hour}
			by[s.Code] = a
		}
		a.add(s)
		known[s.Code] = known[s.Code] || s.Real
	}
	var out []Alarm
	for code, a := range by {
		if a.Reports >= rule.Reports || !known[code] {
			out = append(out, *a)
		}
	}
	return out
}

func suspectedAreas(suspected []Suspicion, now int64, rule AlarmRule) []Alarm {
	by := map[string]*Alarm{}
	for _, s := range suspected {
		if s.Division == "" || s.Code == "" || s.Hour > now || s.Hour <= now-rule.Window {
			continue
		}
		a := by[s.Division]
		if a == nil {
			a = &Alarm{Kind: AlarmArea, First: s.Hour, Last: s.Hour}
			by[s.Division] = a
		}
		a.add(s)
		if !slices.Contains(a.Codes, s.Code) {
			a.Codes = append(a.Codes, s.Code)
		}
	}
	var out []Alarm
	for division, a := range by {
		if len(a.Codes) >= rule.Plates {
			slices.Sort(a.Codes)
			a.Division = division
			out = append(out, *a)
		}
	}
	return out
}

func (a *Alarm) add(s Suspicion) {
	a.First, a.Last = min(a.First, s.Hour), max(a.Last, s.Hour)
	a.Reports += s.Reports
	a.Division = cmp.Or(a.Division, s.Division)
}
