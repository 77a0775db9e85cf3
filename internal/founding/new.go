package founding

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

//go:embed template
var templates embed.FS //nolint:gochecknoglobals // The compiler writes it.

// world are the bounds of a centre that nobody has said a place for yet.
const world = "[-180, -90, 180, 90]"

// Centre says who a new centre is.
type Centre struct {
	ID     string
	ZH, EN string // Names; one of them is enough.
	Zone   string // IANA name of the time zone.
}

// New makes the smallest folder that can be loaded: types, priorities and lists to begin with, one kind of units and
// four of them. A folder that holds one of the four files already is refused.
func New(dir string, c Centre, mode Mode) ([]string, error) {
	const op = "shuniu import centre"
	if !regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`).MatchString(c.ID) {
		return nil, fault.New(op, fault.Invalid, "%q is no id of a centre", c.ID).Mend("give small letters, digits, _ and -, beginning with a letter, such as --id riverside")
	}
	if c.ZH == "" && c.EN == "" {
		return nil, fault.New(op, fault.Invalid, "the centre has no name").Mend("give --zh or --en or both")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		return nil, fault.New(op, fault.Invalid, "there is no time zone %q", c.Zone).Mend("give an IANA name such as --zone Asia/Shanghai or --zone America/Los_Angeles")
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fault.New(op, fault.Invalid, "%s is no folder", dir).Mend("name a new folder")
	}
	var names []string
	if c.ZH != "" {
		names = append(names, "zh: "+quote(c.ZH))
	}
	if c.EN != "" {
		names = append(names, "en: "+quote(c.EN))
	}
	fill := map[string]string{"ID": quote(c.ID), "Names": strings.Join(names, "\n"), "OrgName": unbraced(strings.Join(names, ", ")), "Zone": quote(c.Zone), "Bounds": world}
	var files []source
	for _, name := range []string{"centre.yaml", "types.yaml", "org.yaml", "units.yaml"} {
		t, err := template.ParseFS(templates, "template/"+name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
		var b bytes.Buffer
		if err := t.Execute(&b, fill); err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
		files = append(files, text(name, b.Bytes(), false))
	}
	return put(dir, mode, files...)
}

// settle puts a box into centre.yaml while its bounds are the whole world; false when somebody has said others.
func settle(dir string, box geo.Bounds) (source, bool, error) {
	data, err := os.ReadFile(filepath.Join(dir, "centre.yaml")) //nolint:gosec // The folder that the operator named.
	if err != nil {
		return source{}, false, unwritable(err)
	}
	if !bytes.Contains(data, []byte("bounds: "+world)) {
		return source{}, false, nil
	}
	said := fmt.Sprintf("bounds: [%.4f, %.4f, %.4f, %.4f]", box.Min.Lon-0.00005, box.Min.Lat-0.00005, box.Max.Lon+0.00005, box.Max.Lat+0.00005)
	return text("centre.yaml", bytes.Replace(data, []byte("bounds: "+world), []byte(said), 1), true), true, nil
}
