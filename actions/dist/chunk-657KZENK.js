import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
function a({message:n,at:e}){return e?`${[e.file,e.line,e.column].filter(r=>r!==void 0).join(":")}: ${n}`:n}var l=class extends Error{name="ConfigurationError";at;problems;constructor(e,r,i=[]){let o=[{message:e,at:r},...i];super(o.map(a).join(`
`)),this.at=r,this.problems=o}};export{l as a};
