import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
function o(t){let{entry:e}=t,r={pass:"\u2705",fail:"\u274C",inconclusive:"\u2754",skipped:"\u23ED\uFE0F"}[t.unchanged?"skipped":e.verdict],s=t.unchanged?"skipped":e.verdict,n=[`## ${r} ${t.stage}: ${s}`,"",t.unchanged?`${e.reason} Skipped: ${t.why}.`:e.reason,""],u=Object.entries(e.outputs);if(u.length>0){n.push("| output | value |","| --- | --- |");for(let[a,i]of u)n.push(`| ${a} | ${c(i)} |`);n.push("")}return t.summary&&n.push(t.summary,""),n.join(`
`)}function c(t){return`\`${t.replaceAll("|","\\|").replaceAll(`
`," ").replaceAll("`","'")}\``}function f(t,e=1048576){if(Buffer.byteLength(t)<e)return t;let r=`

_The rest of this summary is left out: GitHub takes at most 1 MiB. The evidence files hold all of it._
`,s=Buffer.from(t).subarray(0,e-Buffer.byteLength(r)-1),n=s.lastIndexOf(10);return s.subarray(0,Math.max(n,0)).toString("utf8")+r}export{o as a,f as b};
