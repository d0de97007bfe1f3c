package searchhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/placenames"
	"yike/placenames/namesearch"
	"yike/placenames/naming"
	"yike/placenames/searchhttp"
)

type fake struct {
	text  string
	o     namesearch.Options
	e     naming.Entry
	hits  []namesearch.Hit
	likes []naming.Match
	whole bool
	fail  error
}

func (f *fake) Search(_ context.Context, text string, o namesearch.Options) ([]namesearch.Hit, error) {
	f.text, f.o = text, o
	return f.hits, f.fail
}

func (f *fake) Like(_ context.Context, e naming.Entry) (list []naming.Match, whole bool, err error) {
	f.e = e
	return f.likes, f.whole, f.fail
}

func serve(t *testing.T, f *fake) *httpapitest.Server {
	t.Helper()
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	searchhttp.Register(httpapi.NewAPI(router), f, c)
	return httpapitest.New(t, router)
}

func ask(t *testing.T, f *fake, method, path, body string) (status int, answer map[string]any) {
	t.Helper()
	var sent any
	if body != "" {
		sent = json.RawMessage(body)
	}
	w := serve(t, f).Do(method, path, nil, sent)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	delete(answer, "$schema")
	return w.Code, answer
}

func TestSearch(t *testing.T) {
	t.Parallel()
	n := namesearch.Name{ID: "a", Text: "沣东大道", Roman: "Fengdong Dadao", Kind: "road", Class: "street", Division: "610102001", State: placenames.Approved, Position: orb.Point{108, 34}, Placed: true}
	lost := namesearch.Name{ID: "b", Text: "东村", State: placenames.Retired}
	f := &fake{hits: []namesearch.Hit{{Name: n, By: namesearch.Pinyin, Of: namesearch.Former, Text: "红光路", Spelling: "hong guang lu"}, {Name: lost, By: namesearch.Standard, Of: namesearch.Standard, Text: "东村"}}}
	status, got := ask(t, f, http.MethodGet, "/api/v1/place-names/search?q="+url.QueryEscape("hong光")+"&limit=7&class=street", "")
	want := map[string]any{"names": []any{
		map[string]any{
			"id": "a", "text": "沣东大道", "roman": "Fengdong Dadao", "kind": "road", "class": "street", "division": "610102001", "state": "approved", "position": []any{108., 34.},
			"matched": map[string]any{"by": "pinyin", "of": "former", "text": "红光路", "spelling": "hong guang lu"},
		},
		map[string]any{
			"id": "b", "text": "东村", "roman": "", "kind": "", "class": "", "division": "", "state": "retired", "position": nil,
			"matched": map[string]any{"by": "standard", "of": "standard", "text": "东村", "spelling": ""},
		},
	}}
	if d := cmp.Diff(want, got); status != http.StatusOK || d != "" {
		t.Errorf("%d %s", status, d)
	}
	if f.text != "hong光" || f.o != (namesearch.Options{Limit: 7, Class: "street"}) {
		t.Errorf("asked for %q, %+v", f.text, f.o)
	}
	if status, got := ask(t, &fake{}, http.MethodGet, "/api/v1/place-names/search", ""); status != http.StatusOK || cmp.Diff(map[string]any{"names": []any{}}, got) != "" {
		t.Errorf("nothing: %d %v", status, got)
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	street := func(id, text, area string) naming.Entry {
		return naming.Entry{ID: id, Text: text, Class: "street", Division: "610102001", BuiltUpArea: area, State: placenames.Approved}
	}
	village := naming.Entry{ID: "d", Text: "沣东大道", Class: "seat", Division: "610102001"}
	former := street("c", "丰东大道", "郊")
	former.Former = true
	f := &fake{whole: true, likes: []naming.Match{{Entry: street("a", "沣东大道", "主城"), Relation: naming.SameName}, {Entry: street("b", "沣东路", ""), Relation: naming.SameStem}, {Entry: former, Relation: naming.NearSound}, {Entry: village, Relation: naming.SameName}}}
	status, got := ask(t, f, http.MethodPost, "/api/v1/place-names/like", `{"text":"沣东大道","kind":"road","division":"610102","built_up_area":"主城","id":"x"}`)
	var scopes []any
	for _, n := range got["names"].([]any) {
		scopes = append(scopes, n.(map[string]any)["scope"])
	}
	if d := cmp.Diff([]any{"here", "perhaps", "elsewhere", "elsewhere"}, scopes); status != http.StatusOK || d != "" || got["scope"] != "built_up_area" || got["whole"] != true {
		t.Errorf("%d %v %s", status, got, d)
	}
	want := map[string]any{"id": "c", "text": "丰东大道", "former": true, "class": "street", "state": "approved", "division": "610102001", "built_up_area": "郊", "relation": "near_sound", "zh": "近音", "en": "may sound alike", "scope": "elsewhere"}
	if d := cmp.Diff(want, got["names"].([]any)[2]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(naming.Entry{ID: "x", Text: "沣东大道", Stem: "沣东", Generic: "大道", Class: "street", Division: "610102", BuiltUpArea: "主城"}, f.e); d != "" {
		t.Error(d)
	}
	// Where nobody noted the built-up area, names of the same city may lie in one.
	if _, got := ask(t, f, http.MethodPost, "/api/v1/place-names/like", `{"text":"沣东大道","kind":"road","division":"610102"}`); got["names"].([]any)[1].(map[string]any)["scope"] != "perhaps" {
		t.Errorf("%v", got)
	}
	// Of a mountain of which nobody said whether it is famous, the scope is not known.
	f.likes = []naming.Match{{Entry: naming.Entry{ID: "m", Text: "东山", Class: "natural"}, Relation: naming.SameName}}
	status, got = ask(t, f, http.MethodPost, "/api/v1/place-names/like", `{"text":"东山","kind":"mountain","division":""}`)
	if status != http.StatusOK || got["scope"] != "" || got["names"].([]any)[0].(map[string]any)["scope"] != "perhaps" {
		t.Errorf("%d %v", status, got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	away := &fake{fail: errors.New("the register is away")}
	for _, tc := range []struct {
		f                  *fake
		method, path, body string
		status             int
		code               string
	}{
		{&fake{}, http.MethodGet, "search?limit=0", "", 422, "validation"},
		{&fake{}, http.MethodGet, "search?limit=101", "", 422, "validation"},
		{&fake{}, http.MethodGet, "search?q=" + strings.Repeat("a", 201), "", 422, "validation"},
		{away, http.MethodGet, "search?q=a", "", 500, "internal"},
		{away, http.MethodPost, "like", `{"text":"东路","kind":"road","division":""}`, 500, "internal"},
		{&fake{}, http.MethodPost, "like", `{"text":"东路","kind":"planet","division":""}`, 422, "validation"},
		{&fake{}, http.MethodPost, "like", `{"text":"","kind":"road","division":""}`, 422, "validation"},
	} {
		if status, got := ask(t, tc.f, tc.method, "/api/v1/place-names/"+tc.path, tc.body); status != tc.status || got["code"] != tc.code {
			t.Errorf("%s %s: %d %v", tc.path, tc.body, status, got)
		}
	}
}
