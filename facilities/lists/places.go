package lists

import (
	"fmt"
	"slices"

	"yike/geo/divisions"
	"yike/internal/hanzi"
	"yike/internal/record"
)

// DivisionCode is the field of a division's code; Subdistrict and Community are its names.
const (
	DivisionCode = "division_code"
	Subdistrict  = "subdistrict"
	Community    = "community"
)

// Places finds the divisions that rows name. It is read-only once made.
type Places struct{ list []place }

// place is a division with the names of what it lies in, as they are compared.
type place struct {
	divisions.Division
	names map[divisions.Level][]string // its own name is among them
}

// NewPlaces learns the names of divisions. O(n · levels).
func NewPlaces(list []divisions.Division) Places {
	byCode := map[string]divisions.Division{}
	for _, d := range list {
		byCode[d.Code] = d
	}
	out := make([]place, len(list))
	for i, d := range list {
		out[i] = place{Division: d, names: map[divisions.Level][]string{}}
		for steps := 0; d.Code != "" && steps <= len(list); steps++ {
			out[i].names[d.Level] = []string{hanzi.Fold(d.NameZH), hanzi.Fold(d.NameEN)}
			d = byCode[d.ParentCode]
		}
	}
	return Places{out}
}

// in reports whether a place lies in one of a level that has a name, folded; "" is any.
func (p place) in(level divisions.Level, name string) bool {
	return name == "" || slices.Contains(p.names[level], name)
}

// Find gives the code of the division that a row names, by its code, its community or its
// subdistrict; "" where it names none, or there are none. Where names and a code are there
// they must agree: somebody who changes a name in a list that was written here means it.
// A fault has as its field the name or the code that it is of. O(divisions).
func (p Places) Find(code, subdistrict, community string) (string, *record.Fault) {
	field, value, level := Community, community, divisions.Community
	switch {
	case community == "" && subdistrict != "":
		field, value, level = Subdistrict, subdistrict, divisions.Subdistrict
	case community == "":
		field, value = DivisionCode, code
	}
	if value == "" || len(p.list) == 0 {
		return "", nil
	}
	within, named := hanzi.Fold(subdistrict), hanzi.Fold(community)
	var found []place
	coded := ""
	for _, d := range p.list {
		if d.Code == code {
			coded = d.NameZH
		}
		if (d.Code == code || code == "" && d.Level == level) && d.in(divisions.Community, named) && d.in(divisions.Subdistrict, within) {
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 1:
		return found[0].Code, nil
	case len(found) > 1:
		return "", &record.Fault{Field: field, Value: value, ZH: "有多个同名的，请填写街镇或辖区编码", EN: "there are several of this name; give the subdistrict or the division code"}
	case code != "" && coded == "":
		return "", &record.Fault{Field: DivisionCode, Value: code, ZH: "没有这个编码的辖区", EN: "no division has this code"}
	case code != "":
		return "", &record.Fault{
			Field: field, Value: value, ZH: fmt.Sprintf("与辖区编码 %s（%s）不符；改了村居就请清除编码一格", code, coded),
			EN: fmt.Sprintf("does not go with the division code %s; empty that cell if the community was changed", code),
		}
	}
	return "", &record.Fault{Field: field, Value: value, ZH: "辖区内没有这个名称的街镇或村居", EN: "no subdistrict or community here has this name"}
}
