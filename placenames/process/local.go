package process

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"yike/internal/record"
	"yike/placenames"
)

// Local is what an authority makes of the procedures: which preset it follows, what offices
// are called there, and its own changes of steps and clocks, each with the document that it
// stands on. The zero value is none; UsualLocal is what holds where nobody set anything.
type Local struct {
	Preset      string              `json:"preset"`
	Offices     map[string]string   `json:"offices,omitempty"`     // what an office is called here, by its code
	Authorities map[string][]string `json:"authorities,omitempty"` // who approves, by class, in place of the preset's
	Changes     []StepChange        `json:"changes,omitempty"`
	Clocks      []ClockChange       `json:"clocks,omitempty"`
	Sources     []placenames.Code   `json:"sources,omitempty"` // documents of the place, which its changes cite
}

// UsualLocal is what holds where an authority set nothing.
func UsualLocal() Local { return Local{Preset: "national"} }

// Frozen are the rules that a case has from its beginning to its end, whatever the authority
// or the program changes meanwhile.
type Frozen struct {
	Rules   Rules             `json:"rules"`
	Offices map[string]string `json:"offices"`
	Sources []placenames.Code `json:"sources"`
}

const (
	longestClock = 3650 // days
	longestWords = 100  // characters
	mostChanges  = 60
)

// TrackOf is the track by which names of a class go; false where there is none.
func (b *Book) TrackOf(class string) (string, bool) {
	i := slices.IndexFunc(b.Tracks, func(t Track) bool { return slices.Contains(t.Classes, class) })
	if i < 0 {
		return "", false
	}
	return b.Tracks[i].Code.Code, true
}

// With gives the book as an authority has it: its preset with the authority's changes behind
// those of the place. The faults say what may not be changed so: a step that the program's
// track needs is not made one that may be set aside, no paper that a text which was read asks
// for is dropped, and no limit of such a text is lengthened. The book itself stays.
func (b *Book) With(l Local) (*Book, []record.Fault) {
	var f faults
	pi := slices.IndexFunc(b.Presets, func(p Preset) bool { return p.Code.Code == l.Preset })
	if pi < 0 {
		f.add("preset", l.Preset, "没有这种流程", "there is no such preset")
		return b, f
	}
	f.words(b, l)
	for i, c := range l.Changes {
		f.change(b, i, c)
	}
	for i, c := range l.Clocks {
		f.clock(b, l, i, c.Track, c.Clock)
	}
	if len(l.Changes) > mostChanges || len(l.Clocks) > mostChanges {
		f.add("changes", fmt.Sprint(len(l.Changes)), "修改过多", "too many changes")
	}
	if len(f) > 0 {
		return b, f
	}
	out := *b
	out.Sources = append(slices.Clone(b.Sources), l.Sources...)
	out.Presets = slices.Clone(b.Presets)
	p := &out.Presets[pi]
	p.Changes = append(slices.Clone(p.Changes), l.Changes...)
	p.Clocks = append(slices.Clone(p.Clocks), l.Clocks...)
	p.Authorities = maps.Clone(p.Authorities)
	maps.Copy(p.Authorities, l.Authorities)
	for _, t := range out.Tracks {
		if _, err := out.For(t.Code.Code, l.Preset); err != nil {
			f.add("changes", t.Code.Code, "修改后流程不成立："+err.Error(), err.Error())
		}
	}
	return &out, f
}

// Freeze gives the rules that a case which begins now on a track keeps.
func (b *Book) Freeze(track string, l Local) (Frozen, error) {
	book, f := b.With(l)
	if err := record.Invalid(f); err != nil {
		return Frozen{}, fmt.Errorf("the procedure of the authority: %w", err)
	}
	r, err := book.For(track, l.Preset)
	if err != nil {
		return Frozen{}, err
	}
	return Frozen{Rules: r, Offices: maps.Clone(l.Offices), Sources: slices.Clone(l.Sources)}, nil
}

// Parse reads frozen rules as they are kept.
func (f *Frozen) Parse(raw []byte) error {
	if err := json.Unmarshal(raw, f); err != nil {
		return fmt.Errorf("read the rules of a case: %w", err)
	}
	return nil
}

// codeForm reports whether a word may be a code.
func codeForm(s string) bool {
	return regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`).MatchString(s)
}

// words holds the names of offices, the documents and the authorities to the book.
func (f *faults) words(b *Book, l Local) {
	for _, code := range slices.Sorted(maps.Keys(l.Offices)) {
		name := l.Offices[code]
		if !known(b.Offices, code) {
			f.add("offices/"+code, name, "没有这种机关", "there is no such office")
		}
		if placenames.Characters(name) > longestWords || strings.TrimSpace(name) != name {
			f.add("offices/"+code, name, "名称首尾不留空格，最多 100 个字", "no blanks around it, and at most 100 characters")
		}
	}
	for i, s := range l.Sources {
		at := fmt.Sprintf("sources/%d", i)
		if !codeForm(s.Code) || known(b.Sources, s.Code) || slices.ContainsFunc(l.Sources[:i], func(o placenames.Code) bool { return o.Code == s.Code }) {
			f.add(at+"/code", s.Code, "代码应为小写字母、数字，且不与其他依据重复", "a code of small letters and digits that no other source has")
		}
		if strings.TrimSpace(s.ZH) == "" || strings.TrimSpace(s.EN) == "" || placenames.Characters(s.ZH) > 2*longestWords || placenames.Characters(s.EN) > 2*longestWords {
			f.add(at+"/zh", s.ZH, "请写明依据文件的名称和文号", "give the title and number of the document")
		}
	}
	for _, class := range slices.Sorted(maps.Keys(l.Authorities)) {
		for _, o := range l.Authorities[class] {
			if !known(b.Offices, o) || o == "applicant" {
				f.add("authorities/"+class, o, "不能由该机关批准", "it cannot be the authority")
			}
		}
		if _, ok := b.TrackOf(class); !ok || len(l.Authorities[class]) == 0 {
			f.add("authorities/"+class, class, "没有这种类别，或未指明机关", "there is no such class, or no office is named")
		}
	}
}

// base is a track's step as the program has it, before any preset.
func (b *Book) base(track, step string) (Step, bool) {
	for _, t := range b.Tracks {
		for _, s := range t.Steps {
			if t.Code.Code == track && s.Code.Code == step {
				return s, true
			}
		}
	}
	return Step{}, false
}

func (f *faults) change(b *Book, i int, c StepChange) {
	at := fmt.Sprintf("changes/%d", i)
	s, ok := b.base(c.Track, c.Step)
	if !ok {
		f.add(at+"/step", c.Step, "没有这个环节", "there is no such step")
		return
	}
	if c.Waivable != nil && *c.Waivable && !s.Waivable {
		f.add(at+"/waivable", "true", "本环节不能省略", "this step may not be set aside")
	}
	if c.Needs != nil && read(s.Cite) {
		for _, m := range s.Needs {
			if !slices.Contains(c.Needs, m) {
				f.add(at+"/needs", m, "依据条文需要的材料不能减少", "a paper that the text asks for cannot be dropped")
			}
		}
	}
	if c.By != nil && (len(c.By) == 0 || s.Code.Code != b.first(c.Track) && slices.Contains(c.By, "applicant")) {
		f.add(at+"/by", strings.Join(c.By, ","), "请指明办理机关；申请人只办理申请", "name the offices; the applicant only applies")
	}
	f.cite(at, c.Cite)
}

func (b *Book) first(track string) string {
	for _, t := range b.Tracks {
		if t.Code.Code == track && len(t.Steps) > 0 {
			return t.Steps[0].Code.Code
		}
	}
	return ""
}

// read reports whether the text that something stands on was read.
func read(c Cite) bool { return c.Grade == "R" || c.Grade == "r" }

func (f *faults) cite(at string, c Cite) {
	if c.Source == "" || c.Source == "yike" {
		f.add(at+"/cite/source", c.Source, "请指明依据", "say what it stands on")
	}
	if !slices.Contains([]string{"R", "r", "P"}, c.Grade) {
		f.add(at+"/cite/grade", c.Grade, "请说明是否已读到原文", "say whether the text was read: R whole, r an excerpt, P not")
	}
}

func (f *faults) clock(b *Book, l Local, i int, track string, k Clock) {
	at := fmt.Sprintf("clocks/%d/clock", i)
	if k.Days < 1 || k.Days > longestClock {
		f.add(at+"/days", fmt.Sprint(k.Days), "应为 1 至 3650 天", "1 to 3650 days")
	}
	if !codeForm(k.Code.Code) {
		f.add(at+"/code", k.Code.Code, "代码应为小写字母", "a code of small letters")
	}
	f.cite(at, k.Cite)
	if k.Severity == "error" && !read(k.Cite) {
		f.add(at+"/severity", k.Severity, "未读到原文的期限不能作为违规", "a limit whose text was not read is never an error")
	}
	r, err := b.For(track, l.Preset)
	if err != nil {
		f.add(fmt.Sprintf("clocks/%d/track", i), track, "没有这种程序", "there is no such track")
		return
	}
	for _, was := range r.Clocks {
		if was.Code.Code != k.Code.Code || was.Severity != "error" {
			continue
		}
		if k.Days > was.Days || k.Unit != was.Unit || k.From != was.From || k.To != was.To || k.Severity != "error" || k.Pauses && !was.Pauses {
			f.add(at+"/days", fmt.Sprint(k.Days), fmt.Sprintf("法定期限为 %d 天，只能缩短", was.Days), fmt.Sprintf("the law's limit is %d days; it can only be made shorter", was.Days))
		}
	}
}
