package main

import (
	"context"
	"fmt"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/consequences"
	"yike/placenames/consequences/consequencedb"
	"yike/placenames/placenamedb"
	"yike/placenames/signs"
	"yike/placenames/signs/signdb"
)

// nameChanges give the renaming that is asked for something to change, and the renaming that was
// decided something that has not followed. Unit costs are said to be examples.
func (d *demoDesk) nameChanges(ctx context.Context) error {
	store := consequencedb.New(d.db)
	known, _, _, err := store.Prices(ctx, d.w)
	return once(known, err, func() error {
		err := store.SetPrices(ctx, d.w, 0, []consequences.Price{
			{Kind: consequences.Sign, Fen: 120_000, Source: "演示单价，由程序生成，不是真实合同", Day: d.today},
		}, d.change.Reason, d.today)
		if err != nil {
			return err
		}
		catalogue, err := placenames.NewCatalogue()
		if err != nil {
			return err
		}
		names := placenamedb.New(d.db, catalogue)
		asked, err := d.nameCalled(ctx, names, "旧厂路")
		if err != nil || asked.ID == "" {
			return err
		}
		part := placenames.Name{
			Text: "旧厂路一巷", Kind: "lane", State: placenames.Customary, Divisions: asked.Divisions, ParentID: asked.ID, Note: demoNameNote,
			Decision: placenames.Decision{Kind: placenames.Observed, Title: "第二次全国地名普查成果（示例）"},
		}
		if _, err := names.Create(ctx, d.w, part, d.change, d.today); err != nil {
			return fmt.Errorf("a part of %s: %w", asked.Text, err)
		}
		for _, where := range []string{"东端路口（示例）", "西端路口（示例）", "中段（示例）"} {
			if err := d.signSays(ctx, asked, asked.Text, where); err != nil {
				return err
			}
		}
		renamed, err := d.nameCalled(ctx, names, "清澜路")
		if err != nil || len(renamed.Former) == 0 {
			return err
		}
		return d.signSays(ctx, renamed, renamed.Former[0].Text, "旧牌未换（示例）")
	})
}

// nameCalled gives the name of the demonstration that has a text; one without an id for none.
func (d *demoDesk) nameCalled(ctx context.Context, names *placenamedb.Store, text string) (placenames.Name, error) {
	page, err := names.List(ctx, d.w, placenames.Filter{Text: text}, record.At{}, placenamedb.After{}, 10)
	if err != nil {
		return placenames.Name{}, err
	}
	for _, row := range page.Rows {
		if row.Text == text {
			item, err := names.ByID(ctx, d.w, row.ID)
			return item.Name, err
		}
	}
	return placenames.Name{}, nil
}

// signSays enters a sign that stands and says a text.
func (d *demoDesk) signSays(ctx context.Context, n placenames.Name, text, where string) error {
	s := signs.Sign{
		NameID: n.ID, Kind: signs.KindFor(n.Kind, "street"), Text: text, Where: where, Division: n.Divisions[0], Keeper: "清澜示例区地名标志设置单位", State: signs.Standing,
		NeededOn: d.ago(900), StoodOn: d.ago(880), SeenOn: d.ago(60), Note: "示例，由程序生成，不是真实标志",
	}
	if _, err := signdb.New(d.db).Create(ctx, d.w, s, d.change, d.today); err != nil {
		return fmt.Errorf("a sign of %s: %w", n.Text, err)
	}
	return nil
}
