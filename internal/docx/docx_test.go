package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/internal/docx"
)

const (
	space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>%s</Types>`
	rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"%s/></Relationships>`
)

type file struct{ name, content string }

func pack(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = io.WriteString(w, f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func document(body string) string {
	return `<w:document ` + space + `><w:body>` + body + `</w:body></w:document>`
}

func packed(t testing.TB, body string, more ...file) []byte {
	t.Helper()
	return pack(t, append([]file{{"[Content_Types].xml", fmt.Sprintf(types, "")}, {"word/document.xml", document(body)}}, more...)...)
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
	return string(content)
}

// wellFormed reads XML to its end.
func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func data() docx.Data {
	rooms := docx.List{Fields: []string{"名称", "面积", "备注"}, Items: []map[string]string{
		{"名称": "社区用房 <甲>", "面积": "120", "备注": ""}, {"名称": "日间照料", "面积": "350.5", "备注": "二层"},
	}}
	return docx.Data{
		Texts: map[string]string{"小区名称": "𠮷祥里 & “和园”", "estate.name": "Heyuan", "条件": "一、补图\n二、补面积", "空": "", "意见": "同意"},
		Lists: map[string]docx.List{"用房": rooms, "空表": {Fields: []string{"名称"}}},
	}
}

func fill(t testing.TB, body string) string {
	t.Helper()
	tmpl, err := docx.Open(packed(t, body))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Fill(&out, data()); err != nil {
		t.Fatal(err)
	}
	filled := entry(t, out.Bytes(), "word/document.xml")
	if err := wellFormed(filled); err != nil {
		t.Fatalf("%v: %s", err, filled)
	}
	filled = strings.TrimSuffix(strings.TrimPrefix(filled, `<w:document `+space+`><w:body>`), `</w:body></w:document>`)
	return strings.ReplaceAll(filled, ` xml:space="preserve"`, "")
}

func p(runs ...string) string {
	out := "<w:p>"
	for _, r := range runs {
		out += "<w:r><w:t>" + r + "</w:t></w:r>"
	}
	return out + "</w:p>"
}

func row(cells ...string) string {
	out := "<w:tr>"
	for _, c := range cells {
		out += "<w:tc>" + c + "</w:tc>"
	}
	return out + "</w:tr>"
}

func TestFilling(t *testing.T) {
	t.Parallel()
	const name = "𠮷祥里 &amp; “和园”"
	for _, c := range []struct{ what, body, want string }{
		{"a text", p("关于{{小区名称}}的函"), p("关于" + name + "的函")},
		{"split over runs", p("关于{", "{小区", "名称}", "}的函"), p("关于"+name, "", "", "的函")},
		{"split with proofing marks between", `<w:p><w:r><w:t>{{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>estate.name</w:t></w:r><w:r><w:t>}}</w:t></w:r></w:p>`, `<w:p><w:r><w:t>Heyuan</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t></w:t></w:r><w:r><w:t></w:t></w:r></w:p>`},
		{"wide braces and space", p("｛｛ 小区 名称 ｝｝。"), p(name + "。")},
		{"two in one run", p("{{意见}}{{estate.name}}{{意见}}"), p("同意Heyuan同意")},
		{"references in the text", p("a &lt; b &amp; {{意见}} &#x4E2D;"), p("a &lt; b &amp; 同意 &#x4E2D;")},
		{"a break within is none", `<w:p><w:r><w:t>{{意</w:t><w:br/><w:t>见}}</w:t></w:r></w:p>`, `<w:p><w:r><w:t>{{意</w:t><w:br/><w:t>见}}</w:t></w:r></w:p>`},
		{"three braces", p("{{{意见}}}"), p("{同意}")},
		{"not known", p("a{{没有}}b"), p("ab")},
		{"lines make paragraphs", p("{{条件}}"), p("一、补图") + p("二、补面积")},
		{"lines within a sentence", p("要求：{{条件}}。"), `<w:p><w:r><w:t>要求：一、补图</w:t><w:br/><w:t>二、补面积。</w:t></w:r></w:p>`},
		{"a condition", p("{{如有 条件}}请补正：") + p("{{如无条件}}无。") + p("{{if 空}}x") + p("{{unless 空}}y"), p("请补正：") + p("y")},
		{"a condition on lines", p("{{如有 条件}}{{条件}}"), p("一、补图") + p("二、补面积")},
		{"paragraphs of a list", p("{{用房.名称}}：{{用房.面积}}㎡"), p("社区用房 &lt;甲&gt;：120㎡") + p("日间照料：350.5㎡")},
		{"a condition on a field", p("{{如有 用房.备注}}{{用房.名称}}"), p("日间照料")},
		{
			"rows", "<w:tbl>" + row(p("名称"), p("面积")) + row(p("{{用房.名称}}"), p("{{用房.面积}}")) + "</w:tbl>",
			"<w:tbl>" + row(p("名称"), p("面积")) + row(p("社区用房 &lt;甲&gt;"), p("120")) + row(p("日间照料"), p("350.5")) + "</w:tbl>",
		},
		{"no rows", "<w:tbl>" + row(p("名称")) + row(p("{{空表.名称}}")) + "</w:tbl>", "<w:tbl>" + row(p("名称")) + "</w:tbl>"},
		{"no table", "<w:tbl>" + row(p("{{如有 空表}}名称")) + row(p("{{空表.名称}}")) + "</w:tbl>" + p("末"), p("末")},
		{"a cell keeps a paragraph", "<w:tbl><w:tr><w:tc><w:tbl>" + row(p("a")) + "</w:tbl><w:p/></w:tc></w:tr></w:tbl>", "<w:tbl><w:tr><w:tc><w:tbl>" + row(p("a")) + "</w:tbl><w:p/></w:tc></w:tr></w:tbl>"},
		{
			"a table in a cell", "<w:tbl>" + row("<w:tbl>"+row(p("{{用房.名称}}"))+"</w:tbl><w:p/>", p("{{意见}}")) + "</w:tbl>",
			"<w:tbl>" + row("<w:tbl>"+row(p("社区用房 &lt;甲&gt;"))+row(p("日间照料"))+"</w:tbl><w:p/>", p("同意")) + "</w:tbl>",
		},
		{"the end of a section stays", `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:sectPr/></w:pPr><w:r><w:t>{{如有 空}}x</w:t></w:r></w:p>`, `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:sectPr/></w:pPr></w:p>`},
		{"a text box", `<w:p><w:r><w:t>{{意见}}</w:t></w:r><w:r><w:pict><w:txbxContent>` + p("{{如有 空}}a") + `</w:txbxContent></w:pict></w:r></w:p>`, `<w:p><w:r><w:t>同意</w:t></w:r><w:r><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r></w:p>`},
		{"other namespaces are left", `<w:p><m:r xmlns:m="math"><m:t>{{意见}}</m:t></m:r></w:p>`, `<w:p><m:r xmlns:m="math"><m:t>{{意见}}</m:t></m:r></w:p>`},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, fill(t, c.body)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBlanksStandForWhatIsEmpty(t *testing.T) {
	t.Parallel()
	d := data()
	d.Blanks = map[string]string{"空": "＿＿＿", "意见": "＿＿＿", "文号": "＿＿＿"}
	d.Texts["文号"] = " "
	tmpl, err := docx.Open(packed(t, p("{{空}}和{{ 意见 }}")+p("{{如有 空}}有{{文号}}")+p("{{如无 空}}无")+p("{{空}}")))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Fill(&out, d); err != nil {
		t.Fatal(err)
	}
	want := p("＿＿＿和同意") + p("无") + p("＿＿＿")
	if got := strings.ReplaceAll(entry(t, out.Bytes(), "word/document.xml"), ` xml:space="preserve"`, ""); !strings.Contains(got, want) {
		t.Error(got)
	}
	if d := cmp.Diff([]string{"空"}, tmpl.Open(d)); d != "" {
		t.Error("a blank of a paragraph that is left out is not open:", d)
	}
}

func TestSpaceIsKept(t *testing.T) {
	t.Parallel()
	tmpl, err := docx.Open(packed(t, p("{{空}} b")))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Fill(&out, data()); err != nil {
		t.Fatal(err)
	}
	if got := entry(t, out.Bytes(), "word/document.xml"); !strings.Contains(got, `<w:t xml:space="preserve"> b</w:t>`) {
		t.Error(got)
	}
}

func TestHeadsAndFeetAreFilled(t *testing.T) {
	t.Parallel()
	more := fmt.Sprintf(types, `<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>`)
	tmpl, err := docx.Open(pack(t, file{"[Content_Types].xml", more}, file{"word/document.xml", document(p("无"))},
		file{"word/header1.xml", `<w:hdr ` + space + `>` + p("{{如有 空}}x") + `</w:hdr>`}, file{"word/media/image1.png", "\x89PNG{{意见}}"}))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Fill(&out, data()); err != nil {
		t.Fatal(err)
	}
	if got := entry(t, out.Bytes(), "word/header1.xml"); got != `<w:hdr `+space+`><w:p/></w:hdr>` {
		t.Error(got)
	}
	if got := entry(t, out.Bytes(), "word/media/image1.png"); got != "\x89PNG{{意见}}" {
		t.Errorf("%q", got)
	}
}

func TestFaultsOfPlaceholders(t *testing.T) {
	t.Parallel()
	tmpl, err := docx.Open(packed(t, p("{{小区名}}和{{小区名}}")+p("{{意见}}{{用房}}")+p("没写完 {{意见")+p("{{如有 没有的}}{{用房.价格}}")+"<w:tbl>"+row(p("{{用房.名称}}"), p("{{空表.名称}}"))+"</w:tbl>"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range tmpl.Check(data()) {
		got = append(got, f.Name+"|"+f.Near+"|"+f.EN)
	}
	want := []string{
		"空表.名称||one row or paragraph has fields of two lists, so it cannot be repeated",
		"小区名|小区名称|there is no such placeholder", "用房||it is a list; name a field of it",
		"意见||the placeholder has no end: there is no }} after {{", "如有 没有的||there is no such placeholder", "用房.价格|用房.名称|there is no such placeholder",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"小区名", "意见", "用房", "如有 没有的", "用房.价格", "用房.名称", "空表.名称"}, tmpl.Names()); d != "" {
		t.Error(d)
	}
}

func TestRefusedTemplates(t *testing.T) {
	t.Parallel()
	macro := strings.Replace(fmt.Sprintf(types, ""), "vnd.openxmlformats-officedocument.wordprocessingml.document.main", "vnd.ms-word.document.macroEnabled.main", 1)
	many := strings.Repeat("a", 20<<20)
	for _, c := range []struct {
		what string
		data []byte
		say  string
	}{
		{"no archive", []byte("hello"), "damaged"},
		{"empty", nil, "damaged"},
		{"too large", make([]byte, docx.MaxTemplate+1), "more than"},
		{"a workbook", pack(t, file{"xl/workbook.xml", "<a/>"}), "no Word document"},
		{"types without a document", pack(t, file{"[Content_Types].xml", "<Types/>"}), "no Word document"},
		{"macros by type", pack(t, file{"[Content_Types].xml", macro}, file{"word/document.xml", document("")}), "macros"},
		{"macros by name", packed(t, "", file{"word/vbaProject.bin", "x"}), "macros"},
		{"an embedded file", packed(t, "", file{"word/embeddings/oleObject1.bin", "x"}), "embedded"},
		{"a linked template", packed(t, "", file{"word/_rels/settings.xml.rels", fmt.Sprintf(rels, "attachedTemplate", "file:///x.dotm", ` TargetMode="External"`)}), "links to an outside"},
		{"a linked picture", packed(t, "", file{"word/_rels/document.xml.rels", fmt.Sprintf(rels, "image", "http://a.example/x.png", ` TargetMode="External"`)}), "links to an outside"},
		{"a link to a share", packed(t, "", file{"word/_rels/document.xml.rels", fmt.Sprintf(rels, "hyperlink", `\\host\share`, ` TargetMode="External"`)}), "links to an outside"},
		{"an object by relation", packed(t, "", file{"word/_rels/document.xml.rels", fmt.Sprintf(rels, "oleObject", "x.bin", "")}), "embedded object"},
		{"a field that reads", packed(t, `<w:p><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "c:\\x"</w:instrText></w:r></w:p>`), "reads other files"},
		{"a simple field that reads", packed(t, `<w:p><w:fldSimple w:instr="DDEAUTO c cmd"/></w:p>`), "reads other files"},
		{"tracked changes", packed(t, `<w:p><w:ins w:id="1"><w:r><w:t>a</w:t></w:r></w:ins></w:p>`), "tracked changes"},
		{"comments", packed(t, `<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>`), "comments"},
		{"a document type", pack(t, file{"[Content_Types].xml", fmt.Sprintf(types, "")}, file{"word/document.xml", `<!DOCTYPE a><a/>`}), "not well-formed"},
		{"broken off", pack(t, file{"[Content_Types].xml", fmt.Sprintf(types, "")}, file{"word/document.xml", `<w:document ` + space + `>`}), "not well-formed"},
		{"another namespace", pack(t, file{"[Content_Types].xml", fmt.Sprintf(types, "")}, file{"word/document.xml", `<document/>`}), "no WordprocessingML"},
		{"another encoding", pack(t, file{"[Content_Types].xml", fmt.Sprintf(types, "")}, file{"word/document.xml", `<?xml version="1.0" encoding="GBK"?>` + document("")}), "not UTF-8"},
		{"CDATA", packed(t, `<w:p><w:r><w:t><![CDATA[{{a}}]]></w:t></w:r></w:p>`), "CDATA"},
		{"a bomb", packed(t, p(many)), "bomb"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, err := docx.Open(c.data)
			var bad *docx.Error
			if !errors.As(err, &bad) || !strings.Contains(bad.Error(), c.say) || bad.ZH == "" {
				t.Errorf("%v, want one that says %q", err, c.say)
			}
		})
	}
}

func TestTakenTemplates(t *testing.T) {
	t.Parallel()
	link := packed(t, "", file{"word/_rels/document.xml.rels", fmt.Sprintf(rels, "hyperlink", "https://mzj.example.gov.cn", ` TargetMode="External"`)})
	page := packed(t, `<w:p><w:r><w:instrText> PAGE \* LINKED </w:instrText></w:r></w:p>`)
	for _, d := range [][]byte{link, page, packed(t, "")} {
		if _, err := docx.Open(d); err != nil {
			t.Error(err)
		}
	}
}

func TestTooLongLetters(t *testing.T) {
	t.Parallel()
	tmpl, err := docx.Open(packed(t, p("{{长}}")))
	if err != nil {
		t.Fatal(err)
	}
	if err := tmpl.Fill(io.Discard, docx.Data{Texts: map[string]string{"长": strings.Repeat("长", 12<<20)}}); !errors.Is(err, docx.ErrTooLong) {
		t.Error(err)
	}
}

// TestNothingToFillIsLeft holds a template without placeholders, whatever else it has, to
// come out as it went in.
func TestNothingToFillIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		body := genBody(r, false)
		tmpl, err := docx.Open(packed(t, body))
		if err != nil {
			r.Fatal(err)
		}
		var out bytes.Buffer
		if err := tmpl.Fill(&out, data()); err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(document(body), entry(t, out.Bytes(), "word/document.xml")); d != "" {
			r.Fatal(d)
		}
	})
}

// TestEveryPlaceholderGoes holds a filled letter to have none left, and to be well-formed
// and the same each time.
func TestEveryPlaceholderGoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		tmpl, err := docx.Open(packed(t, genBody(r, true)))
		if err != nil {
			r.Fatal(err)
		}
		if faults := tmpl.Check(data()); len(faults) > 0 {
			r.Fatal(faults)
		}
		var out, again bytes.Buffer
		if err := errors.Join(tmpl.Fill(&out, data()), tmpl.Fill(&again, data())); err != nil {
			r.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), again.Bytes()) {
			r.Fatal("two fillings differ")
		}
		got := entry(t, out.Bytes(), "word/document.xml")
		if err := wellFormed(got); err != nil {
			r.Fatalf("%v: %s", err, got)
		}
		after, err := docx.Open(out.Bytes())
		if err != nil {
			r.Fatal(err)
		}
		if names := after.Names(); len(names) > 0 {
			r.Fatalf("left: %q in %s", names, got)
		}
	})
}

// genBody makes paragraphs and tables whose texts are split over runs anywhere.
func genBody(r *rapid.T, marks bool) string {
	words := []string{"甲", "a &amp; b", "𠮷", " ", "}", "{ {", "&#123;", "&#x7d;}"}
	if marks {
		words = append([]string{"{{小区名称}}", "｛｛意见｝｝", "{{条件}}", "{{空}}", "{{如有 条件}}", "{{unless 空}}", "{{用房.名称}}", "{{ 用房.备注 }}"}, "甲", " ", "}")
	}
	paragraph := rapid.Custom(func(r *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(r, "words"), "、")
		out := "<w:p>" + rapid.SampledFrom([]string{"", "<w:pPr><w:jc w:val='center'/></w:pPr>", "<w:bookmarkStart w:id=\"1\"/>"}).Draw(r, "head")
		for len(text) > 0 {
			n := rapid.IntRange(1, 12).Draw(r, "cut")
			for n < len(text) && (strings.Count(text[:n], "&") > strings.Count(text[:n], ";") || text[n]&0xC0 == 0x80) {
				n++
			}
			n = min(n, len(text))
			out += "<w:r><w:rPr><w:b/></w:rPr><w:t >" + text[:n] + "</w:t></w:r>"
			text = text[n:]
		}
		return out + "</w:p>"
	})
	body := ""
	for range rapid.IntRange(0, 4).Draw(r, "blocks") {
		if rapid.Bool().Draw(r, "table") {
			body += "<w:tbl><w:tblPr/>" + row(paragraph.Draw(r, "p"), paragraph.Draw(r, "p")) + row(paragraph.Draw(r, "p")) + "</w:tbl>"
		}
		body += paragraph.Draw(r, "p")
	}
	return body + "<w:sectPr/>"
}

func FuzzOpen(f *testing.F) {
	for _, body := range []string{p("{{小区名称}}"), "<w:tbl>" + row(p("{{用房.名称}}")) + "</w:tbl>", `<w:p><w:r><w:t>{{意</w:t><w:br/><w:t>&#x4E2D;}}</w:t></w:r></w:p>`, p("{{条件}}") + "<w:p/><w:t/>"} {
		f.Add(document(body))
	}
	f.Fuzz(func(t *testing.T, content string) {
		tmpl, err := docx.Open(pack(t, file{"[Content_Types].xml", fmt.Sprintf(types, "")}, file{"word/document.xml", content}))
		if err != nil {
			var bad *docx.Error
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			return
		}
		tmpl.Check(data())
		var out bytes.Buffer
		if err := tmpl.Fill(&out, data()); err != nil && !errors.Is(err, docx.ErrTooLong) {
			t.Fatal(err)
		}
		if len(tmpl.Names()) == 0 {
			if got := entry(t, out.Bytes(), "word/document.xml"); got != content {
				t.Fatalf("%q became %q", content, got)
			}
		}
		if _, err := docx.Open(out.Bytes()); err != nil {
			t.Fatalf("what was filled cannot be opened: %v", err)
		}
	})
}
