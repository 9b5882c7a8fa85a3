import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a as e}from"./chunk-4HC3MOZR.js";async function i(t){let s=t.request("GET","/api/v1/namespaces/kube-system");return(await e(s))?.metadata.uid}export{i as a};
