package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/checkdb"
	"yike/placenames/checkhttp"
	"yike/placenames/naming"
	"yike/placenames/placenamedb"
	caseprocess "yike/placenames/process"
	"yike/placenames/roman"
	"yike/placenames/wordlists"
)

// nameLikes gives the names of the register that are like a name, the closest first.
type nameLikes interface {
	Like(ctx context.Context, e naming.Entry) (list []naming.Match, whole bool, err error)
}

// nameCaseFacts are what a case says of its name: papers, days, who approves. What is not
// known stays at its zero value, and what a rule asks of it undetermined.
type nameCaseFacts struct {
	Papers   naming.Papers
	Clock    naming.Clock
	Approver string
	Fields   naming.Announcement
	NewName  caseprocess.Proposal // of a renaming
}

// nameCaseKnown adds what one room knows of a case: its own steps and days, the reports of a
// panel, the visits of a survey.
type nameCaseKnown func(ctx context.Context, caseID string, f *nameCaseFacts) error

// nameChecks holds names against the rules, for the person who asks. It is safe for concurrent
// use.
type nameChecks struct {
	store     *checkdb.Store
	names     *placenamedb.Store
	catalogue *placenames.Catalogue
	checker   *naming.Checker
	speller   func() (*roman.Speller, error)
	likes     nameLikes
	cases     []nameCaseKnown
	adcode    string
	regions   []string // that the district belongs to beside those of its adcode
	refused   refusals
	now       func() time.Time
}

var (
	_ checkhttp.Checks = (*nameChecks)(nil)
	_ checkhttp.Lists  = (*nameChecks)(nil)
)

// newNameChecks gives the checks of the names of a district; cases are the rooms that know
// something of a case.
func newNameChecks(c config, d desk, likes nameLikes, refused refusals, now func() time.Time, cases ...nameCaseKnown) (*nameChecks, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, err
	}
	set, err := naming.Set()
	if err != nil {
		return nil, err
	}
	checker, err := naming.NewChecker(set, catalogue)
	if err != nil {
		return nil, err
	}
	names := placenamedb.New(d.db, catalogue)
	return &nameChecks{
		store: checkdb.New(d.db, catalogue), names: names, catalogue: catalogue, checker: checker, likes: likes, cases: cases, adcode: d.adcode,
		regions: set.Chain(d.adcode, c.Regions...), refused: refused, now: now,
		speller: sync.OnceValues(func() (*roman.Speller, error) { return roman.NewSpeller(nil) }),
	}, nil
}

// mountNameChecks serves the checks and the lists that names are held against. rooms know
// something of a case besides its own steps and days.
func mountNameChecks(api huma.API, c config, d desk, likes nameLikes, refused refusals, now func() time.Time, rooms ...nameCaseKnown) (*nameChecks, error) {
	cases, _, err := newNameCaseStore(d.db)
	if err != nil {
		return nil, err
	}
	known := func(ctx context.Context, id string, f *nameCaseFacts) error {
		v, err := cases.ByID(ctx, writer(ctx, d.adcode), id)
		if err != nil {
			return err
		}
		f.of(v.Dossier)
		return nil
	}
	k, err := newNameChecks(c, d, likes, refused, now, append([]nameCaseKnown{known}, rooms...)...)
	if err != nil {
		return nil, err
	}
	checkhttp.Register(api, k)
	checkhttp.RegisterLists(api, k)
	return k, nil
}

func (k *nameChecks) writer(ctx context.Context) postgres.Writer { return writer(ctx, k.adcode) }

func (k *nameChecks) today() record.Day { return record.DayOf(k.now()) }

// Check holds a record against the rules, in a case of renaming with the name that it would have.
func (k *nameChecks) Check(ctx context.Context, id string, o checkhttp.Options) (checkhttp.Checked, error) {
	item, err := k.names.ByID(ctx, k.writer(ctx), id)
	if err != nil {
		return checkhttp.Checked{}, err
	}
	known, err := k.known(ctx, o.Case)
	if err != nil {
		return checkhttp.Checked{}, err
	}
	return k.checked(ctx, renamed(item.Name, known.NewName), o)
}

// Try holds a name against the rules as it might be.
func (k *nameChecks) Try(ctx context.Context, n placenames.Name, o checkhttp.Options) (checkhttp.Checked, error) {
	return k.checked(ctx, k.catalogue.Clean(n), o)
}

// Freeze holds a record, or the name that a renaming would give it, against the rules and gives
// what is kept with an event of a case: at its submission, and again at the approval.
func (k *nameChecks) Freeze(ctx context.Context, n placenames.Name, act placenames.DecisionKind, caseID string) (naming.Frozen, json.RawMessage, error) {
	c, err := k.checked(ctx, n, checkhttp.Options{Act: act, Case: caseID})
	if err != nil {
		return naming.Frozen{}, nil, err
	}
	kept := k.checker.Freeze(c.Facts, c.Findings)
	raw, err := json.Marshal(kept)
	if err != nil {
		return kept, nil, fmt.Errorf("keep the check of %s: %w", n.Text, err)
	}
	return kept, raw, nil
}

// checked gathers what is known of a name and holds it against the rules.
func (k *nameChecks) checked(ctx context.Context, n placenames.Name, o checkhttp.Options) (checkhttp.Checked, error) {
	w := k.writer(ctx)
	out := checkhttp.Checked{Set: k.checker.Rules(), Like: []checkhttp.Like{}}
	if parts, ok := k.catalogue.PartsOf(n); ok {
		n.Parts = parts
	}
	f := naming.Facts{Name: n, Act: o.Act, Regions: k.regions, Day: k.today(), Use: o.Use, Plan: naming.PlanAnswer{Reason: o.PlanReason}}
	out.Scope, _ = k.catalogue.Scope(n)
	for _, step := range []func(context.Context, postgres.Writer, *naming.Facts, checkhttp.Options, *checkhttp.Checked) error{k.alike, k.listed, k.placed, k.cased} {
		if err := step(ctx, w, &f, o, &out); err != nil {
			return checkhttp.Checked{}, err
		}
	}
	if err := k.spelled(&f); err != nil {
		return checkhttp.Checked{}, err
	}
	out.Facts, out.Findings = f, k.checker.Check(f)
	out.Repairs = k.checker.Repairs(f, out.Findings)
	return out, nil
}

// alike finds names that are like it, where they lie, and whether the register is whole.
func (k *nameChecks) alike(ctx context.Context, w postgres.Writer, f *naming.Facts, _ checkhttp.Options, out *checkhttp.Checked) error {
	own := naming.EntryOf(k.catalogue, f.Name)
	if own.Text == "" {
		return nil
	}
	like, _, err := k.likes.Like(ctx, own)
	if err != nil {
		return fmt.Errorf("look for names like %s: %w", own.Text, err)
	}
	covers, err := k.store.Covers(ctx, w)
	if err != nil {
		return err
	}
	scope, known := k.catalogue.Scope(f.Name)
	// That the register reaches over the scope does not say that it has every name there:
	// somebody who counted does.
	f.Register = naming.Register{Searched: true, Whole: known && wordlists.Whole(covers, own.Class, scope, own.BuiltUpArea), Like: like}
	const shown = 50
	ids := []string{}
	for _, m := range like[:min(len(like), shown)] {
		l := checkhttp.Like{Match: m, Where: naming.Perhaps}
		switch {
		case m.Entry.Class != own.Class:
			l.Where = naming.Elsewhere
		case known:
			l.Where = naming.Within(scope, own, m.Entry)
		}
		out.Like, ids = append(out.Like, l), append(ids, m.Entry.ID)
	}
	sights, err := k.store.Sights(ctx, w, ids, f.Name.Geometry)
	if err != nil {
		return err
	}
	for i := range out.Like {
		if s, ok := sights[out.Like[i].Entry.ID]; ok {
			out.Like[i].At, out.Like[i].Placed, out.Like[i].Distance = s.At, true, s.Distance
		}
	}
	return nil
}

// listed gathers the lists, and what experts said beyond them.
func (k *nameChecks) listed(ctx context.Context, w postgres.Writer, f *naming.Facts, o checkhttp.Options, out *checkhttp.Checked) error {
	lists, err := k.store.Lists(ctx, w)
	if err != nil {
		return err
	}
	said, err := k.store.Clearances(ctx, w, f.Name.ID)
	if err != nil {
		return err
	}
	f.Cleared, f.Reviewed = slices.Clone(o.Cleared), o.Reviewed
	reviewed := map[wordlists.Kind]*bool{
		wordlists.Leaders: &f.Reviewed.Leaders, wordlists.Persons: &f.Reviewed.Persons, wordlists.Foreign: &f.Reviewed.Foreign,
		wordlists.Brands: &f.Reviewed.Brands, wordlists.Banned: &f.Reviewed.Banned,
	}
	for _, c := range said {
		switch {
		case c.Text != f.Name.Text: // it was said of another name
		case c.Word == "":
			*reviewed[c.Kind] = true
		default:
			f.Cleared = append(f.Cleared, naming.Clearance{Word: c.Word, Reason: c.Reason, By: c.By})
		}
	}
	of := map[wordlists.Kind]**naming.List{
		wordlists.Leaders: &f.Lists.Leaders, wordlists.Persons: &f.Lists.Persons, wordlists.Foreign: &f.Lists.Foreign,
		wordlists.Brands: &f.Lists.Brands, wordlists.Banned: &f.Lists.Banned,
	}
	for _, code := range wordlists.Kinds() {
		kind := wordlists.Kind(code.Code)
		joined := k.joined(lists[kind], kind)
		*of[kind] = joined
		used := checkhttp.ListUsed{Kind: kind, Reviewed: *reviewed[kind]}
		if joined != nil {
			used.Words, used.Whole = len(joined.Words), joined.Whole
		}
		out.Lists = append(out.Lists, used)
	}
	return nil
}

// program gives the list of a kind that comes with the program; nil for none.
func (k *nameChecks) program(kind wordlists.Kind) *naming.List {
	if kind == wordlists.Foreign {
		return k.checker.Foreign()
	}
	return nil
}

// joined is the bureau's list with that of the program; nil where both are empty.
func (k *nameChecks) joined(l wordlists.List, kind wordlists.Kind) *naming.List {
	program := k.program(kind)
	if len(l.Words) == 0 {
		return program
	}
	words := l.Texts()
	if program != nil {
		words = append(words, program.Words...)
	}
	return &naming.List{Words: words, Whole: l.Whole}
}

// placed asks the district of the name's place.
func (k *nameChecks) placed(ctx context.Context, w postgres.Writer, f *naming.Facts, _ checkhttp.Options, out *checkhttp.Checked) error {
	_, class, _ := k.catalogue.Of(f.Name.Kind)
	a, err := k.store.Around(ctx, w, checkdb.Asked{Name: f.Name, Class: class.Code.Code, References: k.checker.References(f.Name), Day: f.Day})
	if err != nil {
		return err
	}
	f.Reference, f.Cut, f.OnHill, f.Plan.In = a.Reference, a.Cut, a.OnHill, a.Plan
	if f.Name.Planned != "" {
		in := true // it was taken of the plan
		f.Plan.In = &in
	}
	if a.Host != nil {
		e := naming.EntryOf(k.catalogue, *a.Host)
		f.Host = &e
	}
	uses := 0
	for _, u := range a.Uses {
		uses += u.Count
		out.Uses = append(out.Uses, checkhttp.Used(u))
	}
	f.StaleUses = &uses // 0, too, where the place has no other name that a record could use
	out.Relief = a.Relief
	out.Measured = measureName(&f.Name, a.Size)
	if f.Use == "" && a.Size.HousingM > 0 && a.Size.FloorM2 > 0 {
		f.Use = naming.Mixed
		if a.Size.HousingM > 0.9*a.Size.FloorM2 {
			f.Use = naming.Housing
		}
	}
	return nil
}

// measureName fills in sizes that nobody entered: of an estate those of its record, and what
// the drawing says. It gives the names of those that it filled in.
func measureName(n *placenames.Name, estate placenames.Size) []string {
	var out []string
	fill := func(name string, to *float64, v float64) {
		if *to == 0 && v > 0 {
			*to = v
			out = append(out, name)
		}
	}
	fill("site_m2", &n.Size.SiteM2, estate.SiteM2)
	fill("floor_m2", &n.Size.FloorM2, estate.FloorM2)
	fill("housing_m2", &n.Size.HousingM, estate.HousingM)
	switch g := n.Geometry.(type) {
	case orb.LineString:
		fill("length_m", &n.Size.LengthM, geo.Length(g))
	case orb.MultiLineString:
		all := 0.0
		for _, l := range g {
			all += geo.Length(l)
		}
		fill("length_m", &n.Size.LengthM, all)
	case orb.Polygon, orb.MultiPolygon:
		fill("site_m2", &n.Size.SiteM2, geo.Area(g))
	}
	return out
}

// known gathers what the rooms know of a case; nothing of none.
func (k *nameChecks) known(ctx context.Context, caseID string) (nameCaseFacts, error) {
	c := nameCaseFacts{}
	if caseID == "" {
		return c, nil
	}
	for _, known := range k.cases {
		if err := known(ctx, caseID, &c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// cased adds what is known of the case.
func (k *nameChecks) cased(ctx context.Context, _ postgres.Writer, f *naming.Facts, o checkhttp.Options, _ *checkhttp.Checked) error {
	c, err := k.known(ctx, o.Case)
	if err != nil {
		return err
	}
	f.Papers, f.Clock, f.Approver, f.Fields = c.Papers, c.Clock, c.Approver, c.Fields
	return nil
}

// spelled works out the spelling where each reading was confirmed.
func (k *nameChecks) spelled(f *naming.Facts) error {
	n := f.Name
	if n.Text == "" || len(n.Readings) != placenames.Characters(n.Text) || slices.Contains(n.Readings, "") {
		return nil
	}
	speller, err := k.speller()
	if err != nil {
		return err
	}
	_, class, _ := k.catalogue.Of(n.Kind)
	s := speller.Spell(roman.Request{
		Text: n.Text, Parts: n.Parts, Class: class.Code.Code, Readings: n.Readings,
		Joined: class.Code.Code == "natural" || n.Kind == "natural_village" || n.Kind == "township",
	})
	if s.Certain {
		f.Roman = s.Text
	}
	return nil
}
