package callers_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"shuniu/internal/callers"
	"shuniu/internal/intake"
)

func mapping(t *testing.T, path string) intake.Mapping {
	t.Helper()
	m, err := intake.LoadMapping(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What is written is read back by the centre's own mapping, call by call.
func TestSheetIsReadBack(t *testing.T) {
	m := mapping(t, "../../centres/yunze/mapping.yaml")
	g := generator(t, callers.Options{Seed: 4})
	var file bytes.Buffer
	sheet, err := callers.NewSheet(&file, m, "T")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2030, 6, 7, 0, 0, 0, 0, zone(t))
	var calls []callers.Call
	if err := g.Between(from, from.AddDate(0, 0, 3), callers.Surge{Kind: "festival", Factor: 2}, func(c *callers.Call) error {
		calls = append(calls, *c)
		return sheet.Write(c)
	}); err != nil {
		t.Fatal(err)
	}
	if err := sheet.Flush(); err != nil {
		t.Fatal(err)
	}
	back, err := intake.Read(context.Background(), &file, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Bad) > 0 || len(back.Calls) != len(calls) || len(calls) < 3_500 {
		t.Fatalf("%d calls written, %d read, %d rows that cannot be used (%v)", len(calls), len(back.Calls), len(back.Bad), back.Bad[:min(1, len(back.Bad))])
	}
	byID := map[string]intake.Call{}
	for _, c := range back.Calls {
		byID[c.ID] = c
	}
	for i := range calls {
		c, r := &calls[i], byID["T"+calls[i].ID()]
		if i > 0 && c.At.Before(calls[i-1].At) {
			t.Errorf("%s comes after a later one", c.ID())
		}
		if r.Type != string(c.Type) || r.Priority != string(c.Priority) || !r.Received.Equal(c.At.Truncate(time.Second)) || r.Narrative != strings.TrimSpace(c.Narrative) || r.Caller != c.Phone || (r.Place != nil) != (c.Place != "") {
			t.Fatalf("written %+v, read %+v", c, r)
		}
	}
}

func TestSheetRefusesAnothersFile(t *testing.T) {
	if _, err := callers.NewSheet(io.Discard, mapping(t, "../../centres/sf/mapping.yaml"), ""); err == nil {
		t.Error("a file of another system was begun")
	}
	stop := errors.New("stop")
	g := generator(t, callers.Options{})
	at := time.Date(2030, 6, 7, 0, 0, 0, 0, time.UTC)
	if err := g.Between(at, at.Add(3*time.Hour), callers.Surge{}, func(*callers.Call) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("it went on: %v", err)
	}
}

// Every occasion at which a call-taker writes something down has its words, in both languages.
func TestNotes(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		g := generator(t, callers.Options{Ground: town(t, lang)})
		for _, occasion := range []string{"misdialled", "no_answer", "nuisance", "not_ours", "located", "broken"} {
			if g.Note(occasion) == "" {
				t.Errorf("%s: nothing is written at %s", lang, occasion)
			}
		}
	}
}
