package coveragelive

import (
	"yike/coverage"
	"yike/facilities"
)

// noteOn says what walking times mean for a type that no walking standard is set for.
func noteOn(info facilities.TypeInfo) *coverage.Text {
	switch info.Measure {
	case facilities.Presence:
		return &coverage.Text{
			ZH: info.ZH + "没有步行时间标准，按“每个社区（村）是否有或被指定服务”衡量，即按单位的覆盖率；步行结果仅供参考。",
			EN: "There is no walking standard for " + info.EN + ": it is judged by whether each community has one or is assigned to one, " +
				"that is by unit coverage. The walking figures are for information only.",
		}
	case facilities.Drive:
		return &coverage.Text{
			ZH: info.ZH + "没有步行时间标准（一般乘车到达），按单位的覆盖率衡量；步行结果仅供参考。",
			EN: "There is no walking standard for " + info.EN + ", which people drive to: unit coverage is the measure. " +
				"The walking figures are for information only.",
		}
	default:
		return nil
	}
}
