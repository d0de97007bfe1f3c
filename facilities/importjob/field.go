package importjob

import (
	"context"
	"errors"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/imports"
	"yike/facilities/likeness"
	"yike/facilities/placing"
	"yike/geo"
	"yike/geo/crsguess"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
)

// Surveyor makes what the rows of files are held against out of what a district has
// loaded.
type Surveyor struct {
	DB    *postgres.DB
	Types func(ctx context.Context, adcode string) ([]facilities.TypeInfo, error) // the catalogue of an authority
	// Gazetteer gives what addresses are held against, without what a batch made; nil from
	// it where there is nothing.
	Gazetteer func(ctx context.Context, adcode, batch string) (*placing.Gazetteer, error)
}

// Ready is what Job.Ready wants.
func (s Surveyor) Ready(ctx context.Context, adcode string, b imports.Batch) (Field, error) {
	list, err := divisiondb.New(s.DB).List(ctx, adcode)
	if err != nil {
		return Field{}, err
	}
	types, err := s.Types(ctx, adcode)
	if err != nil {
		return Field{}, err
	}
	f := Field{}
	if f.Words, err = imports.NewLanguage(types); err != nil {
		return Field{}, err
	}
	if f.Place, err = PlaceBy(b.Options.CRS); err != nil {
		return Field{}, err
	}
	locator := divisions.NewLocator(list)
	f.Ground = imports.Ground{
		AdCode: adcode, Names: imports.NewDivisions(adcode, list), Types: types, Bounds: locator.Bound(), Locate: locator.Code,
	}
	if needsPlaces(b.Mapping) {
		g, err := s.Gazetteer(ctx, adcode, b.ID)
		if err != nil {
			return Field{}, err
		}
		if g != nil {
			f.Ground.Find = finder{g, map[imports.Seeking]imports.Spot{}}.find
		}
	}
	if b.Options.Duplicates {
		if f.Alike, err = s.alike(ctx, adcode, list, types); err != nil {
			return Field{}, err
		}
	}
	return f, nil
}

// needsPlaces reports whether a row may be placed by its words.
func needsPlaces(m imports.Mapping) bool {
	for _, c := range m.Columns {
		if c.Field == "address" || c.Field == "name_zh" {
			return true
		}
	}
	return false
}

// PlaceBy reads coordinates by a guess that crsguess names; "" is WGS 84 in degrees.
func PlaceBy(key string) (imports.Place, error) {
	if key == "" {
		key = geo.WGS84().String()
	}
	guess, ok := crsguess.ParseKey(key)
	if !ok {
		return nil, errNoCRS
	}
	return func(x, y string) (orb.Point, string, string, bool) {
		p, err := guess.Apply(x, y)
		var bad *crsguess.RowError
		if errors.As(err, &bad) {
			return p, bad.ZH, bad.EN, false
		}
		if err != nil {
			return p, "坐标读不出来", err.Error(), false
		}
		return p, "", "", true
	}, nil
}

var errNoCRS = errors.New("no such coordinate system")

// finder looks addresses up, each once.
type finder struct {
	gazetteer *placing.Gazetteer
	found     map[imports.Seeking]imports.Spot
}

func (f finder) find(s imports.Seeking) imports.Spot {
	spot, ok := f.found[s]
	if ok {
		return spot
	}
	result := f.gazetteer.Place(placing.Query{Text: s.Address, Name: s.Name, Division: s.Division})
	spot.Division = result.Division
	if best, sure := result.Best(); sure {
		spot.Placed, spot.Point, spot.Confidence = true, best.Point, best.Confidence
	}
	f.found[s] = spot
	return spot
}

// alike holds the registry to find likenesses in.
func (s Surveyor) alike(ctx context.Context, adcode string, list []divisions.Division, types []facilities.TypeInfo) (Alike, error) {
	finder := likeness.New(likeness.Words{Divisions: list, Types: types})
	var records []likeness.Record
	a := &likenesses{finder: finder, now: map[string]likeness.Record{}}
	err := facilitydb.Each(ctx, s.DB.Pool(), adcode, func(f facilities.Facility) error {
		r := RecordOf(f)
		records = append(records, r)
		a.now[f.ID] = r
		return nil
	})
	if err != nil {
		return nil, err
	}
	a.index = finder.NewIndex(records)
	if a.decided, err = s.decisions(ctx, adcode, finder); err != nil {
		return nil, err
	}
	return a, nil
}

// RecordOf is a facility as likenesses are found by.
func RecordOf(f facilities.Facility) likeness.Record {
	phone, _ := f.Fields["contact_phone"].(string)
	return likeness.Record{
		ID: f.ID, Type: f.Type, Name: f.NameZH, Address: f.Address, Phone: phone, USCC: f.USCC, InstitutionCode: f.InstitutionCode,
		BureauNo: f.BureauNo, DivisionCode: f.DivisionCode, Point: f.Point, Placed: !f.Unplaced,
	}
}

// likenesses finds records of the registry, and of the file so far, that a new one may be
// of. The index only grows, so what it finds is held against the record as it is now.
type likenesses struct {
	finder  *likeness.Finder
	index   *likeness.Index
	now     map[string]likeness.Record
	decided *decided // nil where nobody decided anything
}

// mostAlike is how many a person is shown.
const mostAlike = 5

// Find gives the likest records, the likest first, without those that people decided to be
// other places.
func (l *likenesses) Find(f facilities.Facility) []imports.Alike {
	asked := RecordOf(f)
	var out []imports.Alike
	seen := map[string]bool{}
	apart := l.apart(asked)
	for id := range apart {
		seen[id] = true
	}
	for _, m := range l.index.Like(asked, 2*mostAlike+len(apart)) {
		if seen[m.B] || m.Score < likeness.Likely {
			continue
		}
		seen[m.B] = true
		now := l.now[m.B]
		if m = l.finder.Compare(asked, now); m.Score < likeness.Likely || len(out) == mostAlike {
			continue
		}
		a := imports.Alike{Facility: now.ID, Name: now.Name, Address: now.Address, Score: m.Score}
		for i, p := range m.Parts {
			if i < 3 && p.Score > 0 {
				a.ZH, a.EN = joined(a.ZH, "；", p.ZH), joined(a.EN, "; ", p.EN)
			}
		}
		out = append(out, a)
	}
	return out
}

func joined(before, by, more string) string {
	if before == "" || more == "" {
		return before + more
	}
	return before + by + more
}

// Add takes a record in, as it is from now on.
func (l *likenesses) Add(f facilities.Facility) {
	r := RecordOf(f)
	l.index.Add(r)
	l.now[f.ID] = r
	if l.decided != nil {
		l.decided.change(f)
	}
}
