package access

import (
	"fmt"
	"slices"
)

// Open adds a site that serves these places, ascending, at these times, and returns its
// number. The access that results is byte for byte that of asking with it from the start.
// In two steps only its places are touched; in three, also the places of the sites
// that share places with it.
func (m *Measure) Open(place, time []int32, supply float64) (int, error) {
	if err := checkSite(place, time, supply, len(m.people)); err != nil {
		return 0, fmt.Errorf("open a site: %w", err)
	}
	m.index()
	s := site{supply: supply, open: true, place: slices.Clone(place)}
	s.weight, s.choice = m.rule.over(time)
	j := len(m.sites)
	m.sites, m.seen = append(m.sites, s), append(m.seen, false)
	for at, i := range s.place {
		m.at[i] = append(m.at[i], link{int32(j), int32(at)})
	}
	m.update(j)
	return j, nil
}

// SetOpen closes a site or opens it again. The access that results is byte for byte that
// of asking without it, or with it. A site that is as it is asked to be does not change.
func (m *Measure) SetOpen(site int, open bool) {
	if m.sites[site].open == open {
		return
	}
	m.index()
	m.sites[site].open = open
	m.update(site)
}

// SetSupply changes what a site supplies.
func (m *Measure) SetSupply(site int, supply float64) error {
	s := &m.sites[site]
	if err := checkSite(nil, nil, supply, 0); err != nil {
		return fmt.Errorf("change the supply of site %d: %w", site, err)
	}
	m.index()
	s.supply = supply
	m.divide(s)
	m.renew(s.place)
	return nil
}

// Ready makes what changes need, once; without it the first change of each clone would
// make it again. O(len(Place)).
func (m *Measure) Ready() *Measure {
	m.index()
	return m
}

// index makes the lists of links by place, sites ascending.
func (m *Measure) index() {
	if m.at != nil {
		return
	}
	count := make([]int, len(m.people))
	for _, s := range m.sites {
		for _, i := range s.place {
			count[i]++
		}
	}
	total := 0
	for _, n := range count {
		total += n
	}
	all := make([]link, total)
	m.at = make([][]link, len(m.people))
	for i, n := range count {
		m.at[i], all = all[:0:n], all[n:]
	}
	for j, s := range m.sites {
		for at, i := range s.place {
			m.at[i] = append(m.at[i], link{int32(j), int32(at)})
		}
	}
}

// update brings up to date what the opening or closing of a site touches.
func (m *Measure) update(j int) {
	if m.total == nil {
		m.divide(&m.sites[j])
		m.renew(m.sites[j].place)
		return
	}
	// The choice of its places changes, so the ratios of all sites they may choose do.
	changed := []int32{int32(j)}
	m.seen[j] = true
	for _, i := range m.sites[j].place {
		m.total[i] = 0
		for _, l := range m.at[i] {
			if s := &m.sites[l.site]; s.open {
				m.total[i] += s.choice[l.at]
			}
			if !m.seen[l.site] {
				m.seen[l.site] = true
				changed = append(changed, l.site)
			}
		}
	}
	var places []int32
	for _, k := range changed {
		m.seen[k] = false
		if s := &m.sites[k]; s.open {
			m.divide(s)
		} else {
			s.demand, s.ratio = 0, 0
		}
		for _, i := range m.sites[k].place {
			if !m.mark[i] {
				m.mark[i] = true
				places = append(places, i)
			}
		}
	}
	for _, i := range places {
		m.mark[i] = false
	}
	m.renew(places)
}

// renew adds up the access of places again, sites ascending.
func (m *Measure) renew(places []int32) {
	for _, i := range places {
		sum := 0.0
		for _, l := range m.at[i] {
			if s := &m.sites[l.site]; s.open {
				sum += m.part(s, int(l.at))
			}
		}
		m.access[i] = sum
	}
}
