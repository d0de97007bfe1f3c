package crsguess

import (
	"fmt"
	"strings"

	"yike/geo"
)

// gridName is the code of a Gauss-Krüger system of CGCS2000 (EPSG dataset 10).
func gridName(zone int, prefix bool) string {
	code := 0
	switch six := zone < 25; {
	case six && prefix:
		code = 4491 + zone - 13
	case six:
		code = 4502 + zone - 13
	case prefix:
		code = 4513 + zone - 25
	default:
		code = 4534 + zone - 25
	}
	return fmt.Sprintf("EPSG:%d", code)
}

// name is what people call a reading.
func (r reading) name() (zh, en string) {
	switch r.refused {
	case xian80:
		return "西安80 平面坐标（只识别，不换算）", "Xi'an 1980 grid (recognised only)"
	case beijing54:
		return "北京54 平面坐标（只识别，不换算）", "Beijing 1954 grid (recognised only)"
	case local:
		return "地方独立坐标系（只识别，不换算）", "a local coordinate system (recognised only)"
	}
	switch name := r.crs.String(); name {
	case "EPSG:4326":
		zh, en = "WGS 84 / CGCS2000 经纬度", "WGS 84 / CGCS2000 degrees"
	case "GCJ-02":
		zh, en = "GCJ-02 经纬度（高德、腾讯）", "GCJ-02 degrees (Amap, Tencent)"
	case "BD-09":
		zh, en = "BD-09 经纬度（百度）", "BD-09 degrees (Baidu)"
	case "EPSG:3857":
		zh, en = "Web 墨卡托（米）", "Web Mercator metres"
		if r.shifted {
			zh, en = "Web 墨卡托（米），在高德或腾讯底图上采集", "Web Mercator metres drawn over Amap or Tencent"
		}
	default:
		zh, en = gridWords(name)
	}
	for _, word := range []struct {
		on     bool
		zh, en string
	}{
		{r.packed, "，度.分秒写法", ", written degrees.minutes-seconds"},
		{r.swapped && r.crs.Geographic(), "，纬度在前", ", latitude first"},
		{r.swapped && !r.crs.Geographic(), "，北坐标在前（测量上 X 指北）", ", northing first (a surveyor's X)"},
		{r.pair, "，写在同一列", ", both in one column"},
	} {
		if word.on {
			zh, en = zh+word.zh, en+word.en
		}
	}
	return zh, en
}

// gridWords names a Gauss-Krüger system by its code.
func gridWords(name string) (zh, en string) {
	var code int
	if _, err := fmt.Sscanf(name, "EPSG:%d", &code); err != nil {
		return name, name
	}
	switch {
	case code <= 4501:
		zone := code - 4491 + 13
		return fmt.Sprintf("CGCS2000 6 度带第 %d 带（含带号）", zone), fmt.Sprintf("CGCS2000 6-degree zone %d, with its prefix", zone)
	case code <= 4512:
		zone := code - 4502 + 13
		return fmt.Sprintf("CGCS2000 6 度带，中央经线 %d°（无带号）", 6*zone-3), fmt.Sprintf("CGCS2000 6-degree, central meridian %d° E, no prefix", 6*zone-3)
	case code <= 4533:
		zone := code - 4513 + 25
		return fmt.Sprintf("CGCS2000 3 度带第 %d 带（含带号）", zone), fmt.Sprintf("CGCS2000 3-degree zone %d, with its prefix", zone)
	}
	zone := code - 4534 + 25
	return fmt.Sprintf("CGCS2000 3 度带，中央经线 %d°（无带号）", 3*zone), fmt.Sprintf("CGCS2000 3-degree, central meridian %d° E, no prefix", 3*zone)
}

// numbers says what the numbers themselves tell of a projection.
func (g *guesser) numbers(f family, all []family, outside bool) []Reason {
	where := Reason{"落在辖区内或紧邻", "in the district or close by it"}
	switch {
	case outside:
		where = Reason{"落在中国境内，但都不在辖区", "in China, yet none of them in the district"}
	case !g.known():
		where = Reason{"落在中国境内", "in China"}
	}
	out := []Reason{{
		fmt.Sprintf("%d 行中 %d 行%s", len(g.rows), f.fits, where.ZH),
		fmt.Sprintf("%d of %d rows lie %s", f.fits, len(g.rows), where.EN),
	}}
	sexagesimal := 0
	for _, r := range g.rows {
		if r.a.sexagesimal || r.b.sexagesimal {
			sexagesimal++
		}
	}
	if sexagesimal > 0 {
		out = append(out, Reason{fmt.Sprintf("%d 行写成度、分、秒", sexagesimal), fmt.Sprintf("%d rows are written in degrees, minutes and seconds", sexagesimal)})
	}
	if f.packed {
		out = append(out, Reason{"所有数值小数点后的第 1–2 位、第 3–4 位都小于 60，像是分和秒", "the first two and the next two decimals are below 60 in every row, as minutes and seconds are"})
	}
	if f.grid() && gridCode(f.crs) > 4533 {
		out = append(out, Reason{"6 度带在同一中央经线上的数值与此相同，结果也相同", "6-degree zones of the same central meridian have the same numbers and give the same places"})
	}
	for _, o := range all {
		if o.reading != f.reading && o.fits < f.fits && o.fits+f.fits <= len(g.rows) {
			zh, en := o.name()
			out = append(out, Reason{
				fmt.Sprintf("另有约 %d 行像是%s：这一列可能混写了两种坐标", o.fits, zh),
				fmt.Sprintf("about %d other rows look like %s: the column may hold two kinds", o.fits, en),
			})
		}
	}
	return out
}

func gridCode(c geo.CRS) int {
	var code int
	if _, err := fmt.Sscanf(c.String(), "EPSG:%d", &code); err != nil {
		return 0
	}
	return code
}

// tied says that a person has to choose.
func tied(told, degrees bool) Reason {
	zh, en := "WGS 84、GCJ-02 与 BD-09", "WGS 84, GCJ-02 and BD-09"
	if !degrees {
		zh, en = "是否在高德或腾讯底图上采集", "whether it was drawn over Amap or Tencent"
	}
	if told {
		return Reason{
			"现有依据不足以分辨" + zh + "；请在地图上看哪一种落在建筑旁，再选定",
			"what is known is not enough to tell " + en + "; see on the map under which one the places stand by their buildings, then choose",
		}
	}
	return Reason{
		"数字本身分不出" + zh + "，彼此相差约 300 至 1500 米；请在地图上看哪一种落在建筑旁，或问提供方，再选定",
		"the numbers alone do not tell " + en + ", which lie 300 to 1,500 m apart; see on the map under which one the places stand by their buildings, or ask whoever gave the file, then choose",
	}
}

func olderGrids() Reason {
	return Reason{
		"北京54、西安80 的平面坐标看上去与 CGCS2000 一样，可相差约 100 米；请向提供方确认",
		"grid coordinates of Beijing 1954 and Xi'an 1980 look the same and may lie some 100 m off; ask whoever gave the file",
	}
}

// advice says what to do with a system that is not converted.
func (r refusal) advice() (zh, en string) {
	switch r {
	case local:
		return "地方独立坐标系的参数不公开，请由测绘部门转换为 CGCS2000 后再导入",
			"the parameters of local systems are not public; have the survey office convert the file to CGCS2000 first"
	default:
		return "须由测绘部门转换为 CGCS2000 后再导入，本系统不换算",
			"it has to be converted to CGCS2000 by the survey office first; it is not converted here"
	}
}

// hint finds the older datum in the words of the file.
func (r refusal) hint(words []string) (string, bool) {
	names := []string{"西安80", "西安 80", "xian80", "xian 1980", "xian_1980", "80坐标", "80西安"}
	if r == beijing54 {
		names = []string{"北京54", "北京 54", "beijing54", "beijing 1954", "beijing_1954", "54坐标", "54北京"}
	}
	for _, text := range words {
		for _, name := range names {
			if strings.Contains(strings.ToLower(text), name) {
				return name, true
			}
		}
	}
	return "", false
}
