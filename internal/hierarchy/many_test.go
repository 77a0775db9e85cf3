package hierarchy_test

import (
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/hierarchy"
)

// TestManyToMany holds tables of all shapes against a plain search: one row, one column, few places and many.
func TestManyToMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		weights := drawWeights(t, len(g.Head))
		m, p := weighed(t, contracted(t, g, drawOrder(t, g)), weights)
		places := func(name string) [][]hierarchy.Seed {
			out := make([][]hierarchy.Seed, rapid.SampledFrom([]int{0, 1, 1, 2, 12}).Draw(t, name+"s"))
			for i := range out {
				out[i] = drawSeeds(t, g.Vertices(), name)
			}
			return out
		}
		from, to := places("from"), places("to")
		table, err := m.ManyToMany(t.Context(), from, to)
		if err != nil || len(table) != len(from) {
			t.Fatalf("%d rows: %v", len(table), err)
		}
		for i := range from {
			for k := range to {
				if want, _, _ := p.Between(t.Context(), from[i], to[k]); table[i][k] != want {
					t.Fatalf("from %v to %v: %d, want %d", from[i], to[k], table[i][k], want)
				}
			}
		}
	})
}

// TestBigTable has more places than are in memory at once.
func TestBigTable(t *testing.T) {
	_, _, g := lattice(8)
	weights := make([]uint64, len(g.Head))
	for i := range weights {
		weights[i] = uint64(i*7919%101 + 1)
	}
	rank, err := hierarchy.Fill(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	h, err := hierarchy.Contract(t.Context(), g, rank, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Customize(t.Context(), weights)
	if err != nil {
		t.Fatal(err)
	}
	p, err := hierarchy.NewPlain(g, weights)
	if err != nil {
		t.Fatal(err)
	}
	places := make([][]hierarchy.Seed, 1100)
	for i := range places {
		places[i] = []hierarchy.Seed{{Vertex: int32(i * 31 % g.Vertices()), Cost: uint64(i)}}
	}
	table, err := m.ManyToMany(t.Context(), places, places[:1050])
	if err != nil {
		t.Fatal(err)
	}
	for k, to := range places[:1050] {
		costs, _ := p.ToOne(t.Context(), to, nil)
		for i, from := range places {
			if want := costs[from[0].Vertex] + from[0].Cost; table[i][k] != want {
				t.Fatalf("from %v to %v: %d, want %d", from, to, table[i][k], want)
			}
		}
	}
}
