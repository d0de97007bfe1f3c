// Package address reads Chinese addresses as people write them: divisions, road, house
// number, estate, building, unit, room, and words such as 旁, 对面 and 院内. It knows how
// addresses are written and nothing of where they are; it is pure.
//
// It goes by the generic ends of names (镇, 社区, 路, 小区, 号楼) and by what may stand after
// them, not by a dictionary; so a name without such an end is given as a place, and a
// gazetteer has to say what it is. The parts follow GA/T 2000.32: divisions, community,
// road or estate, number, building, unit, room.
package address

import (
	"fmt"
	"strings"
	"unicode"

	"yike/internal/hanzi"
)

// Address is what a text says. What it does not say is "" or zero. Names are in simplified
// characters and half-width letters, with their generic ends.
type Address struct {
	Province, City, District string
	Town                     string // 杨柳青镇, 西营门街道; also 西营门街 where a road follows
	Community                string // 友谊社区, 周家营村
	Group                    string // of a village: 3 for 三组
	Main                     string // the road that Road leaves, where both are named
	Road                     string // 解放路
	Cross                    string // the other road of a crossing
	Lane                     string // 12 for 12弄
	Number                   Number // 号: on the road, or in the village or estate where there is none
	Yard                     bool   // 12号院: the number is of a yard with several buildings
	Estate                   string // 嘉枫苑, 友谊小区
	Phase                    string // of an estate: 一期, 东区
	Building                 string // 3 for 3号楼, A for A座
	Unit                     string // 2 for 2单元 and for 2门
	Floor                    string // 1 for 一楼, -1 for 负一层
	Room                     string // 501
	Places                   []string
	Relation                 Relation
	Notes                    []string // in brackets, as they are
	Rest                     string   // what could not be read
}

// Number is a house number: 12, 12-14 (From and To), 12-1 and 12号附1号 (From and Sub), 甲12
// and 12甲 (From and Mark).
type Number struct {
	From, To, Sub int
	Mark          string
}

// IsZero reports whether there is no number.
func (n Number) IsZero() bool { return n == Number{} }

// String is the number as one writes it; "" for none.
func (n Number) String() string {
	switch {
	case n.IsZero():
		return ""
	case n.To > 0:
		return fmt.Sprintf("%s%d-%d", n.Mark, n.From, n.To)
	case n.Sub > 0:
		return fmt.Sprintf("%s%d附%d", n.Mark, n.From, n.Sub)
	}
	return fmt.Sprintf("%s%d", n.Mark, n.From)
}

// Relation says how the place lies to what is named last.
type Relation string

// The relations, the surest first.
const (
	At       Relation = ""
	Inside   Relation = "inside"   // 院内
	Gate     Relation = "gate"     // 东门, 门口
	Beside   Relation = "beside"   // 旁, 隔壁, 底商
	Crossing Relation = "crossing" // 交叉口
	Opposite Relation = "opposite" // 对面
	Side     Relation = "side"     // 东侧, 以东
	Near     Relation = "near"     // 附近, 向东200米
)

// Parse reads an address. It takes any text and never fails: what it does not understand
// is in Rest. Of a text of more than 300 characters only those are read.
func Parse(text string) Address {
	s := &scanner{}
	main, notes := takeNotes(closeUp(hanzi.Plain(text)))
	s.r = []rune(main)
	s.r = s.r[:min(len(s.r), mostRead)]
	s.scan()
	for _, note := range notes {
		s.a.Notes = append(s.a.Notes, note)
		if !strings.HasPrefix(note, "原") {
			s.a.learn(Parse(note))
		}
	}
	return s.a
}

const mostRead = 300

// closeUp takes out the spaces around figures that Chinese characters stand beside: 解放路 12
// 号.
func closeUp(text string) string {
	if !strings.Contains(text, " ") {
		return text
	}
	r := []rune(text)
	var out strings.Builder
	for i, c := range r {
		if c == ' ' && i > 0 && i+1 < len(r) && (unicode.IsDigit(r[i-1]) && hanzi.IsHan(r[i+1]) || hanzi.IsHan(r[i-1]) && unicode.IsDigit(r[i+1])) {
			continue
		}
		out.WriteRune(c)
	}
	return out.String()
}

// takeNotes takes what stands in brackets out of a text.
func takeNotes(text string) (main string, notes []string) {
	var out, note strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '(':
			depth++
			out.WriteByte(',')
		case r == ')' && depth > 0:
			depth--
			if n := strings.TrimSpace(note.String()); depth == 0 && n != "" {
				notes = append(notes, n)
				note.Reset()
			}
		case depth > 0:
			note.WriteRune(r)
		default:
			out.WriteRune(r)
		}
	}
	if n := strings.TrimSpace(note.String()); n != "" { // a bracket that was not closed
		notes = append(notes, n)
	}
	return out.String(), notes
}

// learn fills what an address does not say from a note beside it.
func (a *Address) learn(note Address) {
	if a.Cross == "" && a.Road != "" && note.Relation == Crossing {
		a.Cross = note.Road
	}
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&a.Town, note.Town},
		{&a.Community, note.Community},
		{&a.Road, note.Road},
		{&a.Estate, note.Estate},
		{&a.Building, note.Building},
		{&a.Floor, note.Floor},
		{&a.Room, note.Room},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	if a.Number.IsZero() && note.Road == a.Road {
		a.Number = note.Number
	}
	a.Places = append(a.Places, note.Places...)
	if a.Relation == At {
		a.Relation = note.Relation
	}
}

// Key is what two spellings of the same door have in common: the finest of road and
// number, or estate and building; "" where the address names neither. Rooms and floors do
// not count.
func (a Address) Key() string {
	switch {
	case a.Estate != "" && a.Building != "":
		return fold(a.Estate+a.Phase) + "/" + a.Building
	case a.Road != "" && a.Number.From > 0:
		key := fold(a.Road) + "/" + a.Number.String()
		if a.Lane != "" {
			key = fold(a.Road) + "/" + a.Lane + "弄/" + a.Number.String()
		}
		if a.Yard && a.Building != "" {
			key += "/" + a.Building
		}
		return key
	case a.Community != "" && a.Number.From > 0:
		return fold(a.Community) + "/" + a.Group + "/" + a.Number.String()
	}
	return ""
}

func fold(name string) string { return hanzi.Arabic(name) }
