package coveragehttp

import (
	"yike/coverage"
	"yike/coverage/walknet"
)

// gapPlace says of a gap where it is and why it is one.
type gapPlace struct {
	_         struct{} `nullable:"true"`
	NameZH    string   `json:"name_zh" doc:"Where it is in names that people know: subdistrict, community, and the estates, streets or landmark it lies at; empty where nothing near has a name"`
	NameEN    string   `json:"name_en"`
	Reason    string   `json:"reason" doc:"Why most of its people are not served" enum:"too_far,island,no_site,no_path,no_site_here"`
	Nearest   string   `json:"nearest_id" doc:"The facility to which most of its people have the shortest walk; empty for none"`
	ShortestS *float64 `json:"shortest_s" nullable:"true" doc:"Seconds to the nearest facility from the home nearest to one; null where no home has a way within four times the limit"`
	LongestS  *float64 `json:"longest_s" nullable:"true" doc:"The same from the home farthest from one"`
	Farther   bool     `json:"farther" doc:"Some of its people have to walk longer than four times the limit"`
}

func (a *Answer) placeOf(p coverage.Place) *gapPlace {
	label := p.Label(a.Report.Divisions)
	out := &gapPlace{NameZH: label.ZH, NameEN: label.EN, Reason: string(p.Reason), Farther: p.Farther}
	if p.Nearest >= 0 {
		out.Nearest = a.Facilities[p.Nearest].ID
	}
	out.ShortestS, out.LongestS = secondsOf(p.Shortest), secondsOf(p.Longest)
	return out
}

func secondsOf(t walknet.Milliseconds) *float64 {
	return known(float64(t)/1000, t != walknet.Unreached)
}
