package estatedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
)

// ruleContent is what a person writes of a local rule, as it is stored beside its columns.
type ruleContent struct {
	TitleZH    string            `json:"title_zh,omitempty"`
	TitleEN    string            `json:"title_en,omitempty"`
	Form       string            `json:"form,omitempty"`
	Value      *float64          `json:"value,omitempty"`
	Upper      *float64          `json:"upper,omitempty"`
	Strict     bool              `json:"strict,omitempty"`
	Tiers      []rules.Tier      `json:"tiers,omitempty"`
	Elements   []estates.Element `json:"elements,omitempty"`
	Applies    estates.Kind      `json:"applies,omitempty"`
	Setting    string            `json:"setting,omitempty"`
	FromPeople int               `json:"from_people,omitempty"`
	Waives     string            `json:"waives,omitempty"`
	Severity   rules.Severity    `json:"severity,omitempty"`
	Grade      rules.Grade       `json:"grade,omitempty"`
	Sentence   string            `json:"sentence,omitempty"`
	SentenceEN string            `json:"sentence_en,omitempty"`
	Source     ruleDocument      `json:"source"`
	ReadBy     string            `json:"read_by,omitempty"`
	ReadOn     record.Day        `json:"read_on,omitempty"`
	Note       string            `json:"note,omitempty"`
}

// ruleDocument is an estates.Document as it is stored.
type ruleDocument struct {
	Number string     `json:"number,omitempty"`
	Title  string     `json:"title,omitempty"`
	Issuer string     `json:"issuer,omitempty"`
	Day    record.Day `json:"day,omitempty"`
}

// ruleSigned is an estates.Signed as it is stored.
type ruleSigned struct {
	By     string     `json:"by"`
	Day    record.Day `json:"day"`
	Reason string     `json:"reason"`
}

func storedRule(l estates.LocalRule) ruleContent {
	return ruleContent{
		TitleZH: l.TitleZH, TitleEN: l.TitleEN, Form: l.Form, Value: l.Value, Upper: l.Upper, Strict: l.Strict, Tiers: l.Tiers, Elements: l.Elements,
		Applies: l.Applies, Setting: l.Setting, FromPeople: l.FromPeople, Waives: l.Waives, Severity: l.Severity, Grade: l.Grade, Sentence: l.Sentence,
		SentenceEN: l.SentenceEN, Source: ruleDocument(l.Source), ReadBy: l.ReadBy, ReadOn: l.ReadOn, Note: l.Note,
	}
}

func (c ruleContent) into(l *estates.LocalRule) {
	l.TitleZH, l.TitleEN, l.Form, l.Value, l.Upper, l.Strict, l.Tiers, l.Elements = c.TitleZH, c.TitleEN, c.Form, c.Value, c.Upper, c.Strict, c.Tiers, c.Elements
	l.Applies, l.Setting, l.FromPeople, l.Waives, l.Severity, l.Grade, l.Sentence = c.Applies, c.Setting, c.FromPeople, c.Waives, c.Severity, c.Grade, c.Sentence
	l.SentenceEN, l.Source, l.ReadBy, l.ReadOn, l.Note = c.SentenceEN, estates.Document(c.Source), c.ReadBy, c.ReadOn, c.Note
}

// ruleColumns of a local rule, with the alias r, as scanRule reads them.
const ruleColumns = `r.id::text, r.version, r.state, r.kind, r.division_code, coalesce(r.first_day::text, ''), coalesce(r.last_day::text, ''),
	coalesce(r.replaces::text, ''), r.definition, coalesce(r.adoption, '{}'), coalesce(r.ending, '{}'),
	coalesce((SELECT d.name_zh FROM division AS d WHERE d.adcode = r.adcode AND d.code = r.division_code), CASE WHEN r.division_code = r.adcode THEN '全区' ELSE '' END),
	coalesce((SELECT d.name_en FROM division AS d WHERE d.adcode = r.adcode AND d.code = r.division_code), CASE WHEN r.division_code = r.adcode THEN 'the whole district' ELSE '' END),
	(SELECT count(*) FROM attachment AS a WHERE a.adcode = r.adcode AND a.owner_kind = 'estate_rule' AND a.owner_id = r.id AND a.kind = 'document')`

func scanRule(row pgx.CollectableRow) (estates.LocalRule, error) {
	var l estates.LocalRule
	var content ruleContent
	var adoption, ending ruleSigned
	err := row.Scan(&l.ID, &l.Version, &l.State, &l.Kind, &l.Division, &l.From, &l.Until, &l.Replaces, &content, &adoption, &ending, &l.PlaceZH, &l.PlaceEN, &l.Attached)
	content.into(&l)
	l.Adoption, l.Ending = estates.Signed(adoption), estates.Signed(ending)
	return l, err
}

func ruleRows() postgres.Found[estates.LocalRule] {
	return postgres.Found[estates.LocalRule]{What: "local rule", Missing: estates.ErrNoRule, Scan: scanRule}
}

func allRules(ctx context.Context, q postgres.Querier, adcode string) ([]estates.LocalRule, error) {
	return ruleRows().All(q.Query(ctx, `SELECT `+ruleColumns+` FROM estate_rule AS r WHERE r.adcode = @adcode ORDER BY r.id`, pgx.StrictNamedArgs{"adcode": adcode}))
}

// RuleBook is the one place that says by which rules the estates of an authority are checked:
// those of the program with what the bureau made of them laid over. It is safe for concurrent
// use.
type RuleBook struct {
	base *rules.Set

	mu   sync.Mutex
	kept map[string]Laws // by authority
}

// NewRuleBook gives a book over the rules of the program.
func NewRuleBook(base *rules.Set) *RuleBook { return &RuleBook{base: base, kept: map[string]Laws{}} }

// Base are the rules of the program.
func (b *RuleBook) Base() *rules.Set { return b.base }

// Laws are the rules of an authority as they are at a moment. They are read-only.
type Laws struct {
	Set     *rules.Set
	Mark    string // changes whenever a rule in force does; "" where the bureau has none
	Misfits []estates.Misfit
}

// Present gives the rules of an authority as q sees them, at the cost of one small query: a
// rule adopted through one server holds on all at once.
func (b *RuleBook) Present(ctx context.Context, q postgres.Querier, adcode string) (Laws, error) {
	mark, err := rulesMark(ctx, q, adcode)
	if err != nil {
		return Laws{}, err
	}
	b.mu.Lock()
	known, ok := b.kept[adcode]
	b.mu.Unlock()
	if ok && known.Mark == mark {
		return known, nil
	}
	out := Laws{Set: b.base, Mark: mark}
	if mark != "" {
		all, err := allRules(ctx, q, adcode)
		if err != nil {
			return Laws{}, err
		}
		out.Set, out.Misfits = estates.Effective(b.base, all)
	}
	b.mu.Lock()
	b.kept[adcode] = out
	b.mu.Unlock()
	return out, nil
}

// rulesMark names the rules in force by the changes that made them, which are never used
// again.
func rulesMark(ctx context.Context, q postgres.Querier, adcode string) (string, error) {
	var mark string
	err := q.QueryRow(ctx, `SELECT coalesce(string_agg(id || '/' || change_id, ' ' ORDER BY id), '') FROM estate_rule WHERE adcode = @adcode AND state <> 'draft'`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&mark)
	if err != nil {
		return "", fmt.Errorf("look whether the rules of estates changed: %w", err)
	}
	return mark, nil
}

// Rules reads and writes the rules that a bureau makes. It is safe for concurrent use.
type Rules struct {
	db   *postgres.DB
	book *RuleBook
}

// NewRules gives a store of local rules on db, over the rules of a book.
func NewRules(db *postgres.DB, book *RuleBook) *Rules { return &Rules{db: db, book: book} }

// Base are the rules of the program.
func (s *Rules) Base() *rules.Set { return s.book.Base() }

// Present gives the rules by which estates are checked, as w may see them.
func (s *Rules) Present(ctx context.Context, w postgres.Writer) (Laws, error) {
	var out Laws
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = s.book.Present(ctx, q, w.AdCode)
		return err
	})
	return out, err
}

const ruleItems = `
SELECT ` + ruleColumns + `, @system OR r.division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]),
	coalesce(t.rule_version, 0), coalesce(t.tried_at, 'epoch'), coalesce(t.tried_by, '')
FROM estate_rule AS r LEFT JOIN estate_rule_trial AS t ON t.adcode = r.adcode AND t.rule_id = r.id WHERE r.adcode = @adcode`

func ruleItemRows() postgres.Found[estates.LocalItem] {
	return postgres.Found[estates.LocalItem]{What: "local rule", Missing: estates.ErrNoRule, Scan: func(row pgx.CollectableRow) (estates.LocalItem, error) {
		var i estates.LocalItem
		var content ruleContent
		var adoption, ending ruleSigned
		err := row.Scan(&i.ID, &i.Version, &i.State, &i.Kind, &i.Division, &i.From, &i.Until, &i.Replaces, &content, &adoption, &ending, &i.PlaceZH, &i.PlaceEN, &i.Attached,
			&i.MayWrite, &i.TriedVersion, &i.TriedAt, &i.TriedBy)
		content.into(&i.LocalRule)
		i.Adoption, i.Ending = estates.Signed(adoption), estates.Signed(ending)
		return i, err
	}}
}

// MayMake reports whether w may make rules for the whole of the authority.
func (s *Rules) MayMake(ctx context.Context, w postgres.Writer) (bool, error) {
	err := s.db.Read(ctx, w, func(q postgres.Querier) error { return postgres.Require(ctx, q, w, mayRule, w.AdCode) })
	if errors.Is(err, postgres.ErrForbidden) {
		return false, nil
	}
	return err == nil, err
}

// List gives every local rule, the latest first.
func (s *Rules) List(ctx context.Context, w postgres.Writer) ([]estates.LocalItem, error) {
	var out []estates.LocalItem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = ruleItemRows().All(q.Query(ctx, ruleItems+` ORDER BY r.id DESC`, readerArgs(w)))
		return err
	})
	return out, err
}

// ByID gives one local rule. estates.ErrNoRule.
func (s *Rules) ByID(ctx context.Context, w postgres.Writer, id string) (estates.LocalItem, error) {
	if !postgres.IsID(id) {
		return estates.LocalItem{}, estates.ErrNoRule
	}
	var out estates.LocalItem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		args["id"] = id
		var err error
		out, err = ruleItemRows().One(q.Query(ctx, ruleItems+` AND r.id = @id`, args))
		return err
	})
	return out, err
}

// ruleHistory is what people are shown of a version of a local rule.
func ruleHistory() postgres.History {
	fields := []postgres.Field{
		{Name: "state", SQL: "state"},
		{Name: "kind", SQL: "kind"},
		{Name: "division", SQL: "division_code"},
		{Name: "from", SQL: "coalesce(first_day::text, '')"},
		{Name: "until", SQL: "coalesce(last_day::text, '')"},
		{Name: "replaces", SQL: "coalesce(replaces::text, '')"},
	}
	for _, name := range []string{
		"title_zh", "title_en", "form", "value", "upper", "strict", "tiers", "elements", "applies", "setting", "from_people", "waives", "severity", "grade",
		"sentence", "sentence_en", "source", "read_by", "read_on", "note",
	} {
		fields = append(fields, postgres.Field{Name: name, SQL: "definition->'" + name + "'"})
	}
	return postgres.History{Table: "estate_rule", Fields: append(fields, postgres.Field{Name: "adoption", SQL: "adoption"}, postgres.Field{Name: "ending", SQL: "ending"})}
}

// HistoryOf gives the versions of a local rule, the newest first, which needs the right to
// read history. estates.ErrNoRule.
func (s *Rules) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	if !postgres.IsID(id) {
		return nil, estates.ErrNoRule
	}
	var list []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, "history.read", ""); err != nil {
			return err
		}
		var err error
		list, err = ruleHistory().Versions(ctx, q, w.AdCode, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of local rule %s: %w", id, err)
	}
	if len(list) == 0 {
		return nil, estates.ErrNoRule
	}
	return list, nil
}

// TrialOf gives the latest trial of a rule. estates.ErrNoTrial.
func (s *Rules) TrialOf(ctx context.Context, w postgres.Writer, id string) (estates.KeptTrial, error) {
	if !postgres.IsID(id) {
		return estates.KeptTrial{}, estates.ErrNoTrial
	}
	var out estates.KeptTrial
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = keptTrial(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

func keptTrial(ctx context.Context, q postgres.Querier, adcode, id string) (estates.KeptTrial, error) {
	found := postgres.Found[estates.KeptTrial]{What: "trial", Missing: estates.ErrNoTrial, Scan: func(row pgx.CollectableRow) (estates.KeptTrial, error) {
		var k estates.KeptTrial
		var basis, result json.RawMessage
		if err := row.Scan(&k.Version, &k.At, &k.By, &basis, &result); err != nil {
			return k, err
		}
		if err := json.Unmarshal(basis, &k.Basis); err != nil {
			return k, err
		}
		return k, json.Unmarshal(result, &k.Trial)
	}}
	return found.One(q.Query(ctx, `SELECT rule_version, tried_at, tried_by, basis, result FROM estate_rule_trial WHERE adcode = @adcode AND rule_id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}
