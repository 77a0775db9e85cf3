package centre

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/survey"
)

// feature is one thing of a GeoJSON file.
type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`

	line int // Where it begins in its file.
}

// locate finds a file beside the folder's own, or in the data folder. It is "" when there is none.
func (l *loader) locate(rule geoRule, section string) (name, path string) {
	if rule.Property == "" || !filepath.IsLocal(rule.File) {
		l.note(spot{orgYAML, section}, fmt.Sprintf("%s needs a property and a file in this folder or the data folder, not %q", section, rule.File),
			"write {file: areas.geojson, property: id}")
		return "", ""
	}
	tried := []string{filepath.Join(l.dir, rule.File)}
	if l.opts.DataDir != "" {
		tried = append(tried, filepath.Join(l.opts.DataDir, rule.File))
	}
	for _, path := range tried {
		if _, err := os.Stat(path); err == nil {
			return rule.File, path
		}
	}
	if !rule.Optional {
		l.note(spot{orgYAML, section + ".file"}, fmt.Sprintf("there is no file %q", rule.File), "put it beside org.yaml, or name the folder that holds it as the data folder")
	}
	return "", ""
}

// features reads a file and gives each feature with the station that it belongs to.
func (l *loader) features(rule geoRule, section string, do func(o *org.Org, f feature) (wrong string)) {
	name, path := l.locate(rule, section)
	if path == "" {
		return
	}
	data, ok := l.read(name, path, geoBytesMax)
	if !ok {
		return
	}
	all, problem := collect(name, data, nil)
	if problem != nil {
		l.problems = append(l.problems, *problem)
		return
	}
	found := map[string]bool{}
	for _, f := range all {
		id, fits, err := rule.station(f)
		if err != nil {
			l.note(spot{orgYAML, section}, err.Error(), `write match: "Station #{n}" and station: "st{n}"`)
			return
		}
		i := slices.IndexFunc(l.charter.Orgs, func(o org.Org) bool { return string(o.ID) == id && o.Kind == "station" })
		bad := func(text, remedy string) {
			l.problems = append(l.problems, Problem{File: name, Line: f.line, Text: text, Remedy: remedy})
		}
		switch {
		case !fits:
		case i < 0 && rule.Match == "":
			bad(fmt.Sprintf("%s names the station %q, which there is not", rule.Property, id), "add it to the stations in org.yaml, or mend the name")
		case i < 0: // A public file holds more than our stations.
		case found[id]:
			bad(fmt.Sprintf("station %s is here twice", id), "keep one feature for each station")
		default:
			found[id] = true
			if wrong := do(&l.charter.Orgs[i], f); wrong != "" {
				bad(fmt.Sprintf("station %s: %s", id, wrong), "places are a Point; areas a Polygon or MultiPolygon with whole rings, in degrees")
			}
		}
	}
	if len(found) == 0 {
		l.note(spot{orgYAML, section}, fmt.Sprintf("no feature of %s belongs to a station", name), "check property, match and station")
	}
}

// station gives the id of the station that a feature belongs to.
func (r geoRule) station(f feature) (id string, fits bool, err error) {
	var value string
	switch v := f.Properties[r.Property].(type) {
	case string:
		value = v
	case float64:
		value = strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return "", r.Match == "", nil
	}
	bound, fits, err := match(r.Match, value)
	if err != nil || !fits || r.Station == "" {
		return value, fits, err
	}
	id, err = expandOne(r.Station, bound)
	return id, true, err
}

func (l *loader) placesFrom(rule geoRule) {
	l.features(rule, "places_from", func(o *org.Org, f feature) string {
		var at []float64
		if f.Geometry.Type != "Point" || json.Unmarshal(f.Geometry.Coordinates, &at) != nil || len(at) < 2 {
			return f.unusable()
		}
		p := geo.Point{Lon: at[0], Lat: at[1]}
		if !p.Valid() {
			return f.unusable()
		}
		o.Place = &p
		return ""
	})
}

func (l *loader) areasFrom(rule geoRule) {
	drawn := 0
	l.features(rule, "areas", func(o *org.Org, f feature) string {
		area, ok := f.area()
		if !ok {
			return f.unusable()
		}
		drawn++
		o.Area = area // A broken one too: the folder cannot be used, but a picture can show where.
		if broken := survey.Find(survey.Area{Shape: area}); len(broken) > 0 {
			return fmt.Sprintf("%s, at %.6f, %.6f", broken[0].Text, broken[0].At.Lon, broken[0].At.Lat)
		}
		return ""
	})
	if drawn == 0 {
		return
	}
	for _, o := range l.charter.Orgs {
		if o.Kind == "station" && len(o.Area) == 0 {
			l.note(l.where(fmt.Sprintf("orgs[%s]", o.ID)), fmt.Sprintf("station %s has no area in %s", o.ID, rule.File), "draw its polygon; calls there would have no responsible station")
		}
	}
}

func (f feature) unusable() string { return fmt.Sprintf("a %s cannot be used here", f.Geometry.Type) }

// area is the polygon of a feature; false when it has none in degrees.
func (f feature) area() (geo.MultiPolygon, bool) {
	polygons := make([][][][]float64, 1)
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
	default:
		return nil, false
	}
	area, ok := areaOf(polygons)
	return area, err == nil && ok
}

func areaOf(polygons [][][][]float64) (geo.MultiPolygon, bool) {
	var area geo.MultiPolygon
	for _, rings := range polygons {
		var polygon geo.Polygon
		for _, line := range rings {
			var ring geo.Ring
			for _, at := range line {
				if len(at) < 2 {
					return nil, false
				}
				ring = append(ring, geo.Point{Lon: at[0], Lat: at[1]})
			}
			polygon = append(polygon, ring)
		}
		area = append(area, polygon)
	}
	return area, area.Valid()
}

// collect walks a GeoJSON file feature by feature, to know the line of each. progress may be nil.
func collect(name string, data []byte, progress func(read, total int64)) ([]feature, *Problem) {
	dec := json.NewDecoder(bytes.NewReader(data))
	lineAt := func(offset int64) int { return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n")) }
	fail := func(text string) *Problem {
		return &Problem{File: name, Line: lineAt(dec.InputOffset()), Text: text, Remedy: "give a GeoJSON FeatureCollection"}
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, fail("it does not begin as a GeoJSON object")
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, fail("the JSON breaks off or is damaged here")
		}
		if t == "features" {
			break
		}
		var skipped json.RawMessage
		if dec.Decode(&skipped) != nil {
			return nil, fail("the JSON breaks off or is damaged here")
		}
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return nil, fail("it holds no list of features")
	}
	var all []feature
	line, counted := 1, int64(0) // Counted on from the feature before: a city's file has many.
	for dec.More() {
		var f feature
		before := dec.InputOffset()
		if dec.Decode(&f) != nil {
			return nil, fail("this feature is damaged")
		}
		start := before + int64(bytes.IndexByte(data[before:], '{'))
		line += bytes.Count(data[counted:start], []byte("\n"))
		f.line, counted = line, start
		all = append(all, f)
		if progress != nil {
			progress(dec.InputOffset(), int64(len(data)))
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, fail("the list of features is not closed")
	}
	if progress != nil {
		progress(int64(len(data)), int64(len(data)))
	}
	return all, nil
}
