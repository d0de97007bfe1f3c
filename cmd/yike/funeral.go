package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/funeral"
	"yike/facilities/funeral/funeraldb"
	"yike/facilities/funeral/funeralexport"
	"yike/facilities/funeral/funeralhttp"
	"yike/geo/divisions"
	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/internal/record"
)

// funeralAPI gives the balance of niches its records from the database, and its people
// from the district in memory.
type funeralAPI struct {
	store   *funeraldb.Store
	held    *coveragelive.Holder
	fonts   func() (*pdf.Fonts, error)
	refused refusals
	now     func() time.Time
}

var (
	_ funeralhttp.Source    = (*funeralAPI)(nil)
	_ funeralhttp.Transfers = (*funeralAPI)(nil)
)

// Ledger reads what a balance is worked out from.
func (a *funeralAPI) Ledger(ctx context.Context, base divisions.Base) (funeralhttp.Ledger, error) {
	s := a.held.State()
	if s == nil {
		return funeralhttp.Ledger{}, funeralhttp.ErrNotReady
	}
	out := funeralhttp.Ledger{Bases: s.Bases, Divisions: s.Divisions, Base: base, Year: record.DayOf(a.now()).Year()}
	switch {
	case base == "" && len(s.Bases) > 0:
		out.Base = s.Bases[0]
	case base != "" && !slices.Contains(s.Bases, base):
		return out, funeralhttp.ErrUnknownBase
	}
	w := writer(ctx, s.Pack.AdCode)
	var err error
	if out.Places, err = a.store.Places(ctx, w); err != nil {
		return out, err
	}
	if out.Transfers, err = a.store.List(ctx, w); err != nil {
		return out, err
	}
	out.Communities = communitiesOf(s, out.Base)
	out.Example = slices.ContainsFunc(out.Places, func(f facilities.Facility) bool { return f.Example })
	return out, nil
}

// Write writes a balance as a file.
func (a *funeralAPI) Write(w io.Writer, format string, l funeralhttp.Ledger, b funeral.Balance, english bool) error {
	s := a.held.State()
	if s == nil {
		return funeralhttp.ErrNotReady
	}
	sheet := funeralexport.Sheet{
		Balance: b, Halls: map[string]funeral.Hall{}, Divisions: map[string]string{}, Made: record.DayOf(a.now()), English: english,
		Synthetic: s.Pack.Manifest.Synthetic, Authority: s.Pack.Manifest.Name.ZH,
	}
	sheet.Base = map[divisions.Base]string{divisions.Registered: "户籍人口", divisions.Resident: "常住人口"}[l.Base]
	if english {
		sheet.Authority, sheet.Base = s.Pack.Manifest.Name.EN, string(l.Base)
	}
	for _, f := range l.Places {
		sheet.Halls[f.ID] = funeral.HallOf(f)
	}
	for _, d := range l.Divisions {
		sheet.Divisions[d.Code] = d.NameZH
		if english && d.NameEN != "" {
			sheet.Divisions[d.Code] = d.NameEN
		}
	}
	switch format {
	case "xlsx":
		return sheet.XLSX(w)
	case "pdf":
		fonts, err := a.fonts()
		if errors.Is(err, pdf.ErrNoFont) {
			return funeralhttp.ErrNoFonts
		}
		if err != nil {
			return err
		}
		return sheet.PDF(w, fonts)
	}
	return sheet.CSV(w)
}

// communitiesOf lists the communities with their people. Of a community that the source
// counts, its figure counts; else the people at the points that lie in it. People whose
// band is not the whole population are said to be of their own band elsewhere.
func communitiesOf(s *coveragelive.State, base divisions.Base) []funeral.Community {
	demand := s.Demand[base]
	counted := map[int32]coverage.People{}
	if demand != nil {
		widest := coverage.Widest(demand.Bands)
		for i, d := range demand.Division {
			if at := s.Hierarchy.At(d, divisions.Community); at >= 0 {
				counted[at] += demand.People[widest][i]
			}
		}
	}
	var out []funeral.Community
	for i, d := range s.Divisions {
		if d.Level != divisions.Community {
			continue
		}
		out = append(out, funeral.Community{
			Code: d.Code, NameZH: d.NameZH, NameEN: d.NameEN, Subdistrict: d.ParentCode, People: int64(counted[int32(i)]), Known: demand != nil, //nolint:gosec // divisions are thousands
		})
	}
	return out
}

// Create plans a move of niches.
func (a *funeralAPI) Create(ctx context.Context, t funeral.Transfer, reason string) (funeral.Transfer, error) {
	w, err := a.writer(ctx)
	if err != nil {
		return t, err
	}
	made, err := a.store.Create(ctx, w, t, record.Change{Reason: reason}, record.DayOf(a.now()))
	return made, a.ended(ctx, w, err, postgres.Note{Action: "niche_transfer.create", Kind: "niche_transfer", After: t})
}

// Update changes a planned move.
func (a *funeralAPI) Update(ctx context.Context, id string, expected int, p funeral.Patch, reason string) (funeral.Transfer, error) {
	w, err := a.writer(ctx)
	if err != nil {
		return funeral.Transfer{}, err
	}
	made, err := a.store.Update(ctx, w, id, expected, p, record.Change{Reason: reason}, record.DayOf(a.now()))
	return made, a.ended(ctx, w, err, postgres.Note{Action: "niche_transfer.update", Kind: "niche_transfer", ID: id})
}

func (a *funeralAPI) writer(ctx context.Context) (postgres.Writer, error) {
	s := a.held.State()
	if s == nil {
		return postgres.Writer{}, funeralhttp.ErrNotReady
	}
	return writer(ctx, s.Pack.AdCode), nil
}

func (a *funeralAPI) ended(ctx context.Context, w postgres.Writer, err error, n postgres.Note) error {
	if err == nil {
		return nil
	}
	a.refused.note(ctx, w, err, n)
	if errors.Is(err, funeraldb.ErrNotFound) {
		return funeralhttp.ErrNotFound
	}
	return err
}
