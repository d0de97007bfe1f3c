package casehttp

import (
	"context"

	"yike/placenames/process"
)

// NameDeskNext is what the reader does next about a case.
type NameDeskNext struct {
	Step    NameCaseCode `json:"step"`
	Kind    string       `json:"kind" enum:"done,corrected,refused"`
	Office  NameCaseCode `json:"office"`
	Entered bool         `json:"entered"`
}

// NameDeskItem is a case on a desk.
type NameDeskItem struct {
	NameCaseRow
	Group string         `json:"group" enum:"late,today,soon,mine,waiting"`
	Next  *NameDeskNext  `json:"next,omitempty" doc:"Left out where the reader waits for others"`
	Waits []NameCaseCode `json:"waits" nullable:"false" doc:"The offices that the open steps wait for"`
	Due   *NameCaseDue   `json:"due,omitempty" doc:"The running clock that ends first"`
	Told  bool           `json:"told" doc:"An alarm has come for an office of the reader"`
}

// NameDeskCounts are the figures of a desk.
type NameDeskCounts struct {
	DueToday int `json:"due_today"`
	Late     int `json:"late"`
	Open     int `json:"open"`
	Mine     int `json:"mine" doc:"That the reader may go on with now"`
	Waiting  int `json:"waiting"`
}

// NameDesk is what is to be done.
type NameDesk struct {
	Today   string         `json:"today" format:"date"`
	Covered bool           `json:"covered" doc:"Holidays of this year were entered; else working days are counted by weeks alone"`
	Counts  NameDeskCounts `json:"counts"`
	Items   []NameDeskItem `json:"items" nullable:"false"`
}

type deskReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameDesk
}

func (h handlers) desk(ctx context.Context, _ *struct{}) (*deskReply, error) {
	list, err := h.cases.Desk(ctx)
	if err != nil {
		return nil, problem(err)
	}
	cal, err := h.cases.Calendar(ctx)
	if err != nil {
		return nil, problem(err)
	}
	today := h.cases.Today()
	s := shaper{book: h.cases.Book(), cal: cal, today: today}
	out := NameDesk{Today: string(today), Covered: cal.Covers(today, today), Items: []NameDeskItem{}}
	for _, o := range list {
		item := s.onDesk(o)
		out.Items = append(out.Items, item)
		out.Counts.count(item)
	}
	return &deskReply{CacheControl: "no-store", Body: out}, nil
}

func (c *NameDeskCounts) count(item NameDeskItem) {
	c.Open++
	switch process.Group(item.Group) {
	case process.LateGroup:
		c.Late++
	case process.TodayGroup:
		c.DueToday++
	}
	if item.Next != nil {
		c.Mine++
	} else {
		c.Waiting++
	}
}

func (s shaper) onDesk(o process.OnDesk) NameDeskItem {
	d := o.Dossier
	out := NameDeskItem{NameCaseRow: s.row(d), Group: string(o.Group), Waits: []NameCaseCode{}, Told: o.Told}
	r := d.Frozen.Rules
	seen := map[string]bool{}
	for _, open := range out.Open {
		for _, step := range r.Steps {
			if step.Code.Code != open.Code {
				continue
			}
			for _, office := range r.Offices(step, d.Class) {
				if !seen[office] {
					seen[office] = true
					out.Waits = append(out.Waits, code(d.OfficeName(s.book, office)))
				}
			}
		}
	}
	if a := o.Next; a != nil {
		next := NameDeskNext{Step: NameCaseCode{Code: a.Step}, Kind: string(a.Kind), Office: code(d.OfficeName(s.book, a.Office)), Entered: a.Entered}
		for _, open := range out.Open {
			if open.Code == a.Step {
				next.Step = open
			}
		}
		out.Next = &next
	}
	if o.Due != nil {
		due := s.due(d, *o.Due)
		out.Due = &due
	}
	return out
}
