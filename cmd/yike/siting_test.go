package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
)

// TestSitingFaultsInWords holds every fault of a question about places to a code, a place in
// the body and words in both languages.
func TestSitingFaultsInWords(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"type_not_walked #/type":               coveragelive.ErrNotWalked,
		"unknown_band #/band":                  coveragelive.ErrUnknownBand,
		"walks_too_long #/limit":               fmt.Errorf("asked: %w", coveragelive.ErrTooWide),
		"unknown_division #/candidates/within": coveragelive.ErrUnknownWithin,
		"no_candidates #/candidates":           coveragelive.ErrNoCandidates,
		"too_many_candidates #/candidates":     coveragelive.ErrCandidates,
		"bad_count #/sites":                    coveragelive.ErrBadCount,
		"share_out_of_reach #/share":           &siting.TargetError{Target: 20_000_000, Most: 19_989_999},
	} {
		var fault *coveragehttp.SitingFault
		if !errors.As(sitingError(err), &fault) || fault.Code+" "+fault.Pointer != want || fault.Reason.ZH == "" || fault.Reason.EN == "" {
			t.Errorf("%s: %+v", want, fault)
		}
		if want == "share_out_of_reach #/share" && !strings.Contains(fault.Reason.EN, "2000 people are to be covered, but the open facilities and all candidates together cover 1998") {
			t.Error(fault.Reason.EN)
		}
	}
	if err := sitingError(coveragelive.ErrUnknownType); !errors.Is(err, coveragehttp.ErrUnknownType) {
		t.Error(err)
	}
	said := map[string]bool{}
	for _, r := range []coveragelive.Refusal{coveragelive.OutsideArea, coveragelive.InExcluded, coveragelive.OffTheStreet} {
		said[refusalWords(r).EN] = true
	}
	if len(said) != 3 {
		t.Errorf("refusals are told as %v", said)
	}
}
