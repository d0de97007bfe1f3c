package checkhttp

import (
	"slices"
	"time"

	"yike/internal/rules"
	"yike/internal/rules/ruleshttp"
	"yike/placenames/naming"
	"yike/placenames/placenamehttp"
	"yike/placenames/wordlists"
)

// NameCheckTry is a name to be checked that nobody saved.
type NameCheckTry struct {
	Name       placenamehttp.PlaceNameContent `json:"name" doc:"The record as it is being typed"`
	ID         string                         `json:"id,omitempty" maxLength:"64" doc:"The record that it would be; left out for a new one"`
	State      string                         `json:"state,omitempty" maxLength:"20" doc:"Proposed when left out"`
	Act        string                         `json:"act,omitempty" enum:"naming,renaming" doc:"What is asked"`
	Use        string                         `json:"use,omitempty" enum:"housing,mixed,shops,offices,else" doc:"Of an estate or a building"`
	Cleared    []NameCheckCleared             `json:"cleared" required:"false" nullable:"false" maxItems:"50" doc:"What experts let pass, beside what is kept with the record"`
	Reviewed   NameCheckReviewed              `json:"reviewed" required:"false" doc:"Of what an expert found that the name has none, beyond the lists"`
	PlanReason string                         `json:"plan_reason,omitempty" maxLength:"500" doc:"Why the name is not that of the plan"`
	Case       string                         `json:"case,omitempty" maxLength:"64" doc:"The case whose papers and days are known"`
}

// NameCheckCleared is a word that an expert let pass.
type NameCheckCleared struct {
	Word   string `json:"word" maxLength:"100"`
	Reason string `json:"reason" maxLength:"500"`
	By     string `json:"by" maxLength:"200"`
}

// NameCheckReviewed says which lists an expert went beyond.
type NameCheckReviewed struct {
	Leaders bool `json:"leaders" required:"false"`
	Persons bool `json:"persons" required:"false"`
	Foreign bool `json:"foreign" required:"false"`
	Brands  bool `json:"brands" required:"false"`
	Banned  bool `json:"banned" required:"false"`
}

// NameCheckFinding is what one rule found.
type NameCheckFinding struct {
	ruleshttp.StandardFinding
	Group     string             `json:"group" enum:"error,warning,open,pass,elsewhere" doc:"What it counts as: a rule for information that fails is a warning"`
	Relations []string           `json:"relations" nullable:"false" doc:"Of the names listed under like that are at fault; none for other rules"`
	Words     *NameCheckListed   `json:"words,omitempty" doc:"Of a rule that asks a list of words"`
	Repairs   []NameCheckRepairs `json:"repairs" nullable:"false" doc:"Names that the rule would find nothing in, where one is plain"`
}

// NameCheckRepairs is another name.
type NameCheckRepairs struct {
	Text string `json:"text"`
	ZH   string `json:"zh" doc:"What is changed"`
	EN   string `json:"en"`
}

// NameCheckListed is a list as the check used it.
type NameCheckListed struct {
	Kind      string   `json:"kind"`
	Count     int      `json:"count" doc:"Words that the list has, with those of the program; 0 for none"`
	Whole     bool     `json:"whole"`
	Reviewed  bool     `json:"reviewed"`
	Clearable bool     `json:"clearable" doc:"An expert may let a word of it pass"`
	Hits      []string `json:"hits" nullable:"false" doc:"Words of it that the name has and nobody let pass"`
}

// NameCheckLike is a name that is like the one that was checked.
type NameCheckLike struct {
	ID       string      `json:"id" doc:"Of the record"`
	Text     string      `json:"text"`
	Former   bool        `json:"former" doc:"Text is another or a former name of the record"`
	Class    string      `json:"class"`
	State    string      `json:"state"`
	Division string      `json:"division"`
	Area     string      `json:"built_up_area"`
	Relation string      `json:"relation" enum:"same_name,same_stem,same_sound,near_sound,look_alike,one_apart"`
	ZH       string      `json:"zh" doc:"The relation in words"`
	EN       string      `json:"en"`
	Scope    string      `json:"scope" enum:"here,perhaps,elsewhere" doc:"Whether it lies within the scope of the law; elsewhere also for another class"`
	Position *[2]float64 `json:"position" nullable:"true" doc:"Longitude and latitude, WGS 84; null where nobody drew it"`
	Distance *float64    `json:"distance_m" nullable:"true" doc:"Metres; null where one of the two has no place"`
}

// NameCheckUses is how many records of a kind still use another name of the place.
type NameCheckUses struct {
	Kind  string `json:"kind" enum:"facility,building,estate,road"`
	Count int    `json:"count"`
}

// NameCheck is a check of a name.
type NameCheck struct {
	Day      string             `json:"day" format:"date"`
	Text     string             `json:"text"`
	Specific string             `json:"specific" doc:"As the parts were taken"`
	Generic  string             `json:"generic"`
	Scope    string             `json:"scope" doc:"Within which it must be the only one: nation, province, county, built_up_area, none; empty where it is not known"`
	Whole    bool               `json:"whole" doc:"The register has every name of the scope, as somebody said"`
	Errors   int                `json:"errors" doc:"Rules that forbid the name"`
	Warnings int                `json:"warnings"`
	Open     int                `json:"open" doc:"Errors and warnings of which something is not known"`
	Passed   int                `json:"passed"`
	Findings []NameCheckFinding `json:"findings" nullable:"false" doc:"What fails first"`
	Like     []NameCheckLike    `json:"like" nullable:"false" doc:"The closest first"`
	Uses     []NameCheckUses    `json:"uses" nullable:"false" doc:"Records that still use another name"`
	Measured []string           `json:"measured" nullable:"false" doc:"Sizes that were taken from the drawing or the record of the estate"`
	Relief   *float64           `json:"relief_m" nullable:"true" doc:"Between the lowest and the highest road within 200 m; null where it was not asked or no heights are known"`
}

// relationOf are the relations that the input of a rule lists.
func relationOf(input string) (naming.Relation, bool) {
	r, ok := map[string]naming.Relation{
		"same_names": naming.SameName, "same_stems": naming.SameStem, "same_sounds": naming.SameSound, "near_sounds": naming.NearSound,
		"look_alikes": naming.LookAlike, "one_apart": naming.OneApart, "retired_names": naming.SameName,
	}[input]
	return r, ok
}

// listOf is the list of words that the input of a rule asks.
func listOf(input string) (wordlists.Kind, bool) {
	k, ok := map[string]wordlists.Kind{
		"leader_names": wordlists.Leaders, "person_names": wordlists.Persons, "foreign_names": wordlists.Foreign, "brand_names": wordlists.Brands,
		"banned_words": wordlists.Banned,
	}[input]
	return k, ok
}

func groupOf(f rules.Finding) string {
	switch {
	case f.Outcome == rules.Pass:
		return "pass"
	case f.Outcome == rules.NotApplicable:
		return "elsewhere"
	case f.Outcome == rules.Undetermined:
		return "open"
	case f.Rule.Severity == rules.Error:
		return "error"
	}
	return "warning"
}

func checkOf(c Checked) NameCheck {
	counts := naming.Count(c.Findings)
	out := NameCheck{
		Day: string(c.Facts.Day), Text: c.Facts.Name.Text, Specific: c.Facts.Name.Parts.Specific + c.Facts.Name.Parts.Modifier, Generic: c.Facts.Name.Parts.Generic, Scope: c.Scope,
		Whole: c.Facts.Register.Whole, Errors: counts.Errors, Warnings: counts.Warnings, Open: counts.Open, Passed: counts.Passed,
		Findings: []NameCheckFinding{}, Like: []NameCheckLike{}, Uses: []NameCheckUses{}, Measured: append([]string{}, c.Measured...), Relief: c.Relief,
	}
	list := slices.Clone(c.Findings)
	slices.SortStableFunc(list, func(a, b rules.Finding) int { return ruleshttp.Urgency(a) - ruleshttp.Urgency(b) })
	for _, f := range list {
		out.Findings = append(out.Findings, findingOf(c, f))
	}
	for _, l := range c.Like {
		out.Like = append(out.Like, likeOf(l))
	}
	for _, u := range c.Uses {
		out.Uses = append(out.Uses, NameCheckUses(u))
	}
	return out
}

func findingOf(c Checked, f rules.Finding) NameCheckFinding {
	out := NameCheckFinding{StandardFinding: ruleshttp.Finding(c.Set, f), Group: groupOf(f), Relations: []string{}, Repairs: []NameCheckRepairs{}}
	input := f.Rule.Over[0]
	if r, ok := relationOf(input); ok {
		out.Relations = append(out.Relations, r.Code())
	}
	if kind, ok := listOf(input); ok {
		out.Words = &NameCheckListed{Kind: string(kind), Clearable: kind.Clearable(), Hits: []string{}}
		for _, l := range c.Lists {
			if l.Kind == kind {
				out.Words.Count, out.Words.Whole, out.Words.Reviewed = l.Words, l.Whole, l.Reviewed
			}
		}
		for _, used := range f.Inputs {
			if hits, ok := used.Value.([]string); ok && used.Name == input {
				out.Words.Hits = append(out.Words.Hits, hits...)
			}
		}
	}
	for _, r := range c.Repairs {
		if r.Rule == f.Rule.ID && r.Aspect == f.Rule.Aspect && f.Outcome == rules.Fail {
			out.Repairs = append(out.Repairs, NameCheckRepairs{r.Text, r.ZH, r.EN})
		}
	}
	return out
}

func likeOf(l Like) NameCheckLike {
	e := l.Entry
	out := NameCheckLike{
		ID: e.ID, Text: e.Text, Former: e.Former, Class: e.Class, State: string(e.State), Division: e.Division, Area: e.BuiltUpArea, Relation: l.Relation.Code(),
		Scope: map[naming.Where]string{naming.Here: "here", naming.Perhaps: "perhaps"}[l.Where], Distance: l.Distance,
	}
	if out.Scope == "" {
		out.Scope = "elsewhere"
	}
	for _, c := range l.Relation.Codes() {
		if c.Code == out.Relation {
			out.ZH, out.EN = c.ZH, c.EN
		}
	}
	if l.Placed {
		at := [2]float64(l.At)
		out.Position = &at
	}
	return out
}

// NameClearance is an expert's word on a name.
type NameClearance struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"`
	Word   string    `json:"word" doc:"That does no harm here; empty where all beyond the list was looked at"`
	Text   string    `json:"text" doc:"The name of which it was said"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

func clearanceOf(c wordlists.Clearance) NameClearance {
	return NameClearance{ID: c.ID, Kind: string(c.Kind), Word: c.Word, Text: c.Text, By: c.By, Reason: c.Reason, At: c.At}
}
