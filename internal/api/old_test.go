package api_test

import (
	"testing"
	"time"
)

// An incident that left memory is an incident: whoever types its number reads it, sees what it is linked to by number,
// writes to it and takes it up again, and nobody else has to know that it was away.
func TestOldIncidentsAreFoundByNumber(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"id":"0190a000-0000-7000-8000-000000000001","type":"theft","narrative":"a red bicycle","caller":{"number":"555"}}`, 201)
	h.post("/incidents", `{"id":"0190a000-0000-7000-8000-000000000002","type":"theft","narrative":"a blue bicycle"}`, 201)
	h.post("/incidents/1/link", `{"to":"2"}`, 200)
	const order = `{"units":["101"],"ids":["0190a000-0000-7000-8000-00000000000a"]}`
	h.post("/incidents/1/dispatch", order, 200)
	h.post("/units/101/status", `{"to":"available"}`, 200)
	for _, n := range []string{"1", "2"} {
		h.post("/incidents/"+n+"/invalid", `{"reason":"found again"}`, 200)
	}
	h.time.pass(50 * time.Hour)
	third := h.post("/incidents", `{"type":"theft"}`, 201)
	if items, _ := h.get("/incidents?state=all")["items"].([]any); len(items) != 1 || dig(third, "number") != "3" {
		t.Fatalf("the old ones should have left memory: %v", items)
	}
	if out := h.post("/incidents/3/dispatch", order, 400); dig(out, "code") != "id_taken" {
		t.Errorf("an order under the id of an old one: %v", out)
	}

	for _, id := range []string{"1", "0190a000-0000-7000-8000-000000000001"} {
		row := h.get("/incidents/" + id)
		for path, want := range map[string]string{
			"number": "1", "phase": "invalid", "narrative": "a red bicycle", "caller.number": "555", "links.0.number": "2", "assignments.0.call_sign": "101",
		} {
			if got := dig(row, path); got != want {
				t.Errorf("%s of %s is %q, want %q", path, id, got, want)
			}
		}
	}
	if got := dig(h.get("/incidents/1/timeline"), "items.0.text"); got != "a red bicycle" {
		t.Errorf("the timeline begins with %q", got)
	}
	// Of a station that had no part in it, it stays hidden.
	if status, _, _ := h.ask("GET", "/incidents/1", "", "Test-Role: station", "Test-Org: st2"); status != 404 {
		t.Errorf("a stranger reads it: %d", status)
	}
	for line, want := range map[string]string{"#1": "ok", "#4": "wrong", "#0": "wrong"} {
		if out := h.post("/command", `{"text":"`+line+`"}`, 200); dig(out, "status") != want || want == "ok" && dig(out, "show.id") != "0190a000-0000-7000-8000-000000000001" {
			t.Errorf("%s: %v", line, out)
		}
	}
	if out := h.post("/command", `{"text":"#2 note seen at the market"}`, 200); dig(out, "status") != "ok" {
		t.Errorf("a note to an old one: %v", out)
	}
	if out := h.post("/command", `{"text":"link 1 to 3"}`, 200); dig(out, "status") != "ok" {
		t.Errorf("a link to an old one: %v", out)
	}
	if got := dig(h.get("/incidents/3"), "links.0.number"); got != "1" {
		t.Errorf("the new one is linked to #%s", got)
	}
	h.time.pass(50 * time.Hour)
	h.post("/incidents", `{}`, 201)
	if got := dig(h.get("/incidents/3"), "links.0.number"); got != "1" {
		t.Errorf("when the old one has left memory again, the new one is linked to #%s", got)
	}
	// Whoever sends the same id again after so long opens another one, and the old one stays what it was.
	if out := h.post("/incidents", `{"id":"0190a000-0000-7000-8000-000000000001","narrative":"a green bicycle"}`, 201, "Idempotency-Key: another"); dig(out, "number") != "5" {
		t.Errorf("the old id again: %v", out)
	}
	if row := h.get("/incidents/5"); dig(row, "aside.0.why") != "id_taken" {
		t.Errorf("the new one is %v", row)
	}
	h.post("/incidents/1/reopen", `{"reason":"stolen again"}`, 200)
	if row := h.get("/incidents/1"); dig(row, "phase") != "in_work" || dig(row, "narrative") != "a red bicycle" {
		t.Errorf("taken up again it is %v", row)
	}
}

// What was said in a duress is erased alone, and a unit with all of it.
func TestDuressWordsAreErased(t *testing.T) {
	h := newHouse(t)
	h.post("/units/101/duress", `{}`, 200)
	h.post("/units/101/duress", `{"text":"behind the mill"}`, 200)
	id := dig(h.get("/units"), "items.0.flags.duress.id")
	if id == "" {
		t.Fatal("the duress has no name")
	}
	h.post("/units/101/duress", `{"text":"a knife"}`, 200)
	if again := dig(h.get("/units"), "items.0.flags.duress.id"); again != id {
		t.Errorf("one duress is named %s and %s", id, again)
	}
	erase := func(s string, want int) map[string]any {
		return h.post("/admin/erase/"+s, `{"reason":"PIPL 47"}`, want, "Test-Role: operator")
	}
	if out := erase("duress:"+id, 409); dig(out, "code") != "in_duress" {
		t.Errorf("while they are in danger: %v", out)
	}
	h.post("/units/101/duress", `{"on":false,"text":"safe"}`, 200)
	if out := erase("duress:"+id, 200); dig(out, "erased.0") != "duress:"+id {
		t.Errorf("ordered: %v", out)
	}
	h.post("/command", `{"text":"sos 101 by the river"}`, 200)
	second := dig(h.get("/units"), "items.0.flags.duress.id")
	if second == id || second == "" {
		t.Fatalf("the second duress is named %q", second)
	}
	if out := h.post("/units/101/duress", `{"on":false}`, 400); dig(out, "code") != "reason_required" || dig(out, "field") != "text" || dig(out, "remedy") == "" {
		t.Errorf("ended without a word: %v", out)
	}
	h.post("/units/101/duress", `{"on":false,"text":"safe again"}`, 200)
	if out := erase("unit:101", 200); dig(out, "erased.0") != "unit:101" || dig(out, "erased.1") != "duress:"+id || dig(out, "erased.2") != "duress:"+second {
		t.Errorf("ordered: %v", out)
	}
	h.post("/units/101/duress", `{"text":"again"}`, 200) // Nothing of that stands in the way of help.
}

// What a call-taker types of the caller is kept, also for a call that rang before the form was filled in.
func TestTypedCallerIsKept(t *testing.T) {
	h := newHouse(t)
	ring := func(number string) string {
		return dig(h.post("/calls", `{"number":"`+number+`"}`, 201), "id")
	}
	caller := func(n string) string {
		row := h.get("/incidents/" + n)
		return dig(row, "caller.name") + " " + dig(row, "caller.number")
	}
	first := ring("555")
	h.post("/incidents", `{"call":"`+first+`","caller":{"name":"Zhang","number":"555"}}`, 201)
	if got := caller("1"); got != "Zhang 555" {
		t.Errorf("the caller of #1 is %q", got)
	}
	before := h.desk.Head()
	h.post("/incidents", `{"call":"`+ring("777")+`","caller":{"number":"777"}}`, 201)
	if got := caller("2"); got != " 777" || h.desk.Head()-before != 4 {
		t.Errorf("the caller of #2 is %q after %d records, want ring, open, answer and attach", got, h.desk.Head()-before)
	}
	// The call belongs to #1; what is said now is kept with #3 by a call of its own.
	h.post("/incidents", `{"call":"`+first+`","caller":{"name":"Li","number":"999"}}`, 201)
	if got := caller("3"); got != "Li 999" || caller("1") != "Zhang 555" || dig(h.get("/incidents/3"), "aside.0.why") != "attached_elsewhere" {
		t.Errorf("the caller of #3 is %q, of #1 %q", got, caller("1"))
	}
}

// Promise P9: words that cannot be sealed do not keep anybody from help.
func TestDuressWithoutKeys(t *testing.T) {
	h := newHouse(t)
	h.keys.stuck.Store(true)
	h.post("/units/101/duress", `{"text":"behind the mill"}`, 200)
	if out := h.post("/command", `{"text":"sos 211 by the river"}`, 200); dig(out, "status") != "ok" {
		t.Errorf("on the command line: %v", out)
	}
	for _, item := range []string{"0", "1"} {
		if dig(h.get("/units"), "items."+item+".flags.duress.since") == "" {
			t.Errorf("unit %s is not in duress", item)
		}
	}
}
