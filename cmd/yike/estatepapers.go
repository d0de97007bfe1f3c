package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage/coveragelive"
	"yike/facilities/estates"
	"yike/facilities/estates/estateexport"
	"yike/facilities/estates/estatehttp"
	"yike/geo/divisions"
	"yike/internal/blob"
	"yike/internal/papers"
	"yike/internal/papers/paperhttp"
	"yike/internal/pdf"
	"yike/internal/postgres"
)

// estatePapers makes what goes out on paper about estates: the page that a developer is
// handed, and the letters of offices.
type estatePapers struct {
	estateSteps
	templateDesk
	blobs *blob.Store
	fonts func() (*pdf.Fonts, error)
	taken takenAway
	busy  chan struct{} // as many as pages are made at a time
}

var _ estatehttp.Papers = (*estatePapers)(nil)

// mountEstatePapers serves the papers of estates.
func mountEstatePapers(api huma.API, records *estateRecords, db *postgres.DB, blobs *blob.Store, fonts func() (*pdf.Fonts, error)) {
	estatehttp.RegisterPapers(api, &estatePapers{
		estateSteps: estateSteps{records}, blobs: blobs, fonts: fonts, taken: takenAway{db}, busy: make(chan struct{}, filesAtOnce),
		templateDesk: newTemplateDesk(records.store.Shelf, blobs, records.adcode, records.refused, paperBook{
			subject: "estate_letter_template", kinds: estateLetterKinds(), names: paperhttp.PlaceholdersOf(estateexport.Placeholders()), known: estateexport.Letter{}.Data(),
			builtIn: func(kind string) ([]byte, error) { return estateexport.BuiltIn(estateexport.LetterKind(kind)) },
		}),
	})
}

func estateLetterKinds() []papers.Kind {
	var out []papers.Kind
	for _, k := range estateexport.LetterKinds() {
		out = append(out, papers.Kind{Code: k.Code, ZH: k.ZH, EN: k.EN})
	}
	return out
}

// Sheet makes the page that a developer is handed, and notes who took it.
func (p *estatePapers) Sheet(ctx context.Context, id string, english bool) (estatehttp.PaperFile, error) {
	fonts, err := p.fonts()
	if errors.Is(err, pdf.ErrNoFont) {
		err = estatehttp.ErrNoFonts
	}
	if err != nil {
		return estatehttp.PaperFile{}, err
	}
	sheet, err := p.sheet(ctx, id, english)
	if err != nil {
		return estatehttp.PaperFile{}, err
	}
	select {
	case p.busy <- struct{}{}:
		defer func() { <-p.busy }()
	case <-ctx.Done():
		return estatehttp.PaperFile{}, ctx.Err()
	}
	var out bytes.Buffer
	missing, err := sheet.Write(&out, fonts)
	if err != nil {
		return estatehttp.PaperFile{}, err
	}
	err = p.taken.note(ctx, p.writer(ctx), postgres.Note{Action: "estate.sheet", Kind: "estate", ID: id, Division: sheet.Estate.DivisionCode})
	return estatehttp.PaperFile{
		Name: fileName(sheet.Title() + " " + string(sheet.Day) + ".pdf"), Plain: "estate-" + string(sheet.Day) + ".pdf", Media: "application/pdf", Content: out.Bytes(), Missing: missing,
	}, err
}

// sheet gathers what stands on the page: the record as it is kept, never one that is tried.
func (p *estatePapers) sheet(ctx context.Context, id string, english bool) (estateexport.Sheet, error) {
	s := p.held.State()
	if s == nil {
		return estateexport.Sheet{}, estatehttp.ErrNotReady
	}
	walked, err := p.Walked(ctx, id)
	if err != nil {
		return estateexport.Sheet{}, err
	}
	now := estates.DueNow
	checked, err := p.Check(ctx, id, &now)
	if err != nil {
		return estateexport.Sheet{}, err
	}
	stands := estates.Stand(estates.NewChecker(checked.Set), walked.Estate, checked.Context, walked.Progress)
	out := estateexport.Sheet{
		English: english, Estate: checked.Estate, Place: divisionsDown(s, checked.Estate.DivisionCode, english), Set: checked.Set, Check: checked.Check, Day: checked.Context.Day,
		Household: checked.Context.Household, Community: stands.Community, Elderly: stands.Elderly,
		Passed: stands.Passed, Done: stands.Done, Next: stands.Next, Dues: walked.Dues, Streets: streetsAround(s, checked.Estate),
	}
	out.Notices = noticesOf(s, english)
	return out, nil
}

// Findings makes the workbook of a check of the record as it is kept, and notes who took it.
func (p *estatePapers) Findings(ctx context.Context, id string, at *estates.Milestone, english bool) (estatehttp.PaperFile, error) {
	s := p.held.State()
	if s == nil {
		return estatehttp.PaperFile{}, estatehttp.ErrNotReady
	}
	c, err := p.Check(ctx, id, at)
	if err != nil {
		return estatehttp.PaperFile{}, err
	}
	file := estateexport.FindingsFile{
		English: english, Estate: c.Estate, Place: divisionsDown(s, c.Estate.DivisionCode, english), Set: c.Set, Check: c.Check,
		Milestone: c.Milestone, Day: c.Context.Day, Notices: noticesOf(s, english),
	}
	var out bytes.Buffer
	if err := file.WriteXLSX(&out); err != nil {
		return estatehttp.PaperFile{}, err
	}
	err = p.taken.note(ctx, p.writer(ctx), postgres.Note{Action: "estate.findings", Kind: "estate", ID: id, Division: c.Estate.DivisionCode})
	return estatehttp.PaperFile{
		Name: fileName(file.Title() + " " + string(file.Day) + ".xlsx"), Plain: "estate-findings-" + string(file.Day) + ".xlsx",
		Media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content: out.Bytes(),
	}, err
}

// noticesOf say what is to be known of a district's data as a whole.
func noticesOf(s *coveragelive.State, english bool) []string {
	switch {
	case !s.Pack.Manifest.Synthetic:
		return nil
	case english:
		return []string{"Synthetic example data, not a real place."}
	}
	return []string{"合成示例数据，不是真实情况。"}
}

// divisionsDown names the divisions that hold one, from the district down to itself.
func divisionsDown(s *coveragelive.State, code string, english bool) []string {
	var out []string
	for code != "" && len(out) < 6 {
		i := slices.IndexFunc(s.Divisions, func(d divisions.Division) bool { return d.Code == code })
		if i < 0 {
			break
		}
		d := s.Divisions[i]
		name := d.NameZH
		if english {
			name = cmp.Or(d.NameEN, name)
		}
		out, code = append(out, name), d.ParentCode
	}
	slices.Reverse(out)
	return out
}

// mostEstateStreets bounds what is drawn around an estate.
const mostEstateStreets = 1500

// streetsAround are the ways around an estate's boundary and rooms.
func streetsAround(s *coveragelive.State, e estates.Estate) []orb.LineString {
	var points orb.MultiPoint
	for _, ring := range e.Boundary {
		points = append(points, ring...)
	}
	for _, r := range e.Rooms {
		if r.Placed {
			points = append(points, r.Point)
		}
	}
	if len(points) == 0 {
		return nil
	}
	bound := points.Bound()
	bound = bound.Pad(max(bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1], 0.001))
	var out []orb.LineString
	for e := range int32(s.Network.Edges()) { //nolint:gosec // fewer than 2^31
		if line := s.Network.EdgeLine(e); line.Bound().Intersects(bound) && len(out) < mostEstateStreets {
			out = append(out, line)
		}
	}
	return out
}
