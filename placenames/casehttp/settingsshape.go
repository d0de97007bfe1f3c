package casehttp

import (
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

// NameProcedureCite is where a step or a clock comes from, and how well it was read.
type NameProcedureCite struct {
	Source   string `json:"source" maxLength:"40"`
	ClauseZH string `json:"clause_zh,omitempty" maxLength:"200"`
	ClauseEN string `json:"clause_en,omitempty" maxLength:"200"`
	Grade    string `json:"grade" maxLength:"4" doc:"R the text itself, r an excerpt, S3 a plan, P not read or proposed by the makers of Yike"`
}

// NameProcedureStep is a step of a track.
type NameProcedureStep struct {
	NameCaseCode
	By          []string            `json:"by" nullable:"false"`
	After       []string            `json:"after" nullable:"false"`
	Needs       []string            `json:"needs" nullable:"false"`
	NeedsFor    map[string][]string `json:"needs_for,omitempty" doc:"Further materials, by act"`
	Waivable    bool                `json:"waivable"`
	MayRefuse   bool                `json:"may_refuse"`
	MaySendBack bool                `json:"may_send_back"`
	Authority   bool                `json:"authority" doc:"Taken by the authority for the class"`
	Document    bool                `json:"document"`
	Verdict     bool                `json:"verdict"`
	Cite        NameProcedureCite   `json:"cite"`
}

// NameProcedureAlarm is whom a clock tells, so many days after its last day.
type NameProcedureAlarm struct {
	Days int    `json:"days" doc:"Below 0: before the last day"`
	To   string `json:"to" maxLength:"40"`
}

// NameProcedureClock is a limit from one step to another.
type NameProcedureClock struct {
	Code     string               `json:"code" maxLength:"40"`
	ZH       string               `json:"zh" maxLength:"60"`
	EN       string               `json:"en" maxLength:"120"`
	From     string               `json:"from" maxLength:"40"`
	To       string               `json:"to" maxLength:"40"`
	Days     int                  `json:"days"`
	Unit     string               `json:"unit" enum:"calendar,working"`
	Pauses   bool                 `json:"pauses,omitempty" doc:"Stands still while corrections are outstanding"`
	Severity string               `json:"severity" enum:"error,warning,info"`
	Alarms   []NameProcedureAlarm `json:"alarms,omitempty" nullable:"false" maxItems:"10"`
	Cite     NameProcedureCite    `json:"cite"`
}

// NameProcedureTrack is a track as a preset and an authority have it.
type NameProcedureTrack struct {
	NameCaseCode
	Classes     []string             `json:"classes" nullable:"false"`
	Steps       []NameProcedureStep  `json:"steps" nullable:"false"`
	Clocks      []NameProcedureClock `json:"clocks" nullable:"false"`
	Authorities map[string][]string  `json:"authorities,omitempty" doc:"Who approves, by class"`
}

// NameProcedurePreset is the practice of a place.
type NameProcedurePreset struct {
	NameCaseCode
	Notes []NameCaseCode `json:"notes" nullable:"false" doc:"What is to be known about it"`
}

// NameProcedureStepChange is what an authority has otherwise of a step.
type NameProcedureStepChange struct {
	Track    string            `json:"track" maxLength:"40"`
	Step     string            `json:"step" maxLength:"40"`
	By       []string          `json:"by,omitempty" nullable:"false" maxItems:"10"`
	Needs    []string          `json:"needs,omitempty" nullable:"false" maxItems:"30"`
	Waivable *bool             `json:"waivable,omitempty"`
	Cite     NameProcedureCite `json:"cite"`
}

// NameProcedureClockChange is a clock of an authority, in place of the one of its code.
type NameProcedureClockChange struct {
	Track string             `json:"track" maxLength:"40"`
	Clock NameProcedureClock `json:"clock"`
}

// NameProcedureSource is a document that changes cite.
type NameProcedureSource struct {
	Code string `json:"code" maxLength:"40"`
	ZH   string `json:"zh" maxLength:"200"`
	EN   string `json:"en" maxLength:"200"`
}

// NameProcedureLocal is what an authority makes of the procedures.
type NameProcedureLocal struct {
	Preset      string                     `json:"preset" maxLength:"40"`
	Offices     map[string]string          `json:"offices,omitempty" doc:"What an office is called here; by it an account's department is known"`
	Authorities map[string][]string        `json:"authorities,omitempty" doc:"Who approves, by class, in place of the preset's"`
	Changes     []NameProcedureStepChange  `json:"changes,omitempty" nullable:"false" maxItems:"60"`
	Clocks      []NameProcedureClockChange `json:"clocks,omitempty" nullable:"false" maxItems:"60"`
	Sources     []NameProcedureSource      `json:"sources,omitempty" nullable:"false" maxItems:"40"`
}

func codes(list []placenames.Code) []NameCaseCode {
	out := []NameCaseCode{}
	for _, c := range list {
		out = append(out, code(c))
	}
	return out
}

func daysOut(days []record.Day) []string {
	out := []string{}
	for _, d := range days {
		out = append(out, string(d))
	}
	return out
}

func daysIn(days []string) []record.Day {
	out := []record.Day{}
	for _, d := range days {
		out = append(out, record.Day(d))
	}
	return out
}

func presetOut(p process.Preset) NameProcedurePreset {
	return NameProcedurePreset{NameCaseCode: code(p.Code), Notes: codes(p.Notes)}
}

func trackOut(r process.Rules) NameProcedureTrack {
	out := NameProcedureTrack{NameCaseCode: code(r.Code), Classes: append([]string{}, r.Classes...), Steps: []NameProcedureStep{}, Clocks: []NameProcedureClock{}, Authorities: r.Authorities}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, NameProcedureStep{
			NameCaseCode: code(s.Code), By: append([]string{}, s.By...), After: append([]string{}, s.After...), Needs: append([]string{}, s.Needs...),
			NeedsFor: s.NeedsFor, Waivable: s.Waivable, MayRefuse: s.MayRefuse, MaySendBack: s.MaySendBack, Authority: s.Authority, Document: s.Document,
			Verdict: s.Verdict, Cite: NameProcedureCite(s.Cite),
		})
	}
	for _, k := range r.Clocks {
		out.Clocks = append(out.Clocks, clockOut(k))
	}
	return out
}

func clockOut(k process.Clock) NameProcedureClock {
	out := NameProcedureClock{
		Code: k.Code.Code, ZH: k.ZH, EN: k.EN, From: k.From, To: k.To, Days: k.Days, Unit: k.Unit, Pauses: k.Pauses, Severity: k.Severity, Cite: NameProcedureCite(k.Cite),
	}
	for _, a := range k.Alarms {
		out.Alarms = append(out.Alarms, NameProcedureAlarm(a))
	}
	return out
}

func (k NameProcedureClock) read() process.Clock {
	out := process.Clock{
		Code: placenames.Code{Code: k.Code, ZH: k.ZH, EN: k.EN}, From: k.From, To: k.To, Days: k.Days, Unit: k.Unit, Pauses: k.Pauses, Severity: k.Severity, Cite: process.Cite(k.Cite),
	}
	for _, a := range k.Alarms {
		out.Alarms = append(out.Alarms, process.Alarm(a))
	}
	return out
}

func localOut(l process.Local) NameProcedureLocal {
	out := NameProcedureLocal{Preset: l.Preset, Offices: l.Offices, Authorities: l.Authorities}
	for _, c := range l.Changes {
		out.Changes = append(out.Changes, NameProcedureStepChange{c.Track, c.Step, c.By, c.Needs, c.Waivable, NameProcedureCite(c.Cite)})
	}
	for _, c := range l.Clocks {
		out.Clocks = append(out.Clocks, NameProcedureClockChange{c.Track, clockOut(c.Clock)})
	}
	for _, s := range l.Sources {
		out.Sources = append(out.Sources, NameProcedureSource(s))
	}
	return out
}

func (l NameProcedureLocal) read() process.Local {
	out := process.Local{Preset: l.Preset, Offices: map[string]string{}, Authorities: l.Authorities}
	for office, name := range l.Offices {
		if name != "" {
			out.Offices[office] = name
		}
	}
	for _, c := range l.Changes {
		out.Changes = append(out.Changes, process.StepChange{Track: c.Track, Step: c.Step, By: c.By, Needs: c.Needs, Waivable: c.Waivable, Cite: process.Cite(c.Cite)})
	}
	for _, c := range l.Clocks {
		out.Clocks = append(out.Clocks, process.ClockChange{Track: c.Track, Clock: c.Clock.read()})
	}
	for _, s := range l.Sources {
		out.Sources = append(out.Sources, placenames.Code(s))
	}
	return out
}
