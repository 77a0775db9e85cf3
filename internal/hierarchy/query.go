package hierarchy

import "slices"

// Hierarchy gives what the metric was made of.
func (m *Metric) Hierarchy() *Hierarchy { return m.h }

// climbed climbs from seeds, with memory of the pool. The caller gives it back.
func (m *Metric) climbed(seeds []Seed, f *half, track bool) *climb {
	c := m.pool.Get().(*climb)
	c.track = track
	c.begin(m.h, seeds)
	c.run(m.h, f)
	return c
}

// Between gives the least cost from one place to another, and false when there is no way.
func (m *Metric) Between(from, to []Seed) (uint64, bool) {
	up, down := m.climbed(from, &m.forward, false), m.climbed(to, &m.backward, false)
	defer m.pool.Put(up)
	defer m.pool.Put(down)
	best, _, _ := meet(up, down)
	return best, best != No
}

// meet finds the cheapest way over a vertex of both chains: its cost, and its top in either; -1 for none.
func meet(up, down *climb) (best uint64, atUp, atDown int) {
	best, atUp, atDown = No, -1, -1
	for i, k := 0, 0; i < len(up.chain) && k < len(down.chain); {
		a, b := up.chain[i], down.chain[k]
		switch {
		case a.v < b.v:
			i++
		case a.v > b.v:
			k++
		default:
			if c := add(a.cost, b.cost); c < best {
				best, atUp, atDown = c, i, k
			}
			i++
			k++
		}
	}
	return best, atUp, atDown
}

// Path gives the cheapest way from one place to another: its cost with those of the seeds that it begins and ends with, and
// its vertices, the first of from's and the last of to's. It answers false when there is no way.
func (m *Metric) Path(from, to []Seed) (cost uint64, vertices []int32, ok bool) {
	up, down := m.climbed(from, &m.forward, true), m.climbed(to, &m.backward, true)
	defer m.pool.Put(up)
	defer m.pool.Put(down)
	cost, atUp, atDown := meet(up, down)
	if cost == No {
		return No, nil, false
	}
	rungs := up.below(atUp)
	slices.Reverse(rungs)
	out := []int32{rungs[0]}
	for i := 1; i < len(rungs); i++ {
		out = m.rise(out, rungs[i-1], rungs[i])
	}
	rungs = down.below(atDown)
	for i := 1; i < len(rungs); i++ {
		out = m.fall(out, rungs[i-1], rungs[i])
	}
	for i, v := range out {
		out[i] = m.h.order[v]
	}
	return cost, out, true
}

// below lists a rung and those from which it was reached, down to a seed.
func (c *climb) below(at int) []int32 {
	out := []int32{c.chain[at].v}
	for via := c.chain[at].via; via >= 0; via = c.chain[at].via {
		at, _ = slices.BinarySearchFunc(c.chain, via, func(r rung, v int32) int { return int(r.v - v) })
		out = append(out, via)
	}
	return out
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
