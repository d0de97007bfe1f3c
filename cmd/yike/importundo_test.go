package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/importhttp"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres"
)

// TestRowsOfAnImportAreTakenBack asks for it as the screen does: with a reason, of the
// version that was seen, once however often it is sent; and it is shown at once.
func TestRowsOfAnImportAreTakenBack(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	adcode, types, log := o.state.Pack.AdCode, (&app{}).typesOf(db), slog.New(slog.DiscardHandler)
	shown := 0
	files := &importFiles{
		db: db, store: importdb.New(db), adcode: adcode, survey: surveyorOf(db, types), types: types, refused: refusals{db: db, log: log}, now: time.Now,
		taken: func(context.Context) { shown++ },
	}
	router := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain})
	router.Use(o.signIn)
	importhttp.Register(router, httpapi.NewAPI(router), files, &unplacedRecords{store: facilitydb.New(db), adcode: adcode})
	s := httpapitest.New(t, router)

	path := filepath.Join(t.TempDir(), "老人家食堂.csv")
	if err := os.WriteFile(path, []byte("食堂名称,详细地址\n甲老人家食堂,村委会东侧\n乙老人家食堂,粮站对面\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	v := &importVerb{cmd: &importCmd{File: path, Mode: "upsert"}, app: &app{log: log, stderr: io.Discard}, writer: postgres.System(adcode, "test"), files: files}
	out, err := v.run(t.Context())
	if err != nil || !out.Taken {
		t.Fatalf("%+v, %v", out, err)
	}
	b, err := files.store.Read(t.Context(), v.writer, out.Batch)
	if err != nil {
		t.Fatal(err)
	}
	at, tag := "/api/v1/imports/"+out.Batch+"/undo-rows", httpapi.ETag(b.Version)
	ask := func(who, key, reason string, rows ...int) (int, string) {
		w := s.Do(http.MethodPost, at, as(who, "Idempotency-Key", key, "If-Match", tag), map[string]any{"rows": rows, "reason": reason})
		return w.Code, w.Body.String()
	}
	if code, said := ask("planner", "k1", " ", 2); code != http.StatusUnprocessableEntity || !strings.Contains(said, `#/reason`) {
		t.Errorf("without a reason: %d %s", code, said)
	}
	if code, said := ask("reader", "k1", "误报", 2); code != http.StatusNotFound {
		t.Errorf("who may not import: %d %s", code, said)
	}
	for range 2 {
		code, said := ask("planner", "k2", "重复上报", 2, 9)
		var got struct{ Counts map[string]int }
		if err := json.Unmarshal([]byte(said), &got); err != nil || code != http.StatusOK || got.Counts["removed"] != 1 {
			t.Errorf("%d %s", code, said)
		}
	}
	if code, said := ask("planner", "k2", "别的", 3); code != http.StatusUnprocessableEntity && code != http.StatusConflict {
		t.Errorf("the key of another request: %d %s", code, said)
	}
	var why string
	var left int
	err = db.Pool().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM facility WHERE name_zh IN ('甲老人家食堂', '乙老人家食堂')),
	(SELECT why FROM audit_entry WHERE action = 'facility.import.undo')`).Scan(&left, &why)
	if err != nil || left != 1 || !strings.HasPrefix(why, "重复上报（") || !strings.Contains(why, "老人家食堂.csv") || shown == 0 {
		t.Errorf("%d left, %q, shown %d times, %v", left, why, shown, err)
	}
	files.now = func() time.Time { return time.Now().AddDate(0, 0, 31) }
	if code, said := ask("planner", "k3", "太迟", 3); code != http.StatusConflict || !strings.Contains(said, "import_too_old") {
		t.Errorf("after 30 days: %d %s", code, said)
	}
}
