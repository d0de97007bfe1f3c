package coveragehttp

import (
	"fmt"
	"math"
	"slices"

	"yike/coverage"
	"yike/coverage/siting"
)

// SitingSpot is a place of an answer, lon/lat WGS 84, and the division that it lies in.
type SitingSpot struct {
	ID       string  `json:"id" doc:"As it was given, that of a room, or grid/row/column along the streets"`
	Kind     string  `json:"source" enum:"street,point,room" doc:"Found along a street, given, or a room of the ledger"`
	Name     string  `json:"name" doc:"Of a room or a given place; empty where it has none"`
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
	Division string  `json:"division_code" doc:"The finest division that holds it; empty outside all"`
	NameZH   string  `json:"division_zh"`
	NameEN   string  `json:"division_en"`
}

type sitingRunnerUp struct {
	_ struct{} `nullable:"true"`
	SitingSpot
}

type sitingSite struct {
	SitingSpot
	Number   int             `json:"number" doc:"From 1; by the people only it reaches"`
	Required bool            `json:"required" doc:"Whether it had to be chosen"`
	Only     Persons         `json:"only" doc:"People of the band whom no other open facility reaches, or with capacities has a place for; of the shortest walks, people whose nearest it is. People of a preferred band count as often as was asked"`
	Shared   Persons         `json:"shared" doc:"People it reaches whom others reach too"`
	Price    *float64        `json:"price" nullable:"true"`
	Capacity *int64          `json:"capacity" nullable:"true" doc:"In the type's unit; null where it takes everybody"`
	Load     *sitingLoad     `json:"load" doc:"Who finds a place in it; null where capacities were not asked for"`
	RunnerUp *sitingRunnerUp `json:"runner_up" doc:"The candidate that would stand in its place best; null where there is none"`
	Loss     float64         `json:"runner_up_loss" doc:"What taking the runner-up would cost: people, of shortest_ways seconds or metres of walking for the average person, of shortest_longest for the one who walks farthest. Without a runner-up, what leaving the site out would"`
}

type sitingLoad struct {
	_      struct{} `nullable:"true"`
	People Persons  `json:"people" doc:"In one way of sharing out all who find a place"`
	Units  float64  `json:"units" doc:"Places that they take up, in the type's unit"`
}

type sitingRefused struct {
	ID       string `json:"id"`
	Kind     string `json:"source" enum:"point,room"`
	Name     string `json:"name"`
	Code     string `json:"code" doc:"Of the reason"`
	ReasonZH string `json:"reason_zh"`
	ReasonEN string `json:"reason_en"`
}

type sitingCandidates struct {
	Count   int             `json:"count" doc:"That were chosen from"`
	Streets int             `json:"streets" doc:"Of them, along the streets"`
	Points  int             `json:"points" doc:"Of them, given ones"`
	Rooms   int             `json:"rooms" doc:"Of them, rooms of the ledger"`
	Places  []SitingSpot    `json:"places" nullable:"false" doc:"Those that were given or are rooms"`
	Refused []sitingRefused `json:"refused" nullable:"false" doc:"Given places and rooms that are no candidates, and why; the first 500"`
	Refusal int             `json:"refused_count"`
}

type sitingCost struct {
	_         struct{} `nullable:"true"`
	Total     float64  `json:"total" doc:"Of all new ones, in the unit of money that was asked in"`
	Budget    *float64 `json:"budget" nullable:"true"`
	Gained    Persons  `json:"newly_covered" doc:"People of the band within walking reach who were not before"`
	PerPerson *float64 `json:"per_person" nullable:"true" doc:"Total by newly covered; null where there are none"`
}

// sitingExisting is a facility that stays open, with what falls to it.
type sitingExisting struct {
	ID       string      `json:"id"`
	NameZH   string      `json:"name_zh"`
	NameEN   string      `json:"name_en"`
	Capacity *int64      `json:"capacity" nullable:"true" doc:"Null where the registry does not know"`
	Load     *sitingLoad `json:"load" doc:"Null of one that counts as closed because its capacity is not known"`
}

type sitingCapacities struct {
	_          struct{}         `nullable:"true"`
	UseRate    float64          `json:"use_rate"`
	UnitZH     string           `json:"unit_zh"`
	UnitEN     string           `json:"unit_en"`
	Served     Persons          `json:"served" doc:"People of the band who find a place"`
	TurnedAway Persons          `json:"turned_away" doc:"People within reach of a facility for whom there is no place"`
	Existing   []sitingExisting `json:"existing" nullable:"false"`
}

// sitingLeftOut are people whom no choice brings to a facility on foot.
type sitingLeftOut struct {
	Division string  `json:"division_code" doc:"Empty outside all"`
	NameZH   string  `json:"division_zh"`
	NameEN   string  `json:"division_en"`
	Why      string  `json:"why" enum:"no_path,island,too_far" doc:"No path near their homes; a piece of the network without facility and candidate; none within 28.8 km, or one-way paths only"`
	People   Persons `json:"people"`
	Points   int     `json:"points" doc:"Population points, never which"`
}

type sitingBand struct {
	Band       string   `json:"band"`
	Population Persons  `json:"population"`
	Before     Persons  `json:"covered_before"`
	After      Persons  `json:"covered_after"`
	Was        *float64 `json:"coverage_before" nullable:"true"`
	Is         *float64 `json:"coverage_after" nullable:"true"`
}

type sitingDivision struct {
	Code   string       `json:"code"`
	Level  string       `json:"level"`
	Parent string       `json:"parent"`
	NameZH string       `json:"name_zh"`
	NameEN string       `json:"name_en"`
	Bands  []sitingBand `json:"bands" nullable:"false"`
}

type sitingBound struct {
	Unit        string   `json:"unit" enum:"people,weighted,sites,money,seconds,metres" doc:"Of value and bound: people covered or served, people counted as often as was asked, new facilities, their prices, seconds or, of a question by distance, metres that the average person walks or the one who walks farthest"`
	Before      *float64 `json:"before" nullable:"true" doc:"The value without new facilities; null where somebody has none to walk to"`
	Value       float64  `json:"value"`
	Bound       float64  `json:"bound" doc:"No choice of candidates is better than this: proven, not estimated"`
	Gap         float64  `json:"gap" doc:"How far the value can at most be from the best possible, as a share of the bound"`
	Proven      bool     `json:"proven" doc:"Whether no choice is better"`
	StatementZH string   `json:"statement_zh" example:"距最优至多 0.6 %"`
	StatementEN string   `json:"statement_en" example:"Within 0.6 % of the best possible"`
}

type sitingAnswer struct {
	Query      coverageQuestion  `json:"query"`
	Version    string            `json:"version" doc:"Version of the data"`
	Note       *note             `json:"note"`
	Aim        string            `json:"aim"`
	Band       string            `json:"band"`
	Sites      []sitingSite      `json:"sites" nullable:"false" doc:"The chosen ones"`
	Existing   int               `json:"existing" doc:"Open facilities of the type that stay"`
	Candidates sitingCandidates  `json:"candidates"`
	Replaced   []string          `json:"replaced" nullable:"false" doc:"Ids of the open ones that are given up"`
	Result     sitingBound       `json:"result"`
	Cost       *sitingCost       `json:"cost" doc:"Null where no price was said"`
	Capacity   *sitingCapacities `json:"capacity" doc:"Null where capacities were not asked for"`
	LeftOut    []sitingLeftOut   `json:"left_out" nullable:"false" doc:"Of shortest_longest: people who cannot walk to any facility or candidate, and have no say in the longest walk"`
	Bands      []sitingBand      `json:"bands" nullable:"false" doc:"Totals, in the order of the pack's bands"`
	Divisions  []sitingDivision  `json:"divisions" nullable:"false" doc:"Those in which somebody gains"`
}

// mostRefusedTold bounds what is said of a ledger of thousands of rooms.
const mostRefusedTold = 500

func sitingOf(s *Siting) sitingAnswer {
	was := s.Delta.Baseline.Summary
	names := s.Delta.Baseline.Ground.Demand.Bands
	a := sitingAnswer{
		Query: questionOf(s.Query), Version: s.Version, Note: noteOf(s.Note), Aim: s.Asked.Aim, Band: names[s.Band].ID,
		Sites: s.sites(), Existing: len(s.Delta.Baseline.Sites) - len(s.Asked.Replaced), Replaced: append([]string{}, s.Asked.Replaced...),
		Candidates: s.candidates(), Result: s.result(), Cost: s.cost(), Capacity: s.capacities(), LeftOut: []sitingLeftOut{},
		Bands: sitingBands(names, was.Total, s.After.Total), Divisions: []sitingDivision{},
	}
	for _, l := range s.LeftOut {
		out := sitingLeftOut{Why: l.Why, People: Persons(l.People), Points: l.Points}
		if l.Division >= 0 {
			d := s.Divisions[l.Division]
			out.Division, out.NameZH, out.NameEN = d.Code, d.NameZH, nameEN(d)
		}
		a.LeftOut = append(a.LeftOut, out)
	}
	for _, c := range s.Delta.Divisions {
		d := s.Divisions[c.Division]
		a.Divisions = append(a.Divisions, sitingDivision{
			Code: d.Code, Level: string(d.Level), Parent: d.ParentCode, NameZH: d.NameZH, NameEN: nameEN(d),
			Bands: sitingBands(names, was.Divisions[c.Division], s.After.Divisions[c.Division]),
		})
	}
	return a
}

func (s *Siting) candidates() sitingCandidates {
	out := sitingCandidates{Count: len(s.Candidates), Places: []SitingSpot{}, Refused: []sitingRefused{}, Refusal: len(s.Refused)}
	for k, c := range s.Candidates {
		switch c.Kind {
		case "street":
			out.Streets++
			continue
		case "room":
			out.Rooms++
		default:
			out.Points++
		}
		out.Places = append(out.Places, s.spot(int32(len(s.Delta.Baseline.Sites)+k))) //nolint:gosec // a few thousand
	}
	for _, r := range s.Refused[:min(len(s.Refused), mostRefusedTold)] {
		out.Refused = append(out.Refused, sitingRefused{r.ID, r.Kind, r.Name, r.Code, r.Reason.ZH, r.Reason.EN})
	}
	return out
}

func (s *Siting) cost() *sitingCost {
	if s.Cost == 0 && s.Asked.Price == 0 {
		return nil
	}
	gained := s.After.Total[s.Band].Covered - s.Delta.Baseline.Summary.Total[s.Band].Covered
	out := &sitingCost{Total: inMoney(s.Cost), Gained: Persons(gained)}
	if s.Asked.Budget > 0 {
		out.Budget = new(inMoney(s.Asked.Budget))
	}
	if gained > 0 {
		const digits = 1e6 // a place for 5,000 people costs little for each of them
		out.PerPerson = new(math.Round(inMoney(s.Cost)/perPerson(int64(gained))*digits) / digits)
	}
	return out
}

func (s *Siting) capacities() *sitingCapacities {
	l := s.Loads
	if l == nil {
		return nil
	}
	out := &sitingCapacities{
		UseRate: l.UseRate, UnitZH: l.UnitZH, UnitEN: l.UnitEN, Served: Persons(l.Served), TurnedAway: Persons(l.TurnedAway), Existing: []sitingExisting{},
	}
	for _, e := range l.Existing {
		f := sitingExisting{ID: e.Facility.ID, NameZH: e.Facility.NameZH, NameEN: e.Facility.NameEN}
		if e.Facility.Capacity > 0 {
			f.Capacity = new(int64(e.Facility.Capacity))
		}
		if !e.LeftOut {
			f.Load = s.load(int64(e.Load))
		}
		out.Existing = append(out.Existing, f)
	}
	return out
}

// load tells people in units, rounded down: a person's share may be split.
func (s *Siting) load(people int64) *sitingLoad {
	if s.Loads == nil {
		return nil
	}
	return &sitingLoad{People: Persons(people), Units: math.Floor(perPerson(people)*s.Loads.UseRate*hundredths) / hundredths}
}

func inMoney(v int64) float64 { return float64(v) / hundredths }

func sitingBands(names []coverage.Band, before, after []coverage.Count) []sitingBand {
	out := make([]sitingBand, len(names))
	for k, n := range names {
		out[k] = sitingBand{
			Band: n.ID, Population: Persons(before[k].Population), Before: Persons(before[k].Covered), After: Persons(after[k].Covered),
			Was: known(before[k].PopulationCoverage()), Is: known(after[k].PopulationCoverage()),
		}
	}
	return out
}

func (s *Siting) sites() []sitingSite {
	order := siting.ByAlone(s.Plan.Sites)
	out := make([]sitingSite, len(order))
	for i, c := range order {
		from := s.candidate(c.Candidate)
		out[i] = sitingSite{
			SitingSpot: s.spot(c.Candidate), Number: i + 1, Required: slices.Contains(s.Required, c.Candidate),
			Only: Persons(c.Alone), Shared: Persons(c.Shared), Loss: s.inUnit(c.Loss), Load: s.load(c.Load),
		}
		if s.Asked.Aim == "fewest_sites" {
			out[i].Loss = perPerson(c.Loss)
		}
		if from.Price > 0 {
			out[i].Price = new(inMoney(from.Price))
		}
		if s.Loads != nil && from.Capacity > 0 {
			out[i].Capacity = new(from.Capacity)
		}
		if c.RunnerUp >= 0 {
			out[i].RunnerUp = &sitingRunnerUp{SitingSpot: s.spot(c.RunnerUp)}
		}
	}
	return out
}

func (s *Siting) candidate(number int32) SitingCandidate {
	return s.Candidates[int(number)-len(s.Delta.Baseline.Sites)]
}

func (s *Siting) spot(number int32) SitingSpot {
	c := s.candidate(number)
	out := SitingSpot{ID: c.ID, Kind: c.Kind, Name: c.Name, Lon: c.At.Lon(), Lat: c.At.Lat()}
	if c.Division >= 0 {
		d := s.Divisions[c.Division]
		out.Division, out.NameZH, out.NameEN = d.Code, d.NameZH, nameEN(d)
	}
	return out
}

func perPerson(n int64) float64 { return float64(n) / float64(coverage.Person) }

// inUnit turns a value of the plan into what is told of it.
func (s *Siting) inUnit(v int64) float64 {
	switch s.unit() {
	case "sites":
		return float64(v)
	case "money":
		return inMoney(v)
	case "seconds", "metres":
		if s.Asked.Aim == "shortest_longest" {
			return math.Round(float64(v)) / 1000
		}
		if s.Plan.Demand == 0 {
			return 0
		}
		return math.Round(float64(v)/float64(s.Plan.Demand)) / 1000
	default:
		return perPerson(v)
	}
}

func (s *Siting) unit() string {
	switch {
	case s.Asked.Aim == "fewest_sites" && s.Priced:
		return "money"
	case s.Asked.Aim == "fewest_sites":
		return "sites"
	case s.Asked.Aim == "shortest_ways" || s.Asked.Aim == "shortest_longest":
		if s.Query.Metres > 0 { // asked for at a metre a second
			return "metres"
		}
		return "seconds"
	case s.Asked.PreferTimes > 1:
		return "weighted"
	}
	return "people"
}

func (s *Siting) result() sitingBound {
	r := sitingBound{
		Unit: s.unit(), Value: s.inUnit(s.Plan.Value), Bound: s.inUnit(s.Plan.Bound),
		Gap: s.Plan.Gap(), Proven: s.Plan.Proven(),
	}
	if s.Before >= 0 {
		r.Before = new(s.inUnit(s.Before))
	}
	switch {
	case r.Proven:
		r.StatementZH, r.StatementEN = "已证明：在这些候选点中没有更好的选法", "Proven: no other choice of these candidates is better"
	case r.Unit == "sites":
		r.StatementZH = fmt.Sprintf("选了 %d 处；已证明任何选法都不少于 %d 处", s.Plan.Value, s.Plan.Bound)
		r.StatementEN = fmt.Sprintf("%d chosen; it is proven that no choice has fewer than %d", s.Plan.Value, s.Plan.Bound)
	default:
		// Rounded up: what is said must hold.
		percent := math.Ceil(r.Gap*1000) / 10
		r.StatementZH = fmt.Sprintf("距最优至多 %.1f %%", percent)
		r.StatementEN = fmt.Sprintf("Within %.1f %% of the best possible", percent)
	}
	return r
}
