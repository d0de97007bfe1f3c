package facilities

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/record"
)

// ServiceArea is a named set of communities inside a subdistrict (片区), which people speak
// of together: a facility serves the area. It is no division.
type ServiceArea struct {
	ID             string
	Version        int
	NameZH, NameEN string
	Division       string   // code of the subdistrict
	Communities    []string // codes
	Closed         bool     // given up
	ValidFrom      record.Day
}

// AreaPatch is what a person wants otherwise of an area; nil leaves a part as it is.
type AreaPatch struct {
	NameZH, NameEN *string
	Communities    *[]string
	Closed         *bool
}

// Apply gives a with what the patch says, tidied.
func (p AreaPatch) Apply(a ServiceArea) ServiceArea {
	set(&a.NameZH, p.NameZH, strings.TrimSpace)
	set(&a.NameEN, p.NameEN, strings.TrimSpace)
	set(&a.Communities, p.Communities, sortedOnce)
	set(&a.Closed, p.Closed, same)
	return a
}

// CleanArea takes away what nobody means to write.
func CleanArea(a ServiceArea) ServiceArea {
	a.NameZH, a.NameEN, a.Division = strings.TrimSpace(a.NameZH), strings.TrimSpace(a.NameEN), strings.TrimSpace(a.Division)
	a.Communities = sortedOnce(a.Communities)
	return a
}

func sortedOnce(codes []string) []string {
	out := eachOnce(codes)
	slices.Sort(out)
	return out
}

// ValidateArea gives everything about an area that a person may not write so. known are
// the communities of its subdistrict; nil says that there is no such subdistrict.
func ValidateArea(a ServiceArea, known []string) []record.Fault {
	out := append(shortFaults("name_zh", a.NameZH, true), shortFaults("name_en", a.NameEN, false)...)
	if known == nil {
		return append(out, record.Fault{Field: "division_code", Value: a.Division, ZH: "没有这个编码的街镇", EN: "no subdistrict has this code"})
	}
	if len(a.Communities) == 0 {
		out = append(out, record.Fault{Field: "communities", ZH: "至少要有一个村居", EN: "name at least one community"})
	}
	for _, code := range a.Communities {
		if !slices.Contains(known, code) {
			out = append(out, record.Fault{Field: "communities", Value: code, ZH: "不是该街镇的村居", EN: "is no community of the subdistrict"})
		}
	}
	return out
}

// Overlap is a community that lies in two areas: no error, since areas of one purpose may
// cross those of another, but worth a look.
type Overlap struct{ Community, AreaID, AreaName string }

// Overlaps gives the communities of an area that other open areas have, too.
func Overlaps(a ServiceArea, others []ServiceArea) []Overlap {
	var out []Overlap
	for _, code := range a.Communities {
		for _, other := range others {
			if other.ID != a.ID && !other.Closed && !a.Closed && slices.Contains(other.Communities, code) {
				out = append(out, Overlap{code, other.ID, other.NameZH})
			}
		}
	}
	return out
}

// Steward is who looks after the records of a division: an office and a post, no person.
type Steward struct {
	ID         string
	Version    int
	Division   string
	Office     string
	Post       string
	Phone      string // of the office
	VerifyDays int    // a record not held against the place for longer is overdue
	ValidFrom  record.Day
}

// StewardPatch is what a person wants otherwise of a steward.
type StewardPatch struct {
	Office, Post, Phone *string
	VerifyDays          *int
}

// Apply gives s with what the patch says, tidied.
func (p StewardPatch) Apply(s Steward) Steward {
	set(&s.Office, p.Office, strings.TrimSpace)
	set(&s.Post, p.Post, strings.TrimSpace)
	set(&s.Phone, p.Phone, strings.TrimSpace)
	set(&s.VerifyDays, p.VerifyDays, same)
	return s
}

// Bounds of how often records are to be held against the place, in days.
const (
	LeastVerifyDays = 1
	MostVerifyDays  = 3660
)

// ValidateSteward gives everything about a steward that a person may not write so; known
// is whether there is its division.
func ValidateSteward(s Steward, known bool) []record.Fault {
	out := append(shortFaults("office", s.Office, true), shortFaults("post", s.Post, false)...)
	if s.Phone != "" {
		if zh, en := (FieldInfo{Kind: Phone}).textFault(s.Phone); zh != "" {
			out = append(out, record.Fault{Field: "phone", Value: s.Phone, ZH: zh, EN: en})
		}
	}
	if s.VerifyDays < LeastVerifyDays || s.VerifyDays > MostVerifyDays {
		out = append(out, record.Fault{
			Field: "verify_days", Value: fmt.Sprint(s.VerifyDays), ZH: fmt.Sprintf("应为 %d 至 %d 天", LeastVerifyDays, MostVerifyDays),
			EN: fmt.Sprintf("must be from %d to %d days", LeastVerifyDays, MostVerifyDays),
		})
	}
	if !known {
		out = append(out, record.Fault{Field: "division_code", Value: s.Division, ZH: "没有这个编码的辖区", EN: "there is no division of this code"})
	}
	return out
}

// shortFaults are those of a text of one line.
func shortFaults(field, text string, needed bool) []record.Fault {
	n := utf8.RuneCountInString(text)
	switch {
	case needed && text == "":
		return []record.Fault{{Field: field, ZH: "请填写", EN: "is needed"}}
	case n > LongestName:
		return []record.Fault{{Field: field, Value: fmt.Sprint(n), ZH: fmt.Sprintf("不应超过 %d 个字", LongestName), EN: fmt.Sprintf("at most %d characters", LongestName)}}
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return []record.Fault{{Field: field, Value: strings.ToValidUTF8(text, "?"), ZH: "含有换行等控制字符", EN: "holds control characters such as line breaks"}}
	}
	return nil
}
