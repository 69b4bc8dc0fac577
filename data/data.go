// Package data holds what the line knows and the words it says it in: the
// directory (directory.yaml, every fact of one organisation) and the prompts
// (prompts/LANGUAGE.yaml, every sentence in one language). Both are built into
// the program; a folder of the same shape takes their place.
//
// The two are kept apart so that either can change alone. Facts know no
// sentences: a region has a number and a name in each language. Sentences know
// no facts: "For {name}, press {key}." serves every region of any organisation.
// What belongs to both, a name or an address as it is spoken, is a fact.
//
// [Load] reads a folder and checks it whole. It answers with a [Directory] that
// is sound, or with [Mistakes]: every mistake at once, each with its file, line
// and mend. The code behind it never has to ask again whether a region has a
// number or a prompt is there.
//
// README.md beside this file is for the authors of a directory.
package data

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

//go:embed directory.yaml prompts/*.yaml
var builtIn embed.FS

// BuiltIn returns the folder that is built into the program.
func BuiltIn() fs.FS { return builtIn }

// Open loads the folder dir; "" is the built-in one. Its error is [Mistakes]
// where the folder could be read.
func Open(dir string) (*Directory, error) {
	if dir == "" {
		return Load(builtIn)
	}
	return Load(os.DirFS(dir))
}

// Directory is all facts of one organisation, and the prompts to say them with.
type Directory struct {
	Organisation string            `yaml:"organisation"` // as it is spoken
	Independent  bool              `yaml:"independent"`  // the line is not the organisation's own, and says so
	Languages    []string          `yaml:"languages"`    // names of prompt files, "en"; the first answers the phone
	Sources      map[string]string `yaml:"sources"`      // where the facts come from, by the name that facts use
	Lines        []Line            `yaml:"lines"`        // of the menu, in the order they are read
	Regions      []Region          `yaml:"regions"`
	ZIPDecides   []string          `yaml:"zip_decides"` // states in which the rate centre's ZIP code tells the region

	Mail           *Mail      `yaml:"mail"`            // nil: not known
	Online         *Online    `yaml:"online"`          // nil: not known
	Automatic      *Automatic `yaml:"automatic"`       // nil: not known
	MemberServices *Service   `yaml:"member_services"` // nil: not known

	// Version names the folder's contents: a digest of its files.
	Version string `yaml:"-"`
	// Prompts is one file of prompts for each of Languages.
	Prompts map[string]*Language `yaml:"-"`
}

// Words is one text in each language, by the language's name in
// [Directory.Languages].
type Words map[string]string

// Source tells where a fact was found, and when.
type Source struct {
	Name  string `yaml:"name"`  // a key of [Directory.Sources]
	Taken Day    `yaml:"taken"` // when the fact was taken from it
}

// LastKey is the last key that chooses, in the menu and in a second question: 9
// changes the language, 0 is help.
const LastKey = 8

// Line is a line of the menu: one key, for one region or several.
type Line struct {
	Key     int      `yaml:"key"`     // 1 to LastKey
	Regions []string `yaml:"regions"` // their IDs; where numbers differ, in the order a second question asks
	Name    Words    `yaml:"name"`    // nil: its regions' names, joined with "or"
	First   Words    `yaml:"first"`   // its name where it is read before all other lines; nil: Name
}

// ByZIP tells whether the line asks for the ZIP code: it has more regions than a
// second question has keys.
func (l Line) ByZIP() bool { return len(l.Regions) > LastKey }

// Region is an area whose members pay at one number.
type Region struct {
	ID      string  `yaml:"id"` // lower case, digits and hyphens; part of the URLs
	Name    Words   `yaml:"name"`
	Beside  Words   `yaml:"beside"` // its name where a caller may belong to its neighbour too; nil: Name
	Phone   Phone   `yaml:"phone"`
	Callers Callers `yaml:"callers"`
}

// Phone is a number to call, and what is known of it.
type Phone struct {
	Number  Number `yaml:"number"`
	Open    string `yaml:"open"`    // "24/7", or "" where the hours are not known
	TTY     string `yaml:"tty"`     // what TTY users dial first, "711"; "": not known
	Source  Source `yaml:"source"`  //
	Checked Day    `yaml:"checked"` // when a person last rang it; zero: never
}

// AlwaysOpen is the one value of [Phone.Open] that is more than unknown.
const AlwaysOpen = "24/7"

// Callers says whose number, or ZIP code, makes a region likely.
type Callers struct {
	AreaCodes []string `yaml:"area_codes"` // of the North American plan, "404"
	States    []string `yaml:"states"`     // postal codes, "GA"; used where the area code is unknown
	Cities    []string `yaml:"cities"`     // rate centres that settle it between regions that share an area code
	ZIPs      []string `yaml:"zips"`       // codes and prefixes of 3 to 5 digits, and ranges: "300-319"; the longest match wins
	Source    Source   `yaml:"source"`
}

// Prefixes returns the codes and prefixes of ZIPs, each range as all that are in
// it. What has no sound form has none.
func (c Callers) Prefixes() []string {
	var all []string
	for _, zips := range c.ZIPs {
		from, to, sound := zipRange(zips)
		if !sound || !zipForm.MatchString(zips) {
			continue
		}
		first, _ := strconv.Atoi(from)
		last, _ := strconv.Atoi(to)
		for n := first; n <= last; n++ {
			all = append(all, fmt.Sprintf("%0*d", len(from), n))
		}
	}
	return all
}

// zipRange returns the ends of a range, and whether it runs forward and mixes no
// lengths; of anything else twice itself.
func zipRange(zips string) (from, to string, sound bool) {
	from, to, isRange := strings.Cut(zips, "-")
	if !isRange {
		to = from
	}
	return from, to, len(from) == len(to) && from <= to
}

// Mail is payment by mail.
type Mail struct {
	Address []string `yaml:"address"` // as written on an envelope, line by line
	Say     Words    `yaml:"say"`     // as it is spoken
	Regions []string `yaml:"regions"` // IDs of those whose members may use it
	Source  Source   `yaml:"source"`
}

// Online is payment on the organisation's sites.
type Online struct {
	Guest   *Site          `yaml:"guest"`   // needs no account; nil: not known
	SignIn  *Site          `yaml:"sign_in"` // needs user ID and password; nil: not known
	Regions []RegionalSite `yaml:"regions"` // sites for some regions only
	Bills   *Saying        `yaml:"bills"`   // what can be paid; nil: not known
}

// Site is an address on the web.
type Site struct {
	Address string `yaml:"address"` // as typed into a browser; "": the source leaves it blank
	Say     string `yaml:"say"`     // the same, as spoken words, "." and "/", with spaces between
	Source  Source `yaml:"source"`
}

// blank tells whether the site's address is not known.
func (s *Site) blank() bool { return s == nil || s.Address == "" }

// RegionalSite is a site for the members of some regions.
type RegionalSite struct {
	Regions []string `yaml:"regions"` // IDs
	Site    `yaml:",inline"`
}

// Saying is a fact that is nothing but words.
type Saying struct {
	Say    Words  `yaml:"say"`
	Source Source `yaml:"source"`
}

// Automatic is recurring payments. They are set up at the addresses of [Online].
type Automatic struct {
	Change *Saying `yaml:"change"` // how they are changed and stopped; nil: not known
	Source Source  `yaml:"source"`
}

// Service is a number that serves all regions, such as Member Services.
type Service struct {
	Name  Words `yaml:"name"`
	Phone Phone `yaml:"phone"`
}

// MemberServices names the service where regions are named by their IDs.
const MemberServices = "member-services"

// Region returns the region with that ID.
func (d *Directory) Region(id string) Region {
	i := slices.IndexFunc(d.Regions, func(r Region) bool { return r.ID == id })
	return d.Regions[i]
}

// Phones returns every phone of the directory, in the order of their numbers,
// each number once.
func (d *Directory) Phones() []Phone {
	var phones []Phone
	for _, r := range d.Regions {
		phones = append(phones, r.Phone)
	}
	if d.MemberServices != nil {
		phones = append(phones, d.MemberServices.Phone)
	}
	slices.SortStableFunc(phones, func(a, b Phone) int { return cmp.Compare(a.Number, b.Number) })
	return slices.CompactFunc(phones, func(a, b Phone) bool { return a.Number == b.Number })
}
