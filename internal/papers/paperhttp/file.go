package paperhttp

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// DOCX is the media type of a Word document.
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// File is a file to be sent.
type File struct {
	Name    string // as people call it
	Plain   string // in plain letters
	Media   string
	Content []byte
	Missing []rune // characters that no font has
	Sent    bool   // it went out like this
	Version int    // of a template
}

// Stream sends a file so that nothing in it can act as a part of our page.
func Stream(f File) *huma.StreamResponse {
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

// StreamPaper sends a paper, and says in the header Yike-Letter whether it went out like this.
func StreamPaper(f File) *huma.StreamResponse {
	sent := Stream(f)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		state := "draft"
		if f.Sent {
			state = "sent"
		}
		hc.SetHeader("Yike-Letter", state)
		sent.Body(hc)
	}}
}

// Binary describes a reply that is a file.
func Binary(media, what string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
}

func versioned(f File) *huma.StreamResponse {
	sent := Stream(f)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("ETag", httpapi.ETag(f.Version))
		sent.Body(hc)
	}}
}
