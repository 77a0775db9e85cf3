package line

import (
	"slices"
	"strings"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
)

// readOrder reads "令 101 151:管控星浦桥北口,15:00前反馈": to whom, what, and by when. An order to everybody says where, too.
func readOrder(r *reader, p *Plan) *Reading {
	for r.more() {
		w := r.peek().text
		stations := r.match(stationsOf(r.house.Org))
		seats := r.match(seatsOf(r.house.Org))
		switch {
		case r.seesUnit():
			if refusal := readUnits(r, p); refusal != nil {
				return refusal
			}
			continue
		case w == "全体" || w == "all" || w == "everybody":
			r.next()
			p.All = true
			continue
		case len(stations.found) == 1:
			p.Stations = append(p.Stations, cad.OrgID(stations.found[0].id))
			r.pass(stations.size)
			continue
		case len(seats.found) == 1 && seats.size > 2 && !r.colonBefore():
			p.Seats = append(p.Seats, cad.SeatID(seats.found[0].id))
			r.pass(seats.size)
			continue
		case slices.Contains([]string{"加急", "urgent"}, w):
			p.Urgency = "urgent"
			r.next()
			continue
		case slices.Contains([]string{"特急", "flash"}, w):
			p.Urgency = "flash"
			r.next()
			continue
		}
		break
	}
	if len(p.Units)+len(p.Stations)+len(p.Seats) == 0 && !p.All {
		if r.more() {
			return r.unknownUnit()
		}
		return unfinished("line.to_whom", "say who is to carry it out")
	}
	p.Text = r.takeRest()
	if p.Text == "" {
		return unfinished("line.order_text", "say what is to be done, and by when")
	}
	p.Due = r.deadline(p.Text)
	switch where := !p.All || saysWhere(p.Text); {
	case p.Due == nil && !where:
		return wrong("line.order_place_deadline", "place and deadline are missing", "write it as: all: assemble @Station Square, by 15:00")
	case p.Due == nil:
		return wrong("line.order_deadline", "the deadline is missing", "add: by 15:00")
	case !where:
		return wrong("line.order_place", "the place is missing", "add: @Station Square")
	}
	return nil
}

// colonBefore reports whether the words of the order have begun: what stands behind the colon is no recipient.
func (r *reader) colonBefore() bool {
	return strings.ContainsAny(fold(string(r.typed[:r.peek().from])), ":")
}

// saysWhere reports whether an order to everybody names a place.
func saysWhere(text string) bool {
	return strings.ContainsAny(fold(text), "@到在至赴") || slices.ContainsFunc([]string{" at ", " to ", " near "}, func(w string) bool { return strings.Contains(" "+strings.ToLower(text), w) })
}

// deadline is the time of day by which an order is to be reported back: 15:00前, by 15:00. One that is long past is tomorrow's.
func (r *reader) deadline(text string) *time.Time {
	if r.in.Now.IsZero() {
		return nil
	}
	runes := []rune(strings.ToLower(fold(text)))
	for i := range runes {
		if i > 0 && (runes[i-1] >= '0' && runes[i-1] <= '9' || runes[i-1] == ':') {
			continue
		}
		hour, minute, size, ok := clock(runes[i:])
		if !ok {
			continue
		}
		before, after := strings.TrimSpace(string(runes[:i])), strings.TrimSpace(string(runes[i+size:]))
		if !strings.HasPrefix(after, "前") && !strings.HasPrefix(after, "之前") && !strings.HasPrefix(after, "以前") && !strings.HasSuffix(before, "by") && !strings.HasSuffix(before, "before") {
			continue
		}
		y, m, d := r.in.Now.Date()
		at := time.Date(y, m, d, hour, minute, 0, 0, r.in.Now.Location())
		const longPast = 12 * time.Hour // Sooner past, it is a slip, and the room says so.
		if at.Before(r.in.Now.Add(-longPast)) {
			at = at.AddDate(0, 0, 1)
		}
		at = at.UTC()
		return &at
	}
	return nil
}

// Owing is a step that somebody owes.
type Owing struct {
	Unit cad.UnitID `json:"unit,omitempty"` // Empty: whoever answers for the incident.
	Kind string     `json:"kind"`           // "sign", "depart", "arrive", "feedback".
}

// readChase reads "催 42", "催 石埠所 42", "催 101 42": whoever owes the next step, or of those only the named ones.
func readChase(r *reader, p *Plan) *Reading {
	if refusal := r.fill([]slot{{kind: takesIncident}, {kind: takesUnits, optional: true}, {kind: takesStation, optional: true}}, p); refusal != nil {
		return refusal
	}
	for _, a := range r.house.SentTo(p.Incident) {
		u := r.house.Unit(a.Unit)
		if !a.Open() || len(p.Units) > 0 && !slices.Contains(p.Units, a.Unit) || p.Station != "" && u.Station != p.Station && a.Station != p.Station {
			continue
		}
		if kind := owedBy(a.Stage); kind != "" {
			p.Owed = append(p.Owed, Owing{Unit: a.Unit, Kind: kind})
		}
	}
	s := r.house.Incident(p.Incident)
	if named := len(p.Units) > 0 || p.Station != "" && p.Station != s.Responsible.Org; len(p.Owed) == 0 && !named && !s.WorkAt.IsZero() && s.Final() == nil {
		p.Owed = []Owing{{Kind: "feedback"}}
	}
	if len(p.Owed) == 0 {
		return wrong("line.nothing_owed", "nobody of them owes anything for #"+number(p.Number), "look at its units", "number", number(p.Number))
	}
	return nil
}

// owedBy is the step that a crew owes at a stage; empty where the next is the incident's feedback.
func owedBy(stage assignment.Stage) string {
	switch stage {
	case assignment.Dispatched:
		return "sign"
	case assignment.Acknowledged:
		return "depart"
	case assignment.EnRoute, assignment.Staged:
		return "arrive"
	case assignment.OnScene, assignment.Transporting, assignment.AtFacility, assignment.Cleared:
	}
	return ""
}

// readAppointment reads "预约 42 18:00": when somebody shall be there. A time that has passed is tomorrow's.
func readAppointment(r *reader, p *Plan) *Reading {
	if p.Incident == "" {
		if refusal := readIncident(r, p); refusal != nil {
			return refusal
		}
	}
	if !r.more() {
		return unfinished("line.time", "say when: 18:00")
	}
	from := r.peek().from
	hour, minute, size, ok := clock([]rune(fold(string(r.typed[from:]))))
	if !ok || r.in.Now.IsZero() {
		return wrong("line.no_time", r.token()+" is no time of day", "write it as 14:20", "word", r.token())
	}
	r.pass(size)
	if r.more() {
		return r.leftover()
	}
	y, m, d := r.in.Now.Date()
	at := time.Date(y, m, d, hour, minute, 0, 0, r.in.Now.Location())
	if !at.After(r.in.Now) {
		at = at.AddDate(0, 0, 1)
	}
	at = at.UTC()
	p.Due = &at
	return nil
}
