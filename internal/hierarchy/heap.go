package hierarchy

// Entry is a vertex in a Heap with the cost at which it was reached.
type Entry struct {
	Cost   uint64
	Vertex int32
}

// before puts entries in order: by cost, and equal ones by vertex, so that every run settles them alike.
func (e Entry) before(o Entry) bool {
	return e.Cost < o.Cost || e.Cost == o.Cost && e.Vertex < o.Vertex
}

// Heap is a 4-ary heap, cheapest first. Four children lie side by side and halve the depth. A vertex that is reached
// cheaper is pushed again; the older entry is skipped when it comes up. The zero value is empty.
type Heap []Entry

// Push puts an entry in.
func (h *Heap) Push(e Entry) {
	*h = append(*h, e)
	a := *h
	i := len(a) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(a[up]) {
			break
		}
		a[i] = a[up]
		i = up
	}
	a[i] = e
}

// Pop takes the cheapest entry out. The heap must not be empty.
func (h *Heap) Pop() Entry {
	a := *h
	top, last := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	*h = a
	if len(a) == 0 {
		return top
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= len(a) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(a)); c++ {
			if a[c].before(a[least]) {
				least = c
			}
		}
		if !a[least].before(last) {
			break
		}
		a[i] = a[least]
		i = least
	}
	a[i] = last
	return top
}
