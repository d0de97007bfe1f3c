package addresshttp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/lists"
	"yike/facilities/lists/listhttp"
	"yike/internal/httpapi"
)

// Imports takes registers of addresses that exist already. Besides those named its errors are
// problems already, or faults of the server. It is safe for concurrent use.
type Imports interface {
	// Take takes a file, once for each idempotency key, or tries it. *FileError.
	Take(ctx context.Context, name string, file io.Reader, s ImportSetting, reason string, trial bool) (TakenRegister, error)
	// Unmatched gives the rows that wait for a person, at most limit.
	Unmatched(ctx context.Context, limit int) ([]Unmatched, error)
	// Settle says of which address a row is, or of none. ErrNotFound, *record.InvalidError.
	Settle(ctx context.Context, id string, expected int, addressID, reason string) error
}

// ImportSetting is what a person says of a register beside the file.
type ImportSetting struct {
	System, CRS string
	Foreign     bool
	AccuracyM   float64
	Create      bool
}

// TakenRow is what becomes of a row.
type TakenRow struct {
	Row               int
	Address, Code, ID string
	Outcome, Reason   string
}

// TakenRegister is what becomes of a register.
type TakenRegister struct {
	Rows    []TakenRow
	Faults  []lists.Fault
	Ignored []string
	Columns map[string]string
	Made    int
	New     int
	Counts  map[string]int
}

// Unmatched is a row that waits for a person.
type Unmatched struct {
	ID, System, File, Reason string
	Version, No              int
	Row                      []byte // JSON
	Candidates               []string
}

// FileError says that a file cannot be read, or how it was to be read.
type FileError struct{ ZH, EN string }

// Error is the reason in English.
func (e *FileError) Error() string { return e.EN }

const importPath = "/api/v1/address-import"

// RegisterImports mounts what takes registers, and the list of what was not matched.
func RegisterImports(api huma.API, i Imports) {
	h := importHandlers{i}
	const about = "The body is the file itself: XLSX, CSV, GeoJSON and others, one address or plate on each row, at most 20,000. A row is known by its code, else by road or estate, number, " +
		"building, unit and room, from columns of their own or from the address as it is written. Codes and QR payloads are kept exactly as they are. What two names could hold, " +
		"what has no number that can be read and what has another code already is left to a person. "
	httpapi.Register(api, huma.Operation{
		OperationID: "try-address-import", Method: http.MethodPost, Path: importPath + "/trial", Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "Try a register: everything is done and nothing kept · 试导入地址台账", Description: about,
	}, h.try)
	httpapi.Register(api, huma.Operation{
		OperationID: "import-addresses", Method: http.MethodPost, Path: importPath, Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "Take a register of addresses or plates · 导入地址台账", Description: about + listhttp.Whole,
	}, h.take)
	httpapi.Register(api, huma.Operation{
		OperationID: "address-differences", Method: http.MethodGet, Path: "/api/v1/address-differences", Tags: tags(), Summary: "Rows that wait for a person · 待比对清单",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden},
	}, h.differences)
	httpapi.Register(api, huma.Operation{
		OperationID: "decide-address-difference", Method: http.MethodPost, Path: "/api/v1/address-differences/{id}/decide", Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Say of which address a row is, or that it is of none · 比对定案",
		Errors:  []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired},
	}, h.decide)
}

type importHandlers struct{ imports Imports }

// AddressImportInput is what a register is brought with beside its rows.
type AddressImportInput struct {
	httpapi.NamedFile
	System    string  `query:"system" required:"true" minLength:"1" maxLength:"50" doc:"What the register is called; its codes are kept under this name"`
	CRS       string  `query:"crs" required:"true" maxLength:"40" doc:"The coordinate system of its places" example:"CGCS2000"`
	Custody   string  `query:"custody" enum:"own,foreign" default:"own" doc:"foreign: another office numbers there, and what is made is read only"`
	AccuracyM float64 `query:"accuracy_m" minimum:"0" maximum:"5000" doc:"Metres within which its places are right"`
	Create    string  `query:"create" enum:"true,false" default:"true" doc:"Whether addresses that are not here yet are made"`
}

func (in AddressImportInput) setting() ImportSetting {
	return ImportSetting{System: in.System, CRS: in.CRS, Foreign: in.Custody == "foreign", AccuracyM: in.AccuracyM, Create: in.Create != "false"}
}

// AddressImportFault is what is wrong with a row.
type AddressImportFault struct {
	Row    int    `json:"row"`
	Column string `json:"column"`
	Value  string `json:"value,omitempty"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// AddressImportRow is what becomes of a row.
type AddressImportRow struct {
	Row     int    `json:"row"`
	Address string `json:"address"`
	Code    string `json:"code"`
	ID      string `json:"id,omitempty" doc:"Of the address that it is of"`
	Outcome string `json:"outcome" enum:"matched,created,difference"`
	Reason  string `json:"reason,omitempty" enum:",no_name,several,no_number,other,absent" doc:"Why it is left to a person"`
}

// AddressImported is what became of a register, or would become of it.
type AddressImported struct {
	Taken          bool                 `json:"taken" doc:"False of a trial"`
	Rows           int                  `json:"rows"`
	Unchanged      int                  `json:"unchanged"`
	Matched        int                  `json:"matched"`
	Created        int                  `json:"created"`
	Difference     int                  `json:"difference"`
	Made           int                  `json:"made" doc:"Addresses, with those that others are within"`
	NewDifferences int                  `json:"new_differences" doc:"That no file brought before"`
	FaultCount     int                  `json:"fault_count"`
	Faults         []AddressImportFault `json:"faults" nullable:"false" doc:"At most 500. One is enough that nothing is taken"`
	List           []AddressImportRow   `json:"list" nullable:"false" doc:"Rows that are not as they were, at most 500, those that wait for a person first"`
	Columns        map[string]string    `json:"columns" doc:"What each column was taken for: field to heading"`
	Ignored        []string             `json:"ignored" nullable:"false"`
}

type importReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressImported
}

const mostSaid = 500

func importedOf(t TakenRegister, taken bool) AddressImported {
	out := AddressImported{
		Taken: taken, Rows: len(t.Rows), Unchanged: t.Counts["unchanged"], Matched: t.Counts["matched"], Created: t.Counts["created"], Difference: t.Counts["difference"],
		Made: t.Made, NewDifferences: t.New, FaultCount: len(t.Faults), Faults: []AddressImportFault{}, List: []AddressImportRow{}, Columns: t.Columns, Ignored: append([]string{}, t.Ignored...),
	}
	for _, f := range t.Faults[:min(len(t.Faults), mostSaid)] {
		out.Faults = append(out.Faults, AddressImportFault{f.Row, f.Column, f.Value, f.ZH, f.EN})
	}
	for _, outcome := range []string{"difference", "matched", "created"} {
		for _, r := range t.Rows {
			if r.Outcome == outcome && len(out.List) < mostSaid {
				out.List = append(out.List, AddressImportRow(r))
			}
		}
	}
	return out
}

func (h importHandlers) try(ctx context.Context, in *AddressImportInput) (*importReply, error) {
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	t, err := h.imports.Take(ctx, name, in.Body(), in.setting(), "试导入 / trial", true)
	if err != nil {
		return nil, importProblem(err)
	}
	return &importReply{CacheControl: "no-store", Body: importedOf(t, false)}, nil
}

func (h importHandlers) take(ctx context.Context, in *struct {
	AddressImportInput
	listhttp.TakeInput
},
) (*importReply, error) {
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	t, err := h.imports.Take(ctx, name, in.Body(), in.setting(), in.Reason, false)
	if err != nil {
		return nil, importProblem(err)
	}
	if len(t.Faults) > 0 {
		return nil, listhttp.Faulty(name, t.Faults)
	}
	return &importReply{CacheControl: "no-store", Body: importedOf(t, true)}, nil
}

func importProblem(err error) error {
	var bad *FileError
	if errors.As(err, &bad) {
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_file", bad.ZH, bad.EN)
	}
	return problem(err)
}

// AddressDifference is a row that waits for a person.
type AddressDifference struct {
	ID         string          `json:"id"`
	Version    int             `json:"version"`
	System     string          `json:"system"`
	File       string          `json:"file"`
	Row        int             `json:"row"`
	Read       json.RawMessage `json:"read" doc:"What the row says"`
	Reason     string          `json:"reason"`
	Candidates []string        `json:"candidates" nullable:"false" doc:"Ids of addresses that it may be of"`
}

// AddressDifferences are the rows that wait for a person.
type AddressDifferences struct {
	Differences []AddressDifference `json:"differences" nullable:"false" doc:"The oldest first, at most 500"`
}

type differencesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         AddressDifferences
}

func (h importHandlers) differences(ctx context.Context, _ *struct{}) (*differencesReply, error) {
	list, err := h.imports.Unmatched(ctx, mostSaid)
	if err != nil {
		return nil, problem(err)
	}
	out := AddressDifferences{Differences: []AddressDifference{}}
	for _, u := range list {
		out.Differences = append(out.Differences, AddressDifference{u.ID, u.Version, u.System, u.File, u.No, u.Row, u.Reason, append([]string{}, u.Candidates...)})
	}
	return &differencesReply{CacheControl: "no-store", Body: out}, nil
}

func (h importHandlers) decide(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body    struct {
		AddressID string `json:"address_id,omitempty" maxLength:"64" doc:"The address that the row is of; left out where it is of none"`
		Reason    string `json:"reason" minLength:"1" maxLength:"500"`
	}
},
) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	if err := h.imports.Settle(ctx, in.ID, expected, in.Body.AddressID, in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // 204 has no content
}
