package main

import (
	"bytes"
	"path/filepath"
	"time"

	"shuniu/internal/callers"
	"shuniu/internal/demand"
	"shuniu/internal/intake"
	"shuniu/internal/osm"
)

// A map of demand of an invented city rests on the calls of a year, or of fewer weeks where there are more than demandCalls.
const (
	demandDays  = 364
	demandCalls = 300_000
	demandDay   = 7 // Whole weeks: each hour of the week is seen as often.
)

// demandOf gives the map of demand of a city: that of its folder, else one that is fitted to its recorded calls, else,
// where its people are simulated, to the calls of a simulated year before; that one is kept in the folder. Without any
// the demand is taken to be the same everywhere: nothing waits for it.
func (c *demoCommand) demandOf(s session, where city, x *osm.Extract, zone *time.Location, calls []intake.Call) *demand.Map {
	m, err := loadDemand(where.centre)
	if err == nil && m == nil && len(calls) > 0 {
		return recordedDemand(calls, zone)
	}
	if err == nil && m == nil && where.invented {
		s.say("learning where people call from, once")
		m, err = simulatedDemand(s, x, callers.Options{Seed: c.Seed, PerDay: where.perDay, Zone: zone})
		if err == nil {
			err = keepDemand(where.centre, m)
		}
	}
	if err != nil {
		s.log.Warn("the demand is taken to be the same everywhere", "error", err)
	}
	return m
}

// recordedDemand is fitted to the calls that were recorded. What their mapping says that officers or sensors began never enters.
func recordedDemand(calls []intake.Call, zone *time.Location) *demand.Map {
	return demand.Fit(eventsOf(calls, nil), demand.Options{Zone: zone})
}

// simulatedDemand lets the people of a city call through the year before its world begins, and fits a map to them.
func simulatedDemand(s session, x *osm.Extract, o callers.Options) (*demand.Map, error) {
	lang := callers.LangOf(x)
	var err error
	if o.Ground, err = callers.GroundOf(x, lang); err != nil {
		return nil, err
	}
	gen, err := callers.New(o)
	if err != nil {
		return nil, err
	}
	days := demandDays
	if o.PerDay > 0 {
		days = max(demandDay, min(days, int(demandCalls/o.PerDay)/demandDay*demandDay))
	}
	to := evening(o.Zone).Truncate(time.Hour).Add(-warmup).Truncate(time.Hour)
	from := to.AddDate(0, 0, -days)
	var events []demand.Event
	var buf []callers.Call
	for minute := from; minute.Before(to); minute = minute.Add(time.Minute) {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		buf = gen.Minute(buf[:0], minute, callers.Surge{})
		for i := range buf {
			if c := &buf[i]; c.Opens { // What nobody is sent to needs no cover.
				events = append(events, demand.Event{At: c.At, Place: c.True, By: demand.Caller})
			}
		}
	}
	return demand.Fit(events, demand.Options{From: from, To: to, Zone: o.Zone}), nil
}

// keepDemand writes a map of demand into a centre's folder, whole or not at all.
func keepDemand(dir string, m *demand.Map) error {
	var b bytes.Buffer
	if err := m.WriteCSV(&b); err != nil {
		return err
	}
	return writeDurable(filepath.Join(dir, demandFile), b.Bytes())
}
