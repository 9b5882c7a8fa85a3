package main

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// Names of arguments and headers are the client's own words: enough of one to find it, not enough to hold a prompt.
const longestTarget = 64

// userHeader is set by the gateway from the verified token.
const userHeader = "x-user"

// logRefusal writes one line that tells an operator who was refused where and by which rules. It holds no value of any
// argument, header or body and no query string: those may be the prompt, a credential or the attack itself.
func logRefusal(log *slog.Logger, r request, refused *refusal) {
	path, _, _ := strings.Cut(r.target, "?")
	rules := []int{}
	targets := []string{}
	attacks := []string{}
	for _, matched := range refused.rules {
		meta := matched.Rule()
		kinds := attackKinds(meta.Tags())
		if matched.Message() == "" || len(kinds) == 0 && strings.Contains(meta.File(), "@owasp_crs") {
			continue // set-up and score-keeping
		}
		rules = append(rules, meta.ID())
		attacks = append(attacks, kinds...)
		for _, data := range matched.MatchedDatas() {
			targets = append(targets, shortened(fmt.Sprintf("%s:%s", data.Variable().Name(), data.Key())))
		}
	}
	more := []any{}
	if r.route.service != "" {
		more = append(more, "namespace", r.route.namespace, "service", r.route.service)
		// behind the token check the gateway has set it, before it the header is the client's own word
		if user := r.headers[userHeader]; user != "" {
			more = append(more, "user", user)
		}
		// the name of the service's model, not what stands in the body
		if r.route.model != "" {
			more = append(more, "model", r.route.model)
		}
	}
	log.With(more...).Warn("refused",
		"request_id", r.id, "client", r.client, "method", r.method, "host", r.host, "path", shortened(path),
		"status", refused.status, "reason", refused.reason, "rules", distinct(rules), "attacks", distinct(attacks), "targets", distinct(targets))
}

// attackKinds answers ["sqli"] for the tag attack-sqli. Rules that only keep the score are tagged attack-generic.
func attackKinds(tags []string) []string {
	kinds := []string{}
	for _, tag := range tags {
		if kind, found := strings.CutPrefix(tag, "attack-"); found && kind != "generic" {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func shortened(text string) string {
	if letters := []rune(text); len(letters) > longestTarget {
		return string(letters[:longestTarget]) + "…"
	}
	return text
}

func distinct[T comparable](values []T) []T {
	kept := []T{}
	for _, value := range values {
		if !slices.Contains(kept, value) {
			kept = append(kept, value)
		}
	}
	return kept
}
