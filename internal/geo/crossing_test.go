package geo_test

import (
	"testing"

	"shuniu/internal/geo"
)

// A crossing is found exactly where two edges cross, and not where they touch.
func TestCrossing(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rings []geo.Ring
		want  bool
		at    geo.Point
	}{
		{"square", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 1, Lat: 0}, {Lon: 1, Lat: 1}, {Lon: 0, Lat: 1}}}, false, geo.Point{}},
		{"bow tie", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 1, Lat: 1}, {Lon: 1, Lat: 0}, {Lon: 0, Lat: 1}}}, true, geo.Point{Lon: 0.5, Lat: 0.5}},
		{"bow tie on its side", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 0.1, Lat: 3}, {Lon: 0, Lat: 3}, {Lon: 0.1, Lat: 0}}}, true, geo.Point{Lon: 0.05, Lat: 1.5}},
		{"eight that touches in a corner", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 1, Lat: 1}, {Lon: 2, Lat: 0}, {Lon: 2, Lat: 2}, {Lon: 1, Lat: 1}, {Lon: 0, Lat: 2}}}, false, geo.Point{}},
		{"corner on a slope", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 4, Lat: 2}, {Lon: 4, Lat: 4}, {Lon: 2, Lat: 1}, {Lon: 0, Lat: 4}}}, false, geo.Point{}},
		{"square with a hole", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 3, Lat: 0}, {Lon: 3, Lat: 3}, {Lon: 0, Lat: 3}}, {{Lon: 1, Lat: 1}, {Lon: 2, Lat: 1}, {Lon: 2, Lat: 2}}}, false, geo.Point{}},
		{"hole that sticks out", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 3, Lat: 0}, {Lon: 3, Lat: 3}, {Lon: 0, Lat: 3}}, {{Lon: 1, Lat: 1}, {Lon: 4, Lat: 1.5}, {Lon: 1, Lat: 2}}}, true, geo.Point{Lon: 3, Lat: 1.3333333}},
	} {
		at, crosses, sure := geo.Crossing(tt.rings)
		if crosses != tt.want || !sure || geo.DistanceMeters(at, tt.at) > 1 {
			t.Errorf("%s: %v at %v, %v", tt.name, crosses, at, sure)
		}
	}
}
