package imports

import (
	"slices"
	"strings"

	"yike/geo/divisions"
)

// Divisions finds the communities and subdistricts that rows name. It is read-only once
// made and may be used by many at once.
type Divisions struct {
	byCode map[string]divisions.Level
	byName map[string][]string // codes, by the name's plain form and by what it is without its kind
	name   map[string]string   // of a code, for people
	parent map[string]string
	adcode string
}

const (
	community   = divisions.Community
	subdistrict = divisions.Subdistrict
)

// NewDivisions indexes the divisions of an authority. O(n).
func NewDivisions(adcode string, list []divisions.Division) Divisions {
	d := Divisions{byCode: map[string]divisions.Level{}, byName: map[string][]string{}, name: map[string]string{}, parent: map[string]string{}, adcode: adcode}
	for _, div := range list {
		d.byCode[div.Code], d.name[div.Code], d.parent[div.Code] = div.Level, div.NameZH, div.ParentCode
		for _, name := range []string{plain(div.NameZH), plain(div.NameEN), core(div.NameZH, div.Level)} {
			if name != "" && !slices.Contains(d.byName[name], div.Code) {
				d.byName[name] = append(d.byName[name], div.Code)
			}
		}
	}
	return d
}

// kinds are the words at the end of names that say what a division is; longer ones first,
// since the shorter end them.
func kinds(level divisions.Level) []string {
	if level == subdistrict {
		return []string{"街道办事处", "街道办", "镇人民政府", "乡人民政府", "镇政府", "乡政府", "办事处", "街道", "地区", "街", "镇", "乡"}
	}
	return []string{
		"社区居民委员会", "社区居委会", "社区委员会", "居民委员会", "村民委员会", "社区村委会", "社区服务站", "居委会", "村委会", "社区", "居委", "村委", "小区", "村",
	}
}

// core is a name without the word for its kind: 幸福里 of 幸福里社区居委会. A name that is
// nothing else, or one letter besides, stays whole.
func core(name string, level divisions.Level) string {
	p := plain(name)
	for _, kind := range kinds(level) {
		if rest, ok := strings.CutSuffix(p, kind); ok && len([]rune(rest)) >= 2 {
			return rest
		}
	}
	return p
}

// Name is what people call the division of a code; the code itself where it has none.
func (d Divisions) Name(code string) string {
	if n := d.name[code]; n != "" {
		return n
	}
	return code
}

// Known reports whether there is a division of this code; the authority itself is one.
func (d Divisions) Known(code string) bool {
	_, ok := d.byCode[code]
	return ok || code == d.adcode
}

func (d Divisions) is(word string, level divisions.Level) bool {
	code, _ := d.find(word, level, "")
	return code != ""
}

// find gives the code of what a cell names at a level, inside of a division; "" inside is
// anywhere. others are the codes it may be where it is not one.
func (d Divisions) find(word string, level divisions.Level, inside string) (code string, others []string) {
	if digits := strings.TrimSpace(word); d.byCode[digits] == level && digits != "" {
		return digits, nil
	}
	for _, name := range []string{plain(word), core(word, level)} {
		others = others[:0]
		for _, c := range d.byName[name] {
			if d.byCode[c] == level && d.within(c, inside) {
				others = append(others, c)
			}
		}
		if len(others) == 1 {
			return others[0], nil
		}
		if len(others) > 1 {
			return "", others
		}
	}
	// A cell may say all of it: 花桥街道幸福里社区.
	return d.findTail(plain(word), level, inside)
}

// findTail looks for a community behind the name of its subdistrict.
func (d Divisions) findTail(word string, level divisions.Level, inside string) (string, []string) {
	if level != community {
		return "", nil
	}
	for _, kind := range []string{"街道", "镇", "乡", "街"} {
		head, tail, ok := strings.Cut(word, kind)
		if !ok || tail == "" {
			continue
		}
		if of, _ := d.find(head+kind, subdistrict, inside); of != "" {
			return d.find(tail, community, of)
		}
	}
	return "", nil
}

// within reports whether a division is another or lies in it.
func (d Divisions) within(code, inside string) bool {
	if inside == "" || inside == d.adcode {
		return true
	}
	for c := code; c != ""; c = d.parent[c] {
		if c == inside {
			return true
		}
	}
	return false
}
