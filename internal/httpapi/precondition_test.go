package httpapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/httpapi"
)

func TestIfMatch(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		header  string
		version int
		status  int // 0: none
		code    string
	}{
		"a version":           {header: `"7"`, version: 7},
		"never stored":        {header: `"0"`, version: 0},
		"spaces around":       {header: ` "12" `, version: 12},
		"weakened by a proxy": {header: `W/"7"`, version: 7},
		"missing":             {header: "", status: 428, code: "precondition_required"},
		"blank":               {header: "  ", status: 428, code: "precondition_required"},
		"any version":         {header: "*", status: 428, code: "precondition_required"},
		"several":             {header: `"7", "8"`, status: 428, code: "precondition_required"},
		"no quotes":           {header: "7", status: 412, code: "stale"},
		"one quote":           {header: `"7`, status: 412, code: "stale"},
		"of something else":   {header: `"district-v1"`, status: 412, code: "stale"},
		"negative":            {header: `"-1"`, status: 412, code: "stale"},
		"a sign":              {header: `"+1"`, status: 412, code: "stale"},
		"written otherwise":   {header: `"007"`, status: 412, code: "stale"},
		"nothing in it":       {header: `""`, status: 412, code: "stale"},
		"too large":           {header: `"99999999999999999999"`, status: 412, code: "stale"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			version, err := httpapi.IfMatch(tc.header)
			if tc.status == 0 {
				if err != nil || version != tc.version {
					t.Errorf("IfMatch(%s) = %d, %v; want %d", tc.header, version, err, tc.version)
				}
				return
			}
			hold(t, err, tc.status, tc.code)
		})
	}
}

// hold holds an error to the problem that it must be, said in both languages.
func hold(t *testing.T, err error, status int, code string) {
	t.Helper()
	var p *httpapi.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v; want a problem", err)
	}
	if p.Status != status || p.Code != code || p.Detail.ZH == "" || p.Detail.EN == "" || p.Detail.ZH == p.Detail.EN {
		t.Errorf("got %d %s %+v; want %d %s in both languages", p.Status, p.Code, p.Detail, status, code)
	}
}

// What ETag says, IfMatch reads.
func TestETagsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.IntRange(0, 1<<53).Draw(t, "version")
		if got, err := httpapi.IfMatch(httpapi.ETag(v)); err != nil || got != v {
			t.Fatalf("version %d comes back as %d, %v", v, got, err)
		}
	})
}

func TestTellingProblems(t *testing.T) {
	t.Parallel()
	hold(t, httpapi.Stale(9), http.StatusPreconditionFailed, "stale")
	hold(t, httpapi.KeyRequired(), http.StatusBadRequest, "idempotency_key_required")
	hold(t, httpapi.KeyReused(), http.StatusUnprocessableEntity, "idempotency_key_reused")
	for _, p := range []*httpapi.Problem{httpapi.Forbidden("", ""), httpapi.Forbidden("facility.write", "420103")} {
		hold(t, p, http.StatusForbidden, "forbidden")
	}
	p := httpapi.Forbidden("facility.write", "420103")
	for _, text := range []string{p.Detail.ZH, p.Detail.EN} {
		if !strings.Contains(text, "facility.write") || !strings.Contains(text, "420103") {
			t.Errorf("%q does not say what was refused", text)
		}
	}
	if p := httpapi.Stale(9); !strings.Contains(p.Detail.ZH, "9") || !strings.Contains(p.Detail.EN, "9") {
		t.Errorf("%+v does not say which version is current", p.Detail)
	}
}
