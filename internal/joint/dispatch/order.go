package dispatch

import (
	"slices"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/unit"
)

// Reorder says in which order a busy unit turns to what is stacked behind its present work. What it does now stays: to turn
// it away from that is a reassignment.
type Reorder struct {
	Unit  cad.UnitID
	Order []cad.AssignmentID // All that wait behind, each once; the next first.
}

// Verb names it for policy.
func (Reorder) Verb() string { return "assignment.reorder" }

// Target is the unit.
func (c Reorder) Target() cad.Subject { return unit.Subject(c.Unit) }

// Decide refuses an order that does not name what waits now: somebody has sent, recalled or finished something meanwhile.
func (c Reorder) Decide(h *joint.House, m joint.Moment) (joint.Outcome, error) {
	const op = "dispatch.Reorder"
	if h.Unit(c.Unit).ID == "" {
		return joint.Outcome{}, fault.New(op, fault.NotFound, "there is no unit %s", c.Unit).Because("no_unit", "unit", string(c.Unit))
	}
	var waiting []cad.AssignmentID
	for _, a := range h.Stack(c.Unit) {
		if !a.Primary {
			waiting = append(waiting, a.ID)
		}
	}
	named := slices.Sorted(slices.Values(c.Order))
	if slices.Sort(waiting); !slices.Equal(named, waiting) {
		return joint.Outcome{}, fault.New(op, fault.Conflict, "other orders wait behind %s than these", c.Unit).
			Because("stack_changed", "unit", string(c.Unit)).At("order").Mend("look at what waits now, and order it again")
	}
	out := joint.Outcome{Answer: joint.Answer{ID: string(c.Unit)}}
	for i, id := range c.Order {
		more, err := assignment.Reorder{ID: id, Place: i + 1}.Decide(h.Assignment(id), assignment.Around{Now: m.Now, Actor: m.Actor})
		if err != nil {
			return joint.Outcome{}, err
		}
		out.Facts = append(out.Facts, more...)
	}
	return out, nil
}
