package addressdb

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// ground is what a write holds addresses against, read once however many there are.
type ground struct {
	adcode    string
	today     record.Day
	divided   bool
	divisions map[string]division
	names     map[string]named
	others    map[string]addresses.Address // what the addresses are within, and main ones, by id
	live      map[slot]string              // who has a number now
	box       orb.Bound
}

type division struct{ Level, Name, Parent string }

// named is a place name that addresses stand on.
type named struct {
	addresses.Named
	Class    string
	Division string
	InUse    bool
}

// slot is what only one live address may have.
type slot struct {
	name, parent          string
	level                 addresses.Level
	number, suffix, label string
}

func slotOf(a addresses.Address) slot {
	return slot{a.NameID, a.ParentID, a.Level, a.Number, a.Suffix, a.Label}
}

// survey reads the ground of addresses and gives each the division that it is in: the one given,
// else the one at its position, that of the address it is within, or that of its name.
func survey(ctx context.Context, tx *postgres.Tx, list []*addresses.Address, today record.Day) (*ground, error) {
	g := &ground{adcode: tx.Writer().AdCode, today: today}
	var ids, nameIDs []string
	for _, a := range list {
		ids = append(ids, a.ParentID, a.MainID)
		nameIDs = append(nameIDs, a.NameID)
	}
	var err error
	if g.others, err = above(ctx, tx, g.adcode, distinct(ids)); err != nil {
		return nil, err
	}
	if g.divisions, err = divisionsOf(ctx, tx, g.adcode); err != nil {
		return nil, err
	}
	g.divided = len(g.divisions) > 0
	nameIDs = onlyIDs(distinct(nameIDs))
	if g.names, err = namesOf(ctx, tx, g.adcode, nameIDs); err != nil {
		return nil, err
	}
	if g.live, err = liveOn(ctx, tx, g.adcode, nameIDs); err != nil {
		return nil, err
	}
	return g, g.place(ctx, tx, list)
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func divisionsOf(ctx context.Context, q postgres.Querier, adcode string) (map[string]division, error) {
	rows, err := q.Query(ctx, `SELECT code, level, name_zh, coalesce(parent_code, '') FROM division WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("read the divisions of addresses: %w", err)
	}
	out := map[string]division{}
	var code string
	var d division
	_, err = pgx.ForEachRow(rows, []any{&code, &d.Level, &d.Name, &d.Parent}, func() error {
		out[code] = d
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the divisions of addresses: %w", err)
	}
	return out, nil
}

func namesOf(ctx context.Context, q postgres.Querier, adcode string, ids []string) (map[string]named, error) {
	rows, err := q.Query(ctx, `
SELECT id::text, text, roman, class, division_code, state IN ('proposed', 'approved', 'contested', 'customary') FROM place_name WHERE adcode = @adcode AND id = ANY (@ids::uuid[])`,
		pgx.StrictNamedArgs{"adcode": adcode, "ids": ids})
	if err != nil {
		return nil, fmt.Errorf("read the names of addresses: %w", err)
	}
	out := map[string]named{}
	var id string
	var n named
	_, err = pgx.ForEachRow(rows, []any{&id, &n.Text, &n.Roman, &n.Class, &n.Division, &n.InUse}, func() error {
		out[id] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the names of addresses: %w", err)
	}
	return out, nil
}

// liveOn reads which live address has which number on some names.
func liveOn(ctx context.Context, q postgres.Querier, adcode string, nameIDs []string) (map[slot]string, error) {
	rows, err := q.Query(ctx, `
SELECT id::text, name_id::text, coalesce(parent_id::text, ''), level, number, suffix, label FROM address
WHERE adcode = @adcode AND name_id = ANY (@names::uuid[]) AND state <> 'historical'`, pgx.StrictNamedArgs{"adcode": adcode, "names": nameIDs})
	if err != nil {
		return nil, fmt.Errorf("read who has which number: %w", err)
	}
	out := map[slot]string{}
	var id string
	var s slot
	_, err = pgx.ForEachRow(rows, []any{&id, &s.name, &s.parent, &s.level, &s.number, &s.suffix, &s.label}, func() error {
		out[s] = id
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read who has which number: %w", err)
	}
	return out, nil
}

// place gives each address its division.
func (g *ground) place(ctx context.Context, tx *postgres.Tx, list []*addresses.Address) error {
	places := make([]divisiondb.Place, len(list))
	for i, a := range list {
		places[i].Code = a.Division
		if p, ok := a.At(); ok {
			places[i].At = &p.Point
		}
	}
	found, err := divisiondb.StandAll(ctx, tx, g.adcode, places)
	if err != nil {
		return err
	}
	for i, a := range list {
		g.box = found[i].Bounds
		if a.Division == "" && g.divided {
			a.Division = g.community(cmp.Or(found[i].Code, g.others[a.ParentID].Division, g.others[a.MainID].Division, g.names[a.NameID].Division))
		}
		a.Division = cmp.Or(a.Division, g.adcode)
		a.Divisions = addresses.DivisionsOf(a.Division)
	}
	return nil
}

// community is the finest division of a code that an address may be of: a grid is none.
func (g *ground) community(code string) string {
	for g.divisions[code].Level == "grid" && g.divisions[code].Parent != "" {
		code = g.divisions[code].Parent
	}
	return code
}

// chain gives the codes from the widest division to one.
func (g *ground) chain(code string) []string { return chain(g.divisions, code) }

func chain(all map[string]division, code string) []string {
	var out []string
	for d, ok := all[code]; ok && len(out) < 8; d, ok = all[code] {
		out = append([]string{code}, out...)
		code = d.Parent
	}
	return out
}

// known is what one address is held against.
func (g *ground) known(a addresses.Address) addresses.Known {
	n, there := g.names[a.NameID]
	_, held := g.divisions[a.Division]
	k := addresses.Known{
		Today: g.today, Name: there, NameInUse: n.InUse, Division: held || !g.divided && a.Division == g.adcode, Box: g.box,
		IsDivision: func(code string) bool { _, ok := g.divisions[code]; return ok || code == g.adcode },
	}
	if p, ok := g.others[a.ParentID]; ok {
		k.Parent = &p
	}
	if m, ok := g.others[a.MainID]; ok {
		k.Main = &m
	}
	for _, up := range chainOf(g.others, a.ParentID) {
		k.Circle = k.Circle || a.ID != "" && up.ID == a.ID
	}
	return k
}

// faults are those of one address, with that of a number that another has.
func (g *ground) faults(a addresses.Address) []record.Fault {
	out := addresses.Validate(a, g.known(a))
	if has := g.live[slotOf(a)]; a.State.Live() && has != "" && has != a.ID {
		field, value := "number", a.Numbered()
		if a.Level != addresses.Number {
			field, value = "label", a.Label
		}
		out = append(out, record.Fault{
			Field: field, Value: value, ZH: "已有同一号码的现用地址（PLT-01 重号）", EN: "a live address has this number in the same place already (PLT-01)",
		})
	}
	return out
}

// write gives an address its text, by the rule. What it is within must be in others.
func (g *ground) write(a *addresses.Address) {
	var words []string
	for _, code := range g.chain(a.Division) {
		words = append(words, g.divisions[code].Name)
	}
	w := addresses.Text(words, g.names[a.NameID].Named, append(chainOf(g.others, a.ParentID), *a))
	a.Text, a.Short = w.Full, w.Short
	a.Roman = w.Roman
}
