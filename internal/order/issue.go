package order

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// toMax is how many recipients one order may have: a centre with all its units.
const toMax = 500

// Issue gives an order. That the recipients and the incident exist is for the room above to see.
type Issue struct {
	ID       cad.OrderID
	Number   int64
	Kind     Kind    // Empty means by whether it belongs to an incident: that, or work.
	Urgency  Urgency // Empty means routine.
	Power    cad.Power
	To       []To
	Due      time.Time
	Incident cad.IncidentID
	Oral     *Oral
	Text     cad.Sealed
	Clock    Clock
}

// Decide issues it once. An order that nobody can be asked about later is refused: it names its power, who is to do what,
// and by when. An order that was given by word needs no deadline, because it may be carried out already.
func (c Issue) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Issue"
	c.fill()
	if err := c.check(op, a.Now); err != nil {
		return nil, err
	}
	if s.ID != "" {
		if s.says(c) {
			return nil, nil
		}
		return nil, fault.New(op, fault.Invalid, "this id names another order").Because("id_taken", "id", string(c.ID)).At("id").Mend("send a new UUID")
	}
	return []cad.Fact{IssuedFact{
		about: about{c.ID, c.Incident}, Number: c.Number, Kind: c.Kind, Urgency: c.Urgency, Power: c.Power, Issuer: a.Actor, To: c.To,
		Due: c.Due, Oral: c.Oral, Clock: c.Clock, Private: c.Text,
	}}, nil
}

func (c *Issue) fill() {
	if c.Urgency == "" {
		c.Urgency = Routine
	}
	if c.Kind == "" {
		c.Kind = Work
		if c.Incident != "" {
			c.Kind = OfIncident
		}
	}
}

// says reports whether s is what c would issue: networks repeat. The words are not compared, because they are sealed.
func (s State) says(c Issue) bool {
	if len(s.To) != len(c.To) {
		return false
	}
	for i, r := range s.To {
		if r.To != c.To[i] {
			return false
		}
	}
	return s.Kind == c.Kind && s.Power == c.Power && s.Incident == c.Incident
}

func (c Issue) check(op string, now time.Time) error {
	switch {
	case c.ID == "":
		return fault.New(op, fault.Invalid, "an order needs an id").Because("id_required").At("id")
	case !c.Kind.Valid():
		return fault.New(op, fault.Invalid, "there is no kind of order %q", string(c.Kind)).Because("bad_kind").At("kind").Mend("incident, work, duty, warning or assist")
	case !c.Urgency.Valid():
		return fault.New(op, fault.Invalid, "there is no urgency %q", string(c.Urgency)).Because("bad_urgency").At("urgency").Mend("routine, urgent or flash")
	case c.Power == "" || !c.Power.Valid():
		return fault.New(op, fault.Invalid, "an order names the power that it is given under").Because("power_required").At("power").
			Mend("direct, first_response, notify or inspect")
	case len(c.To) == 0:
		return fault.New(op, fault.Invalid, "an order names who is to carry it out").Because("to_required").At("to").Mend("name units, stations or seats")
	case len(c.To) > toMax:
		return fault.New(op, fault.Invalid, "an order has at most %d recipients", toMax).Because("too_many", "most", "500").At("to")
	case c.Text.IsZero():
		return fault.New(op, fault.Invalid, "an order says what is to be done").Because("text_required").At("text")
	case c.Due.IsZero() && c.Oral == nil:
		return fault.New(op, fault.Invalid, "an order says by when").Because("due_required").At("due").Mend("give a time, such as 15:00")
	case !c.Due.IsZero() && c.Oral == nil && !c.Due.After(now):
		return fault.New(op, fault.Invalid, "its deadline has passed already").Because("due_passed").At("due").Mend("give a time to come")
	case c.Oral != nil && !slices.Contains(Offices(), c.Oral.By):
		return fault.New(op, fault.Invalid, "an order by word says which office gave it").Because("said_by_required").At("oral.by").
			Mend("duty_chief, duty_commander, floor_supervisor or superior")
	case c.Oral != nil && c.Oral.SaidAt.IsZero():
		return fault.New(op, fault.Invalid, "an order by word says when it was given").Because("said_at_required").At("oral.said_at")
	case c.Oral != nil && !c.Due.IsZero() && !c.Due.After(c.Oral.SaidAt):
		return fault.New(op, fault.Invalid, "its deadline lies before it was said").Because("due_passed").At("due")
	}
	for i, t := range c.To {
		if t.ID == "" || t.Kind != ToUnit && t.Kind != ToOrg && t.Kind != ToSeat {
			return fault.New(op, fault.Invalid, "a recipient is a unit, an organisation or a seat").Because("bad_recipient").At("to")
		}
		if slices.Contains(c.To[:i], t) {
			return fault.New(op, fault.Invalid, "%s is named twice", t.ID).Because("named_twice", "id", t.ID).At("to").Mend("name each once")
		}
	}
	return nil
}

// IssuedFact says that an order was given. (Issued is the phase.)
type IssuedFact struct {
	about
	Number  int64       `json:"number"`
	Kind    Kind        `json:"kind"`
	Urgency Urgency     `json:"urgency"`
	Power   cad.Power   `json:"power"`
	Issuer  cad.ActorID `json:"issuer,omitempty"`
	To      []To        `json:"to"`
	Due     time.Time   `json:"due,omitzero"`
	Oral    *Oral       `json:"oral,omitempty"`
	Clock   Clock       `json:"clock,omitzero"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (IssuedFact) FactType() string { return "order.issued" }

// Secret is what is to be done.
func (f IssuedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f IssuedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f IssuedFact) apply(s *State, st cad.Stamp) {
	*s = State{
		ID: f.ID, Number: f.Number, Kind: f.Kind, Urgency: f.Urgency, Power: f.Power, Issuer: f.Issuer, Incident: f.Incident,
		Text: f.Private, Oral: f.Oral, Issued: st.At, Due: f.Due, Clock: f.Clock,
	}
	for _, t := range f.To {
		s.To = append(s.To, Recipient{To: t})
	}
}
