package main

import "regexp"

// place says how the value at one place of a body is looked at. A place that no table names is inspected, name and value,
// with everything in it.
type place struct {
	// text for the model: never inspected, whatever is in it
	text bool
	// a string is text for the model; an object or an array follows fields and items
	stringIsText bool
	// a name that the client or the model chose, or an object of such: not inspected when it is a plain word
	word bool
	// with word: what a client writes for the books of whoever asks. A path of the machine that it works on is one more word, and so are those
	// in JSON in a text, as Codex describes itself
	notes  bool
	fields map[string]*place
	// of fields that are not named; they are inspected without it
	others *place
	items  *place
}

var (
	text = &place{text: true}
	word = &place{word: true}
)

var notes = func() *place {
	at := &place{word: true, notes: true}
	at.items = at
	return at
}()

// plainWord holds no blank, quote, bracket, slash or operator, so it is no code in any language, and begins like no hidden file. The rule
// set takes some for commands or functions all the same: base64 as the format of an embedding, base64_decode as the name of a tool.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9][\w.:-]{0,255}$`)

// plainPath is absolute and holds no blank, quote, bracket, variable or operator of a shell. The rule set takes /tmp/ and ~/.config for files that
// somebody is after.
var plainPath = regexp.MustCompile(`^(?:~?/|[A-Za-z]:[\\/])[\p{L}\p{N}_.@+-][\p{L}\p{N}_.~@+,\\/:-]{0,1000}$`)

// pathUpwards leads out of where it begins.
var pathUpwards = regexp.MustCompile(`(?:^|[\\/])\.\.(?:[\\/]|$)`)

// wordAlone is a plain word that is no name of a file either: also in a field that no table names it is not inspected.
var wordAlone = regexp.MustCompile(`^[A-Za-z0-9][\w-]{0,255}$`)

func object(fields map[string]*place) *place { return &place{fields: fields} }
func list(items *place) *place               { return &place{items: items} }

func merged(tables ...map[string]*place) map[string]*place {
	all := map[string]*place{}
	for _, table := range tables {
		for name, at := range table {
			all[name] = at
		}
	}
	return all
}

// A function as a model calls it, and what the SDKs of OpenAI add when they have read its arguments.
var call = object(map[string]*place{"name": word, "arguments": text, "parsed_arguments": text, "provider_specific_fields": text})

// A message of a conversation, sent or sent back: content as a string or as parts with images and audio, what the model
// thought, called, was answered and quoted. https://platform.openai.com/docs/api-reference/chat/create; reasoning is vLLM's name,
// reasoning_content its former one and DeepSeek's, thinking and images are Ollama's. Clients send a message back as they got it: parsed
// comes from the SDKs of OpenAI, provider_specific_fields from LiteLLM, extra_content from Gemini, citations and search_results from
// Perplexity, context from Azure.
var message = object(map[string]*place{
	"role": word, "name": word, "tool_call_id": word, "tool_name": word,
	"content": text, "refusal": text, "reasoning": text, "reasoning_content": text, "reasoning_details": text,
	"thinking": text, "thinking_blocks": text, "images": text, "annotations": text, "citations": text, "search_results": text,
	"context": text, "parsed": text, "provider_specific_fields": text, "extra_content": text,
	"audio":         object(map[string]*place{"id": word, "data": text, "transcript": text}),
	"function_call": call,
	"tool_calls": list(object(map[string]*place{
		"id": word, "type": word, "function": call, "provider_specific_fields": text, "extra_content": text,
		"custom": object(map[string]*place{"name": word, "input": text}),
	})),
})

// Where a shell runs, with the skills that the model reads of; whole ones lie in it as an archive.
var environment = object(map[string]*place{"skills": list(object(map[string]*place{
	"name": word, "description": text, "path": notes, "source": object(map[string]*place{"data": text}),
}))})

// A tool as Chat Completions (function, custom) or Responses (flat, or many in one namespace) describe it. Descriptions and schemas are
// read by the model; a chat template writes a function as a whole, so every field of it is. Addresses and credentials of tools that a
// server calls itself are not, and stay inspected.
var tool = func() *place {
	function := &place{fields: map[string]*place{"name": word}, others: text}
	described := map[string]*place{
		"name": word, "description": text, "parameters": text, "format": text, "server_description": text,
		"input_schema": text, "inputSchema": text, "annotations": text,
	}
	at := object(merged(described, map[string]*place{
		"type": word, "function": function, "custom": function,
		"input_image_mask": object(map[string]*place{"image_url": text}), "environment": environment,
	}))
	at.fields["tools"] = list(at)
	return at
}()

// Which tool the model must call, by name, in an object or in a list of those that are allowed.
var toolChoice = func() *place {
	choice := &place{word: true}
	choice.items = choice
	return choice
}()

// How likely tokens are, by their ids; llama.cpp also takes a list of texts with their numbers.
var bias = &place{word: true, items: text}

// What all endpoints that generate take: words and token ids that end or steer an answer, schemas and grammars that it must
// follow. guided_* and structured_outputs are vLLM's, grammar*, preserved_tokens, json_schema and dry_sequence_breakers llama.cpp's,
// regex, stop_regex and ebnf SGLang's, tool_prompt and guideline TGI's, documents vLLM's for retrieval, files and variables Open WebUI's.
// A chat template writes its arguments into the prompt; a template is a program, and stays inspected.
var generation = merged(named, map[string]*place{
	"tool_choice": toolChoice, "function_call": toolChoice,
	"dry_sequence_breakers": text, "regex": text, "stop_regex": text, "ebnf": text, "tool_prompt": text, "guideline": text,
	"stop": text, "logit_bias": bias, "bad_words": text, "response_format": text, "grammar": text, "grammar_triggers": text,
	"preserved_tokens": text, "json_schema": text, "guided_json": text, "guided_regex": text, "guided_choice": text,
	"guided_grammar": text, "guided_whitespace_pattern": text, "structured_outputs": text, "documents": text,
	"files": text, "variables": text, "chat_template_kwargs": templateArguments,
})

// What the answer will mostly be, for a model that edits; of completions it is Fireworks' name.
var prediction = object(map[string]*place{"type": word, "content": text})

var templateArguments = &place{fields: map[string]*place{"chat_template": nil}, others: text}

// What all endpoints take for the books of whoever asks; client_metadata is Codex's.
var named = map[string]*place{"model": word, "user": word, "metadata": notes, "client_metadata": notes}

// An item of the Responses API's input: a message, a call of a tool, what it answered, or reasoning.
// https://platform.openai.com/docs/api-reference/responses/create
var responseItem = object(map[string]*place{
	"type": word, "role": word, "name": word, "id": word, "call_id": word, "status": word, "namespace": word,
	"content": text, "text": text, "refusal": text, "summary": text, "encrypted_content": text,
	"arguments": text, "parsed_arguments": text, "input": text, "output": text, "action": text, "actions": text, "operation": text,
	"code": text, "outputs": text, "results": text, "queries": text, "result": text, "revised_prompt": text, "error": text, "reason": text,
	"pending_safety_checks": text, "acknowledged_safety_checks": text, "tools": list(tool), "environment": environment,
})

// Where the endpoints of the OpenAI API take text for the model. Everything else of a request is inspected: its URL, its
// headers, model, user, metadata and every field that is not here.
var endpoints = map[string]*place{
	"/v1/chat/completions": object(merged(generation, map[string]*place{
		"messages": list(message), "tools": list(tool), "functions": list(tool),
		"prediction": prediction,
	})),
	// a prompt is a string, strings, token ids, or lists of them
	"/v1/completions": object(merged(generation, map[string]*place{
		"prompt": text, "suffix": text, "prompt_embeds": text, "prediction": prediction,
	})),
	"/v1/embeddings": object(merged(named, map[string]*place{
		"input": text, "messages": list(message), "encoding_format": word, "chat_template_kwargs": templateArguments,
	})),
	// previous_input_messages is vLLM's
	"/v1/responses": object(merged(generation, map[string]*place{
		"input": {stringIsText: true, items: responseItem}, "instructions": text, "tools": list(tool), "previous_input_messages": text,
		"text":   object(map[string]*place{"format": text}),
		"prompt": object(map[string]*place{"id": word, "version": word, "variables": text}),
	})),
}
