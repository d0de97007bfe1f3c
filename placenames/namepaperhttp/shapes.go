package namepaperhttp

import (
	"yike/internal/papers/paperhttp"
	"yike/placenames/papers"
)

// NamePaperKind is a kind of papers at a step of a case.
type NamePaperKind struct {
	Kind     string `json:"kind"`
	NameZH   string `json:"name_zh"`
	NameEN   string `json:"name_en"`
	Step     string `json:"step"`
	Material string `json:"material" doc:"That its signed copy is; empty for none that a step asks for"`
	Numbered bool   `json:"numbered"`
	Series   string `json:"series" doc:"That gives its number; empty where people type it"`
	Next     string `json:"next_number" doc:"That it would get today; it is given when the paper is kept"`
	To       string `json:"to" doc:"Whom it goes to, as far as it is known"`
	Paper    string `json:"paper_id" doc:"The paper that holds; empty for none"`
}

// NamePaperScan is the signed copy of a paper.
type NamePaperScan struct {
	Attachment string  `json:"attachment_id"`
	FileName   string  `json:"file_name"`
	MediaType  string  `json:"media_type"`
	SHA256     string  `json:"sha256"`
	Size       int64   `json:"size"`
	Who        string  `json:"who"`
	At         *string `json:"at" format:"date-time"`
}

// NamePaperVoid says why a paper holds no more.
type NamePaperVoid struct {
	Reason string  `json:"reason"`
	Who    string  `json:"who"`
	At     *string `json:"at" format:"date-time"`
}

// NamePaper is a paper as it was kept.
type NamePaper struct {
	ID         string            `json:"id"`
	CaseID     string            `json:"case_id"`
	CaseNumber string            `json:"case_number"`
	Kind       string            `json:"kind"`
	NameZH     string            `json:"name_zh"`
	NameEN     string            `json:"name_en"`
	Number     string            `json:"number"`
	Given      bool              `json:"number_given" doc:"By a series of the authority"`
	Day        string            `json:"day" format:"date"`
	To         string            `json:"to"`
	Title      string            `json:"title"`
	Template   int               `json:"template_version" doc:"0 for the template of the program"`
	SHA256     string            `json:"sha256"`
	Size       int64             `json:"size"`
	FileName   string            `json:"file_name"`
	Open       []string          `json:"blanks" nullable:"false" doc:"Left to be filled in by hand"`
	Filled     map[string]string `json:"filled" doc:"What a person wrote into blanks"`
	Who        string            `json:"who"`
	KeptAt     *string           `json:"kept_at" format:"date-time"`
	Scan       *NamePaperScan    `json:"scan,omitempty"`
	Void       *NamePaperVoid    `json:"void,omitempty"`
}

// NamePaperDesk are the papers of a case.
type NamePaperDesk struct {
	Kinds []NamePaperKind `json:"kinds" nullable:"false" doc:"In the order of the steps"`
	Kept  []NamePaper     `json:"kept" nullable:"false" doc:"The first kept first"`
	May   bool            `json:"may_keep"`
	Filed bool            `json:"has_filing_pack"`
}

// NamePaperField is what stands for a name in a paper.
type NamePaperField struct {
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Value   string `json:"value"`
	Missing bool   `json:"missing" doc:"Nobody recorded it: a blank stands there"`
}

// NamePaperPreview is what would stand in a paper.
type NamePaperPreview struct {
	Kind     string           `json:"kind"`
	Number   string           `json:"number" doc:"That it would get; empty for none"`
	To       string           `json:"to"`
	Fields   []NamePaperField `json:"fields" nullable:"false" doc:"In the order of the template"`
	Template int              `json:"template_version"`
}

// NamePaperPackItem is a paper of a filing pack.
type NamePaperPackItem struct {
	Material string   `json:"material"`
	NameZH   string   `json:"name_zh"`
	NameEN   string   `json:"name_en"`
	State    string   `json:"state" enum:"signed,kept,draft,waived,missing"`
	Why      string   `json:"why" doc:"Of one that was set aside"`
	Blanks   []string `json:"blanks" nullable:"false"`
	Files    int      `json:"files"`
}

// NamePaperPack says what a filing pack holds and lacks.
type NamePaperPack struct {
	Items    []NamePaperPackItem `json:"items" nullable:"false"`
	Complete bool                `json:"complete"`
}

func shapeOf(p papers.Paper) NamePaper {
	spec, _ := papers.Of(p.Kind)
	out := NamePaper{
		ID: p.ID, CaseID: p.CaseID, CaseNumber: p.CaseNumber, Kind: string(p.Kind), NameZH: spec.ZH, NameEN: spec.EN, Number: p.Number, Given: p.Given.No > 0,
		Day: string(p.Day), To: p.To, Title: p.Title, Template: p.Template, SHA256: p.SHA256, Size: p.Size, FileName: p.FileName, Open: append([]string{}, p.Open...),
		Filled: p.Filled, Who: p.Who, KeptAt: paperhttp.Moment(p.KeptAt),
	}
	if s := p.Scan; s != nil {
		out.Scan = &NamePaperScan{Attachment: s.Attachment, FileName: s.FileName, MediaType: s.Media, SHA256: s.SHA256, Size: s.Size, Who: s.Who, At: paperhttp.Moment(s.At)}
	}
	if v := p.Void; v != nil {
		out.Void = &NamePaperVoid{Reason: v.Reason, Who: v.Who, At: paperhttp.Moment(v.At)}
	}
	return out
}

func shapesOf(list []papers.Paper) []NamePaper {
	out := []NamePaper{}
	for _, p := range list {
		out = append(out, shapeOf(p))
	}
	return out
}

func deskOf(d Desk) NamePaperDesk {
	out := NamePaperDesk{Kinds: []NamePaperKind{}, Kept: shapesOf(d.Kept), May: d.May, Filed: d.Filed}
	for _, k := range d.Kinds {
		shown := NamePaperKind{
			Kind: k.Code.Code, NameZH: k.ZH, NameEN: k.EN, Step: k.Step, Material: k.Material, Numbered: k.Numbered, Series: k.Series, Next: k.Number, To: k.To,
		}
		if p := papers.Present(d.Kept, k.Kind()); p != nil {
			shown.Paper = p.ID
		}
		out.Kinds = append(out.Kinds, shown)
	}
	return out
}
