package paperexport

import (
	"fmt"

	"yike/internal/docx"
	"yike/placenames/papers"
)

// BuiltIn is the template of a kind that papers are made from until the bureau has its own. It
// has the same bytes each time.
func BuiltIn(kind papers.Kind) ([]byte, error) {
	o, ok := builtIns()[kind]
	if !ok {
		return nil, fmt.Errorf("there is no template of papers %q", kind)
	}
	data, err := o.Bytes()
	if err != nil {
		return nil, fmt.Errorf("make the template of %s: %w", kind, err)
	}
	return data, nil
}

// letter is a letter (信函格式) to somebody.
func letter(title string, body ...string) docx.Official {
	return docx.Official{
		Head: "{{发文机关}}", Number: "{{发文字号}}", To: "{{主送单位}}：", Title: title, Body: body, Sign: "{{发文机关}}", Day: "{{成文日期}}",
	}
}

// document is a document (文件格式) to somebody.
func document(title string, body ...string) docx.Official {
	o := letter(title, body...)
	o.Form, o.Head = docx.DocumentForm, "{{发文机关}}文件"
	return o
}

// minutes are 会议纪要: of a meeting, to nobody.
func minutes(body ...string) docx.Official {
	return docx.Official{Form: docx.DocumentForm, Head: "{{发文机关}}会议纪要", Number: "{{发文字号}}", Title: "关于“{{标准名称}}”{{事项}}审议的会议纪要", Body: body, Sign: "{{发文机关}}", Day: "{{成文日期}}"}
}

// sheet is a record or form to sign.
func sheet(title, sign string, body ...string) docx.Official {
	return docx.Official{Form: docx.RecordForm, Title: title, Body: body, Sign: sign, Day: "{{成文日期}}"}
}

func column(title, cell string, weight float64) docx.OfficialColumn {
	return docx.OfficialColumn{Title: title, Cell: cell, Weight: weight}
}

// pairs is a table of what is asked and what is said.
func pairs(rows ...[2]string) docx.OfficialTable {
	t := docx.OfficialTable{Inline: true, Columns: []docx.OfficialColumn{column("", "", 1), column("", "", 3.2)}}
	for _, r := range rows {
		t.Rows = append(t.Rows, r[:])
	}
	return t
}

func with(o docx.Official, tables ...docx.OfficialTable) docx.Official {
	o.Tables = tables
	return o
}

const (
	ofName   = "“{{标准名称}}”"
	ofMatter = "{{如有 命名}}拟命名地名：{{标准名称}}，罗马字母拼写：{{罗马字母拼写}}，种类：{{地名种类}}；位于{{所属政区}}，{{位置描述}}；规模：{{规模}}。"
)

// about are paragraphs that say what a case is about, one for each act.
func about() []string {
	return []string{
		ofMatter,
		"{{如有 更名}}拟将{{原名称}}更名为{{标准名称}}，罗马字母拼写：{{罗马字母拼写}}，种类：{{地名种类}}；位于{{所属政区}}，{{位置描述}}。",
		"{{如有 注销}}拟注销地名：{{标准名称}}，种类：{{地名种类}}；位于{{所属政区}}，{{位置描述}}。",
	}
}

func builtIns() map[papers.Kind]docx.Official {
	out := map[papers.Kind]docx.Official{}
	for _, some := range []map[papers.Kind]docx.Official{noticeTemplates(), recordTemplates(), decisionTemplates(), filingTemplates()} {
		for kind, o := range some {
			out[kind] = o
		}
	}
	return out
}

func join(parts ...[]string) []string {
	var out []string
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func noticeTemplates() map[papers.Kind]docx.Official {
	return map[papers.Kind]docx.Official{
		papers.AcceptanceNotice: with(letter("关于"+ofName+"{{事项}}申请的受理通知书", join(
			[]string{"你单位{{申请日期}}提交的地名{{事项}}申请（办件编号{{办件编号}}）收悉。"}, about(), []string{
				"经审查，决定予以受理。收到的材料见附表，办理中需要补充材料的另行通知。",
				"联系方式：{{联系方式}}。",
				"特此通知。",
			})...), docx.OfficialTable{
			Title: "附表　收到的材料", Note: "{{如无 材料}}没有登记的材料。",
			Columns: []docx.OfficialColumn{column("{{如有 材料}}序号", "{{材料.序号}}", 0.7), column("材料", "{{材料.名称}}", 2), column("来源", "{{材料.来源}}", 3)},
		}),
		papers.CorrectionNotice: letter("关于"+ofName+"{{事项}}申请的补正通知书",
			"你单位{{申请日期}}提交的地名{{事项}}申请（办件编号{{办件编号}}）收悉。经审查，下列内容需要补正：",
			"{{补正内容}}。",
			"{{如有 补正说明}}说明：{{补正说明}}",
			"请补正后重新提交。收到补正材料之前，本件暂停办理。",
			"联系方式：{{联系方式}}。",
			"特此通知。"),
		papers.Reply: letter("关于"+ofName+"{{事项}}征求意见的复函",
			"你单位{{来文日期}}来函（{{来文文号}}）收悉。",
			"来函就{{标准名称}}（罗马字母拼写：{{罗马字母拼写}}）的{{事项}}征求意见。该{{地名种类}}位于{{所属政区}}，{{位置描述}}；规模：{{规模}}。",
			"依照《地名管理条例》和有关规定，对名称的用字、含义、重名同音、专名通名和拼写进行了核查。核查结论：{{复函结论}}。",
			"{{复函意见}}",
			"该名称由有关部门依法批准后，请自批准之日起15日内将备案材料报送我单位。",
			"特此函复。"),
	}
}

func recordTemplates() map[papers.Kind]docx.Official {
	return map[papers.Kind]docx.Official{
		papers.SurveyRecord: with(sheet("地名实地踏勘记录", "踏勘人员（签字）：＿＿＿＿＿＿＿＿＿＿", join(
			[]string{"办件编号：{{办件编号}}　　申请单位：{{申请单位}}　　踏勘日期：{{踏勘日期}}"}, about())...), docx.OfficialTable{
			Inline: true, Columns: []docx.OfficialColumn{column("项目", "{{踏勘.项目}}", 1), column("记录", "{{踏勘.内容}}", 3.2)},
		}),
		papers.ExpertOpinion: with(sheet("关于"+ofName+"{{事项}}的专家论证意见", "专家组（签字）：＿＿＿＿＿＿＿＿＿＿", join(
			[]string{"一、论证事项"}, about(), []string{
				"申请理由：{{申请理由}}",
				"二、论证情况",
				"征求{{专家应到数}}位专家的意见（按规定回避{{专家回避数}}位，应有{{专家法定数}}份以上），收到{{专家意见数}}份：同意{{专家同意数}}份、修改后同意{{专家修改后同意数}}份、不同意{{专家不同意数}}份，平均{{专家平均分}}分（每项1至5分），各项评分见附表。",
				"三、必要性、科学性和合理性",
				"（{{专家意见.序号}}）{{专家意见.姓名}}（{{专家意见.单位}}{{专家意见.职称}}）：{{专家意见.结论}}。{{专家意见.意见}}",
				"{{如无 专家意见}}" + blank,
				"四、可能存在的风险",
				"（{{风险.序号}}）{{风险.内容}}",
				"{{如无 风险}}专家意见中没有记录风险。",
				"五、建议",
				"（{{建议.序号}}）{{建议.内容}}",
				"{{如无 建议}}专家意见中没有记录建议。",
				"六、结论",
				"{{专家结论}}。",
			})...), docx.OfficialTable{
			Title: "附表　评分", Note: "{{如无 评分}}没有登记评分。",
			Columns: []docx.OfficialColumn{
				column("{{如有 评分}}序号", "{{评分.序号}}", 0.7), column("标准", "{{评分.标准}}", 3), column("平均分", "{{评分.平均分}}", 1), column("最低分", "{{评分.最低分}}", 1), column("最高分", "{{评分.最高分}}", 1),
			},
		}),
		papers.ConsultationSummary: with(sheet("关于"+ofName+"{{事项}}的征求意见汇总", "{{发文机关}}", join(
			[]string{"一、事项"}, about(), []string{
				"二、征求意见的过程",
				"{{征求开始日期}}至{{征求截止日期}}，采用书面征求部门意见和向社会公示的方式征求意见。",
				"三、征求意见的范围",
				"征求{{部门数}}个部门的意见；发布公示{{公示数}}期。",
				"（{{公示.序号}}）公示{{公示.编号}}：{{公示.开始}}至{{公示.截止}}。",
				"四、意见",
				"部门意见：同意{{部门同意数}}个、修改后同意{{部门修改后同意数}}个、不同意{{部门不同意数}}个、未答复{{部门未答复数}}个，见附表1。",
				"公众意见：{{公众意见数}}条，其中支持{{公众支持数}}条、反对{{公众反对数}}条、另提名称{{公众另提名称数}}条，见附表2。",
				"五、意见的处理",
				"采纳或者部分采纳{{公众意见采纳数}}条、未采纳{{公众意见未采纳数}}条、尚未答复{{公众意见未答复数}}条，理由见附表2。",
			})...), docx.OfficialTable{
			Title: "附表1　部门意见", Note: "{{如无 部门意见}}没有征求部门意见的记录。",
			Columns: []docx.OfficialColumn{
				column("{{如有 部门意见}}序号", "{{部门意见.序号}}", 0.6), column("部门", "{{部门意见.部门}}", 1.6), column("发函日期", "{{部门意见.发函日期}}", 1.3), column("结论", "{{部门意见.结论}}", 1.1),
				column("意见", "{{部门意见.意见}}", 2.4), column("文号", "{{部门意见.文号}}", 1.4), column("日期", "{{部门意见.日期}}", 1.3),
			},
		}, docx.OfficialTable{
			Title: "附表2　公众意见", Note: "{{如无 公众意见}}没有收到公众意见。不载明提出意见的人。",
			Columns: []docx.OfficialColumn{
				column("{{如有 公众意见}}序号", "{{公众意见.序号}}", 0.6), column("立场", "{{公众意见.立场}}", 0.9), column("意见", "{{公众意见.意见}}", 3), column("处理", "{{公众意见.处理}}", 1), column("答复", "{{公众意见.答复}}", 2.4),
			},
		}),
		papers.Minutes: with(minutes(join(
			[]string{
				"{{会议日期}}{{会议时间}}，{{发文机关}}在{{会议地点}}召开会议（第{{会议编号}}次），{{主持人}}主持，审议“{{标准名称}}”的{{事项}}。会议应到{{应到人数}}人，实到{{实到人数}}人，名单见附表。",
				"一、审议事项",
			}, about(), []string{
				"申请单位：{{申请单位}}。申请理由：{{申请理由}}",
				"二、讨论情况",
				"{{讨论情况}}",
				"{{如无 讨论情况}}" + blank,
				"三、审议结果",
				"{{审议结果}}。",
				"{{如有 审议意见}}{{审议意见}}",
				"{{如有 表决情况}}表决情况：{{表决情况}}。",
			})...), docx.OfficialTable{
			Title: "附表　出席情况", Note: "{{如无 出席}}没有登记出席情况。",
			Columns: []docx.OfficialColumn{
				column("{{如有 出席}}序号", "{{出席.序号}}", 0.6), column("姓名", "{{出席.姓名}}", 1.2), column("职务", "{{出席.职务}}", 1), column("单位", "{{出席.单位}}", 2.4), column("出席", "{{出席.出席}}", 1.6),
			},
		}),
	}
}

func decisionTemplates() map[papers.Kind]docx.Official {
	submission := document("关于{{决定内容}}的请示",
		"根据《地名管理条例》第十二条，现将{{决定内容}}的有关事项请示如下：",
		"一、基本情况",
		"该{{地名种类}}位于{{所属政区}}，{{位置描述}}；规模：{{规模}}。名称含义：{{含义}}",
		"{{申请单位}}于{{申请日期}}提出申请，{{受理日期}}受理。申请理由：{{申请理由}}",
		"二、办理情况",
		"踏勘：{{踏勘日期}}进行实地踏勘。",
		"专家论证：{{专家结论}}。",
		"征求意见：征求{{部门数}}个部门的意见，{{部门同意数}}个同意、{{部门修改后同意数}}个修改后同意、{{部门不同意数}}个不同意；公示{{公示数}}期，收到公众意见{{公众意见数}}条。",
		"审议：地名委员会{{会议日期}}审议，结果为{{审议结果}}。",
		"三、请示事项",
		"{{如有 命名}}拟{{决定内容}}。",
		"{{如有 更名}}拟{{决定内容}}。",
		"{{如有 注销}}拟{{决定内容}}，注销的名称今后不再使用。",
		"妥否，请批示。",
		"（联系方式：{{联系方式}}）")
	submission.Number = "{{发文字号}}　　　　签发人：{{签发人}}"
	return map[papers.Kind]docx.Official{
		papers.Submission: submission,
		papers.Approval: document("关于{{决定内容}}的批复",
			"报来的请示收悉。根据《地名管理条例》有关规定，现批复如下：",
			"{{如有 命名}}一、同意{{决定内容}}。",
			"{{如有 更名}}一、同意{{决定内容}}，原名称停止使用。",
			"{{如有 注销}}一、同意{{决定内容}}，注销的名称停止使用。",
			"二、该{{地名种类}}位于{{所属政区}}，{{位置描述}}；规模：{{规模}}。",
			"三、请自批准之日起15日内依法备案、向社会公告，并按规定设置、更换或者拆除地名标志。",
			"此复。"),
	}
}

func filingTemplates() map[papers.Kind]docx.Official {
	announce := document("关于{{决定内容}}的公告",
		"根据《地名管理条例》第十四条，现将有关地名公告如下：")
	announce.Head, announce.To = "{{发文机关}}公告", ""
	return map[papers.Kind]docx.Official{
		papers.FilingForm: with(sheet("地名{{事项}}备案表", "填报单位（盖章）：{{发文机关}}"), pairs(
			[2]string{"标准名称", "{{标准名称}}"},
			[2]string{"罗马字母拼写", "{{罗马字母拼写}}"},
			[2]string{"原名称", "{{原名称}}"},
			[2]string{"地名类别、种类", "{{地名类别}}，{{地名种类}}"},
			[2]string{"备案事项", "{{事项}}"},
			[2]string{"所属政区", "{{所属政区}}"},
			[2]string{"位置描述（起止）", "{{位置描述}}"},
			[2]string{"规模", "{{规模}}"},
			[2]string{"含义", "{{含义}}"},
			[2]string{"来历", "{{来历}}"},
			[2]string{"理由", "{{申请理由}}"},
			[2]string{"申请单位", "{{申请单位}}"},
			[2]string{"批准机关", "{{批准机关}}"},
			[2]string{"批准文号", "{{批准文号}}"},
			[2]string{"批准日期", "{{批准日期}}"},
			[2]string{"报送备案的机关", "{{主送单位}}"},
			[2]string{"办件编号", "{{办件编号}}"},
		)),
		papers.FilingReport: document("关于{{决定内容}}的备案报告",
			"{{批准机关}}于{{批准日期}}批准{{决定内容}}（{{批准文号}}）。根据《地名管理条例》第十三条，现报请备案。",
			"一、基本情况",
			"该{{地名种类}}位于{{所属政区}}，{{位置描述}}；规模：{{规模}}。名称含义：{{含义}}",
			"二、办理情况",
			"{{申请单位}}于{{申请日期}}提出申请。专家论证：{{专家结论}}。征求{{部门数}}个部门的意见，收到公众意见{{公众意见数}}条。地名委员会{{会议日期}}审议，结果为{{审议结果}}。",
			"三、备案材料",
			"备案表、批准文件、申请书以及综合评估报告、专家论证报告、征求意见报告随文报送。",
			"特此报告。"),
		papers.Announcement: with(announce, pairs(
			[2]string{"标准名称", "{{标准名称}}"},
			[2]string{"罗马字母拼写", "{{罗马字母拼写}}"},
			[2]string{"所属政区", "{{所属政区}}"},
			[2]string{"位置描述", "{{位置描述}}"},
			[2]string{"批准机关", "{{批准机关}}（{{批准文号}}）"},
			[2]string{"批准时间", "{{批准日期}}"},
		)),
	}
}
