package funeralhttp

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/funeral"
	"yike/internal/httpapi"
	"yike/internal/record"
)

type transferPatch struct {
	To        *string   `json:"to,omitempty" maxLength:"64"`
	Year      *int      `json:"year,omitempty"`
	Niches    *int64    `json:"niches,omitempty"`
	Villages  *[]string `json:"villages,omitempty" nullable:"false" maxItems:"500"`
	Note      *string   `json:"note,omitempty" maxLength:"200"`
	Cancelled *bool     `json:"cancelled,omitempty"`
	Reason    string    `json:"reason" maxLength:"500"`

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *transferPatch) UnmarshalJSON(raw []byte) error {
	type plain transferPatch
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

type transferUpdate struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    transferPatch
}

type transferChanged struct {
	ETag string `header:"ETag"`
	Body nicheTransfer
}

func (h handlers) update(ctx context.Context, in *transferUpdate) (*transferChanged, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := record.Invalid(in.Body.nulls); err != nil {
		return nil, problem(err)
	}
	b := in.Body
	t, err := h.transfers.Update(ctx, in.ID, expected, funeral.Patch{To: b.To, Year: b.Year, Niches: b.Niches, Villages: b.Villages, Note: b.Note, Cancelled: b.Cancelled}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &transferChanged{ETag: httpapi.ETag(t.Version), Body: transferOf(t)}, nil
}

func (h handlers) table(ctx context.Context, in *balanceInput) (*huma.StreamResponse, error) {
	l, a, err := h.ask(ctx, in)
	if err != nil {
		return nil, err
	}
	table := rows(funeral.Balanced(l.halls(), l.Transfers, l.Communities, a))
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="niche-balance.csv"`)
		hc.SetHeader("Cache-Control", "private, no-cache")
		out := hc.BodyWriter()
		_, _ = io.WriteString(out, "\uFEFF")   // spreadsheet programs take the text for the local encoding without it
		_ = csv.NewWriter(out).WriteAll(table) // a client that went away wants no more
	}}, nil
}

// rows is the sheet as people print it: receiving halls, halls to close, and the whole.
func rows(b funeral.Balance) [][]string {
	head := []string{"类别 kind", "骨灰堂 hall", "辖区 division", "去向 fate", "总格位 niches", "已用 used"}
	for _, y := range b.Years {
		head = append(head, strconv.Itoa(y)+" 年末余量 free")
	}
	head = append(head, "用满年份 full", "尚未安排 not planned")
	table := [][]string{head}
	for _, r := range b.Receiving {
		row := append([]string{"接收 receiving"}, facts(r.Hall)...)
		for i := range b.Years {
			free := "不详"
			if i < len(r.Years) {
				free = strconv.FormatInt(r.Years[i].Free, 10)
			}
			row = append(row, free)
		}
		table = append(table, append(row, yearOrNone(r.Full), ""))
	}
	for _, c := range b.Closing {
		row := append([]string{"拟关闭 closing"}, facts(c.Hall)...)
		row = append(row, make([]string, len(b.Years))...)
		remaining := "不详"
		if c.Known {
			remaining = strconv.FormatInt(c.Remaining, 10)
		}
		table = append(table, append(row, "", remaining))
	}
	total := []string{"合计 total", "", "", "", "", ""}
	for _, y := range b.Totals {
		total = append(total, strconv.FormatInt(y.Free, 10))
	}
	last := ""
	if n := len(b.Totals); n > 0 {
		last = strconv.FormatInt(b.Totals[n-1].ToMove, 10)
	}
	return append(table, append(total, "", last))
}

func yearOrNone(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func facts(h funeral.Hall) []string {
	zh, en := h.Fate.Text()
	return []string{plain(h.NameZH), h.DivisionCode, zh + " " + en, number(h.Total), number(h.Used)}
}

func number(n *int64) string {
	if n == nil {
		return "不详"
	}
	return strconv.FormatInt(*n, 10)
}

// plain keeps a name from being taken for a formula by spreadsheet programs.
func plain(text string) string {
	if strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
