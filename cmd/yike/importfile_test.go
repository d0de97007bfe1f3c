package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yike/facilities/imports"
	"yike/internal/postgres/dbtest"
)

// The verb takes a file in the way the screen does it: tried first, then taken once, and
// what is wrong with the file is bad input that leaves nothing.
func TestImportVerb(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	db, env := openURL(t, url), []string{"DATABASE_URL=" + url}
	if code, said := runProgram(t, env, "load", town(t, 1000, 3)); code != exitOK {
		t.Fatalf("load ends with %d: %s", code, said)
	}
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	count := func(sql string) (n int) {
		if err := db.Pool().QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	counted := func(said string) importedFile {
		t.Helper()
		from, to := strings.Index(said, `{"batch"`), strings.LastIndex(said, "}")
		var out importedFile
		if from < 0 || to < from {
			t.Fatalf("no answer in: %s", said)
		}
		if err := json.NewDecoder(strings.NewReader(said[from:])).Decode(&out); err != nil {
			t.Fatalf("%v in: %s", err, said)
		}
		return out
	}
	before := count(`SELECT count(*) FROM facility`)
	good := file("老人家食堂.csv", "食堂名称,详细地址,备注\n甲老人家食堂,村委会东侧,\n乙老人家食堂,粮站对面,无\n")

	code, said := runProgram(t, env, "import", good)
	if code != exitBadInput || !strings.Contains(said, "备注") || !strings.Contains(said, "--map") {
		t.Errorf("a column of which nobody said what it means: ends with %d: %s", code, said)
	}
	for _, args := range [][]string{
		{"--map", "没有=name_zh", good},
		{"--rest", "--crs", "EPSG:1", good},
		{"--rest", "--key", "luck", good},
		{"--rest", "--type", "spaceport", good},
		{"--map", "备注=nonsense", good},
		{filepath.Join(t.TempDir(), "nowhere.csv")},
		{file("空.csv", "")},
	} {
		if code, said := runProgram(t, env, append([]string{"import"}, args...)...); code != exitBadInput {
			t.Errorf("%v ends with %d: %s", args, code, said)
		}
	}
	if n := count(`SELECT count(*) FROM import_batch`); n != 0 {
		t.Errorf("bad input left %d files", n)
	}

	code, said = runProgram(t, env, "import", "--dry-run", "--format", "json", "--map", "备注=-", good)
	if out := counted(said); code != exitOK || out.Taken || out.Counts[imports.Unplaced] != 2 || count(`SELECT count(*) FROM facility`) != before {
		t.Errorf("a trial ends with %d: %+v", code, out)
	}
	for i, want := range []imports.Outcome{imports.Unplaced, imports.Unchanged} {
		code, said = runProgram(t, env, "import", "--format", "json", "--rest", "--reason", "民发〔2026〕7号", good)
		if out := counted(said); code != exitOK || !out.Taken || out.Counts[want] != 2 || count(`SELECT count(*) FROM facility`) != before+2 {
			t.Errorf("import %d ends with %d: %+v", i+1, code, out)
		}
	}
	code, said = runProgram(t, env, "import", "--type", "elderly_canteen", file("更多.csv", "食堂名称,详细地址,运营状态\n丙老人家食堂,戏台后面,正常\n丁老人家食堂,戏台前面,停歇中吧\n"))
	if code != exitBadInput || !strings.Contains(said, "停歇中吧") || count(`SELECT count(*) FROM facility`) != before+3 {
		t.Errorf("one faulty row of two: ends with %d: %s", code, said)
	}
	kinds := []string{}
	for _, j := range jobsOf(t, db, "facility_import") {
		kinds = append(kinds, j.State)
	}
	if slices.ContainsFunc(kinds, func(s string) bool { return s != "done" }) || len(kinds) != 7 {
		t.Errorf("jobs: %v", kinds)
	}
}
