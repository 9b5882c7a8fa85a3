package main

import (
	_ "embed"
	"fmt"
	"strings"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/types"
)

//go:embed rules.conf
var builtInRules string

// The requests' half of the Core Rule Set; the other half reads responses, which never come here. Without 920350:
// clients on a laptop, health checks and port forwards name the gateway by its address, which is no sign of an attack
// but would use up three of the five points at which a request is refused.
const requestRules = "Include @owasp_crs/REQUEST-*.conf\nSecRuleRemoveById 920350"

type firewall struct {
	waf       coraza.WAF
	bodyLimit int
	// nil with directives of the operator's own, which may look at the time
	passed *passed
}

// request is what a check looks at. Target is path and query as on the request line.
type request struct {
	id, client, method, target, host, protocol string
	headers                                    map[string]string
	body                                       []byte
	route                                      route
}

// route is what the gateway says of the route that it found; empty where it looks at headers alone, before it knows one.
type route struct {
	namespace, service, model string
}

// refusal says why a request may not pass. Rules holds the rules that matched, in their order; reason is a sentence for the
// client where no rule but a limit was met.
type refusal struct {
	status int
	reason string
	rules  []types.MatchedRule
}

// newFirewall compiles the rules. more holds further directives; an error names the directive that is wrong.
func newFirewall(bodyLimit int, more string) (*firewall, error) {
	if bodyLimit <= 0 {
		return nil, fmt.Errorf("a body limit of %d bytes: it must be more than 0", bodyLimit)
	}
	directives := strings.Join([]string{
		"Include @coraza.conf-recommended",
		// bodies stay in memory, up to the limit: the container's file system is read-only
		fmt.Sprintf("SecRequestBodyLimit %d\nSecRequestBodyInMemoryLimit %d", bodyLimit, bodyLimit),
		fmt.Sprintf("SecArgumentsLimit %d", mostArguments),
		"Include @crs-setup.conf.example",
		builtInRules,
		requestRules,
		more,
	}, "\n")
	waf, err := coraza.NewWAF(coraza.NewWAFConfig().WithRootFS(coreruleset.FS).WithDirectives(directives))
	if err != nil {
		return nil, err
	}
	f := &firewall{waf: waf, bodyLimit: bodyLimit}
	if more == "" {
		f.passed = &passed{}
	}
	return f, nil
}

// check answers nil when the request may pass.
func (f *firewall) check(r request) (*refusal, error) {
	if len(r.body) > f.bodyLimit {
		return &refusal{status: 413, reason: fmt.Sprintf("A request body may have %d bytes at most.", f.bodyLimit)}, nil
	}
	b := inspectedBody(r)
	var q question
	remembered := f.passed != nil && b.raw == nil && b.refused == nil
	if remembered {
		if q = questionOf(r, b.arguments); f.passed.has(q) {
			return nil, nil
		}
	}
	tx := f.waf.NewTransaction()
	defer tx.Close()
	refused, err := judge(tx, r, b)
	if remembered && refused == nil && err == nil {
		f.passed.add(q)
	}
	return refused, err
}

func judge(tx types.Transaction, r request, b body) (*refusal, error) {
	// the phases before the body's; only the client's address says something here
	tx.ProcessConnection(r.client, 0, "", 0)
	tx.ProcessURI(r.target, r.method, r.protocol)
	for name, value := range r.headers {
		if !strings.HasPrefix(name, ":") {
			tx.AddRequestHeader(name, value)
		}
	}
	tx.AddRequestHeader("Host", r.host)
	interruption := tx.ProcessRequestHeaders()
	if interruption == nil && b.refused != nil {
		return b.refused, nil
	}
	if interruption == nil {
		for _, a := range b.arguments {
			tx.AddPostRequestArgument(a.name, a.value)
		}
		if b.raw != nil {
			var err error
			if interruption, _, err = tx.WriteRequestBody(b.raw); err != nil {
				return nil, err
			}
		}
	}
	if interruption == nil {
		var err error
		if interruption, err = tx.ProcessRequestBody(); err != nil {
			return nil, err
		}
	}
	if interruption == nil {
		return nil, nil
	}
	return &refusal{status: interruption.Status, rules: tx.MatchedRules()}, nil
}
