package line

import (
	"strings"

	"shuniu/internal/cad"
)

// alarms are the words for the waves of a plan.
var alarms = map[string]int{"二波": 2, "三波": 3, "四波": 4, "五波": 5}

// wave reads "42 二波", "42 wave 2" and "42 加强": the next one where no number is given. It sends nobody.
func (r *reader) wave(id cad.IncidentID, number int64, word string) Reading {
	p := Plan{Verb: Wave, Incident: id, Number: number, Count: alarms[word]}
	if n, ok := numeral(r.peek().text); ok && p.Count == 0 {
		r.next()
		p.Count = int(min(n, 99)) // The room says which waves there are.
	}
	p.Text = r.rest()
	return ready(p)
}

// standBy reads "101 备勤 @站前广场" and "e06 standby @post": units wait at one of the centre's posts.
func (r *reader) standBy(units []cad.UnitID) Reading {
	name := strings.TrimSpace(strings.TrimLeft(r.rest(), "@＠ 去到至"))
	if after, ok := strings.CutPrefix(name, "to "); ok {
		name = after
	}
	if name == "" {
		return unfinished("line.post", "say at which post")
	}
	var known []string
	for _, p := range r.house.Org.Posts {
		for _, n := range []string{p.ID, p.Name["zh"], p.Name["en"]} {
			if n != "" && strings.EqualFold(n, name) {
				place := p.Place
				return ready(Plan{Verb: Standby, Units: units, To: p.ID, Place: &place})
			}
		}
		if n := p.Name["zh"]; n != "" {
			known = append(known, n)
		} else {
			known = append(known, p.ID)
		}
	}
	const shown = 8
	remedy := "the centre has no posts; choose the place on the map"
	if len(known) > 0 {
		remedy = "name one of: " + strings.Join(known[:min(len(known), shown)], ", ")
	}
	return wrong("line.no_post", "there is no such post: "+name, remedy, "word", name, "posts", strings.Join(known[:min(len(known), shown)], " "))
}
