package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Decision is what somebody says of a proposal of which they saw a version.
type Decision struct {
	Proposal   Seen
	Keep, Take []string // of the fields that others changed meanwhile: to be kept as they are, or taken as proposed
	Reason     string
}

// Accept writes what a proposal says into the facility as it is now, or registers it. Of
// fields that others changed meanwhile the decision must say which is to hold. It returns
// ErrNoProposal, ErrDecided, a *postgres.StaleError, a *record.InvalidError, what Update
// does, and what postgres.WriteOnce does.
func (s *Store) Accept(ctx context.Context, w postgres.Writer, d Decision, today record.Day) (facilities.Proposal, error) {
	return postgres.WriteOnce(ctx, s.db, w, d.why("采纳建议 / proposal accepted"), func(tx *postgres.Tx) (facilities.Proposal, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return facilities.Proposal{}, err
		}
		p, err := undecided(ctx, tx, d.Proposal)
		if err != nil {
			return p, err
		}
		if err := tx.Require(ctx, mayWrite, p.Division); err != nil {
			return p, err
		}
		made, err := s.carryOut(ctx, tx, p, d, today)
		if err != nil {
			return p, err
		}
		return decided(ctx, tx, p, facilities.ProposalAccepted, d.Reason, made.ID)
	})
}

// why is the reason of the write, which the log has beside that of the proposal.
func (d Decision) why(otherwise string) string {
	if d.Reason == "" {
		return otherwise
	}
	return d.Reason
}

// carryOut makes the facility what an accepted proposal says.
func (s *Store) carryOut(ctx context.Context, tx *postgres.Tx, p facilities.Proposal, d Decision, today record.Day) (facilities.Facility, error) {
	c := record.Change{Reason: fmt.Sprintf("%s（建议人：%s）", p.Reason, p.Who)}
	if p.FacilityID == "" {
		patch, ok := p.Patch.Patch()
		if !ok {
			return facilities.Facility{}, fmt.Errorf("read proposal %s: a value is of no form", p.ID)
		}
		return s.createIn(ctx, tx, patch.Apply(facilities.Facility{}), c, today)
	}
	now, err := present(ctx, tx, tx.Writer().AdCode, p.FacilityID)
	if err != nil {
		return now, err
	}
	if now.Tombstone() {
		return now, &ReplacedError{Name: now.NameZH, By: now.ReplacedBy}
	}
	content, faults := facilities.Decide(p.Against(now), d.Keep, d.Take)
	if err := record.Invalid(faults); err != nil {
		return now, err
	}
	patch, ok := content.Patch()
	if !ok {
		return now, fmt.Errorf("read proposal %s: a value is of no form", p.ID)
	}
	if err := tx.Require(ctx, mayWrite, now.DivisionCode); err != nil {
		return now, err
	}
	after, err := s.updateIn(ctx, tx, now, patch, c, today, "facility.accept")
	if errors.Is(err, errUnchanged) {
		return now, nil // somebody did so meanwhile
	}
	return after, err
}

// Reject says no to a proposal, with the reason. It returns what Accept does.
func (s *Store) Reject(ctx context.Context, w postgres.Writer, d Decision) (facilities.Proposal, error) {
	return postgres.WriteOnce(ctx, s.db, w, d.why("?"), func(tx *postgres.Tx) (facilities.Proposal, error) {
		p, err := undecided(ctx, tx, d.Proposal)
		if err != nil {
			return p, err
		}
		if err := tx.Require(ctx, mayWrite, p.Division); err != nil {
			return p, err
		}
		if d.Reason == "" {
			return p, record.Invalid([]record.Fault{{Field: "reason", ZH: "请写明不采纳的理由，建议人会看到", EN: "say why; whoever proposed it will read that"}})
		}
		return decided(ctx, tx, p, facilities.ProposalRejected, d.Reason, "")
	})
}

// Withdraw takes a proposal of the writer's own back. It returns what Accept does.
func (s *Store) Withdraw(ctx context.Context, w postgres.Writer, d Decision) (facilities.Proposal, error) {
	return postgres.WriteOnce(ctx, s.db, w, d.why("撤回建议 / proposal withdrawn"), func(tx *postgres.Tx) (facilities.Proposal, error) {
		p, err := undecided(ctx, tx, d.Proposal)
		if err != nil {
			return p, err
		}
		if p.AccountID != w.Account {
			return p, &postgres.ForbiddenError{Action: mayPropose, Division: p.Division}
		}
		return decided(ctx, tx, p, facilities.ProposalWithdrawn, d.Reason, "")
	})
}

// undecided reads a proposal that is about to be decided.
func undecided(ctx context.Context, tx *postgres.Tx, seen Seen) (facilities.Proposal, error) {
	p, err := proposalByID(ctx, tx, tx.Writer().AdCode, seen.ID)
	switch {
	case err != nil:
		return p, err
	case p.State != facilities.ProposalOpen:
		return p, ErrDecided
	case p.Version != seen.Version:
		return p, &postgres.StaleError{Current: p.Version}
	}
	return p, nil
}

// decided writes what became of a proposal, unless somebody else decided it meanwhile.
func decided(ctx context.Context, tx *postgres.Tx, p facilities.Proposal, state facilities.ProposalState, reason, made string) (facilities.Proposal, error) {
	out, err := proposalRows().One(tx.Query(ctx, `
UPDATE facility_proposal SET state = @state, decision = @reason, decided_by = @who, decided_at = now(), made_id = nullif(@made, '')::uuid
WHERE adcode = @adcode AND id = @id AND version = @expected AND state = 'open' RETURNING `+proposalColumns,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": p.ID, "expected": p.Version, "state": string(state), "reason": reason, "who": tx.Writer().Who, "made": made,
		}))
	if errors.Is(err, ErrNoProposal) {
		return p, ErrDecided
	}
	if err != nil {
		return p, err
	}
	tx.Note(postgres.Note{Action: "facility_proposal." + string(state), Kind: "facility_proposal", ID: p.ID, Division: p.Division})
	return out, nil
}
