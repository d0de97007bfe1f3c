package consequencedb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/placenames/consequences"
)

// source is where carriers of a kind are. All of it is SQL from code, over the alias t of the
// table and x of what is looked for: x.word may be written, and @name is the id of the name.
type source struct {
	kind   consequences.Kind
	table  string
	called string // what a record is called
	says   string // text[]: the words that may say a name
	counts string // that a record counts now
	never  string // that a record never counts; "" for none
	linked string // that it belongs to the name; "" where it never says so
	wrote  bool   // a record that only says the word counts, too
	past   bool   // it has to follow, so what it said before is looked at
	place  string // code of its division
}

func sources() []source {
	return []source{
		{
			kind: consequences.Sign, table: "place_name_sign", called: "coalesce(nullif(t.placed_at, ''), t.text)", says: "ARRAY[t.text]", counts: "t.state <> 'removed'",
			linked: "t.name_id = @name::uuid", past: true, place: "t.division_code",
		},
		{
			kind: consequences.Plate, table: "plate", called: "concat_ws(' ', t.face_name, t.face_number)", says: "ARRAY[t.face_name]", counts: "t.state NOT IN ('replaced', 'withdrawn')",
			linked: "t.address_id IN (SELECT a.id FROM address AS a WHERE a.adcode = @adcode AND a.name_id = @name::uuid)", past: true, place: "t.division_code",
		},
		{
			kind: consequences.Address, table: "address", called: "t.short_text", says: "ARRAY[t.short_text]", counts: "t.state <> 'historical'", linked: "t.name_id = @name::uuid", past: true,
			place: "t.division_code",
		},
		{
			kind: consequences.Part, table: "place_name", called: "t.text", says: "ARRAY[t.text]", counts: alive, linked: "t.parent_id = @name::uuid", past: true, place: "t.division_code",
		},
		{
			kind: consequences.Derived, table: "place_name", called: "t.text", says: "ARRAY[t.text]", counts: alive, never: "t.parent_id IS NOT DISTINCT FROM @name::uuid OR t.id = @name::uuid OR t.text = x.word",
			linked: "t.host_id = @name::uuid", wrote: true, past: true, place: "t.division_code",
		},
		{
			kind: consequences.Facility, table: "facility", called: "t.name_zh", says: "ARRAY[t.address, t.name_zh]", counts: "t.status <> 'closed' AND t.replaced_by = '{}'", wrote: true, past: true,
			place: "t.division_code",
		},
		{
			kind: consequences.Estate, table: "estate", called: "t.name", says: "ARRAY[t.name]", counts: "true", linked: "t.place_name_id = @name::text", wrote: true, past: true,
			place: "t.division_code",
		},
		{
			kind: consequences.Premises, table: "premises", called: "t.name", says: "ARRAY[t.address, t.name, t.estate]", counts: "t.state <> 'withdrawn'", wrote: true, past: true,
			place: "t.division_code",
		},
		{
			kind: consequences.Planned, table: "planned_name", called: "t.text", says: "ARRAY[t.text]", counts: "true", linked: "t.taken_by = @name::uuid", place: "t.division_code",
		},
		{
			kind: consequences.Document, table: "attachment", called: "t.title", says: "'{}'::text[]", counts: "true", linked: `(t.owner_kind = 'name' AND t.owner_id = @name::uuid
	OR t.owner_kind = 'name_case' AND t.owner_id IN (SELECT c.id FROM name_case AS c WHERE c.adcode = @adcode AND c.name_id = @name::uuid))`, place: "t.division_code",
		},
	}
}

const alive = "t.state IN ('draft', 'reserved', 'proposed', 'approved', 'contested', 'customary')"

// sought is what is looked for: the words of one name.
type sought struct {
	name   string // its id
	words  []string
	within []string // patterns of divisions where alone words count; none for everywhere
}

// args are the parameters of every look.
func (s sought) args(adcode string) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": adcode, "name": s.name, "words": s.words, "within": append([]string{}, s.within...)}
}

// join is what every look begins with.
const join = ` AS t JOIN unnest(@words::text[]) WITH ORDINALITY AS x (word, no) ON true WHERE t.adcode = @adcode AND @name::uuid IS NOT NULL AND @within::text[] IS NOT NULL`

// written is the condition that the words of a record say the name, in SQL.
func (s source) written() string {
	return `(strpos(array_to_string(` + s.says + `, E'\n'), x.word) > 0 AND (@within::text[] = '{}' OR ` + s.place + ` LIKE ANY (@within::text[])))`
}

// found is a record that may carry what was looked for, by its place among that.
type found struct {
	no     int
	of     consequences.Carrier
	says   []string
	linked bool
	change string // of the past: the change that ended it
	until  time.Time
}

func (s source) sql(history bool) string {
	linked, never := cmp.Or(s.linked, "false"), cmp.Or(s.never, "false")
	if history {
		return `SELECT DISTINCT ON (x.no, t.id) x.no::int, t.id::text, ` + s.called + `, ` + s.says + `, ` + s.place + `, coalesce(` + linked + `, false), t.ended_by::text, upper(t.recorded)
FROM ` + s.table + `_history` + join + ` AND NOT upper_inf(t.recorded) AND upper(t.recorded) >= @since::date AND NOT (` + never + `) AND (` + linked + ` AND strpos(array_to_string(` + s.says + `, E'\n'), x.word) > 0 OR @wrote AND ` + s.written() + `)
ORDER BY x.no, t.id, upper(t.recorded) DESC`
	}
	which := linked
	if s.wrote {
		which = "(" + linked + " OR " + s.written() + ")"
	}
	return `SELECT x.no::int, t.id::text, ` + s.called + `, ` + s.says + `, ` + s.place + `, coalesce(` + linked + `, false), '', NULL::timestamptz
FROM ` + s.table + join + ` AND ` + s.counts + ` AND NOT (` + never + `) AND ` + which + ` ORDER BY x.no, ` + s.called + ` COLLATE yike_pinyin, t.id`
}

// look gives what a source has of what is looked for, each with the words of it that speak of the
// name first. longer are names that have it as a part, by place.
func (s source) look(ctx context.Context, q postgres.Querier, history bool, a pgx.StrictNamedArgs, of sought, longer []string) ([]found, error) {
	rows, err := q.Query(ctx, s.sql(history), a)
	var list []found
	if err == nil {
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (found, error) {
			f := found{of: consequences.Carrier{Kind: s.kind}}
			var until *time.Time
			err := row.Scan(&f.no, &f.of.ID, &f.of.Text, &f.says, &f.of.Division, &f.linked, &f.change, &until)
			if until != nil {
				f.until = *until
			}
			return f, err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("look for what carries a name in %s: %w", s.table, err)
	}
	out := list[:0]
	for _, f := range list {
		f.of.Basis = consequences.Linked
		i := slices.IndexFunc(f.says, func(text string) bool { return s.speaks(text, of.words[f.no-1], longer) })
		if i >= 0 {
			f.of.Says = f.says[i]
		}
		if !f.linked {
			if i < 0 {
				continue
			}
			f.of.Basis = consequences.Written
		}
		out = append(out, f)
	}
	return out, nil
}

// speaks reports whether the words of a record speak of a name. Another name always does where it
// has the characters: it is itself the longer one.
func (s source) speaks(text, word string, longer []string) bool {
	if s.table == "place_name" {
		return word != "" && strings.Contains(text, word)
	}
	return consequences.Speaks(text, word, longer)
}
