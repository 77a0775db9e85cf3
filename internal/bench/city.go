package bench

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/tile"
	"shuniu/internal/world"
)

// How a city's map is measured.
const (
	citySeed      = 1
	cityTiles     = 200 // Of each zoom, at most.
	cityTexts     = 1_000
	cityZoomLeast = 9
)

// City measures the map of a generated city: how long it takes to make and to read, and how soon its tiles are cut and
// its places found. Reading is laid beside bare unpacking of the same file, and finding beside reading every address
// once for its text.
func City(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	f := figures{}
	path, err := o.world(ctx, dir, f)
	if err != nil {
		return err
	}
	x, err := o.imported(ctx, path, f)
	if err != nil {
		return err
	}
	dice := rand.New(rand.NewPCG(citySeed, citySeed))
	o.tiles(x, dice, f)
	o.finds(x, dice, f)
	counts, err := countsOf(filepath.Join(dir, "world", "world.json"))
	if err != nil {
		return err
	}
	return o.print("city", figures{"size": o.Sizes.City, "seed": citySeed, "world": counts, "nodes": x.Nodes, "ways": x.Ways, "addresses": len(x.Addresses)}, f)
}

// countsOf says what a world holds, as it says itself.
func countsOf(path string) (world.Counts, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return world.Counts{}, fmt.Errorf("bench: %w", err)
	}
	var m world.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return world.Counts{}, fmt.Errorf("bench: %w", err)
	}
	return m.Counts, nil
}

// imported reads the map as a centre's start does, beside a bare unpacking of the same file.
func (o Options) imported(ctx context.Context, path string, f figures) (*osm.Extract, error) {
	began := time.Now()
	bytes, err := unpacked(path)
	if err != nil {
		return nil, err
	}
	bare := time.Since(began).Seconds()
	o.say("%d MB of map are read", bytes>>20)
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // The kernel begins to count the peak anew.
		return nil, fmt.Errorf("bench: the kernel does not count a peak anew: %w", err)
	}
	began = time.Now()
	x, err := osm.ReadFile(ctx, path, osm.Options{})
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	f["import_s"] = time.Since(began).Seconds()
	if f["import_peak_mb"], err = peakOf(os.Getpid()); err != nil {
		return nil, err
	}
	f["map_mb"], f["unpack_s"], f["import_against_unpack"] = float64(bytes)/(1<<20), bare, time.Since(began).Seconds()/bare
	return x, nil
}

// unpacked reads a packed file to its end and gives its length.
func unpacked(path string) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	defer file.Close() //nolint:errcheck // Read only: nothing can be lost.
	z, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	n, err := io.Copy(io.Discard, z)
	if err != nil {
		return n, fmt.Errorf("bench: %w", err)
	}
	return n, nil
}

// tiles cuts tiles of every zoom for the first time, then asks for them again.
func (o Options) tiles(x *osm.Extract, dice *rand.Rand, f figures) {
	o.say("tiles are cut")
	began := time.Now()
	set := tile.New(x, nil)
	f["tiles_ready_s"] = time.Since(began).Seconds()
	var cold, warm spread
	var asked [][3]int
	for z := cityZoomLeast; z <= tile.ZoomData; z++ {
		asked = append(asked, tilesOf(set.Bounds(), z, dice)...)
	}
	for _, at := range asked {
		began := time.Now()
		set.Tile(at[0], at[1], at[2])
		cold = append(cold, time.Since(began))
	}
	for _, at := range asked[max(0, len(asked)-cityTiles):] { // The last ones are kept whatever the size of the cache.
		began := time.Now()
		set.Tile(at[0], at[1], at[2])
		warm = append(warm, time.Since(began))
	}
	f["tiles"], f["tile_cold_p50_ms"], f["tile_cold_p99_ms"], f["tile_cold_max_ms"] = len(cold), cold.ms(0.50), cold.ms(0.99), cold.ms(1)
	f["tile_warm_p99_ms"] = warm.ms(0.99)
}

// tilesOf are the tiles of a zoom within a box; where there are many, some of them by chance.
func tilesOf(b geo.Bounds, z int, dice *rand.Rand) [][3]int {
	n := math.Exp2(float64(z))
	x := func(p geo.Point) int { return int((p.Lon + 180) / 360 * n) }
	y := func(p geo.Point) int {
		return int((1 - math.Asinh(math.Tan(p.Lat*math.Pi/180))/math.Pi) / 2 * n)
	}
	var all [][3]int
	for i := x(b.Min); i <= x(b.Max); i++ {
		for j := y(b.Max); j <= y(b.Min); j++ {
			all = append(all, [3]int{z, i, j})
		}
	}
	dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), cityTiles)]
}

// finds asks for places in all the ways in which people ask.
func (o Options) finds(x *osm.Extract, dice *rand.Rand, f figures) {
	o.say("places are found")
	began := time.Now()
	index := gazetteer.New(x, org.State{})
	f["search_ready_s"] = time.Since(began).Seconds()
	var took, back spread
	found, texts := 0, textsOf(x, dice)
	for i, text := range texts {
		near := x.Addresses[dice.IntN(len(x.Addresses))].Point
		began := time.Now()
		hits := index.Find(gazetteer.Query{Text: text, Near: &near})
		took = append(took, time.Since(began))
		if len(hits) > 0 {
			found++
		}
		at := geo.Between(x.Bounds.Min, x.Bounds.Max, 0.1+0.8*float64(i)/float64(len(texts)))
		began = time.Now()
		index.Reverse(at)
		back = append(back, time.Since(began))
	}
	began = time.Now()
	hits, name := 0, x.Addresses[0].Street+x.Addresses[0].Estate
	for _, a := range x.Addresses {
		if strings.Contains(a.Street, name) || strings.Contains(a.Estate, name) {
			hits++
		}
	}
	scan := time.Since(began).Seconds() * 1000
	f["searches"], f["searches_that_found"], f["addresses_of_the_first"] = len(took), found, hits
	f["search_p50_ms"], f["search_p99_ms"], f["search_max_ms"] = took.ms(0.50), took.ms(0.99), took.ms(1)
	f["scan_of_all_addresses_ms"], f["scan_against_search_p99"] = scan, scan/max(took.ms(0.99), 0.001)
	f["reverse_p99_ms"] = back.ms(0.99)
}

// textsOf are what people type: addresses whole and begun, names with one character wrong, crossings.
func textsOf(x *osm.Extract, dice *rand.Rand) []string {
	lines := x.Streets.Drawing()
	named := func() string {
		for range 1_000 {
			if name := lines[dice.IntN(len(lines))].Name; name != "" {
				return name
			}
		}
		return "路"
	}
	texts := make([]string, cityTexts)
	for i := range texts {
		a := x.Addresses[dice.IntN(len(x.Addresses))]
		switch i % 5 {
		case 0:
			texts[i] = a.Street + a.Number + a.Estate + a.Building + a.Unit
		case 1:
			texts[i] = string([]rune(named())[:1])
		case 2:
			r := []rune(named())
			r[dice.IntN(len(r))] = '汀'
			texts[i] = string(r)
		case 3:
			texts[i] = named() + "与" + named() + "交叉口"
		default:
			texts[i] = named()
		}
	}
	return texts
}
