package doorpage_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
