package org

import (
	"fmt"
	"time"
)

// kmhMax is the fastest own speed that is believed; helicopters stay below it.
const kmhMax = 500.0

// Slow reports whether a unit of the kind may take longer than a car on the same way, or takes another way.
func (k Kind) Slow() bool { return k.Kmh > 0 || k.Straight }

// Takes is how long a unit of the kind needs for a way of so many metres which a car drives in a time: no less than at its
// own speed. On foot that is rather too long, because who walks may take ways that no car may.
func (k Kind) Takes(car time.Duration, meters float64) time.Duration {
	if k.Kmh <= 0 {
		return car
	}
	return max(car, over(meters, k.Kmh))
}

// Crow is how long a unit of the kind needs along a straight line of so many metres. Other units are taken to cover such a
// line at carKmh.
func (k Kind) Crow(meters, carKmh float64) time.Duration {
	switch {
	case k.Kmh <= 0:
		return over(meters, carKmh)
	case k.Straight:
		return over(meters, k.Kmh)
	}
	return over(meters, min(carKmh, k.Kmh))
}

func over(meters, kmh float64) time.Duration {
	return time.Duration(meters / (kmh / 3.6) * float64(time.Second)).Round(time.Millisecond)
}

// pace checks how a kind of units gets on.
func (v *checker) pace(field string, k Kind) {
	switch {
	case k.Kmh == 0 && k.Straight:
		v.note(field+".kmh", "it goes straight, and nobody says how fast", "give its speed in km/h, such as kmh: 40")
	case !(k.Kmh == 0 || k.Kmh >= 1 && k.Kmh <= kmhMax):
		v.note(field+".kmh", "no unit moves at such a speed", fmt.Sprintf("give km/h from 1 to %.0f, such as 6 on foot, or leave it out", kmhMax))
	}
}
