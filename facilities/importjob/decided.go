package importjob

import (
	"context"
	"maps"
	"slices"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/imports"
	"yike/facilities/likeness"
	"yike/facilities/likeness/likenessdb"
	"yike/internal/postgres"
)

// decided are the decisions that people made of pairs, as the rows of a file are held
// against them. A row has no id: it stands for the records that say what it says, those
// that were merged into others among them, and for itself where a decision names it by its
// fingerprint.
type decided struct {
	finder   *likeness.Finder
	verdicts likeness.Decided
	partners map[string][]string            // the other sides of a side's decisions
	records  map[string]facilities.Facility // that were decided on, as they are now, tombstones too
	prints   map[string]string              // their fingerprints
	saying   map[string][]string            // ids by fingerprint, sorted
}

// decisions reads what was decided of the records of an authority; nil where that is
// nothing.
func (s Surveyor) decisions(ctx context.Context, adcode string, finder *likeness.Finder) (*decided, error) {
	verdicts, err := likenessdb.New(s.DB).Decided(ctx, adcode)
	if err != nil {
		return nil, err
	}
	return newDecided(ctx, s.DB.Pool(), adcode, finder, verdicts)
}

func newDecided(ctx context.Context, q postgres.Querier, adcode string, finder *likeness.Finder, verdicts likeness.Decided) (*decided, error) {
	if len(verdicts) == 0 {
		return nil, nil //nolint:nilnil // nothing was decided
	}
	d := &decided{
		finder: finder, verdicts: verdicts, partners: map[string][]string{}, records: map[string]facilities.Facility{},
		prints: map[string]string{}, saying: map[string][]string{},
	}
	for pair := range verdicts {
		d.partners[pair[0]] = append(d.partners[pair[0]], pair[1])
		d.partners[pair[1]] = append(d.partners[pair[1]], pair[0])
	}
	return d, d.read(ctx, q, adcode, slices.DeleteFunc(slices.Collect(maps.Keys(d.partners)), likeness.IsRow))
}

// read reads records, and what took the place of those that are no more.
func (d *decided) read(ctx context.Context, q postgres.Querier, adcode string, ids []string) error {
	for len(ids) > 0 {
		list, err := facilitydb.Find(ctx, q, adcode, facilitydb.ByIDs, ids)
		if err != nil {
			return err
		}
		ids = nil
		for _, f := range list {
			d.learn(f)
			for _, next := range f.ReplacedBy {
				if _, known := d.records[next]; !known {
					ids = append(ids, next)
				}
			}
		}
	}
	return nil
}

// learn takes in what a record says from now on.
func (d *decided) learn(f facilities.Facility) {
	before, known := d.prints[f.ID]
	now := d.finder.Fingerprint(RecordOf(f))
	d.records[f.ID], d.prints[f.ID] = f, now
	if known && before == now {
		return
	}
	d.saying[before] = slices.DeleteFunc(d.saying[before], func(id string) bool { return id == f.ID })
	at, _ := slices.BinarySearch(d.saying[now], f.ID)
	d.saying[now] = slices.Insert(d.saying[now], at, f.ID)
}

// change is learn for a record that may be none of those that were decided on.
func (d *decided) change(f facilities.Facility) {
	if before, ok := d.records[f.ID]; ok {
		f.Version, f.ReplacedBy = before.Version, before.ReplacedBy
		d.learn(f)
	}
}

// living gives the record that a side stands for: itself, or the one that took its place.
// It is none for a row, for what was taken apart, and for what is gone.
func (d *decided) living(side string) (facilities.Facility, bool) {
	for range len(d.records) {
		f, ok := d.records[side]
		if !ok || !f.Tombstone() {
			return f, ok
		}
		if len(f.ReplacedBy) != 1 {
			break
		}
		side = f.ReplacedBy[0]
	}
	return facilities.Facility{}, false
}

// of gives what was decided of a new record: the records, by id, that it is of, and those
// that it is not of. What names the row itself goes before what it is held to say.
func (d *decided) of(r likeness.Record) (same, different map[string]bool) {
	same, different = map[string]bool{}, map[string]bool{}
	print := d.finder.Fingerprint(r)
	says := d.saying[print]
	for _, side := range append(slices.Clone(says), print) {
		for _, other := range d.partners[side] {
			f, ok := d.living(other)
			if !ok {
				continue
			}
			delete(same, f.ID)
			delete(different, f.ID)
			if d.verdicts.Of(side, other) == likeness.Different {
				// Of two that both say what the row says it is one, and nobody knows which.
				if likeness.IsRow(side) || !slices.Contains(says, f.ID) {
					different[f.ID] = true
				}
				continue
			}
			if itself, ok := d.living(side); ok {
				f = itself // of two records of one place, the one that says what the row says
			}
			same[f.ID] = true
		}
	}
	return same, different
}

// Same gives the record that people decided a new one to be of. Where that would be
// several it gives none: somebody has to look.
func (l *likenesses) Same(f facilities.Facility) (facilities.Facility, bool) {
	if l.decided == nil {
		return facilities.Facility{}, false
	}
	same, _ := l.decided.of(RecordOf(f))
	for id := range same {
		return l.decided.records[id], len(same) == 1
	}
	return facilities.Facility{}, false
}

// apart are the pairs that a person's word on a row decides: it is another place than the
// records that it is like, so nobody need ask of them in the list of duplicates either.
func (s *Session) apart(asked imports.Situation, done imports.Decision) []likeness.Decision {
	if asked.Decided != imports.VerdictAs || asked.Alike == nil {
		return nil
	}
	var out []likeness.Decision
	for _, a := range asked.Alike(done.After) {
		if a.Facility != "" { // an earlier row is not yet known by its record
			out = append(out, likeness.Decision{A: done.Facility, B: a.Facility, Verdict: likeness.Different, Reason: why(s.batch)})
		}
	}
	return out
}

// keepApart keeps such pairs, once their records are there.
func (s *Session) keepApart(ctx context.Context, tx *postgres.Tx, list []likeness.Decision) error {
	for _, d := range list {
		if _, err := likenessdb.DecideIn(ctx, tx, d, s.today); err != nil {
			return err
		}
	}
	return nil
}

// apart are the records, by id, that people decided a new one not to be of.
func (l *likenesses) apart(r likeness.Record) map[string]bool {
	if l.decided == nil {
		return nil
	}
	_, different := l.decided.of(r)
	return different
}
