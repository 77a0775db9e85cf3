package osm

import (
	"strings"

	"shuniu/internal/street"
)

// mark is what the tags of a node say about passing it. known is false for a barrier that means nothing to us.
func (ts tags) mark() (m street.Mark, known bool) {
	if ts.get("highway") == "traffic_signals" {
		m.Signal = true
		switch ts.get("traffic_signals:direction") {
		case "forward":
			m.SignalForward = 1
		case "backward":
			m.SignalForward = -1
		}
	}
	m.Barrier, known = ts.barrier()
	return m, known
}

// barrier says who passes a barrier. Tags about access speak before what its kind makes likely.
func (ts tags) barrier() (b street.Barrier, known bool) {
	opens := true // Whether it can be opened at all, by whoever may.
	switch ts.get("barrier") {
	case "", "no", "entrance", "kerb", "cattle_grid", "height_restrictor", "coupure":
		return street.BarrierNone, true
	case "lift_gate", "toll_booth", "border_control", "checkpoint", "sally_port":
		b = street.BarrierLift
	case "gate", "swing_gate", "sliding_gate", "sliding_beam", "wicket_gate", "hampshire_gate", "bump_gate", "chain", "barrier_board":
		b = street.BarrierGate
	case "bollard":
		b, opens = street.BarrierWall, false
		switch ts.get("bollard") {
		case "removable", "rising", "foldable", "flexible":
			b, opens = street.BarrierGate, true
		}
	case "block", "jersey_barrier", "log", "debris", "planter", "bus_trap", "cycle_barrier", "motorcycle_barrier", "stile", "turnstile",
		"kissing_gate", "full-height_turnstile", "horse_stile", "wall", "fence", "hedge", "ditch", "guard_rail", "spikes":
		b, opens = street.BarrierWall, false
	default:
		return street.BarrierNone, false
	}
	for _, key := range []string{"access", "vehicle", "motor_vehicle"} { // The more exact one speaks last.
		switch ts.get(key) {
		case "no", "private":
			if opens {
				b = street.BarrierGate
			}
		case "yes", "permissive", "designated", "destination", "customers", "delivery":
			switch {
			case opens:
				b = street.BarrierLift
			case key == "motor_vehicle": // access=yes at a bollard speaks of people on foot.
				b = street.BarrierNone
			}
		}
	}
	switch ts.get("emergency") {
	case "yes", "designated", "official":
		if b == street.BarrierWall {
			b = street.BarrierGate
		}
	case "no":
		if b == street.BarrierGate {
			b = street.BarrierWall
		}
	}
	return b, true
}

// excepts says whom a restriction lets pass: emergency vehicles, or all cars.
func (ts tags) excepts() (emergency, cars bool) {
	for who := range strings.SplitSeq(ts.get("except"), ";") {
		switch strings.TrimSpace(who) {
		case "emergency":
			emergency = true
		case "motorcar", "motor_vehicle", "vehicle":
			cars = true
		}
	}
	return emergency, cars
}
