package estatehttp_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/estates/estatehttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/papers/paperhttp"
	"yike/internal/record"
)

// fakePapers answers with one file, or an error.
type fakePapers struct {
	fail     error
	english  bool
	builtIn  bool
	expected int
	name     string
	got      []byte
	at       *estates.Milestone
}

func (p *fakePapers) file(media string) (estatehttp.PaperFile, error) {
	return estatehttp.PaperFile{Name: "和 “园”.pdf", Plain: "a.pdf", Media: media, Content: []byte("content"), Missing: []rune{0x2F00, 'x'}, Sent: true, Version: 4}, p.fail
}

func (p *fakePapers) Sheet(_ context.Context, _ string, english bool) (estatehttp.PaperFile, error) {
	p.english = english
	return p.file("application/pdf")
}

func (p *fakePapers) Findings(_ context.Context, _ string, at *estates.Milestone, english bool) (estatehttp.PaperFile, error) {
	p.at, p.english = at, english
	return p.file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
}

func (p *fakePapers) Letters(context.Context, string) ([]estatehttp.EstateLetter, error) {
	return nil, p.fail
}

func (p *fakePapers) Letter(context.Context, string, string) (estatehttp.PaperFile, error) {
	return p.file("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
}

func (p *fakePapers) Send(context.Context, string, string) (estatehttp.EstateLetter, error) {
	return estatehttp.EstateLetter{Sent: true}, p.fail
}

func (p *fakePapers) Templates(context.Context) (paperhttp.PaperTemplates, error) {
	return paperhttp.PaperTemplates{Templates: []paperhttp.PaperTemplate{}, Placeholders: []paperhttp.PaperPlaceholder{}}, p.fail
}

func (p *fakePapers) Template(_ context.Context, _ string, builtIn bool) (estatehttp.PaperFile, error) {
	p.builtIn = builtIn
	return p.file("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
}

func (p *fakePapers) SetTemplate(_ context.Context, _ string, expected int, name string, file []byte) (paperhttp.PaperTemplate, error) {
	p.expected, p.name, p.got = expected, name, file
	return paperhttp.PaperTemplate{Version: expected + 1}, p.fail
}

func (p *fakePapers) ResetTemplate(_ context.Context, _ string, expected int) (paperhttp.PaperTemplate, error) {
	p.expected = expected
	return paperhttp.PaperTemplate{Version: expected + 1, BuiltIn: true}, p.fail
}

func papersServer(t *testing.T, p *fakePapers) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler)})
	estatehttp.RegisterPapers(httpapi.NewAPI(r), p)
	return httpapitest.New(t, r)
}

const (
	findingsPath = recordsPath + "/" + recordID + "/findings.xlsx"
	sheetPath    = recordsPath + "/" + recordID + "/sheet.pdf"
	lettersPath  = recordsPath + "/" + recordID + "/letters"
	templatePath = "/api/v1/estate-letter-templates/acceptance"
)

func TestPapersAreSent(t *testing.T) {
	t.Parallel()
	p := &fakePapers{}
	s := papersServer(t, p)
	w := s.Do(http.MethodGet, sheetPath+"?words=en", nil, nil)
	if w.Code != http.StatusOK || w.Body.String() != "content" || !p.english || w.Header().Get("Missing-Characters") != "U+2F00 U+78" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	if got := w.Header().Get("Content-Disposition"); !strings.HasSuffix(got, "filename*=UTF-8''%E5%92%8C%20%E2%80%9C%E5%9B%AD%E2%80%9D.pdf") {
		t.Error(got)
	}
	for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
	for ask, want := range map[string]*estates.Milestone{"": nil, "&milestone=due": new(estates.DueNow), "&milestone=acceptance": new(estates.Acceptance)} {
		w := s.RawDo(http.MethodGet, findingsPath+"?words=zh"+ask, nil, nil)
		if w.Code != http.StatusOK || w.Body.String() != "content" || p.english || (p.at == nil) != (want == nil) || want != nil && *p.at != *want {
			t.Errorf("%s: %d %s, %v", ask, w.Code, w.Body, p.at)
		}
	}
	if w := s.Do(http.MethodGet, findingsPath+"?milestone=someday", nil, nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.RawDo(http.MethodGet, lettersPath+"/"+recordRoom+".docx", nil, nil); w.Code != http.StatusOK || w.Header().Get("Yike-Letter") != "sent" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := s.Do(http.MethodGet, lettersPath, nil, nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"letters":[]`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.Do(http.MethodPost, lettersPath+"/"+recordRoom, http.Header{"Idempotency-Key": {"k"}}, nil); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTemplatesAreSentAndTaken(t *testing.T) {
	t.Parallel()
	p := &fakePapers{}
	s := papersServer(t, p)
	if w := s.Do(http.MethodGet, templatePath+"?built_in=true", nil, nil); w.Code != http.StatusOK || !p.builtIn || w.Header().Get("ETag") != `"4"` {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	seen := http.Header{"If-Match": {`"4"`}}
	if w := s.Do(http.MethodPut, templatePath+"?name=a.docx", seen, []byte("PK")); w.Code != http.StatusOK || p.name != "a.docx" || string(p.got) != "PK" || p.expected != 4 || w.Header().Get("ETag") != `"5"` {
		t.Errorf("%d %s %+v", w.Code, w.Body, p)
	}
	if w := s.Do(http.MethodDelete, templatePath, seen, nil); w.Code != http.StatusOK || w.Header().Get("ETag") != `"5"` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		if w := s.Do(method, templatePath, nil, []byte("PK")); w.Code != http.StatusPreconditionRequired {
			t.Errorf("%s without a version: %d", method, w.Code)
		}
	}
}

func TestProblemsOfPapers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err          error
		method, path string
		status       int
		code         string
	}{
		{estatehttp.ErrNoFonts, http.MethodGet, sheetPath, http.StatusServiceUnavailable, "no_fonts"},
		{estatehttp.ErrNotReady, http.MethodGet, findingsPath, http.StatusServiceUnavailable, "not_ready"},
		{estates.ErrNotFound, http.MethodGet, findingsPath, http.StatusNotFound, "unknown_estate"},
		{estatehttp.ErrNotReady, http.MethodGet, sheetPath, http.StatusServiceUnavailable, "not_ready"},
		{estates.ErrNotFound, http.MethodGet, lettersPath, http.StatusNotFound, "unknown_estate"},
		{estatehttp.ErrNoOpinion, http.MethodPost, lettersPath + "/" + recordRoom, http.StatusNotFound, "unknown_opinion"},
		{paperhttp.ErrFileLost, http.MethodPost, lettersPath + "/" + recordRoom, http.StatusNotFound, "file_lost"},
		{paperhttp.ErrNoTemplate, http.MethodGet, templatePath, http.StatusNotFound, "unknown_template"},
		{paperhttp.ErrNoTemplate, http.MethodDelete, templatePath, http.StatusNotFound, "unknown_template"},
		{record.Invalid([]record.Fault{{Field: "file", Value: "{{小区名}}", ZH: "没有", EN: "none"}}), http.MethodPut, templatePath, http.StatusUnprocessableEntity, `"pointer":"#/file"`},
	} {
		s := papersServer(t, &fakePapers{fail: c.err})
		var body any
		if c.method == http.MethodPut {
			body = []byte("PK")
		}
		w := s.Do(c.method, c.path, http.Header{"If-Match": {`"0"`}, "Idempotency-Key": {"k"}}, body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) {
			t.Errorf("%v: %d %s", c.err, w.Code, w.Body)
		}
	}
}
