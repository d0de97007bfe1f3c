package geo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ParseCRS reads the name of a coordinate system: an authority code ("EPSG:4547",
// also as URN or URL, or the bare number), "OGC:CRS84", a common name ("WGS 84",
// "CGCS2000", "GCJ-02", "BD-09", 火星坐标, 百度坐标, 2000国家大地坐标系), or a
// Gauss-Krüger system by the name that .prj files give ("CGCS2000_3_Degree_GK_CM_114E",
// "CGCS2000 / 3-degree Gauss-Kruger zone 38"). The error wraps ErrUnknownCRS; the
// empty string is unknown too.
func ParseCRS(s string) (CRS, error) {
	name := normalise(s)
	if c, ok := parseName(name); ok {
		return c, nil
	}
	if code, ok := epsgCode(name); ok {
		if c, ok := fromEPSG(code); ok {
			return c, nil
		}
		if why := otherDatum(code); why != "" {
			return CRS{}, fmt.Errorf("%w %q: %s", ErrUnknownCRS, s, why)
		}
	}
	if c, ok := parseGaussKrueger(name); ok {
		return c, nil
	}
	return CRS{}, fmt.Errorf("%w %q: 请写 EPSG:4326、EPSG:4490、EPSG:4491–4554、EPSG:3857、GCJ-02 或 BD-09 "+
		"(write EPSG:4326, EPSG:4490, EPSG:4491–4554, EPSG:3857, GCJ-02 or BD-09)", ErrUnknownCRS, s)
}

// HeadingCRS reads which of the shifted systems of Chinese web maps the heading of a column
// names, as 百度经度 and gcj02_lng do; false where it names none.
func HeadingCRS(head string) (CRS, bool) {
	head = strings.ToLower(head)
	for _, hint := range []struct {
		word string
		kind crsKind
	}{
		{"百度", kindBD09}, {"bd09", kindBD09}, {"bd-09", kindBD09}, {"高德", kindGCJ02}, {"腾讯", kindGCJ02}, {"火星", kindGCJ02}, {"gcj", kindGCJ02},
	} {
		if strings.Contains(head, hint.word) {
			return CRS{kind: hint.kind}, true
		}
	}
	return CRS{}, false
}

// normalise leaves lower-case letters, digits, Chinese characters and colons, so that
// spelling with spaces, dashes, underscores or slashes does not matter.
func normalise(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '_', '/', '.', ',', '(', ')', '\t', '#', '"', '\'', '|':
			return -1
		case '：':
			return ':'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

func parseName(name string) (CRS, bool) {
	switch name {
	case "wgs84", "wgs1984", "gcswgs1984", "crs84", "ogc:crs84", "urn:ogc:def:crs:ogc:13:crs84", "urn:ogc:def:crs:ogc::crs84",
		"http:wwwopengisnetdefcrsogc13crs84", "https:wwwopengisnetdefcrsogc13crs84":
		return CRS{}, true
	case "cgcs2000", "gcschinageodeticcoordinatesystem2000", "chinageodeticcoordinatesystem2000", "gcscgcs2000",
		"2000国家大地坐标系", "国家2000", "国家大地2000", "大地2000":
		return CRS{kind: kindCGCS2000, epsg: 4490}, true
	case "gcj02", "火星坐标", "火星坐标系", "国测局坐标", "高德坐标", "高德", "腾讯坐标":
		return CRS{kind: kindGCJ02}, true
	case "bd09", "bd09ll", "百度坐标", "百度坐标系", "百度":
		return CRS{kind: kindBD09}, true
	case "webmercator", "wgs84pseudomercator", "wgs1984webmercatorauxiliarysphere":
		return CRS{kind: kindMercator, epsg: 3857}, true
	}
	return CRS{}, false
}

// epsgCode takes the number from "epsg:4547", "urn:ogc:def:crs:epsg::4547",
// "urn:ogc:def:crs:epsg:9:4547", "http:wwwopengisnetdefcrsepsg04547" or "4547".
func epsgCode(name string) (int, bool) {
	digits := name
	switch {
	case strings.HasPrefix(name, "epsg:"), strings.HasPrefix(name, "urn:ogc:def:crs:epsg:"):
		digits = name[strings.LastIndex(name, ":")+1:]
	case strings.HasPrefix(name, "http"):
		var ok bool
		if _, digits, ok = strings.Cut(name, "opengisnetdefcrsepsg0"); !ok {
			return 0, false
		}
	}
	if len(digits) < 4 || len(digits) > 6 {
		return 0, false
	}
	code, err := strconv.Atoi(digits)
	return code, err == nil && code > 0
}

// fromEPSG knows the codes of China: EPSG dataset 10, "CGCS2000 / Gauss-Kruger …".
func fromEPSG(code int) (CRS, bool) {
	switch {
	case code == 4326:
		return CRS{}, true
	case code == 4490:
		return CRS{kind: kindCGCS2000, epsg: code}, true
	case code == 3857 || code == 900913 || code == 102100:
		return CRS{kind: kindMercator, epsg: 3857}, true
	case code >= 4491 && code <= 4501:
		return sixDegree(code-4491+13, true), true
	case code >= 4502 && code <= 4512:
		return sixDegree(code-4502+13, false), true
	case code >= 4513 && code <= 4533:
		return threeDegree(code-4513+25, true), true
	case code >= 4534 && code <= 4554:
		return threeDegree(code-4534+25, false), true
	}
	return CRS{}, false
}

// threeDegree is the 3-degree system of a zone, 25 (75° E) to 45 (135° E).
func threeDegree(zone int, prefix bool) CRS {
	c := CRS{kind: kindGaussKrueger, epsg: 4534 + zone - 25, meridian: float64(3 * zone), falseE: gkFalseEasting}
	if prefix {
		c.epsg, c.falseE = 4513+zone-25, float64(zone)*gkZoneM+gkFalseEasting
	}
	return c
}

// sixDegree is the 6-degree system of a zone, 13 (75° E) to 23 (135° E).
func sixDegree(zone int, prefix bool) CRS {
	c := CRS{kind: kindGaussKrueger, epsg: 4502 + zone - 13, meridian: float64(6*zone - 3), falseE: gkFalseEasting}
	if prefix {
		c.epsg, c.falseE = 4491+zone-13, float64(zone)*gkZoneM+gkFalseEasting
	}
	return c
}

// parseGaussKrueger reads a normalised name such as "cgcs20003degreegkcm114e".
func parseGaussKrueger(name string) (CRS, bool) {
	m := regexp.MustCompile(`^cgcs2000(3degree|6degree)?(?:gk|gausskruger|gausskrüger)(cm|zone)(\d{2,3})e?$`).FindStringSubmatch(name)
	if m == nil {
		return CRS{}, false
	}
	n, err := strconv.Atoi(m[3])
	if err != nil {
		return CRS{}, false
	}
	three := m[1] == "3degree"
	switch {
	case three && m[2] == "zone" && n >= 25 && n <= 45:
		return threeDegree(n, true), true
	case three && m[2] == "cm" && n%3 == 0 && n >= 75 && n <= 135:
		return threeDegree(n/3, false), true
	case !three && m[2] == "zone" && n >= 13 && n <= 23:
		return sixDegree(n, true), true
	case !three && m[2] == "cm" && n%6 == 3 && n >= 75 && n <= 135:
		return sixDegree((n+3)/6, false), true
	}
	return CRS{}, false
}

// otherDatum explains the codes of China's older datums, which only a survey office
// can convert.
func otherDatum(code int) string {
	switch {
	case code == 4610 || code >= 2327 && code <= 2390:
		return "西安80坐标须由测绘部门转换为 CGCS2000 后再导入 (Xian 1980 has to be converted to CGCS2000 first)"
	case code == 4214 || code >= 2401 && code <= 2442 || code >= 21413 && code <= 21483:
		return "北京54坐标须由测绘部门转换为 CGCS2000 后再导入 (Beijing 1954 has to be converted to CGCS2000 first)"
	}
	return ""
}
