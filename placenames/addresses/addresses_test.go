package addresses_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames/addresses"
)

const today = record.Day("2026-11-28")

func door() addresses.Address {
	return addresses.Address{
		ID: "01900000-0000-7000-8000-000000000001", Level: addresses.Number, NameID: "n", Number: "12", Main: true, State: addresses.Approved, Division: "120111001002",
		Custody: addresses.Own, Decision: addresses.Decision{Kind: addresses.Numbering, Number: "编号〔2026〕1号", Day: "2026-01-05", Body: "区民政局"},
	}
}

func known() addresses.Known {
	return addresses.Known{
		Today: today, Name: true, NameInUse: true, Division: true, IsDivision: func(code string) bool { return code == "120111" || code == "120111001002" },
		Box: orb.Bound{Min: orb.Point{116.8, 38.9}, Max: orb.Point{117.3, 39.3}},
	}
}

func fields(f []record.Fault) string {
	var out []string
	for _, one := range f {
		if one.ZH == "" || one.EN == "" {
			return "a fault without words"
		}
		out = append(out, one.Field)
	}
	return strings.Join(out, " ")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	parent := door()
	parent.ID = "p"
	ended := parent
	ended.State = addresses.Historical
	auxiliary := parent
	auxiliary.Main = false
	for _, tc := range []struct {
		name   string
		change func(*addresses.Address, *addresses.Known)
		faults string
	}{
		{"a door", func(*addresses.Address, *addresses.Known) {}, ""},
		{"a marked number", func(a *addresses.Address, _ *addresses.Known) { a.Number = "甲12" }, ""},
		{"a number with a letter behind", func(a *addresses.Address, _ *addresses.Known) { a.Number = "12A" }, ""},
		{"a sub-number", func(a *addresses.Address, _ *addresses.Known) { a.Suffix = "1" }, ""},
		{"a sub-number under one", func(a *addresses.Address, _ *addresses.Known) { a.Suffix = "1-1" }, "suffix"},
		{"no number", func(a *addresses.Address, _ *addresses.Known) { a.Number = "" }, "number"},
		{"number naught", func(a *addresses.Address, _ *addresses.Known) { a.Number = "012" }, "number"},
		{"a number with a word", func(a *addresses.Address, _ *addresses.Known) { a.Number = "12号" }, "number"},
		{"a label on a number", func(a *addresses.Address, _ *addresses.Known) { a.Label = "12号" }, "label"},
		{"no level", func(a *addresses.Address, _ *addresses.Known) { a.Level = "street" }, "level"},
		{"no such name", func(_ *addresses.Address, k *addresses.Known) { k.Name = false }, "name_id"},
		{"a name that ended", func(_ *addresses.Address, k *addresses.Known) { k.NameInUse = false }, "name_id"},
		{"no such division", func(_ *addresses.Address, k *addresses.Known) { k.Division = false }, "division_code"},
		{"a building of an estate", func(a *addresses.Address, _ *addresses.Known) {
			a.Level, a.Number, a.Label = addresses.Building, "", "3号楼"
		}, ""},
		{"a unit of nothing", func(a *addresses.Address, _ *addresses.Known) {
			a.Level, a.Number, a.Label = addresses.Unit, "", "2单元"
		}, "parent_id"},
		{"a label with a slash", func(a *addresses.Address, _ *addresses.Known) {
			a.Level, a.Number, a.Label = addresses.Building, "", "1/1栋"
		}, "label"},
		{"a parent that is not there", func(a *addresses.Address, _ *addresses.Known) { a.ParentID = "x" }, "parent_id"},
		{"a circle", func(a *addresses.Address, k *addresses.Known) { a.ParentID, k.Circle = "x", true }, "parent_id"},
		{"a parent as fine", func(a *addresses.Address, k *addresses.Known) { a.ParentID, k.Parent = "p", &parent }, "parent_id"},
		{"a parent of another name", func(a *addresses.Address, k *addresses.Known) {
			a.Level, a.Number, a.Label, a.ParentID, a.NameID, k.Parent = addresses.Unit, "", "2单元", "p", "other", &parent
		}, "name_id"},
		{"a parent that ended", func(a *addresses.Address, k *addresses.Known) {
			a.Level, a.Number, a.Label, a.ParentID, k.Parent = addresses.Unit, "", "2单元", "p", &ended
		}, "parent_id"},
		{"auxiliary of nothing", func(a *addresses.Address, _ *addresses.Known) { a.Main = false }, "main_id"},
		{"auxiliary", func(a *addresses.Address, k *addresses.Known) { a.Main, a.MainID, k.Main = false, "p", &parent }, ""},
		{"auxiliary of an auxiliary", func(a *addresses.Address, k *addresses.Known) { a.Main, a.MainID, k.Main = false, "p", &auxiliary }, "main_id"},
		{"main of another", func(a *addresses.Address, k *addresses.Known) { a.MainID, k.Main = "p", &parent }, "main_id"},
		{"no document", func(a *addresses.Address, _ *addresses.Known) { a.Decision = addresses.Decision{} }, "decision"},
		{"provisional without a document", func(a *addresses.Address, _ *addresses.Known) {
			a.State, a.Decision = addresses.Provisional, addresses.Decision{}
		}, ""},
		{"half a document", func(a *addresses.Address, _ *addresses.Known) { a.Decision.Number = "" }, "decision/number"},
		{"a document of tomorrow", func(a *addresses.Address, _ *addresses.Known) { a.Decision.Day = "2026-11-29" }, "decision/day"},
		{"found in use", func(a *addresses.Address, _ *addresses.Known) {
			a.Decision = addresses.Decision{Kind: addresses.Observed, Body: "公安标准地址表"}
		}, ""},
		{"ended on no day", func(a *addresses.Address, _ *addresses.Known) { a.State = addresses.Historical }, "valid_until"},
		{"successors of a live one", func(a *addresses.Address, _ *addresses.Known) { a.Successors = []string{"p"} }, "valid_until"},
		{"no state", func(a *addresses.Address, _ *addresses.Known) { a.State = "" }, "state"},
		{"no custody", func(a *addresses.Address, _ *addresses.Known) { a.Custody = "" }, "custody"},
		{"a region-based code", func(a *addresses.Address, _ *addresses.Known) {
			a.Code = addresses.Code{Layout: "gb-t-39609-region", Text: "1201110010020120003"}
		}, ""},
		{"a region-based code of elsewhere", func(a *addresses.Address, _ *addresses.Known) {
			a.Code = addresses.Code{Layout: "gb-t-39609-region", Text: "9901110010020120003"}
		}, "code/text"},
		{"a code of no layout", func(a *addresses.Address, _ *addresses.Known) { a.Code = addresses.Code{Layout: "x", Text: "1"} }, "code/layout"},
		{"a payload as it is", func(a *addresses.Address, _ *addresses.Known) {
			a.Codes = []addresses.ForeignCode{{System: "旧门牌二维码", Code: "https://old.example.cn/q?id=0001&s=+/="}}
		}, ""},
		{"a payload twice", func(a *addresses.Address, _ *addresses.Known) {
			a.Codes = []addresses.ForeignCode{{System: "a", Code: "1"}, {System: "a", Code: "1"}}
		}, "foreign_codes/1"},
		{"a position outside", func(a *addresses.Address, _ *addresses.Known) {
			a.Positions = []addresses.Position{{Kind: addresses.AtGate, Source: addresses.FromMap, Point: orb.Point{39.1, 117.1}}}
		}, "positions/0/geometry"},
		{"a position of nowhere", func(a *addresses.Address, _ *addresses.Known) {
			a.Positions = []addresses.Position{{Kind: "roof", Point: orb.Point{117.1, 39.1}, Accuracy: -1, Day: "tomorrow"}}
		}, "positions/0/kind positions/0/source positions/0/accuracy_m positions/0/day"},
		{"control characters", func(a *addresses.Address, _ *addresses.Known) { a.Note = "a\x00" }, "note"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, k := door(), known()
			tc.change(&a, &k)
			if got := fields(addresses.Validate(a, k)); got != tc.faults {
				t.Errorf("faults in %q, want %q", got, tc.faults)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	number := addresses.Address{Level: addresses.Number, Number: "12", Suffix: "1"}
	building := addresses.Address{Level: addresses.Building, Label: "3"}
	unit := addresses.Address{Level: addresses.Unit, Label: "2单元"}
	room := addresses.Address{Level: addresses.Room, Label: "501"}
	tower := addresses.Address{Level: addresses.Building, Label: "东塔楼"}
	road := addresses.Named{Text: "沣东大道", Roman: "Fengdong Dadao"}
	for _, tc := range []struct {
		divisions          []string
		name               addresses.Named
		chain              []addresses.Address
		full, short, roman string
	}{
		{[]string{"天津市", "西青区", "杨柳青镇"}, road, []addresses.Address{number}, "天津市西青区杨柳青镇沣东大道12-1号", "沣东大道12-1号", "Fengdong Dadao 12-1 Hao"},
		{[]string{"西青区"}, road, []addresses.Address{number, building, unit, room}, "西青区沣东大道12-1号3号楼2单元501室", "沣东大道12-1号3号楼2单元501室", "Fengdong Dadao 12-1 Hao 3 Hao Lou 2 Danyuan 501 Shi"},
		{nil, addresses.Named{Text: "嘉枫苑"}, []addresses.Address{building}, "嘉枫苑3号楼", "嘉枫苑3号楼", ""},
		{nil, road, []addresses.Address{tower}, "沣东大道东塔楼", "沣东大道东塔楼", ""},
		{[]string{"西青区", "周家营村"}, addresses.Named{Text: "周家营村"}, []addresses.Address{number}, "西青区周家营村12-1号", "周家营村12-1号", ""},
	} {
		w := addresses.Text(tc.divisions, tc.name, tc.chain)
		if w.Full != tc.full || w.Short != tc.short || w.Roman != tc.roman {
			t.Errorf("%+v, want %s, %s, %s", w, tc.full, tc.short, tc.roman)
		}
	}
}

// Whatever happens to an address, what has ended stays ended, and its id and number stay.
func TestLife(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := door()
		a.State = rapid.SampledFrom(addresses.Beginnings()).Draw(t, "begins")
		ended := a.State == addresses.Historical
		for range rapid.IntRange(1, 8).Draw(t, "moves") {
			m := addresses.Move{
				To:       rapid.SampledFrom([]addresses.State{"", addresses.Reserved, addresses.Provisional, addresses.Approved, addresses.Historical}).Draw(t, "to"),
				Decision: addresses.Decision{Kind: rapid.SampledFrom([]addresses.DecisionKind{"", addresses.Numbering, addresses.Renumbering, addresses.Retirement, addresses.Observed}).Draw(t, "kind"), Number: "1", Day: "2026-02-01", Body: "局"},
				Gone:     rapid.Bool().Draw(t, "gone"), Reason: "改",
			}
			next, faults := a.After(m, today)
			if len(faults) > 0 {
				if next.State != a.State {
					t.Fatalf("a refused move changed %s to %s", a.State, next.State)
				}
				continue
			}
			switch {
			case ended:
				t.Fatalf("%s revived to %s", a.State, next.State)
			case !slices.Contains(a.State.Next(), next.State):
				t.Fatalf("%s does not lead to %s", a.State, next.State)
			case next.ID != a.ID || next.Number != a.Number:
				t.Fatal("the door is another one")
			case next.State == addresses.Historical && next.ValidUntil == "":
				t.Fatal("it ended on no day")
			case a.State == addresses.Reserved && next.State == addresses.Historical && m.Decision.Kind == "" && next.Public():
				t.Fatal("a number that was given up is told to people")
			}
			a, ended = next, next.State == addresses.Historical
		}
	})
}

func TestEnding(t *testing.T) {
	t.Parallel()
	renumbered := addresses.Decision{Kind: addresses.Renumbering, Number: "2", Day: "2026-03-01", Body: "局"}
	for name, tc := range map[string]struct {
		from   addresses.State
		move   addresses.Move
		faults string
	}{
		"approved, to nobody":     {addresses.Approved, addresses.Move{To: addresses.Historical, Decision: renumbered}, "successor_ids"},
		"approved, gone":          {addresses.Approved, addresses.Move{To: addresses.Historical, Decision: renumbered, Gone: true}, ""},
		"approved, gone and not":  {addresses.Approved, addresses.Move{To: addresses.Historical, Decision: renumbered, Gone: true, Successors: []string{"p"}}, "gone"},
		"succeeded by itself":     {addresses.Approved, addresses.Move{To: addresses.Historical, Decision: renumbered, Successors: []string{door().ID}}, "successor_ids/0"},
		"twice":                   {addresses.Approved, addresses.Move{To: addresses.Historical, Decision: renumbered, Successors: []string{"p", "p"}}, "successor_ids/1"},
		"reserved, with one":      {addresses.Reserved, addresses.Move{To: addresses.Historical, Reason: "不用", Successors: []string{"p"}}, "successor_ids"},
		"reserved, given up":      {addresses.Reserved, addresses.Move{To: addresses.Historical, Reason: "不用"}, ""},
		"reserved, without words": {addresses.Reserved, addresses.Move{To: addresses.Historical}, "reason"},
		"approving with one":      {addresses.Provisional, addresses.Move{To: addresses.Approved, Decision: addresses.Decision{Kind: addresses.Numbering, Number: "1", Day: "2026-01-01", Body: "局"}, Gone: true}, "successor_ids"},
		"tomorrow":                {addresses.Approved, addresses.Move{To: addresses.Historical, Decision: renumbered, Gone: true, Day: "2026-11-29"}, "day"},
	} {
		a := door()
		a.State = tc.from
		if _, faults := a.After(tc.move, today); fields(faults) != tc.faults {
			t.Errorf("%s: faults in %q, want %q", name, fields(faults), tc.faults)
		}
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	before, after := door(), door()
	after.Number, after.Note = "14", "改"
	if got := fields(addresses.Changed(before, after, record.Change{})); got != "number" {
		t.Errorf("faults in %q: a standard address is renumbered by a new record", got)
	}
	if got := fields(addresses.Changed(before, after, record.Change{Correction: true})); got != "" {
		t.Errorf("a correction has faults in %q", got)
	}
	before.State = addresses.Provisional
	if got := fields(addresses.Changed(before, after, record.Change{})); got != "" {
		t.Errorf("a provisional one has faults in %q", got)
	}
	before.State = addresses.Historical
	if got := fields(addresses.Changed(before, before, record.Change{})); got != "state" {
		t.Errorf("a historical one has faults in %q", got)
	}
	number := "16"
	if got := (addresses.Patch{Number: &number}).Apply(door()); got.Number != "16" || len(addresses.Differences(door(), got)) != 1 {
		t.Errorf("patched to %+v", got)
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	next := door()
	next.ID, next.Short, next.Text = "p", "沣东大道14号", "西青区沣东大道14号"
	reserved := next
	reserved.ID, reserved.State = "r", addresses.Reserved
	by := func(id string) (addresses.Address, bool) {
		all := map[string]addresses.Address{"p": next, "r": reserved}
		a, ok := all[id]
		return a, ok
	}
	renamed := door().Renamed(addresses.Written{Full: "西青区沣东路12号", Short: "沣东路12号"}, addresses.Decision{}, "")
	if len(renamed.Former) != 1 {
		t.Fatalf("renamed to %+v", renamed)
	}
	a := door()
	a.Short, a.Text = "老路12号", "西青区老路12号"
	a = a.Renamed(addresses.Written{Full: "西青区沣东大道12号", Short: "沣东大道12号"}, addresses.Decision{Kind: addresses.Renaming, Number: "9"}, "2020-05-01")
	if rows := addresses.Pairs(a, by); len(rows) != 1 || rows[0].Old != "老路12号" || rows[0].New != "沣东大道12号" || rows[0].NewID != a.ID {
		t.Errorf("a renamed road makes %+v", rows)
	}
	a.State, a.ValidUntil, a.Successors = addresses.Historical, "2026-03-01", []string{"p", "r"}
	rows := addresses.Pairs(a, by)
	if len(rows) != 3 || rows[1].New != "沣东大道14号" || rows[2].New != "" {
		t.Errorf("a renumbered door makes %+v: a reserved number is not told", rows)
	}
	a.Successors = nil
	if rows := addresses.Pairs(a, by); len(rows) != 2 || rows[1].New != "" {
		t.Errorf("a door that is gone makes %+v", rows)
	}
	a.Former, a.Decision = nil, addresses.Decision{}
	if rows := addresses.Pairs(a, by); len(rows) != 0 || a.Public() {
		t.Errorf("a reserved number that was given up makes %+v", rows)
	}
	if same := door().Renamed(addresses.Written{}, addresses.Decision{}, ""); len(same.Former) != 0 {
		t.Errorf("the same text makes a former one: %+v", same)
	}
}

func TestPositionThatCounts(t *testing.T) {
	t.Parallel()
	a := door()
	if _, ok := a.At(); ok {
		t.Error("it has no position")
	}
	a.Positions = []addresses.Position{
		{Kind: addresses.AtPlot, Source: addresses.FromSurvey, Note: "plot"},
		{Kind: addresses.AtEntrance, Source: addresses.FromImport, Note: "import"},
		{Kind: addresses.AtEntrance, Source: addresses.FromSurvey, Note: "survey"},
	}
	if p, ok := a.At(); !ok || p.Note != "survey" {
		t.Errorf("counts: %+v", p)
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	divisions := []addresses.Division{{Code: "12", Name: "天津市"}, {Code: "120111", Name: "西青区"}, {Code: "120111100", Name: "杨柳青镇"}, {Code: "120111100002", Name: "友谊社区居委会"}, {Code: "120111100002003", Name: "网格"}}
	write := func(divisions []addresses.Division, name string) string {
		l, _ := addresses.LayoutOf("ga-t-2000.32")
		text, err := l.Write(addresses.Elements(divisions, name, false, []addresses.Address{door()}))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if got := write(divisions, "沣东大道"); got != "11:天津市|13:西青区|22:杨柳青镇|32:友谊社区|41:沣东大道|:12号" {
		t.Errorf("got %s", got)
	}
	if got := write(divisions[:2], "沣东大道"); got != "11:天津市|13:西青区|23:无|31:无|41:沣东大道|:12号" {
		t.Errorf("got %s", got)
	}
	whole := addresses.Elements(divisions, "沣东大道", false, []addresses.Address{door()})
	if m := addresses.MissingElements(whole); len(m) != 0 || !addresses.Ordered(whole) {
		t.Errorf("missing %v", m)
	}
	bare := addresses.Elements(nil, "", true, []addresses.Address{{Level: addresses.Building}})
	if m := addresses.MissingElements(bare); len(m) != 4 {
		t.Errorf("missing %v of %v", m, bare)
	}
	slices.Reverse(whole)
	if addresses.Ordered(whole) {
		t.Error("upside down is in order")
	}
}

func TestLayouts(t *testing.T) {
	t.Parallel()
	for _, l := range addresses.Layouts() {
		i := l.Info()
		if i.ID == "" || i.ZH == "" || i.EN == "" || i.SourceZH == "" || i.SourceEN == "" {
			t.Errorf("%+v has no words", i)
		}
		if _, err := l.Write([]addresses.Element{{Code: "41", Value: "路"}}); i.Writes != (err == nil) || err != nil && !errors.Is(err, addresses.ErrUnread) {
			t.Errorf("%s writes: %v", i.ID, err)
		}
	}
	list, _ := addresses.LayoutOf("ga-t-2000.32")
	for text, want := range map[string]string{
		"13:西青区|22:杨柳青镇|31:友谊社区|41:沣东大道|:12号": "",
		"22:杨柳青镇|13:西青区":                      "code/text",
		"13:西青区|22:":                          "code/text",
		"13西青区":                               "code/text",
		"99:西青区":                              "code/text",
	} {
		_, found := list.Read(text, nil)
		if got := fields(found); got != want {
			t.Errorf("%s: faults in %q", text, got)
		}
	}
	if _, err := list.Write(nil); err == nil {
		t.Error("no elements were written")
	}
	if _, err := list.Write([]addresses.Element{{Code: "41", Value: "a|b"}}); err == nil {
		t.Error("a value with the sign between elements was written")
	}
}

func FuzzReadCode(f *testing.F) {
	f.Add("13西青区|22杨柳青镇|41沣东大道")
	f.Add("1201110010020120003")
	f.Add("|")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range addresses.Layouts() {
			r, _ := l.Read(text, func(code string) bool { return code == "120111" })
			if r.Division+r.Rest != text {
				t.Errorf("%s loses of %q: %+v", l.Info().ID, text, r)
			}
		}
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	set, err := addresses.Set()
	if err != nil {
		t.Fatal(err)
	}
	yes, no, far := true, false, 40.0
	square := orb.Polygon{{{117, 39}, {117.01, 39}, {117.01, 39.01}, {117, 39.01}, {117, 39}}}
	sound := door()
	sound.Positions = []addresses.Position{{Kind: addresses.AtEntrance, Source: addresses.FromSurvey, Accuracy: 2, Point: orb.Point{117.005, 39.005}}}
	near := 3.0
	whole := addresses.Elements([]addresses.Division{{Code: "120111", Name: "西青区"}, {Code: "120111100", Name: "杨柳青镇"}}, "沣东大道", false, []addresses.Address{sound})
	for name, tc := range map[string]struct {
		change func(*addresses.Facts)
		want   map[string]rules.Outcome // of what does not pass
	}{
		"sound": {func(*addresses.Facts) {}, map[string]rules.Outcome{"PLT-29": rules.NotApplicable}},
		"bare": {func(f *addresses.Facts) { f.Address.Positions, f.Elements = nil, nil }, map[string]rules.Outcome{
			"PLT-23-missing": rules.Undetermined, "PLT-23-order": rules.Undetermined, "PLT-24-inside": rules.Undetermined, "PLT-25": rules.Undetermined, "PLT-26": rules.Undetermined, "PLT-29": rules.NotApplicable,
		}},
		"elsewhere": {func(f *addresses.Facts) {
			f.Inside, f.OffsetM, f.Address.Positions = &no, &far, []addresses.Position{{Kind: addresses.AtEntrance, Source: addresses.FromMap, Point: orb.Point{118, 39}}}
		}, map[string]rules.Outcome{"PLT-24-inside": rules.Fail, "PLT-25": rules.Fail, "PLT-26": rules.Fail, "PLT-29": rules.NotApplicable}},
		"a broken tree": {func(f *addresses.Facts) {
			f.Circle, f.Chain = true, []addresses.Address{{ID: "a", Level: addresses.Unit}, {ParentID: "a", Level: addresses.Building}}
		}, map[string]rules.Outcome{"PLT-24-tree": rules.Fail, "PLT-29": rules.NotApplicable}},
		"renumbered to nothing": {func(f *addresses.Facts) {
			f.Address.State, f.Address.Decision.Kind = addresses.Historical, addresses.Renumbering
		}, map[string]rules.Outcome{"PLT-29": rules.Fail}},
		"renumbered to what is not there": {func(f *addresses.Facts) {
			f.Address.State, f.Address.Decision.Kind, f.Address.Successors = addresses.Historical, addresses.Renumbering, []string{"x"}
			f.Known = func(string) bool { return false }
		}, map[string]rules.Outcome{"PLT-29": rules.Fail}},
		"no town": {func(f *addresses.Facts) { f.Elements = addresses.Elements(nil, "路", false, nil) }, map[string]rules.Outcome{"PLT-23-missing": rules.Fail, "PLT-29": rules.NotApplicable}},
	} {
		facts := addresses.Facts{Address: sound, Chain: []addresses.Address{sound}, Elements: whole, Outline: square, Inside: &yes, OffsetM: &near, Day: today}
		tc.change(&facts)
		got := map[string]rules.Outcome{}
		for _, f := range addresses.Check(set, facts) {
			if f.Outcome != rules.Pass {
				got[f.Rule.Aspect] = f.Outcome
			}
		}
		if len(got) != len(tc.want) {
			t.Errorf("%s: %v", name, got)
		}
		for id, want := range tc.want {
			if got[id] != want {
				t.Errorf("%s: %s is %q, want %q", name, id, got[id], want)
			}
		}
	}
}
