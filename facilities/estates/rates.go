package estates

import (
	"cmp"
	"slices"

	"yike/facilities/premises"
	"yike/internal/record"
	"yike/internal/rules"
)

// RateID is the id of a rate in the catalogue of rules and indicators.
type RateID string

// The rates.
const (
	RateCompliant RateID = "RAT-20" // 合标配建结论
	RateCommunity RateID = "IND-18" // 新建社区用房达标率
	RateElderly   RateID = "IND-19" // 养老配建率
	RateSince2015 RateID = "IND-29" // 2015年后新建小区养老设施覆盖
)

// RateInfo says what a rate is, and in which text.
type RateInfo struct {
	ID               RateID
	TitleZH, TitleEN string
	Region           string // whose text it is of, as regions of the rules have it
	Plan             string // key of the text: S0, S1, S3, S4
	WhereZH, WhereEN string // in the text
	Sentence         string // its own words
	SentenceEN       string
	Grade            rules.Grade
	WhatZH, WhatEN   string  // what is counted, in our words
	Target           float64 // per cent
}

// Rates lists the rates. Their texts were read in the plans.
func Rates() []RateInfo {
	return []RateInfo{
		{
			ID: RateCompliant, TitleZH: "合标配建率", TitleEN: "Estates that keep all rules", Region: "120111", Plan: "S0",
			WhereZH: "四（三）", WhereEN: "part 4 (3)", Sentence: "合标配建、合规移交", SentenceEN: "Provided by the standard, handed over by the rules", Grade: "S0", Target: 100,
			WhatZH: "合标配建结论为“合标”的新建小区 ÷ 全部新建小区；已建成小区不计。", WhatEN: "New estates that keep every must rule ÷ all new estates; standing ones are left out.",
		},
		{
			ID: RateCommunity, TitleZH: "新建社区综合服务用房面积达标率", TitleEN: "New estates with enough community premises", Region: "xixian", Plan: "S3",
			WhereZH: "第三章（三）2", WhereEN: "chapter 3 (3) 2", Sentence: "到2025年城镇新建社区综合服务用房面积达标率100%", SentenceEN: "By 2025 all new urban communities have enough area of community premises", Grade: "S3", Target: 100,
			WhatZH: "社区综合服务用房达到五档标准（RAT-03）的新建小区 ÷ 适用该标准的新建小区。", WhatEN: "New estates that keep the five tiers (RAT-03) ÷ new estates that it applies to.",
		},
		{
			ID: RateElderly, TitleZH: "新建居住区养老设施配建率", TitleEN: "New estates that provide elderly premises", Region: "12", Plan: "S1",
			WhereZH: "第四章 完善社区设施网络", WhereEN: "chapter 4, network of community facilities", Sentence: "到2022年,新建居住区配建率达到100%", SentenceEN: "By 2022 all new residential areas provide them", Grade: "S1", Target: 100,
			WhatZH: "达到养老用房（RAT-04）和养老用地（RAT-07）标准的新建小区 ÷ 适用该标准的新建小区；只凭记忆的标准不作判断。", WhatEN: "New estates that keep the norms of elderly premises (RAT-04) and land (RAT-07) ÷ new estates that they apply to; a norm that is only remembered decides nothing.",
		},
		{
			ID: RateSince2015, TitleZH: "2015年之后新建小区养老设施覆盖率", TitleEN: "Estates since 2015 with elderly premises", Region: "220502", Plan: "S4",
			WhereZH: "三、（2）", WhereEN: "part 3 (2)", Sentence: "基本实现2015年之后新建小区养老服务设施全覆盖，设施配置达到相关行业标准", SentenceEN: "Nearly all estates built after 2015 have elderly facilities that keep the standards of the trade", Grade: "S4", Target: 100,
			WhatZH: "2016年1月1日起全部建成、且有养老用房的小区 ÷ 全部此类小区；只看有无，面积是否达标另见各小区。建成日期未填写的小区不计入，单列。", WhatEN: "Estates completed from 1 January 2016 on that have elderly premises ÷ all such; whether they are large enough is said with each estate. Estates without a day of completion are listed apart.",
		},
	}
}

// Rate is a pass rate with what it is made of. What is undetermined is in the denominator and
// never a pass.
type Rate struct {
	RateInfo
	Here         bool     // the text is of this place
	Passed       []string // ids of estates
	Failed       []string
	Undetermined []string
	Undated      []string // of which nobody knows whether they belong to it; in no number
}

// Denominator is how many estates the rate is of.
func (r Rate) Denominator() int { return len(r.Passed) + len(r.Failed) + len(r.Undetermined) }

// Percent is the rate in per cent; false where it is of no estate.
func (r Rate) Percent() (float64, bool) {
	if r.Denominator() == 0 {
		return 0, false
	}
	return float64(len(r.Passed)) * 100 / float64(r.Denominator()), true
}

// AtMost is the rate if all that is undetermined were to pass; false as Percent.
func (r Rate) AtMost() (float64, bool) {
	if r.Denominator() == 0 {
		return 0, false
	}
	return float64(len(r.Passed)+len(r.Undetermined)) * 100 / float64(r.Denominator()), true
}

// RatesOf gives the rates of estates, in the order of Rates; regions are those of the checks.
func RatesOf(regions []string, all []Held) []Rate {
	var out []Rate
	for _, info := range Rates() {
		r := Rate{RateInfo: info, Here: slices.Contains(regions, info.Region), Passed: []string{}, Failed: []string{}, Undetermined: []string{}, Undated: []string{}}
		for _, h := range all {
			r.take(h)
		}
		out = append(out, r)
	}
	return out
}

// Standpoint is what an estate is to a rate.
type Standpoint string

// The standpoints.
const (
	Apart        Standpoint = "apart" // the rate is not of it
	Passes       Standpoint = "pass"
	Fails        Standpoint = "fail"
	Undetermined Standpoint = "undetermined"
	NoDay        Standpoint = "undated" // nobody knows whether the rate is of it
)

// To is what the estate is to a rate.
func (h Held) To(id RateID) Standpoint { return cmp.Or(h.rates[id], Apart) }

func (r *Rate) take(h Held) {
	id := h.Estate.ID
	switch h.To(r.ID) {
	case Passes:
		r.Passed = append(r.Passed, id)
	case Fails:
		r.Failed = append(r.Failed, id)
	case Undetermined:
		r.Undetermined = append(r.Undetermined, id)
	case NoDay:
		r.Undated = append(r.Undated, id)
	case Apart:
	}
}

func (e Estate) compliant(c Conclusion) Standpoint {
	switch {
	case e.Kind == Built:
		return Apart
	case c == Compliant:
		return Passes
	case c == NotCompliant:
		return Fails
	}
	return Undetermined
}

// keeps is what the findings of some rules come to for a new estate, those for information
// left aside.
func (c Check) keeps(e Estate, ids ...string) Standpoint {
	out := Apart
	if e.Kind == Built {
		return out
	}
	for _, f := range c.Findings {
		if !slices.Contains(ids, f.Rule.ID) || f.Rule.Severity == rules.Info {
			continue
		}
		switch {
		case f.Outcome == rules.Fail:
			return Fails
		case f.Outcome == rules.Undetermined:
			out = Undetermined
		case f.Outcome == rules.Pass && out == Apart:
			out = Passes
		}
	}
	return out
}

// firstSince2015 is the first day of “after 2015”.
const firstSince2015 record.Day = "2016-01-01"

// since2015 says whether an estate that was completed after 2015 has elderly premises.
func (e Estate) since2015() Standpoint {
	switch {
	case e.CompletedOn == "" && e.Kind == Built:
		return NoDay
	case e.CompletedOn < firstSince2015:
		return Apart
	case e.For(premises.ElderlyNorm) > 0:
		return Passes
	case e.vagueRoom() != "":
		return Undetermined
	}
	return Fails
}
