package api_test

import (
	"fmt"
	"testing"
)

// A position is taken for a unit that there is, so the memory for positions is bounded; and a jump that is said twice
// does not put the unit where it cannot be.
func TestPositions(t *testing.T) {
	h := newHouse(t)
	for _, id := range []string{"999", "nobody", "101x"} {
		if out := h.post("/units/"+id+"/position", `{"lon":0.02,"lat":0}`, 404); dig(out, "code") != "no_unit" || dig(out, "remedy") == "" {
			t.Errorf("unit %s: %v", id, out)
		}
	}
	for i, lon := range []float64{0.02, 8, 8} {
		h.post("/units/101/position", fmt.Sprintf(`{"lon":%g,"lat":0}`, lon), 204)
		want := "suspect"
		if i == 0 {
			want = "trusted"
		}
		if got := dig(h.get("/units"), "items.0.position.state"); got != want {
			t.Errorf("after fix %d at %g: %q, want %q", i, lon, got, want)
		}
	}
}

// The command line takes a reason as people say it, and refuses one that the centre does not have.
func TestReasonsAsPeopleSayThem(t *testing.T) {
	h := newHouse(t)
	for words, want := range map[string]string{"101 暂停 用餐": "ok", "101 out meal": "ok", "101 out because": "wrong"} {
		out := h.post("/command", fmt.Sprintf(`{"text":%q}`, words), 200)
		if dig(out, "status") != want {
			t.Errorf("%s: %v", words, out)
		}
		if got := dig(h.get("/units"), "items.0.reason"); got != "meal" && want == "ok" {
			t.Errorf("%s: the reason is %q", words, got)
		}
		if want == "ok" {
			h.post("/units/101/status", `{"to":"available"}`, 200)
		}
	}
	if out := h.post("/units/101/status", `{"to":"unavailable","reason":"zzz"}`, 400); dig(out, "code") != "unknown_reason" || dig(out, "field") != "reason" || dig(out, "remedy") == "" {
		t.Errorf("an unknown reason: %v", out)
	}
}

// Whoever works with units may say that nothing is heard of one, and that it is heard again; a crew says so of itself only.
func TestContact(t *testing.T) {
	h := newHouse(t)
	flag := func() string { return dig(h.get("/units"), "items.0.flags.out_of_contact") }
	allowed := func(verb string) string {
		row := h.get("/units")["items"].([]any)[0].(map[string]any)
		for _, step := range row["next"].([]any) {
			if dig(step, "verb") == verb {
				return dig(step, "allowed")
			}
		}
		return "not listed"
	}
	if out := h.post("/units/101/contact", `{}`, 400); dig(out, "code") != "lost_required" || dig(out, "field") != "lost" {
		t.Errorf("neither lost nor found: %v", out)
	}
	h.post("/units/101/contact", `{"lost":true,"text":"three calls, no answer"}`, 200)
	if flag() == "" || allowed("lose_contact") != "false" || allowed("regain_contact") != "true" {
		t.Errorf("lost: since %q, lose %s, regain %s", flag(), allowed("lose_contact"), allowed("regain_contact"))
	}
	if out := h.post("/units/101/contact", `{"lost":true}`, 200); dig(out, "unchanged") != "true" {
		t.Errorf("lost twice: %v", out)
	}
	h.post("/units/211/contact", `{"lost":true}`, 403, "Test-Role: field")
	h.post("/units/101/contact", `{"lost":true}`, 403, "Test-Role: call-taker")
	h.post("/units/101/contact", `{"lost":false}`, 200, "Test-Role: field")
	if flag() != "" || allowed("lose_contact") != "true" || allowed("regain_contact") != "false" {
		t.Errorf("heard: since %q, lose %s, regain %s", flag(), allowed("lose_contact"), allowed("regain_contact"))
	}
	if out := h.post("/units/999/contact", `{"lost":true}`, 404); dig(out, "code") != "no_unit" {
		t.Errorf("nobody is lost: %v", out)
	}
}
