package process

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"yike/internal/record"
	"yike/placenames"
)

// ErrNotFound says that there is no such case.
var ErrNotFound = errors.New("没有这个办件 / no such case")

// ErrNoName says that the record which a case is about, or would be, is not there.
var ErrNoName = errors.New("没有这条地名 / no such name")

// Proposal is the name that a case is about to give.
type Proposal struct {
	Text  string
	Roman string
	Parts placenames.Parts
}

// Dossier is a case as it is kept (卷宗): what it is about, who asks, the rules that it keeps
// and everything that happened. Where it stands follows from its events alone.
type Dossier struct {
	ID      string
	Version int
	Number  string // 2026-007, of the authority and year
	Matter
	Kind      string           // of the name
	Division  string           // that decides whose case it is
	NameID    string           // the record: of a naming, the one that is proposed
	NameState placenames.State // of the record now
	Text      string           // the name of the record when the case began, or as it is proposed now
	Proposed  Proposal
	Successor string // of a retirement: the record that has the place from then on
	Applicant string // an organisation or office, no private person
	Contact   string // the post or department to ask there
	Reason    string
	OpenedOn  record.Day
	OpenedBy  string
	Frozen    Frozen
	Events    []Entry
	Standing  Case // that follows from Events
}

// Entry is an event as it is kept.
type Entry struct {
	Event
	Title      string // of the document
	ID         string
	No         int             // from 1, in the order of recording
	Entered    bool            // by the place-name authority for an office or applicant outside
	Papers     []Shown         // what showed the materials
	Checked    json.RawMessage // what the rules said of the name then, as it is kept; nil for none
	RecordedBy string          // the account's name
	RecordedAt time.Time
}

// Shown is a paper that shows that a material is there.
type Shown struct {
	Material string `json:"material"`
	Kind     string `json:"kind"` // attachment, or the kind of record that it is
	ID       string `json:"id,omitempty"`
	Title    string `json:"title,omitempty"`

	Added time.Time `json:"-"` // of a file: since when it is there
}

// Replay works out where the case stands.
func (d *Dossier) Replay() error {
	events := make([]Event, len(d.Events))
	for i, e := range d.Events {
		events[i] = e.Event
	}
	c, err := d.Frozen.Rules.Replay(d.Matter, events)
	if err != nil {
		return fmt.Errorf("case %s: %w", d.Number, err)
	}
	d.Standing = c
	return nil
}

// Decided reports whether the authority has approved.
func (d Dossier) Decided() bool { return d.Standing.Stands(approvalStep) }

const approvalStep = "approval"

// Checks reports whether the name is held against the rules when an event is recorded, and what
// they say kept with it: when it is asked for, and when it is approved. A name that ends is not
// checked.
func (d Dossier) Checks(e Event) bool {
	if d.Act == Retirement || e.Kind != Done || len(d.Frozen.Rules.Steps) == 0 {
		return false
	}
	return e.Step == approvalStep || e.Step == d.Frozen.Rules.Steps[0].Code.Code
}

// Unreasoned gives what is missing of an event where so many rules forbid the name: an approval
// that goes against them says why.
func (e Event) Unreasoned(forbidding int) []record.Fault {
	if e.Kind != Done || e.Step != approvalStep || forbidding == 0 || strings.TrimSpace(e.Reason) != "" {
		return nil
	}
	return []record.Fault{{
		Field: "reason", ZH: fmt.Sprintf("有 %d 项规则不许这样命名，请写明为何仍予批准", forbidding),
		EN: fmt.Sprintf("rules that forbid the name: %d; say why it is approved all the same", forbidding),
	}}
}

// OfficeName is what an office is called in the place of the case, in both languages.
func (d Dossier) OfficeName(b *Book, code string) placenames.Code {
	if name := d.Frozen.Offices[code]; name != "" {
		return placenames.Code{Code: code, ZH: name, EN: name}
	}
	if i := slices.IndexFunc(b.Offices, func(o placenames.Code) bool { return o.Code == code }); i >= 0 {
		return b.Offices[i]
	}
	return placenames.Code{Code: code, ZH: code, EN: code}
}

// The longest texts, in characters.
const (
	longestApplicant = 100
	longestReason    = 2000
)

// Validate gives what is wrong with a case that begins. Of a naming the record is held to its
// own rules elsewhere.
func (d Dossier) Validate() []record.Fault {
	var f faults
	if !slices.Contains([]string{Naming, Renaming, Retirement}, d.Act) {
		f.add("act", d.Act, "应为命名、更名或注销", "naming, renaming or retirement")
	}
	for _, t := range []struct {
		field, value string
		most         int
		zh, en       string
	}{
		{"applicant/name", d.Applicant, longestApplicant, "请填写申请单位", "name the applicant"},
		{"reason", d.Reason, longestReason, "请写明理由", "say why"},
	} {
		if strings.TrimSpace(t.value) == "" {
			f.add(t.field, "", t.zh, t.en)
		}
		f.short(t.field, t.value, t.most)
	}
	f.short("applicant/contact_office", d.Contact, longestApplicant)
	for field, text := range map[string]string{"applicant/name": d.Applicant, "applicant/contact_office": d.Contact, "reason": d.Reason} {
		if personal(text) {
			f.add(field, "", "请不要填写个人电话或证件号码", "leave out telephone and identity numbers of persons")
		}
	}
	if d.Act == Renaming {
		f.proposal(d)
	}
	if d.Successor != "" && (d.Act != Retirement || d.Successor == d.NameID) {
		f.add("successor_id", d.Successor, "只有注销才指明接续的另一条记录", "only a retirement names the record that has its place")
	}
	slices.SortStableFunc(f, func(a, b record.Fault) int { return cmp.Compare(a.Field, b.Field) })
	return f
}

func (f *faults) short(field, value string, most int) {
	if n := placenames.Characters(value); n > most {
		f.add(field, fmt.Sprint(n), fmt.Sprintf("最多 %d 个字", most), fmt.Sprintf("at most %d characters", most))
	}
}

func (f *faults) proposal(d Dossier) {
	p := d.Proposed
	switch {
	case strings.TrimSpace(p.Text) == "":
		f.add("proposed_text", "", "请填写拟用的新名称", "give the new name")
	case p.Text == d.Text:
		f.add("proposed_text", p.Text, "新名称应与现名不同", "the new name must differ from the present one")
	}
	f.short("proposed_text", p.Text, placenames.LongestName)
	f.short("proposed_roman", p.Roman, 3*placenames.LongestName)
	if whole := p.Parts.Text(); whole != "" && whole != p.Text {
		f.add("proposed_parts", whole, "专名和通名连起来应是新名称", "the parts one after another must be the new name")
	}
}

// personal reports whether a text holds what looks like a mobile number or an identity number.
func personal(text string) bool {
	return regexp.MustCompile(`(^|\D)(1[3-9]\d{9}|\d{17}[\dXx])(\D|$)`).MatchString(text)
}

// Effect is what an event does to the record of the name.
type Effect string

// The effects.
const (
	NoEffect  Effect = ""
	Approves  Effect = "approves"
	Refuses   Effect = "refuses"
	Withdraws Effect = "withdraws"
)

// EffectOf says what an event does to the record. A step that is taken again after a case was
// sent back has its effect then: nothing is sent back from behind the approval.
func EffectOf(e Event) Effect {
	switch {
	case e.Kind == Done && e.Step == approvalStep:
		return Approves
	case e.Kind == Refused:
		return Refuses
	case e.Kind == Withdrawn:
		return Withdraws
	}
	return NoEffect
}

// Deed is what an event asks of the record of the name: to move it, or, where Rename is there,
// to give it that name by the decision of Move.
type Deed struct {
	Move   placenames.Move
	Rename *Proposal
}

// Deed says what an event of the case asks of its record, which is n now; false for nothing.
// body is the name of the authority that decided, and title that of its document. A refused or
// withdrawn naming ends the record only where it was proposed with the case: what people call a
// place anyway goes on to be called so.
func (d Dossier) Deed(n placenames.Name, e Event, body, title string) (Deed, bool) {
	ends := d.Act == Naming && n.State == placenames.Proposed
	switch EffectOf(e) {
	case Refuses:
		return Deed{Move: placenames.Move{To: placenames.Rejected, Reason: e.Reason}}, ends
	case Withdraws:
		return Deed{Move: placenames.Move{To: placenames.Withdrawn, Reason: e.Reason}}, ends
	case NoEffect:
		return Deed{}, false
	}
	m := placenames.Move{To: placenames.Approved, Reason: d.Reason, Decision: placenames.Decision{
		Kind: placenames.DecisionKind(d.Act), Number: e.Document, Day: e.Day, Body: body, Title: title,
	}}
	switch d.Act {
	case Renaming:
		p := d.Proposed
		return Deed{Move: m, Rename: &p}, true
	case Retirement:
		m.To, m.SuccessorID = placenames.Retired, d.Successor
	}
	return Deed{Move: m}, true
}

// Newer leaves out of papers the files that were there when corrections were asked for, of the
// materials that had to be corrected.
func (d Dossier) Newer(papers []Shown) []Shown {
	p := d.Standing.Pending
	if p == nil || len(d.Events) == 0 {
		return papers
	}
	since := d.Events[len(d.Events)-1].RecordedAt
	return slices.DeleteFunc(slices.Clone(papers), func(s Shown) bool {
		return s.Kind == "attachment" && slices.Contains(p.Missing, s.Material) && !s.Added.After(since)
	})
}

// OwnMaterials are those that the case itself shows: what the form of an application asks for
// besides its papers.
func (d Dossier) OwnMaterials(n placenames.Name) []Shown {
	var out []Shown
	for _, m := range []struct {
		code string
		has  bool
	}{
		{"plan", n.Text != "" || d.Proposed.Text != "" || d.Act == Retirement},
		{"reasons", d.Reason != ""},
		{"location", n.Geometry != nil || n.Extent != placenames.Extent{}},
		{"size", n.Size != placenames.Size{}},
		{"nature", n.Kind != ""},
	} {
		if m.has {
			out = append(out, Shown{Material: m.code, Kind: "case"})
		}
	}
	return out
}

// BackTo are the steps that a step may be sent back to as the case stands, in their order.
func (r Rules) BackTo(c Case, step string) []string {
	var out []string
	if r.at(step) < 0 {
		return nil
	}
	before := r.before(step)
	for i, s := range r.Steps {
		if i > 0 && c.Stands(s.Code.Code) && slices.Contains(before, s.Code.Code) {
			out = append(out, s.Code.Code)
		}
	}
	return out
}
