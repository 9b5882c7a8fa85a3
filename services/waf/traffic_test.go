package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type dict = map[string]any

// texts are what people send to models: samples of many languages, and the sources of this project.
func texts(t *testing.T) []string {
	t.Helper()
	samples, err := os.ReadFile("testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(string(samples), "\n%%\n")
	root := "../.."
	for _, folder := range []string{"packages", "docs", "services", "examples", "templates", "workflows", "bin"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if slices.Contains([]string{"node_modules", "dist", "vendor", "model", "testdata"}, entry.Name()) {
				return fs.SkipDir
			}
			if !entry.Type().IsRegular() || !slices.Contains([]string{".ts", ".go", ".md", ".yaml", ".yml", ".sh", ".py", ".sql", ".conf", ".json", ".tsx"}, filepath.Ext(path)) {
				return nil
			}
			content, err := os.ReadFile(path)
			all = append(all, string(content[:min(len(content), 20_000)]))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// clients are the headers of programs that speak to OpenAI's API.
var clients = []map[string]string{
	{"user-agent": "curl/8.5.0", "accept": "*/*"},
	{"user-agent": "OpenAI/Python 2.8.1", "accept": "application/json", "accept-encoding": "gzip, deflate, br, zstd", "x-stainless-lang": "python", "x-stainless-package-version": "2.8.1", "x-stainless-os": "Linux", "x-stainless-arch": "x64", "x-stainless-runtime": "CPython", "x-stainless-runtime-version": "3.12.3", "x-stainless-async": "false", "x-stainless-retry-count": "0", "x-stainless-read-timeout": "600"},
	{"user-agent": "AsyncOpenAI/Python 1.109.1", "accept": "application/json", "x-stainless-raw-response": "true", "x-stainless-async": "async:asyncio"},
	{"user-agent": "OpenAI/JS 6.9.1", "accept": "application/json", "accept-language": "*", "sec-fetch-mode": "cors", "x-stainless-lang": "js", "x-stainless-os": "MacOS", "x-stainless-runtime": "node"},
	{"user-agent": "langchainjs-openai/1.6.0 (node/v24.11.0)", "accept": "application/json", "openai-organization": "org-abc123", "openai-project": "proj_x-1"},
	{"user-agent": "python-requests/2.32.5", "accept": "*/*", "accept-encoding": "gzip, deflate", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage": "userId=alice,serverNode=DF%2028"},
	{"user-agent": "Go-http-client/2.0", "accept-encoding": "gzip", "idempotency-key": "stainless-retry-6f1e6b1e"},
	{"user-agent": "okhttp/4.12.0", "accept-encoding": "gzip"},
	{"user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "accept": "text/event-stream", "accept-language": "de-DE,de;q=0.9,en;q=0.8", "origin": "https://chat.example.com", "referer": "https://chat.example.com/c/1?model=tiny", "sec-ch-ua": `"Chromium";v="142", "Not_A Brand";v="99"`, "cookie": "session=eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln; theme=dark"},
	{"user-agent": "node", "accept": "*/*", "accept-language": "*", "sec-fetch-mode": "cors", "accept-encoding": "br, gzip, deflate"},
}

func post(path string, client map[string]string, body any) request {
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	headers := map[string]string{"content-type": "application/json", "content-length": fmt.Sprint(len(encoded)), "authorization": "Bearer " + token}
	for name, value := range client {
		headers[name] = value
	}
	return request{id: "r", client: "203.0.113.7", method: "POST", target: path, host: "127.0.0.1:8080", protocol: "HTTP/1.1", headers: headers, body: encoded}
}

// token has the form of a signed JWT; nobody signed it.
var token = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"at+jwt","kid":"x"}`)) + "." +
	base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"http://127.0.0.1:1","sub":"user","scope":"llm:chat llm:read","aud":"urn:x"}`)) + "." +
	base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xa5, 0x17, 0xfe}, 85))

func picture(seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 1))
	drawn := image.NewNRGBA(image.Rect(0, 0, 24, 24))
	for i := range drawn.Pix {
		drawn.Pix[i] = byte(random.Uint32())
	}
	var out bytes.Buffer
	if err := png.Encode(&out, drawn); err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

func ids(n int) []int {
	made := make([]int, n)
	for i := range made {
		made[i] = i * 7919 % 151_936
	}
	return made
}

func user(content any) dict { return dict{"role": "user", "content": content} }

func conversation(messages ...any) dict {
	return dict{"model": "Qwen/Qwen3-8B", "stream": true, "temperature": 0.7, "max_completion_tokens": 256, "messages": messages, "stream_options": dict{"include_usage": true}}
}

func add(body dict, more dict) dict {
	for name, value := range more {
		body[name] = value
	}
	return body
}

// requests are the ways in which a client may send one text.
var requests = []struct {
	name string
	make func(text string, i int) (string, dict)
}{
	{"a string", func(s string, _ int) (string, dict) { return "/v1/chat/completions", conversation(user(s)) }},
	{"system and developer", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", conversation(dict{"role": "system", "content": s}, dict{"role": "developer", "content": s}, dict{"role": "user", "name": "alice_1", "content": "go on"})
	}},
	{"parts", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", conversation(user([]any{dict{"type": "text", "text": s}, dict{"type": "text", "text": s}}))
	}},
	{"an image and an address", func(s string, i int) (string, dict) {
		return "/v1/chat/completions", conversation(user([]any{dict{"type": "text", "text": s},
			dict{"type": "image_url", "image_url": dict{"url": "data:image/png;base64," + picture(uint64(i)), "detail": "high"}},
			dict{"type": "image_url", "image_url": dict{"url": "https://img.example.com/a.png?x=1&y=<b>&z=../.."}}}))
	}},
	{"audio and a file", func(s string, i int) (string, dict) {
		return "/v1/chat/completions", conversation(user([]any{dict{"type": "input_audio", "input_audio": dict{"data": picture(uint64(i) + 1000), "format": "wav"}},
			dict{"type": "file", "file": dict{"filename": "a b; rm.pdf", "file_data": "data:application/pdf;base64," + picture(uint64(i)+2000)}}, dict{"type": "text", "text": s}}))
	}},
	{"a tool's result", func(s string, i int) (string, dict) {
		arguments, _ := json.Marshal(dict{"q": s})
		call := dict{"id": fmt.Sprint("call_", i), "type": "function", "index": 0, "function": dict{"name": "base64_decode", "arguments": string(arguments)}}
		return "/v1/chat/completions", conversation(user("run it"), dict{"role": "assistant", "content": nil, "refusal": nil, "annotations": []any{}, "audio": nil, "function_call": nil, "tool_calls": []any{call}},
			dict{"role": "tool", "tool_call_id": fmt.Sprint("call_", i), "content": s}, dict{"role": "tool", "tool_call_id": "x", "content": []any{dict{"type": "text", "text": s}}})
	}},
	{"reasoning sent back", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", conversation(user("fix it"), dict{"role": "assistant", "content": "done", "reasoning": s, "reasoning_content": s}, user("go on"))
	}},
	{"tools", func(s string, _ int) (string, dict) {
		schema := dict{"type": "object", "required": []any{"sql"}, "additionalProperties": false, "properties": dict{"sql": dict{"type": "string", "description": s, "default": s, "enum": []any{s, "<b>"}, "pattern": "^(?!.*;).*$"}, "$ref'--": dict{"type": "null"}}}
		return "/v1/chat/completions", add(conversation(user("x")), dict{"tool_choice": dict{"type": "function", "function": dict{"name": "base64_decode"}}, "parallel_tool_calls": true, "tools": []any{
			dict{"type": "function", "function": dict{"name": "system", "description": s, "parameters": schema, "strict": true}},
			dict{"type": "custom", "custom": dict{"name": "phpinfo", "description": s, "format": dict{"type": "grammar", "grammar": dict{"syntax": "lark", "definition": s}}}}}})
	}},
	{"a choice among tools", func(s string, _ int) (string, dict) {
		named := func(name string) dict { return dict{"type": "function", "function": dict{"name": name}} }
		return "/v1/chat/completions", add(conversation(user(s)), dict{"tool_choice": dict{"type": "allowed_tools", "allowed_tools": dict{"mode": "required", "tools": []any{named("file_get_contents"), named("shell_exec")}}}})
	}},
	{"a choice among the tools of a response", func(s string, _ int) (string, dict) {
		return "/v1/responses", dict{"model": "tiny", "input": s, "tool_choice": dict{"type": "allowed_tools", "mode": "auto", "tools": []any{dict{"type": "function", "name": "file_put_contents"}, dict{"type": "custom", "name": "base64_decode"}}}}
	}},
	{"what steers the tokens of vLLM, SGLang, TGI and llama.cpp", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", add(conversation(user("x")), dict{"allowed_token_ids": ids(3000), "stop_token_ids": ids(1200), "dry_sequence_breakers": []any{"\n", "\"", s}, "regex": s, "ebnf": s, "tool_prompt": s})
	}},
	{"old functions", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", add(conversation(user("x"), dict{"role": "assistant", "content": nil, "function_call": dict{"name": "eval", "arguments": s}}), dict{"function_call": dict{"name": "base64_decode"}, "functions": []any{dict{"name": "eval", "description": s, "parameters": dict{"properties": dict{"a": dict{"default": s}}}}}})
	}},
	{"a schema for the answer", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", add(conversation(user("x")), dict{"response_format": dict{"type": "json_schema", "json_schema": dict{"name": "answer", "strict": true, "schema": dict{"properties": dict{"a": dict{"description": s, "const": s}}}}}})
	}},
	{"guided decoding", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", add(conversation(user("x")), dict{"guided_regex": s, "guided_choice": []any{s, "b"}, "guided_grammar": s, "guided_json": dict{"a": s}, "structured_outputs": dict{"regex": s, "choice": []any{s}}, "grammar": s, "json_schema": dict{"enum": []any{s}}})
	}},
	{"stop words and biases", func(s string, _ int) (string, dict) {
		biases := dict{}
		for id := range 300 {
			biases[fmt.Sprint(id)] = -100
		}
		return "/v1/chat/completions", add(conversation(user("x")), dict{"stop": []any{"</s>", "<|eot_id|>", "\nObservation:", "```", ";", s[:min(len(s), 40)]}, "logit_bias": biases, "bad_words": []any{"' OR 1=1 --", s}, "seed": 1 << 40, "top_p": 0.9, "n": 1, "logprobs": true, "top_logprobs": 5, "user": "user-42", "service_tier": "auto", "metadata": dict{"customer": "acme", "trace": "0af7651916cd43dd"}, "chat_template_kwargs": dict{"enable_thinking": false}})
	}},
	{"documents and a prediction", func(s string, _ int) (string, dict) {
		return "/v1/chat/completions", add(conversation(user("x")), dict{"documents": []any{dict{"title": s, "text": s}}, "prediction": dict{"type": "content", "content": s}, "reasoning_effort": "high", "verbosity": "low", "store": false, "prompt_cache_key": "team-a", "safety_identifier": "5f2b"})
	}},
	{"a long conversation", func(s string, _ int) (string, dict) {
		turns := []any{}
		for i := range 600 {
			// as the SDKs give an answer and take it back
			turns = append(turns, dict{"role": []string{"user", "assistant"}[i%2], "content": s[:min(len(s), 400)],
				"refusal": nil, "annotations": []any{}, "audio": nil, "function_call": nil, "tool_calls": []any{}, "name": nil})
		}
		return "/v1/chat/completions", conversation(turns...)
	}},
	{"a completion", func(s string, _ int) (string, dict) {
		return "/v1/completions", dict{"model": "tiny", "prompt": s, "suffix": s, "echo": false, "best_of": 1, "stop": s[:min(len(s), 20)]}
	}},
	{"completions of several prompts", func(s string, _ int) (string, dict) {
		return "/v1/completions", dict{"model": "tiny", "prompt": []any{s, s, "<script>"}}
	}},
	{"32,000 token ids", func(_ string, _ int) (string, dict) {
		return "/v1/completions", dict{"model": "tiny", "prompt": ids(32_000), "max_tokens": 1}
	}},
	{"token ids of several prompts", func(_ string, i int) (string, dict) {
		return "/v1/completions", dict{"model": "tiny", "prompt": [][]int{ids(900 + i), ids(1200)}}
	}},
	{"embeddings", func(s string, _ int) (string, dict) {
		return "/v1/embeddings", dict{"model": "tiny", "input": []any{s, s}, "encoding_format": "base64", "dimensions": 256}
	}},
	{"an embedding of token ids", func(s string, i int) (string, dict) {
		return "/v1/embeddings", dict{"model": "tiny", "input": [][]int{ids(2000), ids(i + 1)}, "user": "team-a"}
	}},
	{"a response", func(s string, _ int) (string, dict) {
		return "/v1/responses", dict{"model": "tiny", "input": s, "instructions": s, "stream": true, "reasoning": dict{"effort": "low", "summary": "auto"}, "include": []any{"reasoning.encrypted_content"}, "text": dict{"verbosity": "low", "format": dict{"type": "json_schema", "schema": dict{"description": s}}}}
	}},
	{"a response with items and tools", func(s string, i int) (string, dict) {
		return "/v1/responses", dict{"model": "tiny", "previous_response_id": "resp_abc", "truncation": "auto", "input": []any{
			user([]any{dict{"type": "input_text", "text": s}, dict{"type": "input_image", "image_url": "data:image/png;base64," + picture(uint64(i))}}),
			dict{"type": "reasoning", "id": "rs_1", "summary": []any{dict{"type": "summary_text", "text": s}}, "encrypted_content": picture(uint64(i) + 3000)},
			dict{"type": "function_call", "call_id": "call_1", "name": "exec", "arguments": s, "status": "completed"},
			dict{"type": "function_call_output", "call_id": "call_1", "output": s}, dict{"type": "custom_tool_call", "call_id": "c", "name": "sh", "input": s}},
			"tools": []any{dict{"type": "function", "name": "exec", "description": s, "parameters": dict{"properties": dict{"a": dict{"description": s}}}, "strict": true}}}
	}},
}

func TestHarmlessRequestsPass(t *testing.T) {
	all := texts(t)
	sent := 0
	for n := 0; sent < 600; n++ {
		shape := requests[n%len(requests)]
		s := all[n*7%len(all)]
		if n < 25*len(requests) {
			s = all[n/len(requests)] // the samples in every shape, then the sources
		}
		path, body := shape.make(s, n)
		r := post(path, clients[n%len(clients)], body)
		sent++
		refused, err := shared.check(r)
		if err != nil {
			t.Fatal(err)
		}
		if refused != nil {
			t.Errorf("%s from %s with %.60q: %d %s%v", shape.name, r.headers["user-agent"], s, refused.status, refused.reason, reasons(refused))
		}
	}
}

func reasons(refused *refusal) []string {
	said := []string{}
	if refused == nil {
		return said
	}
	for _, m := range refused.rules {
		if kinds := attackKinds(m.Rule().Tags()); len(kinds) > 0 {
			said = append(said, fmt.Sprintf("%d %s %v", m.Rule().ID(), m.Message(), m.Data()))
		}
	}
	return said
}

// attacks are values of the rule set's own cases in which its rules against injection must find something, wherever an
// argument is. Cases whose attack is not the value but the name are left out.
func attacks(t *testing.T) []string {
	name := regexp.MustCompile(`^[a-z_]+$`)
	found := []string{}
	for _, c := range regressions(t) {
		if c.rule < 932_000 || c.rule >= 944_000 || !slices.Contains(c.expect, c.rule) || !strings.HasPrefix(c.r.headers["content-type"], "application/x-www-form-urlencoded") {
			continue
		}
		form, err := url.ParseQuery(string(c.r.body))
		if err != nil || len(form) != 1 || len(c.r.body) > 2000 {
			continue
		}
		for key, values := range form {
			if name.MatchString(key) && len(values) == 1 && values[0] != "" && !plainWord.MatchString(values[0]) {
				found = append(found, values[0])
			}
		}
	}
	return found
}

func TestAttacksBesideThePromptAreDenied(t *testing.T) {
	places := []struct {
		name string
		put  func(attack string) request
	}{
		{"the model", func(a string) request {
			return post("/v1/chat/completions", clients[0], add(conversation(user("hi")), dict{"model": a}))
		}},
		{"the user", func(a string) request { return post("/v1/responses", clients[1], dict{"input": "hi", "user": a}) }},
		{"metadata", func(a string) request {
			return post("/v1/chat/completions", clients[2], add(conversation(user("hi")), dict{"metadata": dict{"k": a}}))
		}},
		{"a prompt of another endpoint", func(a string) request { return post("/v1/embeddings", clients[3], dict{"input": "hi", "prompt": a}) }},
		{"an unknown field of a message", func(a string) request {
			return post("/v1/chat/completions", clients[4], conversation(dict{"role": "user", "content": "hi", "input": a}))
		}},
		{"the name of a tool", func(a string) request {
			return post("/v1/chat/completions", clients[5], add(conversation(user("hi")), dict{"tools": []any{dict{"type": "function", "function": dict{"name": a}}}}))
		}},
		{"a message that is no object", func(a string) request { return post("/v1/chat/completions", clients[6], conversation(a)) }},
		{"the query", func(a string) request {
			return post("/v1/completions?q="+url.QueryEscape(a), clients[7], dict{"prompt": "hi"})
		}},
		{"a prompt on another path", func(a string) request {
			return post("/v1/files", clients[8], dict{"prompt": a, "messages": []any{user(a)}})
		}},
		{"a prompt under another case", func(a string) request {
			return post("/v1/completions", clients[9], dict{"Prompt": a, "prompt": "hi"})
		}},
	}
	all := attacks(t)
	if len(all) < 200 {
		t.Fatalf("%d attacks only", len(all))
	}
	for i, attack := range all {
		place := places[i%len(places)]
		refused, err := shared.check(place.put(attack))
		if err != nil {
			t.Fatal(err)
		}
		if refused == nil {
			t.Errorf("in %s passes: %.100q", place.name, attack)
		}
	}
}
