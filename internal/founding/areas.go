package founding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/survey"
)

// nameBytesMax is the longest name of an area, and what tells it apart.
const nameBytesMax = 400

// AreasOptions say how areas are read.
type AreasOptions struct {
	Property string                  // Of each feature: what tells the areas apart. Required.
	Name     string                  // Of each feature: what the area is called; empty means Property.
	Stations bool                    // Make a station of each area. Otherwise each must belong to a station that is there, by id or by name.
	Progress func(read, total int64) // Told how many bytes of the file are read; nil tells nobody.
}

// Areas reads polygons of any GeoJSON file, tells how they fit together, and writes them with the part of org.yaml that
// goes with them. Outlines that are only not closed are closed. It gives what it measured, so that it can be drawn, also
// when the areas are refused.
func Areas(file, dir string, o AreasOptions, mode Mode, say io.Writer) (survey.Report, error) {
	const op = "shuniu import areas"
	folder, err := loaded(dir)
	if err != nil {
		return survey.Report{}, err
	}
	read, skipped, err := centre.ReadAreas(file, o.Property, o.Name, o.Progress)
	if err != nil {
		return survey.Report{}, err
	}
	for _, a := range read {
		if len(a.Key) > nameBytesMax || len(a.Name) > nameBytesMax {
			return survey.Report{}, fault.New(op, fault.Invalid, "the name of the area in line %d is longer than %d bytes: %s", a.Line, nameBytesMax, brief(a.Name)).
				Mend("name another property with --property or --name")
		}
	}
	t := &teller{w: say}
	if skipped > 0 {
		t.say("note      %d features without the property or without a polygon in degrees are left out", skipped)
	}
	if n := closeRings(read); n > 0 {
		t.say("note      %d outlines were not closed, and are closed straight", n)
	}
	if o.Stations && !mode.Force && slices.ContainsFunc(folder.Charter.Orgs, func(o org.Org) bool { return o.Kind == "station" }) {
		return survey.Report{}, fault.New(op, fault.Conflict, "the folder has stations already").
			Mend("leave out --stations to give areas to them, or replace them with --force; the old org.yaml is kept beside it")
	}
	precincts, err := precinctsOf(read, folder.Charter, o)
	if err != nil {
		return survey.Report{}, err
	}
	var areas []survey.Area
	for _, p := range precincts {
		areas = append(areas, survey.Area{ID: p.id, Name: p.name, Shape: p.shape})
	}
	r := survey.Measure(areas)
	if err := errors.Join(t.err, centre.SurveyReport(say, r)); err != nil {
		return r, err
	}
	if len(r.Broken) > 0 {
		return r, fault.New(op, fault.Invalid, "%d outlines are broken, so nothing was written", len(r.Broken)).
			Mend("mend them in a map editor at the places named; --map draws them")
	}
	orgFile, err := os.ReadFile(filepath.Join(dir, "org.yaml")) //nolint:gosec // The folder that the operator named.
	if err != nil {
		return r, unwritable(err)
	}
	if o.Stations {
		orgFile = section(orgFile, "stations", stationsYAML(precincts, r, folder.Charter.Settings.Bounds))
	}
	orgFile = section(orgFile, "areas", "areas: {file: areas.geojson, property: id}\n")
	done, err := put(dir, mode, text("areas.geojson", geoJSON(precincts), false), text("org.yaml", orgFile, true))
	return r, errors.Join(tellDone(say, done), err)
}

// precinct is an area with the station that it belongs to.
type precinct struct {
	id, name string
	shape    geo.MultiPolygon
}

// closeRings closes outlines that are not, and counts them.
func closeRings(areas []centre.NamedArea) (n int) {
	for _, a := range areas {
		for _, polygon := range a.Shape {
			for i, r := range polygon {
				if len(r) > 2 && r[0] != r[len(r)-1] {
					polygon[i] = append(slices.Clone(r), r[0])
					n++
				}
			}
		}
	}
	return n
}

// precinctsOf gives each area its station: a new one, or one of the folder with this id or name.
func precinctsOf(read []centre.NamedArea, c org.Charter, o AreasOptions) ([]precinct, error) {
	taken := make(map[string]bool)
	for _, s := range c.Orgs {
		if !o.Stations || s.Kind != "station" {
			taken[string(s.ID)] = true
		}
	}
	var out []precinct
	var strange []string
	for i, a := range read {
		if o.Stations {
			id := slug(a.Key)
			if id == "" || taken[id] {
				id = fmt.Sprintf("st%d", i+1)
			}
			for taken[id] {
				id += "x"
			}
			taken[id] = true
			out = append(out, precinct{id: id, name: unbraced(a.Name), shape: a.Shape})
			continue
		}
		i := slices.IndexFunc(c.Orgs, func(s org.Org) bool {
			return s.Kind == "station" && (string(s.ID) == a.Key || s.Name["zh"] == a.Key || s.Name["en"] == a.Key)
		})
		if i < 0 {
			strange = append(strange, short(a.Key))
			continue
		}
		out = append(out, precinct{id: string(c.Orgs[i].ID), name: a.Name, shape: a.Shape})
	}
	if len(strange) > 0 {
		return nil, fault.New("shuniu import areas", fault.Invalid, "%d of %d areas belong to no station of the folder: %s", len(strange), len(read),
			strings.Join(strange[:min(8, len(strange))], ", ")).Mend("give --stations to make a station of each area, or name the property that holds the stations' ids or names")
	}
	return out, nil
}

// unbraced is a name without signs that a folder's patterns would read.
func unbraced(name string) string { return strings.NewReplacer("{", "(", "}", ")").Replace(name) }

func stationsYAML(precincts []precinct, r survey.Report, bounds [4]float64) string {
	var b strings.Builder
	b.WriteString("stations: # Each stands in the middle of its area until you write where its house is.\n")
	box := geo.Bounds{Min: geo.Point{Lon: bounds[0], Lat: bounds[1]}, Max: geo.Point{Lon: bounds[2], Lat: bounds[3]}}
	for i, p := range precincts {
		place := ""
		if m := r.Middles[i]; m.M2 > 0 && box.Contains(m.At) {
			place = fmt.Sprintf(", place: [%.6f, %.6f]", m.At.Lon, m.At.Lat)
		}
		fmt.Fprintf(&b, "  - {ids: %s, %s%s}\n", quote(p.id), label(p.name), place)
	}
	return b.String()
}

// geoJSON writes areas with a feature a line, to seven places, which is a centimetre.
func geoJSON(precincts []precinct) []byte {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","features":[` + "\n")
	for i, p := range precincts {
		id, _ := json.Marshal(p.id) // Texts can always be written.
		name, _ := json.Marshal(p.name)
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"id":%s,"name":%s},"geometry":{"type":"MultiPolygon","coordinates":[`, id, name)
		for j, polygon := range p.shape {
			b.WriteString(comma(j) + "[")
			for k, ring := range polygon {
				b.WriteString(comma(k) + "[")
				for l, at := range ring {
					fmt.Fprintf(&b, "%s[%.7f,%.7f]", comma(l), at.Lon, at.Lat)
				}
				b.WriteString("]")
			}
			b.WriteString("]")
		}
		b.WriteString("]}}")
		if i < len(precincts)-1 {
			b.WriteString(",")
		}
		b.WriteString("\n")
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}
