package estatehttp

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// EstateLetterTemplate is the template of a kind of letters.
type EstateLetterTemplate struct {
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

// EstatePlaceholder is a name that templates may have in double braces.
type EstatePlaceholder struct {
	ZH     string              `json:"zh"`
	EN     string              `json:"en"`
	Fields []EstatePlaceholder `json:"fields,omitempty" doc:"Of a list, whose row or paragraph is repeated: {{list.field}}"`
}

// EstateLetterTemplates are all templates.
type EstateLetterTemplates struct {
	Templates    []EstateLetterTemplate `json:"templates" nullable:"false"`
	Placeholders []EstatePlaceholder    `json:"placeholders" nullable:"false"`
	May          bool                   `json:"may_write"`
}

const templatesPath = "/api/v1/estate-letter-templates"

func (h paperHandlers) registerTemplates(api huma.API) {
	one := templatesPath + "/{kind}"
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-letter-templates", Method: http.MethodGet, Path: templatesPath, Tags: tags(),
		Summary: "Templates of letters, and the names that they may have · 函件模板", Errors: []int{http.StatusUnauthorized},
	}, h.templates)
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-letter-template", Method: http.MethodGet, Path: one, Tags: tags(),
		Summary: "A template as a Word document · 下载函件模板", Responses: binary(docxMedia, "The template"),
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.template)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-estate-letter-template", Method: http.MethodPut, Path: one, Tags: tags(),
		Summary:     "Make a Word document the template of its kind · 更换函件模板",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		Description: "The body is the file itself, a .docx of at most 5 MiB. Names that are not known, macros, links to other files, tracked changes and comments are told as faults. " +
			"Letters that went out stay as they were.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.setTemplate)
	httpapi.Register(api, huma.Operation{
		OperationID: "reset-estate-letter-template", Method: http.MethodDelete, Path: one, Tags: tags(),
		Summary: "Go back to the template of the program · 恢复内置模板",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired},
	}, h.resetTemplate)
}

type templatesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstateLetterTemplates
}

func (h paperHandlers) templates(ctx context.Context, _ *struct{}) (*templatesReply, error) {
	list, err := h.papers.Templates(ctx)
	if err != nil {
		return nil, paperProblem(err)
	}
	return &templatesReply{CacheControl: "no-store", Body: list}, nil
}

func (h paperHandlers) template(ctx context.Context, in *struct {
	Kind    string `path:"kind" maxLength:"40"`
	BuiltIn bool   `query:"built_in" doc:"That of the program, also where the bureau has its own"`
},
) (*huma.StreamResponse, error) {
	f, err := h.papers.Template(ctx, in.Kind, in.BuiltIn)
	if err != nil {
		return nil, paperProblem(err)
	}
	sent := stream(f)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("ETag", httpapi.ETag(f.Version))
		sent.Body(hc)
	}}, nil
}

type templateReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         EstateLetterTemplate
}

// TemplateUpload is the part of an operation's input that is a file.
type TemplateUpload struct {
	Name string `query:"name" maxLength:"200" doc:"Name of the file"`

	body io.Reader
}

// Resolve keeps the body, which huma would read as text.
func (f *TemplateUpload) Resolve(ctx huma.Context) []error {
	f.body = ctx.BodyReader()
	return nil
}

func (h paperHandlers) setTemplate(ctx context.Context, in *struct {
	Kind    string `path:"kind" maxLength:"40"`
	IfMatch string `header:"If-Match" doc:"Version of the template that was seen, \"0\" where it was never set; needed"`
	TemplateUpload
},
) (*templateReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	file, err := io.ReadAll(io.LimitReader(in.body, MaxTemplate+1))
	if err != nil {
		return nil, fmt.Errorf("read a template of letters: %w", err)
	}
	t, err := h.papers.SetTemplate(ctx, in.Kind, expected, in.Name, file)
	return templateAnswer(t, err)
}

func (h paperHandlers) resetTemplate(ctx context.Context, in *struct {
	Kind    string `path:"kind" maxLength:"40"`
	IfMatch string `header:"If-Match" doc:"Version of the template that was seen; needed"`
},
) (*templateReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	t, err := h.papers.ResetTemplate(ctx, in.Kind, expected)
	return templateAnswer(t, err)
}

func templateAnswer(t EstateLetterTemplate, err error) (*templateReply, error) {
	if err != nil {
		return nil, paperProblem(err)
	}
	return &templateReply{ETag: httpapi.ETag(t.Version), CacheControl: "no-store", Body: t}, nil
}
