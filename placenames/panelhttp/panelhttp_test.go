package panelhttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
	"yike/placenames/panelhttp"
)

const today = record.Day("2026-11-27")

// desk has one case; what it is not asked for in a test panics.
type desk struct {
	panelhttp.Desk
	rules panel.Rules
	err   error
	did   []string
}

func (d *desk) Today() record.Day { return today }

func (d *desk) Rules(context.Context) (panel.Rules, bool, error) { return d.rules, true, d.err }

func (d *desk) SetRules(_ context.Context, expected int, r panel.Rules, _ string) error {
	d.rules, d.rules.Version = r, expected+1
	return record.Invalid(r.Validate())
}

func (d *desk) Case(context.Context, string) (panel.Case, error) {
	given := panel.Review{
		ID: "r1", Criteria: d.rules.Criteria, Due: today, Given: true, Expert: panel.Expert{ID: "e", Name: "王"},
		Opinion: &panel.Opinion{Verdict: panel.Change, Text: "改", Day: today, Scores: []panel.Score{{Criterion: "legality", Points: 4}}, Own: true},
	}
	hidden := panel.Review{ID: "r2", Criteria: d.rules.Criteria, Due: "2026-11-26"}
	return panel.Case{
		Matter: panel.Matter{CaseID: "c", Name: "和顺道", Open: true}, Rules: d.rules, Reviews: []panel.Review{given, hidden},
		Consulted: panel.Consulted{Asks: []panel.Ask{{Office: "公安", AskedOn: "2026-11-01", Due: "2026-11-02"}}},
		Meetings:  []panel.Meeting{{Number: "2026-01", Agenda: []panel.Item{{CaseID: "c"}}}},
	}, d.err
}

func (d *desk) Opine(_ context.Context, caseID, review string, o panel.Opinion) error {
	d.did = append(d.did, caseID+" "+review+" "+string(o.Verdict))
	return d.err
}

func ask(t testing.TB, d *desk, method, path, body string, headers ...string) (int, map[string]any) {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	panelhttp.Register(httpapi.NewAPI(r), d)
	request := httptest.NewRequest(method, "/api/v1/"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	out := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
	}
	return w.Code, out
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	rules, err := panel.Usual()
	if err != nil {
		t.Fatal(err)
	}
	return &desk{rules: rules}
}

func TestAPanelSaysWhatIsThereAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	status, got := ask(t, newDesk(t), http.MethodGet, "name-cases/c/panel", "")
	if status != http.StatusOK {
		t.Fatal(status, got)
	}
	reviews, asks := got["reviews"].([]any), got["asks"].([]any)
	if first := reviews[0].(map[string]any); first["expert"] != "王" || first["opinion"].(map[string]any)["verdict"] != "change" {
		t.Error(first)
	}
	if second := reviews[1].(map[string]any); second["late"] != true || second["opinion"] != nil || second["expert"] != nil {
		t.Error(second)
	}
	if asks[0].(map[string]any)["standing"] != "silent" || got["consultation"].(map[string]any)["silent"] != 1.0 || got["consultation"].(map[string]any)["agree"] != 0.0 {
		t.Error(asks, got["consultation"])
	}
	if summary := got["summary"].(map[string]any); summary["reached"] != false || summary["all"].(map[string]any)["mean"] != 4.0 {
		t.Error(summary)
	}
	if lacks := got["lacks"].([]any); len(lacks) != 3 || len(got["materials"].([]any)) != 0 {
		t.Error(lacks)
	}
}

func TestAnOpinionNeedsAKeyAndIsRefusedInWords(t *testing.T) {
	t.Parallel()
	const path, body = "name-cases/c/reviews/r2/opinion", `{"scores": [], "verdict": "agree", "day": "2026-11-27"}`
	d := newDesk(t)
	if status, got := ask(t, d, http.MethodPost, path, body); status != http.StatusBadRequest || len(d.did) != 0 {
		t.Error(status, got)
	}
	if status, got := ask(t, d, http.MethodPost, path, body, "Idempotency-Key", "k"); status != http.StatusCreated || d.did[0] != "c r2 agree" {
		t.Error(status, got, d.did)
	}
	if status, got := ask(t, d, http.MethodPost, path, `{"scores": [], "verdict": "maybe", "day": "2026-11-27"}`, "Idempotency-Key", "k"); status != http.StatusUnprocessableEntity {
		t.Error(status, got)
	}
	for code, err := range map[string]error{
		"no_such_panel_record": panel.ErrNotFound, "name_case_ended": panel.ErrEnded,
	} {
		d := newDesk(t)
		d.err = err
		if status, got := ask(t, d, http.MethodPost, path, body, "Idempotency-Key", "k"); got["code"] != code {
			t.Error(status, got)
		}
	}
	d = newDesk(t)
	d.err = record.Invalid([]record.Fault{{Field: "scores/legality", ZH: "没有打分", EN: "no points"}})
	status, got := ask(t, d, http.MethodPost, path, body, "Idempotency-Key", "k")
	if faults := got["errors"].([]any); status != http.StatusUnprocessableEntity || faults[0].(map[string]any)["pointer"] != "#/scores/legality" {
		t.Error(status, got)
	}
}

func TestRulesAreSetAsAWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, got := ask(t, d, http.MethodGet, "name-panel-rules", "")
	for _, out := range []string{"version", "cites", "may_write"} {
		delete(got, out)
	}
	got["quorum"], got["reason"] = 5, "本地规定"
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if status, out := ask(t, d, http.MethodPut, "name-panel-rules", string(raw)); status != http.StatusPreconditionRequired {
		t.Error(status, out)
	}
	status, out := ask(t, d, http.MethodPut, "name-panel-rules", string(raw), "If-Match", `"0"`)
	if status != http.StatusOK || out["quorum"] != 5.0 || out["version"] != 1.0 || len(out["cites"].(map[string]any)) == 0 || len(d.rules.Criteria) != 5 || d.rules.Criteria[0].HelpEN == "" {
		t.Error(status, out)
	}
	if status, out := ask(t, d, http.MethodPut, "name-panel-rules", strings.Replace(string(raw), `"quorum":5`, `"quorum":0`, 1), "If-Match", `"1"`); status != http.StatusUnprocessableEntity {
		t.Error(status, out)
	}
}
