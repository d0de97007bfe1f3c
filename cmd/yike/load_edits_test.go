package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yike/internal/auth"
	"yike/internal/pack"
	"yike/internal/postgres/dbtest"
)

// sayings are the warnings about facilities in a load's result, in both languages.
func sayings(r loadResult) string {
	var b strings.Builder
	for _, l := range r.Layers {
		if l.Kind == pack.Facilities {
			for _, w := range l.Report.Warnings {
				fmt.Fprintln(&b, w.ZH)
				fmt.Fprintln(&b, w.EN)
			}
		}
	}
	return b.String()
}

func (o *office) rename(t *testing.T, name string, f apiFacility, to string) apiFacility {
	t.Helper()
	return facilityIn(t, o.Do(http.MethodPatch, facilitiesPath+"/"+f.ID, as(name, "If-Match", f.tag), map[string]any{"name_zh": to, "reason": "更名"}), http.StatusOK)
}

// TestLoadsKeepWhatPeopleWrote holds that a load of the same pack leaves what people wrote
// alone and says so, that another pack takes it away and says so, and that the history
// has it all the same.
func TestLoadsKeepWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 3000, 3)
	mustLoad(t, db, dir, loadOptions{})
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	at, _, _ := o.home(t)
	was := o.state.Facilities[0]
	own := o.register(t, "planner", "k", at)
	old := facilityIn(t, o.Get(facilitiesPath+"/"+was.ID, as("planner")), http.StatusOK)
	edited := o.rename(t, "planner", old, "改名食堂")

	replaceIn(t, dir, "facilities.geojson", `"`+was.NameZH+`"`, `"包里的新名"`)
	dry := mustLoad(t, db, dir, loadOptions{DryRun: true})
	r := mustLoad(t, db, dir, loadOptions{})
	said := sayings(r)
	for _, want := range []string{
		"2 处设施由人员登记或修改，保留不动：改名食堂、新食堂", "2 facilities that people registered or changed are kept",
		"保留的「改名食堂」（" + was.SourceID + "）：数据包另作 名称 改名食堂→包里的新名", "the pack has name 改名食堂→包里的新名",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the report says\n%swithout %q", said, want)
		}
	}
	if sayings(dry) != said || r.Layers[4].Changes.Kept != 2 || r.Layers[4].Changes.Updated != 0 {
		t.Errorf("a dry run says\n%s%+v", sayings(dry), r.Layers[4].Changes)
	}
	if again := mustLoad(t, db, dir, loadOptions{}); again.Layers[4].State != "unchanged" || sayings(again) != said {
		t.Errorf("loaded again: %s\n%s", again.Layers[4].State, sayings(again))
	}
	o = o.reopened(t)
	for _, f := range []apiFacility{own, edited} {
		if now := facilityIn(t, o.Get(facilitiesPath+"/"+f.ID, as("planner")), http.StatusOK); now.NameZH != f.NameZH || now.tag != f.tag || !now.Edited {
			t.Errorf("%+v became %+v", f, now)
		}
	}

	edit(t, dir, func(m *pack.Manifest) { m.Layers.Facilities = nil })
	if r := mustLoad(t, db, dir, loadOptions{}); states(r)[pack.Facilities] != "removed" || !strings.Contains(sayings(r), "数据包中已没有") {
		t.Errorf("without the layer: %v\n%s", states(r), sayings(r))
	}
	if n := len(o.reopened(t).state.Facilities); n != 2 {
		t.Errorf("%d facilities are left, not the two that people wrote", n)
	}
	edit(t, dir, func(m *pack.Manifest) { m.ID = "another" })
	r = mustLoad(t, db, dir, loadOptions{Replace: true})
	if said := sayings(r); !strings.Contains(said, "2 处设施随之移除，历史中保留：改名食堂、新食堂") || !strings.Contains(said, "2 facilities") {
		t.Errorf("another pack: %v\n%s", states(r), said)
	}
	o = o.reopened(t)
	if len(o.state.Facilities) != 0 {
		t.Errorf("left: %+v", o.state.Facilities)
	}
	if w := o.Get(facilitiesPath+"/"+edited.ID+"/history", as("planner")); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"removed":{"who":"yike load"`) ||
		!strings.Contains(w.Body.String(), `"action":"pack.load"`) {
		t.Errorf("the history: %d %s", w.Code, w.Body)
	}
}

// reopened serves the same database anew to the same staff.
func (o *office) reopened(t *testing.T) *office {
	t.Helper()
	next := openOffice(t, o.db)
	next.staff, next.now = o.staff, o.now
	return next
}

// TestNewDivisionsTakeWhatPeopleWrote holds that facilities of people follow the
// boundaries of a later load.
func TestNewDivisionsTakeWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	db, dir := dbtest.New(t), town(t, 3000, 3)
	mustLoad(t, db, dir, loadOptions{})
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	at, _, _ := o.home(t)
	f := o.register(t, "planner", "k", at)
	edit(t, dir, func(m *pack.Manifest) { m.Layers.Divisions, m.Layers.Facilities = nil, nil })
	mustLoad(t, db, dir, loadOptions{})
	o = o.reopened(t)
	if now := facilityIn(t, o.Get(facilitiesPath+"/"+f.ID, as("planner")), http.StatusOK); now.Division != o.state.Pack.AdCode || now.Version != 2 {
		t.Errorf("without divisions: %+v", now)
	}
}
