import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b}from"./chunk-WTGFVB3H.js";import"./chunk-4QS6JMZW.js";import"./chunk-Z3CB4M7A.js";import"./chunk-ALES26FK.js";import"./chunk-IAJ6PB46.js";export{b as podProxyPermissions,a as proxyPods};
