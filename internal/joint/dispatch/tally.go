package dispatch

import (
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/joint"
)

// Load is what a unit has done today.
type Load struct {
	Jobs  int   `json:"jobs_today"`
	BusyS int64 `json:"busy_s"` // From being sent to being free again.
}

// Mean is a mean time over so many cases.
type Mean struct {
	N      int
	TotalS float64
}

func (m *Mean) add(d time.Duration) {
	m.N++
	m.TotalS += d.Seconds()
}

// leastCases is from how many cases on a mean says something.
const leastCases = 5

// seconds is the mean; false where too few cases are known.
func (m Mean) seconds() (float64, bool) {
	if m.N < leastCases {
		return 0, false
	}
	return m.TotalS / float64(m.N), true
}

// Tally is what units have done today, and how long work has taken lately, as far as memory goes.
type Tally struct {
	Loads   map[cad.UnitID]Load
	OnScene map[cad.TypeID]Mean // From arrival until free again, of crews that took nobody away, by the incident's type.
	Away    Mean                // From leaving the scene with somebody until free again.
}

// Reckon counts over all work in memory. today is when the local day began.
func Reckon(h *joint.House, today, now time.Time) *Tally {
	t := &Tally{Loads: map[cad.UnitID]Load{}, OnScene: map[cad.TypeID]Mean{}}
	for _, a := range h.Assignments {
		t.count(a, today, now)
		if a.ClearedAt.IsZero() || a.Recalled {
			continue
		}
		switch {
		case !a.TransportingAt.IsZero():
			t.Away.add(a.ClearedAt.Sub(a.TransportingAt))
		case !a.OnSceneAt.IsZero():
			typ := h.Incident(a.Incident).Type
			m := t.OnScene[typ]
			m.add(a.ClearedAt.Sub(a.OnSceneAt))
			t.OnScene[typ] = m
		}
	}
	return t
}

func (t *Tally) count(a *assignment.State, today, now time.Time) {
	from, to := a.DispatchedAt, a.ClearedAt
	if !a.PromotedAt.IsZero() {
		from = a.PromotedAt // Until then it worked on something else.
	}
	if to.IsZero() {
		to = now
	}
	if from.Before(today) {
		from = today
	}
	if !a.DispatchedAt.Before(today) || to.After(today) {
		l := t.Loads[a.Unit]
		l.Jobs++
		if a.Primary || !a.PromotedAt.IsZero() {
			l.BusyS += max(0, int64(to.Sub(from)/time.Second))
		}
		t.Loads[a.Unit] = l
	}
}

// How soon a unit will be free.
const (
	reportedS  = 120.0 // Once its incident is reported back, a crew is about to leave: our estimate.
	leastSoonS = 60.0  // Nobody is free sooner than that.
	overdue    = 1.5   // Who takes longer than so many means is not like the others: nothing is predicted.
)

// soon is in how many seconds a busy unit is expected to be free; false where nobody knows.
func (in *Input) soon(stack []*assignment.State) (int64, bool) {
	if len(stack) != 1 {
		return 0, false // Something waits behind.
	}
	a := stack[0]
	left := func(m Mean, since time.Time) (int64, bool) {
		mean, known := m.seconds()
		gone := in.Now.Sub(since).Seconds()
		if !known || gone > overdue*mean {
			return 0, false
		}
		return int64(max(leastSoonS, mean-gone)), true
	}
	switch a.Stage {
	case assignment.Transporting, assignment.AtFacility:
		if in.Tally != nil {
			return left(in.Tally.Away, a.TransportingAt)
		}
	case assignment.OnScene:
		job := in.job(a.Incident)
		if !job.ReportedAt.IsZero() {
			return int64(reportedS), true
		}
		if in.Tally != nil {
			return left(in.Tally.OnScene[job.Type], a.OnSceneAt)
		}
	case assignment.Dispatched, assignment.Acknowledged, assignment.EnRoute, assignment.Staged, assignment.Cleared:
	}
	return 0, false
}
