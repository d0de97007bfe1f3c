package importhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

const mappingsPath = "/api/v1/import-mappings"

// registerMappings mounts the mappings that are kept.
func (h handlers) registerMappings(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "import-mappings", Method: http.MethodGet, Path: mappingsPath, Tags: tags(),
		Summary: "Mappings that are kept, those used last first · 已保存的列对应",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden},
	}, h.mappings)
	httpapi.Register(api, huma.Operation{
		OperationID: "save-import-mapping", Method: http.MethodPost, Path: mappingsPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Keep the mapping of an import under a name · 保存列对应",
		Description: "One of the same name is replaced. Files with the same headings are offered it.",
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		},
	}, h.saveMapping)
	httpapi.Register(api, huma.Operation{
		OperationID: "forget-import-mapping", Method: http.MethodDelete, Path: mappingsPath + "/{id}", Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take a kept mapping away · 删除列对应",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.forgetMapping)
}

type importMappings struct {
	Mappings []importMapping `json:"mappings" nullable:"false"`
}

func (h handlers) mappings(ctx context.Context, _ *struct{}) (*importFresh[importMappings], error) {
	list, err := h.imports.Mappings(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := importMappings{Mappings: []importMapping{}}
	for _, s := range list {
		out.Mappings = append(out.Mappings, mappingOf(s))
	}
	return fresh(out), nil
}

type saveMappingInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Batch string `json:"batch" format:"uuid" doc:"The import whose mapping is kept"`
		Name  string `json:"name" minLength:"1" maxLength:"100"`
	}
}

func (h handlers) saveMapping(ctx context.Context, in *saveMappingInput) (*importFresh[importMapping], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	s, err := h.imports.SaveMapping(ctx, in.Body.Batch, in.Body.Name)
	if err != nil {
		return nil, problem(err)
	}
	return fresh(mappingOf(s)), nil
}

func (h handlers) forgetMapping(ctx context.Context, in *importInput) (*struct{}, error) {
	if err := h.imports.ForgetMapping(ctx, in.ID); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // 204 has nothing
}
