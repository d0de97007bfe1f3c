package facilityhttp

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Proposals keeps what people who may not write say should be otherwise, and lets those
// who may decide, as the person of the context may. Its errors are those of Records. It is
// safe for concurrent use.
type Proposals interface {
	// Propose keeps a proposal for the facility of which the client saw a version, or for
	// a new one where id is "".
	Propose(ctx context.Context, id string, version int, p facilities.Patch, reason string) (facilities.Proposal, error)
	// Proposals gives a page of those that one may see, the newest first, and how many
	// there are in all.
	Proposals(ctx context.Context, f ProposalQuery) (list []facilities.Proposal, next string, total int, err error)
	// Proposal gives one, with the facility as it is now. ErrNoProposal.
	Proposal(ctx context.Context, id string) (facilities.Proposal, facilities.Facility, error)
	// Accept, Reject and Withdraw end one of which the client saw a version. ErrNoProposal
	// and ErrDecided.
	Accept(ctx context.Context, id string, version int, keep, take []string, reason string) (facilities.Proposal, error)
	Reject(ctx context.Context, id string, version int, reason string) (facilities.Proposal, error)
	Withdraw(ctx context.Context, id string, version int, reason string) (facilities.Proposal, error)
}

// What Proposals returns besides.
var (
	ErrNoProposal = errors.New("no such proposal")
	ErrDecided    = errors.New("decided already")
)

// ProposalQuery says which proposals are meant.
type ProposalQuery struct {
	State    string `query:"state" enum:"open,accepted,rejected,withdrawn,superseded" doc:"Only in this state"`
	Facility string `query:"facility" maxLength:"64" doc:"Only of this facility"`
	Mine     bool   `query:"mine" doc:"Only the account's own"`
	Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor   string `query:"cursor" maxLength:"64" doc:"next of the page before"`
}

const proposalsPath = "/api/v1/facility-proposals"

// RegisterProposals mounts /api/v1/facility-proposals.
func RegisterProposals(api huma.API, proposals Proposals) {
	h := proposalHandlers{proposals}
	tags := []string{"facilities"}
	reads := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	writes := append([]int{http.StatusBadRequest, http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired}, reads...)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-proposals", Method: http.MethodGet, Path: proposalsPath, Tags: tags,
		Summary:     "What people propose, the newest first · 变更建议",
		Description: "The account's own, and those of divisions where it may write.", Errors: reads,
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-facility-proposal", Method: http.MethodPost, Path: proposalsPath, Tags: tags, DefaultStatus: http.StatusCreated,
		Summary:     "Propose a change of a facility, or a new one · 提出变更建议",
		Description: "It takes the place of what the account proposed for the facility before. What could not be written so is refused already.",
		Errors:      writes,
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-proposal", Method: http.MethodGet, Path: proposalsPath + "/{id}", Tags: tags,
		Summary: "One proposal beside the facility as it is now · 建议与现状对照", Errors: reads,
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "accept-facility-proposal", Method: http.MethodPost, Path: proposalsPath + "/{id}/accept", Tags: tags,
		Summary:     "Accept a proposal · 采纳建议",
		Description: "It is written into the facility as it is now. Of each field that others changed meanwhile, say whether to keep it or to take what is proposed.",
		Errors:      writes,
	}, h.accept)
	httpapi.Register(api, huma.Operation{
		OperationID: "reject-facility-proposal", Method: http.MethodPost, Path: proposalsPath + "/{id}/reject", Tags: tags,
		Summary: "Reject a proposal, with the reason · 不采纳建议", Errors: writes,
	}, h.reject)
	httpapi.Register(api, huma.Operation{
		OperationID: "withdraw-facility-proposal", Method: http.MethodPost, Path: proposalsPath + "/{id}/withdraw", Tags: tags,
		Summary: "Take one's own proposal back · 撤回建议", Errors: writes,
	}, h.withdraw)
}

type proposalHandlers struct{ proposals Proposals }

type facilityProposal struct {
	ID          string             `json:"id"`
	Version     int                `json:"version" doc:"Version of the proposal, also its entity tag"`
	Facility    *string            `json:"facility_id" nullable:"true" doc:"null for a new one"`
	NameZH      string             `json:"name_zh" doc:"Of the facility as it is, or as a new one is to be called"`
	NameEN      string             `json:"name_en"`
	BaseVersion int                `json:"base_version" doc:"Of the facility, as the proposer saw it"`
	Patch       facilityFieldPatch `json:"patch" doc:"What is proposed, by the names of fields; place for the position, null for none"`
	Base        facilityFieldPatch `json:"base" doc:"The same fields as the proposer saw them"`
	Division    string             `json:"division_code"`
	Reason      string             `json:"reason"`
	Who         string             `json:"who"`
	MadeAt      time.Time          `json:"made_at"`
	State       string             `json:"state" enum:"open,accepted,rejected,withdrawn,superseded"`
	Decision    string             `json:"decision" doc:"Why it was decided so"`
	DecidedBy   string             `json:"decided_by"`
	DecidedAt   *time.Time         `json:"decided_at" nullable:"true"`
	Made        *string            `json:"made_id" nullable:"true" doc:"The facility that came of it"`
}

func proposalOf(p facilities.Proposal) facilityProposal {
	out := facilityProposal{
		ID: p.ID, Version: p.Version, NameZH: p.NameZH, NameEN: p.NameEN, BaseVersion: p.BaseVersion, Patch: facilityFieldPatch(p.Patch), Base: facilityFieldPatch(p.Base), Division: p.Division,
		Reason: p.Reason, Who: p.Who, MadeAt: p.MadeAt, State: string(p.State), Decision: p.Decision, DecidedBy: p.DecidedBy, DecidedAt: p.DecidedAt,
	}
	if p.FacilityID != "" {
		out.Facility = &p.FacilityID
	}
	if p.MadeID != "" {
		out.Made = &p.MadeID
	}
	return out
}

type proposalsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Proposals []facilityProposal `json:"proposals" nullable:"false"`
		Next      *string            `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
		Total     int                `json:"total" doc:"On all pages"`
	}
}

func (h proposalHandlers) list(ctx context.Context, in *ProposalQuery) (*proposalsReply, error) {
	list, next, total, err := h.proposals.Proposals(ctx, *in)
	if err != nil {
		return nil, problem(err)
	}
	out := &proposalsReply{CacheControl: "no-store"}
	out.Body.Proposals, out.Body.Total = make([]facilityProposal, len(list)), total
	for i, p := range list {
		out.Body.Proposals[i] = proposalOf(p)
	}
	if next != "" {
		out.Body.Next = &next
	}
	return out, nil
}

type proposedField struct {
	Field    string `json:"field"`
	Base     any    `json:"base" doc:"As the proposer saw it"`
	Proposed any    `json:"proposed"`
	Now      any    `json:"now" doc:"As it is"`
	Standing string `json:"standing" enum:"apart,already,conflict" doc:"Whether it applies, is so already, or was changed by somebody else"`
}

// TransformSchema lets the values be null, which documents of OpenAPI 3.0 must say.
func (proposedField) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, name := range []string{"base", "proposed", "now"} {
		s.Properties[name].Extensions = map[string]any{"nullable": true}
	}
	return s
}

type proposalBeside struct {
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Body         struct {
		Proposal facilityProposal `json:"proposal"`
		Facility *FacilityRecord  `json:"facility,omitempty" doc:"As it is now; left out for a new one"`
		Fields   []proposedField  `json:"fields" nullable:"false"`
	}
}

type oneProposalInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (h proposalHandlers) one(ctx context.Context, in *oneProposalInput) (*proposalBeside, error) {
	p, now, err := h.proposals.Proposal(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := &proposalBeside{CacheControl: "no-store", ETag: httpapi.ETag(p.Version)}
	out.Body.Proposal, out.Body.Fields = proposalOf(p), []proposedField{}
	if now.ID != "" {
		r := recordOf(now)
		out.Body.Facility = &r
	}
	for _, f := range p.Against(now) {
		out.Body.Fields = append(out.Body.Fields, proposedField{Field: f.Field, Base: f.Base, Proposed: f.Proposed, Now: f.Now, Standing: string(f.Standing)})
	}
	return out, nil
}

type newProposalInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request; needed"`
	Body struct {
		Facility    string          `json:"facility_id,omitempty" maxLength:"64" doc:"Left out for a new one"`
		BaseVersion int             `json:"base_version,omitempty" doc:"The version of the facility that was seen"`
		Patch       FacilityChanges `json:"patch"`
		Reason      string          `json:"reason" maxLength:"500"`
	}
}

type proposalReply struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     facilityProposal
}

func (h proposalHandlers) create(ctx context.Context, in *newProposalInput) (*proposalReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	patch := in.Body.Patch.patch()
	if in.Body.Facility == "" && patch.Lon == nil && patch.Lat == nil {
		yes := true
		patch.Unplaced = &yes
	}
	p, err := h.proposals.Propose(ctx, in.Body.Facility, in.Body.BaseVersion, patch, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &proposalReply{ETag: httpapi.ETag(p.Version), Location: proposalsPath + "/" + p.ID, Body: proposalOf(p)}, nil
}

type acceptInput struct {
	Written
	Body struct {
		Keep   []string `json:"keep,omitempty" nullable:"false" maxItems:"200" doc:"Fields that stay as they are now"`
		Take   []string `json:"take,omitempty" nullable:"false" maxItems:"200" doc:"Fields that others changed and that become what is proposed"`
		Reason string   `json:"reason,omitempty" maxLength:"500"`
	}
}

type decisionInput struct {
	Written
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Needed to reject"`
	}
}

func decidedReply(p facilities.Proposal, err error) (*proposalReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &proposalReply{ETag: httpapi.ETag(p.Version), Location: proposalsPath + "/" + p.ID, Body: proposalOf(p)}, nil
}

func (h proposalHandlers) accept(ctx context.Context, in *acceptInput) (*proposalReply, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	return decidedReply(h.proposals.Accept(ctx, in.ID, expected, in.Body.Keep, in.Body.Take, in.Body.Reason))
}

func (h proposalHandlers) reject(ctx context.Context, in *decisionInput) (*proposalReply, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	if in.Body.Reason == "" {
		return nil, problem(record.Invalid([]record.Fault{{Field: "reason", ZH: "请写明不采纳的理由，建议人会看到", EN: "say why; whoever proposed it will read that"}}))
	}
	return decidedReply(h.proposals.Reject(ctx, in.ID, expected, in.Body.Reason))
}

func (h proposalHandlers) withdraw(ctx context.Context, in *decisionInput) (*proposalReply, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	return decidedReply(h.proposals.Withdraw(ctx, in.ID, expected, in.Body.Reason))
}
