package likeness_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/facilities/likeness"
)

func finder(t testing.TB) (*likeness.Finder, *maker) {
	t.Helper()
	m := newMaker(2026)
	words, err := wordsOf(m)
	if err != nil {
		t.Fatal(err)
	}
	return likeness.New(words), m
}

// TestLabelledPairs holds the scores to 2,000 pairs of which it is known whether they are of
// one place.
func TestLabelledPairs(t *testing.T) {
	t.Parallel()
	f, _ := finder(t)
	for _, from := range []int{likeness.Possible, likeness.Likely} {
		right, wrong, missed := 0, 0, 0
		m := newMaker(31)
		for _, l := range m.pairs(2000) {
			match := f.Compare(l.a, l.b)
			switch found := match.Score >= from; {
			case found && l.same:
				right++
			case found:
				wrong++
				if from == likeness.Possible {
					t.Logf("wrong %d: %s", match.Score, describe(l, match))
				}
			case l.same:
				missed++
				if from == likeness.Possible {
					t.Logf("missed %d: %s", match.Score, describe(l, match))
				}
			}
		}
		precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
		t.Logf("from a score of %d: precision %.1f %%, recall %.1f %%", from, 100*precision, 100*recall)
		if from == likeness.Possible && (precision < 0.95 || recall < 0.90) {
			t.Errorf("precision %.3f, recall %.3f; want 0.95 and 0.90", precision, recall)
		}
	}
}

func describe(l labelled, m likeness.Match) string {
	out := fmt.Sprintf("%s | %s | %s | %s\n\t%s | %s | %s | %s", l.a.Name, l.a.Address, l.a.Phone, l.a.DivisionCode, l.b.Name, l.b.Address, l.b.Phone, l.b.DivisionCode)
	for _, p := range m.Parts {
		out += fmt.Sprintf("\n\t\t%s %.2f×%.1f %s", p.Part, p.Score, p.Weight, p.ZH)
	}
	return out
}

func TestNames(t *testing.T) {
	t.Parallel()
	f, _ := finder(t)
	at := orb.Point{117, 39.1}
	for _, tc := range []struct {
		a, b  string
		types [2]facilities.Type
		same  bool
	}{
		{"友谊社区老人家食堂", "友谊老人家食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区老人家食堂", "友谊社区助餐点", [2]facilities.Type{"elderly_canteen", "meal_point"}, true},
		{"友谊社区老人家食堂", "西青区西营门街道友谊社区居委会老年食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区老人家食堂", "友誼社區老人家食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区老人家食堂", "友宜社区老人家食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区老人家食堂", "【友谊社区】老人家食堂（试运行）", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区老人家食堂", "友谊社区老人家食堂（原友谊食堂）", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区第一食堂", "友谊社区老人家食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区第二食堂", "友谊社区老人家食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, false},
		{"友谊社区第二食堂", "友谊社区第三食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, false},
		{"友谊社区第二食堂", "友谊社区二号食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, true},
		{"友谊社区老人家食堂", "友谊社区日间照料中心", [2]facilities.Type{"elderly_canteen", "day_care_centre"}, false},
		{"友谊社区老人家食堂", "友谊社区老人家食堂", [2]facilities.Type{"elderly_canteen", "day_care_centre"}, true}, // one has the wrong type
		{"友谊社区老人家食堂", "建设社区老人家食堂", [2]facilities.Type{"elderly_canteen", "elderly_canteen"}, false},
		{"夕阳红养老院", "夕阳红老年公寓", [2]facilities.Type{"elderly_institution", "elderly_institution"}, true},
		{"夕阳红养老院", "金秋养老院", [2]facilities.Type{"elderly_institution", "elderly_institution"}, false},
		{"周家营村骨灰堂", "周家营骨灰楼", [2]facilities.Type{"columbarium", "columbarium"}, true},
	} {
		m := f.Compare(
			likeness.Record{ID: "a", Name: tc.a, Type: tc.types[0], Point: at, Placed: true},
			likeness.Record{ID: "b", Name: tc.b, Type: tc.types[1], Point: orb.Point{117.0005, 39.1}, Placed: true})
		if (m.Score >= likeness.Possible) != tc.same {
			t.Errorf("%s and %s: %d; %+v", tc.a, tc.b, m.Score, m.Parts)
		}
		for _, p := range m.Parts {
			if p.ZH == "" || p.EN == "" || p.Part == "" || p.Score < -1 || p.Score > 1 || p.Weight <= 0 {
				t.Errorf("%+v", p)
			}
		}
	}
}

func TestCodesDecide(t *testing.T) {
	t.Parallel()
	f, _ := finder(t)
	a := likeness.Record{ID: "a", Name: "友谊社区老人家食堂", Type: "elderly_canteen", InstitutionCode: "JG001", USCC: "91120111MA1"}
	b := a
	b.ID, b.Name = "b", "完全两样养老院"
	if m := f.Compare(a, b); m.Score < likeness.Likely {
		t.Errorf("the same code: %d", m.Score)
	}
	b = a
	b.ID, b.InstitutionCode = "b", "ＪＧ００２"
	if m := f.Compare(a, b); m.Score >= likeness.Possible {
		t.Errorf("other codes: %d", m.Score)
	}
	b.InstitutionCode = "ｊｇ００１"
	if m := f.Compare(a, b); m.Score < likeness.Likely {
		t.Errorf("the same code in other letters: %d", m.Score)
	}
	// One operator of many places is no duplicate for that.
	c := likeness.Record{ID: "c", Name: "建设社区老人家食堂", Type: "elderly_canteen", USCC: "91120111MA1", Phone: "27391234"}
	if m := f.Compare(a, c); m.Score >= likeness.Possible {
		t.Errorf("one operator: %d", m.Score)
	}
}

func TestFingerprints(t *testing.T) {
	t.Parallel()
	f, _ := finder(t)
	a := likeness.Record{ID: "1", Name: "友谊社区老人家食堂", Type: "elderly_canteen", Address: "解放路12号", Phone: "022-27391234"}
	same := []likeness.Record{
		{ID: "2", Name: "友谊社区老人家食堂", Type: "elderly_canteen", Address: "解放路１２号", Phone: "022 27391234"},
		{Name: "友誼社區 老人家食堂", Type: "elderly_canteen", Address: "解放路12号", Phone: "(022)27391234"},
	}
	for _, b := range same {
		if f.Fingerprint(b) != f.Fingerprint(a) {
			t.Errorf("%+v has another fingerprint", b)
		}
	}
	other := a
	other.Address = "解放路14号"
	if f.Fingerprint(other) == f.Fingerprint(a) || !strings.HasPrefix(f.Fingerprint(a), "row:") {
		t.Error(f.Fingerprint(a))
	}
}

// Compare gives the same whichever comes first, and never leaves its scale.
func TestCompareIsSymmetric(t *testing.T) {
	t.Parallel()
	f, _ := finder(t)
	rapid.Check(t, func(rt *rapid.T) {
		m := newMaker(rapid.Uint64().Draw(rt, "seed"))
		for _, l := range m.pairs(4) {
			x, y := f.Compare(l.a, l.b), f.Compare(l.b, l.a)
			if x.Score != y.Score || x.Score < 0 || x.Score > 100 || x.A != l.a.ID || x.B != l.b.ID {
				rt.Fatalf("%+v\n%+v", x, y)
			}
			if self := f.Compare(l.a, l.a); self.Score < likeness.Likely {
				rt.Fatalf("a record is like itself with %d: %+v", self.Score, l.a)
			}
		}
	})
}

// registry makes n records with duplicates among them, and says which pairs are of one
// place.
func registry(m *maker, n int) (records []likeness.Record, same map[[2]string]bool) {
	same = map[[2]string]bool{}
	for len(records) < n {
		a, _ := m.base()
		records = append(records, a)
		if len(records)%5 == 0 {
			b := m.again(a)
			records = append(records, b)
			same[pairOf(a.ID, b.ID)] = true
		}
	}
	return records, same
}

func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// TestIndexFindsWhatComparingAllFinds holds the index to comparing every record with every
// other.
func TestIndexFindsWhatComparingAllFinds(t *testing.T) {
	t.Parallel()
	f, m := finder(t)
	records, same := registry(m, 600)
	index := f.NewIndex(records[:400])
	for i, r := range records[400:] {
		asked := r // as an import does, which asks for what it then adds, or does not
		if asked.ID = ""; i%3 == 1 {
			asked.Address += "2号"
		}
		if i%3 > 0 {
			index.Like(asked, 5)
		}
		index.Add(r)
	}
	if index.Len() != len(records) {
		t.Fatalf("%d records", index.Len())
	}
	found := map[[2]string]int{}
	last := 101
	for _, match := range index.Pairs(nil) {
		if match.A >= match.B || match.Score > last || match.Score < likeness.Possible || len(match.Parts) == 0 {
			t.Fatalf("%+v", match)
		}
		last = match.Score
		found[[2]string{match.A, match.B}] = match.Score
	}
	brute, missed := 0, 0
	for i, a := range records {
		for _, b := range records[i+1:] {
			if a.Type != b.Type && !sameUse(a.Type, b.Type) {
				continue // quick, and no pair is lost: see TestNames for equal names
			}
			score := f.Compare(a, b).Score
			if got, ok := found[pairOf(a.ID, b.ID)]; ok && got != score {
				t.Errorf("%s, %s: %d and %d", a.ID, b.ID, got, score)
			}
			if score >= likeness.Possible {
				brute++
				if _, ok := found[pairOf(a.ID, b.ID)]; !ok {
					missed++
				}
			}
		}
	}
	right := 0
	for pair := range same {
		if found[pair] > 0 {
			right++
		}
	}
	t.Logf("%d records: %d pairs by comparing all, %d of them missed by the index; %d of %d duplicates found", len(records), brute, missed, right, len(same))
	if missed*100 > brute || right*100 < 90*len(same) {
		t.Error("the index misses too much")
	}
}

func TestDecidedPairsAreLeftOut(t *testing.T) {
	t.Parallel()
	f, m := finder(t)
	records, _ := registry(m, 300)
	index := f.NewIndex(records)
	all := index.Pairs(nil)
	if len(all) < 20 {
		t.Fatalf("only %d pairs", len(all))
	}
	first := all[0]
	rest := index.Pairs(func(a, b string) bool { return a == first.A && b == first.B })
	if len(rest) != len(all)-1 || slices.ContainsFunc(rest, func(m likeness.Match) bool { return m.A == first.A && m.B == first.B }) {
		t.Errorf("%d of %d pairs are left", len(rest), len(all))
	}
	of := index.PairsOf(map[string]bool{first.A: true}, nil)
	want := 0
	for _, p := range all {
		if p.A == first.A || p.B == first.A {
			want++
		}
	}
	if len(of) != want {
		t.Errorf("%d pairs of one record; want %d", len(of), want)
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	f, m := finder(t)
	records, same := registry(m, 400)
	index := f.NewIndex(records)
	for _, r := range records {
		list := index.Like(r, 3)
		if len(list) > 3 || slices.ContainsFunc(list, func(m likeness.Match) bool { return m.B == r.ID || m.A != r.ID }) {
			t.Fatalf("%+v", list)
		}
	}
	hits := 0
	for pair := range same {
		i := slices.IndexFunc(records, func(r likeness.Record) bool { return r.ID == pair[1] })
		row := records[i]
		row.ID = "" // a row of a file
		list := index.Like(row, 5)
		if slices.ContainsFunc(list, func(m likeness.Match) bool { return m.B == pair[0] }) {
			hits++
		}
	}
	if hits*100 < 90*len(same) {
		t.Errorf("%d of %d", hits, len(same))
	}
	if list := index.Like(likeness.Record{}, 5); len(list) != 0 {
		t.Errorf("an empty record is like %+v", list)
	}
	if list := f.NewIndex(nil).Like(records[0], 5); len(list) != 0 {
		t.Errorf("an empty index has %+v", list)
	}
}

func FuzzCompare(f *testing.F) {
	find, _ := finder(f)
	f.Add("友谊社区第二老人家食堂（南区）", "解放路12号", "022-27391234", "友誼社區", "(", "")
	f.Add("(((", "号", "86", "二", "", "0")
	f.Fuzz(func(t *testing.T, nameA, addressA, phoneA, nameB, addressB, phoneB string) {
		a := likeness.Record{ID: "a", Name: nameA, Address: addressA, Phone: phoneA, Type: "elderly_canteen"}
		b := likeness.Record{ID: "b", Name: nameB, Address: addressB, Phone: phoneB, Type: "meal_point"}
		if x, y := find.Compare(a, b).Score, find.Compare(b, a).Score; x != y || x < 0 || x > 100 {
			t.Errorf("%d, %d: %+v, %+v", x, y, a, b)
		}
		find.NewIndex([]likeness.Record{a}).Like(b, 1)
		_ = find.Fingerprint(a)
	})
}

// many makes n records of as many communities as a province has, so that names repeat as
// they do there.
func many(n int) []likeness.Record {
	m := newMaker(1)
	out := make([]likeness.Record, n)
	for i := range out {
		r, _ := m.base()
		r.Name = firstWords[m.r.IntN(len(firstWords))][:3] + firstWords[m.r.IntN(len(firstWords))][3:] + r.Name
		r.DivisionCode = fmt.Sprintf("120111%06d", m.r.IntN(20000))
		r.Point = m.frame.From(orb.Point{200_000 * m.r.Float64(), 200_000 * m.r.Float64()})
		out[i] = r
	}
	return out
}

func BenchmarkIndex(b *testing.B) {
	f, _ := finder(b)
	const n = 300_000
	records := many(n)
	b.ResetTimer()
	for b.Loop() {
		f.NewIndex(records)
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkLike(b *testing.B) {
	f, _ := finder(b)
	index := f.NewIndex(many(300_000))
	rows := many(10_000)
	i := 0
	b.ResetTimer()
	for b.Loop() {
		r := rows[i%len(rows)]
		r.ID = ""
		index.Like(r, 3)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkPairs(b *testing.B) {
	f, _ := finder(b)
	index := f.NewIndex(many(50_000))
	b.ResetTimer()
	for b.Loop() {
		index.Pairs(nil)
	}
	b.ReportMetric(float64(b.N)*50_000/b.Elapsed().Seconds(), "records/s")
}

// Decisions replay: what holds of a pair is the last that was decided, whichever side came
// first.
func TestDecisionsReplay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SampledFrom([]string{"a", "b", "c", "row:1"})
		decided, last := likeness.Decided{}, map[[2]string]likeness.Verdict{}
		for range rapid.IntRange(0, 20).Draw(rt, "decisions") {
			d := likeness.Decision{
				A: ids.Draw(rt, "a"), B: ids.Draw(rt, "b"), Reason: "r",
				Verdict: rapid.SampledFrom([]likeness.Verdict{likeness.Same, likeness.Different}).Draw(rt, "verdict"),
			}
			if faults := d.Validate("2026-11-27"); (len(faults) > 0) != (d.A == d.B) {
				rt.Fatalf("%+v: %v", d, faults)
			}
			if d.A != d.B {
				decided.Add(d)
				last[pairOf(d.A, d.B)] = d.Verdict
			}
		}
		for pair, verdict := range last {
			if decided.Of(pair[0], pair[1]) != verdict || decided.Of(pair[1], pair[0]) != verdict {
				rt.Fatalf("%v: %s; want %s", pair, decided.Of(pair[0], pair[1]), verdict)
			}
		}
	})
}
