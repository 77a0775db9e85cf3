package founding

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// UnitsMapping says which column of a table of units means what. Names left empty are guessed from the header.
type UnitsMapping struct {
	ID       string            `yaml:"id"`        // Column; the call sign when there is none.
	CallSign string            `yaml:"call_sign"` // Column.
	Kind     string            `yaml:"kind"`      // Column.
	Station  string            `yaml:"station"`   // Column; an id or a name of org.yaml.
	People   string            `yaml:"people"`    // Column; how many are in it.
	Sworn    string            `yaml:"sworn"`     // Column; how many of them are sworn officers.
	Lon      string            `yaml:"lon"`       // Column; where it waits, degrees.
	Lat      string            `yaml:"lat"`       // Column; where it waits, degrees.
	Kinds    map[string]string `yaml:"kinds"`     // From the file's word for a kind to the id of ours.
}

// UnitsOptions say how units are read.
type UnitsOptions struct {
	Mapping  string                  // YAML file of a UnitsMapping; empty guesses all columns.
	AddKinds bool                    // Words that are no kind of the folder become kinds that count as patrol.
	Spread   bool                    // A unit without a station and a place waits at the stations in turn.
	Progress func(read, total int64) // Told how many bytes of the table are read; nil tells nobody.
}

const unitsMax = 20_000

// Units reads a table of units and puts them in the place of the folder's own. Rows that say the same unit again are
// counted. A row with a kind or a station that the folder does not have is left out and named.
func Units(file, dir string, o UnitsOptions, mode Mode, say io.Writer) error {
	folder, err := loaded(dir)
	if err != nil {
		return err
	}
	r := unitReader{charter: folder.Charter, options: o, unknown: make(map[string]int), seen: make(map[string]bool)}
	if o.Mapping != "" {
		data, err := os.ReadFile(o.Mapping)
		if err != nil {
			return fault.Wrap("shuniu import units", fault.NotFound, err, "the mapping cannot be read").Mend("name a YAML file; shuniu import units --help shows one")
		}
		if err := yaml.UnmarshalWithOptions(data, &r.mapping, yaml.DisallowUnknownField()); err != nil {
			return fault.Wrap("shuniu import units", fault.Invalid, err, "%s is no mapping of units: %v", filepath.Base(o.Mapping), err).Mend("its keys are id call_sign kind station people sworn lon lat kinds")
		}
	}
	t, err := openTable(file, o.Progress)
	if err != nil {
		return err
	}
	defer t.close() //nolint:errcheck // Read only: nothing can be lost.
	if err := r.columns(t, &teller{w: say}); err != nil {
		return err
	}
	if err := r.read(t); err != nil {
		return err
	}
	if err := r.tell(say); err != nil {
		return err
	}
	if len(r.units) == 0 {
		return fault.New("shuniu import units", fault.Invalid, "no row of the file is a unit that can be used").Mend("read the notes above; --add-kinds takes the file's own kinds")
	}
	old, err := os.ReadFile(filepath.Join(dir, "units.yaml")) //nolint:gosec // The folder that the operator named.
	if err != nil {
		return unwritable(err)
	}
	data := old
	if len(r.kinds) > 0 { // Otherwise they stay as somebody wrote them.
		data = section(data, "kinds", r.kindsYAML())
	}
	data = section(data, "units", r.unitsYAML())
	// The units of a new folder are made up; those that somebody has written are not replaced unasked.
	owned := strings.Contains(string(old), `  - {ids: "{101..104}", kind: patrol, station: hq, officers: 2}`)
	done, err := put(dir, mode, text("units.yaml", data, owned))
	return errors.Join(tellDone(say, done), err)
}

// unitReader collects the units of a table.
type unitReader struct {
	charter org.Charter
	options UnitsOptions
	mapping UnitsMapping
	at      [8]int // Columns: id, call sign, kind, station, people, sworn, lon, lat; -1 for none.
	seen    map[string]bool
	unknown map[string]int // Words for kinds that the folder does not have, with their rows.
	units   []unitRow
	kinds   []addedKind
	notes   []string
	rows    int
	again   int
	left    int
}

type unitRow struct {
	id, sign, kind, station string
	people, sworn           int
	home                    *geo.Point
}

type addedKind struct{ id, name string }

// columns finds the columns, and says which ones were guessed.
func (r *unitReader) columns(t *table, say *teller) error {
	m := &r.mapping
	for i, c := range []struct {
		name  *string
		what  string
		words []string
	}{
		{&m.ID, "id", nil},
		{&m.CallSign, "call_sign", []string{"call sign", "callsign", "unit id", "unit", "呼号", "单位", "车组", "警力", "apparatus", "name"}},
		{&m.Kind, "kind", []string{"unit type", "kind", "type", "类型", "种类"}},
		{&m.Station, "station", []string{"station", "派出所", "所属", "firehouse", "home"}},
		{&m.People, "people", []string{"people", "officers", "crew", "staffing", "人数", "staff"}},
		{&m.Sworn, "sworn", []string{"sworn", "民警"}},
		{&m.Lon, "lon", []string{"lon", "longitude", "lng", "经度"}},
		{&m.Lat, "lat", []string{"lat", "latitude", "纬度"}},
	} {
		r.at[i] = -1
		if *c.name == "" && r.options.Mapping == "" && c.words != nil {
			if *c.name = t.guess(i < 3, c.words...); *c.name != "" {
				say.say("column    %s: %s (guessed; a mapping can say otherwise)", c.what, short(*c.name))
			}
		}
		if *c.name != "" {
			at, err := t.column(*c.name)
			if err != nil {
				return err
			}
			r.at[i] = at
		}
	}
	if r.at[1] < 0 && r.at[0] < 0 {
		return fault.New("shuniu import units", fault.Invalid, "no column holds the call signs").Mend("name it in a mapping: call_sign: " + strings.Join(few(t.header), " | "))
	}
	return say.err
}

// notesMax is how many rows are told one by one.
const notesMax = 10

func (r *unitReader) note(line int, format string, args ...any) {
	r.left++
	if len(r.notes) < notesMax {
		r.notes = append(r.notes, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
	}
}

func (r *unitReader) read(t *table) error {
	for {
		row, line, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r.rows++
		r.row(row, line)
		if len(r.units) > unitsMax {
			return fault.New("shuniu import units", fault.Invalid, "the file has more than %d different units", unitsMax).Mend("check the column of the call sign")
		}
	}
}

// idSigns are what an id may be made of: it stands in addresses and in the file's patterns.
var idSigns = regexp.MustCompile(`^[\p{L}\p{N}_.-]{1,40}$`) //nolint:gochecknoglobals // Compiled once.

func (r *unitReader) row(row []string, line int) {
	get := func(i int) string { return cell(row, r.at[i]) }
	u := unitRow{id: get(0), sign: get(1), kind: get(2), station: get(3)}
	if u.sign == "" {
		u.sign = u.id
	}
	if u.id == "" {
		u.id = strings.ReplaceAll(u.sign, " ", "-")
	}
	switch {
	case u.id == "":
		r.note(line, "no call sign")
		return
	case r.seen[u.id]:
		r.again++
		return
	case !idSigns.MatchString(u.id), strings.ContainsAny(u.sign, "{}"):
		r.note(line, "%.40q cannot be an id; letters, digits, _ . - are", u.id)
		return
	}
	var ok bool
	if u.kind, ok = r.kind(u.kind); !ok {
		r.left++
		return
	}
	if u.station, ok = r.station(u.station); !ok {
		r.note(line, "the folder has no station or department %.40q", get(3))
		return
	}
	var err1, err2 error
	if s := get(4); s != "" {
		u.people, err1 = strconv.Atoi(s)
	}
	if s := get(5); s != "" {
		u.sworn, err2 = strconv.Atoi(s)
	}
	if err1 != nil || err2 != nil || u.sworn < 0 || u.people < u.sworn || u.people > 100 {
		r.note(line, "people and sworn are no numbers that fit together")
		return
	}
	if get(6) != "" || get(7) != "" {
		lon, err1 := strconv.ParseFloat(get(6), 64)
		lat, err2 := strconv.ParseFloat(get(7), 64)
		p := geo.Point{Lon: lon, Lat: lat}
		b := r.charter.Settings.Bounds
		box := geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
		if err1 != nil || err2 != nil || !p.Valid() || !box.Contains(p) {
			r.note(line, "its place is none, or outside the centre's bounds")
			return
		}
		u.home = &p
	}
	r.seen[u.id] = true
	r.units = append(r.units, u)
}

// kindBytesMax is the longest name that a kind of units can have.
const kindBytesMax = 240

// kind is the folder's id of a kind, by the mapping, by id or by name.
func (r *unitReader) kind(word string) (string, bool) {
	if to, ok := r.mapping.Kinds[word]; ok {
		word = to
	}
	if word == "" && len(r.charter.Kinds) > 0 {
		return r.charter.Kinds[0].ID, true
	}
	for _, k := range r.charter.Kinds {
		if k.ID == word || k.Name["zh"] == word || strings.EqualFold(k.Name["en"], word) {
			return k.ID, true
		}
	}
	if i := slices.IndexFunc(r.kinds, func(k addedKind) bool { return k.name == word }); i >= 0 {
		return r.kinds[i].id, true
	}
	id := slug(word)
	if id == "" {
		id = fmt.Sprintf("kind%d", len(r.kinds)+1)
	}
	clash := len(word) > kindBytesMax || id == "near" || id == "own" || id == "any" || slices.ContainsFunc(r.charter.Kinds, func(k org.Kind) bool { return k.ID == id }) ||
		slices.ContainsFunc(r.kinds, func(k addedKind) bool { return k.id == id })
	if !r.options.AddKinds || clash {
		r.unknown[word]++
		return "", false
	}
	r.kinds = append(r.kinds, addedKind{id, word})
	return id, true
}

// station is the folder's id of an org, by id or by name; empty stays empty.
func (r *unitReader) station(word string) (string, bool) {
	if word == "" {
		return "", true
	}
	for _, o := range r.charter.Orgs {
		if string(o.ID) == word || o.Name["zh"] == word || strings.EqualFold(o.Name["en"], word) {
			return string(o.ID), true
		}
	}
	return "", false
}

func (r *unitReader) tell(w io.Writer) error {
	t := &teller{w: w}
	t.say("units     %d of %d rows; %d say a unit again, %d cannot be used", len(r.units), r.rows, r.again, r.left)
	for _, k := range r.kinds {
		t.say("kind      %s is new, and counts as patrol: %s", k.id, short(k.name))
	}
	var words []string
	for word, n := range r.unknown {
		words = append(words, fmt.Sprintf("%.60q (%d rows)", word, n))
	}
	if len(words) > 0 {
		slices.Sort(words)
		t.say("note      kinds that the folder does not have: %s; say in a mapping what they are (kinds: {ENGINE: engine}), or --add-kinds", strings.Join(few(words), ", "))
	}
	for _, n := range r.notes {
		t.say("note      %s", n)
	}
	if more := r.left - len(r.notes) - sum(r.unknown); more > 0 {
		t.say("note      and %d more", more)
	}
	return t.err
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// kindsYAML is the folder's own part, with the new kinds behind.
func (r *unitReader) kindsYAML() string {
	var b strings.Builder
	b.WriteString("kinds:\n")
	for _, k := range r.charter.Kinds {
		b.WriteString("  - {id: " + quote(k.ID))
		for _, lang := range []string{"zh", "en"} {
			if n := k.Name[lang]; n != "" {
				b.WriteString(", " + lang + ": " + quote(n))
			}
		}
		if len(k.Capabilities) > 0 {
			b.WriteString(", capabilities: [" + strings.Join(quoted(k.Capabilities), ", ") + "]")
		}
		if k.Patrol {
			b.WriteString(", patrol: true")
		}
		if k.OwnStation {
			b.WriteString(", own_station: true")
		}
		if k.Kmh > 0 {
			b.WriteString(", kmh: " + strconv.FormatFloat(k.Kmh, 'f', -1, 64))
		}
		if k.Straight {
			b.WriteString(", straight: true")
		}
		b.WriteString("}\n")
	}
	for _, k := range r.kinds {
		b.WriteString("  - {id: " + quote(k.id) + ", " + label(unbraced(k.name)) + ", patrol: true}\n")
	}
	return b.String()
}

func quoted(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, quote(w))
	}
	return out
}

func (r *unitReader) unitsYAML() string {
	var stations []string
	for _, o := range r.charter.Orgs {
		if o.Kind == "station" && o.Place != nil {
			stations = append(stations, string(o.ID))
		}
	}
	var b strings.Builder
	b.WriteString("units:\n")
	turn := 0
	for _, u := range r.units {
		fmt.Fprintf(&b, "  - {ids: %s", quote(u.id))
		if u.sign != u.id {
			b.WriteString(", call_sign: " + quote(u.sign))
		}
		b.WriteString(", kind: " + quote(u.kind))
		if u.station != "" {
			b.WriteString(", station: " + quote(u.station))
		}
		if u.people > 0 {
			fmt.Fprintf(&b, ", officers: %d", u.people)
		}
		if u.sworn > 0 {
			fmt.Fprintf(&b, ", sworn: %d", u.sworn)
		}
		switch {
		case u.home != nil:
			fmt.Fprintf(&b, ", home: [%.6f, %.6f]", u.home.Lon, u.home.Lat)
		case u.station == "" && r.options.Spread && len(stations) > 0:
			fmt.Fprintf(&b, ", at: %s", quote(stations[turn%len(stations)]))
			turn++
		}
		b.WriteString("}\n")
	}
	return b.String()
}
