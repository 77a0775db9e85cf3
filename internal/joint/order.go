package joint

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/order"
	"shuniu/internal/org"
)

// IssueOrder gives an order (指令) under one of the four powers.
type IssueOrder struct {
	ID       cad.OrderID
	Kind     order.Kind    // Empty means by whether it belongs to an incident: that, or work.
	Urgency  order.Urgency // Empty means routine.
	Power    cad.Power
	To       []order.To
	Due      time.Time
	Incident cad.IncidentID // What it belongs to; empty if nothing. One that was merged gives it to the one it lives on in.
	Oral     *order.Oral    // It was given by word, and is written down afterwards.
	Text     cad.Sealed     // Sealed under the incident if there is one, else under the order.
}

// Verb names it for policy, by the power that it is given under: who may order depends on that.
func (c IssueOrder) Verb() string {
	if c.Power == "" { // The room refuses it.
		return "order.issue_direct"
	}
	return "order.issue_" + string(c.Power)
}

// Target is the centre: the order is not there yet.
func (IssueOrder) Target() cad.Subject { return "" }

// Reach is the order that the id may have named long ago, and the incident that it belongs to.
func (c IssueOrder) Reach(h *House) []cad.Subject {
	out := []cad.Subject{order.Subject(c.ID)}
	if c.Incident != "" {
		out = append(out, incident.Subject(c.Incident), incident.Subject(h.Survivor(c.Incident)))
	}
	return out
}

// Decide issues it to those whom the centre has.
func (c IssueOrder) Decide(h *House, m Moment) (Outcome, error) {
	const op = "order.Issue"
	s := h.Order(c.ID)
	if s.ID == "" && h.Last(order.Subject(c.ID)) > 0 { // It has ended and left memory: that it was is enough.
		return Outcome{}, fault.New(op, fault.Invalid, "this id names another order").Because("id_taken", "id", string(c.ID)).At("id").Mend("send a new UUID")
	}
	if c.Incident != "" {
		c.Incident = h.Survivor(c.Incident)
		if h.Incident(c.Incident).ID == "" {
			return Outcome{}, fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident").At("incident")
		}
	}
	for _, t := range c.To {
		if err := h.known(t); err != nil {
			return Outcome{}, err
		}
	}
	if c.Oral != nil && !c.Oral.SaidAt.IsZero() && !Believable(c.Oral.SaidAt, m.Now, EnteredMax) {
		return Outcome{}, fault.New(op, fault.Invalid, "it cannot have been said then").Because("said_at_unbelievable").At("oral.said_at").
			Mend("give the time at which it was said, within the last 30 days")
	}
	cmd := order.Issue{
		ID: c.ID, Number: h.OrderCount + 1, Kind: c.Kind, Urgency: c.Urgency, Power: c.Power, To: c.To, Due: c.Due, Incident: c.Incident,
		Oral: c.Oral, Text: c.Text, Clock: orderClock(h.Org, c.Urgency),
	}
	facts, err := cmd.Decide(s, order.Around{Now: m.Now, Actor: m.Actor})
	number := cmd.Number
	if s.ID != "" {
		number = s.Number
	}
	return emit(facts, Answer{ID: string(c.ID), Number: number}), err
}

// known refuses a recipient that the centre does not have.
func (h *House) known(t order.To) error {
	here := false
	switch t.Kind {
	case order.ToUnit:
		u := h.Unit(cad.UnitID(t.ID))
		here = u.ID != "" && !u.Retired
	case order.ToOrg:
		_, here = h.Org.Orgs[cad.OrgID(t.ID)]
	case order.ToSeat:
		here = slices.ContainsFunc(h.Org.Seats, func(i org.Item) bool { return i.ID == t.ID })
	default:
		return nil // The room refuses it.
	}
	if !here {
		return fault.New("order.Issue", fault.Invalid, "this centre has no %s %s", t.Kind, cut(t.ID)).Because("no_recipient", "kind", t.Kind, "id", cut(t.ID)).
			At("to").Mend("name a unit, a station or a seat of this centre")
	}
	return nil
}

// orderClock is the clock of an urgency, as the centre has it today.
func orderClock(o *org.State, u order.Urgency) order.Clock {
	if u == "" {
		u = order.Routine
	}
	for _, c := range o.OrderClocks {
		if c.Urgency == string(u) {
			return order.Clock{SignS: c.SignS, RemindS: c.RemindS, SuperviseS: c.SuperviseS, RaiseS: c.RaiseS}
		}
	}
	return order.Clock{}
}

// AboutOrder brings a command of the order room to one order.
type AboutOrder struct {
	ID   cad.OrderID
	Name string    // The verb without the room: "sign", "revoke".
	For  *order.To // The recipient whose word it is; nil for the issuer's verbs.
	Cmd  order.Command
}

// Verb names it for policy.
func (c AboutOrder) Verb() string { return "order." + c.Name }

// Target is the order.
func (c AboutOrder) Target() cad.Subject { return order.Subject(c.ID) }

// Judged is the recipient whose word it is: a station speaks for itself and its crews, a crew for itself only.
func (c AboutOrder) Judged(*House) cad.Subject {
	if c.For == nil {
		return c.Target()
	}
	return cad.SubjectOf(c.For.Kind, c.For.ID)
}

// Decide asks the room.
func (c AboutOrder) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Order(c.ID)
	facts, err := c.Cmd.Decide(s, order.Around{Now: m.Now, Actor: m.Actor})
	return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), err
}

// Order is an order in memory; the zero state if there is none.
func (h *House) Order(id cad.OrderID) order.State { return at(h.Orders, id) }

func (h *House) setOrder(s *order.State) {
	h.Orders[s.ID] = s
	h.OrderCount = max(h.OrderCount, s.Number)
}
