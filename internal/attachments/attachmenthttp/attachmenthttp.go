// Package attachmenthttp serves photos and documents of records over HTTP: adding them,
// listing them, giving their content, taking them away.
//
// It owns the addresses and the headers under which a file that somebody uploaded is safe
// to give. It must not know where files and their rows are kept.
package attachmenthttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/attachments"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// MaxUpload is how many bytes a request that adds a file may have, for the bound of its
// routes; MaxFile is how many the file in it may have.
const (
	MaxUpload = MaxFile + 1<<20
	MaxFile   = 25 << 20
)

// File is the content of an attachment to be sent.
type File struct {
	Attachment attachments.Attachment
	Media      string
	Size       int64
	SHA256     string
	Content    io.ReadCloser
}

// Files keeps attachments, as the person of the context may. Besides those named, its
// errors are problems already, or faults of the server. It is safe for concurrent use.
type Files interface {
	// Add keeps a file of a record, once for each idempotency key. ErrNotReady, ErrNoOwner,
	// ErrFull, ErrReplaced, *record.InvalidError and the errors of attachments.Prepare.
	Add(ctx context.Context, owner attachments.Owner, n attachments.New, file io.Reader, reason string) (attachments.Attachment, error)
	// List gives the attachments of a record. ErrNotReady and ErrNoOwner.
	List(ctx context.Context, owner attachments.Owner, id string) ([]attachments.Attachment, error)
	// Open gives the content of an attachment, or its small picture. ErrNotReady,
	// ErrNotFound, ErrLost.
	Open(ctx context.Context, id string, thumb bool) (File, error)
	// Remove takes an attachment off its record. ErrNotReady, ErrNotFound and ErrFixed.
	Remove(ctx context.Context, owner attachments.Owner, ownerID, id string, expected int, reason string) error
}

// What Files returns.
var (
	ErrNotReady = errors.New("the data are not loaded yet")
	ErrNoOwner  = errors.New("no such record")
	ErrNotFound = errors.New("no such attachment")
	ErrFull     = errors.New("the record has as many files as it may")
	ErrReplaced = errors.New("the record was replaced by another")
	ErrFixed    = errors.New("the record is in force and stands on the file")
	ErrLost     = errors.New("the file of an attachment is missing or damaged")
)

type handlers struct{ files Files }

// Register mounts the operations of every kind of record that may have attachments.
func Register(api huma.API, files Files) {
	h := handlers{files}
	for _, o := range attachments.Owners() {
		h.registerOwner(api, o)
	}
	for _, part := range []struct {
		name, id, summary string
		serve             func(context.Context, *contentInput) (*huma.StreamResponse, error)
	}{
		{"content", "attachment-content", "The file of an attachment · 附件内容", h.content},
		{"thumbnail", "attachment-thumbnail", "A small picture of an attachment · 附件缩略图", h.thumbnail},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: part.id, Method: http.MethodGet, Path: "/api/v1/attachments/{id}/" + part.name, Tags: []string{"attachments"}, Summary: part.summary,
			Responses: map[string]*huma.Response{
				"200": {Description: "The bytes, held against their SHA-256 before they are sent", Content: map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
				"304": {Description: "The client has it already"},
			},
			Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
		}, part.serve)
	}
}

func (h handlers) registerOwner(api huma.API, o attachments.Owner) {
	path := "/api/v1/" + o.Collection + "/{id}/attachments"
	tags := []string{"attachments"}
	httpapi.Register(api, huma.Operation{
		OperationID: o.Kind + "-attachments", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "Photos and documents of a record · 照片与文件",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
	}, func(ctx context.Context, in *listInput) (*listReply, error) { return h.list(ctx, o, in) })
	httpapi.Register(api, huma.Operation{
		OperationID: "add-" + o.Kind + "-attachment", Method: http.MethodPost, Path: path, Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Add a photo or document to a record · 添加照片或文件",
		Description: "A form of parts. The file may be a JPEG, PNG or WebP picture, PDF, DOCX or XLSX of at most 25 MiB, told by what it holds. " +
			"A picture is kept upright and at most 4096 pixels long, without what the camera hid in it; where it was taken is kept only with keep_position. " +
			"The same request with the same Idempotency-Key gives the same attachment again.",
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}, func(ctx context.Context, in *addInput) (*addReply, error) { return h.add(ctx, o, in) })
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-" + o.Kind + "-attachment", Method: http.MethodDelete, Path: path + "/{file}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary:     "Take a photo or document off a record · 移除附件",
		Description: "Its history stays; the file itself is kept until the retention period ends. If-Match is its version.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity,
			http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, func(ctx context.Context, in *removeInput) (*struct{}, error) { return h.remove(ctx, o, in) })
}

// attachment is one attachment as clients see it.
type attachment struct {
	ID             string   `json:"id"`
	Version        int      `json:"version" doc:"For If-Match"`
	OwnerKind      string   `json:"owner_kind"`
	OwnerID        string   `json:"owner_id"`
	Kind           string   `json:"kind" enum:"photo,document"`
	Title          string   `json:"title"`
	Subject        string   `json:"subject" doc:"What it is of its record, as a code word: of a case, a material; empty for nothing in particular"`
	FileName       string   `json:"file_name"`
	MediaType      string   `json:"media_type"`
	Size           int64    `json:"size" doc:"Bytes"`
	Width          int      `json:"width" doc:"Pixels of a picture; 0 for none"`
	Height         int      `json:"height"`
	SHA256         string   `json:"sha256" doc:"Of the content that is kept"`
	OriginalSHA256 string   `json:"original_sha256" doc:"Of the file as it was sent"`
	TakenOn        *string  `json:"taken_on" nullable:"true" doc:"Day that the camera noted"`
	Lon            *float64 `json:"lon" nullable:"true" doc:"Where the camera was, if that is kept"`
	Lat            *float64 `json:"lat" nullable:"true"`
	AddedAt        string   `json:"added_at" format:"date-time"`
	Content        string   `json:"content" doc:"Address of the file"`
	Thumbnail      string   `json:"thumbnail" doc:"Address of the small picture; empty for none"`
}

func attachmentOf(a attachments.Attachment) attachment {
	out := attachment{
		ID: a.ID, Version: a.Version, OwnerKind: a.OwnerKind, OwnerID: a.OwnerID, Kind: string(a.Kind), Title: a.Title, Subject: a.Subject, FileName: a.FileName,
		MediaType: a.MediaType, Size: a.Size, Width: a.Width, Height: a.Height, SHA256: a.SHA256, OriginalSHA256: a.OriginalSHA256,
		AddedAt: a.AddedAt.UTC().Format(time.RFC3339), Content: "/api/v1/attachments/" + a.ID + "/content",
	}
	if a.TakenOn != "" {
		day := string(a.TakenOn)
		out.TakenOn = &day
	}
	if a.Position != nil {
		lon, lat := a.Position.Lon(), a.Position.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	if a.ThumbSHA256 != "" {
		out.Thumbnail = "/api/v1/attachments/" + a.ID + "/thumbnail"
	}
	return out
}

type listInput struct {
	ID string `path:"id" maxLength:"64"`
}

type attachmentList struct {
	Attachments []attachment `json:"attachments" nullable:"false"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         attachmentList
}

func (h handlers) list(ctx context.Context, o attachments.Owner, in *listInput) (*listReply, error) {
	list, err := h.files.List(ctx, o, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := &listReply{CacheControl: "private, no-cache", Body: attachmentList{Attachments: []attachment{}}}
	for _, a := range list {
		out.Body.Attachments = append(out.Body.Attachments, attachmentOf(a))
	}
	return out, nil
}

// addForm is what a client sends.
type addForm struct {
	File         huma.FormFile `form:"file" contentType:"application/octet-stream" required:"true"`
	Kind         string        `form:"kind" enum:"photo,document" required:"true"`
	Title        string        `form:"title" required:"false" maxLength:"200" doc:"The file's name when left out"`
	Subject      string        `form:"subject" required:"false" maxLength:"40" doc:"What it is of its record, as a code word: of a case, a material"`
	KeepPosition bool          `form:"keep_position" required:"false" doc:"Keep where a photo was taken, if the camera noted it"`
	Reason       string        `form:"reason" required:"false" maxLength:"500" doc:"Goes into the audit log"`
}

type addInput struct {
	ID      string `path:"id" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	RawBody huma.MultipartFormFiles[addForm]
}

type addReply struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     attachment
}

func (h handlers) add(ctx context.Context, o attachments.Owner, in *addInput) (*addReply, error) {
	defer in.RawBody.Form.RemoveAll() //nolint:errcheck // files of the system's temporary folder
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	f := in.RawBody.Data()
	n := attachments.New{
		OwnerKind: o.Kind, OwnerID: in.ID, Kind: attachments.Kind(f.Kind), Title: f.Title, FileName: f.File.Filename, Subject: f.Subject, KeepPosition: f.KeepPosition,
	}
	if err := record.Invalid(n.Check()); err != nil {
		return nil, problem(err)
	}
	a, err := h.files.Add(ctx, o, n, f.File, f.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &addReply{ETag: httpapi.ETag(a.Version), Location: "/api/v1/attachments/" + a.ID + "/content", Body: attachmentOf(a)}, nil
}

type removeInput struct {
	ID      string `path:"id" maxLength:"64"`
	File    string `path:"file" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Version of the attachment that was seen; needed" example:"\"1\""`
	Reason  string `query:"reason" maxLength:"500" doc:"Why; goes into the history"`
}

func (h handlers) remove(ctx context.Context, o attachments.Owner, in *removeInput) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if in.Reason == "" {
		return nil, problem(record.Invalid([]record.Fault{{Field: "reason", ZH: "请写明移除的原因", EN: "say why it is taken away"}}))
	}
	if err := h.files.Remove(ctx, o, in.ID, in.File, expected, in.Reason); err != nil {
		return nil, problem(err)
	}
	return &struct{}{}, nil
}

type contentInput struct {
	ID          string `path:"id" maxLength:"64"`
	IfNoneMatch string `header:"If-None-Match" doc:"Entity tags that the client has already"`
}

func (h handlers) content(ctx context.Context, in *contentInput) (*huma.StreamResponse, error) {
	return h.send(ctx, in, false)
}

func (h handlers) thumbnail(ctx context.Context, in *contentInput) (*huma.StreamResponse, error) {
	return h.send(ctx, in, true)
}

// send sends a file so that nothing in it can act as a part of our page.
func (h handlers) send(ctx context.Context, in *contentInput, thumb bool) (*huma.StreamResponse, error) {
	f, err := h.files.Open(ctx, in.ID, thumb)
	if err != nil {
		return nil, problem(err)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer f.Content.Close() //nolint:errcheck // it was only read
		etag := `"` + f.SHA256 + `"`
		hc.SetHeader("ETag", etag)
		hc.SetHeader("Cache-Control", "private, max-age=3600")
		if httpapi.Held(etag, in.IfNoneMatch) {
			hc.SetStatus(http.StatusNotModified)
			return
		}
		how := "attachment"
		if attachments.Media(f.Media).Picture() {
			how = "inline"
		}
		hc.SetHeader("Content-Type", f.Media)
		hc.SetHeader("Content-Length", strconv.FormatInt(f.Size, 10))
		hc.SetHeader("Content-Disposition", fmt.Sprintf("%s; filename*=UTF-8''%s", how, url.PathEscape(f.Attachment.FileName)))
		hc.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		hc.SetHeader("X-Content-Type-Options", "nosniff")
		_, _ = io.Copy(hc.BodyWriter(), f.Content) // a client that has gone hears nothing
	}}, nil
}
