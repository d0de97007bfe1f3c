package facilities

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"yike/internal/record"
)

func TestContentComesBack(t *testing.T) {
	t.Parallel()
	of := canteen()
	of.DivisionCode = "990001001001"
	for name, p := range map[string]Patch{
		"nothing": {},
		"everything": {
			Type: ptr(Type("meal_point")), NameZH: ptr("乙"), NameEN: ptr("B"), Status: ptr(Closed), Address: ptr(""), Capacity: ptr(0), Serves: &[]string{},
			Lon: ptr(117.2), Lat: ptr(39.1), PlacedBy: ptr(PlacedAddress), PlaceConfidence: ptr(70), USCC: ptr(""), InstitutionCode: ptr("I"), BureauNo: ptr("B"),
			Fields: map[string]any{"seats": 3, "subsidised": nil, "services": []any{"dine_in"}}, VerifiedOn: ptr(record.Day("2026-11-27")),
		},
		"nowhere":       {Unplaced: ptr(true), DivisionCode: ptr("990001001002")},
		"the same spot": {PlacedBy: ptr(PlacedGiven)},
	} {
		raw, err := json.Marshal(p.Content(of))
		if err != nil {
			t.Fatal(err)
		}
		var kept Content
		if err := json.Unmarshal(raw, &kept); err != nil {
			t.Fatal(err)
		}
		back, ok := kept.Patch()
		if d := cmp.Diff(p.Apply(of), back.Apply(of), cmpopts.EquateEmpty()); d != "" || !ok {
			t.Errorf("%s: %s\n%s", name, raw, d)
		}
	}
	if _, ok := (Content{"capacity": "many"}).Patch(); ok {
		t.Error("a word is taken for a number")
	}
	if _, ok := (Content{"capacity": func() {}}).Patch(); ok {
		t.Error("what is no value is taken")
	}
}

func TestAgainst(t *testing.T) {
	t.Parallel()
	seen := canteen()
	p := Patch{Address: ptr("解放路 2 号"), Capacity: ptr(90), Lon: ptr(117.15), Fields: map[string]any{"seats": 50, "operator": "某公司"}}
	proposal := Proposal{Patch: p.Content(seen)}
	proposal.Base = proposal.Patch.Only(seen)
	now := Patch{Capacity: ptr(90), Lat: ptr(39.06), Fields: map[string]any{"seats": 45}}.Apply(seen)
	fields := proposal.Against(now)
	got := map[string]Standing{}
	for _, f := range fields {
		got[f.Field] = f.Standing
	}
	want := map[string]Standing{
		"address": StandsApart, "capacity": StandsAlready, Placement: StandsCrossed, "fields.seats": StandsCrossed, "fields.operator": StandsApart,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, tc := range []struct {
		name       string
		keep, take []string
		want       string
		faults     string
	}{
		{"undecided", nil, nil, "", "fields.seats place"},
		{"kept", []string{"fields.seats", Placement}, nil, `{"address":"解放路 2 号","fields.operator":"某公司"}`, ""},
		{"taken", []string{Placement}, []string{"fields.seats"}, `{"address":"解放路 2 号","fields.operator":"某公司","fields.seats":50}`, ""},
		{"kept though it applies", []string{"fields.seats", Placement, "address"}, nil, `{"fields.operator":"某公司"}`, ""},
		{"both", []string{"fields.seats", Placement}, []string{Placement}, "", "keep"},
		{"what it does not say", []string{"fields.seats", Placement, "uscc"}, nil, "", "keep"},
	} {
		content, faults := Decide(fields, tc.keep, tc.take)
		if got := fieldsOf(faults); got != tc.faults {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.faults)
		}
		raw, err := json.Marshal(content)
		if tc.faults == "" && (err != nil || string(raw) != tc.want) {
			t.Errorf("%s: %s, %v", tc.name, raw, err)
		}
	}
}

func TestProposalFaults(t *testing.T) {
	t.Parallel()
	f := canteen()
	if got := fieldsOf(ProposalFaults(Patch{}, f, f)); got != "patch" {
		t.Error(got)
	}
	p := Patch{Stage: ptr(Draft)}
	if got := fieldsOf(ProposalFaults(p, f, p.Apply(f))); got != "stage" {
		t.Error(got)
	}
	for _, s := range []ProposalState{ProposalOpen, ProposalAccepted, ProposalRejected, ProposalWithdrawn, ProposalSuperseded} {
		if got, ok := ParseProposalState(string(s)); !ok || got != s {
			t.Errorf("%s is a state", s)
		}
	}
	if _, ok := ParseProposalState(strings.ToUpper("open")); ok {
		t.Error("OPEN is none")
	}
}

// Whoever changes what, a proposal that is accepted takes nobody's change away unless it
// was decided so: fields that it does not name stay, and those that nobody else touched
// become what it says.
func TestThreeWays(t *testing.T) {
	t.Parallel()
	patch := rapid.Custom(func(t *rapid.T) Patch {
		var p Patch
		word := rapid.SampledFrom([]string{"", "甲", "乙"})
		if rapid.Bool().Draw(t, "address") {
			p.Address = ptr(word.Draw(t, "to"))
		}
		if rapid.Bool().Draw(t, "capacity") {
			p.Capacity = ptr(rapid.IntRange(0, 2).Draw(t, "to"))
		}
		if rapid.Bool().Draw(t, "place") {
			p.Lon = ptr(float64(rapid.IntRange(117, 119).Draw(t, "to")))
		}
		if rapid.Bool().Draw(t, "fields") {
			p.Fields = map[string]any{"seats": rapid.SampledFrom([]any{nil, 40.0, 50.0}).Draw(t, "to")}
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		seen := canteen()
		mine, theirs := patch.Draw(t, "mine"), patch.Draw(t, "theirs")
		proposal := Proposal{Patch: mine.Content(seen)}
		proposal.Base = proposal.Patch.Only(seen)
		now := theirs.Apply(seen)
		fields := proposal.Against(now)
		var keep []string
		for _, f := range fields {
			if f.Standing == StandsCrossed {
				keep = append(keep, f.Field)
			}
		}
		content, faults := Decide(fields, keep, nil)
		p, ok := content.Patch()
		if len(faults) > 0 || !ok {
			t.Fatal(faults)
		}
		after := contentOf(p.Apply(now))
		was, is, wanted := contentOf(seen), contentOf(now), contentOf(mine.Apply(seen))
		for key := range after {
			_, named := proposal.Patch[key]
			touched := !cmp.Equal(was[key], is[key])
			switch {
			case touched && !cmp.Equal(after[key], is[key]):
				t.Fatalf("%s was %v, is %v, and became %v", key, was[key], is[key], after[key])
			case named && !touched && !cmp.Equal(after[key], wanted[key]):
				t.Fatalf("%s is proposed as %v and became %v", key, wanted[key], after[key])
			}
		}
	})
}
