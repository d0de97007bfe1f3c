package process_test

import (
	"slices"
	"testing"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

func dossier(t *testing.T, act string) process.Dossier {
	t.Helper()
	b := book(t)
	track, _ := b.TrackOf("street")
	f, err := b.Freeze(track, local(func(*process.Local) {}))
	if err != nil {
		t.Fatal(err)
	}
	d := process.Dossier{
		Number: "2026-001", Matter: process.Matter{Act: act, Class: "street"}, Kind: "road", NameID: "n", Text: "沣东大道", Applicant: "区住建局", Reason: "新建道路", Frozen: f,
	}
	if act == process.Renaming {
		d.Proposed = process.Proposal{Text: "沣河大道", Roman: "Fenghe Dadao", Parts: placenames.Parts{Specific: "沣河", Generic: "大道"}}
	}
	return d
}

func TestDossierValidate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		act    string
		change func(*process.Dossier)
		field  string
	}{
		"a naming":              {process.Naming, func(*process.Dossier) {}, ""},
		"a renaming":            {process.Renaming, func(*process.Dossier) {}, ""},
		"no act":                {"", func(*process.Dossier) {}, "act"},
		"nobody asks":           {process.Naming, func(d *process.Dossier) { d.Applicant = " " }, "applicant/name"},
		"no reason":             {process.Naming, func(d *process.Dossier) { d.Reason = "" }, "reason"},
		"a telephone":           {process.Naming, func(d *process.Dossier) { d.Contact = "李某 13800138000" }, "applicant/contact_office"},
		"an identity number":    {process.Naming, func(d *process.Dossier) { d.Reason = "61010119900101123X" }, "reason"},
		"an office's telephone": {process.Naming, func(d *process.Dossier) { d.Contact = "办公室 029-33001122" }, ""},
		"no new name":           {process.Renaming, func(d *process.Dossier) { d.Proposed = process.Proposal{} }, "proposed_text"},
		"the name it has":       {process.Renaming, func(d *process.Dossier) { d.Proposed.Text = d.Text }, "proposed_text"},
		"parts of another name": {process.Renaming, func(d *process.Dossier) { d.Proposed.Parts.Specific = "别" }, "proposed_parts"},
		"a successor of a road": {process.Naming, func(d *process.Dossier) { d.Successor = "x" }, "successor_id"},
		"its own successor":     {process.Retirement, func(d *process.Dossier) { d.Successor = "n" }, "successor_id"},
	} {
		d := dossier(t, tc.act)
		tc.change(&d)
		got := fieldsOf(d.Validate())
		if tc.field == "" && len(got) > 0 || tc.field != "" && !slices.Contains(got, tc.field) {
			t.Errorf("%s: faults in %v, want %q", name, got, tc.field)
		}
	}
}

// TestEffects holds what each event does to the record.
func TestEffects(t *testing.T) {
	t.Parallel()
	event := func(kind process.Kind, step string) process.Event {
		return process.Event{Kind: kind, Step: step, Day: "2026-11-20", Document: "咸政函〔2026〕7号", Reason: "理由"}
	}
	approve := event(process.Done, "approval")
	given := placenames.Decision{Kind: placenames.Naming, Number: "1", Body: "甲", Day: "2020-01-01"}
	for name, tc := range map[string]struct {
		act   string
		state placenames.State
		event process.Event
		want  placenames.State
		moved bool
		text  string
	}{
		"a naming is approved":       {process.Naming, placenames.Proposed, approve, placenames.Approved, true, "沣东大道"},
		"a customary name is":        {process.Naming, placenames.Customary, approve, placenames.Approved, true, "沣东大道"},
		"a naming is refused":        {process.Naming, placenames.Proposed, event(process.Refused, "approval"), placenames.Rejected, true, "沣东大道"},
		"a naming is withdrawn":      {process.Naming, placenames.Proposed, event(process.Withdrawn, ""), placenames.Withdrawn, true, "沣东大道"},
		"customary, refused":         {process.Naming, placenames.Customary, event(process.Refused, "approval"), placenames.Customary, false, "沣东大道"},
		"a renaming is approved":     {process.Renaming, placenames.Approved, approve, placenames.Approved, true, "沣河大道"},
		"a renaming is refused":      {process.Renaming, placenames.Approved, event(process.Refused, "approval"), placenames.Approved, false, "沣东大道"},
		"a retirement is approved":   {process.Retirement, placenames.Approved, approve, placenames.Retired, true, "沣东大道"},
		"a retirement is withdrawn":  {process.Retirement, placenames.Approved, event(process.Withdrawn, ""), placenames.Approved, false, "沣东大道"},
		"another step does nothing":  {process.Naming, placenames.Proposed, event(process.Done, "survey"), placenames.Proposed, false, "沣东大道"},
		"returned does nothing":      {process.Naming, placenames.Proposed, event(process.Returned, "approval"), placenames.Proposed, false, "沣东大道"},
		"what is retired stays":      {process.Renaming, placenames.Retired, approve, placenames.Retired, false, "沣东大道"},
		"sent back decides nothing":  {process.Naming, placenames.Proposed, event(process.SentBack, "approval"), placenames.Proposed, false, "沣东大道"},
		"a retired one is not named": {process.Naming, placenames.Retired, approve, placenames.Retired, false, "沣东大道"},
		"a waived step does nothing": {process.Naming, placenames.Proposed, event(process.Waived, "survey"), placenames.Proposed, false, "沣东大道"},
		"corrections do nothing":     {process.Naming, placenames.Proposed, event(process.Corrected, "approval"), placenames.Proposed, false, "沣东大道"},
	} {
		d := dossier(t, tc.act)
		n := placenames.Name{ID: "n", Version: 3, Text: "沣东大道", Kind: "road", State: tc.state, Decision: given}
		deed, asked := d.Deed(n, tc.event, "咸阳市人民政府", "关于命名的批复")
		got, faults := n, []record.Fault(nil)
		switch {
		case deed.Rename != nil:
			got, faults = n.Rename(deed.Rename.Text, deed.Rename.Roman, deed.Rename.Parts, deed.Move.Decision, "2026-11-27")
		case asked:
			got, faults = n.After(deed.Move, "2026-11-27")
		}
		moved := got.Version > n.Version
		impossible := tc.state == placenames.Retired
		if got.State != tc.want || moved != tc.moved || got.Text != tc.text || impossible != (len(faults) > 0) {
			t.Errorf("%s: %s %q moved %v, %v", name, got.State, got.Text, moved, faults)
		}
		if moved && process.EffectOf(tc.event) == process.Approves {
			want := placenames.Decision{Kind: placenames.DecisionKind(tc.act), Number: "咸政函〔2026〕7号", Day: "2026-11-20", Body: "咸阳市人民政府", Title: "关于命名的批复"}
			if got.Decision != want || got.ValidFrom != "2026-11-20" || got.Version != 4 {
				t.Errorf("%s: decided by %+v from %s", name, got.Decision, got.ValidFrom)
			}
		}
	}
}

func TestOwnMaterials(t *testing.T) {
	t.Parallel()
	d := dossier(t, process.Naming)
	words := func(n placenames.Name) (out []string) {
		for _, s := range d.OwnMaterials(n) {
			out = append(out, s.Material)
		}
		return out
	}
	if got := words(placenames.Name{}); !slices.Equal(got, []string{"reasons"}) {
		t.Errorf("an empty record shows %v", got)
	}
	got := words(placenames.Name{Text: "沣东大道", Kind: "road", Extent: placenames.Extent{From: "甲"}, Size: placenames.Size{LengthM: 1}})
	if !slices.Equal(got, []string{"plan", "reasons", "location", "size", "nature"}) {
		t.Errorf("a whole record shows %v", got)
	}
}

func TestOfficeNames(t *testing.T) {
	t.Parallel()
	d, b := dossier(t, process.Naming), book(t)
	for word, want := range map[string]string{"city_county_government": "咸阳市人民政府", "committee": "地名委员会", "moon": "moon"} {
		if got := d.OfficeName(b, word); got.ZH != want {
			t.Errorf("%s is called %q", word, got.ZH)
		}
	}
}

// TestDesk holds the order of a desk, and what is the reader's.
func TestDesk(t *testing.T) {
	t.Parallel()
	view := func(number string, upTo int, begun record.Day, acting ...process.Acting) process.View {
		d := dossier(t, process.Naming)
		d.Number = number
		for _, e := range whole(d.Frozen.Rules, d.Matter, begun)[:upTo] {
			d.Events = append(d.Events, process.Entry{Event: e})
		}
		if err := d.Replay(); err != nil {
			t.Fatal(err)
		}
		return process.View{Dossier: d, Acting: acting}
	}
	mine := process.Acting{Step: "survey", Office: "place_name_authority", Kind: process.Done}
	waive := process.Acting{Step: "survey", Office: "place_name_authority", Kind: process.Waived}
	told := process.Acting{Office: "committee", Kind: process.Done}
	cal, _ := process.NewCalendar(nil, nil, "", "")
	// Approved 14 days after they began, to be filed and announced in 15 days from then.
	got := process.Desk([]process.View{
		view("1", 2, "2026-11-01"),             // accepted: no clock
		view("2", 2, "2026-11-02", mine),       // the reader's
		view("3", 8, "2026-10-29"),             // last day the 27th
		view("4", 8, "2026-10-20", told, mine), // late
		view("5", 8, "2026-10-31"),             // soon
		view("6", 8, "2026-11-12"),             // later
		view("7", 2, "2026-11-02", waive),      // may only be set aside
		view("8", 8, "2026-10-10"),             // later still late
	}, cal, "2026-11-27")
	var order []string
	for _, o := range got {
		order = append(order, o.Number+" "+string(o.Group))
	}
	want := []string{"8 late", "4 late", "3 today", "5 soon", "2 mine", "6 waiting", "1 waiting", "7 waiting"}
	if !slices.Equal(order, want) {
		t.Errorf("the desk is\n%v, want\n%v", order, want)
	}
	if o := got[1]; !o.Told || o.Next == nil || o.Next.Step != "survey" || !slices.Equal(process.Told(o.Dues), []string{"place_name_authority", "committee"}) {
		t.Errorf("%+v tells %v", o.Next, process.Told(o.Dues))
	}
	if got[6].Due != nil || got[7].Next != nil || len(process.Desk(nil, cal, "2026-11-27")) != 0 {
		t.Error("a clock or a step where there is none")
	}
}

func TestBackTo(t *testing.T) {
	t.Parallel()
	d := dossier(t, process.Naming)
	r := d.Frozen.Rules
	c, err := r.Replay(d.Matter, whole(r, d.Matter, "2026-01-05")[:7])
	if err != nil {
		t.Fatal(err)
	}
	if got := r.BackTo(c, "approval"); !slices.Equal(got, []string{"acceptance", "survey", "assessment", "experts", "consultation", "deliberation"}) {
		t.Errorf("back to %v", got)
	}
	if got := r.BackTo(c, "moon"); got != nil {
		t.Errorf("back to %v", got)
	}
}

// TestChecks holds at which events what the rules say is kept, and when an approval says why.
func TestChecks(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		act           string
		e             process.Event
		kept, reasons bool
	}{
		"an application":               {process.Naming, process.Event{Kind: process.Done, Step: "application"}, true, false},
		"an approval without reason":   {process.Renaming, process.Event{Kind: process.Done, Step: "approval", Reason: " "}, true, true},
		"an approval that says why":    {process.Naming, process.Event{Kind: process.Done, Step: "approval", Reason: "历史原因"}, true, false},
		"a refusal":                    {process.Naming, process.Event{Kind: process.Refused, Step: "approval"}, false, false},
		"a step between":               {process.Naming, process.Event{Kind: process.Done, Step: "survey"}, false, false},
		"the application of an ending": {process.Retirement, process.Event{Kind: process.Done, Step: "application"}, false, false},
	} {
		if got := dossier(t, tc.act).Checks(tc.e); got != tc.kept {
			t.Errorf("%s: kept %v", name, got)
		}
		if got := tc.e.Unreasoned(2); (len(got) > 0) != tc.reasons {
			t.Errorf("%s: %v", name, got)
		}
		if got := tc.e.Unreasoned(0); got != nil {
			t.Errorf("%s, which nothing forbids: %v", name, got)
		}
	}
}
