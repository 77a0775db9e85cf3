package study

import (
	"context"

	"shuniu/internal/fault"
)

// DenseMost is the greatest number of units that a dense solution takes: its matrix of 4,096 x 4,096 has 128 MiB.
const DenseMost = 12

// HypercubeDense solves the hypercube model by elimination in the whole matrix of its balance equations. It is the plain
// way, against which Hypercube is tested and timed: it walks each atom's list in each set, and its effort grows with 8^n.
func HypercubeDense(ctx context.Context, u *Units) (Answer, error) {
	const op = "study.HypercubeDense"
	if err := u.check(op); err != nil {
		return Answer{}, err
	}
	n := len(u.Mu)
	if n > DenseMost {
		return Answer{}, refuse(op, "ask for the sparse solution", "%d units are more than the %d of a dense matrix", n, DenseMost)
	}
	p, err := eliminate(ctx, u.generator())
	if err != nil {
		return Answer{}, fault.Wrap(op, fault.Unavailable, err, "stopped")
	}
	a := Answer{}
	u.read(p, &a)
	return a, nil
}

// generator is the matrix of flows: row s, column r holds the rate from set r to set s; the diagonal what flows out, negative.
func (u *Units) generator() [][]float64 {
	n := len(u.Mu)
	size := 1 << n
	m := make([][]float64, size)
	for s := range m {
		m[s] = make([]float64, size)
	}
	flow := func(from, to int, rate float64) {
		m[to][from] += rate
		m[from][from] -= rate
	}
	for s := range size {
		for i, mu := range u.Mu {
			if s>>i&1 == 1 {
				flow(s, s^1<<i, mu)
			}
		}
		for j, list := range u.Prefer {
			for _, i := range list {
				if s>>i&1 == 0 {
					flow(s, s|1<<i, u.Lambda[j])
					break
				}
			}
		}
	}
	return m
}

// eliminate finds the probabilities that the flows leave in balance. The columns sum to 0 and only the diagonal is negative, so no
// pivot need be looked for; the last equation follows from the others and gives way to a sum of 1.
func eliminate(ctx context.Context, m [][]float64) ([]float64, error) {
	size := len(m)
	for k := range size - 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pivot := m[k]
		for _, row := range m[k+1:] {
			share := row[k] / pivot[k]
			for c := k + 1; c < size; c++ {
				row[c] -= share * pivot[c]
			}
		}
	}
	p := make([]float64, size)
	p[size-1] = 1
	total := 1.0
	for k := size - 2; k >= 0; k-- {
		for c := k + 1; c < size; c++ {
			p[k] -= m[k][c] * p[c]
		}
		p[k] /= m[k][k]
		total += p[k]
	}
	for k := range p {
		p[k] /= total
	}
	return p, nil
}
