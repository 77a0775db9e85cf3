package hierarchy

// strand is a piece of a chain in which each vertex is the parent of the next one, with what it costs to each: from the place to
// it, or from it to the place. A place has one strand down from the root and, as long as its seeds lie on different branches
// of the tree, a short one for each other branch.
//
// Two paths in a tree that have parted never meet again. So what two strands have in common is one stretch, where both costs
// lie in a row.
type strand struct {
	from int32   // Depth of the first vertex.
	path []int32 // The vertices, falling.
	cost []uint64
	no   uint64 // What stands for No among the costs: No, or narrowNo where all others are below narrowEnd.
}

// Costs below narrowEnd are added without a look at the carry: two of them stay below narrowNo, and twice that is a number
// still.
const (
	narrowEnd = 1 << 61
	narrowNo  = 1 << 62
)

// label is what one place needs to be asked about.
type label []strand

// label writes a chain into l, whose memory is used again.
func (c *climb) label(h *Hierarchy, l label) label {
	l = l[:0]
	no := uint64(No)
	if c.most < narrowEnd {
		no = narrowNo
	}
	for i := len(c.chain) - 1; i >= 0; i-- {
		r := &c.chain[i]
		s := l.under(h.parent[r.v])
		if s == nil {
			l, s = l.grown(h.depth[r.v], no)
		}
		s.path, s.cost = append(s.path, r.v), append(s.cost, min(r.cost, no))
	}
	return l
}

// under finds the strand that ends in a vertex.
func (l label) under(v int32) *strand {
	for i := range l {
		if s := &l[i]; s.path[len(s.path)-1] == v {
			return s
		}
	}
	return nil
}

// grown adds an empty strand.
func (l label) grown(from int32, no uint64) (label, *strand) {
	if len(l) < cap(l) {
		l = l[:len(l)+1]
	} else {
		l = append(l, strand{})
	}
	s := &l[len(l)-1]
	s.from, s.no, s.path, s.cost = from, no, s.path[:0], s.cost[:0]
	return l, s
}

// least is the cheapest way between two places, over any vertex that both labels have.
func (l label) least(o label) uint64 {
	best := uint64(No)
	for i := range l {
		for k := range o {
			best = min(best, l[i].least(&o[k]))
		}
	}
	return best
}

func (s *strand) least(o *strand) uint64 {
	if s.from < o.from {
		s, o = o, s
	}
	skip := int(s.from - o.from)
	if skip >= len(o.path) || s.path[0] != o.path[skip] {
		return No
	}
	same := s.common(o.path[skip:])
	if s.no == narrowNo && o.no == narrowNo {
		return narrow(s.cost[:same], o.cost[skip:skip+same])
	}
	best := uint64(No)
	for i, a := range s.cost[:same] {
		if b := o.cost[skip+i]; a != s.no && b != o.no {
			best = min(best, add(a, b))
		}
	}
	return best
}

// narrow is the least sum of two rows of narrow costs. The two minima do not wait for each other.
func narrow(a, b []uint64) uint64 {
	even, odd := uint64(narrowNo), uint64(narrowNo)
	b = b[:len(a)]
	for i := 1; i < len(a); i += 2 {
		even, odd = min(even, a[i-1]+b[i-1]), min(odd, a[i]+b[i])
	}
	if last := len(a) - 1; last&1 == 0 {
		even = min(even, a[last]+b[last])
	}
	if best := min(even, odd); best < narrowNo {
		return best
	}
	return No
}

// common is how many vertices from its first on a strand has in common with a path.
func (s *strand) common(path []int32) int {
	low, high := 0, min(len(s.path), len(path))
	for low < high {
		mid := (low + high) / 2
		if s.path[mid] == path[mid] {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}
