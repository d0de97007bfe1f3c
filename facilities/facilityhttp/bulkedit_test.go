package facilityhttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fakeBulk keeps what it was asked, and answers with one of each outcome or an error.
type fakeBulk struct {
	asked string
	fail  error
}

func (b *fakeBulk) ChangeMany(_ context.Context, seen []facilityhttp.SeenFacility, filter *facilities.Filter, p facilities.Patch, c record.Change, dryRun bool) (facilities.BulkResult, error) {
	raw, _ := json.Marshal([]any{seen, filter != nil, p.Fields, c, dryRun})
	b.asked = string(raw)
	r := facilities.BulkResult{Change: "c", Outcomes: []facilities.RecordOutcome{
		{ID: "1", NameZH: "甲", Outcome: facilities.OutcomeChanged, Version: 2},
		{ID: "2", Outcome: facilities.OutcomeRefused, Faults: []record.Fault{{Field: "status", Value: "open", ZH: "不能", EN: "cannot"}}},
		{ID: "3", Outcome: facilities.OutcomeStale},
		{ID: "4", Outcome: facilities.OutcomeUnchanged},
	}}
	if dryRun {
		r.Change = ""
	}
	return r, b.fail
}

func (b *fakeBulk) UndoMany(_ context.Context, change, reason string) (facilities.BulkResult, error) {
	b.asked = fmt.Sprint("undo ", change, " ", reason)
	return facilities.BulkResult{Change: "d"}, b.fail
}

func serveBulk(t *testing.T, b *fakeBulk) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	facilityhttp.RegisterBulk(httpapi.NewAPI(router), source{registry(t)}, b)
	return httpapitest.New(t, router)
}

func TestBulk(t *testing.T) {
	t.Parallel()
	const outcomes = `"changed":1,"unchanged":1,"refused":1,"stale":1,"outcomes":[{"id":"1","name_zh":"甲","name_en":"","outcome":"changed","version":2},` +
		`{"id":"2","name_zh":"","name_en":"","outcome":"refused","version":0,"faults":[{"field":"status","value":"open","zh":"不能","en":"cannot"}]},`
	for _, tc := range []struct {
		name, path  string
		body        body
		asked, says string
	}{
		{
			"chosen", "/bulk",
			body{"records": []body{{"id": "1", "version": 3}, {"id": "2"}}, "patch": body{"fields": body{"operator": "a"}}, "reason": "r"},
			`[[{"id":"1","version":3},{"id":"2"}],false,{"operator":"a"},{"Reason":"r","ValidFrom":"","Correction":false},false]`, `{"change":"c",` + outcomes,
		},
		{
			"by a filter, tried", "/bulk",
			body{"filter": body{"type": []string{"columbarium"}}, "patch": body{"capacity": 3}, "reason": "r", "valid_from": "2026-01-01", "correction": true, "dry_run": true},
			`[null,true,null,{"Reason":"r","ValidFrom":"2026-01-01","Correction":true},true]`, `{"change":null,` + outcomes,
		},
		{"undone", "/bulk/c/undo", body{"reason": "误操作"}, "undo c 误操作", `"change":"d"`},
	} {
		b := &fakeBulk{}
		w := serveBulk(t, b).Do(http.MethodPost, "/api/v1/facilities"+tc.path, keyed("k"), tc.body)
		if w.Code != http.StatusOK || b.asked != tc.asked || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s\nasked %s", tc.name, w.Code, w.Body, b.asked)
		}
	}
}

func TestBulkThatIsNotTaken(t *testing.T) {
	t.Parallel()
	of := func(more body) body {
		b := body{"records": []body{{"id": "1"}}, "patch": body{"capacity": 3}, "reason": "r"}
		for k, v := range more {
			if v == nil {
				delete(b, k)
			} else {
				b[k] = v
			}
		}
		return b
	}
	for _, tc := range []struct {
		name, path string
		header     http.Header
		body       body
		fail       error
		status     int
		says       string
	}{
		{"without a key", "/bulk", nil, of(nil), nil, 400, "idempotency_key_required"},
		{"undone without a key", "/bulk/c/undo", nil, body{"reason": "a"}, nil, 400, "idempotency_key_required"},
		{"of nothing", "/bulk", keyed("k"), of(body{"records": nil}), nil, 422, "#/records"},
		{"of both", "/bulk", keyed("k"), of(body{"filter": body{}}), nil, 422, "#/records"},
		{"by a filter that means nothing", "/bulk", keyed("k"), of(body{"records": nil, "filter": body{"area": "1,2"}}), nil, 422, "#/area"},
		{"of a type that there is not", "/bulk", keyed("k"), of(body{"records": nil, "filter": body{"type": []string{"pub"}}}), nil, 404, "unknown_facility_type"},
		{"against the rules", "/bulk", keyed("k"), of(nil), record.Invalid(facilities.TooMany(6000)), 422, `"value":"6000"`},
		{"of no change", "/bulk/x/undo", keyed("k"), body{"reason": "a"}, facilityhttp.ErrNoChange, 404, "unknown_change"},
	} {
		w := serveBulk(t, &fakeBulk{fail: tc.fail}).Do(http.MethodPost, "/api/v1/facilities"+tc.path, tc.header, tc.body)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s", tc.name, w.Code, w.Body)
		}
	}
}
