package funeralhttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/funeral"
	"yike/facilities/funeral/funeralhttp"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

type fake struct {
	fail       error
	unwritable error
	made       funeral.Transfer
	patch      funeral.Patch
	reason     string
}

func (f *fake) Ledger(_ context.Context, base divisions.Base) (funeralhttp.Ledger, error) {
	if base == divisions.Registered {
		return funeralhttp.Ledger{}, funeralhttp.ErrUnknownBase
	}
	place := func(id, kind string, fields map[string]any) facilities.Facility {
		return facilities.Facility{ID: id, Version: 4, Type: facilities.Type(kind), NameZH: id, Status: facilities.Open, DivisionCode: "990001001", Fields: fields}
	}
	return funeralhttp.Ledger{
		Base: divisions.Resident, Bases: []divisions.Base{divisions.Resident}, Year: 2026,
		Places: []facilities.Facility{
			place("=关", "columbarium", map[string]any{"fate": "merge", "niches_total": 80.0, "niches_used": 70.0}),
			place("收", "columbarium", map[string]any{"fate": "improve", "niches_total": 100.0, "niches_used": 90.0}),
			place("不详", "columbarium", nil),
			place("墓", "cemetery", map[string]any{"fate": "keep"}),
		},
		Transfers:   []funeral.Transfer{{ID: "t", Version: 1, From: "=关", To: "收", Year: 2027, Niches: 20, DivisionCode: "990001001"}},
		Communities: []funeral.Community{{Code: "c", NameZH: "村", People: 10_000_000, Known: true}, {Code: "d"}},
	}, f.fail
}

func (f *fake) Write(w io.Writer, format string, _ funeralhttp.Ledger, b funeral.Balance, english bool) error {
	_, _ = fmt.Fprintf(w, "%s %d years, English %v", format, len(b.Years), english)
	return f.unwritable
}

func (f *fake) Create(_ context.Context, t funeral.Transfer, reason string) (funeral.Transfer, error) {
	f.made, f.reason = t, reason
	t.ID, t.Version, t.DivisionCode = "new", 1, "990001001"
	return t, f.fail
}

func (f *fake) Update(_ context.Context, id string, expected int, p funeral.Patch, reason string) (funeral.Transfer, error) {
	f.patch, f.reason = p, reason
	return p.Apply(funeral.Transfer{ID: id, Version: expected + 1, From: "=关", To: "收", Year: 2027}), f.fail
}

func serve(t *testing.T, f *fake) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	funeralhttp.Register(httpapi.NewAPI(router), f, f)
	return httpapitest.New(t, router)
}

func TestBalance(t *testing.T) {
	t.Parallel()
	s := serve(t, &fake{})
	var got struct {
		Base   string
		Years  []struct{ Year, Free, Moved int }
		Places []struct {
			ID    string
			Fate  string
			Total *int `json:"niches_total"`
		}
		Receiving []struct {
			Hall  string
			Full  int
			Known bool
		}
		Closing       []struct{ Remaining int }
		Demand        *int
		UnknownHalls  []string `json:"unknown_halls"`
		UnknownPeople []string `json:"unknown_people"`
		Mortality     float64
	}
	w := s.Do(http.MethodGet, "/api/v1/funeral/balance?to=2028", nil, nil)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body, err)
	}
	if got.Base != "resident" || len(got.Years) != 3 || got.Years[1].Free != -10 || got.Years[1].Moved != 20 || len(got.Places) != 4 || got.Mortality != 5.715 {
		t.Errorf("%s", w.Body)
	}
	if got.Receiving[1].Full != 2027 || got.Closing[0].Remaining != 50 || got.Demand != nil || strings.Join(got.UnknownHalls, "") != "不详" || strings.Join(got.UnknownPeople, "") != "d" {
		t.Errorf("%s", w.Body)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := serve(t, f)
	for ext, mime := range map[string]string{"csv": "text/csv", "xlsx": "spreadsheetml", "pdf": "application/pdf"} {
		w := s.Raw("/api/v1/funeral/balance."+ext+"?to=2028&words=en", nil)
		if w.Code != http.StatusOK || w.Body.String() != ext+" 3 years, English true" || !strings.Contains(w.Header().Get("Content-Type"), mime) ||
			!strings.Contains(w.Header().Get("Content-Disposition"), "niche-balance."+ext) {
			t.Errorf("%s: %d %v %s", ext, w.Code, w.Header(), w.Body)
		}
	}
	f.unwritable = funeralhttp.ErrNoFonts
	if w := s.Do(http.MethodGet, "/api/v1/funeral/balance.pdf", nil, nil); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "no_fonts") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	s := serve(t, &fake{})
	for path, want := range map[string]string{
		"?base=registered":   "unknown_base",
		"?base=other":        "validation",
		"?from=1900":         "validation",
		"?from=2030&to=2029": "validation",
		"?from=2030&to=2090": "validation",
		"?mortality=-1":      "validation",
		"?share=101":         "validation",
	} {
		w := s.Do(http.MethodGet, "/api/v1/funeral/balance"+path, nil, nil)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"code":"`+want+`"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	s = serve(t, &fake{fail: funeralhttp.ErrNotReady})
	for _, path := range []string{"balance", "balance.csv"} {
		if w := s.Do(http.MethodGet, "/api/v1/funeral/"+path, nil, nil); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestTransfers(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := serve(t, f)
	body := map[string]any{"from": "=关", "to": "收", "year": 2027, "niches": 20, "villages": []string{"c"}, "reason": "整合"}
	w := s.Do(http.MethodPost, "/api/v1/niche-transfers", http.Header{"Idempotency-Key": {"k"}}, body)
	if w.Code != http.StatusCreated || w.Header().Get("Location") != "/api/v1/niche-transfers/new" || w.Header().Get("ETag") != `"1"` || f.made.Niches != 20 || f.reason != "整合" {
		t.Errorf("%d %s %+v", w.Code, w.Body, f.made)
	}
	if w := s.Do(http.MethodPost, "/api/v1/niche-transfers", nil, body); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d", w.Code)
	}
	w = s.Do(http.MethodPatch, "/api/v1/niche-transfers/t", http.Header{"If-Match": {`"3"`}}, map[string]any{"cancelled": true, "reason": "不迁了"})
	if w.Code != http.StatusOK || w.Header().Get("ETag") != `"4"` || f.patch.Cancelled == nil || f.patch.Year != nil {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.Do(http.MethodPatch, "/api/v1/niche-transfers/t", nil, map[string]any{"reason": "x"}); w.Code != http.StatusPreconditionRequired {
		t.Errorf("without a version: %d", w.Code)
	}
	if w := s.RawDo(http.MethodPatch, "/api/v1/niche-transfers/t", http.Header{"If-Match": {`"3"`}, "Content-Type": {"application/json"}},
		map[string]any{"year": nil, "reason": "x"}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("null: %d", w.Code)
	}
	f.fail = funeralhttp.ErrNotFound
	if w := s.Do(http.MethodPatch, "/api/v1/niche-transfers/t", http.Header{"If-Match": {`"3"`}}, map[string]any{"reason": "x"}); w.Code != http.StatusNotFound {
		t.Errorf("unknown: %d", w.Code)
	}
	f.fail = &record.InvalidError{Faults: []record.Fault{{Field: "year", ZH: "早", EN: "early"}}}
	if w := s.Do(http.MethodPost, "/api/v1/niche-transfers", http.Header{"Idempotency-Key": {"k"}}, body); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("faulty: %d", w.Code)
	}
}
