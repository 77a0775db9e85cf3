package centre

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"shuniu/internal/street"
)

const speedsYAML = "speeds.yaml"

// What a factor may be. Beyond it lies a typing error: a percentage, or a speed.
const (
	speedFactorMin = 0.05
	speedFactorMax = 4
)

// Speeds reads speeds.yaml of a centre's folder: how fast its units drive against the map's own speeds, by road class and
// hour of the local day. An entry is a class with one factor, or with 24 of them, the first from midnight on. A folder without
// the file has none, and that is no problem.
func Speeds(dir string) (street.Factors, []Problem) {
	if _, err := os.Stat(filepath.Join(dir, speedsYAML)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	l := &loader{dir: dir}
	data, ok := l.read(speedsYAML, filepath.Join(dir, speedsYAML), yamlBytesMax)
	if !ok {
		return nil, l.problems
	}
	root, problem := parse(speedsYAML, data)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	note := func(at place, text string) {
		l.problems = append(l.problems, Problem{
			File: speedsYAML, Line: at.line, Column: at.column, Text: text,
			Remedy: "write a road class and one factor, or 24 in brackets: primary: 0.8",
		})
	}
	if root.form != fields && root.form != absent {
		note(root.place, "the file is no list of road classes with their factors")
		return nil, l.problems
	}
	out := street.Factors{}
	for _, k := range root.keys {
		values := k.value.list
		if k.value.form == scalar {
			values = []node{k.value}
		}
		if len(values) != 1 && len(values) != 24 {
			note(k.place, fmt.Sprintf("%s has %d factors", k.name, len(values)))
			continue
		}
		var day [24]float64
		for i := range day {
			n := values[i%len(values)]
			f, err := strconv.ParseFloat(n.text, 64)
			if n.form != scalar || err != nil || !(f >= speedFactorMin && f <= speedFactorMax) {
				note(n.place, fmt.Sprintf("%s: %q is no factor between %g and %g", k.name, n.text, speedFactorMin, float64(speedFactorMax)))
				break
			}
			day[i] = f
		}
		out[k.name] = day
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	return out, nil
}
