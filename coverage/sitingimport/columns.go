package sitingimport

import "strings"

// columns says in which column something stands; -1 for none.
type columns struct {
	id, name, lon, lat, price, capacity int
	ignored                             []string
}

// placed reports whether there are columns of a position.
func (c columns) placed() bool { return c.lon >= 0 && c.lat >= 0 }

// columnsOf finds the columns by their headings, the first that fits.
func columnsOf(heads []string) columns {
	c := columns{-1, -1, -1, -1, -1, -1, nil}
	for i, head := range heads {
		known := false
		for _, field := range []struct {
			at    *int
			whole string // headings, parted by blanks
			part  string // of headings
		}{
			{&c.lon, "lon lng long longitude x 东经", "经度"},
			{&c.lat, "lat latitude y 北纬", "纬度"},
			{&c.price, "price cost 投资 费用", "造价 价格 租金 成本 price cost"},
			{&c.capacity, "capacity 规模 床位 床位数 座位 座位数", "容量 capacity"},
			{&c.name, "name title 名称 地点 地块 位置 房屋", "名称 name"},
			{&c.id, "id code no 编号 序号 代码", "编号"},
		} {
			if *field.at < 0 && fits(head, field.whole, field.part) {
				*field.at, known = i, true
				break
			}
		}
		if !known {
			c.ignored = append(c.ignored, head)
		}
	}
	return c
}

// fits says whether a heading is one of some words or holds one of others. A unit in
// brackets says nothing.
func fits(head, whole, part string) bool {
	head = strings.ToLower(strings.TrimSpace(head))
	if at := strings.IndexAny(head, "(（["); at > 0 {
		head = strings.TrimSpace(head[:at])
	}
	for _, w := range strings.Fields(whole) {
		if head == w {
			return true
		}
	}
	for _, p := range strings.Fields(part) {
		if strings.Contains(head, p) {
			return true
		}
	}
	return false
}
