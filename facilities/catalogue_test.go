package facilities

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func builtIn(t testing.TB) Types {
	t.Helper()
	c, err := ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	list, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	groups, err := Groups()
	if err != nil || len(groups) == 0 {
		t.Fatal(err)
	}
	// The code words of the glossary, and the types that the plans name beside those.
	words := strings.Fields(`elderly_institution elderly_centre day_care_centre elderly_station elderly_canteen meal_point
		rural_elderly_centre support_institution elderly_guidance columbarium funeral_parlour cemetery funeral_station
		funeral_shop rescue_station relief_point minor_protection child_space child_welfare_home community_premises
		social_work_station volunteer_station org_incubator love_post charity_station residents_lounge marriage_office
		mental_rehab device_rental welfare_lottery health_station`)
	var got []string
	core := map[Type]bool{}
	for _, info := range list {
		got = append(got, string(info.Type))
		if info.Core {
			core[info.Type] = true
		}
	}
	if d := cmp.Diff(words, got); d != "" {
		t.Error(d)
	}
	for _, rule := range ExampleRules() {
		if !core[rule.Type] {
			t.Errorf("examples of %s, which is no core type", rule.Type)
		}
		delete(core, rule.Type)
	}
	if len(core) > 0 {
		t.Errorf("core types without examples: %v", core)
	}
}

// Whose place nobody should learn from a plate at a door is never named there, nor any
// field of it.
func TestNeverAtDoors(t *testing.T) {
	t.Parallel()
	never := 0
	for _, info := range builtIn(t).Types {
		shown := slices.ContainsFunc(info.Fields, func(f FieldInfo) bool { return f.DoorPage })
		switch info.Group {
		case "funeral", "relief", "children":
			never++
			if info.DoorPage || shown {
				t.Errorf("%s may be named at doors", info.Type)
			}
		default:
			if shown != info.DoorPage {
				t.Errorf("%s: named at doors %v, fields %v", info.Type, info.DoorPage, shown)
			}
		}
	}
	if never != 10 {
		t.Errorf("%d types of funeral, relief and children", never)
	}
	for _, f := range builtIn(t).Types[0].Fields {
		if f.Field == "steward_note" && f.DoorPage {
			t.Error("the steward's note is for the office")
		}
	}
}

// The fields that other parts of the product count on, by their code words.
func TestDeclaredFields(t *testing.T) {
	t.Parallel()
	c := builtIn(t)
	const common = "operator operation_mode contact_phone floor_area land_area opened_on contract_end certificate_no fire_safety opening_hours steward_note"
	for kind, words := range map[Type]string{
		"elderly_institution": "filed_no beds nursing_beds medical_contract food_licence",
		"elderly_centre":      "beds functions", "day_care_centre": "places rest_area dining_seats dining_area",
		"elderly_canteen":      "grade meals_per_day dining_area seats food_licence food_licence_until meal_times subsidised floor diners",
		"meal_point":           "grade meals_per_day dining_area seats food_licence food_licence_until meal_times subsidised floor diners",
		"rural_elderly_centre": "places subtype", "support_institution": "beds nursing_beds level",
		"columbarium": "niches_total niches_used level fate built_jointly green_burial",
		"cemetery":    "plots_total plots_used kind plot_area fate green_burial_area forbidden_ground outsiders_buried", "funeral_parlour": "halls cremators",
		"funeral_station": "halls level built_jointly fate", "minor_protection": "places level", "child_space": "area_children",
		"rescue_station": "beds dormitory_area outdoor_area rooms_men rooms_women grade", "child_welfare_home": "beds",
		"community_premises":  "title handed_over handed_over_on volunteer_station urban_rural community_workers",
		"social_work_station": "workers", "volunteer_station": "teams", "marriage_office": "rooms grade", "elderly_guidance": "subtype",
	} {
		info, ok := c.Find(kind)
		if !ok {
			t.Errorf("no type %s", kind)
		}
		for _, word := range strings.Fields(common + " " + words) {
			if _, ok := info.Field(word); !ok {
				t.Errorf("%s has no field %s", kind, word)
			}
		}
	}
	for _, info := range c.Types {
		if info.Fields[0].Field != "operator" || info.CapacityZH == "" || info.CapacityEN == "" {
			t.Errorf("%s begins with %s, unit %q", info.Type, info.Fields[0].Field, info.CapacityZH)
		}
	}
}

const (
	oneGroup = `"groups":[{"group":"g","zh":"组","en":"group"}]`
	oneType  = `{"type":"a","zh":"甲","en":"a","group":"g","capacity_unit":"m2","capacity_field":"size","serves":"elders","measure":"walk","door_page":true,
		"limits":[{"minutes":15,"grade":"P","cite_zh":"建议","cite_en":"proposed"}],"standards":["FAC-11"],
		"fields":[{"field":"size","zh":"面积","en":"size","kind":"number","unit":"m2","tab":"service","min":0,"max":10,"door_page":true},
			{"field":"part","zh":"部分","en":"part","kind":"integer","tab":"service","at_most":"size"},
			{"field":"sort","zh":"种类","en":"sort","kind":"choice","tab":"signature","choices":[{"value":"x","zh":"子","en":"x"}],"required":true}]}`
)

// A new type is data: a file of an installation adds one and changes another, and all
// that is said of types follows.
func TestInstallationsTypes(t *testing.T) {
	t.Parallel()
	c, err := ParseCatalogue([]byte(`{` + oneGroup + `,"types":[` + oneType + `,
		{"type":"love_post","zh":"暖心驿站","en":"warm post","group":"community","capacity_unit":"cups","serves":"residents","measure":"walk"}],
		"units":[{"unit":"cups","zh":"杯","en":"cups"}],
		"common_fields":[{"field":"bureau_remark","zh":"本局备注","en":"remark","kind":"text","tab":"service"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	was := builtIn(t)
	if len(c.Types) != len(was.Types)+1 || len(c.Groups) != len(was.Groups)+1 {
		t.Fatalf("%d types, %d groups", len(c.Types), len(c.Groups))
	}
	added, _ := c.Find("a")
	if f, ok := added.Field("size"); !ok || f.UnitEN != "m²" || !f.DoorPage || added.CapacityZH != "㎡" {
		t.Errorf("%+v", f)
	}
	if _, ok := added.Field("opening_hours"); !ok {
		t.Error("a new type lacks the common fields")
	}
	post, _ := c.Find("love_post")
	if post.ZH != "暖心驿站" || post.CapacityEN != "cups" || c.Types[23].Type != "love_post" {
		t.Errorf("%+v", post)
	}
	for _, info := range c.Types {
		if _, ok := info.Field("bureau_remark"); !ok {
			t.Errorf("%s lacks the new common field", info.Type)
		}
	}
	if _, ok := c.Find("nothing"); ok {
		t.Error("found what is not there")
	}
	if empty, err := ParseCatalogue([]byte("{}")); err != nil || len(empty.Types) != len(was.Types) {
		t.Errorf("an empty file: %v", err)
	}
}

func TestCatalogueFaults(t *testing.T) {
	t.Parallel()
	swap := func(old, to string) string {
		if !strings.Contains(oneType, old) {
			t.Fatalf("no %s", old)
		}
		return `{` + oneGroup + `,"types":[` + strings.Replace(oneType, old, to, 1) + `]}`
	}
	for _, c := range []struct{ name, text, says string }{
		{"no JSON", "{", "no JSON"},
		{"an empty file", "", "no JSON"},
		{"two values", "{}{}", "follows"},
		{"too large", strings.Repeat(" ", largestTypesFile+1), "bytes"},
		{"unknown key", swap(`"zh":"甲"`, `"cn":"甲"`), "cn"},
		{"no name", swap("甲", ""), `"a": zh`},
		{"no code word", swap(`"type":"a"`, `"type":"a b"`), "code word"},
		{"twice", `{` + oneGroup + `,"types":[` + oneType + "," + oneType + "]}", "twice"},
		{"a group twice", `{"groups":[{"group":"g","zh":"组","en":"group"},{"group":"g","zh":"组","en":"group"}]}`, "twice"},
		{"a group without words", `{"groups":[{"group":"g","zh":"","en":"group"}]}`, `group "g"`},
		{"a unit without words", `{"units":[{"unit":"g","zh":"","en":"group"}]}`, `unit "g"`},
		{"no such group", swap(`"group":"g"`, `"group":"h"`), "group"},
		{"no such measure", swap(`"walk"`, `"fly"`), "measure"},
		{"nobody served", swap(`"elders"`, `"cats"`), "serves"},
		{"no such capacity unit", swap(`"capacity_unit":"m2"`, `"capacity_unit":"mu"`), "capacity_unit"},
		{"no such capacity field", swap(`"capacity_field":"size"`, `"capacity_field":"width"`), "capacity_field"},
		{"a capacity field of another unit", swap(`"capacity_field":"size"`, `"capacity_field":"part"`), "capacity_field"},
		{"a capacity field that is no number", swap(`"capacity_field":"size"`, `"capacity_field":"sort"`), "capacity_field"},
		{"at doors in a group that never is", swap(`"group":"g"`, `"group":"funeral"`), "door_page"},
		{"a limit of nothing", swap(`"minutes":15`, `"minutes":0`), "limits"},
		{"a limit of two things", swap(`"minutes":15`, `"minutes":15,"distance_m":300`), "limits"},
		{"a limit per house", swap(`"minutes":15`, `"per":"house"`), "limits"},
		{"a limit from memory", swap(`"grade":"P"`, `"grade":"M"`), "grade"},
		{"a limit without a text", swap(`"建议"`, `""`), "cite_zh"},
		{"a field twice", swap(`"field":"part"`, `"field":"size"`), "twice"},
		{"a field without a name", swap(`"zh":"面积"`, `"zh":""`), `field "size"`},
		{"a field without a code word", swap(`"field":"part"`, `"field":"a part"`), "code word"},
		{"a field of no kind", swap(`"kind":"number"`, `"kind":"colour"`), "kind"},
		{"a field on no tab", swap(`"tab":"signature"`, `"tab":"back"`), "tab"},
		{"a field of no unit", swap(`"number","unit":"m2"`, `"number","unit":"mu"`), "unit"},
		{"choices of a number", swap(`"min":0`, `"min":0,"choices":[{"value":"x","zh":"子","en":"x"}]`), "choices"},
		{"a choice of nothing", swap(`[{"value":"x","zh":"子","en":"x"}]`, `[]`), "choices"},
		{"a choice without words", swap(`"zh":"子"`, `"zh":""`), "choices"},
		{"a choice twice", swap(`[{"value":"x","zh":"子","en":"x"}]`, `[{"value":"x","zh":"子","en":"x"},{"value":"x","zh":"丑","en":"y"}]`), "twice"},
		{"limits the wrong way round", swap(`"min":0`, `"min":11`), "min"},
		{"a choice with a minimum", swap(`"required":true`, `"min":1`), "numbers"},
		{"half a hint", swap(`"required":true`, `"hint_zh":"提示"`), "hint"},
		{"at most nothing known", swap(`"at_most":"size"`, `"at_most":"whole"`), "at_most"},
		{"at most itself", swap(`"at_most":"size"`, `"at_most":"part"`), "at_most"},
		{"a group brought to the doors", `{"groups":[{"group":"funeral","zh":"殡葬服务","en":"Funeral services"}]}`, "never_at_doors"},
		{
			"a type brought to the doors",
			`{"types":[{"type":"columbarium","zh":"骨灰堂","en":"columbarium","group":"elderly","capacity_unit":"niches","serves":"bereaved","measure":"presence"}]}`, "never named",
		},
	} {
		_, err := ParseCatalogue([]byte(c.text))
		if err == nil {
			t.Errorf("%s was taken", c.name)
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, which does not say %q", c.name, err, c.says)
		}
	}
	if _, err := ParseCatalogue([]byte(swap("甲", "乙"))); err != nil {
		t.Error(err)
	}
}

func TestParseStatus(t *testing.T) {
	t.Parallel()
	if s, ok := ParseStatus("open"); !ok || s != Open {
		t.Error("open is a status")
	}
	if _, ok := ParseStatus("Open"); ok {
		t.Error("Open is none")
	}
}

// Whatever an installation writes, it is refused or makes a catalogue that holds to the
// rules.
func FuzzParseCatalogue(f *testing.F) {
	f.Add([]byte(`{` + oneGroup + `,"types":[` + oneType + `]}`))
	f.Add([]byte(`{"common_fields":[{"field":"y","zh":"年","en":"year","kind":"year","tab":"service"}]}`))
	f.Add([]byte(`{"groups":[{"group":"funeral","zh":"殡","en":"f","never_at_doors":true}]}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseCatalogue(data)
		if err != nil {
			return
		}
		seen := map[Type]bool{}
		for _, info := range c.Types {
			i := slices.IndexFunc(c.Groups, func(g Group) bool { return g.Group == info.Group })
			if seen[info.Type] || i < 0 || info.DoorPage && c.Groups[i].NeverAtDoors || info.CapacityZH == "" {
				t.Fatalf("%+v", info)
			}
			seen[info.Type] = true
			if info.Group == "funeral" && info.DoorPage {
				t.Fatalf("%s at doors", info.Type)
			}
			for _, field := range info.Fields {
				if field.DoorPage && !info.DoorPage || field.ZH == "" {
					t.Fatalf("%+v", field)
				}
			}
		}
	})
}
