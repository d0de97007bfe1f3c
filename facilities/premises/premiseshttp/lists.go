package premiseshttp

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/lists"
	"yike/facilities/lists/listhttp"
	"yike/facilities/premises"
	"yike/internal/httpapi"
)

// Lists takes lists of rooms into the ledger, as the person of the context may. It is safe
// for concurrent use.
type Lists interface {
	// Template writes a workbook to be filled in.
	Template(ctx context.Context, w io.Writer) error
	// Take takes a file that people call name, once for each idempotency key, or tries it.
	// *FileError, and *record.InvalidError for the reason.
	Take(ctx context.Context, name string, file io.Reader, reason string, trial bool) (TakenList, error)
}

// TakenList is what became of a list, or would become of it.
type TakenList struct {
	premises.Taken
	Ignored []string // headings that nothing is known of
}

// FileError says that a file cannot be read.
type FileError struct {
	Row    int // 0 for the file as a whole
	ZH, EN string
}

// Error is the English sentence.
func (e *FileError) Error() string { return e.EN }

// Bounds of what is said of a list: nobody reads more, and the file is at hand.
const (
	mostFaultsSaid = 500
	mostRowsSaid   = 500
)

const (
	workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	importPath   = "/api/v1/premises-import"
)

// RegisterLists mounts what takes lists of rooms into the ledger.
func RegisterLists(api huma.API, lists Lists) {
	h := listHandlers{lists}
	httpapi.Register(api, huma.Operation{
		OperationID: "premises-template", Method: http.MethodGet, Path: "/api/v1/premises-template.xlsx", Tags: tags(),
		Summary:     "A workbook to be filled in with rooms · 公建台账导入模板",
		Description: "With drop-downs of the codes and of the places here. The ledger as a file has the same columns and may come back, too.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable},
		Responses:   httpapi.FileReply(workbookType),
	}, h.template)
	const about = "The body is the file itself: XLSX, CSV or TSV, one room on each row, at most 5,000. A room is known by its number; one that has none yet " +
		"by its community, estate, building, floor and room number. An empty cell leaves a field as it is, the word 清空 empties it. "
	httpapi.Register(api, huma.Operation{
		OperationID: "try-premises-import", Method: http.MethodPost, Path: importPath + "/trial", Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "Try a list of rooms: everything is done and nothing kept · 试导入用房", Description: about + "The answer has the faults of each cell.",
	}, h.try)
	httpapi.Register(api, huma.Operation{
		OperationID: "import-premises", Method: http.MethodPost, Path: importPath, Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary:     "Take a list of rooms into the ledger · 导入用房",
		Description: about + listhttp.Whole,
	}, h.take)
}

type listHandlers struct{ lists Lists }

func (h listHandlers) template(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	var file bytes.Buffer
	if err := h.lists.Template(ctx, &file); err != nil {
		return nil, problem(err)
	}
	return httpapi.Download(workbookType, "premises-template.xlsx", "公建台账-导入模板.xlsx", file.Bytes()), nil
}

// PremisesListFault is what is wrong with a cell of a list.
type PremisesListFault struct {
	Row    int    `json:"row" doc:"As people count in the file; 0 for the file as a whole"`
	Column string `json:"column" doc:"Heading in the file; empty for the row as a whole"`
	Value  string `json:"value,omitempty"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// PremisesListChange is a field that a row changes.
type PremisesListChange struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// PremisesListRow is what becomes of a row.
type PremisesListRow struct {
	Row      int                  `json:"row"`
	LedgerNo string               `json:"ledger_no"`
	Name     string               `json:"name"`
	ID       string               `json:"id,omitempty" doc:"Of the room; none of one that is new and was only tried"`
	Outcome  string               `json:"outcome" enum:"created,updated"`
	Changes  []PremisesListChange `json:"changes" nullable:"false" doc:"Of one that is updated"`
}

// PremisesImported is what became of a list, or would become of it.
type PremisesImported struct {
	Taken      bool                `json:"taken" doc:"False of a trial"`
	Rows       int                 `json:"rows"`
	Created    int                 `json:"created"`
	Updated    int                 `json:"updated"`
	Unchanged  int                 `json:"unchanged"`
	Faulty     int                 `json:"faulty" doc:"Rows at fault"`
	FaultCount int                 `json:"fault_count"`
	Faults     []PremisesListFault `json:"faults" nullable:"false" doc:"At most 500. One is enough that nothing is taken"`
	List       []PremisesListRow   `json:"list" nullable:"false" doc:"Rows that are new or change something, at most 500"`
	Ignored    []string            `json:"ignored" nullable:"false" doc:"Headings that nothing is known of, whose columns are passed over"`
}

type importedReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PremisesImported
}

func (h listHandlers) try(ctx context.Context, in *struct{ httpapi.NamedFile }) (*importedReply, error) {
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	t, err := h.lists.Take(ctx, name, in.Body(), "试导入 / trial", true)
	if err != nil {
		return nil, problem(err)
	}
	return &importedReply{CacheControl: "no-store", Body: importedOf(t, false)}, nil
}

type takeInput struct {
	httpapi.NamedFile
	listhttp.TakeInput
}

func (h listHandlers) take(ctx context.Context, in *takeInput) (*importedReply, error) {
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	t, err := h.lists.Take(ctx, name, in.Body(), in.Reason, false)
	if err != nil {
		return nil, problem(err)
	}
	if len(t.Faults) > 0 {
		return nil, listhttp.Faulty(name, t.Faults)
	}
	return &importedReply{CacheControl: "no-store", Body: importedOf(t, true)}, nil
}

func importedOf(t TakenList, taken bool) PremisesImported {
	out := PremisesImported{
		Taken: taken, Rows: len(t.Rows), Created: t.Count(lists.Created), Updated: t.Count(lists.Updated), Unchanged: t.Count(lists.Unchanged),
		Faulty: t.Count(lists.Faulty), FaultCount: len(t.Faults), Faults: []PremisesListFault{}, List: []PremisesListRow{},
		Ignored: append([]string{}, t.Ignored...),
	}
	for _, f := range t.Faults[:min(len(t.Faults), mostFaultsSaid)] {
		out.Faults = append(out.Faults, PremisesListFault{Row: f.Row, Column: f.Column, Value: f.Value, ZH: f.ZH, EN: f.EN})
	}
	for _, r := range t.Rows {
		if r.Outcome != lists.Created && r.Outcome != lists.Updated || len(out.List) == mostRowsSaid {
			continue
		}
		row := PremisesListRow{Row: r.Row, LedgerNo: r.LedgerNo, Name: r.Name, ID: r.RoomID, Outcome: string(r.Outcome), Changes: []PremisesListChange{}}
		for _, d := range r.Changes {
			row.Changes = append(row.Changes, PremisesListChange{d.Field, d.Before, d.After})
		}
		out.List = append(out.List, row)
	}
	return out
}
