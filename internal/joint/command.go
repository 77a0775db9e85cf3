package joint

import (
	"slices"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/unit"
)

// Command is a wish about the house. It is decided by the writer against the present state, and never reads a
// clock, a disk or chance: what it needs of those it carries.
type Command interface {
	// Verb is what policy is asked about: "incident.close".
	Verb() string
	// Target is the life whose row the person saw; empty for the centre as a whole.
	Target() cad.Subject
	// Decide gives facts and an answer, or says why not.
	Decide(h *House, m Moment) (Outcome, error)
}

// Emergency is a command that no limit, queue or full disk may refuse (promises P8 and P9).
type Emergency interface{ Emergency() bool }

// Unconditional is a command that no condition of the person may refuse: neither what he saw nor an expiry. Only the
// officers' own call for help is (promise P9 comes before P11).
type Unconditional interface{ Unconditional() bool }

// Moment is when and by whom a command is decided.
type Moment struct {
	Now   time.Time // The world's clock, UTC; never before the last record.
	Actor cad.ActorID
	Seat  cad.SeatID
	Org   cad.OrgID // The station that he sits in; empty at the centre.
}

// How far a told time is believed.
const (
	happenedAhead = time.Minute               // Clocks differ by that much.
	EnteredMax    = 30 * 24 * time.Hour       // What people did is entered afterwards within so long.
	ReportedMax   = 10 * 365 * 24 * time.Hour // What is reported may have happened so long ago.
)

// Believable reports whether something can have happened at a time: not in the future, and not too long ago.
func Believable(happened, now time.Time, longest time.Duration) bool {
	return !happened.After(now.Add(happenedAhead)) && !happened.Before(now.Add(-longest))
}

// Outcome is what a command comes to.
type Outcome struct {
	Facts  []cad.Fact
	Answer Answer
}

// Answer is what the person is told. It is stored, so it never holds personal data.
type Answer struct {
	Seq         cad.Seq       `json:"seq"`          // The last record of the command; set by the writer.
	ID          string        `json:"id,omitempty"` // What was made or changed.
	Number      int64         `json:"number,omitempty"`
	Call        cad.CallID    `json:"call,omitempty"`
	Assignments []Sent        `json:"assignments,omitempty"`
	Erased      []cad.Subject `json:"erased,omitempty"`    // Whose private parts were ordered to be destroyed.
	Unchanged   bool          `json:"unchanged,omitempty"` // It was so already.
}

// Sent names an assignment that a command made or ended.
type Sent struct {
	ID   cad.AssignmentID `json:"id"`
	Unit cad.UnitID       `json:"unit"`
}

func emit(facts []cad.Fact, answer Answer) Outcome {
	answer.Unchanged = len(facts) == 0
	return Outcome{Facts: facts, Answer: answer}
}

// Together is several commands that happen all or none, in one append. None may rest on what another of them does.
type Together []Command

// Verb is the first one's; policy is asked about each.
func (c Together) Verb() string { return c[0].Verb() }

// Target is the first one's.
func (c Together) Target() cad.Subject { return c[0].Target() }

// Parts are the commands.
func (c Together) Parts() []Command { return c }

// Emergency is true if one of them is.
func (c Together) Emergency() bool {
	return slices.ContainsFunc(c, func(x Command) bool {
		e, ok := x.(Emergency)
		return ok && e.Emergency()
	})
}

// Unconditional is true if all of them are.
func (c Together) Unconditional() bool {
	return !slices.ContainsFunc(c, func(x Command) bool {
		u, ok := x.(Unconditional)
		return !ok || !u.Unconditional()
	})
}

// Reach is what all of them must see.
func (c Together) Reach(h *House) []cad.Subject {
	var out []cad.Subject
	for _, x := range c {
		out = append(out, x.Target())
		if r, ok := x.(Reacher); ok {
			out = append(out, r.Reach(h)...)
		}
	}
	return out
}

// Decide asks each of them about the same house; the first refusal is that of all.
func (c Together) Decide(h *House, m Moment) (Outcome, error) {
	var all Outcome
	for i, x := range c {
		out, err := x.Decide(h, m)
		if err != nil {
			return Outcome{}, err
		}
		if i == 0 {
			all.Answer = out.Answer
		}
		all.Facts = append(all.Facts, out.Facts...)
	}
	all.Answer.Unchanged = len(all.Facts) == 0
	return all, nil
}

// AboutIncident brings a command of the incident room to one incident.
type AboutIncident struct {
	ID   cad.IncidentID
	Name string // The verb without the room: "close".
	Cmd  incident.Command
}

// Verb names it for policy.
func (c AboutIncident) Verb() string { return "incident." + c.Name }

// Target is the incident.
func (c AboutIncident) Target() cad.Subject { return incident.Subject(c.ID) }

// Reach is what an urged incident lives on in.
func (c AboutIncident) Reach(h *House) []cad.Subject {
	if _, ok := c.Cmd.(incident.Urge); ok {
		return []cad.Subject{incident.Subject(h.Survivor(c.ID))}
	}
	return nil
}

// Decide asks the room. A caller who presses again is heard where people work on it, also after a merge.
func (c AboutIncident) Decide(h *House, m Moment) (Outcome, error) {
	if u, ok := c.Cmd.(incident.Urge); ok {
		c.ID = h.Survivor(c.ID)
		u.ID, c.Cmd = c.ID, u
	}
	if over, ok := c.Cmd.(incident.HandOver); ok && !over.Known && over.To != m.Actor {
		if to, listed := h.Org.Seat(over.To); listed {
			over.To, over.Known = to, true
			c.Cmd = over
		}
	}
	s := h.Incident(c.ID)
	c.Cmd = h.completed(c.Cmd)
	facts, err := c.Cmd.Decide(s, h.aroundIncident(c.ID, m))
	facts, err = checked(facts, err, h.checkIncident(c.Cmd, m))
	return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), err
}

func (h *House) aroundIncident(id cad.IncidentID, m Moment) incident.Around {
	return incident.Around{Now: m.Now, Actor: m.Actor, Committed: h.Committed(id), Waves: h.Waves(id)}
}

// AboutUnit brings a command of the unit room to one unit.
type AboutUnit struct {
	ID   cad.UnitID
	Name string
	Cmd  unit.Command
}

// Verb names it for policy.
func (c AboutUnit) Verb() string { return "unit." + c.Name }

// Target is the unit.
func (c AboutUnit) Target() cad.Subject { return unit.Subject(c.ID) }

// Emergency is true for duress only.
func (c AboutUnit) Emergency() bool { return c.Name == "duress" }

// Unconditional is true for duress only.
func (c AboutUnit) Unconditional() bool { return c.Name == "duress" }

// Decide asks the room.
func (c AboutUnit) Decide(h *House, m Moment) (Outcome, error) {
	facts, err := c.Cmd.Decide(h.Unit(c.ID), h.aroundUnit(c.ID, m))
	facts, err = checked(facts, err, h.checkUnit(c.Cmd))
	return emit(facts, Answer{ID: string(c.ID)}), err
}

func (h *House) aroundUnit(id cad.UnitID, m Moment) unit.Around {
	a := unit.Around{Now: m.Now, Actor: m.Actor}
	for _, s := range h.Stack(id) {
		a.Assigned = append(a.Assigned, s.ID)
	}
	return a
}

// AboutAssignment brings a command of the assignment room to one assignment.
type AboutAssignment struct {
	ID   cad.AssignmentID
	Name string
	Cmd  assignment.Command
}

// Verb names it for policy.
func (c AboutAssignment) Verb() string { return "assignment." + c.Name }

// Target is the assignment.
func (c AboutAssignment) Target() cad.Subject { return assignment.Subject(c.ID) }

// Decide asks the room.
func (c AboutAssignment) Decide(h *House, m Moment) (Outcome, error) {
	facts, err := c.Cmd.Decide(h.Assignment(c.ID), assignment.Around{Now: m.Now, Actor: m.Actor})
	return emit(facts, Answer{ID: string(c.ID)}), err
}

// SayUnit is a unit's own word. While it is assigned, its word goes through an assignment: the one on the named
// incident, or its primary.
type SayUnit struct {
	Unit         cad.UnitID
	To           string         // A stage of the assignment's life, or "available", "unavailable", "off_duty".
	Incident     cad.IncidentID // Empty means the primary assignment.
	Reason       string
	Redeployable *bool
	Happened     time.Time // Zero means now.
}

// deskSigned is the word of a station desk about an order that goes through it; every other word is the crew's.
const deskSigned = "desk_signed"

// Verb names it for policy.
func (c SayUnit) Verb() string {
	if c.To == deskSigned {
		return "assignment.sign_at_desk"
	}
	return "unit.status"
}

// Judged is the order that a desk signs for, which may be another station's than the crew; otherwise the unit.
func (c SayUnit) Judged(h *House) cad.Subject {
	if a := c.order(h.Stack(c.Unit)); a != nil && c.To == deskSigned {
		return assignment.Subject(a.ID)
	}
	return c.Target()
}

// order is the one of a unit's orders that the word is about; nil if it has none such.
func (c SayUnit) order(stack []*assignment.State) *assignment.State {
	for _, a := range stack {
		if c.Incident == "" || a.Incident == c.Incident {
			return a
		}
	}
	return nil
}

// Target is the unit.
func (c SayUnit) Target() cad.Subject { return unit.Subject(c.Unit) }

// Decide finds whom the word concerns.
func (c SayUnit) Decide(h *House, m Moment) (Outcome, error) {
	const op = "unit.Say"
	u := h.Unit(c.Unit)
	if u.ID == "" {
		return Outcome{}, fault.New(op, fault.NotFound, "there is no unit %s", c.Unit).Because("no_unit", "unit", string(c.Unit)).At("unit")
	}
	answer := Answer{ID: string(c.Unit)}
	stack := h.Stack(c.Unit)
	if len(stack) > 0 && (c.To == "available" || c.To == "clear") {
		c.To = string(assignment.Cleared) // "101 is free again" ends what it was doing.
	}
	var cmd unit.Command
	switch c.To {
	case "available":
		cmd = unit.ReportAvailable{ID: c.Unit}
	case "unavailable":
		cmd = unit.ReportUnavailable{ID: c.Unit, Reason: c.Reason}
	case "off_duty":
		cmd = unit.GoOffDuty{ID: c.Unit}
	default:
		facts, err := c.throughAssignment(h, m, stack)
		return emit(facts, answer), err
	}
	facts, err := cmd.Decide(u, h.aroundUnit(c.Unit, m))
	facts, err = checked(facts, err, h.checkUnit(cmd))
	return emit(facts, answer), err
}

func (c SayUnit) throughAssignment(h *House, m Moment, stack []*assignment.State) ([]cad.Fact, error) {
	const op = "unit.Say"
	head := c.order(stack)
	if head == nil {
		return nil, fault.New(op, fault.Conflict, "%s is not assigned", c.Unit).Because("not_assigned", "unit", string(c.Unit)).
			Mend("send it to an incident first")
	}
	around := assignment.Around{Now: m.Now, Actor: m.Actor}
	if c.To == deskSigned {
		return assignment.SignAtDesk{ID: head.ID, Behalf: m.Org != head.Station}.Decide(*head, around)
	}
	say := assignment.Say{ID: head.ID, To: assignment.Stage(c.To), Redeployable: c.Redeployable, Happened: c.Happened}
	if say.To != assignment.Cleared {
		return say.Decide(*head, around)
	}
	return h.Release(c.Unit, head.Incident, around, func(a assignment.State) ([]cad.Fact, error) {
		if a.ID != head.ID && !c.Happened.IsZero() && c.Happened.Before(a.DispatchedAt) {
			return nil, nil // It was sent again after it had become free.
		}
		return say.Decide(a, around)
	})
}

// Release ends what a unit does for one incident, as end says for each of its orders: after a merge it may have two of
// them. The next stacked order becomes the primary when the primary ends.
func (h *House) Release(u cad.UnitID, i cad.IncidentID, around assignment.Around, end func(assignment.State) ([]cad.Fact, error)) ([]cad.Fact, error) {
	var facts []cad.Fact
	var free bool
	var next *assignment.State
	for _, a := range h.Stack(u) {
		var more []cad.Fact
		var err error
		if a.Incident == i {
			more, err = end(*a)
		}
		switch {
		case err != nil:
			return nil, err
		case len(more) > 0:
			free = free || a.Primary
		case next == nil && !a.Primary:
			next = a
		}
		facts = append(facts, more...)
	}
	if !free || next == nil {
		return facts, nil
	}
	more, err := assignment.Promote{ID: next.ID}.Decide(*next, around)
	return append(facts, more...), err
}
