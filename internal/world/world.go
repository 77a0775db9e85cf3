// Package world makes a plausible Chinese city out of a seed: streets, water, houses with numbers, estates with
// buildings and staircases, police stations with their areas, as an OpenStreetMap file and a centre's folder. The same
// seed, size and version always give the same bytes. Every name is invented. The package knows no clock and no disk
// of its own: it writes where it is told.
package world

import (
	"context"
	"io"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Version changes with every change of what a seed gives, so that a cached world is known to be old.
const Version = 10

// Sizes are the names of the sizes, smallest first: about 130, 840 and 4,300 cells of half a square kilometre to one.
func Sizes() []string { return []string{"district", "city", "metropolis"} }

// Options say which world is wanted.
type Options struct {
	Seed uint64
	Size string                // One of Sizes.
	Tell func(done, total int) // Called now and then with the cells done. May be nil.
}

// Counts say how much of everything a world holds.
type Counts struct {
	Nodes        int     `json:"nodes"`
	Ways         int     `json:"ways"`
	StreetNodes  int     `json:"street_nodes"` // Nodes of ways that are streets or paths.
	StreetMeters float64 `json:"street_meters"`
	Restrictions int     `json:"restrictions"`
	Buildings    int     `json:"buildings"`
	Entrances    int     `json:"entrances"`
	Estates      int     `json:"estates"`
	Businesses   int     `json:"businesses"`
	Parks        int     `json:"parks"`
	Poles        int     `json:"poles"`
	Cameras      int     `json:"cameras"`
	BusStops     int     `json:"bus_stops"`
	Stations     int     `json:"stations"`
	Units        int     `json:"units"`
}

// Found says where a world has what a centre needs.
type Found struct {
	Bounds   geo.Bounds
	Places   map[string]geo.Point // By the ids of stations, posts, premises and of the patrol brigade.
	Stations []Station            // Those of the district first.
	Counts   Counts

	city *city
}

// WriteStreets writes the OSM file (XML 0.6) to w and gives what was placed. An unknown size is fault.Invalid; the end
// of ctx and errors of w are given as they are.
func WriteStreets(ctx context.Context, w io.Writer, o Options) (*Found, error) {
	known := false
	for _, s := range Sizes() {
		known = known || s == o.Size
	}
	if !known {
		return nil, fault.New("world.WriteStreets", fault.Invalid, "there is no size %q", o.Size).Mend("district, city or metropolis")
	}
	p := planFor(o.Size, o.Seed)
	c := &city{
		plan: p, ground: newGround(p, o.Seed), seed: o.Seed, zones: p.zones(o.Seed), names: newRegister(reservedNames(&p)...),
		wanted: make(map[cellAt][]want), runs: runs{sections: make(map[string]title)},
	}
	c.found.Places = make(map[string]geo.Point)
	c.lattice()
	c.found.Bounds = c.bounds()
	c.sheet = newSheet(w, c.found.Bounds)
	c.runs.plans(c)
	c.stations()
	c.landmarks()
	if err := c.build(ctx, o.Tell); err != nil {
		return nil, err
	}
	for i, s := range c.found.Stations {
		c.found.Stations[i].Place = c.found.Places[s.ID]
	}
	c.sheet.counts.Stations = len(c.found.Stations)
	c.found.Counts = c.sheet.counts
	c.found.city = c
	return &c.found, nil
}

// WriteAreas writes the stations' areas as GeoJSON; each feature has the properties id and name.
func (f *Found) WriteAreas(w io.Writer) error { return f.city.writeAreas(w) }

// WriteBeats writes the community beats as GeoJSON, for drawing; each feature has the properties id, station and name. A
// centre's folder has no place for such outlines, so a centre never reads them.
func (f *Found) WriteBeats(w io.Writer) error { return f.city.writeBeats(w) }
