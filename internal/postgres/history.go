package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/record"
)

// History reads what a table's records were. The table keeps its history (keep_history
// in the migrations), and all names and expressions are SQL from code, never input.
type History struct {
	Table  string
	Fields []Field // what people are shown of a version, in this order
}

// Field is a part of a record as the API calls it, and what it is in SQL over the
// table's columns.
type Field struct{ Name, SQL string }

// AsOf is the table as it stood on a day by what was known at a moment: SQL to stand
// after FROM, with an alias behind it. Its parameters are those of AsOfArgs. Rows are
// those that the reader may see: without history.read only the present versions.
func (h History) AsOf(columns string) string {
	const holds = ` WHERE valid @> @as_of_day::date AND recorded @> @as_of_moment::timestamptz`
	return `(SELECT ` + columns + ` FROM ` + h.Table + holds + ` UNION ALL SELECT ` + columns + ` FROM ` + h.Table + `_history` + holds + `)`
}

// AsOfArgs adds to args what AsOf needs. "Now" is the end of all time: a version may be
// dated a moment ahead of a reader's clock and is known all the same.
func AsOfArgs(at record.At, args pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	moment := pgtype.Timestamptz{Time: at.Known, Valid: true}
	if at.Known.IsZero() {
		moment = pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	args["as_of_day"], args["as_of_moment"] = string(at.Valid), moment
	return args
}

// Version is what a record was.
type Version struct {
	Number int
	// The days that it is believed to hold for, or was last believed to: from the first
	// to before the last. "" is without a beginning, or without an end.
	ValidFrom, ValidTo record.Day
	KnownFrom          time.Time
	KnownTo            *time.Time // nil while it is believed for any day
	Made               Deed
	Removed            *Deed // who deleted the record, where this version was the last
	Changes            []FieldChange
}

// Deed is who did something to a record, and why. It is empty for what was done before
// history began.
type Deed struct {
	Change string // id of the audit entry
	Who    string
	Why    string
	From   string // address of the client, for readers of the audit log; else ""
	Action string // noun.verb
	At     time.Time
}

// FieldChange is a field that a version has otherwise than the one before it. Before is
// nil in the first version.
type FieldChange struct {
	Name          string
	Before, After json.RawMessage
}

// Versions gives the versions of one record, the newest first; none when there was never
// such a record or the reader may not see its history. It must be read in a transaction
// of Read, so that the reader's rights decide.
func (h History) Versions(ctx context.Context, q Querier, adcode, id string) ([]Version, error) {
	spans, err := h.spans(ctx, q, adcode, id)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s %s: %w", h.Table, id, err)
	}
	deeds, err := h.deeds(ctx, q, adcode, id)
	if err != nil {
		return nil, fmt.Errorf("read who changed %s %s: %w", h.Table, id, err)
	}
	return h.versions(spans, deeds), nil
}

// Of gives the versions of one record, the newest first, to those who may read the history of
// the division (the column division_code) where it is or was last; missing where there was
// never such a record. Besides that it returns what Read does.
func (h History) Of(ctx context.Context, db *DB, w Writer, id string, missing error) ([]Version, error) {
	if !IsID(id) {
		return nil, missing
	}
	var list []Version
	err := db.Read(ctx, w, func(q Querier) error {
		var division string
		err := q.QueryRow(ctx, `
SELECT coalesce((SELECT division_code FROM (
	SELECT division_code, version FROM `+h.Table+` WHERE adcode = @adcode AND id = @id
	UNION ALL SELECT division_code, version FROM `+h.Table+`_history WHERE adcode = @adcode AND id = @id
) AS every ORDER BY version DESC LIMIT 1), '')`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&division)
		if err != nil {
			return fmt.Errorf("find where a record of %s is: %w", h.Table, err)
		}
		if err := Require(ctx, q, w, "history.read", division); err != nil {
			return err
		}
		list, err = h.Versions(ctx, q, w.AdCode, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of %s %s: %w", h.Table, id, err)
	}
	if len(list) == 0 {
		return nil, missing
	}
	return list, nil
}

// span is one row of the table or its history: what was believed for some days, at some
// time.
type span struct {
	version            int
	validFrom, validTo record.Day
	knownFrom          time.Time
	knownTo            *time.Time
	change, ended      string
	content            []json.RawMessage // parallel to History.Fields
}

func (h History) spans(ctx context.Context, q Querier, adcode, id string) ([]span, error) {
	parts := make([]string, len(h.Fields))
	for i, f := range h.Fields {
		parts[i] = f.SQL
	}
	const common = `SELECT version, coalesce(lower(valid)::text, '') AS valid_from, coalesce(upper(valid)::text, '') AS valid_to,
	lower(recorded) AS known_from, upper(recorded) AS known_to, coalesce(change_id::text, '') AS change, `
	content := `, jsonb_build_array(` + strings.Join(parts, ", ") + `) AS content FROM ` + h.Table
	const one = ` WHERE adcode = @adcode AND id = @id`
	rows, err := q.Query(ctx, common+`'' AS ended`+content+one+` UNION ALL `+common+`ended_by::text`+content+`_history`+one+` ORDER BY version, known_from`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (span, error) {
		var s span
		err := row.Scan(&s.version, &s.validFrom, &s.validTo, &s.knownFrom, &s.knownTo, &s.change, &s.ended, &s.content)
		return s, err
	})
}

func (h History) deeds(ctx context.Context, q Querier, adcode, id string) (map[string]Deed, error) {
	rows, err := q.Query(ctx, `
SELECT c.id::text, c.who, c.why, coalesce(e.from_addr, ''), c.action, c.at FROM yike_changes_of(@table, @adcode, @id) AS c
LEFT JOIN audit_entry AS e ON e.adcode IN (@adcode, @installation) AND e.id = c.id`,
		pgx.StrictNamedArgs{"table": h.Table, "adcode": adcode, "id": id, "installation": Installation})
	if err != nil {
		return nil, err
	}
	out := map[string]Deed{}
	var d Deed
	_, err = pgx.ForEachRow(rows, []any{&d.Change, &d.Who, &d.Why, &d.From, &d.Action, &d.At}, func() error {
		out[d.Change] = d
		return nil
	})
	return out, err
}

// versions gathers the spans of each version; they come by version and then time.
func (h History) versions(spans []span, deeds map[string]Deed) []Version {
	begins := map[int64]bool{} // when some version begins to be known
	for _, s := range spans {
		begins[s.knownFrom.UnixMicro()] = true
	}
	var out []Version
	var before []json.RawMessage
	removed := map[int64]int{} // when the record was deleted -> index of the last version
	for i := 0; i < len(spans); {
		first, last := spans[i], spans[i]
		for i++; i < len(spans) && spans[i].version == first.version; i++ {
			last = spans[i]
		}
		v := Version{
			Number: first.version, ValidFrom: last.validFrom, ValidTo: last.validTo, KnownFrom: first.knownFrom, KnownTo: last.knownTo,
			Made: deeds[first.change], Changes: h.changes(before, first.content),
		}
		v.Made.Change = first.change
		if end := first.knownTo; end != nil && !begins[end.UnixMicro()] {
			if at, ok := removed[end.UnixMicro()]; ok {
				out[at].Removed = nil
			}
			removed[end.UnixMicro()] = len(out)
			d := deeds[first.ended]
			d.Change = first.ended
			v.Removed = &d
		}
		before = first.content
		out = append(out, v)
	}
	slices.Reverse(out)
	return out
}

func (h History) changes(before, after []json.RawMessage) []FieldChange {
	var out []FieldChange
	for i, f := range h.Fields {
		c := FieldChange{Name: f.Name, After: after[i]}
		if before != nil {
			c.Before = before[i]
		}
		if !bytes.Equal(c.Before, c.After) {
			out = append(out, c)
		}
	}
	return out
}
