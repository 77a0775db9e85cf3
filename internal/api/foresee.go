package api

import (
	"cmp"
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/org"
)

// foresee fills in what the line left to us: the recommended units, and when each would be there. It refuses a word
// that names no kind of unit.
func (q request) foresee(p *line.Plan, out *CommandAnswer) error {
	if p.Verb == line.Wave {
		p.Count = cmp.Or(p.Count, q.nextWave(p.Incident)) // Said with its number, a repeat raises nothing further.
		return nil
	}
	if p.Verb != line.Send && p.Verb != line.Reassign && p.Verb != line.Near {
		return nil
	}
	if p.Verb == line.Near {
		return q.foreseeNear(p, out)
	}
	advice, ok := q.advise(p.Incident)
	if !ok {
		return nil
	}
	for _, c := range advice.Items {
		if p.Best < 0 && c.Pick || p.Best > 0 && c.State == dispatch.StateFree && len(p.Units) < p.Best {
			p.Units = append(p.Units, c.Unit)
		}
	}
	out.expected = expected(&advice, p.Units)
	return nil
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

func (s *Server) sendByLine(q request, p line.Plan, reason cad.Sealed) joint.Command {
	cmd := dispatch.Send{Incident: p.Incident, Units: p.Units, Stack: p.Stack, Reassign: p.Verb == line.Reassign, Reason: reason}
	for range p.Units {
		cmd.IDs = append(cmd.IDs, cad.AssignmentID(newID()))
	}
	s.beside(q, &cmd, "")
	return cmd
}
