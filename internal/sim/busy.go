package sim

import (
	"time"

	"shuniu/internal/intake"
)

// BusyHour is the beginning of the hour with the most calls, the first of equals; the zero time if there are none.
func BusyHour(calls []intake.Call) time.Time {
	var busiest time.Time
	count := map[time.Time]int{}
	for _, c := range calls {
		h := c.Received.Truncate(time.Hour)
		count[h]++
		if n := count[h]; n > count[busiest] || n == count[busiest] && h.Before(busiest) {
			busiest = h
		}
	}
	return busiest
}
