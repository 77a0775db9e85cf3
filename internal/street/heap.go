package street

// entry is a state in the heap with the cost at which it was reached.
type entry struct {
	cost  cost
	state int32
}

// before puts entries in order: by cost, and equal ones by state, so that every run settles them alike.
func (e entry) before(o entry) bool { return e.cost < o.cost || e.cost == o.cost && e.state < o.state }

// heap is a 4-ary heap, smallest first. Four children lie side by side and halve the depth. A state that is reached
// faster is pushed again; the older entry is skipped when it comes up.
type heap []entry

func (h *heap) push(e entry) {
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

func (h *heap) pop() entry {
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
