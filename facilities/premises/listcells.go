package premises

import (
	"slices"
	"strings"
	"unicode"

	"yike/facilities/lists"
	"yike/internal/record"
)

// ReadCode finds the code of a list that a text means: a word of it in either language, or
// the code itself.
func ReadCode(list []Code, text string) (string, bool) {
	i := slices.IndexFunc(list, func(c Code) bool { return says(c, text) })
	if i < 0 {
		return "", false
	}
	return list[i].Code, true
}

// CodeWords are the words of a list, in a row.
func CodeWords(list []Code) (zh, en string) {
	var inZH, inEN []string
	for _, c := range list {
		inZH, inEN = append(inZH, c.ZH), append(inEN, c.EN)
	}
	return strings.Join(inZH, "、"), strings.Join(inEN, ", ")
}

// ReadParts reads how a room is split by use: 社区服务 300（社区综合服务用房）；养老服务 100.
// The fault is of the first part that is none.
func ReadParts(cell string) ([]Part, *record.Fault) {
	out := []Part{}
	for _, text := range lists.Texts(cell) {
		part, ok := listPart(text)
		if !ok {
			return nil, &record.Fault{
				Field: "parts", Value: text, ZH: "应为“用途 面积（计入的指标）”，以分号隔开，如：社区服务 300（社区综合服务用房）；养老服务 100",
				EN: "must be use, area and the norm in brackets, with semicolons between them, such as: community service 300（community premises）；elderly service 100",
			}
		}
		out = append(out, part)
	}
	return out, nil
}

// listPart reads a part of a room: its use, its area, and in brackets the norm that it
// counts for.
func listPart(text string) (Part, bool) {
	text = strings.TrimSpace(strings.NewReplacer("（", "(", "）", ")").Replace(text))
	norm := ""
	if inside, ok := strings.CutSuffix(text, ")"); ok {
		i := strings.LastIndex(inside, "(")
		if i < 0 {
			return Part{}, false
		}
		text, norm = strings.TrimSpace(inside[:i]), strings.TrimSpace(inside[i+1:])
	}
	i := strings.LastIndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return Part{}, false
	}
	m, isNumber := lists.Area(strings.TrimSpace(text[i:]), "")
	area, fits := AreaOf(m.Value)
	out := Part{Area: area}
	for _, u := range Uses() {
		if u.Approved && says(u.Code, text[:i]) {
			out.Use = Use(u.Code.Code)
		}
	}
	if n := slices.IndexFunc(Norms(), func(c Code) bool { return says(c, norm) }); n >= 0 {
		out.CountsFor = Norm(Norms()[n].Code)
	} else if norm != "" {
		return out, false
	}
	return out, isNumber && fits && out.Use != ""
}

// says reports whether a text is a word of a list, in either language or as its code.
func says(c Code, text string) bool { return lists.Says(text, c.Code, c.ZH, c.EN) }
