package casehttp

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/naming"
	"yike/placenames/process"
)

// NameCaseCode is a code word with what people call it.
type NameCaseCode struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// NameCaseApplicant is who asks: an organisation or office, no private person.
type NameCaseApplicant struct {
	Name          string `json:"name" maxLength:"100"`
	ContactOffice string `json:"contact_office,omitempty" maxLength:"100" doc:"The post or department to ask there; no telephone number of a person"`
}

// NameCaseParts are the parts of a name.
type NameCaseParts struct {
	Specific  string `json:"specific" maxLength:"30"`
	Modifier  string `json:"modifier,omitempty" maxLength:"30"`
	Generic   string `json:"generic,omitempty" maxLength:"30"`
	Confirmed bool   `json:"confirmed,omitempty"`
}

// NameCaseSubject is what a case is about.
type NameCaseSubject struct {
	ID       string `json:"id"`
	Version  int    `json:"version" doc:"Also the entity tag; it grows with each event"`
	Number   string `json:"number" example:"2026-007"`
	Act      string `json:"act" enum:"naming,renaming,retirement"`
	NameID   string `json:"name_id" doc:"The record of the name"`
	State    string `json:"name_state" doc:"Of the record now"`
	Text     string `json:"text" doc:"The name that is proposed, or that of the record"`
	NewText  string `json:"proposed_text" doc:"Of a renaming: the new name; else empty"`
	Kind     string `json:"kind"`
	Class    string `json:"class"`
	Division string `json:"division"`
	Track    string `json:"track"`
	OpenedOn string `json:"opened_on" format:"date"`
	Ending   string `json:"ending" enum:",completed,refused,withdrawn"`
	Decided  bool   `json:"decided" doc:"The authority has approved"`
	Round    int    `json:"round" doc:"How often it was sent back"`
}

// NameCaseRow is a case as a list shows it.
type NameCaseRow struct {
	NameCaseSubject
	Applicant string         `json:"applicant_name"`
	Open      []NameCaseCode `json:"open" nullable:"false" doc:"The steps that are open now"`
	Returned  bool           `json:"returned" doc:"Corrections are outstanding"`
	LastDay   string         `json:"last_day" doc:"Of the last event; empty for none"`
}

// NameCaseCite is where a step or a clock comes from.
type NameCaseCite struct {
	Source   string `json:"source"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	ClauseZH string `json:"clause_zh"`
	ClauseEN string `json:"clause_en"`
	Grade    string `json:"grade" doc:"R the text itself was read, r an excerpt, S3 a plan, P proposed by the makers of Yike or not read"`
}

// NameCaseShown is a paper that shows that a material is there.
type NameCaseShown struct {
	Kind  string `json:"kind" doc:"attachment, case where the form itself shows it, or the kind of record"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

// NameCaseNeed is a material of a step, and whether it is there.
type NameCaseNeed struct {
	NameCaseCode
	There  bool            `json:"there"`
	Papers []NameCaseShown `json:"papers" nullable:"false"`
}

// NameCaseActing is something that the reader may do now, and for which office.
type NameCaseActing struct {
	Kind    string       `json:"kind" enum:"done,waived,returned,corrected,sent_back,refused,withdrawn"`
	Office  NameCaseCode `json:"office"`
	Entered bool         `json:"entered" doc:"As what the office or applicant sent, entered by the place-name authority"`
}

// NameCaseStep is a step of a case.
type NameCaseStep struct {
	NameCaseCode
	State         string           `json:"state" enum:"done,waived,open,waiting"`
	By            []NameCaseCode   `json:"by" nullable:"false"`
	After         []string         `json:"after" nullable:"false"`
	Needs         []NameCaseNeed   `json:"needs" nullable:"false"`
	Waivable      bool             `json:"waivable"`
	MayRefuse     bool             `json:"may_refuse"`
	BackTo        []string         `json:"back_to" nullable:"false" doc:"Earlier steps that it may be sent back to"`
	NeedsDocument bool             `json:"needs_document"`
	NeedsVerdict  bool             `json:"needs_verdict"`
	Cite          NameCaseCite     `json:"cite"`
	Acting        []NameCaseActing `json:"acting" nullable:"false" doc:"What the reader may do at it now"`
	Taken         *NameCaseEvent   `json:"taken,omitempty" doc:"The event by which it stands"`
}

// NameCaseDue is a clock of a case.
type NameCaseDue struct {
	NameCaseCode
	From        string         `json:"from"`
	To          string         `json:"to"`
	Days        int            `json:"days"`
	Unit        string         `json:"unit" enum:"calendar,working"`
	Severity    string         `json:"severity"`
	Since       string         `json:"since" doc:"It counts from the day after"`
	By          string         `json:"by" doc:"The last day in time; empty while it stands still"`
	DoneOn      string         `json:"done_on"`
	Late        int            `json:"late" doc:"Days of the calendar"`
	Paused      bool           `json:"paused"`
	Provisional bool           `json:"provisional" doc:"Working days beyond the notices of holidays that were entered"`
	Tell        []NameCaseCode `json:"tell" nullable:"false" doc:"Offices that are to be told by today"`
	Cite        NameCaseCite   `json:"cite"`
}

// NameCaseVote is the count of a vote.
type NameCaseVote struct {
	For     int `json:"for"`
	Against int `json:"against"`
	Abstain int `json:"abstain"`
}

// NameCaseFrozen is what a check of the name said on a day, in words. Later rules and a later
// register do not change it.
type NameCaseFrozen struct {
	Day      string                  `json:"day" format:"date"`
	Text     string                  `json:"text" doc:"The name that was checked"`
	Version  int                     `json:"version" doc:"Of the record of the name then"`
	Errors   int                     `json:"errors" doc:"Rules that forbid the name"`
	Warnings int                     `json:"warnings"`
	Open     int                     `json:"open" doc:"Errors and warnings of which something was not known"`
	Passed   int                     `json:"passed"`
	Findings []NameCaseFrozenFinding `json:"findings" nullable:"false" doc:"What did not pass"`
}

// NameCaseFrozenFinding is a finding in words.
type NameCaseFrozenFinding naming.FrozenFinding

// frozenOf reads the check that was kept with an event; nil for none.
func frozenOf(kept json.RawMessage) (*NameCaseFrozen, error) {
	if len(kept) == 0 {
		return nil, nil //nolint:nilnil // an event that keeps no check is in order
	}
	var f naming.Frozen
	if err := json.Unmarshal(kept, &f); err != nil {
		return nil, fmt.Errorf("read the check that was kept with an event: %w", err)
	}
	out := &NameCaseFrozen{
		Day: string(f.Day), Text: f.Text, Version: f.Version, Errors: f.Errors, Warnings: f.Warnings, Open: f.Open, Passed: f.Passed, Findings: []NameCaseFrozenFinding{},
	}
	for _, each := range f.Findings {
		out.Findings = append(out.Findings, NameCaseFrozenFinding(each))
	}
	return out, nil
}

// NameCaseEvent is something that happened.
type NameCaseEvent struct {
	ID         string          `json:"id"`
	No         int             `json:"no"`
	Kind       string          `json:"kind"`
	Step       string          `json:"step"`
	To         string          `json:"to"`
	Day        string          `json:"day"`
	Office     NameCaseCode    `json:"office"`
	Person     string          `json:"person"`
	Entered    bool            `json:"entered"`
	Reason     string          `json:"reason"`
	Document   string          `json:"document"`
	Title      string          `json:"title"`
	Materials  []string        `json:"materials" nullable:"false"`
	Missing    []NameCaseCode  `json:"missing" nullable:"false"`
	Papers     []NameCaseShown `json:"papers" nullable:"false" doc:"What showed the materials then"`
	Verdict    string          `json:"verdict"`
	Vote       *NameCaseVote   `json:"vote,omitempty"`
	Checked    *NameCaseFrozen `json:"checked,omitempty" doc:"Of an application and an approval: what the rules said of the name then"`
	RecordedBy string          `json:"recorded_by"`
	RecordedAt time.Time       `json:"recorded_at"`
}

// NameCase is a case whole.
type NameCase struct {
	NameCaseSubject
	Preset        NameCaseCode      `json:"preset" doc:"Whose practice it began under and keeps"`
	ProposedRoman string            `json:"proposed_roman"`
	ProposedParts *NameCaseParts    `json:"proposed_parts,omitempty"`
	SuccessorID   string            `json:"successor_id"`
	Applicant     NameCaseApplicant `json:"applicant"`
	Reason        string            `json:"reason"`
	OpenedBy      string            `json:"opened_by"`
	Steps         []NameCaseStep    `json:"steps" nullable:"false"`
	Dues          []NameCaseDue     `json:"dues" nullable:"false"`
	Pending       *NameCaseEvent    `json:"pending,omitempty" doc:"The return whose corrections are outstanding"`
	Events        []NameCaseEvent   `json:"events" nullable:"false"`
	MayAmend      bool              `json:"may_amend" doc:"The reader may change what it asks for"`
	MayWithdraw   bool              `json:"may_withdraw" doc:"The reader may enter that the applicant withdraws"`
}

// shaper gives cases their JSON shapes.
type shaper struct {
	book  *process.Book
	cal   *process.Calendar
	today record.Day
}

func code(c placenames.Code) NameCaseCode { return NameCaseCode(c) }

func codeIn(list []placenames.Code, word string) NameCaseCode {
	if i := slices.IndexFunc(list, func(c placenames.Code) bool { return c.Code == word }); i >= 0 {
		return code(list[i])
	}
	return NameCaseCode{Code: word, ZH: word, EN: word}
}

func (s shaper) material(word string) NameCaseCode { return codeIn(s.book.Materials, word) }

func (s shaper) cite(d process.Dossier, c process.Cite) NameCaseCite {
	of := codeIn(append(slices.Clone(s.book.Sources), d.Frozen.Sources...), c.Source)
	return NameCaseCite{Source: c.Source, ZH: of.ZH, EN: of.EN, ClauseZH: c.ClauseZH, ClauseEN: c.ClauseEN, Grade: c.Grade}
}

func (s shaper) subject(d process.Dossier) NameCaseSubject {
	return NameCaseSubject{
		ID: d.ID, Version: d.Version, Number: d.Number, Act: d.Act, NameID: d.NameID, State: string(d.NameState), Text: d.Text, NewText: d.Proposed.Text, Kind: d.Kind,
		Class: d.Class, Division: d.Division, Track: d.Frozen.Rules.Code.Code, OpenedOn: string(d.OpenedOn), Ending: string(d.Standing.Ending),
		Decided: d.Decided(), Round: d.Standing.Round,
	}
}

func (s shaper) row(d process.Dossier) NameCaseRow {
	out := NameCaseRow{
		NameCaseSubject: s.subject(d), Applicant: d.Applicant, Open: []NameCaseCode{}, Returned: d.Standing.Pending != nil, LastDay: string(d.Standing.Last),
	}
	r := d.Frozen.Rules
	for _, step := range r.Steps {
		if slices.Contains(r.OpenSteps(d.Standing), step.Code.Code) || d.Standing.Pending != nil && d.Standing.Pending.Step == step.Code.Code {
			out.Open = append(out.Open, code(step.Code))
		}
	}
	return out
}

func (s shaper) whole(v process.View) (NameCase, error) {
	d := v.Dossier
	out := NameCase{
		NameCaseSubject: s.subject(d), ProposedRoman: d.Proposed.Roman, SuccessorID: d.Successor,
		Applicant: NameCaseApplicant{d.Applicant, d.Contact}, Reason: d.Reason, OpenedBy: d.OpenedBy, Steps: []NameCaseStep{},
		Dues: s.dues(d, d.Frozen.Rules.Dues(d.Standing, s.cal, s.today)), Events: []NameCaseEvent{},
	}
	out.Preset = NameCaseCode{Code: d.Frozen.Rules.Preset, ZH: d.Frozen.Rules.Preset, EN: d.Frozen.Rules.Preset}
	if i := slices.IndexFunc(s.book.Presets, func(p process.Preset) bool { return p.Code.Code == d.Frozen.Rules.Preset }); i >= 0 {
		out.Preset = code(s.book.Presets[i].Code)
	}
	if p := d.Proposed.Parts; p != (placenames.Parts{}) {
		of := NameCaseParts(p)
		out.ProposedParts = &of
	}
	last := map[string]int{} // the event by which a step stands
	for i, e := range d.Events {
		of, err := s.event(d, e)
		if err != nil {
			return out, err
		}
		out.Events = append(out.Events, of)
		if e.Kind == process.Done || e.Kind == process.Waived {
			last[e.Step] = i
		}
	}
	for _, step := range d.Frozen.Rules.Steps {
		of := s.step(v, step)
		if d.Standing.Stands(step.Code.Code) {
			of.Taken = &out.Events[last[step.Code.Code]]
		}
		out.Steps = append(out.Steps, of)
	}
	if p := d.Standing.Pending; p != nil {
		i := len(out.Events) - 1 // nothing happens while corrections are outstanding
		out.Pending = &out.Events[i]
	}
	for _, a := range v.Acting {
		out.MayWithdraw = out.MayWithdraw || a.Kind == process.Withdrawn
	}
	return out, nil
}

func (s shaper) step(v process.View, step process.Step) NameCaseStep {
	d, r := v.Dossier, v.Frozen.Rules
	word := step.Code.Code
	out := NameCaseStep{
		NameCaseCode: code(step.Code), State: "waiting", By: []NameCaseCode{}, After: append([]string{}, step.After...), Needs: []NameCaseNeed{}, Waivable: step.Waivable,
		MayRefuse: step.MayRefuse, BackTo: []string{}, NeedsDocument: step.Document, NeedsVerdict: step.Verdict, Cite: s.cite(d, step.Cite), Acting: []NameCaseActing{},
	}
	if e, taken := d.Standing.Taken[word]; taken {
		out.State = string(e.Kind)
	} else if slices.Contains(r.OpenSteps(d.Standing), word) || d.Standing.Pending != nil && d.Standing.Pending.Step == word {
		out.State = "open"
	}
	for _, o := range r.Offices(step, d.Class) {
		out.By = append(out.By, code(d.OfficeName(s.book, o)))
	}
	for _, m := range step.NeedsOf(d.Act) {
		need := NameCaseNeed{NameCaseCode: s.material(m), Papers: []NameCaseShown{}}
		for _, p := range v.Papers {
			if p.Material == m {
				need.There = true
				need.Papers = append(need.Papers, NameCaseShown{p.Kind, p.ID, p.Title})
			}
		}
		out.Needs = append(out.Needs, need)
	}
	for _, a := range v.Acting {
		if a.Step == word {
			out.Acting = append(out.Acting, s.acting(d, step, a)...)
		}
	}
	if step.MaySendBack {
		out.BackTo = append(out.BackTo, r.BackTo(d.Standing, word)...)
	}
	return out
}

// acting are the things that somebody who may take a step may do at it.
func (s shaper) acting(d process.Dossier, step process.Step, a process.Acting) []NameCaseActing {
	office := code(d.OfficeName(s.book, a.Office))
	out := []NameCaseActing{{Kind: string(a.Kind), Office: office, Entered: a.Entered}}
	if a.Kind != process.Done {
		return out
	}
	add := func(k process.Kind) { out = append(out, NameCaseActing{string(k), office, a.Entered}) }
	if len(step.After) > 0 {
		add(process.Returned)
	}
	if step.MaySendBack {
		add(process.SentBack)
	}
	if step.MayRefuse {
		add(process.Refused)
	}
	return out
}

func (s shaper) dues(d process.Dossier, list []process.Due) []NameCaseDue {
	out := []NameCaseDue{}
	for _, due := range list {
		out = append(out, s.due(d, due))
	}
	return out
}

func (s shaper) due(d process.Dossier, due process.Due) NameCaseDue {
	k := due.Clock
	out := NameCaseDue{
		NameCaseCode: code(k.Code), From: k.From, To: k.To, Days: k.Days, Unit: k.Unit, Severity: k.Severity, Since: string(due.Since), By: string(due.By),
		DoneOn: string(due.DoneOn), Late: due.Late, Paused: due.Paused, Provisional: due.Provisional, Tell: []NameCaseCode{}, Cite: s.cite(d, k.Cite),
	}
	for _, o := range due.Tell {
		out.Tell = append(out.Tell, code(d.OfficeName(s.book, o)))
	}
	return out
}

func (s shaper) event(d process.Dossier, e process.Entry) (NameCaseEvent, error) {
	out := NameCaseEvent{
		ID: e.ID, No: e.No, Kind: string(e.Kind), Step: e.Step, To: e.To, Day: string(e.Day), Office: code(d.OfficeName(s.book, e.Office)), Person: e.Person,
		Entered: e.Entered, Reason: e.Reason, Document: e.Document, Title: e.Title, Materials: append([]string{}, e.Materials...), Missing: []NameCaseCode{},
		Papers: []NameCaseShown{}, Verdict: string(e.Verdict), RecordedBy: e.RecordedBy, RecordedAt: e.RecordedAt,
	}
	for _, m := range e.Missing {
		out.Missing = append(out.Missing, s.material(m))
	}
	for _, p := range e.Papers {
		if p.Kind != "case" {
			out.Papers = append(out.Papers, NameCaseShown{p.Kind, p.ID, p.Title})
		}
	}
	if e.Vote != nil {
		v := NameCaseVote(*e.Vote)
		out.Vote = &v
	}
	var err error
	out.Checked, err = frozenOf(e.Checked)
	return out, err
}
