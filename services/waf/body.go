package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// What one request may have inspected. Inspection takes up to about 8 ms a KiB, so these decide what a valid
// request can cost; text for the model does not count.
const (
	mostInspectedBytes = 16 << 10
	mostArguments      = 1000
	deepestArgument    = 64
)

// argument is a value of a body that is inspected, under the name that a form would give it: json[metadata][profile]. With dots, as
// Coraza's own JSON processor writes it, each field profile or history would be the name of a file (.profile) to the rule set.
type argument struct{ name, value string }

// body is what is inspected of a body: arguments of an inference endpoint's, the bytes of another one. One with refused has
// more than is inspected, or cannot be read.
type body struct {
	arguments []argument
	raw       []byte
	refused   *refusal
}

func inspectedBody(r request) body {
	if len(r.body) == 0 {
		return body{}
	}
	if at := endpointOf(r); at != nil {
		arguments, refused := inspectedArguments(r.body, at)
		return body{arguments: arguments, refused: refused}
	}
	if len(r.body) > mostInspectedBytes {
		return body{refused: tooMuch("%d bytes", mostInspectedBytes)}
	}
	return body{raw: r.body}
}

// endpointOf gives the places of an inference endpoint's body; nil for every other request.
func endpointOf(r request) *place {
	path, _, _ := strings.Cut(r.target, "?")
	if r.method != http.MethodPost {
		return nil
	}
	return endpoints[strings.TrimSuffix(path, "/")]
}

// byteOrderMark is what .NET writes before UTF-8. RFC 8259, 8.1 lets whoever reads JSON ignore it, as engines do.
var byteOrderMark = []byte("\ufeff")

// inspectedArguments reads a JSON body once and gives what is left of it without the text for the model. A body that is
// no JSON, or leaves more than is inspected, is refused.
func inspectedArguments(body []byte, at *place) ([]argument, *refusal) {
	body = bytes.TrimPrefix(body, byteOrderMark)
	if !json.Valid(body) {
		return nil, &refusal{status: 400, reason: "The body is not valid JSON" + faultOf(body) + "."}
	}
	w := walk{}
	refused := w.value("json", gjson.ParseBytes(body), at, 0)
	return w.found, refused
}

func faultOf(body []byte) string {
	var fault *json.SyntaxError
	if err := json.Unmarshal(body, &json.RawMessage{}); errors.As(err, &fault) {
		return fmt.Sprintf(" (at byte %d)", fault.Offset)
	}
	return ""
}

type walk struct {
	found []argument
	bytes int
}

func (w *walk) value(name string, value gjson.Result, at *place, depth int) *refusal {
	known := at != nil
	if !known {
		at = &place{}
	}
	isString := value.Type == gjson.String
	if at.notes && isString && json.Valid([]byte(value.Str)) {
		if inner := gjson.Parse(value.Str); inner.IsObject() || inner.IsArray() {
			return w.value(name, inner, at, depth+1)
		}
	}
	switch {
	case known && !isString && value.Type != gjson.JSON:
		return nil // a number, true, false or null under a name that the API has
	case at.text, at.stringIsText && isString, at.word && isString && plainWord.MatchString(value.Str), at.notes && isString && isPath(value.Str):
		return nil
	case depth > deepestArgument:
		return tooMuch("%d levels of nesting", deepestArgument)
	case isString && wordAlone.MatchString(value.Str):
		return w.add(name, "") // its name is inspected all the same
	case !value.IsObject() && !value.IsArray():
		return w.add(name, value.String())
	}
	var refused *refusal
	index := 0
	numbers := false
	value.ForEach(func(key, child gjson.Result) bool {
		switch field, named := at.fields[key.Str]; {
		case value.IsArray() && child.Type != gjson.String && child.Type != gjson.JSON:
			numbers = true
		case !value.IsObject():
			refused = w.value(name+"["+strconv.Itoa(index)+"]", child, at.items, depth+1)
		case at.word && plainWord.MatchString(key.Str):
			refused = w.value(name+"["+key.Str+"]", child, at, depth+1)
		case at.notes && isPath(key.Str):
			refused = w.value(name+"[path]", child, at, depth+1)
		case named:
			refused = w.value(name+"["+key.Str+"]", child, field, depth+1)
		default:
			refused = w.value(name+"["+key.Str+"]", child, at.others, depth+1)
		}
		index++
		return refused == nil
	})
	if refused == nil && !known && (index == 0 || numbers) {
		return w.add(name, "") // its name is inspected even if nothing is in it, or numbers alone, such as token ids
	}
	return refused
}

func isPath(text string) bool {
	return plainPath.MatchString(text) && !pathUpwards.MatchString(text)
}

func (w *walk) add(name, value string) *refusal {
	w.found = append(w.found, argument{name, value})
	w.bytes += len(name) + len(value)
	switch {
	case w.bytes > mostInspectedBytes:
		return tooMuch("%d bytes", mostInspectedBytes)
	case len(w.found) > mostArguments:
		return tooMuch("%d fields", mostArguments)
	}
	return nil
}

func tooMuch(format string, most int) *refusal {
	return &refusal{status: 413, reason: fmt.Sprintf("Outside the text for the model, a request may have "+format+" at most.", most)}
}
