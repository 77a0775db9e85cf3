package intake

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"shuniu/internal/fault"
)

// maxMappingBytes bounds a mapping file: it is written by hand, so 1 MiB is far beyond any honest one.
const maxMappingBytes = 1 << 20

// Mapping says how one kind of file is to be read. Make it with LoadMapping or ParseMapping, which check it;
// the zero value reads nothing.
type Mapping struct {
	Format    string   `yaml:"format"`    // "csv", the default; gzip is seen by its first bytes.
	Delimiter string   `yaml:"delimiter"` // One character; "," by default.
	Encoding  string   `yaml:"encoding"`  // "utf-8", the default; a byte order mark is tolerated.
	CallID    string   `yaml:"call_id"`   // Column; required. Rows with the same value are one call.
	Unit      string   `yaml:"unit"`      // Column; "" when the file names no units.
	UnitKind  Value    `yaml:"unit_kind"` // Column.
	Place     PlaceMap `yaml:"place"`
	Address   []string `yaml:"address"` // Columns, joined by AddressJoin; empty cells are left out.
	// AddressJoin is put between the address columns; ", " when not given.
	AddressJoin *string `yaml:"address_join"`
	Type        Value   `yaml:"type"`
	Priority    Value   `yaml:"priority"`
	// Source says who began a call, in the words of Sources. What officers and sensors began is no demand.
	Source      Value  `yaml:"source"`
	Times       Times  `yaml:"times"`
	Disposition Value  `yaml:"disposition"`
	Caller      string `yaml:"caller"`    // Column.
	Narrative   string `yaml:"narrative"` // Column.

	file  string         // Where the mapping was read, for messages.
	lines map[string]int // Line of each key, by its path: "times.zone".
	zone  *time.Location
	// The layouts in Go's own form.
	layouts, dateLayouts, timeLayouts []layout
}

// Value is a column whose cells may be translated. In YAML it is a column's name, or its three parts.
type Value struct {
	Column  string            `yaml:"column"`
	Map     map[string]string `yaml:"map"`     // From the published word to ours. Empty: nothing is translated.
	Default *string           `yaml:"default"` // For words outside Map, and empty cells. nil keeps them as published.
}

// UnmarshalYAML takes a bare column name for a Value without a table.
func (v *Value) UnmarshalYAML(unmarshal func(any) error) error {
	var column string
	if unmarshal(&column) == nil {
		*v = Value{Column: column}
		return nil
	}
	type parts Value
	return unmarshal((*parts)(v))
}

// PlaceMap says where the coordinates are: two columns, one column with both, or the last lines of a cell.
// All empty means that the file has none.
type PlaceMap struct {
	Lon  string `yaml:"lon"`  // Column of degrees.
	Lat  string `yaml:"lat"`  // Column of degrees.
	Pair string `yaml:"pair"` // Column of "(lat, lon)" or "POINT (lon lat)".
	// Cell is a column of several lines with a pair on one of them; the others are the address
	// when no address columns are given.
	Cell string `yaml:"cell"`
	// Order of the two numbers in Pair or Cell: "lat_lon", the default, or "lon_lat".
	// A POINT always says its longitude first.
	Order string `yaml:"order"`
}

// Times says how the steps of a call are written.
type Times struct {
	Zone        string   `yaml:"zone"`         // IANA name of the clock on the wall; required.
	Layouts     []string `yaml:"layouts"`      // Go or strftime layouts of date and time in one column, tried in order.
	DateLayouts []string `yaml:"date_layouts"` // The same for a date column.
	TimeLayouts []string `yaml:"time_layouts"` // The same for a time column.

	Received  Step `yaml:"received"` // Required.
	Entry     Step `yaml:"entry"`
	Dispatch  Step `yaml:"dispatch"`
	EnRoute   Step `yaml:"enroute"`
	OnScene   Step `yaml:"on_scene"`
	Transport Step `yaml:"transport"`
	Hospital  Step `yaml:"hospital"`
	Available Step `yaml:"available"`
}

// Step is where one time is written: one column, or a date column and a time column. In YAML a bare name is
// the one column. A later step whose date column is that of the received time, and whose clock is more than
// twelve hours before the step before it, has passed midnight.
type Step struct {
	Column string `yaml:"column"`
	Date   string `yaml:"date"`
	Time   string `yaml:"time"`
}

// UnmarshalYAML takes a bare column name for a Step of one column.
func (s *Step) UnmarshalYAML(unmarshal func(any) error) error {
	var column string
	if unmarshal(&column) == nil {
		*s = Step{Column: column}
		return nil
	}
	type parts Step
	return unmarshal((*parts)(s))
}

// given tells whether the mapping names a column for the step at all.
func (s Step) given() bool { return s.Column != "" || s.Date != "" || s.Time != "" }

// namedStep is one step with its mapping key.
type namedStep struct {
	key  string
	step Step
}

// steps lists the steps in the order in which they happen.
func (t Times) steps() []namedStep {
	return []namedStep{
		{"times.received", t.Received},
		{"times.entry", t.Entry},
		{"times.dispatch", t.Dispatch},
		{"times.enroute", t.EnRoute},
		{"times.on_scene", t.OnScene},
		{"times.transport", t.Transport},
		{"times.hospital", t.Hospital},
		{"times.available", t.Available},
	}
}

// LoadMapping reads and checks a mapping file. Every error is of kind Invalid (NotFound when there is no
// such file), names file and line, and says what to do; several are joined.
func LoadMapping(path string) (Mapping, error) {
	f, err := os.Open(path)
	if err != nil {
		return Mapping{}, fault.Wrap("intake.LoadMapping", fault.NotFound, err,
			"the mapping %s cannot be opened", filepath.Base(path)).Mend("Check the path and its permissions.")
	}
	defer f.Close()
	return ParseMapping(filepath.Base(path), f)
}

// ParseMapping reads and checks a mapping; name stands for the file in messages. Errors are as for LoadMapping.
func ParseMapping(name string, r io.Reader) (Mapping, error) {
	m := Mapping{file: name}
	text, err := io.ReadAll(io.LimitReader(r, maxMappingBytes+1))
	if err != nil {
		return Mapping{}, fault.Wrap("intake.ParseMapping", fault.Unavailable, err, "%s cannot be read", name)
	}
	if len(text) > maxMappingBytes || !utf8.Valid(text) {
		return Mapping{}, m.wrong("", "this is no mapping: it is too large or not UTF-8 text",
			"Give a YAML mapping, not the file of calls.")
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return Mapping{}, yamlFault(name, err)
	}
	m.lines = make(map[string]int)
	for _, doc := range tree.Docs {
		keyLines(doc.Body, "", m.lines)
	}
	if err := yaml.UnmarshalWithOptions(text, &m, yaml.DisallowUnknownField()); err != nil {
		return Mapping{}, yamlFault(name, err)
	}
	if err := m.check(); err != nil {
		return Mapping{}, err
	}
	return m, nil
}

// keyLines notes the line of each key below node.
func keyLines(node ast.Node, path string, lines map[string]int) {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			keyLines(v, path, lines)
		}
	case *ast.MappingValueNode:
		key := n.Key.GetToken().Value
		if path != "" {
			key = path + "." + key
		}
		lines[key] = n.Key.GetToken().Position.Line
		keyLines(n.Value, key, lines)
	}
}

// yamlFault says where YAML itself is wrong, or which key we do not know.
func yamlFault(name string, err error) error {
	const op = "intake.ParseMapping"
	var ye yaml.Error
	if !errors.As(err, &ye) {
		return fault.Wrap(op, fault.Invalid, err, "%s is not a mapping: %v", name, err).
			Mend("Compare it with centres/sf/mapping.yaml.")
	}
	line := 1
	if t := ye.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	remedy := "Mend the YAML at this line."
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		remedy = "Remove the key or mend its spelling; centres/sf/mapping.yaml shows the known ones."
	}
	return fault.Wrap(op, fault.Invalid, err, "%s:%d: %s", name, line, ye.GetMessage()).Mend(remedy)
}

// wrong is one complaint about the mapping, at the line of key or of the nearest key above it.
func (m *Mapping) wrong(key, text, remedy string) error {
	line, path := 1, key
	for path != "" {
		if l, ok := m.lines[path]; ok {
			line = l
			break
		}
		path = parent(path)
	}
	where := fmt.Sprintf("%s:%d: ", m.file, line)
	if key != "" {
		where += key + ": "
	}
	return fault.New("intake.ParseMapping", fault.Invalid, "%s%s", where, text).At(key).Mend(remedy)
}
