package notices

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

//go:embed pages.html
var source string

//go:embed style.css
var style string

// pages are the templates with the policy that lets their style and nothing else work.
type pages struct {
	templates *template.Template
	policy    string
}

// newPages parses the embedded pages; a test shows each.
func newPages() *pages {
	sheet := "\n" + strings.TrimSpace(style) + "\n"
	sum := sha256.Sum256([]byte(sheet))
	funcs := template.FuncMap{
		"style":  func() template.CSS { return template.CSS(sheet) }, //nolint:gosec // embedded, and whole
		"points": points,
	}
	return &pages{
		templates: template.Must(template.New("pages").Funcs(funcs).Parse(source)),
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	}
}

// points writes a line of a sketch as SVG has it.
func points(l panel.Line) string {
	var out strings.Builder
	for i, p := range l {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(strconv.Itoa(p[0]) + "," + strconv.Itoa(p[1]))
	}
	return out.String()
}

// Who may keep an answer: everybody on the way for a minute, or nobody.
const (
	forAll    = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
	forNobody = "no-store"
)

// show answers with a page. What everybody may keep has an entity tag of its content.
func (h *handlers) show(w http.ResponseWriter, r *http.Request, page string, view any, status int, keep string) {
	var body bytes.Buffer
	if err := h.pages.templates.ExecuteTemplate(&body, page, view); err != nil {
		httpapi.WriteError(w, r, fmt.Errorf("write the page %s: %w", page, err))
		return
	}
	head := w.Header()
	head.Set("Content-Security-Policy", h.pages.policy)
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Referrer-Policy", "no-referrer") // a receipt is in the address
	head.Set("Cache-Control", keep)
	if keep == forAll {
		sum := sha256.Sum256(body.Bytes())
		etag := `"` + hex.EncodeToString(sum[:16]) + `"`
		head.Set("ETag", etag)
		if httpapi.Held(etag, r.Header.Get("If-None-Match")) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a visitor who has gone hears nothing
}

type row struct {
	Number, Name, Former  string
	KindZH, KindEN        string
	ActZH, ActEN          string
	Opens, Closes, Extent string
	Withdrawn             string
}

type listView struct {
	Before     string
	Open, Past []row
	More       string // the number after which the next page goes on; "" for none
}

func (h *handlers) row(n panel.Notice) row {
	out := row{
		Number: n.Number, Name: n.Name, Former: n.Former, Opens: string(n.Opens), Closes: string(n.Closes), Extent: n.Extent, Withdrawn: n.Withdrawn,
	}
	out.KindZH, out.KindEN = h.source.Kind(n.Kind)
	out.ActZH, out.ActEN = "命名", "Naming"
	switch n.Act {
	case "renaming":
		out.ActZH, out.ActEN = "更名", "Renaming"
	case "retirement":
		out.ActZH, out.ActEN = "注销", "Retirement"
	}
	return out
}

// choice is a radio button or a box of the form.
type choice struct {
	Code, ZH, EN string
	Picked       bool
}

type oneView struct {
	row
	Notice    panel.Notice
	Open      bool
	Days      int // that are left, today with it
	Positions []choice
	Grounds   []choice
	Said      panel.Comment
	Faults    []record.Fault
	KeepDays  int
	Trap      string
	Scale     scale
}

// scale is the bar under a sketch.
type scale struct{ Wide, Metres int }

// scaleOf finds a round length of a fifth to a half of the sketch's side.
func scaleOf(s panel.Sketch) scale {
	for _, m := range []int{50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000} {
		if wide := m * 1000 / max(s.Metres, 1); wide >= 180 {
			return scale{min(wide, 1000), m}
		}
	}
	return scale{}
}

func (h *handlers) view(n panel.Notice, rules panel.Rules, said panel.Comment, faults []record.Fault) oneView {
	today := h.source.Today()
	v := oneView{
		row: h.row(n), Notice: n, Open: n.State(today) == panel.Open, Days: panel.DaysFrom(today, n.Closes), Said: said, Faults: faults,
		KeepDays: rules.KeepDays, Trap: trap, Scale: scaleOf(n.Sketch),
	}
	for _, p := range positions() {
		p.Picked = p.Code == string(said.Position)
		v.Positions = append(v.Positions, p)
	}
	v.Grounds = groundsOf(rules, said.Grounds)
	return v
}

func positions() []choice {
	return []choice{
		{Code: string(panel.Support), ZH: "支持", EN: "I support it"},
		{Code: string(panel.Object), ZH: "反对", EN: "I object"},
		{Code: string(panel.Propose), ZH: "另提名称", EN: "I propose another name"},
	}
}

func groundsOf(rules panel.Rules, picked []string) []choice {
	var out []choice
	for _, g := range rules.Grounds {
		c := choice{Code: g.Code, ZH: g.ZH, EN: g.EN}
		for _, p := range picked {
			c.Picked = c.Picked || p == g.Code
		}
		out = append(out, c)
	}
	return out
}

type fateView struct {
	row
	Receipt     string
	New, NoName bool
	Comment     panel.Comment
	Position    choice
	Grounds     []choice
	Answer      *panel.Answer
	HandlingZH  string
	HandlingEN  string
	Closed      bool
}

func (h *handlers) fateView(f Fate, rules panel.Rules, receipt string, isNew bool) fateView {
	v := fateView{
		row: h.row(f.Notice), Receipt: receipt, New: isNew, Comment: f.Comment, Answer: f.Comment.Last(), Closed: f.Notice.State(h.source.Today()) != panel.Open,
	}
	for _, p := range positions() {
		if p.Code == string(f.Comment.Position) {
			v.Position = p
		}
	}
	for _, g := range groundsOf(rules, f.Comment.Grounds) {
		if g.Picked {
			v.Grounds = append(v.Grounds, g)
		}
	}
	if v.Answer != nil {
		words := map[panel.Handling][2]string{
			panel.Adopted: {"采纳", "Adopted"}, panel.Partly: {"部分采纳", "Adopted in part"}, panel.NotAdopted: {"未采纳", "Not adopted"}, panel.Noted: {"已知悉，谢谢您", "Noted, with thanks"},
		}[v.Answer.Handling]
		v.HandlingZH, v.HandlingEN = words[0], words[1]
	}
	return v
}
