package importjob

import (
	"context"
	"slices"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
)

// looked is what the registry has for a chunk of rows.
type looked struct {
	byID    map[string]facilities.Facility
	byKey   map[string][]facilities.Facility
	known   map[string][]string // ids by print, of earlier imports
	here    map[int]imports.Answer
	before  map[string]imports.Answer
	holders map[string]map[string]facilities.Facility // of codes that only one may have: by field and value
}

// byOf is the column that a key finds records by.
func byOf(k imports.Key) facilitydb.By {
	switch k {
	case imports.KeyID:
		return facilitydb.ByIDs
	case imports.KeyBureauNo:
		return facilitydb.ByBureauNo
	case imports.KeyInstitution:
		return facilitydb.ByInstitution
	case imports.KeyUSCC:
		return facilitydb.ByUSCC
	case imports.KeySource:
		return facilitydb.BySource
	}
	return facilitydb.ByName
}

func (s *Session) lookUp(ctx context.Context, tx *postgres.Tx, drafts []imports.Draft) (*looked, error) {
	adcode, key := tx.Writer().AdCode, s.batch.Options.Key
	var keys, prints []string
	numbers := make([]int, 0, len(drafts))
	for _, d := range drafts {
		numbers = append(numbers, d.Row)
		if imports.Faulty(d.Faults) {
			continue
		}
		if k := d.Key(key); k != "" {
			keys = append(keys, k)
		}
		prints = append(prints, d.Print())
	}
	l := &looked{byID: map[string]facilities.Facility{}, byKey: map[string][]facilities.Facility{}}
	var err error
	if l.here, l.before, err = importdb.Decisions(ctx, tx, adcode, s.batch.ID, numbers, prints); err != nil {
		return nil, err
	}
	if l.known, err = importdb.Known(ctx, tx, adcode, s.batch.ID, prints); err != nil {
		return nil, err
	}
	found, err := l.readHolders(ctx, tx, adcode, drafts)
	if err != nil {
		return nil, err
	}
	list, ok := found[key] // of keys that only one may have it was read just now
	if !ok {
		if list, err = facilitydb.Find(ctx, tx, adcode, byOf(key), keys); err != nil {
			return nil, err
		}
	}
	for _, f := range list {
		l.enter(key, f)
		l.byID[f.ID] = f
	}
	return l, l.readIDs(ctx, tx, adcode)
}

// readIDs reads the records that earlier imports or decisions name, and that were not read
// by their keys.
func (l *looked) readIDs(ctx context.Context, tx *postgres.Tx, adcode string) error {
	var ids []string
	for _, list := range l.known {
		ids = append(ids, list...)
	}
	for _, v := range l.here {
		ids = append(ids, v.Facility)
	}
	for _, v := range l.before {
		ids = append(ids, v.Facility)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool {
		_, read := l.byID[id]
		return read || id == ""
	})
	found, err := facilitydb.Find(ctx, tx, adcode, facilitydb.ByIDs, ids)
	for _, f := range found {
		l.byID[f.ID] = f
	}
	return err
}

// readHolders reads which records have the codes of the rows that only one may have, and
// gives them by the key that the code is.
func (l *looked) readHolders(ctx context.Context, tx *postgres.Tx, adcode string, drafts []imports.Draft) (map[imports.Key][]facilities.Facility, error) {
	l.holders = map[string]map[string]facilities.Facility{}
	all := map[imports.Key][]facilities.Facility{}
	for _, by := range ofOne() {
		field := by.Field()
		var values []string
		for _, d := range drafts {
			if v := d.Key(by); v != "" {
				values = append(values, v)
			}
		}
		found, err := facilitydb.Find(ctx, tx, adcode, byOf(by), values)
		if err != nil {
			return nil, err
		}
		all[by] = found
		l.holders[field] = map[string]facilities.Facility{}
		for _, f := range found {
			if !f.Tombstone() || by == imports.KeySource {
				l.holders[field][keyOf(by, f)] = f
			}
		}
	}
	return all, nil
}

// ofOne are the keys that only one record may have.
func ofOne() [3]imports.Key {
	return [...]imports.Key{imports.KeyBureauNo, imports.KeyInstitution, imports.KeySource}
}

// keyOf is what a record has for a key.
func keyOf(k imports.Key, f facilities.Facility) string {
	switch k {
	case imports.KeyID:
		return f.ID
	case imports.KeyBureauNo:
		return f.BureauNo
	case imports.KeyInstitution:
		return f.InstitutionCode
	case imports.KeyUSCC:
		return f.USCC
	case imports.KeySource:
		return f.SourceID
	}
	return f.NameZH
}

// enter puts a record where its key finds it. A tombstone is found only where no record
// that lives has the key.
func (l *looked) enter(k imports.Key, f facilities.Facility) {
	key := keyOf(k, f)
	list := l.byKey[key]
	switch {
	case len(list) == 0:
	case f.Tombstone() && !list[0].Tombstone():
		return
	case list[0].Tombstone() && !f.Tombstone():
		list = nil
	}
	l.byKey[key] = append(list, f)
}

// change puts a record as it is from now on in the place of what it was.
func (l *looked) change(k imports.Key, before, after facilities.Facility) {
	same := func(f facilities.Facility) bool { return f.ID == after.ID }
	if before.ID != "" {
		l.byKey[keyOf(k, before)] = slices.DeleteFunc(slices.Clone(l.byKey[keyOf(k, before)]), same)
	}
	if keyOf(k, after) != "" {
		l.enter(k, after)
	}
	l.byID[after.ID] = after
	for _, by := range ofOne() {
		field := by.Field()
		if was := keyOf(by, before); before.ID != "" && was != "" && was != keyOf(by, after) {
			delete(l.holders[field], was)
		}
		if is := keyOf(by, after); is != "" {
			l.holders[field][is] = after
		}
	}
}
