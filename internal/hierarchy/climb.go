package hierarchy

// climb is the memory of one search upwards. It belongs to a pool and to one goroutine at a time.
type climb struct {
	chain    []rung    // What was passed, by rising rank.
	branches []*branch // One for each seed that is still on a chain of its own.
	spare    []*branch
	stack    []uint64 // By depth: costs on the way down.
	track    bool     // Whether via is wanted.
	most     uint64   // The greatest cost on the chain but No.

	mine label   // Memory for a label.
	feet []foot  // Of many places, as few has them.
	path []int32 // By depth: of whom the cost is in the stack.
	todo []int32 // Ancestors that are not passed yet.
}

// rung is a vertex on the way up. Its cost is No when no arc led there.
type rung struct {
	cost uint64
	v    int32
	via  int32 // The vertex below from which it was reached, -1 for a seed; only of a search that tracks.
}

// branch is a chain from a seed towards the root.
type branch struct {
	v    int32    // The next vertex.
	cost []uint64 // By depth.
	via  []int32  // By depth.
}

// begin forgets the last search, and makes a branch for every seed. Seeds outside the graph are left out: they reach
// nothing.
func (c *climb) begin(h *Hierarchy, seeds []Seed) {
	c.chain, c.most = c.chain[:0], 0
	for _, s := range seeds {
		if s.Vertex < 0 || int(s.Vertex) >= len(h.rank) || s.Cost == No {
			continue
		}
		v := h.rank[s.Vertex]
		b := c.at(h, v)
		if d := h.depth[v]; s.Cost < b.cost[d] {
			b.cost[d], b.via[d] = s.Cost, -1
		}
	}
}

// at gives the branch that begins at a vertex.
func (c *climb) at(h *Hierarchy, v int32) *branch {
	for _, b := range c.branches {
		if b.v == v {
			return b
		}
	}
	b := &branch{}
	if k := len(c.spare) - 1; k >= 0 {
		b, c.spare = c.spare[k], c.spare[:k]
	} else {
		b.cost, b.via = make([]uint64, h.deep), make([]int32, h.deep)
	}
	for d := range b.cost[:h.depth[v]+1] {
		b.cost[d] = No
	}
	b.v = v
	c.branches = append(c.branches, b)
	return b
}

// run goes up the elimination tree from the seeds: every vertex that a way upwards can pass lies on the chain from a
// seed to its root.
func (c *climb) run(h *Hierarchy, f *half) {
	for len(c.branches) > 0 {
		low := 0
		for i, b := range c.branches {
			if b.v < c.branches[low].v {
				low = i
			}
		}
		b := c.branches[low]
		alone := len(c.branches) == 1
		for more := true; more; more = alone && b.v >= 0 {
			c.step(h, f, b)
		}
		if b.v < 0 || c.meets(h, b) {
			c.branches[low] = c.branches[len(c.branches)-1]
			c.branches = c.branches[:len(c.branches)-1]
			c.spare = append(c.spare, b)
		}
	}
}

// step takes the arcs of a branch's next vertex.
func (c *climb) step(h *Hierarchy, f *half, b *branch) {
	v := b.v
	b.v = h.parent[v]
	d := b.cost[h.depth[v]]
	c.chain = append(c.chain, rung{d, v, b.via[h.depth[v]]})
	if d == No {
		return
	}
	c.most = max(c.most, d)
	from, end := f.first[v], f.first[v+1]
	heads, weights, cost := f.head[from:end], f.weight[from:end], b.cost
	weights = weights[:len(heads)]
	if !c.track {
		if d > No-f.most { // A sum may pass No.
			for i, w := range heads {
				cost[w] = min(cost[w], add(d, weights[i]))
			}
			return
		}
		for i, w := range heads { // Stored in any case: which arcs are cheaper cannot be foreseen by the processor.
			cost[w] = min(cost[w], d+weights[i])
		}
		return
	}
	for i, w := range heads {
		if s := add(d, weights[i]); s < cost[w] {
			cost[w], b.via[w] = s, v
		}
	}
}

// meets joins a branch with the one whose next vertex it has come to, if there is one.
func (c *climb) meets(h *Hierarchy, b *branch) bool {
	for _, o := range c.branches {
		if o == b || o.v != b.v {
			continue
		}
		for d, cost := range b.cost[:h.depth[b.v]+1] {
			if cost < o.cost[d] {
				o.cost[d], o.via[d] = cost, b.via[d]
			}
		}
		return true
	}
	return false
}
