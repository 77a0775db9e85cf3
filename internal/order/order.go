// Package order is the life of an order (指令): issued under a power to recipients who each sign for it, act and report back,
// then checked and cleared, or revoked. It is pure: no clock, disk, network, chance or log, and it knows no other room.
package order

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Command is a wish about one order. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now   time.Time   // The world's clock, UTC.
	Actor cad.ActorID // Who wishes it.
}

// Fact is something that happened to one order.
type Fact interface {
	cad.Fact
	Of() cad.OrderID
	apply(s *State, st cad.Stamp)
}

// Kind is what an order is about.
type Kind string

// The kinds of orders.
const (
	OfIncident Kind = "incident" // 警情指令
	Work       Kind = "work"     // 工作指令
	Duty       Kind = "duty"     // 勤务指令
	Warning    Kind = "warning"  // 预警指令
	Assist     Kind = "assist"   // 协查指令
)

// Valid reports whether k is a known kind.
func (k Kind) Valid() bool {
	return slices.Contains([]Kind{OfIncident, Work, Duty, Warning, Assist}, k)
}

// Urgency is how soon an order is to be read. It is no priority of an incident and no event level.
type Urgency string

// The urgencies.
const (
	Routine Urgency = "routine" // 平急
	Urgent  Urgency = "urgent"  // 加急
	Flash   Urgency = "flash"   // 特急
)

// Valid reports whether u is a known urgency.
func (u Urgency) Valid() bool { return u == Routine || u == Urgent || u == Flash }

// The kinds of recipients.
const (
	ToUnit = "unit"
	ToOrg  = "org"
	ToSeat = "seat"
)

// To names one recipient.
type To struct {
	Kind string `json:"kind"` // "unit", "org" or "seat".
	ID   string `json:"id"`
}

// Recipient is one who was given the order, and how far he is with it.
type Recipient struct {
	To
	SignedAt   time.Time   `json:"signed_at,omitzero"`
	SignedBy   cad.ActorID `json:"signed_by,omitempty"` // Who said so, who may have done it for him.
	ActedAt    time.Time   `json:"acted_at,omitzero"`   // First word that he works on it.
	ReportedAt time.Time   `json:"done_at,omitzero"`    // His report, as last given; zero again when it was sent back.
	Report     cad.Sealed  `json:"report,omitzero"`     // The words of it, which stay when it is sent back.
	Returned   bool        `json:"returned,omitempty"`  // His report was sent back and not given again yet.
	Chased     int         `json:"chased,omitempty"`    // How often a person chased him.
	ChasedAt   time.Time   `json:"chased_at,omitzero"`
	Ask        *Ask        `json:"ask,omitempty"` // He asks for more time; nil when he does not, or was answered.
}

// Ask is a wish for more time (延期申请).
type Ask struct {
	Until time.Time  `json:"until"`
	At    time.Time  `json:"at"`
	Text  cad.Sealed `json:"text,omitzero"`
}

// Oral says that an order was given by word of mouth, and written down afterwards (口头指令).
type Oral struct {
	By     string    `json:"by"`      // The office that gave it: see Offices. The name, if told, is in the sealed words.
	SaidAt time.Time `json:"said_at"` // When it was said, UTC.
}

// Offices are those whose word is an order.
func Offices() []string {
	return []string{"duty_chief", "duty_commander", "floor_supervisor", "superior"}
}

// Clock is within what time which step is taken, as values of the day on which the order was issued. Zero means never.
type Clock struct {
	SignS      int64 `json:"sign_s,omitempty"`      // From issue until every recipient has signed, seconds.
	RemindS    int64 `json:"remind_s,omitempty"`    // The reminder, before it is due, seconds (临期提醒).
	SuperviseS int64 `json:"supervise_s,omitempty"` // Supervision, after it was due, seconds (督办).
	RaiseS     int64 `json:"raise_s,omitempty"`     // Raised to the chief, after it was due, seconds (升级督办).
}

// State is one order, folded from its facts. The zero value is one that nobody has issued. It is never changed in place.
type State struct {
	ID        cad.OrderID    `json:"id"`
	Number    int64          `json:"number"` // The centre's own count of orders, from 1.
	Kind      Kind           `json:"kind"`
	Urgency   Urgency        `json:"urgency"`
	Power     cad.Power      `json:"power"`
	Issuer    cad.ActorID    `json:"issuer"`
	Incident  cad.IncidentID `json:"incident,omitempty"` // What it belongs to; empty if nothing.
	To        []Recipient    `json:"to"`
	Text      cad.Sealed     `json:"text,omitzero"`
	Oral      *Oral          `json:"oral,omitempty"`
	Issued    time.Time      `json:"issued"`       // When it was recorded.
	Due       time.Time      `json:"due,omitzero"` // When every recipient must have reported; zero only if oral and without one.
	Clock     Clock          `json:"clock,omitzero"`
	Extended  int            `json:"extended,omitempty"`  // How often more time was given.
	Passed    []string       `json:"passed,omitempty"`    // Kinds of deadlines that passed since it was last due anew.
	CheckedAt time.Time      `json:"checked_at,omitzero"` // What was reported is in order.
	ClearedAt time.Time      `json:"cleared_at,omitzero"` // 销号
	RevokedAt time.Time      `json:"revoked_at,omitzero"`
	Why       cad.Sealed     `json:"why,omitzero"` // Why it was revoked.
	Changed   cad.Seq        `json:"changed"`      // The last fact that was folded.
}

// Open reports whether anybody still owes something.
func (s State) Open() bool { return s.ID != "" && s.ClearedAt.IsZero() && s.RevokedAt.IsZero() }

// Ended is when it was cleared or revoked; zero while it is open.
func (s State) Ended() time.Time {
	if !s.RevokedAt.IsZero() {
		return s.RevokedAt
	}
	return s.ClearedAt
}

// Unsigned are the recipients who have not signed.
func (s State) Unsigned() []To { return s.those(func(r Recipient) bool { return r.SignedAt.IsZero() }) }

// Unreported are the recipients who have not reported.
func (s State) Unreported() []To {
	return s.those(func(r Recipient) bool { return r.ReportedAt.IsZero() })
}

func (s State) those(owes func(Recipient) bool) []To {
	var out []To
	for _, r := range s.To {
		if owes(r) {
			out = append(out, r.To)
		}
	}
	return out
}

// index is the place of a recipient; -1 if it was not given to him.
func (s State) index(t To) int {
	return slices.IndexFunc(s.To, func(r Recipient) bool { return r.To == t })
}

// Evolve folds one fact into the state. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	s.To, s.Passed = slices.Clone(s.To), slices.Clone(s.Passed) // Whoever still holds the old value must not see it change.
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of an order.
func Subject(id cad.OrderID) cad.Subject { return cad.SubjectOf("order", id) }

// about is the order that a fact is about, and the incident that it belongs to, whose story tells it too.
type about struct {
	ID       cad.OrderID    `json:"id"`
	Incident cad.IncidentID `json:"incident,omitempty"`
}

// Subjects are the order, and its incident.
func (f about) Subjects() []cad.Subject {
	if f.Incident == "" {
		return []cad.Subject{Subject(f.ID)}
	}
	return []cad.Subject{Subject(f.ID), cad.SubjectOf("incident", f.Incident)}
}

// Of is the order it is about.
func (f about) Of() cad.OrderID { return f.ID }

func (s State) about() about { return about{s.ID, s.Incident} }

// Facts is the room's table of facts, for the codec.
func Facts() []cad.FactKind {
	return []cad.FactKind{
		cad.Kind[IssuedFact](), cad.Kind[SignedFact](), cad.Kind[ActedFact](), cad.Kind[ReportedFact](), cad.Kind[ExtensionAsked](),
		cad.Kind[ExtendedFact](), cad.Kind[ExtensionDeclined](), cad.Kind[CheckedFact](), cad.Kind[ClearedFact](), cad.Kind[RevokedFact](),
		cad.Kind[ChasedFact](), cad.Kind[DeadlinePassed](),
	}
}

func missing(op string) error {
	return fault.New(op, fault.NotFound, "there is no such order").Because("no_order").Mend("look it up in the list of orders")
}
