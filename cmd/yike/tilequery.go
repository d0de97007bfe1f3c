package main

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/tiles/tilehttp"
)

// tileQuery is the question in a tile address: people of a base, and with a type who
// reaches one of them. Its coverage question is in its one form.
type tileQuery struct {
	asks bool // some layer takes a question
	coveragelive.Query
	plan string // in its one form; "" for none
}

// The question that the coverage API takes when nothing else is asked.
const (
	defaultLimitS = 900
	defaultSpeed  = walknet.Speed(900)
)

// canonical is the one form of the query, "" when no layer takes one.
func (q tileQuery) canonical() string {
	if !q.asks {
		return ""
	}
	v := url.Values{}
	set := func(param, value string) {
		if value != "" {
			v.Set(param, value)
		}
	}
	set("base", string(q.Base))
	if q.Type == "" {
		return v.Encode()
	}
	set("type", string(q.Type))
	set("plan", q.plan)
	set("profile", string(q.Profile))
	set("at", q.Hour.String())
	if q.Tier != 0 {
		set("tier", strconv.Itoa(int(q.Tier)))
	}
	switch {
	case q.Metres > 0:
		set("metres", strconv.Itoa(q.Metres))
	case q.LimitS > 0:
		set("limit", strconv.Itoa(q.LimitS))
		set("speed", strconv.FormatFloat(float64(q.Speed)/1000, 'f', -1, 64))
	}
	return v.Encode()
}

func (q tileQuery) coverage() coveragelive.Query { return q.Query }

// firstQuestion is what a layer shows when nothing is asked.
func firstQuestion(st *coveragelive.State, kind layerKind) tileQuery {
	q := tileQuery{asks: kind.asks, Query: coveragelive.Query{LimitS: defaultLimitS, Speed: defaultSpeed}}
	if len(st.Bases) > 0 {
		q.Base = st.Bases[0]
	}
	return q
}

// parseTileQuery reads the query of a set. Parameters that no layer of the set takes
// are refused, so that every tile has one address.
func parseTileQuery(st *coveragelive.State, kinds []layerKind, query url.Values) (tileQuery, error) {
	var all layerKind
	for _, k := range kinds {
		all.asks = all.asks || k.asks
		all.needsType = all.needsType || k.needsType
	}
	q := firstQuestion(st, all)
	for param, values := range query {
		if len(values) > 1 {
			return q, &tilehttp.QueryError{Param: param, Value: values[1], ReasonZH: "参数重复", ReasonEN: "given more than once"}
		}
		if err := q.set(st, param, values[0]); err != nil {
			return q, err
		}
	}
	if all.needsType && q.Type == "" {
		return q, &tilehttp.QueryError{Param: "type", ReasonZH: "服务圈和盲区图层须指明设施类型", ReasonEN: "circles and gaps are of one facility type; name it"}
	}
	return q, q.settle(st, query)
}

// settle brings what was asked into its one form, and refuses what does not go together.
func (q *tileQuery) settle(st *coveragelive.State, query url.Values) error {
	for _, param := range []string{"limit", "speed", "metres", "profile", "at", "tier", "plan"} {
		if q.Type == "" && query.Has(param) {
			return &tilehttp.QueryError{Param: "type", ReasonZH: "时限、步速等条件须与设施类型同用", ReasonEN: param + " asks for a facility type"}
		}
	}
	if q.Metres > 0 {
		for _, param := range []string{"limit", "speed"} {
			if query.Has(param) {
				return &tilehttp.QueryError{Param: param, Value: query.Get(param), ReasonZH: "距离和时限只能给一个", ReasonEN: "give a distance or a time, not both"}
			}
		}
		if q.Profile != coverage.Anybody {
			return &tilehttp.QueryError{Param: "profile", Value: string(q.Profile), ReasonZH: "按距离时不分步行者", ReasonEN: "distances are of the plain walker only"}
		}
	}
	if q.Type == "" {
		return nil
	}
	whole, err := st.Settled(q.Query)
	if err != nil {
		return fmt.Errorf("settle the question of the map: %w", err)
	}
	q.Query = whole
	return nil
}

func (q *tileQuery) set(st *coveragelive.State, param, value string) error {
	bad := func(zh, en string) error {
		return &tilehttp.QueryError{Param: param, Value: value, ReasonZH: zh, ReasonEN: en}
	}
	if !q.asks {
		return bad("所请求的图层不接受参数", "none of these layers takes a parameter")
	}
	switch param {
	case "type":
		if _, ok := st.TypeInfo(facilities.Type(value)); !ok {
			return bad("没有这种设施类型", "no such facility type")
		}
		q.Type = facilities.Type(value)
	case "base":
		if !slices.Contains(st.Bases, divisions.Base(value)) {
			return bad("数据中没有这种人口口径", "the data have no such population base")
		}
		q.Base = divisions.Base(value)
	case "limit":
		n, err := strconv.Atoi(value)
		if err != nil || n < leastLimitS || n > mostLimitS {
			return bad("应为 60 至 7200 的整数秒", "want whole seconds from 60 to 7200")
		}
		q.LimitS = n
	case "speed":
		f, err := strconv.ParseFloat(value, 64)
		mm := math.Round(f * 1000)
		if err != nil || math.IsNaN(f) || mm < float64(leastSpeed) || mm > float64(mostSpeed) {
			return bad("应为 0.3 至 2.0 米/秒", "want metres per second from 0.3 to 2.0")
		}
		q.Speed = walknet.Speed(mm)
	default:
		return q.setWalk(param, value, bad)
	}
	return nil
}

// setWalk takes what is said of the walkers, the distance and the facilities that count.
func (q *tileQuery) setWalk(param, value string, bad func(zh, en string) error) error {
	switch param {
	case "metres":
		n, err := strconv.Atoi(value)
		if err != nil || n < coveragelive.LeastMetres || n > coveragelive.MostMetres {
			return bad("应为 50 至 3600 的整数米", "want whole metres from 50 to 3600")
		}
		q.Metres = n
	case "profile":
		if value != "plain" {
			q.Profile = coverage.Walker(value)
		}
		if _, err := q.Profile.At(walknet.AnyHour); err != nil || value == "" {
			return bad("应为 plain、elder 或 step_free", "want plain, elder or step_free")
		}
	case "at":
		hour, err := walknet.ParseHour(value)
		if err != nil || value == "" {
			return bad("应为 HH:MM 或 always", "want HH:MM or always")
		}
		q.Hour = hour
	case "tier":
		n, err := strconv.Atoi(value)
		if err != nil || !slices.Contains(facilities.Tiers(), facilities.Tier(n)) {
			return bad("应为 5、10 或 15", "want 5, 10 or 15")
		}
		q.Tier = facilities.Tier(n)
	case "plan":
		steps, err := coveragelive.ParsePlan(value)
		if err != nil {
			return bad("不是一个方案，或步骤过多", "not a plan, or one of too many steps")
		}
		q.plan = planOf(steps)
	default:
		return bad("未知参数", "unknown parameter")
	}
	return nil
}
