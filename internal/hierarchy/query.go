package hierarchy

import (
	"context"
	"fmt"
	"slices"
)

// Hierarchy gives what the metric was made of.
func (m *Metric) Hierarchy() *Hierarchy { return m.h }

// borrow takes the memory of a search from the pool.
func (m *Metric) borrow() *climb { return m.pool.Get().(*climb) }

// giveBack returns it, made ready.
func (m *Metric) giveBack(c *climb) {
	c.clear()
	m.pool.Put(c)
}

// Between gives the least cost from one place to another, and false when there is no way.
func (m *Metric) Between(from, to []Seed) (uint64, bool) {
	up, down := m.borrow(), m.borrow()
	defer m.giveBack(up)
	defer m.giveBack(down)
	best, _ := m.meet(up, down, from, to, false)
	return best, best != No
}

// meet climbs from both ends and gives the cost of the cheapest way and its top, -1 for none.
func (m *Metric) meet(up, down *climb, from, to []Seed, track bool) (best uint64, top int32) {
	up.seed(m.h, from)
	up.run(m.h, &m.forward, track)
	down.seed(m.h, to)
	down.run(m.h, &m.backward, track)
	best, top = No, -1
	for _, v := range down.chain {
		if c := add(up.cost[v], down.cost[v]); c < best {
			best, top = c, v
		}
	}
	return best, top
}

// Path gives the cheapest way from one place to another: its cost with those of the seeds that it begins and ends with, and
// its vertices, the first of from's and the last of to's. It answers false when there is no way.
func (m *Metric) Path(from, to []Seed) (cost uint64, vertices []int32, ok bool) {
	up, down := m.borrow(), m.borrow()
	defer m.giveBack(up)
	defer m.giveBack(down)
	cost, top := m.meet(up, down, from, to, true)
	if top < 0 {
		return No, nil, false
	}
	var climbed []int32
	for v := top; v >= 0; v = up.via[v] {
		climbed = append(climbed, v)
	}
	slices.Reverse(climbed)
	out := []int32{climbed[0]}
	for i := 1; i < len(climbed); i++ {
		out = m.rise(out, climbed[i-1], climbed[i])
	}
	for v := top; down.via[v] >= 0; v = down.via[v] {
		out = m.fall(out, v, down.via[v])
	}
	for i, v := range out {
		out[i] = m.h.order[v]
	}
	return cost, out, true
}

// rise appends what lies on the way from a lower to a higher neighbour, that one included.
func (m *Metric) rise(out []int32, low, high int32) []int32 {
	x := m.via[m.h.find(low, high)].up
	if x < 0 {
		return append(out, high)
	}
	return m.rise(m.fall(out, low, x), x, high)
}

// fall appends what lies on the way from a higher to a lower neighbour, that one included.
func (m *Metric) fall(out []int32, high, low int32) []int32 {
	x := m.via[m.h.find(low, high)].down
	if x < 0 {
		return append(out, low)
	}
	return m.rise(m.fall(out, high, x), x, low)
}

// FromOne writes the cost from a place to every vertex into out, which has one entry a vertex; No for what cannot be reached.
func (m *Metric) FromOne(from []Seed, out []uint64) {
	m.sweep(from, out, &m.forward, &m.backward)
}

// ToOne writes the cost from every vertex to a place into out.
func (m *Metric) ToOne(to []Seed, out []uint64) {
	m.sweep(to, out, &m.backward, &m.forward)
}

// sweep climbs from the seeds, then comes down over all vertices once: the costs above each are final by then.
func (m *Metric) sweep(seeds []Seed, out []uint64, up, down *half) {
	c := m.borrow()
	defer m.pool.Put(c)
	c.seed(m.h, seeds)
	c.run(m.h, up, false)
	c.chain = c.chain[:0]
	for v := len(c.cost) - 1; v >= 0; v-- {
		d := c.cost[v]
		for i := down.first[v]; i < down.first[v+1]; i++ {
			d = min(d, add(c.cost[down.head[i]], down.weight[i]))
		}
		c.cost[v] = d
	}
	for v, r := range m.h.rank {
		out[v] = c.cost[r]
	}
	for v := range c.cost {
		c.cost[v] = No
	}
}

// ManyToMany gives a row of costs for each place of from, with a column for each of to; No where there is no way. The
// only error is that of ctx.
func (m *Metric) ManyToMany(ctx context.Context, from, to [][]Seed) ([][]uint64, error) {
	rows := make([][]uint64, len(from))
	cells := make([]uint64, len(from)*len(to))
	for i := range cells {
		cells[i] = No
	}
	for i := range rows {
		rows[i] = cells[i*len(to) : (i+1)*len(to)]
	}
	f := NewFleet(m)
	for i, seeds := range from {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("hierarchy.ManyToMany: %w", ctx.Err())
		}
		f.Put(i, seeds)
	}
	column := make([]uint64, len(from))
	for k, seeds := range to {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("hierarchy.ManyToMany: %w", ctx.Err())
		}
		f.To(seeds, column)
		for i, c := range column {
			rows[i][k] = c
		}
	}
	return rows, nil
}
