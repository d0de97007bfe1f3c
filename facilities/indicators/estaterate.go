package indicators

import (
	"fmt"
	"slices"
)

// RateInfo is a pass rate of new estates that an indicator may follow.
type RateInfo struct {
	Code   string // of the catalogue of rules and indicators
	ZH, EN string
}

// Rates lists the pass rates that an indicator may follow. What they count the report on
// estates says, which is where the figures come from.
func Rates() []RateInfo {
	return []RateInfo{
		{Code: "RAT-20", ZH: "合标配建率", EN: "Estates that keep all rules"},
		{Code: "IND-18", ZH: "新建社区综合服务用房面积达标率", EN: "New estates with enough community premises"},
		{Code: "IND-19", ZH: "新建居住区养老设施配建率", EN: "New estates that provide elderly premises"},
		{Code: "IND-29", ZH: "2015年之后新建小区养老设施覆盖率", EN: "Estates since 2015 with elderly premises"},
	}
}

func rateOf(code string) (RateInfo, bool) {
	i := slices.IndexFunc(Rates(), func(r RateInfo) bool { return r.Code == code })
	if i < 0 {
		return RateInfo{}, false
	}
	return Rates()[i], true
}

// PassRate is what the report on estates says of a rate on the day of the facts. Estates that
// are undetermined are below the line and never pass; of the undated nobody knows whether the
// rate is of them, so they are in no number.
type PassRate struct {
	Passed, Failed, Undetermined, Undated int
	Notes                                 []Text
	Reason                                Text // why there is no figure; else empty
}

func estatesUnit() Text { return Text{"个", "estates"} }

// estateRate gives the figure of the report: passed in all that the rate is of.
func (c *computing) estateRate() {
	if c.facts.Rate == nil {
		c.out.Reason = Text{"无法计算：没有小区配建的报告。", "Cannot be computed: there is no report on estates."}
		return
	}
	r := c.facts.Rate(c.formula.Rate)
	if !r.Reason.Empty() {
		c.out.Reason = r.Reason
		return
	}
	all := r.Passed + r.Failed + r.Undetermined
	c.input("达标的小区", "estates that pass", whole(r.Passed), estatesUnit())
	c.input("不达标的小区", "estates that fail", whole(r.Failed), estatesUnit())
	c.input("待定的小区", "estates undetermined", whole(r.Undetermined), estatesUnit())
	c.out.Notes = append(c.out.Notes, r.Notes...)
	if r.Undated > 0 {
		c.out.Notes = append(c.out.Notes, Text{
			fmt.Sprintf("另有 %d 个小区没有建成日期，不知是否适用，未计入。", r.Undated),
			fmt.Sprintf("%d more have no day of completion: whether the rate is of them is not known, and they are left out.", r.Undated),
		})
	}
	if all == 0 {
		c.out.Reason = Text{"无法计算：没有适用的小区。", "Cannot be computed: there is no estate that it is of."}
		return
	}
	c.out.Number = percent(float64(r.Passed), float64(all))
	if r.Undetermined > 0 {
		most := FormatNumber(*percent(float64(r.Passed+r.Undetermined), float64(all)))
		c.out.Notes = append(c.out.Notes, Text{
			fmt.Sprintf("%d 个小区待定：计入分母，不算达标；若都达标则为 %s%%。", r.Undetermined, most),
			fmt.Sprintf("%d estates are undetermined: below the line, and no pass. If all of them passed it were %s%%.", r.Undetermined, most),
		})
	}
}
