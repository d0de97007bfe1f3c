package readinghttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/readinghttp"
	"yike/placenames/roman"
)

var errBroken = errors.New("the store is broken")

const (
	id   = "01900000-0000-7000-8000-000000000001"
	path = "/api/v1/readings"
)

// fake keeps what it was asked, and answers with one entry or an error.
type fake struct {
	fail     error
	speller  *roman.Speller
	text     string
	ruling   roman.Ruling
	change   record.Change
	expected int
}

func (f *fake) item() roman.RulingItem {
	return roman.RulingItem{Ruling: roman.Ruling{ID: id, Version: 3, Text: "六安", Readings: []string{"lù", "ān"}, Document: "1号"}, ValidFrom: "2026-11-27", MayWrite: true}
}

func (f *fake) Speller(context.Context) (*roman.Speller, error) { return f.speller, f.fail }

func (f *fake) List(_ context.Context, text string) ([]roman.RulingItem, bool, error) {
	f.text = text
	return []roman.RulingItem{f.item()}, true, f.fail
}

func (f *fake) One(_ context.Context, of string) (roman.RulingItem, error) {
	if of != id {
		return roman.RulingItem{}, roman.ErrNoRuling
	}
	return f.item(), f.fail
}

func (f *fake) Create(_ context.Context, r roman.Ruling, c record.Change) (roman.RulingItem, error) {
	f.ruling, f.change = r, c
	return f.item(), f.fail
}

func (f *fake) Update(_ context.Context, _ string, expected int, r roman.Ruling, c record.Change) (roman.RulingItem, error) {
	f.expected, f.ruling, f.change = expected, r, c
	return f.item(), f.fail
}

func (f *fake) Remove(_ context.Context, _ string, expected int, reason string) error {
	f.expected, f.change = expected, record.Change{Reason: reason}
	return f.fail
}

func (f *fake) History(context.Context, string) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{{Version: 1, Fields: []httpapi.RecordField{}}}, f.fail
}

func serve(t *testing.T, f *fake) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	if f.speller == nil {
		if f.speller, err = roman.NewSpeller([]roman.Confirmation{{Text: "长安", Readings: []string{"cháng", "ān"}, Where: "长安区", Ruled: true}}); err != nil {
			t.Fatal(err)
		}
	}
	readinghttp.Register(httpapi.NewAPI(r), f, catalogue)
	return httpapitest.New(t, r)
}

// sent is a body, or none.
func sent(body string) any {
	if body == "" {
		return nil
	}
	return json.RawMessage(body)
}

func spelled(t *testing.T, s *httpapitest.Server, body string) readinghttp.PlaceSpelling {
	t.Helper()
	w := s.Do(http.MethodPost, "/api/v1/place-names/spelling", nil, sent(body))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", body, w.Code, w.Body)
	}
	var out readinghttp.PlaceSpelling
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSpelling(t *testing.T) {
	t.Parallel()
	s := serve(t, &fake{})
	got := spelled(t, s, `{"text":"长安路","kind":"road"}`)
	if got.Text != "Chang'an Lu" || got.Toned != "Cháng'ān Lù" || got.Upper != "CHANG'AN LU" || got.Specific != "长安" || got.Generic != "路" || !got.Certain || len(got.Why) != 0 {
		t.Errorf("%+v", got)
	}
	first := got.Readings[0]
	if first.Source != "precedent" || first.Where != "长安区" || first.Within != "长安" || len(first.Candidates) < 2 || len(first.Nearest) != 1 || !first.Nearest[0].Ruled {
		t.Errorf("%+v", first)
	}
	if len(got.Rules) == 0 || got.Rules[0].No != "1" || got.Rules[0].ZH == "" || got.SourceZH == "" {
		t.Errorf("%+v", got.Rules)
	}
	if got := spelled(t, s, `{"text":"六安路","kind":"road"}`); got.Certain || len(got.Why) != 1 || got.Readings[0].Source != "place" || got.Text != "Lu'an Lu" {
		t.Errorf("%+v", got)
	}
	if got := spelled(t, s, `{"text":"六安路","kind":"road","specific":"六安","generic":"路","readings":["LIÙ","ān","lù"]}`); got.Text != "Liu'an Lu" || !got.Certain {
		t.Errorf("%+v", got)
	}
	if got := spelled(t, s, `{"text":"王村","kind":"natural_village"}`); got.Text != "Wangcun" {
		t.Errorf("%+v", got)
	}
	if got := spelled(t, s, `{"text":"王村","kind":"natural_village","joined":false,"specific":"王","generic":"村"}`); got.Text != "Wang Cun" {
		t.Errorf("%+v", got)
	}
	if got := spelled(t, s, `{"text":""}`); got.Text != "" || got.Certain || len(got.Readings) != 0 {
		t.Errorf("%+v", got)
	}
	for _, tc := range []struct{ body, pointer string }{
		{`{"text":"六安路","kind":"nothing"}`, "kind"},
		{`{"text":"六安路","specific":"六","generic":"路"}`, "specific"},
		{`{"text":"六安路","readings":["lù","xx"]}`, "readings/1"},
	} {
		w := s.Do(http.MethodPost, "/api/v1/place-names/spelling", nil, sent(tc.body))
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), tc.pointer) {
			t.Errorf("%s: %d %s", tc.body, w.Code, w.Body)
		}
	}
}

func TestLexicon(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := serve(t, f)
	headers := http.Header{"If-Match": {`"3"`}, "Idempotency-Key": {"k"}}
	body := `{"text":" 六安 ","readings":"lù ān","document":"1号","reason":"审定"}`
	for _, tc := range []struct {
		method, path, body string
		header             http.Header
		want               int
	}{
		{http.MethodGet, path + "?q=%E5%85%AD", "", nil, http.StatusOK},
		{http.MethodGet, path + "/" + id, "", nil, http.StatusOK},
		{http.MethodGet, path + "/x", "", nil, http.StatusNotFound},
		{http.MethodGet, path + "/" + id + "/history", "", nil, http.StatusOK},
		{http.MethodPost, path, body, headers, http.StatusCreated},
		{http.MethodPost, path, body, nil, http.StatusBadRequest},
		{http.MethodPost, path, `{"text":"六安","readings":"lù","reason":"审定"}`, headers, http.StatusUnprocessableEntity},
		{http.MethodPut, path + "/" + id, body, headers, http.StatusOK},
		{http.MethodPut, path + "/" + id, body, nil, http.StatusPreconditionRequired},
		{http.MethodPut, path + "/" + id, `{"text":"六","readings":"lù","document":"1号","reason":"审定"}`, headers, http.StatusUnprocessableEntity},
		{http.MethodDelete, path + "/" + id + "?reason=x", "", headers, http.StatusNoContent},
	} {
		if w := s.Do(tc.method, tc.path, tc.header, sent(tc.body)); w.Code != tc.want {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
	}
	if f.text != "六" || f.ruling.Text != "六安" || f.expected != 3 || f.change.Reason == "" {
		t.Errorf("%+v", f)
	}
	for _, tc := range []struct {
		fail               error
		want               int
		method, path, body string
	}{
		{roman.ErrNoRuling, http.StatusNotFound, http.MethodGet, path + "/" + id, ""},
		{roman.ErrNoRuling, http.StatusNotFound, http.MethodGet, path + "/" + id + "/history", ""},
		{roman.ErrNoRuling, http.StatusNotFound, http.MethodPut, path + "/" + id, body},
		{roman.ErrNoRuling, http.StatusNotFound, http.MethodDelete, path + "/" + id + "?reason=x", ""},
		{record.Invalid([]record.Fault{{Field: "text"}}), http.StatusUnprocessableEntity, http.MethodPost, path, body},
		{errBroken, http.StatusInternalServerError, http.MethodGet, path, ""},
		{errBroken, http.StatusInternalServerError, http.MethodPost, path, body},
	} {
		f.fail = tc.fail
		if w := s.Do(tc.method, tc.path, headers, sent(tc.body)); w.Code != tc.want {
			t.Errorf("%v, %s %s: %d", tc.fail, tc.method, tc.path, w.Code)
		}
	}
	f.fail = errBroken
	if w := s.Do(http.MethodPost, "/api/v1/place-names/spelling", nil, sent(`{"text":"六安路"}`)); w.Code != http.StatusInternalServerError {
		t.Errorf("%d", w.Code)
	}
}
