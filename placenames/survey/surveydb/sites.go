package surveydb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/placenames/survey"
)

// Sites gives of cases what somebody needs at the place, by the ids of the cases; one that is
// not there, or that the writer may not see, is left out.
func (s *Store) Sites(ctx context.Context, w postgres.Writer, caseIDs []string) (map[string]survey.Site, error) {
	out := map[string]survey.Site{}
	ids := make([]string, 0, len(caseIDs))
	for _, id := range caseIDs {
		if postgres.IsID(id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT c.id::text, c.year || '-' || lpad(c.no::text, 3, '0'), c.act, c.text, c.proposed_text, c.kind, c.division_code, c.reason, c.ending <> '', n.extent, n.size, n.geom,
	(SELECT count(*) FROM name_visit AS v WHERE v.adcode = c.adcode AND v.case_id = c.id)
FROM name_case AS c JOIN place_name AS n ON n.adcode = c.adcode AND n.id = c.name_id
WHERE c.adcode = @adcode AND c.id = ANY (@ids::uuid[])`, pgx.StrictNamedArgs{"adcode": w.AdCode, "ids": ids})
		if err != nil {
			return fmt.Errorf("list the places of cases: %w", err)
		}
		list, err := pgx.CollectRows(rows, scanSite)
		for _, x := range list {
			out[x.CaseID] = x
		}
		return err
	})
	return out, err
}

func scanSite(row pgx.CollectableRow) (survey.Site, error) {
	var x survey.Site
	err := row.Scan(&x.CaseID, &x.Number, &x.Act, &x.Text, &x.NewText, &x.Kind, &x.Division, &x.Reason, &x.Ended, &x.Extent, &x.Size, &x.Geometry, &x.Visits)
	return x, err
}
