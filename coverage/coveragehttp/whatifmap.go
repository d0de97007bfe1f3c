package coveragehttp

import (
	"yike/coverage"
)

// whatIfGroup is the points of one fate. Ids are those of the tiles of people, which show
// what a point is: a cell or a building with numbers of people, never a person.
type whatIfGroup struct {
	Fate   string   `json:"fate" enum:"gained,lost,nearer,farther,same" doc:"same: another nearest facility as far away, or another street"`
	IDs    []string `json:"ids" nullable:"false" doc:"Of population points"`
	Before []int64  `json:"before" nullable:"false" doc:"Per point, seconds on foot to the nearest facility today, rounded up; -1 beyond the limit, -2 with no path near enough"`
	After  []int64  `json:"after" nullable:"false" doc:"The same with the plan"`
}

type whatIfStreet struct {
	Step     int         `json:"step" doc:"Index into the steps"`
	Do       string      `json:"do" enum:"close_way,open_gate,shut_gate,add_path"`
	ID       string      `json:"id"`
	Name     string      `json:"name" doc:"Of the way; of a gate or a path, of the street that it stands on or begins at; may be empty"`
	Class    string      `json:"class" doc:"Class of that street in its source"`
	Gate     string      `json:"gate" doc:"What kind of barrier; empty for ways and paths"`
	LengthM  float64     `json:"length_m"`
	Division string      `json:"division_code" doc:"The finest division that it lies in; empty outside all"`
	At       [2]float64  `json:"at" doc:"Longitude and latitude: of a gate, else half-way along"`
	Geometry whatIfLines `json:"geometry" doc:"GeoJSON: the way as it is today, or the path with its ends on the streets; without lines for gates"`
}

type whatIfLines struct {
	Type        string         `json:"type" enum:"MultiLineString"`
	Coordinates [][][2]float64 `json:"coordinates" nullable:"false"`
}

// What is told of a point that nothing is within reach of.
const (
	secondsBeyond = -1
	secondsOff    = -2
)

// seconds is a standing's walk, rounded up, so that seconds <= limit holds exactly for
// those within it.
func seconds(s coverage.Standing) int64 {
	switch s.State {
	case coverage.Covered:
		return (int64(max(s.Time, 0)) + 999) / 1000
	case coverage.Unsnapped:
		return secondsOff
	default:
		return secondsBeyond
	}
}

func (w *WhatIf) points() []whatIfGroup {
	out := []whatIfGroup{}
	if !w.Points {
		return out
	}
	ids, at := w.Delta.Baseline.Ground.Demand.IDs, map[coverage.Fate]int{}
	for _, fate := range []coverage.Fate{coverage.FateGained, coverage.FateLost, coverage.FateNearer, coverage.FateFarther, coverage.FateSame} {
		at[fate] = len(out)
		out = append(out, whatIfGroup{Fate: string(fate), IDs: []string{}, Before: []int64{}, After: []int64{}})
	}
	for _, c := range w.Delta.Points {
		group := &out[at[c.Fate()]]
		group.IDs = append(group.IDs, ids[c.Point])
		group.Before, group.After = append(group.Before, seconds(c.Before)), append(group.After, seconds(c.After))
	}
	return out
}

func (w *WhatIf) streets() []whatIfStreet {
	out := []whatIfStreet{}
	for _, s := range w.Streets {
		street := whatIfStreet{
			Step: s.Step, Do: s.Do, ID: s.ID, Name: s.Name, Class: s.Class, Gate: s.Gate, LengthM: s.LengthM,
			At: [2]float64{rounded(s.At.Lon()), rounded(s.At.Lat())}, Geometry: whatIfLines{"MultiLineString", [][][2]float64{}},
		}
		if s.Division >= 0 {
			street.Division = w.Divisions[s.Division].Code
		}
		for _, line := range s.Lines {
			places := make([][2]float64, len(line))
			for i, p := range line {
				places[i] = [2]float64{rounded(p[0]), rounded(p[1])}
			}
			street.Geometry.Coordinates = append(street.Geometry.Coordinates, places)
		}
		out = append(out, street)
	}
	return out
}
