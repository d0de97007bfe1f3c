package imports

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"yike/facilities"
)

//go:embed words.json
var wordsJSON []byte

// words are what people call things in their lists, besides their names in the catalogue.
type words struct {
	Headers map[string][]string            `json:"headers"` // by target
	Ignore  []string                       `json:"ignore"`  // headings of columns that say nothing of a facility
	Status  map[facilities.Status][]string `json:"status"`
	Type    map[facilities.Type][]string   `json:"type"`
	Yes     []string                       `json:"yes"`
	No      []string                       `json:"no"`
}

func readWords() (words, error) {
	var w words
	if err := json.Unmarshal(wordsJSON, &w); err != nil {
		return w, fmt.Errorf("read the words of imports: %w", err)
	}
	return w, nil
}

// Kind says how the cells of a target are read.
type Kind string

// The kinds. Those that a field of a type may have go by the names that the catalogue has
// for them.
const (
	KindText    Kind = "text"
	KindInteger Kind = "integer"
	KindNumber  Kind = "number"
	KindChoice  Kind = "choice"
	KindChoices Kind = "choices"
	KindDay     Kind = "day"
	KindBoolean Kind = "boolean"
	KindHours   Kind = "hours"
	KindPhone   Kind = "phone"
	KindYear    Kind = "year"

	KindCode        Kind = "code"        // letters and digits of a register, without spaces
	KindType        Kind = "type"        // of facility
	KindStatus      Kind = "status"      // of the place
	KindDivision    Kind = "division"    // a community or a subdistrict, by name or code
	KindCommunities Kind = "communities" // several
	KindCoordinate  Kind = "coordinate"  // one of two, or both in one cell
)

// Choice is one value of a choice.
type Choice struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// Target is what a column may mean.
type Target struct {
	Field   string   `json:"field"` // as the API calls it: name_zh, fields.beds; or one of the Field… words below
	ZH      string   `json:"zh"`
	EN      string   `json:"en"`
	Kind    Kind     `json:"kind"`
	Unit    string   `json:"unit,omitempty"`
	Choices []Choice `json:"choices,omitempty"`
	Group   string   `json:"group"` // record, place, code or type
	HintZH  string   `json:"hint_zh,omitempty"`
	HintEN  string   `json:"hint_en,omitempty"`
	Needed  bool     `json:"needed,omitempty"` // for publication

	words []string // headings it goes by, as plain gives them
}

// The targets that are no field of a record but say where it is.
const (
	FieldCommunity   = "community"
	FieldSubdistrict = "subdistrict"
	FieldDivision    = "division_code"
	FieldLon         = "lon"
	FieldLat         = "lat"
	FieldLonLat      = "lonlat"
)

// Ignored is the target of a column that is not taken (不导入).
const Ignored = "-"

// recordTargets are those that every type has.
func recordTargets() []Target {
	return []Target{
		{Field: "name_zh", ZH: "名称", EN: "name", Kind: KindText, Group: "record", Needed: true},
		{Field: "type", ZH: "类型", EN: "type", Kind: KindType, Group: "record"},
		{Field: "status", ZH: "状态", EN: "status", Kind: KindStatus, Group: "record"},
		{Field: "name_en", ZH: "英文名", EN: "English name", Kind: KindText, Group: "record"},
		{Field: "capacity", ZH: "容量", EN: "capacity", Kind: KindInteger, Group: "record"},
		{Field: "serves", ZH: "服务村居", EN: "communities served", Kind: KindCommunities, Group: "record"},
		{Field: "verified_on", ZH: "最近核实日期", EN: "last verified", Kind: KindDay, Group: "record"},
		{Field: "address", ZH: "地址", EN: "address", Kind: KindText, Group: "place"},
		{Field: FieldCommunity, ZH: "所属村居", EN: "community", Kind: KindDivision, Group: "place"},
		{Field: FieldSubdistrict, ZH: "所属街镇", EN: "subdistrict", Kind: KindDivision, Group: "place"},
		{Field: FieldDivision, ZH: "辖区编码", EN: "division code", Kind: KindDivision, Group: "place"},
		{Field: FieldLon, ZH: "经度（X）", EN: "longitude (x)", Kind: KindCoordinate, Group: "place"},
		{Field: FieldLat, ZH: "纬度（Y）", EN: "latitude (y)", Kind: KindCoordinate, Group: "place"},
		{Field: FieldLonLat, ZH: "经纬度（同一格）", EN: "both coordinates in one cell", Kind: KindCoordinate, Group: "place"},
		{Field: "uscc", ZH: "统一社会信用代码", EN: "unified social credit code", Kind: KindCode, Group: "code"},
		{Field: "institution_code", ZH: "上级系统机构编码", EN: "institution code", Kind: KindCode, Group: "code"},
		{Field: "bureau_no", ZH: "本局编号", EN: "bureau's number", Kind: KindCode, Group: "code"},
		{Field: "source_id", ZH: "来源编号", EN: "source id", Kind: KindText, Group: "code"},
	}
}

// Targets lists what the columns of a file of these types may mean: what every record
// has, and then what the types declare, each once. The error is of the embedded words; a
// test keeps it nil.
func Targets(types []facilities.TypeInfo) ([]Target, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	list := recordTargets()
	for _, info := range types {
		for _, t := range declared(info) {
			if !slices.ContainsFunc(list, func(have Target) bool { return have.Field == t.Field }) {
				list = append(list, t)
			}
		}
	}
	for i := range list {
		t := &list[i]
		code := strings.TrimPrefix(t.Field, facilities.FieldPrefix)
		for _, word := range append([]string{t.Field, code, t.ZH, t.EN}, w.Headers[t.Field]...) {
			if p := plain(word); p != "" && !slices.Contains(t.words, p) {
				t.words = append(t.words, p)
			}
		}
	}
	return list, nil
}
