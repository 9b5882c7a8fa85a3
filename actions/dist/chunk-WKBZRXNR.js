import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b,c,d,e}from"./chunk-VLS3HQO2.js";import"./chunk-KRRNX2OP.js";import"./chunk-ALES26FK.js";import"./chunk-IAJ6PB46.js";export{a as UnknownLock,b as isLock,e as openUv,d as pinnedVersion,c as readLock};
