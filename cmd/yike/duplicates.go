package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/likeness"
	"yike/facilities/likeness/likenessdb"
	"yike/facilities/likeness/likenesshttp"
	"yike/facilities/placing/placingdb"
	"yike/facilities/placing/placinghttp"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/record"
)

// duplicates gives likenesshttp the pairs of the registry that may be of one place. They
// are worked out when somebody asks and kept in memory: after a change only the records
// that changed are compared again.
type duplicates struct {
	store   *likenessdb.Store
	records *facilitydb.Store
	held    *coveragelive.Holder
	refused refusals
	now     func() time.Time

	mu    sync.Mutex // one works at a time
	found *likePairs
}

// likePairs is what was found in the registry at one moment.
type likePairs struct {
	mark    string
	version string // of the district, whose words the finder has
	finder  *likeness.Finder
	records map[string]likeness.Record
	pairs   []likeness.Match
}

var _ likenesshttp.Duplicates = (*duplicates)(nil)

// Pairs gives a page of pairs.
func (d *duplicates) Pairs(ctx context.Context, q likenesshttp.Question) (likenesshttp.Page, error) {
	s := d.held.State()
	if s == nil {
		return likenesshttp.Page{}, likenesshttp.ErrNotReady
	}
	if q.Division != "" && !slices.ContainsFunc(s.Divisions, func(v divisions.Division) bool { return v.Code == q.Division }) {
		return likenesshttp.Page{}, likenesshttp.ErrUnknownDivision
	}
	if q.Type != "" && !slices.ContainsFunc(s.Types, func(t facilities.TypeInfo) bool { return t.Type == q.Type }) {
		return likenesshttp.Page{}, likenesshttp.ErrUnknownType
	}
	found, err := d.current(ctx, s)
	if err != nil {
		return likenesshttp.Page{}, err
	}
	w := writer(ctx, s.Pack.AdCode)
	pairs, decided, err := d.ofWriter(ctx, w, found, q)
	if err != nil {
		return likenesshttp.Page{}, err
	}
	out := likenesshttp.Page{Total: len(pairs)}
	from := 0
	if q.After != nil {
		last := likeness.Match{Score: q.After.Score, A: q.After.A, B: q.After.B}
		from, _ = slices.BinarySearchFunc(pairs, last, likest)
		if from < len(pairs) && likest(pairs[from], last) == 0 {
			from++
		}
	}
	page := pairs[from:min(from+q.Limit, len(pairs))]
	if from+len(page) < len(pairs) {
		last := page[len(page)-1]
		out.Next = &likenesshttp.After{Score: last.Score, A: last.A, B: last.B}
	}
	out.Pairs, err = d.facilities(ctx, w, page, decided)
	return out, err
}

func likest(a, b likeness.Match) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
}

// ofWriter picks the pairs that are asked for, that were not decided to be two places, of
// which w sees both sides and may write one.
func (d *duplicates) ofWriter(ctx context.Context, w postgres.Writer, found *likePairs, q likenesshttp.Question) ([]likeness.Match, likeness.Decided, error) {
	decided, err := d.store.Decided(ctx, w.AdCode)
	if err != nil {
		return nil, nil, err
	}
	scopes, err := d.store.Scopes(ctx, w)
	if err != nil {
		return nil, nil, err
	}
	var out []likeness.Match
	var ids []string
	for _, m := range found.pairs {
		a, b := found.records[m.A], found.records[m.B]
		switch {
		case decided.Of(m.A, m.B) == likeness.Different,
			q.Type != "" && a.Type != q.Type && b.Type != q.Type,
			!strings.HasPrefix(a.DivisionCode, q.Division) && !strings.HasPrefix(b.DivisionCode, q.Division),
			!within(scopes, a.DivisionCode) && !within(scopes, b.DivisionCode):
			continue
		}
		out, ids = append(out, m), append(ids, m.A, m.B)
	}
	seen, err := d.store.Visible(ctx, w, ids)
	if err != nil {
		return nil, nil, err
	}
	return slices.DeleteFunc(out, func(m likeness.Match) bool { return !seen[m.A] || !seen[m.B] }), decided, nil
}

func within(scopes []string, division string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return strings.HasPrefix(division, s) })
}

// facilities reads both sides of the pairs of a page, as they are now.
func (d *duplicates) facilities(ctx context.Context, w postgres.Writer, page []likeness.Match, decided likeness.Decided) ([]likenesshttp.Pair, error) {
	if len(page) == 0 {
		return nil, nil
	}
	var ids []string
	for _, m := range page {
		ids = append(ids, m.A, m.B)
	}
	list, err := d.records.Query(ctx, w, facilities.Filter{IDs: ids}, facilities.Page{Sort: facilities.ByID, Limit: len(ids)}, record.At{}, record.DayOf(d.now()))
	if err != nil {
		return nil, err
	}
	byID := map[string]facilities.Facility{}
	for _, f := range list.Facilities {
		byID[f.ID] = f
	}
	var out []likenesshttp.Pair
	for _, m := range page {
		a, okA := byID[m.A]
		b, okB := byID[m.B]
		if !okA || !okB {
			continue // merged since
		}
		p := likenesshttp.Pair{Match: m, A: a, B: b, Decision: decided.Of(m.A, m.B), DistM: -1}
		if !a.Unplaced && !b.Unplaced {
			p.DistM = geo.Distance(a.Point, b.Point)
		}
		out = append(out, p)
	}
	return out, nil
}

// current gives the pairs of the registry as it is now.
func (d *duplicates) current(ctx context.Context, s *coveragelive.State) (*likePairs, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	mark, err := d.store.Mark(ctx, s.Pack.AdCode)
	if err != nil {
		return nil, err
	}
	if d.found != nil && d.found.mark == mark {
		return d.found, nil
	}
	list, err := d.store.Records(ctx, s.Pack.AdCode)
	if err != nil {
		return nil, err
	}
	d.found = d.found.next(mark, s, list)
	return d.found, nil
}

// next compares what changed. Of a registry that was not looked at before that is all.
func (p *likePairs) next(mark string, s *coveragelive.State, list []likeness.Record) *likePairs {
	out := &likePairs{mark: mark, version: districtWords(s), records: make(map[string]likeness.Record, len(list))}
	for _, r := range list {
		out.records[r.ID] = r
	}
	if p == nil || p.version != out.version {
		out.finder = likeness.New(likeness.Words{Divisions: s.Divisions, Types: s.Types})
		out.pairs = out.finder.NewIndex(list).Pairs(nil)
		return out
	}
	out.finder = p.finder
	changed := map[string]bool{}
	for _, r := range list {
		if before, ok := p.records[r.ID]; !ok || before != r {
			changed[r.ID] = true
		}
	}
	if len(changed) > 0 {
		out.pairs = out.finder.NewIndex(list).PairsOf(changed, nil)
	}
	for _, m := range p.pairs {
		_, okA := out.records[m.A]
		_, okB := out.records[m.B]
		if okA && okB && !changed[m.A] && !changed[m.B] {
			out.pairs = append(out.pairs, m)
		}
	}
	slices.SortFunc(out.pairs, likest)
	return out
}

// districtWords changes with the divisions and the types whose words a finder knows.
func districtWords(s *coveragelive.State) string {
	var out strings.Builder
	for _, v := range s.Divisions {
		out.WriteString(v.Code + v.NameZH + "\n")
	}
	for _, t := range s.Types {
		out.WriteString(string(t.Type) + t.ZH + "\n")
	}
	return out.String()
}

// Decide keeps a decision.
func (d *duplicates) Decide(ctx context.Context, x likeness.Decision) (likeness.Decision, error) {
	s := d.held.State()
	if s == nil {
		return x, likenesshttp.ErrNotReady
	}
	w := writer(ctx, s.Pack.AdCode)
	made, err := d.store.Decide(ctx, w, x, record.DayOf(d.now()))
	d.refused.note(ctx, w, err, postgres.Note{Action: "facility.match", Kind: "match_decision", ID: x.A + " " + x.B})
	if errors.Is(err, likenessdb.ErrNotFound) {
		err = likenesshttp.ErrUnknownFacility
	}
	return made, err
}

// Decisions gives the newest decisions.
func (d *duplicates) Decisions(ctx context.Context, limit int) ([]likenesshttp.Decided, error) {
	s := d.held.State()
	if s == nil {
		return nil, likenesshttp.ErrNotReady
	}
	list, err := d.store.Decisions(ctx, s.Pack.AdCode)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	list = list[:min(limit, len(list))]
	names, err := d.names(ctx, writer(ctx, s.Pack.AdCode), list)
	if err != nil {
		return nil, err
	}
	out := make([]likenesshttp.Decided, len(list))
	for i, x := range list {
		out[i] = likenesshttp.Decided{Decision: x, NameA: names[x.A], NameB: names[x.B]}
	}
	return out, nil
}

// names are those of the facilities that were decided on and that w may see, merged ones too.
func (d *duplicates) names(ctx context.Context, w postgres.Writer, list []likeness.Decision) (map[string]string, error) {
	out := map[string]string{}
	var ids []string
	for _, x := range list {
		for _, side := range []string{x.A, x.B} {
			if !likeness.IsRow(side) {
				ids = append(ids, side)
			}
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	found, err := d.records.Query(ctx, w, facilities.Filter{IDs: ids, Tombstones: true}, facilities.Page{Sort: facilities.ByID, Limit: len(ids)}, record.At{}, record.DayOf(d.now()))
	if err != nil {
		return nil, err
	}
	for _, f := range found.Facilities {
		out[f.ID] = f.NameZH
	}
	return out, nil
}

// mountLikeness serves the search by address and the pairs that may be of one place.
func mountLikeness(api huma.API, a *app, db *postgres.DB, held *coveragelive.Holder) {
	placinghttp.Register(api, &placeSearch{store: placingdb.New(db), held: held})
	likenesshttp.Register(api, &duplicates{
		store: likenessdb.New(db), records: facilitydb.New(db).WithCatalogue(a.catalogue()), held: held,
		refused: refusals{db: db, log: a.log}, now: time.Now,
	})
}
