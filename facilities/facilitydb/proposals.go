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

// What a proposal may fail of besides.
var (
	// ErrNoProposal says that there is no proposal of that id, or none that one may see.
	ErrNoProposal = errors.New("没有这条建议 / no such proposal")
	// ErrDecided says that a proposal was decided already.
	ErrDecided = errors.New("这条建议已处理 / the proposal was decided already")
)

// The right to propose.
const mayPropose = "facility.propose"

const proposalColumns = `id::text, version, coalesce(facility_id::text, ''), base_version, base, patch, division_code, reason,
	coalesce(account_id::text, ''), who, made_at, state, decision, decided_by, decided_at, coalesce(made_id::text, ''),
	coalesce((SELECT f.name_zh FROM facility AS f WHERE f.adcode = facility_proposal.adcode AND f.id = facility_id), patch ->> 'name_zh', ''),
	coalesce((SELECT f.name_en FROM facility AS f WHERE f.adcode = facility_proposal.adcode AND f.id = facility_id), patch ->> 'name_en', '')`

func scanProposal(row pgx.CollectableRow) (facilities.Proposal, error) {
	var p facilities.Proposal
	err := row.Scan(&p.ID, &p.Version, &p.FacilityID, &p.BaseVersion, &p.Base, &p.Patch, &p.Division, &p.Reason,
		&p.AccountID, &p.Who, &p.MadeAt, &p.State, &p.Decision, &p.DecidedBy, &p.DecidedAt, &p.MadeID, &p.NameZH, &p.NameEN)
	return p, err
}

func proposalRows() postgres.Found[facilities.Proposal] {
	return postgres.Found[facilities.Proposal]{What: "proposal", Missing: ErrNoProposal, Scan: scanProposal}
}

// Propose keeps what somebody says should be otherwise of a facility of which they saw a
// version, or of one that there is not where of names none; once for each idempotency key.
// It takes the place of what the same person proposed for the facility before. What could
// not be written so is a fault already. It returns ErrNotFound, a *ReplacedError, a
// *postgres.StaleError, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Propose(ctx context.Context, w postgres.Writer, of Seen, p facilities.Patch, reason string, today record.Day) (facilities.Proposal, error) {
	c := record.Change{Reason: reason}
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.Proposal, error) {
		var out facilities.Proposal
		if err := tx.Require(ctx, mayPropose, ""); err != nil {
			return out, err
		}
		if err := tx.StandOnGround(ctx); err != nil {
			return out, err
		}
		made, err := s.proposal(ctx, tx, of, p, c, today)
		if err != nil {
			return out, err
		}
		if err := tx.Require(ctx, mayPropose, made.Division); err != nil {
			return out, err
		}
		if err := supersede(ctx, tx, made.FacilityID); err != nil {
			return out, err
		}
		return insertProposal(ctx, tx, made, reason)
	})
}

// proposal works out what is proposed, and holds it to the rules.
func (s *Store) proposal(ctx context.Context, tx *postgres.Tx, of Seen, p facilities.Patch, c record.Change, today record.Day) (facilities.Proposal, error) {
	var before facilities.Facility
	var out facilities.Proposal
	_, faults := c.CheckAfter("", today)
	if of.ID != "" {
		var err error
		if before, err = present(ctx, tx, tx.Writer().AdCode, of.ID); err != nil {
			return out, err
		}
		if before.Version != of.Version {
			return out, &postgres.StaleError{Current: before.Version}
		}
		if before.Tombstone() {
			return out, &ReplacedError{Name: before.NameZH, By: before.ReplacedBy}
		}
		faults = append(faults, p.Faults(before)...)
	}
	known, err := s.known(ctx, tx, tx.Writer().AdCode, p.Apply(before).Serves)
	if err != nil {
		return out, err
	}
	after := facilities.Settle(before, p.Apply(before), known.Types)
	faults = append(faults, facilities.ProposalFaults(p, before, after)...)
	if of.ID == "" {
		after = facilities.Clean(after)
		after.Stage = facilities.Submitted
		after, faults, err = s.holdNew(ctx, tx, after, known, faults)
	} else {
		faults = append(faults, facilities.LifeFaults(before, after, true)...)
		after, faults, err = s.hold(ctx, tx, before, after, known, faults)
	}
	if err != nil {
		return out, err
	}
	out = facilities.Proposal{FacilityID: of.ID, BaseVersion: before.Version, Patch: p.Content(before), Division: after.DivisionCode}
	if of.ID != "" {
		out.Division = before.DivisionCode
	}
	out.Base = out.Patch.Only(before)
	return out, record.Invalid(faults)
}

// supersede ends what the writer proposed for a facility before.
func supersede(ctx context.Context, tx *postgres.Tx, facility string) error {
	if facility == "" || tx.Writer().Account == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `
UPDATE facility_proposal SET state = 'superseded', decided_at = now(), decided_by = who
WHERE adcode = @adcode AND facility_id = @facility AND account_id = @account AND state = 'open'`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "facility": facility, "account": tx.Writer().Account})
	if err != nil {
		return fmt.Errorf("end an earlier proposal: %w", err)
	}
	return nil
}

func insertProposal(ctx context.Context, tx *postgres.Tx, p facilities.Proposal, reason string) (facilities.Proposal, error) {
	ids, err := newIDs(1)
	if err != nil {
		return p, err
	}
	w := tx.Writer()
	made, err := proposalRows().One(tx.Query(ctx, `
INSERT INTO facility_proposal (adcode, id, facility_id, base_version, base, patch, division_code, reason, account_id, who)
VALUES (@adcode, @id, nullif(@facility, '')::uuid, @base_version, @base, @patch, @division, @reason, nullif(@account, '')::uuid, @who)
RETURNING `+proposalColumns,
		pgx.StrictNamedArgs{
			"adcode": w.AdCode, "id": ids[0], "facility": p.FacilityID, "base_version": p.BaseVersion, "base": p.Base, "patch": p.Patch,
			"division": p.Division, "reason": reason, "account": w.Account, "who": w.Who,
		}))
	if err != nil {
		return p, err
	}
	tx.Note(postgres.Note{Action: "facility.propose", Kind: "facility_proposal", ID: made.ID, Division: made.Division, Before: made.Base, After: made.Patch})
	return made, nil
}

// ProposalFilter says which proposals are meant; the zero value means all that one may see.
type ProposalFilter struct {
	State    facilities.ProposalState
	Facility string
	Mine     bool // only the reader's own
}

// Proposals gives those proposals that w may see, the newest first: the own ones, and
// those of divisions where w may write. before is the id of the last one of the page
// before, "" for the first; the second result is that of the next page. total is of all
// pages.
func (s *Store) Proposals(ctx context.Context, w postgres.Writer, f ProposalFilter, before string, limit int) (list []facilities.Proposal, next string, total int, err error) {
	if before != "" && !postgres.IsID(before) {
		return nil, "", 0, ErrBadCursor
	}
	if f.Facility != "" && !postgres.IsID(f.Facility) {
		return nil, "", 0, nil
	}
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "state": string(f.State), "facility": f.Facility, "account": w.Account, "mine": f.Mine}
		const where = ` FROM facility_proposal WHERE adcode = @adcode AND (@state = '' OR state = @state) AND (@facility = '' OR facility_id::text = @facility)
	AND (NOT @mine OR account_id::text = @account)`
		if err := q.QueryRow(ctx, `SELECT count(*)`+where, args).Scan(&total); err != nil {
			return fmt.Errorf("count proposals: %w", err)
		}
		args["before"], args["most"] = before, limit+1
		// Ids of version 7 are in the order in which they were made.
		rows, err := q.Query(ctx, `SELECT `+proposalColumns+where+` AND (@before = '' OR facility_proposal.id < nullif(@before, '')::uuid)
ORDER BY facility_proposal.id DESC LIMIT @most`, args)
		if err != nil {
			return fmt.Errorf("list proposals: %w", err)
		}
		if list, err = pgx.CollectRows(rows, scanProposal); err != nil {
			return fmt.Errorf("list proposals: %w", err)
		}
		return nil
	})
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, total, err
}

// Proposal gives one proposal, and the facility that it is of as it is now; the zero value
// for a new one, or where w may not see it. ErrNoProposal.
func (s *Store) Proposal(ctx context.Context, w postgres.Writer, id string) (facilities.Proposal, facilities.Facility, error) {
	var p facilities.Proposal
	var f facilities.Facility
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if p, err = proposalByID(ctx, q, w.AdCode, id); err != nil || p.FacilityID == "" {
			return err
		}
		f, err = present(ctx, q, w.AdCode, p.FacilityID)
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return err
	})
	return p, f, err
}

func proposalByID(ctx context.Context, q postgres.Querier, adcode, id string) (facilities.Proposal, error) {
	if !postgres.IsID(id) {
		return facilities.Proposal{}, ErrNoProposal
	}
	return proposalRows().One(q.Query(ctx, `SELECT `+proposalColumns+` FROM facility_proposal WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}
