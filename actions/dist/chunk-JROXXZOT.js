import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
function a({file:r,line:e,column:n}){return[r,e,n].filter(o=>o!==void 0).join(":")}function i({message:r,at:e}){return e?`${a(e)}: ${r}`:r}var t=class extends Error{name="ConfigurationError";at;problems;constructor(e,n,o=[]){let l=[{message:e,at:n},...o];super(l.map(i).join(`
`)),this.at=n,this.problems=l}};export{a,t as b};
