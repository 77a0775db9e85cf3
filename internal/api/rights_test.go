package api_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Sessions of the roles that do not see everything.
var (
	atSt1 = []string{"Test-Role: station", "Test-Org: st1"}
	atSt2 = []string{"Test-Role: station", "Test-Org: st2"}
	in101 = []string{"Test-Role: field"}
)

const others = "not_yours"

// try sends a request that must end with a status, and with a code if one is given.
func (h *house) try(as []string, method, path, body string, want int, code string) map[string]any {
	h.t.Helper()
	status, out, _ := h.ask(method, path, body, as...)
	if status != want || code != "" && dig(out, "code") != code {
		h.t.Errorf("%v %s %s %s: %d %s, want %d %s", as, method, path, body, status, dig(out, "code"), want, code)
	}
	return out
}

// A station and a crew see an incident exactly when they may act on it: a station what lies in its area or what its crews
// are sent to, a crew what it is sent to itself. Whoever hears a cry for help may pass it on, whomever it is about.
func TestEveryoneActsOnHisOwn(t *testing.T) {
	h := newHouse(t)
	// #1 lies in the area of st2. 101 belongs to no station, 211 to st1.
	h.post("/incidents", `{"type":"knife","place":{"lon":0.15,"lat":0},"narrative":"by the bridge"}`, 201)
	const sends, reports = `{"units":["211"]}`, `{"kind":"supplementary","text":"on the way"}`
	for _, as := range [][]string{atSt1, in101} {
		for _, path := range []string{"/incidents/1", "/incidents/1/timeline", "/incidents/1/recommendation"} {
			h.try(as, "GET", path, "", 404, "no_incident")
		}
		if items, _ := h.get("/incidents", as...)["items"].([]any); len(items) != 0 {
			t.Errorf("%v sees %v", as, items)
		}
		h.try(as, "POST", "/incidents/1/feedback", reports, 403, others)
	}
	h.try(atSt1, "POST", "/incidents/1/locate", `{"place":{"lon":0.05,"lat":0}}`, 403, others)
	h.try(atSt1, "POST", "/incidents/1/dispatch", sends, 403, others)
	h.try(atSt2, "POST", "/units/211/status", `{"to":"off_duty"}`, 403, "not_your_unit")
	h.try(in101, "POST", "/units/211/position", `{"lon":0,"lat":0}`, 403, "not_your_unit")
	// What asks for help goes through.
	h.try(in101, "POST", "/incidents/1/note", `{"text":"smoke, too"}`, 200, "")
	h.try(atSt1, "POST", "/incidents/1/urge", ``, 200, "")
	h.try(in101, "POST", "/units/211/duress", ``, 200, "")
	h.try(in101, "POST", "/calls", `{"number":"555"}`, 201, "")
	h.try(in101, "POST", "/incidents", `{"narrative":"a man down"}`, 201, "")

	h.post("/incidents/1/dispatch", `{"units":["101"]}`, 200)
	for path, want := range map[string]string{"narrative": "by the bridge", "assignments.0.unit": "101"} {
		if got := dig(h.try(in101, "GET", "/incidents/1", "", 200, ""), path); got != want {
			t.Errorf("the crew reads %s %q, want %q", path, got, want)
		}
	}
	if got := dig(h.try(in101, "GET", "/incidents/1/timeline", "", 200, ""), "items.0.text"); got != "by the bridge" {
		t.Errorf("its timeline begins with %q", got)
	}
	h.try(in101, "GET", "/incidents/1/recommendation", "", 200, "")
	h.try(in101, "POST", "/incidents/1/feedback", reports, 200, "")
	h.try(atSt2, "POST", "/incidents/1/feedback", reports, 200, "")
	h.try(atSt1, "GET", "/incidents/1", "", 404, "no_incident")
	h.post("/incidents/1/dispatch", sends, 200)
	h.try(atSt1, "POST", "/incidents/1/feedback", reports, 200, "") // Its crew is there now.

	// The same of what has left memory; a crew that was sent to it still owes its words.
	h.post("/units/101/status", `{"to":"available"}`, 200)
	h.post("/units/211/status", `{"to":"available"}`, 200)
	h.post("/incidents/1/invalid", `{"reason":"nobody there"}`, 200)
	h.time.pass(50 * time.Hour)
	h.post("/incidents", `{}`, 201)
	if got := dig(h.try(in101, "GET", "/incidents/1/timeline", "", 200, ""), "items.0.text"); got != "by the bridge" {
		t.Errorf("the old timeline begins with %q", got)
	}
	h.try(atSt2, "POST", "/incidents/1/follow_up", `{"partner":"fire"}`, 409, "")
	h.try(append([]string{"Test-Unit: 701"}, in101...), "POST", "/incidents/1/feedback", reports, 403, others)
}

// Only the desk that an order goes through signs for it, or the centre on its behalf. The crew does not wait for it.
func TestTheDeskOfTheOrderSigns(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"type":"knife","place":{"lon":0.15,"lat":0}}`, 201)
	h.post("/incidents/1/dispatch", `{"units":["211"],"level":"two"}`, 200) // st2 is responsible; 211 is a crew of st1.
	const signs = `{"to":"desk_signed"}`
	in211 := append([]string{"Test-Unit: 211"}, in101...)
	h.try(atSt1, "POST", "/units/211/status", signs, 403, others)
	h.try(in211, "POST", "/units/211/status", signs, 403, "role")
	h.try(in211, "POST", "/units/211/status", `{"to":"acknowledged"}`, 200, "")
	if row := h.get("/incidents/1"); dig(row, "assignments.0.desk_signed_at") != "" || dig(row, "assignments.0.acknowledged_at") == "" || dig(row, "assignments.0.station") != "st2" {
		t.Errorf("the crew alone signed: %v", row["assignments"])
	}
	h.try(atSt2, "POST", "/units/211/status", signs, 200, "")
	if row := h.get("/incidents/1"); dig(row, "assignments.0.desk_signed_at") == "" || dig(row, "assignments.0.acknowledged_at") == "" || dig(row, "assignments.0.stage") != "acknowledged" {
		t.Errorf("both signed: %v", row["assignments"])
	}
	h.post("/incidents", `{"type":"knife","place":{"lon":0.15,"lat":0}}`, 201)
	h.post("/incidents/2/dispatch", `{"units":["101"],"level":"two"}`, 200)
	h.try(nil, "POST", "/units/101/status", signs, 200, "") // A dispatcher, on its behalf.
	for number, want := range map[string]string{"1": "", "2": "true"} {
		items, _ := h.get("/incidents/" + number + "/timeline")["items"].([]any)
		i := slices.IndexFunc(items, func(e any) bool { return dig(e, "type") == "assignment.desk_signed" })
		if i < 0 || dig(items[i], "params.on_behalf") != want {
			t.Errorf("the signature on #%s is written down as %v, want on behalf %q", number, items, want)
		}
	}
}

// A P1 leaves our hands only when somebody says so who may, and the button says the same as the verb.
func TestWhoApprovesThatAP1IsHandedOver(t *testing.T) {
	for _, tt := range []struct {
		role, code string
		status     int
	}{
		{"call-taker", "p1_transfer", 409}, {"dispatcher", "p1_transfer", 409}, {"commander", "", 200}, {"operator", "", 200},
	} {
		t.Run(tt.role, func(t *testing.T) {
			h, as := newHouse(t), []string{"Test-Role: " + tt.role}
			h.post("/incidents", `{"type":"knife"}`, 201)
			next, _ := h.get("/incidents/1", as...)["next"].([]any)
			for _, step := range next {
				if dig(step, "verb") == "transfer" && (dig(step, "code") != tt.code || dig(step, "allowed") != strconv.FormatBool(tt.code == "")) {
					t.Errorf("the button says %v", step)
				}
			}
			h.try(as, "POST", "/incidents/1/transfer", `{"to":"119","reason":"a fire"}`, tt.status, tt.code)
		})
	}
}

// Two must not believe that they speak with the same caller: the second is told who does, and since when.
func TestACallIsAnsweredByOne(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/calls", `{"number":"555"}`, 201), "id")
	h.try([]string{"Test-Role: call-taker"}, "POST", "/calls/"+id+"/answer", ``, 200, "")
	h.try([]string{"Test-Role: call-taker"}, "POST", "/calls/"+id+"/answer", ``, 200, "")
	row := h.get("/calls")
	out := h.try(nil, "POST", "/calls/"+id+"/answer", ``, 409, "answered")
	if at := dig(out, "params.at"); dig(out, "params.by") != "test-call-taker" || at == "" || !strings.HasPrefix(dig(row, "items.0.answered_at"), strings.TrimSuffix(at, "Z")) {
		t.Errorf("it names %v; the row says %v", out["params"], row["items"])
	}
	// Whoever takes down what the caller says is heard all the same.
	h.post("/incidents", `{"call":"`+id+`","narrative":"a fight"}`, 201)
	h.try(nil, "POST", "/calls/"+id+"/answer", ``, 409, "answered")
}

// A station sends its own crews to what is its own; the crews of others are the centre's to send.
func TestAStationSendsItsOwnCrews(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"type":"knife","place":{"lon":0.15,"lat":0}}`, 201) // In the area of st2; 211 is a crew of st1.
	h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201)
	h.try(atSt2, "POST", "/incidents/1/dispatch", `{"units":["211"]}`, 403, "not_your_unit")
	h.try(atSt1, "POST", "/incidents/2/dispatch", `{"units":["211","101"]}`, 403, "not_your_unit") // All go, or none.
	if got := dig(h.get("/incidents/2"), "assignments.0.unit"); got != "" {
		t.Errorf("refused, and yet %s is sent", got)
	}
	h.try(atSt1, "POST", "/incidents/2/dispatch", `{"units":["211"]}`, 200, "")
	h.try(nil, "POST", "/incidents/1/dispatch", `{"units":["101"]}`, 200, "")
}

// The button for the desk's signature is on the unit's row where a desk signs, and agrees with the verb for every seat.
func TestTheDesksButton(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"type":"knife","place":{"lon":0.15,"lat":0}}`, 201)
	button := func(as []string) (there, allowed string) {
		items, _ := h.get("/units", as...)["items"].([]any)
		i := slices.IndexFunc(items, func(u any) bool { return dig(u, "id") == "211" })
		steps, _ := items[i].(map[string]any)["next"].([]any)
		for _, s := range steps {
			if dig(s, "verb") == "sign_at_desk" {
				return "there", dig(s, "allowed")
			}
		}
		return "", ""
	}
	h.post("/incidents/1/dispatch", `{"units":["211"],"level":"two"}`, 200)
	for _, tt := range []struct {
		as      []string
		allowed string
	}{{atSt1, "false"}, {atSt2, "true"}, {append([]string{"Test-Unit: 211"}, in101...), "false"}, {nil, "true"}} {
		if _, allowed := button(tt.as); allowed != tt.allowed {
			t.Errorf("%v: allowed %q, want %s", tt.as, allowed, tt.allowed)
		}
	}
	h.try(atSt2, "POST", "/units/211/status", `{"to":"desk_signed"}`, 200, "")
	if there, allowed := button(atSt2); there == "" || allowed != "false" {
		t.Errorf("signed, the button is %q, allowed %q", there, allowed)
	}
	h.post("/units/211/status", `{"to":"clear"}`, 200)
	h.post("/incidents/1/dispatch", `{"units":["211"]}`, 200)
	if there, _ := button(atSt2); there != "" {
		t.Error("no desk signs for an order to the crew itself, and yet there is a button")
	}
}
