package osm

import (
	"testing"

	"shuniu/internal/geo"
)

// A crossing is found exactly where two edges cross, and not where they touch.
func TestCrossing(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rings []geo.Ring
		want  answer
	}{
		{"square", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 1, Lat: 0}, {Lon: 1, Lat: 1}, {Lon: 0, Lat: 1}}}, no},
		{"bow tie", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 1, Lat: 1}, {Lon: 1, Lat: 0}, {Lon: 0, Lat: 1}}}, yes},
		{"bow tie on its side", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 0.1, Lat: 3}, {Lon: 0, Lat: 3}, {Lon: 0.1, Lat: 0}}}, yes},
		{"eight that touches in a corner", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 1, Lat: 1}, {Lon: 2, Lat: 0}, {Lon: 2, Lat: 2}, {Lon: 1, Lat: 1}, {Lon: 0, Lat: 2}}}, no},
		{"corner on a slope", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 4, Lat: 2}, {Lon: 4, Lat: 4}, {Lon: 2, Lat: 1}, {Lon: 0, Lat: 4}}}, no},
		{"square with a hole", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 3, Lat: 0}, {Lon: 3, Lat: 3}, {Lon: 0, Lat: 3}}, {{Lon: 1, Lat: 1}, {Lon: 2, Lat: 1}, {Lon: 2, Lat: 2}}}, no},
		{"hole that sticks out", []geo.Ring{{{Lon: 0, Lat: 0}, {Lon: 3, Lat: 0}, {Lon: 3, Lat: 3}, {Lon: 0, Lat: 3}}, {{Lon: 1, Lat: 1}, {Lon: 4, Lat: 1.5}, {Lon: 1, Lat: 2}}}, yes},
	} {
		box := geo.EmptyBounds()
		for _, r := range tt.rings {
			for _, p := range r {
				box = box.Extend(p)
			}
		}
		if got := crossing(tt.rings, box); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
