package estates

import (
	"cmp"
	"slices"
	"strings"

	"yike/internal/record"
	"yike/internal/rules"
)

// Frozen is what a check said on a day, in words: kept with a request or an opinion, so that
// later rules do not rewrite what people went by.
type Frozen struct {
	Day        record.Day      `json:"day"`
	Version    int             `json:"version"` // of the estate
	Conclusion Conclusion      `json:"conclusion"`
	Failed     int             `json:"failed"`
	Unknown    int             `json:"unknown"`
	Warnings   int             `json:"warnings"`
	Passed     int             `json:"passed"`   // errors that pass
	Findings   []FrozenFinding `json:"findings"` // errors and warnings that do not pass, in the order of the rules
}

// FrozenFinding is a finding in words.
type FrozenFinding struct {
	Rule        string         `json:"rule"`
	TitleZH     string         `json:"title_zh"`
	TitleEN     string         `json:"title_en"`
	Severity    rules.Severity `json:"severity"`
	Outcome     rules.Outcome  `json:"outcome"`
	Room        string         `json:"room"` // its name; "" for the estate or the community
	ValueZH     string         `json:"value_zh"`
	ValueEN     string         `json:"value_en"`
	ThresholdZH string         `json:"threshold_zh"`
	ThresholdEN string         `json:"threshold_en"`
	MissingZH   string         `json:"missing_zh"`
	MissingEN   string         `json:"missing_en"`
	ReasonZH    string         `json:"reason_zh"`
	ReasonEN    string         `json:"reason_en"`
	SourceZH    string         `json:"source_zh"`
	SourceEN    string         `json:"source_en"`
}

// Called is what people call a room: its name, else where it is.
func (r Room) Called() string {
	if r.Name != "" {
		return r.Name
	}
	return cmp.Or(r.Building+r.Floor+r.RoomNo, "?")
}

// Where is where a room is: building, floor and number, as far as they are known.
func (r Room) Where() string {
	return strings.Join(slices.DeleteFunc([]string{r.Building, r.Floor, r.RoomNo}, func(s string) bool { return s == "" }), " ")
}

// Freeze keeps what a check of an estate says on a day.
func (c Check) Freeze(set *rules.Set, e Estate, day record.Day) Frozen {
	out := Frozen{
		Day: day, Version: e.Version, Conclusion: c.Conclusion, Failed: c.Failed, Unknown: c.Unknown, Warnings: c.Warnings, Findings: []FrozenFinding{},
	}
	for _, f := range c.Findings {
		if f.Rule.Severity == rules.Error && f.Outcome == rules.Pass {
			out.Passed++
		}
		if f.Rule.Severity == rules.Info || f.Outcome == rules.Pass || f.Outcome == rules.NotApplicable {
			continue
		}
		kept := FrozenFinding{
			Rule: f.Rule.ID, TitleZH: f.Rule.TitleZH, TitleEN: f.Rule.TitleEN, Severity: f.Rule.Severity, Outcome: f.Outcome,
			ReasonZH: f.ReasonZH, ReasonEN: f.ReasonEN,
		}
		if f.Room >= 0 && f.Room < len(e.Rooms) {
			kept.Room = e.Rooms[f.Room].Called()
		}
		if f.Value != nil {
			kept.ValueZH, kept.ValueEN = set.ShowValue(f.Rule, *f.Value)
		}
		kept.ThresholdZH, kept.ThresholdEN = set.Threshold(f.Rule, f.Limits)
		if f.Missing > 0 {
			kept.MissingZH, kept.MissingEN = set.ShowMissing(f.Finding)
		}
		kept.SourceZH, kept.SourceEN = set.Source(f.Rule)
		out.Findings = append(out.Findings, kept)
	}
	return out
}
