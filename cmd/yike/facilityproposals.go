package main

import (
	"context"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityhttp"
	"yike/internal/postgres"
)

var _ facilityhttp.Proposals = (*facilityRecords)(nil)

// Propose keeps what somebody says should be otherwise.
func (r *facilityRecords) Propose(ctx context.Context, id string, version int, p facilities.Patch, reason string) (facilities.Proposal, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Proposal{}, err
	}
	made, err := r.store.Propose(ctx, w, facilitydb.Seen{ID: id, Version: version}, p, reason, r.today())
	return made, r.noted(ctx, w, err, postgres.Note{Action: "facility.propose", Kind: "facility", ID: id})
}

// Proposals gives a page of those that one may see.
func (r *facilityRecords) Proposals(ctx context.Context, q facilityhttp.ProposalQuery) ([]facilities.Proposal, string, int, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, "", 0, err
	}
	f := facilitydb.ProposalFilter{State: facilities.ProposalState(q.State), Facility: q.Facility, Mine: q.Mine}
	list, next, total, err := r.store.Proposals(ctx, w, f, q.Cursor, q.Limit)
	return list, next, total, facilityError(err)
}

// Proposal gives one, with the facility as it is now.
func (r *facilityRecords) Proposal(ctx context.Context, id string) (facilities.Proposal, facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Proposal{}, facilities.Facility{}, err
	}
	p, now, err := r.store.Proposal(ctx, w, id)
	return p, now, facilityError(err)
}

// Accept writes what a proposal says.
func (r *facilityRecords) Accept(ctx context.Context, id string, version int, keep, take []string, reason string) (facilities.Proposal, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Proposal{}, err
	}
	d := facilitydb.Decision{Proposal: facilitydb.Seen{ID: id, Version: version}, Keep: keep, Take: take, Reason: reason}
	p, err := r.store.Accept(ctx, w, d, r.today())
	return p, r.written(ctx, w, err, postgres.Note{Action: "facility_proposal.accepted", Kind: "facility_proposal", ID: id})
}

// Reject says no to a proposal.
func (r *facilityRecords) Reject(ctx context.Context, id string, version int, reason string) (facilities.Proposal, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Proposal{}, err
	}
	p, err := r.store.Reject(ctx, w, facilitydb.Decision{Proposal: facilitydb.Seen{ID: id, Version: version}, Reason: reason})
	return p, r.noted(ctx, w, err, postgres.Note{Action: "facility_proposal.rejected", Kind: "facility_proposal", ID: id})
}

// Withdraw takes a proposal back.
func (r *facilityRecords) Withdraw(ctx context.Context, id string, version int, reason string) (facilities.Proposal, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Proposal{}, err
	}
	p, err := r.store.Withdraw(ctx, w, facilitydb.Decision{Proposal: facilitydb.Seen{ID: id, Version: version}, Reason: reason})
	return p, r.noted(ctx, w, err, postgres.Note{Action: "facility_proposal.withdrawn", Kind: "facility_proposal", ID: id})
}
