package importhttp

import (
	"yike/facilities"
	"yike/facilities/imports"
	"yike/internal/record"
)

// importReading says how a file is read.
type importReading struct {
	Kind      string         `json:"kind" doc:"xlsx, csv, tsv, geojson, geojsonl, gpkg, shapefile, kml or kmz"`
	Encoding  string         `json:"encoding,omitempty"`
	Delimiter string         `json:"delimiter,omitempty"`
	Tables    []importTable  `json:"tables" nullable:"false" doc:"Sheets or layers"`
	Table     string         `json:"table" doc:"The one that is read; empty for a simple file"`
	HeaderRow int            `json:"header_row" doc:"The first row of headings; 0 for a format without"`
	CRS       string         `json:"crs,omitempty" doc:"That the file itself declares"`
	Type      string         `json:"type,omitempty" doc:"That one of our templates is for"`
	Notes     []importRemark `json:"notes" nullable:"false"`
}

type importTable struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	Hidden bool   `json:"hidden,omitempty"`
}

type importRemark struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func readingOf(r imports.Reading) importReading {
	return importReading{
		Kind: r.Kind, Encoding: r.Encoding, Delimiter: r.Delimiter, Table: r.Table, HeaderRow: r.HeaderRow, CRS: r.CRS, Type: r.Type,
		Tables: each(r.Tables, func(t imports.Tabular) importTable { return importTable(t) }),
		Notes:  each(r.Notes, func(n imports.Note) importRemark { return importRemark(n) }),
	}
}

// each makes a list of another one; never nil.
func each[A, B any](list []A, of func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = of(v)
	}
	return out
}

// importProfile is what is in a file.
type importProfile struct {
	Columns []importSource     `json:"columns" nullable:"false"`
	Rows    []importPreviewRow `json:"rows" nullable:"false" doc:"The first 20"`
	Count   int                `json:"count"`
	Faulty  int                `json:"faulty" doc:"Rows that cannot be read at all"`
}

type importSource struct {
	Header  string        `json:"header"`
	Code    string        `json:"code,omitempty" doc:"The field that the file itself names, as our templates do"`
	Filled  int           `json:"filled" doc:"Rows that have something in it"`
	Samples []string      `json:"samples" nullable:"false" doc:"The first three different values"`
	Values  []importValue `json:"values" nullable:"true" doc:"All different values with how often each is there; null where there are too many"`
}

type importValue struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

type importPreviewRow struct {
	Number int      `json:"number"`
	Cells  []string `json:"cells" nullable:"false"`
}

func profileOf(p imports.Profile) importProfile {
	return importProfile{
		Count: p.Count, Faulty: p.Faulty,
		Columns: each(p.Columns, func(c imports.Filled) importSource {
			s := importSource{Header: c.Header, Code: c.Code, Filled: c.Filled, Samples: none(c.Samples)}
			if c.Values != nil {
				s.Values = each(c.Values, func(v imports.ValueCount) importValue { return importValue(v) })
			}
			return s
		}),
		Rows: each(p.Rows, func(r imports.PreviewRow) importPreviewRow { return importPreviewRow{r.Number, none(r.Cells)} }),
	}
}

// importSuggestion is what a column may mean.
type importSuggestion struct {
	Field string `json:"field" doc:"Empty for nothing that is known; - for a column that says nothing of a facility"`
	Score int    `json:"score" doc:"1 to 100; 0 without a field"`
	ZH    string `json:"zh" doc:"Why"`
	EN    string `json:"en"`
}

// importTarget is what columns may mean.
type importTarget struct {
	Field   string         `json:"field"`
	ZH      string         `json:"zh"`
	EN      string         `json:"en"`
	Kind    string         `json:"kind"`
	Unit    string         `json:"unit,omitempty"`
	Choices []importChoice `json:"choices,omitempty" nullable:"false"`
	Group   string         `json:"group" enum:"record,place,code,type"`
	HintZH  string         `json:"hint_zh,omitempty"`
	HintEN  string         `json:"hint_en,omitempty"`
	Needed  bool           `json:"needed,omitempty" doc:"For publication"`
}

type importChoice struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

func targetOf(t imports.Target) importTarget {
	return importTarget{
		Field: t.Field, ZH: t.ZH, EN: t.EN, Kind: string(t.Kind), Unit: t.Unit, Group: t.Group, HintZH: t.HintZH, HintEN: t.HintEN, Needed: t.Needed,
		Choices: each(t.Choices, func(c imports.Choice) importChoice { return importChoice(c) }),
	}
}

// importColumns says what each column means, in the order of the file.
type importColumns struct {
	Columns []importColumn `json:"columns" nullable:"false" maxItems:"200"`
}

type importColumn struct {
	Header string            `json:"header" maxLength:"500"`
	Field  string            `json:"field" maxLength:"100" doc:"Of a target; - is not taken; empty is not decided"`
	Steps  []string          `json:"steps,omitempty" maxItems:"8" nullable:"false" doc:"trim, half, number, date, words or raw; all that fit when left out"`
	Words  map[string]string `json:"words,omitempty" doc:"What a cell says, and the value that it means"`
}

func columnsOf(m imports.Mapping) importColumns {
	return importColumns{each(m.Columns, func(c imports.Column) importColumn {
		return importColumn{c.Header, c.Field, each(c.Steps, func(s imports.Step) string { return string(s) }), c.Words}
	})}
}

func (m importColumns) mapping() imports.Mapping {
	return imports.Mapping{Columns: each(m.Columns, func(c importColumn) imports.Column {
		out := imports.Column{Header: c.Header, Field: c.Field, Words: c.Words}
		for _, s := range c.Steps {
			out.Steps = append(out.Steps, imports.Step(s))
		}
		return out
	})}
}

// importOptions says how rows are taken.
type importOptions struct {
	Mode       string `json:"mode" enum:"upsert,create,update" doc:"upsert: new rows become records, known ones change theirs"`
	Key        string `json:"key" enum:"none,id,bureau_no,institution_code,uscc,source_id,name_community" doc:"By what a row finds its record"`
	Blank      string `json:"blank" enum:"keep,clear" doc:"What an empty cell means"`
	Type       string `json:"type,omitempty" maxLength:"64" doc:"Of every row; empty where a column says it"`
	Status     string `json:"status,omitempty" enum:",planned,building,open,suspended,closed" doc:"Of new records without one; open by default"`
	Stage      string `json:"stage,omitempty" enum:",draft,submitted,published" doc:"Of new records; empty publishes what is complete, where the account may"`
	CRS        string `json:"crs,omitempty" maxLength:"100" doc:"Key of a guess; empty is WGS 84 in degrees"`
	Duplicates bool   `json:"duplicates,omitempty" doc:"Look for records that new rows may be of"`
	Reason     string `json:"reason,omitempty" maxLength:"500" doc:"Why; it is in the history of every record"`
	ValidFrom  string `json:"valid_from,omitempty" maxLength:"10" doc:"First day on which it is so; today when left out"`
}

func optionsOf(o imports.Options) importOptions {
	return importOptions{
		Mode: string(o.Mode), Key: string(o.Key), Blank: string(o.Blank), Type: string(o.Type), Status: string(o.Status), Stage: string(o.Stage),
		CRS: o.CRS, Duplicates: o.Duplicates, Reason: o.Reason, ValidFrom: string(o.ValidFrom),
	}
}

func (o importOptions) options() imports.Options {
	return imports.Options{
		Mode: imports.Mode(o.Mode), Key: imports.Key(o.Key), Blank: imports.Blank(o.Blank), Type: facilities.Type(o.Type), Status: facilities.Status(o.Status),
		Stage: facilities.Stage(o.Stage), CRS: o.CRS, Duplicates: o.Duplicates, Reason: o.Reason, ValidFrom: record.Day(o.ValidFrom),
	}
}

// importFault is one thing that is wrong, or doubtful, with a row.
type importFault struct {
	Column  string `json:"column,omitempty" doc:"Heading of the column in the file; empty for the row"`
	Field   string `json:"field,omitempty"`
	Value   string `json:"value,omitempty"`
	Code    string `json:"code" doc:"Stable word" example:"bad_number"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	HintZH  string `json:"hint_zh,omitempty" doc:"What to do about it"`
	HintEN  string `json:"hint_en,omitempty"`
	Warning bool   `json:"warning,omitempty" doc:"The row is taken all the same"`
}

// importChange is one field that a row changes.
type importChange struct {
	Field  string `json:"field"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// importAlike is a record, or an earlier row of the same file, that a row may be of.
type importAlike struct {
	Facility string `json:"facility,omitempty"`
	Row      int    `json:"row,omitempty"`
	Name     string `json:"name"`
	Address  string `json:"address,omitempty"`
	Score    int    `json:"score"`
	ZH       string `json:"zh" doc:"What is alike"`
	EN       string `json:"en"`
}
