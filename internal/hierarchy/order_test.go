package hierarchy_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/fault"
	"shuniu/internal/hierarchy"
)

// isOrder tells whether every number from 0 on is there once.
func isOrder(rank []int32) bool {
	sorted := slices.Sorted(slices.Values(rank))
	for i, r := range sorted {
		if int(r) != i {
			return false
		}
	}
	return true
}

// TestOrders draws graphs of places, also some that lie on each other or nowhere, and expects an order every time, the same one.
func TestOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "places")
		at := rapid.SampledFrom([]float64{0, 0, 1, 2, 3.5, -7, math.NaN(), math.Inf(1)})
		points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) hierarchy.XY {
			return hierarchy.XY{X: at.Draw(t, "x"), Y: at.Draw(t, "y")}
		}), n, n).Draw(t, "points")
		end := rapid.Int32Range(0, int32(n-1))
		edges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int32 {
			return [2]int32{end.Draw(t, "a"), end.Draw(t, "b")}
		}), 0, 3*n).Draw(t, "edges")
		done := 0.0
		rank, err := hierarchy.Dissect(t.Context(), points, edges, func(share float64) { done = max(done, share) })
		if err != nil {
			t.Fatal(err)
		}
		if len(rank) != len(edges) || !isOrder(rank) || len(edges) > 0 && done != 1 {
			t.Fatalf("%v is no order of %d edges (%v done)", rank, len(edges), done)
		}
		again, _ := hierarchy.Dissect(t.Context(), points, edges, nil)
		if !slices.Equal(rank, again) {
			t.Fatal("the same places gave another order")
		}
		filled, err := hierarchy.Fill(t.Context(), arcs(n, edges))
		if err != nil || len(filled) != n || !isOrder(filled) {
			t.Fatalf("%v is no order of %d vertices: %v", filled, n, err)
		}
	})
}

// lattice is a square of streets, as a graph whose vertices are streets in one direction.
func lattice(side int) (points []hierarchy.XY, edges [][2]int32, g hierarchy.Graph) {
	for y := range side {
		for x := range side {
			v := int32(len(points))
			points = append(points, hierarchy.XY{X: float64(x) * 100, Y: float64(y) * 100})
			if x > 0 {
				edges = append(edges, [2]int32{v - 1, v})
			}
			if y > 0 {
				edges = append(edges, [2]int32{v - int32(side), v})
			}
		}
	}
	leave := make([][]int32, len(points))
	for i, e := range edges {
		leave[e[0]], leave[e[1]] = append(leave[e[0]], int32(2*i)), append(leave[e[1]], int32(2*i+1))
	}
	var turns [][2]int32
	for i, e := range edges {
		for dir, end := range [2]int32{e[1], e[0]} {
			for _, next := range leave[end] {
				turns = append(turns, [2]int32{int32(2*i + dir), next})
			}
		}
	}
	return points, edges, arcs(2*len(edges), turns)
}

// TestCutsAreSmall holds the order against what is known of a square lattice: a cut through it is one side long, and the
// chain of all cuts about four of them, for streets in both directions eight. A bad order has several times that.
func TestCutsAreSmall(t *testing.T) {
	const side = 40
	points, edges, g := lattice(side)
	ranks, err := hierarchy.Dissect(t.Context(), points, edges, nil)
	if err != nil {
		t.Fatal(err)
	}
	rank := make([]int32, 2*len(edges))
	for e, r := range ranks {
		rank[2*e], rank[2*e+1] = 2*r, 2*r+1
	}
	h, err := hierarchy.Contract(t.Context(), g, rank, nil)
	if err != nil {
		t.Fatal(err)
	}
	if st := h.Stats(); st.Depth > 10*side || st.Pairs > 40*len(rank) {
		t.Errorf("cuts of a lattice of side %d: %+v", side, st)
	}
	filled, err := hierarchy.Fill(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	if h, err = hierarchy.Contract(t.Context(), g, filled, nil); err != nil || h.Stats().Pairs > 60*len(rank) {
		t.Errorf("an order without places: %+v, %v", h.Stats(), err)
	}
}

// TestRefusals are inputs that make no sense, and contexts that end.
func TestRefusals(t *testing.T) {
	good := arcs(2, [][2]int32{{0, 1}})
	for name, g := range map[string]hierarchy.Graph{
		"arcs without vertices": {Head: []int32{0}},
		"a first that falls":    {First: []int32{0, 2, 1}, Head: []int32{0}},
		"an arc to nowhere":     {First: []int32{0, 1}, Head: []int32{1}},
		"an arc to below":       {First: []int32{0, 1}, Head: []int32{-1}},
		"arcs that nobody has":  {First: []int32{0, 0}, Head: []int32{0}},
	} {
		if _, err := hierarchy.Contract(t.Context(), g, make([]int32, g.Vertices()), nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := hierarchy.Fill(t.Context(), g); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, rank := range [][]int32{nil, {0}, {0, 0}, {0, 2}, {-1, 0}} {
		if _, err := hierarchy.Contract(t.Context(), good, rank, nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v was taken for an order: %v", rank, err)
		}
	}
	if _, err := hierarchy.Dissect(t.Context(), make([]hierarchy.XY, 1), [][2]int32{{0, 1}}, nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an edge to no place: %v", err)
	}
	h, err := hierarchy.Contract(t.Context(), good, []int32{0, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Customize(t.Context(), nil); fault.KindOf(err) != fault.Invalid {
		t.Errorf("weights that are missing: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	points, edges, g := lattice(4)
	_, one := hierarchy.Dissect(over, points, edges, nil)
	_, two := hierarchy.Fill(over, g)
	_, three := hierarchy.Contract(over, good, []int32{0, 1}, nil)
	_, four := h.Customize(over, []uint64{1})
	for i, err := range []error{one, two, three, four} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stage %d went on: %v", i, err)
		}
	}
}

// BenchmarkTo asks for two hundred places on a lattice.
func BenchmarkTo(b *testing.B) {
	points, edges, g := lattice(60)
	ranks, err := hierarchy.Dissect(b.Context(), points, edges, nil)
	if err != nil {
		b.Fatal(err)
	}
	rank, weights := make([]int32, 2*len(edges)), make([]uint64, len(g.Head))
	for e, r := range ranks {
		rank[2*e], rank[2*e+1] = 2*r, 2*r+1
	}
	for i := range weights {
		weights[i] = uint64(1_000 + i*7919%5_000)
	}
	h, err := hierarchy.Contract(b.Context(), g, rank, nil)
	if err != nil {
		b.Fatal(err)
	}
	m, err := h.Customize(b.Context(), weights)
	if err != nil {
		b.Fatal(err)
	}
	f := hierarchy.NewFleet(m)
	at := func(i int) []hierarchy.Seed { return []hierarchy.Seed{{Vertex: int32(i * 7919 % len(rank))}} }
	for i := range 200 {
		f.Put(i, at(i))
	}
	out := make([]uint64, 200)
	b.Run("to", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f.To(at(i*31), out)
		}
	})
	b.Run("put", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f.Put(i%200, at(i*17))
		}
	})
}
