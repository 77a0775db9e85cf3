package street

// components finds out what a vehicle can drive into and out of, so that a place is put on a street from which trips
// are possible, and the report names the streets where they are not.
func (w *work) components(v Vehicle) {
	n := w.n
	under := n.under(Conditions{Vehicle: v})
	part := under.parts()
	meters := make(map[int32]float64)
	for c := range course(2 * len(n.segments)) {
		if under.drives(c) {
			meters[part[c]] += float64(n.segments[c.segment()].meters)
		}
	}
	main, longest := int32(-1), -1.0
	for p, m := range meters {
		if m > longest || m == longest && p < main {
			main, longest = p, m
		}
	}
	groups := under.groups()
	size, joined := make(map[int32]float64), make(map[int32]bool)
	for i := range n.segments {
		size[groups[i]] += float64(n.segments[i].meters)
		for _, c := range []course{course(2 * i), course(2*i + 1)} {
			if under.drives(c) && part[c] == main {
				joined[groups[i]] = true
			}
		}
	}
	n.stray[v] = make([]bool, len(n.segments))
	fragments := make(map[int32]bool)
	var reached []bool
	for i := range n.segments {
		forth, back := course(2*i), course(2*i+1)
		switch {
		case !under.drives(forth) && !under.drives(back),
			under.drives(forth) && part[forth] == main, under.drives(back) && part[back] == main:
			continue
		case joined[groups[i]]:
			n.stray[v][i] = true
			if reached == nil {
				reached = under.reached(part, main)
			}
			if v == Emergency && (reached[forth] || reached[back]) {
				w.ignore(reasonTrapIn, w.b.ways[w.segWay[i]].ID)
			} else if v == Emergency {
				w.ignore(reasonTrapOut, w.b.ways[w.segWay[i]].ID)
			}
		case size[groups[i]] < fragmentMetersMax:
			n.stray[v][i] = true
			fragments[groups[i]] = true
		case v == Emergency:
			w.ignore(reasonIsland, w.b.ways[w.segWay[i]].ID)
		}
	}
	if v == Emergency {
		w.report.Fragments = len(fragments)
	}
}

// drives reports whether the vehicle may drive a course.
func (n *Network) drives(c course) bool { return n.opened(c) && n.ms[c.segment()] != never }

// groups numbers the segments that touch each other, directions left aside.
func (n *Network) groups() []int32 {
	parent := make([]int32, len(n.legFirst)-1)
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	for i := range n.segments {
		if n.ms[i] != never {
			parent[find(n.segments[i].a)] = find(n.segments[i].b)
		}
	}
	out := make([]int32, len(n.segments))
	for i := range n.segments {
		out[i] = find(n.segments[i].a)
	}
	return out
}

// reached marks the states that can be driven into from a part.
func (n *Network) reached(part []int32, from int32) []bool {
	out := make([]bool, len(n.courses))
	var todo []int32
	for s, p := range part {
		if p == from {
			out[s] = true
			todo = append(todo, int32(s))
		}
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for arc := n.graph.First[s]; arc < n.graph.First[s+1]; arc++ {
			if to := n.graph.Head[arc]; !out[to] && n.arc(n.turns[arc], to) != none {
				out[to] = true
				todo = append(todo, to)
			}
		}
	}
	return out
}

// parts numbers the strongly connected components: states of one part reach each other. It is the algorithm of
// R. Tarjan, "Depth-first search and linear graph algorithms" (1972), with a stack of its own instead of recursion.
func (n *Network) parts() []int32 {
	count := len(n.courses)
	part, order, low := make([]int32, count), make([]int32, count), make([]int32, count)
	for s := range part {
		part[s] = -1
	}
	var open []int32
	type frame struct{ state, arc int32 }
	var calls []frame
	clock, parts := int32(0), int32(0)
	enter := func(s int32) {
		clock++
		order[s], low[s] = clock, clock
		open = append(open, s)
		calls = append(calls, frame{s, n.graph.First[s]})
	}
	leave := func(s int32) {
		if low[s] != order[s] {
			return
		}
		for {
			top := open[len(open)-1]
			open = open[:len(open)-1]
			part[top] = parts
			if top == s {
				break
			}
		}
		parts++
	}
	for root := range int32(count) {
		if order[root] != 0 {
			continue
		}
		enter(root)
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			if f.arc == n.graph.First[f.state+1] {
				s := f.state
				calls = calls[:len(calls)-1]
				leave(s)
				if len(calls) > 0 {
					up := calls[len(calls)-1].state
					low[up] = min(low[up], low[s])
				}
				continue
			}
			to, arc, s := n.graph.Head[f.arc], f.arc, f.state
			f.arc++
			switch {
			case n.arc(n.turns[arc], to) == none:
			case order[to] == 0:
				enter(to)
			case part[to] < 0:
				low[s] = min(low[s], order[to])
			}
		}
	}
	return part
}
