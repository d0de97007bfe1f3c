// Package sheethttp serves what plates look like: the faces, one plate as a picture, and the
// sheets of an order with their manifest, the maker's table and the proof. It owns the JSON
// shapes; it knows no storage and no program, and takes what it serves from Sheets.
package sheethttp

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/sheets"
)

// Files are the sheets of an order.
type Files struct {
	PDF      []byte
	Manifest sheets.Manifest
	Released bool // the proof read every symbol of this very file; else each face is marked as a sample
}

// Standing is how far the sheets of an order are.
type Standing struct {
	Plates   int // to be made
	Proved   *sheets.Proved
	Released bool
	Host     string   // that symbols spell; "" where none is set and all are samples
	Missing  []string // programs that proofs need and that are not installed
	Faults   []Fault  // plates that cannot be made; the first of them
	Faulty   int      // all of them
}

// Fault is a plate that cannot be made, and why.
type Fault struct {
	Token  plates.Token
	Text   string // what the plate says
	ZH, EN string
}

// Sheets draws plates as the person of the context may see them. Its errors are those of the
// cores, life.ErrNotFound and life.ErrNoOrder.
type Sheets interface {
	// Faces are those in use.
	Faces() []faces.Face
	// Drawing draws one plate.
	Drawing(ctx context.Context, code plates.Token) (faces.Drawing, error)
	// Standing tells how far the sheets of an order are. Nothing is written.
	Standing(ctx context.Context, order string) (Standing, error)
	// Files writes the sheets of an order.
	Files(ctx context.Context, order string) (Files, error)
	// Prove asks for the proof of an order, which is a job.
	Prove(ctx context.Context, order string) (job string, err error)
}

const orderPath = "/api/v1/plate-orders/{id}"

func tags() []string { return []string{"plates"} }

type handlers struct{ sheets Sheets }

// Register mounts /api/v1/plate-faces, the pictures of a plate, and the sheets, manifest, table
// and proof of an order.
func Register(api huma.API, s Sheets) {
	h := handlers{s}
	reading := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-faces", Method: http.MethodGet, Path: "/api/v1/plate-faces", Tags: tags(), Summary: "What plates look like · 门牌版式",
		Description: "Sizes in millimetres, with the text that each follows and what that text does not say.", Errors: []int{http.StatusUnauthorized},
	}, h.faces)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-svg", Method: http.MethodGet, Path: "/api/v1/plates/{token}.svg", Tags: tags(), Summary: "A plate as SVG · 门牌图样 SVG", Errors: reading,
		Responses: httpapi.FileReply("image/svg+xml"),
	}, h.svg)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-png", Method: http.MethodGet, Path: "/api/v1/plates/{token}.png", Tags: tags(), Summary: "A plate as PNG · 门牌图样 PNG", Errors: reading,
		Responses: httpapi.FileReply("image/png"),
	}, h.png)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-order-sheets", Method: http.MethodGet, Path: orderPath + "/sheets", Tags: tags(), Summary: "How far the sheets of an order are · 制版情况", Errors: reading,
	}, h.standing)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-order-pdf", Method: http.MethodGet, Path: orderPath + "/sheet.pdf", Tags: tags(), Summary: "The sheets of an order · 版面 PDF",
		Description: "Vector outlines with crop marks and the delivery list. Every face is marked as a sample until a proof has read every symbol of this very file.", Errors: reading,
		Responses: httpapi.FileReply("application/pdf"),
	}, h.pdf)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-order-manifest", Method: http.MethodGet, Path: orderPath + "/manifest.json", Tags: tags(), Summary: "What is in the sheets · 版面清单", Errors: reading,
		Responses: httpapi.FileReply("application/json"),
	}, h.manifest)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-order-table", Method: http.MethodGet, Path: orderPath + "/maker.csv", Tags: tags(), Summary: "The maker's table · 制作表", Errors: reading,
		Responses: httpapi.FileReply("text/csv; charset=utf-8"),
	}, h.table)
	httpapi.Register(api, huma.Operation{
		OperationID: "prove-plate-order", Method: http.MethodPost, Path: orderPath + "/proof", Tags: tags(), DefaultStatus: http.StatusAccepted, Summary: "Prove the sheets of an order · 校样",
		Description: "A job that has every symbol of the finished PDF read by two decoders, and gives another mask to one that is not read.",
		Errors:      append(reading, http.StatusBadRequest, http.StatusForbidden),
	}, h.prove)
}

type byToken struct {
	Token string `path:"token" maxLength:"20"`
}

func (h handlers) drawing(ctx context.Context, text string) (faces.Drawing, error) {
	code, err := plates.ParseToken(text)
	if err != nil {
		return faces.Drawing{}, errNoPlate()
	}
	d, err := h.sheets.Drawing(ctx, code)
	return d, problem(err)
}

func (h handlers) svg(ctx context.Context, in *byToken) (*huma.StreamResponse, error) {
	d, err := h.drawing(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	return picture("image/svg+xml", sheets.SVG(d)), nil
}

func (h handlers) png(ctx context.Context, in *struct {
	Token string `path:"token" maxLength:"20"`
	Width int    `query:"width" default:"900" minimum:"100" maximum:"3000" doc:"About how many pixels wide: each module is the same whole number of them"`
},
) (*huma.StreamResponse, error) {
	d, err := h.drawing(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	file, err := sheets.PNG(d, in.Width)
	if err != nil {
		return nil, err
	}
	return picture("image/png", file), nil
}

// picture answers with a file that a page shows.
func picture(mediaType string, content []byte) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", mediaType)
		hc.SetHeader("Cache-Control", "no-store")
		_, _ = hc.BodyWriter().Write(content) // a client that went away wants no more
	}}
}

type byOrder struct {
	ID string `path:"id" maxLength:"40"`
}

func (h handlers) pdf(ctx context.Context, in *byOrder) (*huma.StreamResponse, error) {
	return h.file(ctx, in.ID, "application/pdf", ".pdf", func(f Files, out *bytes.Buffer) error { out.Write(f.PDF); return nil })
}

func (h handlers) manifest(ctx context.Context, in *byOrder) (*huma.StreamResponse, error) {
	return h.file(ctx, in.ID, "application/json", ".manifest.json", func(f Files, out *bytes.Buffer) error { return f.Manifest.Write(out) })
}

func (h handlers) table(ctx context.Context, in *byOrder) (*huma.StreamResponse, error) {
	return h.file(ctx, in.ID, "text/csv; charset=utf-8", ".maker.csv", func(f Files, out *bytes.Buffer) error { return f.Manifest.WriteTable(out) })
}

func (h handlers) file(ctx context.Context, order, mediaType, end string, write func(Files, *bytes.Buffer) error) (*huma.StreamResponse, error) {
	f, err := h.sheets.Files(ctx, order)
	if err != nil {
		return nil, problem(err)
	}
	var out bytes.Buffer
	if err := write(f, &out); err != nil {
		return nil, err
	}
	name := "plates-" + f.Manifest.Batch.ID
	shown := "门牌-" + f.Manifest.Batch.ID
	if !f.Released {
		name, shown = name+"-sample", shown+"-样张"
	}
	return httpapi.Download(mediaType, name+end, shown+end, out.Bytes()), nil
}

type proofReply struct {
	Body struct {
		JobID string `json:"job_id"`
	}
}

func (h handlers) prove(ctx context.Context, in *byOrder) (*proofReply, error) {
	job, err := h.sheets.Prove(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := &proofReply{}
	out.Body.JobID = job
	return out, nil
}
