package hierarchy_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/hierarchy"
)

// arcs makes a graph of a list of tails and heads.
func arcs(n int, list [][2]int32) hierarchy.Graph {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b [2]int32) int { return int(a[0] - b[0]) })
	g := hierarchy.Graph{First: make([]int32, n+1), Head: make([]int32, len(list))}
	for i, a := range list {
		g.First[a[0]+1]++
		g.Head[i] = a[1]
	}
	for v := range n {
		g.First[v+1] += g.First[v]
	}
	return g
}

// drawGraph draws a graph with parallel arcs, arcs that end where they begin, and parts that nothing joins.
func drawGraph(t *rapid.T) hierarchy.Graph {
	n := rapid.IntRange(1, 24).Draw(t, "vertices")
	vertex := rapid.Int32Range(0, int32(n-1))
	list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int32 {
		return [2]int32{vertex.Draw(t, "tail"), vertex.Draw(t, "head")}
	}), 0, 4*n).Draw(t, "arcs")
	return arcs(n, list)
}

// drawWeights draws weights among which nothing, the same and closed are frequent.
func drawWeights(t *rapid.T, arcs int) []uint64 {
	return rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]uint64{0, 0, 1, 1, 2, hierarchy.No, hierarchy.No - 1, 1 << 63}), rapid.Uint64Range(0, 9)), arcs, arcs).Draw(t, "weights")
}

func drawSeeds(t *rapid.T, n int, name string) []hierarchy.Seed {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) hierarchy.Seed {
		return hierarchy.Seed{Vertex: rapid.Int32Range(0, int32(n-1)).Draw(t, "vertex"), Cost: rapid.SampledFrom([]uint64{0, 1, 5, 1 << 40, hierarchy.No}).Draw(t, "cost")}
	}), 0, 3).Draw(t, name)
}

// drawOrder draws any order, or the one that Fill gives.
func drawOrder(t *rapid.T, g hierarchy.Graph) []int32 {
	if rapid.Bool().Draw(t, "filled") {
		rank, err := hierarchy.Fill(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		return rank
	}
	rank := make([]int32, g.Vertices())
	for v := range rank {
		rank[v] = int32(v)
	}
	return rapid.Permutation(rank).Draw(t, "order")
}

func contracted(t *rapid.T, g hierarchy.Graph, rank []int32) *hierarchy.Hierarchy {
	h, err := hierarchy.Contract(t.Context(), g, rank, nil)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func weighed(t *rapid.T, h *hierarchy.Hierarchy, weights []uint64) (*hierarchy.Metric, *hierarchy.Plain) {
	m, err := h.Customize(t.Context(), weights)
	if err != nil {
		t.Fatal(err)
	}
	p, err := hierarchy.NewPlain(h.Graph(), weights)
	if err != nil {
		t.Fatal(err)
	}
	return m, p
}

// TestEqualsPlain holds every question against a plain search, with weights and again with others.
func TestEqualsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		h := contracted(t, g, drawOrder(t, g))
		for range 2 {
			weights := drawWeights(t, len(g.Head))
			m, p := weighed(t, h, weights)
			from, to := drawSeeds(t, g.Vertices(), "from"), drawSeeds(t, g.Vertices(), "to")
			want, ok, _ := p.Between(t.Context(), from, to)
			if got, gotOK := m.Between(from, to); got != want || gotOK != ok {
				t.Fatalf("between %v and %v: %d, want %d", from, to, got, want)
			}
			checkPath(t, m, g, weights, from, to, want)
			each := make([][]hierarchy.Seed, g.Vertices())
			for v := range each {
				each[v] = []hierarchy.Seed{{Vertex: int32(v)}}
			}
			rows, _ := m.ManyToMany(t.Context(), [][]hierarchy.Seed{from}, each)
			if all, _ := p.FromOne(t.Context(), from, nil); !slices.Equal(rows[0], all) {
				t.Fatalf("from %v: %d, want %d", from, rows[0], all)
			}
			rows, _ = m.ManyToMany(t.Context(), each, [][]hierarchy.Seed{to})
			all, _ := p.ToOne(t.Context(), to, nil)
			for v, row := range rows {
				if row[0] != all[v] {
					t.Fatalf("from %d to %v: %d, want %d", v, to, row[0], all[v])
				}
			}
		}
	})
}

// checkPath walks the way that is given and adds up what it costs.
func checkPath(t *rapid.T, m *hierarchy.Metric, g hierarchy.Graph, weights []uint64, from, to []hierarchy.Seed, want uint64) {
	cost, way, ok := m.Path(from, to)
	if cost != want || ok != (want != hierarchy.No) {
		t.Fatalf("the way costs %d, want %d", cost, want)
	}
	if !ok {
		return
	}
	cheapest := func(seeds []hierarchy.Seed, v int32) uint64 {
		best := uint64(hierarchy.No)
		for _, s := range seeds {
			if s.Vertex == v {
				best = min(best, s.Cost)
			}
		}
		return best
	}
	sum := cheapest(from, way[0]) + cheapest(to, way[len(way)-1])
	for i := 1; i < len(way); i++ {
		best := uint64(hierarchy.No)
		for a := g.First[way[i-1]]; a < g.First[way[i-1]+1]; a++ {
			if g.Head[a] == way[i] {
				best = min(best, weights[a])
			}
		}
		if best == hierarchy.No {
			t.Fatalf("the way %v has no arc at %d", way, i)
		}
		sum += best
	}
	if sum != want {
		t.Fatalf("the steps of %v cost %d, want %d", way, sum, want)
	}
}

// TestFleet moves places about and asks after each move.
func TestFleet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		weights := drawWeights(t, len(g.Head))
		m, p := weighed(t, contracted(t, g, drawOrder(t, g)), weights)
		const slots = 4
		f := hierarchy.NewFleet(m)
		places := make([][]hierarchy.Seed, slots)
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			slot := rapid.IntRange(0, slots-1).Draw(t, "slot")
			if rapid.IntRange(0, 4).Draw(t, "out") == 0 {
				f.Remove(slot)
				places[slot] = nil
			} else {
				places[slot] = drawSeeds(t, g.Vertices(), "place")
				f.Put(slot, places[slot])
			}
			to := drawSeeds(t, g.Vertices(), "to")
			out := make([]uint64, slots)
			f.To(to, out)
			for i, from := range places {
				if want, _, _ := p.Between(t.Context(), from, to); out[i] != want {
					t.Fatalf("slot %d at %v to %v: %d, want %d", i, from, to, out[i], want)
				}
			}
		}
		to := [][]hierarchy.Seed{drawSeeds(t, g.Vertices(), "to"), drawSeeds(t, g.Vertices(), "to")}
		table, err := m.ManyToMany(t.Context(), places, to)
		if err != nil {
			t.Fatal(err)
		}
		for i := range places {
			for k := range to {
				if want, _, _ := p.Between(t.Context(), places[i], to[k]); table[i][k] != want {
					t.Fatalf("from %v to %v: %d, want %d", places[i], to[k], table[i][k], want)
				}
			}
		}
	})
}
