import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b}from"./chunk-PZS6MXUS.js";import"./chunk-MPQW34P5.js";import"./chunk-VSSWQ7TH.js";import"./chunk-IAJ6PB46.js";export{b as podProxyPermissions,a as proxyPods};
