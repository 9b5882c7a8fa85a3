package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sent reads requests that are written one a line: body is JSON and sent as it is written, text is anything else. %BASE64:n% in a body
// stands for n random bytes.
func sent(t *testing.T, file string) []request {
	t.Helper()
	content, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	places := regexp.MustCompile(`%BASE64:(\d+)%`)
	found := []request{}
	for line := range strings.Lines(string(content)) {
		var c struct {
			Name, Method, Target, Text string
			Headers                    map[string]string
			Body                       json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%s: %v: %.80s", file, err, line)
		}
		body := []byte(c.Text)
		if c.Body != nil {
			body = places.ReplaceAllFunc(c.Body, func(place []byte) []byte {
				n, _ := strconv.Atoi(string(places.FindSubmatch(place)[1]))
				return []byte(base64.StdEncoding.EncodeToString(randomBytes(random, n)))
			})
		}
		headers := map[string]string{"user-agent": "OpenAI/Python 2.8.1", "accept": "application/json", "authorization": "Bearer " + token}
		if len(body) > 0 {
			headers["content-type"], headers["content-length"] = "application/json", fmt.Sprint(len(body))
		}
		for name, value := range c.Headers {
			headers[name] = value
		}
		found = append(found, request{id: c.Name, client: "203.0.113.7", method: c.Method, target: c.Target, host: "llm.example.com",
			protocol: "HTTP/1.1", headers: headers, body: body})
	}
	return found
}

func randomBytes(random *rand.Rand, n int) []byte {
	made := make([]byte, n)
	for i := range made {
		made[i] = byte(random.Uint32())
	}
	return made
}

// The bodies have the fields of their clients: OpenAI's API reference, the request types of vLLM, SGLang, llama.cpp and TGI, and what Codex,
// Open WebUI, LiteLLM, LangChain and others send. Recorded ones have the fields, headers and names of tools of their client; the texts are made
// for the test, with code where the client's own have some.
func TestRequestsOfKnownClientsPass(t *testing.T) {
	for _, r := range sent(t, "clients.jsonl") {
		refused, err := shared.check(r)
		if err != nil {
			t.Fatal(err)
		}
		if refused != nil {
			t.Errorf("%s: %d %s%v", r.id, refused.status, refused.reason, reasons(refused))
		}
	}
}

func TestAttacksOutsideTheTextAreDenied(t *testing.T) {
	for _, r := range sent(t, "attacks.jsonl") {
		refused, err := shared.check(r)
		if err != nil {
			t.Fatal(err)
		}
		if refused == nil {
			t.Errorf("%s passes", r.id)
		}
	}
}

// A field's name must not look like a file, a command or code to the rule set because of what stands before it.
func TestFieldsOfAnyNamePass(t *testing.T) {
	names := strings.Fields("profile profile_image_url history bash_history bashrc vscode env git ssh config cache docker aws npmrc netrc gitignore " +
		"id name path cmd exec command shell query sql select from where order_by limit system base64 eval print cat ls kill wget curl python " +
		"node time onload style src href javascript cookie window constructor prototype class this process global 部门 straße")
	for _, name := range names {
		for _, body := range []string{
			`{"messages":[],"metadata":{"%s":"a b"}}`, `{"messages":[],"%s":"a b"}`, `{"messages":[],"%s":{"x":"a b"}}`,
			`{"messages":[],"note":[{"%s":1}]}`, `{"messages":[],"note":"%s"}`, `{"messages":[],"model":"%s"}`,
		} {
			r := chat(fmt.Sprintf(body, name))
			if refused, err := shared.check(r); err != nil || refused != nil {
				t.Errorf("%s: %v %v", r.body, err, reasons(refused))
			}
		}
	}
}

func TestOddTextsOfOneRequestPass(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for range 200 {
		salt := base64.StdEncoding.EncodeToString(randomBytes(random, 32))
		body, _ := json.Marshal(add(conversation(user("hi")), dict{"cache_salt": salt, "prompt_cache_key": strings.NewReplacer("+", "-", "/", "_").Replace(salt)}))
		if refused, err := shared.check(chat(string(body))); err != nil || refused != nil {
			t.Errorf("%s: %v %v", salt, err, reasons(refused))
		}
	}
	large, err := newFirewall(8<<20, "")
	if err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat(`{"a":[`, 300) + strings.Repeat(`]}`, 300)
	for name, r := range map[string]request{
		"1 MiB of prompt":           prompt(strings.Repeat("' OR 1=1; <script>alert(1)</script> ", 30_000)),
		"deep arguments":            chat(`{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":` + deep + `}}]}]}`),
		"a prompt of invalid UTF-8": chat("{\"messages\":[{\"role\":\"user\",\"content\":\"' OR 1=1 \xff\xc0\xaf\"}]}"),
		"3 MiB of Base64":           prompt("data:image/png;base64," + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 3<<20/4*3))),
	} {
		if refused, err := large.check(r); err != nil || refused != nil {
			t.Errorf("%s: %v %+v", name, err, refused)
		}
	}
}
