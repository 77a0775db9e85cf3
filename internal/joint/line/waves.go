package line

import (
	"strings"

	"shuniu/internal/cad"
)

// waveWord is the number of a wave whose word holds it, 二波 to 五波; 0 of every other word.
func waveWord(word string) int {
	switch word {
	case "二波":
		return 2
	case "三波":
		return 3
	case "四波":
		return 4
	case "五波":
		return 5
	}
	return 0
}

// wave reads "42 二波", "42 wave 2" and "42 加强": the next one where no number is given. It sends nobody.
func (r *reader) wave(id cad.IncidentID, number int64, word string) Reading {
	p := Plan{Verb: Wave, Incident: id, Number: number, Count: waveWord(word)}
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
