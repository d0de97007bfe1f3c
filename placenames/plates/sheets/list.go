package sheets

import "fmt"

// The delivery list is on upright A4 pages after the sheets.
const (
	listWidth, listHeight = 210.0, 297.0
	listMargin            = 15.0
	listRow               = 5.0
	listRows              = 50
)

// list writes the pages by which plates are counted when they are delivered.
func (p *PDF) list() {
	paper := Sheet{Width: listWidth, Height: listHeight}
	columns := []struct {
		x, until float64
		zh       string
	}{{15, 36, "版-行-列"}, {36, 78, "编码"}, {78, 98, "牌型"}, {98, 132, "门牌"}, {132, 172, "标准地址"}, {172, 195, "收到"}}
	pages := (len(p.listed) + listRows - 1) / listRows
	for page := range pages {
		p.beginPage(paper)
		p.write(listMargin, 18, 4.5, 0, fmt.Sprintf("交货清单 Delivery list  %s  %s  %s  %d/%d", p.batch.ID, p.batch.Title, p.batch.Day, page+1, pages))
		for _, c := range columns {
			p.write(c.x, 26, 3, 0, c.zh)
		}
		y := 31.0
		for _, e := range p.listed[page*listRows : min((page+1)*listRows, len(p.listed))] {
			for i, text := range []string{fmt.Sprintf("%d-%d-%d", e.Page, e.Row, e.Column), e.Grouped, e.FaceZH, e.Name + e.Number, e.Address, "□"} {
				p.write(columns[i].x, y, 3, columns[i].until-1, text)
			}
			y += listRow
		}
		p.endPage(paper)
	}
}
