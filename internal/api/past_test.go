package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What the commander looked at is there as it was: the orders in work, what was owed, the reports that were filed.
func TestPastOfTheCommander(t *testing.T) {
	h := newHouse(t)
	boss := []string{"Test-Role: commander"}
	moment := func() string {
		h.time.pass(time.Second)
		at := h.time.Now().Format(time.RFC3339Nano)
		h.time.pass(time.Second)
		return at
	}
	then := func(at string) map[string]any { return h.get("/past?at="+at, boss...) }
	inc := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201), "id")
	h.post("/incidents/"+inc+"/classify", `{"level":"II","reason":"many people about"}`, 200)
	empty := moment()
	due := h.time.Now().Add(10 * time.Minute).Format(time.RFC3339)
	id := dig(h.try(boss, "POST", "/orders", `{"power":"direct","urgency":"flash","incident":"1","to":[{"kind":"unit","id":"101"}],"text":"hold the north end","due":"`+due+`"}`, 201, ""), "id")
	given := moment()
	h.try(in101, "POST", "/orders/"+id+"/sign", ``, 200, "")
	h.time.pass(16 * time.Minute)
	late := moment()
	h.try(boss, "POST", "/incidents/"+inc+"/reports", `{"kind":"first","text":"Both held."}`, 200, "")
	h.try(boss, "POST", "/orders/"+id+"/revoke", `{"reason":"over"}`, 200, "")
	filed := moment()

	for _, c := range []struct{ name, at, order, state, owed, report string }{
		{"before the order", empty, "", "", "alert:", ""},
		{"when it was given", given, "hold the north end", "issued", "alert:", ""},
		{"when it was late", late, "hold the north end", "signed", "alert: order_report:101 report_first:", ""},
		{"when the report was filed", filed, "", "", "alert:", "Both held."},
	} {
		got := then(c.at)
		var debts []string
		for _, d := range strings.Fields(listed(map[string]any{"items": got["owed"]})) {
			if strings.HasPrefix(d, "alert") || strings.HasPrefix(d, "order") || strings.HasPrefix(d, "report_first") {
				debts = append(debts, d)
			}
		}
		if dig(got, "orders.0.text") != c.order || dig(got, "orders.0.state") != c.state || dig(got, "reports.0.items.0.text") != c.report {
			t.Errorf("%s: order %v, reports %v", c.name, got["orders"], got["reports"])
		}
		if list := strings.Join(debts, " "); list != c.owed {
			t.Errorf("%s: owed %q, want %q", c.name, list, c.owed)
		}
		for _, path := range []string{"orders.0.next.0.allowed", "incidents.0.report.next.0.allowed", "incidents.0.next.0.allowed"} {
			if dig(got, path) == "true" {
				t.Errorf("%s: %s: something may be done in the past", c.name, path)
			}
		}
	}
	// Who may not read reports and orders reads none of them in the past either.
	other := h.get("/past?at="+filed, atSt2...)
	if len(other["orders"].([]any))+len(other["reports"].([]any)) != 0 {
		t.Errorf("a station that they are not for reads orders %v, reports %v", other["orders"], other["reports"])
	}
}

// Whoever looks back may look and call for help by the line; everything else is refused, before and after the Enter.
func TestLinesOfWhoLooksBack(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201)
	for _, c := range []struct{ line, previewed, done, code string }{
		{"1", "preview", "ok", ""},
		{"help", "preview", "ok", ""},
		{"遇险 101", "preview", "ok", ""},
		{"sos 211", "preview", "ok", ""},
		{"新警 knife", "preview", "ok", ""},
		{"1 记 有人跑了", "wrong", "wrong", "past"},
		{"派 211 去 1", "wrong", "wrong", "past"},
		{"1 记 有人跑了；派 211 去 1", "wrong", "wrong", "past"},
		{"undo", "wrong", "wrong", "past"},
	} {
		for _, dry := range []bool{true, false} {
			head := h.desk.Head()
			got := h.post("/command", fmt.Sprintf(`{"text":%q,"dry_run":%t,"looking_back":true}`, c.line, dry), 200)
			want := map[bool]string{true: c.previewed, false: c.done}[dry]
			if got["status"] != want || c.code != "" && !strings.Contains(fmt.Sprint(got["preview"]), c.code) {
				t.Errorf("%s, dry %t: %v %v, want %s", c.line, dry, got["status"], got["preview"], want)
			}
			if want == "wrong" && h.desk.Head() != head {
				t.Errorf("%s: something was done", c.line)
			}
		}
	}
	if got := h.post("/command", `{"text":"1 记 有人跑了"}`, 200); got["status"] != "ok" {
		t.Errorf("who looks at the present is refused: %v", got)
	}
}
