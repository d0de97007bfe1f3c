package searchhttp

import (
	"context"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/naming"
)

type likeInput struct {
	Body PlaceNameAsked
}

// PlaceNameAsked is a name that the register is searched for names like.
type PlaceNameAsked struct {
	Text     string `json:"text" minLength:"1" maxLength:"60" example:"沣东大道"`
	Kind     string `json:"kind" maxLength:"32" doc:"Code of the catalogue" example:"road"`
	Division string `json:"division" maxLength:"32" doc:"Code of the division that it would lie in"`
	Area     string `json:"built_up_area,omitempty" maxLength:"100" doc:"The built-up area that it would lie in; empty unknown"`
	ID       string `json:"id,omitempty" maxLength:"36" doc:"Of the record itself, whose names are not given"`
}

// PlaceNameLike is a name that is like another.
type PlaceNameLike struct {
	ID       string `json:"id" doc:"Of the record"`
	Text     string `json:"text" doc:"The name that is like it"`
	Former   bool   `json:"former" doc:"It is another or a former name of the record, not its standard one"`
	Class    string `json:"class"`
	State    string `json:"state"`
	Division string `json:"division"`
	Area     string `json:"built_up_area"`
	Relation string `json:"relation" enum:"same_name,same_stem,same_sound,near_sound,look_alike,one_apart"`
	ZH       string `json:"zh" doc:"The relation in words"`
	EN       string `json:"en"`
	Scope    string `json:"scope" enum:"here,perhaps,elsewhere" doc:"Whether it lies where the name must be the only one of its class; perhaps where nobody noted it or the scope is not known; elsewhere also where the class has no such scope or the other is of another class"`
}

type likeReply struct {
	Body struct {
		Scope string          `json:"scope" doc:"Within which the name must be the only one: nation, province, county, built_up_area, none; empty where it is not known"`
		Whole bool            `json:"whole" doc:"The register has every name of the scope"`
		Names []PlaceNameLike `json:"names" nullable:"false" doc:"The closest first"`
	}
}

func (h handlers) like(ctx context.Context, in *likeInput) (*likeReply, error) {
	b := in.Body
	if _, _, ok := h.catalogue.Of(b.Kind); !ok {
		p, _ := httpapi.InvalidRecord(record.Invalid([]record.Fault{{Field: "kind", ZH: "没有这种地名类别", EN: "there is no such kind of place name"}}))
		return nil, p
	}
	n := placenames.Name{ID: b.ID, Text: b.Text, Kind: b.Kind, BuiltUpArea: b.Area}
	if b.Division != "" {
		n.Divisions = []string{b.Division}
	}
	e := naming.EntryOf(h.catalogue, n)
	list, whole, err := h.names.Like(ctx, e)
	if err != nil {
		return nil, err
	}
	out := &likeReply{}
	scope, known := h.catalogue.Scope(n)
	if !known {
		scope = ""
	}
	out.Body.Scope, out.Body.Whole, out.Body.Names = scope, whole, make([]PlaceNameLike, len(list))
	for i, m := range list {
		o := PlaceNameLike{ID: m.Entry.ID, Text: m.Entry.Text, Former: m.Entry.Former, Class: m.Entry.Class, State: string(m.Entry.State), Division: m.Entry.Division, Area: m.Entry.BuiltUpArea}
		switch {
		case e.Class != m.Entry.Class:
			o.Scope = "elsewhere"
		case !known:
			o.Scope = "perhaps"
		default:
			o.Scope = where(naming.Within(scope, e, m.Entry))
		}
		for _, c := range m.Relation.Codes() {
			if c.Code == m.Relation.Code() {
				o.Relation, o.ZH, o.EN = c.Code, c.ZH, c.EN
			}
		}
		out.Body.Names[i] = o
	}
	return out, nil
}

func where(w naming.Where) string {
	switch w {
	case naming.Here:
		return "here"
	case naming.Perhaps:
		return "perhaps"
	}
	return "elsewhere"
}
