package doordb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/placenames/plates/doors"
)

// mostMisses bounds what one call stores: who guesses codes by the thousand fills no table.
const mostMisses = 5000

// AddMisses adds to how often codes of nobody were asked for, the most asked for first, and forgets
// what is older than hours before the latest.
func (s *Store) AddMisses(ctx context.Context, adcode string, misses []doors.Miss, now, hours int64) error {
	misses = misses[:min(len(misses), mostMisses)]
	if len(misses) == 0 {
		return nil
	}
	codes, at, scans := make([]string, len(misses)), make([]int64, len(misses)), make([]int32, len(misses))
	for i, m := range misses {
		codes[i], at[i], scans[i] = m.Code, m.Hour, int32(min(m.Scans, 1_000_000))
	}
	return s.db.Write(ctx, postgres.System(adcode, "yike"), "未知门牌编码计数 / count unknown plate codes", func(tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `
INSERT INTO door_miss AS m (adcode, code, hour, scans)
SELECT @adcode, n.code, n.hour, n.scans FROM unnest(@codes::text[], @hours::bigint[], @scans::int[]) AS n(code, hour, scans) WHERE n.code ~ '^[0-9A-Z]{14}$'
ON CONFLICT (adcode, hour, code) DO UPDATE SET scans = least(m.scans + excluded.scans, 1000000)`,
			pgx.StrictNamedArgs{"adcode": adcode, "codes": codes, "hours": at, "scans": scans})
		if err != nil {
			return fmt.Errorf("count unknown codes: %w", err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM door_miss WHERE adcode = @adcode AND hour < @before`, pgx.StrictNamedArgs{"adcode": adcode, "before": now - hours}); err != nil {
			return fmt.Errorf("forget old unknown codes: %w", err)
		}
		tx.Note(postgres.Note{Action: "door_miss.count", Kind: "door_miss", After: map[string]any{"codes": len(misses)}})
		return nil
	})
}

// Alarms gives what looks like fakes in the hours before now to those who keep plates: codes of
// nobody that were asked for again and again, and plates that people suspect, where they keep them.
func (s *Store) Alarms(ctx context.Context, w postgres.Writer, now int64, rule doors.AlarmRule) ([]doors.Alarm, error) {
	var misses []doors.Miss
	var suspected []doors.Suspicion
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, mayKeep, ""); err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "since": now - rule.Window}
		var err error
		// One that was asked for in fewer hours than the rule wants needs no look.
		misses, err = postgres.Found[doors.Miss]{What: "unknown code", Scan: func(row pgx.CollectableRow) (doors.Miss, error) {
			var m doors.Miss
			err := row.Scan(&m.Code, &m.Hour, &m.Scans)
			return m, err
		}}.All(q.Query(ctx, `
SELECT m.code, m.hour, m.scans FROM door_miss AS m WHERE m.adcode = @adcode AND m.hour > @since
	AND m.code IN (SELECT k.code FROM door_miss AS k WHERE k.adcode = @adcode AND k.hour > @since GROUP BY k.code HAVING count(*) >= @hours)`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "since": now - rule.Window, "hours": rule.Hours}))
		if err != nil {
			return err
		}
		suspected, err = postgres.Found[doors.Suspicion]{What: "suspected plate", Scan: func(row pgx.CollectableRow) (doors.Suspicion, error) {
			var d doors.Suspicion
			err := row.Scan(&d.Code, &d.Division, &d.Hour, &d.Reports, &d.Real)
			return d, err
		}}.All(q.Query(ctx, `
SELECT r.code, CASE WHEN r.known THEN r.division_code ELSE '' END, r.hour, 1, r.known FROM door_report AS r
LEFT JOIN door_report AS h ON h.adcode = r.adcode AND h.id = r.head_id
WHERE r.adcode = @adcode AND r.hour > @since AND r.problem IN ('covered', 'fake') AND coalesce(h.state, r.state) <> 'declined'`, args))
		return err
	})
	if err != nil {
		return nil, err
	}
	return doors.Alarms(misses, suspected, now, rule), nil
}
