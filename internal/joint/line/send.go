package line

import (
	"slices"
	"strings"

	"shuniu/internal/cad"
)

// best are the words for "as recommended".
var best = []string{"推荐", "best", "最近"}

// sending is an order to go as far as it has been read. Its parts may come in any order.
type sending struct {
	plan    Plan
	numbers []int64 // Incidents that are named, in order.
	ids     []cad.IncidentID
	bare    bool   // The only one was named by a number alone, behind units.
	station called // A station instead of units.
	lead    bool   // The line began with the incident.
}

// readSend reads "派 101 102 去 42", "42 派 推荐", "派 最近两个车组 去 42", "派 石埠所 去 42".
func readSend(r *reader, p *Plan) *Reading {
	s := sending{plan: *p, lead: p.Incident != ""}
	if s.lead {
		s.numbers, s.ids = []int64{p.Number}, []cad.IncidentID{p.Incident}
	}
	for r.more() && !trailing(r.peek().text) {
		if refusal := r.sendPart(&s); refusal != nil {
			return refusal
		}
	}
	named := len(s.plan.Units) > 0 || s.plan.Best != 0 || s.station.size > 0
	switch {
	case !named:
		return unfinished("line.unit", "say which unit")
	case len(s.numbers) == 0:
		return unfinished("line.incident", "say which incident")
	case len(s.numbers) > 1:
		return r.twoIncidents(&s)
	case s.bare && s.plan.Best == 0 && s.station.size == 0:
		return wrong("line.no_target_word", "say which is the incident", "put 'to' before its number", "word", number(s.numbers[0]))
	}
	if s.plan.Incident, s.plan.Number = s.ids[0], s.numbers[0]; s.plan.Incident == "" {
		return noIncident(s.plan.Number)
	}
	if r.more() {
		s.plan.Stack = r.next().text == "排队" || r.before() == "stack"
		s.plan.Text = r.takeRest()
	}
	*p = s.plan
	if s.station.size > 0 && len(p.Units) == 0 {
		return r.whoOfStation(s.station.found, s.plan)
	}
	if refusal := r.ofStation(s.station, p.Units); refusal != nil {
		return refusal
	}
	return r.checkSend(p)
}

// sendPart reads one part of an order to go.
func (r *reader) sendPart(s *sending) *Reading {
	w := r.peek().text
	switch {
	case r.seesUnit():
		return readUnits(r, &s.plan)
	case slices.Contains(best, w):
		r.next()
		r.readBest(s)
	case slices.Contains(towards, w) || strings.HasPrefix(w, "#"):
		r.skip(towards...)
		if !r.more() {
			return unfinished("line.incident", "say which incident")
		}
		id, n, isNumber := r.incident()
		if !isNumber {
			return r.notAnIncident()
		}
		s.incident(id, n, false)
	case len(w) == 3 && isDigits(w): // Three digits are a unit.
		return r.unknownUnit()
	default:
		if id, n, isNumber := r.incident(); isNumber {
			s.incident(id, n, true)
			return nil
		}
		got := r.match(stationsOf(r.house.Org))
		if len(got.found) == 0 || s.station.size > 0 {
			if s.plan.Verb == Reassign && len(s.ids) > 0 && len(s.plan.Units) > 0 {
				s.plan.Text = r.takeRest() // Why.
				return nil
			}
			return r.unknownUnit()
		}
		s.station = got
		r.pass(got.size)
	}
	return nil
}

func (s *sending) incident(id cad.IncidentID, n int64, bare bool) {
	if slices.Contains(s.numbers, n) {
		return
	}
	s.bare = bare && len(s.numbers) == 0
	s.numbers, s.ids = append(s.numbers, n), append(s.ids, id)
}

// readBest reads how many of the recommended ones: a number that is not the incident's own.
func (r *reader) readBest(s *sending) {
	s.plan.Best = -1
	n, ok := numeral(r.peek().text)
	after := r.ahead(1).text
	if crews := after == "个车组" || after == "车组" || after == "crews" || after == "units"; !ok || !crews && !s.lead && (after == "" || trailing(after)) && len(s.numbers) == 0 {
		return
	}
	const most = 99
	s.plan.Best = int(min(n, most))
	r.next()
	r.skip("个车组", "车组", "crews", "units")
}

// trailing are words that may follow an order to go: stacking, and the reason of a reassignment.
func trailing(w string) bool {
	return slices.Contains([]string{"排队", "stack", "理由", "reason", "because"}, w)
}

// twoIncidents never lets one crew have two incidents at once: one comes first, the other waits behind it.
func (r *reader) twoIncidents(s *sending) *Reading {
	for i, id := range s.ids {
		if id == "" {
			return noIncident(s.numbers[i])
		}
	}
	if len(s.numbers) > 2 || len(s.plan.Units) == 0 {
		return wrong("line.too_many", "one order names one incident", "write a line for each")
	}
	names := make([]string, 0, len(s.plan.Units))
	for _, u := range s.plan.Units {
		names = append(names, string(u))
	}
	who := strings.Join(names, " ")
	order := func(a, b int64) Meaning {
		lines := []string{"派 " + who + " 去 #" + number(a), "派 " + who + " 去 #" + number(b) + " 排队"}
		return Meaning{Label: "#" + number(a) + " → #" + number(b), Code: "line.first_then", Params: params([]string{"units", who, "number", number(a), "other", number(b)}), Plan: Plan{Verb: Several, Units: s.plan.Units, Lines: lines}}
	}
	return choose("line.two_incidents", "one crew, two incidents: in which order?", order(s.numbers[0], s.numbers[1]), order(s.numbers[1], s.numbers[0]))
}

// whoOfStation never takes a station for a crew: its desk sends one, or one of its crews is named.
func (r *reader) whoOfStation(found []named, p Plan) *Reading {
	if len(found) > 1 {
		return wrong("line.no_station", "which station?", "type its name", "word", "")
	}
	id := cad.OrgID(found[0].id)
	name := r.house.Org.Orgs[id].Name
	desk := Plan{Verb: Order, Stations: []cad.OrgID{id}, Incident: p.Incident, Number: p.Number, Way: "assign", Text: p.Text}
	out := []Meaning{{Label: name["zh"], Code: "line.desk_assigns", Params: params([]string{"station", string(id)}), Plan: desk}}
	for _, u := range r.crewsOf(id) {
		crew := p
		crew.Units = []cad.UnitID{u}
		out = append(out, Meaning{Label: string(u), Code: "line.crew", Params: params([]string{"unit", string(u)}), Plan: crew})
	}
	return choose("line.which_crew", "the station's desk, or one of its crews?", out...)
}

// ofStation refuses crews that are named as a station's and are another's.
func (r *reader) ofStation(station called, units []cad.UnitID) *Reading {
	if station.size == 0 {
		return nil
	}
	for _, u := range units {
		if !slices.ContainsFunc(station.found, func(n named) bool { return n.id == string(r.house.Unit(u).Station) }) {
			return wrong("line.not_of_station", string(u)+" is of another station", "name the crew alone", "unit", string(u))
		}
	}
	return nil
}

// checkRecall finds which incident the units are called back from, when the line does not say it.
func (r *reader) checkRecall(p *Plan) *Reading {
	for _, u := range p.Units {
		stack := r.house.Stack(u)
		if len(stack) == 0 {
			return wrong("not_assigned", string(u)+" is not assigned", "it is on no incident", "unit", string(u))
		}
		if p.Incident == "" {
			p.Incident, p.Number = stack[0].Incident, r.house.Incident(stack[0].Incident).Number
		}
		if !slices.Contains(r.house.Committed(p.Incident), u) {
			return wrong("line.not_on", string(u)+" is not on #"+number(p.Number), "write a line for each incident", "unit", string(u), "number", number(p.Number))
		}
	}
	p.Left = r.emptied(p.Units, "")
	return nil
}

// checkBackup lets one crew ask in one line.
func (r *reader) checkBackup(p *Plan) *Reading {
	p.Count = max(p.Count, 1)
	if len(p.Units) > 1 {
		return wrong("line.one_unit", "only one crew can ask for backup in one line", "write a line for each")
	}
	return nil
}

// checkPost gives the place of the post.
func (r *reader) checkPost(p *Plan) *Reading {
	if post, ok := r.house.Org.Post(p.To); ok {
		p.Place = &post.Place
	}
	return nil
}
