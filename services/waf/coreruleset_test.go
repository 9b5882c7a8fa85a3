package main

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza-coreruleset/v4/tests"
	"github.com/goccy/go-yaml"
)

// regression is one request of the Core Rule Set's own regression cases, with the rules that must match and must not.
type regression struct {
	name             string
	rule             int
	r                request
	expect, noExpect []int
}

type regressionFile struct {
	Rule  int `yaml:"rule_id"`
	Tests []struct {
		ID     int `yaml:"test_id"`
		Stages []struct {
			Input struct {
				Method   string            `yaml:"method"`
				URI      string            `yaml:"uri"`
				Version  *string           `yaml:"version"`
				Headers  map[string]string `yaml:"headers"`
				Data     string            `yaml:"data"`
				Encoded  string            `yaml:"encoded_request"`
				Complete *bool             `yaml:"autocomplete_headers"`
			} `yaml:"input"`
			Output struct {
				Log struct {
					Expect   []int `yaml:"expect_ids"`
					NoExpect []int `yaml:"no_expect_ids"`
				} `yaml:"log"`
			} `yaml:"output"`
		} `yaml:"stages"`
	} `yaml:"tests"`
}

// Cases of rules that are off, or of requests that Envoy answers by itself or changes before the firewall sees them.
var leftOut = map[string]string{
	"920250":   "UTF-8 validation of arguments is an option of the rule set that is off by default",
	"920350":   "the rule is removed (firewall.go)",
	"920360":   "limits of argument names, values and files are options that are off by default",
	"920370":   "as 920360",
	"920380":   "as 920360",
	"920390":   "as 920360",
	"920400":   "as 920360",
	"920410":   "as 920360",
	"920640-5": "expects no match because its runner cannot send such a request over HTTP/1.1; the rule matches, as it should",
	"920181-1": "Apache removes Content-Length beside Transfer-Encoding; Envoy answers 400",
	"920280-1": "a request without Host: Envoy answers 400",
	"920430-5": "HTTP/0.9: Envoy closes the connection",
	"921140-1": "Apache answers 400 to the header before the rule set sees it",
}

// regressions gives the cases of all rules for requests at paranoia level 1, the level that is on. Cases in raw bytes test
// a server's parser, which here is Envoy's.
func regressions(t *testing.T) []regression {
	t.Helper()
	on := firstLevel(t)
	paths, err := fs.Glob(tests.FS, "REQUEST-*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cases := []regression{}
	for _, path := range paths {
		content, err := fs.ReadFile(tests.FS, path)
		if err != nil {
			t.Fatal(err)
		}
		var file regressionFile
		if err := yaml.Unmarshal(content, &file); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if !slices.Contains(on, file.Rule) {
			continue
		}
		for _, test := range file.Tests {
			name := fmt.Sprintf("%d-%d", file.Rule, test.ID)
			if leftOut[name] != "" || leftOut[fmt.Sprint(file.Rule)] != "" {
				continue
			}
			for _, stage := range test.Stages {
				in := stage.Input
				if in.Encoded != "" {
					continue
				}
				r := request{client: "203.0.113.7", method: in.Method, target: in.URI, protocol: "HTTP/1.1", headers: map[string]string{}, body: []byte(in.Data)}
				if r.method == "" {
					r.method = "GET"
				}
				if in.Version != nil {
					r.protocol = *in.Version
				}
				// what the runner of these cases adds
				if len(r.body) > 0 && (in.Complete == nil || *in.Complete) {
					r.headers["content-type"] = "application/x-www-form-urlencoded"
					r.headers["content-length"] = fmt.Sprint(len(r.body))
				}
				for key, value := range in.Headers {
					if key = strings.ToLower(key); key == "host" {
						r.host = value
					} else {
						r.headers[key] = value
					}
				}
				log := stage.Output.Log
				log.Expect = slices.DeleteFunc(log.Expect, func(id int) bool { return !slices.Contains(on, id) })
				cases = append(cases, regression{name, file.Rule, r, log.Expect, log.NoExpect})
			}
		}
	}
	return cases
}

func firstLevel(t *testing.T) []int {
	t.Helper()
	level := regexp.MustCompile(`(?s)id:(\d+),.*?paranoia-level/1`)
	names, err := fs.Glob(coreruleset.FS, "@owasp_crs/REQUEST-*.conf")
	if err != nil {
		t.Fatal(err)
	}
	ids := []int{}
	for _, name := range names {
		content, err := fs.ReadFile(coreruleset.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range strings.Split(string(content), "\nSec") {
			var id int
			if found := level.FindStringSubmatch(rule); found != nil {
				fmt.Sscan(found[1], &id)
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func TestRegressionCasesOfTheRuleSet(t *testing.T) {
	cases := regressions(t)
	for _, c := range cases {
		tx := shared.waf.NewTransaction()
		if _, err := judge(tx, c.r, inspectedBody(c.r)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		matched := []int{}
		for _, m := range tx.MatchedRules() {
			matched = append(matched, m.Rule().ID())
		}
		tx.Close()
		for _, id := range c.expect {
			if !slices.Contains(matched, id) {
				t.Errorf("%s: rule %d does not match %s %s %q", c.name, id, c.r.method, c.r.target, c.r.body)
			}
		}
		for _, id := range c.noExpect {
			if slices.Contains(matched, id) {
				t.Errorf("%s: rule %d matches %s %s %q", c.name, id, c.r.method, c.r.target, c.r.body)
			}
		}
	}
	if len(cases) < 2000 {
		t.Errorf("%d cases: most of the rule set's were not found", len(cases))
	}
}
