package placing

import (
	"fmt"
	"slices"
	"strings"

	"yike/geo/divisions"
	"yike/internal/address"
	"yike/internal/hanzi"
)

// The confidence of what only the people of a community call so: below Accept whatever is
// added to it, so that somebody looks.
const (
	localName = 60
	officeAt  = 55
)

// local looks for what an address calls by a name that is enough within its community:
// 幸福院 for 梁家塘村农村幸福院, and 村委会 for where the community's premises are. It finds
// what is to be looked at first, never a position that is kept by itself.
func (s *search) local() {
	if len(s.found) > 0 || s.c.at < 0 || s.c.weak || s.g.list[s.c.at].Level != divisions.Community {
		return
	}
	for _, name := range s.a.Places {
		s.localSpot(nameKey(name))
		if s.a.Relation == address.Inside {
			s.localSpot(nameKey(name + "院")) // 幸福院内 is read as 幸福, 院内
		}
	}
	if len(s.found) == 0 && namesOffice(s.q.Text) {
		s.office()
	}
}

// localSpot finds the one facility or place of the community whose name ends so.
func (s *search) localSpot(key string) {
	if len([]rune(key)) < 3 {
		return
	}
	list := s.inCommunity(func(name string) bool { return strings.HasSuffix(name, key) })
	if len(list) != 1 {
		return
	}
	x := list[0]
	s.add(Candidate{
		Kind: x.kind, ID: x.id, Name: x.name, Point: x.point, Placed: true, Confidence: localName,
		ZH: "该村居内只有" + x.name + "叫这个名字，请确认", EN: "in that community only " + x.name + " is called so; please confirm",
	})
}

// namesOffice reports whether a text names the committee of a community.
func namesOffice(text string) bool {
	t := hanzi.Plain(text)
	return slices.ContainsFunc([]string{"村委会", "居委会", "村民委员会", "居民委员会", "村部"}, func(w string) bool { return strings.Contains(t, w) })
}

// office finds where the committee of the community is likely to sit.
func (s *search) office() {
	list := s.inCommunity(func(name string) bool {
		return slices.ContainsFunc([]string{"党群服务中心", "社区服务中心", "综合服务设施", "综合服务中心", "居委会", "村委会"}, func(end string) bool { return strings.HasSuffix(name, end) })
	})
	for _, x := range list {
		s.add(Candidate{
			Kind: x.kind, ID: x.id, Name: x.name, Point: x.point, Placed: true, Confidence: officeAt,
			ZH: fmt.Sprintf("%s；居（村）委会多设在此，请确认", x.name), EN: x.name + ", where the committee usually sits; please confirm",
		})
	}
}

// inCommunity gives the facilities and places in the community that the query names whose
// name, as it is compared, fits. O(all names).
func (s *search) inCommunity(fits func(name string) bool) []*spot {
	var out []*spot
	for key, list := range s.g.spots.exact {
		if !fits(key) {
			continue
		}
		for _, x := range list {
			if x.kind != Building && (x.id != s.q.Except || x.kind != Facility) && s.g.holds(s.c, x.point) > 0 && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	slices.SortFunc(out, func(a, b *spot) int { return strings.Compare(a.name+a.id, b.name+b.id) })
	return out
}
