package estatehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerConditions mounts whether the conditions of opinions are met.
func (h stepHandlers) registerConditions(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "mark-estate-condition", Method: http.MethodPost, Path: onePath + "/steps/conditions", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Record that the conditions of an opinion are met, or not after all · 条件落实",
		Description: "Whoever may give the opinion of the office. That they are met needs the document that shows it; that they are not after all, a note. " +
			"An open condition holds no milestone up; with a day it is overdue after it.",
		Errors: stepErrors(),
	}, h.mark)
}

// EstateCondition is what an opinion with conditions asks for.
type EstateCondition struct {
	EstateOpinion
	Met   bool         `json:"met"`
	Since string       `json:"since" doc:"The day on which the round passed"`
	Marks []EstateMark `json:"marks" nullable:"false" doc:"In the order of recording; the last counts"`
}

// EstateMark is what somebody found of conditions.
type EstateMark struct {
	EstateRecorded
	EstateMarkWords
}

// EstateMarkWords is what a person writes of it.
type EstateMarkWords struct {
	Met      bool   `json:"met"`
	Day      string `json:"day" format:"date" doc:"Today at the latest"`
	By       string `json:"by" maxLength:"60" doc:"Who found it"`
	Document string `json:"document,omitempty" maxLength:"200" doc:"What shows that they are met: its number or the name of an attachment"`
	Note     string `json:"note,omitempty" maxLength:"1000" doc:"Why they are not met after all"`
}

type markInput struct {
	EstateStepKey
	Body struct {
		Opinion string `json:"opinion" maxLength:"64" doc:"Id of the opinion as it was recorded first"`
		EstateMarkWords
	}
}

func (h stepHandlers) mark(ctx context.Context, in *markInput) (*stepsReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	err := h.steps.Mark(ctx, in.ID, estates.ConditionMark{Opinion: b.Opinion, Met: b.Met, Day: record.Day(b.Day), By: b.By, Document: b.Document, Note: b.Note})
	if err != nil {
		return nil, stepProblem(err)
	}
	return h.reply(ctx, in.ID)
}

func (w Walked) condition(c estates.Condition, recorded map[string]EstateRecorded) EstateCondition {
	out := EstateCondition{EstateOpinion: w.opinion(c.Opinion, recorded), Met: c.Met(), Since: string(c.Since), Marks: []EstateMark{}}
	for _, m := range c.Marks {
		out.Marks = append(out.Marks, EstateMark{recorded[m.ID], EstateMarkWords{Met: m.Met, Day: string(m.Day), By: m.By, Document: m.Document, Note: m.Note}})
	}
	return out
}
