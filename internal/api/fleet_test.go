package api_test

import (
	"context"
	"strings"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// avenue is one street from west to east through the test centre, a node every 1.1 km, driven at 36 km/h.
func avenue(t *testing.T) *street.Network {
	t.Helper()
	var b street.Builder
	var nodes []int64
	for i := range 21 {
		b.AddNode(int64(i+1), geo.Point{Lon: float64(i) / 100})
		nodes = append(nodes, int64(i+1))
	}
	b.AddWay(street.Way{ID: 1, Nodes: nodes, Class: "residential", SpeedKmh: 36})
	n, _, err := b.Build(t.Context(), street.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Units that are followed on the streets get the same times as units that are looked for, also after they have moved, and
// those that nobody follows yet are looked for.
func TestFollowedUnitsArriveAlike(t *testing.T) {
	h := newHouse(t)
	n := avenue(t)
	h.centre.Map = &osm.Extract{Streets: n}
	e := street.NewEngine(n, nil, nil)
	t.Cleanup(e.Close)
	if err := e.Prepare(t.Context(), "", h.desk.Now(), nil); err != nil {
		t.Fatal(err)
	}
	h.centre.Streets = e
	id := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201), "id")
	etas := func() string {
		a := h.get("/incidents/" + id + "/recommendation")
		return strings.Join([]string{dig(a, "items.0.unit"), dig(a, "items.0.eta_s"), dig(a, "items.1.unit"), dig(a, "items.1.eta_s"), dig(a, "degraded")}, " ")
	}
	once, stop := context.WithCancel(t.Context())
	stop() // Follow looks once, and ends.
	const asLookedFor = "101 334 211 445 "
	if got := etas(); got != asLookedFor {
		t.Errorf("looked for: %s, want %s", got, asLookedFor)
	}
	h.centre.Follow(once)
	if got := etas(); got != asLookedFor {
		t.Errorf("followed: %s, want %s", got, asLookedFor)
	}
	h.post("/units/101/position", `{"lon":0.04,"lat":0}`, 204)
	h.centre.Follow(once)
	if got, want := etas(), "101 111 211 445 "; got != want {
		t.Errorf("101 has moved: %s, want %s", got, want)
	}
	h.post("/units/221/status", `{"to":"available"}`, 200)
	h.centre.Follow(once)
	if got, want := etas(), "101 111 211 445 "; got != want {
		t.Errorf("nobody has moved: %s, want %s", got, want)
	}
}
