package study

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
)

// textMost bounds an input file.
const textMost = 512 << 20

// unitsFile is the form of a file for the hypercube model. What else stands in it has no meaning.
type unitsFile struct {
	Servers int         `json:"servers"`
	Mu      []float64   `json:"mu"`
	Line    string      `json:"line"`
	Lambda  []float64   `json:"lambda_by_atom"`
	Zero    [][]int     `json:"preference_by_atom_0based"`
	One     [][]int     `json:"preference_by_atom_1based"`
	Travel  [][]float64 `json:"travel_time_n_j"`
	Home0   []int       `json:"home_by_atom_0based"`
	Atoms   [][]float64 `json:"atom_xy"`
	Posts   [][]float64 `json:"station_xy"`
}

// ReadUnits reads the input of the hypercube model: a JSON object with mu, line ("zero" or "infinite"), lambda_by_atom and
// preference_by_atom_0based (or _1based), alone or as the field "input" of another one. travel_time_n_j (a row a unit) is
// wanted for travel times; where it is missing the Manhattan distances between station_xy and atom_xy stand for it. Where the
// lists are missing the nearest unit is preferred, and of equally near ones the first. What cannot be used is fault.Invalid.
func ReadUnits(r io.Reader) (*Units, error) {
	const op = "study.ReadUnits"
	var file struct {
		unitsFile

		Input *unitsFile `json:"input"`
	}
	if err := readJSON(op, r, &file); err != nil {
		return nil, err
	}
	f := file.unitsFile
	if file.Input != nil {
		f = *file.Input
	}
	u := &Units{Mu: f.Mu, Lambda: f.Lambda, Prefer: f.Zero, Travel: f.Travel, Home: f.Home0}
	switch f.Line {
	case "inf", "infinite":
		u.Line = true
	case "zero":
	default:
		return nil, refuse(op, `write "line": "infinite" if calls wait for a unit, "zero" if they are lost or given to others`, "line is %q", f.Line)
	}
	if f.Servers != 0 && f.Servers != len(f.Mu) {
		return nil, refuse(op, "give each unit its service rate in mu", "there are %d servers and %d service rates", f.Servers, len(f.Mu))
	}
	if len(f.Mu) > unitsMost || len(f.Lambda) > atomsMost || len(f.Mu)*len(f.Lambda) > pairsMost {
		return nil, refuse(op, "give fewer of both", "%d units and %d atoms cannot be worked out", len(f.Mu), len(f.Lambda))
	}
	if u.Travel == nil && f.Atoms != nil && f.Posts != nil {
		var err error
		if u.Travel, err = manhattan(op, f.Posts, f.Atoms); err != nil {
			return nil, err
		}
	}
	if u.Prefer == nil && f.One != nil {
		u.Prefer = fromOne(f.One)
	}
	if u.Prefer == nil && u.Travel != nil {
		if err := u.checkTravel(op); err != nil {
			return nil, err
		}
		u.Prefer = nearest(u.Travel, len(u.Lambda))
	}
	return u, u.check(op)
}

// readJSON reads one JSON value.
func readJSON(op string, r io.Reader, v any) error {
	text, err := io.ReadAll(io.LimitReader(r, textMost+1))
	if err == nil && len(text) > textMost {
		err = errors.New("it is longer than 512 MB")
	}
	if err == nil {
		err = json.Unmarshal(text, v)
	}
	if err == nil {
		return nil
	}
	line := 0
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line = lineAt(text, syntax.Offset)
	case errors.As(err, &kind):
		line = lineAt(text, kind.Offset)
	}
	return refuse(op, "mend that line; the file is one JSON object", "line %d: %v", line, err)
}

// lineAt is the line of an offset, counted from 1.
func lineAt(text []byte, offset int64) int {
	line := 1
	for _, b := range text[:min(max(offset, 0), int64(len(text)))] {
		if b == '\n' {
			line++
		}
	}
	return line
}

func fromOne(lists [][]int) [][]int {
	out := make([][]int, len(lists))
	for j, list := range lists {
		out[j] = make([]int, len(list))
		for k, unit := range list {
			out[j][k] = unit - 1
		}
	}
	return out
}

// nearest prefers the unit with the shortest travel time, and of equals the first.
func nearest(travel [][]float64, atoms int) [][]int {
	out := make([][]int, atoms)
	for j := range out {
		list := make([]int, len(travel))
		for n := range list {
			list[n] = n
		}
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(travel[a][j], travel[b][j]) })
		out[j] = list
	}
	return out
}

func manhattan(op string, posts, atoms [][]float64) ([][]float64, error) {
	for _, list := range [][][]float64{posts, atoms} {
		for i, p := range list {
			if len(p) != 2 || math.IsNaN(p[0]+p[1]) || math.IsInf(p[0]+p[1], 0) {
				return nil, refuse(op, "give two numbers for each place", "place %d is %v", i, p)
			}
		}
	}
	out := make([][]float64, len(posts))
	for n, p := range posts {
		out[n] = make([]float64, len(atoms))
		for j, a := range atoms {
			out[n][j] = math.Abs(p[0]-a[0]) + math.Abs(p[1]-a[1])
		}
	}
	return out, nil
}
