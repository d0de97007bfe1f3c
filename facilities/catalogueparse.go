package facilities

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// catalogueFile is a file of types as it is written.
type catalogueFile struct {
	Units  []unit      `json:"units"`
	Groups []Group     `json:"groups"`
	Common []FieldInfo `json:"common_fields"` // of every type
	Types  []TypeInfo  `json:"types"`
}

// unit is a unit of measure in words.
type unit struct {
	Unit string `json:"unit"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// ParseCatalogue reads the catalogue that comes with the program and lays the file of an
// installation over it; extra is nil where there is none. The file has the same shape.
// A unit, group, common field or type that is there already is replaced, as a whole and
// in its place; a new one comes last. An error names the type, the field and what is
// wrong with it. Files of up to 1 MB are read.
//
// What may be named at people's doors is not for an installation to widen: a group that
// is never named stays so, and so do the types that are in one.
func ParseCatalogue(extra []byte) (Types, error) {
	base, err := readTypesFile(typesJSON)
	if err != nil {
		return Types{}, fmt.Errorf("read the facility types that come with the program: %w", err)
	}
	base = base.from(FromProgram)
	if extra == nil {
		return base.catalogue()
	}
	more, err := readTypesFile(extra)
	if err != nil {
		return Types{}, fmt.Errorf("read the installation's facility types: %w", err)
	}
	if err := base.keepFromDoors(more); err != nil {
		return Types{}, fmt.Errorf("read the installation's facility types: %w", err)
	}
	base.Units = overlay(base.Units, more.Units, func(u unit) string { return u.Unit })
	base.Groups = overlay(base.Groups, more.Groups, func(g Group) string { return g.Group })
	base.Common = overlay(base.Common, more.Common, func(f FieldInfo) string { return f.Field })
	base.Types = overlay(base.Types, more.from(FromFile).Types, func(t TypeInfo) Type { return t.Type })
	c, err := base.catalogue()
	if err != nil {
		return Types{}, fmt.Errorf("read the installation's facility types: %w", err)
	}
	return c, nil
}

// from says of every type where it comes from.
func (f catalogueFile) from(o Origin) catalogueFile {
	f.Types = slices.Clone(f.Types)
	for i := range f.Types {
		f.Types[i].Origin = o
	}
	return f
}

const largestTypesFile = 1 << 20

func readTypesFile(data []byte) (catalogueFile, error) {
	var file catalogueFile
	if len(data) > largestTypesFile {
		return file, fmt.Errorf("the file has %d bytes, more than %d", len(data), largestTypesFile)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return file, fmt.Errorf("no JSON of types: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return file, errors.New("no JSON of types: something follows the end of it")
	}
	return file, errors.Join(
		once("units", file.Units, func(u unit) string { return u.Unit }),
		once("groups", file.Groups, func(g Group) string { return g.Group }),
		once("common_fields", file.Common, func(f FieldInfo) string { return f.Field }),
		once("types", file.Types, func(t TypeInfo) string { return string(t.Type) }),
	)
}

func once[T any](list string, all []T, key func(T) string) error {
	seen := map[string]bool{}
	for _, v := range all {
		if seen[key(v)] {
			return fmt.Errorf("%s: %q is there twice", list, key(v))
		}
		seen[key(v)] = true
	}
	return nil
}

// overlay replaces what has the same key and appends the rest.
func overlay[T any, K comparable](base, more []T, key func(T) K) []T {
	out := slices.Clone(base)
	for _, v := range more {
		if i := slices.IndexFunc(out, func(o T) bool { return key(o) == key(v) }); i >= 0 {
			out[i] = v
		} else {
			out = append(out, v)
		}
	}
	return out
}

func (f catalogueFile) keepFromDoors(more catalogueFile) error {
	never := map[string]bool{}
	for _, g := range f.Groups {
		never[g.Group] = g.NeverAtDoors
	}
	for _, g := range more.Groups {
		if never[g.Group] && !g.NeverAtDoors {
			return fmt.Errorf("group %q: never_at_doors may not be taken away", g.Group)
		}
		never[g.Group] = g.NeverAtDoors
	}
	for _, t := range more.Types {
		i := slices.IndexFunc(f.Types, func(was TypeInfo) bool { return was.Type == t.Type })
		if i >= 0 && never[f.Types[i].Group] && !never[t.Group] {
			return fmt.Errorf("type %q: group may not be %q, since facilities of its group are never named at doors", t.Type, t.Group)
		}
	}
	return nil
}

// catalogue puts the common fields and the words of units into each type, and checks all.
func (f catalogueFile) catalogue() (Types, error) {
	out := Types{Groups: f.Groups, Types: slices.Clone(f.Types), file: f}
	for _, u := range f.Units {
		if !isCode(u.Unit) || u.ZH == "" || u.EN == "" {
			return Types{}, fmt.Errorf("unit %q: needs a code word, zh and en", u.Unit)
		}
	}
	for _, g := range f.Groups {
		if !isCode(g.Group) || g.ZH == "" || g.EN == "" {
			return Types{}, fmt.Errorf("group %q: needs a code word, zh and en", g.Group)
		}
	}
	for i := range out.Types {
		t := &out.Types[i]
		if err := once("fields", slices.Concat(t.Fields, t.Past), fieldCode); err != nil {
			return Types{}, fmt.Errorf("type %q: %w", t.Type, err)
		}
		common := slices.DeleteFunc(slices.Clone(f.Common), func(c FieldInfo) bool {
			_, past := fieldIn(t.Past, c.Field)
			return past
		})
		t.Fields, t.Past = overlay(common, t.Fields, fieldCode), slices.Clone(t.Past)
		if err := f.finish(t); err != nil {
			return Types{}, fmt.Errorf("type %q: %w", t.Type, err)
		}
	}
	return out, nil
}

func fieldCode(f FieldInfo) string { return f.Field }

func (f catalogueFile) unit(code string) (unit, bool) {
	i := slices.IndexFunc(f.Units, func(u unit) bool { return u.Unit == code })
	if i < 0 {
		return unit{}, false
	}
	return f.Units[i], true
}

// finish checks a type and fills in what follows from the rest of the file.
func (f catalogueFile) finish(t *TypeInfo) error {
	group := slices.IndexFunc(f.Groups, func(g Group) bool { return g.Group == t.Group })
	u, known := f.unit(t.CapacityUnit)
	t.CapacityZH, t.CapacityEN = u.ZH, u.EN
	switch {
	case !isCode(string(t.Type)):
		return errors.New("type must be a code word of letters, digits and _")
	case t.ZH == "" || t.EN == "":
		return errors.New("zh and en must not be empty")
	case group < 0:
		return fmt.Errorf("group: there is no group %q", t.Group)
	case !slices.Contains([]Measure{Walk, Presence, Drive}, t.Measure):
		return fmt.Errorf("measure: must be walk, presence or drive, not %q", t.Measure)
	case !slices.Contains([]string{"elders", "residents", "minors", "destitute", "bereaved"}, t.Serves):
		return fmt.Errorf("serves: must be elders, residents, minors, destitute or bereaved, not %q", t.Serves)
	case !known:
		return fmt.Errorf("capacity_unit: there is no unit %q", t.CapacityUnit)
	case t.Icon != "" && !isCode(t.Icon):
		return errors.New("icon must be a code word of letters, digits and _")
	case t.DoorPage && f.Groups[group].NeverAtDoors:
		return fmt.Errorf("door_page: facilities of the group %q are never named at doors", t.Group)
	}
	if err := f.finishFields(*t); err != nil {
		return err
	}
	for _, l := range t.Limits {
		if err := l.check(); err != nil {
			return err
		}
	}
	if err := t.LifeCircle.check(); err != nil {
		return err
	}
	return t.checkCapacity()
}

// finishFields checks the fields of a type in place.
func (f catalogueFile) finishFields(t TypeInfo) error {
	for _, list := range [][]FieldInfo{t.Fields, t.Past} {
		for i := range list {
			field := &list[i]
			field.DoorPage = field.DoorPage && t.DoorPage
			u, known := f.unit(field.Unit)
			if field.Unit != "" && !known {
				return fmt.Errorf("field %q: unit: there is no unit %q", field.Field, field.Unit)
			}
			field.UnitZH, field.UnitEN = u.ZH, u.EN
			if err := field.check(t); err != nil {
				return fmt.Errorf("field %q: %w", field.Field, err)
			}
		}
	}
	return nil
}

func (t TypeInfo) checkCapacity() error {
	if t.CapacityField == "" {
		return nil
	}
	field, ok := t.Field(t.CapacityField)
	switch {
	case !ok:
		return fmt.Errorf("capacity_field: the type has no field %q", t.CapacityField)
	case !field.isFigure():
		return fmt.Errorf("capacity_field: %q is no number", t.CapacityField)
	case field.Unit != t.CapacityUnit:
		return fmt.Errorf("capacity_field: %q is in %q, the capacity in %q", t.CapacityField, field.Unit, t.CapacityUnit)
	}
	return nil
}

func (l Limit) check() error {
	said := 0
	for _, is := range []bool{l.Minutes > 0, l.DistanceM > 0, l.Per != ""} {
		if is {
			said++
		}
	}
	switch {
	case said != 1 || l.Minutes < 0 || l.DistanceM < 0:
		return errors.New("limits: give one of minutes, distance_m and per, above 0")
	case l.Per != "" && !slices.Contains([]string{"community", "subdistrict", "district"}, l.Per):
		return fmt.Errorf("limits: per must be community, subdistrict or district, not %q", l.Per)
	case !isEvidence(l.Grade):
		return fmt.Errorf("limits: grade must say the evidence (S0 to S4, R, r, D or P), not %q", l.Grade)
	case l.CiteZH == "" || l.CiteEN == "":
		return errors.New("limits: cite_zh and cite_en must name the text")
	}
	return nil
}

// isEvidence knows the grades of what is said of a text.
func isEvidence(grade string) bool {
	return slices.Contains([]string{"S0", "S1", "S2", "S3", "S4", "R", "r", "D", "P"}, grade)
}

// isCode reports whether s is a code word: of types, fields, units and choices.
func isCode(s string) bool {
	const longest = 40
	if s == "" || len(s) > longest || s[0] == '_' {
		return false
	}
	for _, c := range []byte(s) {
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
