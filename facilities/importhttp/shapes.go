package importhttp

import (
	"time"

	"yike/facilities/imports"
	"yike/internal/httpapi"
)

// ImportBatch is one file as a list shows it.
type ImportBatch struct {
	ID          string         `json:"id"`
	Version     int            `json:"version" doc:"Also its entity tag"`
	State       string         `json:"state" enum:"uploaded,mapped,checked,committing,committed,undoing,undone"`
	FileName    string         `json:"file_name"`
	FileSize    int64          `json:"file_size" doc:"Bytes"`
	SHA256      string         `json:"sha256" doc:"Of the file"`
	Division    string         `json:"division_code" doc:"Where its rows may lie"`
	Rows        int            `json:"rows"`
	Type        string         `json:"type" doc:"Of every row; empty where a column says it"`
	Counts      map[string]int `json:"counts" doc:"What would become of the rows, by outcome"`
	Done        map[string]int `json:"done" doc:"What became of those taken so far, by outcome"`
	Undone      map[string]int `json:"undone" doc:"Of an undo: removed, restored, changed (since, so they stay) and gone"`
	CheckJob    string         `json:"check_job" doc:"The last one asked for; empty for none"`
	CommitJob   string         `json:"commit_job"`
	UndoJob     string         `json:"undo_job"`
	Who         string         `json:"who"`
	CreatedAt   time.Time      `json:"created_at"`
	CheckedAt   *time.Time     `json:"checked_at" nullable:"true"`
	CommittedAt *time.Time     `json:"committed_at" nullable:"true"`
	UndoneAt    *time.Time     `json:"undone_at" nullable:"true"`
}

func counted(c imports.Counts) map[string]int {
	out := map[string]int{}
	for o, n := range c {
		out[string(o)] = n
	}
	return out
}

func batchOf(b imports.Batch) ImportBatch {
	undone := b.Undone
	if undone == nil {
		undone = map[string]int{}
	}
	return ImportBatch{
		ID: b.ID, Version: b.Version, State: string(b.State), FileName: b.FileName, FileSize: b.FileSize, SHA256: b.SHA256, Division: b.DivisionCode,
		Rows: b.RowCount, Type: string(b.Options.Type), Counts: counted(b.Counts), Done: counted(b.Done), Undone: undone,
		CheckJob: b.CheckJob, CommitJob: b.CommitJob, UndoJob: b.UndoJob, Who: b.AskedWho,
		CreatedAt: b.CreatedAt, CheckedAt: b.CheckedAt, CommittedAt: b.CommittedAt, UndoneAt: b.UndoneAt,
	}
}

// importDetail is one file with all that is known of it.
type importDetail struct {
	ImportBatch
	Current     bool               `json:"current" doc:"The counts are of the mapping as it is now"`
	Undoable    bool               `json:"undoable" doc:"It may be reversed as a whole still"`
	Reading     importReading      `json:"reading"`
	Profile     importProfile      `json:"profile"`
	Suggestions []importSuggestion `json:"suggestions" nullable:"false" doc:"For each column"`
	Targets     []importTarget     `json:"targets" nullable:"false" doc:"What columns may mean"`
	Mapping     importColumns      `json:"mapping"`
	Options     importOptions      `json:"options"`
	Same        []ImportBatch      `json:"same" nullable:"false" doc:"Earlier imports of the same file"`
	Saved       *importMapping     `json:"saved,omitempty" doc:"A mapping that was kept for such headings"`
}

func detailOf(d Detail) importDetail {
	out := importDetail{
		ImportBatch: batchOf(d.Batch), Current: d.Batch.Checked == d.Batch.Version, Undoable: d.Undoable,
		Reading: readingOf(d.Reading), Profile: profileOf(d.Batch.Profile),
		Suggestions: each(d.Suggestions, func(s imports.Suggestion) importSuggestion { return importSuggestion(s) }),
		Targets:     each(d.Targets, targetOf), Mapping: columnsOf(d.Batch.Mapping), Options: optionsOf(d.Batch.Options), Same: each(d.Same, batchOf),
	}
	if d.Saved != nil {
		m := mappingOf(*d.Saved)
		out.Saved = &m
	}
	return out
}

// importReply is a detail with its entity tag.
type importReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Location     string `header:"Location"`
	Body         importDetail
}

func replyOf(d Detail) *importReply {
	return &importReply{
		ETag: httpapi.ETag(d.Batch.Version), CacheControl: "no-store", Location: path + "/" + d.Batch.ID, Body: detailOf(d),
	}
}

// importRow is a row with what became, or would become, of it.
type importRow struct {
	Row        int            `json:"row" doc:"As the file counts its rows"`
	Cells      []string       `json:"cells" nullable:"false" doc:"In the order of the columns"`
	Outcome    string         `json:"outcome" enum:"create,unplaced,update,unchanged,skip,duplicate,error"`
	Facility   string         `json:"facility,omitempty" doc:"Id of the record that it is of"`
	Matched    string         `json:"matched,omitempty" doc:"How it was found: a key, row for an earlier import of the same row, decision"`
	PlacedBy   string         `json:"placed_by,omitempty"`
	Confidence int            `json:"confidence,omitempty" doc:"Of a position found from the address"`
	Faults     []importFault  `json:"faults" nullable:"false"`
	Changes    []importChange `json:"changes" nullable:"false"`
	Alike      []importAlike  `json:"alike" nullable:"false" doc:"Records that it may be of"`
	Verdict    string         `json:"verdict,omitempty" doc:"What was decided: same, new, skip"`
	Decided    string         `json:"decided_facility,omitempty" doc:"Of the verdict same"`
	Undo       string         `json:"undo,omitempty" doc:"What an undo did with it: removed, restored, changed, gone"`
}

func rowOf(s imports.Seen) importRow {
	r := s.Result
	return importRow{
		Row: s.Row.Number, Cells: none(s.Row.Cells), Outcome: string(r.Outcome), Facility: r.Facility, Matched: r.Matched, PlacedBy: string(r.PlacedBy),
		Confidence: r.Confidence,
		Faults:     each(r.Faults, func(f imports.Fault) importFault { return importFault(f) }),
		Changes:    each(r.Changes, func(c imports.Change) importChange { return importChange(c) }),
		Alike:      each(r.Alike, func(a imports.Alike) importAlike { return importAlike(a) }),
		Verdict:    string(s.Answer.Verdict), Decided: s.Answer.Facility, Undo: s.Undo,
	}
}

// none makes an empty list of a missing one.
func none[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// importMapping is a mapping that is kept.
type importMapping struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Mapping importColumns `json:"mapping"`
	Options importOptions `json:"options"`
	Who     string        `json:"who"`
	SavedAt string        `json:"saved_at"`
}

func mappingOf(s Saved) importMapping {
	return importMapping{ID: s.ID, Name: s.Name, Mapping: columnsOf(s.Mapping), Options: optionsOf(s.Options), Who: s.Who, SavedAt: s.SavedAt}
}
