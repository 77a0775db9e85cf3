package archive_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shuniu/internal/archive"
	"shuniu/internal/geo"
)

const cityRows = 100_000

// city fills an archive with incidents made from a seed: about 150 letters of text each, English and Chinese.
func city(b *testing.B) (*archive.Archive, time.Duration) {
	b.Helper()
	chance := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // repeatable, not secret
	streets := []string{"Mill Lane", "Harbour Street", "Station Road", "Oak Avenue", "解放路", "人民大道", "滨江路", "Church Hill"}
	things := []string{
		"a man is shouting at the door", "two cars collided, one is smoking", "someone took a bicycle", "loud music since midnight",
		"小区门口两人打架,一人受伤", "老人走失,身穿蓝色上衣", "路口发生追尾事故,无人受伤", "a child is locked in", "water runs through the ceiling",
	}
	ends := []string{"caller will wait outside", "no injuries reported", "caller hung up", "报警人在现场等候", "second call about the same"}
	pick := func(from []string) string { return from[chance.IntN(len(from))] }
	a := open(b, filepath.Join(b.TempDir(), "archive.db"))
	start := time.Now()
	for n := 0; n < cityRows; {
		rows := make([]archive.Row, 0, 500)
		for range cap(rows) {
			rows = append(rows, archive.Row{
				ID: fmt.Sprintf("0190-%08d", n), Kind: "incident", Number: fmt.Sprintf("20310504-%06d", n), Type: "fight", Phase: "closed", Unit: "st-3",
				Address: fmt.Sprint(chance.IntN(400), " ", pick(streets)), Narrative: pick(things) + "; " + pick(things) + "; plate " + fmt.Sprintf("K%05d", chance.IntN(1e5)),
				Notes: pick(ends), HasPlace: true, Place: geo.Point{Lon: 120 + chance.Float64()*0.5, Lat: 30 + chance.Float64()*0.5},
				Received: noon().Add(time.Duration(n) * time.Second),
			})
			n++
		}
		put(b, a, rows...)
	}
	return a, time.Since(start)
}

func BenchmarkSearch(b *testing.B) {
	a, took := city(b)
	s, err := a.Stats(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d rows in %v (%.0f a second), %d MiB", s.Rows, took.Round(time.Millisecond), float64(s.Rows)/took.Seconds(), s.Bytes>>20)
	box := geo.Bounds{Min: geo.Point{Lon: 120.2, Lat: 30.2}, Max: geo.Point{Lon: 120.23, Lat: 30.23}}
	for _, tt := range []struct {
		name string
		q    func(i int) archive.Query
	}{
		{"number", func(i int) archive.Query { return archive.Query{Text: fmt.Sprintf("20310504-%06d", i*7919%cityRows)} }},
		{"plate", func(i int) archive.Query { return archive.Query{Text: fmt.Sprintf("K%05d", i*7919%100_000)} }},
		{"address", func(i int) archive.Query { return archive.Query{Text: fmt.Sprint(i%400, " Harbour Street")} }},
		{"common words", func(int) archive.Query { return archive.Query{Text: "shouting door"} }},
		{"four characters", func(int) archive.Query { return archive.Query{Text: "老人走失"} }},
		{"two characters", func(int) archive.Query { return archive.Query{Text: "打架"} }},
		{"two characters, none", func(int) archive.Query { return archive.Query{Text: "溺水"} }},
		{"words nobody wrote", func(int) archive.Query { return archive.Query{Text: "helicopter"} }},
		{"map window", func(int) archive.Query { return archive.Query{Narrow: true, Within: box} }},
		{"words in map window", func(int) archive.Query { return archive.Query{Text: "shouting", Narrow: true, Within: box} }},
		{"newest", func(int) archive.Query { return archive.Query{} }},
	} {
		b.Run(tt.name, func(b *testing.B) {
			var took []time.Duration
			found := 0
			for i := 0; b.Loop(); i++ {
				start := time.Now()
				hits, err := a.Search(b.Context(), tt.q(i))
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				found += len(hits)
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50_ms")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99_ms")
			b.ReportMetric(float64(found)/float64(len(took)), "hits/op")
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("erase one", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if err := a.Erase(b.Context(), []string{fmt.Sprintf("0190-%08d", i)}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
