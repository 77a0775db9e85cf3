package dispatch

import (
	"strconv"

	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// pace corrects the arrivals of units that do not get on as cars do: whoever has a speed of its own is not there sooner
// than that allows, and who does not use streets comes in a straight line, wherever the streets lead.
func (in *Input) pace(all []prospect) {
	if in.Incident.Place == nil {
		return
	}
	for i := range all {
		p := &all[i]
		kind := in.Org.Kinds[p.u.Kind]
		switch {
		case !kind.Slow():
		case kind.Straight && p.placed:
			p.meters = geo.DistanceMeters(p.point, *in.Incident.Place)
			p.astray = false // It was never to come by street.
			p.reach, p.byAir, p.ms = true, true, kind.Crow(p.meters, crowKmh).Milliseconds()
		case p.reach && p.byAir:
			p.ms = kind.Crow(p.meters, crowKmh).Milliseconds()
		case p.reach:
			if own := kind.Takes(0, p.meters).Milliseconds(); own > p.ms {
				p.ms, p.ownPace = own, true
			}
		}
	}
}

// paced says how a unit gets on that does not drive as a car; false for one that does.
func (p *prospect) paced(kind org.Kind) (Reason, bool) {
	params := map[string]string{"kmh": strconv.FormatFloat(kind.Kmh, 'f', -1, 64)}
	switch {
	case kind.Straight && p.byAir:
		return Reason{Code: "goes_straight", Params: params}, true
	case p.ownPace:
		return Reason{Code: "own_speed", Params: params}, true
	}
	return Reason{}, false
}
