package main

import (
	"shuniu/internal/centre"
	"shuniu/internal/founding"
	"shuniu/internal/persona"
)

// of is the city with another centre: with that one's own calls and streets where its folder has them, as import leaves
// them, and with somebody to ride along in one of its units.
func (w city) of(dir string) city {
	w.centre = dir
	calls, mapping := founding.Calls(dir)
	streets := founding.Streets(dir)
	if calls == "" || streets == "" {
		return w
	}
	w.calls, w.mapping, w.streets, w.invented = calls, mapping, streets, false
	charter, problems := centre.Load(dir, centre.Options{})
	if len(problems) > 0 {
		return w // They are told when the centre is loaded.
	}
	w.field = persona.Options{}
	for _, o := range charter.Orgs {
		if o.Kind == "station" {
			w.field.Station = o.ID
			break
		}
	}
	for _, u := range charter.Units {
		if u.Dispatchable {
			w.field.Unit = u.ID
			break
		}
	}
	return w
}
