package notices

import (
	"errors"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// trap is the field that no person sees or fills in.
const trap = "website"

// readComment reads what the form sent; said are faults of its form. A message comes for what
// is no comment at all.
func readComment(w http.ResponseWriter, r *http.Request) (panel.Comment, []record.Fault, *message) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		m := message{http.StatusUnsupportedMediaType, "没有收到", "Not received", "请用公示页面上的表单提交。", "Please use the form on the page of the notice."}
		return panel.Comment{}, nil, &m
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	if err := r.ParseForm(); err != nil {
		m := message{http.StatusBadRequest, "没有收到", "Not received", "内容没有收全，请返回重试。", "It did not arrive whole. Please go back and try again."}
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			m = message{http.StatusRequestEntityTooLarge, "内容太长", "Too long", "意见不超过 1000 字，请返回删减。", "A comment has at most 1,000 characters. Please go back and shorten it."}
		}
		return panel.Comment{}, nil, &m
	}
	if r.PostForm.Get(trap) != "" {
		m := message{http.StatusUnprocessableEntity, "没有收到", "Not received", "表单中一栏应当留空的内容被填写了，请返回重新填写。", "A field that must stay empty was filled in. Please go back and try again."}
		return panel.Comment{}, nil, &m
	}
	var faults []record.Fault
	text := func(name string) string {
		v := r.PostForm.Get(name)
		if !utf8.ValidString(v) {
			faults = append(faults, record.Fault{Field: name, ZH: "有无法识别的文字", EN: "holds letters that cannot be read"})
		}
		return strings.ToValidUTF8(v, "")
	}
	c := panel.Comment{
		Position: panel.Position(text("position")), Proposal: text("proposal"), Text: text("text"),
		Person: panel.Person{Name: text("person_name"), Contact: text("contact")},
	}
	const mostGrounds = 40
	grounds := r.PostForm["grounds"]
	c.Grounds = grounds[:min(len(grounds), mostGrounds)]
	return c, faults, nil
}

// message is a page that says one thing.
type message struct {
	Status         int
	ZH, EN         string // heading
	TextZH, TextEN string
}

func noReceipt() message {
	return message{http.StatusNotFound, "没有这个回执码", "No such receipt", "请核对 12 位回执码，例如 7KQ2-XW9D-M4TB。", "Please check the 12 letters and digits, such as 7KQ2-XW9D-M4TB."}
}

func tooMany() message {
	return message{http.StatusTooManyRequests, "提交过于频繁", "Too many requests", "请一小时后再试，或按公示所列方式联系地名主管部门。", "Please try again in an hour, or write to the office that the notice names."}
}

// say answers with a page that says one thing.
func (h *handlers) say(w http.ResponseWriter, r *http.Request, m message) {
	h.show(w, r, "message", m, m.Status, forNobody)
}

// failed answers with a page that says what went wrong. The log gets the cause of what is no
// visitor's doing.
func (h *handlers) failed(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, panel.ErrNotFound):
		h.say(w, r, message{http.StatusNotFound, "没有这个公示", "No such notice", "请从公示列表进入。", "Please start from the list of notices."})
	case errors.Is(err, ErrClosed):
		h.say(w, r, message{http.StatusConflict, "公示已结束", "This notice is closed", "公示期已过或公示已撤回，意见不再接收。您仍可直接向地名主管部门反映。", "Its last day is over or it was withdrawn, so comments are no longer taken. You can still write to the place-name authority."})
	case errors.Is(err, ErrFull):
		h.say(w, r, message{http.StatusServiceUnavailable, "意见已满", "No room", "本公示的意见数量已达上限，请直接联系地名主管部门。", "This notice has as many comments as it can hold. Please write to the place-name authority."})
	default:
		p := httpapi.ProblemOf(r.Context(), err)
		h.say(w, r, message{p.Status, "暂时无法显示", "Not available now", p.Detail.ZH, p.Detail.EN})
	}
}
