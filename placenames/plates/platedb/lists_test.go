package platedb_test

import (
	"errors"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

func TestARenamingListsEveryPlate(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.order(t, life.Selection{NameIDs: []string{road}})
	f.order(t, life.Selection{NameIDs: []string{estate}})
	stale := func() int {
		t.Helper()
		page, err := f.store.List(t.Context(), f.manager, life.Filter{Stale: true}, life.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		all, err := f.store.List(t.Context(), f.manager, life.Filter{}, life.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, i := range all.Items {
			if i.About().Stale() {
				n++
			}
		}
		if n != len(page.Items) {
			t.Errorf("the core calls %d plates stale, the database lists %d", n, len(page.Items))
		}
		desk, err := f.store.Desk(t.Context(), f.manager, "", life.Cuts{})
		if err != nil || desk.Stale != n {
			t.Errorf("%d on the desk, %d listed, %v", desk.Stale, n, err)
		}
		return n
	}
	if n := stale(); n != 0 {
		t.Errorf("%d stale plates before anything changed", n)
	}
	f.exec(t, `UPDATE place_name SET text = '沣河大道', roman = 'Fenghe Dadao', decision_kind = 'renaming', decision_number = '9号', former = former || '[{"text": "沣东大道"}]', valid = '[2026-11-01,)'
		WHERE text = '沣东大道'`)
	if n := stale(); n != 10 {
		t.Errorf("%d of 10 plates of a renamed road are listed", n)
	}
	if c, err := f.store.Choose(t.Context(), f.manager, life.Selection{NameIDs: []string{road}, Renew: life.RenewStale}); err != nil || len(c.Takes) != 0 || c.Left[life.NotBuilt] != 10 {
		t.Errorf("ordered before the addresses are up to date: %d, %v, %v", len(c.Takes), c.Left, err)
	}
	f.exec(t, `UPDATE address SET short_text = replace(short_text, '沣东', '沣河'), text = replace(text, '沣东', '沣河') WHERE state <> 'historical'`)
	f.exec(t, `UPDATE address SET state = 'historical', ended_on = '2026-11-20', decision_kind = 'retirement' WHERE id = '`+address(10)+`'`)
	if n := stale(); n != 10 {
		t.Errorf("%d of 10 after one address ended", n)
	}
	o, _ := f.order(t, life.Selection{NameIDs: []string{road}, Renew: life.RenewStale})
	if o.Total != 9 {
		t.Errorf("%d replaced", o.Total)
	}
	if n := stale(); n != 1 {
		t.Errorf("%d left: only the plate of the ended address is to be taken off", n)
	}
}

func (f *fixture) exec(t *testing.T, sql string) {
	t.Helper()
	err := f.db.Write(t.Context(), postgres.System(adcode, "test"), "test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlatesThatHungBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const payload = "http://old.example/m?id=0042&from=牌"
	e := life.Existing{AddressID: address(13), Kind: plates.Small, Payload: payload, FixedOn: "2019-05-01", Point: &orb.Point{117.0026, 39}, Note: "试点门牌"}
	made, err := f.store.Register(t.Context(), f.manager, e, today)
	if err != nil || made.State != life.Fixed || made.Foreign != payload || made.FixedOn != "2019-05-01" || made.Face.Number != "13号" || made.OrderID != "" {
		t.Fatalf("%+v, %v", made, err)
	}
	list, err := f.store.OfPayload(t.Context(), f.manager, payload)
	if err != nil || len(list) != 1 || list[0].Token != made.Token {
		t.Errorf("found by its payload: %d, %v", len(list), err)
	}
	if p := f.take(t, f.manager, made, life.Told{Event: life.Event{Kind: life.Verify, Scanned: payload}}); p.State != life.Verified {
		t.Errorf("verified by its own symbol it is %s", p.State)
	}
	var invalid *record.InvalidError
	for name, change := range map[string]func(e *life.Existing){
		"twice":                 func(*life.Existing) {},
		"of no address":         func(e *life.Existing) { e.AddressID = "x" },
		"of an unknown address": func(e *life.Existing) { e.AddressID = road },
		"of a reserved one":     func(e *life.Existing) { e.AddressID = address(11) },
		"of no kind":            func(e *life.Existing) { e.Kind = "huge" },
		"in no slot":            func(e *life.Existing) { e.Slot = "x" },
		"to come":               func(e *life.Existing) { e.AddressID, e.FixedOn = address(1), "2027-01-01" },
		"saying half":           func(e *life.Existing) { e.AddressID, e.Face = address(1), life.Face{Name: "沣东大道"} },
	} {
		other := e
		change(&other)
		if _, err := f.store.Register(t.Context(), f.manager, other, today); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.store.Register(t.Context(), f.fitter, e, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a fitter: %v", err)
	}
}

func TestListsAndTheDesk(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	o, list := f.order(t, life.Selection{NameIDs: []string{road}})
	f.order(t, life.Selection{NameIDs: []string{estate}})
	count := func(filter life.Filter) int {
		t.Helper()
		var after life.Cursor
		n := 0
		for {
			page, err := f.store.List(t.Context(), f.manager, filter, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			n += len(page.Items)
			if !page.More {
				break
			}
			last := page.Items[len(page.Items)-1]
			after = life.Cursor{Name: last.Face.Name, Number: last.Face.Number, Token: last.Token.String()}
		}
		sum := 0
		counts, err := f.store.Counts(t.Context(), f.manager, filter)
		for _, c := range counts {
			sum += c
		}
		if err != nil || sum != n {
			t.Errorf("%+v: %d listed, %d counted, %v", filter, n, sum, err)
		}
		return n
	}
	for name, tc := range map[string]struct {
		filter life.Filter
		want   int
	}{
		"all":         {life.Filter{}, 11},
		"of an order": {life.Filter{OrderID: o.ID}, 10},
		"of a name":   {life.Filter{NameID: estate}, 1},
		"of a door":   {life.Filter{AddressID: address(3)}, 1},
		"of no id":    {life.Filter{AddressID: "x"}, 0},
		"in the east": {life.Filter{Division: east}, 2},
		"in a state":  {life.Filter{States: []life.State{life.Fixed}}, 0},
		"of a kind":   {life.Filter{Kinds: []plates.Kind{plates.Building}}, 1},
		"by its code": {life.Filter{Text: list[4].Token.Grouped()}, 1},
		"by its face": {life.Filter{Text: "沣东大道3"}, 1},
		"by spelling": {life.Filter{Text: "guiyuan"}, 1},
		"by a symbol": {life.Filter{Text: "http://old.example/1"}, 0},
		"far off":     {life.Filter{Off: true}, 0},
		"long bad":    {life.Filter{BadUntil: today}, 0},
		"to put up":   {life.Filter{DueFromUntil: today}, 11},
	} {
		if got := count(tc.filter); got != tc.want {
			t.Errorf("%s: %d plates, want %d", name, got, tc.want)
		}
	}
	desk, err := f.store.Desk(t.Context(), f.manager, west, life.Cuts{InstallLate: "2026-01-01", InstallDue: today})
	if err != nil || desk.States[life.Ordered] != 9 || desk.InstallDue != 9 || desk.InstallLate != 0 {
		t.Errorf("desk %+v, %v", desk, err)
	}
	if to, err := f.store.ToFix(t.Context(), f.manager, "", 5); err != nil || len(to) != 5 || to[0].Door == nil {
		t.Errorf("%d to fix, %v", len(to), err)
	}
	if to, err := f.store.ToRepair(t.Context(), f.manager, "", 5); err != nil || len(to) != 0 {
		t.Errorf("%d to repair, %v", len(to), err)
	}
	title := "改名"
	changed, err := f.store.ChangeOrder(t.Context(), f.manager, o.ID, o.Version, life.OrderPatch{Title: &title})
	if err != nil || changed.Title != title || changed.Version != o.Version+1 {
		t.Errorf("%+v, %v", changed, err)
	}
	if _, err := f.store.ChangeOrder(t.Context(), f.manager, o.ID, o.Version, life.OrderPatch{Title: &title}); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("changed by somebody who saw another version: %v", err)
	}
	if orders, more, err := f.store.Orders(t.Context(), f.manager, 0, 0, 1); err != nil || len(orders) != 1 || !more || orders[0].No != 2 {
		t.Errorf("orders %+v, %v", orders, err)
	}
	if orders, more, err := f.store.Orders(t.Context(), f.manager, 2026, 2, 5); err != nil || len(orders) != 1 || more || orders[0].No != 1 {
		t.Errorf("orders behind the second %+v, %v", orders, err)
	}
	for name, err := range map[string]error{
		"no such plate":  errOf(f.store.ByToken(t.Context(), f.manager, plates.Token{})),
		"no such order":  errOf(f.store.OrderByID(t.Context(), f.manager, road)),
		"no order's id":  errOf(f.store.OfOrder(t.Context(), f.manager, "x")),
		"no such batch":  errOf(f.store.All(t.Context(), f.manager, road, life.Batch{Kind: life.Make, Day: today}, today)),
		"no such change": errOf(f.store.ChangeOrder(t.Context(), f.manager, "x", 1, life.OrderPatch{})),
	} {
		if !errors.Is(err, life.ErrNotFound) && !errors.Is(err, life.ErrNoOrder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }
