package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estateexport"
	"yike/facilities/estates/estatehttp"
	"yike/facilities/premises"
	"yike/internal/auth"
	"yike/internal/papers/paperhttp"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/xlsx"
)

const templatesPath = "/api/v1/estate-letter-templates"

// letterText is the text of a letter.
func letterText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// reworded is the program's template of a kind with other words in it.
func reworded(t *testing.T, kind estateexport.LetterKind, old, word string) []byte {
	t.Helper()
	data, err := estateexport.BuiltIn(kind)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := to.Create(f.Name)
		if err == nil {
			_, err = io.WriteString(w, strings.ReplaceAll(string(text), old, word))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// opinedEstate makes an estate on whose planning conditions an office has answered.
func (o *office) opinedEstate(t *testing.T, division string) (estate, opinion string) {
	t.Helper()
	store, w := estatedb.New(o.db), postgres.System(o.state.Pack.AdCode, "test")
	made, err := store.Create(t.Context(), w, estates.Estate{
		Name: "和顺家园", Kind: estates.New, DivisionCode: division, Developer: "某某置业", Households: 1000,
		Rooms: []estates.Room{{Name: "社区用房", Building: "3", Floor: "1", Use: premises.CommunityService, Area: 40_000}},
	}, record.Change{Reason: "登记"}, "2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	checked := estates.Frozen{Day: "2026-11-27", Version: made.Version, Conclusion: estates.Open}
	if _, err := store.Ask(t.Context(), w, made.ID, estates.Request{Milestone: estates.PlanningConditions, Day: "2026-11-01", By: "区规划资源局"}, checked, "2026-11-27"); err != nil {
		t.Fatal(err)
	}
	opinion, err = store.Answer(t.Context(), w, made.ID, estates.Opinion{
		Milestone: estates.PlanningConditions, Norm: premises.CommunityNorm, Office: "区委社会工作部", Verdict: estates.Conditional, Letter: "社函1号", Day: "2026-11-05", Signer: "王某", Text: "面积写入出让合同",
	}, checked, "2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	return made.ID, opinion
}

// TestEstateLetters follows a letter from a draft to what went out, past a new template.
func TestEstateLetters(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	_, own, other := o.home(t)
	o.hire(t, "reviewer", auth.EstateReviewer, "")
	o.hire(t, "stranger", auth.EstateReviewer, other)
	o.hire(t, "reader", auth.ReadOnly, "")
	id, opinion := o.opinedEstate(t, own)
	letters, letter := estatesPath+"/"+id+"/letters", estatesPath+"/"+id+"/letters/"+opinion
	take := func(state string) []byte {
		t.Helper()
		w := o.RawDo(http.MethodGet, letter+".docx", as("reader"), nil) // the reader of the document knows no such paths
		if w.Code != http.StatusOK || w.Header().Get("Yike-Letter") != state {
			t.Fatalf("%d %s %s", w.Code, w.Header().Get("Yike-Letter"), w.Body)
		}
		return w.Body.Bytes()
	}
	draft := take("draft")
	for _, part := range []string{"社函1号", "和顺家园", "区规划资源局", "面积写入出让合同", "2026年11月1日"} {
		if !strings.Contains(letterText(t, draft), part) {
			t.Errorf("%q is missing in the draft", part)
		}
	}
	if strings.Contains(letterText(t, draft), "王某") {
		t.Error("the program's letter prints no signer")
	}
	o.setTemplate(t)
	own2 := take("draft")
	if !strings.Contains(letterText(t, own2), "敬请函复") {
		t.Error("the bureau's template is not used")
	}
	for who, status := range map[string]int{"stranger": http.StatusForbidden, "reader": http.StatusForbidden} {
		if w := o.Do(http.MethodPost, letter, as(who, "Idempotency-Key", "k"), nil); w.Code != status {
			t.Errorf("%s sends: %d %s", who, w.Code, w.Body)
		}
	}
	list := answer[struct{ Letters []estatehttp.EstateLetter }](t, o, http.MethodGet, letters, as("reviewer"), nil, http.StatusOK)
	if len(list.Letters) != 1 || list.Letters[0].Sent || !list.Letters[0].May || list.Letters[0].Kind != "conditions" || list.Letters[0].Opinion != opinion {
		t.Errorf("%+v", list)
	}
	sent := answer[estatehttp.EstateLetter](t, o, http.MethodPost, letter, as("reviewer", "Idempotency-Key", "k"), nil, http.StatusOK)
	if !sent.Sent || sent.Template != 1 || sent.SentBy != "reviewer" || sent.SentAt == nil {
		t.Errorf("%+v", sent)
	}
	if w := o.Do(http.MethodDelete, templatesPath+"/conditions", as("reviewer", "If-Match", `"1"`), nil); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if !bytes.Equal(take("sent"), own2) {
		t.Error("a letter that went out has changed with its template")
	}
	if again := answer[estatehttp.EstateLetter](t, o, http.MethodPost, letter, as("reviewer", "Idempotency-Key", "k2"), nil, http.StatusOK); again.SHA256 != sent.SHA256 {
		t.Error("it went out twice")
	}
	for _, path := range []string{estatesPath + "/" + id + "/letters/" + id + ".docx", estatesPath + "/" + opinion + "/letters/" + opinion + ".docx"} {
		if w := o.RawDo(http.MethodGet, path, as("reader"), nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := o.Do(http.MethodPost, letter, as("reviewer"), nil); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d", w.Code)
	}
	restated := estates.Opinion{
		Milestone: estates.PlanningConditions, Norm: premises.CommunityNorm, Office: "区委社会工作部", Verdict: estates.Agreed, Letter: "社函1号", Day: "2026-11-06", Signer: "李某",
	}
	_, err := estatedb.New(o.db).Correct(t.Context(), postgres.System(o.state.Pack.AdCode, "test"), id, estates.Event{Corrects: opinion, Opinion: &restated, Reason: "录错"}, "2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	if corrected := letterText(t, take("draft")); !strings.Contains(corrected, "2026年11月6日") || strings.Contains(corrected, "面积写入出让合同") {
		t.Error("the letter of a correction is that of the opinion")
	}
}

// setTemplate gives the bureau a template of its own, after some that are refused.
func (o *office) setTemplate(t *testing.T) {
	t.Helper()
	one := templatesPath + "/conditions"
	put := func(who, tag string, file []byte) (int, string) {
		w := o.Do(http.MethodPut, one+"?name="+url.QueryEscape("条件.docx"), as(who, "If-Match", tag, "Content-Type", "application/octet-stream"), file)
		return w.Code, w.Body.String()
	}
	good := reworded(t, "conditions", "特此函复", "敬请函复")
	for _, c := range []struct {
		who, tag string
		file     []byte
		status   int
		say      string
	}{
		{"reader", `"0"`, good, http.StatusForbidden, ""},
		{"reviewer", "", good, http.StatusPreconditionRequired, ""},
		{"reviewer", `"3"`, good, http.StatusPreconditionFailed, ""},
		{"reviewer", `"0"`, []byte("no archive"), http.StatusUnprocessableEntity, "damaged"},
		{"reviewer", `"0"`, reworded(t, "conditions", "{{小区名称}}", "{{小区名}}"), http.StatusUnprocessableEntity, "did you mean {{小区名称}}?"},
		{"reviewer", `"0"`, good, http.StatusOK, `"built_in":false`},
	} {
		if status, body := put(c.who, c.tag, c.file); status != c.status || !strings.Contains(body, c.say) {
			t.Errorf("%s %s: %d %s, want %d", c.who, c.tag, status, body, c.status)
		}
	}
	list := answer[paperhttp.PaperTemplates](t, o, http.MethodGet, templatesPath, as("reviewer"), nil, http.StatusOK)
	if len(list.Templates) != 6 || list.Templates[0].Version != 1 || list.Templates[0].FileName != "条件.docx" || !list.Templates[1].BuiltIn || !list.May || len(list.Placeholders) < 30 {
		t.Errorf("%+v", list)
	}
	if w := o.Do(http.MethodGet, one, as("reader"), nil); !bytes.Equal(w.Body.Bytes(), good) || w.Header().Get("ETag") != `"1"` {
		t.Errorf("%d, %s: another file", w.Code, w.Header().Get("ETag"))
	}
	built, _ := estateexport.BuiltIn("conditions")
	if w := o.Do(http.MethodGet, one+"?built_in=true", as("reader"), nil); !bytes.Equal(w.Body.Bytes(), built) {
		t.Errorf("%d: not the program's", w.Code)
	}
	if w := o.Do(http.MethodGet, templatesPath+"/poem", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestEstateSheet holds the developer's page to be a document of one page, the same each time.
func TestEstateSheet(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	_, own, _ := o.home(t)
	o.hire(t, "reader", auth.ReadOnly, "")
	id, _ := o.opinedEstate(t, own)
	path := estatesPath + "/" + id + "/sheet.pdf"
	first := o.Do(http.MethodGet, path, as("reader"), nil)
	if first.Code == http.StatusServiceUnavailable {
		t.Skip("no fonts")
	}
	if first.Code != http.StatusOK || !bytes.HasPrefix(first.Body.Bytes(), []byte("%PDF-")) || !bytes.Contains(first.Body.Bytes(), []byte("/Type /Pages /Count 1 ")) {
		t.Errorf("%d %.100s", first.Code, first.Body)
	}
	if again := o.Do(http.MethodGet, path, as("reader"), nil); !bytes.Equal(first.Body.Bytes(), again.Body.Bytes()) {
		t.Error("two pages are not the same")
	}
	if english := o.Do(http.MethodGet, path+"?words=en", as("reader"), nil); english.Code != http.StatusOK || bytes.Equal(english.Body.Bytes(), first.Body.Bytes()) {
		t.Errorf("%d", english.Code)
	}
	if w := o.Do(http.MethodGet, estatesPath+"/nobody/sheet.pdf", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestEstateFindings reads the workbook of a check back: it has every finding of the check, and
// who took it is noted.
func TestEstateFindings(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	_, own, _ := o.home(t)
	o.hire(t, "reader", auth.ReadOnly, "")
	id, _ := o.opinedEstate(t, own)
	one := estatesPath + "/" + id
	for _, at := range []string{"", "milestone=due", "milestone=handover"} {
		check := answer[estatehttp.EstateCheck](t, o, http.MethodGet, one+"/check?"+at, as("reader"), nil, http.StatusOK)
		w := o.RawDo(http.MethodGet, one+"/findings.xlsx?"+at, as("reader"), nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		rows := workbookRows(t, w.Body.Bytes(), "核查明细")
		for _, f := range check.Findings {
			if !slices.ContainsFunc(rows, func(r []string) bool {
				return len(r) > 15 && r[0] == f.Rule && r[7] == f.ThresholdZH && r[5] == f.ValueZH && r[10] == f.FormulaZH && r[14] == f.Sentence && r[15] == f.Grade+" "+f.GradeZH
			}) {
				t.Errorf("%s: %s (%s) is not in the workbook", at, f.Rule, f.TitleZH)
			}
		}
		if len(check.Findings) == 0 || !strings.Contains(fmt.Sprint(rows), "合成示例数据") {
			t.Errorf("%s: %d findings, %v", at, len(check.Findings), rows[:min(len(rows), 6)])
		}
	}
	english := o.RawDo(http.MethodGet, one+"/findings.xlsx?words=en", as("reader"), nil)
	if rows := workbookRows(t, english.Body.Bytes(), "Findings"); !strings.Contains(fmt.Sprint(rows), "Synthetic example data") {
		t.Errorf("%d %v", english.Code, rows[:min(len(rows), 6)])
	}
	var noted int
	if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'estate.findings'`).Scan(&noted); err != nil || noted != 4 {
		t.Errorf("noted %d times: %v", noted, err)
	}
	if w := o.Do(http.MethodGet, estatesPath+"/nobody/findings.xlsx", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// workbookRows gives the texts of a sheet.
func workbookRows(t *testing.T, raw []byte, sheet string) [][]string {
	t.Helper()
	book, err := xlsx.Open(bytes.NewReader(raw), int64(len(raw)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.Rows(t.Context(), sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // only read
	var out [][]string
	for {
		cells, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = c.Text
		}
		out = append(out, texts)
	}
}
