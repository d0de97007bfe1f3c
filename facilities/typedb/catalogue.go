// Package typedb stores what a bureau keeps of facility types, and gives the catalogue as it
// is in the database that a query runs in. What a type may be is not for it to know: see
// facilities.
package typedb

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
)

// Catalogue is the one place that says which facility types there are: those of the program
// and of the installation's file, with what the bureau keeps in the database laid over
// them. It is safe for concurrent use.
type Catalogue struct {
	base facilities.Types

	mu   sync.Mutex
	kept map[string]Present // by authority
}

// New gives a catalogue over those types that are in no database; the zero value is those
// of the program.
func New(base facilities.Types) *Catalogue {
	return &Catalogue{base: base, kept: map[string]Present{}}
}

// Base are the types that are in no database.
func (c *Catalogue) Base() (facilities.Types, error) { return c.base.OrBuiltIn() }

// Present is a catalogue as it is at a moment. It is read-only.
type Present struct {
	Types   facilities.Types
	Mark    string // changes whenever what the bureau keeps does; "" where it keeps nothing
	Misfits []facilities.Misfit
	Local   []facilities.LocalType // what the bureau keeps, in the order in which it came to be
}

// Types gives the catalogue of an authority as q sees it, at the cost of one small query.
func (c *Catalogue) Types(ctx context.Context, q postgres.Querier, adcode string) (facilities.Types, error) {
	p, err := c.Present(ctx, q, adcode)
	return p.Types, err
}

// Present is Types with all that is known of it. A transaction thus sees what it wrote, and
// a write is held to the types as they are when it is made, whichever server changed them.
func (c *Catalogue) Present(ctx context.Context, q postgres.Querier, adcode string) (Present, error) {
	mark, err := markOf(ctx, q, adcode)
	if err != nil {
		return Present{}, err
	}
	c.mu.Lock()
	known, ok := c.kept[adcode]
	c.mu.Unlock()
	if ok && known.Mark == mark {
		return known, nil
	}
	base, err := c.Base()
	if err != nil {
		return Present{}, err
	}
	p := Present{Types: base, Mark: mark}
	if mark != "" {
		if p.Local, err = list(ctx, q, adcode); err != nil {
			return Present{}, err
		}
		defined := make([]facilities.TypeInfo, len(p.Local))
		for i, l := range p.Local {
			defined[i] = l.Definition
		}
		p.Types, p.Misfits = base.WithLocal(defined)
	}
	c.mu.Lock()
	c.kept[adcode] = p
	c.mu.Unlock()
	return p, nil
}

// markOf names rows by the changes that made them, which are never used again: a version
// that was rolled back may come again with another content.
func markOf(ctx context.Context, q postgres.Querier, adcode string) (string, error) {
	var mark string
	err := q.QueryRow(ctx, `SELECT coalesce(string_agg(id || '/' || change_id, ' ' ORDER BY id), '') FROM facility_type_local WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&mark)
	if err != nil {
		return "", fmt.Errorf("look whether facility types changed: %w", err)
	}
	return mark, nil
}

const columns = `id::text, version, definition`

func scan(row pgx.CollectableRow) (facilities.LocalType, error) {
	var l facilities.LocalType
	var raw json.RawMessage
	if err := row.Scan(&l.ID, &l.Version, &raw); err != nil {
		return l, err
	}
	if err := json.Unmarshal(raw, &l.Definition); err != nil {
		return l, fmt.Errorf("read facility type %s: %w", l.ID, err)
	}
	return l, nil
}

func list(ctx context.Context, q postgres.Querier, adcode string) ([]facilities.LocalType, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+` FROM facility_type_local WHERE adcode = @adcode ORDER BY id`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list facility types: %w", err)
	}
	all, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("list facility types: %w", err)
	}
	return all, nil
}
