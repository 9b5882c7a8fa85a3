package main

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"regexp"
	"slices"
	"sync"
)

// question is all that the rules see of a request, as a hash. Requests with the same question get the same answer: the rules
// look at nothing else, neither the time nor earlier requests.
type question [sha256.Size]byte

// Headers that are new with every request. A value of exactly this form holds nothing that a rule could find, so it counts as
// the form alone.
var changing = map[string]*regexp.Regexp{
	"content-length": regexp.MustCompile(`^[1-9][0-9]{0,9}$`),
	"traceparent":    regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`),
	"x-request-id":   regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`),
}

// questionOf takes the body's part in it from arguments, which are what is inspected of a body.
func questionOf(r request, arguments []argument) question {
	hash := sha256.New()
	// lengths stand in front, so that no two questions are written alike
	write := func(texts ...string) {
		for _, text := range texts {
			hash.Write(binary.AppendUvarint(nil, uint64(len(text))))
			hash.Write([]byte(text))
		}
	}
	write(r.client, r.method, r.target, r.host, r.protocol)
	hash.Write(binary.AppendUvarint(nil, uint64(len(r.headers))))
	for _, name := range slices.Sorted(maps.Keys(r.headers)) {
		value := r.headers[name]
		if form, found := changing[name]; found && form.MatchString(value) {
			value = form.String()
		}
		write(name, value)
	}
	for _, a := range arguments {
		write(a.name, a.value)
	}
	return question(hash.Sum(nil))
}

// mostRemembered bounds the memory: twice as many hashes are held, about 2 MB.
const mostRemembered = 10_000

// passed holds what the rules let pass. A client's requests differ in their text for the model, which is not inspected, and in
// little else, so most are known. What has not been asked for the longest is forgotten first, a generation at a time.
type passed struct {
	lock          sync.Mutex
	young, before map[question]struct{}
}

func (p *passed) has(q question) bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	if _, found := p.young[q]; found {
		return true
	}
	_, found := p.before[q]
	if found {
		p.keep(q)
	}
	return found
}

func (p *passed) add(q question) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.keep(q)
}

func (p *passed) keep(q question) {
	if p.young == nil || len(p.young) >= mostRemembered {
		p.young, p.before = map[question]struct{}{}, p.young
	}
	p.young[q] = struct{}{}
}
