package past

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
)

// Mark is something on the hour that people look for.
type Mark struct {
	At       time.Time
	Kind     string // "call", "order", "duress", "alarm", "alert" or "report".
	Subject  cad.Subject
	Incident cad.IncidentID // Empty if it is about none.
}

// marksMax bounds the marks of an hour that nobody expected; the oldest go first.
const marksMax = 50_000

// kindOf are the facts that leave a mark, by their names, so that a room that is younger than this needs no line here but
// its name.
func kindOf(fact string) string {
	switch fact {
	case "call.arrived":
		return "call"
	case "assignment.dispatched", "order.issued":
		return "order"
	case "unit.duress_raised":
		return "duress"
	case "alarm.raised":
		return "alarm"
	case "incident.alerted":
		return "alert"
	case "report.filed":
		return "report"
	}
	return ""
}

func markOf(happened time.Time, f cad.Fact) (Mark, bool) {
	kind := kindOf(f.FactType())
	if kind == "" {
		return Mark{}, false
	}
	m := Mark{At: happened.UTC(), Kind: kind}
	for i, s := range f.Subjects() {
		if i == 0 {
			m.Subject = s
		}
		if of, id := s.Split(); of == "incident" {
			m.Incident = cad.IncidentID(id)
		}
	}
	return m, true
}

// note runs on the writer's goroutine and waits for nobody but readers of the marks.
func (p *Past) note(c desk.Commit) {
	if c.Reset {
		return // The whole state tells nothing new.
	}
	var found []Mark
	for i, f := range c.Facts {
		if m, ok := markOf(c.Records[i].Happened, f); ok {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.marks = append(p.marks, found...)
	if n := len(p.marks); n > 1 && p.marks[n-1].At.Before(p.marks[n-2].At) || len(found) > 1 {
		sortMarks(p.marks)
	}
	if extra := len(p.marks) - marksMax; extra > 0 {
		p.marks = slices.Clone(p.marks[extra:])
	}
}

func sortMarks(m []Mark) {
	slices.SortStableFunc(m, func(a, b Mark) int { return a.At.Compare(b.At) })
}

// Range is what can be looked back at.
type Range struct {
	From, To time.Time
	Placed   time.Time // Since when positions are known; zero if none are.
	Marks    []Mark    // In order of time.
}

// Range is the hour, as far as it is known.
func (p *Past) Range() Range {
	now := p.opt.Desk.Now()
	p.mu.RLock()
	defer p.mu.RUnlock()
	r := Range{From: now, To: now, Placed: p.placed, Marks: slices.Clone(p.marks)}
	if len(p.stills) > 0 {
		r.From = maxTime(p.stills[0].at, now.Add(-Kept))
	}
	return r
}
