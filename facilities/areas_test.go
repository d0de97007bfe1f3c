package facilities

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestServiceAreas(t *testing.T) {
	t.Parallel()
	known := []string{"1001", "1002"}
	area := CleanArea(ServiceArea{ID: "a", NameZH: " 东片 ", Division: " 1 ", Communities: []string{"1002", " 1001", "1002"}})
	if d := cmp.Diff(ServiceArea{ID: "a", NameZH: "东片", Division: "1", Communities: []string{"1001", "1002"}}, area); d != "" {
		t.Error(d)
	}
	for _, tc := range []struct {
		name  string
		patch AreaPatch
		known []string
		want  string
	}{
		{"as it is", AreaPatch{}, known, ""},
		{"no name", AreaPatch{NameZH: ptr(" ")}, known, "name_zh"},
		{"long names", AreaPatch{NameZH: ptr(strings.Repeat("片", LongestName+1)), NameEN: ptr(strings.Repeat("x", LongestName+1))}, known, "name_zh name_en"},
		{"two lines", AreaPatch{NameZH: ptr("东\n片")}, known, "name_zh"},
		{"no communities", AreaPatch{Communities: &[]string{}}, known, "communities"},
		{"communities of elsewhere", AreaPatch{Communities: &[]string{"2001", "1001"}}, known, "communities"},
		{"in no subdistrict", AreaPatch{}, nil, "division_code"},
	} {
		if got := fieldsOf(ValidateArea(tc.patch.Apply(area), tc.known)); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
	}
	others := []ServiceArea{
		area, {ID: "b", NameZH: "中片", Communities: []string{"1001"}}, {ID: "c", NameZH: "旧片", Communities: []string{"1001"}, Closed: true}, {ID: "d", Communities: []string{"1003"}},
	}
	if d := cmp.Diff([]Overlap{{"1001", "b", "中片"}}, Overlaps(area, others)); d != "" {
		t.Error(d)
	}
	if got := Overlaps(AreaPatch{Closed: ptr(true)}.Apply(area), others); got != nil {
		t.Errorf("an area that was given up overlaps %v", got)
	}
}

func TestStewards(t *testing.T) {
	t.Parallel()
	steward := Steward{Division: "1", Office: "花桥街道办事处", Post: "民政干事", Phone: "022-27391234 转 8", VerifyDays: 180}
	for _, tc := range []struct {
		name  string
		patch StewardPatch
		known bool
		want  string
	}{
		{"as it is", StewardPatch{}, true, ""},
		{"the least", StewardPatch{Post: ptr(""), Phone: ptr(" ")}, true, ""},
		{"no office", StewardPatch{Office: ptr("")}, true, "office"},
		{"a long post", StewardPatch{Post: ptr(strings.Repeat("x", LongestName+1))}, true, "post"},
		{"no number", StewardPatch{Phone: ptr("call me")}, true, "phone"},
		{"too short a number", StewardPatch{Phone: ptr("12")}, true, "phone"},
		{"never", StewardPatch{VerifyDays: ptr(0)}, true, "verify_days"},
		{"in ten years and more", StewardPatch{VerifyDays: ptr(MostVerifyDays + 1)}, true, "verify_days"},
		{"nowhere", StewardPatch{}, false, "division_code"},
	} {
		if got := fieldsOf(ValidateSteward(tc.patch.Apply(steward), tc.known)); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
	}
}
