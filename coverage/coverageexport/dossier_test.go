package coverageexport_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coverageexport"
	"yike/coverage/scenarios"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// asked is what a test wants of a town.
type asked struct {
	options int
	long    bool // names of a length that nobody should give
	english bool
	nobody  bool // lives there
	served  bool // everybody is within the limit
}

// town is a lattice of named streets, 2.4 km each way, in two subdistricts and four
// communities, with an island, a field, two canteens, and an estate.
type town struct {
	net       *walknet.Network
	divisions []divisions.Division
	demand    *coverage.Demand
	hierarchy *coverage.Hierarchy
	marks     *coverage.Landmarks
}

func newTown(t testing.TB, a asked) town {
	t.Helper()
	const side, apart = 13, 200.0
	var ways []walknet.Way
	node := func(x, y int) int64 { return int64(1 + y*side + x) }
	for i := range side {
		across := walknet.Way{SourceID: fmt.Sprint("x", i), Name: fmt.Sprintf("第%d街", i+1)}
		up := walknet.Way{SourceID: fmt.Sprint("y", i), Name: fmt.Sprintf("第%d路", i+1)}
		for j := range side {
			across.NodeIDs, across.Line = append(across.NodeIDs, node(j, i)), append(across.Line, at(float64(j)*apart, float64(i)*apart))
			up.NodeIDs, up.Line = append(up.NodeIDs, node(i, j)), append(up.Line, at(float64(i)*apart, float64(j)*apart))
		}
		ways = append(ways, across, up)
	}
	ways = append(ways, walknet.Way{SourceID: "island", Name: "孤岛街", NodeIDs: []int64{9001, 9002}, Line: orb.LineString{at(2600, 0), at(2600, 300)}})
	net, _, err := walknet.Build(ways, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w := town{net: net, demand: &coverage.Demand{
		Bands:  []coverage.Band{{ID: "all", FromAge: 0, ToAge: -1, Widest: true}, {ID: "0-6", FromAge: 0, ToAge: 6}, {ID: "70+", FromAge: 70, ToAge: -1}},
		People: make([][]coverage.People, 3),
	}}
	w.districts(a)
	locator := divisions.NewLocator(w.divisions)
	live := func(p orb.Point, n int) {
		d := w.demand
		d.IDs, d.Points = append(d.IDs, fmt.Sprint("p", len(d.IDs))), append(d.Points, p)
		d.Division, d.Snaps = append(d.Division, locator.Locate(p)), append(d.Snaps, net.Snap(p, 100))
		all := coverage.People(n)*coverage.Person + 3333
		for k, v := range []coverage.People{all, all / 20, all / 7} {
			d.People[k] = append(d.People[k], v)
		}
	}
	for i := range 24 * 24 {
		if a.nobody {
			break
		}
		live(at(float64(i%24)*100+20, float64(i/24)*100+15), 5+i%37)
	}
	if !a.nobody && !a.served {
		live(at(2605, 100), 40)  // on the island
		live(at(1200, 3000), 60) // in the field
	}
	w.marks = coverage.NewLandmarks([]coverage.Landmark{{Name: coverage.Text{ZH: "柳园小区"}, Point: at(2220, 2215), Home: true}, {Name: coverage.Text{ZH: "农场"}, Point: at(1200, 2700)}})
	return w
}

func (w *town) districts(a asked) {
	name := func(s string) string {
		if a.long {
			return strings.Repeat(s, 12)
		}
		return s
	}
	box := func(x0, y0, x1, y1 float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}}}
	}
	for i, s := range []string{"东风街道", "西园街道"} {
		code := fmt.Sprintf("99010100%d", i+1)
		x := -50 + float64(i)*1250
		w.divisions = append(w.divisions,
			divisions.Division{Code: code, Level: divisions.Subdistrict, NameZH: name(s), NameEN: fmt.Sprint("Subdistrict ", i+1), Complete: true, Boundary: box(x, -50, x+1250, 2450)},
			divisions.Division{Code: code + "001", ParentCode: code, Level: divisions.Community, NameZH: name(s[:6] + "南社区"), Complete: true, Boundary: box(x, -50, x+1250, 1200)},
			divisions.Division{Code: code + "002", ParentCode: code, Level: divisions.Community, NameZH: name(s[:6] + "北社区"), Complete: i == 0, Boundary: box(x, 1200, x+1250, 2450)})
	}
	w.hierarchy = coverage.NewHierarchy(w.divisions)
}

// dossier compares so many options for the town's canteens, worked out for real.
func dossier(t testing.TB, a asked) *coverageexport.Dossier {
	t.Helper()
	w := newTown(t, a)
	ground := coverage.NewGround(w.net, w.demand, w.hierarchy, 100)
	limit := walknet.Milliseconds(600_000)
	if a.served {
		limit = 7_200_000
	}
	var sites []coverage.Site
	var list []facilities.Facility
	for i, p := range []orb.Point{at(300, 300), at(700, 1900)} {
		sites = append(sites, coverage.Site{ID: fmt.Sprint("f", i), Point: p, Snap: w.net.Snap(p, 100), Division: 1})
		list = append(list, facilities.Facility{ID: fmt.Sprint("f", i), NameZH: []string{"一食堂", "=二食堂"}[i], Point: p, Status: facilities.Open})
	}
	base := ground.Baseline(sites, coverage.Params{Limit: limit, Speed: 900}, 1)
	d := &coverageexport.Dossier{
		Question: coverageexport.Question{
			Type: "elderly_canteen", TypeName: coverage.Text{ZH: "老人家食堂", EN: "elderly canteen"}, Base: divisions.Resident, Params: base.Params,
			Also: []coverage.Text{{ZH: "按老年人步行", EN: "as elders walk"}},
		},
		Divisions: w.divisions, Facilities: list, Band: 2, English: a.english,
		Data: coverageexport.Data{
			District: coverage.Text{ZH: "示例区", EN: "Example District"}, AdCode: "990101", Version: "v1", AsOf: "2026-10-31", Synthetic: true,
			Layers:  []coverageexport.Layer{{Name: coverage.Text{ZH: "路网", EN: "roads"}, Rows: 27, CRS: "EPSG:4326", Digest: "0123456789abcdef0123"}},
			Notices: []coverageexport.Notice{{ZH: "© 地图数据", EN: "© map data", URL: "https://example.org", Licence: "ODbL"}},
			Limits:  []coverage.Text{{ZH: "2 个社区的路网数据偏少，路程可能偏长。", EN: "The street data of 2 communities are thin; walks may be too long."}},
		},
		Made: coverageexport.Made{Who: "张工", When: "2026-11-27 22:31", Day: "2026-11-27", Office: "示例区民政局"},
	}
	var options []coverage.Option
	for i := range a.options {
		o, facts := option(t, w, base, list, i, a)
		options, d.Options = append(options, o), append(d.Options, facts)
	}
	var err error
	if d.Comparison, err = coverage.Compare(base, options, divisions.Community); err != nil {
		t.Fatal(err)
	}
	d.Today = standing(t, w, base.Ground.Network, base.Ground.Demand, base.Result, base.Sites, []int32{0, 1})
	return d
}

// option is the i-th plan: a canteen more, and every third closes one, every fourth builds
// a path to the island.
func option(t testing.TB, w town, base *coverage.Baseline, list []facilities.Facility, i int, a asked) (coverage.Option, coverageexport.OptionFacts) {
	t.Helper()
	p := at(1500+100*float64(i%5), 1500-150*float64(i%7))
	plan := coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.AddSite, To: coverage.Site{ID: "new-a", Point: p, Division: 4}}}}
	facts := coverageexport.OptionFacts{
		Steps:      []coverage.Text{{ZH: "新开：新设点 A（第8街以北约 20 米）", EN: "Open: new place A (about 20 m north of 第8街)"}},
		Facilities: append(append([]facilities.Facility{}, list...), facilities.Facility{ID: "new-a", NameZH: "新设点 A", NameEN: "New place A", Point: p}),
	}
	if i%3 == 1 {
		plan.Sites = append(plan.Sites, coverage.SiteEdit{Kind: coverage.CloseSite, Site: 0}, coverage.SiteEdit{Kind: coverage.MoveSite, Site: 1, To: coverage.Site{Point: at(900, 1700), Division: 2}})
		facts.Steps = append(facts.Steps, coverage.Text{ZH: "关闭：一食堂", EN: "Close: 一食堂"}, coverage.Text{ZH: "迁移：=二食堂", EN: "Move: =二食堂"})
	}
	if i%4 == 3 {
		plan.Network = []walknet.Edit{{Kind: walknet.AddPath, Path: walknet.Path{ID: "bridge", Line: orb.LineString{at(2400, 0), at(2600, 0)}}}}
		facts.Steps = append(facts.Steps, coverage.Text{ZH: "新建通道", EN: "Build a path"})
	}
	if i%2 == 0 {
		facts.Costs = []scenarios.CostLine{{What: "装修", Kind: scenarios.OneOff, Fen: 120_000_000 + int64(i)*7, Source: "区财政"}, {What: "房租", Kind: scenarios.PerYear, Fen: 3_600_050}}
		facts.Note = "利用闲置公房"
	}
	delta, err := base.Apply(plan)
	if err != nil {
		t.Fatal(err)
	}
	o := coverage.Option{Name: fmt.Sprintf("增设%d号点", i+1), Delta: delta, After: delta.Summary(), Cost: scenarios.Cost(facts.Costs)}
	if a.long {
		o.Name = strings.Repeat(o.Name+"并加固沿线人行通道", 8)
	}
	changed := []int32{2}
	if i%3 == 1 {
		changed = append(changed, 1)
	}
	facts.Standing = standing(t, w, delta.Network, delta.Demand(), delta.Result(), delta.Sites, changed)
	return o, facts
}

func standing(t testing.TB, w town, net *walknet.Network, d *coverage.Demand, r *coverage.Result, sites []coverage.Site, circles []int32) coverageexport.Standing {
	t.Helper()
	out := coverageexport.Standing{Circles: map[int32]orb.MultiPolygon{}}
	for _, site := range circles {
		out.Circles[site] = net.Reach(sites[site].Snap, r.Params.Limit, r.Params.Speed).Circle(walknet.CircleOptions{OffStreetM: 100})
	}
	around := coverage.Surroundings{Network: net, Demand: d, Result: r, Hierarchy: w.hierarchy, Sites: sites, Landmarks: w.marks}
	var err error
	if out.Unserved, err = around.Unserved(t.Context(), coverage.GapOptions{Within: w.hierarchy.Holders(divisions.Subdistrict)}); err != nil {
		t.Fatal(err)
	}
	return out
}
