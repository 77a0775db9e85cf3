// Command calls invents one day of calls for 澜湖: 24 hours from Friday 08:00, about 400 calls, on the streets of
// lanhu.osm. Nobody in it exists. The same program and the same map always give the same bytes.
//
//	go run ./testdata/worlds/calls -map testdata/worlds/lanhu.osm > testdata/worlds/lanhu-calls.csv
package main

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"
)

const (
	callsAbout = 400 // Before second callers and rounding.
	seed       = 110
)

// call is one row of the file.
type call struct {
	at              time.Time
	entry           time.Duration // From the ring to the finished record.
	kind            kind
	priority, phone string
	address, story  string
	lon, lat        float64
}

func main() {
	path := flag.String("map", "testdata/worlds/lanhu.osm", "the town's map")
	flag.Parse()
	town, err := readTown(*path)
	if err != nil {
		log.Fatal(err)
	}
	if err := write(invent(town, rand.New(rand.NewPCG(seed, seed)))); err != nil {
		log.Fatal(err)
	}
}

// invent makes the day's calls in the order in which they ring.
func invent(town town, rng *rand.Rand) []call {
	var out []call
	for _, k := range kinds() {
		// Every kind happens at least once, or a drill of the rare ones would need another day.
		n := max(1, (k.perMille*callsAbout+500)/1000)
		for range n {
			c := one(k, town, rng)
			out = append(out, c)
			if k.crowd && rng.IntN(4) == 0 {
				out = append(out, again(c, rng))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b call) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.address, b.address)) })
	// Numbers that begin with 1990000 are ours; each caller has another.
	numbers := rng.Perm(10_000)
	for i := range out {
		out[i].phone = fmt.Sprintf("1990000%04d", numbers[i])
	}
	return out
}

// one makes one call of a kind.
func one(k kind, town town, rng *rand.Rand) call {
	c := call{kind: k, at: ring(k.hours, rng), entry: time.Duration(20+rng.IntN(71)) * time.Second, priority: k.priority}
	t := k.tales[rng.IntN(len(k.tales))]
	if t.priority != "" {
		c.priority = t.priority
	}
	places := k.places
	if t.places != nil {
		places = t.places
	}
	spot := town.street(rng)
	if len(places) > 0 {
		spot = town.named(places[rng.IntN(len(places))], rng)
	}
	c.address, c.lon, c.lat = spot.address, spot.lon, spot.lat
	c.story = tell(t.text, rng)
	return c
}

// again is another caller who sees the same thing from a little further off, a few minutes later at most.
func again(c call, rng *rand.Rand) call {
	c.at = c.at.Add(time.Duration(25+rng.IntN(200)) * time.Second)
	c.entry = time.Duration(15+rng.IntN(40)) * time.Second
	c.lon += (rng.Float64() - 0.5) * 0.0008
	c.lat += (rng.Float64() - 0.5) * 0.0006
	c.story = tell(c.kind.again, rng)
	return c
}

// ring picks a moment of the day by the weights of its hours.
func ring(hours [24]int, rng *rand.Rand) time.Time {
	total := 0
	for _, w := range hours {
		total += w
	}
	pick, hour := rng.IntN(total), 0
	for pick >= hours[hour] {
		pick -= hours[hour]
		hour++
	}
	day := 7 // Saturday's small hours belong to Friday's watch.
	if hour < 8 {
		day = 8
	}
	return time.Date(2030, time.June, day, hour, rng.IntN(60), rng.IntN(60), 0, time.UTC)
}

// write puts the calls out with local times, as an answering point would export them.
func write(calls []call) error {
	w := csv.NewWriter(os.Stdout)
	// The writer keeps its first error, and Error gives it at the end.
	_ = w.Write([]string{"接警编号", "接警时间", "录入时间", "警情类别", "优先级", "报警电话", "报警地址", "经度", "纬度", "报警内容"})
	for i, c := range calls {
		_ = w.Write([]string{
			fmt.Sprintf("LH%s%04d", "20300607", i+1),
			c.at.Format(time.DateTime), c.at.Add(c.entry).Format(time.DateTime),
			c.kind.name, c.priority, c.phone, c.address,
			strconv.FormatFloat(c.lon, 'f', 6, 64), strconv.FormatFloat(c.lat, 'f', 6, 64), c.story,
		})
	}
	w.Flush()
	return w.Error()
}
