package main

import (
	"context"
	"fmt"

	"yike/facilities/estates"
	"yike/internal/rules"
)

// localRules adopt one rule of the bureau's own, of a document that is made up and says so: it
// asks for more than what holds in the whole country, so that it decides of some estates.
func (s demoSteps) localRules(ctx context.Context) error {
	desk := &estateRuleDesk{s.records}
	store, err := desk.laws()
	if err != nil {
		return err
	}
	known, err := store.List(ctx, s.w)
	return once(known, err, func() error {
		made, err := store.Create(ctx, s.w, s.elderlyRule(), s.change, s.today)
		if err != nil {
			return fmt.Errorf("draft a rule: %w", err)
		}
		trial, basis, err := desk.tryAll(ctx, store, []estates.LocalRule{made.LocalRule}, made.ID)
		if err != nil {
			return fmt.Errorf("try a rule: %w", err)
		}
		if _, err := store.KeepTrial(ctx, s.w, made.ID, made.Version, basis, trial); err != nil {
			return fmt.Errorf("keep the trial of a rule: %w", err)
		}
		if _, err := store.Adopt(ctx, s.w, made.ID, made.Version, basis.Around, basis.Program, s.change, s.today); err != nil {
			return fmt.Errorf("adopt a rule: %w", err)
		}
		return nil
	})
}

func (s demoSteps) elderlyRule() estates.LocalRule {
	perHundred, day := 30.0, s.ago(400)
	return estates.LocalRule{
		Kind: estates.Norm, Division: s.w.AdCode, Form: "elderly_per_100_new", Value: &perHundred, Severity: rules.Error, Grade: rules.ReadWhole, From: s.ago(380),
		TitleZH: "新建小区养老用房每百户面积（示例）", TitleEN: "Elderly premises per 100 households (example)",
		Sentence:   "新建住宅小区按照每百户不少于30平方米的建筑面积配建养老服务用房。（示例，不是真实文件）",
		SentenceEN: "New housing estates provide at least 30 m² of elderly premises for every 100 households. (An example, not a real document)",
		Source: estates.Document{
			Number: fmt.Sprintf("示例民发〔%s〕6号", day[:4]), Title: "关于新建住宅小区配建养老服务用房的通知（示例）", Issuer: "清澜区民政局（示例）", Day: day,
		},
		ReadBy: "示例经办人", ReadOn: s.ago(395), Note: "示例规则，由程序生成，不是真实规定 / an example made by the program",
	}
}
