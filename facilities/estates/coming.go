package estates

import (
	"yike/facilities/premises"
	"yike/internal/record"
	"yike/internal/rules"
)

// Coming is an estate that its community will have, too, as its approved plan says.
type Coming struct {
	ID, Name   string
	Households int           // that the community does not have yet
	Area       premises.Area // of community premises that the ledger does not have yet
	Uncounted  bool          // nobody knows its households
	Vague      string        // a room whose area or use is not known; "" for none
}

// ToCome is what an estate brings to its community that this does not have yet; false for one
// that is not certain or no longer to come. An estate counts for its neighbours from the day on
// which its plan is approved until it is handed over: before, it may never be built, and
// afterwards the ledger and the community have it.
func (e Estate) ToCome(p Progress, day record.Day) (Coming, bool) {
	if e.Kind != New || !e.Plan.Known() || e.Plan.Day > day || p.Passed(HandOver) {
		return Coming{}, false
	}
	out := Coming{ID: e.ID, Name: e.Name}
	if e.CompletedOn == "" || e.CompletedOn > day {
		out.Households, out.Uncounted = e.Households, e.Households <= 0
	}
	for _, r := range e.Rooms {
		if r.LedgerID != "" {
			continue
		}
		out.Area += r.For(premises.CommunityNorm)
		if out.Vague == "" && (r.Area <= 0 || r.Use == "") {
			out.Vague = r.Title()
		}
	}
	return out, true
}

// With gives a ground with the estates that communities will have, too: those of the list that
// are to come on a day. progress gives how far an estate is by its id.
func (g Ground) With(list []Estate, progress map[string]Progress, day record.Day) Ground {
	g.Coming = map[string][]Coming{}
	for _, e := range list {
		if c, ok := e.ToCome(progress[e.ID], day); ok {
			g.Coming[e.DivisionCode] = append(g.Coming[e.DivisionCode], c)
		}
	}
	return g
}

// coming adds the other estates that a community will have to what rules ask about it. What is
// not known of one of them is not known of the community.
func (c Community) coming(out map[string]rules.Input) {
	names := []string{}
	var area premises.Area
	households := 0
	for _, other := range c.Coming {
		names = append(names, other.Name)
		area, households = area+other.Area, households+other.Households
	}
	out["coming_estates"], out["coming_area"], out["coming_households"] = rules.Input{Value: names}, square(area), number(float64(households))
	for name, more := range map[string]float64{"area_all": area.M2(), "households_all": float64(households)} {
		if v, ok := out[name].Value.(float64); ok {
			out[name] = number(v + more)
		}
	}
	for _, other := range c.Coming {
		if other.Vague != "" {
			why := unknown("同一社区的“"+other.Name+"”有用房面积或用途未填写", "of “"+other.Name+"” in the same community, area or use of a room is not filled in")
			out["coming_area"], out["area_all"] = why, why
		}
		if other.Uncounted {
			why := unknown("同一社区的“"+other.Name+"”户数未填写", "of “"+other.Name+"” in the same community, households are not filled in")
			out["coming_households"], out["households_all"] = why, why
		}
	}
}
