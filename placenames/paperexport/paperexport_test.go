package paperexport_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/docx"
	"yike/internal/papers"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/panel"
	"yike/placenames/paperexport"
	namepapers "yike/placenames/papers"
	"yike/placenames/process"
)

func book(t testing.TB) *process.Book {
	t.Helper()
	b, err := process.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// full is a case whose every record is there.
func full(t testing.TB, act string, kind namepapers.Kind) paperexport.Facts {
	t.Helper()
	b := book(t)
	track := "decide"
	if kind == namepapers.Reply {
		track = "opinion"
	}
	frozen, err := b.Freeze(track, process.Local{Preset: "national", Offices: map[string]string{
		"place_name_authority": "清澜区民政局", "committee": "清澜区地名委员会", "city_county_government": "清澜区人民政府",
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := process.Dossier{
		ID: "c1", Number: "2026-007", Matter: process.Matter{Act: act, Class: "street"}, Kind: "road", Division: "120111", Text: "𠮷祥 & <大>路",
		Applicant: "清澜城市建设投资公司", Contact: "规划部", Reason: "新建道路需要名称。", Frozen: frozen, OpenedOn: "2026-09-01",
	}
	if act == process.Renaming {
		d.Text, d.Proposed = "向阳路", process.Proposal{Text: "𠮷祥 & <大>路", Roman: "Jixiang Dalu"}
	}
	for step, day := range map[string]record.Day{
		"application": "2026-09-01", "acceptance": "2026-09-04", "survey": "2026-09-10", "approval": "2026-10-20", "letter": "2026-09-01", "reply": "2026-09-12",
	} {
		e := process.Event{Kind: process.Done, Step: step, Day: day, Office: "place_name_authority", Person: "张某"}
		switch step {
		case "approval":
			e.Office, e.Document = "city_county_government", "清政地批〔2026〕3号"
		case "letter":
			e.Document = "清建函〔2026〕18号"
		case "reply":
			e.Verdict, e.Reason = process.Change, "建议通名改用“里”。"
		}
		if d.Standing.Taken == nil {
			d.Standing.Taken = map[string]process.Event{}
		}
		d.Standing.Taken[step] = e
	}
	d.Events = []process.Entry{{Event: d.Standing.Taken["application"]}, {Event: process.Event{Kind: process.Returned, Step: "acceptance", Missing: []string{"map", "size"}, Reason: "位置图没有标注起止点。"}}}
	return paperexport.Facts{
		Kind: kind, Number: "清民地名〔2026〕12号", Day: "2026-10-22", Case: d, Book: b, KindName: "道路", ClassName: "街路巷", Place: []string{"清澜区和苑街道"},
		Name: placenames.Name{
			Text: d.Text, Roman: "Jixiang Dalu", Extent: placenames.Extent{From: "东起和苑路", To: "西至河西街", Via: "学府街"}, Size: placenames.Size{LengthM: 1203.5, WidthM: 30}, Meaning: "取吉祥之意。",
		},
		Shown: []process.Shown{{Material: "application", Kind: "attachment", Title: "申请书.pdf"}, {Material: "plan", Kind: "case"}, {Material: "plan", Kind: "case"}, {Material: "sign_photo", Kind: "record"}},
		Panel: panelCase(), Visits: []paperexport.Visit{{Day: "2026-09-10", Lines: []paperexport.Line{{About: "踏勘结论", Says: "与申请一致"}}}}, To: to(kind), Today: "2026-11-28",
		Filled: map[string]string{"签发人": "李某", "联系方式": "022-0000", "标准名称": "改不了"},
	}
}

func to(kind namepapers.Kind) string {
	if kind == namepapers.FilingReport || kind == namepapers.FilingForm {
		return "市民政局"
	}
	return ""
}

func panelCase() panel.Case {
	opinion := func(name string, v panel.Verdict, points int) panel.Review {
		c := []panel.Criterion{{Code: placenames.Code{Code: "meaning", ZH: "含义健康", EN: "meaning"}}}
		return panel.Review{
			Expert: panel.Expert{Name: name, Unit: "清澜大学", Title: "教授"}, AskedOn: "2026-09-11", Due: "2026-09-30", Criteria: c, Given: true,
			Opinion: &panel.Opinion{Verdict: v, Text: "符合当地用字习惯。", Risks: "与邻区道路近音。", Advice: "同步更换标志。", Day: "2026-09-20", Scores: []panel.Score{{Criterion: "meaning", Points: points}}},
		}
	}
	return panel.Case{
		Rules: panel.Rules{Quorum: 2, Present: panel.Share{Of: 2, In: 3}, Grounds: []placenames.Code{{Code: "sound", ZH: "读音不便"}}}, Reads: true,
		Reviews: []panel.Review{opinion("陈某", panel.Agree, 5), opinion("王某", panel.Change, 4)},
		Consulted: panel.Consulted{
			Asks:    []panel.Ask{{ID: "a", Office: "清澜区住建局", AskedOn: "2026-09-11", Due: "2026-09-25", Replies: []panel.Reply{{Verdict: panel.Agree, Text: "无不同意见。", Document: "清建函〔2026〕21号", Day: "2026-09-18"}}}, {Office: "公安清澜分局", AskedOn: "2026-09-11", Due: "2026-09-25"}},
			Notices: []panel.Notice{{ID: "n", Number: "2026-003", Opens: "2026-09-12", Closes: "2026-09-22", Contact: "清澜区民政局 022-1234"}},
			Comments: []panel.Comment{
				{NoticeID: "n", Position: panel.Object, Grounds: []string{"sound"}, Text: "拗口", Person: panel.Person{Name: "赵六", Contact: "13800001111"}, Answers: []panel.Answer{{Handling: panel.NotAdopted, Reason: "读音清楚。"}}},
				{NoticeID: "n", Position: panel.Propose, Proposal: "和苑路"},
			},
		},
		Meetings: []panel.Meeting{{
			Number: "2026-02", Day: "2026-10-10", Time: "14:30", Place: "区政府会议室", ChairID: "m1", State: panel.Held,
			Agenda:   []panel.Item{{CaseID: "c1", Decision: panel.Agreed, Notes: "委员一致认为名称得当。", Vote: &panel.Vote{For: 7, Abstain: 1}}},
			Presence: []panel.Presence{{MemberID: "m1", Name: "刘某", Post: panel.Chair, Office: "区政府", Attendance: panel.Present}, {MemberID: "m2", Name: "孙某", Post: panel.Member, Attendance: panel.Deputy, DeputyName: "周某"}},
		}},
	}
}

func entry(t testing.TB, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(content)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return string(content)
}

// plain is the text of a part, a line for each paragraph.
func plain(part string) string {
	part = strings.ReplaceAll(part, "</w:p></w:tc>", "|")
	part = strings.ReplaceAll(part, "</w:p>", "\n")
	part = strings.ReplaceAll(part, "</w:tr>", "\n")
	part = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(part, "")
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(part)
}

func write(t testing.TB, f paperexport.Facts) (string, paperexport.Made) {
	t.Helper()
	template, err := paperexport.BuiltIn(f.Kind)
	if err != nil {
		t.Fatal(err)
	}
	made, err := paperexport.Write(template, f)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("YIKE_LOOK"); dir != "" { // to be looked at in an office program
		if err := os.WriteFile(filepath.Join(dir, string(f.Kind)+"-"+f.Case.Act+".docx"), made.Content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return plain(entry(t, made.Content, "word/header1.xml")) + plain(entry(t, made.Content, "word/document.xml")), made
}

// TestEveryKind fills every template of the program for every act: of a case that has all, of
// one that has nothing, and of one without a record.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	ugly := regexp.MustCompile(`\{\{|\}\}|，，|，。|：。|：，|。。|；。|（）|“”|、，`)
	for _, spec := range namepapers.Kinds() {
		template, err := paperexport.BuiltIn(spec.Kind())
		if err != nil {
			t.Fatal(err)
		}
		if f := papers.Faults(template, paperexport.Facts{}.Data()); f != nil {
			t.Errorf("%s: %v", spec.Kind(), f)
		}
		for _, act := range []string{process.Naming, process.Renaming, process.Retirement} {
			f := full(t, act, spec.Kind())
			got, made := write(t, f)
			if at := ugly.FindString(got); at != "" {
				t.Errorf("%s, %s: %q stands in\n%s", spec.Kind(), act, at, got)
			}
			if len(made.Open) > 0 {
				t.Errorf("%s, %s: blanks in spite of all records: %v", spec.Kind(), act, made.Open)
			}
			if !strings.Contains(got, "𠮷祥 & <大>路") || strings.Contains(got, "改不了") {
				t.Errorf("%s, %s: the name is not that of the record\n%s", spec.Kind(), act, got)
			}
			for _, person := range []string{"赵六", "13800001111"} {
				if strings.Contains(got, person) {
					t.Errorf("%s tells who commented: %s", spec.Kind(), person)
				}
			}
			_, again := write(t, f)
			if !bytes.Equal(made.Content, again.Content) {
				t.Errorf("%s: two are not the same", spec.Kind())
			}
		}
		none := paperexport.Facts{Kind: spec.Kind(), Book: book(t), Case: process.Dossier{Matter: process.Matter{Act: process.Naming}}}
		got, made := write(t, none)
		if at := regexp.MustCompile(`\{\{|\}\}|（）`).FindString(got); at != "" || len(made.Open) == 0 || !strings.Contains(got, "＿＿") {
			t.Errorf("%s of nothing: %q, open %v\n%s", spec.Kind(), at, made.Open, got)
		}
		if slices.Contains(made.Open, "name") {
			t.Error("blanks are told by their Chinese names:", made.Open)
		}
	}
	if _, err := paperexport.BuiltIn("poem"); err == nil {
		t.Error("there is no such template")
	}
	var bad *docx.Error
	if _, err := paperexport.Write([]byte("x"), paperexport.Facts{}); !errors.As(err, &bad) {
		t.Error(err)
	}
}

func TestWhatPapersSay(t *testing.T) {
	t.Parallel()
	for kind, parts := range map[namepapers.Kind][]string{
		namepapers.AcceptanceNotice: {"清澜城市建设投资公司：", "你单位2026年9月1日提交", "1|申请书|附件：申请书.pdf|", "2|命名、更名方案|申请登记|", "3|标志照片|办理记录|", "清民地名〔2026〕12号"},
		namepapers.CorrectionNotice: {"位置图、规模。", "说明：位置图没有标注起止点。"},
		namepapers.SurveyRecord:     {"踏勘日期：2026年9月10日", "踏勘结论|与申请一致|"},
		namepapers.ExpertOpinion:    {"收到2份：同意1份、修改后同意1份、不同意0份，平均4.50分", "（1）陈某（清澜大学教授）：同意。符合当地用字习惯。", "（2）与邻区道路近音。", "1|含义健康|4.50|4|5|"},
		namepapers.ConsultationSummary: {
			"2026年9月11日至2026年9月25日", "同意1个、修改后同意0个、不同意0个、未答复1个", "公安清澜分局|2026年9月11日|逾期未答复|", "（1）公示2026-003：2026年9月12日至2026年9月22日。",
			"1|反对|读音不便；拗口|未采纳|读音清楚。|", "2|另提名称|提议“和苑路”；|尚未答复||",
		},
		namepapers.Minutes:      {"清澜区地名委员会会议纪要", "2026年10月10日14:30", "刘某主持", "应到2人，实到1人", "表决情况：赞成 7 票、反对 0 票、弃权 1 票。", "2|孙某|委员||代为出席：周某|"},
		namepapers.Submission:   {"清澜区人民政府：", "签发人：李某", "拟将该道路命名为𠮷祥 & <大>路（罗马字母拼写为 Jixiang Dalu）。", "妥否，请批示。"},
		namepapers.Approval:     {"清澜区人民政府文件", "清澜区民政局：", "一、同意将该道路命名为", "东起和苑路，西至河西街，途经学府街", "长1203.5米，宽30米"},
		namepapers.Reply:        {"2026年9月1日来函（清建函〔2026〕18号）", "核查结论：修改后同意。", "建议通名改用“里”。"},
		namepapers.FilingForm:   {"批准文号|清政地批〔2026〕3号|", "批准日期|2026年10月20日|", "报送备案的机关|市民政局|"},
		namepapers.FilingReport: {"市民政局：", "清澜区人民政府于2026年10月20日批准将该道路命名为"},
		namepapers.Announcement: {
			"标准名称|𠮷祥 & <大>路|", "罗马字母拼写|Jixiang Dalu|", "所属政区|清澜区和苑街道|", "位置描述|东起和苑路，西至河西街，途经学府街|", "批准机关|清澜区人民政府（清政地批〔2026〕3号）|", "批准时间|2026年10月20日|",
		},
	} {
		got, _ := write(t, full(t, process.Naming, kind))
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q is missing in\n%s", kind, part, got)
			}
		}
	}
	got, _ := write(t, full(t, process.Renaming, namepapers.Approval))
	if !strings.Contains(got, "一、同意将向阳路更名为𠮷祥 & <大>路（罗马字母拼写为 Jixiang Dalu），原名称停止使用。") {
		t.Error(got)
	}
	got, _ = write(t, full(t, process.Retirement, namepapers.Approval))
	if !strings.Contains(got, "一、同意注销地名𠮷祥 & <大>路，注销的名称停止使用。") || strings.Contains(got, "命名为") {
		t.Error(got)
	}
}

// TestWhatIsMissingIsToldAndFilledIn takes the datum away and holds the paper to tell of it, to
// leave a blank for it and to take what a person wrote there.
func TestWhatIsMissingIsToldAndFilledIn(t *testing.T) {
	t.Parallel()
	f := full(t, process.Naming, namepapers.FilingForm)
	f.To, f.Name.Roman, f.Number = "", "", ""
	delete(f.Case.Standing.Taken, "approval")
	got, made := write(t, f)
	want := []string{"罗马字母拼写", "批准文号", "批准日期", "主送单位"}
	if d := cmp.Diff(want, made.Open); d != "" {
		t.Error(d)
	}
	if !strings.Contains(got, "批准日期|　　　　年　　月　　日|") || !strings.Contains(got, "罗马字母拼写|＿＿＿＿＿＿|") {
		t.Error(got)
	}
	f.Filled = map[string]string{"罗马字母拼写": "Jixiang Lu", "主送单位": "市民政局", "批准日期": "2026年10月1日"}
	got, made = write(t, f)
	if d := cmp.Diff([]string{"批准文号"}, made.Open); d != "" || !strings.Contains(got, "罗马字母拼写|Jixiang Lu|") {
		t.Error(d, got)
	}
	f.Kept = []namepapers.Paper{{Kind: namepapers.Approval, Number: "清政地批〔2026〕9号", Day: "2026-10-02"}}
	got, made = write(t, f)
	if made.Open != nil || !strings.Contains(got, "清政地批〔2026〕9号") {
		t.Error("a kept approval says its number before its step is taken:", made.Open, got)
	}
	blank, _ := write(t, paperexport.Facts{Kind: namepapers.SurveyRecord, Case: process.Dossier{Matter: process.Matter{Act: process.Naming}}})
	if !strings.Contains(blank, "参加人员|　") {
		t.Error("without a visit the record is a form:", blank)
	}
}

func TestNamesOfPlaceholdersAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range paperexport.Placeholders() {
		names := []string{p.ZH, p.EN}
		for _, f := range p.Fields {
			names = append(names, p.ZH+"."+f.ZH, p.EN+"."+f.EN)
		}
		for _, name := range names {
			if name == "" || seen[name] {
				t.Errorf("%q is there twice", name)
			}
			seen[name] = true
		}
	}
	for name, l := range full(t, process.Naming, namepapers.Minutes).Data().Lists {
		for i, item := range l.Items {
			if len(item) != len(l.Fields) {
				t.Errorf("%s %d: %d fields of %d", name, i, len(item), len(l.Fields))
			}
		}
	}
}
