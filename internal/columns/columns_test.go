package columns_test

import (
	"reflect"
	"strings"
	"testing"

	"shuniu/internal/columns"
)

func TestSeparator(t *testing.T) {
	for text, want := range map[string]rune{
		"a,b,3\n":                      ',',
		"a;b;3\r\nc;d;4\r\n":           ';',
		"a\tb\t3\nc\td\t4\n":           '\t',
		"a|b|3\n":                      '|',
		"from to s\nA B 3\n":           ' ',
		"1,5;2;3\n2,5;3;4\n":           ';', // Commas within numbers.
		"a;b,1,2\nc,3,4\n":             ',', // A name with a semicolon.
		"\"a;b\",1\nc,2\n":             ',',
		"# made; by; hand\na,1\nb,2\n": ',',
		"\n\nx;y\n1;2\n":               ';',
		"the weight\n5\n":              ',', // One column.
		"a;b;c\nd;e\n":                 ';',
		"":                             ',',
	} {
		if got := columns.Separator([]byte(text), '#'); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestReader(t *testing.T) {
	want := [][]string{{"", "p", "q"}, {"a", "1", "2"}}
	for _, text := range []string{"\ufeff,p,q\na,1,2\n", "\tp\tq\na\t1\t2\n", ";p;q\n#no\na; 1; 2\n", "\"\" p q\na   1 2\n"} {
		got, err := columns.Reader(strings.NewReader(text), '#').ReadAll()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	wide := strings.Repeat("1;", 1<<16) + "1\n" // Longer than what is looked at.
	row, err := columns.Reader(strings.NewReader(wide), 0).Read()
	if err != nil || len(row) != 1<<16+1 {
		t.Errorf("%d cells, %v", len(row), err)
	}
}

func TestWord(t *testing.T) {
	for _, cell := range []string{"Time (s)", "time_s", "TIME-S", " times"} {
		if got := columns.Word(cell); got != "times" {
			t.Errorf("%q: %q", cell, got)
		}
	}
	if !columns.Number(" 1e3 ") || columns.Number("") || columns.Number("1,5") {
		t.Error("numbers are known wrongly")
	}
}
