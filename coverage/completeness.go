package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo"
	"yike/geo/divisions"
)

// Completeness is how far the street data of one division can be trusted on foot. It is
// about the data: a low score says that walks in the answer may be too long, or that
// people are called uncovered who are not, never that people walk badly.
type Completeness struct {
	Division int32 // index into the hierarchy
	AreaHa   float64
	StreetM  float64 // length of streets inside

	People       People // of the widest band
	FarPeople    People // of them farther than FarM from any path, or beyond the snap limit
	IslandPeople People // of them on streets that nothing joins to the main network
	Buildings    int
	FarBuildings int
	Dangles      int // ends that stop just short of another line

	Parts Parts
	Score int // the least of the parts; -1 where none is known
	Class CompletenessClass
}

// Parts are the parts of a score, each 0 to 100, rounded down; -1 where it is not known.
type Parts struct {
	// Density is 100 × metres of street per hectare ÷ FullDensity, at most 100. Not known of
	// villages, where streets are far apart by right, and where nobody lives.
	Density int
	// Near is 100 × the share of people, or of buildings if that is less, at most FarM from
	// a path. Inside compounds that the data leave out, homes lie far from all paths.
	Near int
	// Joined is 100 × the share of people on the network who are on its main part.
	Joined int
	// Ends is 100 × (1 − dangles per kilometre of street), at least 0.
	Ends int
}

// CompletenessClass is the score in a word.
type CompletenessClass string

// The classes. They are advice: FullDensity and the bounds are our own choice.
const (
	Sound   CompletenessClass = "sound"   // 80 and more
	Thin    CompletenessClass = "thin"    // 50 to 79: read single walks with care
	Poor    CompletenessClass = "poor"    // below 50: do not decide by these walks
	Unknown CompletenessClass = "unknown" // nothing to judge by
)

const (
	// FarM is how far from a path a home may be in data that are complete.
	FarM = 80.0
	// FullDensity is the metres of street per hectare above which more say nothing: 8 km
	// a square kilometre, what the central guideline on cities of February 2016 asks of
	// road networks in built-up areas. Paths inside compounds come on top of it.
	FullDensity = 80.0
)

// Survey is what completeness is judged by.
type Survey struct {
	Network   *walknet.Network
	Demand    *Demand // snapped onto it
	Divisions []divisions.Division
	Hierarchy *Hierarchy      // of Divisions
	Level     divisions.Level // of the divisions asked for
	Buildings []orb.Point     // one per building for people to live or work in; nil where none are known
	Dangles   []orb.Point     // of the network's report
}

// Completeness judges every division of the level, in the order of the hierarchy. A
// street counts where it lies, in pieces of at most 20 m by the middle of each.
// O(length of streets + points + buildings, each located).
func (s Survey) Completeness() []Completeness {
	holder := s.Hierarchy.Holders(s.Level)
	row := make([]int32, s.Hierarchy.Len()) // 1 + place in out
	var out []Completeness
	for i := range s.Hierarchy.Len() {
		if s.Hierarchy.Level(int32(i)) == s.Level {
			out = append(out, Completeness{Division: int32(i), AreaHa: geo.Area(s.Divisions[i].Boundary) / 10_000})
			row[i] = int32(len(out))
		}
	}
	locator := divisions.NewLocator(s.Divisions)
	at := func(division int32) *Completeness {
		if division < 0 || holder[division] < 0 {
			return nil
		}
		return &out[row[holder[division]]-1]
	}
	located := func(p orb.Point) *Completeness { return at(locator.Locate(p)) }
	s.streets(located)
	s.people(at)
	for _, p := range s.Buildings {
		if c := located(p); c != nil {
			c.Buildings++
			if !s.Network.Snap(p, FarM).OK() {
				c.FarBuildings++
			}
		}
	}
	for _, p := range s.Dangles {
		if c := located(p); c != nil {
			c.Dangles++
		}
	}
	for i := range out {
		out[i].judge(s.Divisions[out[i].Division].Setting)
	}
	return out
}

const pieceM = 20.0

func (s Survey) streets(at func(orb.Point) *Completeness) {
	for e := range int32(s.Network.Edges()) {
		if !s.Network.Usable(e) {
			continue
		}
		line := s.Network.EdgeLine(e)
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			metres := geo.Distance(a, b)
			pieces := int(math.Ceil(metres / pieceM))
			for k := range pieces {
				t := (float64(k) + 0.5) / float64(pieces)
				if c := at(orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}); c != nil {
					c.StreetM += metres / float64(pieces)
				}
			}
		}
	}
}

func (s Survey) people(at func(int32) *Completeness) {
	widest := Widest(s.Demand.Bands)
	if widest < 0 {
		return
	}
	for i, division := range s.Demand.Division {
		c := at(division)
		if c == nil {
			continue
		}
		n, snap := s.Demand.People[widest][i], s.Demand.Snaps[i]
		c.People += n
		switch {
		case !snap.OK() || float64(snap.AccessMM) > FarM*1000:
			c.FarPeople += n
		case s.Network.Component(snap.Edge) != 0:
			c.IslandPeople += n
		}
	}
}

// judge fills in parts, score and class.
func (c *Completeness) judge(setting divisions.Setting) {
	c.Parts = Parts{-1, -1, -1, -1}
	if setting != divisions.Rural && c.AreaHa > 0 && (c.People > 0 || c.Buildings > 0) {
		c.Parts.Density = hundredths(c.StreetM/c.AreaHa, FullDensity)
	}
	if c.People > 0 {
		c.Parts.Near = hundredths(float64(c.People-c.FarPeople), float64(c.People))
	}
	if c.Buildings > 0 {
		near := hundredths(float64(c.Buildings-c.FarBuildings), float64(c.Buildings))
		if c.Parts.Near < 0 || near < c.Parts.Near {
			c.Parts.Near = near
		}
	}
	if on := c.People - c.FarPeople; on > 0 {
		c.Parts.Joined = hundredths(float64(on-c.IslandPeople), float64(on))
	}
	if c.StreetM > 0 {
		c.Parts.Ends = hundredths(max(0, c.StreetM/1000-float64(c.Dangles)), c.StreetM/1000)
	}
	c.Score, c.Class = -1, Unknown
	if c.Parts.Density < 0 && c.Parts.Near < 0 {
		return // streets where nobody is known to live are not judged
	}
	for _, part := range [4]int{c.Parts.Density, c.Parts.Near, c.Parts.Joined, c.Parts.Ends} {
		if part >= 0 && (c.Score < 0 || part < c.Score) {
			c.Score = part
		}
	}
	switch {
	case c.Score >= 80:
		c.Class = Sound
	case c.Score >= 50:
		c.Class = Thin
	default:
		c.Class = Poor
	}
}

func hundredths(part, whole float64) int { return int(min(100*part/whole, 100)) }
