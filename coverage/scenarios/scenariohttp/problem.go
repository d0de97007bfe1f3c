package scenariohttp

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"yike/coverage/scenarios"
	"yike/internal/httpapi"
)

// ErrNotReady is returned by a Shelf before anything is loaded.
var ErrNotReady = errors.New("the data are not loaded yet")

var errBadCursor = errors.New("cursor is not one of ours")

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.Unavailable("数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, scenarios.ErrNotFound):
		return httpapi.NotFound("unknown_scenario", "没有这个方案，或它没有共享给您", "There is no such scenario, or it is not shared with you")
	case errors.Is(err, scenarios.ErrNotOwner):
		return httpapi.NewProblem(http.StatusForbidden, "not_owner",
			"只有所有者可以修改方案；可以复制一份再改", "Only its owner changes a scenario; copy it and change the copy")
	case errors.Is(err, scenarios.ErrDecided):
		return httpapi.NewProblem(http.StatusConflict, "decided",
			"方案已有决定，不能再改或删除；可以归档，或先撤回决定", "The scenario was decided about and stays as it is; archive it, or take the decision back first")
	case errors.Is(err, scenarios.ErrNotShared):
		return httpapi.NewProblem(http.StatusConflict, "not_shared", "方案尚未共享，不能作决定", "The scenario is not shared, so nothing can be decided about it")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return answerProblem(err)
}

// answerProblem tells what is wrong with what was asked; any other error stays as it is.
func answerProblem(err error) error {
	var step *StepFault
	var question *QuestionFault
	var unknown *UnknownScenario
	var different *DifferentQuestions
	switch {
	case errors.As(err, &step):
		return stepProblem(step)
	case errors.As(err, &question):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_question",
			"这个问题问不了："+question.Reason.ZH, "The question cannot be asked: "+question.Reason.EN).With(httpapi.Fault{
			Pointer: "#/question/" + question.Param, Value: question.Value, Reason: httpapi.Text(question.Reason),
		})
	case errors.As(err, &unknown):
		return httpapi.NotFound("unknown_scenario",
			fmt.Sprintf("第 %d 个方案不存在，或没有共享给您", unknown.Index+1), fmt.Sprintf("There is no scenario %d, or it is not shared with you", unknown.Index+1),
		).With(httpapi.Fault{Pointer: fmt.Sprintf("#/ids/%d", unknown.Index), Reason: httpapi.Text{ZH: "没有这个方案", EN: "No such scenario"}})
	case errors.As(err, &different):
		p := httpapi.NewProblem(http.StatusUnprocessableEntity, "different_questions",
			"这些方案问的不是同一个问题，不能直接比较；可以用其中一个的问题回答全部（question_of）",
			"These scenarios ask different questions and cannot be compared as they are; have all of them asked the question of one (question_of)")
		for _, i := range slices.Sorted(maps.Keys(different.Others)) {
			asks := different.Others[i].String()
			p.Faults = append(p.Faults, httpapi.Fault{
				Pointer: fmt.Sprintf("#/ids/%d", i), Value: asks,
				Reason: httpapi.Text{ZH: "与第一个方案的问题不同：" + different.First.String(), EN: "Asks something else than the first: " + different.First.String()},
				Hint:   httpapi.Text{ZH: "question_of 取第一个方案的编号", EN: "Give the id of the first as question_of"},
			})
		}
		return p
	}
	return err
}

func stepProblem(f *StepFault) error {
	if f.Step < 0 {
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "plan_impossible", "方案做不了："+f.Reason.ZH, "The plan cannot be tried: "+f.Reason.EN)
	}
	return httpapi.NewProblem(http.StatusUnprocessableEntity, "step_impossible",
		fmt.Sprintf("第 %d 步做不了：%s", f.Step+1, f.Reason.ZH), fmt.Sprintf("Step %d cannot be taken: %s", f.Step+1, f.Reason.EN),
	).With(httpapi.Fault{Pointer: fmt.Sprintf("#/steps/%d", f.Step), Reason: httpapi.Text(f.Reason), Hint: httpapi.Text(f.Hint)})
}
