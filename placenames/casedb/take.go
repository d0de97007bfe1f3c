package casedb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/process"
)

// Take records an event of a case of which the writer saw the version expected, and does to the
// record of the name what follows from it, in one transaction. shown are the materials that
// other records show; those that the case and its files show are found here. The office may be
// empty where only one can act, and the person where the writer does. It gives the event's id,
// the same for the same key. It returns process.ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError, a *postgres.ForbiddenError where the writer does not act for the office,
// and what postgres.WriteOnce does.
func (s *Store) Take(ctx context.Context, w postgres.Writer, id string, expected int, e process.Entry, shown []process.Shown, today record.Day) (string, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(e.Reason, "办理环节 / a step of a case: "+e.Step), func(tx *postgres.Tx) (string, error) {
		if !postgres.IsID(id) {
			return "", process.ErrNotFound
		}
		if err := alone(ctx, tx, w.AdCode+" "+id); err != nil {
			return "", err
		}
		d, err := one(ctx, tx, w.AdCode, id)
		if err != nil {
			return "", err
		}
		if d.Version != expected {
			return "", &postgres.StaleError{Current: d.Version}
		}
		n, err := present(ctx, tx, w.AdCode, d.NameID)
		if err != nil {
			return "", err
		}
		if err := s.complete(ctx, tx, d, n, &e, shown); err != nil {
			return "", err
		}
		after, faults := d.Frozen.Rules.Apply(d.Standing, e.Event)
		if e.Day > today {
			faults = append(faults, record.Fault{Field: "day", Value: string(e.Day), ZH: "不应晚于今天", EN: "must not be after today"})
		}
		if err := record.Invalid(faults); err != nil {
			return "", err
		}
		return s.record(ctx, tx, d, n, e, after, today)
	})
}

// complete fills in who acts, and what shows the materials.
func (s *Store) complete(ctx context.Context, tx *postgres.Tx, d process.Dossier, n placenames.Name, e *process.Entry, shown []process.Shown) error {
	r := d.Frozen.Rules
	if e.Kind == process.Corrected || e.Kind == process.Withdrawn {
		e.Office = "applicant"
	}
	var offices []string
	if i := slices.IndexFunc(r.Steps, func(st process.Step) bool { return st.Code.Code == e.Step }); i >= 0 {
		offices = r.Offices(r.Steps[i], d.Class)
	}
	if e.Kind != process.Done || !slices.ContainsFunc(r.Steps, func(st process.Step) bool { return st.Code.Code == e.Step && st.Verdict }) {
		e.Verdict = "" // only a step that gives an opinion has one
	}
	if e.Kind == process.Waived {
		offices = []string{"place_name_authority"}
	}
	if e.Office == "" && len(offices) > 0 {
		e.Office = offices[0]
		for _, o := range offices {
			as, err := speaks(ctx, tx, d, e.Kind, e.Step, o)
			if err != nil {
				return err
			}
			if as != "" {
				e.Office = o
				break
			}
		}
	}
	as, err := speaks(ctx, tx, d, e.Kind, e.Step, e.Office)
	if err != nil {
		return err
	}
	if as == "" {
		return &postgres.ForbiddenError{Action: rightOf(d, e.Event), Division: d.Division}
	}
	e.Entered = as == "entered"
	switch {
	case !e.Entered && (tx.Writer().Account != "" || e.Person == ""):
		e.Person = tx.Writer().Who
	case !e.Entered: // the system says who it was
	case e.Person == "" && e.Office == "applicant":
		e.Person = d.Applicant
	case e.Person == "":
		e.Person = d.OfficeName(s.book, e.Office).ZH
	}
	e.Papers, err = materials(ctx, tx, tx.Writer().AdCode, d, n, shown)
	if err != nil {
		return err
	}
	if e.Kind == process.Corrected {
		e.Papers = d.Newer(e.Papers)
	}
	e.Materials = nil
	for _, p := range e.Papers {
		if !slices.Contains(e.Materials, p.Material) {
			e.Materials = append(e.Materials, p.Material)
		}
	}
	return nil
}

// rightOf is the right that an event asks for, to tell whoever has it not.
func rightOf(d process.Dossier, e process.Event) string {
	switch {
	case e.Kind == process.Corrected || e.Kind == process.Withdrawn || e.Kind == process.Waived:
		return mayWrite
	case d.Frozen.Rules.Code.Code == "decide" && e.Step == "approval":
		return "placename.decide"
	case e.Office == "expert_group" || e.Office == "committee":
		return "placename.review"
	}
	return mayWrite
}

// speaks asks the database as what the writer may act for an office at a step: "own",
// "entered", or "" for not.
func speaks(ctx context.Context, q *postgres.Tx, d process.Dossier, kind process.Kind, step, office string) (string, error) {
	if q.Writer().Account == "" {
		if office == "applicant" {
			return "entered", nil
		}
		return "own", nil
	}
	var as *string
	err := q.QueryRow(ctx, `SELECT name_case_speaks(@division, @track, @kind, @step, @office, @local)`, pgx.StrictNamedArgs{
		"division": d.Division, "track": d.Frozen.Rules.Code.Code, "kind": string(kind), "step": step, "office": office, "local": d.Frozen.Offices[office],
	}).Scan(&as)
	if err != nil {
		return "", fmt.Errorf("ask who may act for %s: %w", office, err)
	}
	if as == nil {
		return "", nil
	}
	return *as, nil
}

// materials are what shows the materials of a case: the case itself, its files and what other
// records show.
func materials(ctx context.Context, q postgres.Querier, adcode string, d process.Dossier, n placenames.Name, shown []process.Shown) ([]process.Shown, error) {
	out := append(d.OwnMaterials(n), shown...)
	rows, err := q.Query(ctx, `
SELECT subject, id::text, title, lower(recorded) FROM attachment
WHERE adcode = @adcode AND owner_kind = 'name_case' AND owner_id = @id AND subject <> '' ORDER BY id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": d.ID})
	if err == nil {
		p := process.Shown{Kind: "attachment"}
		_, err = pgx.ForEachRow(rows, []any{&p.Material, &p.ID, &p.Title, &p.Added}, func() error {
			out = append(out, p)
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("look for the papers of a case: %w", err)
	}
	return out, nil
}

// record writes an event that is in order, and what it does to the record of the name.
func (s *Store) record(ctx context.Context, tx *postgres.Tx, d process.Dossier, n placenames.Name, e process.Entry, after process.Case, today record.Day) (string, error) {
	id, err := s.add(ctx, tx, d, e, after)
	if err != nil {
		return "", err
	}
	tx.Note(postgres.Note{Action: "name_case." + string(e.Kind), Kind: "name_case", ID: d.ID, Division: d.Division, After: map[string]any{
		"step": e.Step, "kind": e.Kind, "day": e.Day, "office": e.Office, "document": e.Document, "entered": e.Entered,
	}})
	deed, some := d.Deed(n, e.Event, d.OfficeName(s.book, e.Office).ZH, e.Title)
	if !some {
		return id, nil
	}
	// Who decides keeps no records: what the event does to one follows from the event, whose
	// right the database has asked for.
	return id, tx.Consequence(ctx, func(tx *postgres.Tx) error {
		if deed.Rename != nil {
			_, err := s.names.RenameIn(ctx, tx, n.ID, 0, placenamedb.Renaming{
				Text: deed.Rename.Text, Roman: deed.Rename.Roman, Parts: deed.Rename.Parts, Decision: deed.Move.Decision, Reason: cmp.Or(e.Reason, d.Reason),
			}, today)
			return err
		}
		_, err := s.names.MoveIn(ctx, tx, n.ID, 0, deed.Move, today)
		return err
	})
}

func (s *Store) add(ctx context.Context, tx *postgres.Tx, d process.Dossier, e process.Entry, after process.Case) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	papers, err := json.Marshal(append([]process.Shown{}, e.Papers...))
	if err != nil {
		return "", fmt.Errorf("encode the papers of a step: %w", err)
	}
	var v *vote
	if e.Vote != nil {
		of := vote(*e.Vote)
		v = &of
	}
	var checked any
	if len(e.Checked) > 0 {
		checked = e.Checked
	}
	_, err = tx.Exec(ctx, `
INSERT INTO name_case_event (adcode, id, case_id, no, kind, step, to_step, day, office, person, entered, reason, document, title, materials, missing, papers,
	verdict, vote, checked, ending, decided, recorded_by)
VALUES (@adcode, @id, @case, @no, @kind, @step, @to, @day, @office, @person, @entered, @reason, @document, @title, @materials, @missing, @papers,
	@verdict, @vote, @checked, @ending, @decided, @who)`, pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": id, "case": d.ID, "no": len(d.Events) + 1, "kind": string(e.Kind), "step": e.Step, "to": e.To, "day": dayOf(e.Day),
		"office": e.Office, "person": e.Person, "entered": e.Entered, "reason": e.Reason, "document": e.Document, "title": e.Title,
		"materials": append([]string{}, e.Materials...), "missing": append([]string{}, e.Missing...), "papers": papers, "verdict": string(e.Verdict),
		"vote": v, "checked": checked, "ending": string(after.Ending), "decided": after.Stands("approval"), "who": tx.Writer().Who,
	})
	if err != nil {
		return "", fmt.Errorf("record a step of a case: %w", err)
	}
	return id, nil
}
