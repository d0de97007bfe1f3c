package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/standards"
	"yike/internal/pack"
	"yike/internal/rules"
)

// explanationsAPI says what figures are made of, from the state in memory.
type explanationsAPI struct {
	*districtAPI
	set   *rules.Set
	areas []string // named areas and pretended places of this installation
}

var _ coveragehttp.Explanations = (*explanationsAPI)(nil)

// Explain finds the people behind a figure.
func (d *explanationsAPI) Explain(ctx context.Context, q coveragehttp.Query, steps []coveragehttp.PlanStep, f coveragehttp.FigureAsked, first, count int) (*coveragehttp.FigureExplained, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	e, err := s.Explain(ctx, liveQuery(q), planSteps(steps), coveragelive.FigureAsked(f))
	if err != nil {
		return nil, explainError(err)
	}
	facts, err := e.Facts(ctx, first, count)
	if err != nil {
		return nil, err
	}
	return &coveragehttp.FigureExplained{
		Query: httpQuery(e.Query), Version: s.Version, Figure: e.Figure, Delta: e.Delta, After: e.After, Behind: e.Behind,
		Facts: facts, Divisions: s.Divisions, Facilities: e.Facilities,
	}, nil
}

// Units lists the communities behind a rate by unit.
func (d *explanationsAPI) Units(ctx context.Context, q coveragehttp.Query, division string) (*coveragehttp.UnitsExplained, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	w, units, err := s.Units(ctx, liveQuery(q), nil, division)
	if err != nil {
		return nil, explainError(err)
	}
	return &coveragehttp.UnitsExplained{
		Query: httpQuery(w.Query), Version: s.Version, Units: units, Divisions: s.Divisions, Facilities: w.Facilities,
	}, nil
}

// Route finds the walk between a population point and a facility.
func (d *explanationsAPI) Route(ctx context.Context, q coveragehttp.Query, steps []coveragehttp.PlanStep, asked coveragehttp.RouteAsked) (*coveragehttp.RouteExplained, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	r, err := s.Route(ctx, liveQuery(q), planSteps(steps), coveragelive.RouteAsked(asked))
	if err != nil {
		return nil, explainError(err)
	}
	return &coveragehttp.RouteExplained{
		Query: httpQuery(r.Query), Version: s.Version, Point: r.Point, Facility: r.Facility, At: r.At, FarM: r.FarM,
		Found: r.Found, Counted: r.Counted, Route: r.Route, Why: r.Why, Divisions: s.Divisions, Facilities: r.Facilities,
	}, nil
}

// Sources says what data and which rules are behind all figures of a question.
func (d *explanationsAPI) Sources(_ context.Context, q coveragehttp.Query) (*coveragehttp.Sources, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	settled, err := s.Settled(liveQuery(q))
	if err != nil {
		return nil, explainError(err)
	}
	info, _ := s.TypeInfo(settled.Type)
	out := &coveragehttp.Sources{
		Query: httpQuery(settled), Version: s.Version, AppVersion: version(), Walked: info.Measure == facilities.Walk,
		AsOf: s.Pack.Manifest.AsOf, Network: networkFacts(s), NetworkID: s.Network.Version(), Rules: d.rulesOf(s, info),
	}
	for _, n := range s.Pack.Manifest.Notices {
		out.Notices = append(out.Notices, coveragehttp.Notice{ZH: n.ZH, EN: n.EN, URL: n.URL, Licence: n.Licence})
	}
	for _, l := range info.Limits {
		limit := coveragehttp.LimitCited{
			Minutes: l.Minutes, DistanceM: l.DistanceM, Per: l.Per, Grade: l.Grade, Cite: coverage.Text{ZH: l.CiteZH, EN: l.CiteEN},
		}
		limit.GradeWords.ZH, limit.GradeWords.EN = rules.Grade(l.Grade).Words()
		out.Limits = append(out.Limits, limit)
	}
	out.Layers, err = layerSources(s)
	return out, err
}

// layerSources are the layers that were stored, with the files that the pack names.
func layerSources(s *coveragelive.State) ([]coveragehttp.LayerSource, error) {
	var out []coveragehttp.LayerSource
	for _, l := range s.Pack.Layers {
		layer := coveragehttp.LayerSource{
			Kind: l.Kind, Rows: l.Rows, Digest: l.Digest, StoredAt: l.StoredAt, CRS: l.CRS, CRSAccepted: l.CRSAccepted,
		}
		var said pack.Report
		if len(l.Report) > 0 {
			if err := json.Unmarshal(l.Report, &said); err != nil {
				return nil, err
			}
		}
		layer.Facts, layer.Warnings = sentences(said.Facts), sentences(said.Warnings)
		for _, n := range s.Pack.Manifest.All() {
			if n.Kind == l.Kind {
				layer.Files = append(layer.Files, coveragehttp.LayerFile{Name: n.File, Format: n.FileFormat(), Licence: n.Licence, How: n.Layer.Kind})
			}
		}
		out = append(out, layer)
	}
	return out, nil
}

func sentences(in []pack.Text) []coverage.Text {
	out := make([]coverage.Text, len(in))
	for i, t := range in {
		out[i] = coverage.Text(t)
	}
	return out
}

// rulesOf are the rules of a type that say how far it may be, or that there is one in each
// division: why a question asks what it asks.
func (d *explanationsAPI) rulesOf(s *coveragelive.State, info facilities.TypeInfo) []coveragehttp.RuleCited {
	asked := []string{standards.FarthestHomeM, standards.FarthestHomeMin, standards.CentresInSubdistrict}
	here := d.set.Chain(s.Pack.AdCode, d.areas...)
	var out []coveragehttp.RuleCited
	for i := range d.set.Rules {
		r := &d.set.Rules[i]
		if !slices.Contains(info.Standards, r.ID) || !slices.ContainsFunc(r.Over, func(input string) bool { return slices.Contains(asked, input) }) {
			continue
		}
		if !ofType(r, info.Type) {
			continue
		}
		cited := coveragehttp.RuleCited{
			ID: r.ID, Title: coverage.Text{ZH: r.TitleZH, EN: r.TitleEN}, Grade: string(r.Grade), Unread: r.Unread,
			Here:   len(r.Regions) == 0 || slices.ContainsFunc(r.Regions, func(code string) bool { return slices.Contains(here, code) }),
			Clause: coverage.Text{ZH: r.Cite.ClauseZH, EN: r.Cite.ClauseEN}, Note: coverage.Text{ZH: r.NoteZH, EN: r.NoteEN},
			Sentence: r.Cite.Sentence, SentenceEN: r.Cite.SentenceEN,
		}
		cited.Threshold.ZH, cited.Threshold.EN = d.set.Threshold(r, rules.Limits{})
		cited.Where.ZH, cited.Where.EN = d.set.Where(r)
		cited.GradeWords.ZH, cited.GradeWords.EN = r.Grade.Words()
		cited.Source.ZH, cited.Source.EN = d.set.Source(r)
		out = append(out, cited)
	}
	return out
}

// ofType leaves out rules that hold for other types only.
func ofType(r *rules.Rule, t facilities.Type) bool {
	return !slices.ContainsFunc(r.When, func(c rules.Condition) bool { return c.Input == "type" && !slices.Contains(c.Is, string(t)) })
}

// explainError tells what is wrong with a figure or a walk in words.
func explainError(err error) error {
	for _, known := range explainFaults() {
		if errors.Is(err, known.err) {
			return &known.fault
		}
	}
	return whatIfError(err)
}

type explainFault struct {
	err   error
	fault coveragehttp.ExplainFault
}

// explainFaults are what may not exist.
func explainFaults() []explainFault {
	fault := func(code, field, zh, en, hintZH, hintEN string) coveragehttp.ExplainFault {
		return coveragehttp.ExplainFault{Code: code, Field: field, Reason: coverage.Text{ZH: zh, EN: en}, Hint: coverage.Text{ZH: hintZH, EN: hintEN}}
	}
	return []explainFault{
		{coveragelive.ErrUnknownBand, fault("unknown_band", "band", "数据中没有这个年龄段", "The data have no such age band", "可用的年龄段见 /api/v1/district", "/api/v1/district lists those they have")},
		{coveragelive.ErrNoSuchDivision, fault("unknown_division", "division", "数据中没有这个辖区", "The data have no such division", "", "")},
		{coveragelive.ErrNoSuchSite, fault("unknown_site", "facility", "这次计算中没有这处设施（类型不符，或没有开放）", "No such facility takes part in this answer: it is of another type, or not open", "", "")},
		{coveragelive.ErrNoSuchGap, fault("unknown_gap", "gap", "这个问题的结果中没有这处盲区", "The answer to this question has no such gap", "盲区的编号随问题和数据而变", "The ids of gaps change with the question and the data")},
		{coveragelive.ErrNoSuchPoint, fault("unknown_point", "from", "该人口口径中没有这个人口点", "The base has no such population point", "", "")},
	}
}
