package estatehttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities/estates/estatehttp"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fakeImports keeps what was asked of it.
type fakeImports struct {
	asked string
	taken estatehttp.TakenFile
	fail  error
}

func (f *fakeImports) Template(_ context.Context, w io.Writer, rooms, english bool) error {
	_, err := fmt.Fprint(w, "PK ", rooms, " ", english)
	return errors.Join(err, f.fail)
}

func (f *fakeImports) Take(_ context.Context, file estatehttp.File) (estatehttp.TakenFile, error) {
	raw, err := io.ReadAll(file.Body)
	f.asked = fmt.Sprintf("%s|%s|%s|%s|%v", file.Name, raw, file.CRS, file.Reason, file.Trial)
	return f.taken, errors.Join(err, f.fail)
}

func serve(f *fakeImports) http.Handler {
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	estatehttp.RegisterImports(httpapi.NewAPI(router), f)
	return router
}

func TestImports(t *testing.T) {
	t.Parallel()
	row := estatelist.TakenRow{Sheet: "用房", Row: 2, Room: true, Name: "甲", Estate: "和顺家园", Outcome: lists.Updated, Changes: []record.Difference{{Field: "area", Before: 1.0, After: 2.0}}}
	fault := lists.Fault{Sheet: "用房", Row: 3, Column: "面积", Fault: record.Fault{Field: "area", Value: "约百", ZH: "应为一个面积", EN: "must be an area"}}
	good := estatehttp.TakenFile{
		Taken: estatelist.Taken{
			Rooms: estatelist.Tally{Rows: 2, Updated: 1, Unchanged: 1}, Rows: []estatelist.TakenRow{row}, Remarks: []estatelist.Remark{{Row: 4, ZH: "同名", EN: "namesake"}},
		},
		Sheets: []estatehttp.ReadSheet{{Name: "用房", Kind: "rooms", Rows: 2, Ignored: []string{"颜色"}}, {Name: "说明", Kind: "nothing"}},
	}
	bad := estatehttp.TakenFile{Taken: estatelist.Taken{Faults: []lists.Fault{fault}}}
	many := estatehttp.TakenFile{}
	for range 600 {
		many.Faults = append(many.Faults, fault)
	}
	const trial, take = "/api/v1/estates-import/trial", "/api/v1/estates-import"
	for _, tc := range []struct {
		name, path, key string
		taken           estatehttp.TakenFile
		fail            error
		status          int
		asked, says     string
	}{
		{"a trial", trial + "?name=C:%5Ca.gpkg&crs=GCJ-02", "", good, nil, 200, "a.gpkg|x|GCJ-02|试导入 / trial|true", `"taken":false,"estates":{"rows":0,"created":0,"updated":0,"unchanged":0,"faulty":0},"rooms":{"rows":2,"created":0,"updated":1,"unchanged":1,"faulty":0}`},
		{"its remarks", trial + "?name=a.csv", "", good, nil, 200, "", `"remarks":[{"sheet":"","row":4,"zh":"同名","en":"namesake"}]`},
		{"its rows", trial + "?name=a.csv", "", good, nil, 200, "", `{"sheet":"用房","row":2,"kind":"room","name":"甲","estate":"和顺家园","outcome":"updated","changes":[{"field":"area","before":1,"after":2}]}`},
		{"its sheets", trial + "?name=a.csv", "", good, nil, 200, "", `{"name":"用房","kind":"rooms","rows":2,"crs":"","ignored":["颜色"]},{"name":"说明","kind":"nothing","rows":0,"crs":"","ignored":[]}`},
		{"a trial with faults", trial + "?name=a.csv", "", bad, nil, 200, "", `{"sheet":"用房","row":3,"column":"面积","value":"约百","zh":"应为一个面积","en":"must be an area"}`},
		{"more faults than anybody reads", trial + "?name=a.csv", "", many, nil, 200, "", `"fault_count":600`},
		{"taken", take + "?name=a.csv&reason=why", "k", good, nil, 200, "a.csv|x||why|false", `"taken":true`},
		{"faulty", take + "?name=a.csv&reason=why", "k", bad, nil, 422, "", `a.csv › 用房`},
		{"without a key", take + "?name=a.csv&reason=why", "", good, nil, 400, "", "idempotency_key_required"},
		{"without a name", take + "?reason=why", "k", good, nil, 400, "", "bad_file_name"},
		{"of no file", trial + "?name=a.csv", "", good, &estatehttp.FileError{Row: 7, ZH: "坏了", EN: "broken"}, 422, "", `"row":7`},
		{"of an unknown system", trial + "?name=a.csv&crs=moon", "", good, estatehttp.ErrUnknownCRS, 422, "", "unknown_crs"},
		{"for no reason", take + "?name=a.csv", "k", good, record.Invalid([]record.Fault{{Field: "reason", ZH: "请填写", EN: "is needed"}}), 422, "", "reason"},
		{"before anything is loaded", trial + "?name=a.csv", "", good, estatehttp.ErrNotReady, 503, "", "not_ready"},
	} {
		f := &fakeImports{taken: tc.taken, fail: tc.fail}
		header := http.Header{}
		if tc.key != "" {
			header.Set("Idempotency-Key", tc.key)
		}
		w := httpapitest.New(t, serve(f)).RawDo(http.MethodPost, tc.path, header, []byte("x"))
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) || tc.asked != "" && f.asked != tc.asked {
			t.Errorf("%s: %d %s; asked %q", tc.name, w.Code, w.Body, f.asked)
		}
		if n := strings.Count(w.Body.String(), "约百"); n > 500 {
			t.Errorf("%s: %d faults are told", tc.name, n)
		}
	}
}

func TestImportTemplates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		path, says, name string
		fail             error
		status           int
	}{
		{"/api/v1/estates-template.xlsx", "PK false false", "estates-template.xlsx", nil, 200},
		{"/api/v1/estate-rooms-template.xlsx?words=en", "PK true true", "estate-rooms-template.xlsx", nil, 200},
		{"/api/v1/estates-template.xlsx?words=fr", "words", "", nil, 422},
		{"/api/v1/estate-rooms-template.xlsx", "not_ready", "", estatehttp.ErrNotReady, 503},
	} {
		w := httpapitest.New(t, serve(&fakeImports{fail: tc.fail})).RawDo(http.MethodGet, tc.path, nil, nil)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) || !strings.Contains(w.Header().Get("Content-Disposition"), tc.name) {
			t.Errorf("%s: %d %v %s", tc.path, w.Code, w.Header(), w.Body)
		}
	}
}
