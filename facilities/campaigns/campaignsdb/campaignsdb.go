// Package campaignsdb stores campaigns, their tasks and the problems found. It must not
// know forms better than package campaigns does, nor facilities beyond what a list shows
// of them.
package campaignsdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yike/facilities/campaigns"
	"yike/internal/postgres"
	"yike/internal/record"
)

// What there may not be, or may not be done.
var (
	ErrNotFound = errors.New("没有这条记录 / no such record")
	// ErrNotDraft says that a campaign was sent out already.
	ErrNotDraft = errors.New("已经下发 / it has been sent out")
	// ErrNotOut says that a campaign is not out, or a task not at a state for what is
	// asked.
	ErrNotOut = errors.New("现在的状态不能这样办 / it is not at a state for this")
	// ErrNothing says that a campaign has no facilities.
	ErrNothing = errors.New("没有设施 / it has no facilities")
)

// The rights: to arrange, everywhere in the authority, and to answer, in the division.
const (
	mayArrange = "campaign.write"
	mayAnswer  = "campaign.answer"
)

// Store reads and writes campaigns.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

const columns = `id::text, version, title, kind, year, state, deadline::text, guide, form, coalesce(sent_on::text, '')`

func scan(row pgx.CollectableRow) (campaigns.Campaign, error) {
	var c campaigns.Campaign
	err := row.Scan(&c.ID, &c.Version, &c.Title, &c.Kind, &c.Year, &c.State, &c.Deadline, &c.Guide, &c.Form, &c.SentOn)
	return c, err
}

func campaignRows() postgres.Found[campaigns.Campaign] {
	return postgres.Found[campaigns.Campaign]{What: "campaign", Missing: ErrNotFound, Scan: scan}
}

func read(ctx context.Context, q postgres.Querier, adcode, id string) (campaigns.Campaign, error) {
	if !postgres.IsID(id) {
		return campaigns.Campaign{}, ErrNotFound
	}
	return campaignRows().One(q.Query(ctx, `SELECT `+columns+` FROM campaign WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// List gives the campaigns that w may see, the newest first. Drafts are for those who
// arrange them.
func (s *Store) List(ctx context.Context, w postgres.Writer) ([]campaigns.Campaign, error) {
	var list []campaigns.Campaign
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT `+columns+` FROM campaign
WHERE adcode = @adcode AND (state <> 'draft' OR @system OR (SELECT yike_may('campaign.write')))
ORDER BY year DESC, deadline DESC, id DESC`, pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	return list, nil
}

// ByID gives one campaign. ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (campaigns.Campaign, error) {
	var c campaigns.Campaign
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		c, err = read(ctx, q, w.AdCode, id)
		return err
	})
	return c, err
}

// Create makes a draft. *record.InvalidError and what postgres.WriteOnce returns.
func (s *Store) Create(ctx context.Context, w postgres.Writer, c campaigns.Campaign, change record.Change, today record.Day) (campaigns.Campaign, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(change.Reason, "?"), func(tx *postgres.Tx) (campaigns.Campaign, error) {
		if err := tx.Require(ctx, mayArrange, ""); err != nil {
			return c, err
		}
		c = campaigns.Patch{Title: &c.Title, Guide: &c.Guide}.Apply(c)
		_, faults := change.Check(today)
		if err := record.Invalid(append(faults, campaigns.Validate(c)...)); err != nil {
			return c, err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return c, fmt.Errorf("new id: %w", err)
		}
		args := contentArgs(w.AdCode, id.String(), c)
		rows, err := tx.Query(ctx, `
INSERT INTO campaign (adcode, id, title, kind, year, deadline, guide, form)
VALUES (@adcode, @id, @title, @kind, @year, @deadline::date, @guide, @form)
RETURNING `+columns, args)
		made, err := campaignRows().One(rows, err)
		if err != nil {
			return made, fmt.Errorf("store campaign: %w", err)
		}
		tx.Note(postgres.Note{Action: "campaign.create", Kind: "campaign", ID: made.ID, After: made})
		return made, nil
	})
}

func contentArgs(adcode, id string, c campaigns.Campaign) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": adcode, "id": id, "title": c.Title, "kind": string(c.Kind), "year": c.Year, "deadline": string(c.Deadline), "guide": c.Guide, "form": c.Form,
	}
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// change runs fn on the campaign of which the writer saw a version.
func (s *Store) change(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day, fn func(*postgres.Tx, campaigns.Campaign) (campaigns.Campaign, error)) (campaigns.Campaign, error) {
	var out campaigns.Campaign
	err := s.db.Write(ctx, w, cmp.Or(c.Reason, "?"), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayArrange, ""); err != nil {
			return err
		}
		before, err := read(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		if _, faults := c.Check(today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		out, err = fn(tx, before)
		return err
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return out, err
}

// Update changes a campaign. ErrNotFound, *postgres.StaleError, *record.InvalidError.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p campaigns.Patch, c record.Change, today record.Day) (campaigns.Campaign, error) {
	return s.change(ctx, w, id, expected, c, today, func(tx *postgres.Tx, before campaigns.Campaign) (campaigns.Campaign, error) {
		after := p.Apply(before)
		if err := record.Invalid(campaigns.ValidateChange(before, after)); err != nil {
			return before, err
		}
		if after.Form.Same(before.Form) {
			after.Form = before.Form
			plain, same := before, after
			plain.Form, same.Form = campaigns.Form{}, campaigns.Form{}
			if fmt.Sprint(plain) == fmt.Sprint(same) {
				return before, errUnchanged
			}
		}
		args := contentArgs(w.AdCode, id, after)
		args["expected"] = expected
		rows, err := tx.Query(ctx, `
UPDATE campaign SET title = @title, kind = @kind, year = @year, deadline = @deadline::date, guide = @guide, form = @form
WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+columns, args)
		return s.changed(tx, before, "campaign.update", rows, err)
	})
}

// Send sends a draft out. ErrNotDraft, ErrNothing, and what Update returns.
func (s *Store) Send(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) (campaigns.Campaign, error) {
	return s.change(ctx, w, id, expected, c, today, func(tx *postgres.Tx, before campaigns.Campaign) (campaigns.Campaign, error) {
		if before.State != campaigns.Draft {
			return before, ErrNotDraft
		}
		if before.Deadline < today {
			return before, record.Invalid([]record.Fault{{Field: "deadline", Value: string(before.Deadline), ZH: "期限已过，请先改期", EN: "the deadline has passed; set another first"}})
		}
		var any bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM campaign_task WHERE adcode = @adcode AND campaign_id = @id)`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&any)
		if err != nil {
			return before, fmt.Errorf("count facilities of a campaign: %w", err)
		}
		if !any {
			return before, ErrNothing
		}
		rows, err := tx.Query(ctx, `
UPDATE campaign SET state = 'sent', sent_on = @today::date WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+columns, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected, "today": string(today)})
		return s.changed(tx, before, "campaign.send", rows, err)
	})
}

// Close ends a campaign that is out. ErrNotOut, and what Update returns.
func (s *Store) Close(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) (campaigns.Campaign, error) {
	return s.change(ctx, w, id, expected, c, today, func(tx *postgres.Tx, before campaigns.Campaign) (campaigns.Campaign, error) {
		if before.State != campaigns.Sent {
			return before, ErrNotOut
		}
		rows, err := tx.Query(ctx, `
UPDATE campaign SET state = 'closed' WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+columns, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		return s.changed(tx, before, "campaign.close", rows, err)
	})
}

func (s *Store) changed(tx *postgres.Tx, before campaigns.Campaign, action string, rows pgx.Rows, err error) (campaigns.Campaign, error) {
	made, err := campaignRows().One(rows, err)
	if errors.Is(err, ErrNotFound) {
		return made, &postgres.StaleError{Current: before.Version + 1}
	}
	if err != nil {
		return made, fmt.Errorf("store campaign: %w", err)
	}
	tx.Note(postgres.Note{Action: action, Kind: "campaign", ID: made.ID, Before: before, After: made})
	return made, nil
}

// refused reports whether row level security kept a row out.
func refused(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}
