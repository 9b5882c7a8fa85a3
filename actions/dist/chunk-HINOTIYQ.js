import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
import{a,b,c,d,e}from"./chunk-X2CG22OC.js";import"./chunk-HPIHOWSA.js";import"./chunk-VSSWQ7TH.js";import"./chunk-IAJ6PB46.js";export{a as UnknownLock,b as isLock,e as openUv,d as pinnedVersion,c as readLock};
