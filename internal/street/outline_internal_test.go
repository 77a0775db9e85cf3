package street

import (
	"math/rand/v2"
	"testing"
)

// Whatever squares an area has, its outlines pass no corner twice, and enclose as many squares as it has.
func TestOutlinesAreSimple(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		r := &raster{cell: 1, width: 4 + rng.IntN(12), height: 4 + rng.IntN(12)}
		r.inside = make([]bool, r.width*r.height)
		for j := 1; j < r.height-1; j++ {
			for i := 1; i < r.width-1; i++ {
				r.inside[j*r.width+i] = rng.IntN(100) < 40
			}
		}
		r.fill()
		r.widen()
		squares, enclosed := 0, 0
		for _, in := range r.inside {
			if in {
				squares++
			}
		}
		seen := make(map[[2]int]bool)
		for _, corners := range r.walks() {
			for k, c := range corners {
				if seen[c] {
					t.Fatalf("%v is passed twice", c)
				}
				seen[c] = true
				next := corners[(k+1)%len(corners)]
				enclosed += c[0]*next[1] - next[0]*c[1]
			}
		}
		if enclosed != 2*squares {
			t.Fatalf("%d squares, %v enclosed", squares, float64(enclosed)/2)
		}
	}
}
