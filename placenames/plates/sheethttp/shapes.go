package sheethttp

import (
	"context"

	"yike/placenames/plates/sheets"
)

// PlateFaceKind is one kind of plate as it is made, in millimetres.
type PlateFaceKind struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	ZH         string    `json:"zh"`
	EN         string    `json:"en"`
	Width      float64   `json:"width"`
	Height     float64   `json:"height"`
	Thickness  float64   `json:"thickness"`
	Edge       float64   `json:"edge"`
	Symbol     float64   `json:"symbol" doc:"Side of the white square of the symbol"`
	Bands      []float64 `json:"bands" nullable:"false" doc:"Shares of the height, from the top"`
	Background string    `json:"background"`
	Ink        string    `json:"ink"`
	SourceZH   string    `json:"source_zh"`
	SourceEN   string    `json:"source_en"`
	Grade      string    `json:"grade" doc:"R read in full, r read in part or in a copy, P proposed here"`
	Ours       []string  `json:"ours" nullable:"false" doc:"What the source does not say and is proposed here"`
}

type facesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Faces []PlateFaceKind `json:"faces" nullable:"false"`
	}
}

func (h handlers) faces(context.Context, *struct{}) (*facesReply, error) {
	out := &facesReply{CacheControl: "no-cache"}
	out.Body.Faces = []PlateFaceKind{}
	for _, f := range h.sheets.Faces() {
		out.Body.Faces = append(out.Body.Faces, PlateFaceKind{
			ID: f.ID, Kind: string(f.Kind), ZH: f.ZH, EN: f.EN, Width: f.Width, Height: f.Height, Thickness: f.Thickness, Edge: f.Edge, Symbol: f.Symbol.Side,
			Bands: f.Bands, Background: f.Background, Ink: f.Ink, SourceZH: f.Source.ZH, SourceEN: f.Source.EN, Grade: f.Source.Grade, Ours: append([]string{}, f.Ours...),
		})
	}
	return out, nil
}

// PlateProof is what a proof found.
type PlateProof struct {
	Day      string   `json:"day" format:"date"`
	Passed   bool     `json:"passed" doc:"Every symbol was read by all decoders"`
	Plates   int      `json:"plates"`
	Read     int      `json:"read"`
	Misread  int      `json:"misread"`
	Decoders []string `json:"decoders" nullable:"false"`
	Remasked int      `json:"remasked" doc:"Symbols that got another mask because one of the decoders did not read them"`
	Unread   []string `json:"unread" nullable:"false" doc:"Codes that are not read with any mask, the first of them"`
	SHA256   string   `json:"sha256"`
	Pages    int      `json:"pages"`
}

// PlateFault is a plate that cannot be made.
type PlateFault struct {
	Token string `json:"token"`
	Text  string `json:"text"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// PlateSheets is how far the sheets of an order are.
type PlateSheets struct {
	Plates   int          `json:"plates" doc:"To be made: those of the order that are neither replaced nor withdrawn"`
	Proof    *PlateProof  `json:"proof,omitempty"`
	Released bool         `json:"released" doc:"The proof read every symbol of these very sheets: they may be printed"`
	Host     string       `json:"host" doc:"That symbols spell; empty where none is set: then plates are samples only"`
	Missing  []string     `json:"missing" nullable:"false" doc:"Programs that proofs need and that are not installed"`
	Faults   []PlateFault `json:"faults" nullable:"false" doc:"Plates that cannot be made, the first of them"`
	Faulty   int          `json:"faulty" doc:"All of them"`
}

type standingReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlateSheets
}

func (h handlers) standing(ctx context.Context, in *byOrder) (*standingReply, error) {
	s, err := h.sheets.Standing(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := PlateSheets{
		Plates: s.Plates, Proof: proofOf(s.Proved), Released: s.Released, Host: s.Host, Missing: append([]string{}, s.Missing...), Faults: []PlateFault{}, Faulty: s.Faulty,
	}
	for _, f := range s.Faults {
		out.Faults = append(out.Faults, PlateFault{Token: f.Token.String(), Text: f.Text, ZH: f.ZH, EN: f.EN})
	}
	return &standingReply{CacheControl: "no-store", Body: out}, nil
}

func proofOf(p *sheets.Proved) *PlateProof {
	if p == nil {
		return nil
	}
	return &PlateProof{
		Day: p.Day, Passed: p.Passed, Plates: p.Plates, Read: p.Read, Misread: p.Misread, Decoders: append([]string{}, p.Decoders...), Remasked: len(p.Masks),
		Unread: append([]string{}, p.Unread...), SHA256: p.SHA256, Pages: p.Pages,
	}
}
