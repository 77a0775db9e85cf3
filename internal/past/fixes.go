package past

import (
	"sort"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/track"
)

// fix is a kept position, 40 bytes: 500 units that all move make 7 MB an hour.
type fix struct {
	at             int64 // Of the device, nanoseconds since 1970.
	lon, lat       float64
	heading, speed float32 // Degrees and km/h; negative: not told.
	suspect        bool
}

// sample keeps the fixes that are newer than those kept before. The caller holds the lock.
func (p *Past) sample(fixes map[cad.UnitID]track.Fix, now time.Time) {
	if p.placed.IsZero() && len(fixes) > 0 {
		p.placed = now
	}
	p.sampled = now
	for id, f := range fixes {
		kept := p.fixes[id]
		if n := len(kept); n > 0 && kept[n-1].at >= f.At.UnixNano() {
			continue
		}
		p.fixes[id] = append(kept, fix{
			at: f.At.UnixNano(), lon: f.Point.Lon, lat: f.Point.Lat, heading: told(f.HeadingDeg), speed: told(f.SpeedKmh), suspect: f.Suspect,
		})
	}
}

func told(v *float64) float32 {
	if v == nil {
		return -1
	}
	return float32(*v)
}

func telling(v float32) *float64 {
	if v < 0 {
		return nil
	}
	return new(float64(v))
}

// dropFixes lets go of what is older than the hour, but for the last fix before it. The caller holds the lock.
func (p *Past) dropFixes(before time.Time) {
	for id, kept := range p.fixes {
		n := sort.Search(len(kept), func(i int) bool { return kept[i].at > before.UnixNano() })
		if n > cap(kept)/4 && n > 1 { // Copied seldom: what was cut off is let go of with the copy.
			p.fixes[id] = append(make([]fix, 0, len(kept)), kept[n-1:]...)
		}
	}
}

// fixesAt is the newest kept fix of each unit at a moment. The caller holds the lock.
func (p *Past) fixesAt(at time.Time) map[cad.UnitID]track.Fix {
	out := make(map[cad.UnitID]track.Fix, len(p.fixes))
	for id, kept := range p.fixes {
		n := sort.Search(len(kept), func(i int) bool { return kept[i].at > at.UnixNano() })
		if n == 0 {
			continue
		}
		f := kept[n-1]
		out[id] = track.Fix{
			Unit: id, Point: geo.Point{Lon: f.lon, Lat: f.lat}, At: time.Unix(0, f.at).UTC(), HeadingDeg: telling(f.heading), SpeedKmh: telling(f.speed), Suspect: f.suspect,
		}
	}
	return out
}
