package importhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/imports"
	"yike/geo/crsguess"
	"yike/internal/httpapi"
)

// registerSteps mounts what is done with a file.
func (h handlers) registerSteps(api huma.API) {
	read := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}
	httpapi.Register(api, huma.Operation{
		OperationID: "map-import", Method: http.MethodPut, Path: onePath + "/mapping", Tags: tags(),
		Summary:     "Say what the columns mean and how the rows are taken · 对应列",
		Description: "Each column is named, those that are not taken with the field \"-\". What was checked before is out of date then.",
		Errors:      changeErrors(),
	}, h.mapping)
	httpapi.Register(api, huma.Operation{
		OperationID: "import-coordinate-systems", Method: http.MethodGet, Path: onePath + "/crs", Tags: tags(), Errors: read,
		Summary:     "In which coordinate system the file may be, the likeliest first, with at most 200 points under each · 坐标系猜测",
		Description: "By the columns that the mapping names. Where several are as likely, ask is true of each, and a person chooses by the map.",
	}, h.guesses)
	for _, step := range []struct {
		step    Step
		summary string
		doc     string
	}{
		{Check, "Try the file: what would become of each row · 检查（试导入）", "The trial goes the way of the taking, in a transaction that is rolled back."},
		{Commit, "Take the file in · 导入", "In chunks of 1,000 rows, each with an audit entry; a job that breaks off goes on where it was. Asked again it goes on, too."},
		{Undo, "Reverse an import within 30 days · 撤销导入", "A record that it made is removed, one that it changed is as before; what somebody changed since stays, and is listed."},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: string(step.step) + "-import", Method: http.MethodPost, Path: onePath + "/" + string(step.step), Tags: tags(),
			DefaultStatus: http.StatusAccepted, Summary: step.summary, Description: step.doc, Errors: changeErrors(),
		}, h.ask(step.step))
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "undo-import-rows", Method: http.MethodPost, Path: onePath + "/undo-rows", Tags: tags(), Errors: changeErrors(),
		Summary:     "Reverse single rows of an import within 30 days · 撤销部分行",
		Description: "By the rules of an undo of all of it: what a row made is removed, what it changed is as before; what somebody changed since stays, and its row says so.",
	}, h.undoRows)
	httpapi.Register(api, huma.Operation{
		OperationID: "import-rows", Method: http.MethodGet, Path: onePath + "/rows", Tags: tags(), Errors: read,
		Summary: "The rows with what became, or would become, of each · 导入明细",
	}, h.rows)
	httpapi.Register(api, huma.Operation{
		OperationID: "decide-import-rows", Method: http.MethodPut, Path: onePath + "/decisions", Tags: tags(), Errors: changeErrors(),
		Summary:     "Decide rows that may be duplicates · 处理疑似重复",
		Description: "same: it is of that record, which it changes. new: it is another place. skip: leave it out. Empty takes a decision back. Decisions hold for the same rows in later files.",
	}, h.decide)
}

type mappingInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Mapping importColumns `json:"mapping"`
		Options importOptions `json:"options"`
	}
}

func (h handlers) mapping(ctx context.Context, in *mappingInput) (*importReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	d, err := h.imports.Map(ctx, in.ID, expected, in.Body.Mapping.mapping(), in.Body.Options.options())
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(d), nil
}

// importGuess is one coordinate system that a file may be in.
type importGuess struct {
	Key         string          `json:"key" doc:"To be put into options.crs"`
	ZH          string          `json:"zh"`
	EN          string          `json:"en"`
	Confidence  int             `json:"confidence" doc:"1 to 100"`
	Ask         bool            `json:"ask" doc:"It is tied with others: a person chooses"`
	Convertible bool            `json:"convertible" doc:"false for systems that are recognised only"`
	Reasons     []importReason  `json:"reasons" nullable:"false"`
	Rows        int             `json:"rows" doc:"Rows with coordinates"`
	Fits        int             `json:"fits" doc:"Of them those that fit"`
	Misfits     []importMisfit  `json:"misfits" nullable:"false"`
	Points      []importPreview `json:"points" nullable:"false" doc:"WGS 84"`
}

type importReason struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

type importMisfit struct {
	Row int    `json:"row"`
	X   string `json:"x"`
	Y   string `json:"y"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
}

type importPreview struct {
	Row int     `json:"row"`
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

type importGuesses struct {
	Guesses []importGuess `json:"guesses" nullable:"false"`
}

func (h handlers) guesses(ctx context.Context, in *importInput) (*importFresh[importGuesses], error) {
	list, rows, err := h.imports.Guesses(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := importGuesses{Guesses: []importGuess{}}
	for _, c := range list {
		out.Guesses = append(out.Guesses, guessOf(c, rows))
	}
	return fresh(out), nil
}

// guessOf names rows as the file does.
func guessOf(c crsguess.Candidate, rows []int) importGuess {
	g := importGuess{
		Key: c.Key, ZH: c.ZH, EN: c.EN, Confidence: c.Confidence, Ask: c.Ask, Convertible: c.Convertible, Rows: c.Rows, Fits: c.Fits,
		Reasons: []importReason{}, Misfits: []importMisfit{}, Points: []importPreview{},
	}
	number := func(i int) int {
		if i >= 0 && i < len(rows) {
			return rows[i]
		}
		return i + 1
	}
	for _, r := range c.Reasons {
		g.Reasons = append(g.Reasons, importReason(r))
	}
	for _, m := range c.Misfits {
		g.Misfits = append(g.Misfits, importMisfit{number(m.Row), m.X, m.Y, m.ZH, m.EN})
	}
	for _, p := range c.Preview {
		g.Points = append(g.Points, importPreview{number(p.Row), p.Point.Lon(), p.Point.Lat()})
	}
	return g
}

type stepInput struct {
	ID      string `path:"id" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
}

type importAsked struct {
	Location string `header:"Location" doc:"Of the job"`
	Body     struct {
		Job string `json:"job" doc:"Id of the job"`
	}
}

func (h handlers) ask(step Step) func(context.Context, *stepInput) (*importAsked, error) {
	return func(ctx context.Context, in *stepInput) (*importAsked, error) {
		if in.Key == "" {
			return nil, httpapi.KeyRequired()
		}
		expected, fault := httpapi.IfMatch(in.IfMatch)
		if fault != nil {
			return nil, fault
		}
		job, err := h.imports.Ask(ctx, in.ID, expected, step)
		if err != nil {
			return nil, problem(err)
		}
		out := &importAsked{Location: "/api/v1/jobs/" + job}
		out.Body.Job = job
		return out, nil
	}
}

type importUndoRowsInput struct {
	ID      string `path:"id" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Rows   []int  `json:"rows" minItems:"1" maxItems:"1000" uniqueItems:"true" nullable:"false" doc:"As the file counts its rows"`
		Reason string `json:"reason" maxLength:"500" doc:"Why; it is in the history of every record"`
	}
}

type importUndoneRow struct {
	Row  int    `json:"row"`
	Undo string `json:"undo" enum:",removed,restored,changed,gone" doc:"changed: somebody changed the record since, so that it stays. Empty: nothing was there to reverse"`
}

type importUndone struct {
	Rows   []importUndoneRow `json:"rows" nullable:"false" doc:"In the order that was asked for"`
	Counts map[string]int    `json:"counts" doc:"Of them, by what was done"`
}

func (h handlers) undoRows(ctx context.Context, in *importUndoRowsInput) (*importFresh[importUndone], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	list, err := h.imports.UndoRows(ctx, in.ID, expected, in.Body.Rows, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	out := importUndone{Rows: each(list, func(r RowUndone) importUndoneRow { return importUndoneRow(r) }), Counts: map[string]int{}}
	for _, r := range list {
		if r.Undo != "" {
			out.Counts[r.Undo]++
		}
	}
	return fresh(out), nil
}

type rowsInput struct {
	ID      string `path:"id" maxLength:"64"`
	Outcome string `query:"outcome" enum:",create,unplaced,update,unchanged,skip,duplicate,error"`
	Warned  bool   `query:"warned" doc:"Only rows with a fault or a warning"`
	Undo    string `query:"undo" enum:",removed,restored,changed,gone" doc:"Only rows with which an undo did this"`
	After   int    `query:"after" minimum:"0" doc:"Only rows behind this one: the last of the page before"`
	Limit   int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
}

type importRows struct {
	Rows []importRow `json:"rows" nullable:"false"`
	Next *int        `json:"next" nullable:"true" doc:"The after of the next page; null on the last"`
}

func (h handlers) rows(ctx context.Context, in *rowsInput) (*importFresh[importRows], error) {
	list, err := h.imports.Rows(ctx, in.ID, RowFilter{
		Outcome: imports.Outcome(in.Outcome), Warned: in.Warned, Undo: in.Undo, After: in.After, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, problem(err)
	}
	out := importRows{Rows: []importRow{}}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next := list[in.Limit-1].Row.Number
		out.Next = &next
	}
	for _, s := range list {
		out.Rows = append(out.Rows, rowOf(s))
	}
	return fresh(out), nil
}

type importDecideInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Decisions []importDecision `json:"decisions" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

type importDecision struct {
	Row      int    `json:"row" minimum:"1"`
	Verdict  string `json:"verdict" enum:",same,new,skip"`
	Facility string `json:"facility,omitempty" format:"uuid" doc:"Of the verdict same: the record that the row is of"`
}

func (h handlers) decide(ctx context.Context, in *importDecideInput) (*importReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	list := make([]imports.Answer, len(in.Body.Decisions))
	for i, d := range in.Body.Decisions {
		if (d.Verdict == string(imports.VerdictOf)) != (d.Facility != "") {
			return nil, httpapi.BadRequest("bad_decision", "verdict 为 same 时须给出 facility，其他情况不给", "facility goes with the verdict same, and with no other")
		}
		list[i] = imports.Answer{Row: d.Row, Verdict: imports.Verdict(d.Verdict), Facility: d.Facility}
	}
	d, err := h.imports.Decide(ctx, in.ID, expected, list)
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(d), nil
}
