package platehttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platehttp"
)

const path = "/api/v1/plates"

// fake keeps what it was asked, and answers with one plate or an error.
type fake struct {
	fail   error
	book   *life.Book
	item   life.Item
	more   bool
	filter life.Filter
	after  life.Cursor
	told   life.Told
	hung   life.Existing
	made   life.NewOrder
	batch  life.Batch
	patch  life.OrderPatch
	seen   int
	way    platehttp.WayAsked
	preset string
}

func (f *fake) Book() *life.Book              { return f.book }
func (f *fake) MayOrder(context.Context) bool { return true }
func (f *fake) List(_ context.Context, filter life.Filter, after life.Cursor, _ int) (life.Page, error) {
	f.filter, f.after = filter, after
	return life.Page{Items: []life.Item{f.item}, More: f.more}, f.fail
}

func (f *fake) Counts(context.Context, life.Filter) (map[life.State]int, error) {
	return map[life.State]int{life.Fixed: 2, life.Damaged: 1}, f.fail
}

func (f *fake) One(_ context.Context, _ plates.Token, preset string) (platehttp.Detail, error) {
	f.preset = preset
	return platehttp.Detail{Item: f.item, Events: []life.Taken{{Event: life.Event{Kind: life.Fix, Day: "2026-11-01"}, No: 1, State: life.Fixed, OffsetM: 3}}, Due: "2026-12-01"}, f.fail
}

func (f *fake) Register(_ context.Context, e life.Existing) (life.Item, error) {
	f.hung = e
	return f.item, f.fail
}

func (f *fake) Take(_ context.Context, _ plates.Token, e life.Told) (life.Item, error) {
	f.told = e
	return f.item, f.fail
}

func (f *fake) History(context.Context, plates.Token) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{}, f.fail
}

func (f *fake) Choose(context.Context, life.Selection) (life.Choice, error) {
	return life.Choice{Takes: []life.Candidate{{Face: f.item.Face, Plate: &f.item.Plate}}, Left: map[life.Why]int{life.IsReserved: 2}}, f.fail
}

func (f *fake) Order(_ context.Context, n life.NewOrder) (life.PlateOrder, error) {
	f.made = n
	return order(), f.fail
}

func (f *fake) Orders(context.Context, int, int, int) ([]life.PlateOrder, bool, error) {
	return []life.PlateOrder{order()}, f.more, f.fail
}
func (f *fake) OrderOne(context.Context, string) (life.PlateOrder, error) { return order(), f.fail }
func (f *fake) ChangeOrder(_ context.Context, _ string, expected int, p life.OrderPatch) (life.PlateOrder, error) {
	f.seen, f.patch = expected, p
	return order(), f.fail
}

func (f *fake) All(_ context.Context, _ string, b life.Batch) (int, error) {
	f.batch = b
	return 3, f.fail
}

func (f *fake) Desk(_ context.Context, _, preset string) (platehttp.Desk, bool, error) {
	return platehttp.Desk{Preset: "4407", Limits: f.book.Limits("4407"), Figures: life.Figures{States: map[life.State]int{life.Fixed: 2}, Stale: 4}, ToFix: []life.Item{f.item}}, preset != "99", f.fail
}

func (f *fake) Way(_ context.Context, w platehttp.WayAsked) (platehttp.Way, error) {
	f.way = w
	return platehttp.Way{Stops: []platehttp.Stop{{Item: f.item, Metres: 12}}, Metres: 12, Exact: true, Left: 1}, f.fail
}

func order() life.PlateOrder {
	return life.PlateOrder{ID: "01900000-0000-7000-8000-000000000001", Version: 2, Year: 2026, No: 7, Title: "第一批", OrderedOn: "2026-11-01", Counts: map[life.State]int{life.Made: 3}, Total: 3}
}

func serve(t *testing.T) (*fake, *httpapitest.Server) {
	t.Helper()
	book, err := life.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	code, err := plates.NewToken(bytes.NewReader(bytes.Repeat([]byte{9}, plates.DataSymbols)))
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{book: book, item: life.Item{
		Plate: life.Plate{
			ID: "01900000-0000-7000-8000-000000000002", Token: code, Version: 3, Kind: plates.Medium, Slot: life.MainSlot, State: life.Fixed, OrderID: order().ID,
			Face: life.Face{Name: "沣东大道", Number: "12号"}, FixedOn: "2026-11-01", Placed: true, Point: orb.Point{117, 39}, OffsetM: 3, HeightM: 2.4,
		},
		Current: life.Face{Name: "沣河大道", Number: "12号"}, AddressState: "approved", OrderNumber: "2026-007", Door: &orb.Point{117, 39.00003},
	}}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	platehttp.Register(httpapi.NewAPI(r), f)
	return f, httpapitest.New(t, r)
}

func keyed() http.Header {
	return http.Header{"Idempotency-Key": {"k1"}, "If-Match": {`"2"`}, "Content-Type": {"application/json"}}
}

func bodyOf(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return out
}

func TestListsAndOnePlate(t *testing.T) {
	t.Parallel()
	f, s := serve(t)
	f.more = true
	got := bodyOf(t, s.Get(path+"?state=fixed,damaged&kind=medium&q=%E6%B2%A3&stale=true&off=true&bad_until=2026-10-01", nil))
	row := got["plates"].([]any)[0].(map[string]any)
	if got["total"] != 3.0 || row["grouped"] != f.item.Token.Grouped() || row["stale"] != true || row["successor"] != nil || row["fixed"].(map[string]any)["offset_m"] != 3.0 {
		t.Errorf("%v", got)
	}
	if len(f.filter.States) != 2 || !f.filter.Stale || !f.filter.Off || f.filter.BadUntil != "2026-10-01" || f.filter.Text != "沣" {
		t.Errorf("asked %+v", f.filter)
	}
	next := bodyOf(t, s.Get(path+"?cursor="+got["next"].(string), nil))
	if f.after.Token != f.item.Token.String() || f.after.Name != "沣东大道" || next["total"] != nil {
		t.Errorf("behind %+v", f.after)
	}
	one := s.Get(path+"/"+strings.ToLower(f.item.Token.Grouped())+"?preset=12", nil)
	if got := bodyOf(t, one); one.Header().Get("ETag") != `"3"` || f.preset != "12" || got["due"] != "2026-12-01" || len(got["events"].([]any)) != 1 || len(got["next"].([]any)) != 5 {
		t.Errorf("%s %v", one.Header().Get("ETag"), got)
	}
	s.Get(path+"/"+f.item.Token.String()+"/history", nil)
	for _, bad := range []string{"?cursor=x", "?state=new", "?bad_until=soon"} {
		if w := s.Get(path+bad, nil); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	for _, unknown := range []string{"/0", "/ZZZZZZZZZZZZZ0"} {
		if w := s.Get(path+unknown, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", unknown, w.Code)
		}
	}
	f.fail = life.ErrNotFound
	for _, gone := range []string{"/" + f.item.Token.String(), "/" + f.item.Token.String() + "/history"} {
		if w := s.Get(path+gone, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", gone, w.Code)
		}
	}
}

func TestEventsAndEntries(t *testing.T) {
	t.Parallel()
	f, s := serve(t)
	event := map[string]any{"kind": "fixed", "day": "2026-11-28", "key": "phone0001", "scanned": "x", "point": []float64{117, 39}, "accuracy_m": 5, "height_m": 2.2, "note": " 好 "}
	at := path + "/" + f.item.Token.String() + "/events"
	if w := s.Do(http.MethodPost, at, keyed(), event); w.Code != http.StatusOK || f.told.Key != "phone0001" || *f.told.Point != (orb.Point{117, 39}) || f.told.Note != "好" || f.told.AccuracyM != 5 {
		t.Errorf("%d %s, told %+v", w.Code, w.Body, f.told)
	}
	entry := map[string]any{"address_id": order().ID, "kind": "small", "foreign_payload": "http://old.example/1", "fixed_on": "2019-01-01", "text": map[string]any{"name": "旧街 ", "number": "1号", "roman": ""}}
	if w := s.Do(http.MethodPost, path, keyed(), entry); w.Code != http.StatusCreated || f.hung.Payload != "http://old.example/1" || f.hung.Face.Name != "旧街" || w.Header().Get("Location") == "" {
		t.Errorf("%d %s, %+v", w.Code, w.Body, f.hung)
	}
	for at, body := range map[string]any{at: event, path: entry} {
		if w := s.Do(http.MethodPost, at, nil, body); w.Code != http.StatusBadRequest {
			t.Errorf("%s without a key: %d", at, w.Code)
		}
	}
	if w := s.Do(http.MethodPost, path+"/0/events", keyed(), event); w.Code != http.StatusNotFound {
		t.Errorf("of no plate: %d", w.Code)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	f, s := serve(t)
	f.more = true
	const orders = "/api/v1/plate-orders"
	if got := bodyOf(t, s.Get(orders, nil)); got["next"] == nil || got["orders"].([]any)[0].(map[string]any)["number"] != "2026-007" || got["may_order"] != true {
		t.Errorf("%v", got)
	}
	if w := s.Get(orders+"?cursor=!", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a cursor of none: %d", w.Code)
	}
	if got := bodyOf(t, s.Do(http.MethodPost, "/api/v1/plate-selection", keyed(), map[string]any{"name_ids": []string{"x"}})); got["takes"] != 1.0 || got["renews"] != 1.0 || got["left"].(map[string]any)["reserved"] != 2.0 {
		t.Errorf("%v", got)
	}
	made := map[string]any{"title": "第一批", "from_decision": true, "selection": map[string]any{"division": "99", "renew": "stale"}}
	if w := s.Do(http.MethodPost, orders, keyed(), made); w.Code != http.StatusCreated || !f.made.FromDecision || f.made.Selection.Renew != life.RenewStale || w.Header().Get("Location") != orders+"/"+order().ID {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	one := orders + "/" + order().ID
	s.Get(one, nil)
	if w := s.Do(http.MethodPatch, one, keyed(), map[string]any{"title": "改"}); w.Code != http.StatusOK || f.seen != 2 || *f.patch.Title != "改" || f.patch.Note != nil {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	batch := map[string]any{"kind": "delivered", "day": "2026-11-28", "tokens": []string{f.item.Token.Grouped()}}
	if got := bodyOf(t, s.Do(http.MethodPost, one+"/events", keyed(), batch)); got["plates"] != 3.0 || f.batch.Tokens[0] != f.item.Token {
		t.Errorf("%v", got)
	}
	batch["tokens"] = []string{"x"}
	if w := s.Do(http.MethodPost, one+"/events", keyed(), batch); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("of a code that is none: %d", w.Code)
	}
	for at, method := range map[string]string{orders: http.MethodPost, one + "/events": http.MethodPost} {
		if w := s.Do(method, at, nil, map[string]any{"title": "x", "selection": map[string]any{}, "kind": "made", "day": "2026-11-28"}); w.Code != http.StatusBadRequest && w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s without a key: %d", at, w.Code)
		}
	}
	if w := s.Do(http.MethodPatch, one, nil, map[string]any{}); w.Code != http.StatusPreconditionRequired {
		t.Errorf("without a version: %d", w.Code)
	}
	f.fail = life.ErrNoOrder
	if w := s.Get(one, nil); w.Code != http.StatusNotFound {
		t.Errorf("no such order: %d", w.Code)
	}
}

func TestDeskAndWay(t *testing.T) {
	t.Parallel()
	f, s := serve(t)
	if got := bodyOf(t, s.Get("/api/v1/plate-desk", nil)); got["stale"] != 4.0 || got["install"].(map[string]any)["days"] != 30.0 || len(got["to_fix"].([]any)) != 1 {
		t.Errorf("%v", got)
	}
	if w := s.Get("/api/v1/plate-desk?preset=99", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a preset of nowhere: %d", w.Code)
	}
	asked := map[string]any{"from": []float64{117, 39}, "tokens": []string{f.item.Token.Lower()}}
	got := bodyOf(t, s.Do(http.MethodPost, "/api/v1/plate-routes", keyed(), asked))
	if got["metres"] != 12.0 || got["left"] != 1.0 || f.way.Most != 60 || f.way.Filter.States[0] != life.Delivered || f.way.Tokens[0] != f.item.Token {
		t.Errorf("%v, asked %+v", got, f.way)
	}
	asked["tokens"] = []string{"x"}
	if w := s.Do(http.MethodPost, "/api/v1/plate-routes", keyed(), asked); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("of a code that is none: %d", w.Code)
	}
}
