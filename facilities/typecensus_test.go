package facilities

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// counted counts three records of a bathing point for a change.
func counted(t *testing.T, change func(*TypeInfo)) *Census {
	t.Helper()
	base := builtIn(t)
	before, _ := base.Completed(bath())
	after := before
	after.Fields, after.Past = slices.Clone(before.Fields), slices.Clone(before.Past)
	change(&after)
	c := NewCensus(before, after, 0)
	for _, f := range []Facility{
		{Stage: Published, Capacity: 40, Fields: map[string]any{"visits": 40.0, "ways": []string{"there", "home"}, "operator": "甲"}},
		{Stage: Published, Capacity: 10, Fields: map[string]any{"visits": 10.0, "ways": []string{"there"}}},
		{Stage: Draft},
	} {
		f.Type = "bath_point"
		c.Add(f)
	}
	return c
}

func field(t *TypeInfo, code string) *FieldInfo {
	return &t.Fields[slices.IndexFunc(t.Fields, func(f FieldInfo) bool { return f.Field == code })]
}

func without(t *TypeInfo, code string) FieldInfo {
	was := *field(t, code)
	t.Fields = slices.DeleteFunc(t.Fields, func(f FieldInfo) bool { return f.Field == code })
	return was
}

func TestWhatRecordsUseIsNotTakenAway(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*TypeInfo)
		want   string // path and count of each refusal
	}{
		"nothing changes":           {func(*TypeInfo) {}, ""},
		"a field in use is removed": {func(b *TypeInfo) { without(b, "visits"); b.CapacityField = "" }, "capacity_field 2, fields 2"},
		"one that is not":           {func(b *TypeInfo) { without(b, "contract_end") }, ""},
		"a field in use is retired": {func(b *TypeInfo) { b.Past = append(b.Past, without(b, "ways")) }, ""},
		"another kind":              {func(b *TypeInfo) { field(b, "ways").Kind = Chosen }, "fields.13.kind 2"},
		"another kind as it retires": {func(b *TypeInfo) {
			was := without(b, "ways")
			was.Kind = Text
			b.Past = append(b.Past, was)
		}, "past_fields.0.kind 2"},
		"another unit":  {func(b *TypeInfo) { field(b, "visits").Unit = "persons"; b.CapacityUnit = "persons" }, "capacity_unit 2, fields.12.unit 2"},
		"a choice goes": {func(b *TypeInfo) { field(b, "ways").Choices = field(b, "ways").Choices[:1] }, "fields.13.choices 1"},
		"a choice is renamed": {func(b *TypeInfo) {
			field(b, "ways").Choices = []Choice{{"there", "点上", "x"}, {"home", "家中", "y"}}
		}, ""},
		"to doors":             {func(b *TypeInfo) { b.Group = "community" }, ""},
		"a kind nobody filled": {func(b *TypeInfo) { field(b, "certificate_no").Kind = Integer }, ""},
	} {
		var got []string
		c := counted(t, tc.change)
		if c.Records != 3 || c.Published != 2 || c.Measured != 2 {
			t.Fatalf("%+v", c)
		}
		for _, f := range c.Refusals(builtIn(t).Groups) {
			got = append(got, f.Field+" "+strings.Join(strings.FieldsFunc(f.ZH, func(r rune) bool { return r < '0' || r > '9' }), ""))
			if f.EN == "" {
				t.Errorf("%s has no English words", f.Field)
			}
		}
		if strings.Join(got, ", ") != tc.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	before, _ := builtIn(t).Completed(bath())
	before.Group = "funeral"
	if r := NewCensus(before, bath(), 0).Refusals(builtIn(t).Groups); len(r) != 1 || r[0].Field != "group" {
		t.Errorf("out of a group that is never named at doors: %v", r)
	}
	if r := NewCensus(TypeInfo{}, bath(), 0).Refusals(nil); r != nil {
		t.Errorf("a new type: %v", r)
	}
}

func TestEffects(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*TypeInfo)
		want   string
	}{
		"nothing":          {func(*TypeInfo) {}, ""},
		"names":            {func(b *TypeInfo) { field(b, "visits").ZH = "每日人次" }, ""},
		"a narrower range": {func(b *TypeInfo) { field(b, "visits").Max = ptrTo(20.0) }, "visits faulty 1"},
		"a needed field":   {func(b *TypeInfo) { field(b, "operator").Required = true }, "operator lacking 1"},
		"retired":          {func(b *TypeInfo) { b.Past = append(b.Past, without(b, "ways")) }, "ways retired 2"},
		"removed":          {func(b *TypeInfo) { without(b, "contract_end") }, "contract_end removed 0"},
		"added":            {func(b *TypeInfo) { b.Fields = append(b.Fields, FieldInfo{Field: "tubs", Kind: Integer}) }, "tubs added 0"},
		"added and needed": {func(b *TypeInfo) {
			b.Fields = append(b.Fields, FieldInfo{Field: "tubs", Kind: Integer, Required: true})
		}, "tubs added 0, tubs lacking 2"},
		"capacity stands in": {func(b *TypeInfo) { field(b, "visits").Required = true }, ""},
	} {
		var got []string
		for _, e := range counted(t, tc.change).Effects() {
			got = append(got, fmt.Sprintf("%s %s %d", e.Field.Field, e.What, e.Records))
		}
		if strings.Join(got, ", ") != tc.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	before, _ := builtIn(t).Completed(bath())
	after := before
	after.Fields = slices.Clone(before.Fields)
	before.Past = append(before.Past, without(&before, "ways"))
	c := NewCensus(before, after, 0)
	c.Add(Facility{Fields: map[string]any{"ways": []string{"home"}}})
	if e := c.Effects(); len(e) != 1 || e[0].What != "restored" || e[0].Records != 1 {
		t.Errorf("%+v", e)
	}
	if e := NewCensus(TypeInfo{}, bath(), 0).Effects(); e != nil {
		t.Errorf("a new type: %+v", e)
	}
}
