package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coverageexport"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/gdal"
	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/internal/record"
)

// coveragePapers makes the files that a planner takes to a meeting: of today's coverage,
// and of plans compared with it.
type coveragePapers struct {
	held  *coveragelive.Holder
	fonts func() (*pdf.Fonts, error)
	taken takenAway
	now   func() time.Time
	busy  chan struct{} // as many as files are made at a time

	mu      sync.Mutex
	trusted map[string][]coverage.Text // by version of the ground, how far its streets may be trusted
}

var _ coveragehttp.Papers = (*coveragePapers)(nil)

func newCoveragePapers(db *postgres.DB, held *coveragelive.Holder, fonts func() (*pdf.Fonts, error), now func() time.Time) *coveragePapers {
	return &coveragePapers{held: held, fonts: fonts, taken: takenAway{db}, now: now, busy: make(chan struct{}, filesAtOnce)}
}

// Paper makes a file whole before anything of it is sent, and notes who took it.
func (p *coveragePapers) Paper(ctx context.Context, a coveragehttp.PaperAsked) (coveragehttp.PaperFile, error) {
	var out coveragehttp.PaperFile
	s := p.held.State()
	if s == nil {
		return out, coveragehttp.ErrNotReady
	}
	fonts, err := p.fonts()
	if errors.Is(err, pdf.ErrNoFont) && !a.Report {
		fonts, err = nil, nil
	}
	if errors.Is(err, pdf.ErrNoFont) {
		return out, coveragehttp.ErrNoFonts
	}
	if err != nil {
		return out, err
	}
	select {
	case p.busy <- struct{}{}:
		defer func() { <-p.busy }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	d, err := p.dossier(ctx, s, a)
	if err != nil {
		return out, err
	}
	out = coveragehttp.PaperFile{Name: d.Title() + "-" + d.Made.Day + ".zip", Plain: "coverage-package-" + d.Made.Day + ".zip", MediaType: "application/zip"}
	write := func(w io.Writer) ([]rune, error) {
		return d.WritePackage(ctx, w, coverageexport.Packing{Fonts: fonts, GeoPackage: a.GeoPackage})
	}
	if a.Report {
		out.Name, out.Plain, out.MediaType = d.Title()+"-"+d.Made.Day+".pdf", "coverage-report-"+d.Made.Day+".pdf", "application/pdf"
		write = func(w io.Writer) ([]rune, error) { return d.WriteReport(w, fonts) }
	}
	out.Name = fileName(out.Name)
	out.ReadCloser, out.Size, err = spooled(func(w io.Writer) (err error) {
		out.Missing, err = write(w)
		return err
	})
	if errors.Is(err, gdal.ErrMissing) {
		err = coveragehttp.ErrNoGDAL
	}
	if err != nil {
		return out, err
	}
	if err := p.note(ctx, s, a, d); err != nil {
		return out, errors.Join(err, out.Close())
	}
	return out, nil
}

// fileName leaves out what no system takes in the name of a file.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < 0x20 {
			return '_'
		}
		return r
	}, name)
}

// spooled keeps what is written in a file that has no name, and so is gone when it is closed.
func spooled(write func(io.Writer) error) (*os.File, int64, error) {
	spool, err := os.CreateTemp("", "yike-export-")
	if err != nil {
		return nil, 0, fmt.Errorf("make a file to export: %w", err)
	}
	if err := os.Remove(spool.Name()); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("make a file to export: %w", err), spool.Close())
	}
	err = write(spool)
	var size int64
	if err == nil {
		size, err = spool.Seek(0, io.SeekCurrent)
	}
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(err, spool.Close())
	}
	return spool, size, nil
}

// note keeps of a file who took what.
func (p *coveragePapers) note(ctx context.Context, s *coveragelive.State, a coveragehttp.PaperAsked, d *coverageexport.Dossier) error {
	n := postgres.Note{Action: "coverage.package", Kind: "coverage", After: map[string]any{
		"type": d.Question.Type, "question": d.Asked(), "options": len(d.Options), "data_version": s.Version,
	}}
	if a.Report {
		n.Action = "coverage.report"
	}
	return p.taken.note(ctx, writer(ctx, s.Pack.AdCode), n)
}

// dossier works a comparison out.
func (p *coveragePapers) dossier(ctx context.Context, s *coveragelive.State, a coveragehttp.PaperAsked) (*coverageexport.Dossier, error) {
	plans := make([][]coveragelive.Step, 1+len(a.Options)) // the first is today
	for i, o := range a.Options {
		plans[i+1] = planSteps(o.Steps)
	}
	q, baseline, tried, err := s.WhatIfs(ctx, liveQuery(a.Query), plans)
	if err != nil {
		return nil, whatIfError(err)
	}
	info, _ := s.TypeInfo(q.Type)
	w := writer(ctx, s.Pack.AdCode)
	now := p.now()
	d := &coverageexport.Dossier{
		Divisions: s.Divisions, Facilities: tried[0].WhatIf.Facilities, English: a.English,
		Question: coverageexport.Question{
			Type: q.Type, TypeName: coverage.Text{ZH: info.ZH, EN: info.EN}, Base: q.Base, Params: baseline.Params, Metres: q.Metres,
			Also: alsoAsked(q), Note: tried[0].WhatIf.Note,
		},
		Made: coverageexport.Made{Who: w.Who, When: minuteOf(now), Day: string(record.DayOf(now)), Office: a.Office},
	}
	if d.Band, err = paperBand(s, a.Band); err != nil {
		return nil, err
	}
	if err := p.standings(ctx, s, liveQuery(a.Query), d, tried, a.Options); err != nil {
		return nil, err
	}
	var options []coverage.Option
	for i, o := range a.Options {
		w := tried[i+1].WhatIf
		options = append(options, coverage.Option{Name: o.Name, Delta: w.Delta, After: w.After, Cost: scenarios.Cost(o.Costs)})
	}
	if d.Comparison, err = coverage.Compare(baseline, options, paperLevel(s, a.Level)); err != nil {
		return nil, err
	}
	return d, nil
}

// standings fills in what is drawn and told of today and of each option.
func (p *coveragePapers) standings(ctx context.Context, s *coveragelive.State, q coveragelive.Query, d *coverageexport.Dossier, tried []coveragelive.Tried, options []coveragehttp.PaperOption) error {
	answer, err := s.Coverage(ctx, q)
	if err != nil {
		return httpError(err)
	}
	circles, err := answer.Circles(ctx)
	if err != nil {
		return err
	}
	d.Data = p.data(s, answer, q)
	d.Today.Circles = map[int32]orb.MultiPolygon{}
	for i, c := range circles {
		d.Today.Circles[int32(i)] = c.Area //nolint:gosec // fewer than 2^31
	}
	for i, t := range tried {
		if t.Err != nil {
			return &coveragehttp.OptionFault{Option: i - 1, Err: whatIfError(t.Err)}
		}
		if i == 0 {
			if d.Today.Unserved, err = t.WhatIf.Unserved(ctx); err != nil {
				return err
			}
			continue
		}
		facts, err := optionFacts(ctx, s, t.WhatIf, options[i-1])
		if err != nil {
			return err
		}
		d.Options = append(d.Options, facts)
	}
	return nil
}

func optionFacts(ctx context.Context, s *coveragelive.State, w *coveragelive.WhatIf, o coveragehttp.PaperOption) (coverageexport.OptionFacts, error) {
	out := coverageexport.OptionFacts{Note: o.Note, Costs: o.Costs, Standing: coverageexport.Standing{Circles: map[int32]orb.MultiPolygon{}}}
	out.Steps, out.Facilities = stepsInWords(s, w.Facilities, o)
	var err error
	for _, site := range w.Changed() {
		if out.Circles[site], err = w.Circle(ctx, site); err != nil {
			return out, err
		}
	}
	out.Unserved, err = w.Unserved(ctx)
	return out, err
}

// minuteOf is a moment as people here write it.
func minuteOf(moment time.Time) string {
	return moment.In(time.FixedZone("CST", 8*60*60)).Format("2006-01-02 15:04")
}

// paperBand finds the band that leads; "" is the one that the map opens with.
func paperBand(s *coveragelive.State, id string) (int, error) {
	if id == "" {
		id = defaultQuestion(s).Band
	}
	at := coverage.BandIndex(s.Bands, id)
	if at < 0 {
		return 0, coveragehttp.ErrUnknownBand
	}
	return at, nil
}

// paperLevel is the level of the table by division: where the data have none of that level,
// the finest that is wider, else the widest.
func paperLevel(s *coveragelive.State, asked divisions.Level) divisions.Level {
	if asked == "" {
		asked = divisions.Subdistrict
	}
	have := s.Hierarchy.Levels()
	if len(have) == 0 {
		return asked
	}
	best := have[0]
	for _, level := range have {
		if level.Rank() <= asked.Rank() {
			best = level
		}
	}
	return best
}

// planSteps are the steps of an option as the state takes them.
func planSteps(steps []coveragehttp.PlanStep) []coveragelive.Step {
	out := make([]coveragelive.Step, len(steps))
	for i, step := range steps {
		out[i] = coveragelive.Step{Kind: coveragelive.StepKind(step.Do), ID: step.ID, At: step.At, Line: step.Line}
	}
	return out
}

// stepsInWords says what an option does, with names, and gives its facilities with names of
// those that it adds.
func stepsInWords(s *coveragelive.State, list []facilities.Facility, o coveragehttp.PaperOption) ([]coverage.Text, []facilities.Facility) {
	list = slices.Clone(list)
	byID := map[string]*facilities.Facility{}
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	var steps []coverage.Text
	added := 0
	for i, step := range o.Steps {
		name := coverage.Text{ZH: o.Places[i], EN: o.Places[i]}
		if f := byID[step.ID]; f != nil && (f.NameZH != "" || f.NameEN != "") {
			name = coverage.Text{ZH: f.NameZH, EN: f.NameEN}
		}
		if step.Do == string(coveragelive.AddSite) {
			if name.ZH == "" {
				letter := string(rune('A' + added%26))
				name = coverage.Text{ZH: "新设点 " + letter, EN: "New place " + letter}
			}
			added++
			if f := byID[step.ID]; f != nil && f.NameZH == "" && f.NameEN == "" {
				f.NameZH, f.NameEN = name.ZH, name.EN
			}
		}
		steps = append(steps, stepInWords(s, step, name))
	}
	return steps, list
}

func stepInWords(s *coveragelive.State, step coveragehttp.PlanStep, name coverage.Text) coverage.Text {
	if name.ZH == "" && name.EN == "" {
		name = coverage.Text{ZH: step.ID, EN: step.ID}
	}
	if name.EN == "" {
		name.EN = name.ZH
	}
	kind, ok := map[coveragelive.StepKind]coverage.Text{
		coveragelive.AddSite: {ZH: "新开", EN: "Open"}, coveragelive.MoveSite: {ZH: "迁移", EN: "Move"}, coveragelive.CloseSite: {ZH: "关闭", EN: "Close"},
		coveragelive.ReopenSite: {ZH: "重新开放", EN: "Reopen"}, coveragelive.CloseWay: {ZH: "封闭道路", EN: "Close a way"}, coveragelive.OpenGate: {ZH: "打开门禁", EN: "Open a gate"},
		coveragelive.ShutGate: {ZH: "锁闭门禁", EN: "Shut a gate"}, coveragelive.AddPath: {ZH: "新建通道", EN: "Build a path"},
	}[coveragelive.StepKind(step.Do)]
	if !ok {
		kind = coverage.Text{ZH: step.Do, EN: step.Do}
	}
	at := step.At
	if len(step.Line) > 0 {
		at = step.Line[0]
	}
	where := coverage.Text{}
	if at != (orb.Point{}) {
		where = s.Where(at)
	}
	if where.ZH != "" {
		where = coverage.Text{ZH: "（" + where.ZH + "）", EN: " (" + where.EN + ")"}
	}
	return coverage.Text{ZH: kind.ZH + "：" + name.ZH + where.ZH, EN: kind.EN + ": " + name.EN + where.EN}
}
