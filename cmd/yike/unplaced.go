package main

import (
	"cmp"
	"context"
	"errors"

	"github.com/paulmach/orb"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importhttp"
	"yike/facilities/importjob"
	"yike/facilities/placing"
	"yike/facilities/placing/placingdb"
	"yike/geo/divisions"
	"yike/internal/postgres"
)

// unplacedRecords gives importhttp what waits for a position, as the person who asks may
// see it.
type unplacedRecords struct {
	store  *facilitydb.Store
	adcode string
	held   *coveragelive.Holder
	search *placeSearch
}

var _ importhttp.Unplaced = (*unplacedRecords)(nil)

// typesOf gives the facility types of an authority as they are now.
type typesOf = func(ctx context.Context, adcode string) ([]facilities.TypeInfo, error)

// typesOf gives those in a database.
func (a *app) typesOf(db *postgres.DB) typesOf {
	return func(ctx context.Context, adcode string) ([]facilities.TypeInfo, error) {
		types, err := a.catalogue().Types(ctx, db.Reader(), adcode)
		return types.Types, err
	}
}

// surveyorOf makes what rows are held against out of what is loaded.
func surveyorOf(db *postgres.DB, types typesOf) importjob.Surveyor {
	return importjob.Surveyor{
		DB:        db,
		Types:     types,
		Gazetteer: placingdb.New(db).Without,
	}
}

// roadLines are the district's roads as they are walked on.
func roadLines(s *coveragelive.State) []orb.LineString {
	if s == nil || s.Network == nil {
		return nil
	}
	lines := make([]orb.LineString, s.Network.Edges())
	for e := range lines {
		lines[e] = s.Network.EdgeLine(int32(e))
	}
	return lines
}

// List gives records that wait for a position.
func (u *unplacedRecords) List(ctx context.Context, f importhttp.UnplacedFilter) ([]importhttp.Waiting, int, error) {
	s := u.held.State()
	if s == nil {
		return nil, 0, importhttp.ErrNotReady
	}
	list, total, err := u.store.Unplaced(ctx, writer(ctx, u.adcode), facilitydb.UnplacedFilter(f))
	if err != nil {
		return nil, 0, err
	}
	byCode := map[string]divisions.Division{}
	for _, d := range s.Divisions {
		byCode[d.Code] = d
	}
	out := make([]importhttp.Waiting, len(list))
	for i, f := range list {
		out[i].Facility = f
		out[i].PlaceZH, out[i].PlaceEN = placeOf(byCode, f.DivisionCode)
	}
	return out, total, nil
}

// placeOf is what a division is called, from the subdistrict down; that of the whole
// district where nothing finer is known.
func placeOf(byCode map[string]divisions.Division, code string) (zh, en string) {
	for c := code; ; {
		d, ok := byCode[c]
		if !ok || zh != "" && d.Level.Rank() <= divisions.District.Rank() {
			return zh, en
		}
		name := cmp.Or(d.NameEN, d.NameZH)
		if zh == "" {
			zh, en = d.NameZH, name
		} else {
			zh, en = d.NameZH+" "+zh, en+", "+name
		}
		c = d.ParentCode
	}
}

// Candidates gives where the address of a record may be.
func (u *unplacedRecords) Candidates(ctx context.Context, id string) (importhttp.Candidates, error) {
	f, err := u.store.ByID(ctx, writer(ctx, u.adcode), id)
	if errors.Is(err, facilitydb.ErrNotFound) {
		return importhttp.Candidates{}, importhttp.ErrNotFound
	}
	if err != nil {
		return importhttp.Candidates{}, err
	}
	g, err := u.search.current(ctx, u.adcode)
	if err != nil {
		return importhttp.Candidates{}, err
	}
	query := placing.Query{Text: f.Address, Name: f.NameZH, Division: f.DivisionCode, Except: f.ID}
	if !g.Knows(query.Division) || query.Division == u.adcode {
		query.Division = ""
	}
	return candidatesOf(g.Place(query)), nil
}

func candidatesOf(r placing.Result) importhttp.Candidates {
	out := importhttp.Candidates{ZH: r.ZH, EN: r.EN, Division: r.Division}
	for _, c := range r.Candidates {
		out.List = append(out.List, importhttp.Candidate{
			Kind: string(c.Kind), Name: c.Name, Placed: c.Placed, Point: c.Point, Show: c.Show, Confidence: c.Confidence, ZH: c.ZH, EN: c.EN,
		})
	}
	return out
}
