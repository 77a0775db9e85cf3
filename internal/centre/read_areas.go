package centre

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// NamedArea is one area of a GeoJSON file that is no part of a folder yet.
type NamedArea struct {
	Key   string // The property that tells areas apart.
	Name  string // What it is called; the key where nothing else is asked for.
	Line  int    // Where its first feature begins.
	Shape geo.MultiPolygon
}

// ReadAreas reads the polygons of any GeoJSON file. Features with one key are one area. Rings are as they stand in the
// file, broken or not. Skipped counts features without the property, and those that are no polygon in degrees. A file
// that is no GeoJSON, or where no feature has the property, is fault.Invalid; a missing one fault.NotFound. progress is
// told how many bytes are read; nil tells nobody.
func ReadAreas(path, property, name string, progress func(read, total int64)) (areas []NamedArea, skipped int, err error) {
	const op = "centre.ReadAreas"
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, fault.Wrap(op, fault.NotFound, err, "the areas cannot be read: %s", cause(err)).Mend("name a GeoJSON file")
	}
	if !info.Mode().IsRegular() || info.Size() > geoBytesMax {
		return nil, 0, fault.New(op, fault.Invalid, "%s is no file, or larger than %d MiB", filepath.Base(path), geoBytesMax>>20).Mend("name a GeoJSON file of polygons")
	}
	data, err := os.ReadFile(path) //nolint:gosec // The file that the operator named.
	if err != nil {
		return nil, 0, fault.Wrap(op, fault.Unavailable, err, "the areas cannot be read: %s", cause(err)).Mend("check who may read the file")
	}
	all, problem := collect(filepath.Base(path), data, progress)
	if problem != nil {
		return nil, 0, fault.New(op, fault.Invalid, "%s:%d: %s", problem.File, problem.Line, problem.Text).Mend(problem.Remedy)
	}
	at := make(map[string]int)
	for _, f := range all {
		key := f.word(property)
		shape, ok := f.area()
		if key == "" || !ok {
			skipped++
			continue
		}
		i, known := at[key]
		if !known {
			i = len(areas)
			at[key] = i
			areas = append(areas, NamedArea{Key: key, Name: key, Line: f.line})
			if n := f.word(name); n != "" {
				areas[i].Name = n
			}
		}
		areas[i].Shape = append(areas[i].Shape, shape...)
	}
	if len(areas) == 0 {
		return nil, skipped, fault.New(op, fault.Invalid, "no feature of %s is a polygon with the property %q", filepath.Base(path), property).
			Mend("name one of its properties with --property: " + offer(all))
	}
	return areas, skipped, nil
}

// word is a property as text; empty when there is none.
func (f feature) word(property string) string {
	switch v := f.Properties[property].(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// offer names the properties of the first feature with their values.
func offer(all []feature) string {
	const most, charsMax = 12, 30
	if len(all) == 0 {
		return "it has no feature"
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(all[0].Properties)) {
		if v := all[0].word(key); v != "" && len(out) < most {
			out = append(out, fmt.Sprintf("%.*q (%.*q)", charsMax, key, charsMax, v))
		}
	}
	if len(out) == 0 {
		return "it has none with a text or a number"
	}
	return strings.Join(out, ", ")
}
