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
type Choice = facilities.Choice

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
		{Field: "id", ZH: "登记编号", EN: "record id", Kind: KindCode, Group: "code"},
		{Field: "source_id", ZH: "来源编号", EN: "source id", Kind: KindText, Group: "code"},
	}
}

// Language is what people call the things of a catalogue in their lists: targets, types,
// statuses, yes and no. It is read-only once made and may be used by many at once.
type Language struct {
	types   []facilities.TypeInfo
	targets []Target
	ofType  map[facilities.Type]map[string]Target
	ignore  []string

	typeWord   map[string]facilities.Type
	statusWord map[string]facilities.Status
	yesNo      map[string]bool
}

// NewLanguage makes the language of a catalogue. The error is of the embedded words; a
// test keeps it nil.
func NewLanguage(types []facilities.TypeInfo) (*Language, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	l := &Language{
		types: types, targets: recordTargets(), ofType: map[facilities.Type]map[string]Target{}, ignore: w.Ignore,
		typeWord: map[string]facilities.Type{}, statusWord: map[string]facilities.Status{}, yesNo: map[string]bool{},
	}
	for _, info := range types {
		l.ofType[info.Type] = map[string]Target{}
		for _, t := range declared(info) {
			l.ofType[info.Type][t.Field] = t
			if !slices.ContainsFunc(l.targets, func(have Target) bool { return have.Field == t.Field }) {
				l.targets = append(l.targets, t)
			}
		}
	}
	for i := range l.targets {
		t := &l.targets[i]
		code := strings.TrimPrefix(t.Field, facilities.FieldPrefix)
		t.goBy(append([]string{t.Field, code, t.ZH, t.EN}, w.Headers[t.Field]...)...)
	}
	l.otherNames()
	l.learn(w)
	return l, nil
}

// goBy adds headings that a target goes by, behind those it has.
func (t *Target) goBy(headings ...string) {
	for _, word := range headings {
		if p := plain(word); p != "" && !slices.Contains(t.words, p) {
			t.words = append(t.words, p)
		}
	}
}

// otherNames adds what single types call a field that several have, such as 服务人数 and
// 可安置人数 for places, unless another field goes by it.
func (l *Language) otherNames() {
	known := map[string]bool{}
	for _, t := range l.targets {
		for _, word := range t.words {
			known[word] = true
		}
	}
	for i := range l.targets {
		for _, info := range l.types {
			own := l.ofType[info.Type][l.targets[i].Field]
			for _, word := range []string{own.ZH, own.EN} {
				if !known[plain(word)] {
					l.targets[i].goBy(word)
				}
			}
		}
	}
}

// learn takes in what people call types, statuses, yes and no.
func (l *Language) learn(w words) {
	for t, list := range w.Type {
		for _, word := range list {
			l.typeWord[plain(word)] = t
		}
	}
	for _, info := range l.types {
		for _, word := range []string{string(info.Type), info.ZH, info.EN} {
			l.typeWord[plain(word)] = info.Type
		}
	}
	for s, list := range w.Status {
		for _, word := range append([]string{string(s)}, list...) {
			l.statusWord[plain(word)] = s
		}
	}
	for _, word := range w.Yes {
		l.yesNo[plain(word)] = true
	}
	for _, word := range w.No {
		l.yesNo[plain(word)] = false
	}
}

// Targets lists what the columns of a file may mean: what every record has, and then what
// the types declare, each once. The fields of one type are those that it declares.
func (l *Language) Targets() []Target { return l.targets }

// TargetsOf are Targets for a file of one type.
func (l *Language) TargetsOf(t facilities.Type) []Target {
	own, ok := l.ofType[t]
	if !ok {
		return l.targets
	}
	var out []Target
	for _, target := range l.targets {
		if o, is := own[target.Field]; is {
			o.goBy(o.ZH, o.EN) // as this type calls it, before what others do
			o.goBy(target.words...)
			out = append(out, o)
		} else if !strings.HasPrefix(target.Field, facilities.FieldPrefix) {
			out = append(out, target)
		}
	}
	return out
}

// Types are the catalogue.
func (l *Language) Types() []facilities.TypeInfo { return l.types }
