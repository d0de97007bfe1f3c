package indicators

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed templates/*.json
var templateFiles embed.FS

// Template is a plan that comes with the program, to be read or taken over. Its rows are
// in the plan's own words; each names the sentences it stands in.
type Template struct {
	Key        string
	Plan       Plan // without an id
	Indicators []Indicator
	Projects   []Project
}

// Numbered counts the rows that the plan's own table numbers.
func (t Template) Numbered() int {
	n := 0
	for _, i := range t.Indicators {
		if i.Number > 0 {
			n++
		}
	}
	return n
}

// Templates gives the plans that come with the program: those of Xiqing with its work plan
// of 2022, Tianjin, Xixian and Dongchang. The error says what is wrong with an embedded
// file; a test keeps it nil.
func Templates() ([]Template, error) {
	var out []Template
	for _, name := range []string{"xiqing", "tianjin", "xixian", "dongchang"} {
		data, err := fs.ReadFile(templateFiles, "templates/"+name+".json")
		if err != nil {
			return nil, fmt.Errorf("read plan template %s: %w", name, err)
		}
		t, err := parseTemplate(data)
		if err != nil {
			return nil, fmt.Errorf("read plan template %s: %w", name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// The files as they are written.
type templateFile struct {
	Key        string          `json:"key"`
	Title      Text            `json:"title"`
	Authority  Text            `json:"authority"`
	Region     string          `json:"region"`
	BaseYear   int             `json:"base_year"`
	TargetYear int             `json:"target_year"`
	Documents  []Document      `json:"documents"`
	Note       Text            `json:"note"`
	Reviews    []ReviewYear    `json:"reviews"`
	Groups     []Group         `json:"groups"`
	Indicators []indicatorFile `json:"indicators"`
	Projects   []projectFile   `json:"projects"`
}

type indicatorFile struct {
	Key            string          `json:"key"`
	Number         int             `json:"number"`
	Group          string          `json:"group"`
	Name           Text            `json:"name"`
	Unit           Text            `json:"unit"`
	Kind           Kind            `json:"kind"`
	Ratio          bool            `json:"ratio"`
	Definition     Text            `json:"definition"`
	Base           Base            `json:"base"`
	Scope          Text            `json:"scope"`
	Baseline       string          `json:"baseline"`
	Target         string          `json:"target"`
	Yearly         []yearFile      `json:"yearly"`
	Sources        []Source        `json:"sources"`
	Formula        Formula         `json:"formula"`
	Contradictions []Contradiction `json:"contradictions"`
}

type yearFile struct {
	Year   int    `json:"year"`
	Target string `json:"target"`
	Source Source `json:"source"`
}

type projectFile struct {
	Key       string       `json:"key"`
	Name      Text         `json:"name"`
	From      int          `json:"from"`
	To        int          `json:"to"`
	State     ProjectState `json:"state"`
	Place     string       `json:"place"`
	Indicator string       `json:"indicator"`
	Source    Source       `json:"source"`
}

func parseTemplate(data []byte) (Template, error) {
	var f templateFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return Template{}, err
	}
	t := Template{Key: f.Key, Plan: Plan{
		Template: f.Key, Title: f.Title, Authority: f.Authority, Region: f.Region, BaseYear: f.BaseYear, TargetYear: f.TargetYear,
		Documents: f.Documents, Note: f.Note, Reviews: f.Reviews, Groups: f.Groups,
	}}
	seen := map[string]bool{}
	for n, i := range f.Indicators {
		if i.Key == "" || seen[i.Key] {
			return Template{}, fmt.Errorf("indicator %d: key %q is empty or there twice", n, i.Key)
		}
		seen[i.Key] = true
		t.Indicators = append(t.Indicators, i.indicator(n))
	}
	for _, p := range f.Projects {
		if p.Indicator != "" && !seen[p.Indicator] {
			return Template{}, fmt.Errorf("project %s: no indicator %q", p.Key, p.Indicator)
		}
		t.Projects = append(t.Projects, Project{
			Key: p.Key, Name: p.Name, From: p.From, To: p.To, State: p.State, Place: p.Place, IndicatorKey: p.Indicator, Source: p.Source,
		})
	}
	return t, nil
}

func (f indicatorFile) indicator(position int) Indicator {
	i := Indicator{
		Key: f.Key, Position: position + 1, Number: f.Number, Group: f.Group, Name: f.Name, Unit: f.Unit, Kind: f.Kind, Ratio: f.Ratio,
		Definition: f.Definition, Base: f.Base, Scope: f.Scope, Baseline: ParseAmount(f.Baseline), Target: ParseAmount(f.Target),
		Sources: f.Sources, Formula: f.Formula, Prefer: PreferComputed, Contradict: f.Contradictions,
	}
	for _, y := range f.Yearly {
		i.Yearly = append(i.Yearly, YearTarget{y.Year, ParseAmount(y.Target), y.Source})
	}
	return i
}
