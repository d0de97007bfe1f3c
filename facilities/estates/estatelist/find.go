package estatelist

import (
	"fmt"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/lists"
	"yike/internal/record"
)

// find gives the estate that a row means, by its id, else by its name, which stands in field,
// and division; nil for one that is not there.
func (d *Drafts) find(id, field, name, code string) (*Draft, *record.Fault) {
	if id != "" {
		it, ok := d.byID[strings.ToLower(strings.TrimSpace(id))]
		if !ok {
			return nil, &record.Fault{Field: "estate_id", Value: id, ZH: "没有这个登记编号的小区；新小区请留空", EN: "no estate has this id; leave it empty for a new one"}
		}
		return it, nil
	}
	if name == "" {
		return nil, &record.Fault{Field: field, ZH: "请填写小区名称", EN: "is needed: the name of the estate"}
	}
	found := d.called(name, func(division string) bool { return code == "" || division == code || division == "" })
	if len(found) == 0 {
		found = d.called(name, func(division string) bool { return strings.HasPrefix(division, code) })
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	return nil, &record.Fault{
		Field: field, Value: name, ZH: fmt.Sprintf("有 %d 个同名小区，请写明村居或小区登记编号", len(found)),
		EN: fmt.Sprintf("there are %d estates of this name; give the community or the record id", len(found)),
	}
}

// called lists the estates of a name whose division fits.
func (d *Drafts) called(name string, fits func(division string) bool) []*Draft {
	var out []*Draft
	for _, it := range d.byName[lists.Key(name)] {
		if fits(it.After.DivisionCode) {
			out = append(out, it)
		}
	}
	return out
}

// seats finds the rooms of an estate.
type seats struct {
	byID    map[string]int
	byPlace map[seat]int
}

// seat is where a room is in its estate, as it is compared.
type seat struct{ building, floor, number, name string }

func seatOf(r estates.Room) seat {
	building := lists.Key(r.Building)
	for _, word := range []string{"号楼", "号栋", "栋", "幢", "座", "楼", "#"} {
		if rest, ok := strings.CutSuffix(building, word); ok && rest != "" {
			building = rest
			break
		}
	}
	floor := lists.Key(r.Floor)
	if f, ok := estates.ParseFloors(r.Floor); ok {
		floor = fmt.Sprint(f)
	}
	s := seat{building: building, floor: floor, number: lists.Key(r.RoomNo)}
	if s.number == "" {
		s.name = lists.Key(r.Name)
	}
	return s
}

func newSeats(rooms []estates.Room) *seats {
	s := &seats{byID: map[string]int{}, byPlace: map[seat]int{}}
	for i, r := range rooms {
		s.byID[r.ID] = i
		s.sit(r, i)
	}
	return s
}

func (s *seats) sit(r estates.Room, i int) {
	at := seatOf(r)
	if _, taken := s.byPlace[at]; !taken {
		s.byPlace[at] = i
	}
}

// find gives the room that a row means; -1 for one that is not there. One that had no number
// until now is known by its name.
func (s *seats) find(id string, r estates.Room) (int, *record.Fault) {
	if id != "" {
		i, ok := s.byID[strings.ToLower(id)]
		if !ok {
			return -1, &record.Fault{Field: "room_id", Value: id, ZH: "这个小区没有这个登记编号的用房；新用房请留空", EN: "the estate has no room with this id; leave it empty for a new one"}
		}
		return i, nil
	}
	if i, ok := s.byPlace[seatOf(r)]; ok {
		return i, nil
	}
	if r.RoomNo != "" && r.Name != "" {
		r.RoomNo = ""
		if i, ok := s.byPlace[seatOf(r)]; ok {
			return i, nil
		}
	}
	return -1, nil
}
