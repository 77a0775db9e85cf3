package sim

import (
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/intake"
	"shuniu/internal/org"
	"shuniu/internal/trial"
)

// Records are recorded calls as a trial reads them. Their order is kept.
func Records(calls []intake.Call) []trial.Record {
	out := make([]trial.Record, len(calls))
	for i, c := range calls {
		r := trial.Record{ID: c.ID, At: c.Received, Type: cad.TypeID(c.Type), Priority: cad.Priority(c.Priority), Sent: make([]trial.Sent, len(c.Units))}
		if c.Place != nil {
			r.Place = &geo.Point{Lon: c.Place.Lon, Lat: c.Place.Lat}
		}
		for k, u := range c.Units {
			r.Sent[k] = trial.Sent{
				Unit: cad.UnitID(u.Unit), Dispatch: u.Dispatch, EnRoute: u.EnRoute, OnScene: u.OnScene, Transport: u.Transport, Available: u.Available,
				Doubtful: u.Disorder,
			}
		}
		out[i] = r
	}
	return out
}

// homesOf is where the units of a centre wait.
func homesOf(c org.Charter) map[cad.UnitID]geo.Point {
	out := map[cad.UnitID]geo.Point{}
	for _, u := range c.Units {
		if u.Home != nil {
			out[u.ID] = *u.Home
		}
	}
	return out
}
