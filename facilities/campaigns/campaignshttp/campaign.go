package campaignshttp

import (
	"context"

	"yike/facilities/campaigns"
	"yike/internal/httpapi"
	"yike/internal/record"
)

type campaignProgress struct {
	DivisionCode string `json:"division_code" doc:"Subdistrict"`
	Tasks        int    `json:"tasks"`
	Returned     int    `json:"returned" doc:"Returned or accepted"`
	Accepted     int    `json:"accepted"`
	Problems     int    `json:"problems"`
	Solved       int    `json:"solved"`
	Score        *int   `json:"score" nullable:"true" doc:"Mean of the scores there are"`
}

type campaignRecord struct {
	ID       string             `json:"id"`
	Version  int                `json:"version"`
	Title    string             `json:"title"`
	Kind     string             `json:"kind" enum:"census,compliance,assessment"`
	Year     int                `json:"year"`
	State    string             `json:"state" enum:"draft,sent,closed"`
	Deadline string             `json:"deadline" format:"date"`
	SentOn   *string            `json:"sent_on" nullable:"true" format:"date"`
	Guide    string             `json:"guide"`
	Form     campaigns.Form     `json:"form"`
	Progress []campaignProgress `json:"progress" nullable:"false"`
}

func campaignOf(o Overview) campaignRecord {
	c := o.Campaign
	out := campaignRecord{
		ID: c.ID, Version: c.Version, Title: c.Title, Kind: string(c.Kind), Year: c.Year, State: string(c.State), Deadline: string(c.Deadline),
		SentOn: dayOrNone(c.SentOn), Guide: c.Guide, Form: c.Form, Progress: []campaignProgress{},
	}
	for _, p := range o.Progress {
		out.Progress = append(out.Progress, campaignProgress(p))
	}
	return out
}

func dayOrNone(d record.Day) *string {
	if d == "" {
		return nil
	}
	text := string(d)
	return &text
}

type campaignForm struct {
	Kind  string         `json:"kind"`
	ZH    string         `json:"zh"`
	EN    string         `json:"en"`
	Guide string         `json:"guide"`
	Form  campaigns.Form `json:"form"`
}

type campaignForms struct {
	Body struct {
		Forms []campaignForm `json:"forms" nullable:"false"`
	}
}

func (h handlers) forms(context.Context, *struct{}) (*campaignForms, error) {
	list, err := campaigns.Templates()
	if err != nil {
		return nil, err
	}
	out := &campaignForms{}
	out.Body.Forms = []campaignForm{}
	for _, t := range list {
		out.Body.Forms = append(out.Body.Forms, campaignForm{string(t.Kind), t.ZH, t.EN, t.Guide, t.Form})
	}
	return out, nil
}

type campaignList struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Campaigns []campaignRecord `json:"campaigns" nullable:"false"`
	}
}

func (h handlers) list(ctx context.Context, _ *struct{}) (*campaignList, error) {
	list, err := h.records.Campaigns(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := &campaignList{CacheControl: "private, no-cache"}
	out.Body.Campaigns = []campaignRecord{}
	for _, o := range list {
		out.Body.Campaigns = append(out.Body.Campaigns, campaignOf(o))
	}
	return out, nil
}

type campaignPath struct {
	ID string `path:"id" maxLength:"64"`
}

type campaignReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         campaignRecord
}

func replyOf(o Overview) *campaignReply {
	return &campaignReply{ETag: httpapi.ETag(o.Campaign.Version), CacheControl: "private, no-cache", Body: campaignOf(o)}
}

func (h handlers) one(ctx context.Context, in *campaignPath) (*campaignReply, error) {
	o, err := h.records.Campaign(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(o), nil
}

type newCampaign struct {
	Title    string         `json:"title" maxLength:"100"`
	Kind     string         `json:"kind" enum:"census,compliance,assessment"`
	Year     int            `json:"year"`
	Deadline string         `json:"deadline" format:"date"`
	Guide    string         `json:"guide,omitempty" maxLength:"2000"`
	Form     campaigns.Form `json:"form"`
	Reason   string         `json:"reason" maxLength:"500"`
}

type newCampaignInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newCampaign
}

type campaignMade struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     campaignRecord
}

func (h handlers) create(ctx context.Context, in *newCampaignInput) (*campaignMade, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	c, err := h.records.Create(ctx, campaigns.Campaign{
		Title: b.Title, Kind: campaigns.Kind(b.Kind), Year: b.Year, Deadline: record.Day(b.Deadline), Guide: b.Guide, Form: b.Form,
	}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &campaignMade{ETag: httpapi.ETag(c.Version), Location: "/api/v1/campaigns/" + c.ID, Body: campaignOf(Overview{Campaign: c})}, nil
}

type campaignPatch struct {
	Title    *string         `json:"title,omitempty" maxLength:"100"`
	Kind     *campaigns.Kind `json:"kind,omitempty" enum:"census,compliance,assessment"`
	Year     *int            `json:"year,omitempty"`
	Deadline *record.Day     `json:"deadline,omitempty" format:"date"`
	Guide    *string         `json:"guide,omitempty" maxLength:"2000"`
	Form     *campaigns.Form `json:"form,omitempty"`
	Reason   string          `json:"reason" maxLength:"500"`
}

type campaignUpdate struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    campaignPatch
}

func (h handlers) update(ctx context.Context, in *campaignUpdate) (*campaignReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	c, err := h.records.Update(ctx, in.ID, expected, campaigns.Patch{Title: b.Title, Kind: b.Kind, Year: b.Year, Deadline: b.Deadline, Guide: b.Guide, Form: b.Form}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(Overview{Campaign: c}), nil
}

type campaignPick struct {
	IDs      []string `json:"ids,omitempty" nullable:"false" maxItems:"5000" doc:"These facilities"`
	Types    []string `json:"types,omitempty" nullable:"false" maxItems:"64" doc:"All published facilities of these types that are not closed"`
	Division string   `json:"division_code,omitempty" maxLength:"32" doc:"In this division and below; everywhere when left out"`
	Reason   string   `json:"reason" maxLength:"500"`
}

type campaignPickInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body campaignPick
}

type campaignPicked struct {
	Body struct {
		Added int `json:"added" doc:"Facilities that were not in it before"`
	}
}

func (h handlers) addFacilities(ctx context.Context, in *campaignPickInput) (*campaignPicked, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	n, err := h.records.AddFacilities(ctx, in.ID, Pick{IDs: in.Body.IDs, Types: in.Body.Types, Division: in.Body.Division}, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	out := &campaignPicked{}
	out.Body.Added = n
	return out, nil
}

type campaignRemoval struct {
	ID     string `path:"id" maxLength:"64"`
	Task   string `path:"task" maxLength:"64"`
	Reason string `query:"reason" maxLength:"500"`
}

func (h handlers) removeFacility(ctx context.Context, in *campaignRemoval) (*struct{}, error) {
	if err := h.records.RemoveFacility(ctx, in.ID, in.Task, in.Reason); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // no content
}

type campaignStep struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (h handlers) send(ctx context.Context, in *campaignStep) (*campaignReply, error) {
	return h.step(ctx, in, h.records.Send)
}

func (h handlers) close(ctx context.Context, in *campaignStep) (*campaignReply, error) {
	return h.step(ctx, in, h.records.Close)
}

func (h handlers) step(ctx context.Context, in *campaignStep, do func(context.Context, string, int, string) (campaigns.Campaign, error)) (*campaignReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	c, err := do(ctx, in.ID, expected, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(Overview{Campaign: c}), nil
}
