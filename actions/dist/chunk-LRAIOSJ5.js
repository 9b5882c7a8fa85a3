import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
function u(t,r){let e=t?.trim();if(!e)return;let n=/^\d+$/.test(e)?Number(e):(Date.parse(e)-r)/1e3;return Number.isNaN(n)?void 0:Math.max(0,n)}export{u as a};
