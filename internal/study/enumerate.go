package study

import (
	"context"
	"math"
)

// enumeratedMost is how many elementary steps an enumeration of all choices may take.
const enumeratedMost = 400_000_000

// choices is how many ways there are to place p units on n sites that hold each of them or one.
func choices(n, p, each int) float64 {
	top := n
	if each > 1 {
		top = n + p - 1
	}
	count := 1.0
	for k := 1; k <= p && count < 1e30; k++ {
		count = count * float64(top-p+k) / float64(k)
	}
	return count
}

// valued is what an enumeration looks at.
type valued interface {
	value(x []int) float64
}

// enumerate looks at every choice, in the order of the sites, and keeps the first of the best.
func enumerate(ctx context.Context, r valued, n, p, each int) Placement {
	x := make([]int, n)
	a := Placement{Value: math.Inf(-1), Method: "enumeration"}
	var visit func(from, left int)
	visit = func(from, left int) {
		if a.Stopped {
			return
		}
		if left == 0 {
			if a.Nodes++; a.Nodes&1023 == 0 {
				a.Stopped = ctx.Err() != nil
			}
			if v := r.value(x); v > a.Value+1e-12*math.Abs(a.Value) || a.Sites == nil {
				a.Value, a.Sites = v, sitesOf(x)
			}
			return
		}
		last := n - 1
		if each == 1 {
			last = n - left // Each of the others needs a site of its own behind this one.
		}
		for j := from; j <= last; j++ {
			x[j]++
			next := j + 1
			if each > 1 {
				next = j
			}
			visit(next, left-1)
			x[j]--
		}
	}
	visit(0, p)
	a.Bound = a.Value
	if a.Stopped {
		a.Bound = math.Inf(1)
	}
	a.close()
	return a
}
