package api

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"shuniu/internal/geo"
)

// Sites to choose from lie all over a city whose calls gather in the middle.
func TestSitesAllOverTheCity(t *testing.T) {
	var points []spot
	middle := geo.Point{Lon: 118.4, Lat: 31.2}
	for i := range 40 {
		for j := range 40 {
			p := middle.Offset(float64(i-20)*250, float64(j-20)*250)
			points = append(points, spot{p, 1 / (1 + geo.DistanceMeters(p, middle))})
		}
	}
	slices.SortStableFunc(points, func(a, b spot) int { return cmp.Compare(b.weight, a.weight) })
	sites := candidates("crossings", nil, nil, points)
	if len(sites) > 200 || len(sites) < 100 || sites[0].Place != points[0].place {
		t.Errorf("%d sites, the first is %v", len(sites), sites[0])
	}
	for _, p := range points {
		best := math.Inf(1)
		for _, s := range sites {
			best = min(best, geo.DistanceMeters(p.place, s.Place))
		}
		if best > 1_200 {
			t.Fatalf("%v is %.0f m from every site", p.place, best)
		}
	}
}
