package campaignshttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/campaigns"
	"yike/internal/httpapi"
	"yike/internal/record"
)

func (h handlers) registerTasks(api huma.API) {
	r := registrar{api: api}
	r.add("campaign-tasks", http.MethodGet, "/api/v1/campaign-tasks", "Facilities of campaigns with their answers · 清查任务")
	httpapi.Register(api, r.op, h.tasks)
	r.add("campaign-task", http.MethodGet, "/api/v1/campaign-tasks/{id}", "One facility of a campaign, with the form · 清查任务")
	httpapi.Register(api, r.op, h.task)
	r.add("answer-campaign-task", http.MethodPut, "/api/v1/campaign-tasks/{id}/answers", "Keep or return what was found · 填报")
	httpapi.Register(api, r.op, h.answer)
	r.add("accept-campaign-task", http.MethodPost, "/api/v1/campaign-tasks/{id}/accept", "Take a return as it is · 通过填报")
	httpapi.Register(api, r.op, h.accept)
	r.add("send-back-campaign-task", http.MethodPost, "/api/v1/campaign-tasks/{id}/send-back", "Ask for a return again · 退回填报")
	httpapi.Register(api, r.op, h.sendBack)
}

// CampaignTask is one facility of a campaign as the API gives it.
type CampaignTask struct {
	ID        string         `json:"id"`
	Version   int            `json:"version"`
	Campaign  string         `json:"campaign"`
	Facility  string         `json:"facility"`
	NameZH    string         `json:"name_zh"`
	NameEN    string         `json:"name_en"`
	Type      string         `json:"type"`
	Address   string         `json:"address"`
	Division  string         `json:"division_code"`
	Lon       *float64       `json:"lon" nullable:"true" doc:"null while the facility is not placed"`
	Lat       *float64       `json:"lat" nullable:"true"`
	State     string         `json:"state" enum:"open,returned,sent_back,accepted"`
	Answers   map[string]any `json:"answers" doc:"By the codes of questions"`
	Note      string         `json:"note"`
	VisitedOn *string        `json:"visited_on" nullable:"true" format:"date"`
	Score     *int           `json:"score" nullable:"true"`
	Verdict   string         `json:"verdict" doc:"Why it was sent back"`
}

func taskOf(t campaigns.Task) CampaignTask {
	answers := t.Answers
	if answers == nil {
		answers = map[string]any{}
	}
	return CampaignTask{
		ID: t.ID, Version: t.Version, Campaign: t.Campaign, Facility: t.Facility, NameZH: t.NameZH, NameEN: t.NameEN, Type: t.Type, Address: t.Address,
		Division: t.DivisionCode, Lon: t.Lon, Lat: t.Lat, State: string(t.State), Answers: answers, Note: t.Note, VisitedOn: dayOrNone(t.VisitedOn),
		Score: t.Score, Verdict: t.Verdict,
	}
}

type taskQuery struct {
	Campaign string `query:"campaign" maxLength:"64"`
	Facility string `query:"facility" maxLength:"64"`
	Division string `query:"division" maxLength:"32" doc:"In this division and below"`
	State    string `query:"state" enum:",open,returned,sent_back,accepted"`
	Mine     bool   `query:"mine" doc:"Only of campaigns that are out, and where you may answer"`
}

type campaignTasks struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Tasks []CampaignTask `json:"tasks" nullable:"false"`
	}
}

func (h handlers) tasks(ctx context.Context, in *taskQuery) (*campaignTasks, error) {
	list, err := h.records.Tasks(ctx, TaskFilter(*in))
	if err != nil {
		return nil, problem(err)
	}
	out := &campaignTasks{CacheControl: "private, no-cache"}
	out.Body.Tasks = []CampaignTask{}
	for _, t := range list {
		out.Body.Tasks = append(out.Body.Tasks, taskOf(t))
	}
	return out, nil
}

type campaignTaskWithForm struct {
	CampaignTask
	Of campaignRecord `json:"of" doc:"The campaign, with its form"`
}

type taskReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         campaignTaskWithForm
}

func (h handlers) task(ctx context.Context, in *campaignPath) (*taskReply, error) {
	t, c, err := h.records.Task(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &taskReply{
		ETag: httpapi.ETag(t.Version), CacheControl: "private, no-cache",
		Body: campaignTaskWithForm{taskOf(t), campaignOf(Overview{Campaign: c})},
	}, nil
}

type taskAnswer struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Answers   map[string]any `json:"answers" doc:"By the codes of questions: yes or no, the value of an option, a number or a text"`
		Note      string         `json:"note,omitempty" maxLength:"2000"`
		VisitedOn string         `json:"visited_on,omitempty" doc:"Day of the visit"`
		Final     bool           `json:"final,omitempty" doc:"It is returned; else kept to go on later"`
	}
}

type taskChanged struct {
	ETag string `header:"ETag"`
	Body CampaignTask
}

func changedTask(t campaigns.Task, err error) (*taskChanged, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &taskChanged{ETag: httpapi.ETag(t.Version), Body: taskOf(t)}, nil
}

func (h handlers) answer(ctx context.Context, in *taskAnswer) (*taskChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	return changedTask(h.records.Answer(ctx, in.ID, expected, campaigns.Answer{Answers: b.Answers, Note: b.Note, VisitedOn: record.Day(b.VisitedOn), Final: b.Final}))
}

type taskAccept struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
}

func (h handlers) accept(ctx context.Context, in *taskAccept) (*taskChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return changedTask(h.records.Accept(ctx, in.ID, expected))
}

func (h handlers) sendBack(ctx context.Context, in *campaignStep) (*taskChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	return changedTask(h.records.SendBack(ctx, in.ID, expected, in.Body.Reason))
}
