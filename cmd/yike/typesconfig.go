package main

import (
	"fmt"
	"os"

	"yike/facilities"
	"yike/facilities/standards"
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
