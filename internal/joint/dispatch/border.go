package dispatch

import (
	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// Jurisdiction is who is responsible and who is nearest: both stand in the advice (就近处警与属地管辖). Nobody waits for the
// question whose it is.
type Jurisdiction struct {
	Responsible *org.Item  `json:"responsible,omitempty" doc:"The station whose area holds the place (管辖单位); absent if nobody knows."`
	Nearest     *Nearby    `json:"nearest,omitempty" doc:"The free patrol or station crew that would be there first."`
	Border      []org.Item `json:"border" doc:"Neighbours near enough to doubt (接合部)."`
	By          string     `json:"by,omitempty" doc:"polygon, nearest or ruling: how the responsible station is known."`
	Rule        string     `json:"rule" enum:"no_station,nearest_house,own_area,border,border_p1,ruled" doc:"border: first receiver acts, the centre rules. border_p1: the same, and nobody returns it."`
}

// Nearby is the nearest unit and where it belongs.
type Nearby struct {
	Unit     cad.UnitID `json:"unit"`
	CallSign string     `json:"call_sign"`
	Station  cad.OrgID  `json:"station,omitempty"`
}

// jurisdiction applies the border rule. The prospects are sorted by rank.
func (p *plan) jurisdiction() Jurisdiction {
	r := p.in.Incident.Responsible
	out := Jurisdiction{Responsible: p.in.station(r.Org), By: r.By, Border: []org.Item{}, Rule: "own_area"}
	for _, id := range r.Border {
		out.Border = append(out.Border, *p.in.station(id))
	}
	for i := range p.all {
		c := &p.all[i]
		kind := p.in.Org.Kinds[c.u.Kind] // Detectives and dogs are no first responders, however near.
		if c.state == StateFree && c.reach && c.trust != Suspect && (kind.Patrol || kind.OwnStation) {
			out.Nearest = &Nearby{Unit: c.u.ID, CallSign: c.u.CallSign, Station: c.u.Station}
			break
		}
	}
	live := p.in.Incident.Priority == cad.P1 || p.in.Incident.Priority == ""
	switch {
	case r.By == "ruling":
		out.Rule = "ruled"
	case r.Org == "":
		out.Rule = "no_station"
	case len(r.Border) > 0 && live:
		out.Rule = "border_p1"
	case len(r.Border) > 0:
		out.Rule = "border"
	case r.By == org.ByNearest:
		out.Rule = "nearest_house"
	}
	return out
}
