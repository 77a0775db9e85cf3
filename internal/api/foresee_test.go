package api_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
)

// A line is held up by advice no more than a button is: it waits once and for a moment, and then the units that it names
// go. Who leaves the choice to us is told that there is none.
func TestALineNeedsNoAdvice(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	for name, losses := range map[string]lossesOf{
		"it breaks": func(cad.UnitID) (cover.Loss, bool) { panic("no cover") },
		"it hangs":  func(cad.UnitID) (cover.Loss, bool) { <-stuck; return cover.Loss{}, false },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			id := h.knife()
			number := dig(h.get("/incidents/"+id), "number")
			h.centre.Losses = losses
			began := time.Now()
			for _, more := range []string{`,"dry_run":true`, ""} {
				got := h.post("/command", fmt.Sprintf(`{"text":"派 推荐 去 %s"%s}`, number, more), 200)
				if dig(got, "status") != "wrong" || dig(got, "preview.code") != "line.no_advice" {
					t.Errorf("the recommended ones: %v", got)
				}
				if got = h.post("/command", fmt.Sprintf(`{"text":"派 101 去 %s"%s}`, number, more), 200); dig(got, "status") == "wrong" {
					t.Errorf("101: %v", got)
				}
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
			if got := h.chosen(id); len(got) != 1 || dig(got[0], "degraded.0") != "not_computed" || dig(got[0], "sent.0") != "101" {
				t.Errorf("recorded %v", got)
			}
		})
	}
}

// A line asks for advice once, whoever is named in it.
func TestALineAsksOnce(t *testing.T) {
	for _, whom := range []string{"推荐", "101"} {
		h := newHouse(t)
		id := h.knife()
		var asked atomic.Int32
		h.centre.Losses = lossesOf(func(u cad.UnitID) (cover.Loss, bool) {
			if u == "101" {
				asked.Add(1)
			}
			return cover.Loss{}, true
		})
		h.post("/command", fmt.Sprintf(`{"text":"派 %s 去 %s"}`, whom, dig(h.get("/incidents/"+id), "number")), 200)
		if n := asked.Load(); n != 1 || len(h.chosen(id)) != 1 {
			t.Errorf("%s: recommended %d times, %v", whom, n, h.chosen(id))
		}
	}
}

// What a line proposed is known to have been shown; a line that names units showed nobody else.
func TestWhatALineShowed(t *testing.T) {
	h := newHouse(t)
	id := h.knife()
	number := dig(h.get("/incidents/"+id), "number")
	preview := h.post("/command", fmt.Sprintf(`{"text":"派 推荐 去 %s","dry_run":true}`, number), 200)
	name := dig(preview, "advice")
	if name == "" || !strings.Contains(dig(preview, "preview.params.units"), "101") {
		t.Fatalf("previewed %v", preview)
	}
	h.post("/units/101/status", `{"to":"unavailable","reason":"meal"}`, 200) // Another is recommended from now on.
	h.post("/command", fmt.Sprintf(`{"text":"派 211 去 %s","advice":%q}`, number, name), 200)
	if got := h.chosen(id)[0]; dig(got, "shown") != "true" || dig(got, "same") != "false" || dig(got, "screen.0.unit") != "101" || dig(got, "advice") == name {
		t.Errorf("another than the previewed ones: %v", got)
	}
	h.post("/units/101/status", `{"to":"available"}`, 200)
	for text, want := range map[string]string{"派 推荐 去 %s": "true true", "派 推荐 1 去 %s": "true true", "派 101 去 %s": "false false"} {
		h := newHouse(t)
		id := h.knife()
		h.post("/command", fmt.Sprintf(`{"text":"`+text+`"}`, dig(h.get("/incidents/"+id), "number")), 200)
		got := h.chosen(id)
		if len(got) != 1 || dig(got[0], "shown")+" "+dig(got[0], "same") != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Who sends all that stood on his screen did as recommended, also where somebody else had sent one of them meanwhile.
func TestSentMeanwhileIsStillTheSame(t *testing.T) {
	h := newHouse(t)
	id := h.knife()
	name := dig(h.get("/incidents/"+id+"/recommendation"), "advice")
	h.post("/incidents/"+id+"/dispatch", `{"units":["101"]}`, 200)
	h.post("/incidents/"+id+"/dispatch", fmt.Sprintf(`{"units":["101","211"],"advice":%q}`, name), 200)
	got := h.chosen(id)
	if len(got) != 2 || dig(got[1], "same") != "true" || dig(got[1], "sent.0") != "211" || dig(got[1], "sent.1") != "" || dig(got[1], "screen.1.unit") != "211" {
		t.Errorf("recorded %v", got)
	}
}
