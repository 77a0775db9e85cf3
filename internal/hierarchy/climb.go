package hierarchy

import "slices"

// climb is the memory of one search upwards. It belongs to a pool and to one goroutine at a time. Between searches
// every cost is No.
type climb struct {
	cost  []uint64
	via   []int32 // By rank: the vertex below from which it was reached, -1 for a seed.
	chain []int32 // What was looked at, rising.
	heads []int32 // Next vertices of the chains of several seeds.
}

func newClimb(n int) *climb {
	c := &climb{cost: make([]uint64, n), via: make([]int32, n)}
	for v := range c.cost {
		c.cost[v] = No
	}
	return c
}

// seed notes where a search starts. Seeds outside the graph are left out: they reach nothing.
func (c *climb) seed(h *Hierarchy, seeds []Seed) {
	c.heads, c.chain = c.heads[:0], c.chain[:0]
	for _, s := range seeds {
		if s.Vertex < 0 || int(s.Vertex) >= len(h.rank) || s.Cost == No {
			continue
		}
		v := h.rank[s.Vertex]
		if c.cost[v] == No {
			c.heads = append(c.heads, v)
		}
		if s.Cost < c.cost[v] {
			c.cost[v], c.via[v] = s.Cost, -1
		}
	}
}

// run goes up the elimination tree from the seeds: every vertex that a way upwards can pass lies on the chain from a
// seed to its root.
func (c *climb) run(h *Hierarchy, f *half, track bool) {
	for len(c.heads) > 0 {
		low := 0
		for i, v := range c.heads {
			if v < c.heads[low] {
				low = i
			}
		}
		v := c.heads[low]
		if len(c.heads) == 1 {
			c.heads = c.heads[:0]
			for ; v >= 0; v = h.parent[v] {
				c.step(f, v, track)
			}
			return
		}
		c.step(f, v, track)
		if p := h.parent[v]; p >= 0 && !slices.Contains(c.heads, p) {
			c.heads[low] = p
		} else {
			c.heads = slices.Delete(c.heads, low, low+1)
		}
	}
}

// step takes the arcs of one vertex, when it is reached.
func (c *climb) step(f *half, v int32, track bool) {
	d := c.cost[v]
	if d == No {
		return
	}
	c.chain = append(c.chain, v)
	from, end := f.first[v], f.first[v+1]
	heads, weights := f.head[from:end], f.weight[from:end]
	for i, w := range heads {
		s := d + weights[i]
		if s < d { // Past No.
			continue
		}
		if s < c.cost[w] {
			c.cost[w] = s
			if track {
				c.via[w] = v
			}
		}
	}
}

// clear makes the memory ready for the next search.
func (c *climb) clear() {
	for _, v := range c.chain {
		c.cost[v] = No
	}
	c.chain = c.chain[:0]
}

// prune leaves in the chain only the vertices whose cost is what a highest shortest way needs: a vertex that is reached as
// cheaply from above is never the top of such a way. Costs become the shortest there are. f is the other direction.
func (c *climb) prune(f *half, keep func(v int32, cost uint64)) {
	for i := len(c.chain) - 1; i >= 0; i-- {
		v := c.chain[i]
		d := c.cost[v]
		needed := true
		from, end := f.first[v], f.first[v+1]
		heads, weights := f.head[from:end], f.weight[from:end]
		for k, w := range heads {
			if s := add(c.cost[w], weights[k]); s <= d {
				d, needed = s, false
			}
		}
		if needed {
			keep(v, d)
		} else {
			c.cost[v] = d
		}
	}
}
