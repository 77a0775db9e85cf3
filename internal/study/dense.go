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

// denseBlock is how many pivots are eliminated together, and denseStrip how many columns: 64 rows of 256 numbers are 128 KiB, which a
// core keeps close by. Without it each pivot would carry the whole matrix from memory.
const (
	denseBlock = 64
	denseStrip = 256
)

// eliminate finds the probabilities that the flows leave in balance, by LU factors in blocks (right-looking; Golub and Van Loan, Matrix
// Computations, 3.2). The columns sum to 0 and only the diagonal is negative, so no pivot need be looked for; the last
// equation follows from the others and gives way to a sum of 1.
func eliminate(ctx context.Context, m [][]float64) ([]float64, error) {
	size := len(m)
	for from := 0; from < size-1; from += denseBlock {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+denseBlock, size-1)
		panel(m, from, to)
		for c := to; c < size; c += denseStrip {
			strip(m, from, to, c, min(c+denseStrip, size))
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

// panel factors the columns of a block of pivots; below the diagonal the shares stay that were taken away.
func panel(m [][]float64, from, to int) {
	for k := from; k < to; k++ {
		pivot := m[k]
		for _, row := range m[k+1:] {
			share := row[k] / pivot[k]
			row[k] = share
			for c := k + 1; c < to; c++ {
				row[c] -= share * pivot[c]
			}
		}
	}
}

// strip takes the pivots of a block away from the columns of a strip: first from the block's own rows, then from all below.
func strip(m [][]float64, from, to, left, right int) {
	for i := from + 1; i < to; i++ {
		for k := from; k < i; k++ {
			take(m[i][left:right], m[k][left:right], m[i][k])
		}
	}
	for i := to; i < len(m); i++ {
		row := m[i]
		k := from
		for ; k+4 <= to; k += 4 {
			takeFour(row[left:right], m[k][left:right], m[k+1][left:right], m[k+2][left:right], m[k+3][left:right], row[k:k+4])
		}
		for ; k < to; k++ {
			take(row[left:right], m[k][left:right], row[k])
		}
	}
}

func take(row, pivot []float64, share float64) {
	pivot = pivot[:len(row)]
	for c := range row {
		row[c] -= share * pivot[c]
	}
}

// takeFour is take for four pivots: the row is read and written once instead of four times.
func takeFour(row, a, b, c, d, share []float64) {
	a, b, c, d = a[:len(row)], b[:len(row)], c[:len(row)], d[:len(row)]
	sa, sb, sc, sd := share[0], share[1], share[2], share[3]
	for i := range row {
		row[i] = row[i] - sa*a[i] - sb*b[i] - sc*c[i] - sd*d[i]
	}
}
