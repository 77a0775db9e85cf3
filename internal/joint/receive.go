package joint

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/org"
)

// Receive takes the first word of an incident, and makes the call it came by in the same append. It is never
// refused for what it says or lacks (promise P8): the edge has set aside what could not be used.
type Receive struct {
	ID       cad.IncidentID
	Spare    cad.IncidentID // Used when ID turns out to name another incident; never refused for that.
	Call     cad.CallID     // The call to make, or the one to attach if it exists already. Empty makes none.
	Old      bool           // ID or Call name a life that the journal knows, and that may have left memory.
	Source   incident.Source
	Happened time.Time
	Place    *geo.Point
	Street   string
	Approx   bool
	Type     cad.TypeID // Unknown to the centre means ungraded, with an aside.
	Priority cad.Priority
	Level    cad.Level
	Tags     []cad.TagID
	Line     string
	Caller   cad.Sealed // Goes with the call; to one that exists already it is told.

	SpareCall   cad.CallID // Made for what is said of the caller when Call turns out to belong to another incident.
	SpareCaller cad.Sealed // The same words, sealed for SpareCall.

	Card    string     // The number of the paper card it was written on first.
	Private cad.Sealed // Narrative, address, unusable parts.
	Aside   []incident.Aside

	Answers     []incident.Said // To the questions of its type.
	AnswerWords cad.Sealed      // Those in words.
	Scheduled   time.Time       // When somebody shall be there; zero: as soon as possible.
}

// Verb names it for policy.
func (Receive) Verb() string { return "incident.open" }

// Target is nothing that exists yet.
func (Receive) Target() cad.Subject { return "" }

// Reach are old lives that the ids name. What begins a life begins it for good, so an old one must be seen.
func (c Receive) Reach(*House) []cad.Subject {
	if !c.Old {
		return nil
	}
	return []cad.Subject{incident.Subject(c.ID), call.Subject(c.Call)}
}

// Emergency is true.
func (Receive) Emergency() bool { return true }

// Decide opens the incident and its call.
func (c Receive) Decide(h *House, m Moment) (Outcome, error) {
	if old := h.Incident(c.ID); old.ID != "" {
		if c.Spare == "" { // Networks repeat. What was opened first stands.
			return emit(nil, Answer{ID: string(c.ID), Number: old.Number, Call: c.Call}), nil
		}
		c.ID, c.Aside = c.Spare, append(slices.Clip(c.Aside), incident.Aside{Field: "id", Why: "id_taken"})
	}
	c.checkGrade(h.Org)
	c.checkRest(h, m.Now)
	more := c.begun(h, m)
	c.Aside = bounded(c.Aside)
	cmd := incident.Open{
		ID: c.ID, Number: h.Count + 1, Source: c.Source, Happened: c.Happened, Place: c.Place, Street: c.Street,
		Approximate: c.Approx, Responsible: responsibleFor(h.Org, c.Place), Grade: GradeOf(h.Org, c.Type, c.Priority, c.Level, c.Tags),
		Private: c.Private, Aside: c.Aside, Card: c.Card,
	}
	facts, err := cmd.Decide(incident.State{}, h.aroundIncident(c.ID, m))
	if err != nil {
		return Outcome{}, err
	}
	if facts, err = h.then(incident.State{}, facts, more, m); err != nil {
		return Outcome{}, err
	}
	answer := Answer{ID: string(c.ID), Number: cmd.Number, Call: c.Call}
	if c.Call == "" {
		return emit(facts, answer), nil
	}
	brought, err := c.bringCall(h, m)
	return emit(append(facts, brought...), answer), err
}

// asideMax is how many different marks of unusable parts a row carries.
const asideMax = 24

// bounded keeps each mark once, and not more than a person can read: one report must not fill every list.
func bounded(marks []incident.Aside) []incident.Aside {
	out := marks[:0:0]
	for _, a := range marks {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
		if len(out) == asideMax {
			return append(out, incident.Aside{Field: "body", Why: "and_more"})
		}
	}
	return out
}

// bringCall makes the call if it is new, answers it if it still rings, and attaches it.
func (c Receive) bringCall(h *House, m Moment) ([]cad.Fact, error) {
	around := h.aroundCall(m)
	s := h.Call(c.Call)
	var facts []cad.Fact
	if s.ID == "" {
		made, err := call.Arrive{ID: c.Call, Line: c.Line, Place: c.Place, Caller: c.Caller, Happened: c.Happened}.Decide(s, around)
		if err != nil {
			return nil, err
		}
		facts = append(facts, made...)
		s = folded(s, made, m)
	}
	if s.Phase == call.Ringing && len(facts) == 0 && !s.Out { // Who writes down what a caller says has answered.
		answered, err := call.Answer{ID: c.Call}.Decide(s, around)
		if err != nil {
			return nil, err
		}
		waits, err := h.besides(s, answered, m)
		if err != nil {
			return nil, err
		}
		facts = slices.Concat(facts, answered, waits)
	}
	told, err := call.Tell{ID: c.Call, Caller: c.Caller}.Decide(s, around)
	if err != nil {
		return nil, err
	}
	attached, err := call.Attach{ID: c.Call, Incident: c.ID}.Decide(s, around)
	return slices.Concat(facts, told, attached), err
}

// checkGrade sets aside what this centre does not know.
func (c *Receive) checkGrade(o *org.State) {
	c.Aside = slices.Clone(c.Aside)
	if _, ok := o.Types[c.Type]; c.Type != "" && !ok {
		c.Aside = append(c.Aside, incident.Aside{Field: "type", Why: "unknown_type"})
		c.Type = ""
	}
	if !c.Priority.Valid() {
		c.Aside = append(c.Aside, incident.Aside{Field: "priority", Why: "bad_priority"})
		c.Priority = ""
	}
	if !c.Level.Valid() {
		c.Aside = append(c.Aside, incident.Aside{Field: "level", Why: "bad_level"})
		c.Level = ""
	}
	known, unknownTag := c.Tags[:0:0], incident.Aside{Field: "tags", Why: "unknown_tag"}
	for _, t := range c.Tags {
		switch _, ok := o.Tags[t]; {
		case ok && !slices.Contains(known, t):
			known = append(known, t)
		case !ok && !slices.Contains(c.Aside, unknownTag):
			c.Aside = append(c.Aside, unknownTag)
		}
	}
	c.Tags = known
}

// checkRest sets aside what could not be stored or would lead elsewhere: a place that is nowhere, a time to
// come or of another age, a call that belongs to another incident.
func (c *Receive) checkRest(h *House, now time.Time) {
	if c.Place != nil && !c.Place.Valid() {
		c.Place, c.Street, c.Approx = nil, "", false
		c.Aside = append(c.Aside, incident.Aside{Field: "place", Why: "bad_place"})
	}
	if !c.Happened.IsZero() && !Believable(c.Happened, now, ReportedMax) {
		c.Happened = time.Time{}
		c.Aside = append(c.Aside, incident.Aside{Field: "happened", Why: "bad_time"})
	}
	if other := h.Call(c.Call).Incident; other != "" && other != c.ID {
		c.Call, c.Caller = c.SpareCall, c.SpareCaller
		c.Aside = append(c.Aside, incident.Aside{Field: "call", Why: "attached_elsewhere"})
	}
}

// GradeOf makes the values of a grading out of what a person chose and the centre's defaults for the type.
func GradeOf(o *org.State, t cad.TypeID, p cad.Priority, l cad.Level, tags []cad.TagID) incident.Grade {
	p2, l2, tags2, limits := o.GradeFor(t, p)
	g := incident.Grade{Type: t, Priority: p2, Level: l, Tags: slices.Clone(tags)}
	if g.Level == "" {
		g.Level = l2
	}
	for _, tag := range tags2 {
		if !slices.Contains(g.Tags, tag) {
			g.Tags = append(g.Tags, tag)
		}
	}
	for _, x := range limits {
		g.Limits = append(g.Limits, incident.Limit{Kind: x.Kind, From: x.From, WithinS: x.WithinS})
	}
	return g
}

// responsibleFor finds the station for a place; nobody knows it for a place that nobody knows.
func responsibleFor(o *org.State, p *geo.Point) incident.Responsible {
	if p == nil {
		return incident.Responsible{}
	}
	id, by, border := o.Responsible(*p)
	return incident.Responsible{Org: id, By: by, Border: border}
}

// Classify grades an incident with the centre's values for the type and priority.
type Classify struct {
	ID       cad.IncidentID
	Type     cad.TypeID   // Empty keeps what it was.
	Priority cad.Priority // Empty keeps it, or takes the new type's.
	Level    cad.Level
	Duty     cad.DutyGrade
	Patrol   cad.PatrolLevel
	Tags     *[]cad.TagID // nil keeps them.
	Reason   cad.Sealed
}

// Verb names it for policy.
func (Classify) Verb() string { return "incident.classify" }

// Target is the incident.
func (c Classify) Target() cad.Subject { return incident.Subject(c.ID) }

// Decide refuses a type or tag that the centre does not have.
func (c Classify) Decide(h *House, m Moment) (Outcome, error) {
	const op = "incident.Classify"
	s := h.Incident(c.ID)
	if _, ok := h.Org.Types[c.Type]; c.Type != "" && !ok {
		return Outcome{}, fault.New(op, fault.Invalid, "this centre has no type %q", c.Type).Because("unknown_type", "type", string(c.Type)).At("type")
	}
	t, p, tags := s.Type, s.Priority, s.Tags
	if c.Type != "" && c.Type != t {
		t, p = c.Type, ""
	}
	if c.Priority != "" {
		p = c.Priority
	}
	if c.Tags != nil {
		tags = *c.Tags
		for _, tag := range tags {
			if _, ok := h.Org.Tags[tag]; !ok {
				return Outcome{}, fault.New(op, fault.Invalid, "this centre has no tag %q", tag).Because("unknown_tag", "tag", string(tag)).At("tags")
			}
		}
	}
	level := s.Level
	if c.Level != "" {
		level = c.Level
	}
	g := GradeOf(h.Org, t, p, level, tags)
	g.Duty, g.Patrol = s.Duty, s.Patrol
	if c.Duty != "" {
		g.Duty = c.Duty
	}
	if c.Patrol != "" {
		g.Patrol = c.Patrol
	}
	facts, err := incident.Classify{ID: c.ID, Grade: g, Reason: c.Reason}.Decide(s, h.aroundIncident(c.ID, m))
	if err == nil {
		facts, err = h.then(s, facts, h.seatOf(s, t), m)
	}
	return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), err
}

// Locate says where it is, or better than before; the responsible unit follows the place.
type Locate struct {
	ID      cad.IncidentID
	Place   *geo.Point
	Street  string
	Approx  bool
	Address cad.Sealed
}

// Verb names it for policy.
func (Locate) Verb() string { return "incident.locate" }

// Target is the incident.
func (c Locate) Target() cad.Subject { return incident.Subject(c.ID) }

// Decide asks the room.
func (c Locate) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Incident(c.ID)
	cmd := incident.Locate{
		ID: c.ID, Place: c.Place, Street: c.Street, Approximate: c.Approx, Address: c.Address, Responsible: responsibleFor(h.Org, c.Place),
	}
	facts, err := cmd.Decide(s, h.aroundIncident(c.ID, m))
	return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), err
}

// Attach joins a call to an incident that is known already; one that was merged gives it to the one it lives on in.
type Attach struct {
	Call     cad.CallID
	Incident cad.IncidentID
	Urge     bool // The caller pressed again (催警): dispatchers are alerted, never folded silently.
}

// Verb names it for policy.
func (Attach) Verb() string { return "call.attach" }

// Target is the call.
func (c Attach) Target() cad.Subject { return call.Subject(c.Call) }

// Reach is the incident, and those it lives on in.
func (c Attach) Reach(h *House) []cad.Subject {
	return []cad.Subject{incident.Subject(c.Incident), incident.Subject(h.Survivor(c.Incident))}
}

// Emergency is true.
func (Attach) Emergency() bool { return true }

// Decide attaches.
func (c Attach) Decide(h *House, m Moment) (Outcome, error) {
	const op = "call.Attach"
	c.Incident = h.Survivor(c.Incident)
	s := h.Incident(c.Incident)
	if s.ID == "" {
		return Outcome{}, fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident").At("incident")
	}
	facts, err := call.Attach{ID: c.Call, Incident: c.Incident}.Decide(h.Call(c.Call), h.aroundCall(m))
	if err != nil {
		return Outcome{}, err
	}
	if c.Urge && len(facts) > 0 {
		more, err := incident.Urge{ID: s.ID, Call: c.Call}.Decide(s, h.aroundIncident(s.ID, m))
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, more...)
	}
	return emit(facts, Answer{ID: string(c.Call), Number: s.Number, Call: c.Call}), nil
}

// LoseCall ends a call that nobody spoke on: abandoned or silent. It is still an incident, because somebody must
// call back; unless it was attached to one already.
type LoseCall struct {
	Call     cad.CallID
	Silent   bool
	Incident cad.IncidentID // The incident to make.
	Spare    cad.IncidentID // Used when that one names another incident.
	Place    *geo.Point
	Street   string
}

// Verb names it for policy.
func (LoseCall) Verb() string { return "call.abandon" }

// Target is the call.
func (c LoseCall) Target() cad.Subject { return call.Subject(c.Call) }

// Reach is the incident to make, in case there is one of that name.
func (c LoseCall) Reach(*House) []cad.Subject { return []cad.Subject{incident.Subject(c.Incident)} }

// Emergency is true.
func (LoseCall) Emergency() bool { return true }

// Decide ends the call and opens the incident that calls back.
func (c LoseCall) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Call(c.Call)
	var cmd call.Command = call.Abandon{ID: c.Call}
	if c.Silent {
		cmd = call.MarkSilent{ID: c.Call}
	}
	facts, err := cmd.Decide(s, h.aroundCall(m))
	if err != nil || len(facts) == 0 || s.Incident != "" {
		return emit(facts, Answer{ID: string(c.Call), Call: c.Call}), err
	}
	s = folded(s, facts, m)
	if h.Incident(c.Incident).ID != "" && c.Spare != "" {
		c.Incident = c.Spare
	}
	open := incident.Open{
		ID: c.Incident, Number: h.Count + 1, Source: incident.Phone, Place: s.Place, Approximate: s.Place != nil,
		Responsible: responsibleFor(h.Org, s.Place), Grade: GradeOf(h.Org, "", "", "", nil),
	}
	opened, err := open.Decide(incident.State{}, h.aroundIncident(c.Incident, m))
	if err != nil {
		return Outcome{}, err
	}
	attached, err := call.Attach{ID: c.Call, Incident: c.Incident}.Decide(s, h.aroundCall(m))
	facts = append(append(facts, opened...), attached...)
	return emit(facts, Answer{ID: string(c.Incident), Number: open.Number, Call: c.Call}), err
}
