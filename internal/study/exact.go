package study

import (
	"context"
	"math"
	"math/bits"

	"shuniu/internal/fault"
)

// The exact solution ends when its balance equations hold to residualMost of all flow.
const (
	residualMost = 1e-13
	roundsMost   = 100_000
)

// Hypercube solves the hypercube queueing model exactly (R. C. Larson, Computers and Operations Research 1, 1974; Larson and Odoni, Urban
// Operations Research, 1981, 5.4): the probability of each of the 2^n sets of busy units, by Gauss-Seidel over the sets in order of their size, with the sizes
// balanced against each other after each round. The effort does not depend on the number of atoms. More than ExactMost
// units are fault.Invalid: Approximate takes them.
func Hypercube(ctx context.Context, u *Units) (Answer, error) {
	const op = "study.Hypercube"
	if err := u.check(op); err != nil {
		return Answer{}, err
	}
	if len(u.Mu) > ExactMost {
		return Answer{}, refuse(op, "ask for the approximation (--approx)", "%d units are more than the %d that are solved exactly", len(u.Mu), ExactMost)
	}
	c := newCube(u)
	a := Answer{}
	for a.Residual = math.Inf(1); a.Residual > residualMost; a.Rounds++ {
		if err := ctx.Err(); err != nil {
			return Answer{}, fault.Wrap(op, fault.Unavailable, err, "stopped after %d rounds", a.Rounds)
		}
		if a.Rounds == roundsMost {
			return Answer{}, refuse(op, "give rates that are less far apart", "no balance was found in %d rounds: %g of all flow is left", a.Rounds, a.Residual)
		}
		a.Residual = c.round()
	}
	u.read(c.p, &a)
	return a, nil
}

// cube is the Markov chain of sets of busy units. A line beyond "all busy" is left out: it only takes probability from the
// whole, because what flows into it flows back.
type cube struct {
	n     int
	mu    []float64
	calls float64
	order []int     // Sets by size, then by number.
	rate  []float64 // rate[s*n+i]: flow into s from the set that differs in unit i, for each probability of that.
	out   []float64 // Flow out of each set, for each probability of it.
	p     []float64 // Probability of each set.
	level []float64 // Probability of each size.
	ends  []float64 // Flow from each size to the next smaller one.
}

func newCube(u *Units) *cube {
	n := len(u.Mu)
	size := 1 << n
	c := &cube{n: n, mu: u.Mu, calls: u.calls(), rate: make([]float64, size*n), out: make([]float64, size), p: make([]float64, size), level: make([]float64, n+1), ends: make([]float64, n+1)}
	by := make([][]int, n+1)
	for s := range size {
		by[bits.OnesCount(uint(s))] = append(by[bits.OnesCount(uint(s))], s)
	}
	for _, sets := range by {
		c.order = append(c.order, sets...)
	}
	c.sends(u)
	for s := range size {
		if s != size-1 {
			c.out[s] = c.calls
		}
		for i, mu := range u.Mu {
			if s>>i&1 == 1 {
				c.out[s] += mu
			} else {
				c.rate[s*n+i] = mu
			}
		}
	}
	c.guess()
	return c
}

// sends works out at which rate calls take unit i in set s. A call takes i where all units that its atom prefers are busy: its rate is put
// on that set of preferred units, and the rate in s is the sum over all subsets of s.
func (c *cube) sends(u *Units) {
	size := 1 << c.n
	all := make([]float64, c.n*size) // [i*size+s]
	for j, list := range u.Prefer {
		before := 0
		for _, i := range list {
			all[i*size+before] += u.Lambda[j]
			before |= 1 << i
		}
	}
	for i := range c.n {
		sends := all[i*size : (i+1)*size]
		for bit := 1; bit < size; bit <<= 1 {
			for s := range sends {
				if s&bit != 0 {
					sends[s] += sends[s^bit]
				}
			}
		}
		for s, rate := range sends {
			if s>>i&1 == 0 {
				c.rate[(s|1<<i)*c.n+i] = rate
			}
		}
	}
}

// guess begins with alike units: the sizes of an M/M/n queue, and all sets of one size as likely.
func (c *cube) guess() {
	mean, total := sum(c.mu)/float64(c.n), 0.0
	of := make([]float64, c.n+1)
	of[0] = 1
	for k := 1; k <= c.n; k++ {
		of[k] = of[k-1] * c.calls / (float64(k) * mean) // Of all sets of that size.
		for i := range of[:k+1] {
			if of[k] > 1e100 {
				of[i] *= 1e-100
			}
		}
	}
	ways := 1.0
	for k := range of {
		total += of[k]
		of[k] /= ways
		ways = ways * float64(c.n-k) / float64(k+1)
	}
	for s := range c.p {
		c.p[s] = of[bits.OnesCount(uint(s))] / total
	}
}

// round goes once through all sets upwards, then balances the sizes, and gives what was out of balance before as a share of
// all flow.
func (c *cube) round() (residual float64) {
	n, flow := c.n, 0.0
	clear(c.level)
	clear(c.ends)
	for _, s := range c.order {
		in := 0.0
		for i, rate := range c.rate[s*n : s*n+n] {
			in += rate * c.p[s^1<<i]
		}
		was := c.out[s] * c.p[s]
		residual += math.Abs(in - was)
		flow += was
		p := in / c.out[s]
		c.p[s] = p
		size := bits.OnesCount(uint(s))
		c.level[size] += p
		ends := c.out[s]
		if size < n {
			ends -= c.calls
		}
		c.ends[size] += p * ends
	}
	c.balance()
	return residual / flow
}

// balance scales the sets of each size so that as many calls begin between two sizes as end.
func (c *cube) balance() {
	scale := make([]float64, c.n+1)
	scale[0] = 1
	total := c.level[0]
	for k := 1; k <= c.n; k++ {
		scale[k] = 1
		if c.ends[k] > 0 {
			scale[k] = scale[k-1] * c.calls * c.level[k-1] / c.ends[k]
		}
		total += scale[k] * c.level[k]
	}
	for s := range c.p {
		c.p[s] *= scale[bits.OnesCount(uint(s))] / total
	}
}

// read works out an answer from the probabilities of the sets, which sum to 1 without a line.
func (u *Units) read(p []float64, a *Answer) {
	n, size := len(u.Mu), len(p)
	a.Delay, a.Loss, a.Waiting = 0, p[size-1], 0
	if rho := u.calls() / u.capacity(); u.Line {
		line := p[size-1] * rho / (1 - rho) // Those who wait, for each probability of nobody waiting.
		for s := range p {
			p[s] /= 1 + line
		}
		a.Waiting = line / (1 + line)
		a.Delay, a.Loss = p[size-1]+a.Waiting, 0
	}
	a.States, a.Idle, a.AllBusy = p, p[0], p[size-1]
	above := make([]float64, size) // Probability that at least these are busy, without a line.
	copy(above, p)
	for bit := 1; bit < size; bit <<= 1 {
		for s := range above {
			if s&bit == 0 {
				above[s] += above[s|bit]
			}
		}
	}
	a.Workload = make([]float64, n)
	a.Immediate = make([][]float64, n)
	for i := range n {
		a.Workload[i] = above[1<<i] + a.Waiting
		a.Immediate[i] = make([]float64, len(u.Lambda))
	}
	served := u.calls() * (1 - a.Loss)
	for j, list := range u.Prefer {
		before := 0
		for _, i := range list {
			a.Immediate[i][j] = u.Lambda[j] / served * (above[before] - above[before|1<<i])
			before |= 1 << i
		}
	}
	u.finish(a)
}

// meanTravel is the mean travel time over shares of calls; NaN without travel times.
func (u *Units) meanTravel(share [][]float64) float64 {
	if u.Travel == nil {
		return math.NaN()
	}
	mean := 0.0
	for n, row := range u.Travel {
		for j, t := range row {
			mean += share[n][j] * t
		}
	}
	return mean
}
