package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/papers/paperhttp"
	"yike/placenames/namepaperhttp"
	"yike/placenames/paperexport"
)

// said asks and reads the answer.
func said[T any](t *testing.T, o *caseOffice, method, path string, header http.Header, body any, status int) T {
	t.Helper()
	w := o.Do(method, path, header, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	var out T
	if status < http.StatusBadRequest {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// scanned uploads the signed copy of a paper.
func (o *caseOffice) scanned(t *testing.T, who, id, file string, status int) namepaperhttp.NamePaper {
	t.Helper()
	w := o.RawDo(http.MethodPost, "/api/v1/name-papers/"+id+"/scan?name="+url.QueryEscape("签字.pdf"), o.by(who, "Content-Type", "application/octet-stream"), []byte(file))
	if w.Code != status {
		t.Fatalf("scan as %s: %d %s; want %d", who, w.Code, w.Body, status)
	}
	var out namepaperhttp.NamePaper
	_ = json.Unmarshal(w.Body.Bytes(), &out)
	return out
}

// TestAPaperFromDraftToItsStep makes a paper, numbers and keeps it, brings its signed copy back,
// and takes the step that asked for it.
func TestAPaperFromDraftToItsStep(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	c := o.begun(t, "清源路")
	one, list := casesPath+"/"+c.ID, casesPath+"/"+c.ID+"/papers"
	o.bring(t, "registrar", c.ID, "application", http.StatusCreated)
	c = o.asked(t, http.MethodPost, one+"/events", o.by("registrar", "If-Match", httpapi.ETag(c.Version)), map[string]any{"kind": "done", "step": "application", "day": "2026-11-27"}, http.StatusCreated)

	set := map[string]any{"series": []any{map[string]any{"prefix": "清民地名", "kinds": []string{"acceptance_notice", "correction_notice"}, "year": 2026, "first": 12}}, "to": map[string]string{"filing_report": "市民政局"}, "reason": "编号"}
	const settings = "/api/v1/name-paper-settings"
	said[any](t, o, http.MethodPut, settings, o.by("reader", "If-Match", `"0"`), set, http.StatusForbidden)
	said[any](t, o, http.MethodPut, settings, o.by("registrar"), set, http.StatusPreconditionRequired)
	said[any](t, o, http.MethodPut, settings, o.by("registrar", "If-Match", `"4"`), set, http.StatusPreconditionFailed)
	said[any](t, o, http.MethodPut, settings, o.by("registrar", "If-Match", `"0"`), map[string]any{"series": []any{}}, http.StatusUnprocessableEntity)
	if got := said[namepaperhttp.NamePaperSettings](t, o, http.MethodPut, settings, o.by("registrar", "If-Match", `"0"`), set, http.StatusOK); got.Series[0].First != 12 || !got.May || got.To["filing_report"] != "市民政局" {
		t.Errorf("%+v", got)
	}

	desk := said[namepaperhttp.NamePaperDesk](t, o, http.MethodGet, list, as("reader"), nil, http.StatusOK)
	at := slices.IndexFunc(desk.Kinds, func(k namepaperhttp.NamePaperKind) bool { return k.Kind == "acceptance_notice" })
	if len(desk.Kinds) != 11 || at != 0 || desk.May || !desk.Filed || desk.Kinds[0].Next != "清民地名〔2026〕12号" || desk.Kinds[0].To != "示例建设单位" || desk.Kinds[0].Step != "acceptance" || len(desk.Kept) != 0 {
		t.Errorf("%+v", desk)
	}
	preview := said[namepaperhttp.NamePaperPreview](t, o, http.MethodGet, list+"/acceptance_notice/preview", as("reader"), nil, http.StatusOK)
	value := map[string]namepaperhttp.NamePaperField{}
	for _, f := range preview.Fields {
		value[f.ZH] = f
	}
	if value["标准名称"].Value != "清源路" || value["罗马字母拼写"].Missing != true || value["申请日期"].Value != "2026年11月27日" || preview.Number != "清民地名〔2026〕12号" {
		t.Errorf("%+v", preview)
	}
	draft := o.Do(http.MethodGet, list+"/acceptance_notice/draft", as("reader"), nil)
	if text := letterText(t, draft.Body.Bytes()); draft.Header().Get("Yike-Letter") != "draft" || !strings.Contains(text, "清源路") || strings.Contains(text, "{{") {
		t.Errorf("%d %s", draft.Code, text)
	}
	for _, path := range []string{list + "/poem/preview", list + "/reply/draft", casesPath + "/nobody/papers", "/api/v1/name-papers/nobody", "/api/v1/name-papers/nobody/file"} {
		said[any](t, o, http.MethodGet, path, as("reader"), nil, http.StatusNotFound)
	}

	body := map[string]any{"kind": "acceptance_notice", "day": "2026-11-27", "filled": map[string]string{"罗马字母拼写": "Qingyuan Lu", "标准名称": "改不了"}}
	said[any](t, o, http.MethodPost, list, as("registrar"), body, http.StatusBadRequest)
	said[any](t, o, http.MethodPost, list, o.by("reader"), body, http.StatusForbidden)
	said[any](t, o, http.MethodPost, list, o.by("elsewhere"), body, http.StatusForbidden)
	said[any](t, o, http.MethodPost, list, o.by("registrar"), map[string]any{"kind": "acceptance_notice", "day": "2026-11-27", "number": "我的〔2026〕1号"}, http.StatusUnprocessableEntity)
	key := o.by("registrar")
	paper := said[namepaperhttp.NamePaper](t, o, http.MethodPost, list, key, body, http.StatusCreated)
	if again := said[namepaperhttp.NamePaper](t, o, http.MethodPost, list, key, body, http.StatusCreated); again.ID != paper.ID {
		t.Error("the same request made another paper")
	}
	if paper.Number != "清民地名〔2026〕12号" || !paper.Given || !slices.Contains(paper.Open, "含义") == slices.Contains(paper.Open, "罗马字母拼写") {
		t.Errorf("%+v", paper)
	}
	file := o.Do(http.MethodGet, "/api/v1/name-papers/"+paper.ID+"/file", as("reader"), nil)
	sum := sha256.Sum256(file.Body.Bytes())
	if text := letterText(t, file.Body.Bytes()); hex.EncodeToString(sum[:]) != paper.SHA256 || !strings.Contains(text, "清民地名〔2026〕12号") || !strings.Contains(text, "Qingyuan Lu") || strings.Contains(text, "改不了") {
		t.Errorf("the bytes are not those that were kept, or say otherwise: %s", text)
	}

	take := func(status int) apiCase {
		return o.asked(t, http.MethodPost, one+"/events", o.by("registrar", "If-Match", httpapi.ETag(c.Version)), map[string]any{"kind": "done", "step": "acceptance", "day": "2026-11-27"}, status)
	}
	take(http.StatusUnprocessableEntity) // what is kept and not signed is no material
	o.scanned(t, "reader", paper.ID, "%PDF-1.4\n%%EOF", http.StatusForbidden)
	o.scanned(t, "registrar", paper.ID, "hello", http.StatusUnprocessableEntity)
	o.scanned(t, "registrar", paper.ID, "", http.StatusUnprocessableEntity)
	if got := o.scanned(t, "registrar", paper.ID, "%PDF-1.4\n%%EOF", http.StatusCreated); got.Scan == nil || got.Scan.MediaType != "application/pdf" {
		t.Errorf("%+v", got)
	}
	if c = take(http.StatusCreated); c.Steps[1].State != "done" {
		t.Errorf("the step does not see the signed copy: %+v", c.Steps[1])
	}

	said[any](t, o, http.MethodPost, "/api/v1/name-papers/"+paper.ID+"/void", o.by("registrar"), map[string]any{"reason": " "}, http.StatusUnprocessableEntity)
	if got := said[namepaperhttp.NamePaper](t, o, http.MethodPost, "/api/v1/name-papers/"+paper.ID+"/void", o.by("registrar"), map[string]any{"reason": "写错"}, http.StatusOK); got.Void == nil || got.Void.Reason != "写错" {
		t.Errorf("%+v", got)
	}
	said[any](t, o, http.MethodPost, "/api/v1/name-papers/"+paper.ID+"/void", o.by("registrar"), map[string]any{"reason": "再写"}, http.StatusConflict)
	o.scanned(t, "registrar", paper.ID, "%PDF-1.4\n%%EOF", http.StatusConflict)
	second := said[namepaperhttp.NamePaper](t, o, http.MethodPost, list, o.by("approver"), map[string]any{"kind": "acceptance_notice", "day": "2026-11-27"}, http.StatusCreated)
	if second.Number != "清民地名〔2026〕13号" {
		t.Error("a void number is given again:", second.Number)
	}
	page := said[namepaperhttp.NamePaperPage](t, o, http.MethodGet, "/api/v1/name-papers?limit=1&year=2026", as("reader"), nil, http.StatusOK)
	if len(page.Papers) != 1 || page.Papers[0].ID != second.ID || page.Next == nil {
		t.Fatalf("%+v", page)
	}
	page = said[namepaperhttp.NamePaperPage](t, o, http.MethodGet, "/api/v1/name-papers?limit=1&cursor="+*page.Next, as("reader"), nil, http.StatusOK)
	if len(page.Papers) != 1 || page.Papers[0].ID != paper.ID || page.Next != nil {
		t.Errorf("%+v", page)
	}
}

// TestNamePaperTemplates changes a template of the bureau and goes back.
func TestNamePaperTemplates(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	const path = "/api/v1/name-paper-templates"
	list := said[paperhttp.PaperTemplates](t, o, http.MethodGet, path, as("registrar"), nil, http.StatusOK)
	if len(list.Templates) != 12 || !list.May || len(list.Placeholders) < 60 {
		t.Errorf("%d templates, %d names", len(list.Templates), len(list.Placeholders))
	}
	built, err := paperexport.BuiltIn("reply")
	if err != nil {
		t.Fatal(err)
	}
	put := func(who, tag string, file []byte) int {
		return o.Do(http.MethodPut, path+"/reply?name="+url.QueryEscape("复函.docx"), as(who, "If-Match", tag, "Content-Type", "application/octet-stream"), file).Code
	}
	if put("reader", `"0"`, built) != http.StatusForbidden || put("registrar", `"0"`, []byte("x")) != http.StatusUnprocessableEntity || put("registrar", `"0"`, built) != http.StatusOK {
		t.Error("a template was not taken as it should be")
	}
	if w := o.Do(http.MethodDelete, path+"/reply", as("registrar", "If-Match", `"1"`), nil); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestFilingPackOverHTTP takes the pack of a case that has little, and reads it as a stranger.
func TestFilingPackOverHTTP(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	c := o.begun(t, "清源路")
	o.bring(t, "registrar", c.ID, "application", http.StatusCreated)
	holds := said[namepaperhttp.NamePaperPack](t, o, http.MethodGet, casesPath+"/"+c.ID+"/filing-pack", as("reader"), nil, http.StatusOK)
	var states []string
	for _, it := range holds.Items {
		states = append(states, it.State)
	}
	if want := []string{"draft", "draft", "missing", "signed", "missing", "draft", "draft"}; !slices.Equal(states, want) || holds.Complete {
		t.Errorf("%v, want %v", states, want)
	}
	w := o.Do(http.MethodGet, casesPath+"/"+c.ID+"/filing-pack.zip", as("reader"), nil)
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatalf("%d %v", w.Code, err)
	}
	sums := map[string]string{}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(string(files["SHA256SUMS"])) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	for name, content := range files {
		if sum := sha256.Sum256(content); name != "SHA256SUMS" && sums[name] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s has another sum", name)
		}
	}
	if len(sums) != 7 || !strings.Contains(string(files["00-说明.txt"]), "综合评估报告：缺少") {
		t.Errorf("%v %s", sums, files["00-说明.txt"])
	}
	said[any](t, o, http.MethodGet, casesPath+"/nobody/filing-pack", as("reader"), nil, http.StatusNotFound)
}

// TestDemoPapers fills the cases of a demonstration with papers once, and leaves those that are
// there alone.
func TestDemoPapers(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	ctx := auth.With(t.Context(), o.staff["registrar"])
	c := o.begun(t, "清源路")
	o.bring(t, "registrar", c.ID, "application", http.StatusCreated)
	take := func(who string, body map[string]any) {
		t.Helper()
		body["day"] = "2026-11-27"
		c = o.asked(t, http.MethodPost, casesPath+"/"+c.ID+"/events", o.by(who, "If-Match", httpapi.ETag(c.Version)), body, http.StatusCreated)
	}
	take("registrar", map[string]any{"kind": "done", "step": "application"})
	take("registrar", map[string]any{"kind": "returned", "step": "acceptance", "reason": "缺位置图", "missing": []string{"map"}})
	for range 2 {
		if err := fillDemoPapers(ctx, o.papers); err != nil {
			t.Fatal(err)
		}
	}
	page := said[namepaperhttp.NamePaperPage](t, o, http.MethodGet, "/api/v1/name-papers", as("reader"), nil, http.StatusOK)
	if len(page.Papers) != 1 || page.Papers[0].Kind != "correction_notice" || page.Papers[0].Number != "清民地示例〔2026〕1号" {
		t.Errorf("%+v", page.Papers)
	}
	if f := samplePage("SAMPLE"); !bytes.HasPrefix(f, []byte("%PDF-")) || !bytes.Contains(f, []byte("(SAMPLE) Tj")) {
		t.Errorf("%s", f)
	}
}
