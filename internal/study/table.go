package study

import (
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/columns"
	"shuniu/internal/geo"
)

// Points are places that were read from a table.
type Points struct {
	Names  []string     // nil where the table has none.
	Places [][2]float64 // East and north in metres, or longitude and latitude in degrees; nil of a table of weights alone.
	Degree bool         // Places are degrees.
	Weight []float64    // nil where the table has none.
	Bare   bool         // No word of a header says what the places are.
}

// roles are the words of headers, in lower case, by what they mean.
func roles() map[string][]string {
	return map[string][]string{
		"x":      {"x", "x_m", "east", "easting", "xcoord", "x_coord", "point_x"},
		"y":      {"y", "y_m", "north", "northing", "ycoord", "y_coord", "point_y"},
		"lon":    {"lon", "lng", "long", "longitude", "lon_deg"},
		"lat":    {"lat", "latitude", "lat_deg"},
		"weight": {"weight", "w", "weights", "demand", "pop", "population", "calls", "count", "n", "per_hour", "rate", "value", "demand_weight"},
		"name":   {"name", "id", "label", "site", "point", "tract", "node", "key", "code", "index", "destinationname", "demand_point", "names", "geoid", "fips", "zone", "area", "atom", "cell", "origin", "from", "row", "customer", "client", ""},
	}
}

// roleOf is what a header's word means; "" is nothing that we know.
func roleOf(word string) string {
	word = strings.ToLower(strings.TrimSpace(word))
	plain := columns.Word(word)
	for role, words := range roles() {
		if slices.ContainsFunc(words, func(w string) bool { return columns.Word(w) == plain }) {
			return role
		}
	}
	for start, role := range map[string]string{"easting": "x", "northing": "y", "longitude": "lon", "latitude": "lat"} {
		if strings.HasPrefix(plain, start) {
			return role
		}
	}
	if strings.HasPrefix(word, "pop") || strings.HasPrefix(word, "weight") {
		return "weight"
	}
	if strings.HasSuffix(word, "_id") || strings.HasSuffix(word, "_name") || strings.HasSuffix(word, " id") || strings.HasSuffix(word, " name") {
		return "name"
	}
	return ""
}

// sheet is a table of text with the line of each row.
type sheet struct {
	op    string
	rows  [][]string
	lines []int
	head  []string // nil where the first row is no header.
}

func readSheet(op string, r io.Reader) (*sheet, error) {
	in := columns.Reader(io.LimitReader(r, textMost), 0)
	s := &sheet{op: op}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse(op, "mend that line; columns are parted by commas, semicolons or tabs", "%v", err)
		}
		line, _ := in.FieldPos(0)
		if len(s.rows) > 0 && len(row) != len(s.rows[0]) {
			return nil, refuse(op, "give every line as many columns", "line %d has %d columns, line %d has %d", line, len(row), s.lines[0], len(s.rows[0]))
		}
		if len(row) > 0 && len(s.rows) > entriesMost/len(row) {
			return nil, refuse(op, "leave out sites, or put points together", "the table has more than %d numbers", entriesMost)
		}
		s.rows, s.lines = append(s.rows, row), append(s.lines, line)
	}
	if len(s.rows) == 0 {
		return nil, refuse(op, "write one line for each point", "line 1: the table is empty")
	}
	return s, nil
}

// behead takes the first row as a header.
func (s *sheet) behead() error {
	s.head, s.rows, s.lines = s.rows[0], s.rows[1:], s.lines[1:]
	if len(s.rows) == 0 {
		return refuse(s.op, "write one line for each point", "line %d: the table has a header and nothing else", 1)
	}
	return nil
}

// column reads one column of numbers.
func (s *sheet) column(at int, what string) ([]float64, error) {
	out := make([]float64, len(s.rows))
	for i, row := range s.rows {
		v, err := strconv.ParseFloat(strings.TrimSpace(row[at]), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, refuse(s.op, "write a number there", "line %d: %s is %q, which is no number", s.lines[i], what, row[at])
		}
		if what == "weight" && v < 0 {
			return nil, refuse(s.op, "give weights from 0", "line %d: the weight is %g", s.lines[i], v)
		}
		out[i] = v
	}
	return out, nil
}

func (s *sheet) names(at int) []string {
	out := make([]string, len(s.rows))
	for i, row := range s.rows {
		out[i] = strings.TrimSpace(row[at])
	}
	return out
}

// ReadPoints reads a table of places: columns x and y in metres, or lon and lat in degrees, and if wanted a weight and a name; or of
// weights alone. With a header its words say which is which, and others are left alone. Without one the columns are x, y and
// weight, after a name where the first column holds no numbers; one column alone is the weight. Words that mean nothing to us are a header, too, where
// the next line holds numbers in their place; then the columns are taken in that order. What cannot be used is fault.Invalid with its line.
func ReadPoints(r io.Reader) (*Points, error) {
	s, err := readSheet("study.ReadPoints", r)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	bare := true
	switch known := s.known(); {
	case known != nil:
		at = known
		if err = s.behead(); err == nil {
			bare = s.fill(at)
		}
	case s.worded():
		if err = s.behead(); err == nil {
			err = s.guess(at)
		}
	default:
		err = s.guess(at)
	}
	if err != nil {
		return nil, err
	}
	p, err := s.points(at)
	if err != nil {
		return nil, err
	}
	p.Bare = bare && p.Places != nil
	return p, nil
}

// known is where a header names each role; nil where the first row is no header.
func (s *sheet) known() map[string]int {
	at := map[string]int{}
	for i, word := range s.rows[0] {
		if columns.Number(word) {
			return nil
		}
		if role := roleOf(word); role != "" {
			if _, twice := at[role]; !twice {
				at[role] = i
			}
		}
	}
	if _, named := at["name"]; named && len(at) == 1 && len(s.rows[0]) == 2 { // Names, and one column of something.
		at["weight"] = 1 - at["name"]
	}
	if len(at) == 0 {
		return nil
	}
	return at
}

// worded reports whether the first row is a header of words that we do not know: every column of numbers in the second row has a word
// above it.
func (s *sheet) worded() bool {
	if len(s.rows) < 2 {
		return false
	}
	numbers := 0
	for k, cell := range s.rows[1] {
		if columns.Number(cell) {
			if numbers++; columns.Number(s.rows[0][k]) {
				return false
			}
		}
	}
	return numbers > 0
}

// fill takes the columns of numbers whose words mean nothing to us, where the others are neither places nor weights. It
// reports whether places were found so.
func (s *sheet) fill(at map[string]int) bool {
	if _, named := at["name"]; !named || len(at) != 1 {
		return false
	}
	var left []int
	for k, cell := range s.rows[0] {
		if k != at["name"] && columns.Number(cell) {
			left = append(left, k)
		}
	}
	switch len(left) {
	case 1:
		at["weight"] = left[0]
	case 3:
		at["weight"] = left[2]
		fallthrough
	case 2:
		at["x"], at["y"] = left[0], left[1]
	}
	return len(left) == 2 || len(left) == 3
}

// guess says which column is which without a header.
func (s *sheet) guess(at map[string]int) error {
	first := 0
	row := s.rows[0]
	if len(row) > 1 && !columns.Number(row[0]) && columns.Number(row[1]) {
		at["name"], first = 0, 1
	}
	switch len(row) - first {
	case 1:
		at["weight"] = first
	case 2:
		at["x"], at["y"] = first, first+1
	case 3:
		at["x"], at["y"], at["weight"] = first, first+1, first+2
	default:
		return refuse(s.op, "write a header such as name,x,y,weight (metres) or name,lon,lat,weight (degrees)", "line %d has %d columns and no header that says which is which", s.lines[0], len(row))
	}
	if !columns.Number(row[first]) {
		return refuse(s.op, "write a header such as name,x,y,weight (metres) or name,lon,lat,weight (degrees)", "line %d is no header that is known, and %q is no number", s.lines[0], row[first])
	}
	return nil
}

// points reads the columns.
func (s *sheet) points(at map[string]int) (*Points, error) {
	p := &Points{}
	if i, ok := at["name"]; ok {
		p.Names = s.names(i)
	}
	var err error
	if i, ok := at["weight"]; ok {
		if p.Weight, err = s.column(i, "weight"); err != nil {
			return nil, err
		}
	}
	east, north := "x", "y"
	_, hasLon := at["lon"]
	_, hasLat := at["lat"]
	if p.Degree = hasLon && hasLat; p.Degree {
		east, north = "lon", "lat"
	}
	x, okX := at[east]
	y, okY := at[north]
	if !okX || !okY {
		if p.Weight == nil {
			return nil, refuse(s.op, "write a header such as name,x,y,weight (metres) or name,lon,lat,weight (degrees)", "the table has neither places nor weights")
		}
		return p, nil
	}
	xs, err := s.column(x, east)
	if err != nil {
		return nil, err
	}
	ys, err := s.column(y, north)
	if err != nil {
		return nil, err
	}
	for i := range xs {
		if p.Degree && !(geo.Point{Lon: xs[i], Lat: ys[i]}).Valid() || math.Abs(xs[i]) > costMost || math.Abs(ys[i]) > costMost {
			return nil, refuse(s.op, "give degrees of longitude and latitude, or metres in columns x and y", "line %d: %g, %g is no place", s.lines[i], xs[i], ys[i])
		}
		p.Places = append(p.Places, [2]float64{xs[i], ys[i]})
	}
	return p, nil
}

// The bounds of what is taken for degrees without a word that says so. No town is wider than spanMost degrees, and none lies
// within nowhere degrees of where both are 0, where planes of small numbers do.
const (
	spanMost = 2.0
	nowhere  = 2.0
)

// LookLikeDegrees reports whether numbers could be a town's longitudes and latitudes: within 180 and 90, close together, and
// not around 0, 0.
func LookLikeDegrees(tables ...*Points) bool {
	least, most := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, p := range tables {
		for _, at := range p.Places {
			if !(geo.Point{Lon: at[0], Lat: at[1]}).Valid() {
				return false
			}
			for k, v := range at {
				least[k], most[k] = min(least[k], v), max(most[k], v)
			}
		}
	}
	far := max(math.Abs(least[0]), math.Abs(most[0]), math.Abs(least[1]), math.Abs(most[1]))
	return most[0]-least[0] <= spanMost && most[1]-least[1] <= spanMost && far > nowhere
}

// Settle decides what places are that no word names: what those of the other table are, and where both are bare,
// degrees if they look like it. It reports whether that made degrees of any.
func Settle(demand, sites *Points) (degrees bool, err error) {
	for _, pair := range [2][2]*Points{{demand, sites}, {sites, demand}} {
		p, other := pair[0], pair[1]
		if p.Bare && !p.Degree && (other.Degree || other.Bare && LookLikeDegrees(demand, sites)) {
			degrees, err = true, errors.Join(err, p.Degrees())
		}
	}
	return degrees, err
}

// Degrees says that places without a header are longitude and latitude.
func (p *Points) Degrees() error {
	for i, at := range p.Places {
		if !(geo.Point{Lon: at[0], Lat: at[1]}).Valid() {
			return refuse("study.Degrees", "give degrees of longitude and latitude, or metres in columns x and y", "place %d (from 0): %g, %g is no place", i, at[0], at[1])
		}
	}
	p.Degree = true
	return nil
}

// Distance is how far places are apart.
type Distance uint8

// The distances of plane places. Between degrees it is always the great circle.
const (
	Euclid    Distance = iota // As the crow flies.
	Manhattan                 // Along a grid of streets.
)

// Between makes the question of demand points and sites from their places, in metres. Points without a weight weigh 1.
func Between(demand, sites *Points, d Distance) (*Posts, error) {
	const op = "study.Between"
	if demand.Places == nil || sites.Places == nil {
		return nil, refuse(op, "give both tables columns x and y, or lon and lat", "one of the tables has no places")
	}
	if demand.Degree != sites.Degree {
		return nil, refuse(op, "give both tables x and y in metres, or both lon and lat in degrees", "one table has degrees and the other metres")
	}
	if len(demand.Places) > entriesMost/len(sites.Places) {
		return nil, refuse(op, "leave out sites, or put points together", "%d points and %d sites are more than %d pairs", len(demand.Places), len(sites.Places), entriesMost)
	}
	p := &Posts{Weight: demand.weights(len(demand.Places))}
	for _, a := range demand.Places {
		row := make([]float64, len(sites.Places))
		for j, b := range sites.Places {
			switch {
			case demand.Degree:
				row[j] = geo.DistanceMeters(geo.Point{Lon: a[0], Lat: a[1]}, geo.Point{Lon: b[0], Lat: b[1]})
			case d == Manhattan:
				row[j] = math.Abs(a[0]-b[0]) + math.Abs(a[1]-b[1])
			default:
				row[j] = math.Hypot(a[0]-b[0], a[1]-b[1])
			}
		}
		p.Cost = append(p.Cost, row)
	}
	return p, nil
}

// weights are those of the table, or 1 for each of n.
func (p *Points) weights(n int) []float64 {
	if p != nil && p.Weight != nil {
		return p.Weight
	}
	return slices.Repeat([]float64{1}, n)
}
