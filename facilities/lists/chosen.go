package lists

import "slices"

// ReadChosen is ReadHeads where people said which field some headings mean, by its code; "" for a
// heading that is passed over. What nobody said is found as ever. A field that somebody gave a
// heading belongs to that one, whatever else may mean it.
func ReadChosen(texts []string, columns []Column, derived []string, chosen map[string]string) (Heads, []Fault) {
	said, passed := slices.Clone(texts), "#"
	first := map[string]string{} // the heading of each chosen field
	for i, text := range texts {
		field, ok := chosen[text]
		switch {
		case ok && field == "":
			said[i] = passed
		case ok:
			said[i] = field
			if first[field] == "" {
				first[field] = text
			}
		}
	}
	for i, text := range texts {
		if _, ok := chosen[text]; ok {
			continue
		}
		// Alone it would mean a field that is taken: then it is left, and is no fault.
		alone, _ := ReadHeads([]string{text}, columns, nil)
		if first[alone.Field(0)] != "" {
			said[i] = passed
		}
	}
	h, faults := ReadHeads(said, columns, derived)
	for i := range faults {
		if at := slices.Index(said, faults[i].Column); at >= 0 {
			faults[i].Column = texts[at]
		}
	}
	h.texts = texts
	for i, text := range texts {
		_, h.units[i] = splitHead(text)
		if said[i] == passed {
			h.Ignored = append(h.Ignored, text)
		}
	}
	return h, faults
}
