import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b}from"./chunk-SFUAKZCB.js";import"./chunk-KWJ4XS3O.js";import"./chunk-VSSWQ7TH.js";import"./chunk-IAJ6PB46.js";export{b as podProxyPermissions,a as proxyPods};
