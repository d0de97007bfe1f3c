// Package papers owns the documents (文书) of a case of place names that are made, signed and
// kept: which kinds there are, at which step of the procedure and for which material each is,
// which get a number (文号) of the authority and how numbers follow one another, and what a
// filing pack (备案材料) holds and lacks.
//
// It is pure: no I/O, no clock. It knows the procedure by the code words of its steps and
// materials only, and neither what stands in a document nor how one is written or kept.
package papers

import (
	"errors"
	"slices"
	"time"

	"yike/internal/record"
	"yike/placenames"
)

// What may be asked in vain.
var (
	ErrNotFound = errors.New("没有这份文书 / no such paper")
	ErrNoKind   = errors.New("本办件没有这种文书 / the case has no such paper")
	ErrVoid     = errors.New("文书已作废 / the paper is void")
)

// Kind is a kind of papers by its code word.
type Kind string

// The kinds.
const (
	AcceptanceNotice    Kind = "acceptance_notice"
	CorrectionNotice    Kind = "correction_notice"
	SurveyRecord        Kind = "survey_record"
	ExpertOpinion       Kind = "expert_opinion"
	ConsultationSummary Kind = "consultation_summary"
	Minutes             Kind = "minutes"
	Submission          Kind = "submission"
	Approval            Kind = "approval"
	Reply               Kind = "reply"
	FilingForm          Kind = "filing_form"
	FilingReport        Kind = "filing_report"
	Announcement        Kind = "announcement"
)

// Signer is which office a paper is of.
type Signer string

// The signers.
const (
	Keeper    Signer = "place_name_authority"
	Committee Signer = "committee"
	Authority Signer = "authority" // that approves names of the class
)

// Spec is what is fixed of a kind.
type Spec struct {
	placenames.Code
	Step     string   // at which it is made
	Material string   // that its signed copy is; "" for none that a step asks for
	Tracks   []string // whose cases have it
	Numbered bool     // it gets a number of the authority, where there is a series for it
	Of       Signer
}

// Kind is the code word of the spec.
func (s Spec) Kind() Kind { return Kind(s.Code.Code) }

// Kinds lists all kinds, in the order in which a case has them.
func Kinds() []Spec {
	code := func(k Kind, zh, en string) placenames.Code {
		return placenames.Code{Code: string(k), ZH: zh, EN: en}
	}
	decide, opinion := []string{"decide"}, []string{"opinion"}
	return []Spec{
		{code(AcceptanceNotice, "受理通知书", "notice of acceptance"), "acceptance", "acceptance_notice", decide, true, Keeper},
		{code(CorrectionNotice, "补正通知书", "notice of what to correct"), "acceptance", "", decide, true, Keeper},
		{code(SurveyRecord, "踏勘记录", "survey record"), "survey", "survey_record", decide, false, Keeper},
		{code(ExpertOpinion, "专家论证意见", "opinion of the experts"), "experts", "expert_report", decide, false, Keeper},
		{code(ConsultationSummary, "征求意见汇总", "summary of the consultation"), "consultation", "consultation_report", decide, false, Keeper},
		{code(Minutes, "会议纪要", "minutes"), "deliberation", "minutes", decide, true, Committee},
		{code(Submission, "请示", "submission"), "approval", "", decide, true, Keeper},
		{code(Approval, "批复", "approval"), "approval", "approval", decide, true, Authority},
		{code(Reply, "复函", "reply"), "reply", "reply", opinion, true, Keeper},
		{code(FilingForm, "备案表", "filing form"), "filing", "filing_form", decide, false, Authority},
		{code(FilingReport, "备案报告", "filing report"), "filing", "filing_report", decide, true, Authority},
		{code(Announcement, "公告", "announcement"), "announcement", "announcement", []string{"decide", "opinion"}, true, Keeper},
	}
}

// Of finds a kind; false where there is none.
func Of(kind Kind) (Spec, bool) {
	all := Kinds()
	i := slices.IndexFunc(all, func(s Spec) bool { return s.Kind() == kind })
	if i < 0 {
		return Spec{}, false
	}
	return all[i], true
}

// AtStep gives the kinds that a step of a track has, where it needs so many materials: those for
// which it asks, and those that are made there though no material.
func AtStep(track, step string, needs []string) []Spec {
	var out []Spec
	for _, s := range Kinds() {
		if s.Step == step && slices.Contains(s.Tracks, track) && (s.Material == "" || slices.Contains(needs, s.Material)) {
			out = append(out, s)
		}
	}
	return out
}

// Paper is a paper as it was kept. It is never changed.
type Paper struct {
	ID, CaseID string // UUIDv7
	CaseNumber string
	Kind       Kind
	Number     string           // 文号 as it stands on the paper; "" for none
	Given      record.DocNumber // the number, where it was given by a series; zero else
	Day        record.Day       // that it bears
	To         string           // 主送
	Title      string
	Template   int // version of the bureau's template; 0 for that of the program
	SHA256     string
	Size       int64
	FileName   string
	Open       []string          // names of blanks that were left to be filled in by hand
	Filled     map[string]string // what a person wrote into blanks
	Who        string
	KeptAt     time.Time
	Scan       *Scan // the signed copy; nil while there is none
	Void       *Void // nil while the paper holds
}

// Scan is the signed copy of a paper, a file of its case.
type Scan struct {
	Attachment string // id
	FileName   string
	Media      string
	SHA256     string
	Size       int64
	Who        string
	At         time.Time
}

// Void says why a paper holds no more (作废). Its number stays taken.
type Void struct {
	Reason string
	Who    string
	At     time.Time
}

// Present gives the paper of a kind that holds: the last that was kept and is not void; nil for
// none.
func Present(list []Paper, kind Kind) *Paper {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Kind == kind && list[i].Void == nil {
			return &list[i]
		}
	}
	return nil
}

// Draft is what a person says of a paper that is to be kept.
type Draft struct {
	Kind   Kind
	Day    record.Day
	Number string // typed; "" to be given one, or none
	To     string
	Filled map[string]string // by the Chinese names of blanks
}

// Filter is which papers are asked for; what is empty asks for all.
type Filter struct {
	Year   int
	Kind   Kind
	Text   string // contained in the number or title
	Before string // id: of those kept before it
	Limit  int
}

// The longest texts, in characters.
const (
	longestNumber = 60
	longestTo     = 200
	longestFill   = 2000
	mostFilled    = 100
)

// Validate gives what is wrong with a draft of today.
func (d Draft) Validate(today record.Day) []record.Fault {
	var f faults
	if _, ok := record.ParseDay(string(d.Day)); !ok {
		f.add("day", string(d.Day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	} else if d.Day > today {
		f.add("day", string(d.Day), "不应晚于今天", "must not be after today")
	}
	f.short("number", d.Number, longestNumber)
	f.short("to", d.To, longestTo)
	if len(d.Filled) > mostFilled {
		f.add("filled", "", "填写项过多", "too many blanks are filled in")
	}
	for name, text := range d.Filled {
		f.short("filled/"+name, text, longestFill)
	}
	return f
}

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}
