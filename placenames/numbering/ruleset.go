package numbering

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"yike/internal/record"
	"yike/internal/rules"
)

// Counting is what a number counts.
type Counting string

// The ways of counting.
const (
	BySequence Counting = "sequence" // one door after the other
	ByDistance Counting = "distance" // metres from the start
)

// OddBy is what decides the side of odd numbers.
type OddBy string

// The ways of deciding it.
const (
	OddLeft    OddBy = "left"    // looking from the start
	OddRight   OddBy = "right"   //
	OddCompass OddBy = "compass" // the side that lies in one of OddSides
)

// Layout is along what doors are numbered.
type Layout string

// The layouts.
const (
	AlongRoad Layout = "road"
	ByRows    Layout = "rows" // a village or yard, row by row
)

// Clause is a part of a rule set that a text may stand behind.
type Clause string

// The clauses.
const (
	ClauseStart       Clause = "start"
	ClauseOdd         Clause = "odd_side"
	ClauseCounting    Clause = "counting"
	ClauseReserve     Clause = "reserve"
	ClauseSuffix      Clause = "suffix"
	ClauseCorner      Clause = "corner"
	ClauseOneSided    Clause = "one_sided"
	ClauseRunOn       Clause = "run_on"
	ClauseSkip        Clause = "skip"
	ClauseRows        Clause = "rows"
	ClauseNoGaps      Clause = "no_gaps"
	ClauseDeadEnd     Clause = "dead_end"
	ClauseGate        Clause = "gate"
	ClauseProvisional Clause = "provisional"
)

// Clauses lists the clauses in the order in which people read them.
func Clauses() []Clause {
	return []Clause{
		ClauseStart, ClauseDeadEnd, ClauseOdd, ClauseCounting, ClauseNoGaps, ClauseSkip, ClauseReserve, ClauseSuffix, ClauseOneSided, ClauseCorner,
		ClauseGate, ClauseRunOn, ClauseProvisional, ClauseRows,
	}
}

// Source is the text that a clause comes from.
type Source struct {
	Clause Clause      `json:"clause"`
	Grade  rules.Grade `json:"grade"`
	ZH     string      `json:"zh"` // which text, and what it says
	EN     string      `json:"en"`
}

// Rows say how a village or yard is numbered row by row.
type Rows struct {
	First      Compass `json:"first"`                // the side of the first row: N, E, S or W
	Within     Compass `json:"within"`               // the end at which a row begins
	Serpentine bool    `json:"serpentine,omitempty"` // every other row runs back
	Hundreds   bool    `json:"hundreds,omitempty"`   // row 3 has 301 on; else numbers run on from row to row
}

// RuleSet is how doors are numbered. The zero value is not valid.
type RuleSet struct {
	Key      string    `json:"key,omitempty"` // of a preset; "" of a set of the bureau's own
	NameZH   string    `json:"name_zh"`
	NameEN   string    `json:"name_en,omitempty"`
	Layout   Layout    `json:"layout"`
	From     []Compass `json:"from"` // the ends at which numbers begin
	OddBy    OddBy     `json:"odd_by"`
	OddSides []Compass `json:"odd_sides,omitempty"` // for OddCompass
	Counting Counting  `json:"counting"`
	StepM    float64   `json:"step_m,omitempty"`    // metres that one number stands for, by distance
	ReserveM float64   `json:"reserve_m,omitempty"` // metres of vacant frontage for one reserved number; 0 reserves none
	// ReserveGaps reserves numbers where a road is interrupted, as for vacant ground.
	ReserveGaps   bool     `json:"reserve_gaps,omitempty"`
	Skip          []int    `json:"skip,omitempty"`           // numbers that are never given
	DeadEndInward bool     `json:"dead_end_inward"`          // numbers of a dead end begin at its mouth
	OneSidedPlain bool     `json:"one_sided_plain"`          // a one-sided road has 1, 2, 3 …
	CornerToMain  bool     `json:"corner_to_main"`           // a corner is numbered on the main road
	RunOn         bool     `json:"run_on"`                   // numbers run on over the sections of one name
	NoGaps        bool     `json:"no_gaps"`                  // a number that is left out is a fault unless it is reserved
	Rows          *Rows    `json:"rows,omitempty"`           // needed by rows
	Sources       []Source `json:"sources" nullable:"false"` // at most one for each clause
}

// Source gives the text behind a clause; of a clause without one it is a proposal of nobody's
// text.
func (r *RuleSet) Source(c Clause) Source {
	if i := slices.IndexFunc(r.Sources, func(s Source) bool { return s.Clause == c }); i >= 0 {
		return r.Sources[i]
	}
	return Source{Clause: c, Grade: rules.Proposed}
}

// The bounds of a rule set.
const (
	longestName   = 60 // characters
	longestSource = 600
	mostStepM     = 100
	mostReserveM  = 1000
	mostSkipped   = 50
)

// Validate gives everything that is wrong with a rule set, by field.
func Validate(r RuleSet) []record.Fault {
	v := validation{}
	v.name(r)
	v.require(r.Layout == AlongRoad || r.Layout == ByRows, "layout", string(r.Layout), "须为 road 或 rows", "is road or rows")
	v.require(whole(r.From), "from", fmt.Sprint(r.From), "东西、南北须各选一端；斜向道路的两对方向同时填写或都不填", "needs one of east and west and one of north and south, and one of each diagonal or of none")
	v.odd(r)
	v.counting(r)
	v.rows(r)
	v.sources(r)
	return v.faults
}

type validation struct{ faults []record.Fault }

func (v *validation) require(ok bool, field, value, zh, en string) {
	if !ok {
		v.faults = append(v.faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
}

func (v *validation) name(r RuleSet) {
	v.require(r.NameZH != "", "name_zh", "", "须填写名称", "is needed")
	v.require(utf8.RuneCountInString(r.NameZH) <= longestName, "name_zh", r.NameZH, "不超过60字", "has at most 60 characters")
	v.require(utf8.RuneCountInString(r.NameEN) <= 2*longestName, "name_en", r.NameEN, "不超过120字符", "has at most 120 characters")
}

func (v *validation) odd(r RuleSet) {
	switch r.OddBy {
	case OddLeft, OddRight:
		v.require(len(r.OddSides) == 0, "odd_sides", fmt.Sprint(r.OddSides), "按左右分单双号时不填方位", "is empty where left or right decides")
	case OddCompass:
		v.require(whole(r.OddSides), "odd_sides", fmt.Sprint(r.OddSides), "东西、南北须各选一侧；斜向的两对同时填写或都不填", "needs one of east and west and one of north and south, and one of each diagonal or of none")
	default:
		v.require(false, "odd_by", string(r.OddBy), "须为 left、right 或 compass", "is left, right or compass")
	}
}

func (v *validation) counting(r RuleSet) {
	switch r.Counting {
	case BySequence:
		v.require(r.StepM == 0, "step_m", number(r.StepM), "顺序编号不填步长", "is empty for a sequence")
	case ByDistance:
		v.require(r.StepM > 0 && r.StepM <= mostStepM, "step_m", number(r.StepM), "须大于0，不超过100米", "is above 0 and at most 100 m")
	default:
		v.require(false, "counting", string(r.Counting), "须为 sequence 或 distance", "is sequence or distance")
	}
	v.require(r.ReserveM == 0 || r.ReserveM >= 1 && r.ReserveM <= mostReserveM, "reserve_m", number(r.ReserveM), "须为0（不预留）或1至1000米", "is 0 for none, or 1 to 1000 m")
	v.require(!r.ReserveGaps || r.ReserveM > 0, "reserve_gaps", "true", "须先填写每号预留的米数", "needs the metres for a reserved number")
	v.require(len(r.Skip) <= mostSkipped, "skip", strconv.Itoa(len(r.Skip)), "不超过50个", "has at most 50")
	for i, n := range r.Skip {
		v.require(n > 0 && !slices.Contains(r.Skip[:i], n), "skip/"+strconv.Itoa(i), strconv.Itoa(n), "须为不重复的正整数", "is above 0 and there once")
	}
}

func (v *validation) rows(r RuleSet) {
	if r.Rows == nil {
		v.require(r.Layout != ByRows, "rows", "", "按排编号须填写排的顺序", "is needed by rows")
		return
	}
	upright := func(c Compass) bool { return c == N || c == S }
	level := func(c Compass) bool { return c == E || c == W }
	v.require(upright(r.Rows.First) || level(r.Rows.First), "rows/first", string(r.Rows.First), "须为 N、E、S 或 W", "is N, E, S or W")
	v.require(upright(r.Rows.First) && level(r.Rows.Within) || level(r.Rows.First) && upright(r.Rows.Within), "rows/within", string(r.Rows.Within), "须与第一排的方位垂直", "is at right angles to the side of the first row")
}

func (v *validation) sources(r RuleSet) {
	for i, s := range r.Sources {
		field := "sources/" + strconv.Itoa(i)
		v.require(slices.Contains(Clauses(), s.Clause), field+"/clause", string(s.Clause), "没有这一条款", "is no clause")
		v.require(!slices.ContainsFunc(r.Sources[:i], func(o Source) bool { return o.Clause == s.Clause }), field+"/clause", string(s.Clause), "每条只填一个出处", "has a source already")
		known := []rules.Grade{rules.ReadWhole, rules.ReadExcerpt, rules.Derived, rules.Proposed, rules.Remembered}
		v.require(slices.Contains(known, s.Grade), field+"/grade", string(s.Grade), "须为 R、r、D、P 或 M", "is R, r, D, P or M")
		v.require(s.ZH != "" || s.Grade == rules.Proposed, field+"/zh", "", "须写明出自哪份文件", "says which text it is")
		v.require(utf8.RuneCountInString(s.ZH) <= longestSource && utf8.RuneCountInString(s.EN) <= longestSource, field+"/zh", "", "不超过600字", "has at most 600 characters")
	}
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
