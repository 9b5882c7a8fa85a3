import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b}from"./chunk-7MBZC3DA.js";import"./chunk-4QS6JMZW.js";import"./chunk-WZPZFJX2.js";import"./chunk-ALES26FK.js";import"./chunk-IAJ6PB46.js";export{b as podProxyPermissions,a as proxyPods};
