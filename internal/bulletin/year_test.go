package bulletin_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"shuniu/internal/bulletin"
)

// cityYear is so many incidents of the year from a moment on, each with two orders, at 2,000 streets and of 60 stations.
func cityYear(from time.Time, n int) []bulletin.Incident {
	chance := rand.New(rand.NewPCG(1, 2))
	days := from.AddDate(1, 0, 0).Sub(from)
	seconds := func(most int) time.Duration { return time.Duration(chance.IntN(most)) * time.Second }
	out := make([]bulletin.Incident, 0, n)
	for k := range n {
		at := from.Add(days / time.Duration(n) * time.Duration(k))
		i := bulletin.Incident{
			ID: fmt.Sprint(k), Received: at, Taken: fmt.Sprint("type", chance.IntN(40)), Fed: fmt.Sprint("type", chance.IntN(40)),
			Place: fmt.Sprint("street", chance.IntN(2000)), Unit: fmt.Sprint("st", chance.IntN(60)), State: "closed", Feedback: at.Add(seconds(20000)),
		}
		for range 2 {
			sent := at.Add(seconds(90))
			signed := sent.Add(seconds(240))
			i.Orders = append(i.Orders, bulletin.Order{Crew: fmt.Sprint(chance.IntN(400)), Unit: i.Unit, Sent: sent, Signed: signed, Departed: signed.Add(seconds(2000))})
		}
		out = append(out, i)
	}
	return out
}

// BenchmarkYearOfACity makes the bulletin of 250,000 incidents beside as many of the year before, with its text.
func BenchmarkYearOfACity(b *testing.B) {
	from := at("2029-01-01 00:00:00")
	incidents := append(cityYear(from, 250_000), cityYear(from.AddDate(1, 0, 0), 250_000)...)
	o := bulletin.Options{From: from.AddDate(1, 0, 0), To: from.AddDate(2, 0, 0), Since: from}
	for b.Loop() {
		made, err := bulletin.Make(incidents, o)
		if err != nil || made.Received.N != 250_000 || *made.Received.Year.N != 250_000 || made.Text() == "" {
			b.Fatal(err, made.Received)
		}
	}
}
