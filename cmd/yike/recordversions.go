package main

import (
	"encoding/json"

	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
)

// recordVersions is a record's history as the API gives it.
func recordVersions(list []postgres.Version) []httpapi.RecordVersion {
	out := make([]httpapi.RecordVersion, len(list))
	for i, v := range list {
		out[i] = httpapi.RecordVersion{
			Version: v.Number, ValidFrom: dayOrNull(v.ValidFrom), ValidTo: dayOrNull(v.ValidTo), RecordedFrom: v.KnownFrom, RecordedTo: v.KnownTo,
			RecordDeed: recordDeed(v.Made), Fields: []httpapi.RecordField{},
		}
		if v.Removed != nil {
			d := recordDeed(*v.Removed)
			out[i].Removed = &d
		}
		for _, c := range v.Changes {
			out[i].Fields = append(out[i].Fields, httpapi.RecordField{Field: c.Name, Before: rawOrNothing(c.Before), After: c.After})
		}
	}
	return out
}

func recordDeed(d postgres.Deed) httpapi.RecordDeed {
	out := httpapi.RecordDeed{Who: d.Who, Why: d.Why, Change: d.Change, Action: d.Action}
	if d.From != "" {
		out.From = &d.From
	}
	if !d.At.IsZero() {
		out.At = &d.At
	}
	return out
}

func dayOrNull(d record.Day) *string {
	if d == "" {
		return nil
	}
	text := string(d)
	return &text
}

// rawOrNothing keeps a missing value from becoming null.
func rawOrNothing(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return raw
}
