package main

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coverageexport"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/pack"
)

// data says where the figures of a question come from and how far they may be trusted.
func (p *coveragePapers) data(ctx context.Context, s *coveragelive.State, a *coveragelive.Answer, asked coveragelive.Query) (coverageexport.Data, error) {
	m := s.Pack.Manifest
	out := coverageexport.Data{
		District: coverage.Text(m.Name), AdCode: s.Pack.AdCode, Version: s.Version, AsOf: m.AsOf, Synthetic: m.Synthetic,
	}
	for _, f := range a.Facilities {
		out.Examples = out.Examples || f.Example
	}
	for _, l := range s.Pack.Layers {
		out.Layers = append(out.Layers, coverageexport.Layer{Name: packLayerName(l.Kind), Rows: l.Rows, CRS: l.CRS, Digest: l.Digest})
	}
	for _, n := range m.Notices {
		out.Notices = append(out.Notices, coverageexport.Notice(n))
	}
	out.Limits = append(out.Limits, s.Remarks(asked, a)...)
	if a.Type.Measure == facilities.Walk {
		streets, err := p.streets(ctx, s, a.Query.Base)
		if err != nil {
			return out, err
		}
		out.Limits = append(out.Limits, streets)
	}
	for _, t := range m.Absent {
		out.Limits = append(out.Limits, coverage.Text(t))
	}
	out.Limits = append(out.Limits, a.Absent...)
	return out, nil
}

func packLayerName(kind string) coverage.Text {
	names := map[string]coverage.Text{
		pack.Divisions: {ZH: "辖区界线", EN: "divisions"}, pack.Roads: {ZH: "道路", EN: "roads"}, pack.Buildings: {ZH: "建筑", EN: "buildings"},
		pack.Population: {ZH: "人口", EN: "population"}, pack.Facilities: {ZH: "设施", EN: "facilities"},
	}
	if name, ok := names[kind]; ok {
		return name
	}
	return coverage.Text{ZH: kind, EN: kind}
}

// streets says of how many divisions the street data are so thin that walks may come out
// too long.
func (p *coveragePapers) streets(ctx context.Context, s *coveragelive.State, base divisions.Base) (coverage.Text, error) {
	c, err := s.Completeness(ctx, base, func(ctx context.Context) ([]orb.Point, error) { return p.survey.houses(ctx, s) })
	if err != nil {
		return coverage.Text{}, err
	}
	n := map[coverage.CompletenessClass]int{}
	for _, each := range c.List {
		n[each.Class]++
	}
	return coverage.Text{
		ZH: fmt.Sprintf("路网数据的完整程度（%d 个辖区，自定标准）：较完整 %d，偏少 %d，很少 %d，无从判断 %d。数据偏少的地方，算出的路程可能偏长。",
			len(c.List), n[coverage.Sound], n[coverage.Thin], n[coverage.Poor], n[coverage.Unknown]),
		EN: fmt.Sprintf("How complete the street data are (%d divisions, by a measure of our own): sound %d, thin %d, poor %d, not known %d. Where they are thin, walks may come out too long.",
			len(c.List), n[coverage.Sound], n[coverage.Thin], n[coverage.Poor], n[coverage.Unknown]),
	}, nil
}

// alsoAsked says what of a question is not its limit, its type or its people.
func alsoAsked(q coveragelive.Query) []coverage.Text {
	var out []coverage.Text
	switch q.Profile {
	case coverage.Elder:
		out = append(out, coverage.Text{ZH: "按老年人步行：台阶、坡道放慢，过街等候", EN: "as elders walk: slower on stairs and slopes, waiting at crossings"})
	case coverage.StepFree:
		out = append(out, coverage.Text{ZH: "按无障碍步行：不走台阶", EN: "step-free: no stairs are taken"})
	}
	if q.Hour != walknet.AnyHour {
		hour := q.Hour.String()
		if q.Hour == walknet.AllHours {
			out = append(out, coverage.Text{ZH: "只走从不关闭的门", EN: "through gates that are never shut only"})
		} else {
			out = append(out, coverage.Text{ZH: hour + " 开着的门", EN: "through gates open at " + hour})
		}
	}
	if q.Tier != 0 {
		out = append(out, coverage.Text{ZH: fmt.Sprintf("只计 %d 分钟生活圈的设施", q.Tier), EN: fmt.Sprintf("only facilities of the %d-minute life circle", q.Tier)})
	}
	return out
}
