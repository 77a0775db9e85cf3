package hierarchy

import (
	"context"
	"fmt"
)

// Fill gives an order for a graph whose places are not known: always the vertex whose contraction joins the fewest
// others comes next, by the approximate minimum degree of Amestoy, Davis and Duff (1996). The remaining graph is kept as
// variables with the elements, sets of vertices that are joined by contracted ones, so that no clique is ever written down.
// The same graph gives the same order. Errors are those of ctx, and a graph that is none.
func Fill(ctx context.Context, g Graph) ([]int32, error) {
	if err := g.check("hierarchy.Fill"); err != nil {
		return nil, err
	}
	f := newFilling(g)
	for next := range int32(g.Vertices()) {
		if next%contractCheckEvery == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("hierarchy.Fill: %w", ctx.Err())
		}
		f.eliminate(f.pop(), next)
	}
	return f.rank, nil
}

// filling is the state of one Fill. Vertices and the elements that they become have the same numbers.
type filling struct {
	rank     []int32   // -1 for a vertex that is still there.
	near     [][]int32 // By vertex: neighbours by an arc of the graph.
	elements [][]int32 // By vertex: elements that it belongs to.
	members  [][]int32 // By element: vertices of it; nil once another element holds them all.
	degree   []int32
	bound    []int32 // By element: how many of its members are not in the newest one.
	stamp    []int32 // By element: for which vertex bound was made.
	mark     []int32 // By vertex: in which newest element it is.
	heap     Heap
}

func newFilling(g Graph) *filling {
	n := g.Vertices()
	f := &filling{
		rank: make([]int32, n), near: make([][]int32, n), elements: make([][]int32, n), members: make([][]int32, n),
		degree: make([]int32, n), bound: make([]int32, n), stamp: make([]int32, n), mark: make([]int32, n),
	}
	back, _ := g.reversed()
	for v := range int32(n) {
		f.mark[v] = -1
	}
	for v := range int32(n) {
		f.rank[v], f.stamp[v] = -1, -1
		for _, list := range [][]int32{g.Head[g.First[v]:g.First[v+1]], back.Head[back.First[v]:back.First[v+1]]} {
			for _, w := range list {
				if w != v && f.mark[w] != v {
					f.mark[w] = v
					f.near[v] = append(f.near[v], w)
				}
			}
		}
	}
	for v := range int32(n) {
		f.mark[v] = -1
		f.push(v, int32(len(f.near[v])))
	}
	return f
}

func (f *filling) push(v, degree int32) {
	f.degree[v] = degree
	f.heap.Push(Entry{uint64(degree)<<32 | uint64(uint32(v)), v})
}

func (f *filling) pop() int32 {
	for {
		e := f.heap.Pop()
		if f.rank[e.Vertex] < 0 && f.degree[e.Vertex] == int32(e.Cost>>32) {
			return e.Vertex
		}
	}
}

// eliminate makes p an element of all its neighbours.
func (f *filling) eliminate(p, rank int32) {
	f.rank[p] = rank
	var mine []int32
	take := func(list []int32) {
		for _, v := range list {
			if f.rank[v] < 0 && f.mark[v] != p {
				f.mark[v] = p
				mine = append(mine, v)
			}
		}
	}
	take(f.near[p])
	for _, e := range f.elements[p] {
		take(f.members[e])
		f.members[e] = nil
	}
	f.near[p], f.elements[p], f.members[p] = nil, nil, mine
	for _, v := range mine { // How much of each other element lies outside the new one.
		for _, e := range f.elements[v] {
			if f.members[e] == nil {
				continue
			}
			if f.stamp[e] != p {
				f.stamp[e], f.bound[e] = p, int32(len(f.members[e]))
			}
			f.bound[e]--
		}
	}
	for _, v := range mine {
		degree := int32(len(mine) - 1)
		elements := f.elements[v][:0]
		for _, e := range f.elements[v] {
			if f.members[e] == nil || f.bound[e] == 0 { // An element within the new one says nothing more.
				continue
			}
			elements = append(elements, e)
			degree += f.bound[e]
		}
		near := f.near[v][:0]
		for _, w := range f.near[v] {
			if f.rank[w] < 0 && f.mark[w] != p {
				near = append(near, w)
			}
		}
		f.elements[v], f.near[v] = append(elements, p), near
		f.push(v, degree+int32(len(near)))
	}
}
