package hierarchy

import (
	"context"
	"fmt"
	"sync"

	"shuniu/internal/fault"
)

// plainCheckEvery is how many vertices a plain search settles between two looks at the context.
const plainCheckEvery = 1024

// Plain is Dijkstra's search with a 4-ary heap on the bare graph: what a Metric must agree with, and what its speed is
// measured against. It may be used by any number of goroutines at once.
type Plain struct {
	graph, back Graph
	weights     []uint64
	backWeights []uint64
	pool        sync.Pool // Of *plainSearch.
}

// NewPlain makes a plain search over g; weights has one entry an arc, and No closes it. The caller must not change
// either afterwards.
func NewPlain(g Graph, weights []uint64) (*Plain, error) {
	if err := g.check("hierarchy.NewPlain"); err != nil {
		return nil, err
	}
	if len(weights) != len(g.Head) {
		return nil, fault.New("hierarchy.NewPlain", fault.Invalid, "%d weights were given for %d arcs", len(weights), len(g.Head)).Mend("give one weight an arc")
	}
	p := &Plain{graph: g, weights: weights}
	var arc []int32
	p.back, arc = g.reversed()
	p.backWeights = make([]uint64, len(arc))
	for i, a := range arc {
		p.backWeights[i] = weights[a]
	}
	p.pool.New = func() any { return newPlainSearch(g.Vertices()) }
	return p, nil
}

// FromOne gives the cost from a place to each of the wanted vertices, No for what cannot be reached. It stops when
// all of them are settled; with wanted nil it gives every vertex. The only error is that of ctx.
func (p *Plain) FromOne(ctx context.Context, from []Seed, wanted []int32) ([]uint64, error) {
	return p.search(ctx, p.graph, p.weights, from, wanted)
}

// ToOne gives the cost from each of the wanted vertices to a place, by a search backwards.
func (p *Plain) ToOne(ctx context.Context, to []Seed, wanted []int32) ([]uint64, error) {
	return p.search(ctx, p.back, p.backWeights, to, wanted)
}

// Between gives the cost from one place to another, and false when there is no way.
func (p *Plain) Between(ctx context.Context, from, to []Seed) (uint64, bool, error) {
	wanted := make([]int32, len(to))
	for i, s := range to {
		wanted[i] = s.Vertex
	}
	costs, err := p.FromOne(ctx, from, wanted)
	if err != nil {
		return No, false, err
	}
	best := uint64(No)
	for i, s := range to {
		best = min(best, add(costs[i], s.Cost))
	}
	return best, best != No, nil
}

func (p *Plain) search(ctx context.Context, g Graph, weights []uint64, seeds []Seed, wanted []int32) ([]uint64, error) {
	s := p.pool.Get().(*plainSearch)
	defer p.pool.Put(s)
	s.begin()
	pending := len(wanted)
	for _, v := range wanted {
		if s.wanted[v] == s.generation {
			pending--
		}
		s.wanted[v] = s.generation
	}
	for _, seed := range seeds {
		s.offer(seed.Vertex, seed.Cost)
	}
	for settled := 1; len(s.heap) > 0 && (pending > 0 || wanted == nil); settled++ {
		if settled%plainCheckEvery == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("hierarchy.Plain: %w", ctx.Err())
		}
		top := s.heap.Pop()
		v := top.Vertex
		if s.cost[v] != top.Cost || s.done[v] == s.generation {
			continue // Reached cheaper since.
		}
		s.done[v] = s.generation
		if s.wanted[v] == s.generation {
			pending--
		}
		for i := g.First[v]; i < g.First[v+1]; i++ {
			s.offer(g.Head[i], add(top.Cost, weights[i]))
		}
	}
	if wanted == nil {
		out := make([]uint64, g.Vertices())
		for v := range out {
			out[v] = s.of(int32(v))
		}
		return out, nil
	}
	out := make([]uint64, len(wanted))
	for i, v := range wanted {
		out[i] = s.of(v)
	}
	return out, nil
}

// plainSearch is the memory of one plain search. Stamps of its generation say what is valid, so that nothing is
// cleared between searches.
type plainSearch struct {
	cost                  []uint64
	reached, done, wanted []uint32
	generation            uint32
	heap                  Heap
}

func newPlainSearch(n int) *plainSearch {
	return &plainSearch{cost: make([]uint64, n), reached: make([]uint32, n), done: make([]uint32, n), wanted: make([]uint32, n)}
}

func (s *plainSearch) begin() {
	if s.generation++; s.generation == 0 {
		clear(s.reached)
		clear(s.done)
		clear(s.wanted)
		s.generation = 1
	}
	s.heap = s.heap[:0]
}

func (s *plainSearch) of(v int32) uint64 {
	if s.reached[v] != s.generation {
		return No
	}
	return s.cost[v]
}

func (s *plainSearch) offer(v int32, cost uint64) {
	if cost >= s.of(v) {
		return
	}
	s.reached[v], s.cost[v] = s.generation, cost
	s.heap.Push(Entry{cost, v})
}
