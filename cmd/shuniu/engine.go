package main

import (
	"log/slog"
	"path/filepath"
	"time"

	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// orderFile keeps what the street engine takes longest to make, in the data folder. It may be deleted at any time.
const orderFile = "streets.order"

// startEngine makes the street engine of a map and lets it grow quick beside the start; nil without a map. Until then, and if
// that fails, streets are searched slowly and just as well.
func startEngine(x *osm.Extract, f street.Factors, zone *time.Location, dir string, now time.Time, log *slog.Logger) *street.Engine {
	if x == nil {
		return nil
	}
	e := street.NewEngine(x.Streets, f, zone)
	e.Log = log
	e.Start(filepath.Join(dir, orderFile), now)
	return e
}

// loadSpeeds reads how fast a centre's units drive; a folder that says nothing has none.
func loadSpeeds(dir string) (street.Factors, error) {
	f, problems := centre.Speeds(dir)
	if len(problems) > 0 {
		return nil, fault.New("shuniu", fault.Invalid, "%s", problems[0].String()).
			Mend("mend the file, or take it away to drive at the map's own speeds; shuniu calibrate writes it anew")
	}
	return f, nil
}
