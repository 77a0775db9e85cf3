package org

import (
	"testing"
	"time"
)

// Whoever walks is not there when a car would be, and a boat does not care for streets.
func TestPace(t *testing.T) {
	foot, car, boat, tractor := Kind{Kmh: 6}, Kind{}, Kind{Kmh: 36, Straight: true}, Kind{Kmh: 60}
	for name, c := range map[string]struct{ got, want time.Duration }{
		"foot, as far as it is":        {foot.Takes(186*time.Second, 2512), 1507200 * time.Millisecond},
		"foot, where cars stand still": {foot.Takes(900*time.Second, 100), 900 * time.Second},
		"car":                          {car.Takes(186*time.Second, 2512), 186 * time.Second},
		"slow car in town":             {tractor.Takes(186*time.Second, 2512), 186 * time.Second},
		"foot without streets":         {foot.Crow(600, 30), 360 * time.Second},
		"car without streets":          {car.Crow(600, 30), 72 * time.Second},
		"slow car without streets":     {tractor.Crow(600, 30), 72 * time.Second},
		"boat":                         {boat.Crow(600, 30), 60 * time.Second},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if car.Slow() || !foot.Slow() || !boat.Slow() {
		t.Error("who does not get on as a car does is not known")
	}
}
