package hierarchy

import "sync"

// Fleet holds places that many questions are asked about: the units of a centre. Each has its label, the costs along its own
// chain to the root, as they were when it was put. What it costs from each of them to one place is one climb from that place,
// and a look along the stretch that its chain has in common with each other one. A place that moves climbs once and
// touches its own label only. Any number of goroutines may ask at once; who moves a place waits for them and they for
// him.
//
// The labels hold all that a climb reaches. Leaving out what is reached as cheaply from above takes twice the time of the
// climb, and more than half of it stays.
type Fleet struct {
	m       *Metric
	out, in *half // The direction from the slots, and the one to the places that are asked for.
	mu      sync.RWMutex
	slots   []label
}

// NewFleet makes an empty fleet.
func NewFleet(m *Metric) *Fleet { return newFleet(m, &m.forward, &m.backward) }

func newFleet(m *Metric, out, in *half) *Fleet { return &Fleet{m: m, out: out, in: in} }

// Put sets where a slot is, in place of where it was. Slots are small numbers: memory is held for each up to the
// highest, about ten kilobytes in a metropolis; a negative one is not taken.
func (f *Fleet) Put(slot int, from []Seed) {
	if slot < 0 {
		return
	}
	c := f.m.climbed(from, f.out, false)
	defer f.m.pool.Put(c)
	c.mine = c.label(f.m.h, c.mine)
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.slots) <= slot {
		f.slots = append(f.slots, nil)
	}
	f.slots[slot], c.mine = c.mine, f.slots[slot]
}

// Remove takes a slot out; one that is not there is no error.
func (f *Fleet) Remove(slot int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slot >= 0 && slot < len(f.slots) {
		f.slots[slot] = f.slots[slot][:0]
	}
}

// To writes what it costs from each slot to a place into out, as many slots as it has; No for a slot that is empty or
// cannot get there.
func (f *Fleet) To(to []Seed, out []uint64) {
	c := f.m.climbed(to, f.in, false)
	defer f.m.pool.Put(c)
	c.mine = c.label(f.m.h, c.mine)
	f.mu.RLock()
	defer f.mu.RUnlock()
	for i := range out {
		out[i] = No
		if i < len(f.slots) {
			out[i] = f.slots[i].least(c.mine)
		}
	}
}
