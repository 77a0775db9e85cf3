package api

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzReadLoosely looks for a body that stops the reader of calls and incidents, or that is JSON and is not taken
// (promise P8), or that fills a row.
func FuzzReadLoosely(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `null`, `7`, `"help"`, `[1,2]`, `{"a":}`, `{"a":1,}`, "\uFEFF{}", "{\"narrative\":\"\xe9\"}", `{} {}`, `{"narrative":1e999}`,
		`{"id":"x","call":7,"place":{"lon":999,"lat":"x","approx":1,"floor":3},"tags":["knife",1,null],"caller":"138","happened":"2999-01-01T00:00:00Z"}`,
		`{"caller":{"name":[],"age":1},"source":"moon","priority":{},"place":"river"}`, `{"a":1,"a":2}`,
		strings.Repeat("[", 200) + strings.Repeat("]", 200), `{"x":` + strings.Repeat(`{"y":`, 200) + `1` + strings.Repeat("}", 201), "{\"\u0000\":1}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, whole := readLoosely(raw)
		if json.Valid(raw) && !whole {
			t.Fatalf("JSON is not taken: %q", raw)
		}
		texts := []string{r.text("id"), r.text("narrative"), r.text("line"), string(r.source())}
		r.text("call")
		p, address, _ := r.place()
		if p != nil && !p.Valid() {
			t.Errorf("a place that is none: %v", p)
		}
		c := r.caller()
		r.time("happened")
		texts = append(texts, r.texts("tags")...)
		r.headers(LooseHeaders{IfSeq: string(raw), Happened: string(raw), Power: string(raw)})
		r.rest()
		for _, s := range append(texts, address, c.Name, c.Number, c.Address) {
			if !utf8.ValidString(s) {
				t.Errorf("%q is no text", s)
			}
		}
		if len(r.aside) > asideMax {
			t.Errorf("%d marks", len(r.aside))
		}
		for _, a := range r.aside {
			if n := utf8.RuneCountInString(a.Field); n > 2*asideName || a.Why == "" || !utf8.ValidString(a.Field) {
				t.Errorf("the mark %+v", a)
			}
		}
		if _, words := r.duress(raw, whole); !utf8.ValidString(words) {
			t.Errorf("%q is no text", words)
		}
	})
}
