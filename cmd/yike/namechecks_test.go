package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/coverage/coveragelive"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/placenames"
	"yike/placenames/checkhttp"
	"yike/placenames/naming"
)

const (
	checkNamePath = "/api/v1/place-names/check"
	wordListsPath = "/api/v1/word-lists/"
	nameDistrict  = "990001"
)

func ptrTo[T any](v T) *T { return &v }

// caseOf is what the test's rooms know of a case: everything in order, or nothing.
func caseOf(_ context.Context, id string, f *nameCaseFacts) error {
	all := naming.Papers{
		Known: true, Materials: []string{"plan", "reasons", "location", "size", "nature"}, Needs: []string{"assessment", "experts", "consultation"}, NeedsKnown: true,
		Assessment: []string{"legality", "feasibility", "controllability", "effects", "risks", "responses"},
		Experts:    []string{"necessity", "science", "reason", "risks", "advice"}, Consultation: []string{"process", "range", "opinions", "handling"},
		Visits: ptrTo(1), VisitsFull: ptrTo(true), ExpertCount: ptrTo(3), FromBank: ptrTo(true), Conflicted: ptrTo(0),
	}
	switch id {
	case "good":
		*f = nameCaseFacts{
			Papers: all, Approver: "city_county_government", Fields: naming.Announcement{"name", "roman", "division", "position", "approver", "approved_on"},
			Clock: naming.Clock{Approved: "2026-01-01", Filed: "2026-01-10", Announced: "2026-01-10", Sign: "2026-02-01", OtherDepartment: ptrTo(false)},
		}
	case "bad", "other":
		*f = nameCaseFacts{
			Papers: naming.Papers{
				Known: true, Needs: all.Needs, NeedsKnown: true, Assessment: []string{"legality"}, Experts: []string{"necessity"}, Consultation: []string{"process"},
				Visits: ptrTo(0), VisitsFull: ptrTo(false), ExpertCount: ptrTo(1), FromBank: ptrTo(false), Conflicted: ptrTo(1),
			},
			Approver: "housing_department", Fields: naming.Announcement{"name"},
			Clock: naming.Clock{Approved: "2026-01-01", Filed: "2026-02-01", Announced: "2026-03-01", Sign: "2026-06-01", OtherDepartment: ptrTo(id == "other")},
		}
	case "office": // approved by the department that the law names for estates, in time
		*f = nameCaseFacts{Approver: "housing_department", Clock: naming.Clock{Approved: "2026-01-01", Filed: "2026-01-10", Announced: "2026-01-20", OtherDepartment: ptrTo(true)}}
	case "":
	default:
		f.Approver = id // the code of an authority
	}
	return nil
}

// nameOffice serves checks of names alone, of a district that belongs to every region that has
// rules.
func nameOffice(t *testing.T) (*office, *nameChecks) {
	t.Helper()
	db := dbtest.New(t)
	o := &office{db: db, state: &coveragelive.State{}, staff: map[string]auth.Identity{}, now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	o.state.Pack.AdCode = nameDistrict
	log := slog.New(slog.DiscardHandler)
	refused := refusals{db: db, log: log}
	now := func() time.Time { return o.now }
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain})
	r.Use(o.signIn)
	api := httpapi.NewAPI(r)
	work := desk{db: db, adcode: nameDistrict, served: &districtAPI{held: &coveragelive.Holder{}, status: readyStatus}}
	if _, err := mountPlaceNames(api, work, refused, now); err != nil {
		t.Fatal(err)
	}
	live, _, err := newNameMemory(db, nameDistrict)
	if err != nil {
		t.Fatal(err)
	}
	k, err := newNameChecks(config{Regions: []string{"12", "6101", "3601", "37", "31", "3302", "xixian"}}, work, live, refused, now, caseOf)
	if err != nil {
		t.Fatal(err)
	}
	checkhttp.Register(api, k)
	checkhttp.RegisterLists(api, k)
	o.Server = httpapitest.New(t, r)
	o.hire(t, "registrar", auth.PlaceNameRegistrar, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	return o, k
}

func (o *office) putWords(t *testing.T, kind string, whole bool, words ...string) {
	t.Helper()
	list := []map[string]any{}
	for _, w := range words {
		list = append(list, map[string]any{"word": w})
	}
	answer[checkhttp.WordList](t, o, http.MethodPut, wordListsPath+kind, as("registrar", "If-Match", `"0"`),
		map[string]any{"words": list, "whole": whole, "source": "测试", "note": "", "reason": "录入"}, http.StatusOK)
}

func (o *office) registerName(t *testing.T, key string, more map[string]any) string {
	t.Helper()
	body := map[string]any{"kind": "road", "state": "customary", "divisions": []string{nameDistrict}, "built_up_area": "一区", "decision": map[string]any{"kind": "observed", "title": "普查"}, "reason": "登记"}
	maps.Copy(body, more)
	return answer[struct{ ID string }](t, o, http.MethodPost, "/api/v1/place-names", as("registrar", "Idempotency-Key", key), body, http.StatusCreated).ID
}

func (o *office) coverNames(t *testing.T, class string) {
	t.Helper()
	answer[checkhttp.NameCover](t, o, http.MethodPost, "/api/v1/name-covers", as("registrar", "Idempotency-Key", "cover-"+class),
		map[string]any{"class": class, "source": "普查", "since": "2026-01-01", "reason": "核对"}, http.StatusCreated)
}

// tryName checks a name that nobody saved.
func (o *office) tryName(t *testing.T, name, more map[string]any) checkhttp.NameCheck {
	t.Helper()
	body := map[string]any{"divisions": []string{nameDistrict}, "built_up_area": "一区"}
	maps.Copy(body, name)
	whole := map[string]any{"name": body, "act": "naming"}
	maps.Copy(whole, more)
	return answer[checkhttp.NameCheck](t, o, http.MethodPost, checkNamePath, as("reader"), whole, http.StatusOK)
}

// verdicts are the outcomes of rules that the API gave, by id and aspect.
type verdicts map[string]map[string]bool

func (v verdicts) take(c checkhttp.NameCheck) {
	for _, f := range c.Findings {
		key := f.Rule
		if f.Aspect != "" && f.Aspect != f.Rule {
			key = f.Aspect
		}
		if v[key] == nil {
			v[key] = map[string]bool{}
		}
		v[key][f.Outcome] = true
	}
}

func line(at ...[2]float64) map[string]any {
	return map[string]any{"type": "LineString", "coordinates": at}
}

func plot(west, south, east, north float64) map[string]any {
	return map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

// layStreets puts streets on the map: one that crosses a block, one that rises, and one far away.
func (o *office) layStreets(t *testing.T) {
	t.Helper()
	err := o.db.Write(t.Context(), postgres.System(nameDistrict, "test"), "streets", func(tx *postgres.Tx) error {
		for i, s := range []struct {
			name, class, line string
			heights           []float32
		}{
			{"沣东大道", "primary", "LINESTRING(117 39.05, 117.1 39.05)", nil},
			{"坡路", "residential", "LINESTRING(117.2 39.05, 117.2005 39.05, 117.201 39.05, 117.2015 39.05)", []float32{0, 20, 40, 60}},
			{"平路", "residential", "LINESTRING(117.3 39.05, 117.3005 39.05, 117.301 39.05, 117.3015 39.05)", []float32{0, 1, 0, 1}},
			{"沣惠路", "primary", "LINESTRING(117 39.02, 117.1 39.02)", nil},
		} {
			_, err := tx.Exec(t.Context(), `INSERT INTO road (adcode, id, source_id, name, class, walkable, geom, heights)
				VALUES (@adcode, gen_random_uuid(), @no, @name, @class, true, ST_GeomFromText(@line, 4326), @heights)`,
				pgx.StrictNamedArgs{"adcode": nameDistrict, "no": fmt.Sprint(i), "name": s.name, "class": s.class, "line": s.line, "heights": s.heights})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEveryRuleOfNamesOverTheAPI holds names against the rules before anything is known and
// after, so that each rule comes out of the API as passed, failed and undetermined.
func TestEveryRuleOfNamesOverTheAPI(t *testing.T) {
	t.Parallel()
	o, k := nameOffice(t)
	got := verdicts{}
	type body = map[string]any
	ask := func(kind, text string, name, more body) {
		all := body{"kind": kind, "text": text}
		maps.Copy(all, name)
		got.take(o.tryName(t, all, more))
	}
	use := func(u string) body { return body{"use": u} }
	size := func(s body) body { return body{"size": s} }
	// Before anything is known.
	ask("road", "", nil, nil)
	ask("estate", "", nil, nil)
	ask("road", "沣泽路", nil, nil)
	ask("road", "沣惠北路", nil, nil)
	estates := strings.Fields("沣泽大厦 沣泽城 沣泽新城 沣泽商城 沣泽广场 沣泽中心 沣泽花园 沣泽家园 沣泽别墅 沣泽山庄 沣泽苑")
	for _, e := range estates {
		for _, kind := range []string{"estate", "building"} {
			for _, u := range []string{"housing", "mixed", "shops", "else"} {
				ask(kind, e, nil, use(u))
			}
			ask(kind, e, nil, nil)
			ask(kind, e, size(body{"floors": 3, "height_m": 10, "site_m2": 100, "floor_m2": 100, "open_m2": 10, "green_pct": 10}), use("housing"))
			ask(kind, e, size(body{"floors": 3, "height_m": 10, "site_m2": 100, "floor_m2": 100, "open_m2": 10, "green_pct": 10}), use("shops"))
			ask(kind, e, size(body{"floors": 30, "height_m": 100, "site_m2": 30000, "floor_m2": 400000, "open_m2": 5000, "green_pct": 50}), use("housing"))
			ask(kind, e, size(body{"floors": 30, "height_m": 100, "site_m2": 30000, "floor_m2": 400000, "open_m2": 5000, "green_pct": 50}), use("shops"))
		}
	}
	for _, approver := range []string{"state_council", "division_regulation", "provincial_rule", "state_rule", "city_county_government", "housing_department", "sector_department"} {
		for kind, text := range map[string]string{"river": "沣泽河", "township": "沣泽镇", "village_seat": "沣泽村", "city_park": "沣泽公园", "road": "沣泽路", "estate": "沣泽苑", "bridge": "沣泽大桥", "square": "沣泽广场"} {
			ask(kind, text, nil, body{"case": approver})
		}
	}
	for kind, text := range map[string]string{"river": "沣泽河", "township": "沣泽镇", "village_seat": "沣泽村", "city_park": "沣泽公园", "bridge": "沣泽大桥", "square": "沣泽广场"} {
		ask(kind, text, nil, nil)
	}
	// The ground, the register, the lists.
	o.layStreets(t)
	host := o.registerName(t, "n1", body{"text": "沣河", "kind": "river"})
	o.registerName(t, "n2", body{"text": "沣惠路"})
	retired := o.registerName(t, "n3", body{"text": "老街路", "state": "retired", "decision": body{"kind": "retirement", "number": "1", "day": "2020-01-01", "body": "政府"}})
	o.registerName(t, "n4", body{"text": "西咸新路"})
	o.registerName(t, "n5", body{"text": "己任路"})
	ask("road", "沣泽路", nil, nil)
	ask("road", "沣惠路", body{"built_up_area": ""}, nil)
	for _, class := range []string{"street", "residence", "seat"} {
		o.coverNames(t, class)
	}
	for kind, words := range map[string][]string{"leaders": {"甲乙丙"}, "persons": {"丁戊己"}, "brands": {"庚辛"}, "foreign": {"塞外"}, "banned": {"壬癸"}} {
		o.putWords(t, kind, true, words...)
	}
	for _, road := range strings.Fields("沣泽路 沣惠路 沣惠街 丰惠路 沣回路 西咸老路 已任路 老街路 沣A路 沣𬇙路 甲乙丙路 丁戊己路 曼哈顿路 庚辛路 壬癸路 龍泽路 国际路 中国路 沣泽沣泽沣泽沣泽路 泽路 泽") {
		ask("road", road, nil, nil)
	}
	for _, estate := range strings.Fields("国际苑 中国苑 沣泽花园小区 沣泽市 沣泽岛 王府 沣泽王府 沣泽苑") {
		ask("estate", estate, nil, nil)
	}
	for _, at := range []string{"good", "bad", "other", "office"} {
		ask("road", "沣泽路", nil, body{"case": at})
		ask("estate", "沣泽苑", nil, body{"case": at})
	}
	ask("road", "沣惠北路", body{"geometry": line([2]float64{117.04, 39.03}, [2]float64{117.06, 39.03})}, nil)
	ask("road", "沣惠北路", body{"geometry": line([2]float64{117.04, 39.01}, [2]float64{117.06, 39.01})}, nil)
	ask("estate", "沣泽苑", body{"geometry": plot(117.045, 39.045, 117.055, 39.055)}, nil)
	ask("estate", "沣泽苑", body{"geometry": plot(117.045, 39.051, 117.049, 39.055)}, nil)
	ask("estate", "沣泽山庄", body{"geometry": plot(117.2, 39.05, 117.2005, 39.0505)}, nil)
	ask("estate", "沣泽山庄", body{"geometry": plot(117.3, 39.05, 117.3005, 39.0505)}, nil)
	readings := []string{"fēng", "zé", "lù"}
	ask("road", "沣泽路", body{"readings": readings, "roman": "Fengze Lu"}, nil)
	ask("road", "沣泽路", body{"readings": readings, "roman": "Feng Ze Road"}, nil)
	ask("bridge", "沣河大桥", body{"host_id": host}, nil)
	ask("bridge", "渭河大桥", body{"host_id": host}, nil)
	ask("bridge", "渭河大桥", body{"host_id": "01900000-0000-7000-8000-00000000ffff"}, nil)
	ask("road", "沣泽路", body{"former": []body{{"text": "坡路", "decision": body{}}}}, nil)
	ask("road", "沣泽路", body{"heritage": body{"list": "一批", "measures": "保留标志"}}, body{"act": "renaming"})
	ask("road", "沣泽路", body{"heritage": body{"list": "一批"}}, body{"act": "renaming"})
	ask("road", "老街路", body{"reuses": body{"id": retired, "reason": "恢复历史地名"}}, nil)
	err := o.db.Write(t.Context(), postgres.System(nameDistrict, "test"), "a plan", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO planned_name (adcode, id, text, kind, plan, division_code) VALUES (@adcode, gen_random_uuid(), '丰登路', 'road', '方案', @adcode)`,
			pgx.StrictNamedArgs{"adcode": nameDistrict})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ask("road", "丰登路", nil, nil)
	ask("road", "沣泽路", nil, nil)
	ask("road", "沣泽路", nil, body{"plan_reason": "方案批准后新增道路"})

	// Who says that nobody looked for an input that is always known: these have no open verdict.
	always := map[string]bool{
		"NAM-39": true, // records that use another name are counted, none where there is no other name
		"NAM-36": true, // a protected name has measures or it has not
	}
	reached := 0
	for _, r := range k.checker.Rules().Rules {
		key := r.ID
		if r.Aspect != "" && r.Aspect != r.ID {
			key = r.Aspect
		}
		for _, outcome := range []string{"pass", "fail", "undetermined"} {
			switch {
			case got[key][outcome]:
				reached++
			case outcome == "undetermined" && always[key]:
			default:
				t.Errorf("%s (%s) was never %s", key, r.TitleZH, outcome)
			}
		}
	}
	t.Logf("%d verdicts of %d rules over the API", reached, len(k.checker.Rules().Rules))
}

// TestNamesLikeOneOverTheAPI says which names are like it, how, where and how far away.
func TestNamesLikeOneOverTheAPI(t *testing.T) {
	t.Parallel()
	o, k := nameOffice(t)
	id := o.registerName(t, "n1", map[string]any{"text": "沣惠路", "geometry": line([2]float64{117, 39.02}, [2]float64{117.1, 39.02})})
	o.registerName(t, "n2", map[string]any{"text": "沣惠路", "built_up_area": "二区"})
	c := o.tryName(t, map[string]any{"kind": "road", "text": "沣惠路", "geometry": line([2]float64{117.04, 39.03}, [2]float64{117.06, 39.03})}, nil)
	if len(c.Like) != 2 || c.Like[0].Relation != "same_name" || c.Scope != placenames.BuiltUpArea || c.Whole {
		t.Fatalf("%+v", c.Like)
	}
	for _, l := range c.Like {
		if here := l.ID == id; here != (l.Scope == "here") || here != (l.Position != nil) || here && (l.Distance == nil || *l.Distance < 1100 || *l.Distance > 1120) {
			t.Errorf("%+v", l)
		}
	}
	if c.Findings[0].Rule != "NAM-02" || c.Findings[0].Group != "error" || !slices.Equal(c.Findings[0].Relations, []string{"same_name"}) || c.Errors != 1 {
		t.Errorf("the first is %+v", c.Findings[0])
	}
	if !slices.Equal(c.Measured, []string{"length_m"}) {
		t.Errorf("measured: %v", c.Measured)
	}
	// The record itself is not like itself, and a check of it is that of its id.
	own := answer[checkhttp.NameCheck](t, o, http.MethodGet, "/api/v1/place-names/"+id+"/check?act=naming", as("reader"), nil, http.StatusOK)
	if own.Text != "沣惠路" || len(own.Like) != 1 || own.Like[0].ID == id {
		t.Errorf("of the record: %+v", own.Like)
	}
	if w := o.Do(http.MethodGet, "/api/v1/place-names/01900000-0000-7000-8000-00000000ffff/check", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("of none: %d %s", w.Code, w.Body)
	}
	// What is kept with an event of a case is what was found, in words.
	ctx := auth.With(t.Context(), o.staff["reader"])
	kept, raw, err := k.Freeze(ctx, placenames.Name{Text: "沣惠路", Kind: "road", Divisions: []string{nameDistrict}, BuiltUpArea: "一区"}, placenames.Naming, "")
	var back naming.Frozen
	if err != nil || json.Unmarshal(raw, &back) != nil || back.Errors != kept.Errors || kept.Errors != 1 || kept.Findings[0].Rule != "NAM-02" || kept.Day != "2026-11-27" || len(raw) > 20_000 {
		t.Errorf("kept: %+v (%d bytes), %v", kept, len(raw), err)
	}
	fixed := o.tryName(t, map[string]any{"kind": "road", "text": "長安路"}, nil)
	if i := slices.IndexFunc(fixed.Findings, func(f checkhttp.NameCheckFinding) bool { return f.Rule == "NAM-12" }); i < 0 || len(fixed.Findings[i].Repairs) != 1 || fixed.Findings[i].Repairs[0].Text != "长安路" {
		t.Errorf("no repair is proposed")
	}
}

// TestListsAndClearancesOverTheAPI follows a list and an expert's word through the API.
func TestListsAndClearancesOverTheAPI(t *testing.T) {
	t.Parallel()
	o, _ := nameOffice(t)
	outcome := func(c checkhttp.NameCheck, rule string) string {
		for _, f := range c.Findings {
			if f.Rule == rule {
				return f.Outcome
			}
		}
		return ""
	}
	id := o.registerName(t, "n1", map[string]any{"text": "丁戊苑", "kind": "estate"})
	check := func() checkhttp.NameCheck {
		return answer[checkhttp.NameCheck](t, o, http.MethodGet, "/api/v1/place-names/"+id+"/check", as("reader"), nil, http.StatusOK)
	}
	if got := outcome(check(), "NAM-05"); got != "undetermined" {
		t.Errorf("with an empty list of leaders: %s", got)
	}
	foreign := answer[checkhttp.WordList](t, o, http.MethodGet, wordListsPath+"foreign", as("reader"), nil, http.StatusOK)
	if foreign.Program == nil || len(foreign.Program.Words) < 50 || foreign.MayWrite || foreign.Version != 0 || len(foreign.Words) != 0 {
		t.Errorf("what the program brings: %+v", foreign)
	}
	if leaders := answer[checkhttp.WordList](t, o, http.MethodGet, wordListsPath+"leaders", as("registrar"), nil, http.StatusOK); leaders.Program != nil || !leaders.MayWrite {
		t.Errorf("leaders: %+v", leaders)
	}
	o.putWords(t, "persons", false, "丁戊", "己庚")
	if got := outcome(check(), "NAM-06"); got != "fail" {
		t.Errorf("with the word: %s", got)
	}
	clear := map[string]any{"kind": "persons", "word": "丁戊", "by": "某专家", "reason": "系自然地名"}
	path := "/api/v1/place-names/" + id + "/clearances"
	if w := o.Do(http.MethodPost, path, as("reader", "Idempotency-Key", "c0"), clear); w.Code != http.StatusForbidden {
		t.Errorf("cleared by a reader: %d", w.Code)
	}
	if w := o.Do(http.MethodPost, path, as("registrar"), clear); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d", w.Code)
	}
	made := answer[checkhttp.NameClearance](t, o, http.MethodPost, path, as("registrar", "Idempotency-Key", "c1"), clear, http.StatusCreated)
	if got := outcome(check(), "NAM-06"); got != "undetermined" { // the list does not have all
		t.Errorf("cleared: %s", got)
	}
	answer[checkhttp.NameClearance](t, o, http.MethodPost, path, as("registrar", "Idempotency-Key", "c2"), map[string]any{"kind": "persons", "by": "某专家", "reason": "已查"}, http.StatusCreated)
	if got := outcome(check(), "NAM-06"); got != "pass" {
		t.Errorf("cleared and looked at beyond the list: %s", got)
	}
	// Of another name the expert said nothing.
	if got := outcome(o.tryName(t, map[string]any{"kind": "estate", "text": "新丁戊苑"}, map[string]any{"id": id}), "NAM-06"); got != "fail" {
		t.Errorf("of another name: %s", got)
	}
	list := answer[struct{ Clearances []checkhttp.NameClearance }](t, o, http.MethodGet, path, as("reader"), nil, http.StatusOK)
	if len(list.Clearances) != 2 || list.Clearances[1].ID != made.ID {
		t.Errorf("%+v", list)
	}
	if w := o.Do(http.MethodDelete, path+"/"+made.ID+"?reason=a", as("registrar"), nil); w.Code != http.StatusNoContent {
		t.Errorf("taken back: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodDelete, path+"/"+made.ID+"?reason=a", as("registrar"), nil); w.Code != http.StatusNotFound {
		t.Errorf("taken back twice: %d", w.Code)
	}
	if got := outcome(check(), "NAM-06"); got != "fail" {
		t.Errorf("after that: %s", got)
	}
	put := map[string]any{"words": []map[string]any{{"word": "己庚"}, {"word": "辛壬"}}, "whole": false, "source": "", "note": "", "reason": "更新"}
	if w := o.Do(http.MethodPut, wordListsPath+"persons", as("registrar", "If-Match", `"0"`), put); w.Code != http.StatusPreconditionFailed {
		t.Errorf("a version behind: %d", w.Code)
	}
	if w := o.Do(http.MethodPut, wordListsPath+"persons", as("registrar"), put); w.Code != http.StatusPreconditionRequired {
		t.Errorf("without a version: %d", w.Code)
	}
	if w := o.Do(http.MethodPut, wordListsPath+"stars", as("registrar", "If-Match", `"0"`), put); w.Code != http.StatusNotFound {
		t.Errorf("of no kind: %d", w.Code)
	}
	answer[checkhttp.WordList](t, o, http.MethodPut, wordListsPath+"persons", as("registrar", "If-Match", `"1"`), put, http.StatusOK)
	h := answer[httpapi.RecordVersions](t, o, http.MethodGet, wordListsPath+"persons/history", as("registrar"), nil, http.StatusOK)
	if len(h.Versions) != 2 || fmt.Sprint(h.Versions[0].Fields[0].After) != "[辛壬]" || fmt.Sprint(h.Versions[0].Fields[1].After) != "[丁戊]" {
		t.Errorf("history: %+v", h)
	}
	read := answer[struct{ Words []checkhttp.WordListWord }](t, o, http.MethodPost, "/api/v1/word-lists/read?name=a.csv", as("registrar"), []byte("词语,读音\n子丑,zǐ chǒu\n寅卯,\n"), http.StatusOK)
	if len(read.Words) != 2 || read.Words[0].Reading != "zǐ chǒu" {
		t.Errorf("read of a file: %+v", read)
	}
	if w := o.Do(http.MethodPost, "/api/v1/word-lists/read?name=a.csv", as("registrar"), []byte{}); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
		t.Errorf("an empty file: %d", w.Code)
	}
	all := answer[struct{ Lists []checkhttp.WordListHead }](t, o, http.MethodGet, "/api/v1/word-lists", as("reader"), nil, http.StatusOK)
	if len(all.Lists) != 5 || all.Lists[1].Count != 2 {
		t.Errorf("%+v", all)
	}
}
