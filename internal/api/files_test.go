package api_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func drawing(t *testing.T, side int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// fetch reads a content with its headers.
func (h *house) fetch(path string, headers ...string) (int, string, http.Header) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.http.URL+"/api/v1"+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, x := range headers {
		name, value, _ := strings.Cut(x, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

func filesOf(row map[string]any) []map[string]any {
	list, _ := row["files"].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, x := range list {
		out = append(out, x.(map[string]any))
	}
	return out
}

func TestFilesOfAnIncident(t *testing.T) {
	h := newHouse(t)
	inc := dig(h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, 201), "id")
	photo := drawing(t, 8)
	told := h.post("/incidents/"+inc+`/files?name=C:%5Cphotos%5Cdoor.pdf`, photo, 200)
	if told["type"] != "png" || told["name"] != "door.pdf" || told["id"] != inc+".1" {
		t.Errorf("its type is its content's, its name only the last part: %v", told)
	}
	if again := h.post("/incidents/"+inc+"/files?name=other.png", photo, 200); again["duplicate"] != true || again["id"] != inc+".1" {
		t.Errorf("the same content again: %v", again)
	}
	status, body, head := h.fetch("/files/" + inc + ".1")
	if status != 200 || body != photo || head.Get("Content-Type") != "image/png" || head.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.HasPrefix(head.Get("Content-Disposition"), "inline") || !strings.Contains(head.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d, %d bytes, %v", status, len(body), head)
	}
	h.post("/incidents/"+inc+"/files?name=note.txt", "two men, one knife", 200)
	if _, _, head := h.fetch("/files/" + inc + ".2"); !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") {
		t.Errorf("words are shown in the page: %v", head)
	}
	if p := h.post("/incidents/"+inc+"/files?name=a.png", "<svg onload=alert(1)>", 400); p["code"] != "bad_file" {
		t.Errorf("a drawing that can run: %v", p)
	}
	h.post("/incidents/"+inc+"/files?name=big.txt", strings.Repeat("x", 20<<20+1), 413)

	row := h.get("/incidents/" + inc)
	if files := filesOf(row); len(files) != 2 || files[0]["name"] != "door.pdf" || row["file_count"] != 2.0 {
		t.Fatalf("the row: %v", files)
	}
	for _, x := range h.get("/incidents")["items"].([]any) {
		if r := x.(map[string]any); r["files"] != nil || r["file_count"] != 2.0 {
			t.Errorf("a list carries names of files: %v", r["files"])
		}
	}
	h.post("/incidents/"+inc+"/withdraw-file", `{"id":"`+inc+`.1"}`, 400)
	h.post("/incidents/"+inc+"/withdraw-file", `{"id":"`+inc+`.1","reason":"the wrong door"}`, 200)
	if status, body, _ := h.fetch("/files/" + inc + ".1"); status != 404 || !strings.Contains(body, "file_withdrawn") {
		t.Errorf("a withdrawn file is shown: %d %.100s", status, body)
	}
	if status, _, _ := h.fetch("/files/" + inc + ".7"); status != 404 {
		t.Errorf("a file that is not there: %d", status)
	}
	if status, _, _ := h.fetch("/files/nobody.1"); status != 404 {
		t.Errorf("a file of nobody: %d", status)
	}
	// A station far away sees neither the incident nor its files.
	if status, _, _ := h.fetch("/files/"+inc+".2", "Test-Role: station", "Test-Org: st2"); status != 404 {
		t.Errorf("a stranger reads it: %d", status)
	}
}

// What is erased is shown to nobody, not even while another incident holds the same content.
func TestErasedFilesAreGone(t *testing.T) {
	h := newHouse(t)
	first := dig(h.post("/incidents", `{"narrative":"x"}`, 201), "id")
	second := dig(h.post("/incidents", `{"narrative":"y"}`, 201), "id")
	for _, id := range []string{first, second} {
		h.post("/incidents/"+id+"/files?name=a.png", drawing(t, 5), 200)
	}
	h.post("/incidents/"+first+"/invalid", `{"reason":"x"}`, 200)
	if status, _ := h.send("POST", "/admin/erase/incident:"+first, `{"reason":"term"}`, "Test-Role: commander"); status != 200 {
		t.Fatalf("erase: %d", status)
	}
	if status, body, _ := h.fetch("/files/" + first + ".1"); status != 404 || !strings.Contains(body, "file_erased") {
		t.Errorf("an erased file is shown: %d %.100s", status, body)
	}
	if status, _, _ := h.fetch("/files/" + second + ".1"); status != 200 {
		t.Errorf("the other's is gone too: %d", status)
	}
}

// A paper card is entered with its true time and its number; its numbers are given to nobody twice; and a repeat of it has
// no second effect.
func TestBackEntryFromPaper(t *testing.T) {
	h := newHouse(t)
	if first := h.post("/paper/cards/take", `{"count":20}`, 200); first["number"] != 1.0 {
		t.Errorf("the first numbers: %v", first)
	}
	if second := h.post("/paper/cards/take", `{"count":5}`, 200, "Test-Role: call-taker"); second["number"] != 21.0 {
		t.Errorf("numbers are given twice: %v", second)
	}
	h.post("/paper/cards/take", `{"count":5000}`, 400)
	at := h.desk.Now().Add(-40 * time.Minute).Truncate(time.Second).Format(time.RFC3339)
	headers := []string{"Idempotency-Key: paper/7", "Happened-At: " + at, "Happened-From: paper"}
	told := h.post("/incidents", `{"card":"7","narrative":"smoke","place":{"lon":0.05,"lat":0}}`, 201, headers...)
	inc := dig(told, "id")
	h.post("/incidents", `{"card":"7","narrative":"smoke","place":{"lon":0.05,"lat":0}}`, 201, headers...)
	if n := len(h.get("/incidents")["items"].([]any)); n != 1 {
		t.Errorf("%d incidents of one card", n)
	}
	if row := h.get("/incidents/" + inc); row["card"] != "7" || row["happened"] != at {
		t.Errorf("card %v, happened %v, want %v", row["card"], row["happened"], at)
	}
	first := h.get("/incidents/" + inc + "/timeline")["items"].([]any)[0].(map[string]any)
	if first["happened_from"] != "paper" || first["late_entry"] != true || first["happened"] != at {
		t.Errorf("the story: %v", first)
	}
	odd := h.post("/incidents", `{"card":"<b>7","narrative":"x"}`, 201)
	if row := h.get("/incidents/" + dig(odd, "id")); row["card"] != nil || row["degraded"] != true {
		t.Errorf("a card that is none: %v", row["card"])
	}
}
