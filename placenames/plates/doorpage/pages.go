package doorpage

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/plates/doors"
)

//go:embed pages.html
var source string

//go:embed style.css
var style string

// templates are the pages in both languages, with the policy that lets their style and nothing
// else work.
type templates struct {
	by     map[form]*template.Template
	policy string
}

func newTemplates() (templates, error) {
	sheet := "\n" + strings.TrimSpace(style) + "\n"
	sum := sha256.Sum256([]byte(sheet))
	out := templates{by: map[form]*template.Template{}, policy: "default-src 'none'; img-src 'self'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}
	for _, f := range []form{inChinese, inEnglish} {
		english := f == inEnglish
		pick := func(zh, en string) string {
			if english && en != "" {
				return en
			}
			return zh
		}
		parsed, err := template.New("pages").Funcs(template.FuncMap{
			"style":   func() template.CSS { return template.CSS(sheet) }, //nolint:gosec // embedded, and whole
			"t":       pick,
			"say":     func(w doors.Words) string { return pick(w.ZH, w.EN) },
			"english": func() bool { return english },
			"minutes": doors.Minutes,
			"ask":     func(i int) doors.Words { return doors.Words{ZH: doors.Asks()[i].ZH, EN: doors.Asks()[i].EN} },
			"tel":     telephone,
			"grouped": grouped,
		}).Parse(source)
		if err != nil {
			return out, fmt.Errorf("read the door pages: %w", err)
		}
		out.by[f] = parsed
	}
	return out, nil
}

// telephone is the address of a telephone number: its digits, and the sign of a country before
// them; "" for what is none.
func telephone(number string) template.URL {
	var out strings.Builder
	for i, c := range number {
		if c >= '0' && c <= '9' || c == '+' && i == 0 {
			out.WriteRune(c)
		}
	}
	if out.Len() < 3 {
		return ""
	}
	return template.URL("tel:" + out.String()) //nolint:gosec // digits only
}

// grouped writes a code as it is printed.
func grouped(code string) string {
	if len(code) != 14 {
		return code
	}
	return code[:4] + "-" + code[4:9] + "-" + code[9:]
}

// statusBytes is the size of every page that names no address, so that its size does not say
// which of them it is.
const statusBytes = 5 << 10

type doorView struct {
	doors.Door
	Told     doors.Told
	Today    doors.Words
	Asks     []doors.Ask // that nothing is near of
	Contacts []doors.Contact
	KindSaid doors.Words
	None     []doors.Words // asks of which nothing is within an hour
}

// door writes the page of a door in a language.
func (t templates) door(f form, d doors.Door, now time.Time) ([]byte, error) {
	v := doorView{Door: d, Told: d.Standing.Tell(), Today: dayWords(now), Contacts: doors.Contacts(), KindSaid: doors.KindWords(d.Kind)}
	near := map[int]bool{}
	for _, n := range d.Near {
		near[n.Ask] = true
	}
	for i, a := range doors.Asks() {
		if d.Walked && !near[i] {
			v.None = append(v.None, doors.Words{ZH: a.ZH, EN: a.EN})
		}
	}
	body, err := t.write(f, "door", v)
	if err != nil || d.Standing.Names() {
		return body, err
	}
	if short := statusBytes - len(body); short > 0 {
		end := []byte("</body>")
		body = bytes.Replace(body, end, append(bytes.Repeat([]byte(" "), short), end...), 1)
	}
	return body, nil
}

func dayWords(now time.Time) doors.Words {
	names := [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}
	return doors.Words{ZH: now.Format("1月2日 ") + names[now.Weekday()], EN: now.Format("Monday, 2 January")}
}

func (t templates) write(f form, page string, view any) ([]byte, error) {
	var body bytes.Buffer
	if err := t.by[f].ExecuteTemplate(&body, page, view); err != nil {
		return nil, fmt.Errorf("write the page %s: %w", page, err)
	}
	return body.Bytes(), nil
}

// message is a page that says one thing.
type message struct {
	Status     int
	Head, Text doors.Words
}

func tooMany() message {
	return message{
		http.StatusTooManyRequests,
		doors.Words{ZH: "请求过于频繁", EN: "Too many requests"},
		doors.Words{ZH: "请一小时后再试，或拨打 12345。", EN: "Please try again in an hour, or call 12345."},
	}
}

// say answers with a page that says one thing and that nobody keeps.
func (p *Pages) say(w http.ResponseWriter, r *http.Request, m message) {
	if m.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "3600")
	}
	p.show(w, r, "message", m, m.Status)
}

// show answers with a page that is of one visitor. Its forms come back from the same site, which
// old browsers only say where a referrer is let be.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, page string, view any, status int) {
	body, err := p.templates.write(languageOf(r), page, view)
	if err != nil {
		httpapi.WriteError(w, r, err)
		return
	}
	head := w.Header()
	head.Set("Content-Security-Policy", p.templates.policy)
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Robots-Tag", "noindex")
	head.Set("Referrer-Policy", "no-referrer")
	if page == "form" {
		head.Set("Referrer-Policy", "same-origin")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a visitor who has gone hears nothing
}

// failed answers with a page that says what went wrong. The log gets the cause of what is no
// visitor's doing.
func (p *Pages) failed(w http.ResponseWriter, r *http.Request, err error) {
	m := message{Status: http.StatusNotFound}
	switch {
	case errors.Is(err, doors.ErrNotFound):
		m.Head = doors.Words{ZH: "没有找到", EN: "Not found"}
		m.Text = doors.Words{ZH: "请核对编码。", EN: "Please check the code."}
	case errors.Is(err, ErrFull):
		m.Status = http.StatusServiceUnavailable
		m.Head = doors.Words{ZH: "报修已满", EN: "No room for more reports"}
		m.Text = doors.Words{ZH: "待处理的报修已达上限，请拨打 12345。", EN: "There are as many open reports as can be held. Please call 12345."}
	default:
		said := httpapi.ProblemOf(r.Context(), err)
		m.Status, m.Head = said.Status, doors.Words{ZH: "暂时无法显示", EN: "Not available now"}
		m.Text = doors.Words{ZH: said.Detail.ZH, EN: said.Detail.EN}
	}
	p.say(w, r, m)
}

type formView struct {
	Code     string
	Problems []doors.Choice
	Said     doors.Report
	Faults   []record.Fault
	Trap     string
}

type fateView struct {
	Fate
	Receipt string
	New     bool
	State   doors.Words
	Problem doors.Words
	Outcome doors.Words
}
