package intake

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// layout is one way to write a time, in Go's form.
type layout struct {
	text  string
	zoned bool // The text carries its own offset, so the mapping's zone is not used.
	upper bool // It has AM or PM, which Go reads in capitals only.
}

// newLayout takes a Go or a strftime layout. has says what it must hold: "d" a date, "t" a clock, "dt" both.
// A layout that cannot say what it means is refused: a year that is lost, a 12-hour clock without AM or PM.
func newLayout(text, has string) (layout, error) {
	l := layout{text: text}
	if strings.Contains(text, "%") {
		var err error
		if l.text, err = fromStrftime(text); err != nil {
			return layout{}, err
		}
	}
	if strings.Contains(l.text, "MST") {
		return layout{}, errors.New("names of zones such as PST are ambiguous; use an offset or the mapping's zone")
	}
	l.zoned = strings.Contains(l.text, "Z07") || strings.Contains(l.text, "-07")
	l.upper = strings.Contains(l.text, "PM")

	sample := time.Date(2031, 11, 23, 14, 35, 0, 0, time.UTC)
	back, err := time.Parse(l.text, sample.Format(l.text))
	if err != nil {
		return layout{}, errors.New("it cannot be read back")
	}
	if strings.Contains(has, "d") && back.Format(time.DateOnly) != sample.Format(time.DateOnly) {
		return layout{}, errors.New("it does not hold a whole date")
	}
	if strings.Contains(has, "t") && back.Format("15:04") != sample.Format("15:04") {
		return layout{}, errors.New("it does not hold a whole clock (a 12-hour one needs AM or PM)")
	}
	if has == "d" && back.Format("15:04") == sample.Format("15:04") {
		return layout{}, errors.New("it holds a clock, but stands for a date")
	}
	return l, nil
}

// directive is the Go form of one strftime letter; digits may be one or two where people write both.
func directive(c byte) (string, bool) {
	switch c {
	case 'Y':
		return "2006", true
	case 'y':
		return "06", true
	case 'm':
		return "1", true
	case 'd', 'e':
		return "2", true
	case 'b', 'h':
		return "Jan", true
	case 'B':
		return "January", true
	case 'a':
		return "Mon", true
	case 'A':
		return "Monday", true
	case 'j':
		return "002", true
	case 'H', 'k':
		return "15", true
	case 'I', 'l':
		return "3", true
	case 'M':
		return "4", true
	case 'S':
		return "5", true
	case 'p', 'P':
		return "PM", true
	case 'F':
		return "2006-1-2", true
	case 'T':
		return "15:4:5", true
	case 'R':
		return "15:4", true
	case 'z':
		return "-0700", true
	case '%':
		return "%", true
	}
	return "", false
}

// fromStrftime makes a Go layout. Letters and digits that are not directives would mean something else to
// Go, so only T and Z, as in ISO 8601, and signs of other scripts may stand by themselves.
func fromStrftime(text string) (string, error) {
	text = strings.NewReplacer(".%f", "", ",%f", "").Replace(text) // Go reads a fraction after the seconds unasked.
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '%':
			i++
			if i == len(text) {
				return "", errors.New("it ends with %")
			}
			g, ok := directive(text[i])
			if !ok {
				return "", fmt.Errorf("%%%c is not known", text[i])
			}
			b.WriteString(g)
		case c != 'T' && c != 'Z' && (c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'):
			return "", fmt.Errorf("%q cannot stand by itself", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// errNoLayout says that a time is written in none of the mapping's ways.
var errNoLayout = errors.New("the time fits none of the layouts")

// parse reads the first layout that fits. The result is the clock on the wall, held as if it were UTC,
// unless the text says its own offset.
func parse(text string, layouts []layout) (wall time.Time, zoned bool, err error) {
	for _, l := range layouts {
		s := text
		if l.upper {
			s = strings.ToUpper(strings.NewReplacer("a.m.", "AM", "p.m.", "PM").Replace(text))
		}
		t, err := time.Parse(l.text, s)
		if err == nil {
			return t, l.zoned, nil
		}
	}
	return time.Time{}, false, errNoLayout
}

// errYear says that a time was read, but cannot be when a call was made.
var errYear = errors.New("the year is not between 1900 and 2199")

// plausible refuses a year that only a slip of the pen can explain.
func plausible(t time.Time) error {
	if t.Year() < 1900 || t.Year() > 2199 {
		return errYear
	}
	return nil
}

// instant finds the moment at which the clock on the wall of zone showed wall.
//
// When the clocks go back, an hour is shown twice: the first moment that is not before after is taken, and
// the earlier one when neither will do, so that the steps of one call stay in order across the change. When
// they go forward, an hour is shown never: then the clock was not set, and its old offset counts.
func instant(wall time.Time, zone *time.Location, after time.Time) time.Time {
	offset := func(d time.Duration) time.Duration {
		_, s := wall.Add(d).In(zone).Zone()
		return time.Duration(s) * time.Second
	}
	const day = 24 * time.Hour
	before, later := offset(-day), offset(day)
	first, second := wall.Add(-before), wall.Add(-later)
	shows := func(t time.Time) bool {
		_, s := t.In(zone).Zone()
		return t.Add(time.Duration(s) * time.Second).Equal(wall)
	}
	switch a, b := shows(first), shows(second); {
	case a && b && first.Before(after) && !second.Before(after):
		return second
	case a:
		return first
	case b:
		return second
	}
	return first
}
