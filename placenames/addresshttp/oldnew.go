package addresshttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/placenames/addresses"
)

// AddressPair is a row of the old–new table.
type AddressPair struct {
	OldID        string          `json:"old_id"`
	NewID        string          `json:"new_id" doc:"The same where the road was renamed; empty where nothing has the place"`
	Old          string          `json:"old" doc:"Without divisions"`
	New          string          `json:"new"`
	OldText      string          `json:"old_text"`
	NewText      string          `json:"new_text"`
	Why          string          `json:"why" doc:"Kind of the document"`
	Decision     AddressDecision `json:"decision"`
	Until        string          `json:"until" doc:"The last day of the old address"`
	DivisionCode string          `json:"division_code"`
}

// AddressPairs is the old–new table.
type AddressPairs struct {
	Pairs []AddressPair `json:"pairs" nullable:"false" doc:"By the day on which the old address ended"`
}

type pairsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressPairs
}

// AddressPairsInput is of which addresses the old–new table is asked for.
type AddressPairsInput struct {
	NameID   string `query:"name" maxLength:"64" doc:"On this place name"`
	Division string `query:"division" maxLength:"32" doc:"In this division or one below it"`
	Text     string `query:"q" maxLength:"200" doc:"Where the address or a former text has each of these words"`
}

func (in AddressPairsInput) filter() addresses.Filter {
	return addresses.Filter{NameID: in.NameID, Text: in.Text}
}

const pairsPath = listPath + "/old-new"

func (h handlers) registerPairs(api huma.API) {
	const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	failing := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "addresses-old-new", Method: http.MethodGet, Path: pairsPath, Tags: tags(), Summary: "The old–new table of addresses · 新旧地址对照表",
		Description: "What was renumbered, whose road was renamed, and what is gone, with the document of each.", Errors: failing,
	}, h.pairs)
	for _, f := range []struct{ id, end, mime string }{{"addresses-old-new-xlsx", "xlsx", workbook}, {"addresses-old-new-csv", "csv", "text/csv; charset=utf-8"}} {
		httpapi.Register(api, huma.Operation{
			OperationID: f.id, Method: http.MethodGet, Path: pairsPath + "." + f.end, Tags: tags(), Summary: "The old–new table as a file · 新旧对照表文件（" + f.end + "）",
			Errors: failing, Responses: httpapi.FileReply(f.mime),
		}, h.pairsFile(f.end, f.mime))
	}
}

func (h handlers) pairs(ctx context.Context, in *AddressPairsInput) (*pairsReply, error) {
	list, err := h.addresses.Pairs(ctx, in.filter(), in.Division)
	if err != nil {
		return nil, problem(err)
	}
	out := AddressPairs{Pairs: []AddressPair{}}
	for _, p := range list {
		out.Pairs = append(out.Pairs, AddressPair{
			OldID: p.OldID, NewID: p.NewID, Old: p.Old, New: p.New, OldText: p.OldFull, NewText: p.NewFull, Why: string(p.Why), Decision: decisionOut(p.Decision),
			Until: string(p.Until), DivisionCode: p.Division,
		})
	}
	return &pairsReply{CacheControl: "no-store", Body: out}, nil
}

func (h handlers) pairsFile(end, mime string) func(context.Context, *struct {
	AddressPairsInput
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *struct {
		AddressPairsInput
		Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
	},
	) (*huma.StreamResponse, error) {
		file, err := h.addresses.PairsFile(ctx, in.filter(), in.Division, end == "xlsx", in.Words == "en")
		if err != nil {
			return nil, problem(err)
		}
		suffix := "-" + string(h.addresses.Today()) + "." + end
		return httpapi.Download(mime, "addresses-old-new"+suffix, "新旧地址对照表"+suffix, file), nil
	}
}
