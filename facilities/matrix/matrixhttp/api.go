// Package matrixhttp serves the table that has a line for each community, as JSON and as
// files. It owns the JSON shapes; what the table is made from comes from a Source.
package matrixhttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/matrix"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Source makes the table of the district that is served, as the person of the context may
// see it. It is safe for concurrent use.
type Source interface {
	// Matrix gives the table with the columns of these ids, nil for the usual ones, and a
	// word that changes whenever the table does. ErrNotReady.
	Matrix(ctx context.Context, columns []string) (*matrix.Matrix, string, error)
	// Columns gives every column there may be, and the ids of the usual ones. ErrNotReady.
	Columns(ctx context.Context) ([]matrix.Column, []string, error)
}

// ErrNotReady is returned by a Source before anything is loaded.
var ErrNotReady = errors.New("the data are not loaded yet")

// Register mounts /api/v1/community-matrix, also as files.
func Register(api huma.API, src Source, files Files) {
	h := handlers{src: src, files: files}
	httpapi.Register(api, huma.Operation{
		OperationID: "community-matrix", Method: http.MethodGet, Path: "/api/v1/community-matrix", Tags: []string{"facilities"},
		Summary: "What each community has, shares, will have or lacks · 一村居一行配置一览表",
		Description: "A line for each community, by subdistrict, a column for each type; premises per 100 households against the norm; " +
			"and the three levels of the elderly-care network. A facility counts once, where it stands; a community that it serves shares it. " +
			"Only published facilities count. What is unknown is null.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.table)
	h.registerFiles(api)
}

type handlers struct {
	src   Source
	files Files
}

// MatrixQuery is what of the table is asked for.
type MatrixQuery struct {
	Types       string `query:"types" maxLength:"2000" doc:"Ids of columns, with commas; the usual ones when left out" example:"community_premises,elderly_canteen"`
	Subdistrict string `query:"subdistrict" maxLength:"32" doc:"Only the communities of this subdistrict"`
	Gaps        bool   `query:"gaps" doc:"Only communities where something is lacking; sums are of all"`
}

type tableInput struct {
	MatrixQuery
	httpapi.Conditional
}

func (h handlers) table(ctx context.Context, in *tableInput) (*httpapi.Reply[MatrixTable], error) {
	m, mark, err := h.matrix(ctx, in.MatrixQuery)
	if err != nil {
		return nil, problem(err)
	}
	all, usual, err := h.src.Columns(ctx)
	if err != nil {
		return nil, problem(err)
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("matrix-%s-%x-%s-%v", mark, in.Types, in.Subdistrict, in.Gaps))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*MatrixTable, error) {
		out := tableOf(m)
		for _, c := range all {
			out.Offered = append(out.Offered, MatrixOffer{ID: c.ID, ZH: c.Name.ZH, EN: c.Name.EN, Unit: string(c.Unit), Usual: slices.Contains(usual, c.ID)})
		}
		return out, nil
	})
}

// matrix makes the table that is asked for.
func (h handlers) matrix(ctx context.Context, q MatrixQuery) (*matrix.Matrix, string, error) {
	ids, err := h.columns(ctx, q.Types)
	if err != nil {
		return nil, "", err
	}
	m, mark, err := h.src.Matrix(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	narrowed, err := narrow(m, q)
	return narrowed, mark, err
}

// columns reads ids with commas and refuses those that there are not.
func (h handlers) columns(ctx context.Context, text string) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	all, _, err := h.src.Columns(ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for id := range strings.SplitSeq(text, ",") {
		id = strings.TrimSpace(id)
		if !slices.ContainsFunc(all, func(c matrix.Column) bool { return c.ID == id }) {
			return nil, errUnknownColumn
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// narrow leaves the lines that are asked for. Sums stay those of all, except that of one
// subdistrict only its own are given.
func narrow(m *matrix.Matrix, q MatrixQuery) (*matrix.Matrix, error) {
	out := *m
	if q.Subdistrict != "" {
		of := func(d divisions.Division) bool { return d.Code == q.Subdistrict }
		i := slices.IndexFunc(m.Groups, func(g matrix.Group) bool { return of(g.Division) })
		if i < 0 {
			return nil, errUnknownSubdistrict
		}
		g := m.Groups[i]
		out.Groups, out.Sums, out.Premises = []matrix.Group{g}, g.Sums, g.Premises
		out.Levels.Lines = slices.DeleteFunc(slices.Clone(m.Levels.Lines), func(l matrix.LevelLine) bool { return !of(l.Division) })
	}
	if q.Gaps {
		out.Groups = slices.Clone(out.Groups)
		for i, g := range out.Groups {
			out.Groups[i].Rows = slices.DeleteFunc(slices.Clone(g.Rows), func(r matrix.Row) bool { return !r.Gap(m.Columns) })
		}
	}
	return &out, nil
}
