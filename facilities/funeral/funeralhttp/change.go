package funeralhttp

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/funeral"
	"yike/internal/httpapi"
	"yike/internal/record"
)

type transferPatch struct {
	To        *string   `json:"to,omitempty" maxLength:"64"`
	Year      *int      `json:"year,omitempty"`
	Niches    *int64    `json:"niches,omitempty"`
	Villages  *[]string `json:"villages,omitempty" nullable:"false" maxItems:"500"`
	Note      *string   `json:"note,omitempty" maxLength:"200"`
	Cancelled *bool     `json:"cancelled,omitempty"`
	Reason    string    `json:"reason" maxLength:"500"`

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *transferPatch) UnmarshalJSON(raw []byte) error {
	type plain transferPatch
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

type transferUpdate struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    transferPatch
}

type transferChanged struct {
	ETag string `header:"ETag"`
	Body nicheTransfer
}

func (h handlers) update(ctx context.Context, in *transferUpdate) (*transferChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := record.Invalid(in.Body.nulls); err != nil {
		return nil, problem(err)
	}
	b := in.Body
	t, err := h.transfers.Update(ctx, in.ID, expected, funeral.Patch{To: b.To, Year: b.Year, Niches: b.Niches, Villages: b.Villages, Note: b.Note, Cancelled: b.Cancelled}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &transferChanged{ETag: httpapi.ETag(t.Version), Body: transferOf(t)}, nil
}

// file gives the operation that answers with the sheet in one format.
func (h handlers) file(f fileFormat) func(context.Context, *fileInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		l, a, err := h.ask(ctx, &in.BalanceQuery)
		if err != nil {
			return nil, err
		}
		// Written whole before the first byte goes out: what cannot be written is a problem,
		// and half a sheet is none.
		var out bytes.Buffer
		if err := h.src.Write(&out, f.ext, l, funeral.Balanced(l.halls(), l.Transfers, l.Communities, a), in.Words == "en"); err != nil {
			return nil, problem(err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Content-Type", f.mime)
			hc.SetHeader("Content-Disposition", `attachment; filename="niche-balance.`+f.ext+`"`)
			hc.SetHeader("Cache-Control", "private, no-cache")
			_, _ = out.WriteTo(hc.BodyWriter()) // a client that went away wants no more
		}}, nil
	}
}

type fileInput struct {
	BalanceQuery
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

type fileFormat struct{ ext, mime, name string }

func fileFormats() []fileFormat {
	return []fileFormat{
		{"csv", "text/csv; charset=utf-8", "CSV"},
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"},
		{"pdf", "application/pdf", "PDF"},
	}
}
