package api

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/org"
)

// seen is what whoever typed a line could rest on.
type seen struct {
	advice *dispatch.Advice // Nil if nothing could be recommended in time.
	name   string           // What was shown to him; empty if nothing was.
	text   string           // The line.
	power  cad.Power        // The power that an order is given under; empty if he did not say.
}

// foresee fills in what the line left to us: the recommended units, and when each would be there. It refuses a word
// that names no kind of unit. What is recommended is looked for once, and not waited for longer than a dispatch may be.
func (s *Server) foresee(q request, p *line.Plan, out *CommandAnswer) error {
	switch p.Verb {
	case line.Wave:
		p.Count = cmp.Or(p.Count, q.nextWave(p.Incident)) // Said with its number, a repeat raises nothing further.
		return nil
	case line.Near:
		return q.foreseeNear(p, out)
	case line.Orders:
		p.Text, p.Count = q.openOrders()
		return nil
	case line.Send, line.Reassign:
	default:
		return nil
	}
	advice := s.advised(q, p.Incident)
	if advice == nil {
		if p.Best != 0 {
			return fault.New("api.Command", fault.Invalid, "nothing could be recommended in time").Because("line.no_advice").Mend("name the units")
		}
		return nil
	}
	out.advised = advice
	if p.Best != 0 {
		out.Advice = q.best(p, advice)
	}
	out.expected = expected(advice, p.Units)
	return nil
}

// best names the recommended units in a plan, or so many of those that would be there first, and remembers them under a
// name: the sentence that the line is answered with shows them.
func (q request) best(p *line.Plan, advice *dispatch.Advice) string {
	name, items := advice.ID, []incident.Choice{}
	if p.Best > 0 {
		name += "." + strconv.Itoa(p.Best)
	}
	for _, c := range advice.Items {
		if p.Best < 0 && c.Pick || p.Best > 0 && c.State == dispatch.StateFree && len(p.Units) < p.Best {
			p.Units = append(p.Units, c.Unit)
			items = append(items, incident.Choice{Unit: c.Unit, Slot: c.Slot, EtaS: c.EtaS})
		}
	}
	q.centre.adviser.remember(p.Incident, name, items, q.centre.Desk.Now())
	return name
}

// foreseeNear lists who would be there first, of those that the line names.
func (q request) foreseeNear(p *line.Plan, out *CommandAnswer) error {
	means := func(cad.UnitID) bool { return true }
	if p.Text != "" {
		if means = q.named(p.Text); means == nil {
			return fault.New("api.Command", fault.Invalid, "no unit is called %s", p.Text).Because("line.no_such_kind", "word", p.Text).
				Mend("name a kind of unit or what it can do")
		}
	}
	out.Nearest = q.nearest(p.Incident, means, nearestMax)
	return nil
}

// nearestMax is how many a line shows.
const nearestMax = 5

// named gives the units that a word means: by kind or by what they can do, in Chinese, English or as an id. nil means
// that the word means nothing here.
func (q request) named(word string) func(cad.UnitID) bool {
	word = strings.ToLower(strings.TrimSpace(word))
	means := func(id string, name org.Name) bool {
		for _, n := range name {
			if strings.Contains(strings.ToLower(n), word) {
				return true
			}
		}
		return strings.ToLower(id) == word
	}
	kinds, abilities, found := map[string]bool{}, map[string]bool{}, map[cad.UnitID]bool{}
	q.centre.Board.Look(func(h *joint.House) {
		for id, k := range h.Org.Kinds {
			if means(id, k.Name) {
				kinds[id] = true
			}
		}
		for _, c := range h.Org.Capabilities {
			if means(c.ID, c.Name) {
				abilities[c.ID] = true
			}
		}
		for id, u := range h.Units {
			able := slices.ContainsFunc(u.Capabilities, func(c string) bool { return abilities[c] || strings.ToLower(c) == word })
			if kinds[u.Kind] || able {
				found[id] = true
			}
		}
	})
	if len(kinds)+len(abilities)+len(found) == 0 {
		return nil
	}
	return func(id cad.UnitID) bool { return found[id] }
}

// sendByLine is a dispatch by the line, with what is recommended and what was shown beside it.
func (q request) sendByLine(p line.Plan, reason cad.Sealed, s seen) joint.Command {
	cmd := dispatch.Send{Incident: p.Incident, Units: p.Units, Stack: p.Stack, Reassign: p.Verb == line.Reassign, Reason: reason}
	for range p.Units {
		cmd.IDs = append(cmd.IDs, cad.AssignmentID(newID()))
	}
	q.record(&cmd, s.advice, s.name)
	return cmd
}
