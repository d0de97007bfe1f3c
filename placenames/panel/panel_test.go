package panel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/panel"
)

const today = record.Day("2026-11-27")

func usual(t interface{ Fatal(...any) }) panel.Rules {
	r, err := panel.Usual()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fields gives the fields of faults, and fails where one has no words.
func fields(t testing.TB, faults []record.Fault) string {
	t.Helper()
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			t.Errorf("%s has no words", f.Field)
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestTheRulesOfTheProgramSayWhereTheyStand(t *testing.T) {
	t.Parallel()
	r := usual(t)
	for _, name := range []string{"criteria", "quorum", "review_days", "offices", "offices_needed", "public_needed", "notice_days", "grounds", "keep_days", "present", "deputies_count", "votes", "vote_share"} {
		c, ok := r.Cites[name]
		if !ok || c.SourceZH == "" || c.SourceEN == "" || !slices.Contains([]string{"R", "r", "S3", "P"}, c.Grade) {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if r.Quorum != 3 || r.Votes {
		t.Errorf("quorum %d, votes %v", r.Quorum, r.Votes)
	}
	for _, o := range r.Offices {
		if o.SilenceAgrees {
			t.Errorf("the silence of %s agrees", o.Name)
		}
	}
}

func TestRulesThatAreWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*panel.Rules)
		want   string
	}{
		"as they come":        {func(*panel.Rules) {}, ""},
		"no quorum":           {func(r *panel.Rules) { r.Quorum = 0 }, "quorum"},
		"days":                {func(r *panel.Rules) { r.ReviewDays, r.NoticeDays, r.KeepDays = 0, -1, 99999 }, "keep_days notice_days review_days"},
		"shares":              {func(r *panel.Rules) { r.Present, r.VoteShare = panel.Share{}, panel.Share{Of: 3, In: 2} }, "present vote_share"},
		"no criteria":         {func(r *panel.Rules) { r.Criteria = nil }, "criteria"},
		"a criterion twice":   {func(r *panel.Rules) { r.Criteria = append(r.Criteria, r.Criteria[0]) }, "criteria/5/code"},
		"a criterion unnamed": {func(r *panel.Rules) { r.Criteria[1].EN = " " }, "criteria/1/en"},
		"no code":             {func(r *panel.Rules) { r.Grounds[0].Code = "Größe" }, "grounds/0/code"},
		"no grounds":          {func(r *panel.Rules) { r.Grounds = nil }, "grounds"},
		"an office twice":     {func(r *panel.Rules) { r.Offices[1].Name = r.Offices[0].Name }, "offices/1/name"},
		"an office's days":    {func(r *panel.Rules) { r.Offices[0].Days = 0 }, "offices/0/days"},
		"silence by no rule":  {func(r *panel.Rules) { r.Offices[0].SilenceAgrees = true }, "offices/0/source"},
		"many offices":        {func(r *panel.Rules) { r.Offices = make([]panel.Office, 41) }, "offices"},
	} {
		r := usual(t)
		c.change(&r)
		if got := fields(t, r.Validate()); got != c.want && (c.want != "offices" || !strings.HasPrefix(got, "offices ")) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestConflictsAreProposed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit, applicant string
		want            panel.Conflict
	}{
		{"华苑置业有限公司", "华苑置业有限公司", panel.Proposed},
		{" 华苑置业 有限公司", "华苑置业有限公司　", panel.Proposed},
		{"ＡＢＣ置业", "abc置业", panel.Proposed},
		{"华苑置业有限公司设计部", "华苑置业有限公司", panel.Proposed},
		{"华苑置业", "天津华苑置业有限公司", panel.Proposed},
		{"大学", "天津大学", panel.NoConflict}, // too short to tell
		{"南开大学", "天津大学", panel.NoConflict},
		{"", "天津大学", panel.NoConflict},
		{"天津大学", "", panel.NoConflict},
		{"", "", panel.NoConflict},
	} {
		if got := panel.ConflictOf(c.unit, c.applicant); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.unit, c.applicant, got, c.want)
		}
	}
}

func TestExperts(t *testing.T) {
	t.Parallel()
	e := panel.Expert{Name: " 王 ", Fields: []string{"语言", " 语言", "", "历史"}, Unit: " 大学 ", From: "2026-01-01", Until: "2026-12-31"}.Clean()
	if e.Name != "王" || !slices.Equal(e.Fields, []string{"语言", "历史"}) || e.Unit != "大学" || len(e.Validate()) != 0 {
		t.Errorf("%+v %v", e, e.Validate())
	}
	for day, want := range map[record.Day]bool{"2025-12-31": false, "2026-01-01": true, "2026-12-31": true, "2027-01-01": false} {
		if e.Serving(day) != want {
			t.Errorf("serving on %s: %v", day, !want)
		}
	}
	e.Retired = true
	if e.Serving("2026-06-01") {
		t.Error("a retired expert serves")
	}
	bad := panel.Expert{Unit: strings.Repeat("长", 101), From: "soon", Until: "later"}
	if got := fields(t, bad.Validate()); got != "name unit fields from until" {
		t.Error(got)
	}
	bad = panel.Expert{Name: "a\x00", Fields: []string{"x"}, From: "2026-02-01", Until: "2026-01-01"}
	if got := fields(t, bad.Validate()); got != "name until" {
		t.Error(got)
	}
}

func TestDraw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var bank []panel.Expert
		for i := range rapid.IntRange(0, 12).Draw(t, "experts") {
			bank = append(bank, panel.Expert{ID: fmt.Sprint(i), Fields: []string{rapid.SampledFrom([]string{"语言", "历史", "测绘"}).Draw(t, "field")}})
		}
		want := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"语言", "历史"}), 0, 2, rapid.ID[string]).Draw(t, "fields")
		n, seed := rapid.IntRange(0, 15).Draw(t, "n"), rapid.Uint64().Draw(t, "seed")
		got := panel.Draw(bank, want, n, seed)
		fit := 0
		for _, e := range bank {
			if len(want) == 0 || slices.Contains(want, e.Fields[0]) {
				fit++
			}
		}
		if len(got) != min(n, fit) {
			t.Fatalf("%d drawn of %d, %d asked for", len(got), fit, n)
		}
		seen := map[string]bool{}
		for _, e := range got {
			if seen[e.ID] || len(want) > 0 && !slices.Contains(want, e.Fields[0]) {
				t.Fatalf("%s was drawn wrongly", e.ID)
			}
			seen[e.ID] = true
		}
		slices.Reverse(bank)
		if again := panel.Draw(bank, want, n, seed); !slices.EqualFunc(got, again, func(a, b panel.Expert) bool { return a.ID == b.ID }) {
			t.Fatal("the same seed draws others")
		}
	})
}

func criteria(codes ...string) []panel.Criterion {
	var out []panel.Criterion
	for _, c := range codes {
		out = append(out, panel.Criterion{Code: placenames.Code{Code: c, ZH: c, EN: c}})
	}
	return out
}

func review(points ...int) panel.Review {
	r := panel.Review{AskedOn: "2026-11-01", Due: "2026-11-10", Criteria: criteria("a", "b")}
	if len(points) > 0 {
		r.Given = true
		r.Opinion = &panel.Opinion{Verdict: panel.Agree, Day: "2026-11-05", Scores: []panel.Score{{Criterion: "a", Points: points[0]}, {Criterion: "b", Points: points[1]}}}
	}
	return r
}

func TestOpinionsThatAreWrong(t *testing.T) {
	t.Parallel()
	good := panel.Opinion{Scores: review(4, 5).Opinion.Scores, Verdict: panel.Agree, Day: "2026-11-05", Own: true}
	for name, c := range map[string]struct {
		change func(*panel.Review, *panel.Opinion)
		want   string
	}{
		"as it should be":        {func(*panel.Review, *panel.Opinion) {}, ""},
		"late":                   {func(_ *panel.Review, o *panel.Opinion) { o.Day = today }, ""},
		"asked no more":          {func(r *panel.Review, _ *panel.Opinion) { r.Withdrawn = "病假" }, "review"},
		"a conflict":             {func(r *panel.Review, _ *panel.Opinion) { r.Conflict = panel.Declared }, "conflict"},
		"a conflict in question": {func(r *panel.Review, _ *panel.Opinion) { r.Conflict = panel.Proposed }, "conflict"},
		"one that was cleared":   {func(r *panel.Review, _ *panel.Opinion) { r.Conflict = panel.Cleared }, ""},
		"twice":                  {func(r *panel.Review, _ *panel.Opinion) { r.Given = true }, "review"},
		"points":                 {func(_ *panel.Review, o *panel.Opinion) { o.Scores = []panel.Score{{"a", 0}, {"b", 6}} }, "scores/0 scores/1"},
		"a criterion left out":   {func(_ *panel.Review, o *panel.Opinion) { o.Scores = o.Scores[:1] }, "scores/b"},
		"a criterion twice":      {func(_ *panel.Review, o *panel.Opinion) { o.Scores = []panel.Score{{"a", 1}, {"b", 1}, {"a", 2}} }, "scores/2"},
		"a criterion of none":    {func(_ *panel.Review, o *panel.Opinion) { o.Scores = []panel.Score{{"a", 1}, {"b", 1}, {"c", 2}} }, "scores"},
		"no verdict":             {func(_ *panel.Review, o *panel.Opinion) { o.Verdict, o.Text = "maybe", "x" }, "verdict"},
		"against without a word": {func(_ *panel.Review, o *panel.Opinion) { o.Verdict = panel.Disagree }, "text"},
		"to come":                {func(_ *panel.Review, o *panel.Opinion) { o.Day = "2026-11-28" }, "day"},
		"before it was asked":    {func(_ *panel.Review, o *panel.Opinion) { o.Day = "2026-10-31" }, "day"},
		"entered without paper":  {func(_ *panel.Review, o *panel.Opinion) { o.Own = false }, "document"},
		"entered from paper":     {func(_ *panel.Review, o *panel.Opinion) { o.Own, o.Document = false, "第3号" }, ""},
	} {
		r, o := review(), good
		o.Scores = slices.Clone(good.Scores)
		c.change(&r, &o)
		if got := fields(t, r.Check(o, today)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	late := review(1, 3)
	late.Opinion.Day, late.Opinion.Verdict = "2026-11-11", panel.Disagree
	barred, gone := review(1, 1), review(1, 1)
	barred.Conflict, gone.Withdrawn = panel.Declared, "病假"
	change := review(4, 4)
	change.Opinion.Verdict = panel.Change
	s := panel.Summarise([]panel.Review{review(5, 4), late, change, review(), barred, gone}, 3, today)
	if s.Asked != 4 || s.Given != 3 || s.Late != 1 || s.Outstanding != 1 || s.Barred != 1 || s.Agree != 1 || s.Change != 1 || s.Disagree != 1 || !s.Reached {
		t.Errorf("%+v", s)
	}
	if s.All.Mean != 350 || s.All.N != 6 || s.All.Least != 1 || s.All.Most != 5 || s.All.Deviation != 126 {
		t.Errorf("%+v", s.All)
	}
	if a := s.Criteria[0]; a.Criterion.Code.Code != "a" || a.Mean != 333 || a.Deviation != 170 {
		t.Errorf("%+v", a)
	}
	none := panel.Summarise(nil, 3, today)
	if none.Reached || none.All.N != 0 || none.All.Mean != 0 {
		t.Errorf("%+v", none)
	}
}

func TestSummariesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []panel.Review
		for range rapid.IntRange(0, 9).Draw(t, "n") {
			r := review()
			if rapid.Bool().Draw(t, "given") {
				r = review(rapid.IntRange(1, 5).Draw(t, "a"), rapid.IntRange(1, 5).Draw(t, "b"))
				r.Opinion.Verdict = rapid.SampledFrom([]panel.Verdict{panel.Agree, panel.Change, panel.Disagree}).Draw(t, "verdict")
				r.Opinion.Day = rapid.SampledFrom([]record.Day{"2026-11-10", "2026-11-11"}).Draw(t, "day")
			}
			r.Conflict = rapid.SampledFrom([]panel.Conflict{"", panel.Cleared, panel.Declared, panel.Proposed}).Draw(t, "conflict")
			r.Withdrawn = rapid.SampledFrom([]string{"", "", "x"}).Draw(t, "withdrawn")
			list = append(list, r)
		}
		quorum := rapid.IntRange(1, 5).Draw(t, "quorum")
		s := panel.Summarise(list, quorum, today)
		if s.Asked != s.Given+s.Outstanding || s.Given != s.Agree+s.Change+s.Disagree || s.Late > s.Given || s.Reached != (s.Given >= quorum) {
			t.Fatalf("%+v", s)
		}
		for _, c := range append(s.Criteria, panel.CriterionSpread{Spread: s.All}) {
			if c.N > 0 && (int(c.Mean) < 100*c.Least || int(c.Mean) > 100*c.Most || c.Deviation < 0 || int(c.Deviation) > 50*(c.Most-c.Least)) {
				t.Fatalf("%+v", c)
			}
		}
		// The order in which they were asked says nothing.
		slices.Reverse(list)
		if again := panel.Summarise(list, quorum, today); again.All != s.All || again.Given != s.Given {
			t.Fatalf("%+v and %+v", s, again)
		}
		// One more who may not answer changes nothing that experts say.
		barred := review(5, 5)
		barred.Conflict = panel.Declared
		if more := panel.Summarise(append(list, barred), quorum, today); more.All != s.All || more.Barred != s.Barred+1 {
			t.Fatalf("%+v and %+v", s, more)
		}
	})
}
