// Package estateexport writes what goes out about new housing estates: the letters of
// offices as Word documents, and one page for a developer as PDF.
//
// It is pure: values in, bytes out, the same for the same values. It knows the estates and
// their rules; it knows nothing of storage, HTTP or who may take what. What it writes has no
// word about persons but the signer of a letter.
package estateexport

import (
	"cmp"
	"strings"

	"yike/facilities/estates"
	"yike/internal/rules"
)

// Text is a text in both languages.
type Text struct{ ZH, EN string }

func text(zh, en string) Text { return Text{zh, en} }

// say picks a language.
func (t Text) say(english bool) string {
	if english {
		return t.EN
	}
	return t.ZH
}

// finding is a finding in words.
type finding struct {
	Title, Threshold, Value, Outcome, Missing, Reason, Source, Sentence Text
	Room                                                                string // "" for the estate or its community
}

// row puts a finding into words.
func row(set *rules.Set, e estates.Estate, f estates.Found) finding {
	out := finding{Title: text(f.Rule.TitleZH, f.Rule.TitleEN), Outcome: outcome(f.Outcome), Reason: text(f.ReasonZH, f.ReasonEN)}
	out.Threshold = text(set.Threshold(f.Rule, f.Limits))
	if f.Rule.Form == rules.Presence || f.Rule.Form == rules.Absence {
		zh, en := set.Formula(f.Rule)
		out.Threshold = text(zh+"："+out.Threshold.ZH, en+": "+out.Threshold.EN)
	}
	if f.Value != nil {
		out.Value = text(set.ShowValue(f.Rule, *f.Value))
		if l := f.Limits.AtLeast; l != nil && *f.Value < *l && out.Value == text(set.ShowValue(f.Rule, *l)) {
			out.Value = text("略低于 "+out.Value.ZH, "just below "+out.Value.EN)
		}
	}
	out.Missing = text(set.ShowMissing(f.Finding))
	if f.Room >= 0 && f.Room < len(e.Rooms) {
		out.Room = e.Rooms[f.Room].Called()
	}
	out.Source = text(set.Source(f.Rule))
	c := f.Rule.Cite
	if c.ClauseZH != "" {
		out.Source.ZH += " " + c.ClauseZH
	}
	if c.ClauseEN != "" {
		out.Source.EN += ", " + c.ClauseEN
	}
	out.Sentence = text(c.Sentence, cmp.Or(c.SentenceEN, c.Sentence))
	return out
}

func outcome(o rules.Outcome) Text {
	switch o {
	case rules.Pass:
		return text("符合", "met")
	case rules.Fail:
		return text("不符合", "not met")
	case rules.Undetermined:
		return text("待定", "open")
	}
	return text("不适用", "not applicable")
}

func conclusion(c estates.Conclusion) Text {
	switch c {
	case estates.Compliant:
		return text("合标", "compliant")
	case estates.NotCompliant:
		return text("不合标", "not compliant")
	}
	return text("待定", "open")
}

// summary is a finding as a sentence goes on: what is asked, what is there, what is lacking.
func (f finding) summary() string {
	var parts []string
	if f.Threshold.ZH != "" {
		parts = append(parts, "要求"+f.Threshold.ZH)
	}
	if f.Value.ZH != "" {
		parts = append(parts, "现为"+f.Value.ZH)
	}
	for _, s := range []string{f.Missing.ZH, f.Reason.ZH} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "，")
}
