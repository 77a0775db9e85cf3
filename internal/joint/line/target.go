package line

import (
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/cad"
)

// target takes the word before an incident, if there is one, and the incident.
func (r *reader) target() (cad.IncidentID, int64, *Reading) {
	if slices.Contains(towards, r.peek().text) {
		r.next()
	}
	if !r.more() {
		x := unfinished("line.incident", "say which incident")
		return "", 0, &x
	}
	w := r.peek()
	id, number, isNumber := r.incident()
	switch {
	case !isNumber:
		x := wrong("line.not_an_incident", w.text+" is no incident", "give its number", "word", w.text)
		return "", 0, &x
	case id == "":
		x := noIncident(number)
		return "", 0, &x
	}
	return id, number, nil
}

func noIncident(number int64) Reading {
	n := strconv.FormatInt(number, 10)
	return wrong("no_incident", "there is no incident #"+n, "look at the queue for its number", "number", n)
}

// incident takes a number as people write it: 42, #42, 42号警, 四十二.
func (r *reader) incident() (id cad.IncidentID, number int64, isNumber bool) {
	w := strings.TrimPrefix(r.peek().text, "#")
	n, ok := numeral(w)
	if !ok {
		return "", 0, false
	}
	r.next()
	if t := r.peek().text; t == "号警" || t == "号" {
		r.next()
	}
	if id = r.house.Numbered(n); id != "" || n < 1 || n > r.house.Count {
		return id, n, true
	}
	id, looked := r.old[n]
	if !looked && !slices.Contains(r.sought, n) {
		r.sought = append(r.sought, n)
	}
	return id, n, true
}
