package estateexport

import (
	"fmt"

	"yike/internal/docx"
)

// BuiltIn is the template of a kind that letters are made from until the bureau has its own:
// a letter in the form of GB/T 9704. It has the same bytes each time.
func BuiltIn(k LetterKind) ([]byte, error) {
	o, ok := builtIns()[k]
	if !ok {
		return nil, fmt.Errorf("there is no template of letters %q", k)
	}
	o.Head, o.Number, o.To, o.Sign, o.Day = "{{发文机关}}", "{{发文字号}}", "{{主送单位}}：", "{{发文机关}}", "{{成文日期}}"
	o.Tables = letterTables()
	data, err := o.Bytes()
	if err != nil {
		return nil, fmt.Errorf("make the template of %s: %w", k, err)
	}
	return data, nil
}

// builtIns have the words of each letter.
func builtIns() map[LetterKind]docx.Official {
	return map[LetterKind]docx.Official{
		"conditions": opinion("关于{{小区名称}}配建用房规划条件的意见",
			"同意将上述{{用房类别}}的用途、面积、建设时序和移交要求写入规划条件和土地供应文件。"),
		"plan_review": opinion("关于{{小区名称}}配建用房设计方案的审查意见",
			"同意该项目设计方案中{{用房类别}}的配建内容。请按照批准的方案，将{{用房类别}}与住宅同步规划、同步建设。"),
		"construction": opinion("关于{{小区名称}}配建用房开工核查的意见",
			"对该项目{{用房类别}}的开工安排无不同意见。请将{{用房类别}}与同期住宅同步开工、同步建设，变更面积、位置或时序前应当重新征求意见。"),
		"acceptance": opinion("关于{{小区名称}}配建用房联合验收的意见",
			"同意该项目{{用房类别}}通过联合验收。请按照规定的期限办理移交手续。"),
		"handover": opinion("关于{{小区名称}}配建用房移交接收的意见",
			"同意接收该项目{{用房类别}}。请配合办理图纸资料、钥匙和权属登记等手续，移交前后均不得挪作他用。"),
		Rectification: {
			Title: "关于{{小区名称}}配建用房的整改通知",
			Body: []string{
				"你单位{{来文日期}}就{{小区名称}}项目{{环节}}的来件收悉。该项目位于{{所在辖区}}，建设单位为{{建设单位}}。经核查，{{用房类别}}的配建不符合要求，{{意见结论}}。现将有关事项通知如下：",
				"一、存在的问题和整改要求",
				"{{整改要求}}",
				"{{如有 不合标}}核查中不符合规定的事项：",
				"（{{不合标.序号}}）{{不合标.事项}}：{{不合标.情况}}（依据：{{不合标.依据}}）。",
				"{{如有 待定}}因资料不全不能判定、需要补充资料的事项：",
				"（{{待定.序号}}）{{待定.事项}}：{{待定.说明}}。",
				"二、整改期限",
				"{{如有 整改期限}}请于{{整改期限}}前完成整改，并重新报送{{环节}}的材料。",
				"{{如无 整改期限}}请完成整改后重新报送{{环节}}的材料。",
				"重新报送并取得同意的意见之前，本环节视为未通过，不进入下一环节。配建用房和核查情况见附表。",
				"特此通知。",
			},
		},
	}
}

// opinion is a letter that agrees, with conditions where there are some.
func opinion(title, agrees string) docx.Official {
	return docx.Official{
		Title: title,
		Body: []string{
			"你单位{{来文日期}}就{{小区名称}}项目{{环节}}征求意见的来件收悉。该项目位于{{所在辖区}}，建设单位为{{建设单位}}，规划{{规划户数}}户、{{规划人口}}人，地上住宅建筑面积{{住宅建筑面积}}平方米。经研究，现就{{用房类别}}函复如下：",
			"一、配建情况",
			"该项目规划配建社区综合服务用房{{社区用房面积}}平方米、养老服务用房{{养老用房面积}}平方米，登记用房共{{用房数}}处，见附表1。",
			"二、核查情况",
			"按照{{核查日期}}的登记数据，对本环节应当核查的规定逐条核对，结论为{{核查结论}}：{{不合标条数}}条不符合，{{待定条数}}条因资料不全不能判定。逐条情况见附表2。",
			"{{如有 不合标}}不符合的事项：",
			"（{{不合标.序号}}）{{不合标.事项}}：{{不合标.情况}}。",
			"三、意见",
			"{{如无 附加条件}}" + agrees,
			"{{如有 附加条件}}在落实下列条件的前提下，" + agrees,
			"{{如有 附加条件}}{{附加条件}}",
			"{{如有 前次条件}}此前意见所附的条件请一并落实：",
			"（{{前次条件.序号}}）{{前次条件.文号}}（{{前次条件.日期}}，{{前次条件.机关}}）：{{前次条件.内容}}",
			"特此函复。",
		},
	}
}

// letterTables are the rooms and what was found, on a page of their own.
func letterTables() []docx.OfficialTable {
	c := func(title, cell string, weight float64) docx.OfficialColumn {
		return docx.OfficialColumn{Title: title, Cell: cell, Weight: weight}
	}
	return []docx.OfficialTable{
		{
			Title: "附表1　{{小区名称}}配建用房", Note: "{{如无 用房}}没有登记的配建用房。",
			Columns: []docx.OfficialColumn{
				c("{{如有 用房}}序号", "{{用房.序号}}", 0.8), c("名称", "{{用房.名称}}", 2.6), c("用途", "{{用房.用途}}", 1.5), c("位置", "{{用房.位置}}", 2),
				c("建筑面积（㎡）", "{{用房.建筑面积}}", 1.3), c("用地面积（㎡）", "{{用房.用地面积}}", 1.3),
			},
		},
		{
			Title: "附表2　配建核查情况（{{核查日期}}）", Note: "“待定”是资料不全、不能判定，不视为符合。",
			Columns: []docx.OfficialColumn{
				c("{{如有 核查}}序号", "{{核查.序号}}", 0.8), c("事项", "{{核查.事项}}", 1.9), c("要求", "{{核查.要求}}", 1.9), c("现状", "{{核查.现状}}", 1.4),
				c("结果", "{{核查.结果}}", 1.1), c("说明", "{{核查.尚缺}}{{核查.说明}}", 1.9), c("依据", "{{核查.依据}}", 2.2),
			},
		},
	}
}
