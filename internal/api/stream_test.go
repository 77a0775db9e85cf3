package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listen opens a stream and gives its events one after another: name and data. It ends with the test.
func (h *house) listen(query string, headers ...string) func() (string, map[string]any) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second) // A stream that lacks an event must not hang the test.
	h.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.http.URL+"/api/v1/stream"+query, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, x := range headers {
		name, value, _ := strings.Cut(x, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // Closed in Cleanup.
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		h.t.Fatalf("the stream answers %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 16<<20)
	return func() (name string, data map[string]any) {
		h.t.Helper()
		for lines.Scan() {
			switch line := lines.Text(); {
			case line == "" && name != "" && name != "beat":
				return name, data
			case line == "":
				name, data = "", nil
			case strings.HasPrefix(line, "event: "):
				name = strings.TrimPrefix(line, "event: ")
			case strings.HasPrefix(line, "data: "):
				if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &data); err != nil {
					h.t.Fatalf("%s: %v", line, err)
				}
			}
		}
		return "end", nil
	}
}

// TestStream reads the stream as a screen does: from a list on, after a break, and after too long a break (promise P4).
func TestStream(t *testing.T) {
	h := newHouse(t)
	first := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201), "id")
	asOf := dig(h.get("/incidents"), "as_of")
	missed := dig(h.post("/incidents", `{"narrative":"while nobody listened"}`, 201), "id")
	h.post("/incidents/"+first+"/note", `{"text":"x"}`, 200)
	now := dig(h.get("/incidents"), "as_of")

	for name, next := range map[string]func() (string, map[string]any){
		"after a list":  h.listen("?after=" + asOf),
		"after a break": h.listen("?after=1", "Last-Event-ID: "+asOf), // What the browser says comes first.
	} {
		if event, hello := next(); event != "hello" || dig(hello, "as_of") != now {
			t.Errorf("%s: %s %v", name, event, hello)
		}
		event, rows := next()
		if event != "rows" {
			t.Fatalf("%s: what was missed does not come: %s %v", name, event, rows)
		}
		ids := map[string]bool{}
		for _, r := range rows["incidents"].(map[string]any)["upsert"].([]any) {
			ids[dig(r, "id")] = true
		}
		if event != "rows" || dig(rows, "prev") != asOf || dig(rows, "seq") != now || !ids[first] || !ids[missed] || len(ids) != 2 {
			t.Errorf("%s: %s prev %s seq %s, rows %v", name, event, dig(rows, "prev"), dig(rows, "seq"), ids)
		}
	}

	live := h.listen("?after=" + now)
	if event, _ := live(); event != "hello" {
		t.Errorf("the first event is %s", event)
	}
	answer := h.post("/incidents/"+first+"/note", `{"text":"y"}`, 200)
	if event, rows := live(); event != "rows" || dig(rows, "prev") != now || dig(rows, "seq") != dig(answer, "seq") || dig(rows, "incidents.upsert.0.id") != first {
		t.Errorf("a note comes as %s %v", event, rows)
	}

	// A row that this class may not see is taken away, not shown.
	other := h.listen("?after="+now, "Test-Role: station", "Test-Org: st2")
	other()
	if event, rows := other(); event != "rows" || dig(rows, "incidents.upsert.0") != "" || dig(rows, "incidents.remove.0") != first {
		t.Errorf("another station hears %s %v", event, rows)
	}

	for query, reason := range map[string]string{"?after=0": "too_far_behind", "?after=99999999": "too_far_behind"} {
		if event, gone := h.listen(query)(); event != "gone" || dig(gone, "reason") != reason || dig(gone, "as_of") == "" {
			t.Errorf("%s: %s %v", query, event, gone)
		}
	}
	if status, out, _ := h.ask("GET", "/stream?after=x", ""); status != 400 || dig(out, "code") != "bad_after" {
		t.Errorf("no position at all: %d %v", status, out)
	}
}
