package demand

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Columns is the header of a demand file. Rows of kind cell hold the middle of a square and its calls an hour as a mean over
// the week; rows hour:0 to hour:167 the factor of each hour of the week from Monday 00:00; the others say what the
// figures rest on. Numbers are written so that reading them gives the same bits.
const Columns = "kind,lon,lat,value"

// The bounds of a file: how many squares it may hold, and how many calls an hour one may bring.
const (
	cellsMost = 2_000_000
	valueMost = 1e9
)

// WriteCSV writes the map.
func (m *Map) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	digits := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	say := func(kind, value string) { _ = out.Write([]string{kind, "", "", value}) } // Flush gives the error.
	_ = out.Write(strings.Split(Columns, ","))
	say("square_m", digits(m.square))
	say("zone", m.Zone().String())
	say("calls", strconv.Itoa(m.source.Calls))
	say("officer_left_out", strconv.Itoa(m.source.OfficerLeftOut))
	say("unusable", strconv.Itoa(m.source.Unusable))
	if !m.source.From.IsZero() && !m.source.To.IsZero() {
		say("from", m.source.From.UTC().Format(time.RFC3339Nano))
		say("to", m.source.To.UTC().Format(time.RFC3339Nano))
	}
	_ = out.Write([]string{"origin", digits(m.origin.Lon), digits(m.origin.Lat), ""})
	for h, f := range m.hours {
		say("hour:"+strconv.Itoa(h), digits(f))
	}
	for i, c := range m.cells {
		_ = out.Write([]string{"cell", digits(c.Place.Lon), digits(c.Place.Lat), digits(m.perHour[i])})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("demand: %w", err)
	}
	return nil
}

// ReadCSV reads a map that WriteCSV or somebody by hand has written. What cannot be used is fault.Invalid with its line: a number
// that is none, below 0 or not finite, a place off the earth, a square named twice. Without hours each hour is alike;
// without an origin the first cell is it.
func ReadCSV(r io.Reader) (*Map, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.ReuseRecord = 4, true
	head, err := in.Read()
	if err != nil || strings.TrimPrefix(strings.Join(head, ","), "\ufeff") != Columns {
		return nil, fault.New(opRead, fault.Invalid, "line 1: the header is not %s", Columns).Mend("write a file by shuniu study demand and change that")
	}
	f := reading{m: &Map{square: SquareMeters, zone: time.UTC}}
	f.m.flat()
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Wrap(opRead, fault.Invalid, err, "the file cannot be read: %v", err).Mend("rows are " + Columns)
		}
		f.line, _ = in.FieldPos(0)
		if err := f.take(row); err != nil {
			return nil, err
		}
	}
	return f.done()
}

const opRead = "demand.ReadCSV"

// reading is a file that is being read.
type reading struct {
	m      *Map
	line   int
	origin bool
	places []geo.Point
	rates  []float64
	lines  []int
}

func (f *reading) refuse(format string, args ...any) error {
	return fault.New(opRead, fault.Invalid, "line %d: %s", f.line, fmt.Sprintf(format, args...)).Mend("mend that line; rows are " + Columns)
}

func (f *reading) take(row []string) error {
	kind, value := row[0], strings.TrimSpace(row[3])
	hour, isHour := strings.CutPrefix(kind, "hour:")
	switch {
	case isHour:
		h, err := strconv.Atoi(hour)
		if err != nil || h < 0 || h >= HoursOfWeek {
			return f.refuse("there is no hour %q in a week of %d", hour, HoursOfWeek)
		}
		f.m.hours[h], err = f.number(value)
		return err
	case kind == "cell":
		p, err := f.place(row)
		if err != nil {
			return err
		}
		rate, err := f.number(value)
		if err != nil {
			return err
		}
		if len(f.places) >= cellsMost {
			return f.refuse("there are more than %d cells", cellsMost)
		}
		f.places, f.rates, f.lines = append(f.places, p), append(f.rates, rate), append(f.lines, f.line)
		return nil
	case kind == "origin":
		p, err := f.place(row)
		f.m.origin, f.origin = p, true
		return err
	}
	return f.meta(kind, value)
}

// meta takes what is said about the whole map.
func (f *reading) meta(kind, value string) (err error) {
	s := &f.m.source
	switch kind {
	case "square_m":
		f.m.square, err = strconv.ParseFloat(value, 64)
		if err != nil || !(f.m.square >= squareLeast && f.m.square <= squareMost) {
			return f.refuse("a square of %q m is not between %d and %d", value, squareLeast, squareMost)
		}
	case "zone":
		if f.m.zone, err = time.LoadLocation(value); err != nil {
			return f.refuse("there is no time zone %q", value)
		}
	case "calls", "officer_left_out", "unusable":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return f.refuse("%s is %q", kind, value)
		}
		*map[string]*int{"calls": &s.Calls, "officer_left_out": &s.OfficerLeftOut, "unusable": &s.Unusable}[kind] = n
	case "from", "to":
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return f.refuse("%s is %q, which is no time such as 2030-01-02T00:00:00Z", kind, value)
		}
		*map[string]*time.Time{"from": &s.From, "to": &s.To}[kind] = at
	default:
		return f.refuse("there is no kind %q", kind)
	}
	return nil
}

func (f *reading) number(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= valueMost) {
		return 0, f.refuse("%q is not a number from 0 to %g", text, valueMost)
	}
	return v, nil
}

func (f *reading) place(row []string) (geo.Point, error) {
	lon, err1 := strconv.ParseFloat(strings.TrimSpace(row[1]), 64)
	lat, err2 := strconv.ParseFloat(strings.TrimSpace(row[2]), 64)
	p := geo.Point{Lon: lon, Lat: lat}
	if err1 != nil || err2 != nil || !p.Valid() || math.Abs(lat) > 85 {
		return p, f.refuse("%s, %s is not a longitude and a latitude", row[1], row[2])
	}
	return p, nil
}

// done puts the squares in order and the hours to a mean of 1; the rates take up what that changes.
func (f *reading) done() (*Map, error) {
	m := f.m
	if !f.origin && len(f.places) > 0 {
		m.origin = f.places[0].Offset(-m.square/2, -m.square/2)
	}
	m.plane = geo.PlaneAt(m.origin)
	rate := make(map[square]float64, len(f.places))
	at := make([]square, 0, len(f.places))
	for i, p := range f.places {
		s, ok := m.squareOf(p)
		f.line = f.lines[i]
		if _, twice := rate[s]; !ok || twice {
			return nil, f.refuse("the square of this cell is named twice, or is more than %d km away from the origin", farMeters/1000)
		}
		rate[s] = f.rates[i]
		at = append(at, s)
	}
	slices.SortFunc(at, func(a, b square) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	m.lay(at)
	mean := 0.0
	for _, h := range m.hours {
		mean += h / HoursOfWeek
	}
	if !(mean > 0) {
		return nil, f.refuse("no hour of the week has calls")
	}
	if math.Abs(mean-1) < 1e-9 { // As it was written.
		mean = 1
	}
	for i := range m.hours {
		m.hours[i] /= mean
	}
	m.perHour = make([]float64, len(at))
	for i, s := range at {
		m.perHour[i] = rate[s] * mean
		m.total += m.perHour[i]
	}
	return m, nil
}
