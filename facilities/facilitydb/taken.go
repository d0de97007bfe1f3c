package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// taken gives the faults of codes of f that another live record has already, and names
// the record. One that the writer may not see is left for the index to find.
func taken(ctx context.Context, q postgres.Querier, adcode string, f facilities.Facility) ([]record.Fault, error) {
	if f.BureauNo == "" && f.InstitutionCode == "" {
		return nil, nil
	}
	rows, err := q.Query(ctx, `
SELECT name_zh, bureau_no, institution_code FROM facility
WHERE adcode = @adcode AND id::text <> @id AND replaced_by = '{}'
	AND (bureau_no = @bureau_no AND bureau_no <> '' OR institution_code = @institution_code AND institution_code <> '')
ORDER BY id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": f.ID, "bureau_no": f.BureauNo, "institution_code": f.InstitutionCode})
	if err != nil {
		return nil, fmt.Errorf("look for records of the same code: %w", err)
	}
	var out []record.Fault
	var name, bureauNo, institutionCode string
	_, err = pgx.ForEachRow(rows, []any{&name, &bureauNo, &institutionCode}, func() error {
		zh, en := fmt.Sprintf("已用于“%s”", name), fmt.Sprintf("is that of %q already", name)
		if bureauNo != "" && bureauNo == f.BureauNo {
			out = append(out, record.Fault{Field: "bureau_no", Value: bureauNo, ZH: zh, EN: en})
		}
		if institutionCode != "" && institutionCode == f.InstitutionCode {
			out = append(out, record.Fault{Field: "institution_code", Value: institutionCode, ZH: zh, EN: en})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for records of the same code: %w", err)
	}
	return out, nil
}

// codeTaken makes the index's refusal of a code the fault that it is: the other record
// came at the same moment, or is one that the writer may not see.
func codeTaken(err error, f facilities.Facility) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "23505" {
		return err
	}
	const zh, en = "已用于另一条记录", "is that of another record already"
	switch refused.ConstraintName {
	case "facility_bureau_no":
		return record.Invalid([]record.Fault{{Field: "bureau_no", Value: f.BureauNo, ZH: zh, EN: en}})
	case "facility_institution_code":
		return record.Invalid([]record.Fault{{Field: "institution_code", Value: f.InstitutionCode, ZH: zh, EN: en}})
	}
	return err
}
