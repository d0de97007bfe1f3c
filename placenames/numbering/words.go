package numbering

import (
	"fmt"
	"math"
)

// Reason says why something is as it is.
type Reason struct{ Code, ZH, EN string }

// codeUndecided is the reason where the compass does not say where numbers begin.
const codeUndecided = "undecided_start"

func reasonChosenStart() Reason {
	return Reason{"chosen_start", "起点由人指定", "somebody chose this end"}
}

func reasonMouth() Reason {
	return Reason{"mouth", "尽头路由路口向里编", "a dead end is numbered from its mouth inward"}
}

func reasonUndecided() Reason {
	return Reason{codeUndecided, "规则未说明该走向的起点，暂按线的一端", "the rule set does not say where a road of this direction begins; one end was taken"}
}

func reasonCompass(c Compass) Reason {
	zh, en := c.Words()
	return Reason{"compass", "由" + zh + "端起编", "numbers begin at the " + en + " end"}
}

func reasonSequence() Reason {
	return Reason{"sequence", "按顺序编号", "next in the sequence"}
}

func reasonDistance(m float64) Reason {
	return Reason{"distance", fmt.Sprintf("距起点 %.0f 米", m), fmt.Sprintf("%.0f m from the start", m)}
}

func reasonBetween(a, b Number) Reason {
	return Reason{"between", fmt.Sprintf("%s号与%s号之间的空号", a, b), fmt.Sprintf("free between %s and %s", a, b)}
}

func reasonBefore(n Number) Reason {
	return Reason{"before", fmt.Sprintf("%s号之前的空号", n), "free before " + n.String()}
}

func reasonTakesReserved(n Number) Reason {
	return Reason{"takes_reserved", fmt.Sprintf("启用预留的%s号", n), fmt.Sprintf("takes %s, which was reserved here", n)}
}

func reasonSuffix(n Number) Reason {
	return Reason{"sub_number", fmt.Sprintf("%s号之后没有空号，编附号", n), fmt.Sprintf("no number is free after %s: a sub-number", n)}
}

func reasonCrowded(n Number) Reason {
	return Reason{"crowded", fmt.Sprintf("%s号处没有合序的空号，附号不再分级，次序不合", n), fmt.Sprintf("nothing in order is free beside %s, and sub-numbers have no sub-numbers: out of order", n)}
}

func reasonReserved(width, per float64) Reason {
	return Reason{"reserved", fmt.Sprintf("空地 %.0f 米，每 %s 米预留一个号", width, number(per)), fmt.Sprintf("%.0f m of vacant frontage, one number for %s m", width, number(per))}
}

func reasonReservedByHand() Reason {
	return Reason{"reserved_by_hand", "由人预留", "somebody reserved it"}
}

func reasonReservedGap(m float64) Reason {
	return Reason{"reserved_gap", fmt.Sprintf("道路中断 %.0f 米，为其预留", m), fmt.Sprintf("the road is interrupted for %.0f m; reserved for it", m)}
}

func reasonNarrow(width, per float64) Reason {
	return Reason{"narrow", fmt.Sprintf("空地 %.0f 米，不足 %s 米，不预留", width, number(per)), fmt.Sprintf("%.0f m of vacant frontage: less than the %s m for a number", width, number(per))}
}

func reasonReservedAlready(n int) Reason {
	return Reason{"reserved_already", fmt.Sprintf("已预留 %d 个号", n), fmt.Sprintf("%d numbers are reserved here already", n)}
}

func reasonNoReserve() Reason {
	return Reason{"no_reserve", "规则不预留号", "the rule set reserves nothing"}
}

func reasonNoRoom() Reason {
	return Reason{"no_room", "两侧已有号之间没有空号可预留", "no number is free between its neighbours"}
}

func reasonFixed() Reason {
	return Reason{"fixed", "由人指定", "somebody chose it"}
}

func reasonKept(n Number) Reason {
	return Reason{"kept", fmt.Sprintf("已有%s号，不改", n), fmt.Sprintf("has %s, which stays", n)}
}

func reasonSkipped() Reason {
	return Reason{"skipped", "由人跳过", "somebody left it out"}
}

func reasonCornerRoad(road string) Reason {
	return Reason{"corner", "路口房屋按主路“" + road + "”编号", "a corner is numbered on the main road " + road}
}

func reasonSideDoor(n Number) Reason {
	return Reason{"side_door", fmt.Sprintf("余门，与正门同为%s号", n), fmt.Sprintf("a side door: %s as its main gate", n)}
}

func reasonGateLeftOut() Reason {
	return Reason{"gate_left_out", "正门未编号", "its main gate has no number"}
}

func reasonOnLine() Reason {
	return Reason{"on_line", "正在道路中心线上，分不出左右", "it lies on the centre line: neither side"}
}

func reasonNoPlace() Reason {
	return Reason{"no_place", "没有位置", "it has no place"}
}

func metres(m float64) string { return fmt.Sprintf("%.0f", math.Round(m)) }
