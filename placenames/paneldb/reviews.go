package paneldb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

const reviewQuery = `
SELECT r.id::text, r.case_id::text, r.round, r.asked_on::text, r.due::text, r.criteria, r.seed, r.conflict, r.conflict_reason, r.withdrawn,
	r.expert_id = name_expert_me(), o.review_id IS NOT NULL, o.scores, coalesce(o.verdict, ''), coalesce(o.text, ''), coalesce(o.risks, ''), coalesce(o.advice, ''),
	coalesce(o.day::text, ''), coalesce(o.document, ''), coalesce(o.recorded_by, ''), coalesce(o.own, false), ` + expertColumns + `
FROM name_review AS r
LEFT JOIN name_opinion AS o ON o.adcode = r.adcode AND o.review_id = r.id
LEFT JOIN name_expert AS e ON e.adcode = r.adcode AND e.id = r.expert_id
WHERE r.adcode = @adcode`

func reviewRows() postgres.Found[panel.Review] {
	return postgres.Found[panel.Review]{What: "review", Missing: panel.ErrNotFound, Scan: scanReview}
}

// scanReview reads a review; the expert is NULL where an expert sees that another was asked.
func scanReview(row pgx.CollectableRow) (panel.Review, error) {
	var r panel.Review
	var o panel.Opinion
	var id, name, unit, title, from, until, accountID, account, remark *string
	var version *int
	var retired *bool
	var mine *bool
	err := row.Scan(&r.ID, &r.CaseID, &r.Round, &r.AskedOn, &r.Due, &r.Criteria, &r.Seed, &r.Conflict, &r.ConflictReason, &r.Withdrawn,
		&mine, &r.Given, &o.Scores, &o.Verdict, &o.Text, &o.Risks, &o.Advice, &o.Day, &o.Document, &o.EnteredBy, &o.Own,
		&id, &version, &name, &r.Expert.Fields, &unit, &title, &from, &until, &accountID, &account, &retired, &remark)
	r.Mine = mine != nil && *mine
	if id != nil {
		r.Expert.ID, r.Expert.Name, r.Expert.Unit, r.Expert.Title = *id, *name, *unit, *title
		r.Expert.Account = *account
	}
	if r.Given {
		o.ID = r.ID
		r.Opinion = &o
	}
	return r, err
}

func reviewsOf(ctx context.Context, q postgres.Querier, adcode, caseID string) ([]panel.Review, error) {
	return reviewRows().All(q.Query(ctx, reviewQuery+` AND r.case_id = @case ORDER BY r.round, r.asked_on, e.name COLLATE yike_pinyin, r.id`,
		pgx.StrictNamedArgs{"adcode": adcode, "case": caseID}))
}

// Invite asks experts about the present round of a case. Who works for the applicant has a
// proposed conflict, and is not drawn. It gives the ids of the reviews, and returns
// panel.ErrNotFound, panel.ErrEnded, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Invite(ctx context.Context, w postgres.Writer, caseID string, in panel.Invitation, today record.Day) ([]string, error) {
	return postgres.WriteOnce(ctx, s.db, w, "征求专家意见 / ask experts", func(tx *postgres.Tx) ([]string, error) {
		m, err := keep(ctx, tx, caseID)
		if err != nil {
			return nil, err
		}
		rules, err := s.rulesOf(ctx, tx, w.AdCode)
		if err != nil {
			return nil, err
		}
		chosen, faults, err := choose(ctx, tx, m, in, today)
		if err != nil {
			return nil, err
		}
		if in.Due == "" {
			in.Due = panel.After(in.Day, rules.ReviewDays)
		}
		faults = append(faults, panel.Ask{Office: "-", AskedOn: in.Day, Due: in.Due}.Validate(today)...)
		if err := record.Invalid(faults); err != nil {
			return nil, err
		}
		var made []string
		for _, e := range chosen {
			id, err := invite(ctx, tx, m, rules, e, in)
			if err != nil {
				return nil, err
			}
			made = append(made, id)
		}
		tx.Note(note(m, "name_case.ask_experts", map[string]any{"experts": names(chosen), "due": in.Due, "round": m.Rounds.Experts}))
		return made, nil
	})
}

func names(list []panel.Expert) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.Name)
	}
	return out
}

// choose finds the experts of an invitation among those who serve and were not asked.
func choose(ctx context.Context, tx *postgres.Tx, m panel.Matter, in panel.Invitation, today record.Day) ([]panel.Expert, []record.Fault, error) {
	bank, err := experts(ctx, tx, tx.Writer().AdCode)
	if err != nil {
		return nil, nil, err
	}
	before, err := reviewsOf(ctx, tx, tx.Writer().AdCode, m.CaseID)
	if err != nil {
		return nil, nil, err
	}
	asked := func(id string) bool {
		return slices.ContainsFunc(before, func(r panel.Review) bool { return r.Round == m.Rounds.Experts && r.Expert.ID == id })
	}
	if len(in.Experts) == 0 {
		var free []panel.Expert
		for _, e := range bank {
			if e.Serving(today) && !asked(e.ID) && panel.ConflictOf(e.Unit, m.Applicant) == panel.NoConflict {
				free = append(free, e)
			}
		}
		drawn := panel.Draw(free, in.Fields, in.Draw, in.Seed)
		if in.Draw < 1 || len(drawn) < in.Draw {
			return nil, []record.Fault{{
				Field: "draw", Value: fmt.Sprint(in.Draw), ZH: fmt.Sprintf("可抽取的专家只有 %d 位", len(drawn)), EN: fmt.Sprintf("only %d experts can be drawn", len(drawn)),
			}}, nil
		}
		return drawn, nil, nil
	}
	var out []panel.Expert
	var faults []record.Fault
	for i, id := range in.Experts {
		field := fmt.Sprintf("experts/%d", i)
		at := slices.IndexFunc(bank, func(e panel.Expert) bool { return e.ID == id })
		switch {
		case at < 0:
			faults = append(faults, record.Fault{Field: field, Value: id, ZH: "专家库中没有此人", EN: "there is no such expert"})
		case !bank[at].Serving(today):
			faults = append(faults, record.Fault{Field: field, Value: bank[at].Name, ZH: "不在聘期内", EN: "does not serve now"})
		case asked(id) || slices.ContainsFunc(out, func(e panel.Expert) bool { return e.ID == id }):
			faults = append(faults, record.Fault{Field: field, Value: bank[at].Name, ZH: "本轮已征求过", EN: "was asked in this round already"})
		default:
			out = append(out, bank[at])
		}
	}
	return out, faults, nil
}

func invite(ctx context.Context, tx *postgres.Tx, m panel.Matter, rules panel.Rules, e panel.Expert, in panel.Invitation) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	criteria, err := json.Marshal(rules.Criteria)
	if err != nil {
		return "", fmt.Errorf("encode criteria: %w", err)
	}
	seed := ""
	if len(in.Experts) == 0 {
		seed = fmt.Sprintf("%016x", in.Seed)
	}
	conflict := panel.ConflictOf(e.Unit, m.Applicant)
	_, err = tx.Exec(ctx, `
INSERT INTO name_review (adcode, id, case_id, round, expert_id, asked_on, due, criteria, seed, conflict)
VALUES (@adcode, @id, @case, @round, @expert, @day, @due, @criteria, @seed, @conflict)`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": id, "case": m.CaseID, "round": m.Rounds.Experts, "expert": e.ID, "day": dayOf(in.Day), "due": dayOf(in.Due),
			"criteria": criteria, "seed": seed, "conflict": string(conflict),
		})
	if err != nil {
		return "", fmt.Errorf("ask an expert: %w", err)
	}
	return id, nil
}

// review gives one review with its case as the writer may see them.
func review(ctx context.Context, tx *postgres.Tx, caseID, id string) (panel.Matter, panel.Review, error) {
	if !postgres.IsID(id) {
		return panel.Matter{}, panel.Review{}, panel.ErrNotFound
	}
	m, err := matter(ctx, tx, tx.Writer(), caseID)
	if err != nil {
		return m, panel.Review{}, err
	}
	if err := alone(ctx, tx, "case "+caseID); err != nil {
		return m, panel.Review{}, err
	}
	r, err := reviewRows().One(tx.Query(ctx, reviewQuery+` AND r.case_id = @case AND r.id = @id`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "case": caseID, "id": id}))
	if err == nil && !m.Open {
		err = panel.ErrEnded
	}
	return m, r, err
}

// ownOrKept refuses whoever is neither the expert nor keeps the case.
func ownOrKept(m panel.Matter, mine bool, action string) error {
	if mine || m.MayKeep {
		return nil
	}
	return &postgres.ForbiddenError{Action: action, Division: m.Division}
}

// SetConflict says how an expert stands to the applicant. The expert declares a conflict; only
// who keeps the case clears one. It returns panel.ErrNotFound, panel.ErrEnded, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) SetConflict(ctx context.Context, w postgres.Writer, caseID, id string, c panel.Conflict, reason string) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, "利益关系："+reason+" / conflict of interest", func(tx *postgres.Tx) (string, error) {
		m, r, err := review(ctx, tx, caseID, id)
		if err != nil {
			return "", err
		}
		if err := ownOrKept(m, r.Mine && c == panel.Declared, mayKeep); err != nil {
			return "", err
		}
		var faults []record.Fault
		if c != panel.Declared && c != panel.Cleared {
			faults = append(faults, record.Fault{Field: "conflict", Value: string(c), ZH: "应为回避或无利益关系", EN: "must be declared or cleared"})
		}
		if reason == "" || len([]rune(reason)) > record.LongestReason {
			faults = append(faults, record.Fault{Field: "reason", ZH: "请写明理由，不超过 500 字", EN: "say why, in at most 500 characters"})
		}
		if err := record.Invalid(faults); err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `UPDATE name_review SET conflict = @conflict, conflict_reason = @reason WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "conflict": string(c), "reason": reason})
		if err != nil {
			return "", fmt.Errorf("record a conflict of interest: %w", err)
		}
		tx.Note(note(m, "name_case.conflict", map[string]any{"review": id, "conflict": c}))
		return "", nil
	})
	return err
}

// Dismiss asks an expert no more. It returns what SetConflict does.
func (s *Store) Dismiss(ctx context.Context, w postgres.Writer, caseID, id, reason string, today record.Day) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, why(record.Change{Reason: reason}), func(tx *postgres.Tx) (string, error) {
		m, err := keep(ctx, tx, caseID)
		if err != nil {
			return "", err
		}
		if _, _, err := review(ctx, tx, caseID, id); err != nil {
			return "", err
		}
		if _, faults := (record.Change{Reason: reason}).Check(today); len(faults) > 0 {
			return "", record.Invalid(faults)
		}
		_, err = tx.Exec(ctx, `UPDATE name_review SET withdrawn = @reason WHERE adcode = @adcode AND id = @id AND withdrawn = ''`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "reason": reason})
		if err != nil {
			return "", fmt.Errorf("ask an expert no more: %w", err)
		}
		tx.Note(note(m, "name_case.dismiss_expert", map[string]any{"review": id}))
		return "", nil
	})
	return err
}

// Opine gives the opinion on a review: as the expert, or, where it came on paper, as who keeps
// the case. It returns what SetConflict does.
func (s *Store) Opine(ctx context.Context, w postgres.Writer, caseID, id string, o panel.Opinion, today record.Day) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, "专家意见 / opinion of an expert", func(tx *postgres.Tx) (string, error) {
		m, r, err := review(ctx, tx, caseID, id)
		if err != nil {
			return "", err
		}
		if err := ownOrKept(m, r.Mine, mayReview); err != nil {
			return "", err
		}
		o.Own = r.Mine
		if err := record.Invalid(r.Check(o, today)); err != nil {
			return "", err
		}
		scores, err := json.Marshal(o.Scores)
		if err != nil {
			return "", fmt.Errorf("encode scores: %w", err)
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_opinion (adcode, review_id, scores, verdict, text, risks, advice, day, document, own, recorded_by)
VALUES (@adcode, @id, @scores, @verdict, @text, @risks, @advice, @day, @document, @own, @who)`,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "id": id, "scores": scores, "verdict": string(o.Verdict), "text": o.Text, "risks": o.Risks, "advice": o.Advice, "day": dayOf(o.Day),
				"document": o.Document, "own": o.Own, "who": w.Who,
			})
		if err != nil {
			return "", fmt.Errorf("keep an expert's opinion: %w", err)
		}
		tx.Note(note(m, "name_case.opinion", map[string]any{"review": id, "verdict": o.Verdict, "day": o.Day, "own": o.Own}))
		return "", nil
	})
	return err
}
