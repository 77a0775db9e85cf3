package line

import (
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/unit"
)

// units takes unit names for as long as there are any.
func (r *reader) units() []cad.UnitID {
	var out []cad.UnitID
	for r.more() {
		id, known := r.signs[r.peek().text]
		if !known {
			break
		}
		r.next()
		r.skip("号车")
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// unknownUnit answers a word that stands where a unit should. It names what is written almost so, and guesses nothing.
func (r *reader) unknownUnit() *Reading {
	w := r.peek().text
	if w == "" || slices.Contains(towards, w) {
		return unfinished("line.unit", "say which unit")
	}
	near := r.like(w)
	if len(near) == 0 {
		return wrong("no_unit", "there is no unit "+w, "look at the board for its call sign", "unit", w)
	}
	names := strings.Join(near, "? ") + "?"
	return wrong("line.no_unit_near", "there is no unit "+w, names, "unit", w, "near", names)
}

// likeMax is how many names a refusal offers.
const likeMax = 4

// like are the call signs that differ from a word in one sign, in order.
func (r *reader) like(w string) []string {
	var out []string
	for sign, id := range r.signs {
		if len(sign) == len(w) && differsInOne(sign, w) && !r.house.Units[id].Retired {
			out = append(out, strings.ToUpper(sign))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), likeMax)]
}

func differsInOne(a, b string) bool {
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n == 1
}

// checkSend says at once what the desk would refuse: it costs the dispatcher nothing to know before Enter.
func (r *reader) checkSend(p *Plan) *Reading {
	for _, id := range p.Units {
		u := r.house.Unit(id)
		stack := r.house.Stack(id)
		switch {
		case !u.Dispatchable:
			return wrong("not_dispatchable", string(id)+" is never dispatched", "choose another unit", "unit", string(id))
		case len(stack) > 0 && stack[0].Incident != p.Incident && p.Verb == Send && !p.Stack:
			at := number(r.house.Incident(stack[0].Incident).Number)
			return wrong("unit_busy", string(id)+" is busy at #"+at, "reassign it, or add 'stack'", "unit", string(id), "number", at)
		case u.Duty == unit.OffDuty || u.Duty == unit.Unavailable && len(stack) == 0:
			return wrong(string(u.Duty), string(id)+" is "+strings.ReplaceAll(string(u.Duty), "_", " "), "it must report available first", "unit", string(id), "reason", u.Reason)
		}
	}
	if p.Verb == Reassign {
		p.Left = r.emptied(p.Units, p.Incident)
	}
	return nil
}

// emptied are the numbers of the incidents that nobody is at any more when these units leave what they do.
func (r *reader) emptied(units []cad.UnitID, except cad.IncidentID) []int64 {
	var out []int64
	for _, id := range units {
		stack := r.house.Stack(id)
		if len(stack) == 0 || stack[0].Incident == except {
			continue
		}
		at := stack[0].Incident
		others := slices.DeleteFunc(slices.Clone(r.house.Committed(at)), func(u cad.UnitID) bool { return slices.Contains(units, u) })
		if n := r.house.Incident(at).Number; len(others) == 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// crewsOf are the units of a station that can be sent, in order of their names.
func (r *reader) crewsOf(station cad.OrgID) []cad.UnitID {
	var out []cad.UnitID
	for id, u := range r.house.Units {
		if u.Station == station && u.Dispatchable && !u.Retired && u.Duty == unit.Available && len(r.house.Stack(id)) == 0 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
