package paneldb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

const noticeQuery = `
SELECT n.id::text, n.version, n.year, n.no, n.case_id::text, n.round, n.act, n.name, n.roman, n.kind, n.former, n.extent, n.meaning, n.text, n.contact, n.sketch,
	n.opens::text, n.closes::text, n.withdrawn
FROM name_notice AS n WHERE n.adcode = @adcode`

func noticeRows() postgres.Found[panel.Notice] {
	return postgres.Found[panel.Notice]{What: "notice", Missing: panel.ErrNotFound, Scan: func(row pgx.CollectableRow) (panel.Notice, error) {
		var n panel.Notice
		var year, no int
		err := row.Scan(&n.ID, &n.Version, &year, &no, &n.CaseID, &n.Round, &n.Act, &n.Name, &n.Roman, &n.Kind, &n.Former, &n.Extent, &n.Meaning, &n.Text, &n.Contact,
			&n.Sketch, &n.Opens, &n.Closes, &n.Withdrawn)
		n.Number = fmt.Sprintf("%d-%03d", year, no)
		return n, err
	}}
}

func noticesOf(ctx context.Context, q postgres.Querier, adcode, caseID string) ([]panel.Notice, error) {
	return noticeRows().All(q.Query(ctx, noticeQuery+` AND n.case_id = @case ORDER BY n.year, n.no`, pgx.StrictNamedArgs{"adcode": adcode, "case": caseID}))
}

// Publish makes a public notice of a case, whose name, kind and drawing are those of the case
// as it is. The number is the next of the year of its first day, without a gap. It gives the
// notice, and returns panel.ErrNotFound, panel.ErrEnded, a *record.InvalidError and what
// postgres.WriteOnce does.
func (s *Store) Publish(ctx context.Context, w postgres.Writer, caseID string, n panel.Notice, today record.Day) (panel.Notice, error) {
	return postgres.WriteOnce(ctx, s.db, w, "发布公示："+n.Text+" / publish a notice", func(tx *postgres.Tx) (panel.Notice, error) {
		m, err := keep(ctx, tx, caseID)
		if err != nil {
			return n, err
		}
		rules, err := s.rulesOf(ctx, tx, w.AdCode)
		if err != nil {
			return n, err
		}
		n.CaseID, n.Round, n.Act, n.Name, n.Roman, n.Kind, n.Former = caseID, m.Rounds.Consultation, m.Act, m.Name, m.Roman, m.Kind, m.Former
		if err := record.Invalid(n.Validate(rules, today)); err != nil {
			return n, err
		}
		if n.Sketch, err = sketch(ctx, tx, m.Place); err != nil {
			return n, err
		}
		if err := insertNotice(ctx, tx, &n); err != nil {
			return n, err
		}
		tx.Note(note(m, "name_case.publish", map[string]any{"notice": n.Number, "opens": n.Opens, "closes": n.Closes}))
		return n, nil
	})
}

func insertNotice(ctx context.Context, tx *postgres.Tx, n *panel.Notice) error {
	if err := alone(ctx, tx, "notices"); err != nil {
		return err
	}
	drawn, err := json.Marshal(n.Sketch)
	if err != nil {
		return fmt.Errorf("encode the sketch of a notice: %w", err)
	}
	if n.ID, err = newID(); err != nil {
		return err
	}
	year, no := n.Opens.Year(), 0
	err = tx.QueryRow(ctx, `
INSERT INTO name_notice (adcode, id, year, no, case_id, round, act, name, roman, kind, former, extent, meaning, text, contact, sketch, opens, closes)
SELECT @adcode, @id, @year, coalesce(max(o.no), 0) + 1, @case, @round, @act, @name, @roman, @kind, @former, @extent, @meaning, @text, @contact, @sketch, @opens, @closes
FROM name_notice AS o WHERE o.adcode = @adcode AND o.year = @year RETURNING no`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": n.ID, "year": year, "case": n.CaseID, "round": n.Round, "act": n.Act, "name": n.Name, "roman": n.Roman, "kind": n.Kind,
			"former": n.Former, "extent": n.Extent, "meaning": n.Meaning, "text": n.Text, "contact": n.Contact, "sketch": drawn, "opens": dayOf(n.Opens), "closes": dayOf(n.Closes),
		}).Scan(&no)
	if err != nil {
		return fmt.Errorf("publish a notice: %w", err)
	}
	n.Number, n.Version = fmt.Sprintf("%d-%03d", year, no), 1
	return nil
}

// sketch draws a place with the roads around it, the broad ones first.
func sketch(ctx context.Context, q postgres.Querier, place orb.Geometry) (panel.Sketch, error) {
	if place == nil {
		return panel.Sketch{}, nil
	}
	b := place.Bound()
	const least = 0.003
	b = b.Pad(max(least, (b.Max.Lon()-b.Min.Lon())/2, (b.Max.Lat()-b.Min.Lat())/2))
	rows, err := q.Query(ctx, `
SELECT name, geom FROM road WHERE geom && ST_MakeEnvelope(@west, @south, @east, @north, 4326)
ORDER BY coalesce(array_position(ARRAY['motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'unclassified', 'residential'], class), 99), name = '', id LIMIT 60`,
		pgx.StrictNamedArgs{"west": b.Min.Lon(), "south": b.Min.Lat(), "east": b.Max.Lon(), "north": b.Max.Lat()})
	if err != nil {
		return panel.Sketch{}, fmt.Errorf("look for roads around a place: %w", err)
	}
	roads, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (panel.Road, error) {
		var r panel.Road
		err := row.Scan(&r.Name, &r.Line)
		return r, err
	})
	if err != nil {
		return panel.Sketch{}, fmt.Errorf("read roads around a place: %w", err)
	}
	return panel.DrawSketch(place, roads), nil
}

// ChangeNotice moves the last day of a notice that the writer saw in a version, or withdraws it;
// "" leaves either as it is. What it said stays. It returns panel.ErrNotFound, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) ChangeNotice(ctx context.Context, w postgres.Writer, id string, expected int, closes record.Day, withdrawn string, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayKeep, ""); err != nil {
			return err
		}
		if !postgres.IsID(id) {
			return panel.ErrNotFound
		}
		n, err := noticeRows().One(tx.Query(ctx, noticeQuery+` AND n.id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return err
		}
		m, err := keep(ctx, tx, n.CaseID)
		if err != nil {
			return err
		}
		if n.Version != expected {
			return &postgres.StaleError{Current: n.Version}
		}
		_, faults := c.Check(today)
		switch state := n.State(today); {
		case state == panel.TakenOff:
			faults = append(faults, record.Fault{Field: "withdrawn", ZH: "公示已经撤回", EN: "the notice was withdrawn already"})
		case closes != "" && (state == panel.Closed || closes <= n.Closes):
			faults = append(faults, record.Fault{Field: "closes", Value: string(closes), ZH: "公示期只能在结束前延长", EN: "a notice is only prolonged, and before it is over"})
		}
		if err := record.Invalid(faults); err != nil {
			return err
		}
		if closes == "" {
			closes = n.Closes
		}
		_, err = tx.Exec(ctx, `UPDATE name_notice SET closes = @closes, withdrawn = @withdrawn WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "closes": dayOf(closes), "withdrawn": withdrawn})
		if err != nil {
			return fmt.Errorf("change a notice: %w", err)
		}
		tx.Note(note(m, "name_case.notice", map[string]any{"notice": n.Number, "closes": closes, "withdrawn": withdrawn}))
		return nil
	})
}

// Published gives every notice of an authority, the latest first, for everybody.
func (s *Store) Published(ctx context.Context, adcode string) ([]panel.Notice, error) {
	const most = 2000
	var out []panel.Notice
	err := s.db.Read(ctx, postgres.System(adcode, publicWriter), func(q postgres.Querier) error {
		var err error
		out, err = noticeRows().All(q.Query(ctx, noticeQuery+` ORDER BY n.year DESC, n.no DESC LIMIT @most`, pgx.StrictNamedArgs{"adcode": adcode, "most": most}))
		return err
	})
	return out, err
}

// publicWriter is whom the log names for what somebody of the public did.
const publicWriter = "公众 / the public"

// ByNumber gives a notice by its number, for everybody, or panel.ErrNotFound.
func (s *Store) ByNumber(ctx context.Context, adcode, number string) (panel.Notice, error) {
	var out panel.Notice
	year, no, ok := readNumber(number)
	if !ok {
		return out, panel.ErrNotFound
	}
	err := s.db.Read(ctx, postgres.System(adcode, publicWriter), func(q postgres.Querier) error {
		var err error
		out, err = noticeRows().One(q.Query(ctx, noticeQuery+` AND n.year = @year AND n.no = @no`, pgx.StrictNamedArgs{"adcode": adcode, "year": year, "no": no}))
		return err
	})
	return out, err
}

func readNumber(number string) (year, no int, ok bool) {
	found := regexp.MustCompile(`^([0-9]{4})-([0-9]{3,6})$`).FindStringSubmatch(number)
	if found == nil {
		return 0, 0, false
	}
	year, errYear := strconv.Atoi(found[1])
	no, errNo := strconv.Atoi(found[2])
	return year, no, errors.Join(errYear, errNo) == nil
}
