package coveragehttp

import (
	"yike/coverage"
	"yike/coverage/walknet"
)

type nearestFacility struct {
	_       struct{} `nullable:"true"`
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	NameZH  string   `json:"name_zh"`
	NameEN  string   `json:"name_en"`
	Status  string   `json:"status"`
	Lon     float64  `json:"lon"`
	Lat     float64  `json:"lat"`
	Example bool     `json:"example"`
}

type populationPoint struct {
	ID       string           `json:"id"`
	Lon      float64          `json:"lon"`
	Lat      float64          `json:"lat"`
	Division string           `json:"division_code" doc:"The finest division that holds the point; empty outside all"`
	People   []Persons        `json:"people" nullable:"false" doc:"By band"`
	State    string           `json:"state" enum:"covered,uncovered,unsnapped"`
	Seconds  *float64         `json:"seconds" nullable:"true" doc:"Walking time to the nearest open facility, door to door; null beyond the limit, and where a distance is asked for"`
	Nearest  *nearestFacility `json:"nearest" doc:"That facility; null beyond the limit"`
	WalkM    *float64         `json:"walk_m,omitempty" doc:"Walking distance in metres, door to door, from time and speed; absent for other profiles than plain"`
	AccessM  *float64         `json:"access_m,omitempty" doc:"Metres from the point to its path; absent when there is none"`
}

func pointOf(p *Point) populationPoint {
	r := p.Answer.Report
	i := p.Index
	at := r.Demand.Points[i]
	out := populationPoint{
		ID: r.Demand.IDs[i], Lon: at.Lon(), Lat: at.Lat(), State: r.Result.State[i].String(),
		People: make([]Persons, len(r.Demand.Bands)),
	}
	for b := range out.People {
		out.People[b] = Persons(r.Demand.People[b][i])
	}
	if d := r.Demand.Division[i]; d >= 0 {
		out.Division = r.Divisions[d].Code
	}
	if s := r.Demand.Snaps[i]; s.OK() {
		m := float64(s.AccessMM) / 1000
		out.AccessM = &m
	}
	if t := r.Result.Time[i]; t != walknet.Unreached && r.Result.State[i] == coverage.Covered {
		seconds, metres := float64(t)/1000, float64(t)*float64(r.Result.Params.Speed)/1e6
		metres = float64(int64(metres*10+0.5)) / 10
		if p.Answer.Query.Metres == 0 {
			out.Seconds = &seconds
		}
		if p.Answer.Query.Profile == coverage.Anybody { // stairs and waits of others are times, not ways
			out.WalkM = &metres
		}
	}
	if p.Nearest >= 0 {
		f := p.Answer.Facilities[p.Nearest]
		out.Nearest = &nearestFacility{
			ID: f.ID, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Status: string(f.Status),
			Lon: f.Point.Lon(), Lat: f.Point.Lat(), Example: f.Example,
		}
	}
	return out
}
