package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Two seats send the same unit at the same moment: one has it, and the other is told who has it and what to do.
func TestARaceForAUnitHasOneWinner(t *testing.T) {
	h := newHouse(t)
	ids := []string{h.knife(), h.knife()}
	statuses, bodies := make([]int, 2), make([]string, 2)
	var wait sync.WaitGroup
	for i, id := range ids {
		wait.Go(func() {
			statuses[i], bodies[i] = h.send(http.MethodPost, "/incidents/"+id+"/dispatch", `{"units":["101"]}`)
		})
	}
	wait.Wait()
	lost := 0
	if statuses[0] == http.StatusOK {
		lost = 1
	}
	if statuses[1-lost] != http.StatusOK || statuses[lost] != http.StatusConflict {
		t.Fatalf("got %v", statuses)
	}
	for _, want := range []string{`"code":"unit_busy"`, `"by":"`, `"at":"`, `"remedy":"reassign it, or stack this incident behind"`} {
		if !strings.Contains(bodies[lost], want) {
			t.Errorf("whoever comes second is not told %s: %s", want, bodies[lost])
		}
	}
	w := h.post("/incidents/"+ids[lost]+"/weigh", `{"units":["101"]}`, 200)
	if dig(w, "units.0.state") != "busy" || dig(w, "units.0.at.incident") != ids[1-lost] || dig(w, "units.0.at.left") != "0" {
		t.Errorf("what taking it away would leave: %v", w)
	}
	// Stacked, it is shown behind what it does now, and the order can be changed.
	h.post("/incidents/"+ids[lost]+"/dispatch", `{"units":["101"],"stack":true}`, 200)
	row := h.unit("101")
	if dig(row, "stack.1.incident") != ids[lost] || dig(row, "incident") != ids[1-lost] {
		t.Errorf("the row of the unit: %v", row)
	}
}

// The time of a crew's silence begins with its last word, and an answer is one.
func TestAnAnswerEndsTheSilence(t *testing.T) {
	h := newHouse(t)
	id := h.knife()
	if got := dig(h.unit("101"), "silent_at"); got != "" {
		t.Errorf("nobody waits for the word of a free unit, until %s", got)
	}
	h.post("/incidents/"+id+"/dispatch", `{"units":["101"]}`, 200)
	h.post("/units/101/status", `{"to":"on_scene"}`, 200)
	before := dig(h.unit("101"), "silent_at")
	if before == "" {
		t.Fatal("a crew on scene may be silent for ever")
	}
	h.post("/incidents/"+id+"/chase", `{"kind":"word","unit":"101"}`, 200)
	if got := dig(h.get("/incidents/"+id), "chased.0.times"); got != "1" {
		t.Errorf("chased %s times", got)
	}
	h.post("/units/101/heard", `{}`, 200)
	if after := dig(h.unit("101"), "silent_at"); after <= before {
		t.Errorf("silent at %s as before", after)
	}
}

// Duress is taken up by a person with a word, and goes on until somebody says that the officers are safe.
func TestDuressIsTakenUpWithAWord(t *testing.T) {
	h := newHouse(t)
	h.post("/units/101/duress", `{}`, 200)
	if status, body := h.send(http.MethodPost, "/units/101/acknowledge-duress", `{}`); status != http.StatusBadRequest || !strings.Contains(body, "reason_required") {
		t.Errorf("without a word: %d %s", status, body)
	}
	h.post("/units/101/acknowledge-duress", `{"text":"102 goes there"}`, 200)
	row := h.unit("101")
	if dig(row, "flags.duress.acked_by") == "" || dig(row, "flags.duress.acked_at") == "" || dig(row, "flags.duress.since") == "" {
		t.Errorf("the row of the unit: %v", row)
	}
}
