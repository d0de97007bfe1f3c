package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/paulmach/orb"

	"yike/placenames/plates"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
)

// plates enters plates of the demonstration on its addresses: some that hung before the register
// was kept, in every state that a plate on a wall can be in, and orders from one that was just
// made to one that was delivered in part.
func (d *demoDesk) plates(ctx context.Context) error {
	store := platedb.New(d.db, rand.Reader)
	known, err := store.List(ctx, d.w, life.Filter{}, life.Cursor{}, 1)
	return once(known.Items, err, func() error {
		chosen, err := store.Choose(ctx, d.w, life.Selection{Division: d.w.AdCode})
		if err != nil || len(chosen.Takes) == 0 {
			return err
		}
		ids := make([]string, len(chosen.Takes))
		for i, c := range chosen.Takes {
			ids[i] = c.AddressID
		}
		hung := min(len(ids)/3, 72)
		if err := d.hungPlates(ctx, store, chosen.Takes[:hung]); err != nil {
			return err
		}
		return d.plateOrders(ctx, store, ids[hung:])
	})
}

// hungPlates registers plates that hang, a few metres beside their doors; some say a former name,
// some hang elsewhere.
func (d *demoDesk) hungPlates(ctx context.Context, store *platedb.Store, list []life.Candidate) error {
	for i, c := range list {
		kind := life.KindOf(c.Level, plates.Medium)
		e := life.Existing{
			AddressID: c.AddressID, Kind: kind, Payload: fmt.Sprintf("http://old-plates.example/m?id=%05d", 10_000+7*i), FixedOn: d.ago(900 - 5*i), Note: "示例：试点期门牌，由程序生成",
		}
		if i%12 == 5 {
			e.Face = life.Face{Name: c.Face.Name + "（旧）", Number: c.Face.Number}
		}
		made, err := store.Register(ctx, d.w, e, d.today)
		if err == nil {
			err = d.plateWent(ctx, store, made, i)
		}
		if err != nil {
			return fmt.Errorf("a plate of %s%s: %w", c.Face.Name, c.Face.Number, err)
		}
	}
	return nil
}

// plateWent lets something happen to a plate that hangs.
func (d *demoDesk) plateWent(ctx context.Context, store *platedb.Store, p life.Item, i int) error {
	var at *orb.Point
	if p.Door != nil {
		at = &orb.Point{p.Door[0] + 0.00003, p.Door[1]}
	}
	tell := func(e life.Event) error {
		e.Scanned, e.Point = cmp.Or(e.Scanned, p.Foreign), at
		_, err := store.Take(ctx, d.w, p.Token, life.Told{Event: e}, life.Rules{Today: d.today})
		return err
	}
	switch i % 8 {
	case 0, 4:
		return tell(life.Event{Kind: life.Verify, Day: d.ago(120)})
	case 1:
		troubles := life.Troubles()
		return tell(life.Event{Kind: life.Damage, Day: d.ago(2 + 5*i%50), Trouble: troubles[i%len(troubles)].Code, Note: "示例"})
	case 3:
		if i%16 == 3 {
			return tell(life.Event{Kind: life.Lose, Day: d.ago(3 + i%40), Note: "示例：施工后未复位"})
		}
		return tell(life.Event{Kind: life.Inspect, Day: d.ago(20), Layer: life.OneFace})
	case 6:
		if i%16 == 6 {
			return tell(life.Event{Kind: life.Withdraw, Day: d.ago(10), Note: "示例：房屋已拆除"})
		}
	}
	return nil
}

// plateOrders makes orders that are as far as an order can be.
func (d *demoDesk) plateOrders(ctx context.Context, store *platedb.Store, ids []string) error {
	take := func(n int) []string {
		n = min(n, len(ids))
		out := ids[:n]
		ids = ids[n:]
		return out
	}
	for _, o := range []struct {
		title string
		n     int
		ago   int
		kinds []life.Kind
	}{
		{"第一批（示例）", 36, 60, []life.Kind{life.Make, life.Deliver}},
		{"第二批（示例）", 20, 20, []life.Kind{life.Make}},
		{"第三批（示例）", 16, 3, nil},
	} {
		some := take(o.n)
		if len(some) == 0 {
			return nil
		}
		if err := d.plateOrder(ctx, store, o.title, life.Selection{AddressIDs: some}, o.ago, o.kinds); err != nil {
			return err
		}
	}
	bad, err := store.ToRepair(ctx, d.w, "", 3)
	if err != nil || len(bad) == 0 {
		return err
	}
	tokens := make([]string, len(bad))
	for i, p := range bad {
		tokens[i] = p.Token.String()
	}
	return d.plateOrder(ctx, store, "损坏更换（示例）", life.Selection{Tokens: tokens}, 1, nil)
}

func (d *demoDesk) plateOrder(ctx context.Context, store *platedb.Store, title string, s life.Selection, ago int, kinds []life.Kind) error {
	day := d.ago(ago)
	o, err := store.Order(ctx, d.w, life.NewOrder{Title: title, Maker: "示例制牌单位", Note: "示例，由程序生成", Selection: s}, day)
	for i, k := range kinds {
		if err != nil {
			break
		}
		_, err = store.All(ctx, d.w, o.ID, life.Batch{Kind: k, Day: max(day, d.ago(ago-5*(i+1)))}, d.today)
	}
	if err != nil {
		return fmt.Errorf("order %s: %w", title, err)
	}
	return nil
}
