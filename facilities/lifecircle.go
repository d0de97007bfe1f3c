package facilities

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Tier is a tier of the life circles of GB 50180-2018 by its minutes on foot: 5, 10 or
// 15. Tiers do not contain each other: a facility of a wider tier never stands for one of
// a narrower tier. The zero Tier is none.
type Tier int

// LifeCircleField is the code word of the field that says of which tier a facility is.
const LifeCircleField = "life_circle"

// Tiers lists the tiers, the narrowest first.
func Tiers() []Tier { return []Tier{5, 10, 15} }

// TypeTier is the tier of all facilities of a type that say nothing else, with the text
// that says so.
type TypeTier struct {
	Tier   Tier   `json:"tier"`
	Grade  string `json:"grade"` // the evidence, as of a Limit
	CiteZH string `json:"cite_zh"`
	CiteEN string `json:"cite_en"`
}

func (t *TypeTier) check() error {
	switch {
	case t == nil:
		return nil
	case !slices.Contains(Tiers(), t.Tier):
		return fmt.Errorf("life_circle: tier must be one of %v, not %d", Tiers(), t.Tier)
	case !isEvidence(t.Grade):
		return fmt.Errorf("life_circle: grade must say the evidence (S0 to S4, R, r, D or P), not %q", t.Grade)
	case t.CiteZH == "" || t.CiteEN == "":
		return errors.New("life_circle: cite_zh and cite_en must name the text")
	}
	return nil
}

// TierOf is the tier of a facility of the type: what its record says, else what a text
// says of the whole type, else none.
func (t TypeInfo) TierOf(f Facility) Tier {
	if said, ok := f.Fields[LifeCircleField].(string); ok {
		n, err := strconv.Atoi(said)
		if err == nil && slices.Contains(Tiers(), Tier(n)) {
			return Tier(n)
		}
	}
	if t.LifeCircle != nil {
		return t.LifeCircle.Tier
	}
	return 0
}
