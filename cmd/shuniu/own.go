package main

import (
	"shuniu/internal/centre"
	"shuniu/internal/founding"
	"shuniu/internal/persona"
)

// of is the city with another centre: with that one's own calls and streets where its folder has them, as import leaves
// them, and with somebody to ride along in one of its units.
func (c city) of(dir string) city {
	c.centre = dir
	calls, mapping := founding.Calls(dir)
	streets := founding.Streets(dir)
	if calls == "" || streets == "" {
		return c
	}
	c.calls, c.mapping, c.streets, c.invented = calls, mapping, streets, false
	charter, problems := centre.Load(dir, centre.Options{})
	if len(problems) > 0 {
		return c // They are told when the centre is loaded.
	}
	c.field = persona.Options{}
	for _, o := range charter.Orgs {
		if o.Kind == "station" {
			c.field.Station = o.ID
			break
		}
	}
	for _, u := range charter.Units {
		if u.Dispatchable {
			c.field.Unit = u.ID
			break
		}
	}
	return c
}
