package main

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage/coveragelive"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowout"
	"yike/internal/rules"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
	"yike/placenames/addressexport"
	"yike/placenames/addresshttp"
	"yike/placenames/addressimport"
)

// standardAddresses gives addresshttp the register of addresses, as the person who asks may see and
// write it.
type standardAddresses struct {
	recordDesk[addresses.Address, addresses.Item, addresses.Patch]
	store *addressdb.Store
	held  *coveragelive.Holder
	set   *rules.Set
	taken takenAway
}

var _ addresshttp.Addresses = (*standardAddresses)(nil)

// mountStandardAddresses serves the register of addresses.
func mountStandardAddresses(api huma.API, d desk, refused refusals, now func() time.Time) error {
	set, err := addresses.Set()
	if err != nil {
		return err
	}
	store := addressdb.New(d.db)
	all := &standardAddresses{
		recordDesk: recordDesk[addresses.Address, addresses.Item, addresses.Patch]{
			records: store, kind: "address", called: func(a addresses.Address) string { return a.Numbered() + a.Label }, adcode: d.adcode, refused: refused, now: now,
		},
		store: store, held: d.served.held, set: set, taken: takenAway{d.db},
	}
	addresshttp.Register(api, all)
	addresshttp.RegisterImports(api, addressImports{standardAddresses: all, taker: addressimport.Taker{DB: d.db, Store: store}})
	return nil
}

// within gives a filter the divisions below one; none where nobody asked.
func (s *standardAddresses) within(f addresses.Filter, division string) (addresses.Filter, error) {
	if division == "" {
		return f, nil
	}
	var all []divisions.Division
	if state := s.held.State(); state != nil {
		all = state.Divisions
	}
	under := divisions.Under(all, division)
	if under == nil {
		return f, addresshttp.ErrUnknownDivision
	}
	f.Within = slices.Sorted(maps.Keys(under))
	return f, nil
}

// List gives a page of the register.
func (s *standardAddresses) List(ctx context.Context, f addresses.Filter, division string, after httpapi.ListPlace, limit int) (addresses.Page, error) {
	f, err := s.within(f, division)
	if err != nil {
		return addresses.Page{}, err
	}
	return s.store.List(ctx, s.writer(ctx), f, addressdb.After(after), limit)
}

// Counts tells how many addresses there are.
func (s *standardAddresses) Counts(ctx context.Context, f addresses.Filter, division string) ([]addresses.Count, error) {
	f, err := s.within(f, division)
	if err != nil {
		return nil, err
	}
	return s.store.Counts(ctx, s.writer(ctx), f)
}

// Map gives the addresses within a frame.
func (s *standardAddresses) Map(ctx context.Context, frame orb.Bound, f addresses.Filter, division string, limit int) ([]addresses.Drawn, bool, error) {
	f, err := s.within(f, division)
	if err != nil {
		return nil, false, err
	}
	return s.store.Map(ctx, s.writer(ctx), frame, f, limit)
}

// Address gives one address.
func (s *standardAddresses) Address(ctx context.Context, id string, day record.Day) (addresses.Item, error) {
	if day == "" {
		return s.One(ctx, id)
	}
	return s.store.AsOf(ctx, s.writer(ctx), id, day)
}

// Lineage gives what an address is within.
func (s *standardAddresses) Lineage(ctx context.Context, id string) ([]addresses.Address, error) {
	return s.store.Lineage(ctx, s.writer(ctx), id)
}

// CreateAll makes a batch of addresses.
func (s *standardAddresses) CreateAll(ctx context.Context, batch []addresses.Entry, c record.Change) ([]string, error) {
	w := s.writer(ctx)
	made, err := s.store.CreateAll(ctx, w, batch, c, s.Today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "address.create", Kind: "address", After: map[string]int{"count": len(batch)}})
	return made, err
}

// Move takes an address to another state.
func (s *standardAddresses) Move(ctx context.Context, id string, expected int, m addresses.Move) (addresses.Item, error) {
	w := s.writer(ctx)
	made, err := s.store.Move(ctx, w, id, expected, m, s.Today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "address." + string(m.To), Kind: "address", ID: id})
	return made, err
}

// Renamed has the addresses on a name follow it.
func (s *standardAddresses) Renamed(ctx context.Context, nameID string, d addresses.Decision, until record.Day, c record.Change) (int, error) {
	w := s.writer(ctx)
	n, err := s.store.Renamed(ctx, w, nameID, addressdb.Renaming{Decision: d, Until: until}, c, s.Today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "address.rewrite", Kind: "name", ID: nameID})
	return n, err
}

// Check holds an address against the rules.
func (s *standardAddresses) Check(ctx context.Context, id string) (*rules.Set, []rules.Finding, []addresses.Element, error) {
	f, err := s.store.Facts(ctx, s.writer(ctx), id)
	if err != nil {
		return nil, nil, nil, err
	}
	f.Regions, f.Day = s.set.Chain(s.adcode), s.Today()
	return s.set, addresses.Check(s.set, f), f.Elements, nil
}

// Pairs gives the old–new table.
func (s *standardAddresses) Pairs(ctx context.Context, f addresses.Filter, division string) ([]addresses.Pair, error) {
	f, err := s.within(f, division)
	if err != nil {
		return nil, err
	}
	return s.store.Pairs(ctx, s.writer(ctx), f)
}

// PairsFile gives the old–new table as a file, and notes that it was taken.
func (s *standardAddresses) PairsFile(ctx context.Context, f addresses.Filter, division string, workbook, english bool) ([]byte, error) {
	pairs, err := s.Pairs(ctx, f, division)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	o := addressexport.OldNew{Pairs: pairs, Division: func(code string) string { return names[code] }, English: english, Made: s.Today()}
	if state := s.held.State(); state != nil {
		for _, d := range state.Divisions {
			names[d.Code] = d.NameZH
		}
		if state.Pack.Manifest.Synthetic {
			o.Notices = append(o.Notices, map[bool]string{false: "合成示例区：地址和文件都是按规则生成的，不是真实情况", true: "A synthetic district: its addresses and documents are made by rules and are not real"}[english])
		}
	}
	format := rowout.CSV
	if workbook {
		format = rowout.XLSX
	}
	var file bytes.Buffer
	if err := o.Write(ctx, &file, format); err != nil {
		return nil, err
	}
	return file.Bytes(), s.taken.note(ctx, s.writer(ctx), postgres.Note{
		Action: "address.export", Kind: "address", Division: division, After: map[string]any{"rows": len(pairs), "format": string(format), "table": "old-new"},
	})
}

// MayWrite says whether the person may number anywhere.
func (s *standardAddresses) MayWrite(ctx context.Context) bool {
	who, in := auth.From(ctx)
	return in && who.May(auth.AddressWrite, "")
}
