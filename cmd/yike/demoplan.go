package main

import (
	"yike/facilities"
	"yike/facilities/indicators"
)

// demoPlan is a plan of the synthetic bureau's own, for 2025 to 2030. Its sentences are made
// up and say so; nothing of it is in any real plan.
func demoPlan() (indicators.Plan, []indicators.Indicator, []indicators.Project) {
	const key = "demo"
	said := func(quote string) []indicators.Source {
		return []indicators.Source{{Document: key, Where: "示例条文", Quote: quote}}
	}
	of := func(types ...facilities.Type) []indicators.Selection {
		var out []indicators.Selection
		for _, t := range types {
			out = append(out, indicators.Selection{Type: t})
		}
		return out
	}
	text := func(zh, en string) indicators.Text { return indicators.Text{ZH: zh, EN: en} }
	plan := indicators.Plan{
		Title:     text("清澜区民政事业发展“十五五”规划（示例）", "Qinglan civil affairs plan 2026–2030 (example)"),
		Authority: text("清澜区民政局（示例）", "Civil affairs bureau of Qinglan (example)"), BaseYear: 2025, TargetYear: 2030,
		Documents: []indicators.Document{{Key: key, Title: "清澜区“十五五”规划（示例文本，非真实文件）"}},
		Note:      text("合成演示：规划与数字均为编造，不对应任何真实规划。", "A synthetic demonstration: the plan and its figures are made up."),
		Groups:    []indicators.Group{{Key: "elderly", Text: text("养老服务", "Elderly services")}, {Key: "community", Text: text("社区与殡葬", "Communities and funerals")}},
	}
	row := func(n int, group string, name, unit indicators.Text, baseline, target string, base indicators.Base, ratio bool, f indicators.Formula, quote string) indicators.Indicator {
		return indicators.Indicator{
			Key: quote, Number: n, Group: group, Name: name, Unit: unit, Kind: indicators.Anticipatory, Ratio: ratio, Base: base,
			Baseline: indicators.ParseAmount(baseline), Target: indicators.ParseAmount(target), Sources: said(quote), Office: "养老服务科（示例）", Formula: f, Prefer: indicators.PreferComputed,
		}
	}
	places, percent := text("个", "places"), text("%", "%")
	rows := []indicators.Indicator{
		row(1, "elderly", text("老人家食堂", "Elderly canteens"), places, "3", "6", indicators.NoBase, false, indicators.Formula{Kind: indicators.Count, Of: of("elderly_canteen")}, "老人家食堂达到6个（示例）"),
		row(2, "elderly", text("日间照料中心", "Day-care centres"), places, "2", "4", indicators.NoBase, false, indicators.Formula{Kind: indicators.Count, Of: of("day_care_centre")}, "日间照料中心达到4个（示例）"),
		row(3, "elderly", text("助餐服务村居覆盖率", "Communities with meal services"), percent, "60", "100", indicators.Communities, true, indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen", "meal_point")}, "助餐服务村居覆盖率达到100%（示例）"),
		row(4, "elderly", text("护理型床位占比", "Share of nursing beds"), percent, "50", "65", indicators.Beds, true, indicators.Formula{Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "nursing_beds", OfField: "beds"}, "护理型床位占比达到65%（示例）"),
		row(5, "elderly", text("每千名老人床位", "Beds per 1,000 elders"), text("张", "beds"), "30", "40", indicators.Registered, true, indicators.Formula{Kind: indicators.Per1000Elders, Of: of("elderly_institution"), Field: "beds"}, "每千名老人拥有床位40张（示例）"),
		row(6, "community", text("每百户社区综合服务设施面积", "Community premises per 100 households"), text("平方米", "m²"), "28", "35", indicators.Households, true, indicators.Formula{Kind: indicators.AreaPer100Households, Of: of("community_premises")}, "每百户社区综合服务设施面积达到35平方米（示例）"),
		row(7, "community", text("骨灰堂格位", "Niches"), text("格", "niches"), "", "6000", indicators.NoBase, false, indicators.Formula{Kind: indicators.Sum, Of: of("columbarium"), Field: "niches_total"}, "骨灰堂格位达到6000格（示例）"),
		row(8, "community", text("老年人满意度", "Elders who are content"), percent, "86", "92", indicators.OtherBase, true, indicators.Formula{Kind: indicators.ByHand}, "老年人满意度达到92%（示例）"),
	}
	projects := []indicators.Project{
		{Name: text("新建老人家食堂（示例）", "New canteens (example)"), From: 2026, To: 2028, State: indicators.ProjectBuilding, IndicatorKey: rows[0].Key, Source: said("新建老人家食堂3处（示例）")[0]},
		{Name: text("街镇级骨灰堂扩建（示例）", "Enlarging the subdistrict columbarium (example)"), From: 2027, To: 2029, State: indicators.ProjectPlanned, IndicatorKey: rows[6].Key, Source: said("扩建街镇级骨灰堂（示例）")[0]},
	}
	return plan, rows, projects
}
