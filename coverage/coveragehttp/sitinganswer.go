package coveragehttp

import (
	"fmt"
	"math"

	"yike/coverage"
	"yike/coverage/siting"
)

// SitingSpot is a place of an answer, lon/lat WGS 84, and the division that it lies in.
type SitingSpot struct {
	ID       string  `json:"id" doc:"As it was given, or grid/row/column along the streets"`
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
	Given    bool            `json:"given" doc:"Whether it is a place that was proposed"`
	Only     Persons         `json:"only" doc:"People of the band whom no other open facility reaches; of shortest_ways, people whose nearest it is"`
	Shared   Persons         `json:"shared" doc:"People it reaches whom others reach too"`
	RunnerUp *sitingRunnerUp `json:"runner_up" doc:"The candidate that would stand in its place best; null where there is none"`
	Loss     float64         `json:"runner_up_loss" doc:"What taking the runner-up would cost: people, or of shortest_ways seconds of walking for the average person. Without a runner-up, what leaving the site out would"`
}

type sitingRefused struct {
	ID       string `json:"id"`
	ReasonZH string `json:"reason_zh"`
	ReasonEN string `json:"reason_en"`
}

type sitingCandidates struct {
	Count   int             `json:"count" doc:"That were chosen from"`
	Given   int             `json:"given" doc:"Of them, places that were proposed"`
	Refused []sitingRefused `json:"refused" nullable:"false" doc:"Proposed places that are no candidates, and why"`
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
	Unit        string  `json:"unit" enum:"people,sites,seconds" doc:"Of value and bound: people covered, new facilities, seconds that the average person walks"`
	Before      float64 `json:"before" doc:"The value without new facilities"`
	Value       float64 `json:"value"`
	Bound       float64 `json:"bound" doc:"No choice of candidates is better than this: proven, not estimated"`
	Gap         float64 `json:"gap" doc:"How far the value can at most be from the best possible, as a share of the bound"`
	Proven      bool    `json:"proven" doc:"Whether no choice is better"`
	StatementZH string  `json:"statement_zh" example:"离可能的最好结果最多差 0.6 %"`
	StatementEN string  `json:"statement_en" example:"Within 0.6 % of the best possible"`
}

type sitingAnswer struct {
	Query      coverageQuestion `json:"query"`
	Version    string           `json:"version" doc:"Version of the data"`
	Note       *note            `json:"note"`
	Aim        string           `json:"aim"`
	Band       string           `json:"band"`
	Sites      []sitingSite     `json:"sites" nullable:"false" doc:"The chosen ones"`
	Existing   int              `json:"existing" doc:"Open facilities of the type, which all stay"`
	Candidates sitingCandidates `json:"candidates"`
	Result     sitingBound      `json:"result"`
	Bands      []sitingBand     `json:"bands" nullable:"false" doc:"Totals, in the order of the pack's bands"`
	Divisions  []sitingDivision `json:"divisions" nullable:"false" doc:"Those in which somebody gains"`
}

func sitingOf(s *Siting) sitingAnswer {
	was := s.Delta.Baseline.Summary
	names := s.Delta.Baseline.Ground.Demand.Bands
	a := sitingAnswer{
		Query: questionOf(s.Query), Version: s.Version, Note: noteOf(s.Note), Aim: s.Aim, Band: names[s.Band].ID,
		Sites: s.sites(), Existing: len(s.Delta.Baseline.Sites),
		Candidates: sitingCandidates{Count: len(s.Candidates), Refused: []sitingRefused{}},
		Result:     s.result(), Bands: sitingBands(names, was.Total, s.After.Total), Divisions: []sitingDivision{},
	}
	for _, c := range s.Candidates {
		if c.Given {
			a.Candidates.Given++
		}
	}
	for _, r := range s.Refused {
		a.Candidates.Refused = append(a.Candidates.Refused, sitingRefused{r.ID, r.Reason.ZH, r.Reason.EN})
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
		out[i] = sitingSite{
			SitingSpot: s.spot(c.Candidate), Number: i + 1, Given: s.candidate(c.Candidate).Given,
			Only: Persons(c.Alone), Shared: Persons(c.Shared), Loss: s.inUnit(c.Loss),
		}
		if s.Aim == "fewest_sites" {
			out[i].Loss = perPerson(c.Loss)
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
	out := SitingSpot{ID: c.ID, Lon: c.At.Lon(), Lat: c.At.Lat()}
	if c.Division >= 0 {
		d := s.Divisions[c.Division]
		out.Division, out.NameZH, out.NameEN = d.Code, d.NameZH, nameEN(d)
	}
	return out
}

func perPerson(n int64) float64 { return float64(n) / float64(coverage.Person) }

// inUnit turns a value of the plan into what is told of it.
func (s *Siting) inUnit(v int64) float64 {
	switch s.Aim {
	case "fewest_sites":
		return float64(v)
	case "shortest_ways":
		if s.Plan.Demand == 0 {
			return 0
		}
		return math.Round(float64(v)/float64(s.Plan.Demand)) / 1000
	default:
		return perPerson(v)
	}
}

func (s *Siting) result() sitingBound {
	units := map[string]string{"fewest_sites": "sites", "shortest_ways": "seconds"}
	r := sitingBound{
		Unit: "people", Before: s.inUnit(s.Before), Value: s.inUnit(s.Plan.Value), Bound: s.inUnit(s.Plan.Bound),
		Gap: s.Plan.Gap(), Proven: s.Plan.Proven(),
	}
	if u := units[s.Aim]; u != "" {
		r.Unit = u
	}
	switch {
	case r.Proven:
		r.StatementZH, r.StatementEN = "已证明：在这些候选点中没有更好的选法", "Proven: no other choice of these candidates is better"
	case s.Aim == "fewest_sites":
		r.StatementZH = fmt.Sprintf("选了 %d 处；已证明任何选法都不少于 %d 处", s.Plan.Value, s.Plan.Bound)
		r.StatementEN = fmt.Sprintf("%d chosen; it is proven that no choice has fewer than %d", s.Plan.Value, s.Plan.Bound)
	default:
		// Rounded up: what is said must hold.
		percent := math.Ceil(r.Gap*1000) / 10
		r.StatementZH = fmt.Sprintf("离可能的最好结果最多差 %.1f %%", percent)
		r.StatementEN = fmt.Sprintf("Within %.1f %% of the best possible", percent)
	}
	return r
}
