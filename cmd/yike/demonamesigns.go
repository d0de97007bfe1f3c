package main

import (
	"context"
	"fmt"

	"yike/placenames/signs"
	"yike/placenames/signs/signdb"
)

// signs enters signs of the demonstration: standing, ordered, damaged, and one that says a
// former name.
func (d *demoDesk) signs(ctx context.Context) error {
	store := signdb.New(d.db)
	known, err := store.All(ctx, d.w, "")
	return once(known, err, func() error {
		names, err := store.Named(ctx, d.w)
		if err != nil {
			return err
		}
		done := 0
		for _, n := range names {
			if n.Class != "street" || !n.State.InUse() || done == 12 {
				continue
			}
			s := signs.Sign{
				NameID: n.ID, Kind: signs.KindFor(n.Kind, n.Class), Where: n.Text + "东端路口（示例）", Keeper: "清澜示例区地名标志设置单位", State: signs.Standing,
				NeededOn: d.ago(400), StoodOn: d.ago(300), SeenOn: d.ago(60 + 40*done), Note: "示例，由程序生成，不是真实标志",
			}
			switch done % 4 {
			case 1:
				s.State, s.StoodOn, s.SeenOn, s.OrderedOn, s.DueBy = signs.Ordered, "", "", d.ago(20), d.ago(3*done-10)
			case 2:
				s.Text, s.Roman = n.Text+"（旧）", ""
			}
			made, err := store.Create(ctx, d.w, s, d.change, d.today)
			if err == nil && done%4 == 3 {
				_, err = store.Move(ctx, d.w, made.ID, made.Version, signs.Move{To: signs.Damaged, Day: d.ago(5), Reason: "示例：牌面撞弯"}, d.today)
			}
			if err != nil {
				return fmt.Errorf("a sign of %s: %w", n.Text, err)
			}
			done++
		}
		return nil
	})
}
