package estatelist

import (
	"strings"

	"yike/facilities/estates"
	"yike/facilities/lists"
	"yike/internal/record"
)

// ReadPhases reads the phases of an estate as a cell has them, parted by semicolons: a name
// with its number, the households, the days on which the housing was begun and accepted.
// 一期 600户 2024-03-01开工 2026-05-01验收；二期 400户. The fault is of the first that is none.
func ReadPhases(cell string) ([]estates.Phase, *record.Fault) {
	out := []estates.Phase{}
	for _, text := range lists.Texts(cell) {
		p, ok := readPhase(text)
		if !ok {
			return nil, &record.Fault{
				Field: "phases", Value: text, ZH: "应为“期名 户数 开工日期 验收日期”，各期以分号隔开，如：一期 600户 2024-03-01开工 2026-05-01验收；二期 400户",
				EN: "must be the phase, its households, the days on which its housing was begun and accepted, with semicolons between phases, such as: 1 600 households 2024-03-01 begun 2026-05-01 accepted; 2 400 households",
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func readPhase(text string) (estates.Phase, bool) {
	words := strings.Fields(strings.NewReplacer("，", " ", "、", " ", "　", " ").Replace(text))
	if len(words) < 2 {
		return estates.Phase{}, false
	}
	var p estates.Phase
	var ok bool
	if p.No, ok = lists.Ordinal(words[0]); !ok {
		return estates.Phase{}, false
	}
	if strings.TrimLeft(words[0], "0123456789") != "" {
		p.Name = words[0]
	}
	for _, w := range words[1:] {
		if !take(&p, w) {
			return estates.Phase{}, false
		}
	}
	return p, true
}

// take reads a word behind the name of a phase.
func take(p *estates.Phase, w string) bool {
	switch w {
	case "households", "begun", "accepted": // words behind what they are of
		return true
	}
	bare := strings.TrimSuffix(strings.TrimSuffix(w, "开工"), "验收")
	if day, fit := lists.Day(bare); fit == lists.WholeDay && strings.ContainsAny(bare, "-/.年") {
		if strings.HasSuffix(w, "验收") || p.HousingStarted != "" && !strings.HasSuffix(w, "开工") {
			p.HousingAccepted = day
			return true
		}
		p.HousingStarted = day
		return true
	}
	m, ok := lists.Count(w, "")
	if !ok || p.Households != 0 || m.Value < 0 || m.Value > estates.MostHouseholds || m.Value != float64(int(m.Value)) {
		return false
	}
	p.Households = int(m.Value)
	return true
}
