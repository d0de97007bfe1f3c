package likeness

import (
	"slices"
	"strings"
	"unicode"

	"yike/internal/address"
	"yike/internal/hanzi"
)

// profile is a record as it is compared.
type profile struct {
	rec      Record
	full     string   // the whole name, folded
	town     string   // a subdistrict that the name says, bare
	place    string   // the community, village, estate or else the subdistrict that it says, bare
	own      []rune   // what is left of it
	core     []rune   // place and own
	sounds   []string // of the characters of core
	number   string   // 2 of 第二食堂, 二店
	note     string   // in brackets
	function function // of the type
	said     function // that the name says; unknown where it says none

	address                   address.Address
	addressKey, addressText   string
	road                      string
	phones                    []string
	uscc, institution, bureau string
	community                 string // the code of the community, where it is known
}

func (f *Finder) profile(r Record) profile {
	p := profile{rec: r, function: functionOf(r.Type)}
	f.readName(&p)
	p.address = address.Parse(r.Address)
	p.addressKey, p.addressText = p.address.Key(), hanzi.Arabic(hanzi.Fold(r.Address))
	p.road = hanzi.Arabic(p.address.Road)
	p.phones = phones(r.Phone)
	p.uscc, p.institution, p.bureau = code(r.USCC), code(r.InstitutionCode), code(r.BureauNo)
	const digits = 12
	if len(r.DivisionCode) >= digits {
		p.community = r.DivisionCode[:digits]
	}
	return p
}

// readName takes a name apart: 西青区西营门街道友谊社区第二老人家食堂（南区） is the second canteen
// of 友谊, with a note.
func (f *Finder) readName(p *profile) {
	name := hanzi.Fold(p.rec.Name)
	p.full = hanzi.Arabic(name)
	name, p.note = f.takeNote(name)
	a := address.Parse(name)
	rest := name
	for _, part := range []string{a.Province, a.City, a.District, a.Town} {
		rest = strings.TrimPrefix(rest, part)
	}
	p.town = bareDivision(hanzi.Arabic(a.Town))
	if a.Community != "" && strings.HasPrefix(rest, a.Community) {
		p.place = bareDivision(hanzi.Arabic(a.Community))
		rest = strings.TrimPrefix(rest, a.Community)
		for _, tail := range []string{"居民委员会", "居委会", "村民委员会", "村委会"} {
			rest = strings.TrimPrefix(rest, tail)
		}
	}
	rest, said := f.takeEnd(hanzi.Arabic(rest))
	p.said = said
	rest, p.number = takeNumber(rest)
	p.own = []rune(bareDivision(rest))
	if p.place == "" && len(p.own) == 0 {
		p.place = p.town
	}
	p.core = []rune(p.place)
	if !strings.HasPrefix(string(p.own), p.place) || p.place == "" {
		p.core = append(p.core, p.own...)
	} else {
		p.core = p.own
	}
	for _, r := range p.core {
		sound := string(r)
		if of := f.sounds.Of(r); len(of) > 0 {
			sound = of[0]
		}
		p.sounds = append(p.sounds, sound)
	}
}

// takeNote takes off what stands in brackets at the end of a name. A former name is no
// part of it; brackets around the name itself are an ornament.
func (f *Finder) takeNote(name string) (rest, note string) {
	open := strings.IndexByte(name, '(')
	if open < 0 {
		return name, ""
	}
	note = strings.Trim(name[open:], "()")
	if _, said := f.takeEnd(hanzi.Arabic(note)); open == 0 || said != unknown && !strings.HasPrefix(note, "原") {
		return strings.NewReplacer("(", "", ")", "").Replace(name), ""
	}
	if strings.HasPrefix(note, "原") {
		note = ""
	}
	return name[:open], hanzi.Arabic(note)
}

// takeNumber takes the number off the end of a name: 友谊第2, 友谊2号, 友谊2店, 友谊2分部. A name
// that is a number itself keeps it.
func takeNumber(name string) (rest, number string) {
	r := []rune(name)
	end := len(r)
	for end > 0 && strings.ContainsRune("号店部分院区所期", r[end-1]) {
		end--
	}
	start := end
	for start > 0 && (unicode.IsDigit(r[start-1]) || r[start-1] >= 'a' && r[start-1] <= 'z') {
		start--
	}
	if start == end {
		return name, ""
	}
	number = string(r[start:end])
	if start > 0 && r[start-1] == '第' {
		start--
	}
	return string(r[:start]), number
}

// phones are the numbers of a text, without area codes.
func phones(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(hanzi.Width(text), func(r rune) bool { return r == ',' || r == '/' || r == ' ' || r == '|' || r == '(' }) {
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, part)
		digits = strings.TrimPrefix(digits, "86")
		const landline = 8
		if len(digits) > landline && digits[0] == '0' {
			digits = digits[len(digits)-landline:]
		}
		if len(digits) >= 7 && !slices.Contains(out, digits) {
			out = append(out, digits)
		}
	}
	return out
}

func code(s string) string { return strings.ToUpper(hanzi.Fold(s)) }
