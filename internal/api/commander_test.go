package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A knife: only the commander says that he has seen the alert; the first report is drafted from the facts, edited, and
// filed late, which is a fact and on the list of what is owed until then.
func TestAlertAndReports(t *testing.T) {
	h := newHouse(t)
	boss, desk := []string{"Test-Role: commander"}, []string{"Test-Role: dispatcher"}
	inc := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0,"address":"12 Ferry Lane"},"narrative":"two men with knives"}`, 201), "id")
	h.post("/incidents/"+inc+"/classify", `{"level":"II","reason":"many people about"}`, 200)
	row := h.get("/incidents/" + inc)
	if dig(row, "alerts.0.id") != "tag.knife" || dig(row, "report.kind") != "first" || dig(row, "report.passed") != "" {
		t.Fatalf("the row: %v %v", row["alerts"], row["report"])
	}
	h.try(desk, "POST", "/incidents/"+inc+"/acknowledge", `{}`, 403, "role")
	if got := dig(h.get("/owed", boss...), "items.0.what"); got != "alert" {
		t.Errorf("owed before it is seen: %q", got)
	}
	h.try(boss, "POST", "/incidents/"+inc+"/acknowledge", `{"alert":"tag.knife","text":"seen"}`, 200, "")
	h.try(boss, "POST", "/incidents/"+inc+"/acknowledge", `{"alert":"tag.gun"}`, 404, "no_alert")
	if got := dig(h.get("/incidents/"+inc), "alerts.0.acked_by"); got != "test-commander" {
		t.Errorf("seen by %q", got)
	}
	h.post("/incidents/"+inc+"/dispatch", `{"units":["101","211"]}`, 200)
	h.time.pass(4 * time.Minute)
	h.post("/units/101/status", `{"to":"on_scene"}`, 200)

	draft := h.get("/incidents/"+inc+"/report-draft?kind=first", boss...)
	findings := draft["findings"].([]any)
	var ids []string
	for i, f := range findings {
		x := f.(map[string]any)
		ids = append(ids, x["id"].(string))
		if facts := x["facts"].([]any); len(facts) == 0 {
			t.Errorf("finding %d rests on nothing: %v", i, x)
		}
	}
	if got := strings.Join(ids, " "); got != "received graded sent arrived working" {
		t.Errorf("the draft says %s", got)
	}
	for path, want := range map[string]string{
		"findings.0.params.told.0": "two men with knives", "findings.0.params.place.0": "12 Ferry Lane", "findings.1.params.level.0": "II",
		"findings.2.params.units.1": "211", "findings.3.params.minutes.0": "4", "findings.4.params.on_scene.0": "101",
	} {
		if got := dig(draft, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	h.try(desk, "POST", "/incidents/"+inc+"/reports", `{"kind":"first","text":"x"}`, 403, "role")
	h.try(boss, "POST", "/incidents/"+inc+"/reports", `{"kind":"follow","text":"x"}`, 409, "no_first_report")
	h.time.pass(12 * time.Minute)
	if got := h.get("/owed", boss...); !strings.Contains(listed(got), "report_first") {
		t.Errorf("a late first report is not owed: %v", listed(got))
	}
	h.try(boss, "POST", "/incidents/"+inc+"/reports", `{"kind":"first","text":"Two men with knives, both held."}`, 200, "")
	h.try(boss, "POST", "/incidents/"+inc+"/reports", `{"kind":"follow","text":"One man, not two.","corrects":1}`, 200, "")
	filed := h.get("/incidents/"+inc+"/reports", boss...)
	for path, want := range map[string]string{
		"items.0.text": "Two men with knives, both held.", "items.0.late": "true", "items.0.to": "superior", "items.1.corrects": "1",
		"report.kind": "follow", "report.filed": "2", "next.0.code": "first_filed", "next.2.code": "not_settled",
	} {
		if got := dig(filed, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	// A follow-up says what is new, beside what was filed.
	h.post("/incidents/"+inc+"/with", `{"partner":"119","text":"smoke"}`, 200)
	again := h.get("/incidents/"+inc+"/report-draft?kind=follow", boss...)
	if dig(again, "findings.0.id") != "filed" || dig(again, "findings.1.id") != "partner" || dig(again, "findings.2.id") != "working" || dig(again, "due") == "" {
		t.Errorf("the follow-up says %v", again["findings"])
	}
}

// listed are the things that are owed, in order.
func listed(owed map[string]any) string {
	var out []string
	for _, i := range owed["items"].([]any) {
		x := i.(map[string]any)
		who := x["who"].(map[string]any)
		id, _ := who["id"].(string)
		out = append(out, x["what"].(string)+":"+id)
	}
	return strings.Join(out, " ")
}

// A seat that nobody takes over at and a crew that says nothing are on the list of what is late, each with who owes it, and off
// it once they have spoken.
func TestSeatsAndSilenceAreOwed(t *testing.T) {
	h := newHouse(t)
	boss := []string{"Test-Role: commander"}
	inc := dig(h.post("/incidents", `{"type":"theft","place":{"lon":0.05,"lat":0}}`, 201), "id")
	h.post("/incidents/"+inc+"/ask-seat", `{"seat":"61"}`, 200)
	h.time.pass(61 * time.Second)
	if got := listed(h.get("/owed", boss...)); got != "dispatch: seat:61" {
		t.Errorf("owed: %s", got)
	}
	h.post("/incidents/"+inc+"/seat-takes", `{"seat":"61"}`, 200)
	h.post("/incidents/"+inc+"/dispatch", `{"units":["101"]}`, 200)
	h.post("/units/101/status", `{"to":"on_scene"}`, 200)
	h.time.pass(15*time.Minute + time.Second)
	late := h.get("/owed", boss...)
	if got := listed(late); got != "word:101" || dig(late, "items.0.number") != "1" || dig(late, "items.0.late_s") != "1" {
		t.Errorf("owed: %s %v", got, late["items"])
	}
	h.post("/incidents/"+inc+"/chase", `{"kind":"word","unit":"101"}`, 200)
	h.post("/units/101/heard", `{}`, 200)
	if got := listed(h.get("/owed", boss...)); got != "" {
		t.Errorf("owed after its word: %s", got)
	}
}

// An order goes to a crew and a station; each speaks for itself only, and what is late is owed by whoever owes it.
func TestOrderIsFollowed(t *testing.T) {
	h := newHouse(t)
	boss := []string{"Test-Role: commander"}
	inc := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201), "id")
	due := h.time.Now().Add(10 * time.Minute).Format(time.RFC3339)
	made := h.try(boss, "POST", "/orders", `{"power":"direct","urgency":"flash","incident":"1","to":[{"kind":"unit","id":"101"},{"kind":"org","id":"st2"}],"text":"hold the north end","due":"`+due+`"}`, 201, "")
	id := dig(made, "id")
	row := func() map[string]any { return h.get("/orders", boss...)["items"].([]any)[0].(map[string]any) }
	for path, want := range map[string]string{"text": "hold the north end", "state": "issued", "number": "1", "incident_number": "1", "to.0.call_sign": "101", "kind": "incident"} {
		if got := dig(row(), path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if items, _ := h.get("/orders", atSt1...)["items"].([]any); len(items) != 0 {
		t.Errorf("a station that it was not given to sees it: %v", items)
	}
	h.try(atSt1, "POST", "/orders/"+id+"/sign", `{"to":{"kind":"org","id":"st2"}}`, 403, others)
	h.try(in101, "POST", "/orders/"+id+"/sign", `{"to":{"kind":"org","id":"st2"}}`, 403, others)
	h.try(in101, "POST", "/orders/1/sign", ``, 200, "")
	h.try(boss, "POST", "/orders/1/sign", ``, 400, "which_recipient")
	h.try(boss, "POST", "/orders/1/check", ``, 409, "owes_report")
	h.time.pass(11 * time.Minute)
	if got := listed(h.get("/owed", boss...)); !strings.Contains(got, "order_report:101 ") || !strings.Contains(got, "order_report:st2") {
		t.Errorf("owed: %s", got)
	}
	if got := listed(h.get("/owed", atSt1...)); strings.Contains(got, "order") {
		t.Errorf("a station that it was not given to hears: %s", got)
	}
	h.try(in101, "POST", "/orders/1/report", `{"text":"held"}`, 200, "")
	h.try(atSt2, "POST", "/orders/1/report", `{"text":"closed"}`, 200, "")
	if got := listed(h.get("/owed", boss...)); !strings.Contains(got, "order_check:test-commander") {
		t.Errorf("owed: %s", got)
	}
	h.try(boss, "POST", "/orders/1/check", `{"back":true,"to":[{"kind":"unit","id":"101"}],"reason":"which lane?"}`, 200, "")
	if got := row(); dig(got, "state") != "acting" || dig(got, "to.0.returned") != "true" || dig(got, "to.0.report") != "held" {
		t.Errorf("sent back: %v", got["to"])
	}
	h.try(in101, "POST", "/orders/1/report", `{"text":"both lanes"}`, 200, "")
	h.try(boss, "POST", "/orders/1/check", ``, 200, "")
	if items := h.get("/orders", boss...)["items"].([]any); len(items) != 0 {
		t.Errorf("a cleared order is open: %v", items)
	}
	told := 0
	for _, e := range h.get("/incidents/" + inc + "/timeline")["items"].([]any) {
		if strings.HasPrefix(dig(e.(map[string]any), "type"), "order.") {
			told++
		}
	}
	if told != 8 {
		t.Errorf("the incident's story tells %d facts of it", told)
	}
}

// An order by word carries the time at which it was said, and whose word it was; his name stays with the private words.
func TestOrderByWord(t *testing.T) {
	h := newHouse(t)
	boss := []string{"Test-Role: commander"}
	said := h.time.Now().Add(-20 * time.Minute).UTC().Truncate(time.Second).Format(time.RFC3339)
	body := `{"power":"direct","to":[{"kind":"org","id":"st1"}],"text":"clear the square","oral":{"by":"duty_chief","speaker":"the chief's name","said_at":"` + said + `"}}`
	h.try(boss, "POST", "/orders", `{"power":"direct","to":[{"kind":"org","id":"st1"}],"text":"clear the square"}`, 400, "due_required")
	h.try(boss, "POST", "/orders", `{"to":[{"kind":"org","id":"st1"}],"text":"x","due":"2031-01-01T00:00:00Z"}`, 400, "power_required")
	h.try([]string{"Test-Role: dispatcher"}, "POST", "/orders", `{"power":"inspect","to":[{"kind":"org","id":"st1"}],"text":"x","due":"2031-01-01T00:00:00Z"}`, 403, "role")
	h.try(boss, "POST", "/orders", `{"power":"direct","to":[{"kind":"unit","id":"999"}],"text":"x","due":"2031-01-01T00:00:00Z"}`, 400, "no_recipient")
	h.try(boss, "POST", "/orders", body, 201, "")
	row := h.get("/orders", boss...)["items"].([]any)[0].(map[string]any)
	for path, want := range map[string]string{"oral.by": "duty_chief", "oral.speaker": "the chief's name", "oral.said_at": said, "state": "issued"} {
		if got := dig(row, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if out := h.get("/orders", "Test-Role: call-taker")["items"].([]any)[0].(map[string]any); dig(out, "text") != "clear the square" {
		t.Errorf("a call-taker reads %v", out["text"])
	}
}

// An order is followed by lines: who has taken it, what was done, off the list; and the open ones are listed, to whoever may
// read them.
func TestOrderIsFollowedByLines(t *testing.T) {
	h := newHouse(t)
	boss := []string{"Test-Role: commander"}
	line := func(text, want, preview string, headers ...string) {
		t.Helper()
		status, out, _ := h.ask("POST", "/command", fmt.Sprintf(`{"text":%q}`, text), headers...)
		if status != 200 || dig(out, "status") != want || !strings.HasPrefix(dig(out, "preview.code")+" "+dig(out, "preview.params.text"), preview) {
			t.Fatalf("%s: %d %v, want %s %s", text, status, out, want, preview)
		}
	}
	state := func() string { return dig(h.get("/orders?state=all", boss...), "items.0.state") }
	line("在办指令", "ok", "line.do.orders_none", boss...)
	due := h.time.Now().Add(10 * time.Minute).Format(time.RFC3339)
	h.try(boss, "POST", "/orders", `{"power":"direct","to":[{"kind":"unit","id":"101"},{"kind":"org","id":"st2"}],"text":"hold the north end","due":"`+due+`"}`, 201, "")
	line("在办指令", "ok", "line.do.orders 1: 101 · st2", boss...)
	line("签令 1", "incomplete", "line.whose_order", boss...)
	line("签令 1 101", "ok", "line.do.order_sign", boss...)
	line("在办指令", "ok", "line.do.orders 1: 101 + · st2", boss...)
	line("在办指令", "ok", "line.do.orders_none", atSt1...)
	line("签令 1 st2", "wrong", "line.no_order", atSt1...)
	line("复令 1 101 held", "ok", "line.do.order_report held", boss...)
	line("销令 1", "wrong", "owes_report", boss...)
	line("orderreport 1 st2 closed", "ok", "line.do.order_report closed", boss...)
	if got := state(); got != "reported" {
		t.Errorf("before it is cleared: %s", got)
	}
	line("undo", "wrong", "line.undo_told", boss...)
	line("销令 1", "ok", "line.do.order_clear", boss...)
	if got := state(); got != "cleared" {
		t.Errorf("in the end: %s", got)
	}
	line("orders", "ok", "line.do.orders_none", boss...)
	line("签令 1", "wrong", "line.no_order", boss...)
}
