// Package readinghttp serves the spelling of place names and the lexicon of readings that
// people confirmed. It knows neither storage nor who may do what: it is given both by an
// interface.
package readinghttp

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/roman"
)

// Lexicon reads and writes confirmed readings as the person who asks may.
type Lexicon interface {
	// Speller gives a speller that knows all that was confirmed.
	Speller(ctx context.Context) (*roman.Speller, error)
	// List gives the entries that contain a text, by pinyin, and whether the reader may add one.
	List(ctx context.Context, text string) ([]roman.RulingItem, bool, error)
	// One gives one entry. roman.ErrNoRuling.
	One(ctx context.Context, id string) (roman.RulingItem, error)
	// Create puts an entry in, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, r roman.Ruling, c record.Change) (roman.RulingItem, error)
	// Update writes the entry anew of which the client saw a version. roman.ErrNoRuling and
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, r roman.Ruling, c record.Change) (roman.RulingItem, error)
	// Remove takes an entry out. roman.ErrNoRuling.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions of an entry. roman.ErrNoRuling.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
}

const (
	listPath = "/api/v1/readings"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"place names"} }

type handlers struct {
	lexicon   Lexicon
	catalogue *placenames.Catalogue
}

// Register mounts /api/v1/place-names/spelling and /api/v1/readings.
func Register(api huma.API, l Lexicon, c *placenames.Catalogue) {
	h := handlers{l, c}
	httpapi.Register(api, huma.Operation{
		OperationID: "spell-place-name", Method: http.MethodPost, Path: "/api/v1/place-names/spelling", Tags: tags(),
		Summary: "Spell a place name by the rules of 1984 · 地名拼写", Description: "It changes nothing. Every character that has several readings comes with them, with where the chosen one is from and the nearest precedents. What a dictionary chose among several is never certain.",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity},
	}, h.spell)
	httpapi.Register(api, huma.Operation{
		OperationID: "readings", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary: "The lexicon of confirmed readings · 审定读音", Description: "By pinyin, all at once.",
		Errors: []int{http.StatusUnauthorized},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "reading", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary: "One confirmed reading · 读音条目", Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "add-reading", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Confirm a reading · 登记审定读音",
		Errors:  []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity},
	}, h.add)
	httpapi.Register(api, huma.Operation{
		OperationID: "change-reading", Method: http.MethodPut, Path: onePath, Tags: tags(),
		Summary: "Write a confirmed reading anew · 变更读音条目",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.change)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-reading", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take a reading out of the lexicon · 删除读音条目", Description: "Its history stays.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "reading-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary: "What an entry was · 读音条目历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

// problem tells a client what is wrong.
func problem(err error) error {
	if errors.Is(err, roman.ErrNoRuling) {
		return httpapi.NewProblem(http.StatusNotFound, "unknown_reading", "读音表没有这个条目", "The lexicon has no such entry")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}

// PlaceReadingContent is what a person writes of an entry.
type PlaceReadingContent struct {
	Text     string `json:"text" maxLength:"200"`
	Readings string `json:"readings" maxLength:"400" doc:"Of each character, with tones and spaces between: lù ān"`
	NameID   string `json:"name_id,omitempty" maxLength:"64" doc:"The record for which it was ruled"`
	Document string `json:"document,omitempty" maxLength:"2000" doc:"Decision or other document"`
	Note     string `json:"note,omitempty" maxLength:"2000"`
	Reason   string `json:"reason" maxLength:"500" doc:"Why it is written"`
}

func (c PlaceReadingContent) ruling() (roman.Ruling, record.Change, error) {
	r, faults := roman.ParseRuling(roman.Ruling{Text: c.Text, NameID: c.NameID, Document: c.Document, Note: c.Note}, c.Readings)
	return r, record.Change{Reason: c.Reason}, record.Invalid(faults)
}

// PlaceReading is an entry of the lexicon.
type PlaceReading struct {
	ID        string    `json:"id"`
	Version   int       `json:"version" doc:"Version of the record, also its entity tag"`
	Text      string    `json:"text"`
	Readings  []string  `json:"readings" nullable:"false"`
	NameID    string    `json:"name_id" doc:"Empty for none"`
	Name      string    `json:"name" doc:"Text of that record"`
	Document  string    `json:"document"`
	Note      string    `json:"note"`
	ValidFrom string    `json:"valid_from"`
	ChangedAt time.Time `json:"changed_at"`
	MayWrite  bool      `json:"may_write"`
}

func readingOf(r roman.RulingItem) PlaceReading {
	return PlaceReading{r.ID, r.Version, r.Text, slices.Clone(r.Readings), r.NameID, r.Name, r.Document, r.Note, string(r.ValidFrom), r.ChangedAt, r.MayWrite}
}

// PlaceReadings is the lexicon.
type PlaceReadings struct {
	Readings []PlaceReading `json:"readings" nullable:"false"`
	MayAdd   bool           `json:"may_add"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlaceReadings
}

func (h handlers) list(ctx context.Context, in *struct {
	Text string `query:"q" maxLength:"100" doc:"Where the text contains this"`
},
) (*listReply, error) {
	list, may, err := h.lexicon.List(ctx, in.Text)
	if err != nil {
		return nil, problem(err)
	}
	out := &listReply{CacheControl: "no-store", Body: PlaceReadings{Readings: []PlaceReading{}, MayAdd: may}}
	for _, r := range list {
		out.Body.Readings = append(out.Body.Readings, readingOf(r))
	}
	return out, nil
}

type reply struct {
	ETag         string `header:"ETag"`
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
	Body         PlaceReading
}

func replied(r roman.RulingItem, err error) (*reply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &reply{ETag: httpapi.ETag(r.Version), CacheControl: "no-store", Body: readingOf(r)}, nil
}

type past struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) one(ctx context.Context, in *past) (*reply, error) {
	return replied(h.lexicon.One(ctx, in.ID))
}

func (h handlers) add(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body PlaceReadingContent
},
) (*reply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	r, c, err := in.Body.ruling()
	if err != nil {
		return nil, problem(err)
	}
	out, err := replied(h.lexicon.Create(ctx, r, c))
	if err == nil {
		out.Location = listPath + "/" + out.Body.ID
	}
	return out, err
}

func (h handlers) change(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    PlaceReadingContent
},
) (*reply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	r, c, err := in.Body.ruling()
	if err != nil {
		return nil, problem(err)
	}
	return replied(h.lexicon.Update(ctx, in.ID, expected, r, c))
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.lexicon.Remove, problem)
}

func (h handlers) history(ctx context.Context, in *past) (*httpapi.RecordHistory, error) {
	list, err := h.lexicon.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
