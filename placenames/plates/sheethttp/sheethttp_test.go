package sheethttp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/pdf"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/life"
	"yike/placenames/plates/sheethttp"
	"yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

// desk has one plate and one order, and says err where there is one.
type desk struct {
	all      []faces.Face
	released bool
	err      error
}

const (
	code  = "00000000000000"
	order = "01900000-0000-7000-8000-000000000001"
)

type blank struct{}

func (blank) Outline(rune) (pdf.Outline, bool, error) { return pdf.Outline{Advance: 0.5}, true, nil }

func (d *desk) Faces() []faces.Face { return d.all }

func (d *desk) Drawing(_ context.Context, c plates.Token) (faces.Drawing, error) {
	if d.err != nil {
		return faces.Drawing{}, d.err
	}
	m := sheets.Maker{Encoder: new(symbol.Fast), Letters: faces.NewLetters(blank{})}
	return m.Draw(sheets.Plate{Token: c, Payload: plates.Payload("dz.example.cn", c, false), Face: &d.all[2], Name: "路", Number: "1号", Mask: symbol.BestMask})
}

func (d *desk) Standing(context.Context, string) (sheethttp.Standing, error) {
	return sheethttp.Standing{
		Plates: 3, Host: "dz.example.cn", Missing: []string{"zbarimg"}, Faulty: 1, Faults: []sheethttp.Fault{{Text: "𬮱路1号", ZH: "没有", EN: "none"}},
		Proved: &sheets.Proved{Passed: true, Plates: 3, Read: 3, Masks: map[plates.Token]int{{}: 1}},
	}, d.err
}

func (d *desk) Files(context.Context, string) (sheethttp.Files, error) {
	return sheethttp.Files{PDF: []byte("%PDF"), Released: d.released, Manifest: sheets.Manifest{Format: sheets.Format, Batch: sheets.Batch{ID: "2026-001"}}}, d.err
}

func (d *desk) Prove(context.Context, string) (string, error) { return "job", d.err }

func serve(t *testing.T, d *desk) *httpapitest.Server {
	t.Helper()
	all, err := faces.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	d.all = all
	r := chi.NewRouter()
	sheethttp.Register(httpapi.NewAPI(r), d)
	return httpapitest.New(t, r)
}

func key() http.Header { return http.Header{"Idempotency-Key": {"k1"}} }

func TestPicturesFilesAndStanding(t *testing.T) {
	t.Parallel()
	d := &desk{}
	s := serve(t, d)
	for path, want := range map[string][2]string{
		"/api/v1/plates/" + code + ".svg":                  {"image/svg+xml", "<svg"},
		"/api/v1/plates/" + code + ".png?width=300":        {"image/png", "\x89PNG"},
		"/api/v1/plate-orders/" + order + "/sheet.pdf":     {"application/pdf", "%PDF"},
		"/api/v1/plate-orders/" + order + "/manifest.json": {"application/json", sheets.Format},
		"/api/v1/plate-orders/" + order + "/maker.csv":     {"text/csv; charset=utf-8", "批次"},
		"/api/v1/plate-orders/" + order + "/sheets":        {"application/json", `"remasked":1`},
		"/api/v1/plate-faces":                              {"application/json", `"grade":"r"`},
	} {
		r := s.Raw(path, nil)
		if r.Code != http.StatusOK || r.Header().Get("Content-Type") != want[0] || !strings.Contains(r.Body.String(), want[1]) {
			t.Errorf("%s answers %d %s %.80q", path, r.Code, r.Header().Get("Content-Type"), r.Body.String())
		}
	}
	if name := s.Raw("/api/v1/plate-orders/"+order+"/sheet.pdf", nil).Header().Get("Content-Disposition"); !strings.Contains(name, "2026-001-sample.pdf") {
		t.Errorf("sheets that are not released are called %s", name)
	}
	d.released = true
	if name := s.Raw("/api/v1/plate-orders/"+order+"/sheet.pdf", nil).Header().Get("Content-Disposition"); strings.Contains(name, "sample") {
		t.Errorf("released sheets are called %s", name)
	}
	if r := s.RawDo(http.MethodPost, "/api/v1/plate-orders/"+order+"/proof", key(), nil); r.Code != http.StatusAccepted || !strings.Contains(r.Body.String(), `"job"`) {
		t.Errorf("a proof answers %d %s", r.Code, r.Body.String())
	}
	if r := s.Raw("/api/v1/plates/11111111111111.svg", nil); r.Code != http.StatusNotFound {
		t.Errorf("a code that is none answers %d", r.Code)
	}
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{life.ErrNotFound, http.StatusNotFound, "unknown_plate"},
		{life.ErrNoOrder, http.StatusNotFound, "unknown_plate_order"},
		{sheets.ErrNoPlates, http.StatusUnprocessableEntity, "no_plates"},
		{sheethttp.ErrNoTools, http.StatusServiceUnavailable, "poppler-utils"},
		{sheethttp.ErrNoFont, http.StatusServiceUnavailable, "fonts-noto-cjk"},
		{sheethttp.ErrNoHost, http.StatusUnprocessableEntity, "YIKE_PLATE_HOST"},
		{fmt.Errorf("plate: %w", &faces.MissingError{Characters: []rune{'𬮱'}}), http.StatusUnprocessableEntity, "U+2CBB1"},
		{&faces.TooLongError{What: faces.Name, Text: "长", Needs: 0.4, Least: 0.6}, http.StatusUnprocessableEntity, "40%"},
		{symbol.ErrTooLong, http.StatusUnprocessableEntity, "plate_not_made"},
		{symbol.ErrModule, http.StatusUnprocessableEntity, "plate_not_made"},
		{sheets.ErrSheet, http.StatusUnprocessableEntity, "plate_not_made"},
		{faces.ErrEmpty, http.StatusUnprocessableEntity, "plate_not_made"},
		{errors.New("disk"), http.StatusInternalServerError, "internal"},
	} {
		s := serve(t, &desk{err: c.err})
		for _, path := range []string{"/api/v1/plate-orders/" + order + "/sheets", "/api/v1/plate-orders/" + order + "/sheet.pdf", "/api/v1/plates/" + code + ".png"} {
			if r := s.Raw(path, nil); r.Code != c.code || !strings.Contains(r.Body.String(), c.says) {
				t.Errorf("%s with %v answers %d %s", path, c.err, r.Code, r.Body.String())
			}
		}
		if r := s.RawDo(http.MethodPost, "/api/v1/plate-orders/"+order+"/proof", key(), nil); r.Code != c.code {
			t.Errorf("a proof with %v answers %d", c.err, r.Code)
		}
	}
}
