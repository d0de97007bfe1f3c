package scenariohttp

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/scenarios"
)

// people is a number of people, or a difference of two: a decimal with at most four
// digits, exactly the integer ten-thousandths that are counted inside.
type people coverage.People

// MarshalJSON writes the shortest decimal that is exact.
func (p people) MarshalJSON() ([]byte, error) { return []byte(coverage.People(p).String()), nil }

// Schema is the OpenAPI form.
func (people) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Description: "Number of people, exact to four decimals. 人数，精确到万分之一人。"}
}

// ScenarioText is a sentence in both languages.
type ScenarioText struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func textOf(t *coverage.Text) *ScenarioText {
	if t == nil {
		return nil
	}
	return &ScenarioText{t.ZH, t.EN}
}

// ScenarioStep is a step of a plan, as POST /api/v1/coverage/what-if takes it, with a name.
type ScenarioStep struct {
	Do   string       `json:"do" enum:"add,move,close,reopen,close_way,open_gate,shut_gate,add_path"`
	ID   string       `json:"id" minLength:"1" maxLength:"64"`
	Name string       `json:"name,omitempty" maxLength:"100" doc:"What people call the place"`
	Lon  *float64     `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Of add and move"`
	Lat  *float64     `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Of add and move"`
	Line [][2]float64 `json:"line,omitempty" maxItems:"50" doc:"Of add_path"`
}

// ScenarioCost is one thing that has to be paid for.
type ScenarioCost struct {
	What   string `json:"what" maxLength:"100"`
	Kind   string `json:"kind" enum:"one_off,per_year" doc:"Comes once, or every year"`
	Fen    int64  `json:"fen" minimum:"0" maximum:"10000000000000" doc:"Hundredths of a yuan"`
	Source string `json:"source,omitempty" maxLength:"60" doc:"Who pays, from which budget"`
}

// ScenarioContent is what a person writes of a scenario.
type ScenarioContent struct {
	Name         string            `json:"name" maxLength:"60" doc:"Of those of yours that are not archived, no two have the same"`
	Note         string            `json:"note,omitempty" maxLength:"2000"`
	DivisionCode string            `json:"division_code,omitempty" maxLength:"32" doc:"For which division it is meant: who may keep scenarios there decides about it. The widest of yours when left out"`
	Question     map[string]string `json:"question" doc:"The parameters of GET /api/v1/coverage by their names, as text; those left out are the usual ones"`
	Steps        []ScenarioStep    `json:"steps" nullable:"false" maxItems:"100"`
	Costs        []ScenarioCost    `json:"costs,omitempty" nullable:"false" maxItems:"40" doc:"None while nobody knows what it costs"`
}

// ScenarioCostSum is what a scenario costs together.
type ScenarioCostSum struct {
	OneOffFen  int64                `json:"one_off_fen"`
	PerYearFen int64                `json:"per_year_fen"`
	BySource   []ScenarioCostSource `json:"by_source" nullable:"false"`
}

// ScenarioCostSource is what one source pays.
type ScenarioCostSource struct {
	Source     string `json:"source" doc:"Empty where nobody said"`
	OneOffFen  int64  `json:"one_off_fen"`
	PerYearFen int64  `json:"per_year_fen"`
}

// ScenarioOwner is who made a scenario.
type ScenarioOwner struct {
	Name string `json:"name"`
	Me   bool   `json:"me"`
}

// ScenarioDecision is what was decided.
type ScenarioDecision struct {
	Verdict string `json:"verdict" enum:"adopted,declined"`
	Reason  string `json:"reason"`
	On      string `json:"on" format:"date"`
	By      string `json:"by"`
}

// ScenarioFigure is what a plan comes to for one band.
type ScenarioFigure struct {
	Band       string `json:"band"`
	Population people `json:"population"`
	Before     people `json:"covered_before"`
	Gained     people `json:"gained"`
	Lost       people `json:"lost"`
	Net        people `json:"net" doc:"gained − lost"`
}

// ScenarioRecord is a scenario as the API gives it.
type ScenarioRecord struct {
	ID      string `json:"id"`
	Version int    `json:"version" doc:"Version of the record, also its entity tag"`
	ScenarioContent
	State       string            `json:"state" enum:"draft,shared,archived"`
	SharedOn    *string           `json:"shared_on" nullable:"true" doc:"Since when all may see it; null while only its owner may"`
	Owner       ScenarioOwner     `json:"owner"`
	Decision    *ScenarioDecision `json:"decision,omitempty"`
	Cost        *ScenarioCostSum  `json:"cost,omitempty" doc:"left out while nobody knows"`
	Saved       []ScenarioFigure  `json:"saved" nullable:"false" doc:"What it came to when it was saved, by band"`
	DataVersion string            `json:"data_version" doc:"Of the data then"`
	Outdated    bool              `json:"outdated" doc:"The data are others now"`
	ChangedAt   time.Time         `json:"changed_at"`
	MayChange   bool              `json:"may_change"`
	MayDecide   bool              `json:"may_decide" doc:"Once it is shared"`
}

// ScenarioFault is why a scenario cannot be answered today.
type ScenarioFault struct {
	Step   *int         `json:"step" nullable:"true" doc:"From 0; null where it is the plan as a whole"`
	Reason ScenarioText `json:"reason"`
	Hint   ScenarioText `json:"hint"`
}

// ScenarioNow is what a scenario comes to on the data as they are.
type ScenarioNow struct {
	Version string           `json:"version"`
	Figures []ScenarioFigure `json:"figures" nullable:"false" doc:"None where a step cannot be taken"`
	Fault   *ScenarioFault   `json:"fault,omitempty"`
}

// ScenarioToday is a scenario with what it comes to today.
type ScenarioToday struct {
	ScenarioRecord
	Now *ScenarioNow `json:"now,omitempty" doc:"left out while the data are being loaded or the question cannot be asked any more"`
}

func recordOf(i scenarios.Item, version string) ScenarioRecord {
	out := ScenarioRecord{
		ID: i.ID, Version: i.Version, State: string(i.State), Owner: ScenarioOwner{i.Owner.Name, i.Mine},
		Saved: figuresOf(i.Saved), DataVersion: i.DataVersion, Outdated: version != "" && version != i.DataVersion,
		ChangedAt: i.ChangedAt, MayChange: i.MayChange(), MayDecide: i.MayDecide,
		ScenarioContent: ScenarioContent{Name: i.Name, Note: i.Note, DivisionCode: i.DivisionCode, Question: i.Question, Steps: []ScenarioStep{}},
	}
	for _, s := range i.Steps {
		out.Steps = append(out.Steps, stepOf(s))
	}
	for _, c := range i.Costs {
		out.Costs = append(out.Costs, ScenarioCost{What: c.What, Kind: string(c.Kind), Fen: c.Fen, Source: c.Source})
	}
	if cost := scenarios.Cost(i.Costs); cost.Known {
		out.Cost = &ScenarioCostSum{OneOffFen: cost.OneOff, PerYearFen: cost.PerYear, BySource: []ScenarioCostSource{}}
		for _, s := range scenarios.BySource(i.Costs) {
			out.Cost.BySource = append(out.Cost.BySource, ScenarioCostSource{s.Source, s.OneOff, s.PerYear})
		}
	}
	if i.SharedOn != "" {
		day := string(i.SharedOn)
		out.SharedOn = &day
	}
	if d := i.Decision; d.Verdict != scenarios.Undecided {
		out.Decision = &ScenarioDecision{string(d.Verdict), d.Reason, string(d.On), d.By}
	}
	return out
}

func figuresOf(list []scenarios.Figure) []ScenarioFigure {
	out := make([]ScenarioFigure, len(list))
	for k, f := range list {
		out[k] = ScenarioFigure{f.Band, people(f.Population), people(f.Before), people(f.Gained), people(f.Lost), people(f.Net())}
	}
	return out
}

func faultOf(f *StepFault) *ScenarioFault {
	if f == nil {
		return nil
	}
	out := &ScenarioFault{Reason: ScenarioText(f.Reason), Hint: ScenarioText(f.Hint)}
	if f.Step >= 0 {
		out.Step = &f.Step
	}
	return out
}

func stepOf(s scenarios.Step) ScenarioStep {
	out := ScenarioStep{Do: s.Do, ID: s.ID, Name: s.Name}
	if s.At != (orb.Point{}) {
		lon, lat := s.At.Lon(), s.At.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	for _, p := range s.Line {
		out.Line = append(out.Line, p)
	}
	return out
}

func steps(list []ScenarioStep) []scenarios.Step {
	out := make([]scenarios.Step, len(list))
	for i, s := range list {
		out[i] = scenarios.Step{Do: s.Do, ID: s.ID, Name: s.Name}
		if s.Lon != nil && s.Lat != nil && (s.Do == "add" || s.Do == "move") {
			out[i].At = orb.Point{*s.Lon, *s.Lat}
		}
		for _, p := range s.Line {
			out[i].Line = append(out[i].Line, p)
		}
	}
	return out
}

func costs(list []ScenarioCost) []scenarios.CostLine {
	out := make([]scenarios.CostLine, len(list))
	for i, c := range list {
		out[i] = scenarios.CostLine{What: c.What, Kind: scenarios.CostKind(c.Kind), Fen: c.Fen, Source: c.Source}
	}
	return out
}

func (c ScenarioContent) scenario() scenarios.Scenario {
	return scenarios.Scenario{
		Name: c.Name, Note: c.Note, DivisionCode: c.DivisionCode, Question: c.Question, Steps: steps(c.Steps), Costs: costs(c.Costs),
	}
}
