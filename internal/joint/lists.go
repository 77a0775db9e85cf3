package joint

import (
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// choicesMax is how many choices a refusal names; a centre may have hundreds of types.
const choicesMax = 40

// offered refuses a word that is in no list of the centre. An empty word is the room's business, and a centre that has
// no such list takes any word. It is asked when a command is decided, never when a fact is folded: a list may change.
func offered(op, code, field, word string, choices []string) error {
	if word == "" || len(choices) == 0 || slices.Contains(choices, word) {
		return nil
	}
	what := strings.TrimPrefix(code, "unknown_")
	named := strings.Join(choices[:min(len(choices), choicesMax)], ", ")
	return fault.New(op, fault.Invalid, "this centre has no such %s", what).
		Because(code, what, cut(word), "choices", named).At(field).Mend("choose one of: " + named)
}

// cut keeps a wrong word from filling the answer.
func cut(word string) string {
	if r := []rune(word); len(r) > 40 {
		return string(r[:40])
	}
	return word
}

func idsOf(items []org.Item) []string {
	out := make([]string, 0, len(items))
	for _, x := range items {
		out = append(out, x.ID)
	}
	return out
}

// partnersFor are the partners that act with us, or that take over from us.
func partnersFor(o *org.State, mode string) []string {
	out := make([]string, 0, len(o.Partners))
	for _, x := range o.Partners {
		if x.Mode == mode || x.Mode == "" || x.Mode == "both" {
			out = append(out, x.ID)
		}
	}
	return out
}

func typesOf(o *org.State) []string {
	out := make([]string, 0, len(o.TypeOrder))
	for _, t := range o.TypeOrder {
		out = append(out, string(t))
	}
	return out
}

// checkIncident holds the words of a command of the incident room against the centre's lists.
func (h *House) checkIncident(c incident.Command, m Moment) error {
	switch c := c.(type) {
	case incident.GiveFeedback:
		if err := offered("incident.GiveFeedback", "unknown_result", "result", c.Result, idsOf(h.Org.Results)); err != nil {
			return err
		}
		return offered("incident.GiveFeedback", "unknown_type", "type", string(c.Type), typesOf(h.Org))
	case incident.TakeAnswers:
		for _, x := range c.Answers {
			if err := h.answerable(x); err != nil {
				return err
			}
		}
	case incident.AskSeat:
		return offered("incident.AskSeat", "unknown_seat", "seat", string(c.Seat), idsOf(h.Org.Seats))
	case incident.EndSeat:
		return offered("incident.EndSeat", "unknown_result", "result", c.Result, idsOf(h.Org.Results))
	case incident.Close:
		return offered("incident.Close", "unknown_result", "disposition", c.Disposition, idsOf(h.Org.Results))
	case incident.ActTogether:
		return offered("incident.ActTogether", "unknown_partner", "partner", string(c.Partner), partnersFor(h.Org, "with"))
	case incident.Transfer:
		return offered("incident.Transfer", "unknown_partner", "to", string(c.Partner), partnersFor(h.Org, "transfer"))
	case incident.HandOver:
		if c.Known || c.To == m.Actor {
			return nil
		}
		return offered("incident.HandOver", "unknown_seat", "to", string(c.To), idsOf(h.Org.Seats))
	case incident.Draw:
		for _, u := range c.Units {
			if s := h.Units[u]; s == nil || s.Retired {
				return fault.New("incident.Draw", fault.NotFound, "there is no unit %s", u).Because("no_unit", "unit", string(u)).At("units").
					Mend("look at GET units")
			}
		}
	}
	return nil
}

// checkCall does so for the call room.
func (h *House) checkCall(c call.Command) error {
	switch c := c.(type) {
	case call.TransferTo:
		return offered("call.TransferTo", "unknown_partner", "to", string(c.Partner), partnersFor(h.Org, "transfer"))
	case call.Pass:
		return offered("call.Pass", "unknown_seat", "seat", string(c.Seat), idsOf(h.Org.Seats))
	case call.Confer:
		if c.Kind == call.WithSeat {
			return offered("call.Confer", "unknown_seat", "seat", c.To, idsOf(h.Org.Seats))
		}
		return offered("call.Confer", "unknown_partner", "partner", c.To, idsOf(h.Org.Partners))
	}
	return nil
}

// checkUnit does so for the unit room.
func (h *House) checkUnit(c unit.Command) error {
	switch c := c.(type) {
	case unit.ReportUnavailable:
		return offered("unit.ReportUnavailable", "unknown_reason", "reason", c.Reason, idsOf(h.Org.Reasons))
	case unit.StandBy:
		ids := make([]string, 0, len(h.Org.Posts))
		for _, p := range h.Org.Posts {
			ids = append(ids, p.ID)
		}
		return offered("unit.StandBy", "unknown_post", "post", c.Post, ids)
	}
	return nil
}

// checked gives what a room decided, unless its command says a word that the centre does not have. The room speaks
// first: that an incident has ended matters more than a wrong word about it.
func checked(facts []cad.Fact, err, word error) ([]cad.Fact, error) {
	if err == nil && len(facts) > 0 && word != nil {
		return nil, word
	}
	return facts, err
}
