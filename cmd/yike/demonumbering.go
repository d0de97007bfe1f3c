package main

import (
	"context"
	"fmt"
	"slices"

	"yike/placenames/numbering"
	"yike/placenames/numberingdb"
)

// numberingRules gives the demonstration a rule set of its own, made of the preset of Tianjin.
func (d *demoDesk) numberingRules(ctx context.Context) error {
	store := numberingdb.New(d.db)
	known, err := store.List(ctx, d.w)
	return once(known, err, func() error {
		presets, err := numbering.Presets()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(presets, func(r numbering.RuleSet) bool { return r.Key == "tianjin" })
		if i < 0 {
			return numbering.ErrNoRule
		}
		rules := presets[i]
		rules.Key, rules.NameZH, rules.NameEN = "", "清澜示例区编号方案", "Rule set of the synthetic district"
		_, err = store.Create(ctx, d.w, numbering.LocalRule{
			Rules: rules, Standard: true, Document: "示例文件，不是真实文件", Note: "示例，由程序生成：照天津预设方案复制",
		}, d.change, d.today)
		if err != nil {
			return fmt.Errorf("a rule set of numbering: %w", err)
		}
		return nil
	})
}
