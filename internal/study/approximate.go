package study

import (
	"context"
	"math"
	"slices"

	"shuniu/internal/fault"
)

// The approximation ends when no workload changes by more than approximateMost in an iteration; a caller may end it sooner.
const (
	approximateMost   = 1e-12
	approximateRounds = 10_000
	stepLeast         = 1.0 / 1024
)

// Approximate is the approximation of the hypercube model (R. C. Larson, Operations Research 23, 1975; Larson and Odoni 5.5):
// workloads from the probability that the first k units of a list are busy, which is taken as the product of their workloads times a
// factor Q of an M/M/n queue. tolerance ends it when no workload changes by as much; 0 means 1e-12. Service rates that differ are an extension
// of ours: each unit's own rate in its load, and the mean rate in the factors.
func Approximate(ctx context.Context, u *Units, tolerance float64) (Answer, error) {
	const op = "study.Approximate"
	if err := u.check(op); err != nil {
		return Answer{}, err
	}
	if !finite(tolerance) {
		return Answer{}, refuse(op, "give a tolerance such as 1e-6", "a tolerance of %g ends nothing", tolerance)
	}
	a := u.alike()
	mean := u.calls() * (1 - a.Loss) / u.capacity()
	a.Q = a.factors(mean, len(u.Mu))
	rho := make([]float64, len(u.Mu))
	for i := range rho {
		rho[i] = mean
	}
	step := 1.0
	for change := math.Inf(1); change > max(tolerance, approximateMost); {
		if err := ctx.Err(); err != nil {
			return Answer{}, fault.Wrap(op, fault.Unavailable, err, "stopped after %d iterations", a.Rounds)
		}
		if a.Rounds == approximateRounds {
			return Answer{}, refuse(op, "give a greater --tolerance", "workloads still change by %g after %d iterations", change, a.Rounds)
		}
		next, was := u.iterate(rho, mean, &a), change
		change = 0
		for i := range rho {
			change = max(change, math.Abs(next[i]-rho[i]))
		}
		if change >= was { // It swings: go less far. The example of the textbook never does.
			step = max(step/2, stepLeast)
		}
		for i := range rho {
			next[i] = rho[i] + step*(next[i]-rho[i])
		}
		rho = next
		a.Rounds++
		a.Changes = append(a.Changes, change)
		if len(a.Trail) < trailMost {
			a.Trail = append(a.Trail, rho)
		}
	}
	a.Workload = rho
	u.shares(&a, mean)
	u.finish(&a)
	return a, nil
}

// trailMost is how many iterations are kept to be shown.
const trailMost = 50

// alike gives the probabilities of how many of as many alike units are busy (States, by number), and what follows.
func (u *Units) alike() Answer {
	n := len(u.Mu)
	rho := u.calls() / u.capacity()
	p := make([]float64, n+1)
	p[0] = 1
	for k := 1; k <= n; k++ {
		p[k] = p[k-1] * float64(n) * rho / float64(k)
		if p[k] > 1e100 {
			for i := range p[:k+1] {
				p[i] *= 1e-100
			}
		}
	}
	line := 0.0
	if u.Line {
		line = p[n] * rho / (1 - rho)
	}
	total := sum(p) + line
	for k := range p {
		p[k] /= total
	}
	a := Answer{States: p, Idle: p[0], AllBusy: p[n], Loss: p[n]}
	if u.Line {
		a.Waiting, a.Delay, a.Loss = line/total, p[n]+line/total, 0
	}
	return a
}

// factors works out Q[k]: how much more likely it is that the first k of alike units are busy and the next is free than if units were independent. It
// takes the numbers of busy units from a.States.
func (a *Answer) factors(rho float64, n int) []float64 {
	q := make([]float64, n)
	held := slices.Clone(a.States[:n]) // Probability that so many are busy, and that the first k of the list are among them.
	for k := range q {
		for busy := k; busy < n; busy++ {
			q[k] += held[busy] * float64(n-busy) / float64(n-k)
			held[busy] *= float64(busy-k) / float64(n-k)
		}
		q[k] /= 1 - rho
		for busy := range held {
			held[busy] /= rho // Once for each unit of the list, so that nothing becomes too small.
		}
	}
	a.States = nil
	return q
}

// iterate gives the next workloads from the present ones.
func (u *Units) iterate(rho []float64, mean float64, a *Answer) []float64 {
	load := make([]float64, len(rho)) // Offered to each unit while it is free.
	for j, list := range u.Prefer {
		busy := u.Lambda[j]
		for k, i := range list {
			load[i] += busy * a.Q[k] / u.Mu[i]
			if busy *= rho[i]; busy < 1e-300 {
				break
			}
		}
	}
	next := make([]float64, len(rho))
	served := 0.0
	for i, v := range load {
		next[i] = (v + a.Delay*mean) / (1 + v)
		served += next[i] * u.Mu[i]
	}
	scale := mean * u.capacity() / served
	for i := range next {
		next[i] = min(next[i]*scale, 1)
	}
	return next
}

// shares works out who serves whom without a wait; those of each atom are scaled to its calls.
func (u *Units) shares(a *Answer, mean float64) {
	a.Immediate = make([][]float64, len(u.Mu))
	for i := range a.Immediate {
		a.Immediate[i] = make([]float64, len(u.Lambda))
	}
	all := u.calls()
	for j, list := range u.Prefer {
		busy, total := 1.0, 0.0
		for k, i := range list {
			a.Immediate[i][j] = busy * a.Q[k] * (1 - a.Workload[i])
			total += a.Immediate[i][j]
			busy *= a.Workload[i]
		}
		for i := range a.Immediate {
			if total > 0 {
				a.Immediate[i][j] *= u.Lambda[j] / all * (1 - a.Delay) / total
			}
		}
	}
}
