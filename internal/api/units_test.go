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
