// Package attachments owns what may hang on a record as a file: photos and documents.
//
// It tells files by what they hold and never by their names, makes of a photo what may be
// shown (upright, no larger than needed, without what the camera hid in it) and refuses
// what harms. It knows the kinds of records that have attachments by name and who may
// write them, and must not know the records themselves.
package attachments

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Kind is what an attachment is to people.
type Kind string

// Photos are shown; documents are opened. A scan is a picture and a document.
const (
	Photo    Kind = "photo"
	Document Kind = "document"
)

// Owner is a kind of record that may have attachments.
type Owner struct {
	Kind       string // of the record, as the audit log has it
	Collection string // of its addresses: /api/v1/{collection}/{id}/attachments
	Action     string // the right that adding and taking away need, in the record's division
}

// Owners lists the kinds of records that may have attachments. Another kind needs a row
// here, its query in attachmentdb, and its place in the policies of the table.
func Owners() []Owner {
	return []Owner{
		{"facility", "facilities", "facility.write"},
		{"premises", "premises", "premises.write"},
		{"campaign_task", "campaign-tasks", "campaign.answer"},
		{"facility_problem", "facility-problems", "campaign.answer"},
		{"estate", "estates", "estate.write"},
		{"estate_rule", "estate-rules", "estate.rules"},
		{"name", "place-names", "placename.write"},
		{"name_case", "name-cases", "placename.write"},
		{"sign", "signs", "placename.survey"},
		{"plate", "plates", "plate.fit"},
		{"name_visit", "name-visits", "placename.survey"},
		{"address", "addresses", "address.write"},
	}
}

// AlsoAdds lists the rights that suffice, besides an owner's own, to add to its records and
// not to take away: whoever takes a step of a case brings its papers.
func AlsoAdds(kind string) []string {
	if kind == "name_case" {
		return []string{"placename.review", "placename.consult", "placename.decide", "placename.survey"}
	}
	return nil
}

// OwnerOf finds the kind of record; false for one that has no attachments.
func OwnerOf(kind string) (Owner, bool) {
	for _, o := range Owners() {
		if o.Kind == kind {
			return o, true
		}
	}
	return Owner{}, false
}

// Attachment is one file of a record, as it is kept.
type Attachment struct {
	ID, OwnerKind, OwnerID, DivisionCode string
	Version                              int
	Kind                                 Kind
	Title, FileName, MediaType           string
	Subject                              string // what it is of its record, as a code word; "" for nothing in particular
	Size                                 int64
	SHA256                               string // of what is kept
	ThumbSHA256                          string // "" where there is none
	Width, Height                        int    // of a picture in pixels
	OriginalSHA256                       string // of the file as it came
	TakenOn                              record.Day
	Position                             *orb.Point // where the camera was, if the person keeps it
	AddedAt                              time.Time
}

// The bounds of what people write.
const (
	MaxTitle = 200 // characters
	maxName  = 120
)

// New is what a person says of a file that is to be kept.
type New struct {
	OwnerKind, OwnerID string
	Kind               Kind
	Title              string // the file's name when left out
	FileName           string
	Subject            string
	KeepPosition       bool // keep where a photo was taken, if the camera noted it
}

// Check tells what is at fault with what a person wrote.
func (n New) Check() []record.Fault {
	var faults []record.Fault
	if n.Kind != Photo && n.Kind != Document {
		faults = append(faults, record.Fault{Field: "kind", Value: string(n.Kind), ZH: "应为 photo（照片）或 document（文件）", EN: "it must be photo or document"})
	}
	if l := len([]rune(n.Title)); l > MaxTitle {
		faults = append(faults, record.Fault{Field: "title", ZH: fmt.Sprintf("最多 %d 个字，现有 %d 个", MaxTitle, l), EN: fmt.Sprintf("at most %d characters; it has %d", MaxTitle, l)})
	}
	if !regexp.MustCompile(`^[a-z0-9_]{0,40}$`).MatchString(n.Subject) {
		faults = append(faults, record.Fault{Field: "subject", Value: n.Subject, ZH: "应为材料代码", EN: "it must be a code word"})
	}
	return faults
}

// CleanName makes a name for a file of the type of what a client called it: no folders, no
// letters that cannot be seen, and the ending that fits what the file holds.
func CleanName(name string, media Media) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.TrimSuffix(name, path.Ext(name)), ". ")
	if name == "" {
		name = "file"
	}
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName])
	}
	return name + media.Ending()
}

// What a file is refused for.
var (
	ErrEmpty         = errors.New("attachments: the file is empty")
	ErrMedia         = errors.New("attachments: not a kind of file that is kept")
	ErrBroken        = errors.New("attachments: the file cannot be read whole")
	ErrTooManyPixels = errors.New("attachments: the picture has too many pixels")
	ErrMacros        = errors.New("attachments: the document holds programs")
	ErrNoPhoto       = errors.New("attachments: not a picture")
)
