package httpapi

import (
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Download answers with a file that is whole already, so that a fault is never half of one:
// plain is its name in ASCII, name what people call it. Nobody keeps it on the way.
func Download(mediaType, plain, name string, content []byte) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", mediaType)
		hc.SetHeader("Content-Length", strconv.Itoa(len(content)))
		hc.SetHeader("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
		hc.SetHeader("Cache-Control", "no-store")
		_, _ = hc.BodyWriter().Write(content) // a client that went away wants no more
	}}
}

// FileReply documents the answer of an operation that Download answers.
func FileReply(mediaType string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{mediaType: {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}
