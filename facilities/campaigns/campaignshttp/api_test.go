package campaignshttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities/campaigns"
	"yike/facilities/campaigns/campaignshttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fake answers from what it has, or with an error, and keeps what it was asked.
type fake struct {
	fail  error
	asked any
}

func one() campaigns.Campaign {
	return campaigns.Campaign{ID: "c", Version: 3, Title: "清查", Kind: campaigns.Census, Year: 2026, State: campaigns.Draft, Deadline: "2026-12-31", Form: campaigns.Form{
		Questions: []campaigns.Question{{Code: "a", ZH: "问", Kind: campaigns.YesNo}},
	}}
}

func task() campaigns.Task {
	score := 80
	return campaigns.Task{ID: "t", Version: 2, Campaign: "c", Facility: "f", NameZH: "食堂", DivisionCode: "990001001", State: campaigns.Returned, Score: &score, VisitedOn: "2026-11-20"}
}

func problem() campaigns.Problem {
	return campaigns.Problem{ID: "p", Version: 1, Task: "t", Campaign: "c", Facility: "f", TextZH: "问 否", TextEN: "Q No", State: campaigns.Unsolved, FoundOn: "2026-11-20", DueOn: "2026-12-31"}
}

func (f *fake) Campaigns(context.Context) ([]campaignshttp.Overview, error) {
	return []campaignshttp.Overview{{Campaign: one(), Progress: []campaigns.Progress{{DivisionCode: "990001001", Tasks: 3, Returned: 1}}}}, f.fail
}

func (f *fake) Campaign(context.Context, string) (campaignshttp.Overview, error) {
	return campaignshttp.Overview{Campaign: one()}, f.fail
}

func (f *fake) Create(_ context.Context, c campaigns.Campaign, _ string) (campaigns.Campaign, error) {
	f.asked = c
	c.ID, c.Version, c.State = "new", 1, campaigns.Draft
	return c, f.fail
}

func (f *fake) Update(_ context.Context, _ string, expected int, p campaigns.Patch, _ string) (campaigns.Campaign, error) {
	f.asked = p
	c := p.Apply(one())
	c.Version = expected + 1
	return c, f.fail
}

func (f *fake) AddFacilities(_ context.Context, _ string, p campaignshttp.Pick, _ string) (int, error) {
	f.asked = p
	return 7, f.fail
}

func (f *fake) RemoveFacility(_ context.Context, _, task, reason string) error {
	f.asked = task + reason
	return f.fail
}

func (f *fake) Send(_ context.Context, _ string, expected int, _ string) (campaigns.Campaign, error) {
	c := one()
	c.State, c.SentOn, c.Version = campaigns.Sent, "2026-11-27", expected+1
	return c, f.fail
}

func (f *fake) Close(_ context.Context, _ string, expected int, _ string) (campaigns.Campaign, error) {
	c := one()
	c.State, c.SentOn, c.Version = campaigns.Closed, "2026-11-27", expected+1
	return c, f.fail
}

func (f *fake) Tasks(_ context.Context, q campaignshttp.TaskFilter) ([]campaigns.Task, error) {
	f.asked = q
	return []campaigns.Task{task()}, f.fail
}

func (f *fake) Task(context.Context, string) (campaigns.Task, campaigns.Campaign, error) {
	return task(), one(), f.fail
}

func (f *fake) Answer(_ context.Context, _ string, _ int, a campaigns.Answer) (campaigns.Task, error) {
	f.asked = a
	return task(), f.fail
}

func (f *fake) Accept(context.Context, string, int) (campaigns.Task, error) { return task(), f.fail }

func (f *fake) SendBack(context.Context, string, int, string) (campaigns.Task, error) {
	return task(), f.fail
}

func (f *fake) Problems(_ context.Context, q campaignshttp.ProblemFilter) ([]campaigns.Problem, error) {
	f.asked = q
	return []campaigns.Problem{problem()}, f.fail
}

func (f *fake) Take(_ context.Context, _ string, _ int, step campaigns.Step, on, _ record.Day, _ string) (campaigns.Problem, error) {
	f.asked = string(step) + string(on)
	return problem(), f.fail
}

func (f *fake) Scores(_ context.Context, year int, _ string) ([]campaignshttp.Score, error) {
	f.asked = year
	return []campaignshttp.Score{{Facility: "f", Score: 95}}, f.fail
}

func serve(t *testing.T, f *fake) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	campaignshttp.Register(httpapi.NewAPI(router), f)
	return httpapitest.New(t, router)
}

type request struct {
	method, path string
	body         map[string]any
	status       int
	holds        string
}

// every operation once, as it should be asked.
func requests() []request {
	form := map[string]any{"questions": []map[string]any{{"code": "a", "zh": "问", "en": "", "kind": "yes_no"}}}
	return []request{
		{http.MethodGet, "/campaign-forms", nil, 200, "设施清查表"},
		{http.MethodGet, "/campaigns", nil, 200, `"returned":1`},
		{http.MethodPost, "/campaigns", map[string]any{"title": "清查", "kind": "census", "year": 2026, "deadline": "2026-12-31", "form": form, "reason": "年度"}, 201, `"state":"draft"`},
		{http.MethodGet, "/campaigns/c", nil, 200, `"sent_on":null`},
		{http.MethodPatch, "/campaigns/c", map[string]any{"title": "新名", "reason": "更名"}, 200, "新名"},
		{http.MethodPost, "/campaigns/c/facilities", map[string]any{"types": []string{"elderly_canteen"}, "reason": "食堂"}, 200, `"added":7`},
		{http.MethodDelete, "/campaigns/c/facilities/t?reason=x", nil, 204, ""},
		{http.MethodPost, "/campaigns/c/send", map[string]any{"reason": "下发"}, 200, `"state":"sent"`},
		{http.MethodPost, "/campaigns/c/close", map[string]any{"reason": "结束"}, 200, `"state":"closed"`},
		{http.MethodGet, "/campaign-tasks?mine=true&state=open", nil, 200, `"score":80`},
		{http.MethodGet, "/campaign-tasks/t", nil, 200, `"of":`},
		{http.MethodPut, "/campaign-tasks/t/answers", map[string]any{"answers": map[string]any{"a": "yes"}, "final": true}, 200, `"visited_on":"2026-11-20"`},
		{http.MethodPost, "/campaign-tasks/t/accept", nil, 200, ""},
		{http.MethodPost, "/campaign-tasks/t/send-back", map[string]any{"reason": "看不清"}, 200, ""},
		{http.MethodGet, "/facility-problems?overdue=true", nil, 200, "问 否"},
		{http.MethodPost, "/facility-problems/p/steps", map[string]any{"step": "rectify", "on": "2026-11-27"}, 200, `"rounds":0`},
		{http.MethodGet, "/campaign-scores?year=2026", nil, 200, `"score":95`},
	}
}

func (r request) do(s *httpapitest.Server, header http.Header) (int, string) {
	var body any
	if r.body != nil {
		body = r.body
	}
	w := s.Do(r.method, "/api/v1"+r.path, header, body)
	return w.Code, w.Body.String()
}

func TestEveryOperation(t *testing.T) {
	t.Parallel()
	s := serve(t, &fake{})
	for _, r := range requests() {
		status, body := r.do(s, http.Header{"Idempotency-Key": {"k"}, "If-Match": {`"3"`}})
		if status != r.status || !strings.Contains(body, r.holds) {
			t.Errorf("%s %s: %d %s", r.method, r.path, status, body)
		}
	}
}

func TestWhatIsAsked(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := serve(t, f)
	s.Do(http.MethodGet, "/api/v1/campaign-tasks?campaign=c&division=99&mine=true", nil, nil)
	if f.asked != (campaignshttp.TaskFilter{Campaign: "c", Division: "99", Mine: true}) {
		t.Errorf("%+v", f.asked)
	}
	s.Do(http.MethodGet, "/api/v1/facility-problems?state=open&overdue=true&facility=f", nil, nil)
	if f.asked != (campaignshttp.ProblemFilter{Facility: "f", State: "open", Overdue: true}) {
		t.Errorf("%+v", f.asked)
	}
	s.Do(http.MethodPut, "/api/v1/campaign-tasks/t/answers", http.Header{"If-Match": {`"2"`}}, map[string]any{"answers": map[string]any{"n": 1.5}, "note": "x", "visited_on": "2026-11-20"})
	if a, ok := f.asked.(campaigns.Answer); !ok || a.Answers["n"] != 1.5 || a.Note != "x" || a.VisitedOn != "2026-11-20" || a.Final {
		t.Errorf("%+v", f.asked)
	}
}

// What there is not, or is not at a state for, is said; versions and keys are needed.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for want, fail := range map[string]error{
		"404 unknown_record": campaignshttp.ErrNotFound, "409 sent": campaignshttp.ErrNotDraft, "409 state": campaignshttp.ErrNotOut,
		"409 nothing": campaignshttp.ErrNothing, "503 not_ready": campaignshttp.ErrNotReady,
		"422 validation": &record.InvalidError{Faults: []record.Fault{{Field: "title", ZH: "空", EN: "empty"}}},
	} {
		s := serve(t, &fake{fail: fail})
		for _, r := range requests()[1:] {
			status, body := r.do(s, http.Header{"Idempotency-Key": {"k"}, "If-Match": {`"3"`}})
			var p struct{ Code string }
			_ = json.Unmarshal([]byte(body), &p)
			if got := http.StatusText(status); want[:3] != itoa(status) || want[4:] != p.Code {
				t.Errorf("%s %s: %d %s %s, want %s", r.method, r.path, status, got, p.Code, want)
			}
		}
	}
	s := serve(t, &fake{})
	for _, r := range requests() {
		status, body := r.do(s, nil)
		needs := r.method != http.MethodGet && r.method != http.MethodDelete
		if refused := status == http.StatusBadRequest || status == http.StatusPreconditionRequired; refused != needs {
			t.Errorf("%s %s without version and key: %d %s", r.method, r.path, status, body)
		}
	}
}

func itoa(n int) string {
	return strings.TrimSpace(string(rune('0'+n/100)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10)))
}
