package httpapi

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// phrase translates the beginning of one of huma's validation messages; what follows
// it in the message (a bound, a name, a list) follows the translation too.
type phrase struct{ en, zh string }

// phrases are tried in order, so the longer of two with the same beginning is first.
func phrases() []phrase {
	return []phrase{
		{"expected value to be one of ", "应为以下之一："},
		{"expected number >= ", "不应小于 "},
		{"expected number <= ", "不应大于 "},
		{"expected number > ", "应大于 "},
		{"expected number < ", "应小于 "},
		{"expected number to be a multiple of ", "应为其倍数："},
		{"expected length >= ", "长度不应小于 "},
		{"expected length <= ", "长度不应大于 "},
		{"expected array length >= ", "项数不应少于 "},
		{"expected array length <= ", "项数不应多于 "},
		{"expected required property ", "缺少必填项 "},
		{"expected string to match pattern ", "格式应符合 "},
		{"expected string to be RFC 4122 uuid", "应为 UUID"},
		{"expected string to be ", "应为 "},
		{"expected a time of day as HH:MM, or always", "应为 HH:MM 格式的时刻，或 always"},
		{"does not go with metres: ask for a distance or for a time", "不能与 metres 同用：距离和时限只能给一个"},
		{"does not go with metres: the stairs and waits of a walker are times", "不能与 metres 同用：步行者的楼梯和等候只按时间计算"},
		{"expected array items to be unique", "各项不应重复"},
		{"expected boolean", "应为 true 或 false"},
		{"expected integer", "应为整数"},
		{"expected number", "应为数字"},
		{"expected string", "应为文字"},
		{"expected array", "应为数组"},
		{"expected object", "应为对象"},
		{"unexpected property", "没有这一项"},
		{"required query parameter is missing", "缺少必填的查询参数"},
		{"required header parameter is missing", "缺少必填的请求头"},
		{"required path parameter is missing", "缺少路径参数"},
		{"request body is required", "缺少请求内容"},
		{"invalid integer", "应为整数"},
		{"invalid float", "应为数字"},
		{"invalid boolean", "应为 true 或 false"},
		{"invalid date/time", "应为日期时间"},
		{"invalid value", "值有误"},
	}
}

// faultOf says one of huma's error details as a place at fault.
func faultOf(d *huma.ErrorDetail) Fault {
	f := Fault{Pointer: pointerOf(d.Location), Reason: Text{ZH: d.Message, EN: d.Message}}
	f.Value = valueOf(d)
	for _, p := range phrases() {
		if rest, ok := strings.CutPrefix(d.Message, p.en); ok {
			f.Reason.ZH = p.zh + strings.TrimSuffix(rest, " to be present")
			break
		}
	}
	return f
}

// pointerOf turns huma's body.items[3].tags into the JSON pointer #/items/3/tags;
// places outside the body (query.limit) stay as they are.
func pointerOf(location string) string {
	path, ok := strings.CutPrefix(location, "body")
	if !ok {
		return location
	}
	path = strings.NewReplacer("[", ".", "]", "", "~", "~0", "/", "~1").Replace(path)
	return "#" + strings.ReplaceAll(path, ".", "/")
}

// valueOf is the value found, when it is one that may come back: answers are kept in
// more places than requests, so no secrets, and nothing that may hold one.
func valueOf(d *huma.ErrorDetail) string {
	if d.Location == "body" {
		return ""
	}
	switch d.Location[strings.LastIndexAny(d.Location, ".]")+1:] {
	case "password", "old", "new", "code", "token", "secret":
		return ""
	}
	switch d.Value.(type) {
	case string, bool, float64, int, int64:
		return shorten(fmt.Sprint(d.Value))
	}
	return ""
}

// longestValue bounds how many letters of a value come back.
const longestValue = 100

func shorten(s string) string {
	letters := []rune(s)
	if len(letters) <= longestValue {
		return s
	}
	return string(letters[:longestValue]) + "…"
}
