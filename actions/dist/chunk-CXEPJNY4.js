import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
var e={chat:"/v1/chat/completions",completions:"/v1/completions",embeddings:"/v1/embeddings",responses:"/v1/responses",models:"/v1/models"},o=[e.chat,e.completions,e.embeddings,e.responses];export{e as a,o as b};
