package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/roman"
)

// demoNames enters a register of place names for the synthetic district: its own streets and
// estates, and what is made up around them. Each record says that it is an example.
type demoNames struct {
	*demoDesk
	store   *placenamedb.Store
	spell   func(placenames.Name) roman.Spelling
	streets []placenamedb.Street
	centre  orb.Point
	subs    []divisions.Division // subdistricts that are drawn
	n       int                  // records so far, of which decisions have their numbers
}

const (
	demoNameNote = "示例，由程序生成，不是真实地名"
	demoNameBody = "清澜区人民政府（示例）"
	demoNamePlan = "清澜区地名规划（示例）"
)

// placeNames fill the register and link estates to their names.
func (d *demoDesk) placeNames(ctx context.Context) error {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return err
	}
	store := placenamedb.New(d.db, catalogue)
	page, err := store.List(ctx, d.w, placenames.Filter{}, record.At{}, placenamedb.After{}, 1)
	return once(page.Rows, err, func() error {
		const mostStreets = 44
		speller, err := roman.NewSpeller(nil)
		if err != nil {
			return err
		}
		x := &demoNames{demoDesk: d, store: store, spell: func(n placenames.Name) roman.Spelling { return speller.Spell(toSpell(catalogue, n)) }}
		if x.streets, err = store.Streets(ctx, d.w, mostStreets); err != nil {
			return err
		}
		for _, each := range d.divisions {
			if each.Level == divisions.Subdistrict && len(each.Boundary) > 0 {
				x.subs = append(x.subs, each)
			}
		}
		if len(x.subs) == 0 || len(x.streets) == 0 {
			return nil // a district without ground
		}
		x.centre = geo.Inside(x.subs[0].Boundary)
		for _, part := range []func(context.Context) error{x.roads, x.nature, x.places, x.residences, x.lives, x.plan} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// made enters a record. What a decision is needed for has one of its own, some years old.
func (x *demoNames) made(ctx context.Context, n placenames.Name) (placenames.Item, error) {
	x.n++
	n.Note = strings.TrimSpace(n.Note + "　" + demoNameNote)
	if n.Decision == (placenames.Decision{}) && (n.State == placenames.Approved || n.State == placenames.Retired) {
		kind := placenames.Naming
		if n.State == placenames.Retired {
			kind = placenames.Retirement
		}
		n.Decision = x.decision(kind, x.ago(400+x.n*97), "关于"+n.Text+"的批复")
	}
	if n.State == placenames.Customary {
		n.Decision = placenames.Decision{Kind: placenames.Observed, Title: "第二次全国地名普查成果（示例）"}
	}
	const unspelled = 9 // of so many names one has no spelling yet, for whoever wants to see that
	if n.State == placenames.Approved && x.n%unspelled != 0 {
		s := x.spell(n)
		n.Roman = s.Text
		for _, r := range s.Readings {
			n.Readings = append(n.Readings, r.Chosen)
		}
	}
	c := x.change
	if n.State == placenames.Customary {
		c.ValidFrom = x.ago(4000)
	}
	i, err := x.store.Create(ctx, x.w, n, c, x.today)
	if err != nil {
		return i, fmt.Errorf("%s: %w", n.Text, err)
	}
	return i, nil
}

func (x *demoNames) decision(kind placenames.DecisionKind, day record.Day, title string) placenames.Decision {
	return placenames.Decision{
		Kind: kind, Number: fmt.Sprintf("清澜示例地名〔%s〕%d号", day[:4], x.n), Day: day, Body: demoNameBody, Title: title + "（示例）",
	}
}

// madeUp is a street of a district that has fewer than the demonstration shows: beside one that
// it has, under a name of its own.
func (x *demoNames) madeUp(i int) placenamedb.Street {
	s := x.streets[i%len(x.streets)]
	const apart = 0.0007 // degrees, some 70 m
	off := apart * float64(i/len(x.streets))
	var beside orb.MultiLineString
	for _, line := range linesOf(s.Geometry) {
		shifted := make(orb.LineString, len(line))
		for k, p := range line {
			shifted[k] = orb.Point{p[0] + off, p[1] + off}
		}
		beside = append(beside, shifted)
	}
	first, second, generic := []string{"安", "平", "宁", "永", "和", "长"}, []string{"澜", "塘", "柳", "桥", "渡"}, []string{"路", "街", "巷"}
	return placenamedb.Street{Name: first[i%6] + second[i/6%5] + generic[i%3], LengthM: s.LengthM, Geometry: beside}
}

// street is a record of the i-th longest street, drawn as the network has it.
func (x *demoNames) street(i int, state placenames.State) placenames.Name {
	s := x.madeUp(i)
	if i < len(x.streets) {
		s = x.streets[i]
	}
	kind := "road"
	if strings.HasSuffix(s.Name, "巷") {
		kind = "lane"
	}
	return placenames.Name{
		Text: s.Name, Kind: kind, State: state, Geometry: s.Geometry, Divisions: x.through(s.Geometry), BuiltUpArea: "清澜城区",
		Size:   placenames.Size{LengthM: math.Round(s.LengthM), WidthM: []float64{40, 30, 24, 18}[i%4]},
		Extent: placenames.Extent{From: x.streets[(i+5)%len(x.streets)].Name + "路口", To: x.streets[(i+9)%len(x.streets)].Name + "路口"},
		Origin: "以沿线旧有村名派生", Meaning: "取" + string([]rune(s.Name)[:1]) + "字吉意",
	}
}

// through gives the subdistricts that a street is longest in, by its corners; the first where it
// touches none.
func (x *demoNames) through(g orb.Geometry) []string {
	count := map[string]int{}
	for _, p := range cornersOf(g) {
		for _, s := range x.subs {
			if s.Boundary.Bound().Contains(p) && inside(s.Boundary, p) {
				count[s.Code]++
				break
			}
		}
	}
	codes := []string{}
	for _, s := range x.subs {
		if count[s.Code] > 0 {
			codes = append(codes, s.Code)
		}
	}
	slices.SortStableFunc(codes, func(a, b string) int { return count[b] - count[a] })
	if len(codes) == 0 {
		return []string{x.subs[0].Code}
	}
	return codes
}

// roads: most of them decided on, some in use only; the longest with a part in each of two
// subdistricts.
func (x *demoNames) roads(ctx context.Context) error {
	long := max(0, slices.IndexFunc(x.streets, func(s placenamedb.Street) bool { return len(x.through(s.Geometry)) > 1 }))
	for i := range 36 {
		state := placenames.Approved
		if i%9 == 8 {
			state = placenames.Customary
		}
		if i == long {
			state = placenames.Approved
		}
		n := x.street(i, state)
		if i%12 == 5 {
			n.Aliases = []placenames.Alias{{Text: string([]rune(n.Text)[:2]) + "老街", Kind: placenames.Colloquial, Note: "当地居民习称"}}
		}
		whole, err := x.made(ctx, n)
		if err != nil {
			return err
		}
		if i != long {
			continue
		}
		if err := x.parts(ctx, n, whole.ID); err != nil {
			return err
		}
	}
	return nil
}

// parts are the two of a road: one in each subdistrict, or its halves where it lies in one.
func (x *demoNames) parts(ctx context.Context, road placenames.Name, id string) error {
	for k, generic := range []string{"一段", "二段"} {
		code := road.Divisions[min(k, len(road.Divisions)-1)]
		part := placenames.Name{
			Text: road.Text + generic, Parts: placenames.Parts{Specific: road.Text, Generic: generic, Confirmed: true}, Kind: "road", State: placenames.Approved,
			Divisions: []string{code}, ParentID: id, Origin: "随" + road.Text, Meaning: road.Meaning,
		}
		if len(road.Divisions) > 1 {
			part.Geometry = x.within(road.Geometry, code)
		} else if corners := linesOf(road.Geometry)[0]; len(corners) > 2 {
			half := len(corners) / 2
			part.Geometry = []orb.LineString{corners[:half+1], corners[half:]}[k]
		}
		if _, err := x.made(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// within keeps the runs of a street whose corners lie in a subdistrict; nil where none is long
// enough to draw.
func (x *demoNames) within(g orb.Geometry, code string) orb.Geometry {
	i := slices.IndexFunc(x.subs, func(s divisions.Division) bool { return s.Code == code })
	var out orb.MultiLineString
	for _, line := range linesOf(g) {
		var run orb.LineString
		for _, p := range line {
			if inside(x.subs[i].Boundary, p) {
				run = append(run, p)
				continue
			}
			if len(run) > 1 {
				out = append(out, run)
			}
			run = nil
		}
		if len(run) > 1 {
			out = append(out, run)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// beside is a point some hundred metres from the centre, in a direction of its own.
func (x *demoNames) beside(no int) orb.Point {
	const step = 0.0028 // degrees, some 300 m
	turn := float64(no) * 2.4
	return orb.Point{x.centre[0] + step*(1+float64(no%4))*math.Cos(turn), x.centre[1] + step*(1+float64(no%4))*math.Sin(turn)}
}

func (x *demoNames) point(text, kind string, state placenames.State, no int) placenames.Name {
	return placenames.Name{
		Text: text, Kind: kind, State: state, Divisions: []string{x.subs[0].Code}, Geometry: x.beside(no), Origin: "示例来历", Meaning: "示例含义",
		Extent: placenames.Extent{Position: x.subs[0].NameZH + "境内"},
	}
}

func cornersOf(g orb.Geometry) []orb.Point {
	var out []orb.Point
	for _, l := range linesOf(g) {
		out = append(out, l...)
	}
	return out
}

func linesOf(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	}
	return nil
}

// residences are the estates of the demonstration that are drawn; each estate is linked to its
// name.
func (x *demoNames) residences(ctx context.Context) error {
	kept := estatedb.New(x.db)
	all, err := kept.All(ctx, x.w)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Boundary == nil || e.PlaceNameID != "" {
			continue
		}
		state := placenames.Approved
		if e.Kind == estates.New {
			state = []placenames.State{placenames.Approved, placenames.Approved, placenames.Proposed}[x.n%3]
		}
		n := placenames.Name{
			Text: strings.TrimSuffix(e.Name, "（示例）"), Kind: "estate", State: state, Divisions: []string{e.DivisionCode}, Geometry: e.Boundary,
			Size: placenames.Size{SiteM2: e.SiteArea.M2(), FloorM2: e.FloorAbove.M2(), HousingM: e.HousingFloor.M2()}, Meaning: "示例含义",
			Extent: placenames.Extent{Position: "见图"},
		}
		made, err := x.made(ctx, n)
		if err != nil {
			return err
		}
		if _, err := kept.Update(ctx, x.w, e.ID, e.Version, estates.Patch{PlaceNameID: &made.ID}, x.change, x.today); err != nil {
			return fmt.Errorf("link %s to its name: %w", e.Name, err)
		}
	}
	return nil
}
