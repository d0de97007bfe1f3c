package facilityhttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fakeProposals keeps what it was asked, and answers with one proposal or an error.
type fakeProposals struct {
	asked string
	fail  error
	fresh bool // the proposal is of a new facility
}

func (f *fakeProposals) proposal() facilities.Proposal {
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	p := facilities.Proposal{
		ID: "p", Version: 2, FacilityID: "2", BaseVersion: 3, Base: facilities.Content{"address": "解放路2号", "place": nil},
		Patch: facilities.Content{"address": "解放路3号", "place": nil}, Division: "1", Reason: "所见", Who: "外业", MadeAt: at, State: facilities.ProposalOpen,
	}
	if f.fresh {
		p.FacilityID, p.State, p.DecidedAt, p.MadeID = "", facilities.ProposalAccepted, &at, "9"
	}
	return p
}

func (f *fakeProposals) Propose(_ context.Context, id string, version int, p facilities.Patch, reason string) (facilities.Proposal, error) {
	f.asked = fmt.Sprint("propose ", id, " ", version, " ", p.Unplaced != nil, " ", reason)
	return f.proposal(), f.fail
}

func (f *fakeProposals) Proposals(_ context.Context, q facilityhttp.ProposalQuery) ([]facilities.Proposal, string, int, error) {
	f.asked = fmt.Sprint(q)
	return []facilities.Proposal{f.proposal()}, "n", 7, f.fail
}

func (f *fakeProposals) Proposal(_ context.Context, id string) (facilities.Proposal, facilities.Facility, error) {
	f.asked = id
	if f.fresh {
		return f.proposal(), facilities.Facility{}, f.fail
	}
	return f.proposal(), facilities.Facility{ID: "2", Version: 4, Address: "解放路5号", Stage: facilities.Published, Status: facilities.Open, PlacedBy: facilities.PlacedMap}, f.fail
}

func (f *fakeProposals) Accept(_ context.Context, id string, version int, keep, take []string, reason string) (facilities.Proposal, error) {
	f.asked = fmt.Sprint("accept ", id, " ", version, " ", keep, " ", take, " ", reason)
	return f.proposal(), f.fail
}

func (f *fakeProposals) Reject(_ context.Context, id string, version int, reason string) (facilities.Proposal, error) {
	f.asked = fmt.Sprint("reject ", id, " ", version, " ", reason)
	return f.proposal(), f.fail
}

func (f *fakeProposals) Withdraw(_ context.Context, id string, version int, reason string) (facilities.Proposal, error) {
	f.asked = fmt.Sprint("withdraw ", id, " ", version, " ", reason)
	return f.proposal(), f.fail
}

func serveProposals(t *testing.T, f *fakeProposals) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	facilityhttp.RegisterProposals(httpapi.NewAPI(router), f)
	return httpapitest.New(t, router)
}

const proposalsPath = "/api/v1/facility-proposals"

func TestProposals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, path string
		header       http.Header
		body         body
		status       int
		asked, says  string
	}{
		{"GET", "?state=open&facility=2&mine=true&limit=5&cursor=c", nil, nil, 200, "{open 2 true 5 c}", `"next":"n","total":7`},
		{"GET", "/p", nil, nil, 200, "p", `"fields":[{"field":"address","base":"解放路2号","proposed":"解放路3号","now":"解放路5号","standing":"conflict"},{"field":"place","base":null`},
		{"POST", "", keyed("k"), body{"facility_id": "2", "base_version": 3, "patch": body{"address": "x"}, "reason": "所见"}, 201, "propose 2 3 false 所见", `"facility_id":"2"`},
		{"POST", "", keyed("k"), body{"patch": body{"name_zh": "x"}, "reason": "新开"}, 201, "propose  0 true 新开", `"id":"p"`},
		{"POST", "", keyed("k"), body{"patch": body{"name_zh": "x", "lon": 117.1}, "reason": "新开"}, 201, "propose  0 false 新开", `"id":"p"`},
		{"POST", "/p/accept", keyedAndHeld(`"2"`), body{"keep": []string{"address"}, "take": []string{"place"}, "reason": "属实"}, 200, "accept p 2 [address] [place] 属实", `"id":"p"`},
		{"POST", "/p/reject", keyedAndHeld(`"2"`), body{"reason": "不实"}, 200, "reject p 2 不实", `"id":"p"`},
		{"POST", "/p/withdraw", keyedAndHeld(`"2"`), body{}, 200, "withdraw p 2 ", `"id":"p"`},
	} {
		f := &fakeProposals{}
		var b any
		if tc.body != nil {
			b = tc.body
		}
		w := serveProposals(t, f).Do(tc.method, proposalsPath+tc.path, tc.header, b)
		if w.Code != tc.status || f.asked != tc.asked || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s %s: %d %s\nasked %q", tc.method, tc.path, w.Code, w.Body, f.asked)
		}
	}
	w := serveProposals(t, &fakeProposals{fresh: true}).Get(proposalsPath+"/p", nil)
	var got struct {
		Proposal struct {
			Facility *string    `json:"facility_id"`
			Made     *string    `json:"made_id"`
			Decided  *time.Time `json:"decided_at"`
		}
		Facility *struct{}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Proposal.Facility != nil || got.Facility != nil || got.Proposal.Made == nil || got.Proposal.Decided == nil {
		t.Errorf("of a new one: %s", w.Body)
	}
}

func TestProposalsThatFail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, path string
		header       http.Header
		body         body
		fail         error
		status       int
		says         string
	}{
		{"GET", "?state=done", nil, nil, nil, 422, "query.state"},
		{"GET", "", nil, nil, facilityhttp.ErrBadCursor, 422, "bad_cursor"},
		{"GET", "/p", nil, nil, facilityhttp.ErrNoProposal, 404, "unknown_proposal"},
		{"POST", "", nil, body{"patch": body{}, "reason": "a"}, nil, 400, "idempotency_key_required"},
		{"POST", "", keyed("k"), body{"patch": body{}, "reason": "a"}, record.Invalid([]record.Fault{{Field: "patch", ZH: "没有", EN: "none"}}), 422, "#/patch"},
		{"POST", "/p/accept", nil, body{}, nil, 400, "idempotency_key_required"},
		{"POST", "/p/accept", keyed("k"), body{}, nil, 428, "precondition_required"},
		{"POST", "/p/accept", keyedAndHeld(`"2"`), body{}, facilityhttp.ErrDecided, 409, "proposal_decided"},
		{"POST", "/p/reject", keyed("k"), body{}, nil, 428, "precondition_required"},
		{"POST", "/p/reject", keyedAndHeld(`"2"`), body{}, nil, 422, "#/reason"},
		{"POST", "/p/withdraw", nil, body{}, nil, 400, "idempotency_key_required"},
		{"POST", "/p/withdraw", keyedAndHeld(`"2"`), body{}, facilityhttp.ErrNoProposal, 404, "unknown_proposal"},
	} {
		var b any
		if tc.body != nil {
			b = tc.body
		}
		w := serveProposals(t, &fakeProposals{fail: tc.fail}).Do(tc.method, proposalsPath+tc.path, tc.header, b)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
	}
}
