package callers

import (
	"bytes"
	_ "embed" // The figures and words lie beside the code.
	"fmt"
	"math"
	"time"

	"github.com/goccy/go-yaml"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

//go:embed shares.yaml
var sharesText []byte //nolint:gochecknoglobals // An embedded file.

// Source is where a figure was published, or "assumption".
type Source struct {
	ID      string
	Title   string
	Address string // May be empty.
}

// Book holds how many people call, for what, when and where, each figure with its source. Load gives the one that is
// built in.
type Book struct {
	Sources    []Source
	PerDay     PerDay `yaml:"per_day"`
	Groups     []Group
	Categories []Category
	Hours      []Curve // 24 weights each, from midnight.
	Weeks      []Curve // 7, from Monday.
	Months     []Curve // 12, from January.
	Types      []*Type
	Rates      []Rate
	Surges     []SurgeKind
}

// PerDay is how many calls a day an area has.
type PerDay struct {
	Calls  float64
	People int // The people who live there.
	Source string
	Why    string
}

// Group is a part of all calls as answering points publish it.
type Group struct {
	ID     string
	Share  float64 // Of all calls; the groups sum to 1.
	Source string
}

// Category is a part of a group, by a published count.
type Category struct {
	ID     string
	Group  string
	Count  float64
	Source string
}

// Curve is a set of weights over hours, days or months; only their proportions count.
type Curve struct {
	ID      string
	Weights []float64
	Source  string
	Why     string
}

// Type is one sort of event that people call about.
type Type struct {
	ID       cad.TypeID // Of the centre; empty for what is no incident.
	Also     []cad.TypeID
	Category string
	Kind     Kind    // Of its calls; empty means Normal.
	Weight   float64 // Its part of the category's calls.
	Source   string
	Why      string
	Priority cad.Priority
	Hours    string
	Week     string
	Months   string
	Callers  []float64                // Weights of one, two, three ... people who report it.
	Spread   time.Duration            // The mean time until another one does.
	Again    float64                  // Chance that the first caller asks when we come.
	Scene    time.Duration            // Median time that a crew is there; 0 for none.
	Scenes   map[string]time.Duration // The same where it differs, by kind of place.
	Places   map[string]float64       // Weights of kinds of place.
	Outside  bool                     // It is never on a floor: at a gate, before a house, in a garage.
	Results  []string                 // How it ends, the likeliest first.

	share  float64   // Of all calls.
	calls  float64   // Mean calls of an event.
	hour   []float64 // Mean 1.
	day    []float64
	month  []float64
	places cumulative
	kinds  []string // Beside places.
	number cumulative
}

// Rate is a figure that holds for all types.
type Rate struct {
	ID     string
	Value  float64
	Source string
	Why    string
}

// SurgeKind is what a surge does to the mix.
type SurgeKind struct {
	ID     string
	Zh, En string
	Source string
	Why    string
	Times  map[cad.TypeID]float64 // How often more; 1 where a type is not named.
}

const opLoad = "callers.Load"

func bad(format string, args ...any) error {
	return fault.New(opLoad, fault.Invalid, format, args...).Mend("correct the file of shares, and run the tests of the package")
}

// Load gives the figures that are built in. Errors are fault.Invalid: a figure without a source, or a name that is
// not defined.
func Load() (*Book, error) { return ReadBook(sharesText) }

// ReadBook reads figures in the form of shares.yaml. Errors are those of Load.
func ReadBook(text []byte) (*Book, error) {
	b := &Book{}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(b); err != nil {
		return nil, fault.Wrap(opLoad, fault.Invalid, err, "the shares cannot be read: %v", err).Mend("correct the file at the line that is named")
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	return b, b.derive()
}

// check refuses a figure without a source, and an assumption without a reason.
func (b *Book) check() error {
	known := map[string]bool{}
	for _, s := range b.Sources {
		known[s.ID] = true
	}
	cites := func(what, source, why string) error {
		switch {
		case !known[source]:
			return bad("%s names the source %q, which is not in the list", what, source)
		case source == "assumption" && why == "":
			return bad("%s is an assumption and gives no reason", what)
		}
		return nil
	}
	var err error
	note := func(e error) {
		if err == nil {
			err = e
		}
	}
	note(cites("per_day", b.PerDay.Source, b.PerDay.Why))
	sum := 0.0
	for _, g := range b.Groups {
		note(cites("group "+g.ID, g.Source, "published"))
		sum += g.Share
	}
	if !(math.Abs(sum-1) <= 1e-9) { // Also when a share is no number.
		note(bad("the shares of the groups sum to %v, not to 1", sum))
	}
	for _, c := range b.Categories {
		note(cites("category "+c.ID, c.Source, "published"))
		if !(c.Count > 0) {
			note(bad("category %s counts nothing", c.ID))
		}
	}
	for n, curves := range map[int][]Curve{24: b.Hours, 7: b.Weeks, 12: b.Months} {
		for _, c := range curves {
			note(cites("curve "+c.ID, c.Source, c.Why))
			if len(c.Weights) != n || !positive(c.Weights) {
				note(bad("curve %s has not %d weights that are numbers above 0", c.ID, n))
			}
		}
	}
	for _, t := range b.Types {
		note(cites("type "+t.Name(), t.Source, t.Why))
		_, places := weighed(t.Places)
		if !positive(t.Callers) || len(t.Results) == 0 || !(places.total() > 0) || !(t.Weight > 0) || !(t.Again >= 0 && t.Again <= 1) {
			note(bad("type %s lacks callers, places, results, a weight, or a chance to ask again from 0 to 1", t.Name()))
		}
	}
	for _, r := range b.Rates {
		note(cites("rate "+r.ID, r.Source, r.Why))
	}
	for _, s := range b.Surges {
		note(cites("surge "+s.ID, s.Source, s.Why))
	}
	return err
}

// positive reports whether there are weights, each a number above 0.
func positive(weights []float64) bool {
	for _, w := range weights {
		if !(w > 0) || math.IsInf(w, 0) {
			return false
		}
	}
	return len(weights) > 0
}

// Name tells the types apart, also those that share an id: "noise/report".
func (t *Type) Name() string {
	id := string(t.ID)
	if t.Kind != "" && t.Kind != Kind(id) && t.Kind != NonPolice {
		id = string(t.Kind)
	}
	return id + "/" + t.Category
}

// sceneAt is the median time that a crew is at a kind of place.
func (t *Type) sceneAt(place string) time.Duration {
	if d, ok := t.Scenes[place]; ok {
		return d
	}
	return t.Scene
}

// tales is the name under which the words for it stand.
func (t *Type) tales() string {
	if t.ID == "" {
		return string(t.Kind)
	}
	return string(t.ID)
}

// derive works out what the generator needs at every call.
func (b *Book) derive() error {
	groups, inGroup, inCategory := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for _, g := range b.Groups {
		groups[g.ID] = g.Share
	}
	for _, c := range b.Categories {
		inGroup[c.Group] += c.Count
	}
	for _, t := range b.Types {
		inCategory[t.Category] += t.Weight
	}
	shares := map[string]float64{}
	for _, c := range b.Categories {
		if groups[c.Group] == 0 || inGroup[c.Group] == 0 {
			return bad("category %s belongs to the group %q, which has no share", c.ID, c.Group)
		}
		shares[c.ID] = groups[c.Group] * c.Count / inGroup[c.Group]
	}
	more := b.rate("further_again")
	for _, t := range b.Types {
		if shares[t.Category] == 0 {
			return bad("type %s belongs to the category %q, which has no count", t.Name(), t.Category)
		}
		t.share = shares[t.Category] * t.Weight / inCategory[t.Category]
		t.number = newCumulative(t.Callers)
		for i, w := range t.Callers {
			t.calls += float64(i+1) * w / t.number.total()
		}
		t.calls += t.Again * (1 + more)
		if t.hour, t.day, t.month = level(b.Hours, t.Hours), level(b.Weeks, t.Week), level(b.Months, t.Months); t.hour == nil || t.day == nil || t.month == nil {
			return bad("type %s names a curve that is not there", t.Name())
		}
		t.kinds, t.places = weighed(t.Places)
	}
	return nil
}

// level gives the weights of a curve with their mean at 1; nil if there is none of that name.
func level(curves []Curve, id string) []float64 {
	for _, c := range curves {
		if c.ID != id {
			continue
		}
		sum := 0.0
		for _, w := range c.Weights {
			sum += w
		}
		out := make([]float64, len(c.Weights))
		for i, w := range c.Weights {
			out[i] = w * float64(len(out)) / sum
		}
		return out
	}
	return nil
}

// rate is a figure by its name. A missing one is a mistake in the file, which TestBook finds; it counts as 0.
func (b *Book) rate(id string) float64 {
	for _, r := range b.Rates {
		if r.ID == id {
			return r.Value
		}
	}
	return 0
}

// surge is what a kind of surge does; false if there is none of that name.
func (b *Book) surge(id string) (SurgeKind, bool) {
	for _, s := range b.Surges {
		if s.ID == id {
			return s, true
		}
	}
	return SurgeKind{}, false
}

// title is a source as people read it.
func (b *Book) title(id string) string {
	for _, s := range b.Sources {
		if s.ID == id {
			if s.Address != "" {
				return fmt.Sprintf("%s (%s)", s.Title, s.Address)
			}
			return s.Title
		}
	}
	return id
}
