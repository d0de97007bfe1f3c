package estatehttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/papers/paperhttp"
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
	// ErrNoOpinion, ErrNotReady, paperhttp.ErrFileLost.
	Letter(ctx context.Context, id, opinion string) (PaperFile, error)
	// Send keeps the letter of an opinion as it goes out, if it did not yet. As Letter.
	Send(ctx context.Context, id, opinion string) (EstateLetter, error)
	paperhttp.Templates
}

// What Papers returns.
var (
	ErrNoFonts   = errors.New("the server has no Chinese fonts")
	ErrNoOpinion = errors.New("the estate has no such opinion")
)

// PaperFile is a file to be sent.
type PaperFile = paperhttp.File

// RegisterPapers mounts the page for a developer, the workbook of a check, the letters of opinions and the templates
// that they are made from.
func RegisterPapers(api huma.API, papers Papers) {
	h := paperHandlers{papers}
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-sheet", Method: http.MethodGet, Path: onePath + "/sheet.pdf", Tags: tags(),
		Summary:     "A page that a developer is handed · 配建核查单",
		Description: "What each rule asks, what is planned and missing, by which sentence, which papers are lacking, what comes next, with a map. It has no word about persons.",
		Responses:   paperhttp.Binary("application/pdf", "A4; an ordinary estate has one page"),
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
		Responses: paperhttp.Binary(paperhttp.DOCX, "The letter"),
		Errors:    []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.letter)
	httpapi.Register(api, huma.Operation{
		OperationID: "send-estate-letter", Method: http.MethodPost, Path: onePath + "/letters/{opinion}", Tags: tags(),
		Summary:     "Keep the letter of an opinion as it goes out · 函件定稿",
		Description: "Once for each opinion, and for each correction of one; asked again it gives the same. It needs the right to record the opinion.",
		Errors:      []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.send)
	h.registerFindings(api)
	paperhttp.RegisterTemplates(api, paperhttp.Names{
		Path: "/api/v1/estate-letter-templates", One: "estate-letter-template", Tag: tags()[0], ZH: "函件", EN: "letters",
	}, papers)
}

type paperHandlers struct{ papers Papers }

func (h paperHandlers) sheet(ctx context.Context, in *struct {
	ID    string `path:"id" maxLength:"64"`
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"Language of the page"`
},
) (*huma.StreamResponse, error) {
	f, err := h.papers.Sheet(ctx, in.ID, in.Words == "en")
	if err != nil {
		return nil, paperProblem(err)
	}
	return paperhttp.Stream(f), nil
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
	return paperhttp.StreamPaper(f), nil
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
	}
	if p, ok := paperhttp.Problem(err); ok {
		return p
	}
	return problem(err)
}
