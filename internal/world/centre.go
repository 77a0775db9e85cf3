package world

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// CentreFiles are the files of a centre's folder that a world's folder is made from and has again.
func CentreFiles() []string {
	return []string{"centre.yaml", "org.yaml", "types.yaml", "units.yaml", "mapping.yaml"}
}

// OptionalFiles are those that a base centre may lack; the world's folder has them where the base has them.
func OptionalFiles() []string { return []string{"plans.yaml", "cover.yaml"} }

// riverStation is how plans and cover of the base name the station that answers for the river.
const riverStation = "[st9]"

// Centre makes the files of the centre that works in this world from those of a base centre: the same departments,
// seats and types, with stations, posts and units where this city has them. base holds the bytes of CentreFiles; one
// that is missing or cannot be worked on is fault.Invalid. The result has areas.geojson beside them, and the number
// of units.
func (f *Found) Centre(base map[string][]byte) (map[string][]byte, error) {
	for _, name := range CentreFiles() {
		if base[name] == nil {
			return nil, fault.New("world.Centre", fault.Invalid, "the base centre has no %s", name).Mend("name a whole centre's folder, such as centres/yunze")
		}
	}
	out := map[string][]byte{"types.yaml": base["types.yaml"], "mapping.yaml": base["mapping.yaml"], "units.yaml": base["units.yaml"]}
	for _, name := range OptionalFiles() {
		if base[name] != nil {
			out[name] = bytes.ReplaceAll(base[name], []byte(riverStation), []byte("["+strings.Join(f.riverStations(), ", ")+"]"))
		}
	}
	var err error
	if out["centre.yaml"], err = f.settings(base["centre.yaml"]); err != nil {
		return nil, err
	}
	if out["org.yaml"], err = f.organisation(base["org.yaml"]); err != nil {
		return nil, err
	}
	if f.city.plan.size != "district" {
		if out["units.yaml"], err = section(base["units.yaml"], "units", f.unitLines()); err != nil {
			return nil, err
		}
	}
	var areas bytes.Buffer
	if err := f.WriteAreas(&areas); err != nil {
		return nil, err
	}
	out["areas.geojson"] = areas.Bytes()
	return out, nil
}

// riverStations are the stations that answer for the river here.
func (f *Found) riverStations() []string {
	var out []string
	for _, s := range f.Stations {
		if s.Water {
			out = append(out, s.ID)
		}
	}
	return out
}

// section puts new lines in the place of a top-level key and all that belongs to it. Comments before it stay.
func section(doc []byte, key string, lines []string) ([]byte, error) {
	rows := strings.SplitAfter(string(doc), "\n")
	from := slices.IndexFunc(rows, func(r string) bool { return strings.HasPrefix(r, key+":") })
	if from < 0 {
		return nil, fault.New("world.Centre", fault.Invalid, "the base centre has no %s", key).Mend("name a whole centre's folder, such as centres/yunze")
	}
	to := from + 1
	for to < len(rows) && (rows[to] == "\n" || strings.HasPrefix(rows[to], " ") || strings.HasPrefix(rows[to], "-")) {
		to++
	}
	for to > from+1 && rows[to-1] == "\n" { // Blank lines belong to what follows.
		to--
	}
	text := strings.Join(rows[:from], "") + strings.Join(lines, "\n") + "\n" + strings.Join(rows[to:], "")
	return []byte(text), nil
}

// settings is centre.yaml.
func (f *Found) settings(doc []byte) ([]byte, error) {
	b := f.Bounds
	zoom, population := 13.0, 620_000
	switch f.city.plan.size {
	case "city":
		zoom, population = 11.6, 4_200_000
	case "metropolis":
		zoom, population = 10.4, 21_000_000
	}
	changes := [][2]string{
		{"bounds", fmt.Sprintf("bounds: [%.4f, %.4f, %.4f, %.4f]", b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat)},
		{"zoom", fmt.Sprintf("zoom: %.1f", zoom)},
		{"population", fmt.Sprintf("population: %d # About.", population)},
	}
	if f.city.plan.size != "district" {
		changes = append(changes, [2]string{"zh", "zh: 云泽市公安局 情报指挥中心"}, [2]string{"en", "en: Yunze City Command Centre"})
	}
	var err error
	for _, c := range changes {
		if doc, err = section(doc, c[0], []string{c[1]}); err != nil {
			return nil, err
		}
	}
	doc = f.premises(doc)
	lines := []string{"beats:"}
	for _, s := range f.Stations {
		for n := 1; n <= s.Beats; n++ {
			lines = append(lines, fmt.Sprintf("  - {id: %s, zh: %s%s, en: %s Beat %d, station: %s}", beatID(s, n), s.Short, beatNames[n-1], s.En, n, s.ID))
		}
	}
	return section(doc, "beats", lines)
}

// Patterns of the rows of key premises: whose they are, and where it lies, with the comma or the row that it takes.
var (
	premiseID    = regexp.MustCompile(`^\s*- \{?id: ([a-z0-9_]+)`)         //nolint:gochecknoglobals // A pattern never changes.
	premisePlace = regexp.MustCompile(`(,\s*|^\s+)place: \[[^\]]*\](\n?)`) //nolint:gochecknoglobals // A pattern never changes.
)

// premises puts the key premises where this city has them; those that it has not lie nowhere, and are known by name alone.
func (f *Found) premises(doc []byte) []byte {
	rows := strings.SplitAfter(string(doc), "\n")
	id, inside := "", false
	for i, row := range rows {
		if row != "\n" && row != "" && !strings.ContainsAny(row[:1], " -#") {
			inside = strings.HasPrefix(row, "premises:")
		}
		if !inside {
			continue
		}
		if m := premiseID.FindStringSubmatch(row); m != nil {
			id = m[1]
		}
		m := premisePlace.FindStringSubmatch(row)
		if m == nil {
			continue
		}
		at, known := f.Places[id]
		now := m[1] + "place: " + lonLat(at) + m[2]
		switch {
		case !known && strings.TrimSpace(m[1]) == "":
			now = ""
		case !known:
			now = m[2]
		}
		rows[i] = strings.Replace(row, m[0], now, 1)
	}
	return []byte(strings.Join(rows, ""))
}

// placed finds an entry of one line that has a place.
var placed = regexp.MustCompile(`^(\s*- \{ids?: )([a-z0-9_]+)(,.*place: )\[[^\]]*\]`) //nolint:gochecknoglobals // A pattern never changes.

// organisation is org.yaml.
func (f *Found) organisation(doc []byte) ([]byte, error) {
	lines := []string{"stations:"}
	for _, s := range f.Stations {
		lines = append(lines, fmt.Sprintf("  - {ids: %s, zh: %s, en: %s Station, place: %s}", s.ID, s.Name, s.En, lonLat(s.Place)))
	}
	doc, err := section(doc, "stations", lines)
	if err != nil {
		return nil, err
	}
	rows := strings.SplitAfter(string(doc), "\n")
	for i, row := range rows {
		m := placed.FindStringSubmatchIndex(row)
		if m == nil {
			continue
		}
		if at, ok := f.Places[row[m[4]:m[5]]]; ok {
			rows[i] = row[:m[7]] + lonLat(at) + row[m[1]:]
		}
	}
	doc = []byte(strings.Join(rows, ""))
	return doc, f.nothingElsewhere(doc)
}

func lonLat(p geo.Point) string { return fmt.Sprintf("[%.7f, %.7f]", p.Lon, p.Lat) }

// nothingElsewhere refuses a base centre with a place that this world does not know: a unit would wait in a field.
func (f *Found) nothingElsewhere(doc []byte) error {
	type entry struct {
		ID    string     `yaml:"id"`
		IDs   string     `yaml:"ids"`
		Place [2]float64 `yaml:"place"`
	}
	var all struct {
		Departments, Brigades, Places []entry
	}
	if err := yaml.Unmarshal(doc, &all); err != nil {
		return fault.Wrap("world.Centre", fault.Invalid, err, "the base centre's org.yaml cannot be read").Mend("let shuniu check show what is wrong with it")
	}
	for _, e := range slices.Concat(all.Departments, all.Brigades, all.Places) {
		if e.Place == [2]float64{} {
			continue
		}
		at, ok := f.Places[e.ID+e.IDs]
		if !ok || at.Lon != e.Place[0] || at.Lat != e.Place[1] {
			return fault.New("world.Centre", fault.Invalid, "the base centre has a place %s%s that this world does not know", e.ID, e.IDs).
				Mend("use centres/yunze, or a centre with the same posts, an entry a line")
		}
	}
	return nil
}

// rulesMax is for how many stations one rule stands; a centre refuses a rule of more than 2,000 units.
const rulesMax = 400

// unitLines are the units of a great city, by the patterns of the district's.
func (f *Found) unitLines() []string {
	all, crews := len(f.Stations), 3
	patrol := 100
	if f.city.plan.size == "metropolis" {
		crews, patrol = 4, 400
	}
	stations := fmt.Sprintf("st{1..%d}", all)
	lines := []string{"units:"}
	for from := 1; from <= all; from += rulesMax {
		lines = append(lines, fmt.Sprintf(`  - {ids: "2{s:03}{1..%d}", for: {s: %d..%d}, kind: station_crew, station: "st{s}", officers: 3, sworn: 1}`,
			crews, from, min(all, from+rulesMax-1)))
	}
	add := func(from, count int, kind, station string, officers, sworn int, at string) {
		lines = append(lines, fmt.Sprintf(`  - {ids: "{%d..%d}", kind: %s, station: %s, officers: %d, sworn: %d, at: %s}`,
			from, from+max(1, count)-1, kind, station, officers, sworn, at))
	}
	posts := "[post_zhanqian, post_tinglan, post_xingpu, post_cailing, post_heting, post_dongping, \"" + stations + "\"]"
	near := "\"" + stations + "\""
	add(10_001, patrol, "patrol_car", "patrol", 4, 2, posts)
	add(11_001, all/3, "motorcycle", "patrol", 2, 1, posts)
	add(12_001, all/4, "foot", "patrol", 3, 1, posts)
	add(13_001, 2+all/16, "assault", "patrol", 6, 6, "patrol")
	add(14_001, 1+all/40, "dog", "patrol", 2, 1, "patrol")
	add(15_001, 1+all/20, "drone", "patrol", 2, 1, near)
	add(16_001, 1+all/60, "bomb_squad", "patrol", 3, 3, "patrol")
	add(30_001, all, "traffic_car", "traffic", 2, 1, near)
	add(31_001, all/4, "crash_team", "traffic", 2, 2, near)
	add(32_001, all/4, "traffic_motorcycle", "traffic", 1, 1, near)
	add(40_001, all/4, "detective", "detectives", 3, 3, near)
	add(41_001, all/8, "forensic", "detectives", 2, 2, near)
	add(50_001, all/8, "public_order", "order", 2, 2, near)
	boat := 60_001
	for _, s := range f.Stations {
		if s.Water {
			add(boat, 1, "boat", s.ID, 3, 2, s.ID)
			boat++
		}
	}
	add(81_001, 1+all/40, "signals", "logistics", 2, 1, "patrol")
	add(82_001, 1+all/40, "carrier", "logistics", 2, 1, "patrol")
	return append(lines,
		"", "  # Not sent to incidents, by policy.",
		`  - {ids: "511", kind: antifraud_desk, station: antifraud, officers: 2, sworn: 1, dispatchable: false, at: patrol}`,
		`  - {ids: "701", kind: inspection, station: internal_affairs, officers: 2, sworn: 2, dispatchable: false, at: patrol}`,
		`  - {ids: "801", kind: command_car, station: command, officers: 2, sworn: 2, dispatchable: false, at: patrol}`)
}
