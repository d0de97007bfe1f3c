package numberinghttp

import (
	"context"
	"slices"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/numbering"
)

// NumberingStreet is a road that may be numbered.
type NumberingStreet struct {
	Name    string  `json:"name"`
	NameID  string  `json:"name_id" doc:"Of its standard name; empty where the register has none"`
	LengthM float64 `json:"length_m"`
	Numbers int     `json:"numbers" doc:"Live addresses that stand on it"`
}

// NumberingStreets are roads that may be numbered.
type NumberingStreets struct {
	Streets []NumberingStreet `json:"streets" nullable:"false"`
}

type streetsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NumberingStreets
}

func (h handlers) streets(ctx context.Context, in *struct {
	Text     string `query:"q" maxLength:"200" doc:"Characters of the name"`
	Division string `query:"division" maxLength:"32"`
},
) (*streetsReply, error) {
	list, err := h.desk.Streets(ctx, in.Text, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	out := NumberingStreets{Streets: []NumberingStreet{}}
	for _, s := range list {
		out.Streets = append(out.Streets, NumberingStreet{s.Name, s.NameID, s.LengthM, s.Numbers})
	}
	return &streetsReply{CacheControl: "no-store", Body: out}, nil
}

// NumberingUse says how a road was numbered last.
type NumberingUse struct {
	Rule    string `json:"rule" doc:"Key of a preset or id of a rule set"`
	Version int    `json:"rule_version" doc:"0 of a preset"`
	Since   string `json:"valid_from"`
}

// NumberingGround is what stands along a road.
type NumberingGround struct {
	Road      NumberingRoad       `json:"road"`
	NameID    string              `json:"name_id"`
	Division  string              `json:"division_code"`
	Frontages []NumberingFrontage `json:"frontages" nullable:"false"`
	Truncated bool                `json:"truncated" doc:"There are more buildings than were looked at"`
	Existing  []NumberingExisting `json:"existing" nullable:"false"`
	Unread    int                 `json:"unread" doc:"Addresses whose number is not of figures"`
	Use       *NumberingUse       `json:"use,omitempty"`
}

type groundReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NumberingGround
}

// usualReachM is how far from the line buildings are looked for.
const usualReachM = 45

func (h handlers) ground(ctx context.Context, in *struct {
	Body struct {
		NameID   string         `json:"name_id,omitempty" maxLength:"64" doc:"Of the register"`
		Name     string         `json:"name,omitempty" maxLength:"400" doc:"Of the road network, where no id is given"`
		Sections [][][2]float64 `json:"sections,omitempty" nullable:"false" maxItems:"2000" doc:"A line that somebody drew, instead of where the road is known to be"`
		ReachM   float64        `json:"reach_m,omitempty" minimum:"0" maximum:"200" doc:"How far from the line buildings are looked for; 45 m when left out"`
	}
},
) (*groundReply, error) {
	drawn, faults := NumberingRoad{Sections: in.Body.Sections}.road()
	if in.Body.NameID == "" && in.Body.Name == "" && len(in.Body.Sections) == 0 {
		faults = append(faults, record.Fault{Field: "name_id", ZH: "须给出道路、路名或画出的线", EN: "a road, its name or a line is needed"})
	}
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	reach := in.Body.ReachM
	if reach == 0 {
		reach = usualReachM
	}
	g, err := h.desk.Ground(ctx, Asked{in.Body.NameID, in.Body.Name, drawn.Sections, reach})
	if err != nil {
		return nil, problem(err)
	}
	out := NumberingGround{
		Road: roadOut(g.Road), NameID: g.NameID, Division: g.Division, Frontages: []NumberingFrontage{}, Truncated: g.Truncated, Existing: []NumberingExisting{}, Unread: g.Unread,
	}
	for _, f := range g.Frontages {
		out.Frontages = append(out.Frontages, frontageOut(f, g.Labels[f.ID]))
	}
	for _, e := range g.Existing {
		out.Existing = append(out.Existing, existingOut(e))
	}
	if g.Use != nil {
		out.Use = &NumberingUse{g.Use.Rule, g.Use.Version, string(g.Use.ValidFrom)}
	}
	return &groundReply{CacheControl: "no-store", Body: out}, nil
}

// NumberingLine is a road as it is numbered.
type NumberingLine struct {
	Parts   [][][2]float64 `json:"parts" nullable:"false" doc:"From the start on; a part ends where the road is interrupted"`
	LengthM float64        `json:"length_m"`
	Gaps    int            `json:"gaps"`
	Lanes   int            `json:"lanes" doc:"Lines left out since they run beside another"`
	Start   string         `json:"start" doc:"The end at which numbers begin, by compass"`
	StartAt [2]float64     `json:"start_at"`
	EndAt   [2]float64     `json:"end_at"`
	Decided bool           `json:"decided" doc:"The rule set or somebody says so"`
	WhyZH   string         `json:"why_zh"`
	WhyEN   string         `json:"why_en"`
}

// NumberingProposal is what a frontage is proposed.
type NumberingProposal struct {
	FrontageID string     `json:"frontage_id"`
	Part       int        `json:"part" doc:"Which of the reserved numbers of vacant ground, from 0 on"`
	Kind       string     `json:"kind" enum:"number,reserved,side_door,kept,left_out"`
	Side       string     `json:"side" enum:"left,right,none" doc:"Looking from the start"`
	AlongM     float64    `json:"along_m"`
	OffsetM    float64    `json:"offset_m"`
	Row        int        `json:"row"`
	Number     int        `json:"number" doc:"0 for none"`
	Suffix     int        `json:"suffix" doc:"0 for none"`
	Label      string     `json:"label" doc:"As it is written: 12-1"`
	ExistingID string     `json:"existing_id" doc:"The number that it has or takes, where that is there already"`
	Point      [2]float64 `json:"point"`
	Reason     string     `json:"reason" doc:"A code word"`
	ReasonZH   string     `json:"reason_zh"`
	ReasonEN   string     `json:"reason_en"`
}

// NumberingFault is one thing that a check found.
type NumberingFault struct {
	Numbers   []string `json:"numbers" nullable:"false"`
	Existing  []string `json:"existing" nullable:"false"`
	Frontages []string `json:"frontages" nullable:"false"`
	ZH        string   `json:"zh"`
	EN        string   `json:"en"`
}

// NumberingVerdict is what one check came to.
type NumberingVerdict struct {
	ID       string           `json:"id" example:"PLT-01"`
	ZH       string           `json:"zh"`
	EN       string           `json:"en"`
	TestZH   string           `json:"test_zh"`
	TestEN   string           `json:"test_en"`
	Outcome  string           `json:"outcome" enum:"pass,fail,undetermined,not_applicable"`
	Severity string           `json:"severity" enum:"error,warning,info" doc:"error only for a must whose text was read whole"`
	Grade    string           `json:"grade"`
	GradeZH  string           `json:"grade_zh"`
	GradeEN  string           `json:"grade_en"`
	SourceZH string           `json:"source_zh"`
	SourceEN string           `json:"source_en"`
	Faults   []NumberingFault `json:"faults" nullable:"false"`
	WhyZH    string           `json:"why_zh" doc:"Why it does not apply, or what nobody knows"`
	WhyEN    string           `json:"why_en"`
}

// NumberingResult is what numbering a road comes to.
type NumberingResult struct {
	Line      *NumberingLine      `json:"line,omitempty" doc:"None by rows"`
	Proposals []NumberingProposal `json:"proposals" nullable:"false" doc:"By row, side and metres"`
	Verdicts  []NumberingVerdict  `json:"verdicts" nullable:"false"`
}

func resultOut(r numbering.Result) NumberingResult {
	out := NumberingResult{Proposals: []NumberingProposal{}, Verdicts: []NumberingVerdict{}}
	if l := r.Line; l != nil {
		out.Line = &NumberingLine{
			Parts: linesOut(l.Parts), LengthM: l.LengthM, Gaps: len(l.Gaps), Lanes: l.Lanes, Start: string(l.Start), StartAt: l.At(0, 0), EndAt: l.At(l.LengthM, 0),
			Decided: l.Decided, WhyZH: l.Why.ZH, WhyEN: l.Why.EN,
		}
	}
	for _, p := range r.Proposals {
		out.Proposals = append(out.Proposals, NumberingProposal{
			FrontageID: p.FrontageID, Part: p.Part, Kind: string(p.Kind), Side: string(p.Side), AlongM: p.AlongM, OffsetM: p.OffsetM, Row: p.Row,
			Number: p.Number.N, Suffix: p.Number.Suffix, Label: p.Number.String(), ExistingID: p.ExistingID, Point: p.Point,
			Reason: p.Reason.Code, ReasonZH: p.Reason.ZH, ReasonEN: p.Reason.EN,
		})
	}
	for _, v := range r.Verdicts {
		zh, en := v.Grade.Words()
		one := NumberingVerdict{
			ID: v.ID, ZH: v.ZH, EN: v.EN, TestZH: v.TestZH, TestEN: v.TestEN, Outcome: string(v.Outcome), Severity: string(v.Severity), Grade: string(v.Grade),
			GradeZH: zh, GradeEN: en, SourceZH: v.SourceZH, SourceEN: v.SourceEN, Faults: []NumberingFault{}, WhyZH: v.WhyZH, WhyEN: v.WhyEN,
		}
		for _, f := range v.Faults {
			one.Faults = append(one.Faults, NumberingFault{some(f.Numbers), some(f.Existing), some(f.Frontages), f.ZH, f.EN})
		}
		out.Verdicts = append(out.Verdicts, one)
	}
	return out
}

func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// NumberingQuestion is a road that is to be numbered.
type NumberingQuestion struct {
	Rule      string              `json:"rule,omitempty" maxLength:"64" doc:"Key of a preset or id of a rule set; left out where the rules themselves are given"`
	Rules     *NumberingRuleSet   `json:"rules,omitempty" doc:"A rule set that nobody saved"`
	Road      NumberingRoad       `json:"road"`
	Frontages []NumberingFrontage `json:"frontages" nullable:"false" maxItems:"5000"`
	Existing  []NumberingExisting `json:"existing,omitempty" nullable:"false" maxItems:"20000"`
	CheckOnly bool                `json:"check_only,omitempty" doc:"Number nothing: only say what is at fault with the numbers that are there"`
}

type resultReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NumberingResult
}

func (h handlers) propose(ctx context.Context, in *struct{ Body NumberingQuestion }) (*resultReply, error) {
	set, err := h.rulesOf(ctx, in.Body)
	if err != nil {
		return nil, problem(err)
	}
	road, faults := in.Body.Road.road()
	frontages := make([]numbering.Frontage, len(in.Body.Frontages))
	for i, f := range in.Body.Frontages {
		var more []record.Fault
		frontages[i], more = f.frontage(i)
		faults = append(faults, more...)
	}
	existing := make([]numbering.Existing, len(in.Body.Existing))
	for i, e := range in.Body.Existing {
		var more []record.Fault
		existing[i], more = e.existing(i)
		faults = append(faults, more...)
	}
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	do := numbering.Propose
	if in.Body.CheckOnly {
		do = numbering.Check
	}
	result, err := do(road, set, frontages, existing)
	if err != nil {
		return nil, problem(err)
	}
	return &resultReply{CacheControl: "no-store", Body: resultOut(result)}, nil
}

// rulesOf gives the rule set that a question is asked by.
func (h handlers) rulesOf(ctx context.Context, q NumberingQuestion) (numbering.RuleSet, error) {
	if q.Rules != nil {
		set := q.Rules.set()
		return set, record.Invalid(numbering.Validate(set))
	}
	if i := slices.IndexFunc(h.presets, func(p numbering.RuleSet) bool { return p.Key == q.Rule }); i >= 0 && q.Rule != "" {
		return h.presets[i], nil
	}
	l, err := h.desk.One(ctx, q.Rule)
	return l.Rules, err
}

// NumberingDoor is a number that is taken over.
type NumberingDoor struct {
	Number   int          `json:"number" minimum:"1" maximum:"1000000"`
	Suffix   int          `json:"suffix,omitempty" minimum:"0" maximum:"1000000"`
	Reserved bool         `json:"reserved,omitempty"`
	Takes    string       `json:"takes,omitempty" maxLength:"64" doc:"Id of the reserved address that it takes"`
	Version  int          `json:"version,omitempty" doc:"Of that, as it was seen"`
	Point    [2]float64   `json:"point"`
	Entrance bool         `json:"entrance,omitempty" doc:"The point is that of a door that somebody knows"`
	More     [][2]float64 `json:"more,omitempty" nullable:"false" maxItems:"50" doc:"Side doors of the same number"`
	Note     string       `json:"note,omitempty" maxLength:"1000"`
}

// NumberingTaken is a road whose numbers are taken over.
type NumberingTaken struct {
	NameID      string          `json:"name_id" maxLength:"64"`
	Rule        string          `json:"rule" minLength:"1" maxLength:"64"`
	RuleVersion int             `json:"rule_version,omitempty" minimum:"0"`
	OneSided    bool            `json:"one_sided,omitempty"`
	Mouth       *[2]float64     `json:"mouth,omitempty"`
	Start       *[2]float64     `json:"start,omitempty"`
	Doors       []NumberingDoor `json:"doors" nullable:"false" minItems:"1" maxItems:"5000"`
}

func (r NumberingTaken) road() TakenRoad {
	out := TakenRoad{Use: numbering.Use{
		NameID: r.NameID, RuleRef: numbering.RuleRef{Rule: r.Rule, Version: r.RuleVersion}, OneSided: r.OneSided, Mouth: pointOf(r.Mouth), Start: pointOf(r.Start),
	}}
	for _, d := range r.Doors {
		door := Door{
			Number: numbering.Number{N: d.Number, Suffix: d.Suffix}, Reserved: d.Reserved, Takes: d.Takes, Version: d.Version, Point: d.Point, Entrance: d.Entrance, Note: d.Note,
		}
		for _, p := range d.More {
			door.More = append(door.More, p)
		}
		out.Doors = append(out.Doors, door)
	}
	return out
}

// NumberingOutcome says what was taken over.
type NumberingOutcome struct {
	Addresses int `json:"addresses"`
	Roads     int `json:"roads"`
}

type takenReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NumberingOutcome
}

func (h handlers) takeOver(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Roads []NumberingTaken `json:"roads" nullable:"false" minItems:"1" maxItems:"100"`
		httpapi.RecordEntry
	}
},
) (*takenReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	roads := make([]TakenRoad, len(in.Body.Roads))
	for i, r := range in.Body.Roads {
		roads[i] = r.road()
	}
	n, err := h.desk.TakeOver(ctx, roads, in.Body.Change())
	if err != nil {
		return nil, problem(err)
	}
	return &takenReply{CacheControl: "no-store", Body: NumberingOutcome{Addresses: n, Roads: len(roads)}}, nil
}
