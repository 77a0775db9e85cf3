package main

import (
	"cmp"
	"encoding/json"

	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/sim"
)

type replayCommand struct {
	Calls     string `help:"File of recorded calls, plain or gzip. Without it the centre's own, where its folder has them." placeholder:"FILE"`
	Mapping   string `help:"How to read it: which column means what. Without it the centre's own." placeholder:"FILE"`
	Streets   string `help:"Map file. Without it the centre's own; where there is none, there is no model error." placeholder:"FILE"`
	Centre    string `help:"Folder of the centre that answers the calls." required:"" placeholder:"DIR"`
	Data      string `help:"Folder with files that the configuration names." placeholder:"DIR"`
	Autopilot string `help:"recorded: the units and times of the records. recommended: the units that we recommend, with simulated crews." enum:"recorded,recommended" default:"recorded"`
	Seed      uint64 `help:"Chance of simulated crews." default:"1"`
	JSON      bool   `help:"Print one JSON object."`
}

// Run plays the calls and prints what came of them.
func (c *replayCommand) Run(s session) error {
	charter, err := loadCentre(c.Centre, c.Data)
	if err != nil {
		return err
	}
	if err := c.own(); err != nil {
		return err
	}
	calls, err := readCalls(s.ctx, c.Calls, c.Mapping)
	if err != nil {
		return err
	}
	streets, err := loadStreets(s.ctx, c.Streets)
	if err != nil {
		return err
	}
	report, err := sim.Replay(s.ctx, sim.ReplayConfig{Calls: calls, Charter: charter, Map: streets, Autopilot: c.Autopilot, Seed: c.Seed, Log: s.log})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(report)
	}
	return report.Print(s.out)
}

// own fills what was not named from the centre's folder.
func (c *replayCommand) own() error {
	calls, mapping := founding.Calls(c.Centre)
	c.Calls, c.Mapping, c.Streets = cmp.Or(c.Calls, calls), cmp.Or(c.Mapping, mapping), cmp.Or(c.Streets, founding.Streets(c.Centre))
	if c.Calls == "" || c.Mapping == "" {
		return fault.New("shuniu replay", fault.Invalid, "there are no recorded calls, or nothing says how to read them").
			Mend("name both with --calls and --mapping, or put them into the folder: shuniu import calls --help")
	}
	return nil
}
