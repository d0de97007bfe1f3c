package facilities

import (
	"fmt"
	"strings"
	"time"

	"yike/internal/record"
)

// Score is how far a record can be relied on, from 0 to 100, and where points were lost:
// the points and all losses together are 100.
type Score struct {
	Points  int
	Reasons []ScoreReason // the greatest loss is not always the first: fresh, complete, placed
}

// ScoreReason is why points were lost.
type ScoreReason struct {
	ZH, EN string
	Lost   int
}

// The points of each part, and the days after which a look at the place counts for
// nothing.
const (
	freshPoints    = 40
	completePoints = 40
	placePoints    = 20
	freshDays      = 730
	// Writing a record anew without a look at the place is worth half of a look.
	changedPoints = freshPoints / 2
	// A field that publishing needs weighs as much as three others.
	requiredWeight = 3
)

// Quality scores a record on a day:
//
//	fresh, 40:    40 × (1 − days since verified ÷ 730), or 20 × (1 − days since the last
//	              change ÷ 730) where that is more; nothing after two years
//	complete, 40: 40 × weight of the fields known ÷ weight of all that the type counts;
//	              the address and fields that publishing needs weigh 3, others 1
//	placed, 20:   all for a position that was given or pointed at, 20 × confidence ÷ 100
//	              for one found from the address, nothing for none or an example
//
// Each part is rounded down. The score never rises as days pass, and verifying a record
// never lowers it. The formula is ours; no text sets one.
func Quality(f Facility, info TypeInfo, today record.Day) Score {
	out := Score{Points: freshPoints + completePoints + placePoints}
	for _, part := range []func() ScoreReason{
		func() ScoreReason { return freshness(f, today) },
		func() ScoreReason { return completeness(f, info) },
		func() ScoreReason { return placed(f) },
	} {
		if reason := part(); reason.Lost > 0 {
			out.Points -= reason.Lost
			out.Reasons = append(out.Reasons, reason)
		}
	}
	return out
}

func freshness(f Facility, today record.Day) ScoreReason {
	verified := fading(freshPoints, f.VerifiedOn, today)
	changed := fading(changedPoints, f.ValidFrom, today)
	r := ScoreReason{Lost: freshPoints - max(verified, changed)}
	switch {
	case f.VerifiedOn != "":
		n := daysBetween(f.VerifiedOn, today)
		r.ZH = fmt.Sprintf("最近一次核实是 %d 天前（%s），满 %d 天不再计分", n, f.VerifiedOn, freshDays)
		r.EN = fmt.Sprintf("last verified %d days ago, on %s; after %d days that counts for nothing", n, f.VerifiedOn, freshDays)
	case changed > 0:
		r.ZH = fmt.Sprintf("从未到现场核实，登记内容最近变动于 %s", f.ValidFrom)
		r.EN = fmt.Sprintf("never verified on site; last changed on %s", f.ValidFrom)
	default:
		r.ZH, r.EN = "从未到现场核实", "never verified on site"
	}
	return r
}

// fading is what points are left of a day.
func fading(points int, day, today record.Day) int {
	if day == "" {
		return 0
	}
	return max(0, points*(freshDays-daysBetween(day, today))/freshDays)
}

// daysBetween counts from a day to another; 0 where it is not before.
func daysBetween(from, to record.Day) int {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil || b.Before(a) {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

func completeness(f Facility, info TypeInfo) ScoreReason {
	have, all := 0, 0
	var lacks, lacksEN []string
	count := func(weight int, known bool, zh, en string) {
		all += weight
		if known {
			have += weight
			return
		}
		lacks, lacksEN = append(lacks, zh), append(lacksEN, en)
	}
	count(requiredWeight, f.Address != "", "地址", "address")
	for _, required := range []bool{true, false} {
		for _, field := range info.Fields {
			if field.Uncounted || field.Required != required {
				continue
			}
			weight := 1
			if required {
				weight = requiredWeight
			}
			count(weight, f.Value(info, field.Field) != nil, field.ZH, field.EN)
		}
	}
	return ScoreReason{
		Lost: completePoints - completePoints*have/all,
		ZH:   fmt.Sprintf("未填写 %d 项：%s", len(lacks), some(lacks, "、", "等")),
		EN:   fmt.Sprintf("%d fields are not filled in: %s", len(lacks), some(lacksEN, ", ", " and others")),
	}
}

// some names the first few.
func some(words []string, between, more string) string {
	const most = 6
	if len(words) <= most {
		return strings.Join(words, between)
	}
	return strings.Join(words[:most], between) + more
}

func placed(f Facility) ScoreReason {
	switch {
	case f.Example:
		return ScoreReason{Lost: placePoints, ZH: "按规则布设的示例，不是真实位置", EN: "an example placed by rule, not a real place"}
	case f.Unplaced:
		return ScoreReason{Lost: placePoints, ZH: "尚未落图", EN: "not yet placed on the map"}
	case f.PlacedBy == PlacedAddress:
		return ScoreReason{
			Lost: placePoints - placePoints*min(max(f.PlaceConfidence, 0), 100)/100,
			ZH:   fmt.Sprintf("位置由地址推定，可信度 %d%%", f.PlaceConfidence), EN: fmt.Sprintf("the position was found from the address, confidence %d %%", f.PlaceConfidence),
		}
	}
	return ScoreReason{}
}
