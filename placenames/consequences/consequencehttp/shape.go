package consequencehttp

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/consequences"
)

// ErrUnknownDivision is what Consequences returns of a division that is not there.
var ErrUnknownDivision = errors.New("there is no such division")

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, placenames.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_place_name", "没有这条地名", "There is no such place name")
	case errors.Is(err, ErrUnknownDivision):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个辖区", "There is no such division")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}

// NameConsequenceItem is a record that carries a name.
type NameConsequenceItem struct {
	ID           string `json:"id"`
	Text         string `json:"text" doc:"What the record is called"`
	Says         string `json:"says" doc:"Its words in which the name stands; empty where it only belongs to the place"`
	Basis        string `json:"basis" enum:"linked,written"`
	DivisionCode string `json:"division_code"`
}

// NameConsequenceGroup is what carries a name of a kind.
type NameConsequenceGroup struct {
	Kind  string                `json:"kind"`
	Count int                   `json:"count" doc:"Exact"`
	More  bool                  `json:"more" doc:"There are further ones than items"`
	Items []NameConsequenceItem `json:"items" nullable:"false"`
}

// NameConsequenceCost is the cost of changing the records of a kind.
type NameConsequenceCost struct {
	Kind    string `json:"kind"`
	Count   int    `json:"count"`
	UnitFen *int64 `json:"unit_fen" doc:"Hundredths of a yuan for one; null where nobody entered a unit cost"`
	SumFen  *int64 `json:"sum_fen" doc:"null as unit_fen"`
	Source  string `json:"source"`
	Day     string `json:"day" doc:"Of the unit cost"`
}

// NameConsequences are what carries a name now.
type NameConsequences struct {
	NameID  string                 `json:"name_id"`
	Text    string                 `json:"text"`
	State   string                 `json:"state"`
	Day     string                 `json:"day" format:"date"`
	Shared  bool                   `json:"shared" doc:"Another name in use has the same characters: words count in the divisions of the place only"`
	Groups  []NameConsequenceGroup `json:"groups" nullable:"false"`
	Costs   []NameConsequenceCost  `json:"costs" nullable:"false"`
	SumFen  int64                  `json:"sum_fen" doc:"Of the costs that have a unit cost"`
	Missing []string               `json:"missing" nullable:"false" doc:"Kinds of which something is made anew and nobody entered a unit cost: the sum is not whole"`
	Kinds   []placenames.Code      `json:"kinds" nullable:"false"`
}

func itemOf(c consequences.Carrier) NameConsequenceItem {
	return NameConsequenceItem{ID: c.ID, Text: c.Text, Says: c.Says, Basis: string(c.Basis), DivisionCode: c.Division}
}

func reportOf(n placenames.Name, r consequences.Report, today record.Day) NameConsequences {
	out := NameConsequences{
		NameID: n.ID, Text: n.Text, State: string(n.State), Day: string(today), Shared: r.Shared, Groups: []NameConsequenceGroup{}, Costs: []NameConsequenceCost{},
		SumFen: r.Cost.Fen, Missing: []string{}, Kinds: consequences.Kinds(),
	}
	for _, g := range r.Groups {
		group := NameConsequenceGroup{Kind: string(g.Kind), Count: g.Count, More: g.More(), Items: []NameConsequenceItem{}}
		for _, c := range g.Items {
			group.Items = append(group.Items, itemOf(c))
		}
		out.Groups = append(out.Groups, group)
	}
	for _, l := range r.Cost.Lines {
		line := NameConsequenceCost{Kind: string(l.Kind), Count: l.Count}
		if l.Price != nil {
			line.UnitFen, line.SumFen, line.Source, line.Day = &l.Price.Fen, &l.Fen, l.Price.Source, string(l.Price.Day)
		}
		out.Costs = append(out.Costs, line)
	}
	for _, k := range r.Cost.Missing {
		out.Missing = append(out.Missing, string(k))
	}
	return out
}

// NameFollowUp is one thing that has to follow.
type NameFollowUp struct {
	Kind  string `json:"kind"`
	State string `json:"state" enum:"open,done,set_aside"`
	NameConsequenceItem
	By     string  `json:"by" doc:"Who did it, or says that it is done; empty while it is open, and for those who may not read histories"`
	On     *string `json:"on" format:"date" doc:"When; null while it is open"`
	Reason string  `json:"reason" doc:"Of what somebody says of it"`
}

// NameFollowUps are what has to follow another name of a place, or its end.
type NameFollowUps struct {
	NameID  string            `json:"name_id"`
	Text    string            `json:"text" doc:"The present name"`
	State   string            `json:"state"`
	Former  []string          `json:"former" nullable:"false" doc:"The words that nothing should say any more"`
	Tasks   []NameFollowUp    `json:"tasks" nullable:"false" doc:"The open first"`
	Open    int               `json:"open"`
	MayMark bool              `json:"may_mark"`
	Kinds   []placenames.Code `json:"kinds" nullable:"false"`
}

func followUpsOf(n placenames.Name, tasks []consequences.Task, may bool) NameFollowUps {
	out := NameFollowUps{
		NameID: n.ID, Text: n.Text, State: string(n.State), Former: append([]string{}, consequences.Told(n)...), Tasks: []NameFollowUp{}, MayMark: may, Kinds: consequences.Kinds(),
	}
	for _, t := range tasks {
		f := NameFollowUp{Kind: string(t.Kind), State: string(t.State), NameConsequenceItem: itemOf(t.Carrier), By: t.By, Reason: t.Reason}
		if !t.At.IsZero() {
			day := string(record.DayOf(t.At))
			f.On = &day
		}
		if t.State == consequences.Open {
			out.Open++
		}
		out.Tasks = append(out.Tasks, f)
	}
	return out
}

// NameChange is a line of the table of old and new names.
type NameChange struct {
	NameID       string `json:"name_id"`
	Act          string `json:"act" enum:"renamed,ended,annulled,merged"`
	Old          string `json:"old"`
	OldRoman     string `json:"old_roman"`
	New          string `json:"new" doc:"Empty where nothing stands for it"`
	NewRoman     string `json:"new_roman"`
	NewID        string `json:"new_id"`
	Kind         string `json:"kind" doc:"Of the place"`
	DivisionCode string `json:"division_code"`
	Day          string `json:"day" doc:"From which the old name is none; empty where nobody knows"`
	Number       string `json:"number" doc:"Of the decision"`
	Body         string `json:"body" doc:"Who decided"`
	Open         int    `json:"open" doc:"How much is still to follow of the place"`
}

// NameChanges are a page of the table.
type NameChanges struct {
	Changes []NameChange      `json:"changes" nullable:"false"`
	Total   int               `json:"total"`
	Next    int               `json:"next,omitempty" doc:"Where the next page begins; none on the last"`
	Acts    []placenames.Code `json:"acts" nullable:"false"`
}

func changeOf(c consequences.Change, open int) NameChange {
	return NameChange{
		NameID: c.NameID, Act: string(c.Act), Old: c.Old, OldRoman: c.OldRoman, New: c.New, NewRoman: c.NewRoman, NewID: c.NewID, Kind: c.Kind, DivisionCode: c.Division,
		Day: string(c.Day), Number: c.Decision.Number, Body: c.Decision.Body, Open: open,
	}
}

// NameUnitCost is what changing one record of a kind costs.
type NameUnitCost struct {
	Kind   string `json:"kind" maxLength:"32"`
	Fen    int64  `json:"fen" doc:"Hundredths of a yuan"`
	Source string `json:"source" maxLength:"300" doc:"A contract, a tender, an account"`
	Day    string `json:"day" maxLength:"10" doc:"As of which"`
}

// NameUnitCosts are the unit costs of the authority.
type NameUnitCosts struct {
	Version int               `json:"version" doc:"0 where nobody entered any"`
	Prices  []NameUnitCost    `json:"prices" nullable:"false"`
	MaySet  bool              `json:"may_set"`
	Kinds   []placenames.Code `json:"kinds" nullable:"false"`
}

func pricesOf(list []consequences.Price, version int, may bool) NameUnitCosts {
	out := NameUnitCosts{Version: version, Prices: []NameUnitCost{}, MaySet: may, Kinds: consequences.Kinds()}
	for _, p := range list {
		out.Prices = append(out.Prices, NameUnitCost{Kind: string(p.Kind), Fen: p.Fen, Source: p.Source, Day: string(p.Day)})
	}
	return out
}

type fileInput struct {
	ChangesInput
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

func (h handlers) file(mime string, csv bool) func(context.Context, *fileInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		a, err := in.asked()
		if err != nil {
			return nil, problem(err)
		}
		var file bytes.Buffer
		if err := h.all.WriteChanges(ctx, &file, a, csv, in.Words == "en"); err != nil {
			return nil, problem(err)
		}
		end := "-" + string(h.all.Today()) + ".xlsx"
		if csv {
			end = "-" + string(h.all.Today()) + ".csv"
		}
		return httpapi.Download(mime, "name-changes"+end, "新旧地名对照表"+end, file.Bytes()), nil
	}
}
