package doorpage_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yike/internal/httpapi"
	"yike/placenames/plates"
	"yike/placenames/plates/doorpage"
	"yike/placenames/plates/doors"
)

// register is a source in memory that counts its reads.
type register struct {
	mu      sync.Mutex
	doors   map[string]doors.Door
	reads   atomic.Int64
	reports []doors.Report
	photos  [][]byte
	err     error
}

func (s *register) Door(_ context.Context, code string) (doors.Door, error) {
	s.reads.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.doors[code]
	if !ok {
		d = doors.Door{Standing: doors.Unknown}
	}
	d.Issuer = "测试区民政局"
	return d, s.err
}

func (s *register) Photo(_ context.Context, code string) ([]byte, error) {
	if !s.doors[code].Photo {
		return nil, doors.ErrNotFound
	}
	return []byte("jpeg of " + code), s.err
}

const receipt = "7KQ2-XW9D-M4TB"

func (s *register) Report(_ context.Context, r doors.Report, photo []byte) (string, error) {
	if string(photo) == "no photo" {
		return "", doorpage.ErrPhoto
	}
	s.reports, s.photos = append(s.reports, r), append(s.photos, photo)
	return receipt, s.err
}

func (s *register) Fate(_ context.Context, typed string) (doorpage.Fate, string, error) {
	if !strings.EqualFold(typed, receipt) {
		return doorpage.Fate{}, "", doors.ErrNotFound
	}
	return doorpage.Fate{Report: doors.Report{Code: current, Problem: doors.FakePlate}, Day: "2026-11-28", State: doors.Declined, Outcome: "right", On: "2026-11-29", Address: "甲区乙路1号"}, receipt, s.err
}

type signer struct{ key ed25519.PrivateKey }

func (s signer) SignDoor(m []byte) []byte      { return ed25519.Sign(s.key, m) }
func (s signer) DoorPublic() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }
func (s signer) DoorKeyID() string             { return "k1" }

// token makes the n-th code.
func token(n byte) string {
	t, err := plates.NewToken(bytes.NewReader(bytes.Repeat([]byte{n}, 13)))
	if err != nil {
		panic(err)
	}
	return t.String()
}

var current, damaged, replaced, made, withdrawn, nobodys = token(1), token(2), token(3), token(4), token(5), token(6)

const longName = "很长很长的一个养老服务综合体名称用来试换行"

func full(s doors.Standing) doors.Door {
	d := doors.Door{
		Standing: s, Text: "测试省测试市测试区测试街道测试社区和顺大道一百二十三号附一号", Short: "和顺大道123-1号", Roman: "Heshun Dadao 123-1 Hao",
		Chain: []string{"测试区", "测试街道", "测试社区"}, Former: []doors.Former{{Text: "规划一路5号", Until: "2020-05-01"}, {Text: "<b>旧路</b>"}},
		Kind: "medium", Face: "和顺大道 123-1", FixedOn: "2026-05-01", Photo: true, Walked: true, Provisional: true,
	}
	for i := range doors.Asks() {
		if i != 1 {
			d.Near = append(d.Near, doors.Near{
				Ask: i, NameZH: fmt.Sprint(longName, i), NameEN: fmt.Sprint("Place ", i), Address: strings.Repeat("地址", 20), WalkMS: 360_001, Phone: "022-2739 0000",
				Hours: "周一至周五 08:30-11:30、14:00-17:00；周六 09:00-12:00", TodayZH: "09:00–12:00", TodayEN: "09:00–12:00",
			})
		}
	}
	return d
}

type house struct {
	*register
	http.Handler
	pages  *doorpage.Pages
	misses *doorpage.Misses
	now    time.Time
	key    ed25519.PrivateKey
}

func newHouse(t testing.TB, size int64) *house {
	t.Helper()
	h := &house{register: &register{doors: map[string]doors.Door{
		current: full(doors.Current), damaged: full(doors.Damaged), replaced: full(doors.Replaced), made: full(doors.NotYet), withdrawn: full(doors.Withdrawn),
	}}, misses: doorpage.NewMisses(1000), now: time.Date(2026, 11, 28, 9, 30, 0, 0, time.UTC), key: ed25519.NewKeyFromSeed(make([]byte, 32))}
	pages, err := doorpage.New(doorpage.Config{Source: h.register, Signer: signer{h.key}, Now: func() time.Time { return h.now }, Misses: h.misses, Bytes: size})
	if err != nil {
		t.Fatal(err)
	}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	h.pages = pages
	pages.Mount(r)
	r.Get("/*", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the app") })
	h.Handler = r
	return h
}

func (h *house) ask(r *http.Request) (*httptest.ResponseRecorder, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, w.Body.String()
}

func (h *house) look(path string) (*httptest.ResponseRecorder, string) {
	return h.ask(httptest.NewRequest(http.MethodGet, path, nil))
}

func TestPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	grouped := current[:4] + "-" + current[4:9] + "-" + current[9:]
	for path, c := range map[string]struct {
		status       int
		has, without []string
	}{
		"/" + current:                  {200, []string{"和顺大道123-1号", "Heshun Dadao", "有效门牌", "步行约 7 分钟", "tel:02227390000", "今天", "11月28日 星期六", "曾用名", "&lt;b&gt;旧路", "步行一小时内没有：日间照料中心", grouped, "/photo", "临时编号", "测试区 › 测试街道", "测试区民政局", "tel:12345"}, []string{"<b>旧路", "Today is"}},
		"/" + strings.ToLower(current): {200, []string{"和顺大道123-1号"}, nil},
		"/" + strings.ToLower(grouped): {200, []string{"和顺大道123-1号"}, nil},
		"/" + current + "?lang=en":     {200, []string{"Official plate", "7 min on foot", "Saturday, 28 November", "Place 0", "Formerly", "中文"}, []string{"步行约", longName}},
		"/" + damaged:                  {200, []string{"待维修", "和顺大道123-1号"}, nil},
		"/" + replaced:                 {200, []string{"此牌已更换", "和顺大道123-1号"}, nil},
		"/" + made:                     {404, []string{"此牌尚未启用"}, []string{"和顺大道", "测试街道"}},
		"/" + withdrawn:                {410, []string{"此牌已经停用"}, []string{"和顺大道", "测试街道"}},
		"/" + nobodys:                  {404, []string{"不是本区的门牌", "报修"}, []string{"和顺大道"}},
		"/" + nobodys + "?lang=en":     {404, []string{"Not a plate of this district"}, nil},
		"/" + wrongly(current):         {404, []string{"不是本区的门牌"}, []string{"和顺大道"}},
		"/" + current + "/report":      {200, []string{"multipart/form-data", "损坏、脏污或脱落", grouped}, nil},
		"/reports":                     {200, []string{"回执码"}, nil},
		"/reports?code=" + receipt:     {200, []string{"现场核实门牌无误"}, nil},
		"/reports/" + strings.ToLower(receipt) + "?new=1&lang=en": {200, []string{receipt, "Received, thank you", "found to be right", "甲区乙路1号"}, nil},
		"/reports/0000-0000-0000":                                 {404, []string{"没有这个回执码"}, nil},
		"/" + current[:13]:                                        {200, []string{"the app"}, nil},
		"/addresses":                                              {200, []string{"the app"}, nil},
		"/plates/reports":                                         {200, []string{"the app"}, nil},
	} {
		r, body := h.look(path)
		if r.Code != c.status {
			t.Errorf("%s: %d", path, r.Code)
		}
		for _, want := range c.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s has no %q", path, want)
			}
		}
		for _, other := range append(c.without, "<script", "style=", "ZgotmplZ") {
			if strings.Contains(body, other) {
				t.Errorf("%s has %q", path, other)
			}
		}
		if len(body) > 14<<10 {
			t.Errorf("%s has %d bytes", path, len(body))
		}
		if body != "the app" && (r.Header().Get("Set-Cookie") != "" || !strings.Contains(r.Header().Get("Content-Security-Policy"), "default-src 'none'") || r.Header().Get("X-Robots-Tag") == "") {
			t.Errorf("%s: %v", path, r.Header())
		}
	}
	_, body := h.look("/" + current)
	t.Logf("the page of a door with three places nearby: %d bytes, packed %d", len(body), len(gzipped(t, h, "/"+current)))
}

// wrongly exchanges the first two different symbols of a code.
func wrongly(code string) string {
	b := []byte(code)
	if b[13] == '0' {
		b[13] = '1'
	} else {
		b[13] = '0'
	}
	return string(b)
}

func gzipped(t *testing.T, h *house, path string) []byte {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w, _ := h.ask(r)
	if w.Header().Get("Content-Encoding") != "gzip" || len(w.Header().Values("Vary")) != 1 {
		t.Errorf("%v", w.Header())
	}
	return w.Body.Bytes()
}

func TestPackedPagesAreThePlainOnes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	_, plain := h.look("/" + current)
	z, err := gzip.NewReader(bytes.NewReader(gzipped(t, h, "/"+current)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || string(got) != plain {
		t.Error("the packed page is another", err)
	}
}

// TestUnknownCodesCostAsMuchAsOthers counts the work instead of the time: one read and one page of
// one size, whatever a code stands for.
func TestUnknownCodesCostAsMuchAsOthers(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"", "?lang=en"} {
		sizes := map[int]bool{}
		for _, code := range []string{nobodys, withdrawn, made} {
			h := newHouse(t, 0)
			_, body := h.look("/" + code + lang)
			if h.reads.Load() != 1 {
				t.Errorf("%s: %d reads", code, h.reads.Load())
			}
			sizes[len(body)] = true
			h.look("/" + code + lang)
			if h.reads.Load() != 1 {
				t.Errorf("%s is read again: %d", code, h.reads.Load())
			}
		}
		if len(sizes) != 1 {
			t.Errorf("sizes %v tell what a code stands for", sizes)
		}
	}
	h := newHouse(t, 0)
	h.look("/" + current)
	if h.reads.Load() != 1 {
		t.Error("a door takes", h.reads.Load())
	}
	h.look("/" + wrongly(current))
	if h.reads.Load() != 1 {
		t.Error("a code whose check symbol does not fit is looked for")
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	for _, path := range []string{"/" + current, "/" + nobodys, "/" + current + ".json", "/" + current + "/photo"} {
		for _, encoding := range []string{"", "gzip"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", encoding)
			w, _ := h.ask(r)
			etag := w.Header().Get("ETag")
			if strings.HasPrefix(etag, "W/") || len(etag) < 10 || !strings.HasPrefix(w.Header().Get("Cache-Control"), "public, max-age=") {
				t.Errorf("%s: %v", path, w.Header())
			}
			r.Header.Set("If-None-Match", etag)
			if again, body := h.ask(r); again.Code != http.StatusNotModified || body != "" || again.Header().Get("ETag") != etag || again.Header().Get("Content-Encoding") != "" {
				t.Errorf("%s: %d %v", path, again.Code, again.Header())
			}
		}
	}
	if w, _ := h.look("/" + current); w.Header().Get("Cache-Control") != "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800" {
		t.Error(w.Header())
	}
	w, _ := h.look("/" + current)
	before := w.Header().Get("ETag")
	changed := full(doors.Damaged)
	h.mu.Lock()
	h.doors[current] = changed
	h.mu.Unlock()
	if w, _ := h.look("/" + current); w.Header().Get("ETag") != before {
		t.Error("it is not kept")
	}
	h.pages.Forget(current)
	if w, body := h.look("/" + current); w.Header().Get("ETag") == before || !strings.Contains(body, "待维修") {
		t.Error("what changed is not seen")
	}
	h.now = h.now.Add(24 * time.Hour)
	if _, body := h.look("/" + current); !strings.Contains(body, "星期日") {
		t.Error("yesterday's page is today's")
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	_, raw := h.look("/.well-known/door-keys.json")
	var set struct {
		Keys []struct{ Kid, X, Crv string }
	}
	if err := json.Unmarshal([]byte(raw), &set); err != nil || len(set.Keys) != 1 || set.Keys[0].Crv != "Ed25519" {
		t.Fatal(raw, err)
	}
	public, err := base64.RawURLEncoding.DecodeString(set.Keys[0].X)
	if err != nil {
		t.Fatal(err)
	}
	key := func(kid string) ed25519.PublicKey {
		if kid == set.Keys[0].Kid {
			return public
		}
		return nil
	}
	for code, want := range map[string]doors.Standing{current: doors.Current, withdrawn: doors.Withdrawn, nobodys: doors.Unknown, wrongly(current): doors.Unknown} {
		w, body := h.look("/" + strings.ToLower(code) + ".json")
		s, err := doors.Verify([]byte(body), key, h.now)
		if err != nil || s.Status != want || s.Code != code || (s.Address != "") != want.Names() || w.Header().Get("Content-Type") != "application/jose+json" {
			t.Errorf("%s: %+v %v", code, s, err)
		}
		if _, err := doors.Verify([]byte(body), key, h.now.Add(8*24*time.Hour)); !errors.Is(err, doors.ErrExpired) {
			t.Errorf("%v", err)
		}
		for name, forged := range map[string]string{
			"changed": strings.Replace(body, `"payload":"ey`, `"payload":"eY`, 1), "none": "", "text": "{}", "cut": body[:len(body)-9],
			"unsigned": regexp.MustCompile(`"signature":"[^"]*"`).ReplaceAllString(body, `"signature":""`),
		} {
			if _, err := doors.Verify([]byte(forged), key, h.now); !errors.Is(err, doors.ErrForged) {
				t.Errorf("%s: %v", name, err)
			}
		}
		other := func(string) ed25519.PublicKey {
			return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)).Public().(ed25519.PublicKey)
		}
		if _, err := doors.Verify([]byte(body), other, h.now); !errors.Is(err, doors.ErrForged) {
			t.Errorf("by another key: %v", err)
		}
	}
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { h.look("/" + current) })
	}
	all.Wait()
	if n := h.reads.Load(); n != 1 {
		t.Errorf("%d reads for 50 who ask for one door", n)
	}
}

func TestPagesAreKeptWithinABound(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 20<<10)
	for _, code := range []string{current, damaged, replaced, current} {
		h.look("/" + code)
	}
	if n := h.reads.Load(); n != 4 {
		t.Errorf("%d reads: three doors do not fit into 20 kB", n)
	}
	tiny := newHouse(t, 10)
	tiny.look("/" + current)
	if r, _ := tiny.look("/" + current); r.Code != 200 || tiny.reads.Load() != 2 {
		t.Error("a page larger than the bound")
	}
}

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
