package authhttp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"yike/internal/auth"
)

func (h *house) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, *h.now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang")
	me := h.signIn(t, "wang")
	const path = "/api/v1/account/totp"
	h.refused(t, 409, "no_totp", "POST", path+"/confirm", me, object{"code": "123456"})
	h.refused(t, 409, "no_totp", "DELETE", path, me, object{"password": password})
	keyed := and(me, "Idempotency-Key", "t1")
	set, _ := h.ask(t, 200, "POST", path, keyed, nil)
	again, _ := h.ask(t, 200, "POST", path, keyed, nil)
	secret := set["secret"].(string)
	if fmt.Sprint(set) != fmt.Sprint(again) || !strings.HasPrefix(set["uri"].(string), "otpauth://totp/Yike:wang?") || !strings.Contains(set["uri"].(string), secret) ||
		!strings.HasPrefix(set["qr_svg"].(string), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `) {
		t.Errorf("set up as %v, again as %v", set, again)
	}
	h.refused(t, 401, "bad_code", "POST", path+"/confirm", me, object{"code": "12345"})
	if other, _ := h.ask(t, 200, "POST", path, me, nil); other["secret"] == secret {
		t.Error("the one that waits was not replaced")
	} else {
		secret = other["secret"].(string)
	}
	confirm := and(me, "Idempotency-Key", "t2")
	body := object{"code": h.code(t, secret)}
	out, _ := h.ask(t, 200, "POST", path+"/confirm", confirm, body)
	recovery := out["recovery_codes"].([]any)
	if len(recovery) != 10 {
		t.Fatalf("recovery codes: %v", recovery)
	}
	if out, _ := h.ask(t, 200, "POST", path+"/confirm", confirm, body); len(out["recovery_codes"].([]any)) != 0 {
		t.Error("recovery codes are told twice")
	}
	h.refused(t, 409, "totp_in_force", "POST", path, me, nil)
	typed := object{"name": "wang", "password": password}
	h.refused(t, 401, "code_required", "POST", "/api/v1/session", nil, typed)
	typed["code"] = "000000"
	h.refused(t, 401, "bad_code", "POST", "/api/v1/session", nil, typed)
	typed["code"] = h.code(t, secret) // used to confirm
	h.refused(t, 401, "bad_code", "POST", "/api/v1/session", nil, typed)
	*h.now = h.now.Add(30 * time.Second)
	typed["code"] = h.code(t, secret)
	in, _ := h.ask(t, 200, "POST", "/api/v1/session", nil, typed)
	if acc := in["account"].(object); acc["method"] != "totp" || acc["totp"] != true {
		t.Errorf("signed in: %v", acc)
	}
	typed["code"] = strings.ToUpper(recovery[3].(string))
	in, _ = h.ask(t, 200, "POST", "/api/v1/session", nil, typed)
	if in["account"].(object)["method"] != "recovery" {
		t.Errorf("signed in: %v", in)
	}
	h.refused(t, 401, "bad_code", "POST", "/api/v1/session", nil, typed)
	h.refused(t, 401, "bad_credentials", "DELETE", path, me, object{"password": "no"})
	if w := h.Do("DELETE", path, me, object{"password": password}); w.Code != 204 {
		t.Errorf("removed: %d %s", w.Code, w.Body)
	}
	h.signIn(t, "wang")
}

func TestTOTPIsRequired(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang", auth.Planner)
	me := h.signIn(t, "wang")
	p := auth.Standard()
	p.TOTPRoles = []auth.Role{auth.Planner}
	if _, err := h.store.SetPolicy(t.Context(), console(), 0, p, "a test"); err != nil {
		t.Fatal(err)
	}
	h.refused(t, 403, "duty", "GET", "/api/v1/roles", me, nil)
	if out, _ := h.ask(t, 200, "GET", "/api/v1/session", me, nil); out["account"].(object)["must"] != "set_up_totp" {
		t.Errorf("session: %v", out)
	}
	set, _ := h.ask(t, 200, "POST", "/api/v1/account/totp", me, nil)
	h.ask(t, 200, "POST", "/api/v1/account/totp/confirm", me, object{"code": h.code(t, set["secret"].(string))})
	h.ask(t, 200, "GET", "/api/v1/roles", me, nil)
	h.refused(t, 403, "totp_required", "DELETE", "/api/v1/account/totp", me, object{"password": password})
}

func TestAPITokens(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.person(t, "wang", auth.Planner)
	me := h.signIn(t, "wang")
	const path = "/api/v1/account/tokens"
	for _, bad := range []object{
		{"name": "", "actions": []string{"map.read"}, "days": 1},
		{"name": "x", "actions": []string{}, "days": 1},
		{"name": "x", "actions": []string{"audit.read"}, "days": 1},
		{"name": "x", "actions": []string{"map.read"}, "days": 181},
		{"name": "x", "actions": []string{"map.read"}, "days": 0},
	} {
		h.refused(t, 422, "validation", "POST", path, me, bad)
	}
	body := object{"name": "QGIS", "actions": []string{"map.read"}, "days": 180}
	keyed := and(me, "Idempotency-Key", "k")
	made, _ := h.ask(t, 201, "POST", path, keyed, body)
	secret := made["token"].(string)
	if again, _ := h.ask(t, 201, "POST", path, keyed, body); again["token"] != "" || again["id"] != made["id"] {
		t.Errorf("made again: %v", again)
	}
	bearer := http.Header{"Authorization": {"Bearer " + secret}}
	out, _ := h.ask(t, 200, "GET", "/api/v1/session", bearer, nil)
	if acc := out["account"].(object); acc["method"] != "token" || fmt.Sprint(acc["actions"]) != "[map.read]" {
		t.Errorf("with the token: %v", acc)
	}
	for _, tc := range []struct{ method, path string }{
		{"GET", "/account"},
		{"PATCH", "/account"},
		{"POST", "/account/password"},
		{"POST", "/account/totp"},
		{"POST", "/account/totp/confirm"},
		{"DELETE", "/account/totp"},
		{"GET", "/account/sessions"},
		{"DELETE", "/account/sessions/x"},
		{"GET", "/account/tokens"},
		{"POST", "/account/tokens"},
		{"DELETE", "/account/tokens/x"},
	} {
		body := object{"old": "a", "new": "b", "code": "c", "password": "d", "name": "e", "actions": []string{"map.read"}, "days": 1}
		for k := range body {
			if keep := map[string]string{"/account/password": "old new", "/account/totp/confirm": "code", "/account/tokens": "name actions days"}[tc.path]; !strings.Contains(keep, k) &&
				(tc.path != "/account/totp" || k != "password") {
				delete(body, k)
			}
		}
		if tc.method == "GET" {
			h.refused(t, 403, "session_required", tc.method, "/api/v1"+tc.path, bearer, nil)
			continue
		}
		h.refused(t, 403, "session_required", tc.method, "/api/v1"+tc.path, bearer, body)
	}
	list, _ := h.ask(t, 200, "GET", path, me, nil)
	if one := list["tokens"].([]any)[0].(object); one["last_used_at"] != "2026-11-27T09:00:00Z" || one["revoked_at"] != nil || one["token"] != nil {
		t.Errorf("listed: %v", one)
	}
	h.refused(t, 404, "not_found", "DELETE", path+"/x", me, nil)
	one := path + "/" + made["id"].(string)
	if w := h.Do("DELETE", one, me, nil); w.Code != 204 {
		t.Errorf("revoked: %d", w.Code)
	}
	h.refused(t, 404, "not_found", "DELETE", one, me, nil)
	h.refused(t, 401, "bad_token", "GET", "/api/v1/session", bearer, nil)
}
