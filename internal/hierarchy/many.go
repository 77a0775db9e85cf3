package hierarchy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// foot is a seed of one of many places.
type foot struct {
	v     int32 // Rank.
	place int32
	cost  uint64
}

// few writes into out what it costs between one place and each of many others: one climb from the one, and one way down to
// the ancestors of the others, each of which is passed once, however many of the places are below it. With more and
// more places it becomes a sweep over the whole tree, and never costs more than that.
func (m *Metric) few(one []Seed, many [][]Seed, out []uint64, up, down *half) {
	h := m.h
	c := m.climbed(one, up, false)
	defer m.pool.Put(c)
	c.feet = c.feet[:0]
	for i, seeds := range many {
		out[i] = No
		for _, s := range seeds {
			if s.Vertex >= 0 && int(s.Vertex) < len(h.rank) {
				c.feet = append(c.feet, foot{h.rank[s.Vertex], int32(i), s.Cost})
			}
		}
	}
	slices.SortFunc(c.feet, func(a, b foot) int { return cmp.Compare(b.v, a.v) })
	if len(c.stack) < h.deep {
		c.stack = make([]uint64, h.deep)
	}
	c.path = slices.Grow(c.path[:0], h.deep)[:h.deep] // By depth: whose cost is in the stack.
	for d := range c.path {
		c.path[d] = -1
	}
	next := len(c.chain) - 1
	for _, f := range c.feet {
		c.todo = c.todo[:0]
		for v := f.v; v >= 0 && c.path[h.depth[v]] != v; v = h.parent[v] {
			c.todo = append(c.todo, v)
		}
		for i := len(c.todo) - 1; i >= 0; i-- { // Ranks only fall from here to the end, as subtrees are in one piece.
			v := c.todo[i]
			for next >= 0 && c.chain[next].v > v {
				next--
			}
			d := uint64(No)
			if next >= 0 && c.chain[next].v == v {
				d = c.chain[next].cost
			}
			c.path[h.depth[v]] = v
			c.stack[h.depth[v]] = down.above(v, d, c.stack)
		}
		out[f.place] = min(out[f.place], add(c.stack[h.depth[f.v]], f.cost))
	}
}

// above is the least of a cost and those over the arcs from above.
func (f *half) above(v int32, d uint64, stack []uint64) uint64 {
	from, end := f.first[v], f.first[v+1]
	heads, weights := f.head[from:end], f.weight[from:end]
	weights = weights[:len(heads)]
	if last := len(heads) - 1; last&1 == 0 {
		d = min(d, add(stack[heads[last]], weights[last]))
	}
	odd := uint64(No) // The two minima do not wait for each other.
	for i := 1; i < len(heads); i += 2 {
		d = min(d, add(stack[heads[i-1]], weights[i-1]))
		odd = min(odd, add(stack[heads[i]], weights[i]))
	}
	return min(d, odd)
}

// tableBlock is how many places of a table have their labels in memory at once: about ten megabytes in a metropolis.
const tableBlock = 1024

// fewFrom is how many places one way down to all of them takes no longer for than a climb from each.
const fewFrom = 8

// ManyToMany gives a row of costs for each place of from, with a column for each of to; No where there is no way. The
// only error is that of ctx.
func (m *Metric) ManyToMany(ctx context.Context, from, to [][]Seed) ([][]uint64, error) {
	rows := make([][]uint64, len(from))
	cells := make([]uint64, len(from)*len(to))
	for i := range rows {
		rows[i] = cells[i*len(to) : (i+1)*len(to)]
	}
	var err error
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case len(from) == 1 && len(to) >= fewFrom:
		m.few(from[0], to, cells, &m.forward, &m.backward)
	case len(to) == 1 && len(from) >= fewFrom:
		m.few(to[0], from, cells, &m.backward, &m.forward)
	case len(from) < len(to): // The labels are of the fewer places: each of the others climbs once.
		err = m.table(ctx, from, to, &m.forward, &m.backward, func(i, k int, c uint64) { rows[i][k] = c })
	default:
		err = m.table(ctx, to, from, &m.backward, &m.forward, func(k, i int, c uint64) { rows[i][k] = c })
	}
	if err != nil {
		return nil, fmt.Errorf("hierarchy.ManyToMany: %w", err)
	}
	return rows, nil
}

// table sets a cell for each pair of places. out is the direction from those that have labels.
func (m *Metric) table(ctx context.Context, few, many [][]Seed, out, in *half, set func(a, b int, c uint64)) error {
	f := newFleet(m, out, in)
	for done := 0; done < len(few); done += tableBlock {
		block := few[done:min(done+tableBlock, len(few))]
		for i, seeds := range block {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f.Put(i, seeds)
		}
		column := make([]uint64, len(block))
		for b, seeds := range many {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f.To(seeds, column)
			for i, c := range column {
				set(done+i, b, c)
			}
		}
	}
	return nil
}
