package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
)

// chosen is what the timeline of an incident says of each choice.
func (h *house) chosen(id string) (out []map[string]any) {
	h.t.Helper()
	for _, e := range h.get("/incidents/" + id + "/timeline")["items"].([]any) {
		if e := e.(map[string]any); e["type"] == "incident.chosen" {
			out = append(out, e["params"].(map[string]any))
		}
	}
	return out
}

func (h *house) knife() string {
	h.t.Helper()
	return dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.02,"lat":0}}`, 201), "id")
}

// Whom somebody sent is kept beside what was recommended at that moment, and what stood on his screen.
func TestTheChoiceIsRecorded(t *testing.T) {
	h := newHouse(t)
	id := h.knife()
	advice := dig(h.get("/incidents/"+id+"/recommendation"), "advice")
	if advice == "" {
		t.Fatal("the advice has no name")
	}
	h.post("/incidents/"+id+"/dispatch", fmt.Sprintf(`{"units":["211","101"],"advice":%q}`, advice), 200)
	got := h.chosen(id)
	if len(got) != 1 || dig(got[0], "advice") != advice || dig(got[0], "same") != "true" || dig(got[0], "shown") != "true" || dig(got[0], "wave") != "1" {
		t.Fatalf("followed to the letter: %v", got)
	}
	for path, want := range map[string]string{
		"recommended.0.unit": "101", "recommended.0.slot": "near", "recommended.0.eta_s": "0", "recommended.1.unit": "211", "sent.0": "211", "sent.1": "101", "screen": "",
	} {
		if v := dig(got[0], path); v != want {
			t.Errorf("%s is %q, want %q", path, v, want)
		}
	}
	h.post("/incidents/"+id+"/dispatch", `{"units":["211","101"]}`, 200) // A repeat chooses nothing.
	if n := len(h.chosen(id)); n != 1 {
		t.Errorf("%d choices after a repeat", n)
	}
}

// Who sends others, sends by another advice, or by none at all, is recorded as such.
func TestAnotherChoiceIsRecorded(t *testing.T) {
	h := newHouse(t)
	id := h.knife()
	old := dig(h.get("/incidents/"+id+"/recommendation"), "advice")
	h.post("/units/101/status", `{"to":"unavailable","reason":"meal"}`, 200) // What stood on the screen is no longer recommended.
	h.post("/incidents/"+id+"/dispatch", fmt.Sprintf(`{"units":["211"],"advice":%q,"reason":"x"}`, old), 200)
	got := h.chosen(id)[0]
	if dig(got, "shown") != "true" || dig(got, "same") != "false" || dig(got, "screen.0.unit") != "101" || dig(got, "recommended.0.unit") != "211" || dig(got, "advice") == old {
		t.Errorf("the screen was older: %v", got)
	}
	for _, e := range h.get("/incidents/" + id + "/timeline")["items"].([]any) {
		if dig(e, "type") == "incident.chosen" && dig(e, "text") != "x" {
			t.Errorf("the reason is not with the choice: %v", e)
		}
	}
	h.post("/units/101/status", `{"to":"available"}`, 200)
	id = h.knife()
	h.post("/incidents/"+id+"/dispatch", `{"units":["101"],"advice":"of somebody else"}`, 200)
	if got := h.chosen(id)[0]; dig(got, "shown") != "false" || dig(got, "same") != "true" {
		t.Errorf("a name that nobody gave: %v", got)
	}
	id = h.knife()
	h.post("/command", fmt.Sprintf(`{"text":"改派 101 去 %s 理由 近"}`, dig(h.get("/incidents/"+id), "number")), 200)
	if got := h.chosen(id); len(got) != 1 || dig(got[0], "shown") != "false" || dig(got[0], "sent.0") != "101" {
		t.Errorf("reassigned by the command line: %v", got)
	}
	h.post("/incidents/"+id+"/dispatch", `{"units":["211"],"stack":true,"level":"two"}`, 200)
	if got := h.chosen(id); len(got) != 2 || dig(got[1], "sent.0") != "211" {
		t.Errorf("stacked through the station: %v", got)
	}
}

// lossesOf makes cover of a function.
type lossesOf func(cad.UnitID) (cover.Loss, bool)

func (f lossesOf) Loss(u cad.UnitID) (cover.Loss, bool) { return f(u) }

// Sending never fails and never waits because of advice (promise P8).
func TestSendingNeedsNoAdvice(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	for name, losses := range map[string]lossesOf{
		"it breaks":   func(cad.UnitID) (cover.Loss, bool) { panic("no cover") },
		"it hangs":    func(cad.UnitID) (cover.Loss, bool) { <-stuck; return cover.Loss{}, false },
		"not yet":     func(cad.UnitID) (cover.Loss, bool) { return cover.Loss{}, false },
		"all is well": func(cad.UnitID) (cover.Loss, bool) { return cover.Loss{Seconds: 3.21, Calls: 0.5}, true },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			id := h.knife()
			h.centre.Losses = losses
			began := time.Now()
			h.post("/incidents/"+id+"/dispatch", `{"units":["101"]}`, 200)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			got := h.chosen(id)
			fails := strings.HasPrefix(name, "it ")
			if len(got) != 1 || (dig(got[0], "degraded.0") == "not_computed") != fails || dig(got[0], "sent.0") != "101" || fails && dig(got[0], "same") != "false" {
				t.Errorf("recorded %v", got)
			}
			if fails {
				return
			}
			rest := h.get("/incidents/" + id + "/recommendation")
			if loss := dig(rest, "items.0.cover.loss_s"); name == "not yet" && loss != "" || name != "not yet" && loss != "3.2" {
				t.Errorf("the cover lost is %q: %v", loss, rest)
			}
		})
	}
}

// All that a dispatcher needs to know stands in the recommendation.
func TestRecommendationIsWhole(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.0995,"lat":0}}`, 201), "id") // 55 m from st2's border.
	advice := h.get("/incidents/" + id + "/recommendation")
	for path, want := range map[string]string{
		"wave": "1", "waves": "2", "need.0.what": "near", "need.0.filled": "1", "need.1.what": "own", "items.0.state": "free", "items.0.workload.jobs_today": "0",
		"jurisdiction.responsible.id": "st1", "jurisdiction.border.0.id": "st2", "jurisdiction.rule": "border_p1", "jurisdiction.nearest.unit": "101",
		"responsible.id": "st1", "degraded.0": "no_streets", "cards": "[]", "seats": "[]", "notify": "[]", "partners": "[]", "shortfalls": "[]",
	} {
		if got := dig(advice, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	line := h.post("/command", fmt.Sprintf(`{"text":"最近 %s 派出所车组"}`, dig(h.get("/incidents/"+id), "number")), 200)
	if dig(line, "nearest.0.unit") != "211" || dig(line, "nearest.1.unit") != "" {
		t.Errorf("nearest crews: %v", line)
	}
}
