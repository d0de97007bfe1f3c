package platehttp

import (
	"context"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// PlateOrderPage is a page of the orders.
type PlateOrderPage struct {
	Orders   []PlateOrderRecord `json:"orders" nullable:"false"`
	Codes    PlateCodes         `json:"codes"`
	MayOrder bool               `json:"may_order"`
	Next     *string            `json:"next" nullable:"true"`
}

type ordersReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlateOrderPage
}

type orderCursor struct{ Year, No int }

func (h handlers) orders(ctx context.Context, in *struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before"`
},
) (*ordersReply, error) {
	after, err := decodeCursor[orderCursor](in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	list, more, err := h.plates.Orders(ctx, after.Year, after.No, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := PlateOrderPage{Orders: []PlateOrderRecord{}, Codes: codesOf(h.plates.Book()), MayOrder: h.plates.MayOrder(ctx)}
	for _, o := range list {
		out.Orders = append(out.Orders, orderOf(o))
	}
	if more {
		last := list[len(list)-1]
		next := encodeCursor(orderCursor{last.Year, last.No})
		out.Next = &next
	}
	return &ordersReply{CacheControl: "no-store", Body: out}, nil
}

// PlateChoice is what a selection comes to.
type PlateChoice struct {
	Takes  int            `json:"takes" doc:"Addresses that get a plate"`
	Left   map[string]int `json:"left" doc:"Those that do not, by reason"`
	Most   int            `json:"most" doc:"Plates that an order may have"`
	Beyond bool           `json:"beyond" doc:"There are more than that"`
	Renews int            `json:"renews" doc:"Plates that are replaced"`
	First  []PlateFace    `json:"first" nullable:"false" doc:"What the first of them will say"`
}

type choiceReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlateChoice
}

func (h handlers) choose(ctx context.Context, in *struct {
	Body PlateSelection
},
) (*choiceReply, error) {
	c, err := h.plates.Choose(ctx, life.Selection(in.Body))
	if err != nil {
		return nil, problem(err)
	}
	out := PlateChoice{Takes: len(c.Takes), Left: map[string]int{}, Most: life.MostOfOrder, Beyond: c.Beyond, First: []PlateFace{}}
	for why, n := range c.Left {
		out.Left[string(why)] = n
	}
	for i, one := range c.Takes {
		if one.Plate != nil {
			out.Renews++
		}
		if i < 12 {
			out.First = append(out.First, faceOf(one.Face))
		}
	}
	return &choiceReply{CacheControl: "no-store", Body: out}, nil
}

type orderReply = httpapi.RecordReply[PlateOrderRecord]

func (h handlers) order(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Title        string         `json:"title" maxLength:"400"`
		Maker        string         `json:"maker,omitempty" maxLength:"400"`
		Note         string         `json:"note,omitempty" maxLength:"2000"`
		FromDecision bool           `json:"from_decision,omitempty" doc:"The time to put plates up counts from the document of the address, not from today"`
		Selection    PlateSelection `json:"selection"`
	}
},
) (*orderReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	o, err := h.plates.Order(ctx, life.NewOrder{Title: in.Body.Title, Maker: in.Body.Maker, Note: in.Body.Note, Selection: life.Selection(in.Body.Selection), FromDecision: in.Body.FromDecision})
	if err != nil {
		return nil, problem(err)
	}
	out := httpapi.ReplyWith(o.Version, orderOf(o))
	out.Location = orderPath + "/" + o.ID
	return out, nil
}

func (h handlers) orderOne(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*orderReply, error) {
	o, err := h.plates.OrderOne(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyWith(o.Version, orderOf(o)), nil
}

func (h handlers) changeOrder(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Title *string `json:"title,omitempty" maxLength:"400"`
		Maker *string `json:"maker,omitempty" maxLength:"400"`
		Note  *string `json:"note,omitempty" maxLength:"2000"`
	}
},
) (*orderReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	o, err := h.plates.ChangeOrder(ctx, in.ID, expected, life.OrderPatch{Title: in.Body.Title, Maker: in.Body.Maker, Note: in.Body.Note})
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyWith(o.Version, orderOf(o)), nil
}

// PlateBatch is what an event of an order came to.
type PlateBatch struct {
	Plates int              `json:"plates" doc:"To how many it happened"`
	Order  PlateOrderRecord `json:"order"`
}

func (h handlers) batch(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Kind   string   `json:"kind" enum:"made,delivered,returned,withdrawn"`
		Day    string   `json:"day" format:"date"`
		Note   string   `json:"note,omitempty" maxLength:"2000"`
		Tokens []string `json:"tokens,omitempty" maxItems:"20000" doc:"Of which plates; of all to which it can happen when left out"`
	}
},
) (*struct{ Body PlateBatch }, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := life.Batch{Kind: life.Kind(in.Body.Kind), Day: record.Day(in.Body.Day), Note: in.Body.Note}
	for _, text := range in.Body.Tokens {
		code, err := plates.ParseToken(text)
		if err != nil {
			return nil, problem(record.Invalid([]record.Fault{{Field: "tokens", Value: text, ZH: "不是门牌编码", EN: "is no code of a plate"}}))
		}
		b.Tokens = append(b.Tokens, code)
	}
	n, err := h.plates.All(ctx, in.ID, b)
	if err != nil {
		return nil, problem(err)
	}
	o, err := h.plates.OrderOne(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &struct{ Body PlateBatch }{PlateBatch{Plates: n, Order: orderOf(o)}}, nil
}
