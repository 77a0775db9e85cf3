package api_test

import (
	"strings"
	"testing"

	"shuniu/internal/cad"
)

// What people wrote stands in no record in the clear: only sealed parts can be erased.
func TestNoWordStandsInTheClear(t *testing.T) {
	h := newHouse(t)
	out := h.post("/incidents", `{"type":"knife","narrative":"龘1","place":{"address":"龘2"},"caller":{"name":"龘3"}}`, 201)
	id := dig(out, "id")
	h.post("/incidents/"+id+"/classify", `{"priority":"P2","reason":"龘6 says so"}`, 200)
	h.post("/incidents/"+id+"/note", `{"text":"龘7"}`, 200)
	records := 0
	for _, s := range []cad.Subject{cad.Subject("incident:" + id), cad.Subject("call:" + dig(out, "call"))} {
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
