package main

import (
	"encoding/json"
	"fmt"
	"os"

	"shuniu/internal/api"
	"shuniu/internal/centre"
	"shuniu/internal/fault"
)

type checkCommand struct {
	Dir  string `arg:"" help:"The centre's folder."`
	From string `help:"Folder with files that the configuration names." placeholder:"DIR"`
}

// Run prints every problem with its place and remedy, or what the centre is made of.
func (c *checkCommand) Run(s session) error {
	folder, problems := centre.Read(c.Dir, centre.Options{DataDir: c.From})
	if err := centre.Report(s.out, folder, problems); err != nil {
		return err
	}
	if len(problems) > 0 {
		return fault.New("shuniu", fault.Invalid, "%s cannot be loaded", c.Dir)
	}
	return nil
}

type openapiCommand struct {
	Out string `help:"File to write; without it the contract goes to the terminal." placeholder:"FILE"`
}

// Run writes the contract as the server serves it. It needs no data.
func (c *openapiCommand) Run(s session) (err error) {
	b, err := json.MarshalIndent(api.New(api.Options{Version: version}).OpenAPI(), "", "  ")
	if err != nil {
		return fmt.Errorf("the contract cannot be written: %w", err)
	}
	b = append(b, '\n')
	if c.Out != "" {
		return os.WriteFile(c.Out, b, 0o644) //nolint:gosec // The contract is public.
	}
	_, err = s.out.Write(b)
	return err
}
