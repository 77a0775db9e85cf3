package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"shuniu/internal/api"
	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/survey"
)

type checkCommand struct {
	Dir     string `arg:"" help:"The centre's folder."`
	From    string `help:"Folder with files that the configuration names." placeholder:"DIR"`
	Map     string `help:"SVG picture of the areas to write, for any browser: overlaps red, holes hatched." placeholder:"FILE"`
	Streets string `help:"Map file whose streets are drawn into the picture. Without it the folder's own, where it has one." placeholder:"FILE"`
}

// Run prints every problem with its place and remedy, or what the centre is made of and where its areas do not fit.
func (c *checkCommand) Run(s session) error {
	folder, problems := centre.Read(c.Dir, centre.Options{DataDir: c.From})
	_, speeds := centre.Speeds(c.Dir)
	problems = append(problems, speeds...)
	if err := centre.Report(s.out, folder, problems); err != nil {
		return err
	}
	if err := c.areas(s, folder); err != nil {
		return err
	}
	if len(problems) > 0 {
		return fault.New("shuniu", fault.Invalid, "%s cannot be loaded", c.Dir)
	}
	return nil
}

// areas looks at the areas; also where the folder has problems, because a picture shows some of them best.
func (c *checkCommand) areas(s session, folder centre.Folder) error {
	r := survey.Measure(centre.Areas(folder.Charter))
	if len(r.Areas) > 0 {
		if err := centre.SurveyReport(s.out, r); err != nil {
			return err
		}
	}
	if c.Map == "" {
		return nil
	}
	streets := c.Streets
	if streets == "" {
		streets = founding.Streets(c.Dir)
	}
	extract, err := loadStreets(s.ctx, streets)
	if err != nil {
		return err
	}
	return drawAreas(s, c.Map, filepath.Base(filepath.Clean(c.Dir)), r, extract)
}

// drawAreas writes the picture of areas.
func drawAreas(s session, path, title string, r survey.Report, extract *osm.Extract) error {
	var lines [][]geo.Point
	if extract != nil {
		for _, l := range extract.Streets.Drawing() {
			lines = append(lines, l.Points)
		}
	}
	var b bytes.Buffer
	if err := r.Draw(&b, title, lines); err != nil {
		return err
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil { //nolint:gosec // A picture to be looked at.
		return fault.Wrap("shuniu", fault.Unavailable, err, "the picture cannot be written: %v", err).Mend("name a file in a folder that you may write to")
	}
	s.say("the areas are drawn in %s; open it in a browser", path)
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
