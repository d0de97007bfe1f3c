package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityhttp"
	"yike/geo/divisions"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/auth"
	"yike/internal/blob"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres"
)

// office is a served district with people who sign in by a header.
type office struct {
	*httpapitest.Server
	db    *postgres.DB
	state *coveragelive.State // as it was when the office opened
	live  *liveFacilities
	mu    sync.Mutex
	staff map[string]auth.Identity
	now   time.Time
}

const asHeader = "Test-As"

// openOffice serves what a database holds.
func openOffice(t *testing.T, db *postgres.DB) *office {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	a := &app{log: log}
	state, err := coveragelive.Load(t.Context(), a.stores(db), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	held := &coveragelive.Holder{}
	held.Publish(state)
	o := &office{
		db: db, state: state, live: &liveFacilities{held: held, from: a.stores(db)}, staff: map[string]auth.Identity{},
		now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC),
	}
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain})
	r.Use(o.signIn)
	api := httpapi.NewAPI(r)
	served := &districtAPI{held: held, status: readyStatus}
	coveragehttp.Register(api, served)
	records := &facilityRecords{
		store: facilitydb.New(db).WithCatalogue(a.catalogue()).WithFiles(attachmentdb.New(db)), live: o.live, refused: refusals{db: db, log: log}, log: log, now: func() time.Time { return o.now },
	}
	mountRegistry(api, served, records)
	facilityhttp.RegisterExports(api, served, newFacilityExports(db, records))
	mountPremises(api, db, state.Pack.AdCode, held, refusals{db: db, log: log}, func() time.Time { return o.now })
	mountScenarios(api, db, state.Pack.AdCode, held, refusals{db: db, log: log}, func() time.Time { return o.now })
	table := mountMatrix(api, db, held, newFontShelf(config{}).get, func() time.Time { return o.now })
	work := desk{db: db, adcode: state.Pack.AdCode, served: served, live: o.live, records: records}
	homes := newEstateRecords(config{Regions: []string{"12"}}, work, table, refusals{db: db, log: log}, func() time.Time { return o.now })
	homes.mount(api)
	told := newEstateReports(homes, newFontShelf(config{}).get)
	told.mount(api)
	mountPlans(api, config{}, db, held, refusals{db: db, log: log}, func() time.Time { return o.now }, told.passRates)
	files, err := blob.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	mountEstatePapers(api, homes, db, files, newFontShelf(config{}).get)
	mountLikeness(api, a, db, held)
	if err := mountTypes(api, a, work); err != nil {
		t.Fatal(err)
	}
	o.Server = httpapitest.New(t, r)
	return o
}

func (o *office) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		who, ok := o.staff[r.Header.Get(asHeader)]
		o.mu.Unlock()
		if ok {
			r = r.WithContext(auth.With(r.Context(), who))
		}
		next.ServeHTTP(w, r)
	})
}

// hire makes an account with a role in a division and signs it in under a name.
func (o *office) hire(t *testing.T, name string, role auth.Role, division string) {
	t.Helper()
	who := auth.Identity{AdCode: o.state.Pack.AdCode, Name: name, Grants: []auth.Grant{{Role: role, Division: division}}}
	err := o.db.Write(t.Context(), postgres.System(who.AdCode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": who.AdCode, "name": name, "role": string(role), "division": division}).Scan(&who.AccountID)
	})
	if err != nil {
		t.Fatalf("hire %s: %v", name, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.staff[name] = who
}

// as is the header of a request by somebody; more are pairs of names and values.
func as(name string, more ...string) http.Header {
	h := http.Header{asHeader: {name}, "Accept-Language": {"en"}}
	for i := 0; i+1 < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

// apiFacility is a facility as the API gives it.
type apiFacility struct {
	ID        string
	NameZH    string `json:"name_zh"`
	Status    string
	Capacity  int
	Serves    []string
	Division  string `json:"division_code"`
	Lon, Lat  float64
	Version   int
	ValidFrom *string `json:"valid_from"`
	Edited    bool
	tag       string
}

func facilityIn(t *testing.T, w *httptest.ResponseRecorder, status int) apiFacility {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%d %s; want %d", w.Code, w.Body, status)
	}
	var f apiFacility
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	f.tag = w.Header().Get("ETag")
	return f
}

const facilitiesPath = "/api/v1/facilities"

func newCanteen(at orb.Point) map[string]any {
	return map[string]any{"type": "elderly_canteen", "name_zh": "新食堂", "status": "open", "capacity": 60, "lon": at.Lon(), "lat": at.Lat(), "reason": "新开"}
}

func (o *office) register(t *testing.T, name, key string, at orb.Point) apiFacility {
	t.Helper()
	return facilityIn(t, o.Do(http.MethodPost, facilitiesPath, as(name, "Idempotency-Key", key), newCanteen(at)), http.StatusCreated)
}

// home is a place where people live, and the codes of its subdistrict and of another.
func (o *office) home(t *testing.T) (at orb.Point, own, other string) {
	t.Helper()
	d := o.state.Demand[o.state.Bases[0]]
	locator := divisions.NewLocator(o.state.Divisions)
	at = d.Points[0]
	code := locator.Code(at)
	for _, d := range o.state.Divisions {
		if d.Level != divisions.Subdistrict {
			continue
		}
		if strings.HasPrefix(code, d.Code) {
			own = d.Code
		} else {
			other = d.Code
		}
	}
	if own == "" {
		t.Fatalf("%s is in no subdistrict", code)
	}
	if other == "" {
		other = own[:len(own)-3] + "999"
	}
	return at, own, other
}

// TestBeforeAndAfter follows a facility through the API: registered, changed, corrected,
// and asked for as it was in force and as it was known.
func TestBeforeAndAfter(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "auditor", auth.SecurityAuditor, "")
	at, own, _ := o.home(t)
	first := o.register(t, "planner", "k1", at)
	if first.Version != 1 || first.tag != `"1"` || !first.Edited || *first.ValidFrom != "2026-11-27" || !strings.HasPrefix(first.Division, own) {
		t.Errorf("registered: %+v", first)
	}
	if again := o.register(t, "planner", "k1", at); again.ID != first.ID || again.tag != first.tag {
		t.Errorf("registered again with the same key: %+v", again)
	}
	path := facilitiesPath + "/" + first.ID
	o.now = o.now.AddDate(0, 0, 7)
	second := facilityIn(t, o.Do(http.MethodPatch, path, as("planner", "If-Match", first.tag), map[string]any{"capacity": 90, "reason": "扩建", "valid_from": "2026-12-01"}), http.StatusOK)
	third := facilityIn(t, o.Do(http.MethodPatch, path, as("planner", "If-Match", second.tag), map[string]any{"capacity": 80, "reason": "核实", "correction": true}), http.StatusOK)
	if second.tag != `"2"` || third.tag != `"3"` || *third.ValidFrom != "2026-12-01" {
		t.Errorf("changed: %+v, %+v", second, third)
	}
	var history struct {
		Versions []struct {
			Version      int
			Who, Why     string
			From         *string
			Action       string
			At           time.Time
			ValidFrom    *string    `json:"valid_from"`
			ValidTo      *string    `json:"valid_to"`
			RecordedFrom time.Time  `json:"recorded_from"`
			RecordedTo   *time.Time `json:"recorded_to"`
			Change       string
			Fields       []struct{ Field string }
			Removed      *struct{}
		}
	}
	w := o.Get(path+"/history", as("planner"))
	if err := json.Unmarshal(w.Body.Bytes(), &history); err != nil || len(history.Versions) != 3 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var whys, actions, days []string
	for _, v := range history.Versions {
		whys, actions = append(whys, v.Why), append(actions, v.Action)
		days = append(days, fmt.Sprint(orNone(v.ValidFrom), "…", orNone(v.ValidTo)))
		if v.Who != "planner" || v.From != nil || v.Change == "" || v.Removed != nil {
			t.Errorf("%+v", v)
		}
	}
	if d := cmp.Diff([]string{"核实", "扩建", "新开"}, whys) + cmp.Diff([]string{"facility.update", "facility.update", "facility.create"}, actions) +
		cmp.Diff([]string{"2026-12-01…-", "2026-12-01…-", "2026-11-27…2026-12-01"}, days); d != "" {
		t.Error(d)
	}
	if history.Versions[1].RecordedTo == nil || history.Versions[2].RecordedTo != nil || len(history.Versions[0].Fields) != 2 { // the capacity, and the meals that it is
		t.Errorf("%+v", history.Versions)
	}
	if w := o.Get(path+"/history", as("auditor")); !strings.Contains(w.Body.String(), `"from":"192.0.2.1"`) {
		t.Errorf("an auditor sees %s", w.Body)
	}
	then := url.QueryEscape(history.Versions[1].RecordedFrom.Format(time.RFC3339Nano))
	for _, tc := range []struct {
		query    string
		capacity int
		tag      string
	}{
		{"", 80, `"3"`},
		{"?valid=2026-11-30", 60, `"1"`},
		{"?valid=2026-12-01", 80, `"3"`},
		{"?recorded=" + then, 90, `"2"`},
		{"?valid=2026-11-30&recorded=" + then, 60, `"1"`},
	} {
		if f := facilityIn(t, o.Get(path+tc.query, as("planner")), http.StatusOK); f.Capacity != tc.capacity || f.tag != tc.tag {
			t.Errorf("%q: %+v, want %d of %s", tc.query, f, tc.capacity, tc.tag)
		}
	}
	for _, query := range []string{"?valid=2026-11-26", "?recorded=2020-01-01T00:00:00Z"} {
		if w := o.Get(path+query, as("planner")); w.Code != http.StatusNotFound {
			t.Errorf("%q: %d %s", query, w.Code, w.Body)
		}
	}
}

func orNone(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// TestRefusedWrites holds what the API says to those who may not, and that the log keeps it.
func TestRefusedWrites(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "steward", auth.Steward, own)
	o.hire(t, "neighbour", auth.Steward, other)
	o.hire(t, "reader", auth.ReadOnly, "")
	o.hire(t, "planner", auth.Planner, "")
	f := o.register(t, "planner", "p", at)
	submitted := facilitiesPath + "/" + o.register(t, "steward", "k", at).ID
	path := facilitiesPath + "/" + f.ID
	fix := map[string]any{"capacity": 1, "reason": "a"}
	outside := newCanteen(orb.Point{1, 1})
	unserved := newCanteen(at)
	unserved["serves"] = []string{own}
	for _, tc := range []struct {
		name, method, path string
		header             http.Header
		body               map[string]any
		status             int
		says               string
	}{
		{"a neighbour registers", "POST", facilitiesPath, as("neighbour", "Idempotency-Key", "n"), newCanteen(at), 403, `"code":"forbidden"`},
		{"a neighbour changes", "PATCH", path, as("neighbour", "If-Match", f.tag), fix, 403, `"code":"forbidden"`},
		{"a reader changes", "PATCH", path, as("reader", "If-Match", f.tag), fix, 403, `"code":"forbidden"`},
		{"a reader looks back", "GET", path + "?valid=2026-11-27", as("reader"), nil, 403, `"code":"forbidden"`},
		{"a reader asks for history", "GET", path + "/history", as("reader"), nil, 403, `"code":"forbidden"`},
		{"nobody registers", "POST", facilitiesPath, as("", "Idempotency-Key", "n"), newCanteen(at), 401, `"code":"sign_in_required"`},
		{"nobody changes", "PATCH", path, as("", "If-Match", f.tag), fix, 401, `"code":"sign_in_required"`},
		{"nobody looks back", "GET", path + "?valid=2026-11-27", as(""), nil, 401, `"code":"sign_in_required"`},
		{"nobody asks for history", "GET", path + "/history", as(""), nil, 401, `"code":"sign_in_required"`},
		{"without a key", "POST", facilitiesPath, as("steward"), newCanteen(at), 400, `"code":"idempotency_key_required"`},
		{"with the key of another request", "POST", facilitiesPath, as("steward", "Idempotency-Key", "k"), outside, 422, `"code":"idempotency_key_reused"`},
		{"outside the district", "POST", facilitiesPath, as("steward", "Idempotency-Key", "o"), outside, 422, `"pointer":"#/lon"`},
		{"for no community", "POST", facilitiesPath, as("steward", "Idempotency-Key", "u"), unserved, 422, `"pointer":"#/serves"`},
		{"of no version", "PATCH", path, as("steward"), fix, 428, `"code":"precondition_required"`},
		{"of another version", "PATCH", path, as("steward", "If-Match", `"7"`), fix, 412, `"code":"stale"`},
		{"of nothing", "PATCH", facilitiesPath + "/x", as("steward", "If-Match", `"1"`), fix, 404, `"code":"unknown_facility"`},
		{"a steward publishes", "PATCH", submitted, as("steward", "If-Match", `"1"`), map[string]any{"stage": "published", "reason": "a"}, 403, `"code":"forbidden"`},
		{"a neighbour changes what he does not see", "PATCH", submitted, as("neighbour", "If-Match", `"1"`), fix, 404, `"code":"unknown_facility"`},
		{"nobody looks at what is not published", "GET", submitted, as(""), nil, 404, `"code":"unknown_facility"`},
		{"a reader looks at what is not published", "GET", submitted, as("reader"), nil, 404, `"code":"unknown_facility"`},
		{"a steward looks at what is not published", "GET", submitted, as("steward"), nil, 200, `"stage":"submitted"`},
		{"nobody looks", "GET", path, as(""), nil, 200, `"version":1`},
		{"a reader looks", "GET", path, as("reader"), nil, 200, `"version":1`},
	} {
		var body any
		if tc.body != nil {
			body = tc.body
		}
		if w := o.Do(tc.method, tc.path, tc.header, body); w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s; want %d with %s", tc.name, w.Code, w.Body, tc.status, tc.says)
		}
	}
	rows, err := db.Pool().Query(t.Context(), `SELECT who || ' ' || action || ' ' || division_code FROM audit_entry WHERE outcome = 'refused' ORDER BY at, id`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := []string{"neighbour facility.create " + f.Division, "neighbour facility.update " + f.Division, "reader facility.update " + f.Division, "steward facility.update " + f.Division}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

// TestASavedFacilityCountsAtOnce holds that the answer after a write knows of it, on the
// server that took it, and on another at its next look.
func TestASavedFacilityCountsAtOnce(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	here, there := openOffice(t, db), openOffice(t, db)
	here.hire(t, "planner", auth.Planner, "")
	at, _, _ := here.home(t)
	count := func(o *office) (covered coveragehttp.Persons, sites int) {
		t.Helper()
		var answer struct {
			Bands      []struct{ Covered coveragehttp.Persons }
			Facilities []struct{ ID string }
		}
		w := o.Get("/api/v1/coverage?type=meal_point", nil)
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return answer.Bands[0].Covered, len(answer.Facilities)
	}
	none, before := count(here)
	b := newCanteen(at)
	b["type"] = "meal_point"
	f := facilityIn(t, here.Do(http.MethodPost, facilitiesPath, as("planner", "Idempotency-Key", "k"), b), http.StatusCreated)
	served, after := count(here)
	if after != before+1 || served <= none {
		t.Errorf("%d people by %d, then %d by %d", none, before, served, after)
	}
	if _, sites := count(there); sites != before {
		t.Errorf("the other server knows of it before it looked")
	}
	if err := there.live.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if people, sites := count(there); sites != after || people != served || there.live.held.State().Version != here.live.held.State().Version {
		t.Errorf("the other server says %d people by %d", people, sites)
	}
	state := there.live.held.State()
	if err := there.live.look(t.Context()); err != nil || there.live.held.State() != state {
		t.Errorf("looked again without need: %v", err)
	}
	facilityIn(t, here.Do(http.MethodPatch, facilitiesPath+"/"+f.ID, as("planner", "If-Match", f.tag), map[string]any{"status": "closed", "reason": "停办"}), http.StatusOK)
	if people, sites := count(here); people != none || sites != before {
		t.Errorf("closed: %d people by %d", people, sites)
	}
}

// TestManyWritersAtOnce holds that of a hundred clients with one entity tag one is taken,
// and that whoever was taken sees what he wrote, however many write at one time.
func TestManyWritersAtOnce(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	at, _, _ := o.home(t)
	f := o.register(t, "planner", "k", at)
	const clients = 100
	var wg sync.WaitGroup
	codes := make([]int, clients)
	for i := range clients {
		wg.Go(func() {
			w := o.RawDo(http.MethodPatch, facilitiesPath+"/"+f.ID, as("planner", "If-Match", `"1"`), map[string]any{"capacity": 1000 + i, "reason": "a"})
			codes[i] = w.Code
		})
	}
	wg.Wait()
	got := map[int]int{}
	winner := 0
	for i, code := range codes {
		if got[code]++; code == http.StatusOK {
			winner = i
		}
	}
	if d := cmp.Diff(map[int]int{http.StatusOK: 1, http.StatusPreconditionFailed: clients - 1}, got); d != "" {
		t.Error(d)
	}
	if now := facilityIn(t, o.Get(facilitiesPath+"/"+f.ID, as("planner")), http.StatusOK); now.Version != 2 || now.Capacity != 1000+winner {
		t.Errorf("now %+v, taken was %d", now, winner)
	}
	for i := range 24 {
		wg.Go(func() {
			w := o.RawDo(http.MethodPost, facilitiesPath, as("planner", "Idempotency-Key", fmt.Sprint(i)), newCanteen(at))
			var made apiFacility
			if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
				t.Errorf("%d %s", w.Code, w.Body)
				return
			}
			if list := o.RawDo(http.MethodGet, facilitiesPath+"?limit=1000", as("planner"), nil); !strings.Contains(list.Body.String(), made.ID) {
				t.Errorf("%s was registered and is not in the list", made.ID)
			}
		})
	}
	wg.Wait()
}

// TestAReadThatFails holds that a write which is stored is not said to have failed when
// the facilities cannot be read again.
func TestAReadThatFails(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	at, _, _ := o.home(t)
	broken := o.live.from
	broken.Snapshot = func(context.Context, func(coveragelive.Stores) error) error { return fmt.Errorf("no snapshot today") }
	o.live.from, broken = broken, o.live.from
	f := o.register(t, "planner", "k", at)
	inMemory := func() bool {
		return slices.ContainsFunc(o.live.held.State().Facilities, func(held facilities.Facility) bool { return held.ID == f.ID })
	}
	if inMemory() {
		t.Error("it is drawn without having been read")
	}
	o.live.from = broken
	if err := o.live.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !inMemory() {
		t.Error("the next look does not draw it")
	}
}
