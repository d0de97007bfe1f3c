package premiseshttp_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities/lists"
	"yike/facilities/premises"
	"yike/facilities/premises/premiseshttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fakeLists keeps what was asked of it.
type fakeLists struct {
	asked string
	taken premiseshttp.TakenList
	fail  error
}

func (l *fakeLists) Template(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, "PK")
	return errors.Join(err, l.fail)
}

func (l *fakeLists) Take(_ context.Context, name string, file io.Reader, reason string, trial bool) (premiseshttp.TakenList, error) {
	raw, err := io.ReadAll(file)
	l.asked = name + " " + string(raw) + " " + reason
	if trial {
		l.asked += " trial"
	}
	return l.taken, errors.Join(err, l.fail)
}

func TestLists(t *testing.T) {
	t.Parallel()
	row := premises.TakenRow{Row: 2, LedgerNo: "G-1", Name: "甲", Outcome: lists.Updated, Changes: []record.Difference{{Field: "name", Before: "乙", After: "甲"}}}
	fault := lists.Fault{Row: 3, Column: "面积", Fault: record.Fault{Field: "area_m2", Value: "约百", ZH: "应为一个数", EN: "must be a number"}}
	good := premises.Taken{Rows: []premises.TakenRow{row, {Row: 4, Outcome: lists.Unchanged}}}
	bad := premises.Taken{Rows: []premises.TakenRow{row, {Row: 3, Outcome: lists.Faulty}}, Faults: []lists.Fault{fault}}
	const trial, take = "/api/v1/premises-import/trial", "/api/v1/premises-import"
	for _, tc := range []struct {
		name, path, key string
		taken           premises.Taken
		fail            error
		status          int
		asked, says     string
	}{
		{"a trial", trial + "?name=C:%5Ca.csv", "", good, nil, 200, "a.csv x 试导入 / trial trial", `"taken":false,"rows":2,"created":0,"updated":1,"unchanged":1`},
		{"a trial with faults", trial + "?name=a.csv", "", bad, nil, 200, "", `{"row":3,"column":"面积","value":"约百","zh":"应为一个数","en":"must be a number"}`},
		{"taken", take + "?name=a.csv&reason=why", "k", good, nil, 200, "a.csv x why", `"changes":[{"field":"name","before":"乙","after":"甲"}]`},
		{"faulty", take + "?name=a.csv&reason=why", "k", bad, nil, 422, "", `list_faulty`},
		{"without a key", take + "?name=a.csv&reason=why", "", good, nil, 400, "", "idempotency_key_required"},
		{"without a name", take + "?reason=why", "k", good, nil, 400, "", "bad_file_name"},
		{"of no file", trial + "?name=a.csv", "", good, &premiseshttp.FileError{Row: 7, ZH: "坏了", EN: "broken"}, 422, "", `"row":7`},
		{"for no reason", take + "?name=a.csv", "k", good, record.Invalid([]record.Fault{{Field: "reason", ZH: "请填写", EN: "is needed"}}), 422, "", "reason"},
		{"before anything is loaded", trial + "?name=a.csv", "", good, premiseshttp.ErrNotReady, 503, "", "not_ready"},
	} {
		l := &fakeLists{taken: premiseshttp.TakenList{Taken: tc.taken, Ignored: []string{"颜色"}}, fail: tc.fail}
		router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
		premiseshttp.RegisterLists(httpapi.NewAPI(router), l)
		header := http.Header{}
		if tc.key != "" {
			header.Set("Idempotency-Key", tc.key)
		}
		w := httpapitest.New(t, router).RawDo(http.MethodPost, tc.path, header, []byte("x"))
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) || tc.asked != "" && l.asked != tc.asked {
			t.Errorf("%s: %d %s; asked %q", tc.name, w.Code, w.Body, l.asked)
		}
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	for fail, status := range map[error]int{nil: 200, premiseshttp.ErrNotReady: 503} {
		router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
		premiseshttp.RegisterLists(httpapi.NewAPI(router), &fakeLists{fail: fail})
		w := httpapitest.New(t, router).RawDo(http.MethodGet, "/api/v1/premises-template.xlsx", nil, nil)
		if w.Code != status || status == 200 && (w.Body.String() != "PK" || !strings.Contains(w.Header().Get("Content-Disposition"), "premises-template.xlsx")) {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	}
}
