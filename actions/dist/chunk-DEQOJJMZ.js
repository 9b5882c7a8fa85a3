import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;
function o(e){let{timeToFirstToken:t,interTokenLatency:n}=e.objectives,i=t.milliseconds+e.serving.contextLength*n.milliseconds;return Math.min(3600,60*Math.ceil(i/6e4))}export{o as a};
