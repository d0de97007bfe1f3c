package numbering

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"yike/internal/rules"
)

//go:embed checks.json
var checksJSON []byte

// CheckInfo is a check as people read of it.
type CheckInfo struct {
	ID       string      `json:"id"`
	ZH       string      `json:"zh"`
	EN       string      `json:"en"`
	TestZH   string      `json:"test_zh"`
	TestEN   string      `json:"test_en"`
	Clause   Clause      `json:"clause"` // whose source it has; "" for one of its own
	Must     bool        `json:"must"`   // else it is a should
	Grade    rules.Grade `json:"grade"`
	SourceZH string      `json:"source_zh"`
	SourceEN string      `json:"source_en"`
}

// Checks gives the checks of door numbers by id. The error says what is wrong with the
// embedded file; a test keeps it nil.
func Checks() ([]CheckInfo, error) {
	var out []CheckInfo
	if err := json.Unmarshal(checksJSON, &out); err != nil {
		return nil, fmt.Errorf("read the checks of door numbers: %w", err)
	}
	return out, nil
}

// Fault is one thing that a check found.
type Fault struct {
	Numbers   []string // as they are written, with what follows a sub-number
	Existing  []string // ids of the existing numbers
	Frontages []string // ids
	ZH, EN    string
}

// Verdict is what one check came to.
type Verdict struct {
	CheckInfo // with the grade and source that hold under the rule set
	Outcome   rules.Outcome
	// Severity is error only for a must whose text was read whole.
	Severity rules.Severity
	Faults   []Fault
	WhyZH    string // why it does not apply, or what nobody knows
	WhyEN    string
}

// unit is a number in its place, existing or proposed.
type unit struct {
	number      Number
	deeper      string
	existing    string
	frontage    int // index, or -1
	gap         bool
	s           spot
	reserved    bool
	provisional bool
	flagged     bool
	kind        Kind
}

func (u unit) label() string { return u.number.String() + u.deeper }

// verdicts checks the numbers that are there and those proposed together.
func (t *task) verdicts() ([]Verdict, error) {
	infos, err := Checks()
	if err != nil {
		return nil, err
	}
	j := &judge{task: t, units: t.units()}
	j.order()
	found := map[string]func() result{
		"PLT-01": j.twice, "PLT-02": j.leftOut, "PLT-03": j.sides, "PLT-04": j.rising, "PLT-05": j.oneSided, "PLT-06": j.reserve, "PLT-07": j.depth,
		"PLT-08": j.luck, "PLT-09": j.corners, "PLT-10": j.sections, "PLT-11": j.yards, "PLT-12": j.provisional, "PLT-13": j.distances,
	}
	var out []Verdict
	for _, info := range infos {
		v := Verdict{CheckInfo: info}
		if info.Clause != "" {
			s := t.set.Source(info.Clause)
			v.Grade, v.SourceZH, v.SourceEN = s.Grade, s.ZH, s.EN
		}
		v.Severity = severity(info.Must, v.Grade)
		r := found[info.ID]()
		v.Outcome, v.Faults, v.WhyZH, v.WhyEN = r.outcome(), r.faults, r.zh, r.en
		out = append(out, v)
	}
	return out, nil
}

func severity(must bool, g rules.Grade) rules.Severity {
	switch {
	case must && g == rules.ReadWhole:
		return rules.Error
	case g == rules.ReadWhole || g == rules.ReadExcerpt || g == rules.Derived:
		return rules.Warning
	}
	return rules.Info
}

// units gives every number, existing and proposed.
func (t *task) units() []unit {
	var out []unit
	converted := map[string]bool{}
	for _, p := range t.out {
		if p.Kind == Given && p.ExistingID != "" {
			converted[p.ExistingID] = true
		}
	}
	for k, e := range t.existing {
		if !converted[e.ID] {
			out = append(out, unit{
				number: e.Number, deeper: e.Deeper, existing: e.ID, frontage: t.holder[k], s: t.places[k], reserved: e.Reserved,
				provisional: e.Provisional, flagged: e.Flagged, kind: Kept,
			})
		}
	}
	for _, p := range t.out {
		if p.Kind != Given && p.Kind != Reserved || p.Number.N == 0 {
			continue
		}
		u := unit{number: p.Number, existing: p.ExistingID, kind: p.Kind, reserved: p.Kind == Reserved, frontage: -1}
		u.frontage = slices.IndexFunc(t.frontages, func(f Frontage) bool { return f.ID == p.FrontageID })
		u.gap = u.frontage < 0
		u.s = spot{at: p.AlongM, side: p.Side, row: p.Row, point: p.Point, ok: p.Point != [2]float64{}}
		if t.set.Layout == ByRows && u.frontage >= 0 {
			u.s = t.spots[u.frontage]
		}
		out = append(out, u)
	}
	return out
}

// result is what a check found: faults, or why it says nothing.
type result struct {
	faults  []Fault
	notHere bool
	unknown bool
	zh, en  string
}

func (r result) outcome() rules.Outcome {
	switch {
	case len(r.faults) > 0:
		return rules.Fail
	case r.notHere:
		return rules.NotApplicable
	case r.unknown:
		return rules.Undetermined
	}
	return rules.Pass
}

func notHere(zh, en string) result { return result{notHere: true, zh: zh, en: en} }

func (j *judge) fault(zh, en string, units ...unit) Fault {
	f := Fault{ZH: zh, EN: en}
	for _, u := range units {
		if u.number.N > 0 {
			f.Numbers = append(f.Numbers, u.label())
		}
		if u.existing != "" {
			f.Existing = append(f.Existing, u.existing)
		}
		if u.frontage >= 0 {
			f.Frontages = append(f.Frontages, j.frontages[u.frontage].ID)
		}
	}
	return f
}
