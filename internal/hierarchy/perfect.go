package hierarchy

// perfect makes the costs of v's pairs the shortest there are, and marks the arcs that can be left out. The costs
// among v's higher neighbours are the shortest already, so the way from v goes by one arc to one of them and from there
// by a cost that is known.
//
// An arc goes when a way over a vertex between its ends is shorter, or when one over a higher vertex is as short. Of
// ways that cost the same, the one with the highest top, and among them the one whose steps are highest, keeps all
// its arcs: so there is always one that a search finds, also where arcs cost nothing. The first step of the other way
// must be an arc of v as it was: else two arcs could be left out, each because of the other.
func (t *tableau) perfect(v int32, d *desk) {
	h := t.h
	from, end := h.first[v], h.first[v+1]
	mine := t.cost[from:end]
	best := append([]cost(nil), mine...)
	gone := t.gone[from:end]
	for i, w := range h.head[from:end] {
		d.at[w] = int32(i)
	}
	for i, w := range h.head[from:end] {
		vw := mine[i]
		w = d.chain[w]
		heads, costs := h.head[h.first[w]:h.first[w+1]], t.cost[h.first[w]:h.first[w+1]]
		costs = costs[:len(heads)]
		for k, x := range heads {
			j := d.at[x]
			if j < 0 {
				continue
			}
			vx, wx := &mine[j], costs[k] // x is above w.
			over := &best[j]
			over.up, over.down = min(over.up, add(vw.up, wx.up)), min(over.down, add(wx.down, vw.down))
			if c := add(vx.up, wx.down); c <= vw.up {
				gone[i] |= goneUp
				best[i].up = min(best[i].up, c)
			}
			if c := add(wx.up, vx.down); c <= vw.down {
				gone[i] |= goneDown
				best[i].down = min(best[i].down, c)
			}
		}
	}
	for i, w := range h.head[from:end] {
		if best[i].up < mine[i].up {
			gone[i] |= goneUp
		}
		if best[i].down < mine[i].down {
			gone[i] |= goneDown
		}
		d.at[w] = -1
	}
	copy(mine, best)
}

// thin keeps the arcs of one direction that are needed.
func (t *tableau) thin(bit uint8, of func(cost) uint64) half {
	h := t.h
	f := half{first: make([]int32, len(h.order)+1)}
	for v := range h.order {
		f.first[v+1] = f.first[v]
		for a := h.first[v]; a < h.first[v+1]; a++ {
			if t.gone[a]&bit == 0 && of(t.cost[a]) != No {
				f.first[v+1]++
			}
		}
	}
	f.head, f.weight = make([]int32, f.first[len(h.order)]), make([]uint64, f.first[len(h.order)])
	at := 0
	for a := range h.head {
		if w := of(t.cost[a]); t.gone[a]&bit == 0 && w != No {
			f.head[at], f.weight[at], f.most = h.head[a], w, max(f.most, w)
			at++
		}
	}
	return f
}
