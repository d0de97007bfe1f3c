package address

import (
	"strings"
	"unicode"

	"yike/internal/hanzi"
)

// scanner walks over a text and collects a name until its end is found.
type scanner struct {
	r    []rune
	from int // of the name that is being read
	at   int
	last kind // of what was read last
	a    Address
}

func (s *scanner) scan() {
	for s.at < len(s.r) {
		switch c := s.r[s.at]; {
		case c != '#' && c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c):
			s.flush()
			s.at++
			s.from = s.at
		case s.takeFigure(), s.takePhase(), s.takeRelation():
		default:
			s.at++
			s.takeName()
		}
	}
	s.flush()
}

// flush ends a name that has no generic end.
func (s *scanner) flush() {
	name := string(s.r[s.from:s.at])
	s.from = s.at
	switch {
	case name == "" || name == "-":
	case len([]rune(name)) >= 2 && strings.ContainsFunc(name, hanzi.IsHan) && !joins(name):
		s.a.Places = append(s.a.Places, name)
		s.last = place
	default:
		if !joins(name) {
			s.a.Rest += name
		}
	}
}

// joins reports whether a word only joins two others.
func joins(word string) bool {
	switch word {
	case "与", "和", "及", "的", "在", "由", "至", "到", "中国", "处", "地址", "位于":
		return true
	}
	return false
}

// takeFigure reads a number with its word.
func (s *scanner) takeFigure() bool {
	f := figureAt(s.r[s.at:])
	if f.written == 0 || f.class == phase && s.from < s.at {
		return false
	}
	// 天津12中: bare figures inside a name.
	if f.class == bare && s.from < s.at && s.last == none {
		return false
	}
	s.flush()
	if !s.place(f) {
		s.a.Rest += string(s.r[s.at : s.at+f.written])
	}
	s.at += f.written
	s.from = s.at
	return true
}

// place puts a number where it belongs, and says whether there was a place for it.
func (s *scanner) place(f figure) bool {
	a := &s.a
	switch f.class {
	case house, hash, yard:
		return s.placeHouse(f)
	case building:
		return put(&a.Building, f.name())
	case unit:
		return put(&a.Unit, f.name())
	case storey:
		return put(&a.Floor, f.name())
	case storeyOrNot:
		if s.isBuilding(f) {
			return put(&a.Building, f.name())
		}
		return put(&a.Floor, f.name())
	case room:
		return put(&a.Room, f.name())
	case group:
		return put(&a.Group, f.name())
	case lane:
		return put(&a.Lane, f.name())
	case phase:
		return a.Estate != "" && put(&a.Phase, string(s.r[s.at:s.at+f.written]))
	default:
		return s.placeBare(f)
	}
}

func put(field *string, value string) bool {
	if *field != "" {
		return false
	}
	*field = value
	return true
}

// isBuilding tells 12楼 of an estate, which is a building, from 2楼, which is a floor.
func (s *scanner) isBuilding(f figure) bool {
	if s.a.Building != "" || s.a.Estate == "" || f.chinese {
		return false
	}
	next := figureAt(s.r[s.at+f.written:])
	return next.class == unit || next.class == room || next.class == bare || len(f.name()) > 1 || f.name() > "3"
}

// placeHouse gives 号 to the road, or else to the estate or the village; a second one, and
// one behind an estate, is a building.
func (s *scanner) placeHouse(f figure) bool {
	a := &s.a
	if s.at > 0 && s.r[s.at] == '附' && a.Number.From > 0 && a.Number.Sub == 0 {
		a.Number.Sub = f.number().From
		return true
	}
	first := a.Number.IsZero() && (s.last != estate || a.Road == "")
	if f.class == hash && a.Road == "" {
		first = false
	}
	if first {
		a.Number, a.Yard = f.number(), f.class == yard
		return !a.Number.IsZero()
	}
	return put(&a.Building, f.name()) || put(&a.Room, f.name())
}

// placeBare reads figures without a word: 3-2-501 behind an estate, 12 behind a road, 501
// behind a building.
func (s *scanner) placeBare(f figure) bool {
	a := &s.a
	if s.r[s.at] == '附' {
		return s.placeHouse(f)
	}
	inHouse := a.Estate != "" || a.Building != "" || !a.Number.IsZero()
	switch {
	case a.Road != "" && a.Number.IsZero() && s.last == road:
		if len(f.parts) == 3 {
			return false
		}
		a.Number = f.number()
		return true
	case !inHouse:
		return false
	}
	empty := []*string{}
	for _, field := range []*string{&a.Building, &a.Unit, &a.Room} {
		if *field == "" {
			empty = append(empty, field)
		}
	}
	if !a.Number.IsZero() && a.Estate == "" && a.Building == "" {
		empty = empty[1:] // the number has named the house
	}
	if len(f.parts) > len(empty) {
		return false
	}
	// Two figures are a building and a room; one is a room.
	switch {
	case len(f.parts) == 1 && a.Estate != "" && a.Building == "" && len(f.parts[0]) < 3:
		a.Building = f.parts[0]
	case len(f.parts) == 1:
		return put(&a.Room, f.mark+f.parts[0])
	case len(f.parts) == 2 && len(empty) == 3:
		a.Building, a.Room = f.parts[0], f.parts[1]
	default:
		for i, p := range f.parts {
			*empty[len(empty)-len(f.parts)+i] = p
		}
	}
	return true
}

// takePhase reads the part of an estate: 东区, 中院.
func (s *scanner) takePhase() bool {
	if s.last != estate || s.from != s.at || !s.phaseAt(s.at) {
		return false
	}
	put(&s.a.Phase, string(s.r[s.at:s.at+2]))
	s.at += 2
	s.from = s.at
	return true
}

func (s *scanner) phaseAt(i int) bool {
	return i+1 < len(s.r) && strings.ContainsRune("东西南北中", s.r[i]) && strings.ContainsRune("区院苑园", s.r[i+1]) && s.breaks(i+2)
}

// takeRelation reads 旁, 对面 and the like behind a name, and 向东200米.
func (s *scanner) takeRelation() bool {
	rest := s.r[s.at:]
	if n := wayAt(rest); n > 0 && s.at > 0 {
		s.flush()
		s.relate(Near, n)
		return true
	}
	rel, n := relationAt(rest)
	if n == 0 || s.at == 0 {
		return false
	}
	named := s.from == s.at && s.last != none || s.at > s.from+1 && s.breaks(s.at+n)
	if !named || n == 1 && !s.breaks(s.at+n) {
		return false
	}
	if s.from < s.at && rel == Side && n == 2 && len(s.r) > s.at+n && hanzi.IsHan(s.r[s.at+n]) {
		return false
	}
	// 村口, 门口: the mouth of a village is no crossing.
	if rel == Crossing && n == 1 && s.last != road {
		rel = Near
	}
	s.flush()
	s.relate(rel, n)
	return true
}

func (s *scanner) relate(r Relation, n int) {
	s.a.Relation = surest(s.a.Relation, r)
	s.at += n
	s.from = s.at
}

// wayAt is the length of a way such as 向东200米, 东行约50米; 0 for none.
func wayAt(r []rune) int {
	i := 0
	for i < len(r) && i < 4 && strings.ContainsRune("向往东南西北行走约", r[i]) {
		i++
	}
	if i == 0 {
		return 0
	}
	n := digits(r[i:])
	if n == 0 {
		n = chineseDigits(r[i:])
	}
	if n == 0 || i+n >= len(r) {
		return 0
	}
	switch {
	case r[i+n] == '米' || r[i+n] == 'm':
		return i + n + 1
	case r[i+n] == '公' && i+n+1 < len(r) && r[i+n+1] == '里':
		return i + n + 2
	}
	return 0
}

// breaks reports whether a name may end before position i: at the end, before a number
// with its word, or before a word of place.
func (s *scanner) breaks(i int) bool {
	if i >= len(s.r) {
		return true
	}
	rest := s.r[i:]
	if !unicode.IsLetter(rest[0]) && !unicode.IsDigit(rest[0]) {
		return true
	}
	if figureAt(rest).written > 0 || wayAt(rest) > 0 || s.phaseAt(i) {
		return true
	}
	if rest[0] == '与' || rest[0] == '和' {
		return true
	}
	_, n := relationAt(rest)
	if n == 1 { // 内, 口, 前: only where they stand alone
		return s.breaks(i + 1)
	}
	return n > 0
}

// takeName ends the name that is being read where its generic end is followed by what may
// stand behind it.
func (s *scanner) takeName() {
	for s.from < s.at-1 && s.from < len(s.r) && (s.r[s.from] == '与' || s.r[s.from] == '和') {
		s.from++
	}
	name := s.r[s.from:s.at]
	if placeEnd(string(name)) == place && len(name) > 1 && s.breaks(s.at) {
		s.keep(place, string(name))
		s.from = s.at
		return
	}
	k, n := ending(name)
	if k == none || len(name) <= n || !s.ends(k, n, name) {
		return
	}
	s.keep(k, string(name))
	s.from = s.at
}

// ends reports whether a name ends at its generic end.
func (s *scanner) ends(k kind, n int, name []rune) bool {
	rest := s.r[s.at:]
	early := s.a.Town == "" && s.a.Community == "" && s.a.Road == "" && s.a.Estate == ""
	switch k {
	case province:
		return early && s.a.Province == ""
	case city:
		return early && len(name) >= 3 && len(name) <= 8 && !after(rest) && !begins(rest, "场")
	case district:
		return early && n >= 1 && len(name) >= 3 && len(name) <= 9 && !after(rest) && s.isDistrict(name)
	case town:
		return s.a.Road == "" && s.a.Estate == "" && !startsRoad(rest) && !begins(rest, "办") && !begins(rest, "事处")
	case community:
		if longer(rest) || startsRoad(rest) {
			return false
		}
		if n == 1 && len(name) > 1 && name[len(name)-2] == '新' {
			return false // 新村 is an estate; see generic
		}
		return n > 1 || s.breaks(s.at) || !housesAt(rest)
	case road:
		if lanesAt(rest) {
			return false
		}
		return s.breaks(s.at) || !after(rest) && name[len(name)-1] != '条'
	case estate:
		if n == 1 {
			return s.breaks(s.at)
		}
		return s.breaks(s.at) || !after(rest)
	default:
		if n == 1 {
			return s.breaks(s.at)
		}
		return s.breaks(s.at) || !after(rest)
	}
}

// lanesAt reports whether a numbered lane goes on with a road's name: 解放路三巷.
func lanesAt(rest []rune) bool {
	n := max(digits(rest), chineseDigits(rest))
	return n > 0 && n < len(rest) && (rest[n] == '巷' || rest[n] == '条' || rest[n] == '胡' || rest[n] == '支')
}

// isDistrict leaves out words that end like districts: 校区, 东区.
func (s *scanner) isDistrict(name []rune) bool {
	if name[len(name)-1] != '区' {
		return true
	}
	if s.phaseAt(s.at-2) && len(name) > 3 {
		return false
	}
	return !strings.ContainsRune("校厂库片景辖矿林牧灾", name[len(name)-2])
}

// longer reports whether a community's end goes on: 社区居委会, 村委会.
func longer(rest []rune) bool {
	for _, word := range []string{"居委会", "居民委员会", "委会", "民委员会"} {
		if begins(rest, word) {
			return true
		}
	}
	return false
}

func begins(r []rune, word string) bool {
	i := 0
	for _, c := range word {
		if i == len(r) || r[i] != c {
			return false
		}
		i++
	}
	return true
}

// housesAt reports whether an estate or another division goes on with a village's name:
// 王村公寓, 周村镇.
func housesAt(rest []rune) bool {
	for n := min(longest, len(rest)); n > 0; n-- {
		switch k := generic(string(rest[:n])); k {
		case estate, community, town:
			return n > 1 || k != estate
		}
	}
	return false
}

// startsRoad reports whether a road's end stands right here: 古镇路, 村北路.
func startsRoad(rest []rune) bool {
	for n := min(3, len(rest)); n > 0; n-- {
		if generic(string(rest[:n])) == road {
			return true
		}
	}
	return false
}

// keep puts a name where it belongs.
func (s *scanner) keep(k kind, name string) {
	a := &s.a
	s.last = k
	switch k {
	case province:
		a.Province = name
	case city:
		if !put(&a.City, name) {
			put(&a.District, name)
		}
	case district:
		put(&a.District, name)
	case town:
		name = strings.TrimSuffix(strings.TrimSuffix(name, "办事处"), "办")
		if !put(&a.Town, name) {
			a.Places = append(a.Places, name)
		}
	case community:
		s.keepCommunity(name)
	case road:
		s.keepRoad(name)
	case estate:
		if !put(&a.Estate, name) {
			a.Places = append(a.Places, name)
		}
	default:
		a.Places = append(a.Places, name)
	}
}

func (s *scanner) keepCommunity(name string) {
	for _, tail := range []string{"居民委员会", "居委会", "民委员会", "委会"} {
		if cut, found := strings.CutSuffix(name, tail); found && cut != "" {
			name = cut
			if tail == "居民委员会" || tail == "居委会" {
				name = strings.TrimSuffix(name, "社区") + "社区"
			}
			break
		}
	}
	if strings.HasSuffix(name, "村村") {
		name = strings.TrimSuffix(name, "村")
	}
	if !put(&s.a.Community, name) {
		s.a.Places = append(s.a.Places, name)
	}
}

// keepRoad keeps up to two roads: a crossing, or a lane that leaves a road. 西营门街 before
// a road is short for the subdistrict.
func (s *scanner) keepRoad(name string) {
	a := &s.a
	switch {
	case a.Road == "":
		a.Road = name
	case !a.Number.IsZero():
		a.Places = append(a.Places, name)
	case s.crossing():
		put(&a.Cross, name)
	case strings.HasSuffix(a.Road, "街") && a.Town == "" && a.Main == "":
		a.Town, a.Road = a.Road, name
	case a.Main == "":
		a.Main, a.Road = a.Road, name
	default:
		a.Places = append(a.Places, name)
	}
}

// crossing reports whether two roads are joined by 与, or a word for a crossing follows.
func (s *scanner) crossing() bool {
	if rel, n := relationAt(s.r[s.at:]); n > 0 && rel == Crossing {
		return true
	}
	name := len([]rune(s.a.Road))
	return s.from > name && strings.ContainsRune("与和,/", s.r[s.from-1])
}
