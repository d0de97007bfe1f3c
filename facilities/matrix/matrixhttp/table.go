package matrixhttp

import (
	"yike/facilities/matrix"
	"yike/geo/divisions"
	"yike/internal/rules"
)

// MatrixText is a sentence in both languages.
type MatrixText struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// MatrixRef is a facility as a cell names it.
type MatrixRef struct {
	ID       string   `json:"id"`
	NameZH   string   `json:"name_zh"`
	NameEN   string   `json:"name_en"`
	Division string   `json:"division_code" doc:"Where it stands"`
	Area     string   `json:"service_area,omitempty" doc:"By which service area (片区) it serves"`
	Year     int      `json:"year,omitempty" doc:"In which a planned one opens, where known"`
	FloorM2  *float64 `json:"floor_m2,omitempty" doc:"Where known"`
	Lon      *float64 `json:"lon,omitempty" doc:"Left out where nobody placed it"`
	Lat      *float64 `json:"lat,omitempty"`
	Example  bool     `json:"example,omitempty" doc:"Placed by rule, not a real place: label it 示例"`
}

// MatrixCell is what a community has of a column.
type MatrixCell struct {
	State     string      `json:"state" enum:",own,shared,planned,none,not_applicable" doc:"Empty in lines of what stands in no community"`
	Own       []MatrixRef `json:"own,omitempty"`
	Shared    []MatrixRef `json:"shared,omitempty" doc:"That stand elsewhere and serve it"`
	Planned   []MatrixRef `json:"planned,omitempty"`
	Suspended []MatrixRef `json:"suspended,omitempty"`
}

// MatrixColumn is a column of the table.
type MatrixColumn struct {
	ID       string   `json:"id"`
	Types    []string `json:"types" nullable:"false" doc:"Of which any will do"`
	ZH       string   `json:"zh"`
	EN       string   `json:"en"`
	Unit     string   `json:"unit" enum:"community,subdistrict,district" doc:"Which division is to have one"`
	Asked    bool     `json:"asked" doc:"A text asks for one in each: where there is none, it is lacking"`
	Setting  string   `json:"setting" enum:",urban,rural" doc:"Only communities of this setting are to have one"`
	SourceZH string   `json:"source_zh" doc:"The text that asks for it, or says how far one serves; empty where none does"`
	SourceEN string   `json:"source_en"`
	Grade    string   `json:"grade" doc:"Of the evidence"`
}

// MatrixOffer is a column that the table may have.
type MatrixOffer struct {
	ID    string `json:"id"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Unit  string `json:"unit"`
	Usual bool   `json:"usual"`
}

// MatrixPremises is what a community has of premises, against the norm.
type MatrixPremises struct {
	Source          string   `json:"source" enum:",ledger,registry,shared" doc:"Rooms of the ledger, floor areas of the registry, or another community's; empty where some area is unknown"`
	AreaM2          *float64 `json:"area_m2" nullable:"true" doc:"Its own; null when unknown"`
	RegistryM2      *float64 `json:"registry_m2,omitempty" doc:"What the registry says, where the ledger is the source"`
	Households      *int     `json:"households" nullable:"true"`
	HouseholdSource string   `json:"household_source" enum:",division,buildings,below"`
	SharedBy        int      `json:"shared_by" doc:"Communities that share what it has"`
	Per100          *float64 `json:"per_100_households" nullable:"true"`
	Outcome         string   `json:"outcome" enum:",pass,fail,undetermined" doc:"Empty where no rule is for it"`
	Rule            string   `json:"rule,omitempty" example:"RAT-01"`
	Severity        string   `json:"severity,omitempty" enum:"error,warning,info"`
	Threshold       *float64 `json:"threshold" nullable:"true"`
	Strict          bool     `json:"strict" doc:"The threshold itself does not pass"`
}

// MatrixRow is the line of a community.
type MatrixRow struct {
	Code     string         `json:"code"`
	NameZH   string         `json:"name_zh"`
	NameEN   string         `json:"name_en"`
	Setting  string         `json:"setting" enum:",urban,rural"`
	Bounds   []float64      `json:"bounds,omitempty" doc:"West, south, east, north; left out where no boundary is known"`
	Gap      bool           `json:"gap" doc:"Something is lacking"`
	Cells    []MatrixCell   `json:"cells" nullable:"false" doc:"One for each column"`
	Premises MatrixPremises `json:"premises"`
}

// MatrixSum is what a column comes to in a wider division.
type MatrixSum struct {
	Facilities    int      `json:"facilities" doc:"Open ones that stand there, each once"`
	Planned       int      `json:"planned"`
	Suspended     int      `json:"suspended"`
	Own           int      `json:"own" doc:"Communities"`
	Shared        int      `json:"shared" doc:"Communities"`
	PlannedOnly   int      `json:"planned_only" doc:"Communities"`
	None          int      `json:"none" doc:"Communities"`
	NotApplicable int      `json:"not_applicable" doc:"Communities"`
	Coverage      *float64 `json:"coverage" nullable:"true" doc:"Communities that have or share one, of those that are to; null where none is"`
	State         string   `json:"state" enum:",own,shared,planned,none" doc:"Of the wider division itself, where it is the column's unit"`
}

// MatrixTotal is what premises come to over several communities.
type MatrixTotal struct {
	AreaM2      float64  `json:"area_m2"`
	Households  int      `json:"households"`
	Communities int      `json:"communities"`
	Unknown     int      `json:"unknown" doc:"Communities of which area or households are unknown, which the rate leaves out"`
	Per100      *float64 `json:"per_100_households" nullable:"true"`
	Met         int      `json:"met"`
	Short       int      `json:"short"`
	Undecided   int      `json:"undecided"`
}

// MatrixGroup is a subdistrict with its communities.
type MatrixGroup struct {
	Code     string       `json:"code" doc:"Empty for what is in no subdistrict"`
	NameZH   string       `json:"name_zh"`
	NameEN   string       `json:"name_en"`
	Rows     []MatrixRow  `json:"rows" nullable:"false"`
	Rest     []MatrixCell `json:"rest,omitempty" doc:"What stands in no community of it, where there is any: one for each column"`
	Sums     []MatrixSum  `json:"sums" nullable:"false"`
	Premises MatrixTotal  `json:"premises"`
}

// MatrixNorm is a rule that applies in the district.
type MatrixNorm struct {
	Rule      string     `json:"rule"`
	Title     MatrixText `json:"title"`
	Severity  string     `json:"severity"`
	Threshold *float64   `json:"threshold" nullable:"true"`
	Strict    bool       `json:"strict"`
	Source    MatrixText `json:"source"`
	Sentence  MatrixText `json:"sentence"`
	Grade     string     `json:"grade"`
	Note      MatrixText `json:"note"`
}

// MatrixLevelLine is what a subdistrict has of the second and third level.
type MatrixLevelLine struct {
	Code         string      `json:"code"`
	NameZH       string      `json:"name_zh"`
	NameEN       string      `json:"name_en"`
	State        string      `json:"state" enum:"met,small,area_unknown,planned,none"`
	Centres      []MatrixRef `json:"centres" nullable:"false"`
	Severity     string      `json:"severity,omitempty"`
	Communities  int         `json:"communities"`
	WithPlace    int         `json:"with_place" doc:"Communities that have or share an elderly-care place"`
	WithPremises int         `json:"with_premises" doc:"Communities that have or share community premises"`
	Lacking      []MatrixRef `json:"lacking" nullable:"false" doc:"Communities without an elderly-care place; id is the code"`
}

// MatrixLevels is the network of three levels.
type MatrixLevels struct {
	Rule         MatrixText        `json:"rule"`
	Source       MatrixText        `json:"source"`
	District     string            `json:"district" enum:"own,planned,none"`
	Centres      []MatrixRef       `json:"centres" nullable:"false"`
	Counted      MatrixText        `json:"counted" doc:"What is counted as the district's centre"`
	Lines        []MatrixLevelLine `json:"lines" nullable:"false"`
	Met          int               `json:"met"`
	Doubtful     int               `json:"doubtful" doc:"With a centre that is too small, or of unknown area"`
	Subdistricts int               `json:"subdistricts"`
}

// MatrixTable is the whole table.
type MatrixTable struct {
	Columns  []MatrixColumn `json:"columns" nullable:"false"`
	Offered  []MatrixOffer  `json:"offered" nullable:"false"`
	Groups   []MatrixGroup  `json:"groups" nullable:"false"`
	Sums     []MatrixSum    `json:"sums" nullable:"false"`
	Premises MatrixTotal    `json:"premises"`
	Norms    []MatrixNorm   `json:"norms" nullable:"false"`
	Levels   MatrixLevels   `json:"levels"`
}

func tableOf(m *matrix.Matrix) *MatrixTable {
	out := &MatrixTable{
		Columns: each(m.Columns, columnOf), Offered: []MatrixOffer{}, Groups: groupsOf(m), Sums: each(m.Sums, sumOf),
		Premises: totalOf(m.Premises), Norms: each(m.Norms, normOf), Levels: levelsOf(m.Levels),
	}
	return out
}

func each[A, B any](list []A, of func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = of(v)
	}
	return out
}

func columnOf(c matrix.Column) MatrixColumn {
	out := MatrixColumn{
		ID: c.ID, ZH: c.Name.ZH, EN: c.Name.EN, Unit: string(c.Unit), Asked: c.Asked, Setting: string(c.Setting), SourceZH: c.Source.ZH, SourceEN: c.Source.EN, Grade: c.Grade, Types: []string{},
	}
	for _, t := range c.Types {
		out.Types = append(out.Types, string(t))
	}
	return out
}

func groupsOf(m *matrix.Matrix) []MatrixGroup {
	out := []MatrixGroup{}
	for _, g := range m.Groups {
		group := groupOf(g)
		for _, r := range g.Rows {
			group.Rows = append(group.Rows, rowOf(r, m.Columns))
		}
		out = append(out, group)
	}
	return out
}

func groupOf(g matrix.Group) MatrixGroup {
	out := MatrixGroup{
		Code: g.Division.Code, NameZH: g.Division.NameZH, NameEN: g.Division.NameEN, Rows: []MatrixRow{}, Sums: each(g.Sums, sumOf), Premises: totalOf(g.Premises),
	}
	if g.HasRest {
		out.Rest = each(g.Rest.Cells, cellOf)
	}
	return out
}

func rowOf(r matrix.Row, columns []matrix.Column) MatrixRow {
	out := MatrixRow{
		Code: r.Division.Code, NameZH: r.Division.NameZH, NameEN: r.Division.NameEN, Setting: string(r.Division.Setting), Gap: r.Gap(columns),
		Cells: each(r.Cells, cellOf), Premises: premisesOf(r.Premises),
	}
	if b := r.Bounds; !b.IsZero() {
		out.Bounds = []float64{b.Min.Lon(), b.Min.Lat(), b.Max.Lon(), b.Max.Lat()}
	}
	return out
}

func cellOf(c matrix.Cell) MatrixCell {
	return MatrixCell{
		State: string(c.State), Own: each(c.Own, refOf), Shared: each(c.Shared, refOf), Planned: each(c.Planned, refOf), Suspended: each(c.Suspended, refOf),
	}
}

func refOf(r matrix.Ref) MatrixRef {
	out := MatrixRef{ID: r.ID, NameZH: r.Name.ZH, NameEN: r.Name.EN, Division: r.Code, Area: r.Area, Year: r.Year, FloorM2: r.FloorM2, Example: r.Example}
	if r.Placed {
		lon, lat := r.Point.Lon(), r.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	return out
}

func sumOf(s matrix.Sum) MatrixSum {
	out := MatrixSum{
		Facilities: s.Facilities, Planned: s.Planned, Suspended: s.Suspended, Own: s.Own, Shared: s.Shared, PlannedOnly: s.PlannedOnly, None: s.None,
		NotApplicable: s.NotApplicable, State: string(s.State),
	}
	if share, ok := s.Coverage(); ok {
		out.Coverage = &share
	}
	return out
}

func totalOf(t matrix.Total) MatrixTotal { return MatrixTotal(t) }

func premisesOf(p matrix.Premises) MatrixPremises {
	out := MatrixPremises{
		Source: string(p.Source), AreaM2: p.AreaM2, RegistryM2: p.RegistryM2, HouseholdSource: string(p.Households.Source), SharedBy: p.SharedBy, Per100: p.Per100,
	}
	if p.Households.Known() {
		out.Households = &p.Households.Count
	}
	if f := p.Finding; f != nil {
		out.Outcome, out.Rule, out.Severity = string(f.Outcome), f.Rule.ID, string(f.Rule.Severity)
		out.Threshold, out.Strict = thresholdOf(f.Rule)
	}
	return out
}

func thresholdOf(r *rules.Rule) (*float64, bool) {
	if r.AtLeast == nil {
		return nil, false
	}
	return &r.AtLeast.Value, r.AtLeast.Strict
}

func normOf(n matrix.Norm) MatrixNorm {
	out := MatrixNorm{
		Rule: n.Rule.ID, Title: MatrixText{n.Rule.TitleZH, n.Rule.TitleEN}, Severity: string(n.Rule.Severity), Source: MatrixText(n.Source),
		Sentence: MatrixText(n.Sentence), Grade: string(n.Rule.Grade), Note: MatrixText{n.Rule.NoteZH, n.Rule.NoteEN},
	}
	out.Threshold, out.Strict = thresholdOf(n.Rule)
	return out
}

func levelsOf(l matrix.Levels) MatrixLevels {
	return MatrixLevels{
		Rule: MatrixText(l.Rule), Source: MatrixText(l.Source), District: string(l.District.State), Centres: each(l.District.Centres, refOf),
		Counted: MatrixText(l.District.Counted), Lines: each(l.Lines, lineOf), Met: l.Met, Doubtful: l.Doubtful, Subdistricts: l.Subdistricts,
	}
}

func lineOf(l matrix.LevelLine) MatrixLevelLine {
	out := MatrixLevelLine{
		Code: l.Division.Code, NameZH: l.Division.NameZH, NameEN: l.Division.NameEN, State: string(l.State), Centres: each(l.Centres, refOf),
		Communities: l.Communities, WithPlace: l.WithPlace, WithPremises: l.WithPremises, Lacking: each(l.Lacking, placeOf),
	}
	if l.Finding != nil {
		out.Severity = string(l.Finding.Rule.Severity)
	}
	return out
}

func placeOf(d divisions.Division) MatrixRef {
	return MatrixRef{ID: d.Code, NameZH: d.NameZH, NameEN: d.NameEN, Division: d.ParentCode}
}
