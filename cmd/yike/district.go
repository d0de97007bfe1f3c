package main

import (
	"context"
	"errors"
	"slices"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/facilityhttp"
)

// districtAPI gives the HTTP packages what they serve, from the state in memory.
type districtAPI struct {
	held    *coveragelive.Holder
	status  func() coveragehttp.Status // how far the start is; the version is filled in here
	baseMap coveragehttp.BaseMap
}

var (
	_ coveragehttp.Source = (*districtAPI)(nil)
	_ facilityhttp.Source = (*districtAPI)(nil)
)

// Status says how far the server is.
func (d *districtAPI) Status() coveragehttp.Status {
	s := d.status()
	s.Version = d.Version()
	return s
}

// Version names the data served now.
func (d *districtAPI) Version() string {
	if s := d.held.State(); s != nil {
		return s.Version
	}
	return ""
}

// District gives the facts of the loaded district.
func (d *districtAPI) District(context.Context) (coveragehttp.District, error) {
	s := d.held.State()
	if s == nil {
		return coveragehttp.District{}, coveragehttp.ErrNotReady
	}
	m := s.Pack.Manifest
	out := coveragehttp.District{
		AdCode: s.Pack.AdCode, Slug: s.Pack.Slug, Name: coveragehttp.Text(m.Name), Synthetic: m.Synthetic,
		Examples: slices.ContainsFunc(s.Facilities, func(f facilities.Facility) bool { return f.Example }),
		Bounds:   [4]float64{s.Bounds.Min.Lon(), s.Bounds.Min.Lat(), s.Bounds.Max.Lon(), s.Bounds.Max.Lat()},
		Version:  s.Version, Bases: words(s.Bases), Levels: words(s.Hierarchy.Levels()),
		Notices: []coveragehttp.Notice{}, Absent: []coveragehttp.Text{}, Bands: []coveragehttp.Band{},
		Network: networkFacts(s), BaseMap: d.baseMap, Defaults: defaultQuestion(s),
		LimitsS: offeredLimits(),
	}
	for _, v := range offeredSpeeds() {
		out.Speeds = append(out.Speeds, float64(v)/1000)
	}
	for _, b := range m.Bands {
		out.Bands = append(out.Bands, coveragehttp.Band{ID: b.ID, From: b.From, To: b.To, Widest: b.Widest})
	}
	for _, n := range m.Notices {
		out.Notices = append(out.Notices, coveragehttp.Notice{ZH: n.ZH, EN: n.EN, URL: n.URL, Licence: n.Licence})
	}
	for _, t := range m.Absent {
		out.Absent = append(out.Absent, coveragehttp.Text(t))
	}
	return out, nil
}

func networkFacts(s *coveragelive.State) coveragehttp.Network {
	n := coveragehttp.Network{
		Nodes: s.Network.Nodes(), Edges: s.Network.Edges(), LengthM: s.Report.LengthM,
		Islands: len(s.Report.Islands), IslandLengthM: s.Report.IslandLengthM(),
		IslandPeople: []coveragehttp.Persons{}, UnsnappedPeople: []coveragehttp.Persons{},
		SnapLimitM: s.SnapLimitM, KeepsHours: s.KeepsHours(),
	}
	if len(s.Bases) == 0 {
		return n
	}
	island, unsnapped := s.IslandPeople(s.Bases[0])
	for b := range s.Bands {
		n.IslandPeople = append(n.IslandPeople, coveragehttp.Persons(island[b]))
		n.UnsnappedPeople = append(n.UnsnappedPeople, coveragehttp.Persons(unsnapped[b]))
	}
	return n
}

// defaultType is the facility that the map opens with, where there are any.
const defaultType = facilities.Type("elderly_canteen")

// defaultQuestion opens with canteens and elders at an elder's pace, or with the
// first type and the widest band where the data have no such.
func defaultQuestion(s *coveragelive.State) coveragehttp.Defaults {
	q := coveragehttp.Defaults{Type: string(defaultType), Band: defaultBand, LimitS: 900, Speed: 0.9}
	if present := s.PresentTypes(); len(present) > 0 && !slices.Contains(present, defaultType) {
		q.Type = string(present[0])
	}
	if widest := coverage.Widest(s.Bands); coverage.BandIndex(s.Bands, defaultBand) < 0 && widest >= 0 {
		q.Band = s.Bands[widest].ID
	}
	return q
}

// Coverage answers a question from memory.
func (d *districtAPI) Coverage(ctx context.Context, q coveragehttp.Query) (*coveragehttp.Answer, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	answer, err := s.Coverage(ctx, liveQuery(q))
	if err != nil {
		return nil, httpError(err)
	}
	report, err := answer.Report(ctx)
	if err != nil {
		return nil, err
	}
	out := answerForHTTP(s, liveQuery(q), answer, report)
	if out.Places, err = answer.Places(ctx); err != nil {
		return nil, err
	}
	return out, nil
}

// Point gives one population point's answer; circles and gaps are not drawn for it.
func (d *districtAPI) Point(ctx context.Context, id string, q coveragehttp.Query) (*coveragehttp.Point, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	base, i, ok := s.Point(id)
	if !ok || (q.Base != "" && q.Base != base) {
		return nil, coveragehttp.ErrNoPoint
	}
	q.Base = base
	answer, err := s.Coverage(ctx, liveQuery(q))
	if err != nil {
		return nil, httpError(err)
	}
	return &coveragehttp.Point{
		Answer: answerForHTTP(s, liveQuery(q), answer, answer.Counts()), Index: i, Nearest: answer.Result.Nearest[i],
	}, nil
}

// liveQuery and httpQuery are the same question on either side; both carry every field.
func liveQuery(q coveragehttp.Query) coveragelive.Query {
	return coveragelive.Query{
		Type: q.Type, Base: q.Base, LimitS: int(q.Limit / 1000), Speed: q.Speed,
		Metres: q.Metres, Profile: q.Profile, Hour: q.Hour, Tier: q.Tier,
	}
}

func httpQuery(q coveragelive.Query) coveragehttp.Query {
	return coveragehttp.Query{
		Type: q.Type, Base: q.Base, Limit: walknet.Milliseconds(q.LimitS) * 1000, Speed: q.Speed,
		Metres: q.Metres, Profile: q.Profile, Hour: q.Hour, Tier: q.Tier,
	}
}

func httpError(err error) error {
	switch {
	case errors.Is(err, coveragelive.ErrUnknownType):
		return coveragehttp.ErrUnknownType
	case errors.Is(err, coveragelive.ErrUnknownBase):
		return coveragehttp.ErrUnknownBase
	default:
		return err
	}
}

// answerForHTTP is an answer and the question that it was asked by.
func answerForHTTP(s *coveragelive.State, asked coveragelive.Query, a *coveragelive.Answer, r *coverage.Report) *coveragehttp.Answer {
	return &coveragehttp.Answer{
		Query: httpQuery(a.Query), Version: s.Version, Measure: string(a.Type.Measure), Level: a.Result.Params.Level,
		Note: a.Note, Remarks: s.Remarks(asked, a), Untiered: a.Untiered, Absent: a.Absent,
		Report: r, Facilities: a.Facilities,
	}
}

// Registry gives the facilities and their catalogue.
func (d *districtAPI) Registry(context.Context) (facilityhttp.Registry, error) {
	s := d.held.State()
	if s == nil {
		return facilityhttp.Registry{}, facilityhttp.ErrNotReady
	}
	return facilityhttp.Registry{
		Version: s.Version, Types: s.Types, Groups: s.Groups, Facilities: s.Facilities, Divisions: s.Divisions,
	}, nil
}
