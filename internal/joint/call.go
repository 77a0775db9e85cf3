package joint

import (
	"maps"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
)

// AboutCall brings a command of the call room to one call.
type AboutCall struct {
	ID   cad.CallID
	Name string
	Cmd  call.Command
}

// Verb names it for policy.
func (c AboutCall) Verb() string { return "call." + c.Name }

// Target is the call.
func (c AboutCall) Target() cad.Subject { return call.Subject(c.ID) }

// Emergency is true: everything about a call is.
func (AboutCall) Emergency() bool { return true }

// Reach is the call that a call of ours answers.
func (c AboutCall) Reach(h *House) []cad.Subject {
	if of := h.Call(c.ID).BackOf; of != "" {
		return []cad.Subject{call.Subject(of)}
	}
	return nil
}

// Decide asks the room. A seat speaks with one caller at a time: whoever it spoke with before waits. What came of
// calling somebody back is told of his own call, too.
func (c AboutCall) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Call(c.ID)
	facts, err := c.Cmd.Decide(s, h.aroundCall(m))
	facts, err = checked(facts, err, h.checkCall(c.Cmd))
	if err != nil || len(facts) == 0 {
		return emit(facts, Answer{ID: string(c.ID)}), err
	}
	more, err := h.besides(s, facts, m)
	return emit(append(facts, more...), Answer{ID: string(c.ID)}), err
}

// takeGrace is how long whoever has a call may say keep, where the centre does not say.
const takeGrace = 10 * time.Second

func (h *House) aroundCall(m Moment) call.Around {
	grace := takeGrace
	if s := h.Org.TakeGraceS; s > 0 {
		grace = time.Duration(s) * time.Second
	}
	return call.Around{Now: m.Now, Actor: m.Actor, Seat: m.Seat, Grace: grace}
}

// besides is what facts of a call mean for other calls.
func (h *House) besides(s call.State, facts []cad.Fact, m Moment) ([]cad.Fact, error) {
	for _, f := range facts {
		switch f.(type) {
		case call.Answered:
			if !s.Out { // Whoever dialled has let the others wait then.
				return h.holdOthers(s.ID, m)
			}
			return h.tellBack(s, call.Reached, m)
		case call.Resumed, call.TakenOver:
			return h.holdOthers(s.ID, m)
		case call.HungUp:
			return h.tellBack(s, call.NotReached, m)
		}
	}
	return nil, nil
}

// tellBack tells the call that a call of ours answers what came of it.
func (h *House) tellBack(s call.State, r call.Result, m Moment) ([]cad.Fact, error) {
	if s.BackOf == "" {
		return nil, nil
	}
	return call.TellBack{ID: s.BackOf, Call: s.ID, Result: r}.Decide(h.Call(s.BackOf), h.aroundCall(m))
}

// holdOthers lets everybody wait with whom the seat speaks, but one. Outside a seat nobody knows who speaks with whom.
func (h *House) holdOthers(but cad.CallID, m Moment) ([]cad.Fact, error) {
	if m.Seat == "" {
		return nil, nil
	}
	var out []cad.Fact
	for _, id := range slices.Sorted(maps.Keys(h.Calls)) {
		s := h.Calls[id]
		if id == but || !s.Speaking || !s.Held.IsZero() || s.Has().Seat != m.Seat {
			continue
		}
		facts, err := call.Hold{ID: id}.Decide(*s, h.aroundCall(m))
		if err != nil {
			return nil, err
		}
		out = append(out, facts...)
	}
	return out, nil
}

// CallBack rings the caller of a call that was lost, or that is over. The new call belongs to the same incident.
type CallBack struct {
	Call   cad.CallID
	New    cad.CallID // The call to make.
	Number cad.Sealed // Sealed for the new call.
}

// Verb names it for policy.
func (CallBack) Verb() string { return "call.back" }

// Target is the call that is called back.
func (c CallBack) Target() cad.Subject { return call.Subject(c.Call) }

// Reach is the call to make, in case there is one of that name.
func (c CallBack) Reach(*House) []cad.Subject { return []cad.Subject{call.Subject(c.New)} }

// Emergency is true: somebody may need help there.
func (CallBack) Emergency() bool { return true }

// Decide dials.
func (c CallBack) Decide(h *House, m Moment) (Outcome, error) {
	a, old, answer := h.aroundCall(m), h.Call(c.Call), Answer{ID: string(c.New), Call: c.New}
	if b := old.Back; b != nil && b.Call == c.New { // Networks repeat.
		return emit(nil, answer), nil
	}
	told, err := call.TellBack{ID: c.Call, Call: c.New, Result: call.Trying}.Decide(old, a)
	if err != nil {
		return Outcome{}, err
	}
	if h.Last(call.Subject(c.New)) > 0 {
		return Outcome{}, fault.New("call.Dial", fault.Conflict, "there is a call of that id").Because("id_taken").At("id").Mend("send another id, or none")
	}
	facts, err := call.Dial{ID: c.New, BackOf: c.Call, Number: c.Number}.Decide(call.State{}, a)
	if err != nil {
		return Outcome{}, err
	}
	if old.Incident != "" {
		attached, err := call.Attach{ID: c.New, Incident: h.Survivor(old.Incident)}.Decide(folded(call.State{}, facts, m), a)
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, attached...)
	}
	waits, err := h.holdOthers(c.New, m)
	return emit(slices.Concat(facts, told, waits), answer), err
}

// folded is a call after facts that are not recorded yet.
func folded(s call.State, facts []cad.Fact, m Moment) call.State {
	for _, f := range facts {
		if cf, ok := f.(call.Fact); ok {
			s = call.Evolve(s, cf, cad.Stamp{At: m.Now, Happened: m.Now, Actor: m.Actor, Seat: m.Seat})
		}
	}
	return s
}
