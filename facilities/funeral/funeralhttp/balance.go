package funeralhttp

import (
	"context"

	"yike/coverage"
	"yike/facilities/funeral"
	"yike/internal/httpapi"
)

type nicheHall struct {
	ID       string   `json:"id"`
	Version  int      `json:"version"`
	Type     string   `json:"type"`
	NameZH   string   `json:"name_zh"`
	NameEN   string   `json:"name_en"`
	Division string   `json:"division_code"`
	Status   string   `json:"status"`
	Level    string   `json:"level" doc:"city, subdistrict or village; empty when not known"`
	Fate     string   `json:"fate" enum:",plan,build,improve,merge,ban,keep" doc:"What is to become of it; empty when undecided"`
	Total    *int64   `json:"niches_total" nullable:"true" doc:"null when not known"`
	Used     *int64   `json:"niches_used" nullable:"true"`
	Opens    int      `json:"opens_year" doc:"First year in which it takes in; 0 now, or not known"`
	Serves   []string `json:"serves" nullable:"false"`
	Example  bool     `json:"example"`
}

type nicheHallYear struct {
	Year   int   `json:"year"`
	Moved  int64 `json:"moved"`
	Deaths int64 `json:"deaths"`
	Used   int64 `json:"used"`
	Free   int64 `json:"free" doc:"Below zero: so many are lacking"`
}

type nicheReceiving struct {
	Hall     string          `json:"hall"`
	Known    bool            `json:"known" doc:"Its niches are known; else years is empty"`
	Years    []nicheHallYear `json:"years" nullable:"false"`
	Full     int             `json:"full" doc:"First year with a deficit; 0 for none"`
	Left     int             `json:"years_left" doc:"Whole years that it lasts after the last year; -1 when nothing more comes in"`
	Villages []string        `json:"villages" nullable:"false"`
}

type nicheMove struct {
	Transfer string `json:"transfer"`
	Year     int    `json:"year"`
	To       string `json:"to"`
	Niches   int64  `json:"niches"`
	Late     bool   `json:"late" doc:"The receiving hall is not open by then"`
}

type nicheClosing struct {
	Hall      string      `json:"hall"`
	Known     bool        `json:"known"`
	Moves     []nicheMove `json:"moves" nullable:"false"`
	Added     int64       `json:"added" doc:"Needed by deaths before its villages are served elsewhere"`
	Remaining int64       `json:"remaining" doc:"For which no move is planned; below zero where more is planned than there is"`
	Villages  []string    `json:"villages" nullable:"false"`
	Stranded  []string    `json:"stranded" nullable:"false" doc:"Villages that no receiving hall serves in the last year"`
}

type nicheVillage struct {
	Code        string  `json:"code"`
	NameZH      string  `json:"name_zh"`
	NameEN      string  `json:"name_en"`
	Subdistrict string  `json:"subdistrict"`
	People      *string `json:"people" nullable:"true" doc:"Of the base asked for; null when not known"`
	Before      string  `json:"before" doc:"Hall at the beginning; empty for none"`
	After       string  `json:"after" doc:"Hall in the last year; empty for none"`
	Since       int     `json:"since" doc:"Year from which a planned move brings it there; else 0"`
	Deaths      int64   `json:"deaths" doc:"Niches needed over all years"`
}

type nicheYear struct {
	Year      int   `json:"year"`
	ToMove    int64 `json:"to_move"`
	Free      int64 `json:"free"`
	Deaths    int64 `json:"deaths"`
	Moved     int64 `json:"moved"`
	Homeless  int64 `json:"homeless" doc:"Of deaths, those of communities that no hall serves"`
	Shortfall int64 `json:"shortfall" doc:"Lacking in halls that ran out"`
}

type nicheTransfer struct {
	ID        string   `json:"id"`
	Version   int      `json:"version"`
	From      string   `json:"from"`
	To        string   `json:"to"`
	Division  string   `json:"division_code"`
	Year      int      `json:"year"`
	Niches    int64    `json:"niches"`
	Villages  []string `json:"villages" nullable:"false"`
	Note      string   `json:"note"`
	Cancelled bool     `json:"cancelled"`
}

func transferOf(t funeral.Transfer) nicheTransfer {
	return nicheTransfer{t.ID, t.Version, t.From, t.To, t.DivisionCode, t.Year, t.Niches, list(t.Villages), t.Note, t.Cancelled}
}

type nicheBalance struct {
	Base      string           `json:"base"`
	Bases     []string         `json:"bases" nullable:"false"`
	Mortality float64          `json:"mortality" doc:"Deaths per 1,000 people and year"`
	Share     float64          `json:"share" doc:"Of 100 deaths, how many come to rest in niches"`
	Places    []nicheHall      `json:"places" nullable:"false" doc:"Everything that is sorted; only columbaria are in the balance"`
	Transfers []nicheTransfer  `json:"transfers" nullable:"false"`
	Years     []nicheYear      `json:"years" nullable:"false"`
	Receiving []nicheReceiving `json:"receiving" nullable:"false"`
	Closing   []nicheClosing   `json:"closing" nullable:"false"`
	Villages  []nicheVillage   `json:"villages" nullable:"false"`
	Demand    *int64           `json:"demand" nullable:"true" doc:"Niches that the people need over 20 years by the formula of DB34/T 4180-2022; null where people are not known"`

	UnknownHalls   []string `json:"unknown_halls" nullable:"false"`
	UnknownPeople  []string `json:"unknown_people" nullable:"false"`
	Unsorted       []string `json:"unsorted" nullable:"false" doc:"Columbaria without a fate"`
	Unassigned     []string `json:"unassigned" nullable:"false" doc:"Communities that no receiving hall serves in the last year"`
	LateTransfers  []string `json:"late_transfers" nullable:"false"`
	TransfersAside []string `json:"transfers_aside" nullable:"false" doc:"Outside of the years, or of halls that are not there"`
}

func list(codes []string) []string { return append([]string{}, codes...) }

type balanceReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         nicheBalance
}

func (h handlers) balance(ctx context.Context, in *BalanceQuery) (*balanceReply, error) {
	l, a, err := h.ask(ctx, in)
	if err != nil {
		return nil, err
	}
	return &balanceReply{CacheControl: "private, no-cache", Body: bodyOf(l, funeral.Balanced(l.halls(), l.Transfers, l.Communities, a))}, nil
}

func bodyOf(l Ledger, b funeral.Balance) nicheBalance {
	out := nicheBalance{
		Base: string(l.Base), Bases: []string{}, Mortality: float64(b.Assumptions.MortalityPPM) / 1_000, Share: float64(b.Assumptions.SharePPM) / 10_000,
		Places: []nicheHall{}, Transfers: []nicheTransfer{}, Years: []nicheYear{}, Receiving: []nicheReceiving{}, Closing: []nicheClosing{},
		Villages: []nicheVillage{}, Demand: b.Demand, UnknownHalls: list(b.UnknownHalls), UnknownPeople: list(b.UnknownPeople),
		Unsorted: list(b.UnsortedHalls), Unassigned: list(b.Unassigned), LateTransfers: list(b.LateTransfers), TransfersAside: list(b.TransfersAside),
	}
	for _, base := range l.Bases {
		out.Bases = append(out.Bases, string(base))
	}
	for _, f := range l.Places {
		h := funeral.HallOf(f)
		out.Places = append(out.Places, nicheHall{
			h.ID, f.Version, string(f.Type), h.NameZH, h.NameEN, h.DivisionCode, string(h.Status), h.Level, string(h.Fate), h.Total, h.Used, h.Opens, list(h.Serves), f.Example,
		})
	}
	for _, t := range l.Transfers {
		out.Transfers = append(out.Transfers, transferOf(t))
	}
	for _, y := range b.Totals {
		out.Years = append(out.Years, nicheYear(y))
	}
	for _, r := range b.Receiving {
		out.Receiving = append(out.Receiving, receivingOf(r))
	}
	for _, c := range b.Closing {
		out.Closing = append(out.Closing, closingOf(c))
	}
	for _, v := range b.Villages {
		out.Villages = append(out.Villages, villageOf(v))
	}
	return out
}

func receivingOf(r funeral.Receiving) nicheReceiving {
	out := nicheReceiving{r.Hall.ID, r.Known, []nicheHallYear{}, r.Full, r.Left, list(r.Villages)}
	for _, y := range r.Years {
		out.Years = append(out.Years, nicheHallYear(y))
	}
	return out
}

func closingOf(c funeral.Closing) nicheClosing {
	out := nicheClosing{c.Hall.ID, c.Known, []nicheMove{}, c.Added, c.Remaining, list(c.Villages), list(c.Stranded)}
	for _, m := range c.Moves {
		out.Moves = append(out.Moves, nicheMove(m))
	}
	return out
}

func villageOf(v funeral.Village) nicheVillage {
	out := nicheVillage{v.Code, v.NameZH, v.NameEN, v.Subdistrict, nil, v.Before, v.After, v.Since, v.Deaths}
	if v.Known {
		people := coverage.People(v.People).Fixed(0)
		out.People = &people
	}
	return out
}

// Asking for a transfer.

type newTransfer struct {
	From     string   `json:"from" maxLength:"64" doc:"Id of the hall that closes"`
	To       string   `json:"to" maxLength:"64" doc:"Id of the hall that receives"`
	Year     int      `json:"year"`
	Niches   int64    `json:"niches"`
	Villages []string `json:"villages,omitempty" nullable:"false" maxItems:"500" doc:"Communities served by the receiving hall from then on"`
	Note     string   `json:"note,omitempty" maxLength:"200"`
	Reason   string   `json:"reason" maxLength:"500"`
}

type transferInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newTransfer
}

type transferMade struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     nicheTransfer
}

func (h handlers) create(ctx context.Context, in *transferInput) (*transferMade, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	t, err := h.transfers.Create(ctx, funeral.Transfer{From: b.From, To: b.To, Year: b.Year, Niches: b.Niches, Villages: b.Villages, Note: b.Note}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &transferMade{ETag: httpapi.ETag(t.Version), Location: "/api/v1/niche-transfers/" + t.ID, Body: transferOf(t)}, nil
}
