package addresshttp

import (
	"context"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// AddressLink is another address that one hangs on.
type AddressLink struct {
	ID        string `json:"id"`
	Level     string `json:"level"`
	ShortText string `json:"short_text"`
	State     string `json:"state"`
}

// AddressWhole is an address with what it is within, what has its place and its main one.
type AddressWhole struct {
	AddressRecord
	Lineage    []AddressLink `json:"lineage" nullable:"false" doc:"From the top down to the address itself"`
	Successors []AddressLink `json:"successors" nullable:"false"`
}

type oneReply = httpapi.RecordReply[AddressWhole]

func (h handlers) answer(ctx context.Context, i addresses.Item, err error) (*oneReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	out := AddressWhole{AddressRecord: recordOf(i), Lineage: []AddressLink{}, Successors: []AddressLink{}}
	chain, err := h.addresses.Lineage(ctx, i.ID)
	if err != nil {
		return nil, problem(err)
	}
	for _, a := range chain {
		out.Lineage = append(out.Lineage, AddressLink{a.ID, string(a.Level), a.Short, string(a.State)})
	}
	for _, id := range i.Successors {
		if n, err := h.addresses.Address(ctx, id, ""); err == nil {
			out.Successors = append(out.Successors, AddressLink{n.ID, string(n.Level), n.Short, string(n.State)})
		}
	}
	return httpapi.ReplyWith(i.Version, out), nil
}

func (h handlers) one(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
	At string `query:"at" format:"date" doc:"As it stood on this day; today when left out"`
},
) (*oneReply, error) {
	i, err := h.addresses.Address(ctx, in.ID, record.Day(in.At))
	return h.answer(ctx, i, err)
}

func (h handlers) create(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		AddressContent
		httpapi.RecordEntry
	}
},
) (*oneReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	i, err := h.addresses.Create(ctx, in.Body.address(), in.Body.Change())
	out, err := h.answer(ctx, i, err)
	if err == nil {
		out.Location = listPath + "/" + i.ID
	}
	return out, err
}

// AddressEntry is an address of a batch.
type AddressEntry struct {
	AddressContent
	Ref       string `json:"ref,omitempty" maxLength:"64" doc:"What others of the batch call it"`
	ParentRef string `json:"parent_ref,omitempty" maxLength:"64" doc:"The one of the batch that it is within, in place of parent_id"`
	MainRef   string `json:"main_ref,omitempty" maxLength:"64" doc:"The one of the batch that is its main one, in place of main_id"`
}

// AddressesMade says what became of a batch.
type AddressesMade struct {
	IDs []string `json:"ids" nullable:"false" doc:"In the order of the batch"`
}

type batchReply struct{ Body AddressesMade }

func (h handlers) batch(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Addresses []AddressEntry `json:"addresses" minItems:"1" maxItems:"20000"`
		httpapi.RecordEntry
	}
},
) (*batchReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	batch := make([]addresses.Entry, len(in.Body.Addresses))
	for i, e := range in.Body.Addresses {
		batch[i] = addresses.Entry{Address: e.address(), Ref: e.Ref, ParentRef: e.ParentRef, MainRef: e.MainRef}
	}
	ids, err := h.addresses.CreateAll(ctx, batch, in.Body.Change())
	if err != nil {
		return nil, problem(err)
	}
	return &batchReply{Body: AddressesMade{IDs: ids}}, nil
}

// addressPatch is what a person wants otherwise of an address.
type addressPatch struct {
	NameID       *string               `json:"name_id,omitempty" maxLength:"64"`
	ParentID     *string               `json:"parent_id,omitempty" maxLength:"64"`
	Level        *string               `json:"level,omitempty" enum:"number,building,unit,floor,room"`
	Number       *string               `json:"number,omitempty" maxLength:"40"`
	Suffix       *string               `json:"suffix,omitempty" maxLength:"20"`
	Label        *string               `json:"label,omitempty" maxLength:"120"`
	MainID       *string               `json:"main_id,omitempty" maxLength:"64"`
	DivisionCode *string               `json:"division_code,omitempty" maxLength:"32"`
	Positions    *[]AddressPosition    `json:"positions,omitempty" maxItems:"30"`
	Code         *AddressCode          `json:"code,omitempty"`
	ForeignCodes *[]AddressForeignCode `json:"foreign_codes,omitempty" maxItems:"20"`
	Decision     *AddressDecision      `json:"decision,omitempty"`
	Note         *string               `json:"note,omitempty" maxLength:"4000"`
	httpapi.RecordRevision
}

func (p addressPatch) patch() addresses.Patch {
	out := addresses.Patch{
		NameID: p.NameID, ParentID: p.ParentID, Level: (*addresses.Level)(p.Level), Number: p.Number, Suffix: p.Suffix, Label: p.Label, MainID: p.MainID, Division: p.DivisionCode,
		Code: (*addresses.Code)(p.Code), Note: p.Note,
	}
	if p.Positions != nil {
		list := positionsIn(*p.Positions)
		out.Positions = &list
	}
	if p.ForeignCodes != nil {
		list := codesIn(*p.ForeignCodes)
		out.Codes = &list
	}
	if p.Decision != nil {
		d := p.Decision.decision()
		out.Decision = &d
	}
	return out
}

func (h handlers) update(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    addressPatch
},
) (*oneReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	i, err := h.addresses.Update(ctx, in.ID, expected, in.Body.patch(), in.Body.Change())
	return h.answer(ctx, i, err)
}

func (h handlers) move(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body    struct {
		To           string           `json:"to" enum:"provisional,approved,historical"`
		Decision     *AddressDecision `json:"decision,omitempty"`
		SuccessorIDs []string         `json:"successor_ids,omitempty" maxItems:"50" doc:"Of one that ends: the addresses that have its place"`
		Gone         bool             `json:"gone,omitempty" doc:"Of one that ends: nothing has its place"`
		Day          string           `json:"day,omitempty" maxLength:"10" doc:"From which it is so; today when left out"`
		Reason       string           `json:"reason,omitempty" maxLength:"500"`
	}
},
) (*oneReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	if err := record.Invalid(wrongDay("day", in.Body.Day)); err != nil {
		return nil, problem(err)
	}
	i, err := h.addresses.Move(ctx, in.ID, expected, addresses.Move{
		To: addresses.State(in.Body.To), Decision: in.Body.Decision.decision(), Successors: in.Body.SuccessorIDs, Gone: in.Body.Gone, Day: record.Day(in.Body.Day), Reason: in.Body.Reason,
	})
	return h.answer(ctx, i, err)
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.addresses.Remove, problem)
}

// AddressesRenamed says how many addresses follow another name.
type AddressesRenamed struct {
	Changed int `json:"changed"`
}

type renamedReply struct{ Body AddressesRenamed }

func (h handlers) renamed(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		NameID   string          `json:"name_id" maxLength:"64"`
		Decision AddressDecision `json:"decision"`
		Until    string          `json:"until" maxLength:"10" doc:"The last day of the former name"`
		Reason   string          `json:"reason" maxLength:"500"`
	}
},
) (*renamedReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	n, err := h.addresses.Renamed(ctx, in.Body.NameID, in.Body.Decision.decision(), record.Day(in.Body.Until), record.Change{Reason: in.Body.Reason})
	if err != nil {
		return nil, problem(err)
	}
	return &renamedReply{Body: AddressesRenamed{n}}, nil
}

func (h handlers) history(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*httpapi.RecordHistory, error) {
	list, err := h.addresses.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
