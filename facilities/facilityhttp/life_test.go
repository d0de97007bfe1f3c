package facilityhttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
	"yike/internal/record"
)

func (r *fakeRecords) Verify(_ context.Context, id string, expected int, day record.Day, reason string) (facilities.Facility, error) {
	r.asked = fmt.Sprint("verify ", id, " ", expected, " ", day, " ", reason)
	return r.find(id)
}

func (r *fakeRecords) Merge(_ context.Context, id string, expected int, into string, intoVersion int, m facilities.Merge) (facilities.Facility, error) {
	r.asked = fmt.Sprint("merge ", id, " ", expected, " ", into, " ", intoVersion, " ", m)
	return r.find(into)
}

func (r *fakeRecords) Unmerge(_ context.Context, id string, expected int, reason string) (facilities.Facility, error) {
	r.asked = fmt.Sprint("unmerge ", id, " ", expected, " ", reason)
	return r.find(id)
}

func (r *fakeRecords) Split(_ context.Context, id string, expected int, parts []facilities.Patch, reason string) ([]facilities.Facility, error) {
	f, err := r.find(id)
	r.asked = fmt.Sprint("split ", id, " ", expected, " ", len(parts), " ", reason)
	var out []facilities.Facility
	for _, p := range parts {
		out = append(out, p.Apply(f))
	}
	return out, err
}

func keyedAndHeld(tag string) http.Header {
	return http.Header{"Idempotency-Key": {"k"}, "If-Match": {tag}}
}

func TestLifeOfARecord(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		path string
		body body
		want string // asked of the records
		says string
	}{
		{"verify", body{}, "verify 2 3  现场核实 / verified on site", `"version":3`},
		{"verify", body{"day": "2026-11-01", "note": "门牌已换"}, "verify 2 3 2026-11-01 门牌已换", `"version":3`},
		{"merge", body{"into": "1", "into_version": 5, "reason": "重复"}, "merge 2 3 1 5 {[] 重复}", `"id":"1"`},
		{"merge", body{"into": "1", "into_version": 5, "take": []string{"address", "place"}, "reason": "重复"}, "merge 2 3 1 5 {[address place] 重复}", `"id":"1"`},
		{"unmerge", body{"reason": "并错了"}, "unmerge 2 3 并错了", `"version":3`},
		{"split", body{"parts": []body{{"name_zh": "西一"}, {"name_zh": "西二", "fields": body{"seats": 3, "grade": nil}}}, "reason": "分"}, "split 2 3 2 分", `"name_zh":"西二"`},
	} {
		r := &fakeRecords{registry: registry(t)}
		w := serveRecords(t, r).Do(http.MethodPost, "/api/v1/facilities/2/"+tc.path, keyedAndHeld(`"3"`), tc.body)
		if w.Code != http.StatusOK || r.asked != tc.want || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s; asked %q", tc.path, w.Code, w.Body, r.asked)
		}
	}
}

func TestLifeThatIsNotTaken(t *testing.T) {
	t.Parallel()
	bodies := map[string]body{"verify": {}, "merge": {"into": "1", "into_version": 5, "reason": "a"}, "split": {"parts": []body{{}, {}}, "reason": "a"}, "unmerge": {"reason": "a"}}
	for path, b := range bodies {
		for _, tc := range []struct {
			name   string
			header http.Header
			fail   error
			status int
			says   string
		}{
			{"without a key", held(`"3"`), nil, 400, "idempotency_key_required"},
			{"of no version", keyed("k"), nil, 428, "precondition_required"},
			{"of another version", keyedAndHeld(`"1"`), httpapi.Stale(3), 412, "stale"},
			{"of nothing", keyedAndHeld(`"3"`), facilityhttp.ErrNotFound, 404, "unknown_facility"},
			{"of what was not merged", keyedAndHeld(`"3"`), facilityhttp.ErrNotMerged, 409, "not_merged"},
			{"of a tombstone", keyedAndHeld(`"3"`), facilityhttp.Replaced("旧", []string{"9"}), 409, `"value":"9"`},
			{"against the rules", keyedAndHeld(`"3"`), record.Invalid([]record.Fault{{Field: "into", ZH: "不能", EN: "cannot"}}), 422, "#/into"},
		} {
			w := serveRecords(t, &fakeRecords{registry: registry(t), fail: tc.fail}).Do(http.MethodPost, "/api/v1/facilities/2/"+path, tc.header, b)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
				t.Errorf("%s %s: %d %s", path, tc.name, w.Code, w.Body)
			}
		}
	}
}

// A tombstone is answered as it is, and says twice what took its place.
func TestTombstone(t *testing.T) {
	t.Parallel()
	reg := registry(t)
	reg.Facilities[2].ReplacedBy = []string{"1", "3"}
	s := serveRecords(t, &fakeRecords{registry: reg})
	w := s.Get("/api/v1/facilities/2", nil)
	var got struct {
		ReplacedBy   []string `json:"replaced_by"`
		NextStatuses []string `json:"next_statuses"`
		NextStages   []string `json:"next_stages"`
	}
	err := json.Unmarshal(w.Body.Bytes(), &got)
	links := []string{`</api/v1/facilities/1>; rel="successor-version"`, `</api/v1/facilities/3>; rel="successor-version"`}
	if d := cmp.Diff(links, w.Header().Values("Link")); d != "" || err != nil || len(got.ReplacedBy) != 2 || len(got.NextStatuses)+len(got.NextStages) != 0 {
		t.Errorf("%s %s", d, w.Body)
	}
	if w := s.Get("/api/v1/facilities/1", nil); len(w.Header().Values("Link")) != 0 || !strings.Contains(w.Body.String(), `"next_statuses":["suspended","closed"],"next_stages":["draft"]`) {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}
