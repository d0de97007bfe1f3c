package readinghttp

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/roman"
)

// PlaceSpellingRequest is a name to be spelled.
type PlaceSpellingRequest struct {
	Text     string   `json:"text" maxLength:"200"`
	Kind     string   `json:"kind,omitempty" maxLength:"40" doc:"By which the parts are told apart and numerals written"`
	Specific string   `json:"specific,omitempty" maxLength:"200" doc:"The parts as a person told them apart, which one after another are the text; left out, they are worked out"`
	Modifier string   `json:"modifier,omitempty" maxLength:"40"`
	Generic  string   `json:"generic,omitempty" maxLength:"40"`
	Joined   *bool    `json:"joined,omitempty" doc:"The name of a natural village or town, which is joined whole; left out, the kind says so"`
	Words    []string `json:"words,omitempty" maxItems:"20" doc:"Pieces of the specific part that stand apart"`
	Readings []string `json:"readings,omitempty" maxItems:"200" doc:"Confirmed, of each character; empty for one that nobody confirmed"`
}

// PlaceSpellingPrecedent is how people read another name.
type PlaceSpellingPrecedent struct {
	Text     string   `json:"text"`
	Readings []string `json:"readings" nullable:"false"`
	Where    string   `json:"where" doc:"The record or the decision"`
	Ruled    bool     `json:"ruled" doc:"It is of the lexicon"`
}

// PlaceSpellingReading is how a character is read.
type PlaceSpellingReading struct {
	Character  string                   `json:"character"`
	Chosen     string                   `json:"chosen" doc:"With tone; empty where nobody knows"`
	Source     string                   `json:"source" enum:"confirmed,precedent,place,generic,phrase,only,usual,none"`
	Where      string                   `json:"where" doc:"Of the precedent, or what the list of places was taken from"`
	Within     string                   `json:"within" doc:"The text that is read so"`
	Candidates []string                 `json:"candidates" nullable:"false" doc:"All readings, the most usual first"`
	Nearest    []PlaceSpellingPrecedent `json:"nearest" nullable:"false" doc:"Precedents that have the character, the nearest first; where it has several readings"`
}

// PlaceSpellingSegment is a part that stands apart.
type PlaceSpellingSegment struct {
	Text      string   `json:"text"`
	Syllables []string `json:"syllables" nullable:"false" doc:"A line may be broken between them"`
}

// PlaceSpellingRule is a rule of 1984 that was used.
type PlaceSpellingRule struct {
	No string `json:"no"`
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// PlaceSpellingWhy is what keeps a spelling from being certain.
type PlaceSpellingWhy struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// PlaceSpelling is a name spelled.
type PlaceSpelling struct {
	Text     string                 `json:"text"`
	Toned    string                 `json:"toned"`
	Upper    string                 `json:"upper" doc:"In capitals, which rule 10 allows"`
	Specific string                 `json:"specific" doc:"The parts by which it was spelled"`
	Modifier string                 `json:"modifier"`
	Generic  string                 `json:"generic"`
	Segments []PlaceSpellingSegment `json:"segments" nullable:"false"`
	Readings []PlaceSpellingReading `json:"readings" nullable:"false"`
	Rules    []PlaceSpellingRule    `json:"rules" nullable:"false"`
	SourceZH string                 `json:"source_zh" doc:"Where the rules were read"`
	SourceEN string                 `json:"source_en"`
	Certain  bool                   `json:"certain" doc:"Each reading was confirmed or is the only one, and the parts are beyond doubt"`
	Why      []PlaceSpellingWhy     `json:"why" nullable:"false" doc:"What keeps it from being certain"`
}

type spellingReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlaceSpelling
}

func (h handlers) spell(ctx context.Context, in *struct{ Body PlaceSpellingRequest }) (*spellingReply, error) {
	q, faults := h.asked(in.Body)
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	s, err := h.lexicon.Speller(ctx)
	if err != nil {
		return nil, err
	}
	return &spellingReply{CacheControl: "no-store", Body: spellingOf(s, q)}, nil
}

// asked makes a request of what a client wrote, with faults by field.
func (h handlers) asked(b PlaceSpellingRequest) (roman.Request, []record.Fault) {
	q := roman.Request{Text: b.Text, Words: b.Words, Parts: placenames.Parts{Specific: b.Specific, Modifier: b.Modifier, Generic: b.Generic, Confirmed: true}}
	var faults []record.Fault
	kind, class, known := h.catalogue.Of(b.Kind)
	switch {
	case known:
		q.Class = class.Code.Code
		q.Joined = b.Kind == "natural_village" || b.Kind == "village_seat"
	case b.Kind != "":
		faults = append(faults, record.Fault{Field: "kind", Value: b.Kind, ZH: "没有这个类别", EN: "there is no such kind"})
	}
	if b.Joined != nil {
		q.Joined = *b.Joined
	}
	switch written := q.Parts.Text(); {
	case written == "" && known:
		if all := kind.Split(b.Text); len(all) > 0 {
			q.Parts = all[0]
		}
	case written != "" && written != b.Text:
		faults = append(faults, record.Fault{Field: "specific", Value: written, ZH: "专名、修饰字、通名连起来应是全名", EN: "the parts one after another are the name"})
	}
	for i, r := range []rune(b.Text) {
		if i >= len(b.Readings) {
			break
		}
		reading := ""
		if strings.TrimSpace(b.Readings[i]) != "" {
			parsed, err := roman.ParseReadings(string(r), b.Readings[i])
			if err != nil {
				faults = append(faults, record.Fault{Field: "readings/" + strconv.Itoa(i), Value: b.Readings[i], ZH: "不是带声调的拼音", EN: "it is no pinyin with a tone"})
				continue
			}
			reading = parsed[0]
		}
		q.Readings = append(q.Readings, reading)
	}
	return q, faults
}

func spellingOf(s *roman.Speller, q roman.Request) PlaceSpelling {
	got := s.Spell(q)
	zh, en, _ := s.Source()
	out := PlaceSpelling{
		Text: got.Text, Toned: got.Toned, Upper: got.Upper(), Specific: q.Parts.Specific, Modifier: q.Parts.Modifier, Generic: q.Parts.Generic,
		Segments: []PlaceSpellingSegment{}, Readings: []PlaceSpellingReading{}, Rules: []PlaceSpellingRule{}, SourceZH: zh, SourceEN: en,
		Certain: got.Certain, Why: []PlaceSpellingWhy{},
	}
	for _, g := range got.Segments {
		out.Segments = append(out.Segments, PlaceSpellingSegment(g))
	}
	for _, r := range got.Readings {
		reading := PlaceSpellingReading{r.Character, r.Chosen, string(r.Source), r.Where, r.Within, append([]string{}, r.Candidates...), []PlaceSpellingPrecedent{}}
		for _, n := range r.Nearest {
			reading.Nearest = append(reading.Nearest, PlaceSpellingPrecedent(n))
		}
		out.Readings = append(out.Readings, reading)
	}
	for _, rule := range s.Rules() {
		if slices.Contains(got.Rules, rule.Code) {
			out.Rules = append(out.Rules, PlaceSpellingRule{rule.Code, rule.ZH, rule.EN})
		}
	}
	for i := range got.WhyZH {
		out.Why = append(out.Why, PlaceSpellingWhy{got.WhyZH[i], got.WhyEN[i]})
	}
	return out
}
