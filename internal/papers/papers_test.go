package papers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/docx"
	"yike/internal/papers"
)

type house struct {
	name, owner string
	rooms       []string
}

func fields() []papers.Field[house] {
	return []papers.Field[house]{
		{ZH: "名称", EN: "name", Text: func(h house) string { return h.name }, Blank: "＿＿"},
		{ZH: "业主", EN: "owner", Text: func(h house) string { return h.owner }},
		{ZH: "房间", EN: "rooms", Fields: papers.Names([2]string{"名称", "name"}, [2]string{"面积", "area"}), Items: func(h house) []map[string]string {
			var out []map[string]string
			for _, r := range h.rooms {
				out = append(out, map[string]string{"名称": r})
			}
			return out
		}},
	}
}

func TestDataByBothNames(t *testing.T) {
	t.Parallel()
	got := papers.Data(fields(), house{owner: "王府", rooms: []string{"堂屋"}})
	item := map[string]string{"名称": "堂屋", "name": "堂屋", "面积": "", "area": ""}
	list := docx.List{Fields: []string{"名称", "name", "面积", "area"}, Items: []map[string]string{item}}
	want := docx.Data{
		Texts: map[string]string{"名称": "", "name": "", "业主": "王府", "owner": "王府"}, Blanks: map[string]string{"名称": "＿＿", "name": "＿＿"},
		Lists: map[string]docx.List{"房间": list, "rooms": list},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if none := papers.Data(fields(), house{}); len(none.Lists["rooms"].Fields) != 4 {
		t.Error("a template is checked against the names of no record")
	}
}

func TestFaultsOfTemplates(t *testing.T) {
	t.Parallel()
	known := papers.Data(fields(), house{})
	if f := papers.Faults([]byte("no document"), known); len(f) != 1 || f[0].Field != "file" || f[0].ZH == "" || f[0].EN == "" {
		t.Error(f)
	}
	letter := func(body string) []byte {
		data, err := docx.Official{Title: "关于{{名称}}", Body: []string{body}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if f := papers.Faults(letter("{{房间.面积}}"), known); f != nil {
		t.Error(f)
	}
	f := papers.Faults(letter("{{名字}}"), known)
	if len(f) != 1 || f[0].Value != "{{名字}}" || f[0].EN != "there is no such placeholder (in: {{名字}}); did you mean {{名称}}?" {
		t.Error(f)
	}
}

func TestVersionOfTheBureaus(t *testing.T) {
	t.Parallel()
	if v := (papers.Template{Version: 3}).Own(); v != 0 {
		t.Error("without a file it is the program's:", v)
	}
	if v := (papers.Template{Version: 3, SHA256: "a"}).Own(); v != 3 {
		t.Error(v)
	}
}
