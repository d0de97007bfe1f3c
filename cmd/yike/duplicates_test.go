package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
)

const duplicatesPath = "/api/v1/facility-duplicates"

type apiPairs struct {
	Pairs []struct {
		A, B struct {
			ID     string
			NameZH string `json:"name_zh"`
		}
		Score    int
		Decision string
		Parts    []struct{ ZH string }
	}
	Total int
	Next  *string
}

func (o *office) duplicates(t *testing.T, name, query string) apiPairs {
	t.Helper()
	w := o.Do(http.MethodGet, duplicatesPath+query, as(name), nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	var p apiPairs
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p apiPairs) has(a, b string) bool {
	for _, x := range p.Pairs {
		if x.A.ID == a && x.B.ID == b || x.A.ID == b && x.B.ID == a {
			return true
		}
	}
	return false
}

func (o *office) named(t *testing.T, key, name, address string, at orb.Point) apiFacility {
	t.Helper()
	body := newCanteen(at)
	body["name_zh"], body["address"] = name, address
	return facilityIn(t, o.Do(http.MethodPost, facilitiesPath, as("planner", "Idempotency-Key", key), body), http.StatusCreated)
}

// TestDuplicates follows a pair from being found to being decided, decided otherwise, and
// merged, as people of several subdistricts.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "steward", auth.Steward, own)
	o.hire(t, "stranger", auth.Steward, other)
	o.hire(t, "reader", auth.ReadOnly, "")
	before := o.duplicates(t, "planner", "").Total
	a := o.named(t, "k1", "康乐社区老人家食堂", "友谊路8号", at)
	b := o.named(t, "k2", "康乐老年食堂", "友谊路８号", orb.Point{at.Lon() + 0.0002, at.Lat()})
	o.named(t, "k3", "夕阳红长者食堂", "", at)

	found := o.duplicates(t, "planner", "")
	if found.Total != before+1 || !found.has(a.ID, b.ID) {
		t.Fatalf("%+v", found)
	}
	if len(found.Pairs[0].Parts) < 3 || found.Pairs[0].Score < 80 {
		t.Errorf("%+v", found.Pairs[0])
	}
	if !o.duplicates(t, "steward", "").has(a.ID, b.ID) || o.duplicates(t, "stranger", "").has(a.ID, b.ID) {
		t.Error("a pair is for those who may write one of the two")
	}
	if w := o.Do(http.MethodGet, duplicatesPath, as("reader"), nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), a.ID) {
		// The gate is at the route; behind it nobody without the right sees a pair.
		t.Errorf("a reader: %d %s", w.Code, w.Body)
	}
	if o.duplicates(t, "planner", "?type=columbarium").has(a.ID, b.ID) || !o.duplicates(t, "planner", "?division="+own).has(a.ID, b.ID) || o.duplicates(t, "planner", "?division="+other).has(a.ID, b.ID) {
		t.Error("the filters do not hold")
	}
	for _, query := range []string{"?type=pub", "?division=1"} {
		if w := o.Do(http.MethodGet, duplicatesPath+query, as("planner"), nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
	o.decide(t, a, b, before)
}

// decide goes on with a pair that was found.
func (o *office) decide(t *testing.T, a, b apiFacility, before int) {
	t.Helper()
	decision := map[string]any{"a": a.ID, "b": b.ID, "decision": "different", "reason": "两处灶台"}
	if w := o.Do(http.MethodPost, duplicatesPath+"/decisions", as("stranger", "Idempotency-Key", "d0"), decision); w.Code != http.StatusForbidden {
		t.Errorf("a stranger decides: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodPost, duplicatesPath+"/decisions", as("steward", "Idempotency-Key", "d1"), decision); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if after := o.duplicates(t, "planner", ""); after.Total != before || after.has(a.ID, b.ID) {
		t.Error("what was decided is asked again")
	}
	if w := o.Do(http.MethodGet, duplicatesPath+"/decisions", as("planner"), nil); !strings.Contains(w.Body.String(), "两处灶台") || !strings.Contains(w.Body.String(), "康乐老年食堂") {
		t.Errorf("%s", w.Body)
	}
	decision["decision"], decision["reason"] = "same", "同一灶台"
	if w := o.Do(http.MethodPost, duplicatesPath+"/decisions", as("planner", "Idempotency-Key", "d2"), decision); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	again := o.duplicates(t, "planner", "")
	if !again.has(a.ID, b.ID) || again.Pairs[0].Decision != "same" {
		t.Errorf("what is to be merged is not shown: %+v", again)
	}
	missing := map[string]any{"a": a.ID, "b": "01900000-0000-7000-8000-000000000000", "decision": "same", "reason": "x"}
	if w := o.Do(http.MethodPost, duplicatesPath+"/decisions", as("planner", "Idempotency-Key", "d3"), missing); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	merge := map[string]any{"into": a.ID, "into_version": a.Version, "reason": "同一处"}
	w := o.Do(http.MethodPost, facilitiesPath+"/"+b.ID+"/merge", as("planner", "Idempotency-Key", "m1", "If-Match", httpapi.ETag(b.Version)), merge)
	if w.Code != http.StatusOK {
		t.Fatalf("merge: %d %s", w.Code, w.Body)
	}
	if gone := o.duplicates(t, "planner", ""); gone.has(a.ID, b.ID) || gone.Total != before {
		t.Error("a tombstone is still a duplicate")
	}
}

// TestDuplicatesPageByPage holds that however long the pages, they hold every pair once.
func TestDuplicatesPageByPage(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, _, _ := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	for i := range 4 {
		o.named(t, fmt.Sprint("k", i), "康乐社区老人家食堂", "友谊路8号", at)
	}
	all := o.duplicates(t, "planner", "?limit=200")
	seen := map[string]bool{}
	cursor := ""
	for range 50 {
		p := o.duplicates(t, "planner", "?limit=2&cursor="+url.QueryEscape(cursor))
		for _, x := range p.Pairs {
			if seen[x.A.ID+x.B.ID] {
				t.Fatal("a pair is there twice")
			}
			seen[x.A.ID+x.B.ID] = true
		}
		if p.Next == nil {
			break
		}
		cursor = *p.Next
	}
	if len(seen) != all.Total || len(all.Pairs) != all.Total || all.Total < 6 {
		t.Errorf("%d of %d pairs", len(seen), all.Total)
	}
}

type apiPlaces struct {
	Candidates []struct {
		Kind       string
		Lon, Lat   *float64
		Confidence int
		Sure       bool
		ZH         string
	}
	Division string `json:"division_code"`
	ZH       string
}

func (o *office) places(t *testing.T, query url.Values) apiPlaces {
	t.Helper()
	w := o.Do(http.MethodGet, "/api/v1/place-search?"+query.Encode(), as("reader"), nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%v: %d %s", query, w.Code, w.Body)
	}
	var p apiPlaces
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPlaceSearch finds what the demo has loaded, and what somebody registered a moment ago.
func TestPlaceSearch(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, _ := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	var building string
	err := db.Reader().QueryRow(t.Context(), `SELECT name FROM building WHERE name LIKE '%3号楼' AND name NOT LIKE '%13号楼' ORDER BY name LIMIT 1`).Scan(&building)
	if err != nil {
		t.Fatal(err)
	}
	if p := o.places(t, url.Values{"q": {building}}); len(p.Candidates) == 0 || p.Candidates[0].Kind != "building" || !p.Candidates[0].Sure || p.Candidates[0].Lon == nil {
		t.Errorf("%s: %+v", building, p)
	}
	if p := o.places(t, url.Values{"q": {"绝无此路99号"}}); len(p.Candidates) != 0 || p.ZH == "" {
		t.Errorf("%+v", p)
	}
	o.named(t, "k1", "康乐社区老人家食堂", "绝无此路99号", at)
	p := o.places(t, url.Values{"q": {"绝无此路99号"}})
	if len(p.Candidates) != 1 || p.Candidates[0].Kind != "door" || *p.Candidates[0].Lon != at.Lon() {
		t.Errorf("what was registered a moment ago is not found: %+v", p)
	}
	var community divisions.Division
	for _, d := range o.state.Divisions {
		if d.Level == divisions.Community && strings.HasPrefix(d.Code, own) {
			community = d
		}
	}
	p = o.places(t, url.Values{"q": {community.NameZH}})
	if p.Division != community.Code || len(p.Candidates) != 1 || p.Candidates[0].Lon != nil || p.Candidates[0].Sure {
		t.Errorf("a community is a position: %+v", p)
	}
	if w := o.Do(http.MethodGet, "/api/v1/place-search?q=a&division=1", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
