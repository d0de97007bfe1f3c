package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"yike/coverage"
)

// Remark says that the data are others than when a scenario was saved, and what it comes to
// now for a band; nil where the figures are the same. now is empty where the plan cannot be
// taken any more.
func Remark(saved, now []Figure, band string) *coverage.Text {
	if slices.Equal(saved, now) {
		return nil
	}
	was, known := FigureOf(saved, band)
	is, answered := FigureOf(now, band)
	switch {
	case !known || !answered:
		return nil
	case was.Gained == is.Gained && was.Lost == is.Lost:
		return &coverage.Text{
			ZH: fmt.Sprintf("数据已更新：新增覆盖仍为 %s 人，人口或现有覆盖有变", Whole(is.Gained)),
			EN: fmt.Sprintf("The data were updated: still %s people newly covered; the population or what is covered today changed", Whole(is.Gained)),
		}
	}
	text := &coverage.Text{
		ZH: fmt.Sprintf("数据已更新：保存时新增覆盖 %s 人，现为 %s 人", Whole(was.Gained), Whole(is.Gained)),
		EN: fmt.Sprintf("The data were updated: %s people newly covered when it was saved, %s now", Whole(was.Gained), Whole(is.Gained)),
	}
	if was.Lost != 0 || is.Lost != 0 {
		text.ZH += fmt.Sprintf("；失去覆盖 %s 人，现为 %s 人", Whole(was.Lost), Whole(is.Lost))
		text.EN += fmt.Sprintf("; %s people no longer covered then, %s now", Whole(was.Lost), Whole(is.Lost))
	}
	return text
}

// Whole writes a number of people rounded to persons, with commas between thousands.
func Whole(p coverage.People) string {
	text := p.Fixed(0)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return sign + text
}
