package joint

import (
	"cmp"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
)

// leadS is how long before an appointment its incident comes into the queue where the centre does not say, in seconds.
const leadS = 30 * 60

// completed adds to a command of the incident room what the centre's settings say.
func (h *House) completed(cmd incident.Command) incident.Command {
	switch c := cmd.(type) {
	case incident.Schedule:
		c.LeadS = cmp.Or(h.Org.LeadS, leadS)
		return c
	case incident.AskSeat:
		c.WithinS = h.Org.SeatWithinS
		return c
	}
	return cmd
}

// answerable refuses an answer to a question that the centre does not ask, and one that the question cannot have.
func (h *House) answerable(x incident.Said) error {
	const op = "incident.TakeAnswers"
	q, ok := h.Org.Question(x.Question)
	switch {
	case !ok:
		return fault.New(op, fault.Invalid, "this centre asks no question %q", x.Question).Because("unknown_question", "question", x.Question).At("answers")
	case x.Worded && q.Kind == "text", q.Takes(x.Value):
		return nil
	}
	return fault.New(op, fault.Invalid, "%q is no answer to %q", x.Value, x.Question).Because("bad_answer", "question", x.Question, "value", x.Value).At("answers").
		Mend("give one of the question's options, a whole number, or yes, no or unknown")
}

// begun adds to the facts that open an incident what else was said at once: answers, an appointment, and the seat that it
// goes to before any car. What cannot be used is set aside, because nobody is refused for it (promise P8).
func (c *Receive) begun(h *House, m Moment) (more []incident.Command) {
	good := c.Answers[:0:0]
	for _, x := range c.Answers {
		if h.answerable(x) == nil && len(good) < incident.AnswersMax {
			good = append(good, x)
			continue
		}
		c.Aside = append(c.Aside, incident.Aside{Field: "answers", Why: "unknown_answer"})
	}
	if len(good) > 0 {
		more = append(more, incident.TakeAnswers{ID: c.ID, Answers: good, Words: c.AnswerWords})
	}
	if !c.Scheduled.IsZero() {
		grade := GradeOf(h.Org, c.Type, c.Priority, c.Level, nil)
		trial := incident.Schedule{ID: c.ID, At: c.Scheduled}
		open := incident.State{ID: c.ID, Phase: incident.Received, Priority: grade.Priority}
		if _, err := trial.Decide(open, h.aroundIncident(c.ID, m)); err != nil {
			c.Aside = append(c.Aside, incident.Aside{Field: "scheduled", Why: "bad_time"})
		} else {
			more = append(more, trial)
		}
	}
	if seat := h.Org.Types[c.Type].Seat; seat != "" {
		more = append(more, incident.AskSeat{ID: c.ID, Seat: cad.SeatID(seat)})
	}
	return more
}

// then decides further commands about an incident on what the facts before them make of it.
func (h *House) then(s incident.State, facts []cad.Fact, more []incident.Command, m Moment) ([]cad.Fact, error) {
	fold := func(facts []cad.Fact) {
		for _, f := range facts {
			if own, ok := f.(incident.Fact); ok {
				s = incident.Evolve(s, own, cad.Stamp{At: m.Now, Happened: m.Now, Actor: m.Actor})
			}
		}
	}
	fold(facts)
	for _, cmd := range more {
		next, err := h.completed(cmd).Decide(s, h.aroundIncident(s.ID, m))
		if err != nil {
			return nil, err
		}
		fold(next)
		facts = append(facts, next...)
	}
	return facts, nil
}

// seatOf is the command that asks the seat to which a type goes first; none where it was asked before.
func (h *House) seatOf(s incident.State, t cad.TypeID) []incident.Command {
	seat := cad.SeatID(h.Org.Types[t].Seat)
	if seat == "" || t == s.Type || slices.ContainsFunc(s.Seats, func(x incident.SeatTask) bool { return x.Seat == seat }) {
		return nil
	}
	return []incident.Command{incident.AskSeat{ID: s.ID, Seat: seat}}
}
