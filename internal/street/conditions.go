package street

import (
	"math"
	"sync"
	"time"
)

// Vehicle says under which rules one drives. The zero value is Emergency.
type Vehicle uint8

// The vehicles.
const (
	Emergency Vehicle = iota // May pass forbidden turns, gates and closed streets, at a cost.
	Civil                    // Obeys every sign.
	vehicles  = iota
)

// Factors multiply the speed of a road class at each hour of the day, by local time. A class that is missing, and a
// factor that is not believable, counts as 1. They are what calibration finds.
type Factors map[string][24]float64

// Limits on a believable factor: a twentieth is a standstill, and nobody drives four times the limit in a city.
const (
	factorMin = 0.05
	factorMax = 4
)

// At is the factor of a class at an hour.
func (f Factors) At(class string, hour int) float64 {
	all, known := f[class]
	if x := all[((hour%24)+24)%24]; known && x >= factorMin && x <= factorMax {
		return x
	}
	return 1
}

// Classes are the road classes of a network, in no order.
func (n *ground) Classes() []string { return n.classes }

// Conditions are what weights depend on, and the shape of the network does not. The zero value is an emergency vehicle
// at the speeds of the map.
type Conditions struct {
	Vehicle Vehicle
	Factors Factors
	Hour    int // Of the day, local; 0 to 23.
}

// Under is the same network with other weights. It shares everything but one number for each piece of street, and is
// made in milliseconds.
func (n *Network) Under(c Conditions) *Network { return n.under(c) }

// At is the network itself at any time, so that it can stand where an Engine is asked for.
func (n *Network) At(time.Time) Finder { return n }

func (n *ground) under(c Conditions) *Network {
	if c.Vehicle >= vehicles {
		c.Vehicle = Emergency
	}
	out := &Network{ground: n, conditions: c, ms: make([]uint32, len(n.segments))}
	speeds := make([]float64, len(n.classes)+1)
	for i, class := range n.classes {
		speeds[i] = c.Factors.At(class, c.Hour)
	}
	speeds[len(n.classes)] = 1
	for i := range n.segments {
		s := &n.segments[i]
		if s.access != AccessOpen && c.Vehicle == Civil && (s.access != AccessPrivate || !n.profile.Private) {
			out.ms[i] = never
			continue
		}
		kmh := max(0.5, float64(s.kmh)*speeds[min(int(s.class), len(n.classes))])
		out.ms[i] = uint32(min(math.Round(float64(s.meters)/(kmh/3.6)*1000), courseMSMax))
	}
	costs := DefaultTurnCosts()
	if n.profile.Turns != nil {
		costs = *n.profile.Turns
	}
	times := costs.Emergency
	if c.Vehicle == Civil {
		times = costs.Civil
	}
	for code := range out.turn {
		out.turn[code] = times.ms(turn(code), c.Vehicle)
	}
	out.weights = sync.OnceValue(out.weigh)
	return out
}

// weigh gives every arc its cost: the turn, and then the whole of the course that it enters.
func (n *Network) weigh() []cost {
	out := make([]cost, len(n.graph.Head))
	for i, to := range n.graph.Head {
		out[i] = n.arc(n.turns[i], to)
	}
	return out
}

// arc is the cost of a turn into a state and of driving its course.
func (n *Network) arc(t turn, to int32) cost {
	ms, whole := n.turn[t], n.ms[n.courses[to].segment()]
	if ms == never || whole == never {
		return none
	}
	return costOf(ms+whole, uint64(n.segments[n.courses[to].segment()].cm))
}
