console.log(process.version, import.meta.dirname);
