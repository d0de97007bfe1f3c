package life

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/plates"
)

// Event is what somebody says happened to a plate.
type Event struct {
	Kind      Kind
	Day       record.Day
	By        string     // the account that says so; "" for the program
	Scanned   string     // what the camera read off the plate, or somebody typed, exactly
	PhotoID   string     // the attachment that shows it
	Point     *orb.Point // lon/lat WGS 84, where the person stood; nil where nobody knows
	AccuracyM float64    // of Point, as the phone says; 0 unknown
	HeightM   float64    // of the plate's lower edge over the ground; 0 where nobody measured
	Trouble   string     // what is the matter, a code of Troubles
	Layer     Layer      // of an inspection
	Note      string     // in words
	Successor string     // of a replacement: the code of the new plate
}

// Layer is what an inspector felt of the symbol: whether it is part of the plate.
type Layer string

// What an inspection says of the symbol.
const (
	NotFelt Layer = ""     // nobody tried
	OneFace Layer = "one"  // printed in one layer with the plate
	OnTop   Layer = "top"  // something is stuck over it
	NoCode  Layer = "none" // there is none to be seen
)

// Layers lists what an inspector may say of the symbol.
func Layers() []placenames.Code {
	return []placenames.Code{
		{Code: string(OneFace), ZH: "与牌面一体", EN: "one with the face"},
		{Code: string(OnTop), ZH: "上面另贴有东西", EN: "something is stuck over it"},
		{Code: string(NoCode), ZH: "看不到二维码", EN: "no code to be seen"},
	}
}

// Ground is what an event is held against.
type Ground struct {
	Today record.Day
	Door  *orb.Point // of the address; nil where it has none
}

// needs is what an event must show.
type needs struct{ scan, photo, point, trouble, note, other bool }

func (k Kind) needs() needs {
	switch k {
	case Fix:
		return needs{scan: true, photo: true, point: true}
	case Repair:
		return needs{scan: true, photo: true}
	case Verify:
		return needs{scan: true, other: true}
	case Inspect:
		return needs{}
	case Damage:
		return needs{trouble: true}
	case Lose, Withdraw, Return:
		return needs{note: true}
	}
	return needs{}
}

// Needs says what an event of a kind must show, for whoever draws a form of it.
func (k Kind) Needs() (scan, photo, point, trouble, note bool) {
	n := k.needs()
	return n.scan, n.photo, n.point, n.trouble, n.note
}

// AtWall reports whether an event is one of those who go to the doors; the others are of those who
// keep the register.
func (k Kind) AtWall() bool {
	return slices.Contains([]Kind{Fix, Verify, Inspect, Damage, Lose, Repair}, k)
}

// Ordinary reports whether an event is reported of one plate; the others come by orders and entries.
func (k Kind) Ordinary() bool {
	return !slices.Contains([]Kind{Order, Register, Replace}, k)
}

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

const longestNote = 500

// Take gives the plate after an event, or everything that forbids it. O(steps).
func (p Plate) Take(e Event, g Ground) (Plate, []record.Fault) {
	var f faults
	to, ok := After(p.State, e.Kind)
	if !ok {
		zh, en := Words(States(), string(p.State))
		evZH, evEN := Words(Kinds(), string(e.Kind))
		f.add("kind", string(e.Kind), fmt.Sprintf("“%s”的门牌不能做“%s”", zh, evZH), fmt.Sprintf("a plate that is %s cannot be %s", en, evEN))
	}
	f.day(p, e, g)
	f.shown(p, e)
	f.said(e)
	if len(f) > 0 {
		return p, f
	}
	return p.apply(e, to, g), nil
}

func (f *faults) day(p Plate, e Event, g Ground) {
	switch _, ok := record.ParseDay(string(e.Day)); {
	case !ok:
		f.add("day", string(e.Day), "请填写日期", "say on which day")
	case e.Day > g.Today:
		f.add("day", string(e.Day), fmt.Sprintf("不应晚于今天（%s）", g.Today), fmt.Sprintf("must not be after today, %s", g.Today))
	case e.Day < p.LastDay:
		f.add("day", string(e.Day), fmt.Sprintf("不应早于上一步的日期 %s", p.LastDay), fmt.Sprintf("must not be before the event before it, %s", p.LastDay))
	}
}

// shown holds what an event shows against what it must.
func (f *faults) shown(p Plate, e Event) {
	n := e.Kind.needs()
	switch {
	case n.scan && e.Scanned == "":
		f.add("scanned", "", "请扫描门牌上的二维码，或输入牌上的编码", "scan the plate, or type the code that is printed on it")
	case n.scan && !p.Matches(e.Scanned):
		zh, en := p.mismatch(e.Scanned)
		f.add("scanned", e.Scanned, zh, en)
	}
	if n.photo && e.PhotoID == "" {
		f.add("photo", "", "请拍一张门牌的照片", "take a photo of the plate")
	}
	if n.point && e.Point == nil {
		f.add("point", "", "需要位置：请打开定位，或在地图上点选", "a position is needed: let the phone find it, or choose it on the map")
	}
	if n.other && e.By != "" && e.By == p.FixedBy {
		f.add("kind", string(e.Kind), "核验应由安装人以外的人员完成", "it is verified by somebody other than who fixed it")
	}
	if n.trouble && !Known(Troubles(), e.Trouble) {
		f.add("trouble", e.Trouble, "请选择是什么问题", "say what is the matter")
	}
	if n.note && strings.TrimSpace(e.Note) == "" {
		f.add("note", "", "请写明情况", "say why")
	}
	if e.Kind == Replace && e.Successor == "" {
		f.add("successor", "", "更换要有新的门牌", "a replacement names the new plate")
	}
}

// said holds what an event may say against its bounds.
func (f *faults) said(e Event) {
	if e.Layer != NotFelt && !Known(Layers(), string(e.Layer)) {
		f.add("layer", string(e.Layer), "没有这个选项", "there is no such answer")
	}
	if n := placenames.Characters(e.Note); n > longestNote {
		f.add("note", fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", longestNote), fmt.Sprintf("at most %d characters", longestNote))
	}
	if e.Point != nil && !(e.Point[0] >= -180 && e.Point[0] <= 180 && e.Point[1] >= -90 && e.Point[1] <= 90) {
		f.add("point", fmt.Sprint(*e.Point), "不是经纬度", "is no longitude and latitude")
	}
	if !(e.HeightM >= 0 && e.HeightM <= 100) {
		f.add("height_m", fmt.Sprint(e.HeightM), "应在 0 至 100 米之间", "must be from 0 to 100 metres")
	}
	if !(e.AccuracyM >= 0 && e.AccuracyM <= 1e6) {
		f.add("accuracy_m", fmt.Sprint(e.AccuracyM), "应为不小于 0 的米数", "must be metres, not below 0")
	}
}

// apply gives the plate after an event that may happen.
func (p Plate) apply(e Event, to State, g Ground) Plate {
	p.State, p.LastDay = to, e.Day
	p.Events++
	if e.PhotoID != "" && slices.Contains([]Kind{Fix, Repair, Register, Verify}, e.Kind) {
		p.PhotoID = e.PhotoID
	}
	switch e.Kind {
	case Order:
		p.OrderedOn = e.Day
	case Make:
		p.MadeOn = e.Day
	case Return:
		p.MadeOn, p.DeliveredOn = "", ""
	case Deliver:
		p.DeliveredOn = e.Day
	case Fix, Register, Repair:
		if e.Kind != Repair || p.FixedOn == "" {
			p.FixedOn = e.Day
		}
		if p.FixedBy = e.By; e.Kind == Register {
			p.FixedBy = "" // who enters it did not fix it
		}
		p.SeenOn, p.BadSince, p.Trouble, p.VerifiedOn = e.Day, "", "", ""
		p.place(e, g)
	case Verify:
		p.VerifiedOn, p.SeenOn = e.Day, e.Day
	case Inspect:
		p.SeenOn = e.Day
	case Damage:
		p.SeenOn, p.BadSince, p.Trouble = e.Day, e.Day, e.Trouble
	case Lose:
		p.Trouble = ""
		if p.BadSince == "" {
			p.BadSince = e.Day
		}
	case Replace:
		p.EndedOn, p.Successor = e.Day, e.Successor
	case Withdraw:
		p.EndedOn = e.Day
	}
	return p
}

func (p *Plate) place(e Event, g Ground) {
	if e.HeightM > 0 {
		p.HeightM = e.HeightM
	}
	if e.Point == nil {
		return
	}
	p.Point, p.Placed, p.OffsetM = *e.Point, true, -1
	if g.Door != nil {
		p.OffsetM = geo.Distance(*e.Point, *g.Door)
	}
}

// ReadCode reads the code out of what a camera read or somebody typed: the address that a
// symbol spells, of whatever host, or the code alone. It returns plates.ErrToken or
// plates.ErrCheck.
func ReadCode(text string) (plates.Token, error) {
	text = strings.TrimSpace(text)
	if _, path, ok := strings.Cut(text, "://"); ok {
		path, _, _ = strings.Cut(path, "?")
		path, _, _ = strings.Cut(path, "#")
		_, text, ok = strings.Cut(path, "/")
		if !ok {
			return plates.Token{}, plates.ErrToken
		}
		text = strings.Trim(text, "/")
	}
	return plates.ParseToken(text)
}

// Matches reports whether what was read is on this plate: its code, or, of a plate that was
// there before, what its symbol says, character by character.
func (p Plate) Matches(scanned string) bool {
	if p.Foreign != "" && strings.TrimSpace(scanned) == p.Foreign {
		return true
	}
	t, err := ReadCode(scanned)
	return err == nil && t == p.Token
}

func (p Plate) mismatch(scanned string) (zh, en string) {
	t, err := ReadCode(scanned)
	want := p.Token.Grouped()
	if err == nil {
		return fmt.Sprintf("扫到的是另一块门牌 %s，这里应装 %s", t.Grouped(), want), fmt.Sprintf("that is another plate, %s; here belongs %s", t.Grouped(), want)
	}
	return "扫到的内容不是这块门牌的编码，应为 " + want, "what was read is not the code of this plate, which is " + want
}
