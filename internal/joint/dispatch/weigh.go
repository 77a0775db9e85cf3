package dispatch

import (
	"context"
	"slices"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/unit"
)

// Weighed is what sending one unit would leave behind.
type Weighed struct {
	Unit     cad.UnitID `json:"unit"`
	CallSign string     `json:"call_sign,omitempty"`
	State    string     `json:"state" enum:"free,busy,here,off,unknown" doc:"here: it is on this incident already. off: it cannot be sent; why says it."`
	Why      *Reason    `json:"why,omitempty"`
	At       *Leaves    `json:"at,omitempty" doc:"What it works on now; absent where it is free."`
	Behind   []int64    `json:"behind,omitempty" doc:"Numbers of the incidents that are stacked behind that, in their order."`
	Cover    *Cost      `json:"cover,omitempty" doc:"What the city loses while it is away; absent where that is not known, or where it is lost already."`
	EtaS     *int64     `json:"eta_s,omitempty" doc:"Seconds until it would be here."`
}

// Leaves is the incident that a busy unit would leave.
type Leaves struct {
	Incident cad.IncidentID   `json:"incident"`
	Number   int64            `json:"number"`
	Priority cad.Priority     `json:"priority,omitempty"`
	Stage    assignment.Stage `json:"stage" doc:"How far the unit is there."`
	Left     int              `json:"left" doc:"Units that stay there, this one and all others that are weighed with it not counted."`
	By       cad.ActorID      `json:"by,omitempty" doc:"Who sent it there."`
	SinceS   int64            `json:"since_s" doc:"Seconds since it was sent there."`
}

// Weigh says what sending units to an incident would leave uncovered: the incidents that they leave, and the areas that
// lose them. It decides nothing. Sent counts who is on each incident.
func Weigh(ctx context.Context, in Input, units []cad.UnitID, sent func(cad.IncidentID) []cad.UnitID) []Weighed {
	only := make(map[cad.UnitID]*unit.State, len(units))
	for _, id := range units {
		if u := in.Units[id]; u != nil {
			only[id] = u
		}
	}
	asked := in
	asked.Units = only
	all, _ := asked.prospects(ctx)
	asked.lose(all)
	eta := make(map[cad.UnitID]*prospect, len(all))
	for i := range all {
		eta[all[i].u.ID] = &all[i]
	}
	out := make([]Weighed, 0, len(units))
	for i, id := range units {
		if !slices.Contains(units[:i], id) {
			out = append(out, asked.weigh(id, eta[id], units, sent))
		}
	}
	return out
}

func (in *Input) weigh(id cad.UnitID, p *prospect, units []cad.UnitID, sent func(cad.IncidentID) []cad.UnitID) Weighed {
	w := Weighed{Unit: id, State: "unknown"}
	u := in.Units[id]
	if u == nil {
		return w
	}
	w.CallSign, w.State = u.CallSign, "free"
	if p != nil && p.reach {
		w.EtaS = new(seconds(p.ms))
	}
	if p != nil && p.state == StateFree && p.covered {
		w.Cover = costOf(p.loss)
	}
	if step := cad.StepOf("dispatch", mayGo("dispatch.Weigh", id, *u)); !step.Allowed {
		w.State, w.Why = "off", &Reason{Code: step.Code, Params: step.Params}
		return w
	}
	stack := in.Stack(id)
	for i, a := range stack {
		if a.Incident == in.Incident.ID && a.Primary {
			w.State = "here"
			return w
		}
		if i > 0 && a.Incident != in.Incident.ID {
			w.Behind = append(w.Behind, in.Number(a.Incident))
		}
	}
	if len(stack) == 0 {
		return w
	}
	head := stack[0]
	w.State = "busy"
	w.At = &Leaves{
		Incident: head.Incident, Number: in.Number(head.Incident), Priority: in.job(head.Incident).Priority, Stage: head.Stage, By: head.DispatchedBy,
		SinceS: max(0, int64(in.Now.Sub(head.DispatchedAt).Seconds())),
	}
	for _, other := range sent(head.Incident) {
		if !slices.Contains(units, other) {
			w.At.Left++
		}
	}
	return w
}
