package facilitydb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Bulk is one change of many records.
type Bulk struct {
	Seen   []Seen             // which; a version of 0 is any
	Filter *facilities.Filter // or those that it means
	Patch  facilities.Patch
	DryRun bool // work everything out and write nothing
}

// errTried rolls back what was tried only.
var errTried = errors.New("tried only")

// The names of the log for changes of many records.
const (
	deedBulk     = "facility.bulk"
	deedBulkUndo = "facility.bulk_undo"
)

// ChangeMany makes the same change to many records in one transaction, once for each
// idempotency key. A record that cannot be changed so is left as it is and says why; the
// others are changed. It returns a *record.InvalidError for what is wrong with the change
// itself, ErrUnknownDivision, and what postgres.WriteOnce does.
func (s *Store) ChangeMany(ctx context.Context, w postgres.Writer, b Bulk, c record.Change, today record.Day) (facilities.BulkResult, error) {
	var tried facilities.BulkResult
	out, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.BulkResult, error) {
		result, err := s.changeMany(ctx, tx, b, c, today)
		if err == nil && b.DryRun {
			result.Change = ""
			tried, err = result, errTried
		}
		return result, err
	})
	if errors.Is(err, errTried) {
		return tried, nil
	}
	return out, err
}

func (s *Store) changeMany(ctx context.Context, tx *postgres.Tx, b Bulk, c record.Change, today record.Day) (facilities.BulkResult, error) {
	var out facilities.BulkResult
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return out, err
	}
	if err := tx.StandOnGround(ctx); err != nil {
		return out, err
	}
	_, faults := c.CheckAfter("", today)
	if err := record.Invalid(append(faults, b.Patch.BulkFaults()...)); err != nil {
		return out, err
	}
	if code := b.Patch.DivisionCode; code != nil {
		found, faults, err := belongs(ctx, tx, tx.Writer().AdCode, strings.TrimSpace(*code), nil)
		if err == nil {
			err = record.Invalid(faults)
		}
		if err != nil {
			return out, err
		}
		b.Patch.DivisionCode = &found
	}
	wanted, err := s.wanted(ctx, tx, b, today)
	if err != nil {
		return out, err
	}
	set, err := readSet(ctx, tx, wanted)
	if err != nil {
		return out, err
	}
	known, err := s.knownOfMany(ctx, tx, b.Patch)
	if err != nil {
		return out, err
	}
	var changes []Changed
	for _, seen := range wanted {
		outcome, change := set.judge(seen, b.Patch, c, known, today)
		if outcome.Outcome == facilities.OutcomeChanged {
			changes = append(changes, change)
		}
		out.Outcomes = append(out.Outcomes, outcome)
	}
	if len(changes) == 0 {
		return out, nil
	}
	out.Change = tx.Change()
	tx.Note(bulkNote(deedBulk, changes))
	return out, UpdateMany(ctx, tx, changes)
}

// bulkNote is what the audit log keeps of a change of many records: what was changed, and
// in which. What each was before is in its history, under the change of the entry.
func bulkNote(deed string, changes []Changed) postgres.Note {
	ids, fields := make([]string, len(changes)), map[string]any{}
	for i, c := range changes {
		ids[i] = c.Before.ID
		for _, d := range facilities.Differences(c.Before, c.After) {
			fields[d.Field] = d.After
		}
	}
	n := postgres.Note{Action: deed, Kind: "facility", After: map[string]any{"count": len(ids), "ids": ids, "fields": fields}}
	if len(changes) == 1 {
		n.ID, n.Division = changes[0].Before.ID, changes[0].Before.DivisionCode
	}
	return n
}

// wanted are the records that a change is of, each once.
func (s *Store) wanted(ctx context.Context, tx *postgres.Tx, b Bulk, today record.Day) ([]Seen, error) {
	list := b.Seen
	if b.Filter != nil {
		l, err := s.listing(ctx, tx, tx.Writer(), *b.Filter, record.At{}, today)
		if err != nil {
			return nil, err
		}
		l.args["most"] = facilities.MostBulk + 1
		rows, err := tx.Query(ctx, `SELECT id::text, 0 FROM facility WHERE `+l.where()+` ORDER BY facility.id LIMIT @most`, l.args)
		if err != nil {
			return nil, fmt.Errorf("find the records to change: %w", err)
		}
		if list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Seen]); err != nil {
			return nil, fmt.Errorf("find the records to change: %w", err)
		}
	}
	if len(list) > facilities.MostBulk {
		return nil, record.Invalid(facilities.TooMany(len(list)))
	}
	once := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(seen Seen) bool {
		again := once[seen.ID]
		once[seen.ID] = true
		return again
	}), nil
}

// set are the records that a change of many is of.
type set struct {
	byID     map[string]facilities.Facility // those that the writer may see
	writable map[string]bool
	write    []string // prefixes of the codes of the divisions where the writer may write
	publish  []string // and where publish
}

// readSet locks what the writer may write, so that nobody changes it meanwhile, and reads
// what he may see.
func readSet(ctx context.Context, tx *postgres.Tx, wanted []Seen) (set, error) {
	ids := make([]string, len(wanted))
	for i, seen := range wanted {
		ids[i] = seen.ID
	}
	ids = onlyIDs(ids)
	out := set{byID: map[string]facilities.Facility{}, writable: map[string]bool{}}
	args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": ids}
	// Row level security lets only those be locked that may be changed.
	rows, err := tx.Query(ctx, `SELECT id::text FROM facility WHERE adcode = @adcode AND id = ANY (@ids::uuid[]) ORDER BY facility.id FOR UPDATE`, args)
	if err != nil {
		return out, fmt.Errorf("lock the records to change: %w", err)
	}
	locked, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return out, fmt.Errorf("lock the records to change: %w", err)
	}
	for _, id := range locked {
		out.writable[id] = true
	}
	list, err := Find(ctx, tx, tx.Writer().AdCode, ByIDs, ids)
	if err != nil {
		return out, err
	}
	for _, f := range list {
		out.byID[f.ID] = f
	}
	if out.write, err = prefixes(ctx, tx, mayWrite); err != nil {
		return out, err
	}
	out.publish, err = prefixes(ctx, tx, mayPublish)
	return out, err
}

// prefixes are those of the codes of the divisions where the writer may do an action.
func prefixes(ctx context.Context, tx *postgres.Tx, action string) ([]string, error) {
	if tx.Writer().Account == "" {
		return []string{""}, nil
	}
	var patterns []string
	if err := tx.QueryRow(ctx, `SELECT yike_scopes(@action)`, pgx.StrictNamedArgs{"action": action}).Scan(&patterns); err != nil {
		return nil, fmt.Errorf("ask for the right to %s: %w", action, err)
	}
	for i, p := range patterns {
		patterns[i] = strings.TrimSuffix(p, "%")
	}
	return patterns, nil
}

// within reports whether a division is one of those that the codes begin.
func within(division string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(division, prefix) })
}

// knownOfMany gathers what many records are held against after a change.
func (s *Store) knownOfMany(ctx context.Context, tx *postgres.Tx, p facilities.Patch) (facilities.Known, error) {
	var serves []string
	if p.Serves != nil {
		serves = *p.Serves
	}
	return s.known(ctx, tx, tx.Writer().AdCode, serves)
}

// judge works out what becomes of one record.
func (s set) judge(seen Seen, p facilities.Patch, c record.Change, known facilities.Known, today record.Day) (facilities.RecordOutcome, Changed) {
	before, ok := s.byID[seen.ID]
	out := facilities.RecordOutcome{ID: seen.ID, NameZH: before.NameZH, NameEN: before.NameEN, Version: before.Version, Outcome: facilities.OutcomeRefused}
	refuse := func(field, zh, en string) (facilities.RecordOutcome, Changed) {
		out.Faults = []record.Fault{{Field: field, ZH: zh, EN: en}}
		return out, Changed{}
	}
	after := facilities.Settle(before, p.Apply(before), known.Types)
	step, stepped := facilities.StepBetween(before.Stage, after.Stage)
	switch {
	case !ok:
		return refuse("id", "没有这个设施，或无权查看", "there is no such facility, or none that may be seen")
	case !s.writable[seen.ID]:
		return refuse("id", "无权修改该辖区的设施", "the account may not change facilities of that division")
	case seen.Version != 0 && seen.Version != before.Version:
		out.Outcome = facilities.OutcomeStale
		return out, Changed{}
	case before.Tombstone():
		return refuse("id", "已并入其他记录，不能再改", "others took its place, so it stays as it is")
	case !within(after.DivisionCode, s.write):
		return refuse("division_code", "无权将设施登记到该辖区", "the account may not put facilities into that division")
	case stepped && step.Right != "" && (!within(before.DivisionCode, s.publish) || !within(after.DivisionCode, s.publish)):
		return refuse("stage", "无权发布或撤回该辖区的设施", "the account may not publish or withdraw facilities of that division")
	}
	from, faults := c.CheckAfter(before.ValidFrom, today)
	faults = append(faults, p.Faults(before)...)
	faults = append(faults, facilities.LifeFaults(before, after, c.Correction)...)
	faults = append(faults, facilities.ValidateChange(before, after, known)...)
	if after.Stage == facilities.Published && before.Stage != facilities.Published {
		faults = append(faults, facilities.PublishFaults(after, known.Types)...)
	}
	switch {
	case len(faults) > 0:
		out.Faults = faults
		return out, Changed{}
	case len(facilities.Differences(before, after)) == 0:
		out.Outcome = facilities.OutcomeUnchanged
		return out, Changed{}
	}
	out.Outcome = facilities.OutcomeChanged
	out.Version++
	return out, Changed{Before: before, After: after, From: from}
}
