package sheets

import "yike/placenames/plates"

// Proved is what a proof found of the sheets of an order, as it is kept with the order.
type Proved struct {
	Day      string               `json:"day"`
	Passed   bool                 `json:"passed"`
	Plates   int                  `json:"plates"`
	Read     int                  `json:"read"`
	Misread  int                  `json:"misread"`
	Decoders []string             `json:"decoders"`
	SHA256   string               `json:"sha256"` // of the PDF
	Pages    int                  `json:"pages"`
	Masks    map[plates.Token]int `json:"masks,omitempty"`  // of those whose symbol got another one
	Unread   []string             `json:"unread,omitempty"` // codes in groups, the first of them
}

// WithMasks gives a plate with the mask that the proof found for it.
func (p *Proved) WithMasks(plate Plate) Plate {
	if p != nil {
		if mask, ok := p.Masks[plate.Token]; ok {
			plate.Mask = mask
		}
	}
	return plate
}
