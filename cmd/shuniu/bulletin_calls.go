package main

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/bulletin"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/geo"
	"shuniu/internal/intake"
	"shuniu/internal/org"
	"shuniu/internal/street"
)

// read takes the records that were named: a data folder, or recorded calls.
func (c *bulletinCommand) read(s session) (reading, error) {
	const op = "shuniu bulletin"
	recorded := c.Calls != "" || c.Mapping != "" || c.Centre != "" || c.Files != "" || c.Streets != ""
	switch {
	case c.Data != "" && recorded:
		return reading{}, fault.New(op, fault.Invalid, "a data folder and recorded calls are two sources").Mend("name either --data, or --calls, --mapping and --centre")
	case c.Data != "":
		return readJournal(s.ctx, c.Data, s.say)
	case c.Centre == "":
		return reading{}, fault.New(op, fault.Invalid, "no records are named").Mend("name a centre's data folder with --data, or recorded calls with --calls, --mapping and --centre")
	}
	return c.readRecorded(s)
}

// readRecorded takes the recorded calls that were named.
func (c *bulletinCommand) readRecorded(s session) (reading, error) {
	calls, mapping := founding.Calls(c.Centre)
	calls, mapping = cmp.Or(c.Calls, calls), cmp.Or(c.Mapping, mapping)
	if calls == "" || mapping == "" {
		return reading{}, fault.New("shuniu bulletin", fault.Invalid, "there are no recorded calls, or nothing says how to read them").
			Mend("name both with --calls and --mapping, or put them into the folder: shuniu import calls --help")
	}
	charter, err := loadCentre(c.Centre, c.Files)
	if err != nil {
		return reading{}, err
	}
	file, err := readCalls(s.ctx, calls, mapping)
	if err != nil {
		return reading{}, err
	}
	s.say("%d recorded calls, %d rows that cannot be used", len(file.Calls), len(file.Bad))
	r := readingOf(file.Calls, charter)
	streets, err := loadStreets(s.ctx, c.Streets)
	if err == nil && streets != nil {
		r.nameStreets(file.Calls, streets.Streets)
	}
	return r, err
}

// streetWithinM is how far from a street's middle a call is taken to be in it.
const streetWithinM = 150

// nameStreets names places by their streets, as a live centre does, in place of the addresses that were recorded: a street
// gathers what its house numbers part. What lies near no street that has a name keeps its address.
func (r *reading) nameStreets(calls []intake.Call, streets *street.Network) {
	type asked struct {
		place   intake.Place
		address string
	}
	names, named := map[asked]string{}, false
	for k := range calls {
		if calls[k].Place == nil {
			continue
		}
		a := asked{*calls[k].Place, calls[k].Address}
		name, ok := names[a]
		if !ok {
			snap, _ := streets.SnapNamed(geo.Point{Lon: a.place.Lon, Lat: a.place.Lat}, streetWithinM, a.address)
			name = cmp.Or(snap.Name, a.address)
			names[a] = name
		}
		r.incidents[k].Place, named = name, named || name != ""
	}
	if named {
		r.lacks = slices.DeleteFunc(r.lacks, func(f bulletin.Field) bool { return f == bulletin.Streets })
	}
}

// readingOf makes incidents of recorded calls. Such records hold no signature, no feedback and no life of an incident. They
// are taken to be whole from the hour of the first call to that of the last.
func readingOf(calls []intake.Call, charter org.Charter) reading {
	r := reading{org: charter.State(), lacks: []bulletin.Field{bulletin.Signatures, bulletin.Feedbacks, bulletin.FedTypes, bulletin.States}}
	station := map[cad.UnitID]cad.OrgID{}
	for _, u := range charter.Units {
		station[u.ID] = u.Station
	}
	whose := map[intake.Place]cad.OrgID{} // People call from the same blocks again and again.
	departures, places := false, false
	for k := range calls {
		c := &calls[k]
		i := bulletin.Incident{ID: c.ID, Received: c.Received, Taken: c.Type, Place: c.Address}
		if c.Place != nil {
			id, ok := whose[*c.Place]
			if !ok {
				id, _, _ = r.org.Responsible(geo.Point{Lon: c.Place.Lon, Lat: c.Place.Lat})
				whose[*c.Place] = id
			}
			i.Unit = string(id)
		}
		r.asOf, r.until = latest(r.asOf, c.Received), latest(r.until, c.Received)
		for _, u := range c.Units {
			if u.Dispatch.IsZero() {
				continue // Nobody can say that it was sent.
			}
			i.Orders = append(i.Orders, bulletin.Order{
				Crew: u.Unit, Unit: string(station[cad.UnitID(u.Unit)]), Sent: u.Dispatch, Departed: u.EnRoute, Arrived: u.OnScene, Cleared: u.Available,
			})
			departures = departures || !u.EnRoute.IsZero()
			r.asOf = latest(r.asOf, u.Dispatch, u.EnRoute, u.OnScene, u.Available)
		}
		places = places || c.Address != ""
		if r.since.IsZero() || c.Received.Before(r.since) {
			r.since = c.Received
		}
		r.incidents = append(r.incidents, i)
	}
	r.since, r.until = r.since.Truncate(time.Hour), r.until.Truncate(time.Hour).Add(time.Hour)
	r.asOf = latest(r.asOf, r.until)
	if !departures {
		r.lacks = append(r.lacks, bulletin.Departures)
	}
	if !places {
		r.lacks = append(r.lacks, bulletin.Streets)
	}
	return r
}

func latest(t time.Time, others ...time.Time) time.Time {
	for _, o := range others {
		if o.After(t) {
			t = o
		}
	}
	return t
}
