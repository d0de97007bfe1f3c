package coveragehttp

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

type explainedStretch struct {
	Kind    string   `json:"kind" enum:"off_street,street,stairs,crossing,gate" doc:"off_street: between a door and its path, as the crow flies; gate: past a barrier that is open"`
	Name    string   `json:"name" doc:"Of the street; empty where it has none"`
	Class   string   `json:"class" doc:"Of the way in its source; of a gate its kind"`
	Ways    []string `json:"ways" nullable:"false" doc:"Ids in the source of the ways walked on; of a gate its own"`
	Metres  float64  `json:"metres"`
	Seconds *float64 `json:"seconds" nullable:"true" doc:"To the millisecond; null where a distance is asked for"`
	WaitS   float64  `json:"wait_s" doc:"How much of it one waits"`
	RiseM   float64  `json:"rise_m" doc:"How far it goes up, where heights are known"`
	FallM   float64  `json:"fall_m"`
}

type explainedGeometry struct {
	Type        string `json:"type" enum:"LineString,Point"`
	Coordinates any    `json:"coordinates" doc:"Longitude and latitude, WGS 84; of a gate one place, else a list of them"`
}

type explainedFeature struct {
	Type       string            `json:"type" enum:"Feature"`
	Geometry   explainedGeometry `json:"geometry"`
	Properties explainedStretch  `json:"properties"`
}

type explainedDoor struct {
	_      struct{} `nullable:"true"`
	ID     string   `json:"id"`
	NameZH string   `json:"name_zh" doc:"Empty for one that a plan adds"`
	NameEN string   `json:"name_en"`
	Lon    float64  `json:"lon"`
	Lat    float64  `json:"lat"`
}

// explainedRoute is GeoJSON with further members, as RFC 7946, 6.1 allows.
type explainedRoute struct {
	Type     string             `json:"type" enum:"FeatureCollection"`
	Features []explainedFeature `json:"features" nullable:"false" doc:"The stretches in walking order; none where there is no way"`
	Query    coverageQuestion   `json:"query"`
	Version  string             `json:"version"`
	Point    explainedPoint     `json:"point" doc:"Where the people live; people are of the widest band"`
	Facility *explainedDoor     `json:"facility" doc:"null where none is near"`
	Found    bool               `json:"found"`
	Counted  bool               `json:"counted" doc:"Whether the walk is within the limit"`
	Seconds  *float64           `json:"seconds" nullable:"true" doc:"The sum over all stretches; null where a distance is asked for, or there is no way"`
	Metres   *float64           `json:"metres" nullable:"true"`
	LookedM  int                `json:"looked_m" doc:"How far was looked, in metres of level way"`
	Reason   *explainedReason   `json:"reason" doc:"Why there is no way; null where there is"`
}

func routeOf(r *RouteExplained) explainedRoute {
	out := explainedRoute{
		Type: "FeatureCollection", Features: []explainedFeature{}, Query: questionOf(r.Query), Version: r.Version,
		Found: r.Found, Counted: r.Counted, LookedM: r.FarM, Reason: reasonOf(r.Why),
		Point: explainNames{r.Query, r.Divisions, r.Facilities}.point(r.Point),
	}
	if r.Facility != nil {
		out.Facility = &explainedDoor{
			ID: r.Facility.ID, NameZH: r.Facility.NameZH, NameEN: r.Facility.NameEN, Lon: r.At.Point.Lon(), Lat: r.At.Point.Lat(),
		}
	}
	if !r.Found {
		return out
	}
	metres := float64(r.Route.LengthMM) / 1000
	out.Metres = &metres
	out.Seconds, _ = walkOf(r.Query, r.Route.Time)
	for _, s := range r.Route.Stretches {
		out.Features = append(out.Features, stretchOf(r.Query, s))
	}
	return out
}

func stretchOf(q Query, s walknet.Stretch) explainedFeature {
	out := explainedFeature{
		Type: "Feature", Geometry: explainedGeometry{"LineString", coordinates(s.Line)},
		Properties: explainedStretch{
			Name: s.Name, Class: s.Class, Ways: append([]string{}, s.Ways...), Metres: float64(s.LengthMM) / 1000,
			WaitS: float64(s.Wait) / 1000, RiseM: float64(s.RiseMM) / 1000, FallM: float64(s.FallMM) / 1000,
		},
	}
	out.Properties.Seconds, _ = walkOf(q, s.Time)
	switch s.Kind {
	case walknet.OffStreet:
		out.Properties.Kind = "off_street"
	case walknet.OnStairs:
		out.Properties.Kind = "stairs"
	case walknet.OnCrossing:
		out.Properties.Kind = "crossing"
	case walknet.ThroughGate:
		out.Properties.Kind, out.Properties.Class, out.Properties.Ways = "gate", s.Gate.Kind, []string{s.Gate.SourceID}
		out.Geometry = explainedGeometry{"Point", coordinates(s.Line)[0]}
	default:
		out.Properties.Kind = "street"
	}
	return out
}

// coordinates are written to seven decimals, a centimetre.
func coordinates(line orb.LineString) [][2]float64 {
	round := func(x float64) float64 { return math.Round(x*1e7) / 1e7 }
	out := make([][2]float64, len(line))
	for i, p := range line {
		out[i] = [2]float64{round(p[0]), round(p[1])}
	}
	return out
}
