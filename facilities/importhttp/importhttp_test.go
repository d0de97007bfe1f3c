package importhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/importhttp"
	"yike/facilities/imports"
	"yike/geo/crsguess"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

const (
	batch    = "01a21e64-44d0-745e-9786-033477db7251"
	facility = "01a21e64-44d0-745e-9786-033477db7252"
)

// fake answers as it is told and keeps what it was asked.
type fake struct {
	fail    error
	batches []imports.Batch
	next    string
	detail  importhttp.Detail
	rows    []imports.Seen
	guesses []crsguess.Candidate
	undone  []importhttp.RowUndone
	saved   []importhttp.Saved
	file    string
	broken  bool // a file that breaks off in the middle

	asked string
	body  []byte
}

func (f *fake) note(parts ...any) { f.asked = strings.TrimSpace(fmt.Sprintln(parts...)) }

func (f *fake) Upload(_ context.Context, name string, body io.Reader) (imports.Batch, error) {
	f.body, _ = io.ReadAll(body)
	f.note("upload", name)
	return f.detail.Batch, f.fail
}

func (f *fake) List(_ context.Context, cursor string, limit int) ([]imports.Batch, string, error) {
	f.note("list", cursor, limit)
	return f.batches, f.next, f.fail
}

func (f *fake) Detail(_ context.Context, id string) (importhttp.Detail, error) {
	if f.asked == "" || !strings.HasPrefix(f.asked, "upload") {
		f.note("detail", id)
	}
	return f.detail, f.fail
}

func (f *fake) Reread(_ context.Context, id string, expected int, c importhttp.Chosen) (importhttp.Detail, error) {
	f.note("reread", id, expected, c)
	return f.detail, f.fail
}

func (f *fake) Map(_ context.Context, id string, expected int, m imports.Mapping, o imports.Options) (importhttp.Detail, error) {
	f.note("map", id, expected, m, o)
	return f.detail, f.fail
}

func (f *fake) Guesses(_ context.Context, id string) ([]crsguess.Candidate, []int, error) {
	f.note("guesses", id)
	return f.guesses, []int{2, 5}, f.fail
}

func (f *fake) Ask(_ context.Context, id string, expected int, step importhttp.Step) (string, error) {
	f.note("ask", id, expected, step)
	return "job-1", f.fail
}

func (f *fake) UndoRows(_ context.Context, id string, expected int, rows []int, reason string) ([]importhttp.RowUndone, error) {
	f.note("undo rows", id, expected, rows, reason)
	return f.undone, f.fail
}

func (f *fake) Rows(_ context.Context, id string, r importhttp.RowFilter) ([]imports.Seen, error) {
	f.note("rows", id, r)
	return f.rows, f.fail
}

func (f *fake) Decide(_ context.Context, id string, expected int, list []imports.Answer) (importhttp.Detail, error) {
	f.note("decide", id, expected, list)
	return f.detail, f.fail
}

func (f *fake) write(what, id string, open func(string, int64) io.Writer) error {
	f.note(what, id)
	if f.fail != nil {
		return f.fail
	}
	if _, err := io.WriteString(open("清澜区 食堂.xlsx", int64(len(f.file))), f.file); err != nil || f.broken {
		return errors.Join(err, errors.New("the database is away"))
	}
	return nil
}

func (f *fake) Original(_ context.Context, id string, open func(string, int64) io.Writer) error {
	return f.write("original", id, open)
}

func (f *fake) Marked(_ context.Context, id string, open func(string, int64) io.Writer) error {
	return f.write("marked", id, open)
}

func (f *fake) Discard(_ context.Context, id string) error {
	f.note("discard", id)
	return f.fail
}

func (f *fake) Mappings(context.Context) ([]importhttp.Saved, error) { return f.saved, f.fail }

func (f *fake) SaveMapping(_ context.Context, id, name string) (importhttp.Saved, error) {
	f.note("save", id, name)
	return importhttp.Saved{ID: batch, Name: name, Options: imports.UsualOptions()}, f.fail
}

func (f *fake) ForgetMapping(_ context.Context, id string) error {
	f.note("forget", id)
	return f.fail
}

// places answers for what waits for a position.
type places struct {
	fail  error
	list  []importhttp.Waiting
	total int
	found importhttp.Candidates
	asked string
}

func (p *places) List(_ context.Context, f importhttp.UnplacedFilter) ([]importhttp.Waiting, int, error) {
	p.asked = fmt.Sprint(f)
	return p.list, p.total, p.fail
}

func (p *places) Candidates(_ context.Context, id string) (importhttp.Candidates, error) {
	p.asked = id
	return p.found, p.fail
}

func serve(t *testing.T, f *fake, p *places) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	importhttp.Register(router, httpapi.NewAPI(router), f, p)
	return httpapitest.New(t, router)
}

func headers(list ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(list); i += 2 {
		h.Set(list[i], list[i+1])
	}
	return h
}

func seen() http.Header { return headers("Idempotency-Key", "k", "If-Match", `"3"`) }

func fileOf() *fake {
	at := time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC)
	return &fake{detail: importhttp.Detail{Batch: imports.Batch{ID: batch, Version: 3, State: imports.Checked, Checked: 3, FileName: "食堂.csv", CreatedAt: at, Options: imports.UsualOptions()}}}
}

// TestWhatIsAskedReaches has each request reach what does the work, as it was meant, and
// each answer be as the document says.
func TestWhatIsAskedReaches(t *testing.T) {
	t.Parallel()
	mapping := map[string]any{
		"mapping": map[string]any{"columns": []any{map[string]any{"header": "名称", "field": "name_zh", "steps": []string{"trim"}, "words": map[string]string{"是": "open"}}}},
		"options": map[string]any{"mode": "upsert", "key": "uscc", "blank": "keep", "duplicates": true, "valid_from": "2026-01-01"},
	}
	reread := map[string]any{"table": "二", "header_row": 4, "encoding": "GB18030", "delimiter": ";"}
	f := fileOf()
	s := serve(t, f, &places{})
	for name, tc := range map[string]struct {
		method, path string
		header       http.Header
		body         any
		status       int
		asked        string
	}{
		"list":         {http.MethodGet, "/imports?cursor=c&limit=7", nil, nil, 200, "list c 7"},
		"list as such": {http.MethodGet, "/imports", nil, nil, 200, "list  50"},
		"one":          {http.MethodGet, "/imports/" + batch, nil, nil, 200, "detail " + batch},
		"reread": {
			http.MethodPut, "/imports/" + batch + "/source", seen(), reread, 200,
			"reread " + batch + " 3 {二 4 GB18030 ;}",
		},
		"map": {
			http.MethodPut, "/imports/" + batch + "/mapping", seen(), mapping, 200,
			"map " + batch + " 3 {[{名称 name_zh [trim] map[是:open]}]} {upsert uscc keep     true  2026-01-01}",
		},
		"guesses":   {http.MethodGet, "/imports/" + batch + "/crs", nil, nil, 200, "guesses " + batch},
		"check":     {http.MethodPost, "/imports/" + batch + "/check", seen(), nil, 202, "ask " + batch + " 3 check"},
		"commit":    {http.MethodPost, "/imports/" + batch + "/commit", seen(), nil, 202, "ask " + batch + " 3 commit"},
		"undo":      {http.MethodPost, "/imports/" + batch + "/undo", seen(), nil, 202, "ask " + batch + " 3 undo"},
		"undo rows": {http.MethodPost, "/imports/" + batch + "/undo-rows", seen(), map[string]any{"rows": []int{2, 9}, "reason": "误报"}, 200, "undo rows " + batch + " 3 [2 9] 误报"},
		"rows":      {http.MethodGet, "/imports/" + batch + "/rows?outcome=error&warned=true&undo=changed&after=4&limit=10", nil, nil, 200, "rows " + batch + " {error true changed 4 11}"},
		"decide": {http.MethodPut, "/imports/" + batch + "/decisions", seen(), map[string]any{"decisions": []any{
			map[string]any{"row": 2, "verdict": "same", "facility": facility}, map[string]any{"row": 3, "verdict": ""},
		}}, 200, "decide " + batch + " 3 [{2 same " + facility + "} {3  }]"},
		"discard": {http.MethodDelete, "/imports/" + batch, nil, nil, 204, "discard " + batch},
		"save":    {http.MethodPost, "/import-mappings", seen(), map[string]any{"batch": batch, "name": "季报"}, 201, "save " + batch + " 季报"},
		"forget":  {http.MethodDelete, "/import-mappings/" + batch, nil, nil, 204, "forget " + batch},
	} {
		f.asked = ""
		w := s.Do(tc.method, "/api/v1"+tc.path, tc.header, tc.body)
		if w.Code != tc.status || f.asked != tc.asked {
			t.Errorf("%s: %d, asked for %q; want %d, %q: %s", name, w.Code, f.asked, tc.status, tc.asked, w.Body)
		}
		if strings.HasPrefix(tc.asked, "ask") && w.Header().Get("Location") != "/api/v1/jobs/job-1" {
			t.Errorf("%s: %v", name, w.Header())
		}
	}
}

// TestRefusals tells what is wrong with a request, and what the work failed of.
func TestRefusals(t *testing.T) {
	t.Parallel()
	one := "/imports/" + batch
	rows := map[string]any{"rows": []int{2}, "reason": "误报"}
	f := fileOf()
	s := serve(t, f, &places{})
	noKey, noTag := headers("If-Match", `"3"`), headers("Idempotency-Key", "k")
	for name, tc := range map[string]struct {
		fail         error
		method, path string
		header       http.Header
		body         any
		status       int
		code         string
	}{
		"unknown":              {importhttp.ErrNotFound, http.MethodGet, one, nil, nil, 404, "unknown_import"},
		"in another state":     {importhttp.ErrState, http.MethodPost, one + "/commit", seen(), nil, 409, "import_state"},
		"busy":                 {importhttp.ErrBusy, http.MethodPost, one + "/undo", seen(), nil, 409, "import_busy"},
		"too late":             {importhttp.ErrTooLate, http.MethodPost, one + "/undo-rows", seen(), rows, 409, "import_too_old"},
		"no such mapping":      {importhttp.ErrNoMapping, http.MethodDelete, "/import-mappings/x", nil, nil, 404, "unknown_mapping"},
		"a bad cursor":         {importhttp.ErrBadCursor, http.MethodGet, "/imports?cursor=x", nil, nil, 422, "bad_cursor"},
		"a bad file":           {&importhttp.FileError{Row: 3, Column: "名称", ZH: "坏", EN: "bad"}, http.MethodPut, one + "/source", seen(), map[string]any{}, 422, "unreadable_file"},
		"a bad mapping":        {record.Invalid([]record.Fault{{Field: "columns.1.field", ZH: "坏", EN: "bad"}}), http.MethodPut, one + "/source", seen(), map[string]any{}, 422, "validation"},
		"anything else":        {errors.New("the database is away"), http.MethodGet, one, nil, nil, 500, "internal"},
		"no key to check":      {nil, http.MethodPost, one + "/check", noKey, nil, 400, "idempotency_key_required"},
		"no key for rows":      {nil, http.MethodPost, one + "/undo-rows", noKey, rows, 400, "idempotency_key_required"},
		"no key to save":       {nil, http.MethodPost, "/import-mappings", noKey, map[string]any{"batch": batch, "name": "x"}, 400, "idempotency_key_required"},
		"no tag to commit":     {nil, http.MethodPost, one + "/commit", noTag, nil, 428, "precondition_required"},
		"no tag for rows":      {nil, http.MethodPost, one + "/undo-rows", noTag, rows, 428, "precondition_required"},
		"no tag to map":        {nil, http.MethodPut, one + "/source", noTag, map[string]any{}, 428, "precondition_required"},
		"no tag to decide":     {nil, http.MethodPut, one + "/decisions", nil, map[string]any{"decisions": []any{map[string]any{"row": 2, "verdict": "new"}}}, 428, "precondition_required"},
		"no rows":              {nil, http.MethodPost, one + "/undo-rows", seen(), map[string]any{"rows": []int{}, "reason": "x"}, 422, "validation"},
		"a row twice":          {nil, http.MethodPost, one + "/undo-rows", seen(), map[string]any{"rows": []int{2, 2}, "reason": "x"}, 422, "validation"},
		"same of nothing":      {nil, http.MethodPut, one + "/decisions", seen(), map[string]any{"decisions": []any{map[string]any{"row": 2, "verdict": "same"}}}, 400, "bad_decision"},
		"another of something": {nil, http.MethodPut, one + "/decisions", seen(), map[string]any{"decisions": []any{map[string]any{"row": 2, "verdict": "new", "facility": facility}}}, 400, "bad_decision"},
		"no decisions":         {nil, http.MethodPut, one + "/decisions", seen(), map[string]any{"decisions": []any{}}, 422, "validation"},
		"too many rows":        {nil, http.MethodGet, one + "/rows?limit=501", nil, nil, 422, "validation"},
		"no such outcome":      {nil, http.MethodGet, one + "/rows?outcome=luck", nil, nil, 422, "validation"},
		"a name of nothing":    {nil, http.MethodPost, "/import-mappings", seen(), map[string]any{"batch": batch, "name": ""}, 422, "validation"},
	} {
		f.fail, f.asked = tc.fail, ""
		w := s.Do(tc.method, "/api/v1"+tc.path, tc.header, tc.body)
		var p struct{ Code string }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != tc.status || p.Code != tc.code {
			t.Errorf("%s: %d %s; want %d %s", name, w.Code, w.Body, tc.status, tc.code)
		}
		if tc.fail == nil && f.asked != "" {
			t.Errorf("%s: a request that is wrong was done: %s", name, f.asked)
		}
	}
}

// TestUploading holds what may be the name of a file, and that its body comes through.
func TestUploading(t *testing.T) {
	t.Parallel()
	post := func(f *fake, name, key string) *httptest.ResponseRecorder {
		router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
		importhttp.Register(router, httpapi.NewAPI(router), f, &places{})
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/imports?name="+url.QueryEscape(name), strings.NewReader("名称\n甲"))
		if key != "" {
			r.Header.Set("Idempotency-Key", key)
		}
		router.ServeHTTP(w, r)
		return w
	}
	for name, want := range map[string]string{
		"食堂.xlsx": "食堂.xlsx", `C:\局\食堂.xlsx`: "食堂.xlsx", "/home/局/食堂.xlsx": "食堂.xlsx", "  食堂.csv ": "食堂.csv", "../../etc/passwd": "passwd",
		strings.Repeat("食", 200): strings.Repeat("食", 200),
		"":                       "", "目录/": "", strings.Repeat("食", 201): "", "a\x00b": "", "a\nb": "", "\xff\xfe": "",
	} {
		f := fileOf()
		w := post(f, name, "k")
		switch {
		case want == "" && (w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "bad_file_name") || f.asked != ""):
			t.Errorf("%q: %d %s", name, w.Code, w.Body)
		case want != "" && (w.Code != http.StatusCreated || f.asked != "upload "+want || string(f.body) != "名称\n甲" || w.Header().Get("ETag") != `"3"` || w.Header().Get("Location") != "/api/v1/imports/"+batch):
			t.Errorf("%q: %d, asked for %q, %q, %v", name, w.Code, f.asked, f.body, w.Header())
		}
	}
	if w := post(fileOf(), "a.csv", ""); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "idempotency_key_required") {
		t.Errorf("without a key: %d %s", w.Code, w.Body)
	}
	f := fileOf()
	f.fail = &importhttp.FileError{ZH: "文件是空的", EN: "the file is empty"}
	if w := post(f, "a.csv", "k"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "文件是空的") {
		t.Errorf("an empty file: %d %s", w.Code, w.Body)
	}
}

// TestPages goes on behind the last of a page, and ends.
func TestPages(t *testing.T) {
	t.Parallel()
	f := fileOf()
	for n := range 4 {
		f.rows = append(f.rows, imports.Seen{Row: imports.Row{Number: 2 + 3*n}, Result: imports.Result{Row: 2 + 3*n, Outcome: imports.Create}, Undo: "removed"})
	}
	s := serve(t, f, &places{})
	type page struct {
		Rows []struct {
			Row  int
			Undo string
		}
		Next *int
	}
	get := func(path string) page {
		t.Helper()
		var p page
		if err := json.Unmarshal(s.Get(path, nil).Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := get("/api/v1/imports/" + batch + "/rows?limit=3"); len(p.Rows) != 3 || p.Next == nil || *p.Next != 8 || p.Rows[0].Undo != "removed" {
		t.Errorf("%+v", p)
	}
	if p := get("/api/v1/imports/" + batch + "/rows?limit=4"); len(p.Rows) != 4 || p.Next != nil {
		t.Errorf("%+v", p)
	}
	f.rows = nil
	if w := s.Get("/api/v1/imports/"+batch+"/rows", nil); !strings.Contains(w.Body.String(), `"rows":[]`) {
		t.Errorf("%s", w.Body)
	}
	if w := s.Get("/api/v1/imports", nil); !strings.Contains(w.Body.String(), `"imports":[]`) || !strings.Contains(w.Body.String(), `"next":null`) {
		t.Errorf("%s", w.Body)
	}
	f.batches, f.next = []imports.Batch{f.detail.Batch}, "further"
	if w := s.Get("/api/v1/imports?limit=1", nil); !strings.Contains(w.Body.String(), `"next":"further"`) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s", w.Body)
	}
}

// TestADetailIsWhole writes one file with everything that there can be, and one with
// nothing, as the document says.
func TestADetailIsWhole(t *testing.T) {
	t.Parallel()
	f := fileOf()
	s := serve(t, f, &places{})
	var empty map[string]any
	if err := json.Unmarshal(s.Get("/api/v1/imports/"+batch, nil).Body.Bytes(), &empty); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"suggestions", "targets", "same"} {
		if v, ok := empty[list].([]any); !ok || len(v) != 0 {
			t.Errorf("%s of a file with nothing: %v", list, empty[list])
		}
	}
	at := f.detail.Batch.CreatedAt
	p := imports.NewProfiler([]string{"名称", "类型"}, []string{"name_zh", ""})
	p.Add(2, []string{"甲", "食堂"})
	p.Bad()
	b := &f.detail.Batch
	b.Profile, b.Counts, b.Done, b.Undone = p.Profile(), imports.Counts{imports.Create: 2}, imports.Counts{imports.Create: 1}, map[string]int{"removed": 1}
	b.CheckedAt, b.CommittedAt, b.UndoneAt = &at, &at, &at
	b.Mapping = imports.Mapping{Columns: []imports.Column{{Header: "名称", Field: "name_zh", Steps: []imports.Step{imports.StepTrim}}}}
	b.Options = imports.UsualOptions()
	f.detail.Reading = imports.Reading{Kind: "xlsx", Tables: []imports.Tabular{{Name: "一", Rows: 3, Hidden: true}}, Notes: []imports.Note{{ZH: "提示", EN: "note"}}}
	f.detail.Suggestions = []imports.Suggestion{{Field: "name_zh", Score: 99, ZH: "列名相同", EN: "the same heading"}}
	f.detail.Targets = []imports.Target{{Field: "fields.grade", Kind: imports.KindChoice, Group: "type", Choices: []imports.Choice{{Value: "a", ZH: "甲", EN: "A"}}}}
	f.detail.Same, f.detail.Saved, f.detail.Undoable = []imports.Batch{*b}, &importhttp.Saved{ID: batch, Name: "季报", Options: imports.UsualOptions()}, true
	f.detail.Batch.Version = 4
	w := s.Get("/api/v1/imports/"+batch, nil)
	var d struct {
		Current, Undoable bool
		Undone            map[string]int
		Profile           struct {
			Count, Faulty int
			Columns       []struct{ Values []any }
		}
		Saved *struct{ Name string }
		Same  []any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if d.Current || !d.Undoable || d.Undone["removed"] != 1 || d.Profile.Count != 2 || d.Profile.Faulty != 1 || d.Saved.Name != "季报" || len(d.Same) != 1 || w.Header().Get("ETag") != `"4"` {
		t.Errorf("%+v of %s", d, w.Body)
	}
}

// TestGuessesNameRowsAsTheFileDoes holds that a guess speaks of rows by the file's numbers.
func TestGuessesNameRowsAsTheFileDoes(t *testing.T) {
	t.Parallel()
	f := fileOf()
	f.guesses = []crsguess.Candidate{{
		Key: "GCJ-02", ZH: "火星坐标", EN: "GCJ-02", Confidence: 60, Ask: true, Convertible: true, Rows: 2, Fits: 1,
		Reasons: []crsguess.Reason{{ZH: "因为", EN: "because"}}, Misfits: []crsguess.Misfit{{Row: 1, X: "0", Y: "0", ZH: "在别处", EN: "elsewhere"}, {Row: 9}},
		Preview: []crsguess.Preview{{Row: 0, Point: orb.Point{117.1, 39.1}}},
	}}
	var got struct {
		Guesses []struct {
			Misfits []struct{ Row int }
			Points  []struct {
				Row      int
				Lon, Lat float64
			}
		}
	}
	if err := json.Unmarshal(serve(t, f, &places{}).Get("/api/v1/imports/"+batch+"/crs", nil).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	g := got.Guesses[0]
	if g.Misfits[0].Row != 5 || g.Misfits[1].Row != 10 || g.Points[0].Row != 2 || g.Points[0].Lon != 117.1 {
		t.Errorf("%+v", g)
	}
	f.guesses = nil
	if w := serve(t, f, &places{}).Get("/api/v1/imports/"+batch+"/crs", nil); !strings.Contains(w.Body.String(), `"guesses":[]`) {
		t.Errorf("%s", w.Body)
	}
}

// TestRowsUndoneAreCounted counts only what was done.
func TestRowsUndoneAreCounted(t *testing.T) {
	t.Parallel()
	f := fileOf()
	f.undone = []importhttp.RowUndone{{Row: 2, Undo: "removed"}, {Row: 3, Undo: "removed"}, {Row: 4, Undo: "changed"}, {Row: 5}}
	var got struct {
		Rows []struct {
			Row  int
			Undo string
		}
		Counts map[string]int
	}
	w := serve(t, f, &places{}).Do(http.MethodPost, "/api/v1/imports/"+batch+"/undo-rows", seen(), map[string]any{"rows": []int{2, 3, 4, 5}, "reason": "误报"})
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]int{"removed": 2, "changed": 1}, got.Counts); d != "" || len(got.Rows) != 4 || got.Rows[3].Undo != "" {
		t.Errorf("%+v", got)
	}
}

// TestDownloads serves files under their names, and never half of one as a whole.
func TestDownloads(t *testing.T) {
	t.Parallel()
	f := fileOf()
	f.file = "PK\x03\x04"
	s := serve(t, f, &places{})
	for _, path := range []string{"/file", "/errors.xlsx"} {
		w := s.RawDo(http.MethodGet, "/api/v1/imports/"+batch+path, nil, nil)
		h := w.Header()
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), []byte(f.file)) || h.Get("Content-Length") != "4" || h.Get("Cache-Control") != "no-store" ||
			h.Get("Content-Disposition") != "attachment; filename*=UTF-8''"+url.PathEscape("清澜区 食堂.xlsx") || !strings.Contains(h.Get("Content-Type"), "spreadsheetml") {
			t.Errorf("%s: %d %v", path, w.Code, h)
		}
	}
	f.fail = importhttp.ErrNotFound
	if w := s.RawDo(http.MethodGet, "/api/v1/imports/"+batch+"/file", nil, nil); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "unknown_import") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	f.fail, f.broken = nil, true
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	importhttp.Register(router, httpapi.NewAPI(router), f, &places{})
	server := httptest.NewServer(router)
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/imports/"+batch+"/file", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := server.Client().Do(r)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
	}
	if err == nil && res.StatusCode == http.StatusOK {
		t.Error("half a file looks whole")
	}
}

// TestWhatWaitsForAPosition lists records in pages with what helps to find them, and where
// each may be.
func TestWhatWaitsForAPosition(t *testing.T) {
	t.Parallel()
	p := &places{total: 9}
	s := serve(t, fileOf(), p)
	w := s.Get("/api/v1/facilities/unplaced?division=990001&type=elderly_canteen&batch=b&q=x&cursor=c&limit=2", nil)
	if p.asked != "{990001 elderly_canteen b x c 3}" || !strings.Contains(w.Body.String(), `"facilities":[]`) || !strings.Contains(w.Body.String(), `"total":9`) {
		t.Errorf("asked for %s: %s", p.asked, w.Body)
	}
	for n := range 3 {
		p.list = append(p.list, importhttp.Waiting{
			Facility: facilities.Facility{ID: fmt.Sprint("f", n), Version: 2, Type: "elderly_canteen", NameZH: "甲", Stage: facilities.Draft, Fields: map[string]any{"contact_phone": "022-27390000"}},
			PlaceZH:  "柳林镇", PlaceEN: "Liulin",
		})
	}
	p.list[1].Fields = map[string]any{"contact_phone": 7.0} // no telephone
	var page struct {
		Facilities []struct {
			ID, Phone string
			PlaceZH   string `json:"place_zh"`
		}
		Next *string
	}
	if err := json.Unmarshal(s.Get("/api/v1/facilities/unplaced?limit=2", nil).Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Facilities) != 2 || page.Next == nil || *page.Next != "f1" || page.Facilities[0].Phone != "022-27390000" || page.Facilities[1].Phone != "" || page.Facilities[0].PlaceZH != "柳林镇" {
		t.Errorf("%+v", page)
	}
	for path, fail := range map[string]error{"?limit=0": nil, "?limit=501": nil, "": importhttp.ErrNotReady} {
		p.fail = fail
		if w := s.Get("/api/v1/facilities/unplaced"+path, nil); w.Code < http.StatusBadRequest {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestWhereARecordMayBe(t *testing.T) {
	t.Parallel()
	show := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{117.1, 39.1}}
	p := &places{found: importhttp.Candidates{ZH: "有 2 个可能的位置", EN: "2 places", Division: "990001001", List: []importhttp.Candidate{
		{Kind: "door", Name: "解放路12号", Placed: true, Point: orb.Point{117.05, 39.05}, Show: show, Confidence: 70, ZH: "甲", EN: "a"},
		{Kind: "road", Name: "解放路", Show: show, Confidence: 15, ZH: "乙", EN: "b"},
	}}}
	s := serve(t, fileOf(), p)
	var got struct {
		Candidates []struct {
			Lon, Lat *float64
			Box      [4]float64
		}
	}
	if err := json.Unmarshal(s.Get("/api/v1/facilities/unplaced/"+facility+"/candidates", nil).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if p.asked != facility || *got.Candidates[0].Lon != 117.05 || got.Candidates[1].Lon != nil || got.Candidates[1].Box != [4]float64{117, 39, 117.1, 39.1} {
		t.Errorf("%+v", got)
	}
	p.found = importhttp.Candidates{}
	if w := s.Get("/api/v1/facilities/unplaced/"+facility+"/candidates", nil); !strings.Contains(w.Body.String(), `"candidates":[]`) {
		t.Errorf("%s", w.Body)
	}
	p.fail = importhttp.ErrNotFound
	if w := s.Get("/api/v1/facilities/unplaced/x/candidates", nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestMappingsThatAreKept(t *testing.T) {
	t.Parallel()
	f := fileOf()
	s := serve(t, f, &places{})
	if w := s.Get("/api/v1/import-mappings", nil); !strings.Contains(w.Body.String(), `"mappings":[]`) {
		t.Errorf("%s", w.Body)
	}
	f.saved = []importhttp.Saved{{ID: batch, Name: "季报", Who: "规划员", SavedAt: "2026-11-27T04:00:00Z", Options: imports.UsualOptions()}}
	if w := s.Get("/api/v1/import-mappings", nil); !strings.Contains(w.Body.String(), "季报") || !strings.Contains(w.Body.String(), `"mode":"upsert"`) {
		t.Errorf("%s", w.Body)
	}
	f.fail = errors.New("the database is away")
	if w := s.Get("/api/v1/import-mappings", nil); w.Code != http.StatusInternalServerError {
		t.Errorf("%d", w.Code)
	}
}
