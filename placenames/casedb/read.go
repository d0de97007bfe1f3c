package casedb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/placenames/process"
)

// ByID gives one case, or process.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (process.View, error) {
	var out process.View
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out.Dossier, err = one(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		n, err := present(ctx, q, w.AdCode, out.NameID)
		if err != nil {
			return err
		}
		if out.Papers, err = materials(ctx, q, w.AdCode, out.Dossier, n, nil); err != nil {
			return err
		}
		all, err := acting(ctx, q, w, []process.Dossier{out.Dossier}, wants)
		if err != nil {
			return err
		}
		out.Acting = all[out.ID]
		err = postgres.Require(ctx, q, w, mayWrite, out.Division)
		out.MayWrite = err == nil
		if errors.Is(err, postgres.ErrForbidden) {
			return nil
		}
		return err
	})
	return out, err
}

// List gives cases with where they stand, the latest number first.
func (s *Store) List(ctx context.Context, w postgres.Writer, f process.Filter) ([]process.Dossier, error) {
	if f.NameID != "" && !postgres.IsID(f.NameID) {
		return nil, nil
	}
	var out []process.Dossier
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		list, err := caseRows().All(q.Query(ctx, `SELECT `+columns+from+`
	AND (NOT @open OR c.ending = '') AND (NOT @ended OR c.ending <> '') AND (@act = '' OR c.act = @act) AND (@track = '' OR c.track = @track)
	AND (@class = '' OR c.class = @class) AND (@name = '' OR c.name_id::text = @name) AND (@within::text[] IS NULL OR c.division_code = ANY (@within))
	AND (@text = '' OR strpos(lower(concat_ws(' ', c.year || '-' || lpad(c.no::text, 3, '0'), c.text, p.text, c.proposed_text, c.applicant)), lower(@text)) > 0)
	AND (@year = 0 OR (c.year, c.no) < (@year, @no))
ORDER BY c.year DESC, c.no DESC LIMIT @limit`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "open": f.Open, "ended": f.Ended, "act": f.Act, "track": f.Track, "class": f.Class, "name": f.NameID, "within": f.Within,
			"text": f.Text, "year": f.BeforeYear, "no": f.BeforeNo, "limit": f.Limit,
		}))
		if err != nil {
			return err
		}
		out, err = whole(ctx, q, w.AdCode, list, false)
		return err
	})
	return out, err
}

// Open gives every case that has not ended, the oldest first, and for which offices the reader
// may act at their open steps. told gives the offices that an alarm of a case has come for:
// where the reader is of one, the case has an Acting without a step.
func (s *Store) Open(ctx context.Context, w postgres.Writer, told func(process.Dossier) []string) ([]process.View, error) {
	var out []process.View
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		list, err := caseRows().All(q.Query(ctx, `SELECT `+columns+from+` AND c.ending = '' ORDER BY c.year, c.no`, pgx.StrictNamedArgs{"adcode": w.AdCode}))
		if err == nil {
			list, err = whole(ctx, q, w.AdCode, list, false)
		}
		if err != nil {
			return err
		}
		may, err := acting(ctx, q, w, list, func(d process.Dossier) []process.Acting {
			out := wants(d)
			for _, office := range told(d) {
				out = append(out, process.Acting{Office: office, Kind: process.Done})
			}
			return out
		})
		for _, d := range list {
			out = append(out, process.View{Dossier: d, Acting: may[d.ID]})
		}
		return err
	})
	return out, err
}

// wants are the steps that somebody may take now, with whom for: the open ones, and what
// waits for corrections.
func wants(d process.Dossier) []process.Acting {
	var out []process.Acting
	r := d.Frozen.Rules
	open := map[string]bool{}
	for _, step := range r.OpenSteps(d.Standing) {
		open[step] = true
	}
	for _, st := range r.Steps {
		code := st.Code.Code
		waits := d.Standing.Pending != nil && d.Standing.Pending.Step == code
		if !open[code] && !waits {
			continue
		}
		kind := process.Done
		if waits {
			kind = process.Refused // what was not corrected may be refused
			out = append(out, process.Acting{Step: code, Office: "applicant", Kind: process.Corrected})
		}
		for _, o := range r.Offices(st, d.Class) {
			out = append(out, process.Acting{Step: code, Office: o, Kind: kind})
		}
		if st.Waivable && open[code] {
			out = append(out, process.Acting{Step: code, Office: "place_name_authority", Kind: process.Waived})
		}
	}
	if d.Standing.Ending == process.Open && len(d.Events) > 0 && !d.Decided() {
		out = append(out, process.Acting{Office: "applicant", Kind: process.Withdrawn})
	}
	return out
}

// acting asks the database, once for all cases, what of what they want the reader may do.
func acting(ctx context.Context, q postgres.Querier, w postgres.Writer, list []process.Dossier, wants func(process.Dossier) []process.Acting) (map[string][]process.Acting, error) {
	out := map[string][]process.Acting{}
	var of []string
	var all []process.Acting
	var divisions, tracks, kinds, steps, offices, locals []string
	for _, d := range list {
		for _, a := range wants(d) {
			of, all = append(of, d.ID), append(all, a)
			divisions, tracks, kinds = append(divisions, d.Division), append(tracks, d.Frozen.Rules.Code.Code), append(kinds, string(a.Kind))
			steps, offices, locals = append(steps, a.Step), append(offices, a.Office), append(locals, d.Frozen.Offices[a.Office])
		}
	}
	if len(all) == 0 {
		return out, nil
	}
	rows, err := q.Query(ctx, `
SELECT x.no::int, CASE WHEN @system THEN CASE WHEN x.office = 'applicant' THEN 'entered' ELSE 'own' END
	ELSE name_case_speaks(x.division, x.track, x.kind, x.step, x.office, x.local) END
FROM unnest(@divisions::text[], @tracks::text[], @kinds::text[], @steps::text[], @offices::text[], @locals::text[])
	WITH ORDINALITY AS x (division, track, kind, step, office, local, no)`, pgx.StrictNamedArgs{
		"system": w.Account == "", "divisions": divisions, "tracks": tracks, "kinds": kinds, "steps": steps, "offices": offices, "locals": locals,
	})
	if err == nil {
		var no int
		var as *string
		_, err = pgx.ForEachRow(rows, []any{&no, &as}, func() error {
			if as != nil {
				a := all[no-1]
				a.Entered = *as == "entered"
				out[of[no-1]] = append(out[of[no-1]], a)
			}
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("ask who may go on with cases: %w", err)
	}
	return out, nil
}
