package estatehttp

import (
	"time"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
)

func normOf(code string) premises.Norm { return premises.Norm(code) }

// EstateSteps are the milestones of an estate.
type EstateSteps struct {
	EstateID   string            `json:"estate_id"`
	Version    int               `json:"version" doc:"Of the estate's record"`
	Kind       string            `json:"kind" doc:"Only new estates pass milestones"`
	Next       *string           `json:"next" nullable:"true" doc:"The first milestone that is not passed; null when all are"`
	Milestones []EstateMilestone `json:"milestones" nullable:"false" doc:"In their order"`
	Conditions []EstateCondition `json:"conditions" nullable:"false" doc:"What opinions with conditions ask for, oldest first"`
	Due        []EstateDue       `json:"due" nullable:"false" doc:"What is latest first"`
	Handover   EstateTaking      `json:"handover"`
	Phases     []EstatePhaseDays `json:"phases" nullable:"false" doc:"Housing beside the premises of each phase"`
	MayAsk     bool              `json:"may_ask" doc:"The reader keeps the estate's record"`
}

// EstateMilestone is one with its rounds.
type EstateMilestone struct {
	Milestone string        `json:"milestone"`
	Passed    bool          `json:"passed"`
	PassedOn  string        `json:"passed_on,omitempty"`
	CanAsk    bool          `json:"can_ask" doc:"A round may be opened now"`
	Offices   []EstateAsked `json:"offices" nullable:"false" doc:"Who would be asked today"`
	Rounds    []EstateRound `json:"rounds" nullable:"false" doc:"In order"`
}

// EstateRound is a request with what was answered.
type EstateRound struct {
	Request  EstateRequest   `json:"request"`
	Waiting  []EstateAsked   `json:"waiting" nullable:"false" doc:"Opinions not given yet"`
	Opinions []EstateOpinion `json:"opinions" nullable:"false"`
	Refused  bool            `json:"refused"`
	Passed   bool            `json:"passed"`
}

// EstateAsked is an office that has an opinion to give.
type EstateAsked struct {
	Norm    string `json:"norm"`
	Office  string `json:"office"`
	Days    int    `json:"days" doc:"Of the calendar; 0 for no clock"`
	Due     string `json:"due,omitempty" doc:"The last day in time"`
	Late    int    `json:"late_days" doc:"Days after it; 0 while in time"`
	OwnOnly bool   `json:"own_only" doc:"Only accounts of the office answer"`
	Series  string `json:"series,omitempty" doc:"Its letters are numbered here"`
	Source  string `json:"source,omitempty" doc:"By which text it has the duty"`
	May     bool   `json:"may_answer" doc:"The reader may record its opinion"`
}

// EstateRecorded is who recorded an event, and what was checked then.
type EstateRecorded struct {
	ID          string             `json:"id"`
	RecordedBy  string             `json:"recorded_by"`
	RecordedAt  time.Time          `json:"recorded_at"`
	Checked     *EstateFrozen      `json:"checked,omitempty" doc:"What the check at the milestone said then"`
	Corrections []EstateCorrection `json:"corrections" nullable:"false" doc:"Oldest first; the event is shown as the last restates it"`
}

// EstateFrozen is what a check said on a day, in words. Later rules do not change it.
type EstateFrozen struct {
	Day        string                `json:"day"`
	Version    int                   `json:"version" doc:"Of the estate's record"`
	Conclusion string                `json:"conclusion" enum:"compliant,not_compliant,open"`
	Failed     int                   `json:"failed"`
	Unknown    int                   `json:"unknown"`
	Warnings   int                   `json:"warnings"`
	Passed     int                   `json:"passed"`
	Findings   []EstateFrozenFinding `json:"findings" nullable:"false" doc:"What does not pass"`
}

// EstateFrozenFinding is a finding in words.
type EstateFrozenFinding estates.FrozenFinding

func frozenOf(f *estates.Frozen) *EstateFrozen {
	if f == nil {
		return nil
	}
	out := &EstateFrozen{
		Day: string(f.Day), Version: f.Version, Conclusion: string(f.Conclusion), Failed: f.Failed, Unknown: f.Unknown, Warnings: f.Warnings, Passed: f.Passed,
		Findings: []EstateFrozenFinding{},
	}
	for _, x := range f.Findings {
		out.Findings = append(out.Findings, EstateFrozenFinding(x))
	}
	return out
}

// EstateCorrection is why and by whom an event was restated, and what was recorded before.
type EstateCorrection struct {
	Reason     string    `json:"reason"`
	RecordedBy string    `json:"recorded_by"`
	RecordedAt time.Time `json:"recorded_at"`
	Was        []string  `json:"was" nullable:"false" doc:"What was otherwise before, as field: value"`
}

// EstateRequest is a request for opinions.
type EstateRequest struct {
	EstateRecorded
	Day  string `json:"day"`
	By   string `json:"by"`
	Note string `json:"note,omitempty"`
}

// EstateOpinion is an office's answer.
type EstateOpinion struct {
	EstateRecorded
	Milestone string `json:"milestone"`
	Norm      string `json:"norm"`
	Office    string `json:"office"`
	Verdict   string `json:"verdict"`
	Letter    string `json:"letter"`
	Day       string `json:"day"`
	Signer    string `json:"signer"`
	Text      string `json:"text,omitempty"`
	RectifyBy string `json:"rectify_by,omitempty"`
	May       bool   `json:"may_correct" doc:"The reader may correct it"`
}

// EstateDue is something that somebody has to do.
type EstateDue struct {
	Kind      string `json:"kind" enum:"opinion,rectification,condition,handover"`
	Milestone string `json:"milestone"`
	Norm      string `json:"norm,omitempty"`
	Office    string `json:"office,omitempty"`
	Since     string `json:"since"`
	Due       string `json:"due,omitempty" doc:"The last day in time; left out where there is no clock"`
	Late      int    `json:"late_days"`
	Rooms     int    `json:"rooms,omitempty" doc:"Of a hand-over"`
}

// EstateTaking is what the ledger of premises would take over, and by when.
type EstateTaking struct {
	Ready    bool               `json:"ready" doc:"The hand-over has its opinions"`
	May      bool               `json:"may" doc:"The reader keeps the estate's record and the ledger there"`
	Months   int                `json:"months" doc:"From acceptance; 0 for no limit"`
	SourceZH string             `json:"source_zh" doc:"Of the limit; empty where it is the authority's own"`
	SourceEN string             `json:"source_en"`
	Rooms    []EstateTakingRoom `json:"rooms" nullable:"false"`
}

// EstateTakingRoom is a room that the ledger has or would take over.
type EstateTakingRoom struct {
	ID           string              `json:"id"`
	LedgerID     string              `json:"ledger_id,omitempty"`
	Name         string              `json:"name"`
	Where        string              `json:"where" doc:"Building, floor and number"`
	Use          string              `json:"use"`
	Area         float64             `json:"area" doc:"m²; 0 when unknown"`
	AcceptedOn   string              `json:"accepted_on,omitempty"`
	HandedOverOn string              `json:"handed_over_on,omitempty"`
	Faults       []EstateTakingFault `json:"faults" nullable:"false" doc:"Why the ledger cannot take it"`
}

// EstateTakingFault is why the ledger cannot take a room.
type EstateTakingFault struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// EstatePhaseDays is a phase with the days of its housing and of its premises.
type EstatePhaseDays struct {
	No              int                `json:"no"`
	Name            string             `json:"name"`
	HousingStarted  string             `json:"housing_started_on,omitempty"`
	HousingAccepted string             `json:"housing_accepted_on,omitempty"`
	Rooms           []EstatePhaseRooms `json:"rooms" nullable:"false"`
}

// EstatePhaseRooms is a room of a phase with its days.
type EstatePhaseRooms struct {
	Name       string `json:"name"`
	StartedOn  string `json:"started_on,omitempty"`
	AcceptedOn string `json:"accepted_on,omitempty"`
}

func stepsOf(w Walked) EstateSteps {
	out := EstateSteps{
		EstateID: w.Estate.ID, Version: w.Estate.Version, Kind: string(w.Estate.Kind), MayAsk: w.Estate.MayWrite && w.Estate.Kind == estates.New,
		Milestones: []EstateMilestone{}, Conditions: []EstateCondition{}, Due: []EstateDue{}, Handover: takingOf(w), Phases: phaseDays(w.Estate.Estate),
	}
	next, more := w.Progress.Next()
	if more && w.Estate.Kind == estates.New {
		code := next.Code().Code
		out.Next = &code
	}
	recorded := recordedOf(w.Events)
	for _, m := range estates.Milestones() {
		out.Milestones = append(out.Milestones, w.milestone(m, more && next == m, recorded))
	}
	for _, c := range w.Progress.Conditions() {
		out.Conditions = append(out.Conditions, w.condition(c, recorded))
	}
	for _, d := range w.Dues {
		out.Due = append(out.Due, dueOf(d))
	}
	return out
}

func dueOf(d estates.Due) EstateDue {
	return EstateDue{
		Kind: string(d.Kind), Milestone: d.Milestone.Code().Code, Norm: string(d.Norm), Office: d.Office, Since: string(d.Since), Due: string(d.By), Late: d.Late, Rooms: d.Rooms,
	}
}

func (w Walked) milestone(m estates.Milestone, next bool, recorded map[string]EstateRecorded) EstateMilestone {
	out := EstateMilestone{Milestone: m.Code().Code, Offices: []EstateAsked{}, Rounds: []EstateRound{}, CanAsk: next && w.Estate.Kind == estates.New}
	for _, d := range w.Duties {
		if d.Milestone == m {
			out.Offices = append(out.Offices, w.asked(d))
		}
	}
	for _, r := range w.Progress.Rounds {
		if r.Request.Milestone != m {
			continue
		}
		out.Passed, out.PassedOn = r.Passed(), string(r.PassedOn())
		out.CanAsk = out.CanAsk && r.Refused()
		round := EstateRound{
			Request: EstateRequest{EstateRecorded: recorded[r.Request.ID], Day: string(r.Request.Day), By: r.Request.By, Note: r.Request.Note},
			Waiting: []EstateAsked{}, Opinions: []EstateOpinion{}, Refused: r.Refused(), Passed: r.Passed(),
		}
		for _, d := range r.Waiting {
			asked := w.asked(d)
			for _, due := range w.Dues {
				if due.Kind == estates.OpinionDue && due.Milestone == m && due.Norm == d.Norm && due.Office == d.Office {
					asked.Due, asked.Late = string(due.By), due.Late
				}
			}
			round.Waiting = append(round.Waiting, asked)
		}
		for _, o := range r.Opinions {
			round.Opinions = append(round.Opinions, w.opinion(o, recorded))
		}
		out.Rounds = append(out.Rounds, round)
	}
	return out
}

func (w Walked) asked(d estates.Duty) EstateAsked {
	return EstateAsked{Norm: string(d.Norm), Office: d.Office, Days: d.Days, OwnOnly: d.OwnOnly, Series: d.Series, Source: d.Source, May: w.Speaks(d)}
}

func (w Walked) opinion(o estates.Opinion, recorded map[string]EstateRecorded) EstateOpinion {
	out := EstateOpinion{
		EstateRecorded: recorded[o.ID], Milestone: o.Milestone.Code().Code, Norm: string(o.Norm), Office: o.Office, Verdict: string(o.Verdict), Letter: o.Letter,
		Day: string(o.Day), Signer: o.Signer, Text: o.Text, RectifyBy: string(o.RectifyBy),
	}
	for _, r := range w.Progress.Rounds {
		for _, d := range r.Asked {
			if r.Request.Milestone == o.Milestone && d.Norm == o.Norm && d.Office == o.Office {
				out.May = w.Speaks(d)
			}
		}
	}
	return out
}

// recordedOf gives who recorded each event and what was said before its corrections.
func recordedOf(events []estates.Event) map[string]EstateRecorded {
	out := map[string]EstateRecorded{}
	_, corrections := estates.Corrected(events)
	for _, e := range events {
		if e.Corrects != "" {
			continue
		}
		r := EstateRecorded{ID: e.ID, RecordedBy: e.RecordedBy, RecordedAt: e.RecordedAt, Checked: frozenOf(e.Checked), Corrections: []EstateCorrection{}}
		was := e
		for _, c := range corrections[e.ID] {
			r.Corrections = append(r.Corrections, EstateCorrection{Reason: c.Reason, RecordedBy: c.RecordedBy, RecordedAt: c.RecordedAt, Was: otherwise(was, c)})
			was = c
		}
		out[e.ID] = r
	}
	return out
}

// otherwise lists what an event said that its correction does not.
func otherwise(was, is estates.Event) []string {
	out := []string{}
	for _, d := range record.Differing(wordsOf(was), wordsOf(is)) {
		if text, ok := d.Before.(string); ok {
			out = append(out, d.Field+": "+text)
		}
	}
	return out
}

func wordsOf(e estates.Event) []record.Difference {
	if r := e.Request; r != nil {
		return []record.Difference{{Field: "day", Before: string(r.Day)}, {Field: "by", Before: r.By}, {Field: "note", Before: r.Note}}
	}
	o := e.Opinion
	return []record.Difference{
		{Field: "verdict", Before: string(o.Verdict)},
		{Field: "letter", Before: o.Letter},
		{Field: "day", Before: string(o.Day)},
		{Field: "signer", Before: o.Signer},
		{Field: "text", Before: o.Text},
		{Field: "rectify_by", Before: string(o.RectifyBy)},
	}
}

func takingOf(w Walked) EstateTaking {
	out := EstateTaking{
		Ready: w.Estate.Kind == estates.New && w.Progress.Passed(estates.HandOver), May: w.Estate.MayWrite && w.MayEnter, Months: w.Limit.Months, Rooms: []EstateTakingRoom{},
	}
	if w.Limit.Rule != nil {
		out.SourceZH, out.SourceEN = w.Set.Source(w.Limit.Rule)
	}
	for i, r := range w.Estate.Rooms {
		room := EstateTakingRoom{
			ID: r.ID, LedgerID: r.LedgerID, Name: r.Called(), Where: r.Where(), Use: string(r.Use), Area: r.Area.M2(),
			AcceptedOn: string(r.AcceptedOn), HandedOverOn: string(r.HandedOverOn), Faults: []EstateTakingFault{},
		}
		if r.LedgerID == "" {
			for _, f := range r.Unfit(i) {
				room.Faults = append(room.Faults, EstateTakingFault{f.ZH, f.EN})
			}
		}
		out.Rooms = append(out.Rooms, room)
	}
	return out
}

// phaseDays sets the days of housing beside those of the premises of each phase; a room
// without a phase is held against the first one.
func phaseDays(e estates.Estate) []EstatePhaseDays {
	out := []EstatePhaseDays{}
	for _, p := range e.Phases {
		days := EstatePhaseDays{No: p.No, Name: p.Name, HousingStarted: string(p.HousingStarted), HousingAccepted: string(p.HousingAccepted), Rooms: []EstatePhaseRooms{}}
		for _, r := range e.Rooms {
			if max(r.Phase, 1) == p.No {
				days.Rooms = append(days.Rooms, EstatePhaseRooms{r.Called(), string(r.StartedOn), string(r.AcceptedOn)})
			}
		}
		out = append(out, days)
	}
	return out
}
