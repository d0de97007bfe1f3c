package life_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

const today = record.Day("2026-11-28")

func token(t interface{ Fatal(...any) }, n byte) plates.Token {
	code, err := plates.NewToken(bytes.NewReader(bytes.Repeat([]byte{n}, plates.DataSymbols)))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func fields(list []record.Fault) string {
	var out []string
	for _, f := range list {
		if f.ZH == "" || f.EN == "" {
			return "a fault without words"
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

// whole is an event of a kind with everything that any kind asks for.
func whole(p life.Plate, k life.Kind, day record.Day) life.Event {
	by := "inspector"
	if k == life.Fix || k == life.Repair || k == life.Register {
		by = "fitter"
	}
	return life.Event{
		Kind: k, Day: day, By: by, Scanned: p.Token.Grouped(), PhotoID: "photo", Point: &orb.Point{117, 39}, AccuracyM: 8, Trouble: "broken", Note: "情况",
		Successor: "next",
	}
}

func TestLifeOfAPlate(t *testing.T) {
	t.Parallel()
	p := life.Plate{Token: token(t, 1), Slot: life.MainSlot, Kind: plates.Medium}
	door := orb.Point{117, 39.0001}
	for i, step := range []struct {
		kind life.Kind
		to   life.State
	}{
		{life.Order, life.Ordered},
		{life.Make, life.Made},
		{life.Return, life.Ordered},
		{life.Make, life.Made},
		{life.Deliver, life.Delivered},
		{life.Fix, life.Fixed},
		{life.Inspect, life.Fixed},
		{life.Verify, life.Verified},
		{life.Damage, life.Damaged},
		{life.Lose, life.Lost},
		{life.Repair, life.Fixed},
		{life.Damage, life.Damaged},
		{life.Replace, life.Replaced},
	} {
		e := whole(p, step.kind, today)
		after, faults := p.Take(e, life.Ground{Today: today, Door: &door})
		if len(faults) > 0 || after.State != step.to || after.Events != i+1 {
			t.Fatalf("%d %s: %s after %d events, faults %v", i, step.kind, after.State, after.Events, faults)
		}
		p = after
	}
	if p.FixedOn != today || p.BadSince == "" || p.EndedOn != today || p.Successor != "next" || p.PhotoID != "photo" {
		t.Errorf("what happened is not in the record: %+v", p)
	}
	if p.OffsetM < 11 || p.OffsetM > 11.3 {
		t.Errorf("%v m from the door", p.OffsetM)
	}
}

func TestWhatAnEventMustShow(t *testing.T) {
	t.Parallel()
	mine, other := token(t, 1), token(t, 2)
	delivered := life.Plate{Token: mine, State: life.Delivered, LastDay: "2026-11-01"}
	fixed := life.Plate{Token: mine, State: life.Fixed, FixedBy: "fitter", LastDay: "2026-11-01"}
	for name, tc := range map[string]struct {
		plate life.Plate
		kind  life.Kind
		with  func(e *life.Event)
		wrong string
	}{
		"fixed":                       {delivered, life.Fix, func(*life.Event) {}, ""},
		"fixed, the symbol read":      {delivered, life.Fix, func(e *life.Event) { e.Scanned = "https://dz.example.cn/" + mine.String() }, ""},
		"fixed, typed in lower case":  {delivered, life.Fix, func(e *life.Event) { e.Scanned = mine.Lower() }, ""},
		"another plate scanned":       {delivered, life.Fix, func(e *life.Event) { e.Scanned = other.String() }, "scanned"},
		"another address scanned":     {delivered, life.Fix, func(e *life.Event) { e.Scanned = "https://evil.example/login" }, "scanned"},
		"nothing shown":               {delivered, life.Fix, func(e *life.Event) { e.Scanned, e.PhotoID, e.Point = "", "", nil }, "scanned photo point"},
		"before the delivery":         {delivered, life.Fix, func(e *life.Event) { e.Day = "2026-10-31" }, "day"},
		"tomorrow":                    {delivered, life.Fix, func(e *life.Event) { e.Day = "2026-11-29" }, "day"},
		"on no day":                   {delivered, life.Fix, func(e *life.Event) { e.Day = "soon" }, "day"},
		"off the earth":               {delivered, life.Fix, func(e *life.Event) { e.Point = &orb.Point{117, 390} }, "point"},
		"as high as a tower":          {delivered, life.Fix, func(e *life.Event) { e.HeightM = 101 }, "height_m"},
		"nowhere surely":              {delivered, life.Fix, func(e *life.Event) { e.AccuracyM = -1 }, "accuracy_m"},
		"verified":                    {fixed, life.Verify, func(e *life.Event) { e.PhotoID, e.Point = "", nil }, ""},
		"verified by the fitter":      {fixed, life.Verify, func(e *life.Event) { e.By = "fitter" }, "kind"},
		"verified before it is fixed": {delivered, life.Verify, func(*life.Event) {}, "kind"},
		"damaged by nothing":          {fixed, life.Damage, func(e *life.Event) { e.Trouble = "" }, "trouble"},
		"lost without a word":         {fixed, life.Lose, func(e *life.Event) { e.Note = " " }, "note"},
		"said at length":              {fixed, life.Inspect, func(e *life.Event) { e.Note = strings.Repeat("长", 501) }, "note"},
		"felt otherwise":              {fixed, life.Inspect, func(e *life.Event) { e.Layer = "thick" }, "layer"},
		"replaced by nothing":         {fixed, life.Replace, func(e *life.Event) { e.Successor = "" }, "successor"},
		"an ended one":                {life.Plate{Token: mine, State: life.Withdrawn}, life.Fix, func(*life.Event) {}, "kind"},
	} {
		e := whole(tc.plate, tc.kind, today)
		tc.with(&e)
		after, faults := tc.plate.Take(e, life.Ground{Today: today})
		if fields(faults) != tc.wrong {
			t.Errorf("%s: faults %q, want %q", name, fields(faults), tc.wrong)
		}
		if tc.wrong != "" && after != tc.plate {
			t.Errorf("%s: the plate changed all the same", name)
		}
		if tc.wrong == "" && tc.kind == life.Fix && after.OffsetM != -1 {
			t.Errorf("%s: %v m from a door that nobody knows", name, after.OffsetM)
		}
	}
}

func TestRandomWalks(t *testing.T) {
	t.Parallel()
	var kinds []life.Kind
	for _, k := range life.Kinds() {
		kinds = append(kinds, life.Kind(k.Code))
	}
	rapid.Check(t, func(t *rapid.T) {
		// One address, its slots, and a register that takes events as they come.
		slots := []string{life.MainSlot, "1", "2"}
		var all []life.Plate
		live := func(slot string) int {
			return slices.IndexFunc(all, func(p life.Plate) bool { return p.Slot == slot && p.State.Live() })
		}
		begin := func(slot string) {
			p := life.Plate{Token: token(t, byte(len(all))), Slot: slot}
			p, faults := p.Take(life.Event{Kind: life.Order, Day: today}, life.Ground{Today: today})
			if len(faults) > 0 {
				t.Fatalf("an order is refused: %v", faults)
			}
			all = append(all, p)
		}
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			slot := rapid.SampledFrom(slots).Draw(t, "slot")
			i := live(slot)
			if i < 0 {
				begin(slot)
				continue
			}
			e := whole(all[i], rapid.SampledFrom(kinds).Draw(t, "kind"), today)
			before := all[i]
			after, faults := before.Take(e, life.Ground{Today: today})
			to, may := life.After(before.State, e.Kind)
			if may != (len(faults) == 0) || may && after.State != to || !may && after != before {
				t.Fatalf("%s of a plate that is %s: %s, faults %v", e.Kind, before.State, after.State, faults)
			}
			if all[i] = after; e.Kind == life.Replace && may {
				begin(slot)
			}
			hold(t, all, slots)
		}
	})
}

func hold(t *rapid.T, all []life.Plate, slots []string) {
	for _, slot := range slots {
		n := 0
		for _, p := range all {
			if p.Slot == slot && p.State.Live() {
				n++
			}
		}
		if n > 1 {
			t.Fatalf("%d live plates of slot %s", n, slot)
		}
	}
	for _, p := range all {
		switch {
		case !p.State.Live() && (p.EndedOn == "" || len(p.State.Next()) > 0):
			t.Fatalf("an ended plate goes on: %+v", p)
		case p.State.Hangs() && p.FixedOn == "", p.State == life.Verified && p.VerifiedOn == "", p.State == life.Damaged && p.BadSince == "", p.State == life.Fixed && p.BadSince != "":
			t.Fatalf("the days do not say how it is: %+v", p)
		}
	}
}

func TestEveryCodeHasWordsAndEveryStateIsReached(t *testing.T) {
	t.Parallel()
	reached := map[life.State]bool{}
	for _, s := range life.Steps() {
		reached[s.To] = true
		if !life.Known(life.Kinds(), string(s.Kind)) || s.From != "" && !life.Known(life.States(), string(s.From)) {
			t.Errorf("a step of no known code: %+v", s)
		}
	}
	for _, c := range life.States() {
		if !reached[life.State(c.Code)] {
			t.Errorf("nothing leads to %s", c.Code)
		}
	}
	if zh, en := life.Words(life.States(), "none"); zh != "none" || en != "none" {
		t.Errorf("an unknown code is %s / %s", zh, en)
	}
	for slot, ok := range map[string]bool{"main": true, "1": true, "9": true, "0": false, "": false, "10": false, "Main": false} {
		if life.ValidSlot(slot) != ok {
			t.Errorf("slot %q: %v", slot, !ok)
		}
	}
	scan, photo, point, trouble, note := life.Fix.Needs()
	if !scan || !photo || !point || trouble || note {
		t.Error("fixing needs a scan, a photo and a position, and nothing else")
	}
}

func TestReadCode(t *testing.T) {
	t.Parallel()
	code := token(t, 7)
	for _, text := range []string{
		code.String(), code.Grouped(), " " + code.Lower() + "\n", "https://dz.example.cn/" + code.String(), "HTTPS://DZ.EXAMPLE.CN/" + code.String(),
		"https://dz.example.cn/" + code.Lower() + "/?from=scan#top",
	} {
		if got, err := life.ReadCode(text); err != nil || got != code {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "https://dz.example.cn", "https://dz.example.cn/login", "12345", "https://"} {
		if got, err := life.ReadCode(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func FuzzReadCode(f *testing.F) {
	f.Add("https://dz.example.cn/0000-00000-00000")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := life.ReadCode(text); err == nil && got.IsZero() {
			t.Errorf("%q is the code of nothing", text)
		}
	})
}

func TestLookingForStickers(t *testing.T) {
	t.Parallel()
	hosts := []string{"dz.example.cn"}
	ours := life.Plate{Token: token(t, 3)}
	old := life.Plate{Token: token(t, 4), Foreign: "http://old.example/?id=42"}
	for name, tc := range map[string]struct {
		plate   life.Plate
		scanned string
		felt    life.Layer
		verdict life.Verdict
		trouble string
	}{
		"as it should be":       {ours, "https://DZ.example.cn/" + ours.Token.String(), life.OneFace, life.Genuine, ""},
		"not felt":              {ours, "https://dz.example.cn/" + ours.Token.String(), life.NotFelt, life.Unproven, ""},
		"typed":                 {ours, ours.Token.Grouped(), life.OneFace, life.Genuine, ""},
		"the code of a copycat": {ours, "https://dz-example.cn/" + ours.Token.String(), life.OneFace, life.StuckOn, "sticker"},
		"another code":          {ours, "https://dz.example.cn/" + old.Token.String(), life.OneFace, life.StuckOn, "sticker"},
		"something stuck on":    {ours, "https://dz.example.cn/" + ours.Token.String(), life.OnTop, life.StuckOn, "sticker"},
		"nothing read":          {ours, " ", life.OneFace, life.Unread, "unreadable"},
		"no code":               {ours, "", life.NoCode, life.Unread, "unreadable"},
		"an older plate":        {old, "http://old.example/?id=42", life.OneFace, life.Genuine, ""},
		"an older one changed":  {old, "http://old.example/?id=43", life.OneFace, life.StuckOn, "sticker"},
	} {
		verdict, trouble := tc.plate.Looked(tc.scanned, tc.felt, hosts)
		if verdict != tc.verdict || trouble != tc.trouble {
			t.Errorf("%s: %s %q", name, verdict, trouble)
		}
	}
}

// weekdays is a calendar without holidays.
type weekdays struct{}

func (weekdays) Working(d record.Day) bool {
	n := life.Between("2026-11-02", d) // a Monday
	return ((n%7)+7)%7 < 5
}

func TestLimits(t *testing.T) {
	t.Parallel()
	b, err := life.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	jiangmen, ok := b.Preset("", "990001")
	if !ok || jiangmen != "4407" {
		t.Errorf("a district of no preset works by %s", jiangmen)
	}
	if p, ok := b.Preset("", "120101"); !ok || p != "12" {
		t.Errorf("a district of Tianjin works by %s", p)
	}
	if _, ok := b.Preset("99", "120101"); ok {
		t.Error("there is a preset of nowhere")
	}
	want := life.Limits{Confirm: life.Limit{Days: 15, Working: true}, Notify: life.Limit{Days: 5, Working: true}, Install: life.Limit{Days: 30, Working: true}, Repair: life.Limit{Days: 3}}
	if got := b.Limits(jiangmen); got != want {
		t.Errorf("limits of Jiangmen %+v", got)
	}
	if got := b.Limits("12"); got.Install != (life.Limit{Days: 30}) || got.Repair.Days != 0 {
		t.Errorf("limits of Tianjin %+v", got)
	}
	for from, last := range map[record.Day]record.Day{"2026-11-02": "2026-12-14", "2026-11-07": "2026-12-18"} {
		if got := want.Install.LastDay(from, weekdays{}); got != last {
			t.Errorf("30 working days from %s end on %s, want %s", from, got, last)
		}
	}
	open := life.Plate{State: life.Delivered, DueFrom: "2026-11-02"}
	if due, _ := open.Due(want, weekdays{}); due != "2026-12-14" {
		t.Errorf("due on %s", due)
	}
	bad := life.Plate{State: life.Lost, BadSince: "2026-11-02"}
	if due, _ := bad.Due(want, weekdays{}); due != "2026-11-05" {
		t.Errorf("repaired by %s", due)
	}
	if due, _ := (life.Plate{State: life.Verified, DueFrom: "2026-11-02"}).Due(want, weekdays{}); due != "" {
		t.Errorf("nothing is to be done by %s", due)
	}
}

func TestWhatIsLateBeganEarly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := life.Limit{Days: rapid.IntRange(1, 40).Draw(t, "days"), Working: rapid.Bool().Draw(t, "working")}
		from := l.LateFrom(today, weekdays{})
		next := record.Day("")
		for d := from; next == ""; {
			next = dayAfter(d)
		}
		if l.LastDay(from, weekdays{}) >= today || l.LastDay(next, weekdays{}) < today {
			t.Fatalf("late from %s: %s and %s", from, l.LastDay(from, weekdays{}), l.LastDay(next, weekdays{}))
		}
		if n := l.Count(from, l.LastDay(from, weekdays{}), weekdays{}); n != l.Days {
			t.Fatalf("%d days are counted as %d", l.Days, n)
		}
	})
	if (life.Limit{}).LateFrom(today, weekdays{}) != "" || (life.Limit{}).LastDay(today, weekdays{}) != "" {
		t.Error("no limit has a last day")
	}
}

func dayAfter(d record.Day) record.Day { return life.Limit{Days: 1}.LastDay(d, weekdays{}) }

func TestFindings(t *testing.T) {
	t.Parallel()
	b, err := life.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	face := life.Face{Name: "沣东大道", Number: "12号", Roman: "Fengdong Dadao"}
	good := life.About{
		Plate: life.Plate{
			Token: token(t, 1), State: life.Verified, Kind: plates.Building, OrderID: "order", DueFrom: "2026-11-02", FixedOn: "2026-11-09", Face: face,
			Placed: true, OffsetM: 4, HeightM: 2.5,
		},
		Current: face, AddressInUse: true, Storeys: "low",
	}
	outcome := func(a life.About, preset, aspect string) rules.Outcome {
		for _, f := range b.Check(a, preset, weekdays{}, today) {
			if f.Rule.Aspect == aspect {
				return f.Outcome
			}
		}
		return ""
	}
	for name, tc := range map[string]struct {
		change         func(a *life.About)
		preset, aspect string
		want           rules.Outcome
	}{
		"one plate":             {func(*life.About) {}, "4407", "PLT-20-slot", rules.Pass},
		"two of a slot":         {func(a *life.About) { a.Twins = 1 }, "4407", "PLT-20-slot", rules.Fail},
		"of an ended address":   {func(a *life.About) { a.AddressInUse = false }, "4407", "PLT-20-state", rules.Fail},
		"taken off with it":     {func(a *life.About) { a.AddressInUse, a.Plate.State = false, life.Withdrawn }, "4407", "PLT-20-state", rules.NotApplicable},
		"the present name":      {func(*life.About) {}, "4407", "PLT-22", rules.Pass},
		"a former name":         {func(a *life.About) { a.Current.Name = "新大道" }, "4407", "PLT-22", rules.Fail},
		"another number":        {func(a *life.About) { a.Current.Number = "14号" }, "4407", "PLT-22", rules.Fail},
		"an ended plate":        {func(a *life.About) { a.Current.Number, a.Plate.State = "14号", life.Replaced }, "4407", "PLT-22", rules.Pass},
		"where it should be":    {func(*life.About) {}, "4407", "PLT-26", rules.Pass},
		"just there":            {func(a *life.About) { a.Plate.OffsetM = 15 }, "4407", "PLT-26", rules.Pass},
		"somewhere else":        {func(a *life.About) { a.Plate.OffsetM = 15.1 }, "4407", "PLT-26", rules.Fail},
		"nobody knows where":    {func(a *life.About) { a.Plate.OffsetM = -1 }, "4407", "PLT-26", rules.Undetermined},
		"high enough":           {func(*life.About) {}, "12", "PLT-27", rules.Pass},
		"too high":              {func(a *life.About) { a.Plate.HeightM = 3.2 }, "12", "PLT-27", rules.Fail},
		"of a tall building":    {func(a *life.About) { a.Storeys = "high" }, "12", "PLT-27", rules.NotApplicable},
		"of unknown storeys":    {func(a *life.About) { a.Storeys = "" }, "12", "PLT-27", rules.Undetermined},
		"high elsewhere":        {func(*life.About) {}, "4407", "PLT-27", rules.NotApplicable},
		"in time":               {func(*life.About) {}, "4407", "PLT-28-install-working", rules.Pass},
		"late":                  {func(a *life.About) { a.Plate.FixedOn, a.Plate.DueFrom = "", "2026-08-01" }, "4407", "PLT-28-install-working", rules.Fail},
		"late in Tianjin":       {func(a *life.About) { a.Plate.FixedOn, a.Plate.DueFrom = "", "2026-10-01" }, "12", "PLT-28-install", rules.Fail},
		"an older plate":        {func(a *life.About) { a.Plate.OrderID = "" }, "4407", "PLT-28-install-working", rules.Undetermined},
		"long under repair":     {func(a *life.About) { a.Plate.State, a.Plate.BadSince = life.Damaged, "2026-11-24" }, "4407", "PLT-28-repair", rules.Fail},
		"a spelling not kept":   {func(a *life.About) { a.Current.Roman = "" }, "4407", "PLT-22", rules.Pass},
		"a spelling that is of": {func(a *life.About) { a.Current.Roman = "Fengdong Da Dao" }, "4407", "PLT-22", rules.Fail},
	} {
		a := good
		tc.change(&a)
		if got := outcome(a, tc.preset, tc.aspect); got != tc.want {
			t.Errorf("%s: %s is %q, want %q", name, tc.aspect, got, tc.want)
		}
	}
	if f := b.Renamed(3, 3, today); len(f) != 1 || f[0].Outcome != rules.Pass {
		t.Errorf("all are listed: %+v", f)
	}
	if f := b.Renamed(2, 3, today); f[0].Outcome != rules.Fail {
		t.Errorf("one is left out: %+v", f)
	}
}
