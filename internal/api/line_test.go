package api_test

import (
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	at01 = "Test-Seat: 01"
	at02 = "Test-Seat: 02"
)

func (h *house) code(method, path, body string, headers ...string) string {
	h.t.Helper()
	_, out, _ := h.ask(method, path, body, headers...)
	return dig(out, "code")
}

func (h *house) call(id string) map[string]any {
	h.t.Helper()
	for _, c := range h.get("/calls?state=all")["items"].([]any) {
		if dig(c, "id") == id {
			return c.(map[string]any)
		}
	}
	h.t.Fatalf("no call %s", id)
	return nil
}

// Two seats answer one call at once: one has it, and the other hears who.
func TestTwoAnswerAtOnce(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/calls", `{"number":"1"}`, 201), "id")
	codes := make([]string, 2)
	var both sync.WaitGroup
	for i, seat := range []string{at01, at02} {
		both.Go(func() { codes[i] = h.code("POST", "/calls/"+id+"/answer", `{}`, seat) })
	}
	both.Wait()
	winner := dig(h.call(id), "holder.seat")
	if !(codes[0] == "" && codes[1] == "answered" && winner == "01" || codes[1] == "" && codes[0] == "answered" && winner == "02") {
		t.Errorf("01 heard %q, 02 heard %q, and the row says %s", codes[0], codes[1], winner)
	}
}

// A second seat asks for the call, is refused, asks again, and takes it when the grace is over, with what was typed.
func TestTakeWithTheDraft(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/calls", `{"number":"19900001234"}`, 201), "id")
	form := "/drafts/019f0000-0000-7000-8000-00000000000a"
	h.post("/calls/"+id+"/answer", `{}`, 200, at01)
	h.post(form, `{"call":"`+id+`","body":{"narrative":"two men, knife"}}`, 200, at01)
	if n := len(h.get("/drafts", at02)["items"].([]any)); n != 0 {
		t.Errorf("another seat reads %d drafts", n)
	}
	if c := h.code("POST", form, `{"body":{}}`, at02); c != "not_holder" {
		t.Errorf("another seat writes into it: %q", c)
	}
	h.post("/calls/"+id+"/take", `{}`, 200, at02)
	if c := h.call(id); dig(c, "asked.seat") != "02" || dig(c, "holder.seat") != "01" {
		t.Errorf("asked: %v", c)
	}
	h.post("/calls/"+id+"/keep", `{}`, 200, at01)
	h.post("/calls/"+id+"/take", `{}`, 200, at02)
	h.time.pass(11 * time.Second)
	h.post("/calls/"+id+"/take", `{}`, 200, at02)
	if c := h.call(id); dig(c, "holder.seat") != "02" || dig(c, "asked.seat") != "" {
		t.Errorf("taken: %v", c)
	}
	if d := h.get("/drafts", at02); dig(d, "items.0.body.narrative") != "two men, knife" {
		t.Errorf("the form did not come along: %v", d)
	}
	if n := len(h.get("/drafts", at01)["items"].([]any)); n != 0 {
		t.Errorf("who had it reads %d drafts", n)
	}
	if c := h.code("POST", form, `{"call":"`+id+`","body":{}}`, at01); c != "not_holder" {
		t.Errorf("who had it writes into it: %q", c)
	}
	if c := h.code("POST", form, `{"body":{}}`, at02); c != "" {
		t.Errorf("whoever has it goes on: %q", c)
	}
	if c := h.code("POST", form, `{"body":{}}`, at02); c != "too_often" {
		t.Errorf("twice in a second: %q", c)
	}
}

// A draft whose incident is stored does not come back by a browser's last words.
func TestDraftOfAStoredIncident(t *testing.T) {
	h := newHouse(t)
	form := "019f0000-0000-7000-8000-00000000000b"
	h.post("/drafts/"+form, `{"body":{"a":1}}`, 200)
	h.post("/incidents", `{"id":"`+form+`"}`, 201)
	if c := h.code("POST", "/drafts/"+form, `{"body":{"a":2}}`); c != "draft_stored" {
		t.Errorf("kept after it was stored: %q", c)
	}
	for body, want := range map[string]string{`{"body":[1]}`: "bad_draft", `{"body":{"a":"` + strings.Repeat("x", 70_000) + `"}}`: "draft_too_long"} {
		if c := h.code("POST", "/drafts/019f0000-0000-7000-8000-00000000000c", body); c != want {
			t.Errorf("%.20s: %q, want %s", body, c, want)
		}
	}
	if c := h.code("POST", "/drafts/..", `{"body":{}}`); c == "" {
		t.Error("a draft of no id was kept")
	}
}

// A lost call is called back: it is open until somebody is reached, its number is shown to who dials, and a call without a
// number says so in its row.
func TestCallBack(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/calls", `{"number":"19900001234","name":"Lin"}`, 201), "id")
	mute := dig(h.post("/calls", `{}`, 201), "id")
	h.post("/calls/"+id+"/abandon", `{}`, 200)
	h.post("/calls/"+mute+"/abandon", `{}`, 200)
	for _, x := range h.call(mute)["next"].([]any) {
		if dig(x, "verb") == "back" && (dig(x, "allowed") != "false" || dig(x, "code") != "no_number") {
			t.Errorf("calling back nobody: %v", x)
		}
	}
	made := dig(h.post("/calls/"+id+"/back", `{}`, 200, at01), "call")
	if c := h.call(made); dig(c, "direction") != "out" || dig(c, "back_of") != id || dig(c, "number") != "19900001234" || dig(c, "incident") != dig(h.call(id), "incident") {
		t.Errorf("made: %v", c)
	}
	if c := h.code("POST", "/calls/"+id+"/back", `{}`, at02); c != "being_called" {
		t.Errorf("twice at once: %q", c)
	}
	h.post("/calls/"+made+"/answer", `{}`, 200)
	if c := h.call(id); dig(c, "back.result") != "reached" || dig(c, "lost") != "abandoned" {
		t.Errorf("reached: %v", c)
	}
	h.post("/calls/"+made+"/hang-up", `{"by":"caller"}`, 200)
	for _, x := range h.get("/calls")["items"].([]any) {
		if dig(x, "id") == id || dig(x, "id") == made {
			t.Errorf("still open: %v", x)
		}
	}
	if log := h.log.String(); strings.Contains(log, "19900001234") {
		t.Error("the number is in the log")
	}
}

// Everybody on the line is told, a number only to who may read it.
func TestThreeWay(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/calls", `{}`, 201), "id")
	h.post("/calls/"+id+"/answer", `{}`, 200, at01)
	h.post("/calls/"+id+"/conference", `{"number":"13800005555"}`, 200, at01)
	h.post("/calls/"+id+"/conference", `{"partner":"119"}`, 200, at01)
	if c := h.code("POST", "/calls/"+id+"/conference", `{"partner":"119","seat":"02"}`, at01); c != "party_required" {
		t.Errorf("two at once: %q", c)
	}
	c := h.call(id)
	if dig(c, "conference.0.to") != "13800005555" || dig(c, "conference.1.kind") != "partner" {
		t.Errorf("%v", c["conference"])
	}
	h.post("/calls/"+id+"/end-conference", `{"leg":"`+dig(c, "conference.0.leg")+`"}`, 200, at01)
	h.post("/calls/"+id+"/hang-up", `{}`, 200, at01)
	if c := h.call(id); c["conference"] != nil || dig(c, "state") != "answered" || dig(c, "ended") == "" {
		t.Errorf("after it: %v", c)
	}
}
