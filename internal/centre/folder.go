package centre

import (
	"time"

	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// label is a name in the console's two languages. Each entry carries it as its own keys zh and en.
type label struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

func (l label) empty() bool { return l.ZH == "" && l.EN == "" }

func (l label) name() org.Name {
	out := org.Name{}
	if l.ZH != "" {
		out["zh"] = l.ZH
	}
	if l.EN != "" {
		out["en"] = l.EN
	}
	return out
}

// lonLat is a place as [longitude, latitude], WGS 84 degrees.
type lonLat [2]float64

func (p *lonLat) point() *geo.Point {
	if p == nil {
		return nil
	}
	return &geo.Point{Lon: p[0], Lat: p[1]}
}

// centreFile is centre.yaml.
type centreFile struct {
	label

	ID              string         `yaml:"id"`
	Version         string         `yaml:"version"` // For people; what proves the content is the hash.
	Superior        label          `yaml:"superior"`
	Zone            string         `yaml:"zone"`   // IANA name.
	Bounds          [4]float64     `yaml:"bounds"` // West, south, east, north.
	Zoom            float64        `yaml:"zoom"`
	Credit          string         `yaml:"credit"` // Must be named with the map.
	BorderWithinM   float64        `yaml:"border_within_m"`
	ForgetAfterDays int            `yaml:"forget_after_days"`
	AnswerWithin    time.Duration  `yaml:"answer_within"`
	TakeGrace       time.Duration  `yaml:"take_grace"`
	Silence         time.Duration  `yaml:"silence"` // A crew at work that says nothing for so long is asked.
	Scene           time.Duration  `yaml:"scene"`   // How long a crew is usually on a scene.
	Results         []itemEntry    `yaml:"results"`
	Reasons         []itemEntry    `yaml:"reasons"`
	Partners        []itemEntry    `yaml:"partners"`
	Seats           []itemEntry    `yaml:"seats"`
	CommanderSeat   string         `yaml:"commander_seat"` // Who answers for an incident from its first dispatch on.
	Capabilities    []itemEntry    `yaml:"capabilities"`
	Population      int            `yaml:"population"`
	Neighbours      []itemEntry    `yaml:"neighbours"`
	RadioGroups     []itemEntry    `yaml:"radio_groups"`
	Premises        []premiseEntry `yaml:"premises"`
	Watches         []itemEntry    `yaml:"watches"`
	WatchChange     []string       `yaml:"watch_change"` // "08:00", local.
	Beats           []beatEntry    `yaml:"beats"`
	Crew            *crewEntry     `yaml:"crew"` // What counts as a crew (警组).
	AlertLevels     []string       `yaml:"alert_levels"`
	Orders          []orderClock   `yaml:"orders"`
	Reports         []reportClock  `yaml:"reports"`
}

// orderClock is by when orders of one urgency are signed, reminded of and raised.
type orderClock struct {
	Urgency   string        `yaml:"urgency"`
	Sign      time.Duration `yaml:"sign"`
	Remind    time.Duration `yaml:"remind"`
	Supervise time.Duration `yaml:"supervise"`
	Raise     time.Duration `yaml:"raise"`
}

// reportClock is by when an event of one level is reported to the superior centre.
type reportClock struct {
	Level  string        `yaml:"level"`
	First  time.Duration `yaml:"first"`
	Follow time.Duration `yaml:"follow"`
	Final  time.Duration `yaml:"final"`
}

type crewEntry struct {
	Officers   int      `yaml:"officers"`
	Sworn      int      `yaml:"sworn"`
	Priorities []string `yaml:"priorities"` // With these every need for a patrol, a crew of the station or anybody asks for one.
}

type beatEntry struct {
	ID string `yaml:"id"`
	label

	Station string `yaml:"station"`
}

type itemEntry struct {
	ID string `yaml:"id"`
	label

	Mode string `yaml:"mode"` // Partners only.
}

// typesFile is types.yaml.
type typesFile struct {
	Priorities []gradeEntry `yaml:"priorities"`
	Tags       []tagEntry   `yaml:"tags"`
	Types      []typeEntry  `yaml:"types"`
}

type gradeEntry struct {
	ID string `yaml:"id"`
	label

	Limits []limitEntry `yaml:"limits"`
}

type limitEntry struct {
	Kind   string        `yaml:"kind"`
	From   string        `yaml:"from"`
	Within time.Duration `yaml:"within"`
}

type tagEntry struct {
	ID string `yaml:"id"`
	label

	Ack bool `yaml:"ack"`
}

type typeEntry struct {
	ID string `yaml:"id"`
	label

	Category string       `yaml:"category"`
	Priority string       `yaml:"priority"`
	Level    string       `yaml:"level"`
	Tags     []string     `yaml:"tags"`
	Keywords []string     `yaml:"keywords"`
	Need     []needEntry  `yaml:"need"`   // First wave.
	Second   []needEntry  `yaml:"second"` // Second wave.
	Seats    []string     `yaml:"seats"`
	Notify   []string     `yaml:"notify"`
	Partners []string     `yaml:"partners"`
	Limits   []limitEntry `yaml:"limits"`
}

type needEntry struct {
	Slot       string   `yaml:"slot"`
	Capability string   `yaml:"capability"`
	Kinds      []string `yaml:"kinds"`
	Count      *int     `yaml:"count"` // 1 when it is not given.
	Officers   int      `yaml:"officers"`
	Sworn      int      `yaml:"sworn"`
	Crew       bool     `yaml:"crew"` // At least what centre.yaml calls a crew.
	Hold       bool     `yaml:"hold"` // Stays back until called forward.

	Or []needEntry `yaml:"or"` // What serves as well, best first.
}

// unitsFile is units.yaml.
type unitsFile struct {
	Kinds []kindEntry `yaml:"kinds"`
	Units []unitRule  `yaml:"units"`
}

type kindEntry struct {
	ID string `yaml:"id"`
	label

	Capabilities []string `yaml:"capabilities"`
	Patrol       bool     `yaml:"patrol"`
	OwnStation   bool     `yaml:"own_station"`
	Kmh          *float64 `yaml:"kmh"`      // Its own speed; without it, it drives as a car.
	Straight     bool     `yaml:"straight"` // It does not use streets.
}

// unitRule is one unit, or all units that its patterns stand for.
type unitRule struct {
	IDs          []string  `yaml:"ids"`
	For          variables `yaml:"for"`
	CallSign     string    `yaml:"call_sign"` // The id when it is not given.
	Kind         string    `yaml:"kind"`
	Station      string    `yaml:"station"`
	Beat         string    `yaml:"beat"`         // A community beat of the station.
	Capabilities []string  `yaml:"capabilities"` // Beside those of the kind.
	Officers     int       `yaml:"officers"`
	Sworn        int       `yaml:"sworn"`
	Dispatchable *bool     `yaml:"dispatchable"` // True when it is not given.
	Home         *lonLat   `yaml:"home"`
	At           []string  `yaml:"at"` // Places or orgs, taken in turn; the station's place when neither is given.
}

// orgFile is org.yaml.
type orgFile struct {
	Centre      *orgRule     `yaml:"centre"` // The root; parent of whatever names none.
	Departments []orgRule    `yaml:"departments"`
	Brigades    []orgRule    `yaml:"brigades"`
	Stations    []orgRule    `yaml:"stations"`
	Places      []placeEntry `yaml:"places"`
	PlacesFrom  *geoRule     `yaml:"places_from"` // Points that are stations' places.
	Areas       *geoRule     `yaml:"areas"`       // Polygons that are stations' areas.
}

// orgRule is one department, brigade or station, or all that its pattern stands for.
type orgRule struct {
	IDs []string  `yaml:"ids"`
	For variables `yaml:"for"`
	label

	Parent  string  `yaml:"parent"`
	Place   *lonLat `yaml:"place"`
	BorderM float64 `yaml:"border_m"` // The centre's border_within_m when it is not given.
}

// placeEntry is a post at which units wait.
type placeEntry struct {
	ID string `yaml:"id"`
	label

	Place *lonLat `yaml:"place"`
}

// geoRule says which feature of a GeoJSON file belongs to which station.
type geoRule struct {
	File     string `yaml:"file"`     // Beside this file, or in the data folder.
	Property string `yaml:"property"` // The property that names the station.
	Match    string `yaml:"match"`    // How the name is read: "Fire Station #{n}". Empty: it is the station's id.
	Station  string `yaml:"station"`  // The station's id, by what match found: "st{n}". Empty: as published.
	Optional bool   `yaml:"optional"` // No problem where there is no such file.
}
