package board

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/order"
)

// OrderWords is the private part of an order.
type OrderWords struct {
	Text    string `json:"text,omitempty"`
	Speaker string `json:"speaker,omitempty"` // Who gave it by word, by name.
}

// OrderRow is one order as the panels show it.
type OrderRow struct {
	ID        cad.OrderID     `json:"id"`
	Number    int64           `json:"number"`
	Seq       cad.Seq         `json:"seq"`
	State     order.Phase     `json:"state" doc:"issued, signed, acting, reported, checked, cleared or revoked."`
	Kind      order.Kind      `json:"kind"`
	Urgency   order.Urgency   `json:"urgency"`
	Power     cad.Power       `json:"power"`
	Issuer    cad.ActorID     `json:"issuer"`
	Incident  cad.IncidentID  `json:"incident,omitempty"`
	Of        int64           `json:"incident_number,omitempty"`
	To        []RecipientMark `json:"to"`
	Text      string          `json:"text,omitempty"`
	Masked    bool            `json:"masked,omitempty" doc:"Words exist that this session may not see."`
	Erased    bool            `json:"erased,omitempty"`
	Shortened bool            `json:"shortened,omitempty"`
	Oral      *OralMark       `json:"oral,omitempty" doc:"It was given by word, and written down afterwards."`
	Issued    time.Time       `json:"issued"`
	Due       *time.Time      `json:"due,omitempty"`
	Extended  int             `json:"extended,omitempty"`
	Deadlines []DeadlineMark  `json:"deadlines" doc:"sign, remind, chase, supervise and raise: those to come, and those that passed."`
	Late      bool            `json:"late"`
	CheckedAt *time.Time      `json:"checked_at,omitempty"`
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
	Why       string          `json:"why,omitempty" doc:"Why it was revoked."`
	Next      []cad.Step      `json:"next"`
}

// OralMark says who gave an order by word, and when.
type OralMark struct {
	By      string    `json:"by" doc:"duty_chief, duty_commander, floor_supervisor or superior."`
	SaidAt  time.Time `json:"said_at"`
	Speaker string    `json:"speaker,omitempty"`
}

// RecipientMark is one recipient of an order.
type RecipientMark struct {
	Kind       string            `json:"kind"`
	ID         string            `json:"id"`
	Name       map[string]string `json:"name,omitempty"`
	CallSign   string            `json:"call_sign,omitempty"`
	SignedAt   *time.Time        `json:"signed_at,omitempty"`
	SignedBy   cad.ActorID       `json:"signed_by,omitempty"`
	ActedAt    *time.Time        `json:"acted_at,omitempty"`
	ReportedAt *time.Time        `json:"done_at,omitempty"`
	Report     string            `json:"report,omitempty"`
	Returned   bool              `json:"returned,omitempty"`
	Chased     int               `json:"chased,omitempty"`
	ChasedAt   *time.Time        `json:"chased_at,omitempty"`
	Ask        *AskMark          `json:"ask,omitempty"`
}

// AskMark is a wish for more time.
type AskMark struct {
	Until time.Time `json:"until"`
	At    time.Time `json:"at"`
	Text  string    `json:"text,omitempty"`
}

func (b *Board) orderRow(c Class, s *order.State) (OrderRow, bool) {
	subject := order.Subject(s.ID)
	if !b.may(c, "order.read", subject) {
		return OrderRow{}, false
	}
	row := OrderRow{
		ID: s.ID, Number: s.Number, Seq: b.house.Last(subject), State: s.Phase(), Kind: s.Kind, Urgency: s.Urgency, Power: s.Power,
		Issuer: s.Issuer, Incident: s.Incident, To: []RecipientMark{}, Issued: s.Issued, Due: moment(s.Due), Extended: s.Extended,
		Deadlines: []DeadlineMark{}, CheckedAt: moment(s.CheckedAt), EndedAt: moment(s.Ended()),
	}
	if s.Incident != "" {
		row.Of = b.house.Incident(s.Incident).Number
	}
	if s.Oral != nil {
		row.Oral = &OralMark{By: s.Oral.By, SaidAt: s.Oral.SaidAt}
	}
	reads := b.seesPrivate(c, subject)
	row.Masked = !reads
	for _, r := range s.To {
		row.To = append(row.To, b.recipient(r, reads))
	}
	if reads {
		b.orderWords(s, &row)
	}
	for _, d := range order.Due(*s) {
		row.Deadlines = append(row.Deadlines, DeadlineMark{Kind: d.Kind, Due: moment(d.Due)})
	}
	for _, kind := range s.Passed {
		row.Deadlines = append(row.Deadlines, DeadlineMark{Kind: kind, Passed: true})
		owes := kind == order.StepSign && len(s.Unsigned()) > 0 || kind != order.StepSign && kind != order.StepRemind && len(s.Unreported()) > 0
		row.Late = row.Late || s.Open() && owes
	}
	row.Next = b.next(c, "order", subject, order.Next(*s))
	return row, true
}

// orderWords opens what is to be done; what cannot be opened is shown as missing.
func (b *Board) orderWords(s *order.State, row *OrderRow) {
	var w OrderWords
	kept, err := b.unseal(s.Text, &w)
	row.Erased, row.Masked = !kept && err == nil, err != nil
	row.Text = short(w.Text)
	row.Shortened = row.Text != w.Text
	if row.Oral != nil {
		row.Oral.Speaker = w.Speaker
	}
	row.Why = b.text(s.Why)
}

// text opens words; nothing if there are none, or none any more.
func (b *Board) text(s cad.Sealed) string {
	var w Words
	if s.IsZero() {
		return ""
	}
	if ok, err := b.unseal(s, &w); !ok || err != nil {
		return ""
	}
	return short(w.Text)
}

func (b *Board) recipient(r order.Recipient, reads bool) RecipientMark {
	m := RecipientMark{
		Kind: r.Kind, ID: r.ID, SignedAt: moment(r.SignedAt), SignedBy: r.SignedBy, ActedAt: moment(r.ActedAt), ReportedAt: moment(r.ReportedAt),
		Returned: r.Returned, Chased: r.Chased, ChasedAt: moment(r.ChasedAt),
	}
	switch r.Kind {
	case order.ToUnit:
		m.CallSign = b.house.Unit(cad.UnitID(r.ID)).CallSign
	case order.ToOrg:
		m.Name = orgName(b.house.Org, cad.OrgID(r.ID))
	case order.ToSeat:
		for _, s := range b.house.Org.Seats {
			if s.ID == r.ID {
				m.Name = s.Name
			}
		}
	}
	if reads {
		m.Report = b.text(r.Report)
	}
	if r.Ask != nil {
		m.Ask = &AskMark{Until: r.Ask.Until, At: r.Ask.At}
		if reads {
			m.Ask.Text = b.text(r.Ask.Text)
		}
	}
	return m
}

// Orders gives the rows of orders for a class of session, the newest first, as finished JSON, with the position that they
// belong to.
func (b *Board) Orders(c Class, openOnly bool) (rows [][]byte, asOf cad.Seq) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	states := make([]*order.State, 0, len(b.house.Orders))
	for _, s := range b.house.Orders {
		if !openOnly || s.Open() {
			states = append(states, s)
		}
	}
	slices.SortFunc(states, func(x, y *order.State) int { return cmp.Compare(y.Number, x.Number) })
	for _, s := range states {
		if row, sees := b.order(c, s.ID); sees {
			rows = append(rows, row)
		}
	}
	return rows, b.house.Seq
}

// Order gives one row, as Incident does.
func (b *Board) Order(c Class, id cad.OrderID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.order(c, id)
}

func (b *Board) order(c Class, id cad.OrderID) ([]byte, bool) {
	s := b.house.Orders[id]
	if s == nil {
		return nil, false
	}
	return b.render(c, order.Subject(id), func() (any, bool) { return b.orderRow(c, s) })
}
