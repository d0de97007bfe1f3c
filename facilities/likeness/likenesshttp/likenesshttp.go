// Package likenesshttp serves the pairs of facilities that may be of one place, and takes
// what people decide of them. It owns the JSON shapes and knows nothing of storage or of
// scoring.
package likenesshttp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/likeness"
	"yike/internal/httpapi"
)

// Duplicates gives pairs and keeps decisions, as the person of the context may. It is safe
// for concurrent use.
type Duplicates interface {
	// Pairs gives a page of the pairs that are not decided, and of those that were decided to
	// be the same and are still two. ErrNotReady, ErrUnknownDivision, ErrUnknownType.
	Pairs(ctx context.Context, q Question) (Page, error)
	// Decide keeps a decision, once for each idempotency key. ErrNotReady, ErrUnknownFacility
	// and *record.InvalidError.
	Decide(ctx context.Context, d likeness.Decision) (likeness.Decision, error)
	// Decisions gives the newest decisions, at most limit. ErrNotReady.
	Decisions(ctx context.Context, limit int) ([]Decided, error)
}

// What may go wrong.
var (
	ErrNotReady        = errors.New("the data are not loaded yet")
	ErrUnknownDivision = errors.New("unknown division")
	ErrUnknownType     = errors.New("unknown facility type")
	ErrUnknownFacility = errors.New("unknown facility")
	errBadCursor       = errors.New("cursor is not one of ours")
)

// Question says which pairs are wanted.
type Question struct {
	Type     facilities.Type // of one of the two; "" any
	Division string          // one of the two lies in it or below it; "" any
	Limit    int
	After    *After // nil for the first page
}

// After is where the page before ended.
type After struct {
	Score int
	A, B  string
}

// Pair is two facilities that may be of one place.
type Pair struct {
	Match    likeness.Match
	A, B     facilities.Facility
	Decision likeness.Verdict // Same where it was decided and they are still two
	DistM    float64          // between them in metres; -1 where a place is not known
}

// Decided is a decision with the names of its two sides; "" where the person of the context
// sees no such facility, or where it is the row of a file.
type Decided struct {
	likeness.Decision
	NameA, NameB string
}

// Page is some of the pairs.
type Page struct {
	Pairs []Pair
	Total int // of all pages
	Next  *After
}

// Register mounts /api/v1/facility-duplicates.
func Register(api huma.API, d Duplicates) {
	h := handler{d}
	tags := []string{"facilities"}
	refusals := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-duplicates", Method: http.MethodGet, Path: "/api/v1/facility-duplicates", Tags: tags,
		Summary: "Pairs of facilities that may be of one place · 疑似重复",
		Description: "The likest first, of those that the account may see and one of which it may write. What was decided to be two places is not asked again. " +
			"To make one record of a pair, merge one facility into the other.",
		Errors: refusals,
	}, h.pairs)
	httpapi.Register(api, huma.Operation{
		OperationID: "decide-facility-duplicate", Method: http.MethodPost, Path: "/api/v1/facility-duplicates/decisions", Tags: tags,
		Summary:     "Say whether two facilities are of one place · 判定是否同一处",
		Description: "Kept with the reason and who decided; a later decision of the same pair takes its place. It merges nothing.",
		Errors:      append([]int{http.StatusBadRequest}, refusals...),
	}, h.decide)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-duplicate-decisions", Method: http.MethodGet, Path: "/api/v1/facility-duplicates/decisions", Tags: tags,
		Summary: "What was decided, the newest first · 判定记录", Errors: refusals,
	}, h.decisions)
}

type handler struct{ d Duplicates }

type duplicatePairsInput struct {
	Type     string `query:"type" maxLength:"64" doc:"Only where one of the two is of this type"`
	Division string `query:"division" maxLength:"32" doc:"Only where one of the two lies in this division or below it"`
	Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"Pairs per page"`
	Cursor   string `query:"cursor" maxLength:"300" doc:"next of the page before"`
}

// DuplicateFacility is what people compare of a facility.
type DuplicateFacility struct {
	ID              string   `json:"id"`
	Version         int      `json:"version" doc:"For If-Match"`
	Type            string   `json:"type"`
	NameZH          string   `json:"name_zh"`
	NameEN          string   `json:"name_en"`
	Status          string   `json:"status" enum:"planned,building,open,suspended,closed"`
	Stage           string   `json:"stage" enum:"draft,submitted,published"`
	Address         string   `json:"address"`
	Phone           string   `json:"contact_phone"`
	Operator        string   `json:"operator"`
	Capacity        int      `json:"capacity" doc:"0 when unknown"`
	USCC            string   `json:"uscc"`
	InstitutionCode string   `json:"institution_code"`
	BureauNo        string   `json:"bureau_no"`
	Division        string   `json:"division_code"`
	VerifiedOn      *string  `json:"verified_on" nullable:"true" format:"date"`
	Lon             *float64 `json:"lon" nullable:"true"`
	Lat             *float64 `json:"lat" nullable:"true"`
}

// DuplicatePart is one thing that was compared.
type DuplicatePart struct {
	Part   string  `json:"part" enum:"name,number,function,address,distance,phone,code,operator,type,division"`
	Points float64 `json:"points" doc:"What it adds to the evidence, below 0 where it speaks against"`
	ZH     string  `json:"zh"`
	EN     string  `json:"en"`
}

// DuplicatePair is two facilities that may be of one place, and why.
type DuplicatePair struct {
	A        DuplicateFacility `json:"a"`
	B        DuplicateFacility `json:"b"`
	Score    int               `json:"score" doc:"60 to 99; from 80 on very probably one place"`
	Likely   bool              `json:"likely" doc:"Very probably one place"`
	DistM    *float64          `json:"distance_m" nullable:"true" doc:"null where a position is not known"`
	Decision string            `json:"decision" enum:",same" doc:"same where it was decided so and they were not merged yet"`
	Parts    []DuplicatePart   `json:"parts" nullable:"false" doc:"The weightiest first"`
}

type duplicatePage struct {
	Pairs []DuplicatePair `json:"pairs" nullable:"false"`
	Total int             `json:"total" doc:"Pairs on all pages"`
	Next  *string         `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type duplicatePairsReply struct{ Body duplicatePage }

func (h handler) pairs(ctx context.Context, in *duplicatePairsInput) (*duplicatePairsReply, error) {
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	p, err := h.d.Pairs(ctx, Question{Type: facilities.Type(in.Type), Division: in.Division, Limit: in.Limit, After: after})
	if err != nil {
		return nil, problem(err)
	}
	out := &duplicatePairsReply{Body: duplicatePage{Pairs: []DuplicatePair{}, Total: p.Total}}
	for _, pair := range p.Pairs {
		out.Body.Pairs = append(out.Body.Pairs, pairOf(pair))
	}
	if p.Next != nil {
		next := encodeCursor(*p.Next)
		out.Body.Next = &next
	}
	return out, nil
}

func pairOf(p Pair) DuplicatePair {
	out := DuplicatePair{
		A: facilityOf(p.A), B: facilityOf(p.B), Score: p.Match.Score, Likely: p.Match.Score >= likeness.Likely,
		Decision: string(p.Decision), Parts: []DuplicatePart{},
	}
	if p.DistM >= 0 {
		out.DistM = &p.DistM
	}
	for _, part := range p.Match.Parts {
		out.Parts = append(out.Parts, DuplicatePart{Part: part.Part, Points: part.Score * part.Weight, ZH: part.ZH, EN: part.EN})
	}
	return out
}

func facilityOf(f facilities.Facility) DuplicateFacility {
	out := DuplicateFacility{
		ID: f.ID, Version: f.Version, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Status: string(f.Status), Stage: string(f.Stage),
		Address: f.Address, Phone: textField(f, "contact_phone"), Operator: textField(f, "operator"), Capacity: f.Capacity,
		USCC: f.USCC, InstitutionCode: f.InstitutionCode, BureauNo: f.BureauNo, Division: f.DivisionCode,
	}
	if f.VerifiedOn != "" {
		day := string(f.VerifiedOn)
		out.VerifiedOn = &day
	}
	if !f.Unplaced {
		lon, lat := f.Point.Lon(), f.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	return out
}

func textField(f facilities.Facility, name string) string {
	text, _ := f.Fields[name].(string) // what is not known is not there
	return text
}

type duplicateDecideInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		A        string `json:"a" maxLength:"64" doc:"Id of a facility, or row:… of the row of a file"`
		B        string `json:"b" maxLength:"64"`
		Decision string `json:"decision" enum:"same,different"`
		Reason   string `json:"reason" maxLength:"500"`
	}
}

// DuplicateDecision is what was decided of a pair.
type DuplicateDecision struct {
	A        string    `json:"a"`
	B        string    `json:"b"`
	Decision string    `json:"decision" enum:"same,different"`
	Reason   string    `json:"reason"`
	By       string    `json:"decided_by"`
	At       time.Time `json:"decided_at"`
	NameA    string    `json:"a_name" doc:"Empty where it is not known, such as of a row of a file"`
	NameB    string    `json:"b_name"`
}

type duplicateDecisionReply struct{ Body DuplicateDecision }

func (h handler) decide(ctx context.Context, in *duplicateDecideInput) (*duplicateDecisionReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	d, err := h.d.Decide(ctx, likeness.Decision{A: b.A, B: b.B, Verdict: likeness.Verdict(b.Decision), Reason: b.Reason})
	if err != nil {
		return nil, problem(err)
	}
	return &duplicateDecisionReply{decisionOf(d)}, nil
}

func decisionOf(d likeness.Decision) DuplicateDecision {
	return DuplicateDecision{A: d.A, B: d.B, Decision: string(d.Verdict), Reason: d.Reason, By: d.By, At: d.At}
}

type duplicateDecisionsInput struct {
	Limit int `query:"limit" default:"100" minimum:"1" maximum:"1000"`
}

type duplicateDecisionsReply struct {
	Body struct {
		Decisions []DuplicateDecision `json:"decisions" nullable:"false"`
	}
}

func (h handler) decisions(ctx context.Context, in *duplicateDecisionsInput) (*duplicateDecisionsReply, error) {
	list, err := h.d.Decisions(ctx, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	out := &duplicateDecisionsReply{}
	out.Body.Decisions = []DuplicateDecision{}
	for _, d := range list {
		one := decisionOf(d.Decision)
		one.NameA, one.NameB = d.NameA, d.NameB
		out.Body.Decisions = append(out.Body.Decisions, one)
	}
	return out, nil
}

// A cursor is where a page ended, made opaque so that nobody builds on its form.
func encodeCursor(a After) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s %s", a.Score, a.A, a.B))
}

func decodeCursor(c string) (*After, error) {
	if c == "" {
		return nil, nil //nolint:nilnil // the first page
	}
	raw, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil {
		return nil, errBadCursor
	}
	parts := strings.Split(string(raw), " ")
	if len(parts) != 3 {
		return nil, errBadCursor
	}
	score, err := strconv.Atoi(parts[0])
	if err != nil {
		return nil, errBadCursor
	}
	return &After{Score: score, A: parts[1], B: parts[2]}, nil
}
