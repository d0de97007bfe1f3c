package estatehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// registerFindings mounts the workbook of a check.
func (h paperHandlers) registerFindings(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-findings", Method: http.MethodGet, Path: onePath + "/findings.xlsx", Tags: tags(),
		Summary:     "What the rules find of an estate, as a workbook · 配建核查明细",
		Description: "One row for each finding, what has to be made good first: inputs, formula, threshold, value, what is missing, the sentence of the rule, its source and grade. It has no word about persons.",
		Responses:   httpapi.FileReply(estateWorkbook),
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.findings)
}

func (h paperHandlers) findings(ctx context.Context, in *struct {
	ID        string `path:"id" maxLength:"64"`
	Milestone string `query:"milestone" enum:"due,conditions,plan_review,construction,acceptance,handover" doc:"As of the check; all rules when left out"`
	Words     string `query:"words" enum:"zh,en" default:"zh" doc:"Language of the workbook"`
},
) (*huma.StreamResponse, error) {
	f, err := h.papers.Findings(ctx, in.ID, milestoneOf(in.Milestone), in.Words == "en")
	if err != nil {
		return nil, paperProblem(err)
	}
	return httpapi.Download(f.Media, f.Plain, f.Name, f.Content), nil
}
