package premiseshttp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"yike/facilities/premises"
)

// FilterInput is what of the ledger is asked for.
type FilterInput struct {
	Use      string `query:"use" maxLength:"40" doc:"Approved for this use, as a whole or in a part"`
	Present  string `query:"present" maxLength:"40" doc:"Used for this"`
	State    string `query:"state" maxLength:"40" doc:"State of hand-over"`
	Division string `query:"division" maxLength:"32" doc:"In this division or one below it"`
	Text     string `query:"q" maxLength:"100" doc:"Where the number, a name, the address, the owner or the key-holder contains this, in any case"`
	Facility string `query:"facility" maxLength:"64" doc:"Where this facility works"`
	Misuse   bool   `query:"misuse" doc:"Used for something else, or with a misuse that is not closed"`
	Overdue  bool   `query:"overdue" doc:"With a misuse that should have been put right by now"`
	Lacking  bool   `query:"lacking" doc:"The ledger lacks a fact"`
}

func (h handlers) filter(in FilterInput) premises.Filter {
	return premises.Filter{
		Use: premises.Use(in.Use), Present: premises.Use(in.Present), State: premises.State(in.State), Division: in.Division,
		Text: strings.TrimSpace(in.Text), Facility: in.Facility, Misused: in.Misuse, Overdue: in.Overdue, Lacking: in.Lacking, Today: h.ledger.Today(),
	}
}

type listInput struct {
	FilterInput
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Rooms per page"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before"`
}

// PremisesPage is a page of the ledger.
type PremisesPage struct {
	Premises []PremisesRoom `json:"premises" nullable:"false"`
	Next     *string        `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PremisesPage
}

func (h handlers) list(ctx context.Context, in *listInput) (*listReply, error) {
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	list, next, err := h.ledger.List(ctx, h.filter(in.FilterInput), after, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := PremisesPage{Premises: []PremisesRoom{}}
	for _, i := range list {
		out.Premises = append(out.Premises, roomOf(i, h.ledger.Today()))
	}
	if next != nil {
		c := encodeCursor(*next)
		out.Next = &c
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

// A cursor is the last room of a page, made opaque so that nobody builds on its form.
func encodeCursor(a premises.After) string {
	raw, _ := json.Marshal([]string{a.Division, a.Name, a.ID}) // strings always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor(c string) (premises.After, error) {
	if c == "" {
		return premises.After{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c)
	var parts []string
	if err != nil || json.Unmarshal(raw, &parts) != nil || len(parts) != 3 || len(parts[2]) != idLength {
		return premises.After{}, errBadCursor
	}
	return premises.After{Division: parts[0], Name: parts[1], ID: parts[2]}, nil
}

const idLength = 36
