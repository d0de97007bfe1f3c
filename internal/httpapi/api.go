package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
)

// apiVersion is the version of the API in its OpenAPI document. It is raised when an
// operation changes in a way that a client can notice.
const apiVersion = "1.0.0"

// NewAPI mounts the API on a router: operations registered on it with Register are
// validated, answer JSON, and report errors as Problems. The OpenAPI 3.1 document is at
// /api/v1/openapi.json, its 3.0 form at /api/v1/openapi-3.0.json; both hold what was
// registered before the first of them was asked for.
func NewAPI(r chi.Router) huma.API {
	cfg := huma.DefaultConfig("一刻 Yike", apiVersion)
	cfg.Info.Description = "生活圈服务设施、覆盖与缺口 · Who can walk to which service within the quarter of an hour, and who cannot."
	cfg.Info.License = &huma.License{Name: "Apache-2.0"}
	// Documentation pages fetch scripts from outside; schema links change the bodies;
	// the document is served below, where two requests at once are no race.
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.Transformers = []huma.Transformer{writeProblems}
	cfg.OnAddOperation = []huma.AddOpFunc{describeProblems, readNothing}
	api := humachi.New(r, cfg)
	r.Get("/api/v1/openapi.json", serveDocument(func() ([]byte, error) { return json.Marshal(api.OpenAPI()) }))
	r.Get("/api/v1/openapi-3.0.json", serveDocument(func() ([]byte, error) { return olderDocument(api.OpenAPI()) }))
	return api
}

// Register mounts an operation. It is huma.Register, but an error of the handler that is
// no Problem becomes one as WriteError would tell it, and the request log gets the
// cause; huma would keep no more of it than its text.
func Register[I, O any](api huma.API, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		var known huma.StatusError // a problem, or one of huma's own
		if err != nil && !errors.As(err, &known) {
			return nil, problemOf(ctx, err)
		}
		return out, err
	})
}

// olderDocument is the 3.0 form of a document. huma leaves a word of 3.1 in it wherever a
// body is bytes, by which tools for 3.0 refuse the whole.
func olderDocument(doc *huma.OpenAPI) ([]byte, error) {
	raw, err := doc.Downgrade()
	if err != nil {
		return nil, err
	}
	var whole any
	if err := json.Unmarshal(raw, &whole); err != nil {
		return nil, err
	}
	plainBytes(whole)
	return json.Marshal(whole)
}

// plainBytes takes the media type out of every schema of bytes, whose content says it.
func plainBytes(at any) {
	switch at := at.(type) {
	case []any:
		for _, v := range at {
			plainBytes(v)
		}
	case map[string]any:
		if at["format"] == "binary" {
			delete(at, "contentMediaType")
		}
		for _, v := range at {
			plainBytes(v)
		}
	}
}

func serveDocument(build func() ([]byte, error)) http.HandlerFunc {
	once := sync.OnceValues(build)
	return func(w http.ResponseWriter, r *http.Request) {
		doc, err := once()
		if err != nil {
			WriteError(w, r, fmt.Errorf("build OpenAPI document: %w", err))
			return
		}
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json")
		_, _ = w.Write(doc)
	}
}

// writeProblems puts our shape of problem in the place of whatever an operation or
// huma itself gave as an error.
func writeProblems(ctx huma.Context, _ string, v any) (any, error) {
	err, ok := v.(error)
	if !ok {
		return v, nil
	}
	p, ok := asProblem(err)
	if !ok {
		p = translate(ctx, err)
	}
	ctx.SetHeader("Cache-Control", "no-store")
	ctx.AppendHeader("Vary", "Accept-Language")
	if wait := p.retryAfter(); wait != "" {
		ctx.SetHeader("Retry-After", wait)
	}
	return p.body(pickLanguage(ctx.Query("lang"), ctx.Header("Accept-Language")), traceID(ctx.Context())), nil
}

// readNothing keeps huma from setting a deadline for reading the body. gatherFacts has
// read it, and the deadline would end the request's context while it is at work.
func readNothing(_ *huma.OpenAPI, op *huma.Operation) { op.BodyReadTimeout = -1 }

// translate says huma's own errors in our words.
func translate(ctx huma.Context, err error) *Problem {
	var m *huma.ErrorModel
	if !errors.As(err, &m) {
		note(ctx.Context(), err)
		return Internal()
	}
	if m.Status >= http.StatusInternalServerError {
		note(ctx.Context(), cause(m))
		p := Internal()
		p.Status = m.Status
		return p
	}
	p := generic(m.Status, m.Detail)
	for _, d := range m.Errors {
		if d != nil {
			p.Faults = append(p.Faults, faultOf(d))
		}
	}
	return p
}

func generic(status int, detail string) *Problem {
	switch status {
	case http.StatusUnprocessableEntity:
		return NewProblem(status, "validation", "请求中的参数不合要求，见 errors", "The request has values that are not accepted; see errors")
	case http.StatusNotFound:
		return NewProblem(status, "not_found", "没有找到", "Not found")
	case http.StatusRequestEntityTooLarge:
		return tooLargeProblem(maxBody)
	case http.StatusUnsupportedMediaType:
		return NewProblem(status, "unsupported_media_type", "请求内容只能是 JSON（Content-Type: application/json）", "The request must be JSON (Content-Type: application/json)")
	case http.StatusNotAcceptable:
		return NewProblem(status, "not_acceptable", "只能以 JSON 回答", "The answer can only be JSON")
	}
	return NewProblem(status, "bad_request", "请求有误："+detail, "The request is wrong: "+detail)
}

// cause gathers what huma knows of a failure, for the log.
func cause(m *huma.ErrorModel) error {
	all := []error{errors.New(m.Detail)}
	for _, d := range m.Errors {
		if d != nil {
			all = append(all, d)
		}
	}
	return errors.Join(all...)
}

// describeProblems puts our problem's schema into the document and adds the language.
func describeProblems(doc *huma.OpenAPI, op *huma.Operation) {
	schema := doc.Components.Schemas.Schema(reflect.TypeFor[problemBody](), true, "Problem")
	for _, response := range op.Responses {
		if media, ok := response.Content[problemType]; ok {
			media.Schema = schema
		}
	}
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "lang", In: "query", Description: "Language of error texts; otherwise Accept-Language decides",
		Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"zh", "en"}},
	})
}
