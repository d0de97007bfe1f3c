package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/record"
)

// RecordVersions is the history of a record as every API of records gives it.
type RecordVersions struct {
	Versions []RecordVersion `json:"versions" nullable:"false" doc:"Newest first"`
}

// RecordHistory is the answer of a record's history.
type RecordHistory struct {
	CacheControl string `header:"Cache-Control"`
	Body         RecordVersions
}

// HistoryOf answers with the versions of a record, the newest first.
func HistoryOf(list []RecordVersion) *RecordHistory {
	return &RecordHistory{CacheControl: "no-store", Body: RecordVersions{Versions: list}}
}

// RecordReply is the answer with a record: its entity tag, after a creation where it is, and
// the word that no cache keeps it.
type RecordReply[B any] struct {
	ETag         string `header:"ETag"`
	Location     string `header:"Location"`
	CacheControl string `header:"Cache-Control"`
	Body         B
}

// ReplyWith answers with a record of a version.
func ReplyWith[B any](version int, body B) *RecordReply[B] {
	return &RecordReply[B]{ETag: ETag(version), CacheControl: "no-store", Body: body}
}

// RecordEntry is what a person says of entering a record.
type RecordEntry struct {
	Reason    string `json:"reason" maxLength:"500" doc:"Why it is entered"`
	ValidFrom string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so, today at the latest; today when left out"`
}

// Change is the entry as stores take it.
func (e RecordEntry) Change() record.Change {
	return record.Change{Reason: e.Reason, ValidFrom: record.Day(e.ValidFrom)}
}

// RecordRevision is what a person says of changing a record.
type RecordRevision struct {
	Reason     string `json:"reason" maxLength:"500" doc:"Why it is changed"`
	ValidFrom  string `json:"valid_from,omitempty" format:"date" doc:"First day on which it is so: not before that of the present version, today at the latest; today when left out"`
	Correction bool   `json:"correction,omitempty" doc:"It was so all along: the present version was wrong from its first day"`
}

// Change is the revision as stores take it.
func (r RecordRevision) Change() record.Change {
	return record.Change{Reason: r.Reason, ValidFrom: record.Day(r.ValidFrom), Correction: r.Correction}
}

// RecordRemoval asks to take a record out of which a version was seen.
type RecordRemoval struct {
	ID      string `path:"id" maxLength:"64"`
	Reason  string `query:"reason" maxLength:"500" doc:"Why it is removed; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
}

// Remove takes the record out by remove, whose errors problem tells; 204 when it is gone.
func (r *RecordRemoval) Remove(ctx context.Context, remove func(ctx context.Context, id string, expected int, reason string) error, problem func(error) error) (*struct{}, error) {
	expected, fault := IfMatch(r.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := remove(ctx, r.ID, expected, r.Reason); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // 204 has no content
}

// RecordVersion is what a record was.
type RecordVersion struct {
	Version      int        `json:"version"`
	ValidFrom    *string    `json:"valid_from" nullable:"true" doc:"First day for which it holds, by what is, or was last, believed; null without a beginning" example:"2026-11-27"`
	ValidTo      *string    `json:"valid_to" nullable:"true" doc:"First day for which it no longer holds; null without an end"`
	RecordedFrom time.Time  `json:"recorded_from" doc:"Since when it is known"`
	RecordedTo   *time.Time `json:"recorded_to" nullable:"true" doc:"Since when it is believed for no day any more; null while it is"`
	RecordDeed
	Removed *RecordDeed   `json:"removed,omitempty" doc:"Who removed the record, where this was its last version"`
	Fields  []RecordField `json:"fields" nullable:"false" doc:"What it has otherwise than the version before it"`
}

// RecordDeed is who did something to a record, and why. What was there before history began
// was made by nobody.
type RecordDeed struct {
	Who    string     `json:"who"`
	Why    string     `json:"why"`
	From   *string    `json:"from,omitempty" doc:"Address of the client, for those who may read the audit log"`
	At     *time.Time `json:"at" nullable:"true"`
	Change string     `json:"change" doc:"Id of the entry in the audit log"`
	Action string     `json:"action" example:"facility.update"`
}

// RecordField is one field of a version.
type RecordField struct {
	Field  string `json:"field"`
	Before any    `json:"before,omitempty" doc:"Not there in the first version"`
	After  any    `json:"after"`
}

// TransformSchema lets both values be null, which documents of OpenAPI 3.0 must say.
func (RecordField) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for _, name := range []string{"before", "after"} {
		s.Properties[name].Extensions = map[string]any{"nullable": true}
	}
	return s
}

// InvalidRecord is the 422 problem of what a person wrote of a record, with a place at
// fault for each fault; false when err is none.
func InvalidRecord(err error) (*Problem, bool) {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return nil, false
	}
	p := NewProblem(http.StatusUnprocessableEntity, "validation", "所填内容不合要求，见 errors", "Some of what was written cannot be taken; see errors")
	for _, f := range invalid.Faults {
		p.Faults = append(p.Faults, Fault{Pointer: "#/" + strings.ReplaceAll(f.Field, ".", "/"), Value: f.Value, Reason: Text{ZH: f.ZH, EN: f.EN}})
	}
	return p, true
}

// NullFields are the faults of a patch that has null somewhere. A merge patch takes null
// for "remove", and a record has every field always: one is emptied by its empty value.
func NullFields(patch []byte) []record.Fault {
	var given map[string]json.RawMessage
	if json.Unmarshal(patch, &given) != nil {
		return nil // whoever decodes it says so
	}
	var faults []record.Fault
	for _, field := range slices.Sorted(maps.Keys(given)) {
		if string(given[field]) == "null" {
			faults = append(faults, record.Fault{Field: field, Value: "null", ZH: "不能为 null；清空请给空值", EN: "must not be null; give an empty value to empty it"})
		}
	}
	return faults
}
