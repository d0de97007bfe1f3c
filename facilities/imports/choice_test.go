package imports

import "testing"

func TestNearChoices(t *testing.T) {
	t.Parallel()
	target := Target{Field: "x", Choices: []Choice{{Value: "yes", ZH: "可以", EN: "yes"}, {Value: "no", ZH: "不可以", EN: "no"}, {Value: "valid", ZH: "有效", EN: "valid"}, {Value: "a", ZH: "对", EN: "right"}}}
	for text, want := range map[string]struct {
		value string
		warns bool
	}{
		"可以": {"yes", false}, "YES": {"yes", false}, "不可以": {"no", false}, "大概可以": {"yes", true}, "仍然有效，未年检": {"valid", true}, "有效（未年检）": {"valid", false},
		"不大可以": {}, "非有效": {}, "未必有效": {}, "对的": {}, "": {}, "可以，有效": {},
	} {
		row := &rowReader{Reader: &Reader{}}
		value, ok := row.choice(&column{target: target}, target, text)
		if value != want.value || ok != (want.value != "") || len(row.d.Faults) != map[bool]int{true: 1}[want.warns || !ok] || want.warns != (ok && len(row.d.Faults) == 1 && row.d.Faults[0].Warning) {
			t.Errorf("%q is %q, %v, with %+v", text, value, ok, row.d.Faults)
		}
	}
}
