package main

import (
	"context"
	"fmt"
	"slices"

	"yike/geo/divisions"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/casedb"
	"yike/placenames/placenamedb"
	caseprocess "yike/placenames/process"
)

// demoCases walks made-up cases of place names each to another step. Whatever a person would
// have brought is said to be an example.
type demoCases struct {
	*demoDesk
	store *casedb.Store
	subs  []string // subdistricts
}

// demoCase is one of them: which name, how many days ago it began, and how far it is. Steps go
// a day apart, the last ones on the days that are given.
type demoCase struct {
	act, text, kind string
	to              string // of a renaming
	began           int    // days ago
	until           string // the last step taken; "" for none
	days            map[string]int
	ends            *caseprocess.Event // what happens after that
}

// nameCases fill the desk of place names.
func (d *demoDesk) nameCases(ctx context.Context) error {
	store, _, err := newNameCaseStore(d.db)
	if err != nil {
		return err
	}
	known, err := store.List(ctx, d.w, caseprocess.Filter{Limit: 1})
	return once(known, err, func() error {
		x := demoCases{demoDesk: d, store: store}
		for _, each := range d.divisions {
			if each.Level == divisions.Subdistrict {
				x.subs = append(x.subs, each.Code)
			}
		}
		if len(x.subs) == 0 {
			return nil
		}
		if err := x.settings(ctx); err != nil {
			return err
		}
		for i, c := range demoCaseList() {
			if err := x.make(ctx, c, x.subs[i%len(x.subs)]); err != nil {
				return fmt.Errorf("%s: %w", c.text, err)
			}
		}
		return nil
	})
}

// settings are a procedure with the names of offices, and a calendar.
func (x demoCases) settings(ctx context.Context) error {
	set, err := x.store.Settings(ctx, x.w)
	if err != nil || set.Version > 0 || set.CalendarVersion > 0 {
		return err
	}
	err = x.store.SetProcedure(ctx, x.w, 0, caseprocess.Local{Preset: "national", Offices: map[string]string{
		"city_county_government": "清澜区人民政府（示例）", "place_name_authority": "清澜区民政局（示例）", "committee": "清澜区地名委员会（示例）",
	}}, x.change.Reason, x.today)
	if err != nil || x.today.Year() != 2026 {
		return err
	}
	return x.store.SetYears(ctx, x.w, 0, caseprocess.Years{{
		Year: 2026, Source: "演示数据，未核对原文，请以国务院办公厅通知为准",
		Off:    []record.Day{"2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23", "2026-04-06", "2026-05-01", "2026-05-04", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"},
		Worked: []record.Day{"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"},
	}}, x.change.Reason, x.today)
}

func demoCaseList() []demoCase {
	return []demoCase{
		{act: caseprocess.Naming, text: "澜汀路", kind: "road", began: 40, until: "consultation"},
		{act: caseprocess.Naming, text: "望澜大道", kind: "road", began: 60, until: "filing", days: map[string]int{"approval": 21, "filing": 12}}, // its announcement is late
		{act: caseprocess.Naming, text: "知春苑", kind: "estate", began: 9, until: "checks"},
		{act: caseprocess.Naming, text: "槐影街", kind: "road", began: 8, until: "application", ends: &caseprocess.Event{
			Kind: caseprocess.Returned, Step: "acceptance", Reason: "申请书未盖章，请补正（示例）", Missing: []string{"application"},
		}},
		{act: caseprocess.Naming, text: "鼎盛国际路", kind: "road", began: 70, until: "deliberation", ends: &caseprocess.Event{
			Kind: caseprocess.Refused, Step: "approval", Reason: "专名与实地不符，通名前含“国际”（示例）",
		}},
		{act: caseprocess.Naming, text: "听泉路", kind: "road", began: 120, until: "announcement", days: map[string]int{"approval": 90, "filing": 84, "announcement": 80}}, // its sign is outstanding
		{act: caseprocess.Naming, text: "云栖雅居", kind: "estate", began: 50, until: "approval", days: map[string]int{"approval": 13}},                                     // the filing has not come
		{act: caseprocess.Renaming, text: "旧厂路", to: "澜光路", kind: "road", began: 25, until: "acceptance"},
		{act: caseprocess.Naming, text: "荷风桥", kind: "bridge", began: 3},
	}
}

// make begins a case and walks it.
func (x demoCases) make(ctx context.Context, c demoCase, division string) error {
	name, err := x.name(ctx, c, division)
	if err != nil {
		return err
	}
	o := caseprocess.Opening{Dossier: caseprocess.Dossier{
		Matter: caseprocess.Matter{Act: c.act}, NameID: name, Applicant: "示例建设单位", Contact: "综合科", Reason: "演示用的办件，由程序生成，不是真实事项。",
	}}
	if c.act == caseprocess.Renaming {
		o.Proposed = caseprocess.Proposal{Text: c.to}
	}
	id, err := x.store.Create(ctx, x.w, o, x.ago(c.began))
	if err != nil || c.until == "" {
		return err
	}
	v, err := x.store.ByID(ctx, x.w, id)
	if err != nil {
		return err
	}
	day := c.began
	for _, s := range v.Frozen.Rules.Steps {
		if on, given := c.days[s.Code.Code]; given {
			day = on
		} else {
			day--
		}
		e := caseprocess.Event{Kind: caseprocess.Done, Step: s.Code.Code, Day: x.ago(day), Verdict: caseprocess.Agree}
		if s.Document {
			e.Document = fmt.Sprintf("清澜示例函〔%d〕%s号", x.ago(day).Year(), v.Number[5:])
		}
		if err := x.take(ctx, id, e, s.NeedsOf(c.act)); err != nil {
			return err
		}
		if s.Code.Code == c.until {
			break
		}
	}
	if c.ends == nil {
		return nil
	}
	e := *c.ends
	e.Day = x.ago(day - 1)
	return x.take(ctx, id, e, nil)
}

// take records an event, on papers that are examples.
func (x demoCases) take(ctx context.Context, id string, e caseprocess.Event, needs []string) error {
	v, err := x.store.ByID(ctx, x.w, id)
	if err != nil {
		return err
	}
	e.Person = "示例经办人"
	if e.Step == "application" || e.Step == "letter" {
		e.Person = ""
	}
	var shown []caseprocess.Shown
	for _, m := range needs {
		if !slices.ContainsFunc(v.Papers, func(p caseprocess.Shown) bool { return p.Material == m }) {
			shown = append(shown, caseprocess.Shown{Material: m, Kind: "record", Title: "示例材料"})
		}
	}
	_, err = x.store.Take(ctx, x.w, id, v.Version, caseprocess.Entry{Event: e}, shown, x.today)
	return err
}

// name makes the record of a case.
func (x demoCases) name(ctx context.Context, c demoCase, division string) (string, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return "", err
	}
	n := placenames.Name{
		Text: c.text, Kind: c.kind, State: placenames.Draft, Divisions: []string{division}, Extent: placenames.Extent{From: "示例起点", To: "示例止点"},
		Size: placenames.Size{LengthM: 860, WidthM: 24}, Meaning: "示例", Note: "示例，由程序生成，不是真实地名",
	}
	if c.act != caseprocess.Naming {
		n.State = placenames.Approved
		n.Decision = placenames.Decision{Kind: placenames.Naming, Number: "清澜示例地名〔2010〕7号", Day: "2010-06-01", Body: "清澜区人民政府（示例）", Title: "关于命名的批复（示例）"}
	}
	made, err := placenamedb.New(x.db, catalogue).Create(ctx, x.w, n, x.change, x.ago(c.began))
	return made.ID, err
}
