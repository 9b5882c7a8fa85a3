import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{c as o}from"./chunk-E5Z646FS.js";async function n(e){try{return await e}catch(r){if(r instanceof o&&r.status===403)return;throw r}}export{n as a};
