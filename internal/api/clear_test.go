package api_test

import (
	"strings"
	"testing"

	"shuniu/internal/cad"
)

// What people wrote stands in no record in the clear: only sealed parts can be erased.
func TestNoWordStandsInTheClear(t *testing.T) {
	h := newHouse(t)
	out := h.post("/incidents", `{"narrative":"龘1","place":{"address":"龘2"},"caller":{"name":"龘3"},"龘4":"龘5","type":"knife","line":"龘a"}`, 201)
	id := dig(out, "id")
	row := h.get("/incidents/" + id)
	if dig(row, "aside.0.field") != "unknown_field" || dig(row, "aside.0.why") != "unknown_field" || dig(row, "aside.1.field") != "" {
		t.Errorf("the row says of unknown parts: %v", row["aside"])
	}
	rung := dig(h.post("/calls", `{"line":"龘b 110 trunk","number":"龘c"}`, 201), "id")
	good := dig(h.post("/calls", `{"line":"110/trunk-3","number":"1"}`, 201), "id")
	for _, c := range h.get("/calls")["items"].([]any) {
		if want := map[string]string{rung: "", good: "110/trunk-3"}; dig(c, "line") != want[dig(c, "id")] {
			t.Errorf("call %s on line %q", dig(c, "id"), dig(c, "line"))
		}
	}
	h.post("/incidents/"+id+"/classify", `{"priority":"P2","reason":"龘6 says so"}`, 200)
	h.post("/incidents/"+id+"/note", `{"text":"龘7"}`, 200)
	records := 0
	for _, s := range []cad.Subject{cad.Subject("incident:" + id), cad.Subject("call:" + dig(out, "call")), cad.Subject("call:" + rung)} {
		story, err := h.desk.Story(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, told := range story {
			records++
			if strings.Contains(string(told.Record.Data), "龘") {
				t.Errorf("%s says in the clear: %s", told.Record.Type, told.Record.Data)
			}
		}
	}
	if records < 5 {
		t.Errorf("looked at %d records only", records)
	}
	var texts []string
	for _, e := range h.get("/incidents/" + id + "/timeline")["items"].([]any) {
		texts = append(texts, dig(e, "text"))
	}
	if all := strings.Join(texts, "|"); !strings.Contains(all, "龘6 says so") || !strings.Contains(all, "龘7") {
		t.Errorf("the timeline says %q", all)
	}
}
