package placing

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo/divisions"
	"yike/internal/address"
)

// context is what a query says of the division that the place lies in.
type context struct {
	at      int32    // the finest division that is named for certain; -1
	weak    bool     // it follows from the facility's name only
	against [2]int32 // two that contradict each other; -1
	foreign string   // a district that is not this one
}

// contextOf gathers the divisions that a query names.
func (g *Gazetteer) contextOf(q Query, a, name address.Address) context {
	c := context{at: -1, against: [2]int32{-1, -1}}
	given := int32(-1)
	if i, ok := g.byCode[q.Division]; ok {
		given = i
	}
	said := g.named(a, given)
	switch {
	case given < 0:
		c.at = said
	case said < 0, g.within(given, said):
		c.at = given
	case g.within(said, given):
		c.at = said
	default:
		c.at, c.against = given, [2]int32{given, said}
	}
	if c.at < 0 {
		if c.at = g.named(name, -1); c.at >= 0 {
			c.weak = true
		}
	}
	if a.District != "" && !g.isOurs(a.District) {
		c.foreign = a.District
	}
	return c
}

// named is the finest division that an address names and that is the only one of its name,
// within the others that it names; -1 for none. Of several of one name it is the one in the
// division given.
func (g *Gazetteer) named(a address.Address, given int32) int32 {
	town := g.only(-1, divisions.Subdistrict, a.Town)
	if town < 0 {
		town = g.only(given, divisions.Subdistrict, a.Town)
	}
	scope := given
	if town >= 0 {
		scope = town
	}
	names := append([]string{a.Community, a.Estate}, a.Places...)
	for _, within := range []int32{scope, -1} {
		if community := g.only(within, divisions.Community, names...); community >= 0 {
			return community
		}
	}
	return town
}

// only finds the one division of a level that has one of the names; -1 where there is none
// or where there are several.
func (g *Gazetteer) only(within int32, level divisions.Level, names ...string) int32 {
	for _, name := range names {
		key := nameKey(name)
		list := g.byName[key]
		if len(list) == 0 {
			list = g.byName[bareDivision(key)]
		}
		found, n := int32(-1), 0
		for _, i := range list {
			if g.list[i].Level == level && (within < 0 || g.within(i, within) || g.within(within, i)) {
				found = i
				n++
			}
		}
		if n == 1 && key != "" {
			return found
		}
	}
	return -1
}

// within reports whether division i is division of or lies in it.
func (g *Gazetteer) within(i, of int32) bool {
	for range len(divisions.Levels()) + 1 {
		if i == of {
			return true
		}
		up, ok := g.byCode[g.list[i].ParentCode]
		if !ok {
			return false
		}
		i = up
	}
	return false
}

// isOurs reports whether a district's name is that of the district that is loaded; where
// no division of that level is loaded nobody knows, and it is.
func (g *Gazetteer) isOurs(name string) bool {
	known := false
	for _, d := range g.list {
		if d.Level != divisions.District {
			continue
		}
		known = true
		full := nameKey(d.NameZH)
		if key := nameKey(name); key == full || len(key) > len(full) && key[len(key)-len(full):] == full {
			return true
		}
	}
	return !known
}

// holds says whether a place lies in the division that the query names: 1, -1 not, 0
// unknown.
func (g *Gazetteer) holds(c context, p orb.Point) int {
	if c.at < 0 {
		return 0
	}
	at := g.locator.Locate(p)
	switch {
	case at < 0:
		return -1
	case g.within(at, c.at):
		return 1
	case g.within(c.at, at): // the map knows no finer division there
		return 0
	}
	return -1
}

func (g *Gazetteer) divisionName(i int32) (zh, en string) {
	if i < 0 {
		return "", ""
	}
	zh, en = g.list[i].NameZH, g.list[i].NameEN
	if en == "" {
		en = zh
	}
	return zh, en
}

// say tells what the query names, where that matters.
func (g *Gazetteer) say(c context) (zh, en string) {
	switch {
	case c.foreign != "":
		return fmt.Sprintf("地址写的是%s，不是本辖区", c.foreign), fmt.Sprintf("the address says %s, which is not this district", c.foreign)
	case !slices.Contains(c.against[:], -1):
		givenZH, givenEN := g.divisionName(c.against[0])
		saidZH, saidEN := g.divisionName(c.against[1])
		return fmt.Sprintf("所属辖区填的是%s，地址写的是%s", givenZH, saidZH), fmt.Sprintf("the division given is %s, the address says %s", givenEN, saidEN)
	}
	return "", ""
}
