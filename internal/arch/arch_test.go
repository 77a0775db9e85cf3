package arch

import (
	"flag"
	"os"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the present longest functions and files into ratchet.txt")

// TestHouse holds the sources to the rules of the house.
func TestHouse(t *testing.T) {
	files := readTree(t)
	parsed := files.sources(t.Errorf)
	for _, rule := range []struct {
		name  string
		check func(report func(string, ...any))
	}{
		{"imports go down", func(r func(string, ...any)) { checkFloors(house(), parsed, r) }},
		{"what a floor never does", func(r func(string, ...any)) { checkBans(house(), parsed, r) }},
		{"a live centre cannot pretend", func(r func(string, ...any)) { checkPretenders(parsed, r) }},
		{"packages say what they are for", func(r func(string, ...any)) { checkPackages(parsed, r) }},
		{"tests neither sleep nor hide", func(r func(string, ...any)) { checkTests(parsed, r) }},
		{"decisions come first", func(r func(string, ...any)) { checkDecisions(files, r) }},
		{"no machine and no unfinished thought", func(r func(string, ...any)) { checkText(files, r) }},
		{"the console's floors", func(r func(string, ...any)) { checkConsole(files, r) }},
	} {
		t.Run(rule.name, func(t *testing.T) { rule.check(t.Errorf) })
	}
}

// TestRatchet prints the longest functions and files (go test -v) and refuses a new one above the present level.
func TestRatchet(t *testing.T) {
	files := readTree(t)
	functions, whole := longest(files, files.sources(t.Errorf))
	text := ratchetText(functions, whole)
	t.Log("\n" + text)
	if *rewrite {
		if err := os.WriteFile("ratchet.txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	before, err := os.ReadFile("ratchet.txt")
	if err != nil {
		t.Fatalf("no present level: %v; write it with: go test ./internal/arch -rewrite", err)
	}
	checkRatchet(string(before), functions, functionLinesFree, t.Errorf)
	checkRatchet(string(before), whole, fileLinesFree, t.Errorf)
}
