package mapprinthttp_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"yike/internal/httpapi"
	"yike/internal/mapprint/mapprinthttp"
	"yike/internal/pdf"
)

type source struct {
	facts mapprinthttp.Facts
	err   error
}

func (s source) Facts(context.Context) (mapprinthttp.Facts, error) { return s.facts, s.err }

func serve(t *testing.T, change func(*mapprinthttp.Config)) http.Handler {
	t.Helper()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) && os.Getenv("CI") == "" {
		t.Skip("no font with Chinese characters; apt-get install fonts-noto-cjk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fonts.Close() })
	c := mapprinthttp.Config{
		Source: source{facts: mapprinthttp.Facts{
			District: httpapi.Text{ZH: "西青区", EN: "Xiqing"}, Synthetic: true,
			Notices: []httpapi.Text{{ZH: "数据说明一", EN: "Notice one"}}, ReviewNumber: "GS(2026)0001",
		}},
		Fonts: func() (*pdf.Fonts, error) { return fonts, nil },
		Now:   func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) },
	}
	if change != nil {
		change(&c)
	}
	r := httpapi.NewRouterWithConfig(httpapi.Config{
		Log: slog.New(slog.DiscardHandler), Routes: httpapi.Routes{"POST /api/v1/map-prints": {Upload: mapprinthttp.MaxUpload}},
	})
	mapprinthttp.Register(httpapi.NewAPI(r), c)
	return r
}

func pngOf(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fields() map[string]any {
	return map[string]any{
		"title": "步行 15 分钟以外的人在哪里", "paper": "a4", "orientation": "landscape", "lang": "zh", "lat": 39.1,
		"metres_per_pixel": 2.0, "view": "/?z=13",
		"legend": []any{map[string]any{"kind": "area", "color": "#F3E3C3", "hatch": "#B7791F", "zh": "缺口", "en": "Gap"}},
	}
}

func with(change map[string]any) map[string]any {
	all := fields()
	maps.Copy(all, change)
	return all
}

func post(t *testing.T, h http.Handler, image []byte, print any) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if image != nil {
		part, err := form.CreateFormFile("image", "map.png")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(image)
	}
	switch p := print.(type) {
	case nil:
	case string:
		_ = form.WriteField("print", p)
	default:
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		_ = form.WriteField("print", string(raw))
	}
	_ = form.Close()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/map-prints", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPrint(t *testing.T) {
	t.Parallel()
	h := serve(t, nil)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 400, 300)), nil); err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string][]byte{"PNG": pngOf(t, 400, 300), "JPEG": photo.Bytes()} {
		w := post(t, h, picture, with(map[string]any{"base_map": true, "title": "哪里\U00010000？", "day": "2026-01-01", "office": "区民政局"}))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(w.Body.Bytes(), []byte("%PDF-")) {
			t.Fatalf("%s: %d %s %.300s", name, w.Code, w.Header(), w.Body)
		}
		if got := w.Header().Get("Missing-Characters"); got != "U+10000" {
			t.Errorf("%s: missing %q", name, got)
		}
		if got := w.Header().Get("Content-Disposition"); !strings.Contains(got, "%E5%93%AA%E9%87%8C") || !strings.Contains(got, "map-2026-11-27.pdf") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	serve(t, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/map-prints/frames", nil))
	var got struct {
		Frames []struct {
			Paper, Orientation string
			Legend             bool
			Width              float64 `json:"width_mm"`
			Height             float64 `json:"height_mm"`
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Frames) != 8 {
		t.Fatalf("%s, %v", w.Body, err)
	}
	for _, f := range got.Frames {
		if lying := f.Orientation == "landscape"; f.Width < 100 || f.Height < 100 || f.Width > 400 || f.Height > 400 || lying != (f.Width > f.Height) && !f.Legend {
			t.Errorf("%+v", f)
		}
	}
}

// bomb is a PNG of few bytes that says it has a great many pixels.
func bomb(t *testing.T) []byte {
	t.Helper()
	b := pngOf(t, 1, 1)
	copy(b[16:24], []byte{0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF})
	sum := crc32.ChecksumIEEE(b[12:29])
	copy(b[29:33], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return b
}

func TestPrintsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := serve(t, nil)
	good := pngOf(t, 400, 300)
	for name, tc := range map[string]struct {
		image  []byte
		print  any
		status int
		says   string
	}{
		"no picture":          {nil, fields(), http.StatusUnprocessableEntity, "image"},
		"no print":            {good, nil, http.StatusUnprocessableEntity, "print"},
		"no JSON":             {good, "{", http.StatusBadRequest, "bad_print"},
		"more than one value": {good, "{} {}", http.StatusBadRequest, "bad_print"},
		"an unknown field":    {good, with(map[string]any{"colour": 1}), http.StatusBadRequest, "bad_print"},
		"no title":            {good, with(map[string]any{"title": ""}), http.StatusUnprocessableEntity, "#/title"},
		"language":            {good, with(map[string]any{"lang": "fr"}), http.StatusUnprocessableEntity, "#/lang"},
		"day":                 {good, with(map[string]any{"day": "gestern"}), http.StatusUnprocessableEntity, "#/day"},
		"another site":        {good, with(map[string]any{"view": "//evil.example/"}), http.StatusUnprocessableEntity, "#/view"},
		"no path":             {good, with(map[string]any{"view": "https://evil.example/"}), http.StatusUnprocessableEntity, "#/view"},
		"sign's picture":      {good, with(map[string]any{"legend": []any{map[string]any{"kind": "picture", "png": "xx", "zh": "图", "en": "x"}}}), http.StatusUnprocessableEntity, "#/legend/0/png"},
		"sign's bomb":         {good, with(map[string]any{"legend": []any{map[string]any{"kind": "picture", "png": base64.StdEncoding.EncodeToString(bomb(t)), "zh": "图", "en": "x"}}}), http.StatusUnprocessableEntity, "#/legend/0/png"},
		"a false scale":       {good, with(map[string]any{"bounds": []float64{117, 39, 117.1, 39.2}}), http.StatusUnprocessableEntity, "#/metres_per_pixel"},
		"bounds turned round": {good, with(map[string]any{"bounds": []float64{117.1, 39, 117, 39.2}}), http.StatusUnprocessableEntity, "#/bounds"},
		"half a picture":      {good[:len(good)/2], fields(), http.StatusUnprocessableEntity, "bad_picture"},
		"no picture at all":   {[]byte("<svg onload=alert(1)>"), fields(), http.StatusUnprocessableEntity, "bad_picture"},
		"a bomb":              {bomb(t), fields(), http.StatusUnprocessableEntity, "picture_too_large"},
	} {
		if w := post(t, h, tc.image, tc.print); w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %.300s", name, w.Code, w.Body)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/api/v1/map-prints", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	if h.ServeHTTP(w, r); w.Code < 400 || w.Code >= 500 {
		t.Errorf("JSON instead of a form: %d", w.Code)
	}
}

func TestScaleThatFitsItsBounds(t *testing.T) {
	t.Parallel()
	// 0.0925 degrees on 400 pixels at 39.1° are about 20 m each.
	w := post(t, serve(t, nil), pngOf(t, 400, 300), with(map[string]any{"bounds": []float64{117, 39, 117.0925, 39.2}, "metres_per_pixel": 19.98}))
	if w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestServersThatCannotPrint(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*mapprinthttp.Config)
		says   string
	}{
		"not ready": {func(c *mapprinthttp.Config) { c.Source = source{err: mapprinthttp.ErrNotReady} }, "not_ready"},
		"no fonts":  {func(c *mapprinthttp.Config) { c.Fonts = func() (*pdf.Fonts, error) { return nil, pdf.ErrNoFont } }, "fonts-noto-cjk"},
	} {
		if w := post(t, serve(t, tc.change), pngOf(t, 40, 30), fields()); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
