package hierarchy

import "sync"

// Fleet holds places that many questions are asked about: the units of a centre. What it costs from each of them to one place is
// one search backwards, which looks into the bucket of every vertex on its way. A place that moves touches its own
// entries only. Any number of goroutines may ask at once; who moves a place waits for them and they for him.
type Fleet struct {
	m       *Metric
	mu      sync.RWMutex
	at      []int32 // By rank: its bucket, -1 for none yet.
	buckets []bucket
	slots   [][]int32 // By slot: the buckets that hold an entry of it.
}

// bucket holds what it costs from each slot to one vertex.
type bucket struct {
	slot []int32
	cost []uint64
}

// NewFleet makes an empty fleet.
func NewFleet(m *Metric) *Fleet {
	f := &Fleet{m: m, at: make([]int32, len(m.h.order))}
	for v := range f.at {
		f.at[v] = -1
	}
	return f
}

// Put sets where a slot is, in place of where it was. Slots are small numbers: memory is held for each up to the
// highest.
func (f *Fleet) Put(slot int, from []Seed) {
	c := f.m.borrow()
	defer f.m.giveBack(c)
	c.seed(f.m.h, from)
	c.run(f.m.h, &f.m.forward, false)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(slot)
	for len(f.slots) <= slot {
		f.slots = append(f.slots, nil)
	}
	c.prune(&f.m.backward, func(v int32, cost uint64) {
		b := f.at[v]
		if b < 0 {
			b = int32(len(f.buckets))
			f.at[v] = b
			f.buckets = append(f.buckets, bucket{})
		}
		k := &f.buckets[b]
		k.slot, k.cost = append(k.slot, int32(slot)), append(k.cost, cost)
		f.slots[slot] = append(f.slots[slot], b)
	})
}

// Remove takes a slot out; one that is not there is no error.
func (f *Fleet) Remove(slot int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(slot)
}

func (f *Fleet) remove(slot int) {
	if slot < 0 || slot >= len(f.slots) {
		return
	}
	for _, b := range f.slots[slot] {
		k := &f.buckets[b]
		last := len(k.slot) - 1
		for i, s := range k.slot {
			if s == int32(slot) {
				k.slot[i], k.cost[i] = k.slot[last], k.cost[last]
				k.slot, k.cost = k.slot[:last], k.cost[:last]
				break
			}
		}
	}
	f.slots[slot] = f.slots[slot][:0]
}

// To writes what it costs from each slot to a place into out, as many slots as it has; No for a slot that is empty or
// cannot get there.
func (f *Fleet) To(to []Seed, out []uint64) {
	for i := range out {
		out[i] = No
	}
	c := f.m.borrow()
	defer f.m.giveBack(c)
	c.seed(f.m.h, to)
	c.run(f.m.h, &f.m.backward, false)
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, v := range c.chain {
		b := f.at[v]
		if b < 0 {
			continue
		}
		k, d := &f.buckets[b], c.cost[v]
		costs := k.cost
		for i, slot := range k.slot {
			if s := add(costs[i], d); int(slot) < len(out) && s < out[slot] {
				out[slot] = s
			}
		}
	}
}

// Labels is how many entries the buckets hold: a measure of how long a question takes.
func (f *Fleet) Labels() (n int) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, s := range f.slots {
		n += len(s)
	}
	return n
}
