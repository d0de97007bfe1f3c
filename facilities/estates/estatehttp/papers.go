package estatehttp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
)

// MaxTemplateUpload is how many bytes a request with a template of letters may have, for the
// bound of its route; MaxTemplate is how many the file in it may have.
const (
	MaxTemplateUpload = MaxTemplate + 1<<20
	MaxTemplate       = 5 << 20
)

// Papers makes what goes out on paper about estates, as the person of the context may. Besides
// those named, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Papers interface {
	// Sheet makes the page that a developer is handed. ErrNotFound, ErrNotReady, ErrNoFonts.
	Sheet(ctx context.Context, id string, english bool) (PaperFile, error)
	// Findings makes the workbook of a check at a milestone, of all rules for nil. ErrNotFound
	// and ErrNotReady.
	Findings(ctx context.Context, id string, at *estates.Milestone, english bool) (PaperFile, error)
	// Letters lists the letters of an estate's opinions, in the order of the opinions.
	// ErrNotFound and ErrNotReady.
	Letters(ctx context.Context, id string) ([]EstateLetter, error)
	// Letter gives the letter of an opinion as it went out, else as it would. ErrNotFound,
	// ErrNoOpinion, ErrNotReady, ErrFileLost.
	Letter(ctx context.Context, id, opinion string) (PaperFile, error)
	// Send keeps the letter of an opinion as it goes out, if it did not yet. As Letter.
	Send(ctx context.Context, id, opinion string) (EstateLetter, error)
	// Templates lists the templates of letters, and the names that they may have.
	Templates(ctx context.Context) (EstateLetterTemplates, error)
	// Template gives a template of a kind: the bureau's, or that of the program. ErrNoTemplate
	// and ErrFileLost.
	Template(ctx context.Context, kind string, builtIn bool) (PaperFile, error)
	// SetTemplate makes a file the template of its kind, where the client saw a version.
	// ErrNoTemplate and *record.InvalidError with all that is wrong with the file.
	SetTemplate(ctx context.Context, kind string, expected int, name string, file []byte) (EstateLetterTemplate, error)
	// ResetTemplate goes back to the template of the program. ErrNoTemplate.
	ResetTemplate(ctx context.Context, kind string, expected int) (EstateLetterTemplate, error)
}

// What Papers returns.
var (
	ErrNoFonts    = errors.New("the server has no Chinese fonts")
	ErrNoOpinion  = errors.New("the estate has no such opinion")
	ErrNoTemplate = errors.New("there is no such kind of letters")
	ErrFileLost   = errors.New("the file of a letter or template is missing or damaged")
)

// PaperFile is a file to be sent.
type PaperFile struct {
	Name    string // as people call it
	Plain   string // in plain letters
	Media   string
	Content []byte
	Missing []rune // characters that no font has
	Sent    bool   // of a letter: it went out like this
	Version int    // of a template
}

// RegisterPapers mounts the page for a developer, the workbook of a check, the letters of opinions and the templates
// that they are made from.
func RegisterPapers(api huma.API, papers Papers) {
	h := paperHandlers{papers}
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-sheet", Method: http.MethodGet, Path: onePath + "/sheet.pdf", Tags: tags(),
		Summary:     "A page that a developer is handed · 配建核查单",
		Description: "What each rule asks, what is planned and missing, by which sentence, which papers are lacking, what comes next, with a map. It has no word about persons.",
		Responses:   binary("application/pdf", "A4; an ordinary estate has one page"),
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.sheet)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-letters", Method: http.MethodGet, Path: onePath + "/letters", Tags: tags(),
		Summary: "The letters of an estate's opinions · 函件", Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.letters)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-letter", Method: http.MethodGet, Path: onePath + "/letters/{opinion}.docx", Tags: tags(),
		Summary: "The letter of an opinion as a Word document · 意见函",
		Description: "As it went out; before that, made from the present template, records and rules, which the header Yike-Letter says. " +
			"A letter that went out stays as it was, whatever becomes of template, rules and records.",
		Responses: binary(docxMedia, "The letter"),
		Errors:    []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.letter)
	httpapi.Register(api, huma.Operation{
		OperationID: "send-estate-letter", Method: http.MethodPost, Path: onePath + "/letters/{opinion}", Tags: tags(),
		Summary:     "Keep the letter of an opinion as it goes out · 函件定稿",
		Description: "Once for each opinion, and for each correction of one; asked again it gives the same. It needs the right to record the opinion.",
		Errors:      []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.send)
	h.registerFindings(api)
	h.registerTemplates(api)
}

const docxMedia = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

func binary(media, what string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
}

type paperHandlers struct{ papers Papers }

// stream sends a file so that nothing in it can act as a part of our page.
func stream(f PaperFile) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", f.Media)
		hc.SetHeader("Content-Length", strconv.Itoa(len(f.Content)))
		hc.SetHeader("Content-Disposition", `attachment; filename="`+f.Plain+`"; filename*=UTF-8''`+url.PathEscape(f.Name))
		hc.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		hc.SetHeader("X-Content-Type-Options", "nosniff")
		hc.SetHeader("Cache-Control", "private, no-store")
		if len(f.Missing) > 0 {
			points := make([]string, 0, len(f.Missing))
			for _, r := range f.Missing[:min(len(f.Missing), 50)] {
				points = append(points, "U+"+strings.ToUpper(strconv.FormatInt(int64(r), 16)))
			}
			hc.SetHeader("Missing-Characters", strings.Join(points, " "))
		}
		_, _ = hc.BodyWriter().Write(f.Content) // a client that has gone hears nothing
	}}
}

func (h paperHandlers) sheet(ctx context.Context, in *struct {
	ID    string `path:"id" maxLength:"64"`
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"Language of the page"`
},
) (*huma.StreamResponse, error) {
	f, err := h.papers.Sheet(ctx, in.ID, in.Words == "en")
	if err != nil {
		return nil, paperProblem(err)
	}
	return stream(f), nil
}

// EstateLetter is the letter of an opinion.
type EstateLetter struct {
	Opinion  string  `json:"opinion" doc:"Id of the opinion, also after corrections"`
	Kind     string  `json:"kind" doc:"Of the template: a milestone, or rectification"`
	FileName string  `json:"file_name"`
	Sent     bool    `json:"sent" doc:"It went out and stays as it is"`
	SentAt   *string `json:"sent_at" nullable:"true" format:"date-time"`
	SentBy   string  `json:"sent_by"`
	SHA256   string  `json:"sha256" doc:"Of the letter that went out"`
	Template int     `json:"template_version" doc:"0 for the template of the program"`
	May      bool    `json:"may_send"`
}

// SentOn gives the moment that a letter went out in the form of EstateLetter.
func SentOn(at time.Time) *string {
	text := at.UTC().Format(time.RFC3339)
	return &text
}

type lettersReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Letters []EstateLetter `json:"letters" nullable:"false"`
	}
}

func (h paperHandlers) letters(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*lettersReply, error) {
	list, err := h.papers.Letters(ctx, in.ID)
	if err != nil {
		return nil, paperProblem(err)
	}
	out := &lettersReply{CacheControl: "no-store"}
	out.Body.Letters = append([]EstateLetter{}, list...)
	return out, nil
}

func (h paperHandlers) letter(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	Opinion string `path:"opinion" maxLength:"64"`
},
) (*huma.StreamResponse, error) {
	f, err := h.papers.Letter(ctx, in.ID, in.Opinion)
	if err != nil {
		return nil, paperProblem(err)
	}
	sent := stream(f)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		state := "draft"
		if f.Sent {
			state = "sent"
		}
		hc.SetHeader("Yike-Letter", state)
		sent.Body(hc)
	}}, nil
}

type letterReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateLetter
}

func (h paperHandlers) send(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	Opinion string `path:"opinion" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
},
) (*letterReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	l, err := h.papers.Send(ctx, in.ID, in.Opinion)
	if err != nil {
		return nil, paperProblem(err)
	}
	return &letterReply{CacheControl: "no-store", Body: l}, nil
}

// paperProblem tells a client what is wrong.
func paperProblem(err error) error {
	switch {
	case errors.Is(err, ErrNoFonts):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器没有中文字体，不能生成 PDF；请管理员安装 fonts-noto-cjk", "The server has no Chinese fonts, so it cannot make a PDF; let the administrator install fonts-noto-cjk")
	case errors.Is(err, ErrNoOpinion):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_opinion", "这个小区没有这份意见", "The estate has no such opinion")
	case errors.Is(err, ErrNoTemplate):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_template", "没有这种函件模板", "There is no such template of letters")
	case errors.Is(err, ErrFileLost):
		return httpapi.NewProblem(http.StatusNotFound, "file_lost",
			"函件或模板的文件缺失或已损坏，请管理员从备份恢复", "The file of the letter or template is missing or damaged; let the administrator restore it from a backup")
	}
	return problem(err)
}
