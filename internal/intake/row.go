package intake

import (
	"strings"
	"time"
	"unicode/utf8"
)

// row takes one row into its call, or lists it as bad and reports false.
func (r *reader) row(at int, cells []string) bool {
	for _, c := range cells {
		if !utf8.ValidString(c) || strings.ContainsRune(c, 0) {
			r.bad(at, "", "the row is not UTF-8 text")
			return false
		}
	}
	for i := r.width; i < len(cells); i++ {
		if strings.TrimSpace(cells[i]) != "" {
			r.bad(at, "", "the row has more cells than the header, so its columns cannot be trusted")
			return false
		}
	}
	cell := func(column string) string {
		i, ok := r.columns[column]
		if !ok || column == "" || i >= len(cells) {
			return ""
		}
		return strings.TrimSpace(cells[i])
	}
	id := cell(r.m.CallID)
	if id == "" {
		r.bad(at, "call_id", "the row has no call number")
		return false
	}
	times, ok := r.times(at, cell)
	if !ok {
		return false
	}
	if len(cells) < r.width {
		r.doubt(at, "", "the row is cut off: it has fewer cells than the header")
	}
	call := r.call(at, id, times)
	r.fill(at, call, cell)
	r.unit(at, call, times, cell)
	return true
}

// call gives the call of this row, new or known. When rows disagree about the start, the earliest counts:
// the caller waited from then on.
func (r *reader) call(at int, id string, t stepTimes) *Call {
	c, ok := r.byID[id]
	if !ok {
		c = &Call{ID: id, Line: at, Received: t[0], Entry: t[1]}
		r.byID[id] = c
		r.ids = append(r.ids, id)
		return c
	}
	if !c.Received.Equal(t[0]) {
		r.doubt(at, "times.received", "the rows of this call disagree; the earliest is kept")
		if t[0].Before(c.Received) {
			c.Received = t[0]
		}
	}
	if c.Entry.IsZero() || !t[1].IsZero() && t[1].Before(c.Entry) {
		c.Entry = t[1]
	}
	return c
}

// fill takes what the call does not know yet; the first row that says a thing is believed.
func (r *reader) fill(at int, c *Call, cell func(string) string) {
	set := func(to *string, v Value) {
		if *to == "" && v.Column != "" {
			*to = r.translate(v, cell(v.Column))
		}
	}
	set(&c.Type, r.m.Type)
	set(&c.Priority, r.m.Priority)
	set(&c.Source, r.m.Source)
	set(&c.Disposition, r.m.Disposition)
	if c.Caller == "" {
		c.Caller = cell(r.m.Caller)
	}
	if c.Narrative == "" {
		c.Narrative = cell(r.m.Narrative)
	}
	place, lines, err := r.place(cell)
	if err != nil {
		r.doubt(at, "place", err.Error())
	}
	if c.Place == nil {
		c.Place = place
	}
	if c.Address == "" {
		for _, a := range r.m.Address {
			if s := cell(a); s != "" {
				lines = append(lines, s)
			}
		}
		c.Address = strings.Join(lines, *r.m.AddressJoin)
	}
}

// place reads the coordinates; an empty cell is no error, and no place. address holds the other lines of a
// cell, when the mapping names no address columns.
func (r *reader) place(get func(string) string) (p *Place, address []string, err error) {
	m := r.m.Place
	lonFirst := m.Order == "lon_lat"
	switch {
	case m.Lon != "":
		lon, lat := get(m.Lon), get(m.Lat)
		if lon == "" && lat == "" {
			return nil, nil, nil
		}
		p, err = point(lon, lat)
	case m.Pair != "":
		if s := get(m.Pair); s != "" {
			p, err = pair(s, lonFirst)
		}
	case m.Cell != "":
		if s := get(m.Cell); s != "" {
			p, address, err = cell(s, lonFirst)
		}
		if len(r.m.Address) > 0 {
			address = nil
		}
	}
	return p, address, err
}

// translate gives our word for a published one.
func (r *reader) translate(v Value, published string) string {
	if to, ok := v.Map[published]; ok {
		return to
	}
	if v.Default != nil {
		return *v.Default
	}
	if len(v.Map) > 0 && published != "" {
		r.file.Counts.AsPublished++
	}
	return published
}

// unit adds the unit of this row, unless an earlier row of the call said the very same.
func (r *reader) unit(at int, c *Call, t stepTimes, cell func(string) string) {
	name := cell(r.m.Unit)
	if name == "" {
		return
	}
	u := UnitRecord{
		Unit:     name,
		Dispatch: t[2], EnRoute: t[3], OnScene: t[4], Transport: t[5], Hospital: t[6], Available: t[7],
		Disorder: t.disorder(),
	}
	if r.m.UnitKind.Column != "" {
		u.Kind = r.translate(r.m.UnitKind, cell(r.m.UnitKind.Column))
	}
	if r.seen[c.ID] == nil {
		r.seen[c.ID] = make(map[UnitRecord]bool, 1)
	}
	if r.seen[c.ID][u] {
		r.file.Counts.Repeated++
		return
	}
	r.seen[c.ID][u] = true
	u.Line = at // Not part of what makes a row the same.
	c.Units = append(c.Units, u)
}

// stepTimes holds the times of one row in the order of Times.steps; zero when not recorded.
type stepTimes [8]time.Time

// disorder tells whether a recorded step is earlier than a recorded step before it.
func (t stepTimes) disorder() bool {
	var latest time.Time
	for _, s := range t {
		if s.IsZero() {
			continue
		}
		if s.Before(latest) {
			return true
		}
		latest = s
	}
	return false
}

// times reads all steps of a row. Only a received time that cannot be read makes the row bad.
func (r *reader) times(at int, cell func(string) string) (stepTimes, bool) {
	var out stepTimes
	var latest time.Time
	for i, s := range r.m.Times.steps() {
		t, err := r.step(s.step, cell, latest)
		switch {
		case err != nil && i == 0:
			r.bad(at, s.key, err.Error())
			return out, false
		case err != nil:
			r.doubt(at, s.key, err.Error())
		case t.IsZero() && i == 0:
			r.bad(at, s.key, "the row has no received time")
			return out, false
		case !t.IsZero():
			out[i], latest = t, t
		}
	}
	return out, true
}

// step reads one time; before is the step before it, or zero. An empty cell is a zero time and no error.
func (r *reader) step(s Step, cell func(string) string, before time.Time) (time.Time, error) {
	if s.Column != "" {
		text := cell(s.Column)
		if text == "" {
			return time.Time{}, nil
		}
		return r.moment(text, r.m.layouts, before)
	}
	date, clock := cell(s.Date), cell(s.Time)
	if clock == "" {
		return time.Time{}, nil
	}
	day, _, err := parse(date, r.m.dateLayouts)
	if err != nil {
		return time.Time{}, err
	}
	if err := plausible(day); err != nil {
		return time.Time{}, err
	}
	hms, zoned, err := parse(clock, r.m.timeLayouts)
	if err != nil {
		return time.Time{}, err
	}
	wall := time.Date(day.Year(), day.Month(), day.Day(), hms.Hour(), hms.Minute(), hms.Second(), hms.Nanosecond(), hms.Location())
	if zoned {
		return wall.UTC(), nil
	}
	t := instant(wall, r.m.zone, before)
	if s.Date == r.m.Times.Received.Date && !before.IsZero() && before.Sub(t) > 12*time.Hour {
		t = instant(wall.AddDate(0, 0, 1), r.m.zone, before)
	}
	return t, nil
}

// moment reads date and time from one text.
func (r *reader) moment(text string, layouts []layout, before time.Time) (time.Time, error) {
	wall, zoned, err := parse(text, layouts)
	if err != nil {
		return time.Time{}, err
	}
	if err := plausible(wall); err != nil {
		return time.Time{}, err
	}
	if zoned {
		return wall.UTC(), nil
	}
	return instant(wall, r.m.zone, before), nil
}
