package doorpage

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"yike/internal/record"
	"yike/placenames/plates/doors"
)

// MaxUpload bounds a report with its photo: what telephones make has 3 to 8 MB.
const MaxUpload = 10 << 20

const (
	trap      = "website" // the field that no person sees or fills in
	mostText  = 8 << 10   // bytes of a field
	mostParts = 12
)

func (p *Pages) form(w http.ResponseWriter, r *http.Request) {
	code, _ := codeOf(r)
	p.show(w, r, "form", formView{Code: code, Problems: doors.Problems(), Trap: trap}, http.StatusOK)
}

// take keeps a report and leads to its page. Who sends it is asked nowhere.
func (p *Pages) take(w http.ResponseWriter, r *http.Request) {
	code, _ := codeOf(r)
	fields, photo, said := readForm(w, r)
	if said != nil {
		p.say(w, r, *said)
		return
	}
	if p.reported.OnLimit(w, r, fromOf(r)) {
		p.say(w, r, tooMany())
		return
	}
	report := doors.Report{Code: code, Problem: doors.Problem(fields["problem"]), Note: fields["note"], Place: fields["place"]}.Clean()
	receipt, err := "", record.Invalid(report.Validate())
	if err == nil {
		receipt, err = p.source.Report(r.Context(), report, photo)
	}
	if errors.Is(err, ErrPhoto) {
		err = record.Invalid([]record.Fault{{Field: "photo", ZH: "照片无法识别，请用 JPG 或 PNG 重试，或不附照片", EN: "the photo cannot be read: please try a JPG or PNG, or leave it out"}})
	}
	var invalid *record.InvalidError
	switch {
	case errors.As(err, &invalid):
		p.show(w, r, "form", formView{Code: code, Problems: doors.Problems(), Said: report, Faults: invalid.Faults, Trap: trap}, http.StatusUnprocessableEntity)
	case err != nil:
		p.failed(w, r, err)
	default:
		to := "/reports/" + receipt + "?new=1"
		if languageOf(r) == inEnglish {
			to += "&lang=en"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	}
}

// readForm reads the fields and the photo of a form in either encoding. A message comes for what
// is no report at all.
func readForm(w http.ResponseWriter, r *http.Request) (map[string]string, []byte, *message) {
	bad := func(status int, zh, en string) *message {
		return &message{status, doors.Words{ZH: "没有收到", EN: "Not received"}, doors.Words{ZH: zh, EN: en}}
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxUpload)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	fields, photo := map[string]string{}, []byte(nil)
	switch {
	case err == nil && kind == "multipart/form-data":
		photo, err = readParts(r, fields)
	case err == nil && kind == "application/x-www-form-urlencoded":
		if err = r.ParseForm(); err == nil {
			for name, values := range r.PostForm {
				fields[name] = values[0]
			}
		}
	default:
		return nil, nil, bad(http.StatusUnsupportedMediaType, "请用报修页面上的表单提交。", "Please use the form on the page.")
	}
	tooLarge := new(http.MaxBytesError)
	switch {
	case errors.As(err, &tooLarge):
		return nil, nil, bad(http.StatusRequestEntityTooLarge, "照片太大，最大 10 MB。", "The photo is too large; 10 MB is the most.")
	case err != nil:
		return nil, nil, bad(http.StatusBadRequest, "内容没有收全，请返回重试。", "It did not arrive whole. Please go back and try again.")
	case fields[trap] != "":
		return nil, nil, bad(http.StatusUnprocessableEntity, "表单中一栏应当留空的内容被填写了，请返回重新填写。", "A field that must stay empty was filled in. Please go back and try again.")
	}
	return fields, photo, nil
}

var errParts = errors.New("a form with more parts than it has fields")

func readParts(r *http.Request, fields map[string]string) (photo []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err //nolint:wrapcheck // told as a form that did not arrive whole
	}
	for range mostParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return photo, nil
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // as above
		}
		if part.FormName() == "photo" {
			if photo, err = io.ReadAll(part); err != nil {
				return nil, err //nolint:wrapcheck // as above
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, mostText))
		if err != nil {
			return nil, err //nolint:wrapcheck // as above
		}
		fields[part.FormName()] = string(text)
	}
	return nil, errParts
}

// ask leads from the form on which a receipt is typed to its page.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request) {
	if code := strings.TrimSpace(r.URL.Query().Get("code")); code != "" {
		p.tell(w, r, code, false)
		return
	}
	p.show(w, r, "ask", nil, http.StatusOK)
}

func (p *Pages) fate(w http.ResponseWriter, r *http.Request) {
	receipt := strings.TrimPrefix(r.URL.Path, AskPattern+"/")
	p.tell(w, r, receipt, r.URL.Query().Get("new") != "")
}

func (p *Pages) tell(w http.ResponseWriter, r *http.Request, typed string, isNew bool) {
	if p.guesses(r) {
		p.say(w, r, tooMany())
		return
	}
	f, receipt, err := p.source.Fate(r.Context(), typed)
	if errors.Is(err, doors.ErrNotFound) {
		_ = p.missed.OnLimit(w, r, fromOf(r)) // counted for the next time
		p.say(w, r, message{
			http.StatusNotFound,
			doors.Words{ZH: "没有这个回执码", EN: "No such receipt"},
			doors.Words{ZH: "请核对 12 位回执码，例如 7KQ2-XW9D-M4TB。", EN: "Please check the 12 letters and digits, such as 7KQ2-XW9D-M4TB."},
		})
		return
	}
	if err != nil {
		p.failed(w, r, err)
		return
	}
	v := fateView{Fate: f, Receipt: receipt, New: isNew, State: f.State.StateWords()}
	if o, ok := doors.OutcomeOf(f.Outcome); ok {
		v.Outcome = o.Words
	}
	for _, c := range doors.Problems() {
		if c.Code == string(f.Report.Problem) {
			v.Problem = c.Words
		}
	}
	p.show(w, r, "fate", v, http.StatusOK)
}
