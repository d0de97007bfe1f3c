package main

import (
	"context"
	"errors"

	"yike/coverage/coveragehttp"
	"yike/internal/httpapi"
	"yike/internal/mapprint/mapprinthttp"
)

// printFacts says on paper what the screen says of the district.
type printFacts struct{ district *districtAPI }

var _ mapprinthttp.Source = printFacts{}

// Facts are those of the district that is served now.
func (p printFacts) Facts(ctx context.Context) (mapprinthttp.Facts, error) {
	d, err := p.district.District(ctx)
	if errors.Is(err, coveragehttp.ErrNotReady) {
		return mapprinthttp.Facts{}, mapprinthttp.ErrNotReady
	}
	if err != nil {
		return mapprinthttp.Facts{}, err
	}
	facts := mapprinthttp.Facts{District: httpapi.Text(d.Name), Synthetic: d.Synthetic, ReviewNumber: d.BaseMap.ReviewNumber}
	for _, n := range d.Notices {
		facts.Notices = append(facts.Notices, httpapi.Text{ZH: n.ZH, EN: n.EN})
	}
	if d.Examples && !d.Synthetic {
		facts.Notices = append(facts.Notices, httpapi.Text{
			ZH: "图中标“示例”的设施按规则放置，不是真实设施", EN: "Facilities marked as examples were placed by rules and are not real",
		})
	}
	return facts, nil
}
