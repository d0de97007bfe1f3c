package main

import (
	"context"
	"errors"
	"slices"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragejob"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/internal/postgres"
)

// reportAPI asks for coverage reports and gives those that are kept.
type reportAPI struct {
	db     *postgres.DB
	adcode string
	held   *coveragelive.Holder
}

var _ coveragehttp.Reports = (*reportAPI)(nil)

// AskReport asks for the job in the name of whoever asks.
func (r *reportAPI) AskReport(ctx context.Context, a coveragehttp.ReportArgs) (string, error) {
	s := r.held.State()
	if s == nil {
		return "", coveragehttp.ErrNotReady
	}
	if a.Base != "" && !slices.Contains(s.Bases, a.Base) {
		return "", coveragehttp.ErrUnknownBase
	}
	job, err := postgres.WriteOnce(ctx, r.db, writer(ctx, r.adcode), "请求计算覆盖报告 / ask for a coverage report",
		func(tx *postgres.Tx) (string, error) { return coveragejob.Ask(ctx, tx, coveragejob.Args(a)) })
	return job, err
}

// Report reads the head of a report as whoever asks.
func (r *reportAPI) Report(ctx context.Context, job string) (coveragehttp.Report, error) {
	var out coveragehttp.Report
	err := r.db.Read(ctx, writer(ctx, r.adcode), func(q postgres.Querier) error {
		kept, questions, err := coveragedb.ReadReport(ctx, q, r.adcode, job)
		if errors.Is(err, coveragedb.ErrNoReport) {
			return coveragehttp.ErrNoReport
		}
		out = reportForHTTP(kept, questions)
		return err
	})
	return out, err
}

func reportForHTTP(r coveragedb.Report, questions []coveragedb.Question) coveragehttp.Report {
	out := coveragehttp.Report{
		Job: r.ID, Version: r.Version, Bands: r.Bands, AskedWho: r.AskedWho, BegunAt: r.BegunAt, Questions: r.Questions,
	}
	for _, n := range r.Notices {
		out.Notices = append(out.Notices, coveragehttp.Notice(n))
	}
	for _, q := range questions {
		out.Answered = append(out.Answered, coveragehttp.ReportQuestion{
			Number: q.Number, Name: coverage.Text{ZH: q.TypeZH, EN: q.TypeEN}, Measure: q.Measure,
			Query: coveragehttp.Query{
				Type: facilities.Type(q.Type), Base: q.Base, Limit: walknet.Milliseconds(q.LimitS) * 1000, Speed: q.Speed,
			},
		})
	}
	return out
}

// ReportLines reads the figures of a report as whoever asks.
func (r *reportAPI) ReportLines(ctx context.Context, job string, pick coveragehttp.ReportPick, each func(int, coverage.Line) error) error {
	return r.db.Read(ctx, writer(ctx, r.adcode), func(q postgres.Querier) error {
		return coveragedb.EachLine(ctx, q, r.adcode, job, coveragedb.LineFilter{Number: pick.Question, Level: pick.Level, Totals: pick.Totals}, each)
	})
}

// districtForReports gives the district that is served, as reports need it.
func (s *server) districtForReports(adcode string) (coveragejob.District, bool) {
	held := s.held.Load()
	if held == nil || held.State() == nil || held.State().Pack.AdCode != adcode {
		return coveragejob.District{}, false
	}
	state := held.State()
	out := coveragejob.District{
		Version: state.Version, Bands: state.Bands, Divisions: state.Divisions, Bases: state.Bases,
		LimitsS: offeredLimits(), Speeds: offeredSpeeds(),
		Answer: func(ctx context.Context, q coveragejob.Question) (coverage.Summary, error) {
			a, err := state.Once(ctx, coveragelive.Query{Type: q.Type.Type, Base: q.Base, LimitS: q.LimitS, Speed: q.Speed})
			if err != nil {
				return coverage.Summary{}, err
			}
			return a.Summary, nil
		},
	}
	for _, n := range state.Pack.Manifest.Notices {
		out.Notices = append(out.Notices, coveragedb.Notice{ZH: n.ZH, EN: n.EN, URL: n.URL, Licence: n.Licence})
	}
	for _, t := range state.PresentTypes() {
		info, _ := state.TypeInfo(t)
		out.Types = append(out.Types, info)
	}
	return out, true
}

// offeredLimits are the walking times to choose from, in seconds.
func offeredLimits() []int { return []int{300, 600, 900, 1200, 1800} }

// offeredSpeeds are the walking speeds to choose from.
func offeredSpeeds() []walknet.Speed { return []walknet.Speed{1200, 900, 700} }
