package nameimporthttp

import (
	"yike/placenames"
	"yike/placenames/namelist"
)

// NameImportFault is what is wrong with a cell of a list.
type NameImportFault struct {
	Sheet  string `json:"sheet" doc:"Or layer; empty where only one was read"`
	Row    int    `json:"row" doc:"As people count in the file; 0 for the sheet or the file as a whole"`
	Column string `json:"column" doc:"Heading in the file; empty for the row as a whole, and for its shape"`
	Value  string `json:"value,omitempty"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// NameImportRemark is what a person should know of a row, or of a list where the row is 0.
type NameImportRemark struct {
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// NameImportChange is a field that a row changes.
type NameImportChange struct {
	Field  string `json:"field"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// NameImportRow is what becomes of a row.
type NameImportRow struct {
	Sheet   string             `json:"sheet"`
	Row     int                `json:"row"`
	Text    string             `json:"text"`
	NameID  string             `json:"name_id,omitempty" doc:"None of one that is new and was only tried"`
	Outcome string             `json:"outcome" enum:"created,updated"`
	Changes []NameImportChange `json:"changes" nullable:"false" doc:"Of one that is there"`
}

// NameImportHead is a heading and the field that it means.
type NameImportHead struct {
	Text  string `json:"text"`
	Field string `json:"field" doc:"Code; empty for one that is passed over"`
}

// NameImportSheet is a sheet or a layer as it was read.
type NameImportSheet struct {
	Name  string           `json:"name"`
	Read  bool             `json:"read" doc:"It has a column of names; else it was passed over"`
	Rows  int              `json:"rows"`
	CRS   string           `json:"crs" doc:"Of its shapes and positions; empty where it has none"`
	Heads []NameImportHead `json:"heads" nullable:"false"`
}

// NameImportWord is a word of the column of kinds.
type NameImportWord struct {
	Word    string `json:"word" doc:"Empty for rows without one"`
	Rows    int    `json:"rows"`
	Kind    string `json:"kind" doc:"Code of the kind; empty where the generic of each name tells it, or nobody"`
	Unknown int    `json:"unknown" doc:"Rows of which nobody knows the kind"`
}

// NameImported is what became of a list, or would become of it.
type NameImported struct {
	Taken       bool               `json:"taken" doc:"False of a trial"`
	Rows        int                `json:"rows"`
	Created     int                `json:"created"`
	Updated     int                `json:"updated"`
	Unchanged   int                `json:"unchanged"`
	Faulty      int                `json:"faulty"`
	FaultCount  int                `json:"fault_count"`
	Faults      []NameImportFault  `json:"faults" nullable:"false" doc:"At most 500. One is enough that nothing is taken"`
	RemarkCount int                `json:"remark_count"`
	Remarks     []NameImportRemark `json:"remarks" nullable:"false" doc:"What is well to know and no fault: other records of the name, spellings that the rules have otherwise. At most 500"`
	List        []NameImportRow    `json:"list" nullable:"false" doc:"Rows that are new or change something, at most 500"`
	Sheets      []NameImportSheet  `json:"sheets" nullable:"false"`
	Words       []NameImportWord   `json:"words" nullable:"false"`
	Fields      []placenames.Code  `json:"fields" nullable:"false" doc:"The fields that headings may mean"`
}

type importedReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameImported
}

func (handlers) imported(t Taken, taken bool) NameImported {
	out := NameImported{
		Taken: taken, Rows: t.Total, Created: t.Created, Updated: t.Updated, Unchanged: t.Unchanged, Faulty: t.Faulty, FaultCount: len(t.Faults), RemarkCount: t.Remarked,
		Faults: []NameImportFault{}, Remarks: []NameImportRemark{}, List: []NameImportRow{}, Sheets: []NameImportSheet{}, Words: []NameImportWord{}, Fields: []placenames.Code{},
	}
	for _, f := range t.Faults[:min(len(t.Faults), mostTold)] {
		out.Faults = append(out.Faults, NameImportFault{Sheet: f.Sheet, Row: f.Row, Column: f.Column, Value: f.Value, ZH: f.ZH, EN: f.EN})
	}
	for _, r := range t.Remarks {
		out.Remarks = append(out.Remarks, NameImportRemark(r))
	}
	for _, r := range t.Rows {
		row := NameImportRow{Sheet: r.Sheet, Row: r.Row, Text: r.Text, NameID: r.NameID, Outcome: string(r.Outcome), Changes: []NameImportChange{}}
		for _, d := range r.Changes {
			row.Changes = append(row.Changes, NameImportChange(d))
		}
		out.List = append(out.List, row)
	}
	for _, s := range t.Sheets {
		sheet := NameImportSheet{Name: s.Name, Read: s.Read, Rows: s.Rows, CRS: s.CRS, Heads: []NameImportHead{}}
		for _, head := range s.Heads {
			sheet.Heads = append(sheet.Heads, NameImportHead{Text: head[0], Field: head[1]})
		}
		out.Sheets = append(out.Sheets, sheet)
	}
	for _, w := range t.Words {
		out.Words = append(out.Words, NameImportWord(w))
	}
	for _, c := range namelist.Columns() {
		out.Fields = append(out.Fields, placenames.Code{Code: c.Code, ZH: c.ZH, EN: c.EN})
	}
	return out
}
