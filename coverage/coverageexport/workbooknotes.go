package coverageexport

import (
	"strconv"

	"yike/internal/xlsx"
)

// notes is the first sheet: what was asked of which data, and what must be said of them.
func (b *book) notes() error {
	t, err := b.w.Table(xlsx.TableSpec{
		Name: b.say("说明", "Notes"), Title: b.Title(), Freeze: 1, NoFilter: true,
		Columns: []xlsx.Column{{Head: b.say("项目", "Item"), Width: 22}, {Head: b.say("内容", "Content"), Width: 96}},
	})
	if err != nil {
		return err
	}
	for _, f := range b.facts() {
		tone := xlsx.Plain
		if f.warn {
			tone = xlsx.Warn
		}
		if err := t.TonedRow(tone, f.name, f.text); err != nil {
			return err
		}
	}
	return nil
}

// fact is one thing that a reader must be told.
type fact struct {
	name, text string
	warn       bool
}

// facts are what must be told of the question and the data, in order.
func (d *Dossier) facts() []fact {
	out := []fact{}
	add := func(zh, en, text string) {
		if text != "" {
			out = append(out, fact{name: d.say(zh, en), text: text})
		}
	}
	if d.Data.Synthetic {
		out = append(out, fact{d.say("数据性质", "Kind of data"), d.say("合成示例数据，不是真实情况", "Synthetic example data, not a real place"), true})
	}
	add("问题", "Question", d.Asked())
	add("时限", "Limit", d.limitWords())
	add("人怎样数", "How people are counted", d.say(
		"按每个人口点自己的步行路程数人，不按图上的圈；恰好等于时限的算在内。已覆盖＋未覆盖＋附近无路＝人口，分毫不差。",
		"By the walk of the point where people live, never by a drawn circle; a walk of exactly the limit counts. Covered + not covered + no path near = population, exactly."))
	if n := d.Question.Note; n != nil {
		add("关于这类设施", "Of this type", d.text(*n))
	}
	for i := range d.Options {
		add("方案 "+strconv.Itoa(i+1), "Option "+strconv.Itoa(i+1), joinNote(d.option(i), d.Options[i].Note))
	}
	add("辖区", "District", d.text(d.Data.District)+d.say("（", " (")+d.Data.AdCode+d.say("）", ")"))
	add("数据日期", "Data as of", d.Data.AsOf)
	add("数据版本", "Data version", d.Data.Version)
	for _, l := range d.Data.Layers {
		add("数据来源", "Layer", d.layer(l))
	}
	if d.Data.Examples && !d.Data.Synthetic {
		out = append(out, fact{d.say("示例设施", "Examples"), d.say("标“示例”的设施按规则放置，不是真实设施", "Facilities marked as examples were placed by rules and are not real"), true})
	}
	for _, t := range d.Data.Limits {
		add("数据局限", "Limits of the data", d.text(t))
	}
	for _, n := range d.Data.Notices {
		add("声明与许可", "Notice and licence", d.notice(n))
	}
	add("使用范围", "For whom", d.say(
		"内部工作资料。公开前须按公开规则处理（不足 10 人不列出，其余取整到 10 人，不含逐点数据）；地图公开使用前须依法送审，取得审图号。",
		"For work inside the office. Before anything of it is published, numbers below ten are left out, the others rounded to tens, and single points taken away; maps are reviewed by law."))
	add("制作单位", "Office", d.Made.Office)
	add("制作人", "Made by", d.Made.Who)
	add("制作时间", "Made at", d.Made.When)
	return out
}

func joinNote(name, note string) string {
	if note == "" {
		return name
	}
	return name + " — " + note
}

func (d *Dossier) layer(l Layer) string {
	s := d.text(l.Name) + d.say("：", ": ") + strconv.Itoa(l.Rows) + d.say(" 条", " rows")
	if l.CRS != "" {
		s += d.say("，坐标系 ", ", in ") + l.CRS
	}
	if len(l.Digest) > 12 {
		s += d.say("，指纹 ", ", digest ") + l.Digest[:12]
	}
	return s
}

func (d *Dossier) notice(n Notice) string {
	s := d.say(n.ZH, n.EN)
	if n.Licence != "" {
		s += d.say("（", " (") + n.Licence + d.say("）", ")")
	}
	if n.URL != "" {
		s += " " + n.URL
	}
	return s
}

// limitWords is the limit with what it means.
func (d *Dossier) limitWords() string {
	s := d.Within()
	for _, t := range d.Question.Also {
		s += d.say("；", "; ") + d.text(t)
	}
	return s + d.say("（含恰好等于）", " (a walk of exactly that counts)")
}
