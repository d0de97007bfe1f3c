package naming

import (
	"slices"
	"strings"

	"yike/placenames"
)

// References gives the names that the direction word of a name may refer to, the likeliest
// first: of 沣惠南路 the part 沣惠北路 and 沣惠路 whole, of 渭河南路 besides these the river, of
// 东长安街 长安街. Empty where there is no direction word in it.
func (k *Checker) References(n placenames.Name) []string {
	const words = "东西南北"
	across := map[string]string{"东": "西", "西": "东", "南": "北", "北": "南"}
	p, split := k.catalogue.PartsOf(n)
	if !split {
		return nil
	}
	var out []string
	add := func(text string) {
		if text != n.Text && text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if m := p.Modifier; across[m] != "" {
		add(p.Specific + across[m] + p.Generic)
		add(p.Specific + p.Generic)
		for _, w := range words {
			add(p.Specific + string(w) + p.Generic)
		}
		if placenames.Characters(p.Specific) > 1 {
			add(p.Specific)
		}
		return out
	}
	for _, r := range words {
		w := string(r)
		if base, cut := strings.CutPrefix(p.Specific, w); cut && placenames.Characters(base) > 1 {
			add(base + p.Generic)
		}
		if base, cut := strings.CutSuffix(p.Specific, w); cut && placenames.Characters(base) > 1 {
			add(base + across[w] + p.Generic)
			add(base + p.Generic)
		}
	}
	return out
}
