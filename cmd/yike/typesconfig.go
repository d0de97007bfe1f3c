package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"yike/facilities"
	"yike/facilities/standards"
	"yike/internal/rules"
)

// loadTypes reads the catalogue of facility types with what the file adds to it; "" for
// no file. Every fault is bad input.
func loadTypes(path string) (facilities.Types, error) {
	var extra []byte
	if path != "" {
		var err error
		if extra, err = os.ReadFile(path); err != nil {
			return facilities.Types{}, badInput(fmt.Sprintf("YIKE_TYPES：无法读取 %s：%v", path, err), fmt.Sprintf("YIKE_TYPES: cannot read %s: %v", path, err))
		}
	}
	types, err := facilities.ParseCatalogue(extra)
	if err != nil {
		return facilities.Types{}, badInput(fmt.Sprintf("YIKE_TYPES：%s 有误：%v", path, err), fmt.Sprintf("YIKE_TYPES: %s: %v", path, err))
	}
	set, err := standards.Set()
	if err != nil {
		return facilities.Types{}, err
	}
	if err := standards.Known(set, types.Types); err != nil {
		return facilities.Types{}, badInput(fmt.Sprintf("YIKE_TYPES：%s 有误：%v", path, err), fmt.Sprintf("YIKE_TYPES: %s: %v", path, err))
	}
	return types, nil
}

// loadRegions reads the codes of regions whose standards hold here although the adcode
// does not begin with them: a new area that is no district, or a district under a
// pseudo-code.
func loadRegions(text string) ([]string, error) {
	set, err := standards.Set()
	if err != nil {
		return nil, err
	}
	var out, known []string
	for _, r := range set.Regions {
		known = append(known, r.Code)
	}
	for code := range strings.SplitSeq(text, ",") {
		if code = strings.TrimSpace(code); code == "" {
			continue
		}
		if !slices.ContainsFunc(set.Regions, func(r rules.Region) bool { return r.Code == code }) {
			list := strings.Join(known, ", ")
			return nil, badInput(fmt.Sprintf("YIKE_REGIONS=%s：没有“%s”，可用的有 %s", text, code, list), fmt.Sprintf("YIKE_REGIONS=%s: there is no %q; there are %s", text, code, list))
		}
		out = append(out, code)
	}
	return out, nil
}
