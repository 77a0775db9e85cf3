package board

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
)

// CallRow is one call as the panels show it.
type CallRow struct {
	ID         cad.CallID     `json:"id"`
	Seq        cad.Seq        `json:"seq"`
	State      string         `json:"state"`
	Arrived    time.Time      `json:"arrived"`
	AnsweredAt *time.Time     `json:"answered_at,omitempty"`
	AnsweredBy cad.ActorID    `json:"answered_by,omitempty"`
	Line       string         `json:"line,omitempty"`
	Number     string         `json:"number,omitempty"`
	Name       string         `json:"name,omitempty"`
	Masked     bool           `json:"masked,omitempty"`
	Erased     bool           `json:"erased,omitempty"`
	Place      *Place         `json:"place,omitempty"`
	Aside      []cad.Aside    `json:"aside,omitempty"`
	Degraded   bool           `json:"degraded,omitempty" doc:"Parts of what was told of it could not be used."`
	Incident   cad.IncidentID `json:"incident,omitempty"`
	IncidentNo int64          `json:"incident_number,omitempty"`

	Direction  string      `json:"direction" enum:"in,out"`
	Speaking   bool        `json:"speaking,omitempty" doc:"The line is open; also while the caller is on hold."`
	Holder     *CallHolder `json:"holder,omitempty" doc:"Who has the call."`
	Held       *time.Time  `json:"held,omitempty" doc:"Since when the caller is on hold."`
	Conference []CallParty `json:"conference,omitempty" doc:"Who else is on the line."`
	Recording  []string    `json:"recording,omitempty" doc:"References of the telephone system."`
	Asked      *CallAsk    `json:"asked,omitempty" doc:"Another seat asks for it."`
	PassedTo   cad.SeatID  `json:"passed_to,omitempty" doc:"This seat may take it at once."`
	Nuisance   bool        `json:"nuisance,omitempty"`
	Lost       call.Phase  `json:"lost,omitempty" doc:"abandoned or silent; stays when it belongs to an incident."`
	Ended      *time.Time  `json:"ended,omitempty" doc:"When the line closed."`
	BackOf     cad.CallID  `json:"back_of,omitempty" doc:"The call whose caller this one rings."`
	Back       *call.Back  `json:"back,omitempty" doc:"The newest try to call back."`
	Next       []cad.Step  `json:"next"`
}

// CallHolder is who has a call.
type CallHolder struct {
	Actor cad.ActorID `json:"actor"`
	Seat  cad.SeatID  `json:"seat,omitempty"`
}

// CallParty is somebody else on the line.
type CallParty struct {
	Leg   string         `json:"leg" doc:"Names this stay on the line: send it to end it."`
	Kind  call.PartyKind `json:"kind" enum:"partner,number,seat"`
	To    string         `json:"to,omitempty"`
	Since time.Time      `json:"since"`
}

// CallAsk is another seat that asks for a call.
type CallAsk struct {
	By    cad.ActorID `json:"by"`
	Seat  cad.SeatID  `json:"seat,omitempty"`
	Until time.Time   `json:"until" doc:"From then on it may take the call."`
}

func (b *Board) callRow(c Class, s *call.State) (CallRow, bool) {
	subject := call.Subject(s.ID)
	if !b.may(c, "call.read", subject) { // Stations and crews see callers on their incidents only.
		return CallRow{}, false
	}
	row := CallRow{
		ID: s.ID, Seq: b.house.Last(subject), State: string(s.Phase), Arrived: s.Arrived, AnsweredAt: moment(s.Answered), AnsweredBy: s.AnsweredBy,
		Line: s.Line, Place: placeOf(s.Place, "", false), Aside: s.Aside, Degraded: len(s.Aside) > 0, Incident: s.Incident, IncidentNo: b.house.Incident(s.Incident).Number,
	}
	if b.seesPrivate(c, subject) {
		var who Caller
		kept, err := b.unseal(s.Caller, &who)
		row.Erased, row.Masked, row.Number, row.Name = !kept && err == nil, err != nil, short(who.Number), short(who.Name)
	} else {
		row.Masked = !s.Caller.IsZero()
	}
	b.addLine(c, &row, s)
	row.Next = b.next(c, "call", subject, call.Next(*s, call.Around{}))
	for i, step := range row.Next {
		if step.Verb == "back" && step.Allowed && row.Number == "" {
			row.Next[i] = cad.StepOf("back", NoNumber())
		}
	}
	return row, true
}

// NoNumber refuses to ring somebody whose number nobody knows.
func NoNumber() error {
	return fault.New("call.Back", fault.Conflict, "nobody knows the number").Because("no_number").Mend("send somebody to look, or find out who it was")
}

// addLine adds what is true of the line.
func (b *Board) addLine(c Class, row *CallRow, s *call.State) {
	row.Direction, row.Speaking, row.Held, row.Recording = "in", s.Speaking, moment(s.Held), s.Recordings
	row.PassedTo, row.Nuisance, row.Lost, row.Ended, row.BackOf, row.Back = s.PassedTo, s.Nuisance, s.Lost, moment(s.HungUp), s.BackOf, s.Back
	if s.Out {
		row.Direction = "out"
	}
	if h := s.Has(); h.Actor != "" {
		row.Holder = &CallHolder{Actor: h.Actor, Seat: h.Seat}
	}
	if k := s.Asked; k != nil {
		row.Asked = &CallAsk{By: k.By, Seat: k.Seat, Until: k.Until}
	}
	reads := b.seesPrivate(c, call.Subject(s.ID))
	for _, p := range s.With {
		party := CallParty{Leg: p.Leg, Kind: p.Kind, To: p.To, Since: p.Since}
		var who Caller
		if kept, err := b.unseal(p.Number, &who); reads && kept && err == nil && p.Kind == call.WithNumber {
			party.To = short(who.Number)
		}
		row.Conference = append(row.Conference, party)
	}
}

// openCall says whether somebody still has work with a call: he is to be answered, spoken with, written down or called back.
func (b *Board) openCall(s *call.State) bool {
	switch {
	case s.Incident == "" && s.EndedAt.IsZero() || s.Speaking || s.Dialling():
		return true
	case s.Lost == "" || s.Nuisance || s.Back != nil && s.Back.Result == call.Reached:
		return false
	}
	i := b.house.Incidents[s.Incident]
	return i != nil && i.Open()
}
