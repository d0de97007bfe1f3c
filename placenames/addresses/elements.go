package addresses

import "strings"

// Division is a division of the chain of an address, as elements name it.
type Division struct {
	Code string // 2, 4, 6, 9 or 12 digits
	Name string // 杨柳青镇
}

// DivisionsOf gives the codes of the divisions that one is in, from the district to itself: the
// first 6, 9 and 12 digits of its code.
func DivisionsOf(code string) []string {
	var out []string
	for _, n := range []int{6, 9, 12} {
		if len(code) > n {
			out = append(out, code[:n])
		}
	}
	return append(out, code)
}

// Elements are the parts of an address in order, each under the code of its kind: groups 10
// (province, city, district), 20 (town, township, subdistrict), 30 (community, village) and 40
// (road or estate), and finer ones without a code. A group that the address does not have
// reads 无, as the data-entry rules ask; onEstate says whether the name is of an estate or a
// road. A community is written without 居委会. O(parts).
func Elements(divisions []Division, name string, onEstate bool, chain []Address) []Element {
	var out []Element
	group := func(of byte) bool { return len(out) > 0 && out[len(out)-1].Code != "" && out[len(out)-1].Code[0] == of }
	add := func(code, value string) {
		if value == "" {
			value = None
		}
		out = append(out, Element{Code: code, Value: value})
	}
	for _, d := range divisions {
		if code := divisionKind(d); code != "" {
			add(code, communityName(d.Name))
		}
	}
	if !group('1') && len(out) == 0 {
		add("13", "")
	}
	for _, fill := range []struct {
		group byte
		code  string
	}{{'2', "23"}, {'3', "31"}} {
		if !hasGroup(out, fill.group) {
			at := len(out)
			for at > 0 && out[at-1].Code[0] > fill.group {
				at--
			}
			out = append(out[:at], append([]Element{{Code: fill.code, Value: None}}, out[at:]...)...)
		}
	}
	if onEstate {
		add("42", name)
	} else {
		add("41", name)
	}
	for _, a := range chain {
		out = append(out, Element{Value: orNone(a.Part())})
	}
	return out
}

func orNone(value string) string {
	if value == "" {
		return None
	}
	return value
}

func hasGroup(all []Element, group byte) bool {
	for _, e := range all {
		if e.Code != "" && e.Code[0] == group {
			return true
		}
	}
	return false
}

// divisionKind is the code of a division's kind by the length of its own code and the end of
// its name; "" for a grid, which is no part of an address.
func divisionKind(d Division) string {
	switch len(d.Code) {
	case 2:
		return "11"
	case 4:
		return "12"
	case 6:
		return "13"
	case 9:
		switch {
		case strings.HasSuffix(d.Name, "乡"):
			return "21"
		case strings.HasSuffix(d.Name, "镇"):
			return "22"
		}
		return "23"
	case 12:
		switch {
		case strings.HasSuffix(d.Name, "居委会"), strings.HasSuffix(d.Name, "居民委员会"):
			return "32"
		case strings.HasSuffix(d.Name, "村"), strings.HasSuffix(d.Name, "村委会"), strings.HasSuffix(d.Name, "村民委员会"):
			return "33"
		}
		return "31"
	}
	return ""
}

// communityName leaves off the words of the committee, which are no part of an address.
func communityName(name string) string {
	for _, end := range []string{"居民委员会", "村民委员会", "居委会", "村委会"} {
		if s, ok := strings.CutSuffix(name, end); ok && s != "" {
			return s
		}
	}
	return name
}

// MissingElements names the groups of elements that are 无 or not there, of those that every
// address has: district, town and road or estate. A community may rightly be 无. O(elements).
func MissingElements(elements []Element) []string {
	missing := []string{}
	for _, g := range []struct {
		group byte
		words string
	}{{'1', "省市县 10"}, {'2', "乡镇街道 20"}, {'3', "社区村居 30"}, {'4', "街路巷小区 40"}} {
		there := false
		for _, e := range elements {
			if e.Code != "" && e.Code[0] == g.group && e.Value != "" && (e.Value != None || g.group == '3') {
				there = true
			}
		}
		if !there {
			missing = append(missing, g.words)
		}
	}
	for _, e := range elements {
		if e.Code == "" && (e.Value == "" || e.Value == None) {
			missing = append(missing, "门牌、楼栋、单元、户室")
			break
		}
	}
	return missing
}

// Ordered reports whether the elements go from the widest to the finest.
func Ordered(elements []Element) bool {
	group := byte('0')
	for _, e := range elements {
		code := byte('9')
		if e.Code != "" {
			code = e.Code[0]
		}
		if code < group {
			return false
		}
		group = code
	}
	return true
}
