package divisions

// HouseholdSource says where a number of households comes from.
type HouseholdSource string

// The sources.
const (
	HouseholdsUnknown   HouseholdSource = ""
	HouseholdsDeclared  HouseholdSource = "division"  // the source of the divisions says so
	HouseholdsBuildings HouseholdSource = "buildings" // the sum over all dwellings in it
	HouseholdsBelow     HouseholdSource = "below"     // the sum over all divisions in it
)

// Households are how many households a division has, and where the number comes from.
// Without a source it is unknown and Count is 0.
type Households struct {
	Count  int
	Source HouseholdSource
}

// Known reports whether somebody says how many there are.
func (h Households) Known() bool { return h.Source != HouseholdsUnknown }

// Dwellings is what the buildings of one division come to, those of finer divisions not
// counted.
type Dwellings struct {
	Households int // of the buildings of which it is known
	Unknown    int // buildings that are or may be dwellings of which it is not
}

// CountHouseholds gives the households of each division by its code: what its source
// says; else, of a division wider than a community, the sum over those right below it
// where it is known of all of them; else the sum over its buildings, where that is known
// of every dwelling in it. Nothing is estimated, so a community of which one dwelling is
// unknown is unknown. O(n).
func CountHouseholds(list []Division, dwellings map[string]Dwellings) map[string]Households {
	children := map[string][]Division{}
	for _, d := range list {
		children[d.ParentCode] = append(children[d.ParentCode], d)
	}
	c := householdCount{children: children, dwellings: dwellings, out: make(map[string]Households, len(list)), in: map[string]Dwellings{}}
	for _, d := range list {
		c.of(d)
	}
	return c.out
}

type householdCount struct {
	children  map[string][]Division
	dwellings map[string]Dwellings
	out       map[string]Households
	in        map[string]Dwellings // of a division with all below it
}

func (c householdCount) of(d Division) (Households, Dwellings) {
	if h, ok := c.out[d.Code]; ok {
		return h, c.in[d.Code]
	}
	in := c.dwellings[d.Code]
	below, all := 0, true
	for _, child := range c.children[d.Code] {
		h, dwellings := c.of(child)
		in.Households += dwellings.Households
		in.Unknown += dwellings.Unknown
		below += h.Count
		all = all && h.Known()
	}
	var h Households
	switch {
	case d.Households > 0:
		h = Households{d.Households, HouseholdsDeclared}
	case d.Level.Rank() < Community.Rank() && len(c.children[d.Code]) > 0 && all:
		h = Households{below, HouseholdsBelow}
	case in.Households > 0 && in.Unknown == 0:
		h = Households{in.Households, HouseholdsBuildings}
	}
	c.out[d.Code], c.in[d.Code] = h, in
	return h, in
}
