package facilities

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// LocalType is a type that a bureau keeps in the product: a new one, or what it wants
// otherwise of one that is there already.
type LocalType struct {
	ID         string // UUIDv7, text form; "" where the bureau changed nothing of the type yet
	Version    int    // 0 where the bureau changed nothing of the type yet
	Definition TypeInfo
	Base       *TypeInfo // as it would be without the bureau's version; nil for a type that the bureau added, or not looked for
	Misfit     string    // why the bureau's version is not in force; "" where it is
}

// TypeCheck is what a type, or a change of one, would come to.
type TypeCheck struct {
	Definition TypeInfo       // whole, with code words for what had none
	Faults     []record.Fault // it would be refused for; none where it would be taken
	Census     *Census        // of its records
	AtDoors    bool           // a resident's door page may name facilities of it
}

// Misfit is a type of the bureau that the catalogue does not take as it is, with why. What
// was taken once may become one when the program or the installation's file changes.
type Misfit struct {
	Type Type
	Err  error
}

// WithLocal lays what a bureau keeps in the product over the catalogue. A type that is
// there already keeps its place, its group, whom it serves, its capacity and the kinds,
// units and choices of its fields, since the program counts on them; fields that the
// bureau's version does not name come last. A new type comes last. Each stands alone: one
// that does not fit is left out, so that a bad one never takes the catalogue away.
func (c Types) WithLocal(local []TypeInfo) (Types, []Misfit) {
	out := Types{Groups: c.Groups, Types: slices.Clone(c.Types), file: c.file}
	var misfits []Misfit
	for _, t := range local {
		whole, err := c.settled(t)
		if err != nil {
			misfits = append(misfits, Misfit{t.Type, err})
			continue
		}
		out.Types = overlay(out.Types, []TypeInfo{whole}, func(t TypeInfo) Type { return t.Type })
	}
	return out, misfits
}

// Settled gives a bureau's version of a type as the catalogue has it, or why it does not
// fit.
func (c Types) settled(t TypeInfo) (TypeInfo, error) {
	t, _ = c.Completed(t)
	if err := once("fields", slices.Concat(t.Fields, t.Past), fieldCode); err != nil {
		return t, err
	}
	if !c.MayBeAtDoors(t) {
		t.DoorPage = false
	}
	t.Origin = FromBureau
	return t, c.file.finish(&t)
}

// Completed gives a bureau's version of a type with what it may not say otherwise, and with
// the fields that it does not name: the common ones first where it names none of them, else
// last. before says how many fields stand before those that it names.
func (c Types) Completed(t TypeInfo) (_ TypeInfo, before int) {
	t.Fields, t.Past = slices.Clone(t.Fields), slices.Clone(t.Past)
	base, over := c.Find(t.Type)
	if !over {
		t.Core = false
		more := unnamed(c.file.Common, t)
		if len(more) < len(c.file.Common) {
			t.Fields = append(t.Fields, more...)
			return t, 0
		}
		t.Fields = append(more, t.Fields...)
		return t, len(more)
	}
	t.Group, t.Serves, t.CapacityUnit, t.CapacityField, t.Core = base.Group, base.Serves, base.CapacityUnit, base.CapacityField, base.Core
	t.LifeCircle = base.LifeCircle
	for _, list := range [][]FieldInfo{t.Fields, t.Past} {
		for i := range list {
			if was, ok := base.Declared(list[i].Field); ok {
				list[i] = kept(was, list[i])
			}
		}
	}
	t.Fields = append(t.Fields, unnamed(base.Fields, t)...)
	t.Past = append(t.Past, unnamed(base.Past, t)...)
	return t, 0
}

// unnamed are the fields of a list that a type does not name.
func unnamed(list []FieldInfo, t TypeInfo) []FieldInfo {
	return slices.DeleteFunc(slices.Clone(list), func(f FieldInfo) bool {
		_, ok := t.Declared(f.Field)
		return ok
	})
}

// kept is a field as a bureau wants it, with what the program counts on.
func kept(was, f FieldInfo) FieldInfo {
	f.Kind, f.Unit, f.AtMost, f.Choices = was.Kind, was.Unit, was.AtMost, slices.Clone(f.Choices)
	for _, c := range was.Choices {
		if !slices.ContainsFunc(f.Choices, func(o Choice) bool { return o.Value == c.Value }) {
			f.Choices = append(f.Choices, c)
		}
	}
	return f
}

// MayBeAtDoors reports whether a resident's door page may name facilities of a type. A
// bureau may take that away from a type that is there already, and not give it; what it
// adds must be for elders or residents, and be called nothing that is for the dead, for
// people in distress or for minors.
func (c Types) MayBeAtDoors(t TypeInfo) bool {
	if base, over := c.Find(t.Type); over {
		return base.DoorPage
	}
	if i := slices.IndexFunc(c.Groups, func(g Group) bool { return g.Group == t.Group }); i >= 0 && c.Groups[i].NeverAtDoors {
		return false
	}
	_, private := privateWord(t)
	return !private && (t.Serves == "elders" || t.Serves == "residents")
}

// privateWord finds in the names of a type what nobody should learn from a plate at a door.
func privateWord(t TypeInfo) (string, bool) {
	words := []string{
		"殡", "葬", "骨灰", "墓", "遗体", "救助", "流浪", "未成年", "儿童", "婴", "孤", "精神", "戒毒", "矫正",
		"funeral", "burial", "columbari", "cemeter", "grave", "rescue", "vagrant", "minor", "child", "infant", "orphan", "mental", "drug",
	}
	names := t.ZH + " " + strings.ToLower(t.EN)
	i := slices.IndexFunc(words, func(w string) bool { return strings.Contains(names, w) })
	if i < 0 {
		return "", false
	}
	return words[i], true
}

// Units are the units of measure of the catalogue: code word, Chinese and English.
func (c Types) Units() []Choice {
	out := make([]Choice, len(c.file.Units))
	for i, u := range c.file.Units {
		out[i] = Choice{Value: u.Unit, ZH: u.ZH, EN: u.EN}
	}
	return out
}

// Common are the fields that every new type has unless it says otherwise.
func (c Types) Common() []FieldInfo { return slices.Clone(c.file.Common) }

// TypePatch is what a person wants otherwise of a type; nil leaves a part as it is. The
// lists are whole: what is not in them goes.
type TypePatch struct {
	ZH, EN, Group, CapacityUnit, CapacityField, Serves, Icon *string
	Measure                                                  *Measure
	DoorPage, Retired                                        *bool
	Standards                                                *[]string
	Limits                                                   *[]Limit
	Fields, Past                                             *[]FieldInfo
}

// Apply gives t with what the patch says, tidied: an English name that is left out is the
// Chinese one, and stays so when that changes.
func (p TypePatch) Apply(t TypeInfo) TypeInfo {
	if t.EN == t.ZH && p.EN == nil {
		t.EN = ""
	}
	for _, part := range []struct{ field, to *string }{
		{&t.ZH, p.ZH},
		{&t.EN, p.EN},
		{&t.Group, p.Group},
		{&t.CapacityUnit, p.CapacityUnit},
		{&t.CapacityField, p.CapacityField},
		{&t.Serves, p.Serves},
		{&t.Icon, p.Icon},
	} {
		set(part.field, part.to, strings.TrimSpace)
	}
	set(&t.Measure, p.Measure, same)
	set(&t.DoorPage, p.DoorPage, same)
	set(&t.Retired, p.Retired, same)
	set(&t.Standards, p.Standards, eachOnce)
	set(&t.Limits, p.Limits, same)
	set(&t.Fields, p.Fields, same)
	set(&t.Past, p.Past, same)
	return tidyType(t)
}

func tidyType(t TypeInfo) TypeInfo {
	worded := func(zh, en *string) {
		*zh, *en = strings.TrimSpace(*zh), strings.TrimSpace(*en)
		if *en == "" {
			*en = *zh
		}
	}
	worded(&t.ZH, &t.EN)
	t.Limits = slices.Clone(t.Limits)
	for i := range t.Limits {
		worded(&t.Limits[i].CiteZH, &t.Limits[i].CiteEN)
	}
	t.Fields, t.Past = slices.Clone(t.Fields), slices.Clone(t.Past)
	for _, list := range [][]FieldInfo{t.Fields, t.Past} {
		for i := range list {
			f := &list[i]
			worded(&f.ZH, &f.EN)
			worded(&f.HintZH, &f.HintEN)
			if f.HintZH == "" {
				f.HintZH = f.HintEN
			}
			f.UnitZH, f.UnitEN = "", ""
			f.Choices = slices.Clone(f.Choices)
			for k := range f.Choices {
				worded(&f.Choices[k].ZH, &f.Choices[k].EN)
			}
		}
	}
	return t
}

// WithCodes gives a type with code words for itself, its fields and their choices where it
// has none, spelled after their names; spell gives how a name sounds, in small letters with
// anything between words. taken are the types that there are. A person thus need not know
// of code words.
func (t TypeInfo) WithCodes(taken []TypeInfo, spell func(string) string) TypeInfo {
	if t.Type == "" && t.ZH != "" {
		t.Type = Type(freeCode(spell(t.ZH), "type", func(code string) bool {
			return slices.ContainsFunc(taken, func(o TypeInfo) bool { return string(o.Type) == code })
		}))
	}
	t.Fields = slices.Clone(t.Fields)
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Field == "" && f.ZH != "" {
			f.Field = freeCode(spell(f.ZH), "field", func(code string) bool { _, ok := t.Declared(code); return ok })
		}
		f.Choices = slices.Clone(f.Choices)
		for k := range f.Choices {
			if c := &f.Choices[k]; c.Value == "" && c.ZH != "" {
				c.Value = freeCode(spell(c.ZH), "choice", func(code string) bool {
					return slices.ContainsFunc(f.Choices, func(o Choice) bool { return o.Value == code })
				})
			}
		}
	}
	return t
}

// freeCode makes a code word of a text that is not taken: in small letters, digits and _.
func freeCode(text, otherwise string, taken func(string) bool) string {
	const longest = 32 // leaves room for a number
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= longest {
			break
		}
	}
	code := strings.Trim(b.String(), "_")
	if code == "" {
		code = otherwise
	}
	for n, stem := 2, code; taken(code); n++ {
		code = fmt.Sprintf("%s_%d", stem, n)
	}
	return code
}

// Fits gives every fault of a bureau's version of a type, by the places of the fields as it
// names them. c is the catalogue without what the bureau keeps, now are its types with it,
// standards the ids of the checks that there are. What is without a fault is taken by
// WithLocal.
func (c Types) Fits(t TypeInfo, now []TypeInfo, standards []string) []record.Fault {
	h := holding{catalogue: c, now: now, standards: standards}
	h.t, h.before = c.Completed(t)
	h.hold()
	if len(h.faults) > 0 {
		return h.faults
	}
	if _, err := c.settled(t); err != nil {
		return []record.Fault{{Field: "type", Value: string(t.Type), ZH: "类型定义有误：" + err.Error(), EN: err.Error()}}
	}
	return nil
}

// ErrNoType says that the catalogue has no such type.
var ErrNoType = errors.New("没有这种设施类型 / no such facility type")
