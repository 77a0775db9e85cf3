package api

import (
	"strconv"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/gazetteer"
	"shuniu/internal/joint"
	"shuniu/internal/joint/line"
	"shuniu/internal/order"
)

// typed is a line with what must be known beside the house.
func (q request) typed(h *joint.House, text string) line.Input {
	zone, err := time.LoadLocation(h.Org.Zone)
	if err != nil {
		zone = time.UTC
	}
	sees := func(id cad.OrderID) bool {
		return q.centre.Desk.May(q.actor, "order.read", h.Thing(order.Subject(id))) == nil
	}
	return line.Input{Text: text, Now: q.centre.Desk.Now().In(zone), Initials: initialsOf, Sees: sees}
}

// spelt remembers the initials of names: those of the centre's lists, asked for at every key press.
var spelt sync.Map //nolint:gochecknoglobals // A memory of a pure function.

// initialsOf are the ways to type a name by the initials of its sounds.
func initialsOf(name string) []string {
	if held, ok := spelt.Load(name); ok {
		if out, ok := held.([]string); ok {
			return out
		}
	}
	out := gazetteer.Initials(name)
	spelt.Store(name, out)
	return out
}

// complete says how a line may go on. A fault of it costs what it would have offered, never the line.
func (q request) complete(text string) (out []line.Completion) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	places := q.centre.places().offered(text)
	q.centre.Board.Look(func(h *joint.House) {
		in := q.typed(h, text)
		in.Places = places
		out = line.Complete(h, in)
	})
	return out
}

// several does lines one after another, each as if it had been typed. The first refusal ends it and says which are done:
// each is a command of its own, because a later one may rest on an earlier one.
func (s *Server) several(q request, h WriteHeaders, in commandBody, output *commandOutput) error {
	out := &output.Body
	for _, text := range out.Plan.Lines {
		out.Steps = append(out.Steps, CommandStep{Text: text})
	}
	key := h.Key
	for i := range out.Steps {
		one := in
		one.Text, one.Choice, one.inner = out.Steps[i].Text, 0, true
		if key != "" {
			h.Key = key + "/" + strconv.Itoa(i+1)
		}
		h.IfSeq = 0 // It was about the line as a whole.
		answer, err := s.command(q, h, one)
		if err != nil {
			return err
		}
		a := &answer.Body
		out.Steps[i].Preview = a.Preview
		if in.DryRun && i > 0 && a.Status == "wrong" {
			a.Status = "preview" // It may rest on what an earlier one does.
		}
		if a.Status != "ok" && a.Status != "preview" {
			return s.stopped(out, i, a)
		}
		out.Steps[i].Done = a.Status == "ok"
		out.Seq, out.Undo, output.Replay = max(out.Seq, a.Seq), a.Undo, answer.Body.Status == "ok" && answer.Replay
		if a.Show != nil {
			out.Show = a.Show
		}
	}
	if !in.DryRun {
		out.Status = "ok"
	}
	return nil
}

// stopped says which of several lines was not done.
func (s *Server) stopped(out *CommandAnswer, at int, a *CommandAnswer) error {
	why := ""
	if a.Preview != nil {
		why = a.Preview.Text
	}
	e := fault.New("api.Command", fault.Conflict, "line %d is not done: %s", at+1, why).
		Because("line.stopped", "done", strconv.Itoa(at), "line", out.Steps[at].Text, "why", why).Mend("type that line by itself, with what is missing")
	if at == 0 && a.Preview != nil && a.Status == "wrong" {
		out.Status, out.Preview, out.Remedy = a.Status, a.Preview, a.Remedy
		return nil
	}
	out.wrong(problemOf(e))
	return nil
}
