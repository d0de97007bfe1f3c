package funeral

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"yike/internal/record"
)

// Limits of a transfer.
const (
	mostNiches  = 10_000_000
	FirstYear   = 2000
	LastYear    = 2100
	longestNote = 200
	mostMoved   = 500 // villages of one transfer
)

// Transfer is a planned move of niches in one year from a hall that closes to one that
// receives, and with it the villages that are served there from then on.
type Transfer struct {
	ID           string // UUIDv7
	Version      int
	From, To     string // ids of halls
	DivisionCode string // of the closing hall: whoever may write there plans the move
	Year         int
	Niches       int64    // to be moved
	Villages     []string // codes of communities served by To from Year on
	Note         string
	Cancelled    bool
}

// Patch is what a person wants of a transfer otherwise; nil leaves a part as it is.
type Patch struct {
	To        *string
	Year      *int
	Niches    *int64
	Villages  *[]string
	Note      *string
	Cancelled *bool
}

// Apply gives t with what the patch says.
func (p Patch) Apply(t Transfer) Transfer {
	for _, set := range []struct {
		given bool
		do    func()
	}{
		{p.To != nil, func() { t.To = *p.To }},
		{p.Year != nil, func() { t.Year = *p.Year }},
		{p.Niches != nil, func() { t.Niches = *p.Niches }},
		{p.Villages != nil, func() { t.Villages = *p.Villages }},
		{p.Note != nil, func() { t.Note = *p.Note }},
		{p.Cancelled != nil, func() { t.Cancelled = *p.Cancelled }},
	} {
		if set.given {
			set.do()
		}
	}
	return t
}

// Same reports whether two transfers plan the same.
func Same(a, b Transfer) bool {
	return a.From == b.From && a.To == b.To && a.Year == b.Year && a.Niches == b.Niches &&
		slices.Equal(a.Villages, b.Villages) && a.Note == b.Note && a.Cancelled == b.Cancelled
}

// Validate gives everything about a transfer that cannot be taken: halls are all the
// columbaria there are, communities the codes of all communities. That more is moved out
// of a hall than it holds is no fault but a finding of the balance, since what it holds
// may be put right later.
func Validate(t Transfer, halls []Hall, communities []string) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	find := func(id string) (Hall, bool) {
		i := slices.IndexFunc(halls, func(h Hall) bool { return h.ID == id })
		if i < 0 {
			return Hall{}, false
		}
		return halls[i], true
	}
	from, known := find(t.From)
	switch {
	case !known:
		add("from", t.From, "没有这个骨灰堂", "there is no such columbarium")
	case !from.Fate.Closes() && !t.Cancelled:
		add("from", from.NameZH, "该骨灰堂没有列为整合或取缔，请先确定去向", "this hall is neither to be merged nor to be closed down; decide its fate first")
	}
	to, known := find(t.To)
	switch {
	case t.From == t.To:
		add("to", t.To, "迁出与迁入不能是同一处", "a hall cannot receive from itself")
	case !known:
		add("to", t.To, "没有这个骨灰堂", "there is no such columbarium")
	case !to.Receives() && !t.Cancelled:
		add("to", to.NameZH, "该骨灰堂拟关闭或已停用，不能接收", "this hall is to close or is out of use; it cannot receive")
	}
	if t.Year < FirstYear || t.Year > LastYear {
		add("year", fmt.Sprint(t.Year), fmt.Sprintf("应在 %d 至 %d 年之间", FirstYear, LastYear), fmt.Sprintf("must be from %d to %d", FirstYear, LastYear))
	}
	if t.Niches < 0 || t.Niches > mostNiches {
		add("niches", fmt.Sprint(t.Niches), fmt.Sprintf("应为 0 至 %d", mostNiches), fmt.Sprintf("must be from 0 to %d", mostNiches))
	}
	if t.Niches == 0 && len(t.Villages) == 0 && !t.Cancelled {
		add("niches", "0", "既不迁格位也不改服务村居，这条安排没有内容", "moves neither niches nor villages, so it says nothing")
	}
	if len(t.Villages) > mostMoved {
		add("villages", fmt.Sprint(len(t.Villages)), fmt.Sprintf("不应多于 %d 个", mostMoved), fmt.Sprintf("at most %d", mostMoved))
	}
	for _, code := range t.Villages {
		if !slices.Contains(communities, code) {
			add("villages", code, "没有这个编码的村居", "no community has this code")
		}
	}
	if utf8.RuneCountInString(t.Note) > longestNote {
		add("note", "", fmt.Sprintf("不应超过 %d 个字", longestNote), fmt.Sprintf("at most %d characters", longestNote))
	}
	return out
}
