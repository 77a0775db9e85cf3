package api_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/coverage"
)

// watched is a house whose cover is followed: two flat areas side by side, two cars at the west end of the first, and a
// post 6.7 km east of them.
func watched(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	ch := charter()
	flat := func(w, e float64) geo.MultiPolygon {
		return geo.MultiPolygon{{{{Lon: w, Lat: -0.005}, {Lon: e, Lat: -0.005}, {Lon: e, Lat: 0.005}, {Lon: w, Lat: 0.005}, {Lon: w, Lat: -0.005}}}}
	}
	ch.Orgs[0].Area, ch.Orgs[1].Area = flat(0, 0.1), flat(0.1, 0.2)
	ch.Settings.Posts = []org.Post{{ID: "east", Name: org.Name{"zh": "东", "en": "East"}, Place: geo.Point{Lon: 0.08}}}
	ch.Cover = []org.CoverClass{{ID: "patrol", Name: org.Name{"zh": "巡逻", "en": "Patrol"}, Slot: "near", StandardS: 480}}
	ch.Units = append(ch.Units, org.UnitSpec{ID: "102", CallSign: "102", Kind: "car", Station: "st1", Dispatchable: true, Officers: 2, Sworn: 1, Home: &geo.Point{Lon: 0.02}})
	ctx := t.Context()
	if _, err := h.desk.Do(ctx, desk.Wish{Actor: cad.Actor{ID: "operator", Role: policy.Operator}, Command: joint.Configure{Charter: ch}}); err != nil {
		t.Fatal(err)
	}
	h.post("/units/102/status", `{"to":"available"}`, 200)
	h.post("/units/101/status", `{"to":"unavailable"}`, 200)
	r := coverage.New(coverage.Options{Desk: h.desk, Actor: cad.Actor{ID: "coverage", Role: policy.Reactor}, Track: h.centre.Track, Told: h.centre.Stream.Cover})
	if err := r.Watch(ctx); err != nil {
		t.Fatal(err)
	}
	follow, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Follow(follow)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	h.centre.Cover, h.centre.Losses = r, r
	h.post("/units/101/status", `{"to":"available"}`, 200)
	h.await(func(c map[string]any) bool { return dig(c, "classes.0.free") == "2" && dig(c, "moves.0.id") != "" })
	return h
}

// await asks for the cover until it is as it should be.
func (h *house) await(is func(map[string]any) bool) map[string]any {
	h.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(20 * time.Second)
	for {
		got := h.get("/cover")
		if is(got) {
			return got
		}
		select {
		case <-tick.C:
		case <-late:
			h.t.Fatalf("the cover never came to what it should be: %v", got)
		}
	}
}

func TestCoverBeforeThereIsAny(t *testing.T) {
	h := newHouse(t)
	got := h.get("/cover")
	for path, want := range map[string]string{"ready": "false", "at": "", "classes.0": "", "areas.0": "", "moves.0": "", "demand.source": "even"} {
		if dig(got, path) != want {
			t.Errorf("%s is %q, want %q", path, dig(got, path), want)
		}
	}
	for _, list := range []string{"classes", "areas", "moves"} {
		if _, ok := got[list].([]any); !ok {
			t.Errorf("%s is no list", list)
		}
	}
	if cells := h.get("/cover/cells?class=patrol"); dig(cells, "type") != "FeatureCollection" {
		t.Errorf("cells: %v", cells)
	}
}

func TestCover(t *testing.T) {
	h := watched(t)
	got := h.get("/cover")
	for path, want := range map[string]string{
		"ready": "true", "straight": "true", "classes.0.id": "patrol", "classes.0.name.en": "Patrol", "classes.0.standard_s": "480", "classes.0.units": "2",
		"areas.0.org": "st1", "areas.0.class": "patrol", "areas.1.org": "st2", "areas.1.state": "void", "areas.1.by_plan": "true",
		"moves.0.to.post": "east", "moves.0.to.name.en": "East", "moves.0.class": "patrol",
	} {
		if dig(got, path) != want {
			t.Errorf("%s is %q, want %q", path, dig(got, path), want)
		}
	}
	if !strings.Contains(dig(got, "moves.0.why.0.code"), "move.") || dig(got, "moves.0.eta_s") == "0" || dig(got, "areas.1.since") == "" {
		t.Errorf("%v", got)
	}
	crew := h.get("/cover", "Test-Role: "+policy.Field, "Test-Unit: 101")
	if dig(crew, "classes.0.id") != "patrol" || dig(crew, "areas.0") != "" || dig(crew, "moves.0") != "" {
		t.Errorf("a crew sees %v", crew)
	}
	station := h.get("/cover", "Test-Role: "+policy.Station, "Test-Org: st2")
	if dig(station, "areas.0.org") != "st2" || dig(station, "areas.1") != "" || dig(station, "moves.0") != "" {
		t.Errorf("the second station sees %v", station)
	}
	cells := h.get("/cover/cells?class=patrol")
	if dig(cells, "features.0.geometry.type") != "Polygon" || dig(cells, "features.0.properties.expected_s") == "" || dig(cells, "features.0.properties.weight") == "" {
		t.Errorf("cells: %.300v", cells)
	}
	if status, body, _ := h.ask("GET", "/cover/cells?class=boats", ""); status != 404 || dig(body, "code") != "no_class" {
		t.Errorf("an unknown class: %d %v", status, body)
	}
}

// A move is taken with a standby, whose fact says what it promised, or declined; both take it off the list.
func TestMoveTakenAndDeclined(t *testing.T) {
	h := watched(t)
	id := dig(h.get("/cover"), "moves.0.id")
	gone := func(c map[string]any) bool {
		for _, m := range c["moves"].([]any) {
			if dig(m, "id") == id {
				return false
			}
		}
		return true
	}
	if status, body, _ := h.ask("POST", "/cover/moves/nothing/decline", ""); status != 404 || dig(body, "code") != "no_move" {
		t.Errorf("a move that nobody proposed: %d %v", status, body)
	}
	if status, _, _ := h.ask("POST", "/cover/moves/"+id+"/decline", "", "Test-Role: "+policy.CallTaker); status != 403 {
		t.Errorf("a call-taker's no is answered %d", status)
	}
	if status, _, _ := h.ask("POST", "/cover/moves/"+id+"/decline", `{"reason":"x"}`); status != 204 {
		t.Errorf("a no is answered %d", status)
	}
	if got := h.get("/cover"); !gone(got) {
		t.Errorf("it is still proposed: %v", got["moves"])
	}
	next := h.await(func(c map[string]any) bool { return dig(c, "moves.0.id") != "" && gone(c) })
	id = dig(next, "moves.0.id")
	unit := dig(next, "moves.0.unit")
	h.post("/units/"+unit+"/standby", `{"post":"east","move":"`+id+`"}`, 200)
	h.await(gone)
	var fact string
	if err := h.desk.Read(t.Context(), 0, func(k desk.Told) bool {
		if k.Record.Type == "unit.stood_by" {
			fact = string(k.Record.Data)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(fact, `"move":"`+id+`"`) || !strings.Contains(fact, `"gain_s":`) || !strings.Contains(fact, `"gain_calls_per_day":`) {
		t.Errorf("the fact says %s", fact)
	}
}

func TestRings(t *testing.T) {
	h := watched(t)
	for _, q := range []string{"unit=101", "lon=0.05&lat=0", "class=patrol", "unit=102&minutes=2"} {
		got := h.get("/rings?" + q)
		if dig(got, "type") != "FeatureCollection" || dig(got, "features.0.properties.kind") != "outline" || dig(got, "features.0.geometry.type") != "MultiPolygon" || dig(got, "straight") != "true" {
			t.Errorf("%s: %.300v", q, got)
		}
	}
	inc := dig(h.post("/incidents", `{"place":{"lon":0.05,"lat":0}}`, 201), "id")
	if got := h.get("/rings?incident=" + inc); dig(got, "features.2.properties.minutes") != "5" {
		t.Errorf("around an incident: %.300v", got)
	}
	for q, want := range map[string]string{
		"": "bad_place", "lon=x&lat=1": "bad_place", "lon=NaN&lat=0": "bad_place", "lon=0&lat=91": "bad_place", "unit=999": "no_unit", "incident=999": "no_incident", "class=boats": "no_class",
		"unit=101&lon=0.05&lat=0": "rings_from_many", "unit=101&lat=0": "rings_from_many", "class=patrol&unit=101": "rings_from_many", "incident=1&unit=101": "rings_from_many",
		"unit=101&minutes=0": "bad_minutes", "unit=101&minutes=1,2,3,4,5,6,7": "bad_minutes", "unit=101&minutes=x": "bad_minutes", "unit=101&minutes=61": "bad_minutes",
	} {
		if status, body, _ := h.ask("GET", "/rings?"+q, ""); status < 400 || status >= 500 || dig(body, "code") != want || dig(body, "remedy") == "" {
			t.Errorf("%s: %d %v, want %s with a remedy", q, status, body, want)
		}
	}
}

// Who walks reaches a fifth of what a car does, in all directions.
func TestRingsOfWhoWalks(t *testing.T) {
	h := watched(t)
	ch := charter()
	ch.Kinds[0].Kmh = 6
	extent := func() float64 {
		box := geo.EmptyBounds()
		for i := range 49 {
			at := "features.0.geometry.coordinates.0.0." + strconv.Itoa(i)
			lon, _ := strconv.ParseFloat(dig(h.get("/rings?unit=101&minutes=5"), at+".0"), 64)
			box = box.Extend(geo.Point{Lon: lon})
		}
		return box.Max.Lon - box.Min.Lon
	}
	car := extent()
	if _, err := h.desk.Do(t.Context(), desk.Wish{Actor: cad.Actor{ID: "operator", Role: policy.Operator}, Command: joint.Configure{Charter: ch}}); err != nil {
		t.Fatal(err)
	}
	if foot := extent(); foot <= 0 || foot < car/5.01 || foot > car/4.99 {
		t.Errorf("%v degrees on foot, %v by car", foot, car)
	}
}

// Screens are told of a new picture.
func TestCoverIsTold(t *testing.T) {
	h := watched(t)
	next := h.listen("")
	h.post("/units/102/status", `{"to":"unavailable"}`, 200)
	for range 50 {
		kind, data := next()
		if kind == "gone" { // Of the centre that was configured anew.
			next = h.listen("")
			h.post("/units/102/status", `{"to":"available"}`, 200)
		}
		if kind != "cover" {
			continue
		}
		if dig(data, "as_of") == "" || dig(data, "at") == "" || dig(data, "voids") == "" || dig(data, "moves") == "" {
			t.Errorf("the screens hear %v", data)
		}
		return
	}
	t.Error("nobody tells the screens")
}
