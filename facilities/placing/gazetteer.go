package placing

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/address"
	"yike/internal/hanzi"
)

// Gazetteer is everything that addresses are held against. It is read-only once made and
// may be used by many at once.
type Gazetteer struct {
	list    []divisions.Division
	locator *divisions.Locator
	byCode  map[string]int32
	byName  map[string][]int32 // name as compared, with and without its end
	roads   index[*road]
	estates index[*estate]
	spots   index[*spot]
	sounds  *hanzi.Sounds
}

// index finds things by name as it is compared, by its sound, and without its generic end.
type index[T any] struct {
	exact, sound, bare map[string][]T
}

func newIndex[T any]() index[T] {
	return index[T]{exact: map[string][]T{}, sound: map[string][]T{}, bare: map[string][]T{}}
}

// road is a named road: its pieces, and the house numbers on it that are known.
type road struct {
	name   string
	key    string
	pieces []orb.LineString
	bound  orb.Bound
	doors  []door
}

// door is one house number that is known.
type door struct {
	number address.Number
	point  orb.Point
	id     string
	kind   Kind   // of the entry that knows it
	name   string // of a facility
	unsure bool
}

// estate is a residential area: buildings of one name that stand together.
type estate struct {
	name      string
	bound     orb.Bound
	buildings []spot
}

// spot is one thing with a point.
type spot struct {
	kind   Kind
	id     string
	name   string
	number string // of a building in an estate; "" unknown
	point  orb.Point
}

// New indexes the entries of the sources; divisions are those of the district, with
// boundaries. O(n log n) for n entries.
func New(list []divisions.Division, sources ...Source) *Gazetteer {
	g := &Gazetteer{
		list: list, locator: divisions.NewLocator(list), byCode: map[string]int32{}, byName: map[string][]int32{},
		roads: newIndex[*road](), estates: newIndex[*estate](), spots: newIndex[*spot](), sounds: hanzi.NewSounds(),
	}
	for i, d := range list {
		g.byCode[d.Code] = int32(i)
		full := nameKey(d.NameZH)
		g.byName[full] = append(g.byName[full], int32(i))
		if short := bareDivision(full); short != full {
			g.byName[short] = append(g.byName[short], int32(i))
		}
	}
	var doors []Entry
	for _, source := range sources {
		for e := range source {
			g.add(e)
			if e.Kind == Door || e.Kind == Facility {
				doors = append(doors, e)
			}
		}
	}
	for _, e := range doors { // now that all roads are there
		g.addDoor(e)
	}
	g.finish()
	return g
}

// Knows reports whether a division has this code.
func (g *Gazetteer) Knows(division string) bool {
	_, ok := g.byCode[division]
	return ok
}

// add enters one entry under its name.
func (g *Gazetteer) add(e Entry) {
	switch e.Kind {
	case Road:
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			g.addRoad(name, e.Line)
		}
	case Building, Estate:
		g.addBuilding(e)
	case Facility, Place:
		g.addSpot(spot{kind: e.Kind, id: e.ID, name: e.Name, point: e.Point}, e.Aliases...)
	}
}

func (g *Gazetteer) addSpot(s spot, aliases ...string) {
	for _, name := range append([]string{s.name}, aliases...) {
		if key := nameKey(name); key != "" {
			g.spots.exact[key] = append(g.spots.exact[key], &s)
		}
	}
}

func (g *Gazetteer) addRoad(name string, line orb.LineString) {
	key := nameKey(name)
	if key == "" || len(line) == 0 {
		return
	}
	found := g.roads.exact[key]
	if len(found) == 0 {
		found = []*road{{name: strings.TrimSpace(name), key: key, bound: line.Bound()}}
		g.roads.exact[key] = found
	}
	r := found[0]
	r.pieces = append(r.pieces, line)
	r.bound = r.bound.Union(line.Bound())
}

// addBuilding enters a building: 嘉枫苑3号楼 is a building of an estate, and so are several
// buildings of one name without a number; any other name is a name of its own.
func (g *Gazetteer) addBuilding(e Entry) {
	name, number := e.Name, e.Number
	a := address.Parse(e.Name)
	switch {
	case number != "" || e.Kind == Estate:
	case a.Estate != "" && a.Road == "":
		name, number = a.Estate+a.Phase, firstOf(a.Building, a.Number.String())
	case len(a.Places) == 1 && a.Building != "" && a.Road == "" && a.Community == "":
		name, number = a.Places[0], a.Building
	}
	s := spot{kind: Building, id: e.ID, name: e.Name, number: number, point: e.Point}
	for _, n := range append([]string{name}, e.Aliases...) {
		key := nameKey(n)
		if key == "" || !strings.ContainsFunc(key, hanzi.IsHan) {
			continue
		}
		g.enterEstate(key, n, s)
	}
	if name != e.Name {
		g.addSpot(s)
	}
}

// apartM is how far the buildings of one estate may stand from one another; beyond it two
// estates have the same name.
const apartM = 400

func (g *Gazetteer) enterEstate(key, name string, s spot) {
	for _, x := range g.estates.exact[key] {
		if geo.Distance(s.point, clamp(s.point, x.bound)) <= apartM {
			x.buildings = append(x.buildings, s)
			x.bound = x.bound.Extend(s.point)
			return
		}
	}
	x := &estate{name: name, bound: orb.Bound{Min: s.point, Max: s.point}, buildings: []spot{s}}
	g.estates.exact[key] = append(g.estates.exact[key], x)
}

// addDoor enters a house number: of an address, or of the facility that is registered there.
func (g *Gazetteer) addDoor(e Entry) {
	d := door{point: e.Point, id: e.ID, kind: e.Kind}
	name := e.Name
	if e.Kind == Facility {
		a := address.Parse(e.Address)
		name, d.number, d.name, d.unsure = a.Road, a.Number, e.Name, e.Unsure
		if a.Estate != "" && a.Building != "" {
			g.enterEstate(nameKey(a.Estate+a.Phase), a.Estate+a.Phase, spot{kind: Facility, id: e.ID, name: e.Name, number: a.Building, point: e.Point})
		}
		if a.Relation != address.At && a.Relation != address.Inside {
			return // 12号对面 is not number 12
		}
	} else {
		d.number = address.Parse(e.Name + e.Number + "号").Number
	}
	if name == "" || d.number.From == 0 {
		return
	}
	key := nameKey(name)
	if len(g.roads.exact[key]) == 0 {
		g.roads.exact[key] = []*road{{name: name, key: key, bound: orb.Bound{Min: e.Point, Max: e.Point}}}
	}
	r := g.roads.exact[key][0]
	r.doors = append(r.doors, d)
	r.bound = r.bound.Extend(e.Point)
}

// finish makes the indexes by sound and without generic ends.
func (g *Gazetteer) finish() {
	for key, list := range g.roads.exact {
		g.roads.enter(key, bareRoad(key), g.sounds, list)
		for _, r := range list {
			slices.SortFunc(r.doors, func(a, b door) int { return a.number.From - b.number.From })
		}
	}
	for key, list := range g.estates.exact {
		g.estates.enter(key, bareEstate(key), g.sounds, list)
	}
	for key, list := range g.spots.exact {
		g.spots.enter(key, key, g.sounds, list)
	}
}

func (x index[T]) enter(key, bare string, sounds *hanzi.Sounds, list []T) {
	by := sounds.Key(key)
	x.sound[by] = append(x.sound[by], list...)
	if bare != "" {
		x.bare[bare] = append(x.bare[bare], list...)
	}
}

// how says in what way a name was found.
type how uint8

const (
	exactly how = iota
	byEnd       // another generic end, or none
	bySound
)

// find looks a name up: as it is, else without its generic end, else by its sound.
func (x index[T]) find(key, bare string, sounds *hanzi.Sounds) ([]T, how) {
	if key == "" {
		return nil, exactly
	}
	if list := x.exact[key]; len(list) > 0 {
		return list, exactly
	}
	// 友柳家园小区 is 友柳家园: what the name says already is said again.
	if cut, again := strings.CutSuffix(key, "小区"); again && len([]rune(cut)) > 2 && len(x.exact[cut]) > 0 {
		return x.exact[cut], exactly
	}
	if list := x.bare[bare]; bare != "" && len(list) > 0 {
		return list, byEnd
	}
	if len([]rune(key)) < 2 {
		return nil, exactly
	}
	return x.sound[sounds.Key(key)], bySound
}

// nameKey is a name as it is compared: folded, numerals in Arabic figures, without what
// stands in brackets and without a foreign name behind it.
func nameKey(name string) string {
	key := hanzi.Fold(name)
	if at := strings.IndexByte(key, '('); at > 0 {
		key = key[:at]
	}
	if strings.ContainsFunc(key, hanzi.IsHan) {
		key = strings.TrimRight(key, "abcdefghijklmnopqrstuvwxyz.'- ")
	}
	return hanzi.Arabic(key)
}

// bareRoad takes the generic end off a road's name; what is left must be two characters.
func bareRoad(key string) string {
	return cutEnd(key, "大道", "大街", "公路", "马路", "路", "街", "道")
}

// bareEstate takes the generic end off an estate's name that people leave out.
func bareEstate(key string) string {
	return cutEnd(key, "住宅小区", "小区", "社区", "住宅楼", "公寓", "花园", "家园")
}

func cutEnd(key string, ends ...string) string {
	for _, end := range ends {
		if cut, found := strings.CutSuffix(key, end); found && len([]rune(cut)) >= 2 {
			return cut
		}
	}
	return key
}

// bareDivision is the name that people call a division by.
func bareDivision(key string) string {
	return cutEnd(key, "社区居委会", "居委会", "村委会", "街道办事处", "街道", "社区", "地区", "镇", "乡", "村", "街")
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func clamp(p orb.Point, b orb.Bound) orb.Point {
	return orb.Point{min(max(p[0], b.Min[0]), b.Max[0]), min(max(p[1], b.Min[1]), b.Max[1])}
}
