package estatehttp

import (
	"errors"
	"net/http"

	"yike/facilities/estates"
	"yike/internal/httpapi"
)

// stepWords is how an error of a milestone is told.
type stepWords struct {
	err    error
	code   string
	zh, en string
}

func stepErrorWords() []stepWords {
	return []stepWords{
		{estates.ErrSkips, "milestone_skipped", "前面的节点还没有通过，不能跳过", "A milestone before it is not passed; none is skipped"},
		{estates.ErrPassed, "milestone_passed", "这个节点已经通过", "The milestone is passed already"},
		{estates.ErrRunning, "round_open", "这个节点还有一轮意见没有答复", "A round of the milestone is still open"},
		{estates.ErrNoRound, "no_round", "这个节点还没有征求意见", "Nobody asked for an opinion on this milestone"},
		{estates.ErrNoDuty, "no_duty", "这一轮没有向这个部门征求这类用房的意见", "This round does not ask the office about these premises"},
		{estates.ErrGiven, "already_answered", "这个部门在这一轮已经答复；写错了请更正", "The office has answered in this round; correct it if it is wrong"},
		{estates.ErrNotRefused, "not_refused", "同意的不填期限", "Only a refusal or conditions set a day"},
		{estates.ErrNotBefore, "too_early", "日期不应早于前一步，文号年份应与日期一致", "The day must not be before what it follows, and the letter must be of the day's year"},
		{estates.ErrFuture, "not_yet", "日期不应晚于今天", "The day must not be after today"},
		{estates.ErrBuilt, "standing_estate", "已建成小区不走四同步节点", "An estate that stands already passes no milestones"},
		{estates.ErrLetterTaken, "letter_taken", "这个文号已有另一份意见使用", "Another opinion has this letter number"},
		{estates.ErrLetterGiven, "letter_given", "这个字号由系统连续编号，请留空", "The numbers of this series are given out in their order; leave it empty"},
		{estates.ErrNoEvent, "unknown_event", "没有这条征求意见或答复，或更正了不能更正的内容", "There is no such request or opinion, or it was to become another"},
		{estates.ErrFollows, "followed", "其后的记录以它为前提，这样更正后就不成立了", "What was recorded afterwards could not have followed"},
		{estates.ErrNoCondition, "no_condition", "这份意见没有需要落实的条件", "The opinion has no conditions that hold"},
		{estates.ErrMarked, "already_marked", "条件的落实情况已是如此", "The conditions are marked so already"},
		{estates.ErrIncomplete, "incomplete", "请填写", "Is needed"},
	}
}

// stepProblem tells a client what is wrong with an event. What stands against it is a
// conflict; what is wrong about it is a fault of a field.
func stepProblem(err error) error {
	var at *estates.StepError
	if !errors.As(err, &at) {
		return problem(err)
	}
	for _, w := range stepErrorWords() {
		if !errors.Is(at, w.err) {
			continue
		}
		status := http.StatusUnprocessableEntity
		if at.Field == "milestone" {
			status = http.StatusConflict
		}
		p := httpapi.NewProblem(status, w.code, w.zh, w.en)
		p.Faults = []httpapi.Fault{{Pointer: "#/" + at.Field, Reason: httpapi.Text{ZH: w.zh, EN: w.en}}}
		return p
	}
	return err
}
