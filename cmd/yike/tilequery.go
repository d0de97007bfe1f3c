package main

import (
	"math"
	"net/url"
	"slices"
	"strconv"

	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/tiles/tilehttp"
)

// tileQuery is the question in a tile address: people of a base, and with a type who
// reaches one of them in time.
type tileQuery struct {
	asks   bool // some layer takes a question
	typ    facilities.Type
	base   divisions.Base
	limitS int
	speed  walknet.Speed
	plan   string // in its one form; "" for none
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
	if q.base != "" {
		v.Set("base", string(q.base))
	}
	if q.typ != "" {
		v.Set("type", string(q.typ))
		v.Set("limit", strconv.Itoa(q.limitS))
		v.Set("speed", strconv.FormatFloat(float64(q.speed)/1000, 'f', -1, 64))
		if q.plan != "" {
			v.Set("plan", q.plan)
		}
	}
	return v.Encode()
}

func (q tileQuery) coverage() coveragelive.Query {
	return coveragelive.Query{Type: q.typ, Base: q.base, LimitS: q.limitS, Speed: q.speed}
}

// firstQuestion is what a layer shows when nothing is asked.
func firstQuestion(st *coveragelive.State, kind layerKind) tileQuery {
	q := tileQuery{asks: kind.asks, limitS: defaultLimitS, speed: defaultSpeed}
	if len(st.Bases) > 0 {
		q.base = st.Bases[0]
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
	if all.needsType && q.typ == "" {
		return q, &tilehttp.QueryError{Param: "type", ReasonZH: "服务圈和盲区图层须指明设施类型", ReasonEN: "circles and gaps are of one facility type; name it"}
	}
	if q.typ == "" && query.Has("plan") {
		return q, &tilehttp.QueryError{Param: "type", ReasonZH: "方案须与设施类型同用", ReasonEN: "a plan is of a facility type; name it"}
	}
	if q.typ == "" && (query.Has("limit") || query.Has("speed")) {
		return q, &tilehttp.QueryError{Param: "type", ReasonZH: "时限和步速须与设施类型同用", ReasonEN: "limit and speed ask for a facility type"}
	}
	return q, nil
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
		q.typ = facilities.Type(value)
	case "base":
		if !slices.Contains(st.Bases, divisions.Base(value)) {
			return bad("数据中没有这种人口口径", "the data have no such population base")
		}
		q.base = divisions.Base(value)
	case "limit":
		n, err := strconv.Atoi(value)
		if err != nil || n < leastLimitS || n > mostLimitS {
			return bad("应为 60 至 7200 的整数秒", "want whole seconds from 60 to 7200")
		}
		q.limitS = n
	case "speed":
		f, err := strconv.ParseFloat(value, 64)
		mm := math.Round(f * 1000)
		if err != nil || math.IsNaN(f) || mm < float64(leastSpeed) || mm > float64(mostSpeed) {
			return bad("应为 0.3 至 2.0 米/秒", "want metres per second from 0.3 to 2.0")
		}
		q.speed = walknet.Speed(mm)
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
