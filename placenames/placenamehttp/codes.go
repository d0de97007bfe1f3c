package placenamehttp

import (
	"context"

	"yike/internal/httpapi"
	"yike/placenames"
)

// PlaceNameCode is a code word of a list with what people call it.
type PlaceNameCode struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// PlaceNameKind is a kind of places within a class.
type PlaceNameKind struct {
	PlaceNameCode
	Scope      string   `json:"scope" doc:"Within which a name must be the only one"`
	Geometries []string `json:"geometries" nullable:"false" doc:"point, line, area; the usual one first"`
	Generics   []string `json:"generics" nullable:"false" doc:"通名 that are known of it; none is forbidden that is not here"`
}

// PlaceNameClass is one of the eight classes of article 3 of the regulations.
type PlaceNameClass struct {
	PlaceNameCode
	Item      string          `json:"item" doc:"Of article 3" example:"（五）"`
	Scope     string          `json:"scope"`
	ScopeIf   string          `json:"scope_if" doc:"famous: only then it has the scope; empty for always"`
	Approvers []string        `json:"approvers" nullable:"false" doc:"Who may decide, by article 12"`
	Kinds     []PlaceNameKind `json:"kinds" nullable:"false"`
}

// PlaceNameState is a state of a record.
type PlaceNameState struct {
	PlaceNameCode
	Begins bool     `json:"begins" doc:"A record may begin so"`
	InUse  bool     `json:"in_use"`
	Ended  bool     `json:"ended"`
	Next   []string `json:"next" nullable:"false"`
}

// PlaceNameStep is a step from one state to another with what it needs.
type PlaceNameStep struct {
	From      string   `json:"from"`
	To        string   `json:"to"`
	Decisions []string `json:"decisions" nullable:"false" doc:"A document of one of these kinds is needed; none where it is not"`
	Successor bool     `json:"successor" doc:"The record that has its place must be named"`
}

// PlaceNameMeasure is a size of a place with its unit.
type PlaceNameMeasure struct {
	PlaceNameCode
	Unit string `json:"unit" doc:"m, m2, floors or percent"`
}

// PlaceNameCodes are all the lists.
type PlaceNameCodes struct {
	SourceZH   string             `json:"source_zh"`
	SourceEN   string             `json:"source_en"`
	Classes    []PlaceNameClass   `json:"classes" nullable:"false"`
	Scopes     []PlaceNameCode    `json:"scopes" nullable:"false"`
	Geometries []PlaceNameCode    `json:"geometries" nullable:"false"`
	Approvers  []PlaceNameCode    `json:"approvers" nullable:"false"`
	States     []PlaceNameState   `json:"states" nullable:"false"`
	Steps      []PlaceNameStep    `json:"steps" nullable:"false"`
	Decisions  []PlaceNameCode    `json:"decisions" nullable:"false"`
	Aliases    []PlaceNameCode    `json:"aliases" nullable:"false"`
	Sizes      []PlaceNameMeasure `json:"sizes" nullable:"false"`
}

func (h handlers) codes(_ context.Context, in *struct{ httpapi.Conditional }) (*httpapi.Reply[PlaceNameCodes], error) {
	const version = `"place-name-codes-1"` // to be raised with the lists
	return httpapi.ReplyUnlessHeld(in.Conditional, version, func() (*PlaceNameCodes, error) {
		c := h.catalogue
		out := &PlaceNameCodes{
			SourceZH: c.SourceZH, SourceEN: c.SourceEN, Scopes: codesOf(c.Scopes), Geometries: codesOf(c.Geometries), Approvers: codesOf(c.Approvers),
			Decisions: codesOf(placenames.DecisionKinds()), Aliases: codesOf(placenames.AliasKinds()),
		}
		for _, class := range c.Classes {
			of := PlaceNameClass{PlaceNameCode: PlaceNameCode(class.Code), Item: class.Item, Scope: class.Scope, ScopeIf: class.ScopeIf, Approvers: class.Approvers}
			for _, k := range class.Kinds {
				scope := k.Scope
				if scope == "" {
					scope = class.Scope
				}
				of.Kinds = append(of.Kinds, PlaceNameKind{PlaceNameCode(k.Code), scope, k.Geometries, append([]string{}, k.Generics...)})
			}
			out.Classes = append(out.Classes, of)
		}
		for _, code := range placenames.States() {
			s := placenames.State(code.Code)
			out.States = append(out.States, stateOf(code, s))
		}
		for _, t := range placenames.Transitions() {
			step := PlaceNameStep{From: string(t.From), To: string(t.To), Decisions: []string{}, Successor: t.Successor}
			for _, d := range t.Decisions {
				step.Decisions = append(step.Decisions, string(d))
			}
			out.Steps = append(out.Steps, step)
		}
		for _, m := range placenames.Measures() {
			out.Sizes = append(out.Sizes, PlaceNameMeasure{PlaceNameCode(m.Code), m.Unit})
		}
		return out, nil
	})
}

func stateOf(code placenames.Code, s placenames.State) PlaceNameState {
	out := PlaceNameState{PlaceNameCode: PlaceNameCode(code), InUse: s.InUse(), Ended: s.Ended(), Next: []string{}}
	for _, b := range placenames.Beginnings() {
		out.Begins = out.Begins || b == s
	}
	for _, n := range s.Next() {
		out.Next = append(out.Next, string(n))
	}
	return out
}

func codesOf(list []placenames.Code) []PlaceNameCode {
	out := make([]PlaceNameCode, len(list))
	for i, c := range list {
		out[i] = PlaceNameCode(c)
	}
	return out
}
