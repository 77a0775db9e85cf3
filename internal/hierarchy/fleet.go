package hierarchy

import "sync"

// Fleet holds places that many questions are asked about: the units of a centre. What it costs from each of them to one place is
// one search backwards, which looks into the bucket of every vertex on its way. A place that moves touches its own
// entries only. Any number of goroutines may ask at once; who moves a place waits for them and they for him.
type Fleet struct {
	m       *Metric
	out, in *half // The direction from the slots, and the one to the places that are asked for.
	mu      sync.RWMutex
	at      []int32 // By rank: its bucket, -1 for none yet.
	buckets []bucket
	slots   [][]entry // By slot: where its entries are.
}

// entry is one cost in a bucket.
type entry struct{ bucket, at int32 }

// bucket holds what it costs from each slot to one vertex.
type bucket struct {
	v    int32
	slot []int32
	cost []uint64
	nth  []int32 // Which of its slot's entries it is.
}

// NewFleet makes an empty fleet.
func NewFleet(m *Metric) *Fleet { return newFleet(m, &m.forward, &m.backward) }

func newFleet(m *Metric, out, in *half) *Fleet {
	f := &Fleet{m: m, out: out, in: in, at: make([]int32, len(m.h.order))}
	for v := range f.at {
		f.at[v] = -1
	}
	return f
}

// Put sets where a slot is, in place of where it was. Slots are small numbers: memory is held for each up to the
// highest; a negative one is not taken.
func (f *Fleet) Put(slot int, from []Seed) {
	if slot < 0 {
		return
	}
	c := f.m.climbed(from, f.out, false)
	defer f.m.pool.Put(c)
	c.prune(f.m.h, f.in)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(slot)
	for len(f.slots) <= slot {
		f.slots = append(f.slots, nil)
	}
	for _, r := range c.chain {
		b := f.at[r.v]
		if b < 0 {
			b = int32(len(f.buckets))
			f.at[r.v] = b
			f.buckets = append(f.buckets, bucket{v: r.v})
		}
		k := &f.buckets[b]
		mine := &f.slots[slot]
		*mine = append(*mine, entry{b, int32(len(k.slot))})
		k.slot, k.cost, k.nth = append(k.slot, int32(slot)), append(k.cost, r.cost), append(k.nth, int32(len(*mine)-1))
	}
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
	for _, e := range f.slots[slot] { // The last entry of the bucket takes its place.
		k := &f.buckets[e.bucket]
		last := len(k.slot) - 1
		k.slot[e.at], k.cost[e.at], k.nth[e.at] = k.slot[last], k.cost[last], k.nth[last]
		f.slots[k.slot[last]][k.nth[last]].at = e.at
		k.slot, k.cost, k.nth = k.slot[:last], k.cost[:last], k.nth[:last]
	}
	f.slots[slot] = f.slots[slot][:0]
}

// To writes what it costs from each slot to a place into out, as many slots as it has; No for a slot that is empty or
// cannot get there.
func (f *Fleet) To(to []Seed, out []uint64) {
	for i := range out {
		out[i] = No
	}
	c := f.m.climbed(to, f.in, false)
	defer f.m.pool.Put(c)
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, r := range c.chain {
		b := f.at[r.v]
		if b < 0 || r.cost == No {
			continue
		}
		k := &f.buckets[b]
		costs := k.cost[:len(k.slot)]
		for i, slot := range k.slot {
			if int(slot) < len(out) {
				out[slot] = min(out[slot], add(costs[i], r.cost))
			}
		}
	}
}

// empty takes all slots out, and holds on to little of the memory.
func (f *Fleet) empty() {
	for _, b := range f.buckets {
		f.at[b.v] = -1
	}
	f.buckets, f.slots = f.buckets[:0], f.slots[:0]
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
