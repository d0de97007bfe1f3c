package coveragehttp

import (
	"time"

	"yike/coverage"
)

// Sources is the data and rules behind all figures of a question.
type Sources struct {
	Query      Query
	Version    string // of the data
	AppVersion string
	Walked     bool   // whether walks count for the type
	AsOf       string // the day that the pack says its records are of, as 2026-10-31; "" where it says none
	Layers     []LayerSource
	Notices    []Notice
	Network    Network
	NetworkID  string // version of the network
	Limits     []LimitCited
	Rules      []RuleCited
}

// LimitCited is what the catalogue of types says of how far one may be, with its text.
type LimitCited struct {
	Minutes, DistanceM int
	Per                string // level of division of which each has one
	Grade              string
	GradeWords, Cite   coverage.Text
}

// LayerSource is one layer of the data.
type LayerSource struct {
	Kind        string // divisions, roads, buildings, population, facilities
	Files       []LayerFile
	Rows        int
	Digest      string // of its files and settings
	StoredAt    time.Time
	CRS         string
	CRSAccepted bool            // somebody overrode the check of its coordinate system
	Facts       []coverage.Text // what its import noted
	Warnings    []coverage.Text // what its import asked to look at
}

// LayerFile is a file of a layer.
type LayerFile struct{ Name, Format, Licence, How string }

// RuleCited is a rule about how far a facility of the type may be, with its citation.
type RuleCited struct {
	ID                   string
	Title, Threshold     coverage.Text
	Where                coverage.Text
	Here                 bool // whether it holds in the district
	Grade                string
	GradeWords           coverage.Text
	Unread               bool
	Source, Clause, Note coverage.Text
	Sentence, SentenceEN string
}

type sourceFile struct {
	Name    string `json:"name"`
	Format  string `json:"format" doc:"osm, geojson, csv, shapefile or gpkg"`
	Licence string `json:"licence" doc:"Empty where the pack names none"`
	How     string `json:"how" doc:"points, communities (spread over residential buildings), file or examples (placed by rule); empty where there is one way only"`
}

type sourceLayer struct {
	Kind        string       `json:"kind" enum:"divisions,roads,buildings,population,facilities"`
	Files       []sourceFile `json:"files" nullable:"false"`
	Rows        int          `json:"rows"`
	Digest      string       `json:"digest" doc:"SHA-256 over its files and settings"`
	StoredAt    *time.Time   `json:"stored_at" nullable:"true" doc:"When this content was imported"`
	CRS         string       `json:"crs"`
	CRSAccepted bool         `json:"crs_accepted" doc:"Somebody overrode the check of its coordinate system"`
	Facts       []Text       `json:"facts" nullable:"false" doc:"What its import noted"`
	Warnings    []Text       `json:"warnings" nullable:"false" doc:"What its import asked to look at"`
}

type sourceRule struct {
	Rule       string `json:"rule" example:"FAC-11"`
	Title      Text   `json:"title"`
	Threshold  Text   `json:"threshold"`
	Where      Text   `json:"where" doc:"Where it holds"`
	Here       bool   `json:"here" doc:"Whether that is this district"`
	Grade      string `json:"grade" doc:"Evidence: S0 to S4, R, r, D, P or M"`
	GradeWords Text   `json:"grade_words"`
	Unread     bool   `json:"unread" doc:"The text now in force was not read: information only"`
	Source     Text   `json:"source"`
	Clause     Text   `json:"clause"`
	Sentence   string `json:"sentence" doc:"The source's own words, where they were read"`
	SentenceEN string `json:"sentence_en"`
	Note       Text   `json:"note"`
}

type sourceLimit struct {
	Minutes    int    `json:"minutes" doc:"0 where none is said"`
	DistanceM  int    `json:"distance_m" doc:"0 where none is said"`
	Per        string `json:"per" doc:"Level of division of which each has one; empty where none is said"`
	Grade      string `json:"grade" doc:"Evidence, as of a rule"`
	GradeWords Text   `json:"grade_words"`
	Cite       Text   `json:"cite" doc:"The text that says it"`
}

type explainedSources struct {
	Query     coverageQuestion   `json:"query"`
	Version   string             `json:"version" doc:"Version of the data: the same question of the same version has the same answer"`
	App       string             `json:"app_version"`
	AsOf      string             `json:"as_of" doc:"The day that the pack says its records are of; empty where it says none"`
	Layers    []sourceLayer      `json:"layers" nullable:"false"`
	Notices   []Notice           `json:"notices" nullable:"false" doc:"What must be shown beside the data"`
	Network   Network            `json:"network"`
	NetworkID string             `json:"network_version"`
	Limits    []sourceLimit      `json:"limits" nullable:"false" doc:"What the catalogue of types says of how far one may be: where the limits on offer come from"`
	Rules     []sourceRule       `json:"rules" nullable:"false" doc:"How far a facility of the type may be, by texts and places; those that hold here first. None where no text was read"`
	Formulas  []explainedFormula `json:"formulas" nullable:"false"`
}

func sourcesOf(s *Sources) explainedSources {
	out := explainedSources{
		Query: questionOf(s.Query), Version: s.Version, App: s.AppVersion, AsOf: s.AsOf, Layers: []sourceLayer{},
		Notices: append([]Notice{}, s.Notices...), Network: s.Network, NetworkID: s.NetworkID, Rules: []sourceRule{}, Formulas: formulas(s.Walked),
	}
	for _, l := range s.Layers {
		layer := sourceLayer{
			Kind: l.Kind, Files: []sourceFile{}, Rows: l.Rows, Digest: l.Digest, CRS: l.CRS, CRSAccepted: l.CRSAccepted,
			Facts: textsOf(l.Facts), Warnings: textsOf(l.Warnings),
		}
		if !l.StoredAt.IsZero() {
			at := l.StoredAt.UTC()
			layer.StoredAt = &at
		}
		for _, f := range l.Files {
			layer.Files = append(layer.Files, sourceFile(f))
		}
		out.Layers = append(out.Layers, layer)
	}
	out.Limits = make([]sourceLimit, len(s.Limits))
	for i, l := range s.Limits {
		out.Limits[i] = sourceLimit{l.Minutes, l.DistanceM, l.Per, l.Grade, Text(l.GradeWords), Text(l.Cite)}
	}
	for _, here := range [2]bool{true, false} {
		for _, r := range s.Rules {
			if r.Here == here {
				out.Rules = append(out.Rules, ruleOf(r))
			}
		}
	}
	return out
}

func ruleOf(r RuleCited) sourceRule {
	return sourceRule{
		Rule: r.ID, Title: Text(r.Title), Threshold: Text(r.Threshold), Where: Text(r.Where), Here: r.Here, Grade: r.Grade,
		GradeWords: Text(r.GradeWords), Unread: r.Unread, Source: Text(r.Source), Clause: Text(r.Clause),
		Sentence: r.Sentence, SentenceEN: r.SentenceEN, Note: Text(r.Note),
	}
}
