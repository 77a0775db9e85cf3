package demand

import "time"

// held is how many calls a day's or an hour's own factor must outweigh.
const held = 24

// profile gives the factor of each hour of the week, of mean 1. What is expected of an hour is the factor of its day times
// that of its hour of the day, smoothed over the hours beside it; its own calls then draw it away as far as they are
// more than chance (shrink). An hour that was never looked at has what is expected of it.
func profile(n, exposed [HoursOfWeek]float64) [HoursOfWeek]float64 {
	calls, hours := 0.0, 0.0
	var dayN, dayE [7]float64
	var hourN, hourE [24]float64
	for i := range n {
		calls += n[i]
		hours += exposed[i]
		dayN[i/24] += n[i]
		dayE[i/24] += exposed[i]
		for step, weight := range [3]float64{0.25, 0.5, 0.25} { // The hour before, the hour, the hour after; the clock goes round.
			h := (i%24 + step + 23) % 24
			hourN[h] += weight * n[i]
			hourE[h] += weight * exposed[i]
		}
	}
	rate := calls / hours
	factor := func(n, e float64) float64 { return (n + held) / (rate*e + held) }
	expected := make([]float64, HoursOfWeek) // Calls in the time that was looked at.
	var out [HoursOfWeek]float64
	for i := range out {
		out[i] = factor(dayN[i/24], dayE[i/24]) * factor(hourN[i%24], hourE[i%24])
		expected[i] = rate * exposed[i] * out[i]
	}
	best := shrink(n[:], expected)
	mean := 0.0
	for i := range out {
		if expected[i] > 0 {
			out[i] *= best[i] / expected[i]
		}
		mean += out[i] / HoursOfWeek
	}
	for i := range out {
		out[i] /= mean
	}
	return out
}

// exposure is how many hours of each hour of the week lie between two moments, by the town's clock. Whole weeks count
// one each (a week in which the clock is changed is an hour off); the rest is walked through.
func exposure(from, to time.Time) [HoursOfWeek]float64 {
	var out [HoursOfWeek]float64
	const week = HoursOfWeek * time.Hour
	weeks := to.Unix()/int64(week/time.Second) - from.Unix()/int64(week/time.Second) - 1
	if weeks > 0 {
		for i := range out {
			out[i] = float64(weeks)
		}
		from = time.Unix(from.Unix()+weeks*int64(week/time.Second), int64(from.Nanosecond())).In(from.Location())
	}
	for at := from; at.Before(to); {
		next := at.Truncate(time.Hour).Add(time.Hour)
		if next.After(to) {
			next = to
		}
		out[HourOfWeek(at)] += next.Sub(at).Hours()
		at = next
	}
	return out
}
