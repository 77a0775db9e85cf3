package intake

import (
	"slices"
	"time"
)

// Stats says how long the steps of recorded calls took, over unit records, so that a reading can be compared
// with figures published for the same file. An interval counts where both its ends are recorded and the
// second is not before the first.
type Stats struct {
	ReceivedToEntry    Span
	EntryToDispatch    Span
	DispatchToEnRoute  Span
	EnRouteToOnScene   Span
	ReceivedToOnScene  Span
	FirstUnit          map[string]Span // Received to the first unit on scene, over calls, by priority.
	OpenCallsMax       int             // Most calls open at once: from Received until the last unit is available.
	CommittedUnitsMax  int             // Most unit records open at once: from Dispatch to Available.
	BusiestHour        time.Time       // Start of the hour (UTC) with the most unit records received.
	BusiestHourRecords int
}

// Span sums up one interval. The zero value is an interval that was never recorded.
type Span struct {
	N        int
	P50, P90 time.Duration // By the nearest rank.
}

// Measure takes the intervals of all calls.
func Measure(calls []Call) Stats {
	var entry, dispatch, turnout, travel, arrival []time.Duration
	first := make(map[string][]time.Duration)
	hours := make(map[time.Time]int)
	var open, committed []edge
	for _, c := range calls {
		var onScene, end time.Time
		for _, u := range c.Units {
			entry = between(entry, c.Received, c.Entry)
			dispatch = between(dispatch, c.Entry, u.Dispatch)
			turnout = between(turnout, u.Dispatch, u.EnRoute)
			travel = between(travel, u.EnRoute, u.OnScene)
			arrival = between(arrival, c.Received, u.OnScene)
			if !u.OnScene.IsZero() && (onScene.IsZero() || u.OnScene.Before(onScene)) {
				onScene = u.OnScene
			}
			if u.Available.After(end) {
				end = u.Available
			}
			committed = span(committed, u.Dispatch, u.Available)
			hours[c.Received.Truncate(time.Hour)]++
		}
		open = span(open, c.Received, end)
		first[c.Priority] = between(first[c.Priority], c.Received, onScene)
	}
	s := Stats{
		ReceivedToEntry: summary(entry), EntryToDispatch: summary(dispatch), DispatchToEnRoute: summary(turnout),
		EnRouteToOnScene: summary(travel), ReceivedToOnScene: summary(arrival),
		FirstUnit: make(map[string]Span, len(first)), OpenCallsMax: highest(open), CommittedUnitsMax: highest(committed),
	}
	for p, d := range first {
		s.FirstUnit[p] = summary(d)
	}
	for h, n := range hours {
		if n > s.BusiestHourRecords || n == s.BusiestHourRecords && h.Before(s.BusiestHour) {
			s.BusiestHour, s.BusiestHourRecords = h, n
		}
	}
	return s
}

// between appends the time from a to b when both are recorded and in order.
func between(out []time.Duration, a, b time.Time) []time.Duration {
	if a.IsZero() || b.IsZero() || b.Before(a) {
		return out
	}
	return append(out, b.Sub(a))
}

// summary takes the nearest ranks: the smallest value that at least half, or nine tenths, do not exceed.
func summary(d []time.Duration) Span {
	if len(d) == 0 {
		return Span{}
	}
	slices.Sort(d)
	n := len(d)
	return Span{N: n, P50: d[(n+1)/2-1], P90: d[(9*n+9)/10-1]}
}

// edge is a beginning (+1) or an end (-1).
type edge struct {
	at   time.Time
	step int
}

func span(out []edge, from, to time.Time) []edge {
	if from.IsZero() || to.Before(from) {
		return out
	}
	return append(out, edge{from, 1}, edge{to, -1})
}

// highest is the most that were open at once; what ends in the second in which another begins is over by then.
func highest(edges []edge) int {
	slices.SortFunc(edges, func(a, b edge) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.step - b.step
	})
	var n, most int
	for _, e := range edges {
		n += e.step
		most = max(most, n)
	}
	return most
}
