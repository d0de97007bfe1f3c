package notices_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/notices"
	"yike/placenames/panel"
)

const today = record.Day("2026-11-27")

// board is a source in memory.
type board struct {
	mu      sync.Mutex
	notices []panel.Notice
	rules   panel.Rules
	taken   []panel.Comment
	answers []panel.Answer
	err     error
}

const receipt = "7KQ2-XW9D-M4TB"

func (b *board) Notices(context.Context) ([]panel.Notice, error) { return b.notices, b.err }

func (b *board) Notice(_ context.Context, number string) (panel.Notice, error) {
	for _, n := range b.notices {
		if n.Number == number {
			return n, b.err
		}
	}
	return panel.Notice{}, panel.ErrNotFound
}

func (b *board) Rules(context.Context) (panel.Rules, error) { return b.rules, b.err }

func (b *board) Take(_ context.Context, _ string, c panel.Comment) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken = append(b.taken, c)
	return receipt, b.err
}

func (b *board) Fate(_ context.Context, code string) (notices.Fate, error) {
	if code != receipt {
		return notices.Fate{}, panel.ErrNotFound
	}
	c := panel.Comment{Position: panel.Propose, Proposal: "和平道", Grounds: []string{"clear"}, Text: "<script>alert(1)</script>\n第二行", Day: today, Answers: b.answers}
	return notices.Fate{Notice: b.notices[0], Comment: c}, b.err
}

func (b *board) Kind(string) (zh, en string) { return "道路", "road" }
func (b *board) Today() record.Day           { return today }

func newBoard(t testing.TB) *board {
	t.Helper()
	rules, err := panel.Usual()
	if err != nil {
		t.Fatal(err)
	}
	var roads []panel.Road
	for i := range 60 {
		at := 39 + float64(i)*0.0005
		roads = append(roads, panel.Road{Name: fmt.Sprintf("测试第%d大街", i), Line: orb.LineString{{117, at}, {117.01, at + 0.003}, {117.02, at}, {117.03, at + 0.002}, {117.04, at}}})
	}
	place := orb.LineString{{117.01, 39.01}, {117.015, 39.012}, {117.03, 39.013}}
	return &board{rules: rules, notices: []panel.Notice{
		{
			Number: "2026-004", Act: "renaming", Name: "和顺道", Former: "规划一路", Roman: "Heshun Dao", Kind: "road", Extent: "东起甲路，西至乙路，全长约 1 200 米",
			Meaning: "和睦顺遂", Text: strings.Repeat("说明文字。", 60), Contact: "区地名办 022-00000000", Sketch: panel.DrawSketch(place, roads), Opens: "2026-11-25", Closes: "2026-12-01",
		},
		{Number: "2026-003", Name: "明天路", Opens: "2026-11-28", Closes: "2026-12-10"},
		{Number: "2026-002", Act: "naming", Name: "昨天路", Extent: "甲", Text: "x", Contact: "y", Opens: "2026-11-01", Closes: "2026-11-26"},
		{Number: "2026-001", Act: "retirement", Name: "撤回路", Extent: "甲", Text: "x", Contact: "y", Opens: "2026-11-01", Closes: "2026-12-26", Withdrawn: "申请人撤回"},
	}}
}

func (b *board) server() http.Handler {
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	notices.Mount(r, b)
	return r
}

func ask(h http.Handler, r *http.Request) (*httptest.ResponseRecorder, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, w.Body.String()
}

func look(h http.Handler, path string) (*httptest.ResponseRecorder, string) {
	return ask(h, httptest.NewRequest(http.MethodGet, path, nil))
}

func form(path string, fields url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestPagesForEverybody(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	h := b.server()
	for path, c := range map[string]struct {
		status       int
		has, without []string
	}{
		"/notices":          {200, []string{"和顺道", "昨天路", "撤回路", "正在公示", "Open now", "回执码"}, []string{"明天路"}},
		"/notices/2026-004": {200, []string{"规划一路", "Heshun Dao", "还有 5 天", "<form action=\"/notices/2026-004/comments\"", "<svg", "测试第"}, []string{"公示已结束"}},
		"/notices/2026-003": {404, []string{"没有这个公示"}, nil},
		"/notices/2026-002": {200, []string{"公示已结束", "意见不再接收"}, []string{"/comments\"", "<svg"}},
		"/notices/2026-001": {200, []string{"公示已撤回：申请人撤回"}, []string{"/comments\""}},
		"/notices/none":     {404, []string{"没有这个公示", "No such notice"}, nil},
		"/notices/comment/" + strings.ToLower(receipt): {200, []string{receipt, "尚未答复", "另提名称", "：和平道", "&lt;script&gt;"}, []string{"<script", "意见已收到"}},
		"/notices/comment/" + receipt + "?new=1":       {200, []string{"意见已收到"}, nil},
		"/notices/comment/0000-0000-0000":              {404, []string{"没有这个回执码"}, nil},
		"/notices/comment/x":                           {404, []string{"没有这个回执码"}, nil},
		"/notices/comment?code=":                       {404, []string{"没有这个回执码"}, nil},
	} {
		r, body := look(h, path)
		if r.Code != c.status || r.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d %s", path, r.Code, r.Header().Get("Content-Type"))
		}
		for _, want := range c.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s has no %q", path, want)
			}
		}
		for _, other := range c.without {
			if strings.Contains(body, other) {
				t.Errorf("%s has %q", path, other)
			}
		}
		if len(body) > 14<<10 {
			t.Errorf("%s has %d bytes", path, len(body))
		}
		if strings.Contains(body, "<script") || r.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s has a script or a cookie", path)
		}
	}
	if r, _ := look(h, "/notices/comment?code=7kq2xw9dm4tb"); r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/notices/comment/"+receipt {
		t.Error("a typed receipt leads to", r.Header().Get("Location"))
	}
}

func TestTheStyleIsTheOneThatThePolicyLetsPass(t *testing.T) {
	t.Parallel()
	r, body := look(newBoard(t).server(), "/notices")
	_, rest, _ := strings.Cut(body, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	policy := r.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
		t.Error(policy)
	}
	if strings.Contains(body, "style=") {
		t.Error("a style that the policy refuses")
	}
}

func TestPagesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	h := b.server()
	r, _ := look(h, "/notices/2026-004")
	etag := r.Header().Get("ETag")
	if etag == "" || !strings.HasPrefix(r.Header().Get("Cache-Control"), "public, max-age=60") {
		t.Fatal(r.Header())
	}
	again := httptest.NewRequest(http.MethodGet, "/notices/2026-004", nil)
	again.Header.Set("If-None-Match", etag)
	if r, body := ask(h, again); r.Code != http.StatusNotModified || body != "" {
		t.Error(r.Code, body)
	}
	b.notices[0].Closes = "2026-12-05"
	if r, _ := ask(h, again); r.Code != http.StatusOK || r.Header().Get("ETag") == etag {
		t.Error("a changed notice has the same tag")
	}
	for _, path := range []string{"/notices/comment/" + receipt, "/notices/none"} {
		if r, _ := look(h, path); r.Header().Get("Cache-Control") != "no-store" || r.Header().Get("ETag") != "" {
			t.Error(path, r.Header())
		}
	}
	head := httptest.NewRequest(http.MethodHead, "/notices", nil)
	if r, body := ask(h, head); r.Code != http.StatusOK && body != "" {
		t.Error(r.Code, body)
	}
}

func TestACommentIsTaken(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	h := b.server()
	r, _ := ask(h, form("/notices/2026-004/comments", url.Values{
		"position": {"object"}, "grounds": {"hard", "misfit"}, "text": {" 难读\r\n难写 "}, "person_name": {"王小明"}, "contact": {"13812345678"}, "website": {""},
	}))
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/notices/comment/"+receipt+"?new=1" {
		t.Fatal(r.Code, r.Header())
	}
	want := panel.Comment{Position: panel.Object, Text: "难读\n难写", Person: panel.Person{Name: "王小明", Contact: "13812345678"}}
	got := b.taken[0]
	if got.Position != want.Position || got.Text != want.Text || got.Person != want.Person || strings.Join(got.Grounds, " ") != "hard misfit" {
		t.Errorf("%+v", got)
	}
	b.answers = []panel.Answer{{Handling: panel.Partly, Reason: "改读音标注 <i>", Day: today}}
	if _, body := look(h, "/notices/comment/"+receipt); !strings.Contains(body, "部分采纳") || !strings.Contains(body, "改读音标注 &lt;i&gt;") || strings.Contains(body, "尚未答复") {
		t.Error(body)
	}
}

func TestWhatIsNoComment(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	good := url.Values{"position": {"support"}}
	json := httptest.NewRequest(http.MethodPost, "/notices/2026-004/comments", strings.NewReader(`{"position":"support"}`))
	json.Header.Set("Content-Type", "application/json")
	elsewhere := form("/notices/2026-004/comments", good)
	elsewhere.Header.Set("Origin", "https://other.example")
	broken := httptest.NewRequest(http.MethodPost, "/notices/2026-004/comments", strings.NewReader("position=%zz"))
	broken.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		has     string
	}{
		"no position":        {form("/notices/2026-004/comments", url.Values{"text": {"<img src=x onerror=alert(1)>"}}), 422, "请选择支持、反对或另提名称"},
		"what was typed":     {form("/notices/2026-004/comments", url.Values{"text": {"</textarea><script>"}, "grounds": {"hard"}}), 422, "&lt;/textarea&gt;&lt;script&gt;"},
		"too long":           {form("/notices/2026-004/comments", url.Values{"position": {"object"}, "text": {strings.Repeat("字", 1001)}}), 422, "不应超过 1000 个字"},
		"letters of nothing": {form("/notices/2026-004/comments", url.Values{"position": {"object"}, "text": {"\xff\xfe"}}), 422, "有无法识别的文字"},
		"a control":          {form("/notices/2026-004/comments", url.Values{"position": {"object"}, "text": {"a\x00b"}}), 422, "不能有控制字符"},
		"an unknown ground":  {form("/notices/2026-004/comments", url.Values{"position": {"object"}, "grounds": {"'; DROP"}}), 422, "没有这项理由"},
		"the trap":           {form("/notices/2026-004/comments", url.Values{"position": {"support"}, "website": {"http://spam"}}), 422, "应当留空"},
		"a huge body":        {form("/notices/2026-004/comments", url.Values{"position": {"support"}, "text": {strings.Repeat("a", 17<<10)}}), 413, "内容太长"},
		"a huger one":        {form("/notices/2026-004/comments", url.Values{"text": {strings.Repeat("a", 2<<20)}}), 413, ""},
		"no form":            {json, 415, "请用公示页面上的表单"},
		"half a letter":      {broken, 400, "内容没有收全"},
		"another site":       {elsewhere, 403, ""},
		"a closed notice":    {form("/notices/2026-002/comments", good), 409, "公示已结束"},
		"a withdrawn one":    {form("/notices/2026-001/comments", good), 409, "公示已结束"},
		"one to come":        {form("/notices/2026-003/comments", good), 404, "没有这个公示"},
		"none":               {form("/notices/x/comments", good), 404, "没有这个公示"},
	} {
		r, body := ask(b.server(), c.request)
		if r.Code != c.status || !strings.Contains(body, c.has) {
			t.Errorf("%s: %d, want %d with %q: %.300s", name, r.Code, c.status, c.has, body)
		}
		if strings.Contains(body, "<script>") || strings.Contains(body, "<img") {
			t.Errorf("%s: what was typed is part of the page", name)
		}
	}
	if len(b.taken) != 0 {
		t.Errorf("taken: %+v", b.taken)
	}
	for err, status := range map[error]int{notices.ErrFull: 503, notices.ErrClosed: 409, errors.New("x"): 500} {
		full := &failing{newBoard(t), err}
		r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
		notices.Mount(r, full)
		if r, _ := ask(r, form("/notices/2026-004/comments", good)); r.Code != status {
			t.Errorf("%v: %d", err, r.Code)
		}
	}
}

// failing is a board that cannot keep what it takes.
type failing struct {
	*board
	err error
}

func (f *failing) Take(context.Context, string, panel.Comment) (string, error) { return "", f.err }

func TestFloodsAreBounded(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	h := b.server()
	refused := 0
	for range 40 {
		if r, body := ask(h, form("/notices/2026-004/comments", url.Values{"position": {"support"}})); r.Code == http.StatusTooManyRequests {
			refused++
			if !strings.Contains(body, "提交过于频繁") || r.Header().Get("Retry-After") == "" {
				t.Error(body)
			}
		}
	}
	if refused != 10 || len(b.taken) != 30 {
		t.Errorf("%d refused, %d taken", refused, len(b.taken))
	}
	guessed := 0
	for i := range 70 {
		if r, _ := look(h, fmt.Sprintf("/notices/comment/0000-0000-%04d", i)); r.Code == http.StatusTooManyRequests {
			guessed++
		}
	}
	if guessed != 10 {
		t.Errorf("%d guesses refused", guessed)
	}
	if r, _ := look(h, "/notices/comment/"+receipt); r.Code != http.StatusOK {
		t.Error("a receipt that is right is refused:", r.Code)
	}
}

func TestManyNoticesComeByPages(t *testing.T) {
	t.Parallel()
	b := newBoard(t)
	b.notices = nil
	for i := 45; i > 0; i-- {
		b.notices = append(b.notices, panel.Notice{Number: fmt.Sprintf("2026-%03d", i), Name: fmt.Sprintf("第%d路", i), Extent: strings.Repeat("位置", 40), Opens: "2026-01-01", Closes: "2026-01-08"})
	}
	h := b.server()
	seen := 0
	for path := "/notices"; path != ""; {
		_, body := look(h, path)
		seen += strings.Count(body, `class="row"`)
		if len(body) > 14<<10 {
			t.Errorf("%s has %d bytes", path, len(body))
		}
		_, rest, more := strings.Cut(body, `<a href="/notices?before=`)
		path = ""
		if more {
			number, _, _ := strings.Cut(rest, `"`)
			path = "/notices?before=" + number
		}
	}
	if seen != 45 {
		t.Errorf("%d of 45 are on the pages", seen)
	}
	if _, body := look((&board{}).server(), "/notices"); !strings.Contains(body, "目前没有正在公示的地名") {
		t.Error(body)
	}
	b.err = errors.New("the database is away")
	if r, body := look(h, "/notices"); r.Code != http.StatusInternalServerError || !strings.Contains(body, "暂时无法显示") || strings.Contains(body, "database is away") {
		t.Error(r.Code, body)
	}
}
