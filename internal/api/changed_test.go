package api_test

import "testing"

// TestAConflictTellsWhatIsOnesOwn checks what a seat needs to tell its own writes from others' in a conflict.
func TestAConflictTellsWhatIsOnesOwn(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{}`, 201), "id")
	unit := h.get("/units")["items"].([]any)[0]
	name := dig(unit, "id")
	h.post("/incidents/"+id+"/dispatch", `{"units":["`+name+`"]}`, 200, "Idempotency-Key: mine")
	out := h.post("/units/"+name+"/status", `{"to":"en_route"}`, 409, "If-Seq: "+dig(unit, "seq"))
	if dig(out, "code") != "changed" || dig(out, "changes.0.type") != "assignment.dispatched" || dig(out, "changes.0.key") != "mine" || dig(out, "changes.0.params.unit") != name {
		t.Errorf("to whoever sent it: %v", out)
	}
	out = h.post("/units/"+name+"/status", `{"to":"en_route"}`, 409, "If-Seq: "+dig(unit, "seq"), "Test-Seat: 07")
	if dig(out, "code") != "changed" || dig(out, "changes.0.type") != "assignment.dispatched" || dig(out, "changes.0.key") != "" {
		t.Errorf("to somebody else: %v", out)
	}
}
