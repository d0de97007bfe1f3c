package doorpage_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"yike/placenames/plates/doorpage"
	"yike/placenames/plates/doors"
)

func TestMissesAreCountedAndBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	for range 3 {
		h.look("/" + nobodys)
	}
	h.look("/" + wrongly(current))
	h.look("/" + withdrawn)
	got := h.misses.Drain()
	if len(got) != 2 || got[0] != (doors.Miss{Code: nobodys, Hour: h.now.Unix() / 3600, Scans: 3}) || len(h.misses.Drain()) != 0 {
		t.Errorf("%+v", got)
	}
	refused := 0
	for i := range 140 {
		h.now = h.now.Add(2 * time.Minute) // nothing is kept
		if r, body := h.look("/" + nobodys); r.Code == http.StatusTooManyRequests {
			refused++
			if r.Header().Get("Retry-After") == "" || !strings.Contains(body, "过于频繁") {
				t.Error(body)
			}
		}
		_ = i
	}
	if refused == 0 || refused > 40 {
		t.Errorf("%d of 140 guesses are refused", refused)
	}
	few := doorpage.NewMisses(2)
	for i := range 9 {
		few.Add(fmt.Sprint(i), h.now)
	}
	var none *doorpage.Misses
	none.Add("x", h.now)
	if len(few.Drain()) != 2 {
		t.Error("more are counted than there is room for")
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	form := func(fields url.Values) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/"+strings.ToLower(current)+"/report", strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	parts := func(photo string) *http.Request {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		_ = m.WriteField("problem", "covered")
		_ = m.WriteField("note", "  贴了广告 ")
		_ = m.WriteField("website", "")
		f, _ := m.CreateFormFile("photo", "a.jpg")
		_, _ = io.WriteString(f, photo)
		_ = m.Close()
		r := httptest.NewRequest(http.MethodPost, "/"+current+"/report?lang=en", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return r
	}
	if r, _ := h.ask(form(url.Values{"problem": {"damaged"}})); r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/reports/"+receipt+"?new=1" {
		t.Error(r.Code, r.Header())
	}
	if r, _ := h.ask(parts("a photo")); r.Code != http.StatusSeeOther || !strings.HasSuffix(r.Header().Get("Location"), "lang=en") {
		t.Error(r.Code, r.Header())
	}
	if len(h.reports) != 2 || h.reports[0].Code != current || h.reports[1].Note != "贴了广告" || string(h.photos[1]) != "a photo" {
		t.Errorf("%+v", h.reports)
	}
	broken := parts("x")
	broken.Body = io.NopCloser(strings.NewReader("--"))
	other := form(url.Values{"problem": {"damaged"}})
	other.Header.Set("Content-Type", "application/json")
	foreign := form(url.Values{"problem": {"damaged"}})
	foreign.Header.Set("Origin", "https://other.example")
	for name, c := range map[string]struct {
		r      *http.Request
		status int
		has    string
	}{
		"no problem":   {form(url.Values{"note": {"<script>"}}), 422, "请选择一个问题"},
		"what is kept": {form(url.Values{"note": {"</textarea><script>"}}), 422, "&lt;/textarea&gt;"},
		"the trap":     {form(url.Values{"problem": {"damaged"}, "website": {"x"}}), 422, "应当留空"},
		"no photo":     {parts("no photo"), 422, "cannot be read"},
		"half":         {broken, 400, "arrive whole"},
		"JSON":         {other, 415, "表单"},
		"another site": {foreign, 403, ""},
	} {
		r, body := h.ask(c.r)
		if r.Code != c.status || !strings.Contains(body, c.has) || strings.Contains(body, "<script>") {
			t.Errorf("%s: %d %.200s", name, r.Code, body)
		}
	}
	h.err = doorpage.ErrFull
	if r, body := h.ask(form(url.Values{"problem": {"damaged"}})); r.Code != 503 || !strings.Contains(body, "12345") {
		t.Error(r.Code)
	}
	h.err = nil
	refused := 0
	for range 30 {
		if r, _ := h.ask(form(url.Values{"problem": {"damaged"}})); r.Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("a flood is taken")
	}
}

func TestTheStyleIsTheOneThatThePolicyLetsPass(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	for _, path := range []string{"/" + current, "/" + current + "/report", "/reports"} {
		r, body := h.look(path)
		_, rest, _ := strings.Cut(body, "<style>")
		style, _, _ := strings.Cut(rest, "</style>")
		sum := sha256.Sum256([]byte(style))
		policy := r.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
			t.Error(path, policy)
		}
	}
}

func TestWhatFails(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	h.err = errors.New("the database is away")
	for _, path := range []string{"/" + current, "/" + current + ".json", "/" + current + "/photo", "/reports/" + receipt} {
		if r, body := h.look(path); r.Code != http.StatusInternalServerError || strings.Contains(body, "database is away") {
			t.Error(path, r.Code, body)
		}
	}
	h.err = nil
	if r, _ := h.look("/" + current); r.Code != http.StatusOK {
		t.Error("a failure is kept:", r.Code)
	}
	if r, _ := h.look("/" + nobodys + "/photo"); r.Code != http.StatusNotFound {
		t.Error(r.Code)
	}
}

// TestNoPageOfTheAppReadsAsACode holds the addresses of the app against the pattern of codes.
func TestNoPageOfTheAppReadsAsACode(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../../web/src/state/page.ts")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`^/(?:[0-9A-Za-z]{14}|[0-9A-Za-z]{4}-[0-9A-Za-z]{5}-[0-9A-Za-z]{5}|reports)$`)
	paths := regexp.MustCompile(`'(/[^']*)'`).FindAllStringSubmatch(string(source), -1)
	if len(paths) < 20 {
		t.Fatal("the pages are written elsewhere")
	}
	for _, p := range paths {
		if code.MatchString(p[1]) {
			t.Errorf("the page %s of the app reads as a code", p[1])
		}
	}
}

// TestContrast holds the colours of text against 7:1 on what they stand on.
func TestContrast(t *testing.T) {
	t.Parallel()
	luminance := func(hex string) float64 {
		var v [3]float64
		for i := range v {
			var n int
			_, _ = fmt.Sscanf(hex[1+2*i:3+2*i], "%x", &n)
			c := float64(n) / 255
			if c <= 0.04045 {
				v[i] = c / 12.92
			} else {
				v[i] = math.Pow((c+0.055)/1.055, 2.4)
			}
		}
		return 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2]
	}
	for _, pair := range [][2]string{{"#1a1a1a", "#ffffff"}, {"#0b4f57", "#ffffff"}, {"#404040", "#ffffff"}, {"#8c1d1d", "#fdf3f2"}, {"#1a1a1a", "#fdf3f2"}, {"#ffffff", "#0b4f57"}} {
		a, b := luminance(pair[0]), luminance(pair[1])
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 7 {
			t.Errorf("%v: %.2f", pair, ratio)
		}
	}
}
