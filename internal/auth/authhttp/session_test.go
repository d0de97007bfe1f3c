package authhttp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"yike/internal/auth"
)

func TestSession(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang", auth.Planner)
	nobody, _ := h.ask(t, 200, "GET", "/api/v1/session", nil, nil)
	if nobody["account"] != nil || nobody["oidc"] != nil || len(nobody["demo_accounts"].([]any)) != 0 {
		t.Errorf("nobody is %v", nobody)
	}
	first, w := h.ask(t, 200, "POST", "/api/v1/session", nil, object{"name": "Wang", "password": password})
	me := sessionIn(t, w)
	again, _ := h.ask(t, 200, "GET", "/api/v1/session", me, nil)
	if fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("signing in says %v, asking %v", first, again)
	}
	acc := again["account"].(object)
	if acc["name"] != "wang" || acc["display_name"] != "王小明" || acc["department"] != "民政局" || acc["method"] != "password" || acc["must"] != "" ||
		acc["totp"] != false || acc["password_expires_at"] != nil || acc["last_login"] != nil || acc["demo"] != false ||
		fmt.Sprint(acc["grants"]) != "[map[division_code: role:planner]]" || !strings.Contains(fmt.Sprint(acc["actions"]), "facility.write") ||
		fmt.Sprint(acc["password_rules"]) != "map[min_length:12 need_classes:0]" {
		t.Errorf("I am %v", acc)
	}
	// Signing in again ends the session that the browser had.
	_, w = h.ask(t, 200, "POST", "/api/v1/session", me, object{"name": "wang", "password": password})
	second := sessionIn(t, w)
	over, w := h.ask(t, 200, "GET", "/api/v1/session", me, nil)
	if over["account"] != nil || !strings.HasPrefix(w.Header().Get("Set-Cookie"), "__Host-yike=; Path=/; Max-Age=0") {
		t.Errorf("the session before is %v, its cookie %q", over, w.Header().Get("Set-Cookie"))
	}
	now, _ := h.ask(t, 200, "GET", "/api/v1/session", second, nil)
	if last := now["account"].(object)["last_login"].(object); last["at"] != "2026-11-27T09:00:00Z" || last["from"] != "192.0.2.1" {
		t.Errorf("the last sign-in was %v", last)
	}
	w = h.Do("DELETE", "/api/v1/session", second, nil)
	if w.Code != 204 || w.Header().Get("Clear-Site-Data") != `"cache", "cookies", "storage"` || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("signed out: %d %v", w.Code, w.Header())
	}
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", second, nil); out["account"] != nil {
		t.Error("still signed in")
	}
	if w := h.Do("DELETE", "/api/v1/session", nil, nil); w.Code != 204 {
		t.Errorf("nobody signs out: %d", w.Code)
	}
}

func TestSignInRefusals(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang")
	const path = "/api/v1/session"
	h.refused(t, 401, "bad_credentials", "POST", path, nil, object{"name": "wang", "password": "no"})
	h.refused(t, 401, "bad_credentials", "POST", path, nil, object{"name": "w\x00ang", "password": password})
	h.refused(t, 422, "validation", "POST", path, nil, object{"name": "wang"})
	h.refused(t, 422, "validation", "POST", path, nil, object{"name": "wang", "password": password, "admin": true})
	for range 4 {
		h.refused(t, 401, "bad_credentials", "POST", path, nil, object{"name": "wang", "password": "no"})
	}
	w := h.refused(t, 429, "locked", "POST", path, nil, object{"name": "wang", "password": password})
	if w.Header().Get("Retry-After") != "900" {
		t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
	}
}

func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	if err := h.store.DemoAccounts(t.Context(), adcode, "990101001"); err != nil {
		t.Fatal(err)
	}
	typed := object{"name": "subdistrict-steward", "password": auth.DemoPassword}
	h.refused(t, 403, "demo_not_here", "POST", "/api/v1/session", nil, typed)
	h.demo = true // but the test's client is at 192.0.2.1
	h.refused(t, 403, "demo_not_here", "POST", "/api/v1/session", nil, typed)
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", nil, nil); len(out["demo_accounts"].([]any)) != 0 {
		t.Error("demonstration accounts are shown to another machine")
	}
	here := h.local()
	out, _ := here.ask(t, 200, "GET", "/api/v1/session", nil, nil)
	shown := out["demo_accounts"].([]any)
	if len(shown) != len(auth.Roles()) || fmt.Sprint(shown[4]) != "map[display_name:演示街镇管理员 name:subdistrict-steward password:yike-demo-2026 role:subdistrict_steward role_en:Subdistrict steward role_zh:街镇管理员]" {
		t.Errorf("shown: %v", shown)
	}
	out, w := here.ask(t, 200, "POST", "/api/v1/session", nil, typed)
	if acc := out["account"].(object); acc["demo"] != true || fmt.Sprint(acc["grants"]) != "[map[division_code:990101001 role:subdistrict_steward]]" {
		t.Errorf("signed in as %v", acc)
	}
	me := sessionIn(t, w)
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", me, nil); out["account"] != nil {
		t.Error("the session is taken from another machine")
	}
}

func TestOwnAccount(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	acc := h.person(t, "wang", auth.Planner)
	h.refused(t, 401, "sign_in_required", "GET", "/api/v1/account", nil, nil)
	me := h.signIn(t, "wang")
	own, w := h.ask(t, 200, "GET", "/api/v1/account", me, nil)
	if own["id"] != acc.ID || own["phone"] != "13812341234" || w.Header().Get("ETag") != `"1"` || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("own: %v %v", own, w.Header())
	}
	h.refused(t, 428, "precondition_required", "PATCH", "/api/v1/account", me, object{"phone": "110"})
	h.refused(t, 412, "stale", "PATCH", "/api/v1/account", and(me, "If-Match", `"7"`), object{"phone": "110"})
	h.refused(t, 422, "validation", "PATCH", "/api/v1/account", and(me, "If-Match", `"1"`), object{"phone": "ring me"})
	h.refused(t, 422, "validation", "PATCH", "/api/v1/account", and(me, "If-Match", `"1"`), object{"status": "disabled"})
	own, w = h.ask(t, 200, "PATCH", "/api/v1/account", and(me, "If-Match", `"1"`), object{"phone": "029-87654321", "display_name": " 王明 "})
	if own["phone"] != "029-87654321" || own["display_name"] != "王明" || own["department"] != "民政局" || w.Header().Get("ETag") != `"2"` {
		t.Errorf("changed to %v %v", own, w.Header())
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang")
	me, other := h.signIn(t, "wang"), h.signIn(t, "wang")
	const path, next = "/api/v1/account/password", "river-walk-lamp-post-9"
	h.refused(t, 401, "bad_credentials", "POST", path, me, object{"old": "no", "new": next})
	out, _ := h.ask(t, 422, "POST", path, me, object{"old": password, "new": "short"})
	if out["code"] != "weak_password" || !strings.Contains(fmt.Sprint(out["errors"]), "至少 12 个字符") || strings.Contains(fmt.Sprint(out), "short") {
		t.Errorf("a weak one: %v", out)
	}
	out, _ = h.ask(t, 422, "POST", path, me, object{"old": password, "new": password})
	if out["code"] != "weak_password" {
		t.Errorf("the same: %v", out)
	}
	keyed := and(me, "Idempotency-Key", "k1")
	for range 2 { // the second time the old password is old no more
		if w := h.Do("POST", path, keyed, object{"old": password, "new": next}); w.Code != 204 {
			t.Fatalf("changed: %d %s", w.Code, w.Body)
		}
	}
	h.refused(t, 422, "idempotency_key_reused", "POST", path, keyed, object{"old": next, "new": "another-good-one-here"})
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", other, nil); out["account"] != nil {
		t.Error("the other session goes on")
	}
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", me, nil); out["account"] == nil {
		t.Error("this session ended")
	}
	h.refused(t, 401, "bad_credentials", "POST", "/api/v1/session", nil, object{"name": "wang", "password": password})
	h.ask(t, 200, "POST", "/api/v1/session", nil, object{"name": "wang", "password": next})
}

func TestOwnSessions(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang")
	me := h.signIn(t, "wang")
	*h.now = h.now.Add(time.Second)
	agent := and(nil, "User-Agent", "Firefox\x00"+strings.Repeat("长", 300))
	_, w := h.ask(t, 200, "POST", "/api/v1/session", agent, object{"name": "wang", "password": password})
	other := sessionIn(t, w)
	out, _ := h.ask(t, 200, "GET", "/api/v1/account/sessions", me, nil)
	list := out["sessions"].([]any)
	if len(list) != 2 || list[0].(object)["current"] != false || list[1].(object)["current"] != true || len([]rune(list[0].(object)["agent"].(string))) != 200 {
		t.Fatalf("sessions: %v", list)
	}
	h.refused(t, 404, "not_found", "DELETE", "/api/v1/account/sessions/x", me, nil)
	if w := h.Do("DELETE", "/api/v1/account/sessions/"+list[0].(object)["id"].(string), me, nil); w.Code != 204 {
		t.Errorf("ended: %d", w.Code)
	}
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", other, nil); out["account"] != nil {
		t.Error("the ended one goes on")
	}
}

// TestDutyComesFirst holds that a one-time password is changed before anything else.
func TestDutyComesFirst(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	_, once, err := h.store.Create(t.Context(), console(), auth.NewAccount{Name: "new", DisplayName: "新"})
	if err != nil {
		t.Fatal(err)
	}
	out, w := h.ask(t, 200, "POST", "/api/v1/session", nil, object{"name": "new", "password": once})
	me := sessionIn(t, w)
	if acc := out["account"].(object); acc["must"] != "change_password" || len(acc["actions"].([]any)) != 0 {
		t.Errorf("signed in with a one-time password: %v", acc)
	}
	h.refused(t, 403, "duty", "GET", "/api/v1/account/tokens", me, nil)
	h.refused(t, 403, "duty", "GET", "/api/v1/roles", me, nil)
	h.ask(t, 200, "GET", "/api/v1/account", me, nil)
	if w := h.Do("POST", "/api/v1/account/password", me, object{"old": once, "new": password}); w.Code != 204 {
		t.Fatalf("changed: %d %s", w.Code, w.Body)
	}
	h.ask(t, 200, "GET", "/api/v1/roles", me, nil)
}

// TestStorageIsAway holds that a session that cannot be looked up is not signed out.
func TestStorageIsAway(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang")
	me := h.signIn(t, "wang")
	*h.now = h.now.Add(time.Minute) // so that nothing is held
	h.db.Close()
	for _, tc := range []struct{ method, path string }{
		{"GET", "/api/v1/session"}, {"DELETE", "/api/v1/session"}, {"GET", "/api/v1/account"},
	} {
		if w := h.Do(tc.method, tc.path, me, nil); w.Code != http.StatusInternalServerError || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s %s: %d %v", tc.method, tc.path, w.Code, w.Header())
		}
	}
	if w := h.Do("POST", "/api/v1/session", nil, object{"name": "wang", "password": password}); w.Code != http.StatusInternalServerError {
		t.Errorf("signing in: %d", w.Code)
	}
}
