package estateexport

import (
	"context"
	"fmt"
	"io"
	"math"

	"yike/facilities/estates"
	"yike/internal/rowout"
	"yike/internal/rules"
)

// TrialPlaces names a division; the code where nobody knows its name.
type TrialPlaces func(code string) (zh, en string)

// WriteTrial writes the differences of a trial as a CSV file that office software opens, one
// row for each finding that differs.
func WriteTrial(ctx context.Context, w io.Writer, t estates.Trial, places TrialPlaces, english bool) error {
	say := func(zh, en string) string {
		if english {
			return en
		}
		return zh
	}
	file, err := rowout.New(ctx, w, rowout.CSV, rowout.Table{Name: say("试算差异", "Differences"), Columns: trialColumns(say)}, rowout.Options{})
	if err != nil {
		return fmt.Errorf("write a trial: %w", err)
	}
	defer file.Discard()
	for _, d := range t.Differences {
		if err := file.Row(rowout.Row{Values: trialRow(d, t, places, say)}); err != nil {
			return fmt.Errorf("write a trial: %w", err)
		}
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write a trial: %w", err)
	}
	return nil
}

func trialColumns(say func(zh, en string) string) []rowout.Column {
	text := func(code, zh, en string) rowout.Column { return rowout.Column{Code: code, Head: say(zh, en)} }
	number := func(code, zh, en string) rowout.Column {
		return rowout.Column{Code: code, Head: say(zh, en), Kind: rowout.Number}
	}
	return []rowout.Column{
		text("division", "辖区代码", "Division code"), text("place", "辖区", "Division"), text("estate", "小区", "Estate"), text("room", "用房", "Room"),
		text("rule", "规则", "Rule"), text("title", "规则名称", "Title"),
		text("before", "变更前", "Before"), text("after", "变更后", "After"), text("threshold_before", "变更前要求", "Threshold before"),
		text("threshold_after", "变更后要求", "Threshold after"), number("short_before", "变更前差额（㎡）", "Short before, m²"),
		number("short_after", "变更后差额（㎡）", "Short after, m²"), text("conclusion_before", "变更前结论", "Conclusion before"),
		text("conclusion_after", "变更后结论", "Conclusion after"), text("day", "试算日期", "Day of the trial"), text("estate_id", "小区编号", "Estate id"),
	}
}

func trialRow(d estates.Difference, t estates.Trial, places TrialPlaces, say func(zh, en string) string) []any {
	room := d.RoomName
	if d.Room >= 0 && room == "" {
		room = fmt.Sprint(d.Room + 1)
	}
	return []any{
		d.Division, say(places(d.Division)), d.Name, room, d.Rule, say(d.TitleZH, d.TitleEN), say(outcomeWords(d.Before)), say(outcomeWords(d.After)),
		say(d.Before.ThresholdZH, d.Before.ThresholdEN), say(d.After.ThresholdZH, d.After.ThresholdEN), short(d.Before), short(d.After),
		say(conclusionWords(d.ConclusionBefore)), say(conclusionWords(d.ConclusionAfter)), string(t.Day), d.Estate,
	}
}

// short is what is lacking in square metres; nil where it is another measure.
func short(s estates.Side) any {
	if s.Unit != "m2" {
		return nil
	}
	return math.Round(s.Missing*100) / 100
}

func outcomeWords(s estates.Side) (zh, en string) {
	switch {
	case s.Waiver != "":
		return "声明不适用", "declared not to hold"
	case s.Outcome == "":
		return "无此要求", "not asked"
	}
	switch s.Outcome {
	case rules.Pass:
		return "通过", "pass"
	case rules.Fail:
		return "不通过", "fail"
	case rules.Undetermined:
		return "待定", "undetermined"
	default:
		return "不适用", "does not apply"
	}
}

func conclusionWords(c estates.Conclusion) (zh, en string) {
	for _, code := range estates.Conclusions() {
		if code.Code == string(c) {
			return code.ZH, code.EN
		}
	}
	return string(c), string(c)
}
