package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/archive"
	"shuniu/internal/cad"
	"shuniu/internal/reactor/index"
)

// found are the calls of numbers in an archive that the test fills when it wishes.
type found struct {
	archive *archive.Archive
	index   *index.Reactor
}

func (f found) Called(ctx context.Context, digest string, since time.Time) ([]api.Called, error) {
	calls, err := f.archive.Calls(ctx, digest, since)
	var out []api.Called
	for _, c := range calls {
		k := api.Called{Call: cad.CallID(c.Call), At: c.At, Type: cad.TypeID(c.Row.Type), Phase: c.Row.Phase, Open: c.Row.Closed.IsZero()}
		if kind, id := cad.Subject(c.Row.ID).Split(); kind == "incident" {
			k.Incident = cad.IncidentID(id)
		}
		out = append(out, k)
	}
	return out, err
}

// numbered lets the house find calls by their number.
func numbered(t *testing.T, h *house) found {
	t.Helper()
	a, err := archive.Open(filepath.Join(t.TempDir(), "archive.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	f := found{a, index.New(h.desk, a, nil)}
	h.centre.Callers = f
	return f
}

func (f found) fill(t *testing.T) {
	t.Helper()
	for {
		behind, err := f.index.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if behind == 0 {
			return
		}
	}
}

func (h *house) hints(body string) (out api.Hints) {
	h.t.Helper()
	head := h.desk.Head()
	b, err := json.Marshal(h.post("/hints", body, 200))
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	if now := h.desk.Head(); now != head {
		h.t.Errorf("asking wrote %d records", now-head)
	}
	return out
}

// What may be known is offered with its reasons, to those whose work it is, and asking writes nothing.
func TestHints(t *testing.T) {
	h := newHouse(t)
	f := numbered(t, h)
	if got := h.hints(`{}`); len(got.Types)+len(got.Duplicates)+len(got.Premises) > 0 || got.Caller != nil || got.Route != nil || got.Responsible != nil {
		t.Errorf("nothing is known and something is offered: %+v", got)
	}
	first := dig(h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife","narrative":"有人拿刀","caller":{"number":"139 0000 0001"}}`, 201), "id")
	f.fill(t)

	near := h.hints(`{"place":{"lon":0.0502,"lat":0},"type":"knife","narrative":"有人被捅了"}`)
	if len(near.Duplicates) != 1 || string(near.Duplicates[0].Incident) != first || near.Duplicates[0].Likelihood < 0.8 || len(near.Duplicates[0].Reasons) < 3 {
		t.Errorf("the same place, type and time: %+v", near.Duplicates)
	}
	if near.Responsible == nil || near.Responsible.ID != "st1" || len(near.Premises) != 1 || near.Premises[0].ID != "depot" || len(near.Premises[0].Warnings) != 1 {
		t.Errorf("the place: %+v %+v", near.Responsible, near.Premises)
	}
	if border := h.hints(`{"place":{"lon":0.0999,"lat":0}}`).Border; len(border) != 1 || border[0].ID != "st2" {
		t.Errorf("at the border: %+v", border)
	}
	if far := h.hints(`{"place":{"lon":0.15,"lat":0},"type":"fraud"}`); len(far.Duplicates) > 0 || far.Route == nil || far.Route.Seat != "61" {
		t.Errorf("far away and of another type: %+v", far)
	}
	if named := h.hints(`{"narrative":"码头那边"}`).Premises; len(named) != 1 || named[0].DistanceM != nil {
		t.Errorf("a premise that was named: %+v", named)
	}
	if types := h.hints(`{"narrative":"他捅了人"}`).Types; len(types) != 1 || types[0].ID != "knife" || types[0].Reasons[0].Params["words"] != "捅了" {
		t.Errorf("what it may be: %+v", types)
	}
	if _, body := h.send("POST", "/hints", `{"number":"13900000001"}`, "Test-Role: field", "Test-Unit: 211"); strings.Contains(body, `"caller":`) || strings.Contains(body, first) {
		t.Errorf("a crew is told whom nobody sent it to: %s", body)
	}
}

// What a number is known for is told on an open call from it, to whoever has the call, and the first look of each is a fact.
func TestHintsOfANumber(t *testing.T) {
	h := newHouse(t)
	f := numbered(t, h)
	first := dig(h.post("/incidents", `{"narrative":"有人拿刀","caller":{"number":"139 0000 0001"}}`, 201), "id")
	f.fill(t)
	id := dig(h.post("/calls", `{"number":"+86 139-0000-0001"}`, 201), "id")
	ask := fmt.Sprintf(`{"call":%q,"number":"13900000001"}`, id)
	none := func(what, body string, headers ...string) {
		t.Helper()
		head := h.desk.Head()
		if status, out := h.send("POST", "/hints", body, headers...); status != 200 || strings.Contains(out, `"calls_24h"`) || h.desk.Head() != head {
			t.Errorf("%s: %d %s, %d records", what, status, out, h.desk.Head()-head)
		}
	}
	told := func(what string, records int) {
		t.Helper()
		head := h.desk.Head()
		out := h.post("/hints", ask, 200)
		if dig(out, "caller.calls_24h") != "1" || dig(out, "caller.urge") != first || dig(out, "caller.incidents.0.number") != "1" || int(h.desk.Head()-head) != records {
			t.Errorf("%s: %v, %d records", what, out["caller"], h.desk.Head()-head)
		}
	}
	none("while it rings", ask)
	h.post("/calls/"+id+"/answer", `{}`, 200)
	told("the first time", 1)
	told("while he types on", 0)
	none("another number", fmt.Sprintf(`{"call":%q,"number":"13900000002"}`, id))
	none("without the call", `{"number":"13900000001"}`)
	none("a call that there is not", `{"call":"nothing","number":"13900000001"}`)
	none("somebody else", ask, "Test-Role: commander")
	none("who may not look", ask, "Test-Role: field", "Test-Unit: 211")
	h.post("/calls/"+id+"/attach", fmt.Sprintf(`{"incident":%q}`, first), 200)
	none("after the call", ask)
}

// What is older than a day is not counted, and a call that was no incident for a month.
func TestHintsForget(t *testing.T) {
	h := newHouse(t)
	f := numbered(t, h)
	first := dig(h.post("/incidents", `{"narrative":"x","caller":{"number":"13900000001"}}`, 201), "id")
	h.post("/incidents/"+first+"/invalid", `{"text":"a test"}`, 200)
	f.fill(t)
	known := func() string {
		t.Helper()
		id := dig(h.post("/calls", `{"number":"13900000001"}`, 201), "id")
		h.post("/calls/"+id+"/answer", `{}`, 200)
		out := h.post("/hints", fmt.Sprintf(`{"call":%q}`, id), 200)
		return dig(out, "caller.calls_24h") + " " + dig(out, "caller.nuisance_30d")
	}
	if got := known(); got != "1 1" {
		t.Errorf("at once: %s", got)
	}
	h.time.pass(25 * time.Hour)
	if got := known(); got != "0 1" {
		t.Errorf("a day later: %s", got)
	}
	h.time.pass(30 * 24 * time.Hour)
	if got := known(); got != " " {
		t.Errorf("a month later: %s", got)
	}
}

// What else a number called is shown on an open call only, to those whose work it is, and each look is a fact. What was
// erased is not found.
func TestHistory(t *testing.T) {
	h := newHouse(t)
	f := numbered(t, h)
	first := dig(h.post("/incidents", `{"narrative":"x","caller":{"number":"13900000001"}}`, 201), "id")
	f.fill(t)
	call := dig(h.post("/calls", `{"number":"+86 139-0000-0001"}`, 201), "id")
	head := h.desk.Head()
	status, body := h.send("GET", "/calls/"+call+"/history", "")
	if status != 200 || strings.Count(body, `"call":`) != 1 || !strings.Contains(body, first) || h.desk.Head() != head+1 {
		t.Errorf("the history: %d %s, %d records", status, body, h.desk.Head()-head)
	}
	h.post("/calls/"+call+"/attach", fmt.Sprintf(`{"incident":%q}`, first), 200)
	if status, body := h.send("GET", "/calls/"+call+"/history", ""); status != 409 || !strings.Contains(body, "call_over") {
		t.Errorf("after the call: %d %s", status, body)
	}
}

// A report never fails for its answers: what cannot be used is set aside and kept with the words.
func TestAnswersAreTaken(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{"type":"knife","answers":[{"question":"weapon","value":"gun"},{"question":"looks","value":"灰大衣"},{"question":"weather","value":"rain"},{"question":"weapon","value":"spoon"},7]}`, 201), "id")
	row := h.get("/incidents/" + id)
	text, _ := json.Marshal(row["answers"])
	if string(text) != `[{"question":"weapon","value":"gun"},{"question":"looks","value":"灰大衣","worded":true}]` {
		t.Errorf("answers %s", text)
	}
	aside, _ := json.Marshal(row["aside"])
	if !strings.Contains(string(aside), "unknown_answer") || row["degraded"] != true {
		t.Errorf("aside %s", aside)
	}
	fraud := h.get("/incidents/" + dig(h.post("/incidents", `{"type":"fraud"}`, 201), "id"))
	seats, _ := json.Marshal(fraud["seats"])
	if !strings.Contains(string(seats), `"seat":"61"`) || !strings.Contains(string(seats), `"due":`) {
		t.Errorf("a fraud goes to its seat: %s", seats)
	}
	at := time.Now().UTC().Add(5 * time.Hour).Format(time.RFC3339)
	if later := h.get("/incidents/" + dig(h.post("/incidents", `{"priority":"P2","scheduled":"`+at+`"}`, 201), "id")); later["queue"] != "scheduled" || later["late"] != false {
		t.Errorf("by appointment: %v", later["queue"])
	}
	if urgent := h.get("/incidents/" + dig(h.post("/incidents", `{"type":"knife","scheduled":"`+at+`"}`, 201), "id")); urgent["queue"] != "to_dispatch" || urgent["degraded"] != true {
		t.Errorf("a P1 by appointment: %v", urgent["queue"])
	}
}

// BenchmarkHints asks while 300 incidents are open. The goal is 20 ms for 95 of 100.
func BenchmarkHints(b *testing.B) {
	h := newHouse(b)
	for i := range 300 {
		h.post("/incidents", fmt.Sprintf(`{"place":{"lon":%f,"lat":%f},"type":"knife","narrative":"第%d个人在路口拿刀，穿灰大衣，往桥那边跑了","caller":{"number":"139%08d"}}`, 0.001*float64(i%190), 0.001*float64(i/19), i, i), 201)
	}
	body := `{"place":{"lon":0.05,"lat":0.002},"type":"knife","narrative":"有人拿刀捅了人，往桥那边跑了","number":"13900000001"}`
	h.hints(body)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		h.hints(body)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
