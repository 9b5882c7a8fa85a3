import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b}from"./chunk-3S3A4LWR.js";import"./chunk-HLDIKA77.js";import"./chunk-WZPZFJX2.js";import"./chunk-VSSWQ7TH.js";import"./chunk-IAJ6PB46.js";export{b as podProxyPermissions,a as proxyPods};
