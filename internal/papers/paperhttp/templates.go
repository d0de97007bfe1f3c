// Package paperhttp serves what all papers of an office have in common: their templates, which a
// bureau takes, changes and brings back, and files that go out. It knows no feature and takes
// what it serves from Templates.
package paperhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/papers"
)

// MaxTemplateUpload is how many bytes a request with a template may have, for the bound of its
// route; MaxTemplate is how many the file in it may have.
const (
	MaxTemplateUpload = MaxTemplate + 1<<20
	MaxTemplate       = 5 << 20
)

// Templates gives and sets the templates of a feature's papers, as the person of the context may.
// Besides those named, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Templates interface {
	// Templates lists the templates, and the names that they may have.
	Templates(ctx context.Context) (PaperTemplates, error)
	// Template gives a template of a kind: the bureau's, or that of the program. ErrNoTemplate
	// and ErrFileLost.
	Template(ctx context.Context, kind string, builtIn bool) (File, error)
	// SetTemplate makes a file the template of its kind, where the client saw a version.
	// ErrNoTemplate and *record.InvalidError with all that is wrong with the file.
	SetTemplate(ctx context.Context, kind string, expected int, name string, file []byte) (PaperTemplate, error)
	// ResetTemplate goes back to the template of the program. ErrNoTemplate.
	ResetTemplate(ctx context.Context, kind string, expected int) (PaperTemplate, error)
}

// What Templates returns.
var (
	ErrNoTemplate = errors.New("there is no such kind of papers")
	ErrFileLost   = errors.New("the file of a paper or template is missing or damaged")
)

// Problem tells a client what is wrong with a template or the file of a paper, and false for
// what is neither.
func Problem(err error) (error, bool) { //nolint:revive // a problem is what is returned here, not what failed
	switch {
	case errors.Is(err, ErrNoTemplate):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_template", "没有这种模板", "There is no such template"), true
	case errors.Is(err, ErrFileLost):
		return httpapi.NewProblem(http.StatusNotFound, "file_lost",
			"文书或模板的文件缺失或已损坏，请管理员从备份恢复", "The file of the paper or template is missing or damaged; let the administrator restore it from a backup"), true
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p, true
	}
	return nil, false
}

func problem(err error) error {
	if p, ok := Problem(err); ok {
		return p
	}
	return err
}

// PaperTemplate is the template of a kind of papers.
type PaperTemplate struct {
	Kind     string  `json:"kind"`
	NameZH   string  `json:"name_zh"`
	NameEN   string  `json:"name_en"`
	Version  int     `json:"version" doc:"For If-Match; 0 where it was never set"`
	BuiltIn  bool    `json:"built_in" doc:"It is that of the program"`
	FileName string  `json:"file_name" doc:"Empty for that of the program"`
	Size     int64   `json:"size" doc:"Bytes"`
	Who      string  `json:"who" doc:"Who set it"`
	SavedAt  *string `json:"saved_at" nullable:"true" format:"date-time"`
}

// PaperPlaceholder is a name that templates may have in double braces.
type PaperPlaceholder struct {
	ZH     string             `json:"zh"`
	EN     string             `json:"en"`
	Fields []PaperPlaceholder `json:"fields,omitempty" doc:"Of a list, whose row or paragraph is repeated: {{list.field}}"`
}

// PaperTemplates are all templates of a feature.
type PaperTemplates struct {
	Templates    []PaperTemplate    `json:"templates" nullable:"false"`
	Placeholders []PaperPlaceholder `json:"placeholders" nullable:"false"`
	May          bool               `json:"may_write"`
}

// ShapeOf gives a template in its shape.
func ShapeOf(t papers.Template, k papers.Kind) PaperTemplate {
	out := PaperTemplate{Kind: t.Kind, NameZH: k.ZH, NameEN: k.EN, Version: t.Version, BuiltIn: t.SHA256 == "", FileName: t.FileName, Size: t.Size, Who: t.Who}
	if t.Version > 0 {
		out.SavedAt = Moment(t.SavedAt)
	}
	return out
}

// PlaceholdersOf gives the names of fields in their shape.
func PlaceholdersOf[T any](fields []papers.Field[T]) []PaperPlaceholder {
	out := []PaperPlaceholder{}
	for _, f := range fields {
		shown := PaperPlaceholder{ZH: f.ZH, EN: f.EN}
		for _, n := range f.Fields {
			shown.Fields = append(shown.Fields, PaperPlaceholder{ZH: n.ZH, EN: n.EN})
		}
		out = append(out, shown)
	}
	return out
}

// Moment gives a moment in the form of the API.
func Moment(at time.Time) *string {
	text := at.UTC().Format(time.RFC3339)
	return &text
}

// Names say how the templates of a feature are called in the API.
type Names struct {
	Path string // of the list: /api/v1/estate-letter-templates
	One  string // of the operation that gives one: estate-letter-template
	Tag  string
	ZH   string // what the papers are called: 函件
	EN   string // letters
}

// RegisterTemplates mounts the templates of a feature.
func RegisterTemplates(api huma.API, n Names, t Templates) {
	h := handlers{t}
	tags, one := []string{n.Tag}, n.Path+"/{kind}"
	httpapi.Register(api, huma.Operation{
		OperationID: n.One + "s", Method: http.MethodGet, Path: n.Path, Tags: tags,
		Summary: "Templates of " + n.EN + ", and the names that they may have · " + n.ZH + "模板", Errors: []int{http.StatusUnauthorized},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: n.One, Method: http.MethodGet, Path: one, Tags: tags,
		Summary: "A template as a Word document · 下载" + n.ZH + "模板", Responses: Binary(DOCX, "The template"),
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-" + n.One, Method: http.MethodPut, Path: one, Tags: tags,
		Summary:     "Make a Word document the template of its kind · 更换" + n.ZH + "模板",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		Description: "The body is the file itself, a .docx of at most 5 MiB. Names that are not known, macros, links to other files, tracked changes and comments are told as faults. " +
			"What went out stays as it was.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.set)
	httpapi.Register(api, huma.Operation{
		OperationID: "reset-" + n.One, Method: http.MethodDelete, Path: one, Tags: tags,
		Summary: "Go back to the template of the program · 恢复内置模板",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
	}, h.reset)
}

type handlers struct{ templates Templates }

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PaperTemplates
}

func (h handlers) list(ctx context.Context, _ *struct{}) (*listReply, error) {
	list, err := h.templates.Templates(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return &listReply{CacheControl: "no-store", Body: list}, nil
}

func (h handlers) one(ctx context.Context, in *struct {
	Kind    string `path:"kind" maxLength:"40"`
	BuiltIn bool   `query:"built_in" doc:"That of the program, also where the bureau has its own"`
},
) (*huma.StreamResponse, error) {
	f, err := h.templates.Template(ctx, in.Kind, in.BuiltIn)
	if err != nil {
		return nil, problem(err)
	}
	return versioned(f), nil
}

type templateReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         PaperTemplate
}

// Upload is the part of an operation's input that is a file.
type Upload struct {
	Name string `query:"name" maxLength:"200" doc:"Name of the file"`

	body io.Reader
}

// Resolve keeps the body, which huma would read as text.
func (f *Upload) Resolve(ctx huma.Context) []error {
	f.body = ctx.BodyReader()
	return nil
}

// Read reads the file, one byte more than most at the end, so that what is too long is seen.
func (f *Upload) Read(most int64) ([]byte, error) {
	file, err := io.ReadAll(io.LimitReader(f.body, most+1))
	if err != nil {
		return nil, fmt.Errorf("read an uploaded file: %w", err)
	}
	return file, nil
}

func (h handlers) set(ctx context.Context, in *struct {
	Kind    string `path:"kind" maxLength:"40"`
	IfMatch string `header:"If-Match" doc:"Version of the template that was seen, \"0\" where it was never set; needed"`
	Upload
},
) (*templateReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	file, err := in.Read(MaxTemplate)
	if err != nil {
		return nil, err
	}
	t, err := h.templates.SetTemplate(ctx, in.Kind, expected, in.Name, file)
	return answer(t, err)
}

func (h handlers) reset(ctx context.Context, in *struct {
	Kind    string `path:"kind" maxLength:"40"`
	IfMatch string `header:"If-Match" doc:"Version of the template that was seen; needed"`
},
) (*templateReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	t, err := h.templates.ResetTemplate(ctx, in.Kind, expected)
	return answer(t, err)
}

func answer(t PaperTemplate, err error) (*templateReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &templateReply{ETag: httpapi.ETag(t.Version), CacheControl: "no-store", Body: t}, nil
}
