package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yike/facilities"
	"yike/internal/auth"
)

// TestTheRegistryThroughTheAPI takes records through their lives as a district's people
// do: each write is in the answers at once, and those who may not are told so.
func TestTheRegistryThroughTheAPI(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "steward", auth.Steward, own)
	o.hire(t, "neighbour", auth.Steward, other)
	o.hire(t, "worker", auth.FieldWorker, own)
	keys := 0
	do := func(who, method, path, tag string, body map[string]any, status int) map[string]any {
		t.Helper()
		keys++
		var sent any
		if body != nil {
			sent = body
		}
		w := o.Do(method, path, as(who, "Idempotency-Key", fmt.Sprint("k", keys), "If-Match", tag), sent)
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != status {
			t.Fatalf("%s %s %s: %d %s", who, method, path, w.Code, w.Body)
		}
		return got
	}
	tag := func(f map[string]any) string { return fmt.Sprintf("%q", fmt.Sprint(f["version"])) }
	path := func(f map[string]any) string { return facilitiesPath + "/" + f["id"].(string) }
	total := func(who, query string) float64 {
		t.Helper()
		return do(who, http.MethodGet, facilitiesPath+"?count=true&limit=1&"+query, "", nil, 200)["total"].(float64)
	}
	counted := len(o.live.held.State().Facilities)

	draft := newCanteen(at)
	draft["stage"], draft["bureau_no"] = "draft", "T-1"
	f := do("steward", http.MethodPost, facilitiesPath, "", draft, 201)
	if total("steward", "stage=draft") != 1 || total("neighbour", "stage=draft") != 0 || total("", "stage=draft") != 0 {
		t.Error("a draft is seen by those who may not, or not by those who may")
	}
	f = do("steward", http.MethodPatch, path(f), tag(f), map[string]any{"stage": "submitted", "reason": "提交"}, 200)
	do("steward", http.MethodPatch, path(f), tag(f), map[string]any{"stage": "published", "reason": "发布"}, 403)
	f = do("planner", http.MethodPatch, path(f), tag(f), map[string]any{"stage": "published", "reason": "发布"}, 200)
	if n := len(o.live.held.State().Facilities); n != counted+1 {
		t.Errorf("%d facilities are counted with, want %d", n, counted+1)
	}
	f = do("steward", http.MethodPost, path(f)+"/verify", tag(f), map[string]any{"note": "现场看过"}, 200)
	if f["verified_on"] != "2026-11-27" {
		t.Errorf("verified: %v", f)
	}

	p := do("worker", http.MethodPost, "/api/v1/facility-proposals", "", map[string]any{
		"facility_id": f["id"], "base_version": f["version"], "patch": map[string]any{"address": "花桥路 9 号"}, "reason": "门牌已换",
	}, 201)
	proposal := "/api/v1/facility-proposals/" + p["id"].(string)
	do("neighbour", http.MethodGet, proposal, "", nil, 404)
	do("worker", http.MethodPost, proposal+"/accept", tag(p), map[string]any{}, 403)
	do("steward", http.MethodPost, proposal+"/accept", tag(p), map[string]any{}, 200)
	f = do("steward", http.MethodGet, path(f), "", nil, 200)
	if f["address"] != "花桥路 9 号" {
		t.Errorf("accepted: %v", f)
	}

	second := do("planner", http.MethodPost, facilitiesPath, "", newCanteen(at), 201)
	do("steward", http.MethodPost, path(second)+"/merge", tag(second), map[string]any{"into": f["id"], "into_version": f["version"], "reason": "重复登记"}, 200)
	gone := o.Get(path(second), as("steward"))
	if !strings.Contains(gone.Header().Get("Link"), f["id"].(string)) || !strings.Contains(gone.Body.String(), `"status":"closed"`) {
		t.Errorf("a tombstone: %v %s", gone.Header(), gone.Body)
	}
	do("planner", http.MethodPatch, path(second), `"2"`, map[string]any{"capacity": 1, "reason": "a"}, 409)
	if n := len(o.live.held.State().Facilities); n != counted+1 {
		t.Errorf("%d facilities are counted with after the merge, want %d", n, counted+1)
	}

	bulk := do("steward", http.MethodPost, facilitiesPath+"/bulk", "", map[string]any{
		"filter": map[string]any{"type": []string{"elderly_canteen"}, "division": own}, "patch": map[string]any{"fields": map[string]any{"operator": "某公司"}}, "reason": "统一运营",
	}, 200)
	if bulk["changed"].(float64) < 1 || bulk["refused"].(float64) != 0 {
		t.Errorf("changed %v", bulk)
	}
	undone := do("steward", http.MethodPost, fmt.Sprintf("%s/bulk/%s/undo", facilitiesPath, bulk["change"]), "", map[string]any{"reason": "误操作"}, 200)
	if undone["changed"] != bulk["changed"] {
		t.Errorf("undone %v of %v", undone, bulk)
	}
	do("steward", http.MethodPost, facilitiesPath+"/bulk/"+f["id"].(string)+"/undo", "", map[string]any{"reason": "a"}, 404)

	parts := do("planner", http.MethodPost, path(f)+"/split", fmt.Sprintf("%q", fmt.Sprint(f["version"].(float64)+2)), map[string]any{
		"parts": []map[string]any{{"name_zh": "一部", "bureau_no": "T-1"}, {"name_zh": "二部"}}, "reason": "分为两处",
	}, 200)
	if list := parts["facilities"].([]any); len(list) != 2 || list[0].(map[string]any)["bureau_no"] != "T-1" {
		t.Errorf("parts %v", parts)
	}
	if n := len(o.live.held.State().Facilities); n != counted+2 {
		t.Errorf("%d facilities are counted with after the split, want %d", n, counted+2)
	}

	do("steward", http.MethodPost, "/api/v1/stewards", "", map[string]any{"division_code": own, "office": "办事处", "reason": "a"}, 403)
	who := do("planner", http.MethodPost, "/api/v1/stewards", "", map[string]any{"division_code": own, "office": "办事处", "verify_days": 30, "reason": "明确责任"}, 201)
	do("planner", http.MethodPatch, "/api/v1/stewards/"+who["id"].(string), tag(who), map[string]any{"verify_days": 60, "reason": "放宽"}, 200)
	if list := do("worker", http.MethodGet, "/api/v1/stewards", "", nil, 200)["stewards"].([]any); len(list) != 1 {
		t.Errorf("stewards %v", list)
	}
	var communities []string
	for _, d := range o.state.Divisions {
		if strings.HasPrefix(d.Code, own) && d.Code != own {
			communities = append(communities, d.Code)
		}
	}
	area := do("planner", http.MethodPost, "/api/v1/service-areas", "", map[string]any{"name_zh": "东片", "division_code": own, "communities": communities, "reason": "划定"}, 201)
	do("planner", http.MethodPatch, "/api/v1/service-areas/"+area["id"].(string), tag(area), map[string]any{"closed": true, "reason": "并"}, 200)
	do("planner", http.MethodPatch, "/api/v1/service-areas/x", `"1"`, map[string]any{"closed": true, "reason": "并"}, 404)
	if list := do("worker", http.MethodGet, "/api/v1/service-areas", "", nil, 200)["areas"].([]any); len(list) != 1 {
		t.Errorf("areas %v", list)
	}
	counts := do("planner", http.MethodGet, facilitiesPath+"/counts?division="+own, "", nil, 200)
	if counts["total"].(float64) < 2 || counts["overdue"].(float64) < 1 {
		t.Errorf("counts %v", counts)
	}
	if total("planner", "tombstones=true&q="+string(facilities.Closed)) != 0 || total("planner", "valid=2026-11-26&type=elderly_canteen") < 1 {
		t.Error("a list of the day before, or of a word that nothing has")
	}
}
