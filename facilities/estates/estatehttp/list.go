package estatehttp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
)

// EstateFilter is which estates are asked for.
type EstateFilter struct {
	Division   string `query:"division" maxLength:"32" doc:"In this division or one below it"`
	Kind       string `query:"kind" enum:"new,built"`
	Conclusion string `query:"conclusion" enum:"compliant,not_compliant,open"`
	Milestone  string `query:"milestone" enum:"conditions,plan_review,construction,acceptance,handover,done" doc:"The milestone that is next; done where all are passed"`
	Overdue    bool   `query:"overdue" doc:"With an opinion that is late"`
	Short      string `query:"short" enum:"community_premises,elderly_premises" doc:"Of this kind of premises something is missing"`
	Text       string `query:"q" maxLength:"100" doc:"Where the name, the developer, a paper's number or a room's name contains this, in any case, or a part of the name is spelled so in pinyin: heshun, hesh, hs"`
}

func (in EstateFilter) filter() estates.Filter {
	f := estates.Filter{
		Kind: estates.Kind(in.Kind), Conclusion: estates.Conclusion(in.Conclusion), Milestone: in.Milestone, Overdue: in.Overdue,
		Short: premises.Norm(in.Short), Text: strings.TrimSpace(in.Text),
	}
	if in.Milestone == "done" {
		f.Milestone, f.Done = "", true
	}
	return f
}

type listInput struct {
	EstateFilter
	At     string `query:"at" format:"date" doc:"As estates are known to have been on this day, under the rules of that day; today when left out. The premises of communities, opinions and clocks are those of today"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Estates per page"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before"`
}

// EstateRow is an estate as a list shows it. Areas are square metres.
type EstateRow struct {
	ID             string             `json:"id"`
	Version        int                `json:"version"`
	Name           string             `json:"name"`
	Kind           string             `json:"kind"`
	DivisionCode   string             `json:"division_code"`
	Households     int                `json:"households" doc:"0 when unknown"`
	People         int                `json:"people" doc:"Planned, or following from the households; 0 when unknown"`
	Position       orNull[[2]float64] `json:"position" doc:"A point inside; null where nobody drew the boundary"`
	Developer      string             `json:"developer"`
	CompletedOn    *string            `json:"completed_on" nullable:"true"`
	CommunityArea  float64            `json:"community_area" doc:"Planned community premises"`
	ElderlyArea    float64            `json:"elderly_area"`
	CommunityOwed  *float64           `json:"community_owed" nullable:"true" doc:"By the strictest rule that decides; null where none asks or an input is not known"`
	ElderlyOwed    *float64           `json:"elderly_owed" nullable:"true"`
	CommunityShort *float64           `json:"community_short" nullable:"true" doc:"How much is missing of what it owes, 0 for nothing; null with what it owes"`
	ElderlyShort   *float64           `json:"elderly_short" nullable:"true"`
	Conclusion     string             `json:"conclusion" enum:"compliant,not_compliant,open"`
	Failed         int                `json:"failed" doc:"Rules that are errors and fail"`
	Unknown        int                `json:"unknown" doc:"Rules that are errors and of which an input is not known"`
	Warnings       int                `json:"warnings"`
	NextMilestone  *string            `json:"next_milestone" nullable:"true" doc:"The first that is not passed; null when all are"`
	Passed         []string           `json:"passed" nullable:"false" doc:"Milestones"`
	Overdue        int                `json:"overdue" doc:"Opinions that are late"`
	CheckedAt      string             `json:"checked_at" format:"date" doc:"The day that the rules were held to"`
}

func rowOf(s estates.Standing) EstateRow {
	people, _ := s.PlannedPeople(0)
	out := EstateRow{
		ID: s.ID, Version: s.Version, Name: s.Name, Kind: string(s.Kind), DivisionCode: s.DivisionCode, Households: s.Households, People: people,
		Position: pointOut(s.Position, s.Placed), Developer: s.Developer, CompletedOn: dayOut(s.CompletedOn),
		CommunityArea: s.Community.Has.M2(), ElderlyArea: s.Elderly.Has.M2(), CommunityOwed: s.Community.Owes, ElderlyOwed: s.Elderly.Owes,
		CommunityShort: s.Community.Short, ElderlyShort: s.Elderly.Short, Conclusion: string(s.Conclusion), Failed: s.Failed, Unknown: s.Unknown,
		Warnings: s.Warnings, Passed: []string{}, Overdue: s.Overdue, CheckedAt: string(s.Day),
	}
	for _, m := range s.Passed {
		out.Passed = append(out.Passed, m.Code().Code)
	}
	if !s.Done {
		next := s.Next.Code().Code
		out.NextMilestone = &next
	}
	return out
}

// EstatePage is a page of the list.
type EstatePage struct {
	Estates []EstateRow `json:"estates" nullable:"false"`
	Total   int         `json:"total" doc:"Of all pages"`
	// Counts are of the filter without its conclusion.
	Counts map[string]int `json:"counts" doc:"Estates by conclusion, whichever conclusion is asked for"`
	Next   *string        `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         EstatePage
}

func (h handlers) list(ctx context.Context, in *listInput) (*listReply, error) {
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	f := in.filter()
	wanted := f.Conclusion
	f.Conclusion = ""
	all, err := h.records.Standings(ctx, f, in.Division, record.Day(in.At))
	if err != nil {
		return nil, problem(err)
	}
	out := EstatePage{Estates: []EstateRow{}, Counts: map[string]int{}}
	for _, c := range estates.Conclusions() {
		out.Counts[c.Code] = 0
	}
	var list []estates.Standing
	for _, s := range all {
		out.Counts[string(s.Conclusion)]++
		if wanted == "" || s.Conclusion == wanted {
			list = append(list, s)
		}
	}
	out.Total = len(list)
	from := after.in(list)
	to := min(from+in.Limit, len(list))
	for _, s := range list[from:to] {
		out.Estates = append(out.Estates, rowOf(s))
	}
	if to < len(list) {
		c := encodeCursor(place{list[to-1].ID, to})
		out.Next = &c
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

// place is where a page ends: its last estate, and how many there were until then, for the
// case that it is gone when the next page is asked for.
type place struct {
	ID   string `json:"i"`
	Rows int    `json:"n"`
}

// in finds where the list goes on.
func (p place) in(list []estates.Standing) int {
	if p.ID == "" {
		return 0
	}
	if i := slices.IndexFunc(list, func(s estates.Standing) bool { return s.ID == p.ID }); i >= 0 {
		return i + 1
	}
	return min(p.Rows, len(list))
}

// A cursor is opaque, so that nobody builds on its form.
func encodeCursor(p place) string {
	raw, _ := json.Marshal(p) // a string and a number always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor(c string) (place, error) {
	if c == "" {
		return place{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c)
	var p place
	if err != nil || json.Unmarshal(raw, &p) != nil || len(p.ID) != idLength || p.Rows < 0 {
		return place{}, errBadCursor
	}
	return p, nil
}

const idLength = 36
