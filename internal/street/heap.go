package street

// heap is a 4-ary heap of keys, smallest first: the time in the upper half and the vertex in the lower, so that equal
// times are settled in the order of the vertices and every run gives the same answer. Four children lie in one cache
// line and halve the depth. A vertex that is reached faster is pushed again; the older key is skipped when it comes up.
type heap []uint64

func (h *heap) push(key uint64) {
	*h = append(*h, key)
	a := *h
	i := len(a) - 1
	for i > 0 {
		up := (i - 1) / 4
		if a[up] <= key {
			break
		}
		a[i] = a[up]
		i = up
	}
	a[i] = key
}

func (h *heap) pop() uint64 {
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
			if a[c] < a[least] {
				least = c
			}
		}
		if a[least] >= last {
			break
		}
		a[i] = a[least]
		i = least
	}
	a[i] = last
	return top
}
