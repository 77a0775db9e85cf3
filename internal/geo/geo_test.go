package geo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/geo"
)

func at(lon, lat float64) geo.Point { return geo.Point{Lon: lon, Lat: lat} }

func TestValid(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    geo.Point
		want bool
	}{
		{"town", at(118.4, 31.2), true},
		{"corners of the world", at(-180, 90), true},
		{"no longitude", at(math.NaN(), 31), false},
		{"no latitude", at(118, math.NaN()), false},
		{"endless", at(math.Inf(1), 31), false},
		{"swapped", at(31.2, 118.4), false},
		{"past the date line", at(180.001, 0), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.Valid(); got != tt.want {
				t.Errorf("Valid(%v) = %v", tt.p, got)
			}
		})
	}
}

func TestPointOnTheWire(t *testing.T) {
	b, err := json.Marshal(at(118.4, 31.2))
	if err != nil || string(b) != `{"lon":118.4,"lat":31.2}` {
		t.Fatalf("%s %v", b, err)
	}
	var back geo.Point
	if err := json.Unmarshal(b, &back); err != nil || back != at(118.4, 31.2) {
		t.Fatalf("%v %v", back, err)
	}
}

// A degree of a great circle is 2 pi R / 360; the other figures follow from it by hand.
func TestDistanceAndBearing(t *testing.T) {
	degree := 2 * math.Pi * geo.EarthRadiusMeters / 360
	for _, tt := range []struct {
		name     string
		a, b     geo.Point
		distance float64
		bearing  float64
	}{
		{"nowhere", at(118, 31), at(118, 31), 0, 0},
		{"north", at(118, 31), at(118, 32), degree, 0},
		{"south", at(118, 32), at(118, 31), degree, 180},
		{"east on the equator", at(0, 0), at(1, 0), degree, 90},
		{"west on the equator", at(1, 0), at(0, 0), degree, 270},
		{"east at sixty degrees", at(0, 60), at(0.001, 60), degree / 2000, 90},
		{"across the date line", at(179.5, 0), at(-179.5, 0), degree, 90},
		{"to the antipode", at(0, 0), at(180, 0), 180 * degree, 90},
		{"one metre", at(118, 31), at(118, 31+1/degree), 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := geo.DistanceMeters(tt.a, tt.b); math.Abs(got-tt.distance) > 1e-6*max(1, tt.distance) {
				t.Errorf("distance %.6f, want %.6f", got, tt.distance)
			}
			if got := geo.BearingDegrees(tt.a, tt.b); math.Abs(got-tt.bearing) > 0.001 {
				t.Errorf("bearing %.4f, want %.4f", got, tt.bearing)
			}
		})
	}
}

func TestPolygon(t *testing.T) {
	// A square of about 1.1 km with a hole in its middle.
	square := geo.Polygon{
		{at(118.40, 31.20), at(118.41, 31.20), at(118.41, 31.21), at(118.40, 31.21), at(118.40, 31.20)},
		{at(118.404, 31.204), at(118.406, 31.204), at(118.406, 31.206), at(118.404, 31.206)},
	}
	degree := 2 * math.Pi * geo.EarthRadiusMeters / 360
	for _, tt := range []struct {
		name   string
		p      geo.Point
		inside bool
		edge   float64 // Metres; negative when not asked.
	}{
		{"inside", at(118.402, 31.201), true, 0.001 * degree},
		{"in the hole", at(118.405, 31.205), false, -1},
		{"outside to the west", at(118.39, 31.205), false, 0.01 * degree * math.Cos(31.205*math.Pi/180)},
		{"outside to the north", at(118.405, 31.22), false, 0.01 * degree},
		{"on the southern edge", at(118.405, 31.20), true, 0},
		{"on the northern edge", at(118.405, 31.21), false, 0},
		{"on the western edge", at(118.40, 31.205), true, 0},
		{"on the eastern edge", at(118.41, 31.205), false, 0},
		{"nowhere", at(math.NaN(), 31.205), false, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := square.Contains(tt.p); got != tt.inside {
				t.Errorf("Contains = %v", got)
			}
			got := geo.MultiPolygon{square}.DistanceToEdgeMeters(tt.p)
			if tt.edge >= 0 && math.Abs(got-tt.edge) > 0.01 {
				t.Errorf("edge at %.3f m, want %.3f", got, tt.edge)
			}
		})
	}
	if !square.Valid() || (geo.Polygon{}).Valid() || (geo.Polygon{{at(1, 1), at(2, 2), at(1, 1)}}).Valid() ||
		(geo.MultiPolygon{}).Valid() || (geo.Polygon{{at(1, 1), at(2, 2), at(math.NaN(), 1)}}).Valid() {
		t.Error("Valid does not tell an area from a line")
	}
	if got := (geo.MultiPolygon{}).DistanceToEdgeMeters(at(1, 1)); !math.IsInf(got, 1) {
		t.Errorf("edge of nothing at %v", got)
	}
	b := geo.MultiPolygon{square}.Bounds()
	if b.Min != at(118.40, 31.20) || b.Max != at(118.41, 31.21) || !(geo.MultiPolygon{}).Bounds().Empty() {
		t.Errorf("bounds %v", b)
	}
}

// Two crooked areas with a common border: each point belongs to one of them, exactly when it lies in their union. The
// probes are taken on the border itself as often as beside it.
func TestTilesShareNoPointAndLoseNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "corners")
		border := []geo.Point{at(0, 0)}
		for i := range n {
			border = append(border, at(rapid.Float64Range(-0.9, 0.9).Draw(t, "x"), float64(i+1)/float64(n+1)))
		}
		border = append(border, at(0, 1))
		west := geo.Polygon{append(append(geo.Ring{}, border...), at(-1, 1), at(-1, 0))}
		east := geo.Polygon{{at(1, 0), at(1, 1)}}
		for i := len(border) - 1; i >= 0; i-- {
			east[0] = append(east[0], border[i])
		}
		leg := rapid.IntRange(0, len(border)-2).Draw(t, "leg")
		p := geo.Between(border[leg], border[leg+1], rapid.Float64Range(0, 0.999).Draw(t, "share"))
		if rapid.Bool().Draw(t, "beside") {
			p.Lon = rapid.Float64Range(-0.999, 0.999).Draw(t, "lon")
		}
		if p.Lat >= 1 {
			return
		}
		if west.Contains(p) == east.Contains(p) {
			t.Fatalf("%v: west %v, east %v", p, west.Contains(p), east.Contains(p))
		}
	})
}

// The flat plane and the sphere agree near the plane's origin, and going somewhere means arriving there.
func TestPlaneAgreesWithTheSphere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := at(rapid.Float64Range(-170, 170).Draw(t, "lon"), rapid.Float64Range(-60, 60).Draw(t, "lat"))
		east := rapid.Float64Range(-5000, 5000).Draw(t, "east")
		north := rapid.Float64Range(-5000, 5000).Draw(t, "north")
		q := p.Offset(east, north)
		flat, _ := geo.PlaneAt(p).Nearest(q, q)
		round := geo.DistanceMeters(p, q)
		if math.Abs(flat-round) > 0.002*round+0.001 || math.Abs(flat-math.Hypot(east, north)) > 0.001 {
			t.Fatalf("flat %.3f, round %.3f, asked %.3f", flat, round, math.Hypot(east, north))
		}
		if back := geo.DistanceMeters(q, p); math.Abs(back-round) > 1e-6 {
			t.Fatalf("there %.9f, back %.9f", round, back)
		}
		if b := geo.BearingDegrees(p, q); !(b >= 0 && b < 360) {
			t.Fatalf("bearing %v", b)
		}
	})
}

func TestBounds(t *testing.T) {
	b := geo.EmptyBounds().Extend(at(2, 3)).Extend(at(1, 5))
	for _, tt := range []struct {
		p    geo.Point
		want bool
	}{{at(1, 3), true}, {at(2, 5), true}, {at(1.5, 4), true}, {at(0.9, 4), false}, {at(1.5, 5.1), false}} {
		if b.Contains(tt.p) != tt.want {
			t.Errorf("%v in %v: want %v", tt.p, b, tt.want)
		}
	}
	if !geo.EmptyBounds().Empty() || b.Empty() || b.Overlaps(geo.EmptyBounds()) || !b.Overlaps(b) || b.Center() != at(1.5, 4) {
		t.Error("an empty box holds something, or a full one nothing")
	}
}

func ExamplePolygon_Contains() {
	beat := geo.Polygon{{at(118.40, 31.20), at(118.41, 31.20), at(118.41, 31.21), at(118.40, 31.21)}}
	call := at(118.4005, 31.205)
	fmt.Printf("%v, %.0f m from the border\n", beat.Contains(call), beat.DistanceToEdgeMeters(call))
	// Output: true, 48 m from the border
}
