package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
	"yike/facilities"
	"yike/facilities/premises"
	"yike/internal/postgres"
)

// TestSitingFaultsInWords holds every fault of a question about places to a code, a place in
// the body and words in both languages.
func TestSitingFaultsInWords(t *testing.T) {
	t.Parallel()
	in := func(field string, err error) error {
		return &coveragelive.FieldError{Field: field, Err: fmt.Errorf("asked: %w", err)}
	}
	unknown := &coveragelive.UnknownCapacityError{Facilities: slices.Repeat([]facilities.Facility{{NameZH: "甲食堂"}}, 6)}
	for want, err := range map[string]error{
		"type_not_walked #/type":                 coveragelive.ErrNotWalked,
		"unknown_band #/band":                    coveragelive.ErrUnknownBand,
		"unknown_band #/prefer/band":             in("prefer/band", coveragelive.ErrUnknownBand),
		"band_apart #/prefer/band":               in("prefer/band", coveragelive.ErrBandApart),
		"walks_too_long #/limit":                 fmt.Errorf("asked: %w", coveragelive.ErrTooWide),
		"unknown_division #/candidates/within/1": in("candidates/within/1", coveragelive.ErrUnknownWithin),
		"no_candidates #/candidates":             coveragelive.ErrNoCandidates,
		"too_many_candidates #/candidates":       coveragelive.ErrCandidates,
		"bad_count #/share":                      in("share", coveragelive.ErrBadCount),
		"unknown_aim #/aim":                      in("aim", coveragelive.ErrUnknownAim),
		"out_of_bounds #/prefer/times":           in("prefer/times", coveragelive.ErrBadNumber),
		"not_of_aim #/budget":                    in("budget", coveragelive.ErrNotOfAim),
		"not_of_aim #/capacity":                  in("capacity", coveragelive.ErrNotOfAim),
		"not_of_aim #/prefer":                    in("prefer", coveragelive.ErrNotOfAim),
		"price_missing #/price":                  in("price", coveragelive.ErrNoPrice),
		"over_budget #/budget":                   in("budget", coveragelive.ErrOverBudget),
		"use_rate_missing #/capacity/use_rate":   in("capacity/use_rate", coveragelive.ErrNoUse),
		"capacity_missing #/capacity/new":        in("capacity/new", coveragelive.ErrNoCapacity),
		"capacity_unknown #/capacity/unknown":    in("capacity/unknown", unknown),
		"too_many_required #/required":           in("required", coveragelive.ErrManyRequired),
		"required_no_candidate #/required/0":     in("required/0", coveragelive.ErrNotCandidate),
		"not_open #/replaced/2":                  in("replaced/2", coveragelive.ErrNotOpen),
		"sites_too_few #/sites":                  in("sites", &siting.TargetError{Target: 2, Most: 1}),
		"unknown_use #/candidates/rooms/use":     in("candidates/rooms/use", errNoSuchUse),
		"share_out_of_reach #/share":             &siting.TargetError{Target: 20_000_000, Most: 19_989_999},
	} {
		var fault *coveragehttp.SitingFault
		if !errors.As(sitingError(err), &fault) || fault.Code+" "+fault.Pointer != want || fault.Reason.ZH == "" || fault.Reason.EN == "" {
			t.Errorf("%s: %+v", want, fault)
		}
		if want == "share_out_of_reach #/share" && !strings.Contains(fault.Reason.EN, "2000 people are to be covered, but the open facilities and all candidates together cover 1998") {
			t.Error(fault.Reason.EN)
		}
	}
	var fault *coveragehttp.SitingFault
	if errors.As(sitingError(unknown), &fault); !strings.Contains(fault.Reason.ZH, "6 处现有设施的容量：甲食堂、甲食堂、甲食堂、甲食堂、甲食堂等") {
		t.Error(fault.Reason.ZH)
	}
	if err := sitingError(coveragelive.ErrUnknownType); !errors.Is(err, coveragehttp.ErrUnknownType) {
		t.Error(err)
	}
	said, codes := map[string]bool{}, map[string]bool{}
	reasons := []coveragelive.Refusal{coveragelive.OutsideArea, coveragelive.InExcluded, coveragelive.TooNear, coveragelive.OffTheStreet}
	for _, u := range []premises.Unfit{
		premises.UnfitUse, premises.UnfitUnplaced, premises.UnfitAreaKnown, premises.UnfitArea, premises.UnfitFloorKnown, premises.UnfitFloor,
		premises.UnfitState, premises.UnfitUsed, premises.UnfitUseKnown,
	} {
		reasons = append(reasons, coveragelive.Refusal(u))
	}
	for _, r := range reasons {
		code, words := refusalWords(r)
		said[words.EN], codes[code] = true, true
	}
	if len(said) != len(reasons) || len(codes) != len(reasons) {
		t.Errorf("refusals are told as %v, %v", said, codes)
	}
}

// ledgerOf is a ledger that gives the same rooms to everybody.
type ledgerOf []premises.Item

func (l ledgerOf) All(_ context.Context, _ postgres.Writer, f premises.Filter) ([]premises.Item, error) {
	if f.Use == premises.Culture {
		return nil, errors.New("the ledger is away")
	}
	return l, nil
}

// TestRoomsAsCandidates holds rooms that fit among the places and the others, with their
// reasons, among those that are told.
func TestRoomsAsCandidates(t *testing.T) {
	t.Parallel()
	room := func(id, name string, area premises.Area) premises.Item {
		return premises.Item{Room: premises.Room{ID: id, Name: name, Estate: "花桥里", Building: "3 栋", Area: area, Placed: true, Point: orb.Point{1, 2}}}
	}
	api := &sitingAPI{rooms: ledgerOf{room("r1", "一号房", 10_000), room("r2", "", 10_000), room("r3", "三号房", 9_000)}}
	var rules coveragelive.CandidateRules
	if err := api.addRooms(t.Context(), nil, &rules); err != nil || len(rules.Places)+len(rules.Dismissed) != 0 {
		t.Errorf("nobody asked: %+v, %v", rules, err)
	}
	if err := api.addRooms(t.Context(), &coveragehttp.SitingRooms{MinAreaM2: 100}, &rules); err != nil {
		t.Fatal(err)
	}
	want := coveragelive.CandidateRules{
		Places: []coveragelive.CandidatePlace{
			{ID: "r1", Kind: coveragelive.RoomPlace, Name: "一号房", Point: orb.Point{1, 2}}, {ID: "r2", Kind: coveragelive.RoomPlace, Name: "花桥里3 栋", Point: orb.Point{1, 2}},
		},
		Dismissed: []coveragelive.Refused{{ID: "r3", Kind: coveragelive.RoomPlace, Name: "三号房", Reason: coveragelive.Refusal(premises.UnfitArea)}},
	}
	if d := cmp.Diff(want, rules); d != "" {
		t.Error(d)
	}
	for asked, pointer := range map[coveragehttp.SitingRooms]string{
		{Use: "vacant"}: "#/candidates/rooms/use", {Use: "moon"}: "#/candidates/rooms/use", {MinAreaM2: 2_000_000}: "#/candidates/rooms/min_area_m2",
	} {
		var fault *coveragehttp.SitingFault
		if err := api.addRooms(t.Context(), &asked, &rules); !errors.As(err, &fault) || fault.Pointer != pointer {
			t.Errorf("%+v: %v", asked, err)
		}
	}
	if err := api.addRooms(t.Context(), &coveragehttp.SitingRooms{Use: "culture"}, &rules); err == nil {
		t.Error("a ledger that cannot be read gave rooms")
	}
}

// TestPlacesOfAFile holds a file of parcels to points inside of them, and what cannot be
// read to its reason.
func TestPlacesOfAFile(t *testing.T) {
	t.Parallel()
	api := &sitingAPI{}
	list, err := api.Places(t.Context(), "parcels.geojson", "", strings.NewReader(
		`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"甲"},"geometry":{"type":"Polygon","coordinates":[[[114,30],[115,30],[115,31],[114,31],[114,30]]]}}]}`))
	if err != nil || len(list.Places) != 1 || !list.Places[0].Outlined || list.Places[0].At != (orb.Point{114.5, 30.5}) {
		t.Errorf("%+v, %v", list, err)
	}
	for code, c := range map[string][2]string{"unknown_crs": {"Mars", "name,lon,lat\na,114,30\n"}, "bad_file": {"", "name\na\n"}} {
		var fault *coveragehttp.SitingFault
		if _, err := api.Places(t.Context(), "a.csv", c[0], strings.NewReader(c[1])); !errors.As(err, &fault) || fault.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}
