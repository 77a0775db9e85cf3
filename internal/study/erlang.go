package study

import "math"

// Queue is what Erlang's formulas say of a group of alike servers with Poisson arrivals and exponential service, where
// whoever finds all of them busy waits in one line (M/M/c).
type Queue struct {
	Servers int
	Load    float64 // Offered load in erlangs: arrivals of one mean service.
	Rho     float64 // Load of each server.
	Loss    float64 // Erlang B: share of arrivals lost if nobody could wait.
	Delay   float64 // Erlang C: share of arrivals that wait. 1 where the line grows for ever.
	Wait    float64 // Mean wait of all arrivals, in the unit of time of the rates. +Inf where the line grows for ever.
	Line    float64 // Mean number of those who wait.
	mu      float64
}

// serversMost bounds how many servers a formula counts through.
const serversMost = 1_000_000

// Erlang works out the queue of so many servers for arrivals of rate lambda, each served at rate mu. Rates are numbers a
// unit of time, the same for both. Servers below 1, a negative arrival rate and a service rate that is not above 0 are
// fault.Invalid. Source: A. K. Erlang 1917, by the recursion B(c) = a B(c-1) / (c + a B(c-1)), which keeps its digits.
func Erlang(servers int, lambda, mu float64) (Queue, error) {
	const op = "study.Erlang"
	if servers < 1 || servers > serversMost {
		return Queue{}, refuse(op, "give at least one server", "%d servers are not between 1 and %d", servers, serversMost)
	}
	if !finite(lambda) || !finite(mu) || mu == 0 || !finite(lambda/mu) {
		return Queue{}, refuse(op, "give arrivals from 0 and a service rate above 0, both a unit of time", "arrivals of %g and service of %g are no rates", lambda, mu)
	}
	a, c := lambda/mu, float64(servers)
	b := 1.0
	for k := 1.0; k <= c; k++ {
		b = a * b / (k + a*b)
	}
	q := Queue{Servers: servers, Load: a, Rho: a / c, Loss: b, Delay: 1, Wait: math.Inf(1), Line: math.Inf(1), mu: mu}
	if q.Rho < 1 {
		q.Delay = b / (1 - q.Rho*(1-b))
		q.Wait = q.Delay / (c*mu - lambda)
		q.Line = lambda * q.Wait
	}
	return q, nil
}

// Over is the share of arrivals that wait longer than t.
func (q Queue) Over(t float64) float64 {
	if q.Rho >= 1 {
		return 1
	}
	return q.Delay * math.Exp(-(float64(q.Servers)-q.Load)*q.mu*max(t, 0))
}
