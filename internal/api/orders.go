package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/order"
)

type (
	toBody struct {
		Kind string `json:"kind" enum:"unit,org,seat"`
		ID   string `json:"id" maxLength:"80"`
	}
	oralBody struct {
		By      string    `json:"by" enum:"duty_chief,duty_commander,floor_supervisor,superior" doc:"The office whose word it was."`
		Speaker string    `json:"speaker,omitempty" maxLength:"200" doc:"Who said it, by name; kept with the private words."`
		SaidAt  time.Time `json:"said_at" doc:"When it was said; within the last 30 days."`
	}
	// OrderInput is an order as clients send it.
	OrderInput struct {
		ID       string        `json:"id,omitempty" doc:"A UUID chosen by the client; made here if it is left out."`
		Kind     order.Kind    `json:"kind,omitempty" enum:"incident,work,duty,warning,assist" doc:"By default incident if it belongs to one, else work."`
		Urgency  order.Urgency `json:"urgency,omitempty" enum:"routine,urgent,flash" doc:"routine 平急 by default, urgent 加急, flash 特急."`
		Power    cad.Power     `json:"power,omitempty" enum:"direct,first_response,notify,inspect" doc:"The power that it is given under; the header Power if it is left out."`
		To       []toBody      `json:"to" maxItems:"500"`
		Text     string        `json:"text" maxLength:"10000"`
		Due      time.Time     `json:"due,omitempty" doc:"When everybody must have reported. Only an order by word may be without."`
		Incident string        `json:"incident,omitempty" maxLength:"80" doc:"Id or number of the incident that it belongs to."`
		Oral     *oralBody     `json:"oral,omitempty" doc:"It was given by word and is written down now (口头指令)."`
	}
	recipientBody struct {
		To   *toBody `json:"to,omitempty" doc:"Whose word it is; may be left out when there is one recipient only, or one who is you."`
		Text string  `json:"text,omitempty" maxLength:"100000"`
	}
	askBody struct {
		To     *toBody   `json:"to,omitempty"`
		Until  time.Time `json:"until"`
		Reason string    `json:"reason" maxLength:"10000"`
	}
	extendBody struct {
		Until   time.Time `json:"until,omitempty" doc:"The latest that was asked for, if it is left out."`
		Decline bool      `json:"decline,omitempty" doc:"No: there is no more time."`
		To      *toBody   `json:"to,omitempty" doc:"With decline: whose wish."`
		Reason  string    `json:"reason,omitempty" maxLength:"10000"`
	}
	checkBody struct {
		Back   bool     `json:"back,omitempty" doc:"What was reported is not in order: it is sent back."`
		To     []toBody `json:"to,omitempty" maxItems:"500" doc:"With back: whose report; all if it is left out."`
		Keep   bool     `json:"keep,omitempty" doc:"Checked, but not cleared yet."`
		Reason string   `json:"reason,omitempty" maxLength:"10000"`
	}
	chaseOrderBody struct {
		To   []toBody `json:"to,omitempty" maxItems:"500" doc:"All who owe something if it is left out."`
		Step string   `json:"step,omitempty" enum:"chase,supervise"`
		Text string   `json:"text,omitempty" maxLength:"10000"`
	}
)

func (b toBody) to() order.To { return order.To{Kind: b.Kind, ID: b.ID} }

func tosOf(list []toBody) []order.To {
	out := make([]order.To, 0, len(list))
	for _, b := range list {
		out = append(out, b.to())
	}
	return out
}

type orderInput struct {
	WriteHeaders
	Body    OrderInput
	RawBody []byte
}

// orderRoutes lists the addresses about orders.
func (s *Server) orderRoutes() {
	huma.Register(s.api, get[list[board.OrderRow]](s, "/orders", "orders", "Orders, the newest first", "orders"),
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,all" default:"open"`
		},
		) (*rawOutput, error) {
			rows, asOf := centreOf(ctx).Board.Orders(board.ClassOf(actorOf(ctx)), in.State != "all")
			return finished(joinRows(asOf, rows)), nil
		})
	s.issueRoute()
	s.recipientRoutes()
	s.issuerRoutes()
}

// issueRoute registers the giving of an order.
func (s *Server) issueRoute() {
	op := huma.Operation{
		OperationID: operationID("/orders"), Method: http.MethodPost, Path: "/api/v1/orders", Summary: "Give an order, or write one down that was given by word",
		MaxBodyBytes: maxBodyBytes, Tags: []string{"orders"}, DefaultStatus: http.StatusCreated, Errors: writeErrors(),
	}
	huma.Register(s.api, op, func(ctx context.Context, in *orderInput) (*writeOutput, error) {
		q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
		if in.Body.Power == "" {
			in.Body.Power = in.Power
		}
		in.Power = in.Body.Power
		cmd, err := q.issue(in.Body)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		if cmd.Oral != nil { // It happened when it was said, and a person says so.
			in.Happened, in.From = cmd.Oral.SaidAt, cad.FromPerson
		}
		return s.do(q, in.WriteHeaders, in.RawBody, cmd, http.StatusCreated)
	})
}

// issue makes the command of an order as clients send it.
func (q request) issue(b OrderInput) (joint.IssueOrder, error) {
	id, good := idOr(b.ID)
	if !good {
		return joint.IssueOrder{}, fault.New("api.Order", fault.Invalid, "the id is no UUID").Because("bad_id").At("id").Mend("send a new UUID, or leave the id out")
	}
	cmd := joint.IssueOrder{
		ID: cad.OrderID(id), Kind: b.Kind, Urgency: b.Urgency, Power: b.Power, To: tosOf(b.To), Incident: q.incidentID(b.Incident),
	}
	if b.Incident != "" && cmd.Incident == "" {
		return cmd, noIncident("api.Order")
	}
	q.centre.Board.Look(func(h *joint.House) { cmd.Incident = h.Survivor(cmd.Incident) }) // Its words are sealed under what it lives on in.
	if !b.Due.IsZero() {
		cmd.Due = b.Due.UTC()
	}
	words := board.OrderWords{Text: b.Text}
	if b.Oral != nil {
		cmd.Oral = &order.Oral{By: b.Oral.By, SaidAt: b.Oral.SaidAt.UTC()}
		words.Speaker = b.Oral.Speaker
	}
	if strings.TrimSpace(b.Text) == "" {
		return cmd, nil // The room says that it must say something.
	}
	var err error
	cmd.Text, err = q.centre.Desk.Seal(wordsOf(cmd.ID, cmd.Incident), words)
	return cmd, err
}

// order is an order by id or number, with the life that its words are sealed under.
func (q request) order(id string) (order.State, cad.Subject) {
	var s order.State
	q.centre.Board.Look(func(h *joint.House) {
		if s = h.Order(cad.OrderID(id)); s.ID == "" {
			for _, o := range h.Orders {
				if id == strconv.FormatInt(o.Number, 10) {
					s = *o
				}
			}
		}
	})
	if s.ID == "" {
		s.ID = cad.OrderID(id) // The desk says that there is none.
	}
	return s, wordsOf(s.ID, s.Incident)
}

// wordsOf is the life that the words of an order are sealed under: its incident's, so that they are erased with it.
func wordsOf(id cad.OrderID, of cad.IncidentID) cad.Subject {
	if of != "" {
		return incident.Subject(of)
	}
	return order.Subject(id)
}

// speaks is the recipient whose word a request brings: whom it names, or the one that the actor is, or the only one.
func (q request) speaks(s order.State, named *toBody) (order.To, error) {
	if named != nil {
		return named.to(), nil
	}
	mine := order.To{Kind: order.ToSeat, ID: string(q.actor.Seat)}
	switch c := board.ClassOf(q.actor); {
	case c.Unit != "":
		mine = order.To{Kind: order.ToUnit, ID: string(c.Unit)}
	case c.Org != "":
		mine = order.To{Kind: order.ToOrg, ID: string(c.Org)}
	}
	for _, r := range s.To {
		if r.To == mine && mine.ID != "" {
			return mine, nil
		}
	}
	if len(s.To) == 1 {
		return s.To[0].To, nil
	}
	if s.Number == 0 {
		return order.To{}, nil // The desk says that there is none.
	}
	return order.To{}, fault.New("api.Order", fault.Invalid, "the order has several recipients").Because("which_recipient").At("to").Mend("say whose word it is")
}

func (s *Server) recipientRoutes() {
	recipient := func(name, summary string, cmd func(id cad.OrderID, t order.To, text cad.Sealed) order.Command) {
		put(s, "/orders/{id}/"+name, summary, func(q request, id string, b recipientBody) (joint.Command, error) {
			o, under := q.order(id)
			t, err := q.speaks(o, b.To)
			if err != nil {
				return nil, err
			}
			sealed, err := q.seal(under, b.Text)
			return joint.AboutOrder{ID: o.ID, Name: name, For: &t, Cmd: cmd(o.ID, t, sealed)}, err
		})
	}
	recipient("sign", "A recipient has taken the order", func(id cad.OrderID, t order.To, _ cad.Sealed) order.Command { return order.Sign{ID: id, To: t} })
	recipient("act", "A recipient works on it", func(id cad.OrderID, t order.To, _ cad.Sealed) order.Command { return order.Act{ID: id, To: t} })
	recipient("report", "A recipient says what he has done", func(id cad.OrderID, t order.To, text cad.Sealed) order.Command {
		return order.Report{ID: id, To: t, Text: text}
	})
	put(s, "/orders/{id}/ask-extension", "A recipient asks for more time", func(q request, id string, b askBody) (joint.Command, error) {
		o, under := q.order(id)
		t, err := q.speaks(o, b.To)
		if err != nil {
			return nil, err
		}
		sealed, err := q.seal(under, b.Reason)
		return joint.AboutOrder{ID: o.ID, Name: "ask_extension", For: &t, Cmd: order.AskExtension{ID: o.ID, To: t, Until: b.Until.UTC(), Text: sealed}}, err
	})
}

func (s *Server) issuerRoutes() {
	put(s, "/orders/{id}/check", "What was reported is in order, or goes back", func(q request, id string, b checkBody) (joint.Command, error) {
		o, under := q.order(id)
		sealed, err := q.seal(under, b.Reason)
		return joint.AboutOrder{ID: o.ID, Name: "check", Cmd: order.Check{ID: o.ID, Good: !b.Back, Clear: !b.Keep, To: tosOf(b.To), Text: sealed}}, err
	})
	put(s, "/orders/{id}/clear", "Take a checked order off the list", func(q request, id string, _ struct{}) (joint.Command, error) {
		o, _ := q.order(id)
		return joint.AboutOrder{ID: o.ID, Name: "clear", Cmd: order.Clear{ID: o.ID}}, nil
	})
	put(s, "/orders/{id}/revoke", "Take an order back", func(q request, id string, b textBody) (joint.Command, error) {
		o, under := q.order(id)
		sealed, err := q.seal(under, b.words())
		return joint.AboutOrder{ID: o.ID, Name: "revoke", Cmd: order.Revoke{ID: o.ID, Text: sealed}}, err
	})
	put(s, "/orders/{id}/extend", "Give more time, or decline it", func(q request, id string, b extendBody) (joint.Command, error) {
		o, under := q.order(id)
		sealed, err := q.seal(under, b.Reason)
		if err != nil || !b.Decline {
			return joint.AboutOrder{ID: o.ID, Name: "extend", Cmd: order.Extend{ID: o.ID, Until: b.Until.UTC(), Text: sealed}}, err
		}
		t, err := q.asks(o, b.To)
		return joint.AboutOrder{ID: o.ID, Name: "decline_extension", Cmd: order.DeclineExtension{ID: o.ID, To: t, Text: sealed}}, err
	})
	put(s, "/orders/{id}/chase", "Remind whoever owes a signature or a report", func(q request, id string, b chaseOrderBody) (joint.Command, error) {
		o, under := q.order(id)
		sealed, err := q.seal(under, b.Text)
		name := b.Step
		if name == "" {
			name = order.StepChase
		}
		return joint.AboutOrder{ID: o.ID, Name: name, Cmd: order.Chase{ID: o.ID, To: tosOf(b.To), Step: name, Text: sealed}}, err
	})
}

// asks is whose wish for more time is declined: whom the request names, or the only one who has one.
func (q request) asks(s order.State, named *toBody) (order.To, error) {
	if named != nil {
		return named.to(), nil
	}
	var found []order.To
	for _, r := range s.To {
		if r.Ask != nil {
			found = append(found, r.To)
		}
	}
	if len(found) > 1 {
		return order.To{}, fault.New("api.Order", fault.Invalid, "several recipients ask for more time").Because("which_recipient").At("to").Mend("say whose wish is declined")
	}
	if len(found) == 0 {
		return order.To{}, nil // The desk says that nobody asks.
	}
	return found[0], nil
}
