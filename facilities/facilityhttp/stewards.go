package facilityhttp

import (
	"context"
	"encoding/json"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

type steward struct {
	ID         string `json:"id"`
	Version    int    `json:"version" doc:"Version of the record, also its entity tag"`
	Division   string `json:"division_code"`
	Office     string `json:"office"`
	Post       string `json:"post" doc:"A post, no person"`
	Phone      string `json:"phone" doc:"Of the office"`
	VerifyDays int    `json:"verify_days" doc:"A record not held against the place for longer is overdue"`
}

func stewardOf(s facilities.Steward) steward {
	return steward{ID: s.ID, Version: s.Version, Division: s.Division, Office: s.Office, Post: s.Post, Phone: s.Phone, VerifyDays: s.VerifyDays}
}

type stewardsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Stewards []steward `json:"stewards" nullable:"false"`
	}
}

func (h areaHandlers) stewards(ctx context.Context, _ *struct{}) (*stewardsReply, error) {
	list, err := h.areas.Stewards(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := &stewardsReply{CacheControl: "no-store"}
	out.Body.Stewards = make([]steward, len(list))
	for i, s := range list {
		out.Body.Stewards[i] = stewardOf(s)
	}
	return out, nil
}

type newStewardInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request; needed"`
	Body struct {
		Division   string `json:"division_code" maxLength:"32"`
		Office     string `json:"office" maxLength:"100"`
		Post       string `json:"post,omitempty" maxLength:"100"`
		Phone      string `json:"phone,omitempty" maxLength:"64"`
		VerifyDays int    `json:"verify_days,omitempty" default:"365"`
		Explained
	}
}

func (h areaHandlers) createSteward(ctx context.Context, in *newStewardInput) (*made[steward], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	s, err := h.areas.CreateSteward(ctx, facilities.Steward{Division: b.Division, Office: b.Office, Post: b.Post, Phone: b.Phone, VerifyDays: b.VerifyDays}, b.change())
	if err != nil {
		return nil, problem(err)
	}
	return &made[steward]{ETag: httpapi.ETag(s.Version), Location: "/api/v1/stewards/" + s.ID, Body: stewardOf(s)}, nil
}

type stewardChange struct {
	Office     *string `json:"office,omitempty" maxLength:"100"`
	Post       *string `json:"post,omitempty" maxLength:"100"`
	Phone      *string `json:"phone,omitempty" maxLength:"64"`
	VerifyDays *int    `json:"verify_days,omitempty"`
	Explained

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *stewardChange) UnmarshalJSON(raw []byte) error {
	type plain stewardChange
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

type stewardChangeInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    stewardChange
}

func (h areaHandlers) updateSteward(ctx context.Context, in *stewardChangeInput) (*changed[steward], error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := record.Invalid(b.nulls); err != nil {
		return nil, problem(err)
	}
	s, err := h.areas.UpdateSteward(ctx, in.ID, expected, facilities.StewardPatch{Office: b.Office, Post: b.Post, Phone: b.Phone, VerifyDays: b.VerifyDays}, b.change())
	if err != nil {
		return nil, problem(err)
	}
	return &changed[steward]{ETag: httpapi.ETag(s.Version), Body: stewardOf(s)}, nil
}
