package estatehttp

import "yike/facilities/estates/estatelist"

// EstateListFault is what is wrong with a cell of a file.
type EstateListFault struct {
	Sheet  string `json:"sheet" doc:"Or layer; empty where only one was read"`
	Row    int    `json:"row" doc:"As people count in the file; 0 for the sheet or the file as a whole"`
	Column string `json:"column" doc:"Heading in the file; empty for the row as a whole, and for its shape"`
	Value  string `json:"value,omitempty"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// EstateListRemark is what a person should know of a row, or of a file where the row is 0.
type EstateListRemark struct {
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// EstateListChange is a field that a row changes.
type EstateListChange struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// EstateListRow is what becomes of a row.
type EstateListRow struct {
	Sheet    string             `json:"sheet"`
	Row      int                `json:"row"`
	Kind     string             `json:"kind" enum:"estate,room"`
	Name     string             `json:"name" doc:"Of the estate or of the room"`
	Estate   string             `json:"estate" doc:"The name of the room's estate"`
	EstateID string             `json:"estate_id,omitempty" doc:"None of one that is new and was only tried"`
	Outcome  string             `json:"outcome" enum:"created,updated"`
	Changes  []EstateListChange `json:"changes" nullable:"false" doc:"Of one that is updated"`
}

// EstateListTally counts the rows of a kind by what becomes of them.
type EstateListTally struct {
	Rows      int `json:"rows"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Faulty    int `json:"faulty"`
}

// EstateListSheet is a sheet or a layer as it was read.
type EstateListSheet struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind" enum:"estates,rooms,nothing" doc:"What it lists; one of nothing was passed over"`
	Rows    int      `json:"rows"`
	CRS     string   `json:"crs" doc:"Of its shapes and positions; empty where it has none"`
	Ignored []string `json:"ignored" nullable:"false" doc:"Headings that nothing is known of, whose columns are not taken"`
}

// EstatesImported is what became of a file, or would become of it.
type EstatesImported struct {
	Taken      bool               `json:"taken" doc:"False of a trial"`
	Estates    EstateListTally    `json:"estates"`
	Rooms      EstateListTally    `json:"rooms"`
	FaultCount int                `json:"fault_count"`
	Faults     []EstateListFault  `json:"faults" nullable:"false" doc:"At most 500. One is enough that nothing is taken"`
	Remarks    []EstateListRemark `json:"remarks" nullable:"false" doc:"What is well to know and no fault: units that were converted, names that are there elsewhere. At most 500"`
	List       []EstateListRow    `json:"list" nullable:"false" doc:"Rows that are new or change something, at most 500"`
	Sheets     []EstateListSheet  `json:"sheets" nullable:"false"`
}

type importedReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstatesImported
}

func importedOf(t TakenFile, taken bool) EstatesImported {
	out := EstatesImported{
		Taken: taken, Estates: EstateListTally(t.Estates), Rooms: EstateListTally(t.Rooms), FaultCount: len(t.Faults),
		Faults: []EstateListFault{}, Remarks: []EstateListRemark{}, List: []EstateListRow{}, Sheets: []EstateListSheet{},
	}
	for _, f := range t.Faults[:min(len(t.Faults), mostFaultsTold)] {
		out.Faults = append(out.Faults, EstateListFault{Sheet: f.Sheet, Row: f.Row, Column: f.Column, Value: f.Value, ZH: f.ZH, EN: f.EN})
	}
	for _, r := range t.Remarks[:min(len(t.Remarks), mostFaultsTold)] {
		out.Remarks = append(out.Remarks, EstateListRemark(r))
	}
	for _, r := range t.Rows {
		out.List = append(out.List, importedRow(r))
	}
	for _, s := range t.Sheets {
		out.Sheets = append(out.Sheets, EstateListSheet{Name: s.Name, Kind: s.Kind, Rows: s.Rows, CRS: s.CRS, Ignored: append([]string{}, s.Ignored...)})
	}
	return out
}

func importedRow(r estatelist.TakenRow) EstateListRow {
	row := EstateListRow{
		Sheet: r.Sheet, Row: r.Row, Kind: "estate", Name: r.Name, Estate: r.Estate, EstateID: r.EstateID, Outcome: string(r.Outcome), Changes: []EstateListChange{},
	}
	if r.Room {
		row.Kind = "room"
	}
	for _, d := range r.Changes {
		row.Changes = append(row.Changes, EstateListChange(d))
	}
	return row
}
