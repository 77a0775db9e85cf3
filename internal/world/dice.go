package world

// dice is a small generator of chance of our own (splitmix64), so that no change of a library changes a world. Every
// part of the city has its own dice, thrown from the seed and the part's place: a change of one block moves no other.
type dice struct{ state uint64 }

// diceFor gives the dice of one part.
func diceFor(seed uint64, parts ...int) *dice {
	d := &dice{state: seed ^ 0x5bd1e995_97f4a7c1}
	for _, p := range parts {
		d.state = d.next() ^ uint64(p)*0x9e3779b97f4a7c15
	}
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// roll gives a number from 0 up to 1.
func (d *dice) roll() float64 { return float64(d.next()>>11) / (1 << 53) }

func (d *dice) between(low, high float64) float64 { return low + (high-low)*d.roll() }

func (d *dice) chance(p float64) bool { return d.roll() < p }

// under gives a whole number from 0 up to n.
func (d *dice) under(n int) int { return int(d.roll() * float64(n)) }

func pick[T any](d *dice, from []T) T { return from[d.under(len(from))] }
