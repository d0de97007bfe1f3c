// Package checkdb stores what names are held against: lists of words, what experts let pass,
// and of which classes the register is whole; and reads of the district what the checks of a
// name ask of its place. It knows the tables of migration 0029 and reads those of the
// register, the roads and the records that use names; what a check is, is a matter of
// placenames/naming.
package checkdb

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/wordlists"
)

// The rights that writes need: of the lists and the register's cover, and of an expert's word
// in the division of the name.
const (
	mayRule  = "placename.rules"
	mayWrite = "placename.write"
)

// Store reads and writes what names are held against. It is safe for concurrent use.
type Store struct {
	db        *postgres.DB
	catalogue *placenames.Catalogue
}

// New gives a store on db.
func New(db *postgres.DB, c *placenames.Catalogue) *Store { return &Store{db: db, catalogue: c} }

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// word is a wordlists.Word as it is stored.
type word struct {
	Word    string `json:"word"`
	Reading string `json:"reading,omitempty"`
	Note    string `json:"note,omitempty"`
	Source  string `json:"source,omitempty"`
}

func listRows() postgres.Found[wordlists.List] {
	return postgres.Found[wordlists.List]{What: "list of words", Missing: wordlists.ErrUnknownKind, Scan: func(row pgx.CollectableRow) (wordlists.List, error) {
		var l wordlists.List
		var words []word
		err := row.Scan(&l.Kind, &l.Version, &words, &l.Whole, &l.Source, &l.Note)
		for _, w := range words {
			l.Words = append(l.Words, wordlists.Word(w))
		}
		return l, err
	}}
}

const lists = `SELECT l.kind, l.version, l.words, l.whole, l.source, l.note FROM word_list AS l WHERE l.adcode = @adcode`

// Lists gives the lists that have been entered, by kind, in one look.
func (s *Store) Lists(ctx context.Context, w postgres.Writer) (map[wordlists.Kind]wordlists.List, error) {
	out := map[wordlists.Kind]wordlists.List{}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		all, err := listRows().All(q.Query(ctx, lists, pgx.StrictNamedArgs{"adcode": w.AdCode}))
		for _, l := range all {
			out[l.Kind] = l
		}
		return err
	})
	return out, err
}

// List gives one list; one that nobody entered has version 0 and no words.
func (s *Store) List(ctx context.Context, w postgres.Writer, kind wordlists.Kind) (wordlists.List, error) {
	out := wordlists.List{Kind: kind}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out, err = list(ctx, q, w.AdCode, kind); err != nil {
			return err
		}
		out.MayWrite, err = may(ctx, q, w)
		return err
	})
	return out, err
}

func list(ctx context.Context, q postgres.Querier, adcode string, kind wordlists.Kind) (wordlists.List, error) {
	out, err := listRows().One(q.Query(ctx, lists+` AND l.kind = @kind`, pgx.StrictNamedArgs{"adcode": adcode, "kind": string(kind)}))
	if errors.Is(err, wordlists.ErrUnknownKind) {
		return wordlists.List{Kind: kind}, nil
	}
	return out, err
}

// MayRule reports whether w may change the lists and say of what the register is whole.
func (s *Store) MayRule(ctx context.Context, w postgres.Writer) (bool, error) {
	out := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = may(ctx, q, w)
		return err
	})
	return out, err
}

func may(ctx context.Context, q postgres.Querier, w postgres.Writer) (bool, error) {
	err := postgres.Require(ctx, q, w, mayRule, w.AdCode)
	if errors.Is(err, postgres.ErrForbidden) || errors.Is(err, postgres.ErrAnonymous) {
		return false, nil
	}
	return err == nil, err
}

// Put puts a list in the place of the one of which the writer saw the version expected, 0 where
// nobody entered one. What changes nothing makes no version. It returns a *postgres.StaleError,
// a *record.InvalidError and what postgres.Write does.
func (s *Store) Put(ctx context.Context, w postgres.Writer, l wordlists.List, expected int, c record.Change, today record.Day) (wordlists.List, error) {
	l = wordlists.Clean(l)
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		_, faults := c.Check(today)
		if err := record.Invalid(append(faults, wordlists.Validate(l)...)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike word list ' || @adcode || @kind, 0))`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "kind": string(l.Kind)})
		if err != nil {
			return fmt.Errorf("wait for a list of words: %w", err)
		}
		before, err := list(ctx, tx, w.AdCode, l.Kind)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		l.Version, l.MayWrite = before.Version, false
		if reflect.DeepEqual(wordlists.Clean(before), l) {
			return errUnchanged
		}
		return put(ctx, tx, before, l)
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return wordlists.List{}, err
	}
	return s.List(ctx, w, l.Kind)
}

func put(ctx context.Context, tx *postgres.Tx, before, l wordlists.List) error {
	words := make([]word, len(l.Words))
	for i, w := range l.Words {
		words[i] = word(w)
	}
	raw, err := json.Marshal(words)
	if err != nil {
		return fmt.Errorf("encode a list of words: %w", err)
	}
	id, err := newID()
	if err != nil {
		return err
	}
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "kind": string(l.Kind), "words": json.RawMessage(raw), "whole": l.Whole, "source": l.Source, "note": l.Note,
	}
	sql := `UPDATE word_list SET words = @words, whole = @whole, source = @source, note = @note WHERE adcode = @adcode AND kind = @kind RETURNING id::text`
	if before.Version == 0 {
		args["id"] = id
		sql = `INSERT INTO word_list (adcode, id, kind, words, whole, source, note) VALUES (@adcode, @id, @kind, @words, @whole, @source, @note) RETURNING id::text`
	}
	if err := tx.QueryRow(ctx, sql, args).Scan(&id); err != nil {
		return fmt.Errorf("keep a list of words: %w", err)
	}
	// The words themselves are in the history of the list; of persons none is in the audit log.
	changed := wordlists.Between(before.Texts(), l.Texts())
	tx.Note(postgres.Note{
		Action: "word_list.put", Kind: "word_list", ID: id,
		Before: map[string]any{"kind": l.Kind, "words": len(before.Words)},
		After:  map[string]any{"words": len(l.Words), "added": len(changed.Added), "removed": len(changed.Removed), "whole": l.Whole},
	})
	return nil
}

func listHistory() postgres.History {
	return postgres.History{Table: "word_list", Fields: []postgres.Field{
		{Name: "words", SQL: "(SELECT coalesce(jsonb_agg(e->>'word'), '[]') FROM jsonb_array_elements(words) AS e)"},
		{Name: "whole", SQL: "whole"}, {Name: "source", SQL: "source"}, {Name: "note", SQL: "note"},
	}}
}

// HistoryOf gives the versions of a list, the newest first, which needs the right to read
// history; none of a list that nobody entered. The words of a version are an array of texts.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, kind wordlists.Kind) ([]postgres.Version, error) {
	var out []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, "history.read", ""); err != nil {
			return err
		}
		var id string
		err := q.QueryRow(ctx, `SELECT id::text FROM word_list WHERE adcode = @adcode AND kind = @kind`, pgx.StrictNamedArgs{"adcode": w.AdCode, "kind": string(kind)}).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find a list of words: %w", err)
		}
		out, err = listHistory().Versions(ctx, q, w.AdCode, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of the list %s: %w", kind, err)
	}
	return out, nil
}
