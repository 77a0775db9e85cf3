package gazetteer_test

import (
	"testing"

	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/publicdata"
)

// Real streets of San Francisco, from two sources that write them differently, are found as people there type them.
func TestSanFrancisco(t *testing.T) {
	lombardHyde := at(-122.4192, 37.8020)
	for _, tt := range []struct {
		file  string
		finds []struct{ text, kind, want string }
		at    geo.Point // A corner, and the streets that meet there.
		meet  [2]string
	}{
		{
			file: "sf/streets-osm-north-2019.osm.gz", at: lombardHyde, meet: [2]string{"Hyde Street", "Lombard Street"},
			finds: []struct{ text, kind, want string }{
				{"lombard st", "street", "Lombard Street"},
				{"Lombard Street", "street", "Lombard Street"},
				{"lombrad st", "street", "Lombard Street"},
				{"lombard & hyde", "crossing", "Lombard Street/Hyde Street"},
				{"hyde and lombard", "crossing", "Hyde Street/Lombard Street"},
				{"1000 lombard st", "street", "Lombard Street~"},
				{"37.8020,-122.4192", "point", ""},
			},
		},
		{
			file: "sf/streets-tiger-2013.osm.gz", at: at(-122.4080, 37.7841), meet: [2]string{"5th St", "Market St"},
			finds: []struct{ text, kind, want string }{
				{"market st", "street", "Market St"},
				{"market street", "street", "Market St"},
				{"makret st", "street", "Market St"},
				{"market stre", "street", "Market St"},
				{"market st & 5th", "crossing", "Market St/5th St"},
				{"5th and market", "crossing", "5th St/Market St"},
				{"fifth st at market st", "crossing", "5th St/Market St"},
				{"market/5th", "crossing", "Market St/5th St"},
				{"lombard st", "street", "Lombard St"},
				{"12 market st", "street", "Market St~"},
			},
		},
	} {
		t.Run(tt.file, func(t *testing.T) {
			x, err := osm.ReadFile(t.Context(), publicdata.File(t, tt.file), osm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			ix := gazetteer.New(x, org.State{})
			for _, f := range tt.finds {
				hits := ix.Find(gazetteer.Query{Text: f.text})
				if len(hits) == 0 || hits[0].Kind != f.kind || titled(hits[0]) != f.want {
					t.Errorf("%s: %s", f.text, titles(hits))
				}
			}
			a := ix.Reverse(tt.at)
			if a.Crossing == nil || a.Crossing.Meters > 60 {
				t.Fatalf("crossing near %v: %+v", tt.at, a.Crossing)
			}
			names := [2]string{a.Crossing.Name.Text, a.Crossing.Other.Text}
			if names != tt.meet && names != [2]string{tt.meet[1], tt.meet[0]} {
				t.Errorf("crossing %v, want %v", names, tt.meet)
			}
			if a.Street == nil || a.Landmark == nil && len(x.Places) > 0 {
				t.Errorf("street %+v, landmark %+v", a.Street, a.Landmark)
			}
		})
	}
}
