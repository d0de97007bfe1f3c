package facilities

import (
	"fmt"
	"slices"

	"yike/internal/record"
)

// Census counts what the records of a type have, to tell what a change of the type does to
// them. It is filled by Add and read afterwards.
type Census struct {
	before, after TypeInfo
	shift         int // how many fields stand before those that the change names

	Records   int                       // of any stage and status
	Published int                       // of them
	Measured  int                       // that have a capacity
	Used      map[string]int            // by field: that have a value of it
	Chosen    map[string]map[string]int // by field and choice
	Faulty    map[string]int            // by field: whose value is taken now and would not be
	Lacking   map[string]int            // by field: published ones that would lack what publishing needs, and do not now
}

// NewCensus begins to count for a change of a type; before is the zero value for a type
// that is not there yet, after and shift are what Completed gives.
func NewCensus(before, after TypeInfo, shift int) *Census {
	return &Census{
		before: before, after: after, shift: shift, Used: map[string]int{}, Chosen: map[string]map[string]int{}, Faulty: map[string]int{}, Lacking: map[string]int{},
	}
}

// Add counts one record of the type.
func (c *Census) Add(f Facility) {
	c.Records++
	if f.Capacity > 0 {
		c.Measured++
	}
	for name, v := range f.Fields {
		c.Used[name]++
		values, _ := v.([]string)
		if text, ok := v.(string); ok {
			values = []string{text}
		}
		if d, ok := c.before.Declared(name); !ok || len(d.Choices) == 0 {
			continue
		}
		if c.Chosen[name] == nil {
			c.Chosen[name] = map[string]int{}
		}
		for _, value := range values {
			c.Chosen[name][value]++
		}
	}
	was := map[string]bool{}
	for _, fault := range ValidateFields(c.before, f.Fields) {
		was[fault.Field] = true
	}
	for _, fault := range ValidateFields(c.after, f.Fields) {
		if !was[fault.Field] {
			was[fault.Field] = true // once for each record
			c.Faulty[fault.Field[len(FieldPrefix):]]++
		}
	}
	if f.Stage == Published {
		c.Published++
		c.lacking(f)
	}
}

func (c *Census) lacking(f Facility) {
	missed := Missing(c.before, f)
	for _, field := range Missing(c.after, f) {
		if _, already := fieldIn(missed, field.Field); !already {
			c.Lacking[field.Field]++
		}
	}
}

// Refusals are the faults of a change that would take away, or make another thing of, what
// records have. Fields in use are not removed but put among the past ones, where what
// records have of them stays.
func (c *Census) Refusals(groups []Group) []record.Fault {
	if c.before.Type == "" {
		return nil
	}
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	never := func(group string) bool {
		return slices.ContainsFunc(groups, func(g Group) bool { return g.Group == group && g.NeverAtDoors })
	}
	if never(c.before.Group) && !never(c.after.Group) {
		add("group", c.after.Group, "此类设施不在门牌页上出现，不能移到其他分组", "facilities of its group are never named at doors, so it may not leave for another")
	}
	if c.Measured > 0 && c.before.CapacityUnit != c.after.CapacityUnit {
		add("capacity_unit", c.after.CapacityUnit, fmt.Sprintf("已有 %d 处设施填了容量，单位不能改", c.Measured), fmt.Sprintf("%s a capacity, so its unit cannot change", have(c.Measured)))
	}
	if c.Measured > 0 && c.before.CapacityField != c.after.CapacityField {
		add("capacity_field", c.after.CapacityField, fmt.Sprintf("已有 %d 处设施填了容量，容量所取的字段不能改", c.Measured), fmt.Sprintf("%s a capacity, so the field that it follows cannot change", have(c.Measured)))
	}
	for _, was := range slices.Concat(c.before.Fields, c.before.Past) {
		out = append(out, c.refused(was)...)
	}
	return out
}

// refused are the faults of what becomes of one field.
func (c *Census) refused(was FieldInfo) []record.Fault {
	used := c.Used[was.Field]
	if used == 0 {
		return nil
	}
	at, is, ok := c.place(was.Field)
	if !ok {
		return []record.Fault{{
			Field: "fields", Value: was.Field, ZH: fmt.Sprintf("“%s”已有 %d 处设施填写，不能删除；可以停用，原有内容会保留", was.ZH, used),
			EN: fmt.Sprintf("%s %s, so it cannot be removed; retire it, and what they have stays", have(used), was.EN),
		}}
	}
	var out []record.Fault
	if is.Kind != was.Kind {
		out = append(out, record.Fault{
			Field: at + ".kind", Value: string(is.Kind), ZH: fmt.Sprintf("已有 %d 处设施填写“%s”，内容类型不能改", used, was.ZH),
			EN: fmt.Sprintf("%s %s, so its kind cannot change", have(used), was.EN),
		})
	}
	if is.Unit != was.Unit {
		out = append(out, record.Fault{
			Field: at + ".unit", Value: is.Unit, ZH: fmt.Sprintf("已有 %d 处设施填写“%s”，单位不能改", used, was.ZH),
			EN: fmt.Sprintf("%s %s, so its unit cannot change", have(used), was.EN),
		})
	}
	for _, choice := range was.Choices {
		n := c.Chosen[was.Field][choice.Value]
		if n > 0 && !slices.ContainsFunc(is.Choices, func(o Choice) bool { return o.Value == choice.Value }) {
			out = append(out, record.Fault{
				Field: at + ".choices", Value: choice.Value, ZH: fmt.Sprintf("选项“%s”已有 %d 处设施选用，不能删除", choice.ZH, n),
				EN: fmt.Sprintf("%s the choice %s, so it cannot be removed", have(n), choice.EN),
			})
		}
	}
	return out
}

// have begins a sentence about what so many facilities have.
func have(n int) string {
	if n == 1 {
		return "1 facility has"
	}
	return fmt.Sprintf("%d facilities have", n)
}

// place finds where a field of the changed type stands.
func (c *Census) place(field string) (string, FieldInfo, bool) {
	for _, list := range []struct {
		name   string
		fields []FieldInfo
		shift  int
	}{{"fields", c.after.Fields, c.shift}, {"past_fields", c.after.Past, 0}} {
		for i, f := range list.fields {
			if f.Field == field {
				return fmt.Sprintf("%s.%d", list.name, i-list.shift), f, true
			}
		}
	}
	return "", FieldInfo{}, false
}

// TypeEffect is what a change of a type does to records through one of its fields.
type TypeEffect struct {
	Field   FieldInfo
	What    string // retired, restored, added, removed, faulty or lacking
	Records int    // to how many; 0 where it does nothing to any
}

// Effects say what the change does to the records that were counted, in the order of the
// fields.
func (c *Census) Effects() []TypeEffect {
	var out []TypeEffect
	for _, f := range c.after.Fields {
		_, asked := c.before.Field(f.Field)
		_, past := fieldIn(c.before.Past, f.Field)
		switch {
		case past:
			out = append(out, TypeEffect{f, "restored", c.Used[f.Field]})
		case !asked && c.before.Type != "":
			out = append(out, TypeEffect{f, "added", 0})
		}
		if n := c.Lacking[f.Field]; n > 0 {
			out = append(out, TypeEffect{f, "lacking", n})
		}
		if n := c.Faulty[f.Field]; n > 0 {
			out = append(out, TypeEffect{f, "faulty", n})
		}
	}
	for _, f := range c.before.Fields {
		if _, ok := fieldIn(c.after.Past, f.Field); ok {
			out = append(out, TypeEffect{f, "retired", c.Used[f.Field]})
		}
	}
	for _, f := range slices.Concat(c.before.Fields, c.before.Past) {
		if _, ok := c.after.Declared(f.Field); !ok {
			out = append(out, TypeEffect{f, "removed", c.Used[f.Field]})
		}
	}
	return out
}
