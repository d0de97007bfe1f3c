package authhttp_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yike/internal/auth"
)

// staff makes an authority with one of each administrator, and gives their sessions.
func (h *house) staff(t *testing.T) (system, security, auditor http.Header) {
	t.Helper()
	h.person(t, "sys", auth.SystemAdmin)
	h.person(t, "sec", auth.SecurityAdmin)
	h.person(t, "aud", auth.SecurityAuditor)
	return h.signIn(t, "sys"), h.signIn(t, "sec"), h.signIn(t, "aud")
}

func TestRoles(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang")
	out, _ := h.ask(t, 200, "GET", "/api/v1/roles", h.signIn(t, "wang"), nil)
	roles := out["roles"].([]any)
	if len(roles) != len(auth.Roles()) || fmt.Sprint(roles[13]) != "map[actions:[map.read] bounded:true en:Read-only role:read_only zh:只读用户]" {
		t.Errorf("roles: %v", roles)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, security, auditor := h.staff(t)
	const path = "/api/v1/accounts"
	body := object{"name": "li", "display_name": "李华", "department": "规划局", "phone": "13987654321"}
	h.refused(t, 401, "sign_in_required", "POST", path, nil, body)
	h.refused(t, 403, "forbidden", "POST", path, security, body)
	h.refused(t, 422, "validation", "POST", path, system, object{"name": "Li!", "display_name": ""})
	keyed := and(system, "Idempotency-Key", "make-li")
	made, w := h.ask(t, 201, "POST", path, keyed, body)
	id := made["id"].(string)
	if made["phone"] != "139****4321" || made["status"] != "active" || made["version"] != 1.0 || len(made["password"].(string)) != 23 ||
		w.Header().Get("Location") != path+"/"+id || w.Header().Get("ETag") != `"1"` {
		t.Errorf("made %v %v", made, w.Header())
	}
	again, _ := h.ask(t, 201, "POST", path, keyed, body)
	if again["id"] != id || again["password"] != "" {
		t.Errorf("made again: %v", again)
	}
	h.refused(t, 409, "name_taken", "POST", path, system, body)
	one, _ := h.ask(t, 200, "GET", path+"/"+id, auditor, nil)
	if one["phone"] != "139****4321" || one["last_seen_at"] != nil || one["locked_until"] != nil {
		t.Errorf("one: %v", one)
	}
	for _, bad := range []string{"x", "01900000-0000-7000-8000-000000000009"} {
		h.refused(t, 404, "not_found", "GET", path+"/"+bad, auditor, nil)
		h.refused(t, 404, "not_found", "PATCH", path+"/"+bad, and(system, "If-Match", `"1"`), object{})
		h.refused(t, 404, "not_found", "POST", path+"/"+bad+"/reveal", system, object{"reason": "x"})
		h.refused(t, 404, "not_found", "POST", path+"/"+bad+"/unlock", system, object{"reason": "x"})
		h.refused(t, 404, "not_found", "POST", path+"/"+bad+"/password-reset", system, object{"reason": "x"})
	}
	h.refused(t, 428, "precondition_required", "PATCH", path+"/"+id, system, object{"department": "住建局"})
	h.refused(t, 403, "forbidden", "PATCH", path+"/"+id, and(auditor, "If-Match", `"1"`), object{"department": "住建局"})
	changed, w := h.ask(t, 200, "PATCH", path+"/"+id, and(system, "If-Match", `"1"`), object{"department": "住建局"})
	if changed["department"] != "住建局" || changed["phone"] != "139****4321" || w.Header().Get("ETag") != `"2"` {
		t.Errorf("changed %v", changed)
	}
	h.refused(t, 412, "stale", "PATCH", path+"/"+id, and(system, "If-Match", `"1"`), object{"department": "民政局"})
	h.refused(t, 422, "validation", "PATCH", path+"/"+id, and(system, "If-Match", `"2"`), object{"status": "asleep"})
}

func TestAccountList(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	_, _, auditor := h.staff(t)
	var names []string
	cursor := ""
	for range 5 {
		out, _ := h.ask(t, 200, "GET", "/api/v1/accounts?limit=2&cursor="+cursor, auditor, nil)
		for _, a := range out["accounts"].([]any) {
			names = append(names, a.(object)["name"].(string))
		}
		if out["next"] == nil {
			break
		}
		cursor = out["next"].(string)
	}
	if fmt.Sprint(names) != "[aud sec sys]" {
		t.Errorf("page by page: %v", names)
	}
	for q, want := range map[string]int{"": 3, "SEC": 1, "王": 3, "民政": 3, "%": 0, "_": 0, `\`: 0, "zzz": 0, "\x00": 0} {
		out, _ := h.ask(t, 200, "GET", "/api/v1/accounts?q="+url.QueryEscape(q), auditor, nil)
		if got := len(out["accounts"].([]any)); got != want {
			t.Errorf("%q finds %d, want %d", q, got, want)
		}
	}
	h.refused(t, 422, "bad_cursor", "GET", "/api/v1/accounts?cursor=*", auditor, nil)
	h.refused(t, 422, "validation", "GET", "/api/v1/accounts?limit=201", auditor, nil)
	h.person(t, "wang", auth.Planner)
	h.refused(t, 403, "forbidden", "GET", "/api/v1/accounts", h.signIn(t, "wang"), nil)
}

func TestDisable(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, _, _ := h.staff(t)
	acc := h.person(t, "wang", auth.Planner)
	me := h.signIn(t, "wang")
	path := "/api/v1/accounts/" + acc.ID
	h.ask(t, 200, "PATCH", path, and(system, "If-Match", `"1"`), object{"status": "disabled"})
	h.refused(t, 401, "sign_in_required", "GET", "/api/v1/account", me, nil)
	h.refused(t, 401, "bad_credentials", "POST", "/api/v1/session", nil, object{"name": "wang", "password": password})
	h.ask(t, 200, "PATCH", path, and(system, "If-Match", `"2"`), object{"status": "active"})
	h.refused(t, 401, "sign_in_required", "GET", "/api/v1/account", me, nil)
	h.signIn(t, "wang")
	own, _ := h.ask(t, 200, "GET", "/api/v1/account", system, nil)
	h.refused(t, 403, "own_account", "PATCH", "/api/v1/accounts/"+own["id"].(string), and(system, "If-Match", `"1"`), object{"status": "disabled"})
}

func TestResetAndUnlock(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, _, _ := h.staff(t)
	acc := h.person(t, "wang", auth.Planner)
	me := h.signIn(t, "wang")
	token, _ := h.ask(t, 201, "POST", "/api/v1/account/tokens", me, object{"name": "QGIS", "actions": []string{"map.read"}, "days": 30})
	bearer := http.Header{"Authorization": {"Bearer " + token["token"].(string)}}
	h.ask(t, 200, "GET", "/api/v1/roles", bearer, nil)
	lock := func() {
		t.Helper()
		for range 5 {
			h.refused(t, 401, "bad_credentials", "POST", "/api/v1/session", nil, object{"name": "wang", "password": "no"})
		}
		h.refused(t, 429, "locked", "POST", "/api/v1/session", nil, object{"name": "wang", "password": password})
	}
	path := "/api/v1/accounts/" + acc.ID
	lock()
	if seen, _ := h.ask(t, 200, "GET", path, system, nil); seen["locked_until"] != "2026-11-27T09:15:00Z" {
		t.Errorf("locked: %v", seen)
	}
	h.refused(t, 422, "validation", "POST", path+"/unlock", system, object{"reason": " "})
	if w := h.Do("POST", path+"/unlock", system, object{"reason": "asked by telephone"}); w.Code != 204 {
		t.Fatalf("unlocked: %d %s", w.Code, w.Body)
	}
	h.signIn(t, "wang")
	lock()
	h.refused(t, 422, "validation", "POST", path+"/password-reset", system, object{"reason": ""})
	keyed := and(system, "Idempotency-Key", "reset-1")
	out, _ := h.ask(t, 200, "POST", path+"/password-reset", keyed, object{"reason": "forgotten"})
	if again, _ := h.ask(t, 200, "POST", path+"/password-reset", keyed, object{"reason": "forgotten"}); again["password"] != "" {
		t.Error("told twice")
	}
	h.refused(t, 401, "sign_in_required", "GET", "/api/v1/account", me, nil)
	h.refused(t, 401, "bad_token", "GET", "/api/v1/roles", bearer, nil)
	h.refused(t, 401, "bad_credentials", "POST", "/api/v1/session", nil, object{"name": "wang", "password": password})
	in, _ := h.ask(t, 200, "POST", "/api/v1/session", nil, object{"name": "wang", "password": out["password"]})
	if in["account"].(object)["must"] != "change_password" {
		t.Errorf("signed in: %v", in)
	}
	own, _ := h.ask(t, 200, "GET", "/api/v1/account", system, nil)
	h.refused(t, 403, "own_account", "POST", "/api/v1/accounts/"+own["id"].(string)+"/password-reset", system, object{"reason": "mine"})
}

func TestReveal(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, _, auditor := h.staff(t)
	path := "/api/v1/accounts/" + h.person(t, "wang").ID + "/reveal"
	h.refused(t, 403, "forbidden", "POST", path, auditor, object{"reason": "curious"})
	h.refused(t, 422, "validation", "POST", path, system, object{"reason": ""})
	h.refused(t, 422, "validation", "POST", path, system, object{})
	out, _ := h.ask(t, 200, "POST", path, system, object{"reason": "紧急联系"})
	if out["phone"] != "13812341234" {
		t.Errorf("revealed %v", out)
	}
	var n int
	err := h.db.Pool().QueryRow(t.Context(), `
SELECT count(*) FROM audit_entry WHERE action = 'personal.reveal' AND outcome = 'done' AND why = '紧急联系' AND who = 'sys' AND detail::text NOT LIKE '%1381234%'`).Scan(&n)
	if err != nil || n != 1 {
		t.Errorf("%d entries in the audit log: %v", n, err)
	}
}

func TestGrants(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, security, _ := h.staff(t)
	path := "/api/v1/accounts/" + h.person(t, "wang").ID + "/grants"
	body := object{"role": "subdistrict_steward", "division_code": "990101001", "reason": "到岗"}
	h.refused(t, 403, "forbidden", "POST", path, system, body)
	for _, bad := range []object{
		{"role": "king", "reason": "x"},
		{"role": "planner", "division_code": "east", "reason": "x"},
		{"role": "system_admin", "division_code": "990101", "reason": "x"},
		{"role": "planner", "reason": ""},
	} {
		h.refused(t, 422, "validation", "POST", path, security, bad)
	}
	keyed := and(security, "Idempotency-Key", "g1")
	made, _ := h.ask(t, 201, "POST", path, keyed, body)
	if again, _ := h.ask(t, 201, "POST", path, keyed, body); fmt.Sprint(again) != fmt.Sprint(made) || made["division_code"] != "990101001" {
		t.Errorf("given %v, again %v", made, again)
	}
	h.refused(t, 409, "already_granted", "POST", path, security, body)
	h.refused(t, 404, "not_found", "POST", "/api/v1/accounts/x/grants", security, body)
	one := path + "/" + made["id"].(string)
	h.refused(t, 422, "validation", "DELETE", one, security, nil)
	if w := h.Do("DELETE", one+"?reason=left", security, nil); w.Code != 204 {
		t.Fatalf("taken: %d %s", w.Code, w.Body)
	}
	h.refused(t, 404, "not_found", "DELETE", one+"?reason=left", security, nil)
	h.refused(t, 404, "not_found", "DELETE", path+"/x?reason=left", security, nil)
	own, _ := h.ask(t, 200, "GET", "/api/v1/account", security, nil)
	mine := "/api/v1/accounts/" + own["id"].(string) + "/grants"
	h.refused(t, 403, "own_grants", "POST", mine, security, object{"role": "security_auditor", "reason": "x"})
	h.refused(t, 403, "own_grants", "DELETE", mine+"/"+own["grants"].([]any)[0].(object)["id"].(string)+"?reason=x", security, nil)
}

func TestSecurityPolicy(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, security, auditor := h.staff(t)
	const path = "/api/v1/security-policy"
	now, w := h.ask(t, 200, "GET", path, auditor, nil)
	policy := now["policy"].(object)
	if now["version"] != 0.0 || w.Header().Get("ETag") != `"0"` || policy["profile"] != "standard" || policy["min_length"] != 12.0 || fmt.Sprint(policy["totp_roles"]) != "[]" {
		t.Errorf("before it is set: %v", now)
	}
	policy["tries"] = 4
	body := object{"policy": policy, "reason": "试点"}
	h.refused(t, 403, "forbidden", "PUT", path, and(system, "If-Match", `"0"`), body)
	h.refused(t, 428, "precondition_required", "PUT", path, security, body)
	h.refused(t, 422, "validation", "PUT", path, and(security, "If-Match", `"0"`), object{"policy": policy, "reason": ""})
	set, w := h.ask(t, 200, "PUT", path, and(security, "If-Match", `"0"`), body)
	if set["version"] != 1.0 || set["policy"].(object)["tries"] != 4.0 || w.Header().Get("ETag") != `"1"` {
		t.Errorf("set: %v", set)
	}
	h.refused(t, 412, "stale", "PUT", path, and(security, "If-Match", `"0"`), body)
	h.refused(t, 412, "stale", "PUT", path, and(security, "If-Match", `"7"`), body)
	policy["tries"] = 99
	out, _ := h.ask(t, 422, "PUT", path, and(security, "If-Match", `"1"`), body)
	if !strings.Contains(fmt.Sprint(out["errors"]), "pointer:#/policy/tries") {
		t.Errorf("too many tries: %v", out)
	}
	h.person(t, "both", auth.SystemAdmin, auth.SecurityAuditor)
	policy["tries"], policy["strict_apart"] = 5, true
	out, _ = h.ask(t, 409, "PUT", path, and(security, "If-Match", `"1"`), body)
	if out["code"] != "roles_apart" || !strings.Contains(out["detail"].(string), "both") {
		t.Errorf("apart: %v", out)
	}
}

// TestApartOverHTTP holds what the strict policy keeps administrators from.
func TestApartOverHTTP(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	system, security, _ := h.staff(t)
	strict := auth.Standard()
	strict.StrictApart = true
	if _, err := h.store.SetPolicy(t.Context(), console(), 0, strict, "a test"); err != nil {
		t.Fatal(err)
	}
	list, _ := h.ask(t, 200, "GET", "/api/v1/accounts?q=aud", security, nil)
	auditor := "/api/v1/accounts/" + list["accounts"].([]any)[0].(object)["id"].(string)
	h.refused(t, 409, "roles_apart", "POST", auditor+"/grants", security, object{"role": "system_admin", "reason": "x"})
	h.refused(t, 409, "roles_apart", "POST", auditor+"/password-reset", system, object{"reason": "x"})
	h.ask(t, 201, "POST", auditor+"/grants", security, object{"role": "planner", "reason": "x"})
}
