package api_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestDuressIsTaken presses the button in every broken form (promise P9): each is heard, and each is on the board.
func TestDuressIsTaken(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		name, body string
		headers    []string
		unit       string // 101 if empty.
	}{
		{name: "nothing"},
		{name: "null", body: `null`},
		{name: "a place that is nowhere", body: `{"place":{"lon":999,"lat":5}}`},
		{name: "a place in words", body: `{"place":"street"}`},
		{name: "half a place", body: `{"place":{"lon":"x"}}`},
		{name: "an unknown part", body: `{"foo":1}`},
		{name: "on, in words", body: `{"on":"yes"}`},
		{name: "off, in words", body: `{"on":"false"}`},
		{name: "text of numbers", body: `{"text":[1,2]}`},
		{name: "cut off", body: `{"text":`},
		{name: "cut off while saying that it is over", body: `{"on":false`},
		{name: "a list", body: `[1]`},
		{name: "words alone", body: `"shots, behind the market"`},
		{name: "no text at all", body: "\xff\xfe"},
		{name: "a long text", body: `{"text":"` + strings.Repeat("a", 20_000) + `"}`},
		{name: "too much of everything", body: `{"text":"` + strings.Repeat("a", 2<<20) + `"}`},
		{name: "very deep", body: strings.Repeat("[", 20_000)},
		{name: "what changed meanwhile", headers: []string{"If-Seq: 1"}},
		{name: "a row that nobody saw", headers: []string{"If-Seq: x"}},
		{name: "too late", headers: []string{"Expires-At: 2020-01-01T00:00:00Z"}},
		{name: "an expiry that is none", headers: []string{"Expires-At: soon"}},
		{name: "told by the moon", headers: []string{"Happened-From: moon", "Happened-At: noon"}},
		{name: "a power that is none", headers: []string{"Power: x"}},
		{name: "a long key", headers: []string{"Idempotency-Key: " + strings.Repeat("k", 300)}},
		{name: "a key that was used", headers: []string{"Idempotency-Key: used"}},
		{name: "another form", headers: []string{"Content-Type: text/plain"}, body: "help"},
		{name: "a unit that nobody knows", unit: "nobody"},
		{name: "a unit with a long name", unit: strings.Repeat("n", 300)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.post("/units/101/duress", `{"on":false,"text":"safe"}`, 200)
			h.post("/incidents", `{"narrative":"another thing under this key"}`, 201, "Idempotency-Key: used", "Test-Role: field")
			unit := tt.unit
			if unit == "" {
				unit = "101"
			}
			out := h.post("/units/"+unit+"/duress", tt.body, 200, append(tt.headers, "Test-Role: field")...)
			if dig(out, "unchanged") == "true" {
				t.Fatalf("nothing new was written down: %v", out)
			}
			if got := dig(h.unit(unit[:min(len(unit), 80)]), "flags.duress.by"); got != "test-field" {
				t.Errorf("on the board it was raised by %q", got)
			}
		})
	}
	h.post("/units/101/duress", `{"place":{"lon":0.05,"lat":0.01},"text":"help"}`, 200) // Pressed again: heard already.

	t.Run("ended only by an orderly command", func(t *testing.T) {
		row := h.unit("101")
		for _, tt := range []struct {
			body   string
			status int
			header string
		}{
			{`{"on":false,"foo":1}`, 400, ""},
			{`{"on":false,"text":5}`, 400, ""},
			{`{"on":false,"text":"` + strings.Repeat("a", 20_000) + `"}`, 400, ""},
			{`{"on":false,"text":"safe"}`, 400, "If-Seq: x"},
			{`{"on":false,"text":"safe"}`, 409, "If-Seq: 1"},
			{`{"on":false,"text":"safe"}`, 409, "Expires-At: 2020-01-01T00:00:00Z"},
		} {
			var headers []string
			if tt.header != "" {
				headers = append(headers, tt.header)
			}
			h.post("/units/101/duress", tt.body, tt.status, headers...)
		}
		if now := h.unit("101"); dig(now, "flags.duress.by") == "" || dig(now, "seq") != dig(row, "seq") {
			t.Errorf("a broken command ended it: %v", now)
		}
	})
}

// TestDuressBreaksOff lets the line break while the button is pressed: half a body is heard as well.
func TestDuressBreaksOff(t *testing.T) {
	h := newHouse(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(h.http.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	const head = "POST /api/v1/units/101/duress HTTP/1.1\r\nHost: 127.0.0.1\r\nTest-Role: field\r\nContent-Length: 1000\r\n\r\n{\"text\":\"sho"
	if _, err := conn.Write([]byte(head)); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 64)
	if _, err := conn.Read(answer); err != nil || !strings.Contains(string(answer), "200 "+http.StatusText(http.StatusOK)) {
		t.Errorf("the answer is %q, %v", answer, err)
	}
	if got := dig(h.unit("101"), "flags.duress.by"); got != "test-field" {
		t.Errorf("it was raised by %q", got)
	}
}

// TestCallsAreTaken rings with everything that a network may say (promise P8).
func TestCallsAreTaken(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct{ name, body, field, header string }{
		{name: "nothing", body: `{}`},
		{name: "a number that is one", body: `{"number":138}`},
		{name: "nowhere", body: `{"place":{"lon":999,"lat":1}}`, field: "place"},
		{name: "an unknown part", body: `{"foo":1}`, field: "unknown_field"},
		{name: "an id that is none", body: `{"id":"abc"}`, field: "id"},
		{name: "a line without end", body: `{"line":"` + strings.Repeat("l", 100) + `"}`, field: "line"},
		{name: "a list", body: `[]`, field: "body"},
		{name: "a header that is none", body: `{}`, field: "header.Power", header: "Power: x"},
		{name: "a long name", body: `{"name":"` + strings.Repeat("n", 1<<20) + `"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			if tt.header != "" {
				headers = append(headers, tt.header)
			}
			id := dig(h.post("/calls", tt.body, 201, headers...), "id")
			h.post("/calls/"+id+"/answer", ``, 200)
			for _, c := range h.get("/calls")["items"].([]any) {
				if dig(c, "id") == id && (dig(c, "aside.0.field") != tt.field || (dig(c, "degraded") == "true") != (tt.field != "") || len(dig(c, "name")) > 2000) {
					t.Errorf("its row: %.300v", c)
				}
			}
		})
	}
	h.post("/calls", `{`, 400)
	call := dig(h.post("/calls", `{"number":13800001111,"name":"Lin","foo":1}`, 201), "id")
	h.post("/incidents", `{"call":"`+call+`"}`, 201)
	if row := h.get("/incidents")["items"].([]any)[0]; dig(row, "caller.number") != "13800001111" || dig(row, "caller.raw") != "" {
		t.Errorf("the caller on the incident's row: %v", dig(row, "caller"))
	}
}

// unit is a unit's row.
func (h *house) unit(id string) any {
	h.t.Helper()
	for _, u := range h.get("/units")["items"].([]any) {
		if dig(u, "id") == id {
			return u
		}
	}
	return nil
}
