package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/docx"
	"yike/internal/papers"
	"yike/internal/papers/paperhttp"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/namepaperdb"
	"yike/placenames/namepaperhttp"
	"yike/placenames/panel"
	"yike/placenames/paperexport"
	namepapers "yike/placenames/papers"
	"yike/placenames/placenamedb"
	caseprocess "yike/placenames/process"
	"yike/placenames/survey"
)

// namePapers gives namepaperhttp the documents of cases: it gathers what stands in them from the
// rooms that keep it, and keeps them with their files.
type namePapers struct {
	templateDesk
	store     *namepaperdb.Store
	cases     *nameCases
	names     *placenamedb.Store
	catalogue *placenames.Catalogue
	panels    namePanels
	files     *attachmentFiles
	visits    func(ctx context.Context, caseID string) ([]paperexport.Visit, error)
	taken     takenAway
	now       func() time.Time
}

var _ namepaperhttp.Papers = (*namePapers)(nil)

// mountNamePapers serves the documents of cases. visits gives the field surveys of a case; nil
// where nobody keeps any.
func mountNamePapers(api huma.API, d desk, cases *nameCases, panels namePanels, visits func(context.Context, string) ([]paperexport.Visit, error)) error {
	p, err := newNamePapers(d, cases, panels, visits)
	if err != nil {
		return err
	}
	namepaperhttp.Register(api, p)
	return nil
}

func newNamePapers(d desk, cases *nameCases, panels namePanels, visits func(context.Context, string) ([]paperexport.Visit, error)) (*namePapers, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, err
	}
	store := namepaperdb.New(d.db)
	return &namePapers{
		templateDesk: newTemplateDesk(store.Shelf, d.files.blobs, d.adcode, cases.refused, paperBook{
			subject: "name_paper_template", kinds: namePaperKinds(), names: paperhttp.PlaceholdersOf(paperexport.Placeholders()), known: paperexport.Facts{}.Data(),
			builtIn: func(kind string) ([]byte, error) { return paperexport.BuiltIn(namepapers.Kind(kind)) },
		}),
		store: store, cases: cases, names: placenamedb.New(d.db, catalogue), catalogue: catalogue, panels: panels, files: d.files, visits: visits,
		taken: takenAway{d.db}, now: cases.now,
	}, nil
}

// written gives the visits of the field survey of a case as papers have them, by day.
func (n *nameSurvey) written(ctx context.Context, caseID string) ([]paperexport.Visit, error) {
	site, visits, _, err := n.OfCase(ctx, caseID)
	if errors.Is(err, survey.ErrNoCase) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	applied := survey.Applied{Text: site.Text, LengthM: site.Size.LengthM, WidthM: site.Size.WidthM, From: site.Extent.From, To: site.Extent.To}
	slices.SortStableFunc(visits, func(a, b survey.Visit) int { return cmp.Compare(a.Day, b.Day) })
	var out []paperexport.Visit
	for _, v := range visits {
		one := paperexport.Visit{Day: v.Day}
		for _, l := range survey.Record(v, applied) {
			one.Lines = append(one.Lines, paperexport.Line{About: l.LabelZH, Says: l.ZH})
		}
		out = append(out, one)
	}
	return out, nil
}

func namePaperKinds() []papers.Kind {
	var out []papers.Kind
	for _, s := range namepapers.Kinds() {
		out = append(out, papers.Kind(s.Code))
	}
	return out
}

func (p *namePapers) writer(ctx context.Context) postgres.Writer { return writer(ctx, p.adcode) }

func (p *namePapers) today() record.Day { return record.DayOf(p.now()) }

// kindsOf are the kinds of papers of a case, each at its step.
func kindsOf(d caseprocess.Dossier) []namepaperhttp.AtStep {
	var out []namepaperhttp.AtStep
	r := d.Frozen.Rules
	for _, step := range r.Steps {
		for _, s := range namepapers.AtStep(r.Code.Code, step.Code.Code, step.NeedsOf(d.Act)) {
			out = append(out, namepaperhttp.AtStep{Spec: s, Step: step.Code.Code})
		}
	}
	return out
}

// facts gathers what the papers of a case say, without what a person says of one.
func (p *namePapers) facts(ctx context.Context, caseID string) (paperexport.Facts, error) {
	v, err := p.cases.Case(ctx, caseID)
	if err != nil {
		return paperexport.Facts{}, err
	}
	out := paperexport.Facts{Case: v.Dossier, Book: p.cases.Book(), Shown: v.Papers, Today: p.today()}
	item, err := p.names.ByID(ctx, p.writer(ctx), v.NameID)
	if err != nil && !errors.Is(err, placenames.ErrNotFound) {
		return out, err
	}
	out.Name = item.Name
	if kind, class, ok := p.catalogue.Of(v.Kind); ok {
		out.KindName, out.ClassName = kind.ZH, class.ZH
	}
	if s := p.cases.held.State(); s != nil {
		for _, code := range out.Name.Divisions {
			if place := strings.Join(divisionsDown(s, code, false), ""); place != "" {
				out.Place = append(out.Place, place)
			}
		}
	}
	if out.Panel, err = p.panels.Case(ctx, caseID); err != nil && !errors.Is(err, panel.ErrNotFound) {
		return out, err
	}
	if p.visits != nil {
		if out.Visits, err = p.visits(ctx, caseID); err != nil {
			return out, err
		}
	}
	out.Kept, err = p.store.OfCase(ctx, p.writer(ctx), caseID)
	return out, err
}

// of gives the facts of a paper of a kind, as it would be today.
func (p *namePapers) of(ctx context.Context, caseID string, kind namepapers.Kind) (paperexport.Facts, namepapers.Settings, error) {
	f, err := p.facts(ctx, caseID)
	if err != nil {
		return f, namepapers.Settings{}, err
	}
	if !slices.ContainsFunc(kindsOf(f.Case), func(k namepaperhttp.AtStep) bool { return k.Kind() == kind }) {
		return f, namepapers.Settings{}, namepapers.ErrNoKind
	}
	set, _, _, err := p.store.Settings(ctx, p.writer(ctx))
	f.Kind, f.To = kind, set.To[kind]
	return f, set, err
}

// Desk gives the papers of a case.
func (p *namePapers) Desk(ctx context.Context, caseID string) (namepaperhttp.Desk, error) {
	f, err := p.facts(ctx, caseID)
	if err != nil {
		return namepaperhttp.Desk{}, err
	}
	w := p.writer(ctx)
	set, _, _, err := p.store.Settings(ctx, w)
	if err != nil {
		return namepaperhttp.Desk{}, err
	}
	next, err := p.store.Next(ctx, w, set, f.Today.Year())
	if err != nil {
		return namepaperhttp.Desk{}, err
	}
	out := namepaperhttp.Desk{Kinds: kindsOf(f.Case), Kept: f.Kept}
	for i := range out.Kinds {
		k := &out.Kinds[i]
		if series, has := set.SeriesOf(k.Kind()); has && k.Numbered {
			k.Series, k.Number = series.Prefix, next[series.Prefix].String()
		}
		f.Kind, f.To = k.Kind(), set.To[k.Kind()]
		k.To = f.Addressee()
		out.Filed = out.Filed || k.Kind() == namepapers.FilingForm
	}
	out.May, err = p.store.May(ctx, w, f.Case.Division)
	return out, err
}

// Preview gives what would stand in a paper.
func (p *namePapers) Preview(ctx context.Context, caseID string, kind namepapers.Kind) (namepaperhttp.NamePaperPreview, error) {
	out := namepaperhttp.NamePaperPreview{Kind: string(kind), Fields: []namepaperhttp.NamePaperField{}}
	f, set, err := p.of(ctx, caseID, kind)
	if err != nil {
		return out, err
	}
	t, content, err := p.present(ctx, string(kind))
	if err != nil {
		return out, err
	}
	template, err := docx.Open(content)
	if err != nil {
		return out, err
	}
	if series, has := set.SeriesOf(kind); has {
		next, err := p.store.Next(ctx, p.writer(ctx), set, f.Today.Year())
		if err != nil {
			return out, err
		}
		f.Number = next[series.Prefix].String()
	}
	f.Day = f.Today
	out.Template, out.Number, out.To = t.Own(), f.Number, f.Addressee()
	data := f.Data()
	open := template.Open(data)
	for _, name := range template.Names() {
		for _, field := range paperexport.Placeholders() {
			if field.Items == nil && (field.ZH == name || field.EN == name) && !slices.ContainsFunc(out.Fields, func(x namepaperhttp.NamePaperField) bool { return x.ZH == field.ZH }) {
				out.Fields = append(out.Fields, namepaperhttp.NamePaperField{
					ZH: field.ZH, EN: field.EN, Value: data.Texts[field.ZH], Missing: slices.Contains(open, field.ZH) || slices.Contains(open, field.EN),
				})
			}
		}
	}
	return out, nil
}

// Draft gives a paper as it would be, and notes who took it.
func (p *namePapers) Draft(ctx context.Context, caseID string, kind namepapers.Kind) (paperhttp.File, error) {
	f, _, err := p.of(ctx, caseID, kind)
	if err != nil {
		return paperhttp.File{}, err
	}
	_, content, err := p.present(ctx, string(kind))
	if err != nil {
		return paperhttp.File{}, err
	}
	made, err := paperexport.Write(content, f)
	if err != nil {
		return paperhttp.File{}, err
	}
	out := paperhttp.File{Name: fileName(f.Title() + "-草稿.docx"), Plain: strings.ReplaceAll(string(kind), "_", "-") + "-draft.docx", Media: paperhttp.DOCX, Content: made.Content}
	return out, p.taken.note(ctx, p.writer(ctx), postgres.Note{
		Action: "name_paper.draft", Kind: "name_case", ID: caseID, Division: f.Case.Division, After: map[string]any{"kind": kind},
	})
}

// Keep keeps a paper as it goes out: its number is certain before its file is written, and the
// file is kept before its row.
func (p *namePapers) Keep(ctx context.Context, caseID string, d namepapers.Draft) (namepapers.Paper, error) {
	f, _, err := p.of(ctx, caseID, d.Kind)
	if err != nil {
		return namepapers.Paper{}, err
	}
	t, content, err := p.present(ctx, string(d.Kind))
	if err != nil {
		return namepapers.Paper{}, err
	}
	if d.To != "" {
		f.To = d.To
	}
	f.Day, f.Filled = d.Day, d.Filled
	d.To = f.Addressee()
	w := p.writer(ctx)
	id, err := p.store.Keep(ctx, w, caseID, d, f.Today, func(number string) (namepaperdb.File, error) {
		f := f
		f.Number = number
		made, err := paperexport.Write(content, f)
		if err != nil {
			return namepaperdb.File{}, err
		}
		name, size, err := p.blobs.Put(bytes.NewReader(made.Content), int64(len(made.Content)))
		return namepaperdb.File{Title: f.Title(), SHA256: string(name), Name: fileName(f.Title() + ".docx"), Size: size, Template: t.Own(), Open: made.Open}, err
	})
	p.refused.note(ctx, w, err, postgres.Note{Action: "name_paper.keep", Kind: "name_case", ID: caseID, After: d.Kind})
	if err != nil {
		return namepapers.Paper{}, err
	}
	return p.store.ByID(ctx, w, id)
}

// Settings gives how the authority numbers its papers.
func (p *namePapers) Settings(ctx context.Context) (namepapers.Settings, int, bool, error) {
	return p.store.Settings(ctx, p.writer(ctx))
}

// SetSettings sets it.
func (p *namePapers) SetSettings(ctx context.Context, expected int, s namepapers.Settings, reason string) error {
	w := p.writer(ctx)
	err := p.store.SetSettings(ctx, w, expected, s, record.Change{Reason: reason}, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name_paper.settings", Kind: "name_paper_rule"})
	return err
}
