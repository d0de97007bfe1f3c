package sheets

import (
	"fmt"
	"strings"

	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/symbol"
)

// Plate is one plate to be made.
type Plate struct {
	Token    plates.Token
	Payload  string // as plates.Payload gives it
	Face     *faces.Face
	Name     string
	Roman    string
	Number   string // as it stands on the face: 12号
	Postcode string
	Address  string // the standard address, for the delivery list only
	Mask     int    // of the symbol; symbol.BestMask unless another was needed
	Sample   bool   // marked as a sample
}

// Maker draws plates. It may be used concurrently.
type Maker struct {
	Encoder symbol.Encoder
	Letters *faces.Letters
}

// Draw chooses the symbol and lays out the face. It returns the errors of symbol.Fit, of the
// encoder and of faces.Face.Lay, with the code of the plate.
func (m Maker) Draw(p Plate) (faces.Drawing, error) {
	plan, _, err := symbol.Fit(p.Payload, p.Face.Symbol.Side)
	if err != nil {
		return faces.Drawing{}, fmt.Errorf("plate %s: %w", p.Token, err)
	}
	plan.Mask = p.Mask
	s, err := m.Encoder.Encode(p.Payload, plan)
	if err != nil {
		return faces.Drawing{}, fmt.Errorf("plate %s: %w", p.Token, err)
	}
	d, err := p.Face.Lay(m.Letters, faces.Text{
		Name: p.Name, Roman: p.Roman, Number: p.Number, Postcode: p.Postcode,
		Domain: hostOf(p.Payload), Code: p.Token.Grouped(), Sample: p.Sample,
	}, s)
	if err != nil {
		return faces.Drawing{}, fmt.Errorf("plate %s: %w", p.Token, err)
	}
	return d, nil
}

// hostOf is the host of an address in lower case.
func hostOf(payload string) string {
	_, rest, _ := strings.Cut(payload, "://")
	host, _, _ := strings.Cut(rest, "/")
	return strings.ToLower(host)
}
