package bulletin

import "time"

// Period is a stretch of time, half-open: From is in it, To is not.
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Holds reports whether a moment lies in it.
func (p Period) Holds(at time.Time) bool { return !at.Before(p.From) && at.Before(p.To) }

// Before is the period of equal length just before (环比). Where both ends are at the same time of the local day it is as
// many days as the period has, whatever the clocks did in between; else it is as long by the second.
func (p Period) Before() Period {
	from := p.From.Add(-p.To.Sub(p.From))
	if clockOf(p.From) == clockOf(p.To) {
		from = p.From.AddDate(0, 0, -days(p.From, p.To))
	}
	return Period{From: from, To: p.From}
}

// YearBefore is the same dates of the year before (同比). The 29th of February becomes the 28th.
func (p Period) YearBefore() Period { return Period{From: yearBefore(p.From), To: yearBefore(p.To)} }

func yearBefore(t time.Time) time.Time {
	y := t.AddDate(-1, 0, 0)
	if y.Day() != t.Day() { // The day is not there, and Go went on into the next month.
		y = y.AddDate(0, 0, -y.Day())
	}
	return y
}

// LastDays are so many whole local days that had ended at a moment: the usual bulletin is of seven.
func LastDays(asOf time.Time, n int, zone *time.Location) Period {
	t := asOf.In(zone)
	to := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	return Period{From: to.AddDate(0, 0, -n), To: to}
}

func clockOf(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// days counts calendar days from one date to another.
func days(from, to time.Time) int {
	date := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(date(to).Sub(date(from)) / (24 * time.Hour))
}
