package paperexport

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"yike/internal/record"
	"yike/placenames/papers"
)

// PackItem is a paper that a filing pack has to have.
type PackItem struct {
	Material string
	Kind     papers.Kind // that is written for it; "" for none
	ZH, EN   string
	Step     string // of which it is a result: where that was set aside, there is none
}

// PackItems lists them in their order: the form with the fields of a filing, its report, the
// approval, the application, and the three reports of article 11 of the regulations.
func PackItems() []PackItem {
	return []PackItem{
		{"filing_form", papers.FilingForm, "备案表", "filing form", ""},
		{"filing_report", papers.FilingReport, "备案报告", "filing report", ""},
		{"approval", papers.Approval, "批准文件", "approval", ""},
		{"application", "", "申请书", "application", ""},
		{"assessment_report", "", "综合评估报告", "assessment report", "assessment"},
		{"expert_report", papers.ExpertOpinion, "专家论证报告", "expert report", "experts"},
		{"consultation_report", papers.ConsultationSummary, "征求意见报告", "consultation report", "consultation"},
	}
}

// PackState is how a paper is in a pack.
type PackState string

// The states, from the best.
const (
	Signed  PackState = "signed"  // a file of the case: a signed copy, or what was handed in
	Unsent  PackState = "kept"    // kept, and no signed copy came back
	Drafted PackState = "draft"   // written now from the records, and neither kept nor signed
	SetBy   PackState = "waived"  // its step was set aside, with a reason
	Missing PackState = "missing" // there is nothing
)

func (s PackState) zh() string {
	return map[PackState]string{
		Signed: "已附", Unsent: "已定稿，未见签字件", Drafted: "草稿，未定稿", SetBy: "本环节不需要", Missing: "缺少",
	}[s]
}

// PackFile is a file in a pack.
type PackFile struct {
	Name    string // as it was called, with its ending
	Content []byte
}

// Packed is a paper with what there is of it.
type Packed struct {
	PackItem
	State PackState
	Why   string // of one that was set aside
	Open  []string
	Files []PackFile
}

// Pack is a filing pack.
type Pack struct {
	CaseNumber  string
	Name, Roman string
	Act         string
	Authority   string // that approved
	Document    string // its number
	Day         record.Day
	Made        record.Day
	Synthetic   bool
	Items       []Packed
}

// ManifestFile is a file of a pack in its manifest.
type ManifestFile struct {
	Path     string    `json:"path"`
	Material string    `json:"material"`
	State    PackState `json:"state"`
	Bytes    int       `json:"bytes"`
	SHA256   string    `json:"sha256"`
}

// Manifest says what a pack holds and lacks. It is the file manifest.json.
type Manifest struct {
	Format    string         `json:"format"` // yike-filing-pack/1
	Case      string         `json:"case"`
	Name      string         `json:"name"`
	Roman     string         `json:"roman"`
	Act       string         `json:"act"`
	Authority string         `json:"authority"`
	Document  string         `json:"document"`
	Approved  record.Day     `json:"approved_on"`
	Made      record.Day     `json:"made_on"`
	Synthetic bool           `json:"synthetic"`
	Files     []ManifestFile `json:"files"`
	Lacks     []Lack         `json:"lacks"`
}

// Lack is what a pack lacks of a paper.
type Lack struct {
	Material string    `json:"material"`
	ZH       string    `json:"zh"`
	EN       string    `json:"en"`
	State    PackState `json:"state"`
	Blanks   []string  `json:"blanks,omitempty"` // that are left in a paper
}

// Pack gives a pack of the case without its papers.
func (f Facts) Pack() Pack {
	text, roman := f.name()
	number, day := f.approval()
	return Pack{CaseNumber: f.Case.Number, Name: text, Roman: roman, Act: f.Case.Act, Authority: f.authority(), Document: number, Day: day, Made: f.Today}
}

// The files of a pack that are no papers.
const (
	ManifestName = "manifest.json"
	SumsName     = "SHA256SUMS"
	NotesName    = "00-说明.txt"
)

// Manifest gives the manifest of the pack. Nothing is refused: what is not there is named.
func (p Pack) Manifest() Manifest {
	m := Manifest{
		Format: "yike-filing-pack/1", Case: p.CaseNumber, Name: p.Name, Roman: p.Roman, Act: p.Act, Authority: p.Authority, Document: p.Document, Approved: p.Day, Made: p.Made,
		Synthetic: p.Synthetic, Files: []ManifestFile{}, Lacks: []Lack{},
	}
	for i, it := range p.Items {
		for k, f := range it.Files {
			m.Files = append(m.Files, ManifestFile{Path: path(i, k, it, f), Material: it.Material, State: it.State, Bytes: len(f.Content), SHA256: sum(f.Content)})
		}
		if it.State != Signed && it.State != SetBy || len(it.Open) > 0 {
			m.Lacks = append(m.Lacks, Lack{Material: it.Material, ZH: it.ZH, EN: it.EN, State: it.State, Blanks: it.Open})
		}
	}
	return m
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// path is where a file lies in the pack: 03-批准文件-2.pdf.
func path(i, k int, it Packed, f PackFile) string {
	name := fmt.Sprintf("%02d-%s", i+1, it.ZH)
	if it.State == Drafted {
		name += "-草稿"
	}
	if k > 0 {
		name += fmt.Sprintf("-%d", k+1)
	}
	if dot := strings.LastIndexByte(f.Name, '.'); dot >= 0 && len(f.Name)-dot <= 6 {
		name += strings.ToLower(f.Name[dot:])
	}
	return name
}

// Write writes the pack as a ZIP: its papers, a text that says what is in it and what is missing,
// the manifest, and the sums of all in the form of sha256sum, by which anybody can check it. Equal
// packs make equal bytes.
func (p Pack) Write(w io.Writer) error {
	m := p.Manifest()
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the manifest of a filing pack: %w", err)
	}
	z := zip.NewWriter(w)
	var sums strings.Builder
	add := func(name string, content []byte) {
		if err != nil {
			return
		}
		var out io.Writer
		if out, err = z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate}); err == nil {
			_, err = out.Write(content)
		}
		if name != SumsName {
			fmt.Fprintf(&sums, "%s  %s\n", sum(content), name)
		}
	}
	add(NotesName, []byte(p.notes(m)))
	at := 0
	for _, it := range p.Items {
		for _, f := range it.Files {
			add(m.Files[at].Path, f.Content)
			at++
		}
	}
	add(ManifestName, append(raw, '\n'))
	add(SumsName, []byte(sums.String()))
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("write a filing pack: %w", err)
	}
	return nil
}

// notes is the text for people. Lines end as Windows has them, and it begins with a byte order
// mark, so that every editor shows it.
func (p Pack) notes(m Manifest) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	b.WriteString("\uFEFF")
	line("地名备案材料　办件 %s", p.CaseNumber)
	if p.Synthetic {
		line("合成示例数据，不是真实情况。")
	}
	line("标准名称：%s　罗马字母拼写：%s", p.Name, or(p.Roman))
	line("批准机关：%s　批准文号：%s　批准日期：%s", or(p.Authority), or(p.Document), or(dayZH(p.Day)))
	line("整理日期：%s", dayZH(p.Made))
	line("")
	line("一、材料")
	for i, it := range p.Items {
		line("%02d %s：%s", i+1, it.ZH, it.State.zh())
		if it.Why != "" {
			line("   理由：%s", it.Why)
		}
		if len(it.Open) > 0 {
			line("   尚有空白：%s", strings.Join(it.Open, "、"))
		}
	}
	line("")
	if len(m.Lacks) == 0 {
		line("二、材料齐全。")
	} else {
		line("二、报送前需要补齐")
		for _, l := range m.Lacks {
			if l.State == Signed {
				line("· %s：有空白未填", l.ZH)
			} else {
				line("· %s：%s", l.ZH, l.State.zh())
			}
		}
	}
	line("")
	line("三、核对：%s 记有每个文件的 SHA-256，可用 sha256sum -c %s 核对；%s 是供程序读取的清单。", SumsName, SumsName, ManifestName)
	return b.String()
}

func or(s string) string {
	if s == "" {
		return "（未登记）"
	}
	return s
}
