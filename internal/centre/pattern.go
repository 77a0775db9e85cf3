package centre

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// expandMax is how many names one pattern or range may stand for: no centre has as many units of one kind.
const expandMax = 2000

// number is one number of a range. Its width is kept: {01..12} gives 01, and {1..12} gives 1.
type number struct{ value, width int }

func (n number) String() string { return fmt.Sprintf("%0*d", n.width, n.value) }

// variable is a name that stands for numbers, one after another.
type variable struct {
	name    string
	numbers []number
}

type variables []variable

// bindings are the numbers that names stand for just now.
type bindings map[string]number

// each calls do for every combination, the last variable turning fastest. Without variables it calls it once.
func (vs variables) each(do func(bindings)) {
	var turn func(at int, bound bindings)
	turn = func(at int, bound bindings) {
		if at == len(vs) {
			do(bound)
			return
		}
		for _, n := range vs[at].numbers {
			bound[vs[at].name] = n
			turn(at+1, bound)
		}
	}
	turn(0, bindings{})
}

// combinations is how often each would call.
func (vs variables) combinations() int {
	n := 1
	for _, v := range vs {
		if n *= len(v.numbers); n > expandMax {
			return expandMax + 1
		}
	}
	return n
}

// numbers reads "1..26, 28, 31..44".
func numbers(text string) ([]number, error) {
	var out []number
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "..")
		if !isRange {
			to = from
		}
		a, errA := strconv.ParseUint(from, 10, 31)
		b, errB := strconv.ParseUint(to, 10, 31)
		if errA != nil || errB != nil || a > b {
			return nil, fmt.Errorf("%q is no range of numbers such as 1..9", part)
		}
		if b-a >= expandMax || len(out)+int(b-a) >= expandMax {
			return nil, fmt.Errorf("%q holds more than %d numbers", text, expandMax)
		}
		width := 1
		if strings.HasPrefix(from, "0") {
			width = len(from)
		}
		for i := a; i <= b; i++ {
			out = append(out, number{value: int(i), width: width})
		}
	}
	return out, nil
}

// expand writes out one pattern. In braces stands a range, {101..110}; or a bound name, {s}; or a bound name with
// the number of digits, {n:02}. Several ranges give every combination, the last one turning fastest.
func expand(pattern string, bound bindings) ([]string, error) {
	out := []string{""}
	rest := pattern
	for {
		before, after, found := strings.Cut(rest, "{")
		inside, tail, closed := strings.Cut(after, "}")
		if strings.Contains(before, "}") || found && !closed {
			return nil, fmt.Errorf("%q: a brace has no partner", pattern)
		}
		ends := []string{""}
		if found {
			var err error
			if ends, err = fill(inside, bound); err != nil {
				return nil, fmt.Errorf("%q: %w", pattern, err)
			}
		}
		if len(out)*len(ends) > expandMax {
			return nil, fmt.Errorf("%q stands for more than %d names", pattern, expandMax)
		}
		next := make([]string, 0, len(out)*len(ends))
		for _, o := range out {
			for _, e := range ends {
				next = append(next, o+before+e)
			}
		}
		if out = next; !found {
			return out, nil
		}
		rest = tail
	}
}

// fill gives what one pair of braces stands for.
func fill(inside string, bound bindings) ([]string, error) {
	name, form, formed := strings.Cut(inside, ":")
	if !isName(name) {
		nums, err := numbers(inside)
		if err != nil {
			return nil, err
		}
		var out []string
		for _, n := range nums {
			out = append(out, n.String())
		}
		return out, nil
	}
	n, ok := bound[name]
	if !ok {
		return nil, fmt.Errorf("nothing says what {%s} stands for", name)
	}
	if formed {
		width, err := strconv.ParseUint(form, 10, 3)
		if err != nil || !strings.HasPrefix(form, "0") {
			return nil, fmt.Errorf("{%s} is no number of digits such as {%s:02}", inside, name)
		}
		n.width = int(width)
	}
	return []string{n.String()}, nil
}

// expandOne is expand for a value of which there can be only one.
func expandOne(pattern string, bound bindings) (string, error) {
	all, err := expand(pattern, bound)
	if err != nil {
		return "", err
	}
	if len(all) != 1 {
		return "", fmt.Errorf("%q stands for %d values, but one is needed", pattern, len(all))
	}
	return all[0], nil
}

// isName reports whether a word can stand for numbers: small letters only.
func isName(s string) bool {
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return s != ""
}

// match reads a number out of a published name: "Fire Station #{n}" finds n = 7 in "Fire Station #7 - Division 3".
// An empty pattern binds nothing and fits everything.
func match(pattern, value string) (bindings, bool, error) {
	if pattern == "" {
		return bindings{}, true, nil
	}
	before, after, found := strings.Cut(pattern, "{")
	name, tail, closed := strings.Cut(after, "}")
	if !found || !closed || tail != "" || !isName(name) {
		return nil, false, errors.New("a match ends in one name in braces, such as Station #{n}")
	}
	rest, ok := strings.CutPrefix(value, before)
	if !ok {
		return nil, false, nil
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return nil, false, nil
	}
	return bindings{name: {value: int(n), width: 1}}, true, nil
}
