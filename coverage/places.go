package coverage

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// Place says of a gap where it is in names that people there know, and why nobody serves
// its people.
type Place struct {
	Subdistrict, Community int32  // indices of divisions, those with most of its people; -1 where it is in none
	Communities            int    // in how many of them its people live
	People                 People // of the widest band, all of the gap's

	Estates []Spot // where its people live, the most people first; at most three
	Streets []Spot // with a name: those that its people's doors lead to, else the nearest; at most two
	Near    *Spot  // the nearest landmark where there are neither; nil where none is within NearM

	Reason  Reason   // that of most of its people
	CutOff  []People // per band, those of its people whose streets lead to no site
	Nearest int32    // the site to which most of its people have the shortest walk; -1 for none
	// Shortest and Longest are the walks to the nearest site of those who have the shortest
	// and the longest way; Unreached where nobody has one within FarTimes the limit.
	Shortest, Longest walknet.Milliseconds
	Farther           bool // some of its people have to walk longer than FarTimes the limit
}

// Spot is something with a name in or near a place.
type Spot struct {
	Name   Text
	People People  // of the widest band, who live there; 0 where nobody is known to
	Metres float64 // from it to the middle of the gap's people, as the crow flies
	Side   Compass // on which side of it that middle lies
}

const (
	// FarTimes is how many times the limit walks beyond it are looked for.
	FarTimes = 4
	// NearM is how far away what a place is told by may be, in metres.
	NearM = 800.0
	// homeM is how far from the middle of an estate its homes may be.
	homeM = 150.0
	// streetM is how far the streets may be that a place lies at.
	streetM = 300.0
)

// Surroundings is what places are told by.
type Surroundings struct {
	Network   *walknet.Network // that the demand lies on
	Demand    *Demand
	Result    *Result
	Hierarchy *Hierarchy
	Sites     []Site
	Landmarks *Landmarks // nil for none
}

// Places tells of each gap where it is and why it is one, in step with them. Beyond one
// search to FarTimes the limit it is O(points of the gaps × streets and landmarks nearby).
// It stops with the context's error.
func (s Surroundings) Places(ctx context.Context, gaps []Gap) ([]Place, error) {
	if len(gaps) == 0 {
		return nil, nil
	}
	t := teller{Surroundings: s, widest: Widest(s.Demand.Bands)}
	t.search()
	out := make([]Place, len(gaps))
	for i := range gaps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = t.tell(&gaps[i])
	}
	return out, nil
}

// Unserved is everybody whom no site is known to serve, by place: the gaps, and the people
// with no path near. Their people add up to the uncovered and the unsnapped, exactly.
type Unserved struct {
	Gaps   []Gap
	Places []Place // parallel to Gaps
	Off    []Gap   // see UnsnappedAreas
	OffAt  []Place // parallel to Off
}

// Unserved groups and tells of everybody who is not served. It stops with the context's
// error.
func (s Surroundings) Unserved(ctx context.Context, opt GapOptions) (Unserved, error) {
	var u Unserved
	var err error
	if u.Gaps, err = Gaps(ctx, s.Demand, s.Result, opt); err != nil {
		return u, err
	}
	if u.Places, err = s.Places(ctx, u.Gaps); err != nil {
		return u, err
	}
	if u.Off, err = UnsnappedAreas(ctx, s.Demand, s.Result, opt); err != nil {
		return u, err
	}
	u.OffAt, err = s.Places(ctx, u.Off)
	return u, err
}

// teller tells of gaps, one after the other.
type teller struct {
	Surroundings
	widest int
	labels *walknet.Labels // nil where nobody walks
	index  []int32         // of the labels' sites
	pieces map[int32]bool  // of the network that have a site
}

// search walks from all sites, beyond the limit.
func (t *teller) search() {
	snaps, index := snapped(t.Sites)
	p := t.Result.Params
	if p.Mode != OnFoot || len(snaps) == 0 {
		return
	}
	far := walknet.Milliseconds(min(int64(p.Limit)*FarTimes, math.MaxInt32))
	t.labels, t.index, t.pieces = t.Network.Nearest(snaps, far, p.Speed), index, map[int32]bool{}
	for _, s := range snaps {
		t.pieces[t.Network.Component(s.Edge)] = true
	}
}

func (t *teller) tell(g *Gap) Place {
	p := Place{
		Subdistrict: t.Hierarchy.At(g.Division, divisions.Subdistrict), Community: t.Hierarchy.At(g.Division, divisions.Community),
		CutOff: make([]People, len(t.Demand.Bands)), Nearest: -1, Shortest: walknet.Unreached, Longest: walknet.Unreached,
	}
	t.count(&p, g)
	t.why(&p, g)
	p.Estates = t.estates(g)
	p.Streets = t.streets(g)
	if len(p.Estates)+len(p.Streets) == 0 {
		if i := t.Landmarks.nearest(g.Centre, NearM, false); i >= 0 {
			near := t.spot(t.Landmarks.list[i].Name, t.Landmarks.list[i].Point, g.Centre)
			p.Near = &near
		}
	}
	return p
}

func (t *teller) count(p *Place, g *Gap) {
	seen := map[int32]bool{}
	for _, i := range g.Points {
		if at := t.Hierarchy.At(t.Demand.Division[i], divisions.Community); at >= 0 {
			seen[at] = true
		}
	}
	p.Communities = len(seen)
	if t.widest >= 0 {
		p.People = g.People[t.widest]
	}
}

// Where tells of one point of a division (-1 outside all) where it is: by the estate, the
// street or the landmark nearest to it. Its walks and reason say nothing.
func (s Surroundings) Where(p orb.Point, division int32) Place {
	t := teller{Surroundings: s}
	out := Place{
		Subdistrict: s.Hierarchy.At(division, divisions.Subdistrict), Community: s.Hierarchy.At(division, divisions.Community),
		Nearest: -1, Shortest: walknet.Unreached, Longest: walknet.Unreached,
	}
	for _, street := range s.Network.NamedStreets(p, streetM, 1) {
		out.Streets = append(out.Streets, t.spot(Text{ZH: street.Name}, street.At, p))
	}
	if i := s.Landmarks.nearest(p, NearM, false); i >= 0 {
		near := t.spot(s.Landmarks.list[i].Name, s.Landmarks.list[i].Point, p)
		out.Near = &near
	}
	return out
}

func (t *teller) spot(name Text, at, centre orb.Point) Spot {
	side, m := Bearing(at, centre)
	return Spot{Name: name, Metres: m, Side: side}
}

// why fills in the reason and the walks. Of several reasons it is that of the most people.
func (t *teller) why(p *Place, g *Gap) {
	switch {
	case t.Result.Params.Mode == ByDivision:
		p.Reason = NoSiteHere
		if t.Result.State[g.Points[0]] == Unsnapped {
			p.Reason = NoUnitKnown
		}
		return
	case t.Result.State[g.Points[0]] == Unsnapped:
		p.Reason = NoPath
		return
	case t.labels == nil:
		p.Reason = NoSite
		return
	}
	p.Reason = TooFar
	by := map[int32]People{} // by site; -1 for those who are cut off, -2 for those too far to say
	for _, i := range g.Points {
		who := weightOf(t.Demand, t.widest, i)
		time, near := t.labels.At(t.Demand.Snaps[i])
		switch {
		case near >= 0:
			by[t.index[near]] += who
			if p.Shortest == walknet.Unreached || time < p.Shortest {
				p.Shortest = time
			}
			p.Longest = max(p.Longest, time)
		case t.pieces[t.Network.Component(t.Demand.Snaps[i].Edge)]:
			by[-2] += who
			p.Farther = true
		default:
			by[-1] += who
			for b := range p.CutOff {
				p.CutOff[b] += t.Demand.People[b][i]
			}
		}
	}
	cut := by[-1]
	delete(by, -1)
	rest := People(0)
	for _, n := range by {
		rest += n
	}
	if cut > rest {
		p.Reason = OnIsland
	}
	delete(by, -2)
	if len(by) > 0 {
		p.Nearest = most(by)
	}
}

// estates are the named homes that the gap's people live in, the most people first.
func (t *teller) estates(g *Gap) []Spot {
	return t.named(g, 3, func(i int32) (Text, orb.Point) {
		at := t.Landmarks.nearest(t.Demand.Points[i], homeM, true)
		if at < 0 {
			return Text{}, orb.Point{}
		}
		return t.Landmarks.list[at].Name, t.Landmarks.list[at].Point
	})
}

// streets are those with a name that doors lead to, else the nearest to the middle.
func (t *teller) streets(g *Gap) []Spot {
	const most = 2
	out := t.named(g, most, func(i int32) (Text, orb.Point) {
		snap := t.Demand.Snaps[i]
		if !snap.OK() {
			return Text{}, orb.Point{}
		}
		_, name, _ := t.Network.EdgeWay(snap.Edge)
		return Text{ZH: name}, snap.Point
	})
	if len(out) > 0 {
		return out
	}
	for _, s := range t.Network.NamedStreets(g.Centre, streetM, most) {
		out = append(out, t.spot(Text{ZH: s.Name}, s.At, g.Centre))
	}
	return out
}

// named adds the gap's people up by a name of where they live and gives the names of the
// most people, each at the nearest to the middle of the places where it was met.
func (t *teller) named(g *Gap, most int, name func(int32) (Text, orb.Point)) []Spot {
	type met struct {
		spot Spot
		who  People
	}
	by := map[string]*met{}
	for _, i := range g.Points {
		n, at := name(i)
		key := cmp.Or(n.ZH, n.EN)
		if key == "" {
			continue
		}
		spot := t.spot(n, at, g.Centre)
		m := by[key]
		if m == nil {
			m = &met{spot: spot}
			by[key] = m
		} else if spot.Metres < m.spot.Metres {
			spot.People = m.spot.People
			m.spot = spot
		}
		m.who += weightOf(t.Demand, t.widest, i)
		if t.widest >= 0 {
			m.spot.People += t.Demand.People[t.widest][i]
		}
	}
	all := make([]*met, 0, len(by))
	for _, m := range by {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *met) int {
		return cmp.Or(cmp.Compare(b.who, a.who), cmp.Compare(a.spot.Name.ZH, b.spot.Name.ZH), cmp.Compare(a.spot.Name.EN, b.spot.Name.EN))
	})
	var out []Spot
	for _, m := range all[:min(most, len(all))] {
		out = append(out, m.spot)
	}
	return out
}

// Label is the place as people would say it: the community, or else the subdistrict, and
// the estates, streets or landmark that it is told by. Of a place that nothing has a name
// near to, EN and ZH are "".
func (p Place) Label(ds []divisions.Division) Text {
	where := Text{}
	for _, at := range []int32{p.Subdistrict, p.Community} {
		if at < 0 {
			continue
		}
		d := ds[at]
		zh, en := d.NameZH, cmp.Or(d.NameEN, d.Pinyin, d.NameZH)
		if others := p.Communities - 1; at == p.Community && others > 0 {
			zh += fmt.Sprintf("等%d个社区", p.Communities)
			en += fmt.Sprintf(" and %d more", others)
		}
		if where.EN != "" {
			en += ", " + where.EN
		}
		where.ZH += zh
		where.EN = en
	}
	spot := p.spotLabel()
	return Text{ZH: joined(where.ZH, spot.ZH, "·"), EN: joined(where.EN, spot.EN, ": ")}
}

func joined(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + between + b
}

// spotLabel is the place without its divisions.
func (p Place) spotLabel() Text {
	switch {
	case len(p.Estates) > 0:
		return p.listed(p.Estates)
	case len(p.Streets) > 0 && (p.Streets[0].People > 0 || p.Streets[0].Metres < homeM/2):
		return p.listed(p.Streets)
	case len(p.Streets) > 0:
		return p.Streets[0].beside()
	case p.Near != nil:
		return p.Near.beside()
	}
	return Text{}
}

// listed is one name or two, and whether they are where it is or only a part of it.
func (p Place) listed(spots []Spot) Text {
	var zh, en []string
	live := People(0)
	for _, s := range spots[:min(2, len(spots))] {
		zh, en = append(zh, cmp.Or(s.Name.ZH, s.Name.EN)), append(en, cmp.Or(s.Name.EN, s.Name.ZH))
		live += s.People
	}
	if live < p.People/2 {
		return Text{ZH: strings.Join(zh, "、") + "等处", EN: strings.Join(en, ", ") + " and elsewhere"}
	}
	return Text{ZH: strings.Join(zh, "、") + "一带", EN: "around " + strings.Join(en, " and ")}
}

// beside tells how far from the spot and on which side of it a place is, to ten metres.
func (s Spot) beside() Text {
	m := int(math.Round(s.Metres/10)) * 10
	side := s.Side.Text()
	zh, en := cmp.Or(s.Name.ZH, s.Name.EN), cmp.Or(s.Name.EN, s.Name.ZH)
	if m == 0 {
		return Text{ZH: zh + "一带", EN: "around " + en}
	}
	return Text{ZH: fmt.Sprintf("%s以%s约%d米", zh, side.ZH, m), EN: fmt.Sprintf("about %d m %s of %s", m, side.EN, en)}
}
