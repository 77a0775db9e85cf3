package api_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/trial"
)

// weeks are made calls of two weeks in the area of st1.
type weeks struct {
	n    int
	hold chan struct{} // nil: at once.
}

func (w weeks) Calls(ctx context.Context, _ int, seed uint64) (api.StudyCalls, error) {
	if w.hold != nil {
		select {
		case <-w.hold:
		case <-ctx.Done():
			return api.StudyCalls{}, ctx.Err()
		}
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	out := api.StudyCalls{Source: "simulated", OfficerLeftOut: 3}
	for i := range w.n {
		out.Calls = append(out.Calls, trial.Call{
			ID: fmt.Sprint(i), At: time.Date(2030, 5, 6, 0, 0, 0, 0, time.UTC).Add(time.Duration(rng.IntN(14*24*3600)) * time.Second), Ready: time.Minute,
			Place: geo.Point{Lon: 0.03 + 0.04*rng.Float64(), Lat: 0.02 * rng.Float64()}, Type: cad.TypeID([]string{"knife", "theft"}[rng.IntN(2)]), Scene: 10 * time.Minute,
		})
	}
	return out, nil
}

func (weeks) Fair(context.Context, func(done, all int)) (trial.Fair, error) {
	return trial.Fair{}, fault.New("test", fault.NotFound, "no records").Because("no_records").Mend("record some")
}

// studying is a house with studies.
func studying(t *testing.T, w weeks) *house {
	h := newHouse(t)
	h.centre.Study = api.NewStudies(w, nil)
	t.Cleanup(h.centre.Study.Close)
	return h
}

// ended asks until a trial is over.
func (h *house) ended(id string) map[string]any {
	h.t.Helper()
	for range 10_000 {
		if got := h.get("/study/whatif/" + id); got["state"] != "running" {
			return got
		}
	}
	h.t.Fatal("the trial never ends")
	return nil
}

func TestStudies(t *testing.T) {
	h := studying(t, weeks{n: 400})
	before, _ := h.store.Head(t.Context())
	d := h.get("/study/demand")
	if d["source"] != "simulated" || d["officer_left_out"] != 3.0 || len(d["hours"].([]any)) != 168 || d["calls"] != 400.0 {
		t.Errorf("demand: %v %v %v", d["source"], d["officer_left_out"], d["calls"])
	}
	week := h.get("/study/demand?from=2030-05-06T00:00:00Z&to=2030-05-13T00:00:00Z")
	if n := week["calls"].(float64); n < 150 || n > 250 || dig(week, "to") != "2030-05-13T00:00:00Z" {
		t.Errorf("of one of two weeks: %v calls to %v", n, week["to"])
	}
	for q, status := range map[string]int{"from=2030-05-13T00:00:00Z&to=2030-05-06T00:00:00Z": 400, "from=2031-01-01T00:00:00Z": 404, "from=monday": 400} {
		if got, body, _ := h.ask("GET", "/study/demand?"+q, ""); got != status || dig(body, "code") == "" && dig(body, "detail") == "" {
			t.Errorf("%s: %d %v, want %d", q, got, body, status)
		}
	}
	for _, model := range []string{"mclp", "mexclp", "pmedian", "pcentre"} {
		got := h.post("/study/locate", `{"model":"`+model+`","p":1,"candidates":"crossings","radius_s":120}`, 200)
		if got["proven"] != true || len(got["sites"].([]any)) != 1 || got["value"].(float64) <= 0 {
			t.Errorf("%s: %v", model, got)
		}
		if got["weight"].(float64) <= 0 || got["straight"] != got["points"] { // This house has no map.
			t.Errorf("%s: %v", model, got)
		}
		today := got["today"].(map[string]any)["value"].(float64)
		if better := got["value"].(float64); model == "pmedian" && better > today*1.5 {
			t.Errorf("%s: %v s, today %v s", model, better, today)
		}
	}
	l := h.get("/study/hypercube")
	if l["method"] != "exact" || l["n"].(float64) < 2 {
		t.Errorf("load: %v", l)
	}
	for _, w := range l["workloads"].([]any) {
		if busy := w.(map[string]any)["busy"].(float64); !(busy > 0 && busy < 1) {
			t.Errorf("%v is busy", w)
		}
	}
	run := h.post("/study/whatif", `{"changes":[{"do":"remove","unit":"101"}],"days":14,"seed":1}`, 200)["id"].(string)
	w := h.ended(run)
	if w["state"] != "done" || len(w["difference"].(map[string]any)["p50_s"].([]any)) != 3 || w["before"].(map[string]any)["calls"].(float64) < 300 {
		t.Errorf("what-if: %v", w)
	}
	again := h.ended(h.post("/study/whatif", `{"changes":[{"do":"remove","unit":"101"}],"days":14,"seed":1}`, 200)["id"].(string))
	if fmt.Sprint(again["before"], again["after"], again["difference"]) != fmt.Sprint(w["before"], w["after"], w["difference"]) {
		t.Error("the same question got another answer")
	}
	if after, _ := h.store.Head(t.Context()); after.Seq != before.Seq {
		t.Errorf("studies wrote records %d to %d", before.Seq+1, after.Seq)
	}
}

// One trial runs at a time; the end of the service ends it.
func TestOneTrialAtATime(t *testing.T) {
	h := studying(t, weeks{n: 10, hold: make(chan struct{})})
	id := h.post("/study/whatif", `{"changes":[]}`, 200)["id"].(string)
	h.post("/study/whatif", `{"changes":[]}`, http.StatusConflict)
	if got := h.get("/study/whatif/" + id); got["state"] != "running" {
		t.Errorf("%v", got)
	}
	h.centre.Study.Close()
	if got := h.ended(id); got["state"] != "failed" {
		t.Errorf("after the end: %v", got)
	}
	h.post("/study/whatif", `{"changes":[]}`, http.StatusServiceUnavailable)
}

func TestStudiesRefuse(t *testing.T) {
	h := studying(t, weeks{n: 50})
	for body, status := range map[string]int{
		`{"changes":[{"do":"fly"}]}`:                                   400,
		`{"changes":[{"do":"remove","unit":"nobody"}]}`:                400,
		`{"changes":[{"do":"move","unit":"101","place":{"lon":999}}]}`: 400,
		`{"changes":[` + strings.Repeat(`{"do":"add"},`, 60) + `{}]}`:  400,
		`{"changes":[],"days":400}`:                                    400,
		`[]`:                                                           400,
	} {
		h.post("/study/whatif", body, status)
	}
	for _, body := range []string{`{"model":"guess","p":1}`, `{"model":"mclp","p":0}`, `{"model":"mclp","p":99}`, `{"model":"mclp","p":1,"radius_s":-1}`} {
		h.post("/study/locate", body, 400)
	}
	if status, body, _ := h.ask("GET", "/study/hypercube?class=nope", ""); status != http.StatusNotFound || dig(body, "code") != "no_class" {
		t.Errorf("a class that nobody knows: %d %v", status, body)
	}
}
